#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will do the same things to the same device with the in-tree driver and with this one, and compare what the
# tools print. What may differ, and why, is in MAY_DIFFER.
#
# topology: cpu2, ns4
# full: block4k, plain, pi, zoned, shared, cmb, mdts1, rootport
# needs: nvme smartctl jq
# kernels: all
# timeout: 700
# module: none
# shellcheck source=/dev/null
. tests/lib/guest.sh

CTRL=/dev/nvme0
DIR=''
# Shapes with several namespaces, where who they are is looked at; what they do is seen with one. Each start of a program costs.
several() { case $ONVME_TOPOLOGY in ns4 | pi | zoned | shared) true ;; *) false ;; esac; }
# Those that are for "tests/run --full" are asked for more.
curious() { case $ONVME_TOPOLOGY in cpu2 | ns4 | block4k) false ;; *) true ;; esac; }

# run NAME COMMAND...: its output and exit status, kept under that name
run() {
    local name=$1 rc=0
    shift
    "$@" >"$DIR/$name" 2>&1 </dev/null || rc=$?
    echo "exit $rc" >>"$DIR/$name"
}

sh_run() { run "$1" bash -c "$2"; }

collect_lists() {
    run nvme-list nvme list
    run nvme-list-json nvme list -o json
    run nvme-list-subsys nvme list-subsys
    run list-ns nvme list-ns $CTRL
    run list-ns-all nvme list-ns $CTRL --all
    sh_run nodes "stat -c '%n %A %F' /dev/nvme* /dev/ng*"
    sh_run classes "cd /sys/class && ls -d nvme*; ls nvme nvme-generic"
}

collect_controller() {
    local f
    run id-ctrl nvme id-ctrl $CTRL -H
    run id-ctrl-raw nvme id-ctrl $CTRL -b
    run smart-log nvme smart-log $CTRL
    run error-log nvme error-log $CTRL
    run fw-log nvme fw-log $CTRL
    run effects-log nvme effects-log $CTRL
    run changed-ns-list nvme changed-ns-list-log $CTRL
    # what has to do with the device's past is behind the first 32 bytes
    sh_run get-log "set -o pipefail; nvme get-log $CTRL --log-id=2 --log-len=512 | sed -n 1,4p"
    run get-log-fw nvme get-log $CTRL --log-id=3 --log-len=512
    run get-log-bad nvme get-log $CTRL --log-id=0xee --log-len=512
    for f in 1 2 4 5 6 7 8 9 10 11 12 13 14 0x7e; do
        run "get-feature-$f" nvme get-feature $CTRL -f "$f" -H
    done
    run set-feature nvme set-feature $CTRL -f 4 -v 0x14f
    run set-feature-seen nvme get-feature $CTRL -f 4
    run set-feature-back nvme set-feature $CTRL -f 4 -v 0x157
    run set-feature-bad nvme set-feature $CTRL -f 0x7e -v 1
    run ns-rescan nvme ns-rescan $CTRL
    run reset nvme reset $CTRL
    wait_for 15 live
    settle
    run smartctl smartctl -a $CTRL
    run smartctl-errors smartctl -l error $CTRL
    sh_run ctrl-attributes "cd /sys/class/nvme/nvme0 && grep -H . address cntlid cntrltype dctype firmware_rev kato model numa_node \
        queue_count serial sqsize state subsysnqn transport"
    sh_run ctrl-attribute-names "find /sys/class/nvme/nvme0/ -maxdepth 1 -type f -printf '%f\n' | sort"
    sh_run subsystem "cd /sys/class/nvme-subsystem/nvme-subsys0 && grep -H . model serial firmware_rev subsysnqn subsystype 2>/dev/null; ls -d nvme*"
    sh_run ctrl-udev "udevadm info -q property -n $CTRL"
}

