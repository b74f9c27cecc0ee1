#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will pass, even behind all the others, and with a line in the kernel log that is no finding.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

echo "<4> nvme0n1: unable to read partition table" >/dev/kmsg
check "something true" true
ktap_finish
