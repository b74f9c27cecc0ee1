#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will crash the kernel; the runner must say so and go on with the next test in a new VM.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

echo c >/proc/sysrq-trigger
ok "still alive"
ktap_finish
