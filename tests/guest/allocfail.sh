#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will let each allocation fail in turn, while the module is loaded, while a device is bound and while it is reset: each
# ends cleanly or with less, nothing is left, the next bind works, and no memory is lost. Every third of them, for time;
# with ONVME_CYCLES=1 really each, which takes long.
#
# topology: cpu2
# needs: -
# kernels: 6.12
# timeout: 1800
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/memory.sh

DEV=/dev/nvme0n1
SYS=/sys/class/nvme/nvme0
FAULTS=/sys/kernel/debug/onvme/faults
MOST=300
STRIDE=${ONVME_CYCLES:-3}
# What the log says when there is a controller without a disk
EXCUSES='cannot add namespace|namespace scan stopped|I/O queues created'

ask() { printf 'clear\nwhen alloc nth %s -> fail\n' "$1" >$FAULTS; }
never_again() { echo clear >$FAULTS; }
hits() { sed -n 's/.* hit //p' $FAULTS; }
was_hit() { [ "$(hits)" = 1 ]; }
bind() { echo "$pci" >/sys/bus/pci/drivers/onvme/bind; }
unbind() { echo "$pci" >/sys/bus/pci/drivers/onvme/unbind; }
bound() { [ -e "/sys/bus/pci/drivers/onvme/$pci" ]; }
nodes() { find /dev -maxdepth 1 \( -name 'nvme*' -o -name 'ng*' \); }
state() { cat $SYS/state 2>/dev/null || echo none; }
# A disk of a dead controller may be of size 0, which is no error.
read_some() { [ "$(timeout 60 dd if=$DEV bs=256k count=1 iflag=direct status=none 2>/dev/null | wc -c)" -eq 262144 ]; }
over() { case $(state) in live | dead) ;; *) return 1 ;; esac; }

# Loading asks for a few things before the first device: then nothing is to be left of the module.
each_of_load() {
    local n
    for ((n = 1; n <= MOST; n++)); do
        load "faults=\"when alloc nth $n -> fail\"" 2>/dev/null && break
        ! loaded || { not_ok "load: allocation $n: the module is half there" && return; }
    done
    check "load: from allocation $n on it is the device's" test "$n" -gt 5 -a "$n" -lt 20
    check "load: the module goes" wait_for 10 unload
    check "load: nothing is left" test -z "$(nodes)"
}

# One bind with allocation N failing. Prints what went wrong.
failing_bind() { # N
    log_mark
    ask "$1"
    if bind 2>/dev/null; then
        [ "$(state)" = live ] || echo "allocation $1: bound and $(state)"
        if [ -b $DEV ]; then
            read_some || echo "allocation $1: cannot be read"
        elif ! log_has "$EXCUSES"; then
            echo "allocation $1: no disk, and no word about it"
        fi
        timeout 60 sh -c "echo $pci >/sys/bus/pci/drivers/onvme/unbind" || echo "allocation $1: cannot be unbound"
    fi
    ! bound || echo "allocation $1: still bound"
    [ -z "$(nodes)" ] || echo "allocation $1: left $(nodes)"
}

each_of_bind() { # sets most
    local n wrong=''
    for ((n = 1; n <= MOST; n += STRIDE)); do
        wrong+=$(failing_bind "$n")
        was_hit || break
    done
    most=$((n - 1))
    check_is "bind: of $most allocations every one in $STRIDE fails cleanly" "" "$wrong"
    check "bind: all were tried" test "$most" -gt 40 -a "$most" -lt $MOST
    never_again
    check "bind: one without works" bind
    check "bind: its disk" wait_for 20 test -b $DEV
    check "bind: its I/O" read_some
    unbind
}

each_bind_once_more() {
    local n
    for ((n = 1; n <= most; n += STRIDE)); do
        ask "$n"
        ! bind 2>/dev/null || unbind
    done
}

# One reset with allocation N failing: live, and then it can be read, or dead, and then it says so at once.
failing_reset() { # N
    ask "$1"
    timeout 60 sh -c "echo 1 >$SYS/reset_controller" 2>/dev/null
    wait_for 60 over || echo "allocation $1: $(state) for a minute"
    if [ "$(state)" = live ]; then
        lived=$((lived + 1))
        [ ! -b $DEV ] || read_some || { never_again && read_some; } || echo "allocation $1: live but cannot be read"
    else
        died=$((died + 1))
        ! read_some || echo "allocation $1: dead but can be read"
    fi
}

each_of_reset() {
    local n lived=0 died=0
    : >"$TMP/wrong"
    log_mark
    bind
    wait_for 20 test -b $DEV
    for ((n = 1; n <= MOST; n += STRIDE)); do
        failing_reset "$n" >>"$TMP/wrong"
        wait_for 3 was_hit || break
        never_again
        if [ "$(state)" = live ] && [ -b $DEV ]; then continue; fi
        unbind
        [ -z "$(nodes)" ] || echo "allocation $n: left $(nodes)" >>"$TMP/wrong"
        bind && wait_for 20 test -b $DEV || echo "allocation $n: cannot be bound afterwards" >>"$TMP/wrong"
    done
    diag "one in $STRIDE of $((n - 1)) allocations in a reset: $lived times live, $died times dead"
    check_is "reset: each allocation that fails leaves it live or dead" "" "$(cat "$TMP/wrong")"
    refuse "reset: what can be done without does not end it" log_has 'bring-up failed at step 6 \(timestamp\)'
    check "reset: all were tried" test "$n" -gt 10 -a "$n" -lt $MOST
    never_again
    check "reset: one without works" sh -c "echo 1 >$SYS/reset_controller"
    check "reset: live" live
    check "reset: I/O" read_some
}

mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
udev_off
each_of_load
load && wait_for 20 test -b $DEV
pci=$(pci_of nvme0)
unbind
each_of_bind
three_rounds each_bind_once_more
never_again
each_of_reset
check "unload" wait_for 10 unload
udev_on
ktap_finish
