#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will write a random mix of small and large blocks on every namespace, through three ways into the kernel at once,
# and read it all back with checksums.
#
# topology: plain, block4k, ns4, cpu1, ioq1, msix1, intx, mdts1, mdts0, swiotlb, iommu
# needs: fio jq
# kernels: all, 7.2/plain
# timeout: 180
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/topology.sh

wait_for 20 test -b /dev/nvme0n1
settle

# From one logical block to 1 MiB, so that one command, a page list and several commands all happen.
sizes() { # LOGICAL BLOCK
    if [ "$1" -eq 512 ]; then echo "512/20:1k/10:4k/25:12k/10:16k/10:60k/5:128k/10:512k/5:1m/5"; else echo "4k/40:12k/20:16k/10:60k/5:128k/10:512k/10:1m/5"; fi
}

# Of each job: no error, something written, and more read than the mix alone asks for (three reads to seven writes), since
# each block that was written is read back once more.
really_verified() { # FILE
    jq -r '.jobs[] | "\(.jobname) \(.error + .total_err) \(.write.total_ios) \(.read.total_ios) \(.write.io_bytes)"' "$1" >"$TMP/jobs" || return 1
    cat "$TMP/jobs"
    [ "$(wc -l <"$TMP/jobs")" -eq 3 ] && awk '$2 != 0 || $3 < 20 || $4 < $3 || $5 < 1048576 { exit 1 }' "$TMP/jobs"
}

# psync gets buffers that are not page aligned, io_uring and libaio hand over batches.
verify_namespace() { # DEVICE
    local block part
    block=$(blockdev --getss "$1")
    part=$(($(blockdev --getsize64 "$1") / 4))
    [ "$part" -le $((24 << 20)) ] || part=$((24 << 20))
    fio --output="$TMP/fio.json" --output-format=json --filename="$1" --direct=1 --rw=randrw --rwmixread=30 --verify=crc32c \
        --verify_fatal=1 --verify_state_save=0 --bssplit="$(sizes "$block")" --blockalign="$block" --size="$part" --end_fsync=1 --group_reporting=0 --thread \
        --name=psync --ioengine=psync --offset=0 --iomem_align=512 \
        --name=libaio --ioengine=libaio --iodepth=16 --iodepth_batch=8 --offset=$((part)) \
        --name=uring --ioengine=io_uring --iodepth=32 --iodepth_batch=8 --iodepth_batch_complete_max=16 --offset=$((part * 2)) ||
        { tail -n 20 "$TMP/fio.json" && return 1; }
    really_verified "$TMP/fio.json"
}

# Memory in one piece: a command of one segment, beyond what PRP entries in the command can say.
verify_huge() { # DEVICE
    local block
    block=$(blockdev --getss "$1")
    fio --output="$TMP/huge.out" --name=huge --filename="$1" --direct=1 --rw=randrw --rwmixread=30 --verify=crc32c --verify_fatal=1 \
        --verify_state_save=0 --bssplit="$block/10:12k/10:28k/10:32k/20:64k/20:132k/20:512k/10" --blockalign="$block" --size=24m \
        --end_fsync=1 --thread --mem=shmhuge --ioengine=libaio --iodepth=4 && [ "$(fio_errors "$TMP/huge.out")" -eq 0 ]
}

topology_in_effect
for dev in $(namespaces); do
    check "fio --verify on ${dev##*/}, blocks of $(blockdev --getss "$dev")" verify_namespace "$dev"
done
case $ONVME_TOPOLOGY in
plain | block4k | iommu | swiotlb)
    echo 8 >/proc/sys/vm/nr_hugepages
    check "fio --verify with memory in one piece" verify_huge /dev/nvme0n1
    ;;
esac
check_is "number of namespaces" "$(case $ONVME_TOPOLOGY in ns4) echo 4 ;; *) echo 1 ;; esac)" "$(namespaces | wc -l)"
ktap_finish
