#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module, do I/O and unload it a hundred times, then unbind and bind the device a hundred times,
# and see that memory stays where it was and the kernel log stays clean.
#
# topology: cpu2
# needs: -
# kernels: all
# older: full
# timeout: 700
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/memory.sh

CYCLES=100
MARKS="10 40 70 100"

udev_off

touch_disk() {
    dd if=/dev/zero of=/dev/nvme0n1 bs=64k count=4 oflag=direct status=none && dd if=/dev/nvme0n1 of=/dev/null bs=64k count=4 iflag=direct status=none
}

load_cycle() {
    load && wait_for 20 test -b /dev/nvme0n1 && touch_disk && wait_for 10 unload && ! loaded && [ ! -e /dev/nvme0 ]
}

bind_cycle() {
    local dir
    dir=/sys/bus/pci/drivers/$(driver)
    echo "$pci" >"$dir/unbind" || return 1
    [ ! -e /dev/nvme0n1 ] || return 1
    echo "$pci" >"$dir/bind" && wait_for 20 test -b /dev/nvme0n1 && touch_disk
}

repeat() { # LABEL COMMAND
    local i started shots=''
    started=$(uptime_s)
    for ((i = 1; i <= CYCLES; i++)); do
        "$2" || { not_ok "$1: cycle $i" && dmesg | tail -n 5 && return; }
        case " $MARKS " in *" $i "*) shots+=$(snapshot)$'\n' ;; esac
    done
    ok "$1: $CYCLES cycles"
    diag "$(($(uptime_s) - started)) s"
    judge "$1" "${shots%$'\n'}"
}

repeat "insmod, I/O, rmmod" load_cycle
load && wait_for 20 test -b /dev/nvme0n1
pci=$(pci_of nvme0)
repeat "unbind, bind" bind_cycle
udev_on
unload
ktap_finish
