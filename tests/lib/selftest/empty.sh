#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will say nothing at all, which is no success.
#
# topology: none
# timeout: 30
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

ktap_finish