# What the driver alone says about a namespace.
collect_identity() { # nvme0nX
    local n=$1 dev=/dev/$1
    run "$n-id-ns" nvme id-ns "$dev" -H
    run "$n-ns-descs" nvme ns-descs "$dev"
    run "$n-get-ns-id" nvme get-ns-id "$dev"
    run "$n-smartctl" smartctl -i "$dev"
    several || run "$n-smartctl-all" smartctl -a "$dev"
    sh_run "$n-attributes" "cd /sys/block/$n && grep -H . wwid uuid nguid eui nsid csi metadata_bytes ro removable capability hidden size 2>&1"
    sh_run "$n-attribute-names" "find /sys/block/$n/ -maxdepth 1 -type f -printf '%f\n' | sort"
    sh_run "$n-limits" "grep -H . /sys/block/$n/queue/* 2>/dev/null | sed 's|.*/queue/||'"
    sh_run "$n-udev" "udevadm info -q property -n $dev | sed 's|/dev/disk/by-diskseq/[0-9]*||; s|^DEVLINKS=|& |' | tr ' ' '\n' | sort"
    sh_run "$n-path" "readlink -f /sys/block/$n"
}

# What else can be asked of a controller
collect_more_controller() {
    local lid
    run show-regs nvme show-regs $CTRL -H
    run list-ctrl nvme list-ctrl $CTRL
    run list-ctrl-ns nvme list-ctrl $CTRL -n 1
    run list-endgrp nvme list-endgrp $CTRL
    run id-nvmset nvme id-nvmset $CTRL
    run id-iocs nvme id-iocs $CTRL
    run nvm-id-ctrl nvme nvm-id-ctrl $CTRL
    run zns-id-ctrl nvme zns id-ctrl $CTRL
    run primary-ctrl-caps nvme primary-ctrl-caps $CTRL
    run list-secondary nvme list-secondary $CTRL
    run id-domain nvme id-domain $CTRL
    run cmdset-ind-id-ns nvme cmdset-ind-id-ns $CTRL -n 1
    run self-test-log nvme self-test-log $CTRL
    run sanitize-log nvme sanitize-log $CTRL
    run endurance-log nvme endurance-log $CTRL -g 1
    run supported-log-pages nvme supported-log-pages $CTRL
    run fid-support nvme fid-support-effects-log $CTRL
    run mi-cmd-support nvme mi-cmd-support-effects-log $CTRL
    run get-property nvme get-property $CTRL --offset=0
    run effects-log-csi nvme effects-log $CTRL -c 2
    run dev-self-test nvme device-self-test $CTRL -n 1 -s 1
    run sanitize nvme sanitize $CTRL -a 2
    run detach-none nvme detach-ns $CTRL -n 1 -c 99
    run create-none nvme create-ns $CTRL -s 8 -c 8
    run abort-cmd nvme admin-passthru $CTRL --opcode=0x08 --cdw10=0x10001
    run admin-identify nvme admin-passthru $CTRL --opcode=6 --cdw10=1 --data-len=4096 -r
    run admin-bad nvme admin-passthru $CTRL --opcode=0xfe
    run subsystem-reset nvme subsystem-reset $CTRL
    wait_for 15 live
    settle
    for lid in 4 5 9 0xd 0x10; do run "get-log-$lid" nvme get-log $CTRL --log-id="$lid" --log-len=512; done
    run smartctl-c smartctl -c $CTRL
    run smartctl-x smartctl -l selftest -l ssd $CTRL
    run smartctl-scan smartctl --scan
    run smartctl-json smartctl -j -i $CTRL
    run sg-inq-ctrl sg_inq $CTRL
}

