#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module, do I/O and unload it a hundred times, then unbind and bind the device a hundred times,
# and see that memory stays where it was and the kernel log stays clean.
#
# topology: plain
# needs: -
# kernels: all
# timeout: 400
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

CYCLES=100
# What may be missing at the end: less than a kilobyte a cycle. The smallest thing the driver keeps for a controller is larger, and
# the pages that the slabs themselves keep in hand come and go by some hundred kilobytes.
SLAB_KB=90 SYSTEM_KB=4096 PERCPU_KB=256

# udev would hold the new node open for a moment each time; what it does is shown by other tests.
udevadm control --stop-exec-queue 2>/dev/null

meminfo() { awk -v key="$1:" '$1 == key { print $2 }' /proc/meminfo; }

# Bytes in use by kmalloc caches, not pages held by them: the sum moves only when something is kept.
kmalloc_kb() { awk '/^kmalloc-/ { sum += $2 * $4 } END { print int(sum / 1024) }' /proc/slabinfo; }

snapshot() { # sets MEM_*: give back what is only cached, and let freed RCU and per-CPU slabs come home
    sync
    echo 3 >/proc/sys/vm/drop_caches
    sleep 1
    MEM_KMALLOC=$(kmalloc_kb) MEM_AVAILABLE=$(meminfo MemAvailable) MEM_UNRECLAIM=$(meminfo SUnreclaim) MEM_PERCPU=$(meminfo Percpu)
}

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

compare() { # WHAT BEFORE AFTER TOLERANCE
    diag "$1: $2 kB after cycle 10, $3 kB after cycle $CYCLES"
    check "$label: $1 grew by less than $4 kB" test $(($3 - $2)) -lt "$4"
}

repeat() { # LABEL COMMAND
    local i started
    label=$1 started=$(uptime_s)
    for ((i = 1; i <= CYCLES; i++)); do
        "$2" || { not_ok "$label: cycle $i" && dmesg | tail -n 5 && return; }
        if [ "$i" -eq 10 ]; then
            snapshot
            local kmalloc=$MEM_KMALLOC available=$MEM_AVAILABLE unreclaim=$MEM_UNRECLAIM percpu=$MEM_PERCPU
        fi
    done
    ok "$label: $CYCLES cycles"
    diag "$(($(uptime_s) - started)) s"
    snapshot
    compare "kmalloc in use" "$kmalloc" "$MEM_KMALLOC" "$SLAB_KB"
    compare "slab pages" "$unreclaim" "$MEM_UNRECLAIM" "$SYSTEM_KB"
    compare "per-CPU memory" "$percpu" "$MEM_PERCPU" "$PERCPU_KB"
    # The other way round: available memory must not shrink.
    compare "memory missing" "$((-available))" "$((-MEM_AVAILABLE))" "$SYSTEM_KB"
}

repeat "insmod, I/O, rmmod" load_cycle
load && wait_for 20 test -b /dev/nvme0n1
pci=$(pci_of nvme0)
repeat "unbind, bind" bind_cycle
udevadm control --start-exec-queue 2>/dev/null
unload
ktap_finish
