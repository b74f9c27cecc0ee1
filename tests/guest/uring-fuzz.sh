#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will send commands at random by io_uring and by ioctl, as root and as nobody, for ONVME_FUZZ_SECONDS in all: each must end
# with an outcome that is documented, and a user without rights who may only read must change nothing.
#
# topology: plain
# needs: setpriv
# kernels: debug, 6.12
# asked: ONVME_FUZZ_SECONDS
# timeout: 1800
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

tool=/tmp/uringfuzz
seed=${ONVME_SEED:-$RANDOM} each=$((${ONVME_FUZZ_SECONDS:-60} / 4 + 1))
wait_for 20 test -b /dev/nvme0n1
wait_for 20 test -c /dev/ng0n1
settle
cp build/guest/uringfuzz $tool
chmod 666 /dev/nvme0 /dev/ng0n1 /dev/nvme0n1
diag "seed $seed, $each seconds each"
nobody() { setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$@"; }
fuzz() { timeout $((each + 120)) "$tool" /dev/nvme0 /dev/ng0n1 /dev/nvme0n1 "$1" $each "$2"; }
sum() { dd if=/dev/nvme0n1 bs=1M count=64 iflag=direct status=none | sha256sum; }

check "something to be changed" dd if=/dev/urandom of=/dev/nvme0n1 bs=1M count=64 oflag=direct conv=nocreat status=none
before=$(sum)
export -f fuzz
export tool each
check "nobody, who may read" nobody bash -c "fuzz $seed ro"
check_is "the disk is as it was" "$before" "$(sum)"
check "nobody, who may write" nobody bash -c "fuzz $((seed + 1)) rw"
check "a queue to poll" sh -c 'echo 1 >/sys/class/nvme/nvme0/poll_queues'
check "live" wait_for 20 live
check "root" fuzz $((seed + 2)) rw
check "root, who may read" fuzz $((seed + 3)) ro
check "live" live
check "nothing is left in flight" wait_for 20 sh -c 'awk "{ exit \$1 + \$2 }" /sys/block/nvme0n1/inflight'
check "no command was late" not log_has 'nvme0: I/O tag'
check "a read afterwards" dd if=/dev/nvme0n1 of=/dev/null bs=1M count=4 iflag=direct status=none
ktap_finish
