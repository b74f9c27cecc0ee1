#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will read histograms and counters of queues, as somebody who is not root: they have to agree with what fio counts and measures
# on a disk that was made slow, and a masked vector has to show as time without an interrupt, not as time of the device.
#
# topology: maskable
# needs: fio jq perl setpci busybox taskset nvme setpriv
# kernels: 6.12
# timeout: 400
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
LATENCY=/sys/class/nvme/nvme0/latency
TEXT=/sys/kernel/debug/onvme/nvme0/latency
TRACE=/sys/kernel/tracing

nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups "$@"; }
look() { tests/lib/latency $LATENCY >"$TMP/latency"; }
# of QUERY: a number out of what was looked at last
of() { jq -r "$1" "$TMP/latency"; }
# counted WHAT MOST PHASE: commands of queue 1 in a histogram
counted() { of "[.queues[1].rows[] | select(.what == \"$1\" and .most == $2 and .phase == \"$3\") | .bins[][2]] | add // 0"; }
# quantile WHAT MOST PHASE SHARE: "from to" of the bin that it is in, in whole microseconds
quantile() {
    of "[.queues[1].rows[] | select(.what == \"$1\" and .most == $2 and .phase == \"$3\") | .bins] | add // [[0, 0, 1]] | . as \$b | ([.[][2]] | add) as \$n
        | [range(length) | select(([\$b[range(. + 1)][2]] | add) >= \$n * $4)][0] | \$b[.] | \"\(.[0] | floor) \(.[1] | ceil)\""
}
at_least() { [ "$1" -ge "$2" ]; }
at_most() { [ "$1" -le "$2" ]; }
anew() { echo 0 >$LATENCY; }
throttle() { monitor "block_set_io_throttle ns1 0 0 0 $1 0 0" | grep -qiE 'error|unknown|not found' && return 1 || return 0; }
reads() { taskset -c "$cpu" dd if=$DEV of=/dev/null bs=4k count="$1" iflag=direct status=none; }

