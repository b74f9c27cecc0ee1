#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will run onvme-top on a sysfs that is made up: its table, its JSON and its picture, what it says of what cannot be; and
# in a terminal of tmux, whose screen it reads, its view and its keys. Prints KTAP; tests/run counts it.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"
# shellcheck source=/dev/null
. tests/lib/terminal.sh

for tool in tmux jq perl; do
    command -v $tool >/dev/null || skip_all "no $tool (scripts/setup)"
done
lacks=$(make -s -C tools/top lacks)
[ -z "$lacks" ] || skip_all "no $lacks (scripts/setup)"

SYS=$TMP/sys
CLASS=$SYS/class/nvme
TOP=$TMP/top/onvme-top
# shellcheck disable=SC2034 # for says
SPEAKER='^onvme-top: '
# What a library keeps to the end of the program is not of interest; a leak checker cannot trace everywhere.
export ASAN_OPTIONS=detect_leaks=0
trap 'terminal_close; rm -rf "$TMP"' EXIT

build() { make -s -C tools/top O="$TMP/top" CFLAGS="-O1 -g -Werror -fsanitize=address,undefined -fno-sanitize-recover=all"; }
check "onvme-top builds, with sanitizers" build
[ -x "$TOP" ] || ktap_finish

# ---- a sysfs ----
# As a whole, as the kernel does it.
put() { # FILE TEXT
    printf '%s\n' "$2" >"$CLASS/$1.new" && mv "$CLASS/$1.new" "$CLASS/$1"
}
latency() { # CONTROLLER ARGUMENT...
    tests/lib/top-latency "${@:2}" >"$CLASS/$1/latency.new" && mv "$CLASS/$1/latency.new" "$CLASS/$1/latency"
}
stat() { # NAMESPACE READS READ-SECTORS WRITES WRITTEN-SECTORS BUSY-MS
    put "$1/stat" "$2 0 $3 1 $4 0 $5 1 0 1 $6 0 0 0 0 0 0"
}

# One controller as onvme has it, one of another driver, and names that are no controllers. The folder itself stays, as /sys does.
make_sys() {
    local c f
    rm -rf "$SYS/class"
    mkdir -p "$CLASS/nvme0/"{health,diag,device,nvme0n1,nvme0n2,power} "$CLASS/nvme10/"{nvme10c10n1,hwmon3} "$CLASS/nvmexyz" "$CLASS/nvme-fabrics"
    put nvme0/state live
    put nvme0/device/power_state D0
    put nvme0/power_state_max 4
    put nvme0/health/temperature 311
    put nvme0/health/critical_warning 0
    for c in reset timeout polled abort command_error command_retries bogus_completion finding; do put "nvme0/diag/${c}_count" 0; done
    put nvme0/diag/command_error_count 12
    put nvme0/queue_map 'default 2 read 0 poll 1'
    put nvme0/diag/lost_interrupts 'queue 1 vector 1 lost 3 late 0 timer'
    put nvme10/state connecting
    put nvme10/hwmon3/temp1_input 41850
    for f in nvme0/nvme0n1 nvme0/nvme0n2 nvme10/nvme10c10n1; do
        put $f/size 2097152
        put $f/inflight '       1        2'
        stat $f 100 800 200 1600 30
    done
    latency nvme0 1:40=100 2:40=100 0:10=4
}

# between COMMAND...: after the first look of the program and before the second. Of the last controller it opens a pipe, and so waits
# until somebody is there to write.
between() {
    mkdir -p "$CLASS/nvme99/device" && mkfifo "$CLASS/nvme99/device/power_state"
    (echo D3hot >"$CLASS/nvme99/device/power_state"; put nvme99/device/power_state D0; "$@") &
}
work() {
    stat nvme0/nvme0n1 1100 8800 1200 9600 530
    latency nvme0 1:40=1190 1:60=10 2:40=1000 0:10=4
}

