# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What the scripts on the host side share: where things live, how to speak, how to become root. Sourced, never run.

ONVME_TREE=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
ONVME_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/onvme
export ONVME_TREE ONVME_CACHE

say() { printf '%s\n' "$*"; }
note() { printf '%s\n' "$*" >&2; }
die() {
    note "${0##*/}: $*"
    exit 1
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        die "needs root for: $*; run as root or install sudo"
    fi
}

# One at a time: two VMs that start together must not both unpack a kernel or build the module.
with_lock() {
    local name=$1
    shift
    mkdir -p "$ONVME_CACHE/locks"
    (
        flock -w 1800 9 || die "another run has held the lock $name for half an hour"
        "$@"
    ) 9>"$ONVME_CACHE/locks/$name"
}

# The kernel series that this distribution release ships, which is what demo and shell boot.
default_series() {
    local id='' version=''
    # shellcheck source=/dev/null
    id=$(. /etc/os-release && echo "$ID")
    # shellcheck source=/dev/null
    version=$(. /etc/os-release && echo "${VERSION_ID:-}")
    case "$id:$version" in
    debian:12) echo 6.1 ;;
    *) echo 6.12 ;;
    esac
}

# Where apt of this machine gets Debian from is where the newer suite is; no address of a mirror stands in any file here.
debian_mirror() {
    # shellcheck disable=SC2016 # apt's own $(...)
    apt-get indextargets --format '$(CREATED_BY) $(ORIGIN) $(LABEL) $(COMPONENT) $(REPO_URI)' 2>/dev/null |
        awk '$1 == "Packages" && $2 == "Debian" && $3 == "Debian" && $4 == "main" { print $5; exit }'
}

# What apt needs to reach it from here.
apt_options() { apt-config dump | grep -E '^Acquire::(https?::Proxy|https::Verify|https::Ca|Check-)[^"]* "[^"]+";$' || true; }

# The small programs of tests/guest/bin, and onvme-top where there is ncurses, for use inside the VM; each replaces the one before
# as a whole, since another run may be using that. For the ioctls of 32-bit processes a second one, where a compiler for those is installed.
compile_helpers() {
    local c name out=$ONVME_TREE/build/guest
    mkdir -p "$out"
    for c in "$ONVME_TREE"/tests/guest/bin/*.c; do
        [ -f "$c" ] || continue
        name=$out/$(basename "$c" .c)
        cc -O1 -Wall -Wextra -o "$name.$$" "$c" || return 1
        mv "$name.$$" "$name"
        if cc -m32 -O1 -o "$name.$$" "$c" 2>/dev/null; then mv "$name.$$" "${name}32"; else rm -f "$name.$$" "${name}32"; fi
    done
    [ -n "$(make -s -C "$ONVME_TREE/tools/top" lacks)" ] ||
        { make -s -C "$ONVME_TREE/tools/top" O="$out/top.$$" && mv "$out/top.$$/onvme-top" "$out" && rm -r "$out/top.$$"; }
}

# Before release 8.1 QEMU could go on with a translation that was read while another processor patched the code: with a breakpoint
# that the kernel has long taken back. The kernel shows the code as it stands in memory: where the byte before the address of the
# crash is no breakpoint, the emulator alone has run into one.
emulator_slip() { # CONSOLE: whether that is what it tells of
    local version code
    version=$(qemu-system-x86_64 --version | sed -n '1s/.*version \([0-9]*\.[0-9]*\).*/\1/p')
    [ "$(printf '%s\n8.1\n' "$version" | sort -V | head -n 1)" != 8.1 ] || return 1
    [ "$(grep -cE 'Oops: |BUG: ' "$1")" = 1 ] || return 1
    code=$(sed -n '/Oops: int3: 0000/,/ Code: /s/.* Code: \([0-9a-f ]*\)<.*/\1/p' "$1")
    [ -n "$code" ] && [ "${code: -3}" != 'cc ' ]
}
