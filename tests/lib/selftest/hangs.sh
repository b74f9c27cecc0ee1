#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will never end; the runner must end it.
#
# topology: none
# timeout: 4
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

sleep 1000
ok "woke up"
ktap_finish