msix_table() {
    local at bar
    at=$((16#$(setpci -s "$pci" CAP_MSIX+4.l)))
    bar=$(sed -n "$(((at & 7) + 1))s/ .*//p" "/sys/bus/pci/devices/$pci/resource")
    echo $((bar + (at & ~7)))
}
vector() { busybox devmem $((table + $1 * 16 + 12)) 32 "$([ "$2" = off ] && echo 1 || echo 0)"; } # NUMBER off|on
irq_of() { awk -v name="nvme0q$1" '$NF == name { sub(":", "", $1); print $1 }' /proc/interrupts; }
interrupts() { awk -v name="nvme0q$1" '$NF == name { for (i = 2; i <= 3; i++) n += $i } END { print n + 0 }' /proc/interrupts; }

everybody_may() {
    check "somebody who is not root reads it" sh -c "setpriv --reuid=65534 --regid=65534 --clear-groups cat $LATENCY >$TMP/all"
    refuse "and does not let it begin anew" nobody sh -c "echo 0 >$LATENCY"
    refuse "nor does nonsense" sh -c "echo 1 >$LATENCY"
    # What does not change, in pieces that fit nothing
    dd if=$LATENCY bs=100 count=4 status=none | head -c 96 >"$TMP/pieces"
    check_is "pieces are those of the whole" "$(head -c 96 "$TMP/all" | md5sum)" "$(md5sum <"$TMP/pieces")"
    check "all of it can be read" look
}

# Each read takes so long that what the processor adds is in the same bin, or the next.
as_fio_says() {
    local n p50 from to
    throttle 15 || not_ok "the monitor makes the disk slow"
    anew
    taskset -c "$cpu" fio --output="$TMP/fio.json" --output-format=json --name=slow --filename=$DEV --direct=1 --ioengine=psync --rw=randread \
        --bs=4k --size=512m --number_ios=60 --percentile_list=50 >"$TMP/fio.log" 2>&1 || { cat "$TMP/fio.log" && not_ok "fio runs"; }
    throttle 0 || not_ok "the monitor makes the disk quick again"
    look
    read -r n p50 < <(jq -r '.jobs[0].read | "\(.total_ios) \(.clat_ns.percentile["50.000000"] / 1000 | floor)"' "$TMP/fio.json")
    read -r from to < <(quantile read 4096 device 0.5)
    diag "fio: $n reads, half of them within $p50 us; the device: $from to $to us"
    check_is "each read is in the histogram of the device" "$n" "$(counted read 4096 device)"
    check "fio's median is that of the histogram, or of the bin beside" sh -c "[ $p50 -ge $((from * 3 / 4)) ] && [ $p50 -le $((to * 5 / 4)) ]"
    check_is "none lay there without an interrupt" 0 "$(counted read 4096 irq)"
    check "some are in that of the host, but not all" sh -c "[ $(counted read 4096 host) -lt $n ]"
}

sizes() {
    anew
    taskset -c "$cpu" dd if=$DEV of=/dev/null bs=16k count=3 iflag=direct status=none
    taskset -c "$cpu" dd if=/dev/zero of=$DEV bs=128k count=2 oflag=direct status=none
    taskset -c "$cpu" dd if=/dev/zero of=$DEV bs=4k count=5 oflag=direct status=none
    taskset -c "$cpu" blkdiscard -f -o 0 -l 65536 $DEV
    look
    check_is "reads of 16 KiB" 3 "$(counted read 16384 device)"
    check_is "writes of 128 KiB" 2 "$(counted write 131072 device)"
    check_is "writes of 4 KiB" 5 "$(counted write 4096 device)"
    check_is "a discard" 1 "$(counted discard 0 device)"
    check_is "all of them are commands" 11 "$(of .queues[1].commands)"
    check_is "nothing is in flight" 0 "$(of .queues[1].in_flight)"
}

counters() {
    local irqs
    anew
    irqs=$(interrupts 1)
    reads 50
    look
    irqs=$(($(interrupts 1) - irqs))
    check_is "interrupts, with those that found nothing, are those of the kernel" $irqs "$(of '.queues[1] | .interrupts + .spurious')"
    check "doorbells" at_least "$(of .queues[1].sq_doorbells)" 50
    taskset -c "$cpu" nvme io-passthru $DEV --opcode=0x7f --namespace-id=1 >/dev/null 2>&1 || true
    look
    check_is "an error by its status: Invalid Command Opcode" '[[1,1]]' "$(jq -c .queues[1].statuses "$TMP/latency")"
    check_is "and by number" 1 "$(of .queues[1].errors)"
    echo 1 >/sys/class/nvme/nvme0/reset_controller
    look
    check "a reset keeps what was counted" at_least "$(of .queues[1].commands)" 50
    check "in words, for root" grep -qE '^  read up to 4 KiB: device [0-9]+: 50.0% < [0-9]+\.[0-9]{3} us' $TEXT
    check "the admin queue, too" grep -q '^  admin: device' $TEXT
}

fields() { sed -n 's/.*field:[^;]* \([a-z0-9_]*\)\(\[[^;]*\)\?;.*/\1/p' "$TRACE/events/onvme/$1/format" | grep -v ^common_ | tr '\n' ' '; }
events() { grep -cE "$1" $TRACE/trace; }

# The same names as the in-tree driver has for its events and their fields, so that tools need only another name of the system.
traced() {
    local e
    check_is "fields of nvme_setup_cmd" "disk ctrl_id qid opcode flags fctype cid nsid metadata cdw10 " "$(fields nvme_setup_cmd)"
    check_is "fields of nvme_complete_rq" "disk ctrl_id qid cid result retries flags status " "$(fields nvme_complete_rq)"
    check_is "fields of nvme_sq" "ctrl_id disk qid sq_head sq_tail " "$(fields nvme_sq)"
    check_is "fields of nvme_async_event" "ctrl_id result " "$(fields nvme_async_event)"
    echo >$TRACE/trace
    for e in nvme_setup_cmd nvme_sq nvme_complete_rq onvme_map; do echo 1 >"$TRACE/events/onvme/$e/enable"; done
    reads 3
    taskset -c "$cpu" nvme io-passthru $DEV --opcode=0x7f --namespace-id=1 >/dev/null 2>&1 || true
    taskset -c "$cpu" fio --name=map --filename=$DEV --direct=1 --rw=read --bs=64k --size=256k --ioengine=psync >/dev/null 2>&1
    for e in nvme_setup_cmd nvme_sq nvme_complete_rq onvme_map; do echo 0 >"$TRACE/events/onvme/$e/enable"; done
    check "trace: reads" at_least "$(events 'nvme_setup_cmd: nvme0: disk=nvme0n1, qid=1, cmdid=[0-9]+, nsid=1, .*cmd=\(Read cdw10=')" 3
    check "trace: they end well" at_least "$(events 'nvme_complete_rq: nvme0: disk=nvme0n1, qid=1, cmdid=[0-9]+, res=0(x0)?, retries=0, flags=0x0, status=0(x0)?$')" 3
    check "trace: the head of the queue" at_least "$(events 'nvme_sq: nvme0: disk=nvme0n1, qid=1, head=[0-9]+, tail=[0-9]+')" 3
    check "trace: an error" at_least "$(events 'nvme_complete_rq: .*status=0x4?001$')" 1
    check_is "trace: each that begins ends" "$(events 'nvme_setup_cmd:')" "$(events 'nvme_complete_rq:')"
    [ "$(events 'onvme_map:')" -eq 0 ] || check "trace: data in pieces" at_least "$(events 'onvme_map: nvme0: qid=1: [0-9]+ bytes in [0-9]+ segments by (PRP|SGL): 0')" 1
}

# 20 reads whose interrupts do not come
masked() {
    local from to
    anew
    vector 1 off
    reads 20
    vector 1 on
    look
    read -r from to < <(quantile read 4096 irq 0.5)
    diag "masked: $(counted read 4096 irq) without an interrupt, half of them for less than $to us; $(counted read 4096 device) of the device, up to $(quantile read 4096 device 1)"
    check_is "masked: each counts as one that nobody was told of" 20 "$(counted read 4096 irq)"
    check "masked: half of them for longer than 2 ms ($from us)" at_least "$from" 2000
    read -r from to < <(quantile read 4096 device 1)
    check "masked: what is known of the device is less than that (${to:-0} us)" at_most "${to:-0}" 20000
    check_is "masked: polled" 20 "$(of .queues[1].polled)"
    check_is "masked: commands are counted once" 20 "$(of .queues[1].commands)"
    check "masked: interrupts were lost" at_least "$(of .queues[1].lost)" 3
    check_is "masked: the queue is known as one that a timer polls" 4 "$(of '.queues[1].flags / 4 | floor * 4')"
}

wait_for 20 test -b $DEV
settle
udev_off    # it reads what was written
echo none >/sys/block/nvme0n1/queue/scheduler
pci=$(pci_of nvme0) table=$(msix_table) cpu=$(cat "/proc/irq/$(irq_of 1)/effective_affinity_list")
everybody_may
as_fio_says
sizes
counters
traced
masked
ktap_finish
