# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The header comments of a guest test ("# topology: plain, ns4") are its description; one reader for host and guest.

# meta FILE KEY [DEFAULT]
meta() {
    local value
    value=$(sed -n "1,40s/^# $2: *//p" "$1" | head -n 1)
    echo "${value:-${3:-}}"
}

# The same as words: commas and blanks both separate.
meta_words() { meta "$@" | tr ',' ' ' | tr -s ' '; }

# Seconds that a test may take: "# timeout: 300", or "# timeout: 300 ONVME_CYCLES 15", for each that the variable asks for.
time_of() { # FILE
    local base variable each
    read -r base variable each <<<"$(meta "$1" timeout 120)"
    [ -z "$variable" ] || base=$((base + ${!variable:-0} * each))
    echo "$base"
}
