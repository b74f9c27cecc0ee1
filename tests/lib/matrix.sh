# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Data that are written and read back in each format of a namespace, with each way of telling the controller where they are, and with
# each way of learning that they have arrived. For guest tests, behind guest.sh; the machine brings the fourth dimension, how an address
# of memory becomes one of the bus.

MATRIX_FILTER=onvme_map_list

# What the controller offers: lines "INDEX BLOCK-SIZE METADATA-BYTES"
matrix_formats() {
    nvme id-ns /dev/nvme0 -n 1 -o json | jq -r '.lbafs | to_entries[] | select(.value.ds >= 9) |
        "\(.key) \(pow(2; .value.ds)) \(.value.ms)"'
}

matrix_disk_is() { # BLOCK-SIZE
    [ -b /dev/nvme0n1 ] && [ "$(cat /sys/block/nvme0n1/queue/logical_block_size)" -eq "$1" ] && [ "$(cat /sys/block/nvme0n1/size)" -gt 0 ]
}

# matrix_format INDEX BLOCK-SIZE METADATA PI: 1: there is no disk afterwards, as the format is for other users
matrix_format() {
    local out
    out=$(timeout 60 nvme format /dev/nvme0 -n 1 --lbaf="$1" --pi="$4" --ms=0 --force 2>&1) || { not_ok "format $1 pi $4" && diag "$out" && return 1; }
    if [ "$3" -eq 0 ]; then
        wait_for 20 matrix_disk_is "$2" || { not_ok "no disk with blocks of $2" && return 1; }
    else
        nap 1
        matrix_disk_is "$2" || { skip "blocks of $2, $3 of metadata, protection $4" "no disk with this format" && return 1; }
    fi
    settle
}

matrix_interrupts() { awk '/ nvme0q[1-9]/ { for (i = 2; $i ~ /^[0-9]+$/; i++) n += $i } END { print n + 0 }' /proc/interrupts; }

# Buffers of single pages, and in one piece, at once. Everything that was written is read once more, and nothing has failed.
matrix_fio() { # BLOCK-SIZE OPTION...
    local block=$1
    shift
    timeout 120 fio --output="$TMP/fio.json" --output-format=json --filename=/dev/nvme0n1 --direct=1 --rw=randwrite --verify=crc32c \
        --verify_fatal=1 --verify_state_save=0 --blockalign="$block" --bssplit="$block/20:8k/20:12k/20:64k/30:256k/10" --size=2m \
        --ioengine=io_uring --iodepth=8 --group_reporting=0 --thread "$@" \
        --name=pages --offset=0 --name=piece --offset=8m --mem=shmhuge || { tail -n 20 "$TMP/fio.json" && return 1; }
    jq -r '.jobs[] | "\(.jobname) \(.error + .total_err) \(.write.total_ios) \(.read.total_ios) \(.write.io_bytes)"' "$TMP/fio.json" \
        >"$TMP/jobs" || return 1
    cat "$TMP/jobs"
    [ "$(wc -l <"$TMP/jobs")" -eq 2 ] && awk '$2 != 0 || $3 < 20 || $4 < $3 || $5 < 2097152 { exit 1 }' "$TMP/jobs"
}

matrix_verify() { # NAME BLOCK-SIZE irq|poll
    local before
    before=$(matrix_interrupts)
    if [ "$3" = poll ]; then
        check "$1, polled" matrix_fio "$2" --hipri=1
        # Some go the usual way: a transfer that is cut in two is not polled for.
        diag "$(($(matrix_interrupts) - before)) interrupts"
    else
        check "$1, interrupts" matrix_fio "$2"
        check "$1: they came" test "$(matrix_interrupts)" -gt "$before"
    fi
}

# Of polling, that without transfers that are cut in two no interrupt comes.
matrix_is_polled() {
    local before
    before=$(matrix_interrupts)
    fio --output=/dev/null --name=polled --filename=/dev/nvme0n1 --direct=1 --rw=randread --bs=4k --number_ios=500 --size=16m \
        --ioengine=io_uring --hipri=1 --iodepth=4 --thread || return 1
    before=$(($(matrix_interrupts) - before))
    echo "$before interrupts for 500 reads"
    [ "$before" -lt 100 ]
}

# How often the driver made a list of addresses for reads of memory in one piece: always for PRPs, never for SGLs.
matrix_lists() {
    local t=/sys/kernel/tracing n
    echo $MATRIX_FILTER >$t/set_ftrace_filter || return 1
    echo >$t/trace
    echo function >$t/current_tracer
    fio --output=/dev/null --name=piece --filename=/dev/nvme0n1 --direct=1 --rw=read --bs=64k --number_ios=32 --size=16m --ioengine=psync \
        --mem=shmhuge
    n=$(grep -c " $MATRIX_FILTER <-" $t/trace)
    echo nop >$t/current_tracer
    echo >$t/set_ftrace_filter
    echo "$n"
}

matrix_start() { # SGL_THRESHOLD
    check "loads with sgl_threshold=$1" load sgl_threshold="$1" poll_queues=1
    wait_for 20 test -b /dev/nvme0n1 || { not_ok "no disk" && return 1; }
    echo 8 >/proc/sys/vm/nr_hugepages
    settle
}

# Which of both is in effect, by what becomes of 64 KiB in one piece.
matrix_in_effect() { # SGL_THRESHOLD
    local lists
    lists=$(matrix_lists)
    if [ "$1" -eq 0 ]; then
        check "in effect: PRPs ($lists lists for 32 reads)" test "$lists" -ge 32
    else
        check_is "in effect: SGLs (lists)" 0 "$lists"
    fi
}
