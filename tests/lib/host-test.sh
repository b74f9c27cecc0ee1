# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# How tests begin that run on the host: at the top of the tree, without input; what is in $TMP goes when they end.

cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
# shellcheck source=/dev/null
. tests/lib/host.sh
# shellcheck source=/dev/null
. tests/lib/ktap.sh

exec </dev/null
trap 'rm -rf "$TMP"' EXIT

# says EXIT REGEX COMMAND...: that exit status, and one line of those that $SPEAKER knows; REGEX is somewhere in what was said
says() {
    local wanted=$1 words=$2 rc=0
    shift 2
    "$@" >"$TMP/said" 2>&1 || rc=$?
    cat "$TMP/said"
    [ $rc -eq "$wanted" ] && [ "$(grep -cE "$SPEAKER" "$TMP/said")" = 1 ] && grep -qE "$words" "$TMP/said"
}
