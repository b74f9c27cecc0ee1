#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will mask one interrupt vector behind the kernel's back while fio writes and reads: no command may take longer
# than a second, the queue goes over to a timer and comes back, and with the deadline off the time-out still finds it all.
#
# topology: maskable
# needs: fio jq setpci busybox taskset nvme
# kernels: all
# older: full
# timeout: 400
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
CTRL=/sys/class/nvme/nvme0
DIAG=$CTRL/diag
TRACE=/sys/kernel/tracing
intree() { [ "$ONVME_MODULE" = intree ]; }

ms_now() { local now; read -r now _ </proc/uptime; echo $((10#${now/./} * 10)); }
took() { local start; start=$(ms_now); "$@" >/dev/null || return 1; echo $(($(ms_now) - start)); }
at_most() { [ "$1" -le "$2" ] && [ "$1" -ge 0 ]; }

# The entry of a vector has 16 bytes; bit 0 of the last four masks it.
msix_table() {
    local at bar
    at=$((16#$(setpci -s "$pci" CAP_MSIX+4.l)))
    bar=$(sed -n "$(((at & 7) + 1))s/ .*//p" "/sys/bus/pci/devices/$pci/resource")
    echo $((bar + (at & ~7)))
}
vector() { # NUMBER off|on
    busybox devmem $((table + $1 * 16 + 12)) 32 "$([ "$2" = off ] && echo 1 || echo 0)"
}
irq_of() { awk -v name="nvme0q$1" '$NF == name { sub(":", "", $1); print $1 }' /proc/interrupts; }
# With a CPU each queue 1 has vector 1, and no other CPU submits to it.
cpu_of() { cat "/proc/irq/$(irq_of "$1")/effective_affinity_list"; }
interrupts() { awk -v name="nvme0q$1" '$NF == name { for (i = 2; i <= 3; i++) n += $i } END { print n + 0 }' /proc/interrupts; }

lost_line() { grep "^queue $1 " "$DIAG/lost_interrupts" 2>/dev/null; }
lost_of() { lost_line "$1" | awk '{ print $6 }'; }
mode_of() { local line; line=$(lost_line "$1"); echo "${line##* }"; }
mode_is() { [ "$(mode_of "$1")" = "$2" ]; }
one_read() { taskset -c "$cpu" dd if=$DEV of=/dev/null bs=4k count=1 iflag=direct status=none; }
reads_until() { one_read; "$@"; }

# run_fio SECONDS NAME: returns when it is at work; it takes seconds to start on an emulated CPU.
came_since() { [ "$(interrupts 1)" -ge $(($1 + $2)) ]; }
run_fio() {
    local before
    before=$(interrupts 1)
    fio --output="$TMP/$2.json" --output-format=json --name="$2" --filename=$DEV --direct=1 --ioengine=libaio --iodepth=4 --thread \
        --rw=randrw --bs=4k --size=64m --time_based --runtime="$1" --cpus_allowed="$cpu" --verify=crc32c --verify_fatal=1 \
        --verify_backlog=64 --verify_state_save=0 &
    fio_pid=$!
    wait_for 60 came_since "$before" 200 || not_ok "$2: fio does not start"
}
# fio_result NAME: worst latency in ms, errors, and commands, in $worst, $errors, $total
fio_result() {
    wait $fio_pid || true
    read -r worst errors total < <(jq -r '.jobs[0] | "\([.read.clat_ns.max, .write.clat_ns.max] | max / 1000000 | ceil) \(.error + .total_err) \(.read.total_ios + .write.total_ios)"' "$TMP/$1.json")
}

masked_under_fio() {
    local before
    run_fio 12 masked
    vector 1 off
    nap 0.2
    before=$(interrupts 1)
    nap 2
    check_is "masked: no interrupt comes any more" "$before" "$(interrupts 1)"
    intree || check "masked: the queue is polled by timer" wait_for 10 mode_is 1 timer
    fio_result masked
    diag "worst latency of $total commands with the vector masked: $worst ms"
    check_is "masked: fio saw no error" 0 "$errors"
    if intree; then
        vector 1 on
        return
    fi
    check "masked: no command took longer than a second ($worst ms)" at_most "$worst" 1000
    check "masked: fio got on ($total commands)" test "$total" -gt 200
    check "masked: losses are counted for the vector" test "$(lost_of 1)" -ge 3
    check "masked: the line of it" grep -qE '^queue 1 vector 1 lost [0-9]+ late 0 (timer|trial)$' "$DIAG/lost_interrupts"
    check "masked: the log tells of the loss" log_has 'nvme0: interrupt of queue 1 lost \(vector 1\), completion polled after [0-9]+ ms'
    check "masked: and of the timer" log_has 'interrupts of queue 1 keep getting lost, polling it by timer; next try in 1 s'
    check_is "masked: no time-out" 0 "$(cat $DIAG/timeout_count)"
    diag "$(cat $DIAG/lost_interrupts)"
}

comes_back() {
    vector 1 on
    check "unmasked: interrupts are relied upon again" wait_for 70 reads_until mode_is 1 interrupt
    check "unmasked: the log says so" log_has 'interrupts of queue 1 work again'
    check "trace: losses" grep -q 'onvme_lost: nvme0: qid=1 vector=1: interrupt lost, polled after' $TRACE/trace
    check "trace: to the timer" grep -q 'onvme_trust: nvme0: qid=1: by interrupt -> by timer, pause 1000 ms' $TRACE/trace
    check "trace: a trial" grep -q 'onvme_trust: nvme0: qid=1: by timer -> by trial' $TRACE/trace
    check "trace: and back" grep -q 'onvme_trust: nvme0: qid=1: by trial -> by interrupt' $TRACE/trace
    echo 0 >$DIAG/lost_interrupts
    run_fio 6 sound
    fio_result sound
    diag "worst latency of $total commands with sound interrupts: $worst ms"
    check_is "sound: fio saw no error" 0 "$errors"
    check_is "sound: none is taken for lost" "" "$(cat $DIAG/lost_interrupts)"
}

admin_masked() {
    local ms sound
    took nvme id-ctrl /dev/nvme0 >/dev/null
    sound=$(took nvme id-ctrl /dev/nvme0) || not_ok "admin: nvme id-ctrl"
    vector 0 off
    ms=$(took nvme id-ctrl /dev/nvme0) || ms=-1
    vector 0 on
    diag "nvme id-ctrl: $sound ms, with the admin vector masked: $ms ms"
    check "admin: a command with its vector masked takes less than a second more" at_most "$ms" $((sound + 1000))
    check "admin: the loss is counted" test "$(lost_of 0)" -ge 1
    judged_at_home
}

# Only the CPU that takes an interrupt knows whether it has had its turn; commands come from the other one.
judged_at_home() {
    local home other cpus
    home=$(cpu_of 0)
    other=$((1 - home))
    echo 0 >$DIAG/lost_interrupts
    echo >$TRACE/trace
    vector 0 off
    taskset -c $other nvme id-ctrl /dev/nvme0 >/dev/null
    vector 0 on
    check "home: a loss is judged" grep -q 'onvme_lost: nvme0: qid=0' $TRACE/trace
    cpus=$(sed -n 's/.* \[0*\([0-9]\+\)\] .*onvme_lost: nvme0: qid=0 .*/\1/p' $TRACE/trace | sort -u)
    check_is "home: by the CPU that takes the interrupt (of two: $home)" "$home" "${cpus//$'\n'/ }"
}

# ticks SECONDS: how often the timer of the watch was started meanwhile
ticks() {
    echo >$TRACE/trace
    echo 1 >$TRACE/events/timer/timer_start/enable
    nap "$1"
    echo 0 >$TRACE/events/timer/timer_start/enable
    grep -c 'function=onvme_watch_tick' $TRACE/trace
}

sleeps_when_idle() {
    local n
    run_fio 6 awake
    n=$(ticks 1)
    check "awake: while commands are in flight a timer ticks ($n)" test "$n" -gt 3
    fio_result awake
    nap 1
    check_is "asleep: and not when there are none" 0 "$(ticks 3)"
}

deadline_off() {
    local ms
    echo 0 >$CTRL/poll_deadline_ms
    echo 2000 >$CTRL/io_timeout
    echo 0 >$DIAG/lost_interrupts
    log_mark
    vector 1 off
    ms=$(took one_read) || ms=-1
    diag "a read with the vector masked and the deadline off: $ms ms"
    check "off: nothing but the time-out finds it ($ms ms)" test "$ms" -ge 2000
    check "off: the log says so" log_has 'I/O tag [0-9]+ .* QID 1 timeout, completion polled'
    check_is "off: it is counted for the vector" "queue 1 vector 1 lost 1 late 0 interrupt" "$(lost_line 1)"
    # dd alone takes a second where processors are emulated: in its place the log says who found it.
    echo 500 >$CTRL/poll_deadline_ms
    log_mark
    ms=$(took one_read) || ms=-1
    diag "the same with the deadline on again: $ms ms"
    check "on again: it is found before that" log_has 'interrupt of queue 1 lost'
    refuse "on again: not by the time-out" log_has 'timeout, completion polled'
    vector 1 on
}

# Each attribute that takes a number refuses what is none, or is out of range, with EINVAL, and keeps its value.
nonsense() {
    local attr value before said
    for attr in "$CTRL"/{io_timeout,admin_timeout,shutdown_timeout,poll_deadline_ms} "$DIAG"/*; do
        before=$(cat "$attr")
        for value in "" x -1 1e3 "5 5" 0x 99999999999 18446744073709551616 3600001 "$(head -c 4000 /dev/zero | tr '\0' 9)"; do
            said=$({ echo "$value" >"$attr"; } 2>&1)
            case $said in
            *"Invalid argument") ;;
            *) not_ok "${attr#"$CTRL/"}: '${value:0:20}' is refused" && diag "$said" && return ;;
            esac
            [ "$(cat "$attr")" = "$before" ] || { not_ok "${attr#"$CTRL/"}: '${value:0:20}' changes nothing" && return; }
        done
    done
    ok "nonsense written to attributes is refused"
    check "poll_deadline_ms: 10000 is not" sh -c "echo 10000 >$CTRL/poll_deadline_ms && grep -qx 10000 $CTRL/poll_deadline_ms"
    check "poll_deadline_ms: 10001 is" not sh -c "echo 10001 >$CTRL/poll_deadline_ms"
    echo 500 >$CTRL/poll_deadline_ms
}

load || { not_ok "loads" && ktap_finish; }
wait_for 20 test -b $DEV
settle
pci=$(pci_of nvme0) table=$(msix_table) cpu=$(cpu_of 1)
intree || echo 1 >$TRACE/events/onvme/enable
diag "vector 1 is served by CPU $cpu, the table is at $(printf %#x "$table")"
log_mark
masked_under_fio
if ! intree; then
    check_is "the deadline without a parameter" 500 "$(cat $CTRL/poll_deadline_ms)"
    comes_back
    admin_masked
    sleeps_when_idle
    deadline_off
    nonsense
fi
check_is "nobody was told of an I/O error" "" "$(io_errors)"
settle
check "unload" wait_for 10 unload
ktap_finish
