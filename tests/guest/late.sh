#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will make commands late: their interrupts are lost, the drive takes longer than allowed, the device falls silent.
# Each must be noticed in its own way, and no data may be lost.
#
# topology: plain
# needs: fio jq setpci
# kernels: all
# older: full
# timeout: 400
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
DIAG=/sys/class/nvme/nvme0/diag
# Longer than a command takes on a busy machine, so that what is late is late because it was made so.
TIMEOUT_MS=3000

counter() { cat "$DIAG/$1_count"; }
more_than() { [ "$(counter "$1")" -gt "$2" ]; }

# All vectors are masked behind the kernel's back: completions arrive in memory, but nobody is told.
interrupts() { setpci -s "$pci" CAP_MSIX+2.w="$([ "$1" = off ] && echo 4000 || echo 0):4000"; }

interrupt_lost() {
    local polled resets errors
    polled=$(counter polled) resets=$(counter reset) errors=$(counter command_error)
    head -c 65536 /dev/urandom >"$TMP/data"
    log_mark
    interrupts off
    check "interrupt lost: writing ends without an error" timeout 60 dd if="$TMP/data" of=$DEV bs=32k oflag=direct status=none
    check "interrupt lost: reading too" timeout 60 dd if=$DEV of="$TMP/back" bs=32k count=2 iflag=direct status=none
    interrupts on
    check "interrupt lost: the data are right" cmp "$TMP/data" "$TMP/back"
    check "interrupt lost: each was noticed (polled_count)" more_than polled $((polled + 3))
    check "interrupt lost: for its vector too" grep -qE '^queue [1-4] vector [1-4] lost [1-9][0-9]* late 0 interrupt' "$DIAG/lost_interrupts"
    check "interrupt lost: the log says so" log_has 'I/O tag [0-9]+ .* timeout, completion polled'
    check_is "interrupt lost: that is no reason for a reset" "$resets" "$(counter reset)"
    check_is "interrupt lost: and no error" "$errors" "$(counter command_error)"
    polled=$(counter polled)
    # On a busy machine a sound interrupt may be slow: here none must be given up on.
    echo 60000 >/sys/class/nvme/nvme0/io_timeout
    check "interrupt lost: all is well afterwards" timeout 90 dd if=$DEV of=/dev/null bs=32k count=32 iflag=direct status=none
    check_is "interrupt lost: afterwards none is polled" "$polled" "$(counter polled)"
    echo $TIMEOUT_MS >/sys/class/nvme/nvme0/io_timeout
}

throttle() { monitor "block_set_io_throttle ns1 0 0 0 $1 0 0" | grep -qiE 'error|unknown|not found' && return 1 || return 0; }

# At one request a second, the last of sixteen takes longer than a time-out, an Abort, and the second time-out.
drive_stalls() {
    local timeouts resets aborts
    timeouts=$(counter timeout) resets=$(counter reset) aborts=$(counter abort)
    log_mark
    check "stall: the monitor slows the drive down" throttle 1
    fio --output="$TMP/fio.json" --output-format=json --name=stall --filename=$DEV --direct=1 --ioengine=libaio --iodepth=16 --thread \
        --rw=randwrite --bs=16k --size=1m --offset=64m --verify=crc32c --verify_fatal=1 --verify_state_save=0 &
    fio_pid=$!
    check "stall: commands are late (timeout_count)" wait_for 60 more_than timeout "$timeouts"
    check "stall: Abort is sent (abort_count)" wait_for 60 more_than abort "$aborts"
    check "stall: reset follows (reset_count)" wait_for 60 more_than reset "$resets"
    check "stall: the drive is let go" throttle 0
    check "stall: fio ends" wait_for 60 ended "$fio_pid"
    ended "$fio_pid" || kill -KILL "$fio_pid"
    check "stall: fio wrote and verified without an error" wait "$fio_pid"
    check_is "stall: blocks written, read back, errors" "64 64 0" \
        "$(jq -r '.jobs[0] | "\(.write.total_ios) \(.read.total_ios) \(.error + .total_err)"' "$TMP/fio.json")"
    check "stall: for its vector too" grep -qE '^queue [1-4] vector [1-4] lost [0-9]+ late [1-9]' "$DIAG/lost_interrupts"
    check "stall: the log says abort" log_has 'I/O tag .* timeout, aborting'
    check "stall: the log says reset" log_has 'I/O tag .* timeout, reset controller'
    check "stall: live" wait_for 20 live
    # Read-ahead (0x80000), which somebody who looked at the disk may have started, is not tried again when it was late itself.
    check_is "stall: nobody was told of an I/O error" "" "$(io_errors | grep -vE 'READ\) flags 0x8[0-9a-f]{4} ')"
    diag "timeouts $timeouts..$(counter timeout), aborts $aborts..$(counter abort), resets $resets..$(counter reset)"
}

# What is read ahead is marked fail-fast, so that a drive which fails is not asked twice; but a reset is no failure of the drive.
reads_under_way() { awk '{ exit !($9 > 1) }' /sys/block/nvme0n1/stat; }

reset_meets_read_ahead() {
    log_mark
    echo 60000 >/sys/class/nvme/nvme0/io_timeout
    blockdev --flushbufs $DEV
    check "read-ahead: the monitor slows the drive down" throttle 1
    timeout 120 dd if=$DEV of="$TMP/ahead" bs=64k count=32 skip=64 status=none &
    check "read-ahead: several reads are under way" wait_for 20 reads_under_way
    check "read-ahead: a reset" sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller'
    check "read-ahead: the drive is let go" throttle 0
    check "read-ahead: the reader sees no error" wait $!
    check "read-ahead: and the right data" cmp "$TMP/ahead" <(dd if=$DEV bs=64k count=32 skip=64 iflag=direct status=none)
    check_is "read-ahead: nobody was told of an I/O error" "" "$(io_errors)"
    echo $TIMEOUT_MS >/sys/class/nvme/nvme0/io_timeout
}

# Memory decoding off: nothing answers (QEMU reads zeroes from there), and nothing but the time-out tells. A reset of the controller
# cannot help, one of the function does, since its configuration is put back then.
falls_silent() {
    log_mark
    head -c 65536 /dev/urandom >"$TMP/data"
    setpci -s "$pci" COMMAND=0000:0002
    check "silence: a write ends without an error" timeout 120 dd if="$TMP/data" of=$DEV bs=64k oflag=direct conv=notrunc status=none
    check "silence: it was noticed by a time-out" log_has 'I/O tag .* timeout, reset controller|controller is down; will reset'
    check "silence: a stronger reset helped" log_has 'recovered by .* reset'
    check "silence: live" wait_for 30 live
    check "silence: the data are right" cmp "$TMP/data" <(dd if=$DEV bs=64k count=1 iflag=direct status=none)
    check_is "silence: nobody was told of an I/O error" "" "$(io_errors | grep -vE 'READ\) flags 0x8[0-9a-f]{4} ')"
}

# Interrupts that are lost would be found before their time is over (irqlost.sh).
load io_timeout_ms=$TIMEOUT_MS admin_timeout_ms=30000 poll_deadline_ms=0 || { not_ok "loads" && ktap_finish; }
wait_for 20 test -b $DEV
settle
pci=$(pci_of nvme0)
interrupt_lost
reset_meets_read_ahead
drive_stalls
falls_silent
settle
check "unload" wait_for 10 unload
ktap_finish
