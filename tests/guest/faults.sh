#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will ask for each kind of fault in debugfs and see that it does what it says and no more, and that nonsense is refused
# and changes nothing.
#
# topology: cpu2
# needs: -
# kernels: all
# timeout: 500
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
SYS=/sys/class/nvme/nvme0
FAULTS=/sys/kernel/debug/onvme/faults
# Longer than a command takes on a busy machine, so that what is late is late because it was made so.
TIMEOUT_MS=3000

counter() { cat "$SYS/diag/$1_count"; }
more_than() { [ "$(counter "$1")" -gt "$2" ]; }
ask() { printf '%s\n' "$@" >$FAULTS; }
only() { ask clear "$@"; }
clear_all() { ask clear; }
# seen or hit of the rule in line N (the first)
told() { sed -n "${2:-1}s/.* $1 \([0-9]*\).*/\1/p" $FAULTS; }
hit_is() { [ "$(told hit)" -eq "$1" ]; }
# One command of eight blocks
read_at() { timeout 60 dd if=$DEV of="${2:-/dev/null}" bs=4096 skip=$(($1 / 8)) count=1 iflag=direct status=none; }
write_at() { timeout 60 dd if="$2" of=$DEV bs=4096 seek=$(($1 / 8)) count=1 oflag=direct conv=notrunc status=none; }
bind() { echo "$pci" >/sys/bus/pci/drivers/onvme/bind; }
unbind() { echo "$pci" >/sys/bus/pci/drivers/onvme/unbind; }
ms() { local t && read -r t _ </proc/uptime && t=${t/./} && echo "$((10#$t * 10))"; }

# What the kernel says to one write of all these lines, in words. The shell would write them one by one.
answer() { printf '%b' "$1" >"$TMP/lines" && dd if="$TMP/lines" of=$FAULTS bs=8k status=none 2>&1 | sed 's/.*: //'; }

bad_lines() {
    local line before
    only 'when opcode read nsid 7 nth 3 -> delay 50' '# a remark' 'when queue 9 -> no-interrupt'
    before=$(cat $FAULTS)
    check_is "the rules read back" 'when io opcode 0x02 nsid 7 nth 3 -> delay 50 # seen 0 hit 0
when queue 9 -> no-interrupt # seen 0 hit 0' "$before"
    for line in 'nonsense' 'when' 'when -> ' 'when io -> drop\nwhen io -> crash' 'clear\nwhen io -> drop drop' \
        'when -> status 0/0' 'when nth 0 -> drop' 'when opcode 1 -> drop' 'when io opcode 256 -> drop' 'when step 18 -> fail' \
        'when alloc -> drop' 'when queue 2..1 -> drop' 'when admin lba 1 -> drop' 'when opcode flush lba 1 -> drop' 'when io queue 0 -> drop' 'when -> delay 600001' 'Clear' 'when io -> drop\0' "#$(printf '%5000s' '')"; do
        check_is "refused: $(head -c 50 <<<"$line")" 'Invalid argument' "$(answer "$line")"
    done
    check_is "too many at once" 'No space left on device' "$(answer "$(for _ in {1..17}; do echo 'when queue 9 -> drop'; done)")"
    check_is "too many in all" 'No space left on device' "$(answer "$(for _ in {1..15}; do echo 'when queue 9 -> drop'; done)")"
    check_is "none of that has changed anything" "$before" "$(cat $FAULTS)"
    check_is "16 are not too many" '' "$(answer "clear\n$(for _ in {1..16}; do echo 'when queue 9 -> drop'; done)")"
    check_is "they are there" 16 "$(wc -l <$FAULTS)"
    check_is "what was read can be written" '' "$(answer "clear\n$(cat $FAULTS)")"
    check_is "they are there again" 16 "$(wc -l <$FAULTS)"
    check_is "an empty line and a remark change nothing" '16' "$(answer '\n# a remark\n \n  # another\n')$(wc -l <$FAULTS)"
    check_is "clear, with a remark" '' "$(answer 'clear # all of them\n')"
    check_is "has cleared" '' "$(cat $FAULTS)"
    only 'when queue 9 -> drop'
    clear_all
    check_is "clear" '' "$(cat $FAULTS)"
}

