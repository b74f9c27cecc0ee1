#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will write and read data with gaps, in long pieces and in pages, with SGLs for what they are meant for, for everything and
# for nothing, see that all of it is right, and that data with gaps are one request where the controller takes SGLs.
#
# topology: plain
# needs: fio nvme jq
# kernels: all
# timeout: 600
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/topology.sh

GAPS=build/guest/gaps
Q=/sys/block/nvme0n1/queue

writes_done() { awk '{ print $5 }' /sys/block/nvme0n1/stat; }

# Sixteen pieces that start inside a page: how many requests that is
requests_of_gaps() {
    local before
    before=$(writes_done)
    "$GAPS" once /dev/nvme0n1 65536 16 4096 >&2 || return 1
    echo $(($(writes_done) - before))
}

verify() { # ENGINE OPTIONS...
    local engine=$1
    shift
    fio --output="$TMP/$engine.out" --name="$engine" --filename=/dev/nvme0n1 --direct=1 --rw=randrw --rwmixread=30 --ioengine="$engine" \
        --bssplit=4k/40:12k/10:32k/10:60k/10:64k/10:128k/10:1m/10 --blockalign=4k --verify=crc32c --verify_fatal=1 --verify_state_save=0 \
        --end_fsync=1 --thread "$@" && [ "$(fio_errors "$TMP/$engine.out")" -eq 0 ]
}

everything() { # PARAMETERS... what nobody may notice
    check "$*: fio --verify, psync" verify psync --size=12m --iomem_align=512
    check "$*: fio --verify, io_uring" verify io_uring --size=24m --offset=64m --iodepth=16 --iodepth_batch=8
    check "$*: fio --verify in one piece" verify libaio --size=16m --offset=128m --iodepth=4 --mem=shmhuge
    check "$*: pieces of all kinds" "$GAPS" hammer /dev/nvme0n1 6 3
    check "$*: scattered pages by passthrough" "$GAPS" pass /dev/nvme0n1 131072
    check_is "$*: nobody was told of an I/O error" "" "$(io_errors)"
}

start() { # PARAMETERS...
    check "loads with $*" load "$@"
    check "there is a disk" wait_for 20 test -b /dev/nvme0n1
    settle
}

echo 8 >/proc/sys/vm/nr_hugepages
start sgl_threshold=0
topology_in_effect
refuse "the controller announces no SGLs" test "$(($(nvme id-ctrl /dev/nvme0 -o json | jq .sgls) & 3))" -eq 0
check_is "no SGLs: gaps are split at" 4095 "$(cat $Q/virt_boundary_mask)"
check "no SGLs: many requests" test "$(requests_of_gaps)" -ge 16
everything sgl_threshold=0
unload || not_ok "does not unload"

for threshold in 32768 1 4294967295; do
    start "sgl_threshold=$threshold"
    check_is "$threshold: gaps are split at" 0 "$(cat $Q/virt_boundary_mask)"
    check_is "$threshold: requests of data with gaps" 1 "$(requests_of_gaps)"
    [ "$threshold" = 4294967295 ] || everything "sgl_threshold=$threshold"
    # What was set later does not concern this controller, not even after a reset.
    echo 0 >/sys/module/onvme/parameters/sgl_threshold
    check "$threshold: reset" sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller'
    check "$threshold: live" wait_for 20 live
    check_is "$threshold: requests of data with gaps after it" 1 "$(requests_of_gaps)"
    unload || not_ok "does not unload"
done
ktap_finish
