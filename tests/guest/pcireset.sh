#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will have the function reset by others - a user through sysfs, the PCI core after errors that the port above
# reports - while fio writes and verifies, and lose nothing.
#
# topology: rootport
# needs: fio setpci
# kernels: all
# timeout: 480
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
RESETS=8
wait_for 20 test -b $DEV
settle
pci=$(pci_of nvme0)
port=$(basename "$(readlink -f "/sys/bus/pci/devices/$pci/..")")

goes_on() { # LABEL
    local before
    check "$1: live" wait_for 30 live
    before=$(sectors_done)
    check "$1: I/O goes on" wait_for 30 moved_on "$before"
}

FAULTS=/sys/kernel/debug/onvme/faults
[ ! -e $FAULTS ] || rules "$NEVER"

nice -n 19 fio --output="$TMP/fio.out" --filename=$DEV --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 \
    --verify_backlog=128 --verify_state_save=0 --thinktime=15ms --thinktime_blocks=48 --end_fsync=1 --bs=4k --size=32m \
    --time_based --runtime=420 --thread --ioengine=libaio --iodepth=16 --name=low --offset=0 --name=high --offset=64m &
fio_pid=$!
wait_for 20 moved_on 1000 || not_ok "fio did not start"

# ---- a user resets the function ----
check "reset: the kernel offers it" test -w "/sys/bus/pci/devices/$pci/reset"
failed=0
for ((i = 1; i <= RESETS; i++)); do
    echo 1 >"/sys/bus/pci/devices/$pci/reset" || { failed=$((failed + 1)) && diag "reset $i was refused"; }
    # The one who asked is told when it is over.
    live || { failed=$((failed + 1)) && diag "reset $i: $(cat /sys/class/nvme/nvme0/state)"; }
    before=$(sectors_done)
    wait_for 20 moved_on "$before" || { failed=$((failed + 1)) && diag "no I/O after reset $i"; }
done
check_is "reset: $RESETS of the function under I/O" 0 "$failed"
# Somebody has changed the configuration since it went live: that stays.
# (The cache line size, since QEMU has it writable, and forgets it in a reset.)
line_size() { setpci -s "$pci" CACHE_LINE_SIZE; }
printf -v other '%02x' $((0x$(line_size) ^ 0x10))
setpci -s "$pci" CACHE_LINE_SIZE="$other"
check_is "reset: the cache line size is changed" "$other" "$(line_size)"
check "reset: with another cache line size" sh -c "echo 1 >/sys/bus/pci/devices/$pci/reset"
check_is "reset: which stays" "$other" "$(line_size)"
goes_on "reset: with another cache line size"
# Two at once, and one of the controller, get in each other's way or wait; none hangs.
for ((i = 0; i < 3; i++)); do
    (echo 1 >"/sys/bus/pci/devices/$pci/reset") 2>/dev/null &
    a=$!
    (echo 1 >/sys/class/nvme/nvme0/reset_controller) 2>/dev/null &
    wait $a $!
done
goes_on "reset: of function and controller at once"

# ---- behind the back of a bring-up ----
# The last command of it waits until the PCI core has waited long enough, and has reset the function all the same. No
# command may then be late because it was sent to queues that the device has forgotten.
if [ -e $FAULTS ]; then
    admin=$(cat /sys/class/nvme/nvme0/admin_timeout) timeouts=$(cat /sys/class/nvme/nvme0/diag/timeout_count)
    resets=$(cat /sys/class/nvme/nvme0/diag/reset_count)
    echo 200000 >/sys/class/nvme/nvme0/admin_timeout
    # Those who ask for these resets wait for as long as the command does: that is no hang.
    hung=$(cat /proc/sys/kernel/hung_task_timeout_secs)
    echo 120 >/proc/sys/kernel/hung_task_timeout_secs
    # Which one is the last depends on what the controller can do: a rule that never fires counts them.
    rules "when admin opcode set-features nth 1000 -> delay 1"
    echo 1 >/sys/class/nvme/nvme0/reset_controller
    last=$(sed -n 's/.* seen \([0-9]*\) .*/\1/p' $FAULTS)
    check "behind: a bring-up sets features" test "${last:-0}" -gt 1
    rules "when admin opcode set-features nth $last -> delay 66000"
    echo 1 >/sys/class/nvme/nvme0/reset_controller &
    controller=$!
    check "behind: the last command of a bring-up waits" wait_for 20 grep -q 'hit 1' $FAULTS
    check "behind: the function is reset" sh -c "echo 1 >/sys/bus/pci/devices/$pci/reset"
    wait $controller
    rules "$NEVER"
    goes_on behind
    check_is "behind: a reset for that" $((resets + 3)) "$(cat /sys/class/nvme/nvme0/diag/reset_count)"
    check_is "behind: nothing was late" "$timeouts" "$(cat /sys/class/nvme/nvme0/diag/timeout_count)"
    echo "$admin" >/sys/class/nvme/nvme0/admin_timeout
    echo "$hung" >/proc/sys/kernel/hung_task_timeout_secs
else
    skip "behind the back of a bring-up" "without CONFIG_ONVME_FAULT"
fi

# ---- errors ----
inject() { monitor "pcie_aer_inject_error port0 $1" >"$TMP/monitor" && ! grep -qi 'error:\|unknown\|not found\|failed' "$TMP/monitor"; }
happened() { # LABEL LINE
    check "$1: reported" wait_for 30 log_has "$2"
    check "$1: the port has recovered" wait_for 60 log_has "$port: AER: device recovery successful"
    goes_on "$1"
}

if log_since | grep -q 'AER: enabled' || dmesg | grep -q 'AER: enabled'; then
    log_mark
    check "non-fatal: injected" inject COMP_TIME
    happened non-fatal 'nvme0: PCI error, the link works'
    resets=$(cat /sys/class/nvme/nvme0/diag/reset_count)
    for ((i = 1; i <= 3; i++)); do
        log_mark
        check "fatal $i: injected" inject MALF_TLP
        happened "fatal $i" 'nvme0: PCI error, the link will be reset'
    done
    check_is "fatal: a reset for each" $((resets + 3)) "$(cat /sys/class/nvme/nvme0/diag/reset_count)"
else
    skip "errors" "the kernel does not handle AER"
fi

# ---- the function forgets its configuration behind the driver's back ----
log_mark
setpci -s "$pci" COMMAND=0000:0006
echo 1 >/sys/class/nvme/nvme0/reset_controller
check "forgotten: the ladder puts it back" log_has 'recovered by (NVM subsystem|function-level|secondary bus) reset'
goes_on forgotten
diag "$(tr '\n' ' ' </sys/class/nvme/nvme0/diag/recovery)"

fio_finishes "$fio_pid" 40
[ ! -e $FAULTS ] || rules
check_is "errors that fio counted" 0 "$(fio_errors "$TMP/fio.out")"
check_is "fio: two jobs" 2 "$(grep -cE 'err= *0' "$TMP/fio.out")"
# shellcheck disable=SC2034 # read by log_since: the whole of this test
LOG_MARK="onvme-test: begin $(basename "$0" .sh)"
check_is "nobody was told of an I/O error" "" "$(io_errors)"
refuse "diag/recovery refuses nonsense" sh -c 'echo 1 >/sys/class/nvme/nvme0/diag/recovery'
check "diag/recovery: cleared" sh -c 'echo 0 >/sys/class/nvme/nvme0/diag/recovery && ! grep -qv ": 0$" /sys/class/nvme/nvme0/diag/recovery'
ktap_finish
