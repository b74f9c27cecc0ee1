#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will drive zones: what the in-tree driver says of them is compared, they are written, appended to, opened, closed, finished
# and reset, across a controller reset too, and what a zone forbids is an error. What users without rights may do to them is done.
#
# topology: zoned
# needs: fio nvme blkzone mkfs.btrfs
# kernels: 6.1, 6.12
# timeout: 300
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

udev_off # it would look at a disk each time that somebody has written to it
FAULTS=/sys/kernel/debug/onvme/faults

disk_of() { # NSID
    local d n
    for d in /sys/block/nvme0n*; do
        read -r n <"$d/nsid" 2>/dev/null && [ "$n" = "$1" ] && echo "${d##*/}" && return
    done
    return 1
}
dev_of() { echo "/dev/$(disk_of "$1")"; }
all_there() { disk_of 1 && disk_of 2 && disk_of 3; } >/dev/null

# What is another thing in-tree is left out, see compare-intree.sh; from 7.1 on that driver also takes blocks in pieces to which
# protection information belongs (dma_alignment).
collect() { # FOLDER
    local n
    mkdir -p "$1"
    for n in 1 2 3; do
        (cd "/sys/block/$(disk_of $n)" && grep -H . ro size queue/*) 2>/dev/null |
            grep -vE '^queue/(max_segments|max_integrity_segments|nr_requests|virt_boundary_mask|dma_alignment|optimal_io_size|async_depth|discard_granularity):' >"$1/limits-$n"
        blkzone report "$(dev_of $n)" >"$1/zones-$n"
    done
}

# State and write pointer of zone N (from 0)
zone() { # DEVICE N
    local len
    len=$(<"/sys/block/${1##*/}/queue/chunk_sectors")
    blkzone report -o $((len * $2)) -c 1 "$1" | sed -E 's/.*wptr 0x0*([0-9a-f]+) .*zcond: ?[0-9]+\(([a-z]*)\).*/\2 \1/'
}
act() { # COMMAND DEVICE N
    blkzone "$1" -o $(($(<"/sys/block/${2##*/}/queue/chunk_sectors") * $3)) -c 1 "$2"
}
# From 6.12 on the block layer does not know where a zone goes on once a write to it has failed, until somebody has asked.
put() { # DEVICE SEEK COUNT: blocks of 64 KiB
    dd if="$TMP/data" of="$1" bs=64k seek="$2" count="$3" oflag=direct conv=notrunc status=none
}
same() { # DEVICE SEEK COUNT
    dd if="$1" bs=64k skip="$2" count="$3" iflag=direct status=none | cmp - <(head -c $(($3 * 65536)) "$TMP/data")
}
verified() { # DEVICE: random zones, written from beginning to end and read back
    fio --output="$TMP/fio.out" --name=zbd --filename="$1" --zonemode=zbd --direct=1 --rw=write --bs=64k --size=12m --offset="${2:-0}" \
        --ioengine=libaio --iodepth=8 --thread --verify=crc32c --verify_fatal=1 --max_open_zones=4 || { cat "$TMP/fio.out" && return 1; }
}

