#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will let memory run out for ONVME_MINUTES minutes: a process that uses more of it than there is swaps to a disk, buffered
# writes fill a small memory group, and large transfers go on beside them. All data are compared; nothing may fail, hang or be killed.
#
# topology: pressure
# needs: fio mkswap swapon swapoff
# kernels: 6.12
# asked: ONVME_MINUTES
# timeout: 900
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

HOG=$ONVME_TREE/build/guest/hog
GROUP=/sys/fs/cgroup/pressure

for n in nvme0n1 nvme0n2; do wait_for 20 test -b /dev/$n || not_ok "no $n"; done
settle

seconds=$((ONVME_MINUTES * 60))
rounds() { wc -l <"$TMP/$1.rounds"; }
swapped() { awk '$1 == "pswpin" || $1 == "pswpout" { n += $2 } END { print n }' /proc/vmstat; }
group_event() { awk -v key="$1" '$1 == key { print $2 }' $GROUP/memory.events; }

# Of a disk, by its name
idle() { awk '{ exit $1 + $2 }' "/sys/block/$1"'/inflight'; }

verified_fio() { # NAME OPTION...
    fio --output="$TMP/$1.out" --name="$1" --filename=/dev/nvme0n1 --rw=randwrite --verify=crc32c --verify_fatal=1 \
        --verify_state_save=0 --blockalign=512 --randrepeat=0 --thread "${@:2}" && [ "$(fio_errors "$TMP/$1.out")" -eq 0 ]
}

# again NAME GROUP OPTION...: until the file "go" is gone; a line for each time that went well
again() {
    [ -z "$2" ] || echo "$BASHPID" >"$2/cgroup.procs"
    while [ -e "$TMP/go" ]; do
        verified_fio "$1" "${@:3}" || return 1
        echo >>"$TMP/$1.rounds"
    done
}

mkdir $GROUP
echo +memory >/sys/fs/cgroup/cgroup.subtree_control 2>/dev/null
check "a memory group" sh -c "echo 24M >$GROUP/memory.max"
check "mkswap" mkswap /dev/nvme0n2
check "swapon" swapon /dev/nvme0n2
before=$(swapped)
megabytes=$(($(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo) / 1024 + 100))
: >"$TMP/go"
: >"$TMP/buffered.rounds"
: >"$TMP/direct.rounds"
"$HOG" $megabytes $seconds >"$TMP/hog.out" &
hog=$!
again buffered $GROUP --direct=0 --ioengine=psync --bssplit=4k/60:16k/20:64k/20 --size=96m --end_fsync=1 &
buffered=$!
again direct '' --direct=1 --ioengine=libaio --iodepth=16 --bssplit=512/10:4k/30:128k/40:512k/20 --offset=128m --size=48m &
direct=$!
check "the process that uses $megabytes MB ends" wait_for $((seconds + 120)) ended $hog
rm "$TMP/go"
wait $hog
check_is "and found what it had written" 0 $?
check "the others end" wait_for 120 ended $buffered $direct
wait $buffered
check_is "buffered writes in a small group" 0 $?
wait $direct
check_is "large transfers" 0 $?
swaps=$(($(swapped) - before))
check "pages went to the disk and back" test $swaps -gt 10000
check "the group was full" test "$(group_event max)" -gt 100
check "at least one round of each" test "$(rounds buffered)" -gt 0 -a "$(rounds direct)" -gt 0
diag "$(cat "$TMP/hog.out") pages compared, $swaps swapped, the group full $(group_event max) times, $(rounds buffered) and $(rounds direct)" \
    "rounds of 96 MiB buffered and 48 MiB direct"
check_is "nobody was killed in the group" 0 "$(group_event oom_kill)"
check_is "nobody was killed, nothing was refused memory" "" "$(log_since | grep -E 'oom-kill|Out of memory|allocation failure')"
check_is "nobody was told of an I/O error" "" "$(io_errors)"
check "swapoff" timeout 60 swapoff /dev/nvme0n2
for n in nvme0n1 nvme0n2; do check "nothing is left in flight on $n" wait_for 20 idle $n; done
check "live" live
rmdir $GROUP
settle
ktap_finish
