#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# The module of dracut: onvme is in the initramfs where it has devices from the start, so that the root file system can lie on
# them, with the files of modprobe that say so. dracut sets dracutsysrootdir and calls these functions.

onvme_asked_for() {
    grep -qsE '^install[[:space:]]+nvme([[:space:]]|$)' \
        "${dracutsysrootdir:-}"/etc/modprobe.d/onvme-persist.conf "${dracutsysrootdir:-}"/etc/modprobe.d/onvme-devices.conf
}

# 0: needed; 255: only when another module asks for it.
check() {
    onvme_asked_for || return 255
}

depends() {
    echo kernel-modules
}

# The in-tree driver, too: it has the devices where onvme cannot be loaded.
installkernel() {
    hostonly='' instmods nvme onvme
    # shellcheck disable=SC2154 # instmods is content when there is none
    modinfo -k "$kernel" onvme >/dev/null 2>&1 ||
        dwarn "onvme: no module for this kernel: its devices stay with the in-tree driver there"
}

install() {
    inst_multiple -o /etc/modprobe.d/onvme-persist.conf /etc/modprobe.d/onvme-devices.conf \
        /usr/lib/modprobe.d/onvme-devices.conf
}
