#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will make the Debian packages and live through their life as a machine would: installed, upgraded, a new kernel, a
# build that fails, removed. All of that in an overlay over the host's root, in name spaces of its own, on copies of the kernels
# that scripts/kernels keeps: nothing is changed on the host and no module is ever loaded. Prints KTAP; tests/run counts it.
#
# The module is compiled once as it is; for versions and failures that follow a module of three lines has its name, since what
# becomes of versions is asked and not what the compiler makes of them.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"

# Tests in virtual machines, which run beside this one, go by the clock.
renice -n 10 -p $$ >/dev/null

VERSION=$(cat VERSION)
# Class NVM Express: what udev asks modprobe for.
NVME=pci:v00001B36d00000010sv00001AF4sd00001100bc01sc08i02

# ---- on the host: the packages ----
# tree VERSION [C-TEXT]: the packages from a copy of what they are made of, with a module of a few lines.
tree() {
    local dir=$TMP/tree-$1
    mkdir -p "$dir"
    git ls-files -z --cached --others --exclude-standard -- ':!tests' | xargs -0 cp -P --parents -t "$dir" tests/lib/host.sh
    # of what a kernel has it asks nothing
    find "$dir/src/compat/probes" -name '*.c' ! -name sane.c -delete
    echo "$1" >"$dir/VERSION"
    echo 'obj-m := onvme.o' >"$dir/Kbuild"
    cat >"$dir/onvme.c" <<'END'
#include <linux/module.h>
#include <linux/mod_devicetable.h>
#include <linux/pci.h>
static const struct pci_device_id ids[] = { { PCI_DEVICE_CLASS(0x010802, 0xffffff) }, { } };
MODULE_DEVICE_TABLE(pci, ids);
MODULE_LICENSE("GPL");
END
    echo "MODULE_VERSION(\"$1\");" >>"$dir/onvme.c"
    # install-sources takes what it knows
    mv "$dir/onvme.c" "$dir/src/onvme.c"
    echo 'onvme-y := src/onvme.o' >>"$dir/Kbuild"
    [ -z "${2:-}" ] || echo "$2" >>"$dir/src/onvme.c"
    # dh_dkms takes the version from here
    sed -i "s/^PACKAGE_VERSION=.*/PACKAGE_VERSION=\"$1\"/" "$dir/dkms.conf"
    ONVME_PACKAGES=$TMP/packages-$1 "$dir/scripts/package" deb
}

builds() {
    git status --porcelain --ignored=no >"$TMP/before" && ONVME_PACKAGES=$TMP/packages scripts/package deb &&
        git status --porcelain --ignored=no | diff "$TMP/before" -
}

