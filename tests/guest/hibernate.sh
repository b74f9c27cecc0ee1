#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will hibernate the machine under I/O: in the steps of the kernel's own test of it, and then with an image of memory that is
# written to a disk of the driver's, read back and restored in the same boot; and lose nothing.
#
# topology: hibernate
# needs: fio nvme
# kernels: 6.12
# timeout: 600
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/jail.sh

for n in nvme0n1 nvme1n1; do wait_for 20 test -b /dev/$n; done
settle
grep -q test_resume /sys/power/disk 2>/dev/null || skip_all "this kernel cannot hibernate for a test (test_resume)"
jail_build tests/lib/hibernate-inner fio nvme || { not_ok "a file system in memory" && ktap_finish; }
jail_enter hibernate
