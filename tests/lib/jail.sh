# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For guest tests that suspend the machine. The virtual file system on which all programs lie forgets its queues in a suspend
# (virtio-9p has no code for it). So the part from there on runs in a file system in memory, with what little it needs, keeps
# everybody else stopped, gives the verdict itself, and ends the machine (tests/lib/jail-inner.sh). QEMU's console ports do come back.
JAIL=/tmp/jail

jail_add() { # PROGRAM
    local lib
    mkdir -p "$JAIL/bin"
    cp -L "$(command -v "$1")" "$JAIL/bin/"
    ldd "$(command -v "$1")" | grep -oE '/[^ ]+' | sort -u | while read -r lib; do
        mkdir -p "$JAIL${lib%/*}" && cp -L "$lib" "$JAIL$lib"
    done
}

# jail_build INNER PROGRAM...
jail_build() {
    local p inner=$1
    shift
    mkdir -p "$JAIL"/{proc,sys,dev,tmp}
    for p in bash "$@"; do jail_add "$p" || return 1; done
    cp /run/onvme-bin/busybox "$JAIL/bin/busybox"
    for p in awk basename cat cp cut date dd dirname dmesg find grep head hexdump kill ls mkdir mktemp mkswap mv od readlink rm sed sh \
        sleep sort swapoff swapon sync tail test timeout tr wc; do
        ln -s busybox "$JAIL/bin/$p"
    done
    cat tests/lib/ktap.sh tests/lib/guest.sh tests/lib/jail-inner.sh | sed -e 's|^TMP=.*|TMP=/tmp|' -e '/^\. tests/d' >"$JAIL/guest.sh"
    cp "$inner" "$JAIL/inner"
    mount -t proc proc "$JAIL/proc" && mount -t sysfs sysfs "$JAIL/sys" && mount -t devtmpfs devtmpfs "$JAIL/dev" &&
        mount -t tracefs tracefs "$JAIL/sys/kernel/tracing"
}

status_port() {
    local p
    for p in /sys/class/virtio-ports/*; do
        [ "$(cat "$p/name" 2>/dev/null)" != onvme.status ] || echo "/dev/${p##*/}"
    done
}

# Does not return. The runner would look for programs that cannot be read any more, and be waited for by the next suspend.
jail_enter() { # NAME
    udev_off
    # One that is still at work would wait for a file, and suspend for it.
    wait_for 60 not pgrep udev || { not_ok "udev ends" && diag "$(pgrep -a udev)" && ktap_finish; }
    sync
    NAME=$1 RUNNER=$PPID STATUS_PORT=$(status_port)
    export NAME RUNNER STATUS_PORT BAD FINE LOG_MARK
    LC_ALL=C exec chroot "$JAIL" /bin/bash /inner
}
