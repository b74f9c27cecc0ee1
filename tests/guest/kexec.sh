#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will replace the running kernel under I/O (kexec -e) by the same one once more, load the driver there, and find all that
# was written with a flush before. The test begins anew in the second kernel, and finds in the shared folder what the first one left.
#
# topology: kexec
# needs: fio kexec mkfs.ext4
# kernels: all
# timeout: 300
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

LEFT=$ONVME_SHARE/kexec
DISK=/dev/nvme0n1
# Blocks of 4 KiB from here on carry their number, one after the other, each with a flush.
FIRST=131072

block() { printf '%-4095s\n' "block $2 of $1"; } # TOKEN NUMBER

write_blocks() { # TOKEN
    local n
    for ((n = 0; n < 20000; n++)); do
        block "$1" $n | dd of=$DISK bs=4096 seek=$((FIRST + n)) iflag=fullblock conv=fsync,notrunc 2>/dev/null || return
        echo $n >"$LEFT/flushed"
    done
}

first_kernel() {
    local token=$RANDOM$RANDOM
    rm -rf "$LEFT"
    mkdir -p "$LEFT"
    echo $token >"$LEFT/token"
    # A file system on the first 256 MiB, blocks on their own behind 512, fio between.
    check "a file system" mkfs.ext4 -q -F $DISK 262144
    mkdir -p /mnt/kexec && mount $DISK /mnt/kexec || return
    dd if=/dev/urandom of=/mnt/kexec/file bs=64k count=64 conv=fsync 2>/dev/null
    sha256sum </mnt/kexec/file >"$LEFT/sum"
    fio --output=/dev/null --filename=$DISK --direct=1 --rw=randrw --bs=16k --iodepth=32 --ioengine=libaio --offset=256m --size=192m \
        --time_based --runtime=300 --name=noise &
    dd if=/dev/zero of=/mnt/kexec/more bs=64k count=3000 2>/dev/null &
    write_blocks $token &
    check "the next kernel is loaded" kexec -s -l "$ONVME_VMLINUZ" --initrd="$ONVME_INITRD" --command-line="$(</proc/cmdline) onvme_second"
    check "blocks are written" wait_for 60 test "$(cat "$LEFT/flushed" 2>/dev/null || echo 0)" -ge 0
    sleep 3
    [ "$KTAP_FAILED" -eq 0 ] || return
    cut -d' ' -f1 /proc/uptime >"$LEFT/uptime"
    kexec -e
    not_ok "kexec -e came back: $?"
}

# read_blocks TOKEN LAST: how many of them are not as they were written
read_blocks() {
    local n bad=0
    dd if=$DISK of=/tmp/blocks bs=4096 skip=$FIRST count=$(($2 + 1)) iflag=direct 2>/dev/null
    for ((n = 0; n <= $2; n++)); do
        block "$1" $n
    done | cmp -s - /tmp/blocks || bad=1
    echo $bad
}

second_kernel() {
    local token flushed
    token=$(cat "$LEFT/token") flushed=$(cat "$LEFT/flushed")
    diag "the first kernel ran for $(cat "$LEFT/uptime") s and had $((flushed + 1)) blocks flushed; this one has been up for $(cut -d' ' -f1 /proc/uptime) s"
    check "it was not the same kernel any more" grep -q onvme_second /proc/cmdline
    check "live" wait_for 20 live
    check "blocks had been flushed" test "$flushed" -ge 3
    check_is "flushed blocks that are lost" 0 "$(read_blocks "$token" "$flushed")"
    mkdir -p /mnt/kexec
    check "the file system is there" mount $DISK /mnt/kexec
    check_is "and the file" "$(cat "$LEFT/sum")" "$(sha256sum </mnt/kexec/file)"
    check "it can be written" dd if=/dev/urandom of=/mnt/kexec/new bs=64k count=16 conv=fsync
    check "it can be left" umount /mnt/kexec
    check "and is clean" fsck.ext4 -fn $DISK
    check "I/O" fio --output=/dev/null --filename=$DISK --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 --bs=4k --iodepth=16 \
        --ioengine=libaio --offset=256m --size=4m --name=after
    # From the first line of this kernel on, not only since the test began.
    check_is "faults of the IOMMU" 0 "$(dmesg | grep -cE 'DMAR: .*(fault|Fault)|DMAR:.*DMA (Read|Write)')"
    check_is "interrupts that nobody expected" 0 "$(dmesg | grep -cE 'nobody cared|No irq handler|spurious')"
    check_is "I/O errors" 0 "$(dmesg | grep -cE 'I/O error|Buffer I/O')"
    check_is "what the driver complains of" 0 "$(dmesg --level=err,warn 2>/dev/null | grep -cE 'o?nvme .*(gone|timeout|not ready|invalid id)')"
}

check "disk" wait_for 20 test -b $DISK
settle
if [ -e "$LEFT/uptime" ]; then
    second_kernel
else
    first_kernel
fi
ktap_finish
