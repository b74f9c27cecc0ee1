#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will suspend the machine under I/O, as far as the kernel's own test of it goes (devices and CPUs down, a
# second, and up again), to memory and to idle, and then to memory for real, and lose nothing. ONVME_CYCLES=20 makes
# those 20.
#
# topology: suspend
# needs: fio jq
# kernels: 6.12
# timeout: 900 ONVME_CYCLES 20
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/jail.sh

wait_for 20 test -b /dev/nvme0n1
settle
grep -q devices /sys/power/pm_test 2>/dev/null || skip_all "this kernel has no test of suspend (pm_test)"
jail_build tests/lib/suspend-inner fio || { not_ok "a file system in memory" && ktap_finish; }
export SLEEPS=${ONVME_CYCLES:-3}
jail_enter suspend
