#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will write one number and have four virtual functions that work, each with its share of queues and interrupts: I/O on all,
# a reset of the primary controller under it, uneven shares, a function in other hands, each command of the device's refused once,
# and all of it back. ONVME_CYCLES=100 comes and goes a hundred times and judges memory.
#
# topology: sriov
# needs: fio nvme
# kernels: 6.12
# timeout: 900
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/memory.sh

CYCLES=${ONVME_CYCLES:-2}
MARKS="$((CYCLES / 10)) $((CYCLES * 4 / 10)) $((CYCLES * 7 / 10)) $CYCLES"

pf=$(pci_of nvme0)
numvfs=/sys/bus/pci/devices/$pf/sriov_numvfs
policy=/sys/class/nvme/nvme0/sriov_policy

vfs() { for ((i = 0; i < 4; i++)); do readlink -e "/sys/bus/pci/devices/$pf/virtfn$i" 2>/dev/null; done; }
disk_of() { find "$1"/nvme/nvme*/ -maxdepth 1 -name 'nvme*n1' -printf '%f\n' 2>/dev/null; }
disks() { for vf in $(vfs); do disk_of "$vf"; done; }
four() { [ "$(disks | wc -w)" -eq 4 ]; }
states() { for vf in $(vfs); do cat "$vf"/nvme/nvme*/state 2>/dev/null; done | sort | uniq -c | paste -sd' '; }
all_live() { [ "$(states | xargs)" = "$1 live" ]; }
on() { echo 4 >"$numvfs" && wait_for 20 four; }
off() { echo 0 >"$numvfs" && [ -z "$(vfs)" ]; }
# "QUEUES/INTERRUPTS/STATE" of each secondary controller, as the device has it
shares() {
    local name value queues='' state='' all=''
    while read -r name value; do
        case $name in
        SCS) state=$((value)) ;;
        NVQ) queues=$((value)) ;;
        NVI) all+=" $queues/$((value))/$state" ;;
        esac
    done < <(nvme list-secondary /dev/nvme0 | sed -nE 's/^ *(SCS|NVQ|NVI) .*: (0x[0-9a-f]+).*/\1 \2/p')
    echo "${all# }"
}
primary_has() { nvme primary-ctrl-caps /dev/nvme0 | awk '/rfap/ { printf "%s%d", sep, $3; sep = " " } END { print "" }'; }
NOBODY="0/0/0 0/0/0 0/0/0 0/0/0"

settle
udev_off

# ---- one number ----
check "sriov_numvfs=4" on
check_is "each is online, with an equal share" "6/3/1 6/3/1 6/3/1 6/3/1" "$(shares)"
check_is "each has the I/O queues that its interrupts are enough for" "3 3 3 3" \
    "$(for vf in $(vfs); do cat "$vf"/nvme/nvme*/queue_count; done | paste -sd' ')"
fio_jobs=()
at=0
for d in $(disks); do
    fio_jobs+=("--name=$d" "--filename=/dev/$d" "--offset=${at}m")
    at=$((at + 64))
done
[ "${#fio_jobs[@]}" -eq 12 ] || skip_all "no four disks"
nice -n 19 fio --output="$TMP/fio.out" --direct=1 --rw=randwrite --verify=crc32c --verify_fatal=1 --verify_backlog=64 --thread \
    --ioengine=libaio --iodepth=8 --bs=4k --size=8m --time_based --runtime=120 --thinktime=10ms --thinktime_blocks=32 \
    --verify_state_save=0 "${fio_jobs[@]}" &
fio_pid=$!
written() { for d in $(disks); do awk '$7 < 500 { exit 1 }' "/sys/block/$d/stat" || return 1; done; }
check "I/O on all four" wait_for 40 written

# ---- a reset of the primary controller takes them offline: all go on ----
resets() { for vf in $(vfs); do cat "$vf"/nvme/nvme*/diag/reset_count 2>/dev/null; done | paste -sd' '; }
for ((i = 1; i <= 2; i++)); do
    check "reset $i of the primary controller" sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller'
    was_reset() { [ "$(resets)" = "$i $i $i $i" ] && all_live 4; }
    check "reset $i: they were reset once, and are back" wait_for 30 was_reset
done
check_is "each has what it had" "6/3/1 6/3/1 6/3/1 6/3/1" "$(shares)"
fio_finishes "$fio_pid" 40
check_is "errors that fio counted" 0 "$(fio_errors "$TMP/fio.out")"
check_is "nobody was told of an I/O error" "" "$(io_errors)"

