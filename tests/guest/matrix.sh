#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will write and read back data through bounce buffers in blocks of 512 and of 4096 bytes, once told to the controller by PRPs
# and once by SGLs. All formats, with and without an IOMMU, and polled: make test-matrix.
#
# topology: swiotlb
# needs: fio nvme jq
# kernels: 6.12
# timeout: 600
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/topology.sh
# shellcheck source=/dev/null
. tests/lib/matrix.sh

for threshold in 0 1; do
    matrix_start $threshold || continue
    check "in effect: bounce buffers" bounces
    matrix_in_effect $threshold
    for size in 4096 512; do
        matrix_formats | awk -v size=$size '$2 == size && $3 == 0' | head -n 1 >"$TMP/format"
        read -r index _ <"$TMP/format" || { not_ok "no format with blocks of $size" && continue; }
        matrix_format "$index" $size 0 0 || continue
        matrix_verify "sgl_threshold=$threshold, blocks of $size" $size irq
    done
    check_is "nobody was told of an I/O error" "" "$(io_errors)"
    settle
    unload || not_ok "does not unload"
done
ktap_finish
