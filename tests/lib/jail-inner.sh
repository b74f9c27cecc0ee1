# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the part of a guest test that runs without any other file system than memory (tests/lib/jail.sh). Ends the machine.

kill -STOP "$RUNNER"
# When memory is short the kernel tells that file system of files that it forgets, and waits for its answer: while there is one.
sync
echo 3 >/proc/sys/vm/drop_caches
# The kernel's test of suspend waits by counting, which takes emulated processors of a busy machine five times as long as it means to.
[ ! -w /sys/module/suspend/parameters/pm_test_delay ] || echo 1 >/sys/module/suspend/parameters/pm_test_delay
[ ! -w /proc/sys/kernel/watchdog_thresh ] || echo 60 >/proc/sys/kernel/watchdog_thresh

# After a sleep for real this machine does not switch off any more; told to restart, QEMU ends.
slept() { SLEPT=yes; }
off() {
    [ -z "${SLEPT:-}" ] || echo b >/proc/sysrq-trigger
    busybox poweroff -f -n
}

# The verdict goes the way that guest-run's would have gone; nothing behind this line can be read from the host any more.
finish() {
    local problems='' bad
    echo "1..$KTAP_COUNT"
    [ "$KTAP_FAILED" -eq 0 ] || problems="exit 1"
    bad=$(dmesg | sed -n "/onvme-test: begin $NAME/,\$p" | grep -E "$BAD" | grep -vE "$FINE" | head -n 8)
    [ -z "$bad" ] || { problems+="${problems:+; }kernel log" && echo "$bad"; }
    if [ -n "$problems" ]; then
        dmesg | tail -n 100
        echo "@end $NAME fail $problems"
    else
        echo "@end $NAME pass"
    fi
    sleep 1
    echo "status 0" >"$STATUS_PORT"
    sleep 1
    off
}

# Starts what is told to /sys/power/state. If the kernel itself hangs, the runner's limit ends the test.
power_state() { # STATE SECONDS
    local pid
    (echo "$1" >/sys/power/state) &
    pid=$!
    wait_for "$2" ended $pid || { not_ok "$1: comes back" && finish; }
    wait $pid
}

# As far as the kernel's own test of it goes.
suspend() { # STATE LEVEL
    echo "$2" >/sys/power/pm_test
    power_state "$1" 90
    check_is "$1, $2: the kernel did it" 0 $?
    check "$1, $2: the log says so" log_has "suspend debug: Waiting for"
    check "$1, $2: live" wait_for 30 live
    echo none >/sys/power/pm_test
}
