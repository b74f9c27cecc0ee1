#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will discard, write zeroes, flush and write with FUA through the block layer, see that each request goes to the
# driver as what it is, and that exactly the blocks that were meant are changed.
#
# topology: plain
# needs: nvme jq fstrim
# kernels: all, 7.2/plain
# timeout: 300
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

DEV=/dev/nvme0n1
Q=/sys/block/nvme0n1/queue
T=/sys/kernel/tracing
CHUNK=65536 CHUNKS=64
wait_for 20 test -b $DEV
settle

# ---- what the block layer hands to the driver: "RWBS BYTES () SECTOR + COUNT", from the trace event ----
watch() {
    echo >$T/trace
    echo 1 >$T/events/block/block_rq_issue/enable
    "$@"
    local rc=$?
    echo 0 >$T/events/block/block_rq_issue/enable
    grep -oE "block_rq_issue: $(tr : , </sys/block/nvme0n1/dev) .*" $T/trace | sed 's/^block_rq_issue: [0-9,]* //' >"$TMP/issued"
    return $rc
}
issued() { grep -cE "$1" "$TMP/issued"; }
at_least() { # NUMBER PATTERN
    cat "$TMP/issued"
    [ "$(issued "$2")" -ge "$1" ]
}

# ---- the data: CHUNKS chunks, each with random bytes of its own, and what should be there now ----
lay_out() { head -c $((CHUNK * CHUNKS)) /dev/urandom >"$TMP/want" && dd if="$TMP/want" of=$DEV bs=$CHUNK oflag=direct status=none; }
zero_wanted() { dd if=/dev/zero of="$TMP/want" bs="$3" seek=$(($1 / $3)) count=$(($2 / $3)) conv=notrunc status=none; } # START LENGTH UNIT
as_wanted() { dd if=$DEV of="$TMP/have" bs=$CHUNK count=$CHUNKS iflag=direct status=none && cmp "$TMP/want" "$TMP/have"; }

cache_attributes() {
    local vwc
    vwc=$(($(nvme id-ctrl /dev/nvme0 -o json | jq .vwc) & 1))
    check_is "write_cache follows VWC" "$([ $vwc -eq 1 ] && echo 'write back' || echo 'write through')" "$(cat $Q/write_cache)"
    check_is "fua follows VWC" $vwc "$(cat $Q/fua)"
}

flush_and_fua() {
    watch dd if=/dev/urandom of=$DEV bs=4k count=8 oflag=direct,dsync status=none
    check "O_DSYNC writes go to the driver with FUA" at_least 8 '^W[SM]*F[SM]* '
    watch dd if=/dev/urandom of=$DEV bs=4k count=8 oflag=direct conv=fsync status=none
    check "fsync goes to the driver as a flush" at_least 1 '^F'
    check_is "and its writes without FUA" 0 "$(issued '^W[SM]*F')"
    # The same with a cache that is said to be none: nothing is left to flush.
    echo 'write through' >$Q/write_cache
    watch dd if=/dev/urandom of=$DEV bs=4k count=8 oflag=direct,dsync status=none
    check_is "write through: no FUA, no flush" 0 "$(issued '^(F|W[SM]*F)')"
    echo 'write back' >$Q/write_cache
}

zeroes() {
    lay_out
    watch blkdiscard -z -o $((8 * CHUNK)) -l $((4 * CHUNK)) $DEV
    check "blkdiscard -z is one command without data" at_least 1 '^(N|WZ|ZW)[A-Z]* 262144 |^(N|WZ)'
    check_is "and nothing is written by data" 0 "$(issued '^W[^Z]')"
    zero_wanted $((8 * CHUNK)) $((4 * CHUNK)) $CHUNK
    check "zeroes there, all else as it was" as_wanted
    blkdiscard -z -o $((20 * CHUNK + 512)) -l 1536 $DEV
    zero_wanted $((20 * CHUNK + 512)) 1536 512
    check "three single blocks of zeroes, all else as it was" as_wanted
}

# What was discarded may be anything by the standard; QEMU's drive gives zeroes, which shows that the command arrived.
discards() {
    local rc=0
    check "several ranges a command are offered" test "$(cat $Q/max_discard_segments)" -gt 1
    lay_out
    # An odd beginning: the block layer splits it at the granularity and makes one request of both pieces.
    watch blkdiscard -o $((2 * CHUNK + 512)) -l $((2 * CHUNK - 1024)) $DEV
    check "blkdiscard reaches the driver" at_least 1 '^D'
    dd if=$DEV of="$TMP/have" bs=$CHUNK count=$CHUNKS iflag=direct status=none
    check "discard: what lies before is intact" cmp -n $((2 * CHUNK + 512)) "$TMP/want" "$TMP/have"
    check "discard: what lies behind is intact" cmp -i $((4 * CHUNK - 512)) "$TMP/want" "$TMP/have"
    check "discard: aligned blocks in it read zeroes" cmp -n $CHUNK -i $((3 * CHUNK - 4096)):0 "$TMP/have" /dev/zero
    lay_out
    watch build/guest/discards $DEV 0 $CHUNK $((2 * CHUNK)) $((CHUNKS / 2)) >/dev/null || rc=$?
    if [ $rc -eq 4 ]; then
        skip "many discards in one request" "Linux $ONVME_KERNEL has no discard by io_uring"
        for ((i = 0; i < CHUNKS; i += 2)); do blkdiscard -o $((i * CHUNK)) -l $CHUNK $DEV; done
    else
        check_is "$((CHUNKS / 2)) discards at once" 0 $rc
        diag "requests: $(issued '^D')"
        check "they became fewer requests, of several ranges" test "$(issued '^D')" -ge 1 -a "$(issued '^D')" -le $((CHUNKS / 4))
    fi
    for ((i = 0; i < CHUNKS; i += 2)); do zero_wanted $((i * CHUNK)) $CHUNK $CHUNK; done
    check "every second chunk is gone, the others are intact" as_wanted
}

trim_fs() {
    mkdir -p /mnt/trim
    check "fstrim: mkfs" mkfs.ext4 -q -F -E nodiscard,lazy_itable_init=0 $DEV 128M
    mount $DEV /mnt/trim || { not_ok "fstrim: no file system" && return; }
    head -c 18000000 /dev/urandom | split -b 150000 -a 3 -d - /mnt/trim/f
    sync -f /mnt/trim
    rm /mnt/trim/f*[02468]
    (cd /mnt/trim && sha256sum -- * 2>/dev/null | grep -v lost >"$TMP/sums")
    sync -f /mnt/trim
    watch fstrim /mnt/trim
    check "fstrim of a file system full of holes" at_least 20 '^D'
    umount /mnt/trim
    check "fstrim: fsck" fsck.ext4 -fn $DEV
    mount -o ro $DEV /mnt/trim
    check "fstrim: $(wc -l <"$TMP/sums") files are what they were" sh -c "cd /mnt/trim && sha256sum --check --quiet $TMP/sums && [ \$(wc -l <$TMP/sums) -eq 60 ]"
    umount /mnt/trim
}

cache_attributes
flush_and_fua
zeroes
discards
trim_fs
settle
check_is "no error in the log" 0 "$(log_since | grep -cE 'I/O error|critical')"
ktap_finish
