#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will suspend the machine to idle, as far as the kernel's own test of it goes, with a controller that dozes meanwhile in a
# power state that it is told to enter: one that does as it is told, and nine that do not. Where it must not doze, it is shut down.
#
# topology: doze
# needs: fio
# kernels: 6.12
# timeout: 600
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/jail.sh
# shellcheck source=/dev/null
. tests/lib/software.sh

wait_for 20 test -b /dev/nvme0n1
settle
grep -q devices /sys/power/pm_test 2>/dev/null || skip_all "this kernel has no test of suspend (pm_test)"
SICK=$(software_function)
export SICK
ASPM=/sys/bus/pci/devices/$SICK/link/l0s_aspm
check_is "the link saves power" 1 "$(cat "$ASPM" 2>/dev/null)"
export ASPM
jail_build tests/lib/doze-inner fio || { not_ok "a file system in memory" && ktap_finish; }
jail_enter doze
