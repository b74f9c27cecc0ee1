#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module beside the in-tree driver: nothing may clash, each keeps its own device, and onvme-bind
# moves one over and back.
#
# topology: twoctrl
# needs: nvme
# kernels: all
# timeout: 400
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

A=0000:00:04.0 B=0000:00:05.0
bound_to() { basename "$(readlink "/sys/bus/pci/devices/$1/driver")"; }
# bind_refuses WHAT WORDS ARGUMENT...: fails, and says why; a failure for any other reason would protect nothing.
bind_refuses() {
    local what=$1 words=$2 said rc=0
    shift 2
    said=$(scripts/onvme-bind "$@" 2>&1) || rc=$?
    check_is "onvme-bind refuses $what" 1 $rc
    check "and says so: $words" grep -qE "^onvme-bind: .*$words" <<<"$said"
    [ $rc -eq 1 ] || diag "$said"
}
is_bound() { [ "$(bound_to "$1")" = "$2" ]; }

# nvme numbers its controllers as their probes begin, which is in no order.
disk_of() { find "/sys/bus/pci/devices/$1/nvme/" -mindepth 2 -maxdepth 2 -name 'nvme*n*' -printf '%f\n' | head -n 1; }
has_disk() { [ -b "/dev/$(disk_of "$1")" ]; }

modprobe nvme
wait_for 20 has_disk $A
wait_for 20 has_disk $B
settle
log_mark
check "loads beside nvme" load
settle
check_is "one line says so" 1 "$(log_since | grep -cE 'onvme: .*(nvme_core|in-tree|beside)')"
check_is "$A stays with nvme" nvme "$(bound_to $A)"
check_is "$B stays with nvme" nvme "$(bound_to $B)"
check "classes of its own" test -d /sys/class/onvme -a -d /sys/class/onvme-subsystem
check "nvme keeps its nodes" test -b /dev/nvme0n1 -a -b /dev/nvme1n1

printf 'kept\n' | dd of="/dev/$(disk_of $B)" bs=512 count=1 conv=sync oflag=direct status=none 2>/dev/null
check "onvme-bind takes $B" scripts/onvme-bind $B
check "$B goes to onvme" wait_for 20 is_bound $B onvme
check "its namespace is /dev/nvme128n1" wait_for 20 test -b /dev/nvme128n1
check "it is the second drive" grep -q ONVME0002 /sys/class/onvme/nvme128/serial
check "read through onvme" dd if=/dev/nvme128n1 of=/dev/null bs=64k count=16 iflag=direct status=none
check "nvme-cli on the node" nvme id-ctrl /dev/nvme128
check "$A still works with nvme" dd if="/dev/$(disk_of $A)" of=/dev/null bs=64k count=16 iflag=direct status=none
settle

mkfs.ext4 -q -F /dev/nvme128n1 && mkdir -p /mnt/held && mount /dev/nvme128n1 /mnt/held
bind_refuses "a mounted disk, with --undo" 'nvme128n1 is mounted: not touching it' $B --undo
check_is "$B is still with onvme" onvme "$(bound_to $B)"
umount /mnt/held

mkswap -q /dev/nvme128n1 >/dev/null && swapon /dev/nvme128n1
bind_refuses "swap, with --undo" 'nvme128n1 is used for swap: not touching it' $B --undo
swapoff /dev/nvme128n1

exec 5</dev/nvme128n1
bind_refuses "an open disk, with --undo" "nvme128n1 is open in process $$ \\(bash\\): not touching it" $B --undo
exec 5<&-

# Held by another block device, of which nobody has anything open.
if ! command -v dmsetup >/dev/null; then
    skip "onvme-bind refuses a disk that is held" "no dmsetup"
elif ! modprobe dm-mod 2>/dev/null && ! grep -q device-mapper /proc/devices; then
    skip "onvme-bind refuses a disk that is held" "this kernel has no device mapper"
else
    check "a linear map on it" dmsetup create --noudevsync held --table '0 2048 linear /dev/nvme128n1 0'
    bind_refuses "a disk that is held, with --undo" 'nvme128n1 is held by dm-[0-9]+: not touching it' $B --undo
    settle
    check "the map goes" wait_for 10 dmsetup remove --noudevsync held
fi

settle
check "onvme-bind --undo gives $B back" scripts/onvme-bind $B --undo
check "$B goes to nvme" wait_for 20 is_bound $B nvme
check "no override is left" grep -qx '(null)' /sys/bus/pci/devices/$B/driver_override
check "nvme's node is back" wait_for 20 sh -c 'ls /dev/nvme[01]n1 | wc -l | grep -qx 2'

disk=$(disk_of $A)
mkfs.ext4 -q -F "/dev/$disk" && mount "/dev/$disk" /mnt/held
bind_refuses "a mounted disk of nvme" "$A: $disk is mounted: not touching it" $A
umount /mnt/held
check_is "$A is still with nvme" nvme "$(bound_to $A)"
bind_refuses "what is no NVMe device" '0000:00:00.0 is no NVMe controller \(class 0x060000\)' 0000:00:00.0
bind_refuses "an address without a device" '0000:00:1e.7: no such PCI device' 0000:00:1e.7
bind_refuses "an address that is none" '../../etc is no PCI address' ../../etc
check "rmmod onvme" rmmod onvme
check "nvme does not mind" dd if="/dev/$(disk_of $A)" of=/dev/null bs=64k count=16 iflag=direct status=none
check_is "no error in the log" 0 "$(log_since | grep -v device-mapper | grep -ciE 'duplicate|sysfs: cannot|already (in use|registered)|error')"
settle
modprobe -r nvme
ktap_finish