status_is_forced() {
    local retries errors
    only 'when opcode read nsid 1 lba 8..15 -> status 2/0x81 dnr'
    log_mark
    retries=$(counter command_retries) errors=$(counter command_error)
    refuse "status: a read of block 8 fails" read_at 8
    check "status: in those words" log_has 'Read\(0x2\) @ LBA 8, 8 blocks, Unrecovered Read Error \(sct 0x2 / sc 0x81\) +DNR'
    check "status: a read of block 16 does not" read_at 16
    check "status: nor does a write of block 8" write_at 8 "$TMP/zero"
    check_is "status: DNR is heeded" "$retries $((errors + 1))" "$(counter command_retries) $(counter command_error)"
    only 'when opcode read first 2 -> status 0/0x06'
    check "status: an error that passes is tried again" read_at 0
    check_is "status: twice" "$((retries + 2)) 2" "$(counter command_retries) $(told hit)"
    only 'when opcode write nth 2 -> status 2/0x80 dnr'
    check "status: the first write is well" write_at 32 "$TMP/zero"
    refuse "status: the second fails" write_at 32 "$TMP/random"
    read_at 32 "$TMP/back"
    check "status: it was not executed" cmp -n 4096 "$TMP/back" "$TMP/zero"
    only 'when dev ffff:00:00.0 io -> status 2/0x80 dnr'
    check "status: not of another device" read_at 0
    check_is "status: which has seen nothing" 0 "$(told seen)"
}

completion_is_lost() {
    local aborts resets errors
    aborts=$(counter abort) resets=$(counter reset) errors=$(counter command_error)
    only 'when opcode read nth 1 -> drop'
    check "drop: the reader notices nothing" read_at 8 "$TMP/back"
    check_is "drop: one" 1 "$(told hit)"
    check "drop: Abort was tried" more_than abort "$aborts"
    check "drop: then a reset" more_than reset "$resets"
    check_is "drop: no error" "$errors" "$(counter command_error)"
    check "drop: the right data" cmp -n 4096 "$TMP/back" "$TMP/zero"
    check "drop: live" wait_for 20 live
}

many_reads() {
    local i pids=()
    for i in {1..24}; do
        read_at "$((8 * i))" &
        pids+=($!)
    done
    for i in "${pids[@]}"; do wait "$i" || return 1; done
}

completion_is_late() {
    local timeouts before took reader
    clear_all
    timeouts=$(counter timeout)
    only 'when opcode read nth 1 -> delay 1000'
    before=$(ms)
    check "delay: a read" read_at 8
    took=$(($(ms) - before))
    check "delay: of a second and more ($took ms)" test "$took" -ge 1000
    check_is "delay: that is no time-out" "$timeouts 1" "$(counter timeout) $(told hit)"
    only "when opcode read nth 1 -> delay $((TIMEOUT_MS * 5 / 2))"
    check "delay: longer than the time-out" read_at 8
    check "delay: is one" more_than timeout "$timeouts"
    check "delay: live" wait_for 20 live
    echo 60000 >$SYS/io_timeout
    only 'when opcode read nth 1 -> delay 600000'
    read_at 8 &
    reader=$!
    check "delay: ten minutes" wait_for 10 hit_is 1
    before=$(ms)
    clear_all
    wait $reader
    check_is "delay: ends with the rules" 0 $?
    check "delay: at once" test $(($(ms) - before)) -lt 10000
    # More than can be held back at a time.
    only 'when opcode read -> delay 500'
    check "delay: all are read" many_reads
    echo $TIMEOUT_MS >$SYS/io_timeout
    only 'when opcode read nth 1 -> delay 600000'
    read_at 8 2>/dev/null &
    check "delay: another" wait_for 10 hit_is 1
    check "delay: the driver lets go of the device all the same" timeout 60 sh -c "echo $pci >/sys/bus/pci/drivers/onvme/unbind"
    wait $!
    check "delay: and takes it again" bind
    check "delay: with its disk" wait_for 20 test -b $DEV
    check "delay: and I/O" read_at 8
    echo $TIMEOUT_MS >$SYS/io_timeout
}

