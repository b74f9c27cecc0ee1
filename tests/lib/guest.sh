# shellcheck shell=bash disable=SC2119,SC2120 # arguments come from the tests
# SPDX-License-Identifier: GPL-2.0
#
# For guest tests: what all tests in shell have, and the few handles on module and device that most of them need.
# shellcheck source=/dev/null
. tests/lib/ktap.sh

not() { ! "$@"; }

settle() { udevadm settle --timeout="${1:-10}" 2>/dev/null || true; }

# udev holds each new node open for a moment, and keeps what it may not handle in memory: tests that load and unload by the dozen
# do without it. What it does is shown by other tests.
udev_off() { udevadm control --exit 2>/dev/null || true; }
udev_on() {
    local d
    for d in /usr/lib/systemd/systemd-udevd /lib/systemd/systemd-udevd; do
        [ -x "$d" ] && "$d" --daemon >/dev/null 2>&1 && return
    done
}

# ---- the module ----
# The stand-in lets the framework and the tests be tried against the kernel's own driver: ONVME_MODULE=intree.
loaded() { grep -q "^${1:-onvme} " /proc/modules; }

load() { # [PARAMETER=VALUE...]
    local dep
    if [ "$ONVME_MODULE" = intree ]; then
        modprobe nvme "$@"
        return
    fi
    if [ ! -e /run/onvme-depends-loaded ]; then
        for dep in $(modinfo -F depends "$ONVME_KO" | tr ',' ' '); do
            modprobe "$dep" || return 1
        done
        : >/run/onvme-depends-loaded
    fi
    insmod "$ONVME_KO" "$@"
}

unload() {
    if [ "$ONVME_MODULE" = intree ]; then
        modprobe -r nvme
    else
        rmmod onvme
    fi
}

driver() { if [ "$ONVME_MODULE" = intree ]; then echo nvme; else echo onvme; fi; }

# load and wait until the namespaces named are there: load_and_wait nvme0n1 [...]
load_and_wait() {
    local n
    load || return 1
    for n in "${@:-nvme0n1}"; do
        wait_for 20 test -b "/dev/$n" || return 1
    done
    settle
}

# ---- devices ----
namespaces() { find /dev -maxdepth 1 -regex '/dev/nvme[0-9]+n[0-9]+' -type b | sort -V; }

live() {
    local state
    read -r state <"/sys/class/nvme/${1:-nvme0}/state" && [ "$state" = live ]
}

pci_of() { basename "$(readlink -f "/sys/class/nvme/${1:-nvme0}/device")"; }

nvme_functions() { grep -l '^0x010802' /sys/bus/pci/devices/*/class | sed 's|.*/devices/||; s|/class||'; }

# What QEMU's monitor answers; the runner gives every VM the port. It reads until a sum that was not in the question.
monitor() {
    local p port='' part='' text='' end=$((SECONDS + 10))
    for p in /sys/class/virtio-ports/*; do
        [ "$(<"$p/name")" != onvme.monitor ] || port=/dev/${p##*/}
    done
    [ -n "$port" ] || return 1
    exec 7<>"$port"
    printf '%s\np /d 410000+%d\n' "$*" $$ >&7
    while [[ $text != *$((410000 + $$))* ]] && [ "$SECONDS" -lt "$end" ]; do
        IFS= read -r -t 1 -d ')' -u 7 part || true
        text+=$part' '
    done
    exec 7>&-
    # Of what it echoes, letter by letter, the last state of each line.
    while IFS= read -r part; do printf '%s\n' "${part##*$'\e[K'}"; done <<<"${text//$'\r'/}"
}

# ---- I/O that goes on beside a test ----
sectors_done() { awk '{ print $3 + $7 }' /sys/block/nvme0n1/stat; }
moved_on() { [ "$(sectors_done)" -gt "$1" ]; } # SECTORS

# fio_finishes PID SECONDS: it is still there; told to finish, and to verify what is pending, it ends in time and has seen no error.
fio_finishes() {
    local rc
    check "fio still runs" kill -0 "$1"
    kill -INT "$1"
    wait_for "$2" ended "$1" || { not_ok "fio does not end" && kill -KILL "$1"; }
    wait "$1"
    rc=$?
    check "fio saw no error (exit $rc)" test "$rc" -eq 0 -o "$rc" -eq 128
}
# fio_errors FILE: of how many jobs it says so in what it wrote
fio_errors() { grep -oE 'err= *[0-9]+' "$1" | grep -vcE 'err= *0$'; }

# ---- the kernel log ----
# A place in the log to look from; each test starts behind the mark that tests/lib/guest-run has made for it.
LOG_MARK="onvme-test: begin $(basename "$0" .sh)"
log_mark() {
    LOG_MARK="onvme-test: mark $$.$RANDOM"
    echo "$LOG_MARK" >/dev/kmsg
}
# All of the log when it has no such mark: nothing is overlooked because a long log has lost its beginning.
log_since() {
    dmesg | awk -v mark="$LOG_MARK" '{ log_text = log_text $0 "\n" }
        substr($0, length($0) - length(mark) + 1) == mark { log_text = "" } END { printf "%s", log_text }'
}
log_has() { log_since | grep -qE "$1"; }
# What the block layer told somebody who waited for data, or only the log.
io_errors() { log_since | grep -E 'I/O error|Buffer I/O'; }

# ---- programs of tests/guest/bin ----
# The program says "ok NAME" and "not ok NAME # why"; a program that dies is a failure, too.
run_tool() { # LABEL COMMAND...
    local label=$1 line rc
    shift
    "$@" >"$TMP/lines" 2>&1
    rc=$?
    while IFS= read -r line; do
        case $line in
        'ok '*) ok "$label: ${line#ok }" ;;
        'not ok '*) not_ok "$label: ${line#not ok }" ;;
        *) diag "$line" ;;
        esac
    done <"$TMP/lines"
    check "$label: the program ended by itself (exit $rc)" test "$rc" -le 1
    check "$label: it said something" test -s "$TMP/lines"
}

# ---- faults on request ----
# rules RULE...: these at once, in one write, in place of those that are there. The first rule and the last one patch the code of the
# I/O path, which QEMU before 8.1 does badly while another processor runs it: who has I/O under way keeps a rule until it has ended.
# shellcheck disable=SC2034 # for those who do
NEVER='when opcode identify nth 1000000 -> delay 1'
rules() { printf '%s\n' clear "$@" | dd of=/sys/kernel/debug/onvme/faults bs=8k iflag=fullblock status=none; }