# ---- the table ----
row() { # NAME: its columns behind the name, of the table in $TMP/table
    sed -n "s/^ *$1  *//p" "$TMP/table" | tr -s ' '
}
table() {
    make_sys
    between work
    "$TOP" --sys "$SYS" --once >"$TMP/table" || return 1
    cat "$TMP/table"
    wait
    # The second may have been a little longer, on a busy machine more.
    row nvme0 | grep -qxE 'live (1\.[0-9]{2}k|2\.0[0-9]k|[5-9][0-9]{2}) [34]\.[0-9]{2}M [34]\.[0-9]{2}M 0\.[345][0-9] 1\.[12][0-9]m 1\.[23][0-9]m 4[01]\.[0-9]m 38C 12 0 D0/4' || return 1
    row nvme0n2 | grep -qxE -- '- 0 0 0 0 - - - - - - -' || return 1
    row 'queue 2' | grep -qE '^interrupt [0-9]{3} - - (0|1)\.[0-9]+ 1\.[12][0-9]m 1\.[23][0-9]m 1\.[23][0-9]m - 7' || return 1
    row 'queue 3' | grep -q '^timer 0 ' || return 1
    row admin | grep -q '^interrupt 0 ' || return 1
    ! grep -q 'queue 4' "$TMP/table" || return 1
    # Of another driver, less.
    row nvme10 | grep -qxE 'connecting 0 0 0 0 - - - (42C|-) - - -' || return 1
    row nvme10c10n1 | grep -q -- '^- 0 0 0 0 ' || return 1
    ! grep -qE 'xyz|fabrics' "$TMP/table" || return 1
    [ "$(sed -n '2,$p' "$TMP/table" | awk '{ print $1 }' | paste -sd' ')" = "nvme0 nvme0n1 nvme0n2 admin queue queue queue nvme10 nvme10c10n1 nvme99" ]
}
check "a table: rates, percentiles, facts, of this driver and another" table

# The other driver's sensor is read while it is live.
sensor() {
    make_sys
    put nvme10/state live
    "$TOP" --sys "$SYS" --once --interval 0.1 >"$TMP/table" && row nvme10 | grep -qE '^live .* 42C - - -$'
}
check "a temperature from a sensor" sensor

without_histograms() {
    make_sys
    rm "$CLASS/nvme0/latency"
    "$TOP" --sys "$SYS" --once --interval 0.1 >"$TMP/table" || return 1
    cat "$TMP/table"
    row nvme0 | grep -qE '^live 0 0 0 0 - - - 38C' && row 'queue 1' | grep -q '^timer - - - - - - -' &&
        row 'queue 2' | grep -q '^interrupt ' && row 'queue 3' | grep -q '^poll ' && ! grep -q 'queue 4' "$TMP/table"
}
check "without histograms there are queues, and dashes" without_histograms

# ---- JSON ----
json() {
    make_sys
    between work
    "$TOP" --sys "$SYS" --json --count 3 --interval 0.5 >"$TMP/json" || return 1
    wait
    cat "$TMP/json"
    [ "$(wc -l <"$TMP/json")" = 3 ] || return 1
    jq -e . "$TMP/json" >"$TMP/null" || return 1
    jq -se '.[0].controllers[0] | .name == "nvme0" and .state == "live" and .temperature_k == 311 and .command_errors == 12 and
        .power_state_max == 4 and .inflight == 6 and .commands == 2200 and .iops > 1000 and .p50_ns > 1048576 and .p50_ns < 1310721 and
        .p999_ns > 33554432 and (.namespaces | map(.name)) == ["nvme0n1", "nvme0n2"] and (.queues | map(.id)) == [0, 1, 2, 3] and
        .queues[3].state == "timer" and .namespaces[0].p99_ns == null' "$TMP/json" >"$TMP/null" || return 1
    jq -se '.[2].controllers | .[0].iops == 0 and .[0].p50_ns == null and .[1].name == "nvme10" and .[1].commands == null' "$TMP/json" >"$TMP/null"
}
check "JSON: a line for each interval" json

