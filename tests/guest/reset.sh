#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will reset the controller twenty times, by sysfs and by ioctl in turn, while fio writes and verifies, and lose
# nothing.
#
# topology: plain,ioq1
# needs: fio nvme
# kernels: all
# timeout: 150
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

RESETS=20
wait_for 20 test -b /dev/nvme0n1
settle


# Bursts with pauses: there are always commands under way, but the shell that asks for the resets gets its turn on a slow machine.
nice -n 19 fio --output="$TMP/fio.out" --filename=/dev/nvme0n1 --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 \
    --verify_backlog=128 --verify_state_save=0 --thinktime=15ms --thinktime_blocks=48 --end_fsync=1 \
    --bssplit=512/20:4k/50:64k/20:256k/10 --blockalign=512 --size=48m --time_based --runtime=120 --thread \
    --name=libaio --ioengine=libaio --iodepth=16 --offset=0 --name=uring --ioengine=io_uring --iodepth=16 --offset=64m \
    --name=psync --ioengine=psync --offset=128m &
fio_pid=$!
# fio ends by itself when it has seen a mistake; that it still runs after the last reset is part of the verdict.
wait_for 20 moved_on 1000 || not_ok "fio did not start"

# Somebody who reads through the page cache, and so ahead.
read_buffered() {
    while :; do
        dd if=/dev/nvme0n1 of=/dev/null bs=256k count=64 status=none || echo "failed"
        blockdev --flushbufs /dev/nvme0n1
        sleep 0.05
    done
}
read_buffered >"$TMP/buffered" 2>&1 &
reader_pid=$!

users=()

failed=0
for ((i = 1; i <= RESETS; i++)); do
    if [ $((i % 2)) -eq 0 ]; then echo 1 >/sys/class/nvme/nvme0/reset_controller; else nvme reset /dev/nvme0; fi ||
        { failed=$((failed + 1)) && diag "reset $i was refused"; }
    wait_for 15 live || { failed=$((failed + 1)) && diag "reset $i: $(cat /sys/class/nvme/nvme0/state)"; }
    before=$(sectors_done)
    wait_for 15 moved_on "$before" || { failed=$((failed + 1)) && diag "no I/O after reset $i"; }
done
check_is "$RESETS resets under I/O" 0 "$failed"
kill "$reader_pid"
wait "$reader_pid" 2>/dev/null
check_is "buffered reads that failed" "" "$(cat "$TMP/buffered")"
fio_finishes "$fio_pid" 40
check_is "errors that fio counted" 0 "$(fio_errors "$TMP/fio.out")"
grep -E 'err=|verify' "$TMP/fio.out" | sed 's/^/# /'
check_is "state" live "$(cat /sys/class/nvme/nvme0/state)"
check_is "nobody was told of an I/O error" "" "$(io_errors)"
# Several at once ask for one reset or are told that one is under way; none may hang or leave another state than live.
for ((i = 0; i < 8; i++)); do (echo 1 >/sys/class/nvme/nvme0/reset_controller) 2>/dev/null & done
wait
check "live after eight resets at once" wait_for 15 live
# Scans and commands of users that meet a reset wait for it; the reset does not wait for them.
for ((i = 0; i < 6; i++)); do
    (echo 1 >/sys/class/nvme/nvme0/rescan_controller
     for ((k = 0; k < 4; k++)); do nvme smart-log /dev/nvme0 || true; done) >/dev/null 2>&1 &
    users+=($!)
    echo 1 >/sys/class/nvme/nvme0/reset_controller 2>/dev/null
done
check "users and scans that met resets have ended" wait_for 60 ended "${users[@]}"
check "live after them" wait_for 15 live
check "I/O after them" dd if=/dev/nvme0n1 of=/dev/null bs=1M count=4 iflag=direct status=none
ktap_finish
