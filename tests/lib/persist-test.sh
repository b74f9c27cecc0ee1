#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will keep devices for onvme in the files of another system (onvme-bind --persist, --undo, --root), let a shell run
# what is written there on a picture of sysfs, with a modprobe that only takes notes, and ask the hooks of the initramfs what they
# would copy. No module is loaded, no device is touched. Prints KTAP.
set -uo pipefail
# shellcheck source=/dev/null
. "$(dirname "$0")/host-test.sh"

# shellcheck disable=SC2034 # says() reads it
SPEAKER='^onvme-bind: '

A=0000:01:00.0 B=0000:0a:00.1
R=$TMP/system
CONF=$R/etc/modprobe.d/onvme-persist.conf
mkdir -p "$R"
bind() { scripts/onvme-bind --root "$R" "$@"; }
kept() { sed -n 's/^# device //p' "$CONF" | xargs; }

# ---- the file ----
keeps() {
    bind --persist $A && [ "$(kept)" = $A ] && [ "$(stat -c %a "$CONF")" = 644 ] || return 1
    bind --persist 0A:00.1 && [ "$(kept)" = "$A $B" ] || return 1
    # modprobe itself understands it
    modprobe -C "$R/etc/modprobe.d" -c | grep -qE "^install nvme .*for d in $A $B; do"
}

# The same file, not a new one with the same words.
twice() {
    local before
    before=$(stat -c '%i %y' "$CONF")
    bind --persist $A && bind --persist $B && [ "$(stat -c '%i %y' "$CONF")" = "$before" ]
}

forgets() {
    bind --undo $A && [ "$(kept)" = $B ] && bind --undo $A && [ "$(kept)" = $B ] || return 1
    bind --undo $B && bind --undo $B && [ -z "$(ls -A "$R/etc/modprobe.d")" ]
}

dry() {
    bind --dry-run --persist $A && [ ! -e "$CONF" ] && bind --persist $A || return 1
    bind --dry-run --undo $A && [ "$(kept)" = $A ]
}

# The limit is for the files of the one process only.
no_room_for() {
    (
        ulimit -f 0
        trap '' XFSZ
        scripts/onvme-bind --root "$R" --persist "$1" 2>&1
    ) | cat
}

# A file system without room: the one that was there stays as it is, and nothing lies beside it.
no_room() {
    local sum
    sum=$(sha256sum "$CONF")
    says 1 'nothing is changed' no_room_for $B || return 1
    [ "$(sha256sum "$CONF")" = "$sum" ] && [ "$(ls -A "$R/etc/modprobe.d")" = onvme-persist.conf ]
}

other_rule() {
    local rc=0
    echo "$1" >"$R/etc/modprobe.d/mine.conf"
    says 1 'mine.conf already says what becomes of nvme; take that out first' \
        scripts/onvme-bind --root "$R" --persist $B || rc=1
    rm -f "$R/etc/modprobe.d/mine.conf"
    [ $rc -eq 0 ] && [ "$(kept)" = $A ]
}

builtin_nvme() {
    local list=$R/lib/modules/6.6.6-cloud/modules.builtin
    mkdir -p "${list%/*}"
    echo kernel/drivers/nvme/host/nvme.ko >"$list"
    bind --persist $A >"$TMP/said" 2>&1 || return 1
    grep -qx 'onvme-bind: nvme is part of the kernel 6.6.6-cloud: there the device stays with nvme at boot' "$TMP/said" || return 1
    echo kernel/drivers/nvme/host/nvme-core.ko >"$list"
    bind --persist $A >"$TMP/said" 2>&1 && ! grep 'part of the kernel' "$TMP/said"
}

explains() {
    local rc=0
    "$@" >"$TMP/said" 2>&1 || rc=$?
    [ $rc -eq 2 ] && grep -q '^usage: onvme-bind' "$TMP/said"
}

# ---- on the machine itself, with a sysfs and a modprobe.d that are made up ----
# device DRIVER [HOLDER]: $A has that driver, and its disk is held by a block device
device() {
    local dev=/sys/bus/pci/devices/$A
    rm -rf /sys/bus && mkdir -p /sys/bus/pci/drivers/{nvme,onvme} "$dev/nvme/nvme7/nvme7n1/holders"
    ln -s "/sys/bus/pci/drivers/$1" "$dev/driver"
    echo 0x010802 >"$dev/class" && echo 259:7 >"$dev/nvme/nvme7/nvme7n1/dev"
    [ -z "${2:-}" ] || touch "$dev/nvme/nvme7/nvme7n1/holders/$2"
}

