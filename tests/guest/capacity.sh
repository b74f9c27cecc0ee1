#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will change a namespace while it is in use (another block size, partitions, read-only) and detach and attach
# one, and see the disk follow.
#
# topology: cpu2, nsmgmt
# needs: nvme
# kernels: all
# timeout: 90
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
size_is() { [ "$(blockdev --getsize64 "${2:-$DEV}")" -eq "$1" ]; }
no_disk() { [ ! -b $DEV ] || size_is 0; }
block_is() { [ "$(cat /sys/block/nvme0n1/queue/logical_block_size)" -eq "$1" ]; }

# QEMU offers 512 and 4096 bytes, each with and without metadata; look up the number of the format by what it says.
format_number() { # LBADS
    nvme id-ns $DEV -o json | jq ".lbafs | to_entries[] | select(.value.ms == 0 and .value.ds == $1) | .key" | head -n 1
}

other_block_size() {
    local bytes
    bytes=$(blockdev --getsize64 $DEV)
    check "512 bytes at first" block_is 512
    check "format to 4096" nvme format $DEV --lbaf="$(format_number 12)" --force
    # format itself rescans; the rescan command must do no harm on top
    check "rescan" nvme ns-rescan /dev/nvme0
    check "4096 bytes now" wait_for 10 block_is 4096
    check_is "same size in bytes" "$bytes" "$(blockdev --getsize64 $DEV)"
    check "a block of 4096 bytes is written" dd if=/dev/urandom of=$DEV bs=4096 count=8 oflag=direct status=none
    refuse "512 bytes are refused now" dd if=$DEV of=/dev/null bs=512 count=1 iflag=direct
    check "reset does not bring the old format back" nvme reset /dev/nvme0
    check "live" wait_for 10 live
    check "still 4096" wait_for 10 block_is 4096
    check "format back" nvme format $DEV --lbaf="$(format_number 9)" --force
    check "512 again" wait_for 10 block_is 512
    check "512 bytes are read" dd if=$DEV of=/dev/null bs=512 count=1 iflag=direct status=none
}

to_metadata_and_back() {
    local with_meta
    with_meta=$(nvme id-ns $DEV -o json | jq '.lbafs | to_entries[] | select(.value.ms == 8 and .value.ds == 9) | .key' | head -n 1)
    [ -n "$with_meta" ] || { skip "format with metadata" "the device has none" && return; }
    # nvme-cli sets the block size of the disk afterwards, which is gone by then: only what it says about the format counts
    check "format to extended blocks of 512+8" grep -q 'Success formatting' <(nvme format $DEV --lbaf="$with_meta" --ms=1 --force 2>&1)
    check "the disk is gone, or has no capacity any more" wait_for 10 no_disk
    check "format back" nvme format /dev/nvme0 --namespace-id=1 --lbaf="$(nvme id-ns /dev/nvme0 -n 1 -o json |
        jq '.lbafs | to_entries[] | select(.value.ms == 0 and .value.ds == 9) | .key' | head -n 1)" --ms=0 --force
    check "the capacity is back" wait_for 10 size_is $((1 << 30))
    check "and can be read" dd if=$DEV of=/dev/null bs=64k count=4 iflag=direct status=none
}

partitions() {
    check "make partitions" sfdisk -q $DEV <<<$'label: gpt\nsize=16M\nsize=16M'
    check "they appear" wait_for 10 test -b ${DEV}p2
    check "I/O on one" dd if=/dev/zero of=${DEV}p2 bs=64k count=4 oflag=direct status=none
    check "reset" nvme reset /dev/nvme0
    check "live" wait_for 10 live
    check "they are still there" test -b ${DEV}p1 -a -b ${DEV}p2
    settle
    check "unload" wait_for 10 unload
    check "load" load_and_wait nvme0n1
    check "they appear by themselves" wait_for 10 test -b ${DEV}p2
    settle
    check "remove them" sfdisk -q --delete $DEV
    check "they disappear" wait_for 10 not test -e ${DEV}p1
}

read_only() {
    check "set read-only" blockdev --setro $DEV
    refuse "writing is refused" dd if=/dev/zero of=$DEV bs=4k count=1 oflag=direct
    check "reading works" dd if=$DEV of=/dev/null bs=4k count=1 iflag=direct status=none
    check "a rescan keeps it" nvme ns-rescan /dev/nvme0
    settle
    check_is "read-only after the rescan" 1 "$(blockdev --getro $DEV)"
    check "set read-write" blockdev --setrw $DEV
    check "writing works" dd if=/dev/zero of=$DEV bs=4k count=1 oflag=direct status=none
}

# QEMU tells of the change by an asynchronous event; the rescan command is the second chance of a driver that missed it.
attach_detach() {
    local i
    check "the second namespace is not attached" not test -e /dev/nvme0n2
    for i in 1 2 3; do
        check "attach ($i)" nvme attach-ns /dev/nvme0 --namespace-id=2 --controllers=0
        check "it appears by itself" wait_for 10 test -b /dev/nvme0n2
        check "it can be read" dd if=/dev/nvme0n2 of=/dev/null bs=64k count=4 iflag=direct status=none
        settle
        check "detach ($i)" nvme detach-ns /dev/nvme0 --namespace-id=2 --controllers=0
        check "it disappears by itself" wait_for 10 not test -e /dev/nvme0n2
    done
    check "attach under I/O on the other" nvme attach-ns /dev/nvme0 --namespace-id=2 --controllers=0
    wait_for 10 test -b /dev/nvme0n2
    dd if=/dev/nvme0n2 of=/dev/null bs=4k iflag=direct status=none 2>/dev/null &
    local reader=$!
    check "detach while it is read" nvme detach-ns /dev/nvme0 --namespace-id=2 --controllers=0
    check "the reader ends" wait_for 20 not kill -0 $reader
    check "the node goes" wait_for 20 not test -e /dev/nvme0n2
    check "the other namespace works" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=4 iflag=direct status=none
    check "rescan" nvme ns-rescan /dev/nvme0
    check_is "namespaces" /dev/nvme0n1 "$(namespaces)"
}

wait_for 20 test -b $DEV
settle
case $ONVME_TOPOLOGY in
nsmgmt) attach_detach ;;
*)
    other_block_size
    to_metadata_and_back
    partitions
    read_only
    ;;
esac
settle
ktap_finish
