#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will suspend the machine under I/O, as far as the kernel's own test of it goes (devices and CPUs down, five
# seconds, and up again), to memory and to idle, and then to memory for real, and lose nothing. ONVME_CYCLES=20 makes
# those 20.
#
# topology: suspend
# needs: fio jq
# kernels: 6.12
# timeout: 900
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

# The virtual file system on which all programs lie forgets its queues in a suspend (virtio-9p has no code for it). So the part
# from there on runs in a file system in memory, with what little it needs, keeps everybody else stopped, gives the verdict
# itself, and ends the machine. QEMU's console ports do come back.
JAIL=/tmp/suspend

add_program() {
    local lib
    mkdir -p "$JAIL/bin"
    cp -L "$(command -v "$1")" "$JAIL/bin/"
    ldd "$(command -v "$1")" | grep -oE '/[^ ]+' | sort -u | while read -r lib; do
        mkdir -p "$JAIL${lib%/*}" && cp -L "$lib" "$JAIL$lib"
    done
}

build_jail() {
    local p
    mkdir -p "$JAIL"/{proc,sys,dev,tmp}
    for p in bash fio; do add_program $p || return 1; done
    cp /run/onvme-bin/busybox "$JAIL/bin/busybox"
    for p in awk cat cp cut dd dmesg grep head kill ls mkdir mktemp mv rm sed sh sleep sort sync tail test timeout tr wc; do
        ln -s busybox "$JAIL/bin/$p"
    done
    cat tests/lib/ktap.sh tests/lib/guest.sh | sed -e 's|^TMP=.*|TMP=/tmp|' -e '/^\. tests/d' >"$JAIL/guest.sh"
    cp tests/lib/suspend-inner "$JAIL/"
    mount -t proc proc "$JAIL/proc" && mount -t sysfs sysfs "$JAIL/sys" && mount -t devtmpfs devtmpfs "$JAIL/dev"
}

status_port() {
    local p
    for p in /sys/class/virtio-ports/*; do
        [ "$(cat "$p/name" 2>/dev/null)" != onvme.status ] || echo "/dev/${p##*/}"
    done
}

wait_for 20 test -b /dev/nvme0n1
settle
grep -q devices /sys/power/pm_test 2>/dev/null || skip_all "this kernel has no test of suspend (pm_test)"
build_jail || { not_ok "a file system in memory" && ktap_finish; }
udev_off
sync
# The runner would look for programs that cannot be read any more, and be waited for by the next suspend.
runner=$PPID
export STATUS_PORT BAD FINE LOG_MARK RUNNER=$runner
STATUS_PORT=$(status_port)
export SLEEPS=${ONVME_CYCLES:-3}
LC_ALL=C exec chroot "$JAIL" /bin/bash /suspend-inner
