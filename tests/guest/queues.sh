#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module with queues that are polled and queues for writes of their own, change how many there are under
# I/O that is verified, polled for and not, and see that nothing is lost, that nobody needs to poll, and that nonsense changes nothing.
#
# topology: cpu2,ioq1
# needs: fio
# kernels: all
# timeout: 400
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

CTRL=/sys/class/nvme/nvme0

polls() { grep -qx 1 /sys/block/nvme0n1/queue/io_poll; }
queue_map() { cat $CTRL/queue_map; }
hits() { awk '/ nvme0q[1-9]/ { for (i = 2; i <= NF; i++) if ($i ~ /^[0-9]+$/) sum += $i } END { print sum + 0 }' /proc/interrupts; }
set_queues() { echo "$2" >"$CTRL/$1"; } # ATTRIBUTE NUMBER

# A job that polls; ends when it has seen a mistake. No function, which in the background would be another process than fio.
polled=(fio --output="$TMP/polled.out" --name=polled --filename=/dev/nvme0n1 --direct=1 --ioengine=io_uring --hipri --thread)

start() { # QUEUES-LINE PARAMETERS...
    local want=$1
    shift
    check "loads with $*" load "$@"
    check "there is a disk" wait_for 20 test -b /dev/nvme0n1
    settle
    check_is "queues with $*" "$want" "$(queue_map)"
}

ends() {
    settle
    unload || not_ok "does not unload"
}

few() {
    start "default 1 read 0 poll 0" write_queues=1 poll_queues=2
    refuse "nothing is polled" polls
    check "I/O" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct status=none
    check "a queue that the device does not have is not an error" set_queues io_queues 2
    check "live" wait_for 20 live
    check_is "and is not there" "default 1 read 0 poll 0" "$(queue_map)"
    check "I/O" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct status=none
    ends
}

[ "$ONVME_TOPOLOGY" != ioq1 ] || { few && ktap_finish; }

# ---- what the parameters do ----
start "default 1 read 2 poll 1" write_queues=1 poll_queues=1
check_is "vectors: the admin queue and those that are not polled" 4 "$(grep -cE ' nvme0q[0-9]+(,|$)' /proc/interrupts)"
check "the disk can be polled" polls
# A first write and a first read of the buffers may take the usual way; from then on no interrupt comes for what is polled for.
check "polled writes that are verified" "${polled[@]}" --rw=randwrite --bs=4k --size=4m --iodepth=8 --verify=crc32c --verify_fatal=1
before=$(hits)
check "polled reads" "${polled[@]}" --rw=randread --bs=4k --size=16m --iodepth=4
check "came without interrupts" test $(($(hits) - before)) -lt 100
diag "interrupts meanwhile: $(($(hits) - before)) for $(awk '{ print $1 }' /sys/block/nvme0n1/stat) reads"
check_is "none was lost" "" "$(cat $CTRL/diag/lost_interrupts)"

# ---- nobody polls any more ----
"${polled[@]}" --rw=randread --bs=4k --size=16m --iodepth=32 --time_based --runtime=60 &
pid=$!
sleep 1
kill -KILL "$pid"
wait "$pid" 2>/dev/null
check "a job that was killed leaves nothing in flight" wait_for 20 sh -c 'awk "{ exit \$1 + \$2 }" /sys/block/nvme0n1/inflight'

# ---- other numbers, under I/O of both kinds ----
"${polled[@]}" --rw=randwrite --bssplit=512/20:4k/60:64k/20 --blockalign=512 --size=16m --iodepth=8 --verify=crc32c --verify_fatal=1 \
    --verify_backlog=64 --verify_state_save=0 --thinktime=5ms --thinktime_blocks=32 --time_based --runtime=300 &
polled_pid=$!
nice -n 19 fio --output="$TMP/fio.out" --name=irq --filename=/dev/nvme0n1 --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 \
    --verify_backlog=64 --verify_state_save=0 --bssplit=512/20:4k/60:64k/20 --blockalign=512 --offset=64m --size=16m --thread \
    --ioengine=libaio --iodepth=8 --thinktime=5ms --thinktime_blocks=32 --time_based --runtime=300 &
