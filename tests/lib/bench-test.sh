#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will run the parts of tests/bench on numbers whose result is known, and then the whole of it on one workload of which
# some numbers are known. Prints KTAP; tests/run counts it.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"

# ---- blocks and symbols ----
cat >"$TMP/symbols.kernel" <<'END'
ffffffff81000000 T first
ffffffff810000f0 t __pfx_second
ffffffff81000100 T second
ffffffff81000100 W second_too
ffffffff81000180 d no_code
ffffffff81000200 t first.cold
ffffffff81000300 t third.constprop.0
END
cat >"$TMP/symbols.onvme.1.normal" <<'END'
ffffffffc0001000 t onvme_rq_submit	[onvme]
ffffffffc0001200 t onvme_watch_tick	[onvme]
ffffffffc0100000 t other	[other]
END
cat >"$TMP/symbols.intree.1.normal" <<'END'
ffffffffc0001000 t nvme_queue_rqs	[nvme]
ffffffffc0001200 t nvme_setup_rw	[nvme_core]
END

# Not in the order of addresses: the plugin's table has none.
counts() { # NUMBER FACTOR
    awk -v f="$2" '/^[sc]q/ { print $1, $2 * f; next } { print $1, $1 == "full" ? $2 : $2 * f }' >"$TMP/counts.$1" <<'END'
sq 100
cq 50
full 0
ffffffffc0001204 300
ffffffff81000200 7
0000000000000000 5000
ffffffffc0001000 1000
ffffffff81000000 20
ffffffff810000ff 3
ffffffff81000100 40
ffffffff81000190 2
ffffffff81000300 11
ffffffffc0001100 10
ffffffffc0100010 9
END
}

attributed() { tests/bench/attribute "$TMP/counts.1" "$TMP/symbols.kernel" "$TMP/symbols.onvme.1.normal" | sort; }

counts 1 1
check_is "blocks go to the functions that they are in" "$(sort <<'END'
30	kernel	first
42	kernel	second
11	kernel	third
1010	onvme	onvme_rq_submit
300	onvme	onvme_watch_tick
9	other	other
5000	user	user
100	doorbell	sq
50	doorbell	cq
END
)" "$(attributed)"

refused() { ! attributed >/dev/null 2>&1; }
sed -i 's/^full 0/full 1/' "$TMP/counts.1"
check "a table that was full is refused" refused
sed -i '/^full/d' "$TMP/counts.1"
check "a file that is not whole is refused" refused

# ---- the cost of one I/O ----
# 1000 I/Os more in the long run; three times what the short run counts is two times it more. The clock ran two seconds longer.
tr ' ' '\t' >"$TMP/runs" <<'END'
1 onvme 1 qd1-read short 500 400 9000 10 20 1000 5
2 onvme 1 qd1-read long 1500 900 8000 11 21 3000 105
3 intree 1 qd1-read short 500 400 9000 10 20 1000 5
4 intree 1 qd1-read long 1500 1400 10000 22 7 3000 5
END
counts 1 1 && counts 2 3 && counts 3 1 && counts 4 3
# A function that only the short run, and one that only the long run has met
echo "ffffffff81000001 1000" >>"$TMP/counts.1"
sed -i '/^ffffffffc0001000/d' "$TMP/counts.3"

tests/bench/results "$TMP" >"$TMP/results"
metrics() { awk -F '\t' -v d="$1" '$1 == "metric" && $3 == d { print $5 "=" $6 }' "$TMP/results" | sort | paste -sd ' '; }
check_is "onvme: what the long run has more, by its I/Os more" \
    "clock=0.600 cq=0.100 driver=2.020 iops=8000 irq=0.500 kernel=1.804 p50=11 p99=21 persecond=300 sleeps=0.100 sq=0.200 user=10.000" \
    "$(metrics onvme)"
check_is "in-tree: both modules are the driver, and nothing is the clock" \
    "clock=0.000 cq=0.100 driver=3.638 iops=10000 irq=1.000 kernel=3.804 p50=22 p99=7 persecond=0 sleeps=0.000 sq=0.200 user=10.000" \
    "$(metrics intree)"

