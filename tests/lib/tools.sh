#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will use the make targets and scripts of the host side as a person does: install and uninstall, clean, help, exit
# codes of scripts/vm. Prints KTAP; tests/run counts it.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"

# ---- make ----
every_target() {
    local t
    make -s help >"$TMP/help" || return 1
    # shellcheck disable=SC2013 # they are words
    for t in $(sed -n 's/^\.PHONY: //p' Makefile); do
        case $t in modules | FORCE | clean | help) continue ;; esac
        grep -qE "^ *make $t( |\$)" "$TMP/help" || { echo "make help does not name $t" && return 1; }
    done
}

# In the copy of the tree in which scripts/kernels has built the module already, so that nothing is compiled once more.
install_uninstall() {
    local kernel kdir='' release='' ko copy dest=$TMP/root
    kernel=$(default_series)
    eval "$(scripts/kernels get "$kernel")"
    ko=$(scripts/kernels build "$kernel") || return 1
    copy=${ko%/*}
    cp --parents -t "$copy" scripts/onvme-bind scripts/flight docs/onvme.4 docs/onvme-{bind,flight,top}.8 packaging/modprobe.d/onvme-devices.conf \
        tools/top/* packaging/initramfs-tools/onvme packaging/dracut/90onvme/module-setup.sh || return 1
    make -s -C "$copy" KDIR="$kdir" DESTDIR="$dest" install || return 1
    (cd "$dest" && find . -type f -printf '%m %p\n' | sort) >"$TMP/installed"
    diff - "$TMP/installed" <<<"644 ./lib/modules/$release/updates/onvme.ko
644 ./usr/local/lib/modprobe.d/onvme-devices.conf
644 ./usr/local/share/man/man4/onvme.4
644 ./usr/local/share/man/man8/onvme-bind.8
644 ./usr/local/share/man/man8/onvme-flight.8
644 ./usr/local/share/man/man8/onvme-top.8
755 ./usr/lib/dracut/modules.d/90onvme/module-setup.sh
755 ./usr/local/bin/onvme-top
755 ./usr/local/sbin/onvme-bind
755 ./usr/local/sbin/onvme-flight
755 ./usr/share/initramfs-tools/hooks/onvme" || return 1
    cmp "$ko" "$dest/lib/modules/$release/updates/onvme.ko" || return 1
    "$dest/usr/local/sbin/onvme-bind" --help | grep -q 'usage: onvme-bind' || return 1
    make -s -C "$copy" KDIR="$kdir" DESTDIR="$dest" PREFIX=/opt install && [ -x "$dest/opt/sbin/onvme-bind" ] || return 1
    make -s -C "$copy" KDIR="$kdir" DESTDIR="$dest" PREFIX=/opt uninstall && make -s -C "$copy" KDIR="$kdir" DESTDIR="$dest" uninstall || return 1
    [ -z "$(find "$dest" -type f)" ] || { find "$dest" -type f && return 1; }
}

# A tree with the traces of a build in it; afterwards it is as git has it.
clean() {
    local kdir='' tree=$TMP/tree
    eval "$(scripts/kernels get "$(default_series)")"
    mkdir "$tree"
    git ls-files -z | xargs -0 cp -P --parents -t "$tree" || return 1
    (cd "$tree" && find . -type f | sort) >"$TMP/before"
    (cd "$tree" && mkdir build && touch build/x onvme.ko onvme.o onvme.mod onvme.mod.c onvme.mod.o src/pci.o src/.pci.o.cmd src/proto/prp.o \
        modules.order Module.symvers src/compat/probed.h .onvme.ko.cmd)
    make -s -C "$tree" KDIR="$kdir" clean || return 1
    (cd "$tree" && find . -type f | sort) | diff "$TMP/before" -
}

check "make help names every target" every_target
check "make install and uninstall, with DESTDIR and PREFIX" install_uninstall
check "make clean leaves what git has" clean

# ---- tests/run ----
# Where no kernel can be had, all guest tests are skipped, and that must not look like success.
nothing_ran() {
    mkdir -p "$TMP/bin" "$TMP/empty"
    printf '#!/bin/sh\nexit 1\n' | tee "$TMP/bin/apt-get" >"$TMP/bin/apt-cache"
    chmod +x "$TMP/bin/apt-get" "$TMP/bin/apt-cache"
    ! ONVME_LOGS=$TMP/logs XDG_CACHE_HOME=$TMP/empty PATH=$TMP/bin:$PATH timeout 120 tests/run --guest --only params --kernel 6.1 >"$TMP/run" 2>&1 || return 1
    cat "$TMP/run"
    grep -q '^SKIP params' "$TMP/run" && grep -qE '^0 passed, 1 failed, 1 skipped$' "$TMP/run"
}
check "tests/run: only skipped tests are a failure" nothing_ran

# A newer kernel runs what names it, there where it says; asked for by name, it runs what the newest of the others does.
newer_kernels() {
    tests/run --list | grep '^7\.2 ' | cut -d' ' -f2 | sort | diff - <(printf '%s\n' cmbdata plain) || return 1
    tests/run --list --topology meta | cut -d' ' -f1 | diff - <(echo 6.12) || return 1
    diff <(tests/run --list --kernel 6.12 | cut -d' ' -f2- | sort) <(tests/run --list --kernel 7.2 | cut -d' ' -f2- | grep -v '^cmbdata ' | sort)
}
check "tests/run: a newer kernel, by itself and asked for" newer_kernels

older_kernels() {
    local first all
    first=$(tests/run --list | grep '^6\.1 ' | grep -c fio-verify)
    all=$(tests/run --list --full | grep '^6\.1 ' | grep -c fio-verify)
    [ "$first" -eq 1 ] && [ "$all" -gt 5 ] || return 1
    ! tests/run --list | grep '^6\.1 ' | grep cycles || return 1
    tests/run --list --full | grep '^6\.1 ' | grep -q cycles || return 1
    diff <(tests/run --list --full | grep '^6\.1 ' | sort) <(tests/run --list --kernel 6.1 | sort) || return 1
}
check "tests/run: an older kernel, its first topologies and all" older_kernels

# Nothing of the newest of the usual kernels is left out but what a header names behind "full:".
full_only() {
    ! tests/run --list | grep -w thousand || return 1
    tests/run --list --full | grep -q '^6\.12 many .*thousand' && tests/run --list --only thousand | grep -q '^6\.12 many ' || return 1
    diff <(tests/run --list | grep '^6\.12 ' | grep -o '[^/]*\.sh' | sort -u) \
        <(tests/run --list --full | grep '^6\.12 ' | grep -o '[^/]*\.sh' | grep -v '^thousand' | sort -u)
}
check "tests/run: what is for --full only" full_only

# A breakpoint that is no longer there, with an old emulator, is not the driver's; nothing else is excused.
slips() {
    local what
    mkdir -p "$TMP/old" "$TMP/new"
    printf '#!/bin/sh\necho "QEMU emulator version 7.2.22 (Debian)"\n' >"$TMP/old/qemu-system-x86_64"
    printf '#!/bin/sh\necho "QEMU emulator version 10.0.2 (Debian)"\n' >"$TMP/new/qemu-system-x86_64"
    chmod +x "$TMP"/{old,new}/qemu-system-x86_64
    printf '%s\n' '[ 1.0] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI' '[ 1.0] RIP: 0010:onvme_blk_queue_rq+0x20d/0x580 [onvme]' \
        '[ 1.0] Code: 8b 55 e8 34 c3 32 c1 e9 <14> 01 00 00' '[ 1.1] Code: cc <cc>' >"$TMP/slip"
    sed 's/e9 <14>/cc <14>/' "$TMP/slip" >"$TMP/there"
    sed '/c1 e9/d; s/cc <cc>/Bad RIP value./' "$TMP/slip" >"$TMP/nowhere"
    sed 's/int3/general protection fault/' "$TMP/slip" >"$TMP/other"
    (echo '[ 0.9] BUG: kernel NULL pointer dereference'; cat "$TMP/slip") >"$TMP/second"
    PATH=$TMP/old:$PATH emulator_slip "$TMP/slip" || return 1
    ! PATH=$TMP/new:$PATH emulator_slip "$TMP/slip" || return 1
    for what in there nowhere other second empty-file; do
        [ -e "$TMP/$what" ] || : >"$TMP/$what"
        ! PATH=$TMP/old:$PATH emulator_slip "$TMP/$what" || { echo "$what is excused" && return 1; }
    done
}
check "tests/run: what is the emulator's own crash" slips

# ---- scripts/vm ----
exits() { # WANTED ARGUMENT...
    local wanted=$1 rc=0
    shift
    scripts/vm --topology none --module none "$@" || rc=$?
    echo "exit $rc, wanted $wanted"
    [ $rc -eq "$wanted" ]
}
check "scripts/vm: a command's own status" exits 7 -- bash -c 'exit 7'
check "scripts/vm: 124 when time is up" exits 124 --timeout 60 -- sleep 600
where_it_is() {
    scripts/vm --topology none --module none --timeout 60 --keep-log "$TMP/late" -- sleep 600
    cat "$TMP/late"
    [ "$(grep -c '^vm: CPU 0 ' "$TMP/late")" -eq 5 ] && grep -qE '^vm: CPU [0-9] (halted )?at ffffffff[0-9a-f]{8}$' "$TMP/late"
}
check "scripts/vm: of a VM that is ended, where its processors are" where_it_is
check "scripts/vm: 126 for a crash" exits 126 -- bash -c 'echo c >/proc/sysrq-trigger; sleep 60'
check "scripts/vm: 125 for a topology that is none" exits 125 --topology no-such -- true
check "scripts/vm: 125 for a QEMU that does not start" env PATH="$TMP/noqemu:$PATH" bash -c "mkdir -p $TMP/noqemu
    printf '#!/bin/sh\nexit 1\n' >$TMP/noqemu/qemu-system-x86_64; chmod +x $TMP/noqemu/qemu-system-x86_64
    scripts/vm --topology none --module none -- true; [ \$? -eq 125 ]"
check "scripts/vm: 125 without a command" exits 125

ktap_finish
