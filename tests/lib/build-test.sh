#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will build, and make packages, where that cannot work: each time one line must name what is wrong and what helps, and
# nothing must be left. Prints KTAP.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"

# shellcheck disable=SC2034 # says() reads it
SPEAKER='^(onvme|package): |^setup: apt'

# headers NAME RELEASE CONFIG...: as much of prepared sources as is looked at
headers() {
    local dir=$TMP/headers-$1 release=$2
    shift 2
    mkdir -p "$dir/include/generated" "$dir/include/config"
    echo "#define UTS_RELEASE \"$release\"" >"$dir/include/generated/utsrelease.h"
    printf 'CONFIG_%s=y\n' "$@" >"$dir/include/config/auto.conf"
    # whoever comes as far as this has been let through
    printf 'modules:\n\t@echo reached; false\n' >"$dir/Makefile"
    echo "$dir"
}

tree=$TMP/tree
mkdir "$tree" && git ls-files -z Makefile Kbuild Kconfig VERSION src include | xargs -0 cp -P --parents -t "$tree"
git ls-files -z --others --exclude-standard src | xargs -r -0 cp -P --parents -t "$tree"
build() { make -s -C "$tree" KDIR="$1" "${@:2}"; }
good="MODULES PCI BLOCK CC_IS_GCC"

check "no headers" says 2 '^onvme: no kernel headers at .*nowhere; .*KDIR=' build "$TMP/nowhere"
check "no headers of the running kernel" says 2 '^onvme: no kernel headers at /lib.*/build; install .*linux-headers-1.2.3' \
    build /lib/modules/1.2.3/build
mkdir "$TMP/raw" && touch "$TMP/raw/Makefile"
check "sources that are not prepared" says 2 'not prepared; run make modules_prepare' build "$TMP/raw"
# shellcheck disable=SC2086 # words
{
    check "a kernel that is too old" says 2 'Linux 5.10.0-9-amd64 is too old: 6.1 or newer' \
        build "$(headers old 5.10.0-9-amd64 $good)"
    check "6.0, too" says 2 'Linux 6.0-rc1 is too old' build "$(headers six 6.0-rc1 $good)"
    check "a kernel without modules" says 2 'CONFIG_MODULES=y is needed' build "$(headers nomod 6.12.1 PCI BLOCK)"
    check "a kernel without PCI" says 2 'CONFIG_PCI=y is needed' build "$(headers nopci 6.12.1 MODULES BLOCK)"
    check "a kernel without block layer" says 2 'CONFIG_BLOCK=y is needed' build "$(headers noblk 6.12.1 MODULES PCI)"
    check "a kernel made by clang" says 2 'compiled by clang; say make LLVM=1' \
        build "$(headers clang 7.3.0 MODULES PCI BLOCK CC_IS_CLANG)"
    check "no such compiler" says 2 'there is no compiler nocc; install it' build "$(headers cc 6.12.1 $good)" CC=nocc
    check "a compiler that compiles nothing" says 2 'not even an empty module compiles against .*; try the compiler' \
        build "$(headers sane 6.12.1 $good)"
}

# A kernel that is newer than the driver: what every file includes is not as it was.
too_new() {
    local kdir=''
    eval "$(scripts/kernels get 6.1)"
    find "$tree/src/compat/probes" -name '*.c' ! -name sane.c -delete
    echo '#error this kernel is too new' >>"$tree/src/compat/compat.h"
    says 2 '^onvme: does not build for Linux 6.1.*; a newer onvme may: the in-tree nvme driver keeps' build "$kdir" &&
        [ ! -e "$tree/onvme.ko" ]
}

# Root may write everywhere but to a file system that cannot be written to.
read_only() {
    local kdir
    # shellcheck disable=SC2086
    kdir=$(headers ro 6.12.1 $good)
    # shellcheck disable=SC2016
    says 2 'cannot be written to; copy the tree' unshare ${UNSHARE[@]+"${UNSHARE[@]}"} -m bash -c \
        'mount --bind "$1" "$1" && mount -o remount,bind,ro "$1" && make -s -C "$1" KDIR="$2"' bash "$tree" "$kdir"
}

[ "$(id -u)" -eq 0 ] || UNSHARE=(-r)
if unshare ${UNSHARE[@]+"${UNSHARE[@]}"} -m true 2>/dev/null; then
    check "a tree that cannot be written to" read_only
else
    skip "a tree that cannot be written to" "no mount name space of one's own"
fi
if scripts/kernels get 6.1 >/dev/null 2>&1; then
    check "a kernel for which it does not build" too_new
else
    skip "a kernel for which it does not build" "no headers of Linux 6.1"
fi

# ---- packages that cannot be had ----
# apt as it is without a network, and a machine on which one package is missing
no_network() {
    mkdir -p "$TMP/apt"
    printf '#!/bin/sh\necho "Reading package lists..."\necho "E: Failed to fetch jq: no route to host"\n' >"$TMP/apt/apt-get"
    printf 'echo "E: Unable to fetch some archives"\nexit 100\n' >>"$TMP/apt/apt-get"
    scripts/setup --list | grep -vx jq | sed "s/.*/printf '&:installed '/" | sed '1i #!/bin/sh' >"$TMP/apt/dpkg-query"
    chmod +x "$TMP"/apt/*
    # as_root is for those who are not
    printf '#!/bin/sh\nexec "$@"\n' >"$TMP/apt/sudo" && chmod +x "$TMP/apt/sudo"
    says 1 '^setup: apt cannot install jq: Failed to fetch jq: no route to host; without a network' \
        env PATH="$TMP/apt:$PATH" scripts/setup
}
check "setup without a network" no_network

# ---- packages without their tools ----
mkdir "$TMP/bin"
for p in bash sh env cat dirname sed grep git make date mkdir rm readlink; do ln -s "$(command -v $p)" "$TMP/bin/$p"; done
check "make deb without dpkg-dev" says 1 'dpkg-buildpackage is missing; apt install dpkg-dev' \
    env PATH="$TMP/bin" scripts/package deb
check "make rpm without rpm" says 1 'rpmbuild is missing; apt install rpm' env PATH="$TMP/bin" scripts/package rpm
if command -v rpmspec >/dev/null; then
    check "the spec file" scripts/package rpm-check
else
    skip "the spec file" "no rpmspec"
fi
ktap_finish