# ---- one of them in other hands ----
vf1=$(vfs | sed -n 2p) vf1=${vf1##*/}
if modprobe pci-stub 2>/dev/null; then
    echo pci-stub >"/sys/bus/pci/devices/$vf1/driver_override"
    echo "$vf1" >"/sys/bus/pci/devices/$vf1/driver/unbind"
    echo "$vf1" >/sys/bus/pci/drivers/pci-stub/bind
    check_is "three disks are left" 3 "$(disks | wc -w)"
    echo 1 >/sys/class/nvme/nvme0/reset_controller
    check "three go on after a reset" wait_for 30 all_live 3
    online() { [ "$(shares)" = "6/3/1 6/3/1 6/3/1 6/3/1" ]; }
    check "the fourth is online as well" wait_for 10 online
    echo >"/sys/bus/pci/devices/$vf1/driver_override"
    echo "$vf1" >/sys/bus/pci/drivers/pci-stub/unbind
    echo "$vf1" >"/sys/bus/pci/drivers/$(driver)/bind"
    check "back in our hands" wait_for 20 four
else
    skip "one of them in other hands" "no pci-stub"
fi
check "sriov_numvfs=0" off
check_is "nobody has anything" "$NOBODY" "$(shares)"

# ---- uneven shares, of what the primary controller has to give away first ----
nvme virt-mgmt /dev/nvme0 -c 0 -r 0 -a 1 -n 24 >/dev/null && nvme virt-mgmt /dev/nvme0 -c 0 -r 1 -a 1 -n 12 >/dev/null
echo 1 >"/sys/bus/pci/devices/$pf/reset"
check_is "the primary controller has all" "24 12" "$(primary_has)"
for bad in 0 "1 2 x" 256 "" odd; do
    refuse "sriov_policy refuses '$bad'" sh -c "echo '$bad' >$policy"
done
echo "8 4 1" >"$policy"
check_is "sriov_policy" "8 4 1" "$(<"$policy")"
check "sriov_numvfs=4, unevenly" on
check_is "shares by weight, within limits" "9/5/1 9/5/1 3/1/1 3/1/1" "$(shares)"
check_is "the primary controller has none" "0 0" "$(primary_has)"
check "sriov_numvfs=0" off
check_is "the primary controller has them back" "24 12" "$(primary_has)"
echo even >"$policy"

# ---- each command refused once: none is left, one line, and the next time it works ----
for n in 1 3 14 18; do
    log_mark
    rules "when admin opcode 0x1c nth $n -> status 1/0x20"
    refuse "command $n refused: the write fails" sh -c "echo 4 >$numvfs"
    rules
    check_is "command $n refused: no function is left" "" "$(vfs)"
    check_is "command $n refused: nobody has anything" "$NOBODY" "$(shares)"
    check_is "command $n refused: one line says so" 1 "$(log_since | grep -c 'SR-IOV: controller .* failed')"
done
check_is "the primary controller has what it had" "24 12" "$(primary_has)"

# ---- a reset of the physical function: with QEMU 7.2 they do not come back from it, and that has an end ----
check "sriov_numvfs=4 after all that" on
echo 1 >"/sys/bus/pci/devices/$pf/reset"
came_to_an_end() { all_live 4 || [ "$(states | xargs)" = "4 dead" ]; }
check "after a reset of the function each has come to an end" wait_for 30 came_to_an_end
check "the primary controller is live" wait_for 10 live
before=$(uptime_s)
check "sriov_numvfs=0" off
check "at once" test $(($(uptime_s) - before)) -lt 20

# ---- time and again ----
shots='' started=$(uptime_s)
for ((c = 1; c <= CYCLES; c++)); do
    { on && off; } || { not_ok "cycle $c" && break; }
    case " $MARKS " in *" $c "*) shots+=$(snapshot)$'\n' ;; esac
done
[ "$c" -le "$CYCLES" ] || ok "$CYCLES cycles"
diag "$(($(uptime_s) - started)) s"
[ "$CYCLES" -lt 30 ] || judge "$CYCLES cycles" "${shots%$'\n'}"

# ---- the physical function goes while they are there ----
on
echo "$pf" >"/sys/bus/pci/drivers/$(driver)/unbind"
check_is "unbound: no function is left" "" "$(vfs)"
check "bound again" sh -c "echo $pf >/sys/bus/pci/drivers/$(driver)/bind"
check "live" wait_for 20 live
check "sriov_numvfs=4 once more" on
check "rmmod while they are there" wait_for 20 unload
check_is "no function is left" "" "$(vfs)"
check "loads again" load_and_wait nvme0n1
udev_on
ktap_finish
