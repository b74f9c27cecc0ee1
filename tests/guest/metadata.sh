#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will do I/O to namespaces with metadata and protection information of each kind: what is written is read back, by this
# driver and by the kernel's own; what does not belong to its protection information is an error and never data.
#
# topology: meta
# needs: fio nvme jq mkfs.ext4
# kernels: 6.12
# timeout: 1500
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

# nsid: metadata, type of protection information, where it stands, bits of its guard, bytes of a block
KIND=('' "8 type 1" "8 type 2 first 4096" "8 type 3" "16 type 1 64-bit" "64 none" "8 none extended" "64 type 1 first" "64 type 1 last"
    "8 type 1 extended" "16 type 3 64-bit 4096")
DRIVEN="1 2 3 4 5 7 8 9 10" # there is no way to drive 6
PURE="1 2 3 4 9 10"         # protection information is all there is: the controller can make and strip it
CHECKED="1 2 3 4 7 8 9 10"  # it has some
BUFFERED="1 2 3 4 5 7 8 10"  # the block layer gives requests a buffer

# In make test some of them have to do; make test-matrix runs this with all, behind an IOMMU and with bounce buffers.
some() { # NSID...
    local n
    for n in "$@"; do case $ONVME_TOPOLOGY:$n in meta:[3589] | meta:10) ;; *) echo "$n" ;; esac; done | xargs
}
# shellcheck disable=SC2086 # they are words
DRIVEN=$(some $DRIVEN) PURE=$(some $PURE) CHECKED=$(some $CHECKED) BUFFERED=$(some $BUFFERED)

# The block layer of 6.1 makes none that is not first, and the kernel's own driver wrote none: nobody may check it.
[ "$ONVME_KERNEL" != 6.1 ] || CHECKED=${CHECKED/ 8/}

disk_of() { # NSID
    local d
    for d in /sys/block/nvme0n*; do
        [ "$(cat "$d/nsid" 2>/dev/null)" != "$1" ] || { echo "${d##*/}" && return; }
    done
    return 1
}
dev_of() { echo "/dev/$(disk_of "$1")"; }
all_there() {
    local n
    for n in $DRIVEN; do [ -b "$(dev_of "$n")" ] && [ "$(blockdev --getsize64 "$(dev_of "$n")")" -gt 0 ] || return 1; done
}

