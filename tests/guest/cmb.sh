#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will put submission queues into the memory of the controller and see them there, verify data across resets of several
# kinds and a new bind, with more queues than there is room for as well, and see none of it when the user has said no.
#
# topology: cmb
# needs: fio
# kernels: 6.12
# timeout: 600
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

CTRL=/sys/class/nvme/nvme0
BDF=$(nvme_functions)

# Words of the first queue's first entries that are not zero, as the machine itself sees the buffer, which is at the start of BAR 2
commands() {
    local bar
    bar=$(sed -n 3p "/sys/bus/pci/devices/$BDF/resource" | cut -d ' ' -f 1)
    monitor "xp /64xw $bar" | grep -oE '0x[0-9a-f]{8}\b' | grep -vc '0x00000000'
}
queues_line() { log_since | sed -n 's/.*nvme0: \([0-9]* of [0-9]* submission queues\) in controller memory$/\1/p' | tail -n 1; }

start() { # QUEUES-LINE PARAMETERS...
    local want=$1
    shift
    log_mark
    check "loads with ${*:-nothing}" load "$@"
    check "there is a disk" wait_for 20 test -b /dev/nvme0n1
    settle
    check_is "with ${*:-nothing}" "$want" "$(queues_line)"
}
ends() {
    settle
    check "unloads" wait_for 10 unload
}
# No function, which in the background would be another process than fio.
verify=(fio --output="$TMP/fio.out" --name=verify --filename=/dev/nvme0n1 --direct=1 --rw=randwrite --bssplit=512/20:4k/60:64k/20 --blockalign=512
    --size=16m --io_size=8m --ioengine=libaio --iodepth=16 --thread --verify=crc32c --verify_fatal=1)

# ---- not at all ----
start "" use_cmb_sqes=N
check "data that are verified" "${verify[@]}"
check_is "nothing is in the buffer" 0 "$(commands)"
ends

# ---- by itself ----
start "4 of 4 submission queues"
check_is "the parameter" Y "$(cat /sys/module/onvme/parameters/use_cmb_sqes)"
check_is "cmb: the two registers in hexadecimal" "$(printf 'cmbloc : x%08x\ncmbsz  : x%08x' "$(cat $CTRL/cmbloc)" "$(cat $CTRL/cmbsz)")" "$(cat $CTRL/cmb)"
check "cmbsz is not 0" test "$(cat $CTRL/cmbsz)" -gt 0
check "data that are verified" "${verify[@]}"
check "commands are in the buffer" test "$(commands)" -gt 0
"${verify[@]}" --time_based --runtime=300 --verify_backlog=64 --verify_state_save=0 --thinktime=5ms --thinktime_blocks=32 &
fio_pid=$!
wait_for 20 moved_on $(($(sectors_done) + 1000)) || not_ok "fio did not start"
for how in "$CTRL/reset_controller" "/sys/bus/pci/devices/$BDF/reset" "$CTRL/reset_controller"; do
    before=$(sectors_done)
    log_mark
    check "$how" sh -c "echo 1 >$how"
    check "live" wait_for 20 live
    check_is "all are there again" "4 of 4 submission queues" "$(queues_line)"
    check "I/O goes on" wait_for 20 moved_on "$before"
done
fio_finishes "$fio_pid" 60
check_is "errors that fio counted" 0 "$(fio_errors "$TMP/fio.out")"
check_is "nobody was told of an I/O error" "" "$(io_errors)"
log_mark
check "unbind" sh -c "echo $BDF >/sys/bus/pci/drivers/onvme/unbind"
check "bind" sh -c "echo $BDF >/sys/bus/pci/drivers/onvme/bind"
check "there is a disk" wait_for 20 test -b /dev/nvme0n1
check_is "after that" "4 of 4 submission queues" "$(queues_line)"
check "data that are verified" "${verify[@]}"
ends

# ---- more than there is room for: 128 KiB each ----
start "8 of 12 submission queues" write_queues=4 poll_queues=4 io_queue_depth=2048
check "data that are verified, on all CPUs" "${verify[@]}" --numjobs=4 --size=8m --offset_increment=16m --group_reporting
check "and polled for" fio --output="$TMP/polled.out" --name=polled --filename=/dev/nvme0n1 --direct=1 --ioengine=io_uring --hipri --thread \
    --numjobs=4 --rw=randwrite --bs=4k --size=2m --offset_increment=16m --iodepth=8 --verify=crc32c --verify_fatal=1
log_mark
check "fewer queues" sh -c "echo 0 >$CTRL/poll_queues"
check "live" wait_for 20 live
check_is "all of these fit" "8 of 8 submission queues" "$(queues_line)"
check "data that are verified, on all CPUs" "${verify[@]}" --numjobs=4 --size=8m --offset_increment=16m --group_reporting
ends

ktap_finish
