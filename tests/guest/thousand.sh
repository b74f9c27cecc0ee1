#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will see 1,024 namespaces come and go, with their names by NSID, in a time that it reports beside that of the in-tree
# driver, and the memory given back.
#
# topology: -
# full: many
# needs: setpci
# kernels: 6.12
# timeout: 500
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/memory.sh
# shellcheck source=/dev/null
. tests/lib/software.sh

SICK=$(software_function)
violations() { echo $((0x$(setpci -s "$SICK" F4.L))); }
now_ms() { date +%s%3N; }
disks() { find /sys/block -maxdepth 1 -name 'nvme0n*' | wc -l; }
all_there() { [ "$(disks)" -eq 1024 ]; }
misnamed() {
    local d n=0 nsid
    for d in /sys/block/nvme0n*; do
        read -r nsid <"$d/nsid"
        [ "$nsid" = "${d##*nvme0n}" ] || n=$((n + 1))
    done
    echo "$n"
}

# cycle DRIVER: sets TOOK, milliseconds until all are there, and GONE, until none is
cycle() {
    # shellcheck disable=SC2034 # load and unload go by it
    local ONVME_MODULE=$1 began
    began=$(now_ms)
    check "$1 loads" load
    check "1,024 namespaces with $1" wait_for 120 all_there
    TOOK=$(($(now_ms) - began))
    [ "$1" = intree ] || check_is "names that are not of the NSID" 0 "$(misnamed)"
    [ "$1" = intree ] || check_is "generic nodes" 1024 "$(find /dev -maxdepth 1 -name 'ng0n*' | wc -l)"
    began=$(now_ms)
    check "$1 unloads" unload
    GONE=$(($(now_ms) - began))
    check_is "left of them" 0 "$(disks)"
}

udev_off # what it makes of two thousand nodes is not of interest
cycle auto
diag "the first time: $TOOK ms until all were there, $GONE ms until none was"
before=$(snapshot)
cycle auto
diag "onvme: $TOOK ms until all were there, $GONE ms until none was"
own=$TOOK
diag "kmalloc, slab pages, percpu, missing, in kB, after one and two cycles: $before; $(snapshot)"
check "memory is given back" test $(($(kmalloc_kb) - ${before%% *})) -lt 1024
cycle intree
diag "in-tree: $TOOK ms until all were there, $GONE ms until none was"
diag "onvme took $((100 * own / TOOK)) % of its time"
check_is "rules that a driver broke" 0 "$(violations)"
udev_on
ktap_finish
