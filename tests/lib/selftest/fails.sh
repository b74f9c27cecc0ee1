#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will fail, and must be seen to.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

echo "a line of fails" >/dev/kmsg
check "something false" false
ktap_finish
