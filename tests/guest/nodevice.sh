#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will meet devices without a usable namespace and devices that are no NVMe controllers: one clear line, no block
# device, administration where possible, and a clean rmmod.
#
# topology: nons, metaext, wrongdev
# needs: nvme
# kernels: all
# timeout: 150
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

check_admin_only() {
    log_mark
    check "loads" load
    check "the controller node appears" wait_for 20 test -c /dev/nvme0
    check "state live" wait_for 10 live
    settle
    check "id-ctrl works" nvme id-ctrl /dev/nvme0
    check "rescan works" nvme ns-rescan /dev/nvme0
    check "reset works" nvme reset /dev/nvme0
    check "state live again" wait_for 10 live
}

no_namespace() {
    check_admin_only
    check_is "block devices" "" "$(namespaces)"
    check "rmmod" unload
}

# The in-tree driver keeps such a namespace as a disk of size 0; no way to put a file system on it is what counts.
unusable_format() {
    check_admin_only
    check_is "block devices with a size" "" "$(for n in $(namespaces); do [ "$(blockdev --getsize64 "$n")" -eq 0 ] || echo "$n"; done)"
    check_is "one line names the namespace" 1 "$(log_since | grep -cE 'nvme nvme0:.*(nsid|namespace) 1.*(format|metadata)')"
    check "id-ns works" nvme id-ns /dev/nvme0 --namespace-id=1
    check "rmmod" unload
}

gave_up() { log_since | grep -E "onvme $1:" | grep -qv 'enabling device'; }

# driver_override forces the driver on a device of another class.
wrong_device() { # ADDRESS
    log_mark
    echo onvme >"/sys/bus/pci/devices/$1/driver_override"
    echo "$1" >/sys/bus/pci/drivers_probe 2>/dev/null
    settle
    check "probe gave up with a line" wait_for 30 gave_up "$1"
    check "not bound" wait_for 60 not test -e "/sys/bus/pci/devices/$1/driver"
    # Beside the two lines that every device gets and the one that names the step: the cause, once.
    check_is "lines that say why" 1 "$(log_since | grep -E "onvme $1|nvme nvme[1-9]" |
        grep -cvE 'enabling device|pci function|bring-up failed')"
    echo >"/sys/bus/pci/devices/$1/driver_override"
}

case $ONVME_TOPOLOGY in
nons) no_namespace ;;
metaext) unusable_format ;;
wrongdev)
    check "loads" load
    check "the real device works" wait_for 20 test -b /dev/nvme0n1
    wrong_device 0000:00:06.0
    wrong_device 0000:00:07.0
    check "the real device still works" dd if=/dev/nvme0n1 of=/dev/null bs=4k count=8 iflag=direct status=none
    check_is "other controllers" nvme0 "$(ls /sys/class/nvme)"
    settle
    check "rmmod" unload
    ;;
esac
ktap_finish
