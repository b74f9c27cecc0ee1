#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will see that every probe of src/compat says no on the oldest kernel and yes on the newest: one that never compiles
# would choose the oldest way everywhere, and nobody would notice. Prints KTAP; tests/run counts it.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"

OLDEST=6.1 NEWEST=7.2

# answers SERIES: the probes that said yes when the module was built
answers() {
    local ko
    ko=$(scripts/kernels build "$1" 2>>"$TMP/log") || return 1
    sed -n 's/^#define ONVME_HAVE_\([A-Z0-9_]*\) 1$/\1/p' "${ko%/*}/src/compat/probed.h" | tr '[:upper:]' '[:lower:]' | sort
}

probes() { find src/compat/probes -name '*.c' ! -name sane.c -printf '%f\n' | sed 's/\.c$//' | sort; }

oldest() {
    answers "$OLDEST" >"$TMP/yes" || return 1
    diff /dev/null "$TMP/yes"
}
check "on $OLDEST every probe says no" oldest

newest() {
    answers "$NEWEST" >"$TMP/yes" || return 1
    probes | diff - "$TMP/yes"
}
if scripts/kernels get "$NEWEST" >/dev/null 2>"$TMP/log"; then
    check "on $NEWEST every probe says yes" newest
else
    skip "on $NEWEST every probe says yes" "$(tail -n 1 "$TMP/log")"
fi

ktap_finish
