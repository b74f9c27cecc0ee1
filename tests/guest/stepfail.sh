#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will let each step of the bring-up fail once: the load ends cleanly, nothing is left, the next load works, and
# no memory is lost. Then the same during a reset: the controller lives or is dead, and either way the module goes.
#
# topology: cpu2
# needs: -
# kernels: all
# older: full
# timeout: 480
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/memory.sh

STEPS=17

udev_off

nodes() { find /dev -maxdepth 1 \( -name 'nvme*' -o -name 'ng*' \); }

good_load() { load && wait_for 20 test -b /dev/nvme0n1 && dd if=/dev/nvme0n1 of=/dev/null bs=4k count=4 iflag=direct status=none; }

# The probe is over when there is a controller, live or dead, or when the device has been let go again with a line.
probe_over() {
    if [ -e /sys/class/nvme/nvme0 ]; then live || grep -q dead /sys/class/nvme/nvme0/state; else log_has 'probe of|failed'; fi
}

# Prints what went wrong. The module may load although the probe fails, or be refused; both are clean.
failing_load() { # STEP
    log_mark
    load "fail_step=$1" 2>/dev/null
    wait_for 20 probe_over || echo "step $1: no end of the probe"
    ! loaded || wait_for 10 unload || echo "step $1: rmmod failed"
    [ -z "$(nodes)" ] || echo "step $1: left $(nodes)"
}

each_step() {
    local n
    for ((n = 1; n <= STEPS; n++)); do
        check_is "step $n fails cleanly" "" "$(failing_load "$n")"
        # What the log says decides whether anything failed at all; behind the last step nothing can.
        if log_has 'failed'; then failures=$((failures + 1)); fi
        check "a normal load after step $n" good_load
        check "unload after it" wait_for 10 unload
    done
}

over() { case $(cat /sys/class/nvme/nvme0/state) in live | dead) ;; *) return 1 ;; esac; }
read_some() { [ "$(timeout 60 dd if=/dev/nvme0n1 bs=4k count=4 iflag=direct status=none 2>/dev/null | wc -c)" -eq 16384 ]; }

# Prints what went wrong.
failing_reset() { # STEP
    echo "$1" >/sys/module/onvme/parameters/fail_step
    timeout 60 sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller' 2>/dev/null
    wait_for 60 over || echo "step $1: no end of the reset"
    if live; then
        read_some || echo "step $1: live but cannot be read"
        return
    fi
    ! read_some || echo "step $1: dead but can be read"
    wait_for 10 unload || echo "step $1: rmmod failed"
    [ -z "$(nodes)" ] || echo "step $1: left $(nodes)"
    good_load || echo "step $1: no load afterwards"
}

each_step_of_reset() {
    local n
    good_load
    for ((n = 1; n <= STEPS; n++)); do
        check_is "step $n fails in a reset" "" "$(failing_reset "$n")"
    done
    check "all of them were asked for" grep -qx 0 /sys/module/onvme/parameters/fail_step
    check "a reset without works" sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller'
    check "unload" wait_for 10 unload
}

each_step_once_more() {
    local n
    for ((n = 1; n <= STEPS; n++)); do
        load "fail_step=$n" 2>/dev/null
        nap 0.3
        ! loaded || wait_for 10 unload
    done
}

check "parameter fail_step is there" sh -c "modinfo -F parm '$ONVME_KO' | grep -q '^fail_step:'"
good_load && unload
failures=0
each_step
each_step_of_reset
check "ten steps can fail (found $failures)" test "$failures" -ge 10
three_rounds each_step_once_more
udev_on
ktap_finish
