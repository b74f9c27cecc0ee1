#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will load the module with parameters out of range, which must be refused in one line, and with good ones, which
# must take effect.
#
# topology: cpu2
# needs: -
# kernels: all
# older: full
# timeout: 480
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

refused() { # PARAMETER VALUE
    log_mark
    if load "$1=$2" 2>/dev/null; then
        not_ok "$1=$2 is refused" && unload
        return
    fi
    check "$1=$2 is refused with a line" log_has "onvme: $1=$2: must be "
}

for v in 0 1 4096 -1 99999999999 many ""; do refused io_queue_depth "$v"; done
for v in 0 -1 3601 x; do
    refused io_timeout "$v"
    refused admin_timeout "$v"
done
refused io_timeout_ms 0
refused admin_timeout_ms 0
refused shutdown_timeout 0
refused shutdown_timeout 256
for v in -1 10001 soon; do refused poll_deadline_ms "$v"; done
for v in -1 257 high; do refused wrr "$v"; done
for v in -1 4294967296 long; do refused default_ps_max_latency_us "$v"; done
refused max_retries 256
refused name_by_nsid 2
refused max_retries -1
for v in 1b36 1b36:0010:none 1b36:0010:no_apst-; do refused quirks "$v"; done
check "nothing is loaded after all that" not loaded

with() { # PARAMETERS...: load with them, leaving the namespace ready
    unload 2>/dev/null
    # shellcheck disable=SC2086
    load "$@" && wait_for 20 test -b /dev/nvme0n1 && settle
}
param() { cat "/sys/module/onvme/parameters/$1"; }

check "loads with good ones" with io_queue_depth=64 io_timeout=7 admin_timeout=9 shutdown_timeout=3 max_retries=2 poll_deadline_ms=0 \
    default_ps_max_latency_us=4294967295
check_is "sqsize" 63 "$(cat /sys/class/nvme/nvme0/sqsize)"
check_is "requests a queue" 63 "$(cat /sys/block/nvme0n1/queue/nr_requests)"
check_is "io_timeout of the disk" 7000 "$(cat /sys/block/nvme0n1/queue/io_timeout)"
check_is "io_timeout in sysfs" 7000 "$(cat /sys/class/nvme/nvme0/io_timeout)"
check_is "admin_timeout in sysfs" 9000 "$(cat /sys/class/nvme/nvme0/admin_timeout)"
check_is "the parameter in ms" 7000 "$(param io_timeout_ms)"
check_is "poll_deadline_ms in sysfs" 0 "$(cat /sys/class/nvme/nvme0/poll_deadline_ms)"
check_is "default_ps_max_latency_us" 4294967295 "$(param default_ps_max_latency_us)"
check "no sleep where there is none" not test -e /sys/class/nvme/nvme0/power_state_max
check "and nothing to tolerate" not test -e /sys/class/nvme/nvme0/power/pm_qos_latency_tolerance_us
check_is "max_retries" 2 "$(param max_retries)"
check "I/O" dd if=/dev/nvme0n1 of=/dev/null bs=1M count=2 iflag=direct status=none

# What is known of QEMU's device is taken away, and something else is said of it.
check_is "quirks of the device" bogus_nid "$(cat /sys/class/nvme/nvme0/quirks)"
zeroes() { cat /sys/block/nvme0n1/queue/write_zeroes_max_bytes; }
check "Write Zeroes is used" test "$(zeroes)" -gt 0
nqn=$(cat /sys/class/nvme/nvme0/subsysnqn)
check "loads with quirks" with quirks=1b36:0010:^bogus_nid,disable_write_zeroes,ignore_dev_subnqn,no_ns_desc_list-8086:0010:no_apst
check_is "quirks of the device" "disable_write_zeroes ignore_dev_subnqn no_ns_desc_list" "$(paste -sd' ' /sys/class/nvme/nvme0/quirks)"
check_is "Write Zeroes is not used" 0 "$(zeroes)"
check "another name of the subsystem" test "$nqn" != "$(cat /sys/class/nvme/nvme0/subsysnqn)"
log_mark
check "loads with a delay" with quirks=1b36:0010:delay_before_chk_rdy,dma_address_bits_48
check "I/O" dd if=/dev/nvme0n1 of=/dev/null bs=1M count=2 iflag=direct status=none
before=$(date +%s%N)
echo 1 >/sys/class/nvme/nvme0/reset_controller
check "a reset has the delay" test $(($(date +%s%N) - before)) -gt 2300000000

check "loads with milliseconds" with io_timeout_ms=1500 admin_timeout_ms=2500 shutdown_timeout_ms=700
check_is "io_timeout of the disk" 1500 "$(cat /sys/block/nvme0n1/queue/io_timeout)"
check_is "admin_timeout in sysfs" 2500 "$(cat /sys/class/nvme/nvme0/admin_timeout)"
check_is "seconds are rounded up" 2 "$(param io_timeout)"
refuse "a bad value at run time" sh -c 'echo 1 >/sys/module/onvme/parameters/io_queue_depth'

for depth in 2 3 4095; do
    check "loads with io_queue_depth=$depth" with io_queue_depth=$depth
    check "I/O with io_queue_depth=$depth" dd if=/dev/nvme0n1 of=/dev/null bs=1M count=4 iflag=direct status=none
done
check "per controller: io_timeout" sh -c 'echo 4000 >/sys/class/nvme/nvme0/io_timeout && grep -qx 4000 /sys/class/nvme/nvme0/io_timeout'
refuse "per controller: io_timeout=0" sh -c 'echo 0 >/sys/class/nvme/nvme0/io_timeout'
unload
ktap_finish
