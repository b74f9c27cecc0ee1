#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will find in the log what it caused itself, and nothing of the test before it, which left a line there.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

echo "a line of this test" >/dev/kmsg
check "the line of the test before is in the log" sh -c "dmesg | grep -q 'a line of fails'"
check_is "it is not taken for one's own" "" "$(log_since | grep 'a line of fails')"
check "one's own line is found" log_has 'a line of this test'
ktap_finish
