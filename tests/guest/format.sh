#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will format the namespace to another block size and back while it is read and written. Commands that were made for
# the old size may fail; none may hang, warn, or move data past its buffer, which the IOMMU would report.
#
# topology: iommu
# needs: fio nvme jq
# kernels: all
# timeout: 300
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/topology.sh

DEV=/dev/nvme0n1
wait_for 20 test -b $DEV
settle

block_is() { [ "$(cat /sys/block/nvme0n1/queue/logical_block_size)" -eq "$1" ]; }
format_number() { # LBADS
    nvme id-ns $DEV -o json | jq ".lbafs | to_entries[] | select(.value.ms == 0 and .value.ds == $1) | .key" | head -n 1
}

# Both see errors when the size of a block changes under them, and begin again.
reader() { while [ -e "$TMP/go" ]; do dd if=$DEV of=/dev/null bs="$1" count=64 iflag=direct status=none; done 2>/dev/null; }
writer() { while [ -e "$TMP/go" ]; do dd if=/dev/zero of=$DEV bs="$1" count=64 oflag=direct conv=nocreat,notrunc status=none; done 2>/dev/null; }
# One block of 512 bytes into the middle of memory: where the device takes it for 4096, seven more would follow.
small() {
    while [ -e "$TMP/go" ]; do
        fio --output=/dev/null --name=small --filename=$DEV --direct=1 --rw=randread --bs=512 --ioengine=libaio --iodepth=16 --thread \
            --size=16m --number_ios=2000 --continue_on_error=all
    done >/dev/null 2>&1
}

formats() {
    local lbaf4096 lbaf512 i
    lbaf4096=$(format_number 12) lbaf512=$(format_number 9)
    for i in 1 2; do
        check "format to 4096 under I/O ($i)" timeout 60 nvme format $DEV --lbaf="$lbaf4096" --force
        check "4096 bytes ($i)" wait_for 20 block_is 4096
        nap 1
        check "format to 512 under I/O ($i)" timeout 60 nvme format $DEV --lbaf="$lbaf512" --force
        check "512 bytes ($i)" wait_for 20 block_is 512
        nap 1
    done
    check "format to 4096 for the last time" timeout 60 nvme format $DEV --lbaf="$lbaf4096" --force
    check "4096 bytes" wait_for 20 block_is 4096
}

verified() { # BLOCK SIZE
    fio --output="$TMP/fio.json" --output-format=json --name=after --filename=$DEV --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 \
        --verify_state_save=0 --bssplit="$1/60:64k/40" --blockalign="$1" --size=8m --ioengine=io_uring --iodepth=16 --thread || return 1
    jq -e '.jobs[0] | .error == 0 and .write.total_ios > 50 and .read.total_ios >= .write.total_ios' "$TMP/fio.json"
}

iommu_is_on
: >"$TMP/go"
users=()
for size in 512 4k 64k; do reader $size & users+=($!); done
writer 4k & users+=($!)
writer 64k & users+=($!)
small & users+=($!)
formats
rm "$TMP/go"
check "every reader and writer ends" wait_for 60 ended "${users[@]}"
settle
check "live" live
check "fio --verify with blocks of 4096" verified 4096
check "format back" timeout 60 nvme format $DEV --lbaf="$(format_number 9)" --force
check "512 bytes again" wait_for 20 block_is 512
check "fio --verify with blocks of 512" verified 512
check_is "no transfer past its buffer (DMAR faults)" 0 "$(dmesg | grep -cE 'DMAR: .*[Ff]ault|DMAR: \[DMA')"
settle
ktap_finish