lost_by_vectors() { awk '{ n += $6 } END { print n + 0 }' $SYS/diag/lost_interrupts; }

interrupt_is_lost() {
    local polled resets deadline lost
    polled=$(counter polled) resets=$(counter reset) deadline=$(cat $SYS/poll_deadline_ms)
    echo 0 >$SYS/poll_deadline_ms
    only 'when queue 1..2 nth 1 -> no-interrupt'
    check "no-interrupt: the reader notices nothing but the time" read_at 8
    check_is "no-interrupt: one" 1 "$(told hit)"
    check "no-interrupt: it was found by looking" more_than polled "$polled"
    echo "$deadline" >$SYS/poll_deadline_ms
    polled=$(counter polled) lost=$(lost_by_vectors)
    only 'when queue 1..2 nth 1 -> no-interrupt'
    check "no-interrupt: with a deadline, too" read_at 8
    check_is "no-interrupt: one more" 1 "$(told hit)"
    check "no-interrupt: its vector has lost one" test "$(lost_by_vectors)" -gt "$lost"
    check_is "no-interrupt: that was no time-out" "$polled" "$(counter polled)"
    check_is "no-interrupt: no reason for a reset" "$resets" "$(counter reset)"
}

device_is_gone() {
    local i hits seen deadline
    deadline=$(cat $SYS/poll_deadline_ms)
    # Without a deadline nobody looks before the time-out does.
    echo 0 >$SYS/poll_deadline_ms
    only 'when opcode read nth 1 -> drop' 'when first 2 -> all-ones'
    log_mark
    check "all-ones: for two reads" read_at 8 "$TMP/back"
    check_is "all-ones: two" 2 "$(told hit 2)"
    check "all-ones: the time-out saw it" log_has 'controller is down; will reset: CSTS=0xffffffff'
    check "all-ones: it came back" wait_for 20 live
    check "all-ones: with the right data" cmp -n 4096 "$TMP/back" "$TMP/zero"
    echo "$deadline" >$SYS/poll_deadline_ms
    echo 30000 >$SYS/io_timeout
    only 'when opcode read nth 1 -> drop' 'when first 1 -> all-ones'
    log_mark
    check "all-ones: for one read" read_at 8 "$TMP/back"
    check "all-ones: it was seen to return" log_has 'resetting controller due to its return to the bus'
    check "all-ones: it came back again" wait_for 20 live
    check "all-ones: with the right data again" cmp -n 4096 "$TMP/back" "$TMP/zero"
    echo $TIMEOUT_MS >$SYS/io_timeout
    only 'when opcode read nth 1 -> drop' 'when -> all-ones 1'
    check "all-ones: for a moment" read_at 8
    check "all-ones: and not longer" test "$(told seen 2)" -gt "$(told hit 2)"
    check "all-ones: live" wait_for 20 live
    # Resets read registers; only the second time shows that it comes again.
    only 'when every 40 -> all-ones 1'
    for ((i = 0; i < 60 && $(told seen) < 40; i++)); do echo 1 >$SYS/reset_controller; done
    hits=$(told hit)
    seen=$(($(told seen) / 40 * 40 + 40))
    sleep 0.1
    for ((i = 0; i < 60 && $(told seen) < seen; i++)); do echo 1 >$SYS/reset_controller; done
    check "all-ones: every 40th time: once ($hits)" test "$hits" -ge 1
    check "all-ones: every 40th time: and again ($(told hit))" test "$(told hit)" -gt "$hits"
    clear_all
    check "all-ones: every 40th time: live" wait_for 30 live
    only 'when -> all-ones'
    check "all-ones: for good: a reset ends" timeout 120 sh -c "echo 1 >$SYS/reset_controller || true"
    check "all-ones: dead or gone" wait_for 60 sh -c "! [ -e $SYS ] || grep -qx dead $SYS/state"
    check "all-ones: unbind" timeout 60 sh -c "echo $pci >/sys/bus/pci/drivers/onvme/unbind"
    refuse "all-ones: it cannot be bound" bind
    clear_all
    check "all-ones: bound again without" bind
    check "all-ones: the disk" wait_for 20 test -b $DEV
    check "all-ones: I/O" read_at 8
}

