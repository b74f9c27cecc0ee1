# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Where the software controller is, inside the VM: by what it is, since the number of the bus behind a port is the firmware's choice.
software_function() {
    local id
    id=$(grep -lx 0x0110 /sys/bus/pci/devices/*/device | head -n 1)
    basename "$(dirname "${id:-0000:00:05.0/device}")"
}
