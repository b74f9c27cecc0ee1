#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will write and read back data in every format that the namespace can have, told to the controller by PRPs, by SGLs, and as the
# default decides, polled for and by interrupts. For tests/matrix/run, which has a machine for each kind of address on the bus.
#
# topology: cpu2, iommu, swiotlb
# needs: fio nvme jq
# timeout: 1500
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/topology.sh
# shellcheck source=/dev/null
. tests/lib/matrix.sh

all_formats() { # SGL_THRESHOLD
    local index size meta pi usable=0
    while read -r index size meta; do
        for pi in 0 1; do
            [ $pi -eq 0 ] || [ "$meta" -ge 8 ] || continue
            matrix_format "$index" "$size" "$meta" $pi || continue
            usable=$((usable + 1))
            for way in irq poll; do
                matrix_verify "sgl_threshold=$1, blocks of $size, metadata $meta, protection $pi" "$size" $way
            done
        done
    done <"$TMP/formats"
    check "there are formats for disks ($usable)" test $usable -ge 2
}

for threshold in 0 1 32768; do
    matrix_start $threshold || continue
    case $ONVME_TOPOLOGY in
    iommu) iommu_is_on ;;
    swiotlb) check "in effect: bounce buffers" bounces ;;
    *) refuse "in effect: no bounce buffers" bounces ;;
    esac
    matrix_in_effect $threshold
    check "in effect: polled" matrix_is_polled
    matrix_formats >"$TMP/formats"
    all_formats $threshold
    check_is "nobody was told of an I/O error" "" "$(io_errors)"
    check_is "no transfer past its buffer (DMAR faults)" 0 "$(log_since | grep -cE 'DMAR: .*[Ff]ault|DMAR: \[DMA')"
    settle
    unload || not_ok "does not unload"
done
ktap_finish
