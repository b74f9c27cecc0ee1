#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module, do I/O and unload it a hundred times, then unbind and bind the device a hundred times,
# and see that memory stays where it was and the kernel log stays clean.
#
# topology: cpu2
# needs: -
# kernels: all
# timeout: 700
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

CYCLES=100
# Memory is looked at after cycles 10, 40, 70 and 100. A leak grows in each of the three spans, what caches and slabs do by
# themselves does not; so the smallest of the three is judged. Tolerance for 30 cycles: 24 kB of kmalloc, less than a kilobyte a
# cycle, when the smallest thing the driver keeps for a controller is larger; page counts move in larger steps.
MARKS="10 40 70 100"
declare -A TOLERANCE=([kmalloc]=24 [slab_pages]=600 [percpu]=64 [missing]=1500)

udev_off

meminfo() { awk -v key="$1:" '$1 == key { print $2 }' /proc/meminfo; }

# Bytes in use by kmalloc caches, not pages held by them: the sum moves only when something is kept.
kmalloc_kb() { awk '/^kmalloc-/ { sum += $2 * $4 } END { print int(sum / 1024) }' /proc/slabinfo; }

# Pages that wait in the free lists of the CPUs are free, but MemAvailable leaves them out: tens of megabytes, more or less as it happens.
listed_kb() { awk -v page="$(($(getconf PAGESIZE) / 1024))" '$1 == "count:" { sum += $2 } END { print sum * page }' /proc/zoneinfo; }

# One line "KMALLOC SLAB PERCPU MISSING"; gives back first what is only cached, and lets freed RCU and per-CPU slabs come home.
snapshot() {
    sync
    echo 3 >/proc/sys/vm/drop_caches
    sleep 1
    echo "$(kmalloc_kb) $(meminfo SUnreclaim) $(meminfo Percpu) $(($(meminfo MemTotal) - $(meminfo MemAvailable) - $(listed_kb)))"
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

judge() { # LABEL SNAPSHOTS
    local names=(kmalloc slab_pages percpu missing) i
    for i in 0 1 2 3; do
        local series smallest
        series=$(awk -v n=$((i + 1)) '{ printf "%s ", $n }' <<<"$2")
        smallest=$(awk '{ s = $2 - $1; for (i = 3; i <= NF; i++) if ($i - $(i - 1) < s) s = $i - $(i - 1); print s }' <<<"$series")
        diag "${names[i]} in kB after cycles $MARKS: $series"
        check "$1: ${names[i]} does not grow all the time" test "$smallest" -lt "${TOLERANCE[${names[i]}]}"
    done
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
