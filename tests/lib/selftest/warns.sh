#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will pass but leave a warning in the kernel log, which must be seen.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

echo "<4>WARNING: CPU: 0 PID: 1 at nowhere" >/dev/kmsg
ok "all well"
ktap_finish