fio_pid=$!
wait_for 20 moved_on $(($(sectors_done) + 1000)) || not_ok "fio did not start"
change() { # ATTRIBUTE NUMBER QUEUES-LINE
    local before
    check "$1 $2" set_queues "$1" "$2"
    check "$1 $2: live" wait_for 20 live
    check_is "$1 $2: queues" "$3" "$(queue_map)"
    check_is "$1 $2: is what it says" "$2" "$(cat "$CTRL/$1")"
    before=$(sectors_done)
    check "$1 $2: I/O goes on" wait_for 20 moved_on "$before"
}
change poll_queues 2 "default 1 read 2 poll 2"
change write_queues 0 "default 2 read 0 poll 2"
change io_queues 1 "default 1 read 0 poll 2"
change write_queues 2 "default 2 read 1 poll 2"
change io_queues 0 "default 2 read 2 poll 2"
change poll_queues 1 "default 2 read 2 poll 1"
fio_finishes "$polled_pid" 120
check_is "errors that the polled fio counted" 0 "$(fio_errors "$TMP/polled.out")"
# From here on the block layer refuses to poll; what was under way must end nevertheless.
"${polled[@]}" --rw=randread --bs=4k --size=16m --iodepth=32 --time_based --runtime=300 --continue_on_error=all 2>/dev/null &
pid=$!
wait_for 20 moved_on $(($(sectors_done) + 1000)) || not_ok "the polled fio did not start"
change poll_queues 0 "default 2 read 2 poll 0"
refuse "without such queues nothing is polled" polls
# It may have ended by itself, of too many errors.
kill -KILL "$pid" 2>/dev/null
check "who polled ends, or can be killed" wait_for 20 ended "$pid"
wait "$pid" 2>/dev/null
change poll_queues 1 "default 2 read 2 poll 1"
check "and is again" polls
check "a reset beside it" sh -c "echo 1 >$CTRL/reset_controller"
check "live" wait_for 20 live
check_is "queue_count: with the admin queue" 6 "$(cat $CTRL/queue_count)"
fio_finishes "$fio_pid" 120
check_is "errors that fio counted" 0 "$(fio_errors "$TMP/fio.out")"
check "nothing is left in flight" wait_for 20 sh -c 'awk "{ exit \$1 + \$2 }" /sys/block/nvme0n1/inflight'
check_is "nobody was told of an I/O error" "" "$(io_errors)"

# ---- nonsense ----
resets=$(cat $CTRL/diag/reset_count)
for attribute in io_queues write_queues poll_queues; do
    for bad in -1 3 1000000 99999999999 x ''; do
        refuse "$attribute '$bad'" set_queues $attribute "$bad" 2>/dev/null
    done
done
refuse "queue_map is to be read" set_queues queue_map 1 2>/dev/null
check "what it is already changes nothing" set_queues poll_queues 1
check_is "nothing has changed" "default 2 read 2 poll 1" "$(queue_map)"
check_is "nothing was reset" "$resets" "$(cat $CTRL/diag/reset_count)"
ends

# ---- more than there are CPUs for, and nobody who looks for lost interrupts ----
start "default 2 read 2 poll 2" write_queues=16 poll_queues=1024 poll_deadline_ms=0
check_is "as many as there are CPUs" "2 2" "$(cat $CTRL/write_queues) $(cat $CTRL/poll_queues)"
"${polled[@]}" --rw=randread --bs=4k --size=16m --iodepth=32 --time_based --runtime=60 &
pid=$!
wait_for 20 moved_on $(($(sectors_done) + 1000)) || not_ok "the polled fio did not start"
kill -STOP "$pid"
check "what a stopped program polled for ends" wait_for 20 sh -c 'awk "{ exit \$1 + \$2 }" /sys/block/nvme0n1/inflight'
check_is "that is no lost interrupt" "" "$(cat $CTRL/diag/lost_interrupts)"
kill -CONT "$pid"
kill -KILL "$pid"
wait "$pid" 2>/dev/null
ends
ktap_finish