# What else can be asked of a namespace, by tools that need not be there (sg3-utils, hdparm, parted) among others, of its block device and of its generic node
collect_more_identity() { # nvme0nX
    local n=$1 dev=/dev/$1 ng=/dev/ng${1#nvme}
    run "$n-nvm-id-ns" nvme nvm-id-ns "$dev"
    run "$n-resv-report" nvme resv-report "$dev"
    run "$n-get-lba-status" nvme get-lba-status "$dev" -s 0 -m 1 -a 0x11 -l 1
    run "$n-generic-id-ns" nvme id-ns "$ng"
    run "$n-generic-read" nvme read "$ng" -s 0 -c 0 -z 512
    run "$n-io-bad" nvme io-passthru "$ng" --opcode=0xfe --namespace-id=1
    run "$n-zns-id-ns" nvme zns id-ns "$dev"
    run "$n-zns-report" nvme zns report-zones "$dev" -d 4
    run "$n-zns-changed" nvme zns changed-zone-list "$dev"
    run "$n-blkzone" blkzone report "$dev"
    run "$n-blkzone-capacity" blkzone capacity "$dev"
    run "$n-sg-inq" sg_inq "$dev"
    run "$n-sg-inq-id" sg_inq --page=0x83 "$dev"
    run "$n-sg-vpd" sg_vpd "$dev"
    run "$n-sg-vpd-serial" sg_vpd --page=0x80 "$dev"
    run "$n-sg-vpd-nvme" sg_vpd --page=0xde "$dev"
    run "$n-sg-luns" sg_luns "$dev"
    run "$n-sg-readcap" sg_readcap "$dev"
    run "$n-sg-turs" sg_turs "$dev"
    run "$n-sg-ses" sg_ses "$dev"
    run "$n-hdparm" hdparm "$dev"
    run "$n-hdparm-identify" hdparm -I "$dev"
    run "$n-hdparm-geometry" hdparm -g "$dev"
    run "$n-parted" parted -s -m "$dev" unit s print free
    run "$n-blockdev" blockdev --getro --getss --getpbsz --getiomin --getioopt --getalignoff --getmaxsect --getra --getfra --getsize64 "$dev"
    run "$n-blkid-topology" blkid -p -i -o udev "$dev"
    run "$n-lsblk-json" lsblk -J -b -o NAME,SIZE,PHY-SEC,LOG-SEC,MIN-IO,OPT-IO,ROTA,ZONED,ZONE-SZ,HOTPLUG,RM,SUBSYSTEMS,VENDOR,REV "$dev"
    sh_run "$n-udev-generic" "udevadm info -q property -n $ng"
    sh_run "$n-udev-test" "udevadm test-builtin path_id /sys/class/block/$n 2>/dev/null"
}

collect_zones() { # nvme0nX
    local n=$1 dev=/dev/$1 len
    len=$(<"/sys/block/$n/queue/chunk_sectors")
    run "$n-zone-open" blkzone open -o 0 -c 1 "$dev"
    run "$n-zone-opened" blkzone report -o 0 -c 2 "$dev"
    run "$n-zone-write" dd if=/dev/zero of="$dev" bs=64k count=1 oflag=direct conv=notrunc status=none
    run "$n-zone-finish" blkzone finish -o 0 -c 1 "$dev"
    run "$n-zone-misplaced" dd if=/dev/zero of="$dev" bs=64k seek=$((len / 128 + 3)) count=1 oflag=direct conv=notrunc status=none
    run "$n-zone-append" nvme zns zone-append "$dev" -s "$len" -z "$(blockdev --getss "$dev")" -d /dev/zero
    run "$n-zone-reset" blkzone reset "$dev"
    run "$n-zone-after" nvme zns report-zones "$dev" -d 3
}

# What commands and tools do with it.
collect_use() { # nvme0nX
    local n=$1 dev=/dev/$1 block
    block=$(blockdev --getss "$dev")
    head -c "$block" /dev/zero | tr '\0' "${n: -1}" >"$TMP/block"
    run "$n-write" nvme write "$dev" -s 8 -c 0 -z "$block" -d "$TMP/block"
    run "$n-flush" nvme flush "$dev"
    run "$n-read" nvme read "$dev" -s 8 -c 0 -z "$block"
    run "$n-write-zeroes" nvme write-zeroes "$dev" -s 8 -c 0
    sh_run "$n-read-zeroes" "nvme read $dev -s 8 -c 0 -z $block 2>&1 | sha256sum"
    run "$n-dsm" nvme dsm "$dev" -s 8 -b 8 -d 1
    run "$n-compare" nvme compare "$dev" -s 8 -c 0 -z "$block" -d "$TMP/block"
    run "$n-verify" nvme verify "$dev" -s 8 -c 0
    run "$n-read-beyond" nvme read "$dev" -s 0x7fffffff -c 0 -z "$block"
    run "$n-blkdiscard" blkdiscard -o 0 -l 1M "$dev"
    run "$n-blkdiscard-zero" blkdiscard -z -o 0 -l 1M "$dev"
    printf 'label: gpt\nlabel-id: 5C1A6C4B-0000-4000-8000-00000000000%s\nsize=8M, uuid=5C1A6C4B-0000-4000-8000-0000000000a1\nsize=12M, uuid=5C1A6C4B-0000-4000-8000-0000000000a2\n' "${n: -1}" >"$TMP/table"
    sh_run "$n-sfdisk" "sfdisk $dev <$TMP/table"
    wait_for 10 test -b "${dev}p2"
    settle
    sh_run "$n-sfdisk-list" "sfdisk -d $dev; fdisk -l $dev"
    sh_run "$n-mkfs" "mkfs.ext4 -q -U 5c1a6c4b-0000-4000-8000-0000000000b${n: -1} -E hash_seed=5c1a6c4b-0000-4000-8000-0000000000c1 ${dev}p2"
    settle
    run "$n-blkid" blkid "$dev" "${dev}p1" "${dev}p2"
    run "$n-blkid-probe" blkid -p "$dev" "${dev}p2"
}

collect_system() {
    # by name: otherwise lsblk sorts by device number, and the kernel deals those of partitions out as they come free
    run lsblk lsblk -x NAME -o NAME,MODEL,SERIAL,WWN,SIZE,TRAN,TYPE,RO,ROTA
    run lsblk-topology lsblk -x NAME -o NAME,ALIGNMENT,MIN-IO,PHY-SEC,LOG-SEC,ROTA,SCHED,RA,WSAME
    run lsblk-discard lsblk -x NAME -o NAME,DISC-ALN,DISC-MAX,DISC-ZERO
    run lsblk-discard-unit lsblk -x NAME -o NAME,DISC-GRAN
    # Which of several devices that claim one link gets it is up to the order of udev's workers: the claims are compared.
    sh_run links "find /dev/disk -type l -printf '%P\n' | sort
        udevadm info --export-db | awk '/^N:/ { node = \$2 } /^S: disk/ { print \$2, \"of\", node }' | sort"
    sh_run dmesg-queues "dmesg | sed -n 's/.*nvme0: \([0-9/]* default.*\)/\1/p' | tail -n 1"
}

wipe() {
    local dev
    for dev in $(namespaces); do
        if [ "$(<"/sys/block/${dev##*/}/queue/zoned")" != none ]; then
            blkzone reset "$dev"
            continue
        fi
        sfdisk -q --delete "$dev" >/dev/null 2>&1
        blkdiscard -z -o 0 -l 32M "$dev"
        blockdev --rereadpt "$dev" 2>/dev/null
    done
    settle
}

error_entries() { nvme smart-log $CTRL -o json | jq -r .num_err_log_entries; }

# Of several, two: the first by NSID and one that is another
looked_at() {
    local d
    for d in $(namespaces); do
        case $(<"/sys/block/${d##*/}/nsid") in 1 | 3) echo "$d" ;; esac
    done
}

collect() { # FOLDER
    local n errors
    DIR=$1
    mkdir -p "$DIR"
    errors=$(error_entries)
    collect_lists
    if curious || ! several; then collect_controller; fi
    ! curious || collect_more_controller
    for n in $(namespaces); do collect_identity "${n##*/}"; done
    ! curious || for n in $(looked_at); do collect_more_identity "${n##*/}"; done
    several || collect_use nvme0n1
    [ "$ONVME_TOPOLOGY" != zoned ] || for n in $(looked_at); do collect_zones "${n##*/}"; done
    collect_system
    echo "$(($(error_entries) - errors))" >"$DIR/new-errors-in-log"
    ! several || by_nsid "$DIR"
    wipe
}

# What may differ, each for its reason. Lines that match are taken out on both sides.
declare -A MAY_DIFFER=(
    # counters of the device and the clock go on between the two runs
    [smart-log]='host_read_commands|host_write_commands|[Dd]ata [Uu]nits|power_on_hours|controller_busy_time'
    [smartctl]='Local Time|Host (Read|Write) Commands|Data Units|Power On Hours|Controller Busy Time'
    [smartctl-all]='Local Time|Host (Read|Write) Commands|Data Units|Power On Hours|Controller Busy Time'
    # when udev saw it, and numbers the kernel deals out
    [ctrl-udev]='USEC_INITIALIZED|MAJOR|MINOR'
    [udev-generic]='USEC_INITIALIZED|MAJOR|MINOR'
    # where the admin queue is, and how many entries it has
    [show-regs]='^(aqa|asq|acq) |Admin (Submission|Completion) Queue'
    [smartctl-json]='"(time_t|asctime)":'
    [udev]='USEC_INITIALIZED|DISKSEQ|MINOR'
    # nvme-cli gives a buffer that is shorter than what it has the controller write: that is refused here
    [get-lba-status]='Invalid Command Opcode|Invalid argument'
    [links]='by-diskseq' # counts the disks since boot
    [get-feature-14]='The timestamp is'
    # commands of more pieces are built here than the in-tree driver can build, and with gaps between them; 32 tags of a queue are kept for
    # passthrough that goes by the queue of no disk (what is left for disks is checked below)
    [limits]='^max_segments:|^max_integrity_segments:|^nr_requests:|^virt_boundary_mask:'
    # more here: events of all critical warnings are asked for, so that the log tells of them
    [get-feature-11]='Current value:|Critical Warnings'
    # more here: times are kept and can be set per controller, and so are the numbers of queues of each kind; registers
    # hmb is there only where the device asks for memory
    [ctrl-attribute-names]='^(admin_timeout|io_timeout|shutdown_timeout|poll_deadline_ms|(io|write|poll)_queues|queue_map|irq_coalescing|irq_coalescing_spared|regs|hmb|latency|log_group|quirks|sriov_policy)$'
    [attribute-names]='^$'
)
case $ONVME_KERNEL in
6.1)
    # that kernel takes an optimum of one block for one, and has these attributes not yet
    MAY_DIFFER[limits]+='|^optimal_io_size:'
    MAY_DIFFER[attribute-names]+='|^(nuse|csi|metadata_bytes|passthru_err_log_enabled)$'
    MAY_DIFFER[ctrl-attribute-names]+='|^passthru_err_log_enabled$'
    MAY_DIFFER[attributes]='^(grep: )?(csi|metadata_bytes):'
    ;;
7.*)
    # the share of an elevator follows nr_requests, see above; and that driver keeps discards to what the device likes best (NPDG),
    # where this one lets single blocks be discarded, as both did before
    MAY_DIFFER[limits]+='|^async_depth:|^discard_granularity:'
    MAY_DIFFER[lsblk-discard-unit]='^[^ ]*nvme'
    # known to be missing: what paths of a namespace are chosen by, as there is no multipath
    MAY_DIFFER[attribute-names]+='|^(numa_nodes|queue_depth)$'
    ;;