same_bytes() {
    (cd "$TMP/packages/deb" && sha256sum ./*.deb) >"$TMP/sums"
    mkdir -p "$TMP/again" && ONVME_PACKAGES=$TMP/again scripts/package deb >/dev/null &&
        (cd "$TMP/again/deb" && sha256sum -c "$TMP/sums")
}

contents() {
    local p
    for p in "dkms_${VERSION}_all" "utils_${VERSION}_$(dpkg --print-architecture)"; do
        dpkg-deb --fsys-tarfile "$TMP/packages/deb/onvme-$p.deb" | tar -t | grep -v '/$'
    done | sed 's|^\.||; s|\.gz$||' | sort >"$TMP/contents"
    grep -vE "^/usr/(share/doc|src/onvme-$VERSION/(src|include))/" "$TMP/contents" | diff - <(sort <<END
/usr/bin/onvme-top
/usr/lib/dracut/modules.d/90onvme/module-setup.sh
/usr/lib/modprobe.d/onvme-devices.conf
/usr/sbin/onvme-bind
/usr/sbin/onvme-flight
/usr/share/initramfs-tools/hooks/onvme
/usr/share/man/man4/onvme.4
/usr/share/man/man8/onvme-bind.8
/usr/share/man/man8/onvme-flight.8
/usr/share/man/man8/onvme-top.8
/usr/src/onvme-$VERSION/Kbuild
/usr/src/onvme-$VERSION/Kconfig
/usr/src/onvme-$VERSION/Makefile
/usr/src/onvme-$VERSION/VERSION
/usr/src/onvme-$VERSION/dkms.conf
END
    ) || return 1
    # all sources, and nothing that was built
    sed -n "s|^/usr/src/onvme-$VERSION/||p" "$TMP/contents" | grep -E '^(src|include)/' |
        diff - <(git ls-files --cached --others --exclude-standard src include | sort)
}

version_agrees() { grep -qx "PACKAGE_VERSION=\"$VERSION\"" dkms.conf; }

# ---- in the jail ----
# What modprobe and depmod look at of a kernel; the rest of its modules is of no interest here.
kernel_in() { # SERIES
    local release='' modules='' kdir='' to
    eval "$(cat "$ONVME_CACHE/kernels/$1/env")"
    to=/lib/modules/$release
    mkdir -p "$to/kernel"
    (cd "$modules" && find kernel/drivers/nvme kernel/block kernel/crypto kernel/lib kernel/arch/x86/crypto -name '*.ko*' \
        -exec cp --parents -t "$to" {} + && cp modules.order modules.builtin modules.builtin.modinfo "$to")
    ln -s "$kdir" "$to/build"
    cp "$kdir/.config" "/boot/config-$release"
    depmod "$release"
    echo "$release"
}

status_is() { dkms status | diff - <(printf '%s\n' "$@"); }
module() { echo "/lib/modules/$1/updates/dkms/onvme.ko"; }
# What is loaded because there is an NVMe device, last ones first.
loads() { modprobe -n -v -b -S "$1" "$NVME"; }
in_tree_only() { loads "$1" | grep -q '/drivers/nvme/host/nvme\.ko' && ! loads "$1" | grep onvme; }

install_packages() { dpkg -i "$PACKAGES/deb"/*.deb; }

modinfo_complete() {
    local field file
    file=$(module "$1")
    for field in description author license vermagic srcversion; do
        [ -n "$(modinfo -F $field "$file")" ] || { echo "no $field" && return 1; }
    done
    [ "$(modinfo -F version "$file")" = "$VERSION" ] || return 1
    [ "$(modinfo -F license "$file")" = GPL ] || return 1
    modinfo -F alias "$file" | grep -qx 'pci:v\*d\*sv\*sd\*bc01sc08i02\*' || return 1
    # each parameter that the sources have, with a text and a type
    grep -hoP '^(module_param_named|ONVME_PARAM(_ONCE)?)\(\K\w+' src/*.c | sort >"$TMP/params"
    modinfo -F parm "$file" | grep -oP '^\w+(?=:.{10,})' | sort | diff "$TMP/params" -
}

is_signed() { [ -n "$(modinfo -F signer "$(module "$1")")" ] && [ -n "$(modinfo -F sig_key "$(module "$1")")" ]; }

# A module of that name that came with the kernel would not be taken for ours.
updates_first() {
    local other=/lib/modules/$1/kernel/drivers/nvme/host/onvme.ko
    cp "$(module "$1")" "$other" && depmod "$1" && modinfo -k "$1" -F filename onvme | diff - <(module "$1")
    local rc=$?
    rm -f "$other" && depmod "$1"
    return $rc
}

by_name() { modprobe -n -v -S "$1" onvme | grep -qF "insmod $(module "$1")"; }

all_devices() {
    local conf=/etc/modprobe.d/onvme-devices.conf rc=0
    cp /usr/share/doc/onvme-utils/examples/all-devices.conf $conf
    loads "$1" | grep -qF "insmod $(module "$1")" || rc=1
    loads "$1" | grep -q '^install .*/sbin/modprobe -q onvme' || rc=1
    # neither of the two is loaded but by those commands
    ! loads "$1" | grep '^insmod .*/nvme' || rc=1
    rm -f $conf
    return $rc
}

upgrades() { # VERSION RELEASE
    dpkg -i "$UPGRADE/deb"/*.deb && status_is "onvme/$1, $2, $(uname -m): installed" || return 1
    [ "$(modinfo -k "$2" -F version onvme)" = "$1" ] || return 1
    [ ! -e "/usr/src/onvme-$VERSION" ] && [ ! -e "/var/lib/dkms/onvme/$VERSION" ]
}

# What the package of a kernel runs when it is installed.
new_kernel() { run-parts --exit-on-error --arg="$1" --regex '^dkms$' /etc/kernel/postinst.d; }

# fails_in_one_line REGEX COMMAND...: and says what becomes of the devices
fails_in_one_line() {
    local words=$1 rc=0
    shift
    "$@" >"$TMP/said" 2>&1 || rc=$?
    cat "$TMP/said"
    [ $rc -ne 0 ] || { echo "it succeeded" && return 1; }
    [ "$(grep -c '^onvme: ' "$TMP/said")" = 1 ] && grep -qE "^onvme: $words" "$TMP/said"
}

# A kernel whose headers do not compile: the file that every module includes is wrong.
broken_kernel() { # RELEASE
    local kdir
    kdir=$(readlink -f "/lib/modules/$1/build")
    cp -a "$kdir" /tmp/broken-headers
    echo '#error broken' >>/tmp/broken-headers/include/generated/autoconf.h
    ln -sfn /tmp/broken-headers "/lib/modules/$1/build"
}

nothing_left() {
    dpkg -P onvme-dkms onvme-utils >"$TMP/purge" 2>&1 || { cat "$TMP/purge" && return 1; }
    find /usr/src /var/lib/dkms /lib/modules /usr/lib/modprobe.d /usr/share/doc /usr/share/man /usr/share/initramfs-tools \
        /usr/lib/dracut /etc/modprobe.d -name '*onvme*' 2>/dev/null >"$TMP/left"
    grep -l onvme /lib/modules/*/modules.dep >>"$TMP/left"
    diff /dev/null "$TMP/left"
}

in_initramfs() { # RELEASE
    local image=/tmp/initrd f
    mkdir -p /tmp/conf && cp -r /etc/initramfs-tools/. /tmp/conf && echo MODULES=list >/tmp/conf/initramfs.conf
    printf 'BUSYBOX=n\nCOMPRESS=gzip\n' >>/tmp/conf/initramfs.conf
    mkinitramfs -d /tmp/conf -o $image "$1" && lsinitramfs $image >"$TMP/without" || return 1
    ! grep -q 'onvme\.ko' "$TMP/without" || { echo "there unasked" && return 1; }
    mkdir -p /tmp/else && onvme-bind --root /tmp/else --persist 0000:01:00.0 &&
        cp /tmp/else/etc/modprobe.d/onvme-persist.conf /etc/modprobe.d/ || return 1
    mkinitramfs -d /tmp/conf -o $image "$1" && lsinitramfs $image >"$TMP/with"
    rm -f /etc/modprobe.d/onvme-persist.conf
    for f in updates/dkms/onvme.ko host/nvme.ko modprobe.d/onvme-persist.conf modprobe.d/onvme-devices.conf bin/modprobe; do
        grep -q "$f$" "$TMP/with" || { echo "no $f in the initramfs" && return 1; }
    done
}

room() {
    local d
    for d in /lib/modules /boot /var/lib/dkms; do
        mkdir -p $d && mount -t tmpfs none $d || return 1
    done
}

inner() {
    local k61 k612 arch
    KTAP_COUNT=$KTAP_AT
    arch=$(uname -m)
    check "room for kernels" room
    k61=$(kernel_in 6.1)
    check "installing the packages builds and installs the module" install_packages
    check "dkms status says so" status_is "onvme/$VERSION, $k61, $arch: installed"
    check "modinfo is complete" modinfo_complete "$k61"
    check "the module is signed with the key of the machine" is_signed "$k61"
    check "updates/ comes before the kernel's own" updates_first "$k61"
    check "an NVMe device does not load onvme" in_tree_only "$k61"
    check "by name it is loaded" by_name "$k61"
    check "the example for all devices does" all_devices "$k61"
    if command -v mkinitramfs >/dev/null; then
        check "it is in the initramfs when a device is kept for it" in_initramfs "$k61"
    else
        skip "it is in the initramfs when a device is kept for it" "no initramfs-tools-core"
    fi
    check "an upgrade replaces it" upgrades 99.1 "$k61"

    k612=$(kernel_in 6.12)
    check "a new kernel gets it" new_kernel "$k612"
    check "and the old one keeps it" status_is "onvme/99.1, $k61, $arch: installed" "onvme/99.1, $k612, $arch: installed"
    dkms remove onvme/99.1 -k "$k612" >/dev/null 2>&1
    broken_kernel "$k612"
    check "a kernel for which it does not build is told in one line" fails_in_one_line \
        "no module for Linux ${k612//+/.}, the in-tree nvme driver keeps all devices there: " new_kernel "$k612"
    check "and has none of it" test ! -e "$(module "$k612")"
    check "and its in-tree driver takes the devices" in_tree_only "$k612"
    check "while the other kernel keeps it" status_is "onvme/99.1, $k61, $arch: installed"
    rm -rf "/lib/modules/$k612"

    check "a version that does not build fails with one line" fails_in_one_line "no module for Linux $k61, .*error" \
        dpkg -i "$BROKEN/deb"/onvme-dkms_*.deb
    check "and leaves no module behind" test ! -e "$(module "$k61")" -a ! -e "/var/lib/dkms/onvme/99.1"
    check "and the in-tree driver takes the devices" in_tree_only "$k61"
    check "removing the packages leaves nothing" nothing_left
}

if [ "${1:-}" = inner ]; then
    inner
    echo "$KTAP_COUNT $KTAP_FAILED $KTAP_SKIPPED" >"$COUNTS"
    exit 0
fi

jail() {
    mkdir -p "$TMP/jail"
    # shellcheck disable=SC2016 # the inner shell's
    ${SUDO[@]+"${SUDO[@]}"} env HOME="$HOME" XDG_CACHE_HOME="${ONVME_CACHE%/*}" KTAP_AT="$KTAP_COUNT" COUNTS="$TMP/counts" \
        PACKAGES="$TMP/packages" UPGRADE="$TMP/packages-99.1" BROKEN="$TMP/packages-99.2" unshare -m -p -f bash -c '
        set -e
        mount -t tmpfs none "$1/jail" && cd "$1/jail" && mkdir up work root
        mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root
        mount -t proc proc root/proc && mount --rbind /dev root/dev
        for d in "$2" "$3" "$1"; do mkdir -p "root$d" && mount --bind "$d" "root$d"; done
        exec chroot root env LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$3/tests/lib/package-test.sh" inner
    ' bash "$TMP" "$ONVME_CACHE" "$ONVME_TREE"
}

# The tests of the jail count on where the others ended.
run_jail() {
    jail 2>"$TMP/jail.err" | grep --line-buffered -v '^KTAP version'
    if read -r KTAP_COUNT failed skipped 2>/dev/null <"$TMP/counts"; then
        KTAP_FAILED=$((KTAP_FAILED + failed)) KTAP_SKIPPED=$((KTAP_SKIPPED + skipped))
    else
        not_ok "the packages live through their life"
        diag "$(tail -n 5 "$TMP/jail.err")"
    fi
}

# Whether name spaces and an overlay are to be had here. Files of root have to be changed in it, which takes more than a name space
# in which one is called root.
can_jail() {
    [ "$(id -u)" -eq 0 ] || SUDO=(sudo -n)
    # shellcheck disable=SC2016
    ${SUDO[@]+"${SUDO[@]}"} unshare -m -p -f bash -c 'mount -t tmpfs none "$1" && cd "$1" && mkdir up work root &&
        mount -t overlay overlay -o lowerdir=/,upperdir=up,workdir=work root && mount -t proc proc root/proc' \
        bash "$TMP" 2>/dev/null
}

for tool in dpkg-buildpackage dh dh_dkms dkms; do
    command -v $tool >/dev/null || skip_all "no $tool (scripts/setup)"
done
for k in 6.1 6.12; do
    scripts/kernels get $k >/dev/null 2>"$TMP/kernels" || skip_all "$(tail -n 1 "$TMP/kernels")"
done

check "dkms.conf has the version of VERSION" version_agrees
check "make deb leaves the tree as it was" builds
check "and gives the same bytes again" same_bytes
check "what is in the packages" contents
if command -v lintian >/dev/null; then
    check "lintian" lintian --fail-on error,warning "$TMP"/packages/deb/*.deb
else
    skip "lintian" "no lintian"
fi
check "a later version" tree 99.1
check "a version that does not build" tree 99.2 '#error this one does not build'
if can_jail; then
    run_jail
else
    skip "the life of the packages" "no root without a password, or no overlay file system"
fi
ktap_finish