phases() {
    make_sys
    between latency nvme0 1:40=200 2:40=100
    "$TOP" --sys "$SYS" --json --once --interval 0.5 --phase host >"$TMP/json" && jq -e '.latency == "host" and .controllers[0].p50_ns == null' "$TMP/json"
    local rc=$?
    wait
    return $rc
}
check "another time of the commands" phases

listener_goes() {
    make_sys
    "$TOP" --sys "$SYS" --json --interval 0.1 2>"$TMP/err" | head -n 1 >"$TMP/null"
    [ "${PIPESTATUS[0]}" -eq 0 ] && [ ! -s "$TMP/err" ]
}
check "a reader that goes away ends it, without a word" listener_goes

# ---- what cannot be ----
top_says() { # WORDS ARGUMENT...
    says 1 "^onvme-top: $1\$" timeout 60 "$TOP" --sys "$SYS" --once --interval 0.1 "${@:2}"
}
bad_form() { # WORDS ARGUMENT...: those of tests/lib/top-latency
    make_sys
    latency nvme0 "${@:2}"
    top_says "nvme0: latency: $1" && grep -qE '^  nvme0n1 .* 0 ' "$TMP/said" && grep -q '^  queue 3 ' "$TMP/said" && grep -q '^nvme10 ' "$TMP/said"
}
check "another version of the histograms" bad_form "another version than this program knows" version=2
check "a form that is none" bad_form "another form than that of onvme" magic=somebody
check "an empty file" bad_form "a head that is too short" cut=0
check "a head that is cut" bad_form "a head that is too short" cut=150
check "a queue that is cut" bad_form "less than its head promises" cut=9000
check "more queues than there are" bad_form "less than its head promises" queues=7
check "lengths that cannot be" bad_form "lengths that cannot be" queue_len=99999999999
check "histograms that cannot be" bad_form "histograms that cannot be" bins=100000
check "histograms that are not where they are said to be" bad_form "histograms beyond their queue" bins_at=9000

makes_sys_empty() { make_sys && rm -rf "$CLASS" && top_says "no NVMe controllers"; }
check "no controller" makes_sys_empty
goes() {
    make_sys
    between rm -r "$CLASS/nvme10"
    top_says "nvme10 is gone" --interval 1 && grep -q '^nvme0 ' "$TMP/said"
}
check "a controller that goes meanwhile" goes
wait
odd_files() {
    make_sys
    put nvme0/nvme0n1/stat 'one two three'
    put nvme0/nvme0n2/stat '1 2 3 4'
    put nvme0/health/temperature 99999999999999999999999999
    put nvme0/diag/reset_count ''
    put nvme0/queue_map 'default 4000000000 read 4000000000 poll 4000000000'
    rm "$CLASS/nvme0/latency"
    mkdir "$CLASS/nvme0/latency"
    head -c 100000 /dev/zero | tr '\0' '\033' >"$CLASS/nvme0/state"
    put nvme10/state 'with "quotes" \ and '$'\e''[2J'
    top_says "only the first 4096 rows are shown" --json && sed -n 1p "$TMP/said" | jq -e '.controllers | length == 1' && ! grep -q $'\e' "$TMP/said"
}
check "files with anything in them" odd_files
check "a folder that is not there" says 1 '^onvme-top: /no/such: No such file' "$TOP" --sys /no/such --once
check "a disk that is full" says 1 '^onvme-top: standard output: No space left' bash -c "'$TOP' --sys '$SYS' --once --interval 0.1 >/dev/full"
check "no terminal" says 1 '^onvme-top: no terminal that can be drawn on' "$TOP" --sys "$SYS"
usage() {
    local rc
    for arguments in "--interval 0" "--interval nan" "--interval 1x" "--interval 4000" "--count 0" "--phase none" "--nix" "more"; do
        rc=0
        # shellcheck disable=SC2086 # words
        "$TOP" $arguments </dev/null >"$TMP/out" 2>&1 || rc=$?
        if [ $rc -ne 2 ] || ! grep -q '^usage: onvme-top' "$TMP/out"; then echo "$arguments: $rc" && return 1; fi
    done
    "$TOP" --help | grep -q '^usage: onvme-top'
}
check "wrong options" usage

