# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0
#
# Whether memory stays where it was over many cycles, for guest tests that repeat something. A test sets MARKS to four numbers of
# cycles, calls snapshot at each, and judge at the end. A leak grows in each of the three spans, what caches and slabs do by
# themselves does not; so the smallest of the three is judged. Tolerances are for 30 cycles or more: 24 kB of kmalloc, less than a
# kilobyte a cycle, when the smallest thing the driver keeps for a controller is larger; page counts move in larger steps.
declare -A TOLERANCE=([kmalloc]=24 [slab_pages]=600 [percpu]=64 [missing]=1500)

meminfo() { awk -v key="$1:" '$1 == key { print $2 }' /proc/meminfo; }

# Bytes in use by kmalloc caches, not pages held by them: the sum moves only when something is kept. What lies in the slabs of the
# CPUs counts as used, tens of kilobytes more or less; to shrink a cache flushes those. The caches for what is charged to a process
# (cg: pipes, tables of files) and for what can be reclaimed (rcl: names) are not the driver's, and never still.
kmalloc_kb() {
    local cache
    for cache in /sys/kernel/slab/kmalloc-*/shrink; do
        [ ! -e "$cache" ] || echo 1 >"$cache"
    done
    awk '/^kmalloc-/ && !/^kmalloc-(cg|rcl)-/ { sum += $2 * $4 } END { print int(sum / 1024) }' /proc/slabinfo
}

# Pages that wait in the free lists of the CPUs are free, but MemAvailable leaves them out: tens of megabytes, more or less as it happens.
listed_kb() { awk -v page="$(($(getconf PAGESIZE) / 1024))" '$1 == "count:" { sum += $2 } END { print sum * page }' /proc/zoneinfo; }

# One line "KMALLOC SLAB PERCPU MISSING"; gives back first what is only cached, and lets freed RCU and per-CPU slabs come home.
snapshot() {
    sync
    echo 3 >/proc/sys/vm/drop_caches
    sleep 1
    echo "$(kmalloc_kb) $(meminfo SUnreclaim) $(meminfo Percpu) $(($(meminfo MemTotal) - $(meminfo MemAvailable) - $(listed_kb)))"
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

# What fails and forgets something forgets it each time. three_rounds COMMAND: a sum that has grown by as much as this in each of three
# rounds of it is a leak.
KMALLOC_KB=8
settled_kmalloc_kb() {
    echo 3 >/proc/sys/vm/drop_caches
    nap 1
    kmalloc_kb
}
three_rounds() {
    local round before now grown smallest=1000000
    before=$(settled_kmalloc_kb)
    for round in 1 2 3; do
        "$1"
        now=$(settled_kmalloc_kb)
        grown=$((now - before)) before=$now
        diag "round $round: kmalloc in use grew by $grown kB"
        [ "$grown" -ge "$smallest" ] || smallest=$grown
    done
    check "memory does not grow in every round" test "$smallest" -lt $KMALLOC_KB
}
