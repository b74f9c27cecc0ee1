#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will lose completions, each in the middle of other commands, and read the flight record that the reset leaves: the lost command
# has to be in it as in flight, with the commands before it and how long they took. And read records that were damaged on the way.
#
# ONVME_CYCLES is how often, 3 if nothing is said.
#
# topology: cpu2
# needs: jq perl
# kernels: 6.12
# timeout: 300 ONVME_CYCLES 15
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

FAULTS=/sys/kernel/debug/onvme/faults
LIVE=/sys/kernel/debug/onvme/nvme0/flight
DEV=/dev/nvme0n1
CYCLES=${ONVME_CYCLES:-3}

flight() { scripts/flight "$@"; }

# Who writes to a dump lets go of it, so that the next can be kept.
dump() { echo "/sys/bus/pci/devices/$pci/devcoredump/data"; }
has_dump() { [ -e "$(dump)" ]; }
let_go() { [ ! -e "$(dump)" ] || echo 1 >"$(dump)"; }

# Reads of one CPU, and so of one queue: blocks from 4096 on, 8 each; the one of block 800 is lost.
read_some() { taskset -c 0 timeout 60 fio --name=reads --filename=$DEV --rw=read --bs=4k --offset=2M --size=320k --direct=1 --ioengine=psync; }
read_lost() { taskset -c 0 timeout 60 dd if=$DEV of=/dev/null bs=4096 skip=100 count=1 iflag=direct status=none; }

# The queue that has the lost command, of a record as JSON
stuck() { jq -e '.queues[] | select(any(.in_flight[]; .opcode == 2 and .cdw10 == 800))' "$1"; }

one() {
    let_go
    wait_for 10 not has_dump || return 1
    read_some >"$TMP/fio" 2>&1 || { cat "$TMP/fio" && return 1; }
    echo 'when opcode read lba 800 nth 1 -> drop' >$FAULTS
    read_lost || return 1
    echo clear >$FAULTS
    wait_for 10 has_dump || { echo "no dump" && return 1; }
    cat "$(dump)" >"$TMP/record" || return 1
    flight --json "$TMP/record" >"$TMP/json" && stuck "$TMP/json" >"$TMP/queue"
}

all_of_them() {
    local i
    for ((i = 1; i <= CYCLES; i++)); do
        one || { echo "the $i. time" && return 1; }
        # 64 commands at least that were posted before the lost one, each with its time
        jq -e '([.posted[] | select(.cdw10 == 800 and .opcode == 2)][-1].ago_s) as $lost |
            [.posted[] | select(.opcode == 2 and .ago_s > $lost and .cdw10 >= 4096 and .took_s != null)] | length >= 64' \
            "$TMP/queue" || { echo "the $i. time: too few before it" && return 1; }
    done
}

it_says_when() {
    # 600 ms is the time that it may take, and the abort gets the same.
    jq -e '[.in_flight[] | select(.cdw10 == 800)][0] | .age_ms < 60000 and .aborted == 1 and .late == 1' "$TMP/queue" &&
        jq -e '([.posted[] | select(.cdw10 == 800)][-1].ago_s) | . > 0.5 and . < 60' "$TMP/queue" &&
        jq -e '[.posted[] | select(.took_s != null)] | all(.took_s > 0 and .took_s < 30)' "$TMP/queue" &&
        jq -e '[.posted[].ago_s] | . == (sort | reverse)' "$TMP/queue"
}

it_says_why() {
    jq -e '.controller | .device == "nvme0" and .cause == "timeout" and .csts == 1 and .timeouts > 0' "$TMP/json" &&
        jq -e '.states | any(.from == "NEW" or .from == "new")' "$TMP/json" && jq -e '.states[-1].event | ascii_downcase == "reset"' "$TMP/json"
}

for_people() {
    flight "$TMP/record" >"$TMP/text" && grep -q 'Read nsid 1 slba 800 blocks 8, IN FLIGHT, late, abort sent' "$TMP/text" &&
        grep -q 'taken .*Success after' "$TMP/text"
}

while_it_lives() {
    read_some >/dev/null 2>&1 && flight --json $LIVE >"$TMP/live" &&
        jq -e '.controller.cause == "asked for" and ([.queues[] | select(.qid > 0) | .posted[] | select(.cdw10 >= 4096)] | length >= 64)' "$TMP/live"
}

# No two bytes of a record may make the reader crash, or say nothing when it refuses one.
damaged() {
    perl -e '
        my ($file, $rounds) = @ARGV;
        open(my $f, "<", $file) or die; binmode $f; local $/; my $whole = <$f>;
        srand(7);
        for my $n (1 .. $rounds) {
            my $bad = $whole;
            if ($n % 4 == 0) { $bad = substr($bad, 0, int(rand(length $bad))) }
            else { substr($bad, int(rand($n % 2 ? 2048 : length $bad)), 1) = chr(int(rand(256))) for 1 .. 1 + $n % 7 }
            open(my $o, ">", "$file.bad") or die; binmode $o; print $o $bad; close $o;
            my $said = `scripts/flight --json $file.bad 2>&1 >/dev/null`;
            my $rc = $? >> 8;
            die "round $n: exit $rc, $said" if $rc > 1 || $? & 127 || ($rc == 1) != ($said =~ /^flight: [^\n]+\n\z/) || ($rc == 0 && $said ne "");
        }' "$TMP/record" 8
}

foreign() {
    local rc=0
    flight /bin/true >"$TMP/said" 2>&1 || rc=$?
    [ $rc -eq 1 ] && grep -qx 'flight: /bin/true: is no flight record of onvme' "$TMP/said" || return 1
    { head -c 8 "$TMP/record" && printf '\x09\0\0\0' && tail -c +13 "$TMP/record"; } >"$TMP/other"
    rc=0 && flight "$TMP/other" >"$TMP/said" 2>&1 || rc=$?
    [ $rc -eq 1 ] && grep -q 'is of version 9, and this program reads 2' "$TMP/said"
}

# The kernel lets nobody read on in a file of debugfs that is gone.
gone() {
    exec 8<$LIVE
    [ "$(head -c 8 <&8)" = onvmeflt ] || return 1
    echo "$pci" >/sys/bus/pci/drivers/onvme/unbind
    ! head -c 8 <&8 || return 1
    exec 8<&-
    [ ! -e $LIVE ] && echo "$pci" >/sys/bus/pci/drivers/onvme/bind && wait_for 20 test -b $DEV
}

udev_off
check "load with short time-outs" load io_timeout_ms=600 admin_timeout_ms=5000
check "a disk" wait_for 20 test -b $DEV
pci=$(pci_of nvme0)
check "$CYCLES lost completions, $CYCLES records with the command and what was before it" all_of_them
check "it says when" it_says_when
check "it says why" it_says_why
check "in words" for_people
check "a record of a controller that is well" while_it_lives
check "damaged records" damaged
check "no record at all, and one of another version" foreign
check "unbind while somebody reads" gone
let_go
check "unload" unload
ktap_finish
