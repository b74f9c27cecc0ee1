#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will have completions taken by threads instead of interrupt handlers: all of them, or those of vectors that serve many
# CPUs. Data are verified across resets, no interrupt passes for a lost one, one that is lost is found, and no thread is left.
#
# topology: cpu2
# needs: fio
# kernels: 6.12
# timeout: 600
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

CTRL=/sys/class/nvme/nvme0

# The queues that have a thread, in order: "0 1 2"
threads() {
    local f name list=''
    for f in /proc/[0-9]*/comm; do
        read -r name 2>/dev/null <"$f" || continue
        case $name in
        irq/*-nvme0q*) list+="${name##*q} " ;;
        esac
    done
    tr ' ' '\n' <<<"$list" | sort -n | xargs
}
# How often threads have been woken
wakes() {
    local f name sum=0 n
    for f in /proc/[0-9]*; do
        read -r name 2>/dev/null <"$f/comm" || continue
        case $name in
        irq/*-nvme0q*) n=$(awk '/^voluntary_ctxt_switches/ { print $2 }' "$f/status") && sum=$((sum + n)) ;;
        esac
    done
    echo "$sum"
}

start() { # THREADS PARAMETERS...
    local want=$1
    shift
    check "loads with ${*:-nothing}" load "$@"
    check "there is a disk" wait_for 20 test -b /dev/nvme0n1
    settle
    check_is "queues with a thread, with ${*:-nothing}" "$want" "$(threads)"
    check "I/O" dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct status=none
}
ends() {
    settle
    check "unloads" wait_for 10 unload
    check_is "no thread is left" "" "$(threads)"
}

# No function, which in the background would be another process than fio.
verify=(fio --output="$TMP/fio.out" --name=verify --filename=/dev/nvme0n1 --direct=1 --rw=randwrite --bssplit=512/20:4k/60:64k/20 --blockalign=512
    --size=16m --io_size=8m --ioengine=libaio --iodepth=16 --thread --verify=crc32c --verify_fatal=1)

# ---- all, or none ----
case $ONVME_TOPOLOGY in
cpu2) all="0 1 2" ;;
intx) all='' ;;
*) all="0 1" ;;
esac
start "$all" use_threaded_interrupts=1
check_is "what it is" 1 "$(cat /sys/module/onvme/parameters/use_threaded_interrupts)"
refuse "it is not changed later" sh -c 'echo 0 >/sys/module/onvme/parameters/use_threaded_interrupts'
before=$(wakes)
check "data that are verified" "${verify[@]}"
[ -z "$all" ] || check "threads took completions ($(($(wakes) - before)) wakes)" test $(($(wakes) - before)) -gt 50
"${verify[@]}" --time_based --runtime=300 --verify_backlog=64 --verify_state_save=0 --thinktime=5ms --thinktime_blocks=32 &
fio_pid=$!
wait_for 20 moved_on $(($(sectors_done) + 1000)) || not_ok "fio did not start"
for n in 1 2 3; do
    before=$(sectors_done)
    check "reset $n" sh -c "echo 1 >$CTRL/reset_controller"
    check "reset $n: I/O goes on" wait_for 20 moved_on "$before"
done
check_is "the same threads as before" "$all" "$(threads)"
fio_finishes "$fio_pid" 60
check_is "errors that fio counted" 0 "$(fio_errors "$TMP/fio.out")"
check_is "no interrupt was taken for lost" "" "$(cat $CTRL/diag/lost_interrupts)"
check_is "nobody was told of an I/O error" "" "$(io_errors)"
if [ -n "$all" ]; then
    mountpoint -q /sys/kernel/debug || mount -t debugfs none /sys/kernel/debug
    echo 'when queue 1..2 nth 1 -> no-interrupt' >/sys/kernel/debug/onvme/faults
    check "I/O goes on without an interrupt" timeout 20 dd if=/dev/nvme0n1 of=/dev/null bs=4k count=8 iflag=direct status=none
    check "it was noticed" grep -q 'lost 1 ' $CTRL/diag/lost_interrupts
    echo clear >/sys/kernel/debug/onvme/faults
fi
ends

# ---- by how many CPUs a vector serves ----
case $ONVME_TOPOLOGY in
cpu2) few='' two='' ;;
ioq1) few=1 two=1 ;;
msix1) few="0 1" two="0 1" ;;
intx) few='' two='' ;;
esac
start "$two" use_threaded_interrupts=2
ends
start "$few" use_threaded_interrupts=4
ends
start "" use_threaded_interrupts=5
ends
start ""
ends

# ---- nonsense ----
for v in -1 65537 yes ''; do refuse "use_threaded_interrupts='$v'" load "use_threaded_interrupts=$v" 2>/dev/null; done
check "nothing is loaded after that" not loaded
ktap_finish