step_fails() {
    only 'when step 4 first 1 -> fail'
    log_mark
    unbind
    refuse "step: the bring-up fails" bind
    check "step: at that step" log_has 'bring-up failed at step 4 \(identify\): -5'
    check "step: the next does not" bind
    check "step: the disk" wait_for 20 test -b $DEV
    check_is "step: seen twice, hit once" "2 1" "$(told seen) $(told hit)"
    only 'when opcode create-cq nth 2 -> status 1/0x01'
    log_mark
    unbind
    check "admin: a queue is refused" bind
    check "admin: there is one fewer" log_has '1 of 2 I/O queues created'
    check "admin: the disk" wait_for 20 test -b $DEV
    check "admin: I/O" read_at 8
}

# The first looks at a namespace find it not ready; nobody asks for another.
namespace_is_not_ready() {
    only 'when opcode identify nsid 1 first 2 -> status 0/0x82'
    unbind
    log_mark
    check "not ready: bind" bind
    check "not ready: there is no disk at first" wait_for 10 log_has 'namespace 1 cannot be identified now'
    check "not ready: it is looked at again" wait_for 20 test -b $DEV
    hit_is 2 || not_ok "not ready: both looks failed"
    clear_all
    check "not ready: I/O" read_at 8
}

file_and_module() {
    only 'when queue 9 -> drop'
    exec 8<$FAULTS
    refuse "rmmod while the file is open" unload
    exec 8<&-
    check "rmmod with rules set" wait_for 10 unload
    check "the directory is gone" not test -e /sys/kernel/debug/onvme
    refuse "nonsense at load refuses the load" load 'faults="when io -> crash"'
    check "nothing is left of it" not test -e /sys/kernel/debug/onvme
    check "rules at load" load 'faults="when step 3 first 1 -> fail"'
    check "are there" wait_for 20 grep -q '^when step 3 first 1 -> fail # seen 1 hit 1' $FAULTS
    check "and do what they say" log_has 'bring-up failed at step 3 \(admin\)'
    clear_all
    check "unload" wait_for 10 unload
}

# Nobody clears it: its timer must not outlive what it runs on.
held_at_unload() {
    check "held: load" load io_timeout_ms=$TIMEOUT_MS
    check "held: the disk" wait_for 20 test -b $DEV
    only 'when opcode read nth 1 -> delay 600000'
    read_at 8 2>/dev/null &
    check "held: a completion" wait_for 10 hit_is 1
    check "held: unbind" timeout 60 sh -c "echo $pci >/sys/bus/pci/drivers/onvme/unbind"
    wait $!
    check "held: unload" wait_for 10 unload
    check "held: load again" load
    check "held: the disk again" wait_for 20 test -b $DEV
    check "held: I/O" read_at 8
    check "held: unload again" wait_for 10 unload
}

mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
load io_timeout_ms=$TIMEOUT_MS || { not_ok "loads" && ktap_finish; }
wait_for 20 test -b $DEV
settle
udev_off
pci=$(pci_of nvme0)
head -c 4096 /dev/zero >"$TMP/zero"
head -c 4096 /dev/urandom >"$TMP/random"
check_is "only root may write" "600 root" "$(stat -c '%a %U' $FAULTS)"
check_is "there is no rule at first" '' "$(cat $FAULTS)"
bad_lines
status_is_forced
completion_is_lost
completion_is_late
interrupt_is_lost
device_is_gone
step_fails
namespace_is_not_ready
file_and_module
held_at_unload
udev_on
ktap_finish
