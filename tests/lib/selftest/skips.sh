#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will skip itself.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

skip_all "nothing to do"
