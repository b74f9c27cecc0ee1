#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will run tests that fail in every way we know, and see whether the runner notices.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=/dev/null
. tests/lib/host.sh

ONVME_LOGS=$(mktemp -d)
export ONVME_LOGS
trap 'rm -rf "$ONVME_LOGS"' EXIT

wanted="fails FAIL
log PASS
warns FAIL
empty FAIL
hangs FAIL
skips SKIP
crashes FAIL
passes PASS"

scripts=()
while read -r name _; do scripts+=("tests/lib/selftest/$name.sh"); done <<<"$wanted"
timeout 600 tests/run --batch "$(scripts/kernels default)" none "${scripts[@]}" >&2
echo "KTAP version 1"
n=0
while read -r name verdict; do
    n=$((n + 1))
    found=$(awk -F'\t' -v name="$name" '$2 == name { print $1 }' "$ONVME_LOGS/results")
    if [ "$found" = "$verdict" ]; then
        echo "ok $n runner-$name"
    else
        echo "not ok $n runner-$name"
        echo "# wanted $verdict, found ${found:-nothing}"
    fi
done <<<"$wanted"
echo "1..$n"