# What is said, and whether the device is kept then; how to make a new initramfs depends on the machine.
tell() {
    local rc=0
    scripts/onvme-bind "$@" 2>&1 | grep -v 'now run "' || rc=${PIPESTATUS[0]}
    echo "$rc $(sed -n 's/^# device //p' /etc/modprobe.d/onvme-persist.conf 2>/dev/null)"
}

machine_inner() {
    mount -t tmpfs none /sys && mkdir -p /etc/modprobe.d && mount -t tmpfs none /etc/modprobe.d || exit 9
    device nvme dm-0
    tell $A
    tell --persist --dry-run $A
    tell --persist $A
    tell --undo $A
    device onvme dm-0
    tell --persist $A
    tell --undo $A
    tell --persist $A
    rm -rf /sys/bus/pci/devices
    tell --persist $B
    tell --undo $A
    tell --undo $A
}

machine() {
    "${UNSHARE[@]}" tests/lib/persist-test.sh machine_inner | grep -v '^KTAP' >"$TMP/told"
    diff "$TMP/told" - <<END
onvme-bind: $A: nvme7n1 is held by dm-0: not touching it
1 
$A: nvme7n1 is held by dm-0: onvme would have it from the next boot on
0 
$A: nvme7n1 is held by dm-0: onvme has it from the next boot on
0 $A
$A: nvme7n1 is held by dm-0: nvme has it from the next boot on
0 
$A: bound to onvme already
0 $A
$A: nvme7n1 is held by dm-0: nvme has it from the next boot on
0 
$A: bound to onvme already
0 $A
onvme-bind: $B: no such PCI device
1 $A
$A: no such PCI device any more; no longer kept for onvme
0 
onvme-bind: $A: no such PCI device
1 
END
}

if [ "${1:-}" = machine_inner ]; then
    machine_inner
    exit
fi
check "--persist keeps devices in one file" keeps
check "a second time changes nothing" twice
check "--undo takes them out, and the file with the last" forgets
check "--dry-run changes nothing" dry
check "no room: nothing is changed" no_room
check "another rule for nvme is refused" other_rule 'install nvme /bin/false'
check "and a blacklist" other_rule 'blacklist nvme'
check "a kernel with nvme built in is named" builtin_nvme
check "no directory" says 1 '^onvme-bind: .*/nowhere: no such directory' \
    scripts/onvme-bind --root "$TMP/nowhere" --persist $A
check "no address" says 1 '^onvme-bind: 01:00 is no PCI address' scripts/onvme-bind --root "$R" --persist 01:00
check "--undo and --persist at once" explains scripts/onvme-bind --undo --persist $A
check "--root alone" explains scripts/onvme-bind --root "$R" $A
UNSHARE=(unshare -m)
[ "$(id -u)" -eq 0 ] || UNSHARE=(unshare -r -m)
if "${UNSHARE[@]}" mount -t tmpfs none /sys 2>/dev/null; then
    check "a device in use changes hands at the next boot, one that is gone can be taken out" machine
else
    skip "a device in use changes hands at the next boot, one that is gone can be taken out" \
        "no mount name space of one's own"
fi

# ---- what the file does at boot ----
# boot FILE MODULE LOADS: run what FILE says about MODULE; LOADS is whether onvme can be loaded. Notes are in $TMP/sys and $TMP/did.
boot() {
    local sys=$TMP/sys
    rm -rf "$sys" && mkdir -p "$sys/bus/pci/devices/"{$A,0000:03:00.0} "$sys/module"
    touch "$sys/bus/pci/devices/"{$A,0000:03:00.0}/driver_override
    : >"$TMP/did" && : >"$TMP/kmsg"
    cat >"$TMP/modprobe" <<END
#!/bin/sh
echo "\$*, override \$(cat $sys/bus/pci/devices/$A/driver_override)" >>$TMP/did
case "\$*" in *onvme*) $3 && mkdir -p $sys/module/onvme ;; esac
END
    chmod +x "$TMP/modprobe"
    modprobe -C "$(dirname "$1")" -c | sed -n "s/^install $2 //p" |
        sed "s|/sys/|$sys/|g; s|/sbin/modprobe|$TMP/modprobe|g; s|/dev/kmsg|$TMP/kmsg|g" >"$TMP/script"
    CMDLINE_OPTS=x=1 sh "$TMP/script"
}