# ---- the picture ----
plot() {
    make_sys
    between work
    "$TOP" --sys "$SYS" --json --interval 0.5 --plot "$TMP/plot.svg" >"$TMP/stream" &
    local pid=$!
    wait_for 20 test -s "$TMP/stream"
    nap 0.7
    kill -TERM $pid
    wait $pid || return 1
    grep -q '>nvme0: latency of 2000 commands<' "$TMP/plot.svg" && grep -q '^</svg>$' "$TMP/plot.svg" && [ "$(grep -c 'fill="#[0-9a-f]*" d=' "$TMP/plot.svg")" -ge 3 ]
}
check "a heat map, also when a signal ends it" plot
no_plot() {
    make_sys
    says 1 "^onvme-top: $TMP/none/x.svg: No such file" "$TOP" --sys "$SYS" --once --interval 0.1 --plot "$TMP/none/x.svg"
}
check "a heat map that cannot be written" no_plot

# ---- the screen ----
names() { screen | sed -n '3,$p' | grep -oE '^ *(nvme[0-9a-z]*|queue [0-9]|admin) ' | tr -d ' ' | paste -sd' '; }
names_are() { [ "$(names)" = "$1" ]; }
see_names() { see_that names_are "$1"; }

# What the program is asked to do, and what it leaves of the terminal.
cat >"$TMP/inside" <<END
stty -g >"$TMP/tty.before"
"$TOP" --sys "$SYS" --interval 0.3 "\$@" 2>"$TMP/top.err"
echo \$? >"$TMP/top.rc"
stty -g >"$TMP/tty.after"
printf 'the end\n'
sleep 600
END
start() { # COLUMNS LINES ARGUMENT...
    rm -f "$TMP"/top.* "$TMP"/tty.*
    terminal "$1" "$2" env TERM="${OTHER_TERM:-screen-256color}" LC_ALL="${OTHER_LOCALE:-C.UTF-8}" bash "$TMP/inside" "${@:3}"
}
ended_well() { # EXIT STATUS: and the terminal is what it was
    wait_for 15 test -s "$TMP/tty.after"
    head "$TMP"/top.*
    [ "$(cat "$TMP/top.rc")" = "$1" ] && cmp "$TMP/tty.before" "$TMP/tty.after" && see '^the end$' &&
        [ "$(on display-message -p -t test '#{alternate_on}#{cursor_flag}')" = 01 ]
}
quits() { keys q && ended_well 0 && diff /dev/null "$TMP/top.err"; }

ALL="nvme0 nvme0n1 nvme0n2 admin queue1 queue2 queue3 nvme10 nvme10c10n1"
make_sys
start 120 20
check "the view has all rows" see_names "$ALL"
check "its title" see '^onvme-top  [0-9:]{8}  2 controllers  every 0\.3 s  device latency  by NAME'
check "facts" see '^nvme0 +live .* 38C +12 +0 +D0/4'
work
check "figures, when something happens" see '^  queue 2 +interrupt +[0-9.]+k? +- +- +[0-9.]+ +1\.'
check "and a line of what was" see '^  queue 2 .*█'
keys j j ' '
check "space: without queues" see_names "nvme0 nvme0n1 nvme0n2 nvme10 nvme10c10n1"
keys ' '
check "space: the controller alone" see_names "nvme0 nvme10 nvme10c10n1"
keys ' '
check "space: all again" see_names "$ALL"
keys r
check "r: the other way round" see_names "nvme10 nvme10c10n1 nvme0 nvme0n2 nvme0n1 queue3 queue2 queue1 admin"
keys r s
check "s: by IOPS" see 'by IOPS'
keys S S
check "S: by resets" see 'by RESET'
keys s l
check "l: other percentiles" see 'interrupt latency  by NAME'
keys f f
check "f: all controllers alone" see_names "nvme0 nvme10"
keys f -
check "-: half as often" see 'every 0\.6 s'
keys + + + + + +
check "+: twice as often, up to ten times a second" see 'every 0\.1 s'
keys h
check "h: help" see '^q +quit$'
keys '?'
check "?: and away again" see_names "$ALL"
rm -r "$CLASS/nvme10"
check "a controller that goes takes its rows along" see_names "${ALL%% nvme10*}"
mkdir "$CLASS/nvme2"
put nvme2/state live
check "one that comes has a row" see_names "${ALL%% nvme10*} nvme2"
latency nvme0 version=7
check "histograms of another version: a line, and no queue of them" see 'nvme0: latency: another version than this program knows'
check "but those that are known otherwise" see_names "nvme0 nvme0n1 nvme0n2 queue1 queue2 queue3 nvme2"
make_sys
check "when that is over, so is the line" see_not 'another version'
on resize-window -t test -x 60 -y 8
check "a smaller terminal has fewer columns and rows" see '^NAME +IOPS +READ +WRITE'
keys End
check "and the row that is chosen" see '^  nvme10c10n1 '
on resize-window -t test -x 30 -y 8
check "too narrow" see '^terminal too small$'
on resize-window -t test -x 120 -y 4
check "too low" see '^terminal too small$'
on resize-window -t test -x 500 -y 50
check "large" see_names "$ALL"
check "q ends it, and the terminal is as before" quits

signalled() { # SIGNAL
    start 100 20 && see '^nvme0 ' && kill "-$1" "$(pgrep -n -f "$TOP --sys $SYS")" && ended_well 0
}
for s in TERM HUP QUIT; do check "SIG$s ends it, and the terminal is as before" signalled $s; done
interrupted() { start 100 20 && see '^nvme0 ' && keys C-c && ended_well 0; }
check "Ctrl-C, too" interrupted
picture_of_view() { start 100 20 --plot "$TMP/view.svg" && see '^nvme0 ' && see '[01] ' && nap 0.5 && quits && grep -q '</svg>' "$TMP/view.svg"; }
check "a heat map of what was watched" picture_of_view
counted() { start 100 20 --count 2 && ended_well 0; }
check "--count ends it by itself" counted

ascii() {
    make_sys
    OTHER_LOCALE=C start 120 20 && see '^nvme0 ' && latency nvme0 1:40=9000 2:40=5000 && see '^  queue 1 .*#' && quits
}
check "no UTF-8: letters for the line" ascii
no_colors() { OTHER_TERM=vt100 start 120 20 && see '^nvme0 ' && quits; }
check "a terminal without colours" no_colors
unknown_terminal() { OTHER_TERM=nosuch start 120 20 && ended_well 1 && grep -qx 'onvme-top: no terminal that can be drawn on; --once and --json need none' "$TMP/top.err"; }
check "a terminal that nobody knows: one line" unknown_terminal
# Somebody who reads its health waits and waits.
stuck() {
    make_sys
    rm "$CLASS/nvme0/health/temperature"
    mkfifo "$CLASS/nvme0/health/temperature"
    start 120 20 && see '^nvme0 +live' && put nvme0/state resetting && see '^nvme0 +resetting' && quits
}
check "a controller that does not answer is watched nevertheless" stuck
stuck_once() { timeout 20 "$TOP" --sys "$SYS" --once --interval 0.1 >"$TMP/table" && row nvme0 | grep -q '^resetting'; }
put nvme0/state resetting
check "and asked once" stuck_once
terminal_goes() {
    local pid
    make_sys
    start 100 20 && see '^nvme0 ' || return 1
    pid=$(pgrep -n -f "$TOP --sys $SYS")
    terminal_close
    wait_for 15 ended "$pid"
}
check "a terminal that goes away ends it" terminal_goes

ktap_finish
