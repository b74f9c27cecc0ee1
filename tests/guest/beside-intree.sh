#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module beside the in-tree driver: nothing may clash, each keeps its own device, and onvme-bind
# moves one over and back.
#
# topology: twoctrl
# needs: nvme
# kernels: all
# timeout: 300
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

A=0000:00:04.0 B=0000:00:05.0
bound_to() { basename "$(readlink "/sys/bus/pci/devices/$1/driver")"; }
is_bound() { [ "$(bound_to "$1")" = "$2" ]; }

modprobe nvme
wait_for 20 test -b /dev/nvme1n1
settle
log_mark
check "loads beside nvme" load
settle
check_is "one line says so" 1 "$(log_since | grep -cE 'onvme: .*(nvme_core|in-tree|beside)')"
check_is "$A stays with nvme" nvme "$(bound_to $A)"
check_is "$B stays with nvme" nvme "$(bound_to $B)"
check "classes of its own" test -d /sys/class/onvme -a -d /sys/class/onvme-subsystem
check "nvme keeps its nodes" test -b /dev/nvme0n1 -a -b /dev/nvme1n1

printf 'kept\n' | dd of=/dev/nvme1n1 bs=512 count=1 conv=sync oflag=direct status=none 2>/dev/null
check "onvme-bind takes $B" scripts/onvme-bind $B
check "$B goes to onvme" wait_for 20 is_bound $B onvme
check "its namespace is /dev/nvme128n1" wait_for 20 test -b /dev/nvme128n1
check "it is the second drive" grep -q ONVME0002 /sys/class/onvme/nvme128/serial
check "read through onvme" dd if=/dev/nvme128n1 of=/dev/null bs=64k count=16 iflag=direct status=none
check "nvme-cli on the node" nvme id-ctrl /dev/nvme128
check "$A still works with nvme" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct status=none
settle

mkfs.ext4 -q -F /dev/nvme128n1 && mkdir -p /mnt/held && mount /dev/nvme128n1 /mnt/held
refuse "onvme-bind --undo refuses a mounted disk" scripts/onvme-bind $B --undo
check_is "$B is still with onvme" onvme "$(bound_to $B)"
umount /mnt/held

mkswap -q /dev/nvme128n1 >/dev/null && swapon /dev/nvme128n1
refuse "onvme-bind --undo refuses swap" scripts/onvme-bind $B --undo
swapoff /dev/nvme128n1

exec 5</dev/nvme128n1
refuse "onvme-bind --undo refuses an open disk" scripts/onvme-bind $B --undo
exec 5<&-

settle
check "onvme-bind --undo gives $B back" scripts/onvme-bind $B --undo
check "$B goes to nvme" wait_for 20 is_bound $B nvme
check "no override is left" grep -qx '(null)' /sys/bus/pci/devices/$B/driver_override
check "nvme's node is back" wait_for 20 sh -c 'ls /dev/nvme[01]n1 | wc -l | grep -qx 2'

mkfs.ext4 -q -F /dev/nvme0n1 && mount /dev/nvme0n1 /mnt/held
refuse "onvme-bind refuses a mounted disk of nvme" scripts/onvme-bind $A
umount /mnt/held
refuse "onvme-bind refuses what is no NVMe device" scripts/onvme-bind 0000:00:00.0
refuse "onvme-bind refuses an address that is none" scripts/onvme-bind ../../etc
check "rmmod onvme" rmmod onvme
check "nvme does not mind" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct status=none
check_is "no error in the log" 0 "$(log_since | grep -ciE 'duplicate|sysfs: cannot|already (in use|registered)|error')"
settle
modprobe -r nvme
ktap_finish
