#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will take the device away under I/O, with an open handle and with a mounted file system, by unplugging, by
# sysfs remove and by unbind; and will make it stop to answer.
#
# topology: rootport
# needs: fio
# kernels: all
# timeout: 300
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
gone() { [ ! -e /dev/nvme0 ] && [ ! -e $DEV ]; }

start_fio() {
    fio --output=/dev/null --filename=$DEV --direct=1 --rw=randrw --bs=4k --iodepth=16 --ioengine=libaio --size=64m \
        --time_based --runtime=60 --thread --numjobs=2 --name=load >/dev/null 2>&1 &
    fio_pid=$!
    wait_for 10 busy
}
busy() { [ "$(awk '{ print $1 + $5 }' /sys/block/nvme0n1/stat)" -gt "${1:-500}" ]; }

back() { # PCI rescan and what follows it
    echo 1 >/sys/bus/pci/rescan
    wait_for 20 test -b $DEV && wait_for 10 live && dd if=$DEV of=/dev/null bs=64k count=8 iflag=direct status=none
}

after_loss() { # LABEL
    check "$1: the nodes vanish" wait_for 30 gone
    check "$1: fio ends" wait_for 30 ended "$fio_pid"
    wait "$fio_pid" 2>/dev/null
}

by_unbind() {
    start_fio
    pci=$(pci_of)
    echo "$pci" >"/sys/bus/pci/drivers/$(driver)/unbind"
    after_loss unbind
    echo "$pci" >"/sys/bus/pci/drivers/$(driver)/bind"
    check "unbind: bound again" wait_for 20 test -b $DEV
}

by_remove() {
    start_fio
    exec 5<$DEV
    echo 1 >"/sys/class/nvme/nvme0/device/remove"
    after_loss remove
    # End of file and an error are both honest; data would not be.
    check_is "remove: bytes that the open handle still reads" 0 "$(timeout 10 dd bs=4k count=1 status=none <&5 2>/dev/null | wc -c)"
    exec 5<&-
    check "remove: found again" back
}

by_remove_mounted() {
    mkdir -p /mnt/fs
    mkfs.ext4 -q -F $DEV && mount $DEV /mnt/fs && cp -r /usr/include/linux /mnt/fs/
    (cd /mnt/fs && sleep 30) & local sitter=$!
    # Synchronous: on 6.1 a buffered writer stays in balance_dirty_pages for ever once ext4 has shut itself down, with any driver.
    dd if=/dev/zero of=/mnt/fs/writer bs=64k count=100000 oflag=dsync status=none 2>/dev/null & local writer=$!
    sleep 1
    exec 6<$DEV
    timeout 60 sh -c 'echo 1 >/sys/class/nvme/nvme0/device/remove'
    check "mounted: remove came back" test ! -e /sys/class/nvme/nvme0
    check "mounted: the nodes vanish" wait_for 30 gone
    check "mounted: the writer ends" wait_for 60 not kill -0 $writer
    refuse "mounted: a new file cannot be synced" sh -c 'echo x >/mnt/fs/new && sync /mnt/fs/new'
    exec 6<&-
    kill $sitter
    wait 2>/dev/null
    check "mounted: umount ends" timeout 60 umount /mnt/fs
    check "mounted: found again" back
    check "mounted: fsck repairs it" sh -c "fsck.ext4 -fy $DEV >/dev/null 2>&1; fsck.ext4 -fn $DEV"
}

plug() {
    monitor "device_add nvme,id=nvme0,serial=ONVME0001,drive=ns1,bus=port0" >"$TMP/monitor"
    ! grep -iE 'error|not found' "$TMP/monitor"
}

by_unplug() {
    start_fio
    monitor "device_del nvme0" >"$TMP/monitor" || { not_ok "unplug: no monitor" && return; }
    after_loss unplug
    check "unplug: the slot is free" wait_for 20 plug
    check "unplug: plugged in again" wait_for 30 test -b $DEV
    check "unplug: and read" dd if=$DEV of=/dev/null bs=64k count=8 iflag=direct status=none
}

# Memory decoding off: nothing answers, as with a device that has forgotten its configuration. It gets that back.
by_silence() {
    start_fio
    pci=$(pci_of)
    started=$(uptime_s)
    setpci -s "$pci" COMMAND=0000:0002
    echo 1 >/sys/class/nvme/nvme0/reset_controller 2>/dev/null
    check "silence: live again within 30 s" wait_for 30 live
    diag "after $(($(uptime_s) - started)) s"
    check "silence: fio goes on" kill -0 "$fio_pid"
    kill -INT "$fio_pid"
    wait "$fio_pid"
    rc=$?
    check "silence: fio ends without an error (exit $rc)" test "$rc" -eq 0 -o "$rc" -eq 128
}

check "loads" load_and_wait nvme0n1
by_unbind
by_remove
by_remove_mounted
by_silence
check "rmmod after silence" timeout 60 rmmod "$(driver)"
check "loads again" load_and_wait nvme0n1
by_unplug
check "rmmod" timeout 60 rmmod "$(driver)"
ktap_finish
