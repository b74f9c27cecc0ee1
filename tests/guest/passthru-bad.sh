#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will send commands through every ioctl: wrong numbers, pointers, lengths and rights must be refused with the
# right error, and right ones must move data unharmed.
#
# topology: plain, meta8, iommu
# needs: nvme
# kernels: all
# timeout: 240
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

tool=build/guest/passthru
wait_for 20 test -c /dev/nvme0

case $ONVME_TOPOLOGY in
meta8)
    # The block layer may have no use for such a namespace; its generic node is for those who have.
    wait_for 20 test -c /dev/ng0n1
    settle
    run_tool metadata "$tool" meta /dev/ng0n1
    ktap_finish
    ;;
ns4)
    wait_for 20 test -b /dev/nvme0n4
    settle
    # 22: EINVAL, which of them is meant?
    run_tool "several namespaces" "$tool" io /dev/nvme0 22
    ktap_finish
    ;;
nons)
    settle
    # 25: ENOTTY, this controller has no such thing
    run_tool "no namespace" "$tool" io /dev/nvme0 25
    ktap_finish
    ;;
esac
wait_for 20 test -b /dev/nvme0n1
settle

most=$(($(cat /sys/block/nvme0n1/queue/max_hw_sectors_kb) << 10))
diag "at most $most bytes a command"
run_tool refused "$tool" bad /dev/nvme0 /dev/nvme0n1 $most
run_tool "round trip" "$tool" roundtrip /dev/nvme0n1 $most
run_tool effects "$tool" effects /dev/nvme0n1
run_tool "one namespace" "$tool" io /dev/nvme0 0
run_tool control "$tool" control /dev/nvme0 /dev/nvme0n1
wait_for 20 live
settle
# A 32-bit process lays out the structure of SUBMIT_IO in another way; addresses and lengths are the same.
if [ ! -x "${tool}32" ]; then
    skip "32-bit round trip" "no compiler for 32-bit programs (gcc-multilib)"
elif ! "${tool}32" >/dev/null 2>&1 && [ $? -ne 2 ]; then
    skip "32-bit round trip" "this kernel runs no 32-bit programs"
else
    run_tool "32-bit round trip" "${tool}32" roundtrip /dev/nvme0n1 $((64 << 10 < most ? 64 << 10 : most))
    run_tool "32-bit effects" "${tool}32" effects /dev/nvme0n1
fi
if [ -c /dev/ng0n1 ]; then
    run_tool "generic node, refused" "$tool" bad /dev/nvme0 /dev/ng0n1 $most
    run_tool "generic node, round trip" "$tool" roundtrip /dev/ng0n1 $((64 << 10 < most ? 64 << 10 : most))
fi
# The nodes are opened to everybody, so that only the driver's own check stands in the way.
chmod 666 /dev/nvme0 /dev/nvme0n1
cp "$tool" /tmp/passthru-nobody
run_tool unprivileged setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all /tmp/passthru-nobody unprivileged /dev/nvme0 /dev/nvme0n1
check "writing through the ioctls was seen by the block device" cmp -n 512 <(nvme read /dev/nvme0n1 -s 100 -c 0 -z 512 2>/dev/null) \
    <(dd if=/dev/nvme0n1 bs=512 skip=100 count=1 iflag=direct status=none)
# ---- what fails is told to who wants to hear of it ----
beyond() { nvme read /dev/nvme0n1 -s 0x7fffffff -c 0 -z "$(blockdev --getss /dev/nvme0n1)"; }
no_log() { nvme get-log /dev/nvme0 --log-id=0xee --log-len=512; }
line='nvme0n1: Read\(0x2\), LBA Out of Range \(sct 0x0 / sc 0x80\) (MORE )?DNR cdw10=0x7fffffff cdw11=0x0 cdw12=0x0'
for where in /sys/block/nvme0n1:beyond:"$line" \
    /sys/class/nvme/nvme0:no_log:'nvme0: Get Log Page\(0x2\), .* \(sct 0x. / sc 0x.*\) (MORE )?DNR cdw10=0x7f'; do
    attr=${where%%:*}/passthru_err_log_enabled what=${where#*:}
    check_is "$attr" off "$(<"$attr")"
    log_mark
    refuse "${what%%:*} fails" "${what%%:*}"
    refuse "and nobody hears of it" log_has "${what#*:}"
    echo on >"$attr"
    check_is "$attr, then" on "$(<"$attr")"
    refuse "${what%%:*} fails again" "${what%%:*}"
    check "it is in the log" log_has "${what#*:}"
    echo 0 >"$attr"
    check_is "$attr, at last" off "$(<"$attr")"
    refuse "nonsense is refused" sh -c "echo maybe >$attr"
done

ktap_finish