states() { # DEVICE
    local dev=$1 len
    len=$(printf '%x' "$(<"/sys/block/${dev##*/}/queue/chunk_sectors")")
    check "all are reset" blkzone reset "$dev"
    check_is "empty" "em 0" "$(zone "$dev" 1)"
    check "written from its beginning" put "$dev" 128 4
    check_is "open by that, and the write pointer moved" "oi 200" "$(zone "$dev" 1)"
    check "what was written is read" same "$dev" 128 4
    refuse "a write elsewhere is an error" put "$dev" 160 1
    check_is "which has changed nothing" "oi 200" "$(zone "$dev" 1)"
    check "the next is not" put "$dev" 132 4
    check "closed" act close "$dev" 1
    check_is "it is" "cl 400" "$(zone "$dev" 1)"
    check "opened" act open "$dev" 1
    check_is "it is" "oe 400" "$(zone "$dev" 1)"
    check "another is opened" act open "$dev" 2
    check_is "it is" "oe 0" "$(zone "$dev" 2)"
    check "finished" act finish "$dev" 1
    check_is "full" "fu $len" "$(zone "$dev" 1)"
    refuse "a write to a full one is an error" put "$dev" 136 1
    check "reset" act reset "$dev" 1
    check_is "empty again" "em 0" "$(zone "$dev" 1)"
    check_is "the other is not" "oe 0" "$(zone "$dev" 2)"
    check "all are reset" blkzone reset "$dev"
    check_is "all empty" "$(</sys/block/"${dev##*/}"/queue/nr_zones)" "$(blkzone report "$dev" | grep -c '(em)')"
}

# More than may be open, and may be active; a zone ends before the next begins.
limits() { # DEVICE
    local n
    for n in 0 1 2 3 4 5; do act open "$1" $n || not_ok "zone $n opens"; done
    refuse "a seventh zone is not opened" act open "$1" 6
    for n in 0 1 2 3 4 5; do
        put "$1" $((n * 128)) 1
        act close "$1" $n || not_ok "zone $n closes"
    done
    check "six are closed" test "$(blkzone report "$1" | grep -c '(cl)')" -eq 6
    check "two more are active" put "$1" $((6 * 128)) 1
    put "$1" $((7 * 128)) 1
    # The block layer has a word for it, which is not EIO.
    check "a ninth is not, with an error of its own" grep -q 'Value too large' <(put "$1" $((8 * 128)) 1 2>&1)
    check "one is finished" act finish "$1" 7
    check_is "the ninth is empty" "em 0" "$(zone "$1" 8)"
    check "then it is" put "$1" $((8 * 128)) 1
    check "to its capacity of 6 MiB" put "$1" $((8 * 128 + 1)) 95
    check_is "it is full by that" fu "$(zone "$1" 8 | cut -d ' ' -f 1)"
    refuse "not beyond" put "$1" $((8 * 128 + 96)) 1
    blkzone reset "$1"
}

# Writes of a file system go by Zone Append, and nobody but the controller knows before where to.
appends() { # DEVICE
    modprobe btrfs || { skip "appends" "no btrfs" && return; }
    blkzone reset "$1"
    check "mkfs.btrfs" mkfs.btrfs -q -f -d single -m single "$1"
    mkdir -p "$TMP/mnt"
    check "mount" mount "$1" "$TMP/mnt"
    echo 'when io opcode 125 nth 1000000 -> drop' >$FAULTS # which counts them
    for n in 1 2; do dd if="$TMP/data" of="$TMP/mnt/$n" bs=64k count=$((n * 8)) conv=fsync status=none & done
    wait
    check "it did append" grep -E 'opcode 0x7d .*seen [1-9]' $FAULTS
    echo clear >$FAULTS
    for n in 3 4; do dd if="$TMP/data" of="$TMP/mnt/$n" bs=64k count=$((n * 8)) conv=fsync status=none & done
    wait
    check "unmount" umount "$TMP/mnt"
    check "mount again" mount "$1" "$TMP/mnt"
    for n in 1 2 3 4; do check "file $n" cmp "$TMP/mnt/$n" <(head -c $((n * 524288)) "$TMP/data"); done
    check "unmount again" umount "$TMP/mnt"
    check "btrfs check" btrfs check --force --check-data-csum "$1"
    blkzone reset "$1"
}
head -c 8m /dev/urandom >"$TMP/data"
check "in-tree nvme loads" modprobe nvme
check "its disks are there" wait_for 20 all_there
sleep 1
for n in 1 2 3; do blkzone reset "$(dev_of $n)"; done
put "$(dev_of 2)" 64 4 && act close "$(dev_of 2)" 1 # what is open would be closed when the driver goes
put "$(dev_of 2)" 128 64 && act finish "$(dev_of 1)" 3
collect "$TMP/intree"
check "in-tree nvme unloads" modprobe -r nvme
check "onvme loads" load
check "disks are there" wait_for 20 all_there
collect "$TMP/onvme"
for n in 1 2 3; do
    check "nsid $n: limits as in-tree" diff "$TMP/intree/limits-$n" "$TMP/onvme/limits-$n"
    check "nsid $n: zones as in-tree" diff "$TMP/intree/zones-$n" "$TMP/onvme/zones-$n"
    check "nsid $n: there are some" test -s "$TMP/onvme/zones-$n"
done
check_is "a block device is host-managed" host-managed "$(<"/sys/block/$(disk_of 1)/queue/zoned")"
refuse "zones that are no power of two are no disk" disk_of 4
check "but a generic node" test -c /dev/ng0n4
check "which is said" log_has 'namespace 4: zones that the block layer cannot use: no block device'
check "nvme zns report-zones" nvme zns report-zones /dev/ng0n4 -d 2
check "what the in-tree driver wrote is read" same "$(dev_of 2)" 64 4

states "$(dev_of 1)"
limits "$(dev_of 1)"
for n in 1 3; do
    check "nsid $n: data that are verified" verified "$(dev_of $n)"
    blkzone reset "$(dev_of $n)"
done
appends "$(dev_of 2)"

# ---- commands of who has no rights ----
dev=$(dev_of 1)
generic=/dev/ng${dev#/dev/nvme}
cp build/guest/uring "$TMP/uring"
chmod 755 "$TMP" "$TMP/uring"
chmod 666 "$generic"
run_tool nobody setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all "$TMP/uring" zones "$generic" 1 "$(blockdev --getss "$dev")"
chmod 600 "$generic"
check_is "the zone is empty" "em 0" "$(zone "$dev" 0)"

# ---- a reset of the controller ----
dev=$(dev_of 1)
put "$dev" 0 4
check "reset" nvme reset /dev/nvme0
check "live" wait_for 20 live
check_is "the write pointer is where it was" 200 "$(zone "$dev" 0 | cut -d ' ' -f 2)"
check "writing goes on there" put "$dev" 4 4
check "what was written is read" same "$dev" 0 4

# ---- a scan ----
look() { echo 1 >/sys/class/nvme/nvme0/rescan_controller; }
reported() { grep -E 'opcode 0x7a .*seen [1-9]' $FAULTS; }
echo 'when opcode identify nth 1000000 -> drop' >$FAULTS # which counts what a scan asks
echo 'when io opcode 122 nth 1000000 -> drop' >$FAULTS   # and reports
look
check "a scan looks at the namespaces" wait_for 10 grep -E 'when admin opcode .*seen [1-9]' $FAULTS
sleep 1
refuse "the block layer does not look at zones again that have not changed" reported
echo clear >$FAULTS
check "writing goes on" put "$dev" 8 1

# ---- without Zone Append there is no writing ----
readonly_is() { [ "$(<"/sys/block/$(disk_of 1)/ro")" = "$1" ]; }
check "unload" wait_for 10 unload
check "load, and nobody says which commands are supported" load 'faults="when opcode get-log -> status 1/0x09 dnr"'
check "a disk" wait_for 20 disk_of 1
check "read-only" wait_for 10 readonly_is 1
dev=$(dev_of 1)
refuse "a write is an error" put "$dev" 9 1
check "a read is not" same "$dev" 0 4

check "unload" wait_for 10 unload
ktap_finish