# ---- what both drivers say ----
attributes() { # NSID
    (cd "/sys/block/$(disk_of "$1")" && grep -H . integrity/* size queue/max_integrity_segments metadata_bytes 2>/dev/null)
}
collect() { # FOLDER
    local n
    mkdir -p "$1"
    for n in $DRIVEN; do attributes "$n" >"$1/$n"; done
}
# That of other kernels has one segment here, or fifteen; the attribute metadata_bytes is younger than 6.1.
compare() { # NSID
    diff <(grep -vE '^(queue/max_integrity_segments|metadata_bytes):' "$TMP/intree/$1") <(grep -vE '^(queue/max_integrity_segments|metadata_bytes):' "$TMP/onvme/$1")
}

# ---- what is on the disks ----
SPAN=$((4 << 20))
pattern() { openssl enc -aes-128-ctr -K "$(printf '%032x' "$1")" -iv 00 -nosalt </dev/zero 2>/dev/null | head -c $SPAN; }
leave() { pattern "$1$2" | dd of="$(dev_of "$1")" bs=256k iflag=fullblock oflag=direct conv=notrunc status=none; } # NSID GENERATION
# Of blocks that nobody wrote the emulator knows it by pages of its file: beside others they have metadata of zeroes, which are an
# error. So all that is read is written before.
fill() {
    dd if=/dev/zero of="$(dev_of "$1")" bs=1M seek=4 count=24 oflag=direct conv=notrunc status=none || return 1
    # tools look at the end of a disk, too
    dd if=/dev/zero of="$(dev_of "$1")" bs=1M seek=$(($(blockdev --getsize64 "$(dev_of "$1")") / 1048576 - 1)) oflag=direct conv=notrunc status=none 2>/dev/null
    return 0
}
find_again() { [ "$(dd if="$(dev_of "$1")" bs=256k count=$((SPAN / 262144)) iflag=direct status=none | sha256sum)" = "$(pattern "$1$2" | sha256sum)" ]; }

verified() { # DEVICE WAY OFFSET
    local block how
    block=$(blockdev --getss "$1")
    case $2 in
    direct) how="--direct=1 --ioengine=io_uring --iodepth=16 --iodepth_batch=8" ;;
    cached) how="--direct=0 --ioengine=psync --invalidate=1" ;;
    esac
    # shellcheck disable=SC2086 # two words each
    fio --output="$TMP/fio.json" --output-format=json --name="$2" --filename="$1" $how --rw=randrw --rwmixread=30 --verify=crc32c --verify_fatal=1 \
        --verify_state_save=0 --bssplit="$block/20:4k/40:12k/10:64k/10:256k/10:512k/10" --blockalign="$block" --offset="$3" --size=2m --thread \
        --end_fsync=1 || { tail -n 20 "$TMP/fio.json" && return 1; }
    jq -e '.jobs[0] | .error == 0 and .write.total_ios > 7 and .read.total_ios >= .write.total_ios' "$TMP/fio.json"
}

# ---- what is wrong ----
block_of() { blockdev --getss "$(dev_of "$1")"; }
ms_of() { cat "/sys/block/$(disk_of "$1")/metadata_bytes" 2>/dev/null || echo "${KIND[$1]%% *}"; }
# The error must be the one of protection information, and not one byte of the block come with it. The block was not read before.
refused() { # NSID BLOCK [FLAG]
    local size rc=0
    size=$(block_of "$1")
    dd if="$(dev_of "$1")" of="$TMP/got" bs="$size" skip="$2" count=1 ${3:+iflag=$3} 2>"$TMP/err" || rc=$?
    cat "$TMP/err"
    [ $rc -ne 0 ] && [ ! -s "$TMP/got" ] && { [ "${3:-}" != direct ] || grep -qE 'Invalid or incomplete multibyte' "$TMP/err"; }
}
raw_read() { nvme read "$(dev_of "$1")" -s "$2" -c 0 -z "$(block_of "$1")" -d "$TMP/data" -y "$(ms_of "$1")" -M "$TMP/meta" -p 0; }
raw_write() { nvme write "$(dev_of "$1")" -s "$2" -c 0 -z "$(block_of "$1")" -d "$TMP/data" -y "$(ms_of "$1")" -M "$TMP/meta" -p 0; }
other_data() { dd if=/dev/urandom of="$TMP/data" bs="$(block_of "$1")" count=1 status=none; }

# Blocks 30000 and up of 512 bytes, 3000 and up of 4096: nothing else is there.
wrong_guard() { # NSID
    local at=30000
    [ "$(block_of "$1")" -eq 512 ] || at=3000
    dd if=/dev/urandom of="$(dev_of "$1")" bs="$(block_of "$1")" seek=$at count=4 oflag=direct conv=notrunc status=none
    check "nsid $1: the block is read with its metadata" raw_read "$1" $at
    other_data "$1"
    check "nsid $1: other data are written with them, unchecked" raw_write "$1" $at
    check "nsid $1: that block is an error, directly" refused "$1" $at direct
    check "nsid $1: and by the page cache" refused "$1" $at
    check "nsid $1: what is beside it is not" dd if="$(dev_of "$1")" of=/dev/null bs="$(block_of "$1")" skip=$((at + 1)) count=1 iflag=direct status=none
    # a block with the guard that belongs to it, in another place
    check "nsid $1: a sound block is read with its metadata" raw_read "$1" $((at + 1))
    check "nsid $1: and written in another place, unchecked" raw_write "$1" $((at + 2))
    case ${KIND[$1]} in
    *"type 3"*) check "nsid $1: without a reference tag nobody minds" dd if="$(dev_of "$1")" of=/dev/null bs="$(block_of "$1")" skip=$((at + 2)) count=1 iflag=direct status=none ;;
    *) check "nsid $1: the reference tag gives it away" refused "$1" $((at + 2)) direct ;;
    esac
    check "nsid $1: written anew it is sound" dd if=/dev/zero of="$(dev_of "$1")" bs="$(block_of "$1")" seek=$at count=4 oflag=direct conv=notrunc status=none
    check "nsid $1: and read" dd if="$(dev_of "$1")" of=/dev/null bs="$(block_of "$1")" skip=$at count=4 iflag=direct status=none
}

switch() { echo "$2" >"/sys/block/$(disk_of "$1")/integrity/read_verify" && echo "$2" >"/sys/block/$(disk_of "$1")/integrity/write_generate"; }
# What the controller cannot make, older kernels leave out, and there is no I/O. From 6.16 on the block layer brings a buffer all the
# same, of zeroes, and asks nobody to check it.
without_maker() { # NSID
    local read=(dd if="$(dev_of "$1")" of=/dev/null bs=4k count=1 iflag=direct status=none)
    local write=(dd if=/dev/zero of="$(dev_of "$1")" bs=4k count=1 oflag=direct conv=notrunc status=none)
    case $ONVME_KERNEL in
    6.1 | 6.12 | debug)
        refuse "nsid $1: metadata that nobody can make are no I/O" "${read[@]}"
        refuse "nsid $1: nor are they written" "${write[@]}"
        ;;
    *)
        check "nsid $1: what the controller cannot make comes in a buffer, unchecked" "${read[@]}"
        check "nsid $1: and goes in one" "${write[@]}"
        ;;
    esac
}

# Without a buffer the controller makes and checks protection information, where that is all there is.
unbuffered() { # NSID
    local at=2000
    [ "$(block_of "$1")" -eq 512 ] || at=1000
    check "nsid $1: the block layer is told to keep out" switch "$1" 0
    if [[ " $PURE " == *" $1 "* ]]; then
        check "nsid $1: I/O goes on" verified "$(dev_of "$1")" direct $((12 << 20))
        check "nsid $1: the block is read with its metadata" raw_read "$1" $at
        other_data "$1"
        check "nsid $1: other data are written with them, unchecked" raw_write "$1" $at
        check "nsid $1: the controller finds out" refused "$1" $at direct
        dd if=/dev/zero of="$(dev_of "$1")" bs="$(block_of "$1")" seek=$at count=1 oflag=direct conv=notrunc status=none
    else
        without_maker "$1"
    fi
    check "nsid $1: and to come back" switch "$1" 1
    check "nsid $1: which it does" verified "$(dev_of "$1")" direct $((12 << 20))
}

zeroes() { # NSID
    local dev
    dev=$(dev_of "$1")
    check "nsid $1: zeroes are written" blkdiscard -f -z -o $((4 << 20)) -l $((1 << 20)) "$dev"
    check "nsid $1: and read" cmp -n $((1 << 20)) -i $((4 << 20)):0 "$dev" /dev/zero
    check "nsid $1: blocks are discarded" blkdiscard -f -o $((6 << 20)) -l $((1 << 20)) "$dev"
    check "nsid $1: and written" dd if=/dev/zero of="$dev" bs=1M seek=6 count=1 oflag=direct conv=notrunc status=none
    check "nsid $1: and read" dd if="$dev" of=/dev/null bs=64k skip=96 count=16 iflag=direct status=none
}

# A partition that does not begin at 0: reference tags are those of the disk.
filesystem() { # NSID
    local dev part sum
    dev=$(dev_of "$1") part=${dev}p1
    check "nsid $1: make a partition" sfdisk -q "$dev" <<<$'label: gpt\nstart=3M, size=24M'
    check "nsid $1: it appears" wait_for 10 test -b "$part"
    settle
    check "nsid $1: mkfs" mkfs.ext4 -q -E nodiscard -O metadata_csum "$part"
    mkdir -p "$TMP/mnt"
    check "nsid $1: mount" mount "$part" "$TMP/mnt"
    pattern "$1" | head -c $((3 << 20)) >"$TMP/mnt/file"
    sum=$(pattern "$1" | head -c $((3 << 20)) | sha256sum)
    check "nsid $1: umount" umount "$TMP/mnt"
    check "nsid $1: fsck" e2fsck -fn "$part"
    check "nsid $1: mount again" mount "$part" "$TMP/mnt"
    check_is "nsid $1: the file is what was written" "$sum" "$(sha256sum <"$TMP/mnt/file")"
    check "nsid $1: umount again" umount "$TMP/mnt"
    check "nsid $1: remove the partition" sfdisk -q --delete "$dev"
    settle
}

format_number() { # DEVICE MS
    nvme id-ns "$1" -o json | jq ".lbafs | to_entries[] | select(.value.ms == $2 and .value.ds == 9) | .key" | head -n 1
}
format_is() { [ "$(cat "/sys/block/$(disk_of 1)/integrity/format")" = "$1" ]; }
has_meta() { [ "$(cat "/sys/block/$(disk_of 1)/metadata_bytes")" -eq "$1" ]; }
formats() {
    local dev i
    dev=$(dev_of 1)
    front() { dd if=/dev/zero of="$dev" bs=1M count=4 oflag=direct conv=notrunc status=none; }
    for i in 1 2; do
        check "format to blocks without metadata ($i)" nvme format "$dev" --lbaf="$(format_number "$dev" 0)" --ms=0 --pi=0 --force
        check "they have none ($i)" wait_for 10 has_meta 0
        check "nothing is registered ($i)" format_is none
        check "I/O ($i)" verified "$dev" direct 0
        check "format back ($i)" nvme format "$dev" --lbaf="$(format_number "$dev" 8)" --ms=0 --pi=1 --force
        check "they have metadata ($i)" wait_for 10 has_meta 8
        check "which are protection information ($i)" format_is T10-DIF-TYPE1-CRC
        check "all of them is written ($i)" front
        check "I/O with them ($i)" verified "$dev" direct 0
    done
    check "format to metadata of 64 bytes without" nvme format "$dev" --lbaf="$(format_number "$dev" 64)" --ms=0 --pi=0 --force
    check "they are there" wait_for 10 has_meta 64
    check "nobody knows what they are" format_is nop
    check "I/O with those" verified "$dev" cached 0
    check "format back for the last time" nvme format "$dev" --lbaf="$(format_number "$dev" 8)" --ms=0 --pi=1 --force
    check "protection information again" wait_for 10 format_is T10-DIF-TYPE1-CRC
}

# There, what makes it is a module; without that one this one does with what the controller makes.
without_module() {
    rmmod t10_pi 2>/dev/null
    check "the module t10-pi is not there" not loaded t10_pi
    check "onvme loads without" insmod "$ONVME_KO"
    check "disks are there without" wait_for 20 all_there
    settle
    for n in $DRIVEN; do
        check "nsid $n: without the module, what was written is read" find_again "$n" 3
        check "nsid $n: without the module, I/O is verified" verified "$(dev_of "$n")" direct $((8 << 20))
    done
    check_is "nothing is registered where the controller strips" none "$(<"/sys/block/$(disk_of 1)/integrity/format")"
    for n in 1 2 4 7; do wrong_guard "$n"; done
    for n in $DRIVEN; do leave "$n" 4; done
    check "unload without" wait_for 10 unload
    check "in-tree nvme loads to see what was made" modprobe nvme
    check "its disks are back once more" wait_for 20 all_there
    settle
    for n in $DRIVEN; do check "nsid $n: the in-tree driver reads what the controller made" find_again "$n" 4; done
    check "in-tree nvme unloads once more" modprobe -r nvme
}

# Commands that a reset sweeps away are built again.
resets() {
    local dev i pid
    for n in 2 7; do
        dev=$(dev_of "$n")
        fio --output="$TMP/fio.out" --name=reset --filename="$dev" --direct=1 --ioengine=libaio --iodepth=32 --rw=randrw --verify=crc32c \
            --verify_fatal=1 --verify_state_save=0 --bssplit="4k/50:64k/30:512k/20" --offset=20m --size=8m --loops=1000 --thread \
            >/dev/null 2>&1 &
        pid=$!
        for i in 1 2; do
            sleep 0.7
            check "nsid $n: reset under I/O ($i)" nvme reset /dev/nvme0
            wait_for 10 live
        done
        fio_finishes $pid 60
    done
}

dmar_faults() { dmesg | grep -cE 'DMAR: .*[Ff]ault|DMAR: \[DMA'; }

udev_off # it would look at a disk each time that somebody has written to it
check "in-tree nvme loads" modprobe nvme
check "its disks are there" wait_for 20 all_there
settle
collect "$TMP/intree"
for n in $DRIVEN; do check "in-tree writes to nsid $n (${KIND[$n]})" leave "$n" 1; done
check "in-tree nvme unloads" modprobe -r nvme
faults=$(dmar_faults)

load || { not_ok "onvme loads" && ktap_finish; }
check "disks are there" wait_for 20 all_there
settle
collect "$TMP/onvme"
for n in $DRIVEN; do
    check "nsid $n (${KIND[$n]}): the attributes are those of the in-tree driver" compare "$n"
    check_is "nsid $n: bytes of metadata" "${KIND[$n]%% *}" "$(<"/sys/block/$(disk_of "$n")/metadata_bytes")"
    check "nsid $n: what the in-tree driver wrote is read" find_again "$n" 1
    check "nsid $n: the pattern is written" leave "$n" 2
    check "nsid $n: so is what is behind" fill "$n"
done
check "that something was compared" grep -q 'integrity/format:T10-DIF-TYPE1-CRC' "$TMP/intree/1"
check "and something else" grep -q 'integrity/format:EXT-DIF-TYPE1-CRC64' "$TMP/intree/4"
check "a format that cannot be driven has no disk" not disk_of 6
check "but a node, whose blocks have 520 bytes" nvme read /dev/ng0n6 -s 0 -c 0 -z 520 -d "$TMP/data"
for n in $DRIVEN; do
    check "nsid $n: direct I/O is verified" verified "$(dev_of "$n")" direct $((8 << 20))
    check "nsid $n: the page cache is verified" verified "$(dev_of "$n")" cached $((16 << 20))
done
for n in $CHECKED; do [ "$n" = 9 ] || wrong_guard "$n"; done
for n in $BUFFERED; do unbuffered "$n"; done
# The emulator's 64-bit guard of zeroes is that of 4096 of them, whatever the size of a block (NVM Command Set has that value as an
# example): blocks of 512 bytes that it zeroes by itself are an error to everybody, to mkfs as well.
for n in $DRIVEN; do [ "$n" = 4 ] || zeroes "$n"; done
filesystem 2
[[ " $DRIVEN " != *' 10 '* ]] || filesystem 10
resets
for n in $DRIVEN; do leave "$n" 3; done
check "unload" wait_for 10 unload
faults=$(($(dmar_faults) - faults))
check_is "no transfer past a buffer (DMAR faults)" 0 "$faults"

check "in-tree nvme loads again" modprobe nvme
check "its disks are back" wait_for 20 all_there
settle
for n in $DRIVEN; do check "nsid $n: the in-tree driver reads what was written" find_again "$n" 3; done
check "in-tree nvme unloads again" modprobe -r nvme
[ "$ONVME_KERNEL" != 6.1 ] || without_module
modprobe t10-pi 2>/dev/null # in-tree nvme took it along
check "onvme loads for formats" load
check "its disks are there again" wait_for 20 all_there
settle
formats
settle
check "unload at last" wait_for 10 unload
udev_on
ktap_finish
