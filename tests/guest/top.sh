#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will look at the driver with onvme-top, as a user without rights: figures against those of fio, and, in a terminal, a
# reset and a driver that goes and comes.
#
# topology: plain
# needs: fio jq tmux setpriv
# kernels: 6.12
# timeout: 120
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/terminal.sh

RATE=100
export TERMINAL_SECONDS=40
BUILT=$ONVME_TREE/build/guest/onvme-top
CTRL=/sys/class/nvme/nvme0
[ -x "$BUILT" ] || skip_all "onvme-top is not built: no headers of ncurses (scripts/setup)"
wait_for 20 test -b /dev/nvme0n1
settle

# Where everybody can run it.
TOP=$TMP/onvme-top
cp "$BUILT" "$TOP" && chmod 755 "$TMP" "$TOP"
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }

idle() {
    nobody "$TOP" --once >"$TMP/idle" || return 1
    cat "$TMP/idle"
    # state, IOPS, read, write, depth, percentiles, temperature, errors, resets, power state
    grep -qE '^nvme0 +live +[0-9]+ +[0-9.k]+ +[0-9.k]+ +[0-9.]+ +[^ ]+ +[^ ]+ +[^ ]+ +[1-9][0-9]C +[0-9]+ +0 +D0' "$TMP/idle" &&
        grep -qE '^  nvme0n1 ' "$TMP/idle" && [ "$(grep -c '^  queue [1-4] ' "$TMP/idle")" = 4 ]
}
check "a table, without rights" idle

# ---- figures ----
fio --output="$TMP/fio" --output-format=json --name=read --filename=/dev/nvme0n1 --direct=1 --ioengine=libaio --iodepth=4 --rw=randread \
    --bs=16k --rate_iops=$RATE --time_based --runtime=10 &
fio_pid=$!
reading() { [ "$(sectors_done)" -gt $(($1 + 50 * 32)) ]; }
check "fio reads" wait_for 30 reading "$(sectors_done)"
nobody "$TOP" --json --count 5 --plot "$TMP/none/x.svg" >"$TMP/json" 2>"$TMP/err"
check_is "a picture that cannot be written is said" 1 "$(grep -c '^onvme-top: .*x.svg: ' "$TMP/err")"
wait $fio_pid

# of the five intervals, the one in the middle
middle() { jq -s "map(.controllers[0]$1) | sort | .[2] // -1 | floor" "$TMP/json"; } # PATH
near() { echo "$1, wanted $2" && [ "$1" -gt $(($2 * 7 / 10)) ] && [ "$1" -lt $(($2 * 13 / 10)) ]; }
check "IOPS of the controller" near "$(middle .iops)" $RATE
check "and of the namespace" near "$(middle '.namespaces[0].iops')" $RATE
check "bytes a second" near "$(middle .read_bytes_per_s)" $((RATE * 16384))
if [ -e $CTRL/latency ]; then
    least=$(jq '.jobs[0].read.lat_ns.min' "$TMP/fio") most=$(jq '.jobs[0].read.lat_ns.max' "$TMP/fio")
    mean=$(jq '.jobs[0].read.lat_ns.mean | floor' "$TMP/fio")
    diag "fio saw $least..$most ns, mean $mean; p50 $(middle .p50_ns), p99 $(middle .p99_ns), p99.9 $(middle .p999_ns) ns"
    check "p50 is a part of what fio saw" test "$(middle .p50_ns)" -gt 1000 -a "$(middle .p50_ns)" -lt "$most"
    check "p99 is not less" test "$(middle .p99_ns)" -ge "$(middle .p50_ns)" -a "$(middle .p99_ns)" -lt $((most * 5 / 4))
    check "IOPS of the queues are those of the controller" \
        near "$(jq -s 'map(.controllers[0].queues | map(select(.id > 0).iops) | add) | sort | .[2] | floor' "$TMP/json")" $RATE
else
    check_is "no histograms, no percentiles" null "$(jq -s '.[0].controllers[0].p50_ns' "$TMP/json")"
    check_is "and still the queues" "1 2 3 4" "$(jq -rs '.[0].controllers[0].queues | map(.id) | join(" ")' "$TMP/json")"
fi

# ---- the view ----
terminal 110 24 env TERM=screen LC_ALL=C.UTF-8 setpriv --reuid=65534 --regid=65534 --clear-groups "$TOP" --interval 0.5
check "the view" see '^nvme0 +live '
check "its rows" see '^  queue 4 +interrupt '
sh -c "echo 1 >$CTRL/reset_controller"
check "a reset is counted" see '^nvme0 +live .* 1 +D0'
check "the driver goes" wait_for 20 unload
check "and the rows" see '^no NVMe controllers$'
check "it comes back" load_and_wait
check "and so do they" see '^  nvme0n1 '
pid=$(pgrep -n -x onvme-top)
keys q
check "q ends it" wait_for 20 not kill -0 "$pid"
terminal_close
ktap_finish
