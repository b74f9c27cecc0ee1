#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will have a controller offer its memory, move data between that memory and its disk without the machine's own, across
# resets and a new bind, and see nothing offered when the user has not asked for it.
#
# topology: cmbdata
# needs: fio
# kernels: 7.2
# timeout: 300
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

BDF=$(nvme_functions)
P2P=/sys/bus/pci/devices/$BDF/p2pmem
CTRL=/sys/class/nvme/nvme0

start() { # PARAMETERS...
    log_mark
    check "loads with ${*:-nothing}" load "$@"
    check "there is a disk" wait_for 20 test -b /dev/nvme0n1
    settle
}
moves() { check "$1: data that never see the machine's memory" build/guest/p2p "$P2P/allocate" /dev/nvme0n1; }

# ---- nobody has asked ----
start
check "nothing is offered" not test -e "$P2P"
check_is "queues are in it" 1 "$(log_since | grep -c '4 of 4 submission queues in controller memory')"
check "unloads" wait_for 10 unload

# ---- beside submission queues ----
start p2pdma=Y
check_is "queues are in it" 1 "$(log_since | grep -c '4 of 4 submission queues in controller memory')"
check_is "the rest is offered, in units of 2 MiB" 1 "$(log_since | grep -c 'nvme0: 14 MiB of controller memory offered as buffers')"
check_is "size" $((14 << 20)) "$(cat "$P2P/size")"
check_is "available" $((14 << 20)) "$(cat "$P2P/available")"
check_is "published" 1 "$(cat "$P2P/published")"
moves "at first"
check "data that are verified" fio --output="$TMP/fio.out" --name=verify --filename=/dev/nvme0n1 --direct=1 --rw=randwrite \
    --bssplit=512/20:4k/60:64k/20 --blockalign=512 --size=16m --offset=64m --io_size=8m --ioengine=libaio --iodepth=16 --thread --verify=crc32c
build/guest/p2p "$P2P/allocate" /dev/nvme0n1 12 >"$TMP/p2p" &
holder=$!
check "somebody holds some of it" wait_for 10 grep -q held "$TMP/p2p"
check "less is available" test "$(cat "$P2P/available")" -lt $((14 << 20))
for _ in 1 2 3; do
    log_mark
    check "reset" sh -c "echo 1 >$CTRL/reset_controller"
    check "live" wait_for 20 live
    check_is "queues are in it again" 1 "$(log_since | grep -c '4 of 4 submission queues in controller memory')"
done
rc=0
wait "$holder" || rc=$?
check_is "data were right across resets" "0 held" "$rc $(cat "$TMP/p2p")"
check_is "all of it is available" $((14 << 20)) "$(cat "$P2P/available")"
check_is "nobody was told of an I/O error" "" "$(io_errors)"

# ---- more queues than there were ----
check "more queues" sh -c "echo 4 >$CTRL/write_queues && echo 4 >$CTRL/poll_queues"
check "live" wait_for 20 live
moves "with more queues"

# ---- a new bind ----
check "unbind" sh -c "echo $BDF >/sys/bus/pci/drivers/onvme/unbind"
check "nothing is offered" not test -e "$P2P"
check "bind" sh -c "echo $BDF >/sys/bus/pci/drivers/onvme/bind"
check "there is a disk" wait_for 20 test -b /dev/nvme0n1
moves "after a new bind"
settle
check "unloads" wait_for 10 unload

# ---- all of it ----
start p2pdma=Y use_cmb_sqes=N
check_is "size" $((16 << 20)) "$(cat "$P2P/size")"
moves "without queues in it"
settle
check "unloads" wait_for 10 unload

ktap_finish