# ---- rounds ----
medians() {
    printf 'metric\tw\t%s\n' "$@" | tr ' ' '\t' | awk -F '\t' -f tests/bench/median.awk -f <(echo '
        END { print number("w", "intree", "iops", 1), number("w", "onvme", "iops", 1), ratio("w", "iops"), paired_range("w", "iops"),
            number("w", "onvme", "sq", 1), ratio("w", "sq"), paired("w", "sq") }')
}
check_is "the median of three rounds, and of their ratios" "10.0 20.0 2.00 3.00 (0.10 to 4.00) - - -" \
    "$(medians "intree 1 iops 5" "intree 2 iops 10" "intree 3 iops 100" "onvme 1 iops 20" "onvme 2 iops 30" "onvme 3 iops 10" "intree 1 sq 1")"
check_is "the median of two" "15.0 40.0 2.67 2.75 (2.50 to 3.00) - - -" \
    "$(medians "intree 1 iops 10" "intree 2 iops 20" "onvme 1 iops 30" "onvme 2 iops 50")"

# ---- the page ----
part_of() { sed -n "/^<!-- $1 -->$/,/^<!-- end of $1 -->$/p" "$TMP/page.md"; }
of_page() { tests/bench/report "$TMP/page.md" "$TMP/page/6.12" "$TMP/page/6.1"; }
write_part() { # SERIES PART COMMIT METRIC-LINE...
    local dir=$TMP/page/$1/$2
    mkdir -p "$dir"
    printf '%s\t%s\n' date 2026-01-02 release "$1.0" qemu 7 fio fio-3 rounds 2 driver "$3" >"$dir/about"
    printf 'metric\t%s\n' "${@:4}" | tr ' ' '\t' >"$dir/results"
}
mkdir -p "$TMP/page"
write_part 6.12 iops c0ffee "qd1-read intree 1 iops 100" "qd1-read onvme 1 iops 150" "qd1-read onvme 2 iops 100" "qd1-read intree 2 iops 50"
write_part 6.1 memory c0ffee "queues-64 intree 1 all 1000" "queues-64 onvme 1 all 900" "queues-1 intree 1 all 370" "queues-1 onvme 1 all 396"
write_part 6.1 start c0ffee "namespaces-1 intree 1 first 2000" "namespaces-1 onvme 1 first 1000"
write_part 6.1 scaling c0ffee "qd1-read@1 intree 1 driver 600" "qd1-read@1 onvme 1 driver 300" "qd1-read@4 intree 1 driver 600" \
    "qd1-read@4 onvme 1 driver 450"
check "there is a page of some parts" of_page
check "ratios of pairs, with their range" grep -qF '| 4 KiB random read, one at a time | 1.75 (1.50 to 2.00) | - |' "$TMP/page.md"
check "memory of 64 queues, and of one queue more" sh -c "grep -qF 'and a disk | 1000 | 900 | 0.90 |' '$TMP/page.md' &&
    grep -qF '| each I/O queue more | 10.0 | 8.0 | 0.80 |' '$TMP/page.md'"
check "milliseconds to the first disk" grep -qF '| the disk of a controller with one namespace | 2.0 | 1.0 | 0.50 |' "$TMP/page.md"
check "more processors" grep -qF '| 4 | 600 | 450 | 0.75 |' "$TMP/page.md"
check "what was not run says so" grep -qF "Not measured" <(part_of "6.12 counts")
for picture in time-6.12 scaling-6.1; do check "a picture, $picture" grep -q '^</svg>$' "$TMP/page-$picture.svg"; done
before=$(part_of "6.1 memory")
rm -r "$TMP/page/6.1/memory"
write_part 6.1 start facade "namespaces-1 intree 1 first 2000" "namespaces-1 onvme 1 first 1000"
check "another page, with one part anew and one not run again" of_page
check_is "what was not run again stays as it is" "$before" "$(part_of "6.1 memory")"
check "and says of which commit it is" grep -q 'commit c0ffee,' <(part_of "6.1 memory")
check "what is new says of which it is" grep -q 'commit facade,' <(part_of "6.1 start")

check_is "a part that there is not is refused" "run: there is no part speed" "$(tests/bench/run --part speed 2>&1)"

# ---- the plugin ----
for api in 1 3 7; do
    check "the plugin compiles for version $api of the interface" cc -O2 -Wall -Wextra -Werror -DBENCH_API=$api -fPIC -shared \
        -fvisibility=hidden -o "$TMP/count.so" tests/bench/count.c
done

# The real thing. At depth 1 one I/O is one doorbell of each kind and one interrupt, whoever the driver is.
rc=0
tests/bench/run --kernel "$(default_series)" --part counts --workload qd1-read --rounds 1 --out "$TMP/bench" >"$TMP/out" 2>&1 || rc=$?
if [ "$rc" -eq 4 ]; then
    skip "a run" "this QEMU takes no plugins"
else
    check "a run ends" sh -c "cat '$TMP/out'; exit $rc"
    cp "$TMP/bench/counts/results" "$TMP/results" 2>/dev/null
    for driver in intree onvme; do
        check_is "$driver: doorbells and interrupts of an I/O" "cq=1.000 irq=1.000 sq=1.000" \
            "$(metrics $driver | tr ' ' '\n' | grep -E '^(sq|cq|irq)=' | paste -sd ' ')"
        check "$driver: instructions were found in the driver" awk -F '\t' -v d=$driver '
            $3 == d && $5 == "driver" { found = $6 > 100 && $6 < 2000 } END { exit !found }' "$TMP/results"
    done
    check "there is a page of it" tests/bench/report "$TMP/page.md" "$TMP/bench"
    check "and a row for the workload" grep -qE '^\| 4 KiB random read, one at a time \| [0-9]+ \| [0-9]+ \| [0-9.]+ \|' "$TMP/page.md"
fi
ktap_finish
