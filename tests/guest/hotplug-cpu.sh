#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will take CPUs away and bring them back while fio writes and verifies: queues lose their interrupts' CPUs, and
# nothing may be lost or hang.
#
# topology: plain
# needs: fio jq
# kernels: all
# timeout: 400
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

CPU=/sys/devices/system/cpu
wait_for 20 test -b /dev/nvme0n1
settle


# set_cpu NUMBER 0|1: bounded, since a CPU whose queue does not drain is waited for by the kernel without end.
set_cpu() {
    (echo "$2" >"$CPU/cpu$1/online") &
    local pid=$!
    wait_for 60 ended $pid || { diag "cpu$1 online=$2 does not return" && return 1; }
    wait $pid
}

io_goes_on() {
    local before
    before=$(sectors_done)
    wait_for 30 moved_on "$before"
}

# One reads and writes from the CPU at hand, so that the queues of CPUs that stay are used as well as of those that come back.
touch_all() {
    local c
    for c in 0 1 2 3; do
        [ "$(cat "$CPU/cpu$c/online" 2>/dev/null || echo 1)" -eq 0 ] || taskset -c "$c" dd if=/dev/nvme0n1 of=/dev/null bs=4k count=4 iflag=direct status=none || return 1
    done
}

check_is "CPUs" 4 "$(nproc)"
FAULTS=/sys/kernel/debug/onvme/faults
[ ! -w $FAULTS ] || rules "$NEVER"
nice -n 19 fio --output="$TMP/fio.json" --output-format=json --filename=/dev/nvme0n1 --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 \
    --verify_backlog=128 --verify_state_save=0 --thinktime=15ms --thinktime_blocks=48 --end_fsync=1 \
    --bssplit=512/20:4k/60:64k/20 --blockalign=512 --size=32m --time_based --runtime=380 --thread \
    --name=libaio --ioengine=libaio --iodepth=16 --offset=0 --name=uring --ioengine=io_uring --iodepth=16 --offset=64m \
    --name=psync --ioengine=psync --offset=128m &
fio_pid=$!
wait_for 20 moved_on 1000 || not_ok "fio did not start"

for c in 1 2 3; do
    check "cpu$c goes" set_cpu $c 0
    check "I/O goes on without it" io_goes_on
done
check "I/O on all CPUs that are left" timeout 60 bash -c "$(declare -f touch_all); CPU=$CPU; touch_all"
for c in 3 1 2; do
    check "cpu$c comes back" set_cpu $c 1
done
check "I/O goes on with it" io_goes_on
check "I/O on all CPUs" timeout 60 bash -c "$(declare -f touch_all); CPU=$CPU; touch_all"
# A reset while CPUs are missing makes queues for those that are there, and for the others when they are back.
check "cpu2 goes" set_cpu 2 0
check "reset without it" timeout 60 sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller'
check "live" wait_for 20 live
check "cpu2 comes back" set_cpu 2 1
check "I/O on all CPUs after that" timeout 60 bash -c "$(declare -f touch_all); CPU=$CPU; touch_all"

# A CPU that goes during a reset waits for its queue, and the queue for the reset, which must not wait for the CPU. So that
# they do meet, the Identify of the reset takes its time.
goes_during_reset() { # CPU
    local pid reader
    rules 'when opcode identify first 1 -> delay 1500' || return 1
    (echo 1 >/sys/class/nvme/nvme0/reset_controller) &
    pid=$!
    sleep 0.3
    taskset -c "$1" dd if=/dev/nvme0n1 of=/dev/null bs=4k count=1 iflag=direct status=none &
    reader=$!
    sleep 0.3
    set_cpu "$1" 0 && wait_for 60 ended $pid $reader && wait $pid && wait $reader && set_cpu "$1" 1
}
if [ -w $FAULTS ]; then
    for c in 1 2 3; do check "cpu$c goes in the middle of a reset" goes_during_reset $c; done
    check "live" wait_for 20 live
    check "I/O goes on" io_goes_on
else
    skip "a CPU that goes in the middle of a reset" "no faults on request in this build"
fi

fio_finishes "$fio_pid" 60
[ ! -w $FAULTS ] || rules
# Before its JSON it says that it was interrupted.
check_is "jobs of fio, errors that it counted" "3 0" \
    "$(sed -n '/^{/,$p' "$TMP/fio.json" | jq -r '"\(.jobs | length) \([.jobs[] | .error + .total_err] | add)"')"
check_is "nobody was told of an I/O error" "" "$(io_errors)"
check_is "no command was late" 0 "$(cat /sys/class/nvme/nvme0/diag/timeout_count)"
ktap_finish
