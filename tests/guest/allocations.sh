#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will see that reads and writes of 4 KiB, one at a time, allocate nothing in the driver.
#
# topology: plain
# needs: fio
# kernels: all
# timeout: 240
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

TRACE=/sys/kernel/tracing
EVENTS='kmalloc kmalloc_node kmem_cache_alloc kmem_cache_alloc_node mm_page_alloc'
IOS=1000

wait_for 20 test -b /dev/nvme0n1 || not_ok "no disk"
settle
# It reads, in long pieces, what somebody has closed after writing.
udev_off
mountpoint -q $TRACE || mount -t tracefs none $TRACE

trigger() { # TEXT: for each of the events
    local event
    for event in $EVENTS; do
        [ ! -e "$TRACE/events/kmem/$event/trigger" ] || echo "$1" >"$TRACE/events/kmem/$event/trigger"
    done
}

# allocations OPTION...: runs fio and says how many allocations there were in the whole kernel, and how many that the driver asked for,
# however far up among the callers it is; what an interrupt allocates is not asked for by those whom it interrupts. The kernel counts by
# stacks; nothing is said unless all of them have found room.
allocations() {
    local event
    trigger 'hist:keys=stacktrace:size=8192'
    fio --output="$TMP/fio.out" --name=io --filename=/dev/nvme0n1 --direct=1 --ioengine=psync --thread --bs=4k --size=128m \
        --number_ios=$IOS "$@" || echo "fio fails"
    for event in $EVENTS; do cat "$TRACE/events/kmem/$event/hist" 2>/dev/null; done >"$TMP/hist"
    trigger '!hist:keys=stacktrace:size=8192'
    awk '/stacktrace:/ { driver = interrupted = 0; stack = "" }
        /asm_(common_interrupt|sysvec_)/ { interrupted = 1 }
        /onvme_/ && !interrupted { driver = 1 }
        { stack = stack $0 "\n" }
        /hitcount:/ { n = $0; sub(/.*hitcount: */, "", n); all += n; if (driver) { ours += n; printf "%s", stack > stacks } }
        /Dropped: [1-9]/ { dropped = 1 }
        END { if (!dropped) print all + 0, ours + 0 }' stacks="$TMP/stacks" "$TMP/hist"
}

# The other way round first, or nothing would be known of what the trace shows: a discard needs a list of its ranges.
read -r all ours <<<"$(allocations --rw=randtrim)"
check "discards allocate: seen $ours of $all" test "${ours:-0}" -ge $IOS
for rw in randread randwrite; do
    rm -f "$TMP/stacks"
    read -r all ours <<<"$(allocations --rw=$rw)"
    check "the kernel allocates for $IOS I/Os of 4 KiB, $rw: $all times" test "${all:-0}" -ge $IOS
    check_is "the driver, for these: never" 0 "$ours"
    [ ! -s "$TMP/stacks" ] || diag "$(cat "$TMP/stacks")"
done
udev_on
ktap_finish
