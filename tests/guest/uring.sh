#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will send commands by io_uring: each kind with each flag, data there and back, what must be refused with the right
# error, rings that are closed and tasks that are killed meanwhile; and see what a user without rights may send, by each node.
#
# topology: plain, meta8
# needs: fio jq sfdisk partx
# kernels: all, 7.2/plain
# timeout: 400
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

tool=build/guest/uring
wait_for 20 test -c /dev/ng0n1
settle

if [ "$ONVME_TOPOLOGY" = meta8 ]; then
    run_tool metadata "$tool" meta /dev/ng0n1
    ktap_finish
fi
wait_for 20 test -b /dev/nvme0n1
poll_queues() { echo "$1" >/sys/class/nvme/nvme0/poll_queues && wait_for 20 live; }
verified() { # OPTION...
    fio --output="$TMP/fio.json" --output-format=json --name=x --filename=/dev/ng0n1 --ioengine=io_uring_cmd --cmd_type=nvme --rw=randwrite \
        --bssplit=4k/80:64k/20 --size=4m --iodepth=16 --verify=crc32c --verify_fatal=1 --verify_state_save=0 "$@" || return 1
    jq -e '.jobs[0] | .error == 0 and .write.total_ios > 50 and .read.total_ios >= .write.total_ios' "$TMP/fio.json"
}

most=$(($(cat /sys/block/nvme0n1/queue/max_hw_sectors_kb) << 10))
run_tool flags "$tool" flags /dev/nvme0 /dev/ng0n1 $most
run_tool "no queue to poll" "$tool" poll /dev/ng0n1
check "fio" verified
check "fio with registered buffers and files" verified --fixedbufs --registerfiles
if [ "$ONVME_MODULE" != intree ]; then
    check "a queue to poll" poll_queues 2
    run_tool "a queue to poll" "$tool" poll /dev/ng0n1
    check "fio that polls" verified --hipri
    run_tool "rings that go" "$tool" leave /dev/ng0n1
fi

# Slowed down, so many are in flight as were asked for: commands to a namespace have the tags of its disk.
throttle() { monitor "block_set_io_throttle ns1 0 0 0 $1 0 0" | grep -qiE 'error|unknown|not found' && return 1 || return 0; }
in_flight() { cat /sys/kernel/debug/block/nvme0n1/hctx*/tags | awk -F= '$1 == "busy" { n += $2 } END { print n + 0 }'; }
deep() {
    local i n most=0
    fio --output="$TMP/deep" --name=x --filename=/dev/ng0n1 --ioengine=io_uring_cmd --cmd_type=nvme --rw=randread --bs=4k --size=64m \
        --iodepth=128 --iodepth_batch_submit=32 --time_based --runtime=6 &
    for ((i = 0; i < 60; i++)); do
        n=$(in_flight)
        [ "$n" -le "$most" ] || most=$n
        sleep 0.1
    done
    wait $!
    echo "$most" >"$TMP/most"
    [ "$most" -ge 120 ]
}
if [ -e /sys/kernel/debug/block/nvme0n1/hctx0/tags ]; then
    check "the monitor slows the drive down" throttle 200
    check "fio at depth 128 gets there" deep
    diag "most commands in flight: $(cat "$TMP/most")"
    check "the drive is let go" throttle 0
else
    skip "fio at depth 128 gets there" "no debugfs of the block layer"
fi
check "no command was late" not log_has 'nvme0: I/O tag'

check "make a partition" sfdisk -q /dev/nvme0n1 <<<$'label: gpt\nsize=16M'
settle
check "it is there" wait_for 20 test -b /dev/nvme0n1p1
run_tool root "$tool" rights /dev/nvme0 /dev/ng0n1 /dev/nvme0n1 /dev/nvme0n1p1
# The nodes are opened to everybody, so that only the driver's own check stands in the way.
chmod 666 /dev/nvme0 /dev/ng0n1 /dev/nvme0n1 /dev/nvme0n1p1
cp "$tool" /tmp/uring-nobody
run_tool nobody setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all /tmp/uring-nobody rights /dev/nvme0 /dev/ng0n1 \
    /dev/nvme0n1 /dev/nvme0n1p1
# A group that root has named reads logs of health, and has no other right.
logs() { # LABEL yes|no GROUP
    run_tool "$1" setpriv --reuid=65534 --regid=65534 --groups="$3" --bounding-set=-all /tmp/uring-nobody logs /dev/nvme0 /dev/ng0n1 "$2"
}
if [ "$ONVME_MODULE" != intree ]; then
    group=/sys/class/nvme/nvme0/log_group
    check_is "log_group" none "$(<"$group")"
    logs "no group" no 4321
    for bad in -1 4294967295 many "" "1 2"; do refuse "log_group refuses '$bad'" sh -c "echo '$bad' >$group"; done
    echo 4321 >"$group"
    check_is "log_group, then" 4321 "$(<"$group")"
    logs "in the group" yes 4321
    logs "in another" no 4322
    echo none >"$group"
    logs "the group has lost it" no 4321
fi
check "remove the partition" sfdisk -q --delete /dev/nvme0n1
ktap_finish