esac

normalised() { # FILE
    local name=${1##*/} pattern
    pattern=${MAY_DIFFER[$name]:-${MAY_DIFFER[${name#nvme*n*-}]:-}}
    if [ -n "$pattern" ]; then grep -vE "$pattern" "$1"; else cat "$1"; fi
}

compare() { # NAME
    [ "$(<"$TMP/intree/$1")" != "$(<"$TMP/onvme/$1")" ] || return 0
    diff <(normalised "$TMP/intree/$1") <(normalised "$TMP/onvme/$1")
}

# From 6.12 on the in-tree driver asks about all namespaces at once and numbers them as the answers come; this one numbers them
# in the order of their NSIDs. So with several namespaces all is told as if they were numbered like that; the order of lines,
# which follows the names, is left out of the comparison.
by_nsid() { # FOLDER
    local n rank=0 renames='' file name
    while read -r _ n; do
        rank=$((rank + 1)) n=${n#nvme}
        renames+="s/\b(nvme|ng)$n\b/\1${n%n*}n#$rank/g;"
    done < <(for n in $(namespaces); do echo "$(<"/sys/block/${n##*/}/nsid") ${n##*/}"; done | sort -k 1n -k 2)
    mkdir "$1.named"
    for file in "$1"/*; do
        name=$(sed -E "$renames s/#//g" <<<"${file##*/}")
        sed -E "$renames s/((nvme|ng)[0-9]+n)#/\1/g; s/,\$//" "$file" | sort >"$1.named/$name"
    done
    rm -r "$1" && mv "$1.named" "$1"
}

# Plugged in while the driver is there, in the topology that has a slot
replug() {
    [ "$ONVME_TOPOLOGY" = rootport ] || return 0
    monitor "device_del nvme0" >/dev/null
    wait_for 30 not test -e $CTRL || return 1
    wait_for 20 plug_once && wait_for 30 test -b /dev/nvme0n1 && wait_for 10 live && settle
}
plug_once() { ! monitor "device_add nvme,id=nvme0,serial=ONVME0001,drive=ns1,bus=port0" | grep -qiE 'error|not found'; }

# In-tree the first may have another name than nvme0n1, see by_nsid.
some_disk() { [ -n "$(namespaces)" ]; }

# This driver has no multipath: where a namespace has two controllers, the other one does without, too.
load_intree() {
    [ "$ONVME_TOPOLOGY" != shared ] || modprobe nvme_core multipath=N || return 1
    modprobe nvme && wait_for 20 some_disk && wait_for 10 live && settle && replug
}

load_intree || { not_ok "the in-tree driver comes up" && ktap_finish; }
# Both drivers bring up a disk that is empty: what a disk held before leaves its trace in what udev knows.
wipe
modprobe -r nvme
load_intree || { not_ok "the in-tree driver comes up again" && ktap_finish; }
sleep 1
settle
collect "$TMP/intree"
check "in-tree nvme unloads" modprobe -r nvme
check "onvme loads" load_and_wait nvme0n1
check "and has a disk that was plugged in" replug
wait_for 10 live
sleep 1
settle
collect "$TMP/onvme"
check_is "all tags but 32 are for disks" $(($(</sys/class/nvme/nvme0/sqsize) - 32)) "$(</sys/block/nvme0n1/queue/nr_requests)"
check "onvme unloads" wait_for 10 unload

# That nothing but errors was compared would not be noticed otherwise.
always="nvme-list list-ns lsblk links nvme0n1-id-ns nvme0n1-udev"
! curious || always+=" admin-identify smartctl-json nvme0n1-generic-id-ns nvme0n1-blockdev nvme0n1-blkid-topology nvme0n1-lsblk-json"
! curious || ! command -v sg_inq >/dev/null || always+=" nvme0n1-sg-inq nvme0n1-sg-vpd"
[ "$ONVME_TOPOLOGY" != zoned ] || always+=" nvme0n1-blkzone nvme0n1-zone-open nvme0n1-zone-write nvme0n1-zone-finish nvme0n1-zone-reset
    nvme0n1-zns-id-ns nvme0n1-zns-report"
several || always+=" id-ctrl smart-log fw-log ns-rescan reset smartctl get-log get-log-fw get-feature-4 set-feature
    set-feature-seen set-feature-back nvme0n1-smartctl-all nvme0n1-write nvme0n1-flush nvme0n1-read nvme0n1-write-zeroes nvme0n1-dsm
    nvme0n1-blkdiscard nvme0n1-blkdiscard-zero nvme0n1-sfdisk nvme0n1-sfdisk-list nvme0n1-mkfs nvme0n1-blkid"
for name in $always; do
    check "with the in-tree driver, $name works at all" grep -qx 'exit 0' "$TMP/intree/$name"
done
for file in "$TMP"/intree/*; do
    check "same: ${file##*/}" compare "${file##*/}"
done
diag "outputs compared: $(find "$TMP/intree" -type f | wc -l)"
check_is "same number of outputs" "$(find "$TMP/intree" -type f | wc -l)" "$(find "$TMP/onvme" -type f | wc -l)"
mkdir -p "$ONVME_SHARE/compare" && cp -r "$TMP/intree" "$TMP/onvme" "$ONVME_SHARE/compare/" 2>/dev/null
ktap_finish
