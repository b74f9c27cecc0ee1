#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will let each step of the bring-up fail once: the load ends cleanly, nothing is left, the next load works, and
# no memory is lost.
#
# topology: plain
# needs: -
# kernels: all
# timeout: 300
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

STEPS=11
# udev would hold each new node open for a moment; what it does is shown by other tests.
udevadm control --stop-exec-queue 2>/dev/null
nodes() { find /dev -maxdepth 1 \( -name 'nvme*' -o -name 'ng*' \); }
kmalloc_kb() { awk '/^kmalloc-/ { sum += $2 * $4 } END { print int(sum / 1024) }' /proc/slabinfo; }

good_load() { load && wait_for 20 test -b /dev/nvme0n1 && dd if=/dev/nvme0n1 of=/dev/null bs=4k count=4 iflag=direct status=none; }

round() { # STEP
    log_mark
    # The module may load although the probe fails, or be refused; both are clean.
    load "fail_step=$1" 2>/dev/null
    wait_for 20 log_has 'onvme|nvme0' || echo "no line about the failure of step $1"
    wait_for 10 quiet
    ! loaded || unload || echo "step $1: rmmod failed"
    [ -z "$(nodes)" ] || echo "step $1: left $(nodes)"
}

# The probe is over when the device is bound for good or let go, and its namespaces, if any, are there.
quiet() { [ ! -e /sys/class/nvme/nvme0 ] || live || [ "$(cat /sys/class/nvme/nvme0/state)" = dead ]; }

check "parameter fail_step is there" sh -c "modinfo -F parm '$ONVME_KO' | grep -q '^fail_step:'"
good_load && unload
before=0
for pass in 1 2; do
    for ((n = 1; n <= STEPS; n++)); do
        problems=$(round "$n")
        check_is "pass $pass, step $n fails cleanly" "" "$problems"
        check "pass $pass, a normal load after step $n" good_load
        check "pass $pass, unload after it" wait_for 10 unload
    done
    sleep 1
    [ "$pass" -ne 1 ] || before=$(kmalloc_kb)
done
after=$(kmalloc_kb)
diag "kmalloc in use: $before kB, then $after kB"
udevadm control --start-exec-queue 2>/dev/null
check "the second pass keeps no memory" test $((after - before)) -lt 64
ktap_finish