did() { diff "$TMP/did" - && [ "$(wc -c <"$TMP/kmsg")" -eq 0 ]; }
override() { cat "$TMP/sys/bus/pci/devices/$1/driver_override"; }

# Told before nvme is there, onvme after it; a device that is not plugged in is no matter.
kept_boot() {
    bind --persist $B && boot "$CONF" nvme true || return 1
    did <<END || return 1
--ignore-install nvme x=1, override onvme
-q onvme, override onvme
END
    [ "$(override $A)" = onvme ] && [ -z "$(override 0000:03:00.0)" ] && [ ! -e "$TMP/sys/bus/pci/devices/$B" ]
}

kept_without_module() {
    boot "$CONF" nvme false
    cat "$TMP/kmsg"
    [ -z "$(override $A | tr -d '\n')" ] && grep -qx $B "$TMP/sys/bus/pci/drivers_probe" &&
        grep -qx "onvme: cannot be loaded, the in-tree driver takes $A $B" "$TMP/kmsg"
}

all=$TMP/all/all-devices.conf
mkdir -p "$TMP/all" && cp packaging/modprobe.d/all-devices.conf "$TMP/all/"

# modprobe runs what is said of nvme_core before what is said of nvme.
all_boot() {
    boot "$all" nvme_core true && did <<<"-q onvme, override " || return 1
    CMDLINE_OPTS='' sh <(modprobe -C "$TMP/all" -c | sed -n "s/^install nvme //p" |
        sed "s|/sys/|$TMP/sys/|g; s|/sbin/modprobe|$TMP/modprobe|g") && did <<<"-q onvme, override "
}

all_without_module() {
    boot "$all" nvme_core false
    grep -q '^--ignore-install nvme_core x=1' "$TMP/did" && grep -q '^onvme: cannot be loaded' "$TMP/kmsg" || return 1
    boot "$all" nvme false
    grep -q '^--ignore-install nvme x=1' "$TMP/did"
}

check "at boot the device waits for onvme" kept_boot
check "and is nvme's where onvme cannot be loaded" kept_without_module
check "all devices: onvme instead of nvme" all_boot
check "and nvme where onvme cannot be loaded" all_without_module

# ---- the initramfs ----
cat >"$TMP/hook-functions" <<'END'
manual_add_modules() { echo "modules $*"; }
END
hook() { version=6.6.6 ONVME_HOOK_FUNCTIONS=$TMP/hook-functions ONVME_ETC=$1 packaging/initramfs-tools/onvme 2>/dev/null; }

tools_hook() {
    hook "$R/etc" | diff - <(echo "modules onvme nvme") || return 1
    mkdir -p "$TMP/etc/modprobe.d" && [ -z "$(hook "$TMP/etc")" ] || return 1
    cp packaging/modprobe.d/onvme-devices.conf "$TMP/etc/modprobe.d/" && [ -z "$(hook "$TMP/etc")" ] || return 1
    cp "$all" "$TMP/etc/modprobe.d/onvme-devices.conf" && hook "$TMP/etc" | diff - <(echo "modules onvme nvme") &&
        [ -z "$(packaging/initramfs-tools/onvme prereqs)" ]
}

# module-setup.sh FUNCTION in the system below DIR
dracut_module() { # DIR FUNCTION
    # shellcheck disable=SC2016
    kernel=6.6.6 dracutsysrootdir=$1 bash -euc '
        instmods() { echo "instmods $*, hostonly <$hostonly>"; }
        inst_multiple() { echo "inst $*"; }
        dwarn() { echo "warns: $*"; }
        . packaging/dracut/90onvme/module-setup.sh
        $1' bash "$2"
}

dracut_hook() {
    local rc=0
    dracut_module "$R" check && dracut_module "$TMP/etc/.." check || return 1
    mkdir -p "$TMP/plain/etc/modprobe.d" && dracut_module "$TMP/plain" check || rc=$?
    [ $rc -eq 255 ] || return 1
    dracut_module "$R" installkernel >"$TMP/said"
    grep -qx 'instmods nvme onvme, hostonly <>' "$TMP/said" && grep -q '^warns: onvme: no module for' "$TMP/said" || return 1
    dracut_module "$R" install | grep -q '^inst -o .*/onvme-persist.conf .*/onvme-devices.conf'
}

check "initramfs-tools takes the module where it has devices" tools_hook
check "so does dracut" dracut_hook

ktap_finish
