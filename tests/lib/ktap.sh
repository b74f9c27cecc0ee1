# shellcheck shell=bash disable=SC2119,SC2120 # arguments come from the tests
# SPDX-License-Identifier: GPL-2.0
#
# For tests in shell, on the host or in the VM: KTAP version 1 lines, and waiting with a limit. A test sources this file, says ok,
# not_ok, skip or check as often as it likes, and ends with ktap_finish.

KTAP_COUNT=0 KTAP_FAILED=0 KTAP_SKIPPED=0
TMP=$(mktemp -d /tmp/test.XXXXXX)
export LC_ALL=C.UTF-8

echo "KTAP version 1"

ktap_plan() { echo "1..$1"; }

ok() {
    KTAP_COUNT=$((KTAP_COUNT + 1))
    echo "ok $KTAP_COUNT $*"
}

not_ok() {
    KTAP_COUNT=$((KTAP_COUNT + 1)) KTAP_FAILED=$((KTAP_FAILED + 1))
    echo "not ok $KTAP_COUNT $*"
}

skip() { # NAME REASON
    KTAP_COUNT=$((KTAP_COUNT + 1)) KTAP_SKIPPED=$((KTAP_SKIPPED + 1))
    echo "ok $KTAP_COUNT $1 # SKIP ${2:-}"
}

# verdict NAME EXIT-STATUS
verdict() {
    if [ "$2" -eq 0 ]; then ok "$1"; else not_ok "$1"; fi
}

diag() { printf '# %s\n' "${*//$'\n'/$'\n'# }"; }

# check NAME COMMAND...: ok when it succeeds; otherwise its output explains.
check() {
    local name=$1 out rc=0
    shift
    out=$("$@" 2>&1) || rc=$?
    if [ "$rc" -eq 0 ]; then
        ok "$name"
    else
        not_ok "$name"
        diag "exit $rc from: $*"
        diag "$(tail -n 25 <<<"$out")"
    fi
    return 0
}

# check_is NAME WANTED FOUND
check_is() {
    if [ "$2" = "$3" ]; then
        ok "$1"
    else
        not_ok "$1"
        diag "wanted: $2"
        diag "found:  $3"
    fi
}

# refuse NAME COMMAND...: ok when it fails.
refuse() {
    local name=$1
    shift
    if "$@" >/dev/null 2>&1; then not_ok "$name" && diag "did not fail: $*"; else ok "$name"; fi
}

ktap_finish() {
    rm -rf "$TMP"
    echo "1..$KTAP_COUNT"
    [ "$KTAP_COUNT" -gt 0 ] || exit 1
    [ "$KTAP_FAILED" -eq 0 ] || exit 1
    [ "$KTAP_SKIPPED" -lt "$KTAP_COUNT" ] || exit 4
    exit 0
}

skip_all() {
    skip "$(basename "$0")" "$*"
    ktap_finish
}

# Starting a program takes a tenth of a second on an emulated CPU, so what is done often is done by the shell itself.
exec {NOTHING_FD}<> <(:)
nap() { read -rt "$1" -u "$NOTHING_FD" || true; }

uptime_s() {
    local now
    read -r now _ </proc/uptime
    echo "${now%%.*}"
}

# wait_for SECONDS COMMAND...: until it succeeds, by the clock and not by counting sleeps.
wait_for() {
    local now end
    read -r now _ </proc/uptime
    end=$((${now%%.*} + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        read -r now _ </proc/uptime
        [ "${now%%.*}" -lt "$end" ] || return 1
        nap 0.1
    done
}

# ended PID...: none of these children runs any more.
ended() {
    local p
    for p in "$@"; do ! kill -0 "$p" 2>/dev/null || return 1; done
}
