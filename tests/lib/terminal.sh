# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For tests in shell that look at a program in a terminal: tmux has the terminal, the test reads its screen and types. Needs
# tests/lib/ktap.sh. A test ends with terminal_close.

TERMINAL_SECONDS=${TERMINAL_SECONDS:-15} # that the screen may take to show what it should

# Each terminal has a server of its own: one that is ending would be in the way of the next.
echo 0 >"$TMP/terminal"
on() { tmux -L "onvme-test.$$.$(cat "$TMP/terminal")" -f /dev/null -u "$@"; }
terminal() { # COLUMNS LINES COMMAND...: in a new one, in place of that which there was
    terminal_close
    echo $(($(cat "$TMP/terminal") + 1)) >"$TMP/terminal"
    on new-session -d -s test -x "$1" -y "$2" "${@:3}"
}
terminal_close() { on kill-server 2>/dev/null; }
screen() { on capture-pane -p -t test; }
keys() { on send-keys -t test "$@"; }

sees() { screen | grep -qE -- "$1"; }
sees_not() { ! sees "$1"; }
# see COMMAND...: until it is so
see_that() { wait_for "$TERMINAL_SECONDS" "$@" || { screen && return 1; }; }
see() { see_that sees "$1"; }
see_not() { see_that sees_not "$1"; }
