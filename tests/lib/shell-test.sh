#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will start make shell at a terminal of its own, type a command and leave it by exit; and the same with GDB=1, where it
# types into gdb what README.md says. Prints KTAP; tests/run counts it.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
# shellcheck source=/dev/null
. tests/lib/host.sh

count=0 failed=0
work=$(mktemp -d)
screen=$work/screen
started_pid=''
trap '[ -z "$started_pid" ] || kill "$started_pid" 2>/dev/null; rm -rf "$work"' EXIT
trap : PIPE # a shell that ended too early takes no more keys
echo "KTAP version 1"

verdict() { # NAME EXIT-STATUS
    count=$((count + 1))
    [ "$2" -eq 0 ] || failed=$((failed + 1))
    echo "$([ "$2" -eq 0 ] || printf 'not ')ok $count $1"
}
skip() { # NAME REASON
    count=$((count + 1))
    echo "ok $count $1 # SKIP $2"
}
explain() { # FILE: when something has failed
    [ "$failed" -eq 0 ] || tr -d '\r' <"$1" | tail -n 30 | sed 's/^/# /'
}
wait_for() { # SECONDS COMMAND...
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.3
    done
}

# ---- make shell, at a terminal ----
said() { tr -d '\r' <"$screen" | grep -qE "$1"; }
shell_ended() { ! kill -0 "$started_pid" 2>/dev/null; }
# see SECONDS PATTERN: on the screen, or the shell is over
see() { wait_for "$1" eval "said '$2' || shell_ended" && said "$2"; }

start_shell() { # MAKE ARGUMENT...
    rm -f "$work/keys"
    mkfifo "$work/keys"
    : >"$screen"
    TERM=dumb setsid script -qefc "make --no-print-directory shell $*" "$screen" <"$work/keys" >/dev/null 2>&1 &
    started_pid=$!
    exec 8>"$work/keys"
}

# The sum shows that what is seen is an answer and not the echo of the question.
ask() {
    # shellcheck disable=SC2016 # the shell in the VM is to work it out
    echo 'echo answer-$((40 + 2)); cat /sys/class/nvme/nvme0/state' >&8
    see 60 '^answer-42$' && see 20 '^live$'
}

end_shell() {
    local rc=0
    echo "exit" >&8
    wait_for 60 shell_ended || rc=1
    exec 8>&-
    [ $rc -eq 0 ] || kill "$started_pid" 2>/dev/null
    wait "$started_pid" 2>/dev/null || rc=1
    started_pid=''
    return $rc
}

make_shell() {
    start_shell
    see 240 '^onvme-vm:.*# '
    verdict "make shell: a prompt" $?
    ask
    verdict "make shell: a command and its answer" $?
    end_shell
    verdict "make shell: exit ends it, and well" $?
    explain "$screen"
}

# ---- with gdb ----
free_port() { perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport'; }

# The lines of README.md in its own order, and then away again.
run_gdb() {
    local line words=()
    while IFS= read -r line; do words+=(-ex "echo (gdb) $line\\n" -ex "$line"); done < <(sed -n 's/^ *(gdb) //p' README.md)
    [ ${#words[@]} -gt 0 ] || return 1
    timeout 300 gdb -q -batch -x build/gdb/onvme.gdb "${words[@]}" -ex delete -ex detach </dev/null >"$work/gdb" 2>&1
}
# What gdb says after one of these lines, up to the next
after() { awk -v line="(gdb) $1" 'index($0, "(gdb) ") == 1 { on = $0 == line; next } on' "$work/gdb"; }

gdb_session() {
    local stop='[Bb]reakpoint [0-9.]+, (0x[0-9a-f]+ in )?'
    run_gdb
    verdict "make shell GDB=1: gdb takes the lines of README.md" $?
    after continue | grep -qE "${stop}onvme_pci_probe \(pdev=0x[0-9a-f]+, id="
    verdict "make shell GDB=1: gdb stops in onvme_pci_probe" $?
    after next | grep -qE '^[0-9]+	'
    verdict "make shell GDB=1: it steps through its lines" $?
    after 'info args' | grep -qE '^pdev = 0x[0-9a-f]+'
    verdict "make shell GDB=1: arguments" $?
    after bt >"$work/bt"
    grep -qE '^#0 +onvme_ctrl_up ' "$work/bt" && grep -qE '^#[0-9]+ .* in local_pci_probe' "$work/bt"
    verdict "make shell GDB=1: a backtrace with names of module and kernel" $?
    after 'print *hw' | grep -qE '= \{.*bar = 0x[0-9a-f]+'
    verdict "make shell GDB=1: structures" $?
    explain "$work/gdb"
}

make_shell_gdb() {
    command -v gdb >/dev/null || { skip "make shell GDB=1: gdb stops in onvme_pci_probe" "no gdb; make shell GDB=1 would install it" && return; }
    ONVME_GDB_PORT=$(free_port)
    export ONVME_GDB_PORT
    rm -rf build/gdb
    start_shell GDB=1
    see 480 '^Waiting for gdb' && [ -s build/gdb/onvme.gdb ]
    verdict "make shell GDB=1: waits for gdb" $?
    gdb_session
    see 120 '^onvme-vm:.*# ' && ask
    verdict "make shell GDB=1: goes on afterwards" $?
    end_shell
    verdict "make shell GDB=1: exit ends it, and well" $?
    explain "$screen"
}

make_shell
make_shell_gdb
echo "1..$count"
[ "$failed" -eq 0 ]
