# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Whether what a topology promises is there: a machine whose IOMMU is off proves nothing about one. For guest tests, behind
# guest.sh; checks by the topology's name.

sys_pci() { echo "/sys/bus/pci/devices/$(pci_of nvme0)"; }

queues_line() { dmesg | sed -n 's|.*nvme0: \([0-9/]* default/read/poll queues\)$|\1|p' | tail -n 1; }
# The kernel names vectors by their queues; a vector that queues share is named by the first.
vectors() { grep -cE ' nvme0q[0-9]+(,|$)' /proc/interrupts; }
limit() { cat "/sys/block/nvme0n1/queue/$1"; }

queues_are() { # QUEUES VECTORS
    check_is "in effect: queues" "$1/0/0 default/read/poll queues" "$(queues_line)"
    check_is "in effect: interrupt vectors" "$2" "$(vectors)"
}

# A translating domain: a passed-through one would look the same but for its type.
iommu_is_on() {
    check "in effect: the machine has an IOMMU" sh -c 'ls /sys/class/iommu | grep -q .'
    check "in effect: the device is behind it, translated" grep -qxE 'DMA(-FQ)?' "$(readlink -f "$(sys_pci)/iommu_group")/type"
}

# Counted by the kernel's own trace event, which names the device, while a megabyte is read.
bounces() {
    local t=/sys/kernel/tracing n
    echo >"$t/trace"
    echo 1 >"$t/events/swiotlb/swiotlb_bounced/enable" || return 1
    dd if=/dev/nvme0n1 of=/dev/null bs=64k count=16 iflag=direct status=none
    echo 0 >"$t/events/swiotlb/swiotlb_bounced/enable"
    n=$(grep -c "swiotlb_bounced: dev_name: $(pci_of nvme0) " "$t/trace")
    echo >"$t/trace"
    echo "$n buffers bounced"
    [ "$n" -ge 16 ]
}

topology_in_effect() {
    case $ONVME_TOPOLOGY in
    plain) check_is "in effect: CPUs" 4 "$(nproc --all)" && queues_are 4 5 ;;
    cpu1) check_is "in effect: CPUs" 1 "$(nproc --all)" && queues_are 1 2 ;;
    cpu2) check_is "in effect: CPUs" 2 "$(nproc --all)" && queues_are 2 3 ;;
    ioq1) check_is "in effect: CPUs" 4 "$(nproc --all)" && queues_are 1 2 ;;
    msix1) queues_are 1 1 ;;
    intx)
        queues_are 1 1
        check "in effect: a line interrupt" grep -qE 'IO-APIC.* nvme0q' /proc/interrupts
        ;;
    iommu | softiommu) iommu_is_on ;;
    swiotlb) check "in effect: data go through bounce buffers" bounces ;;
    block4k) check_is "in effect: block size" 4096 "$(limit logical_block_size)" ;;
    mdts1) check_is "in effect: KiB a command" 8 "$(limit max_hw_sectors_kb)" ;;
    mdts0) check "in effect: more than 512 KiB a command" test "$(limit max_hw_sectors_kb)" -gt 512 ;;
    ns4) check_is "in effect: namespaces" 4 "$(namespaces | wc -l)" ;;
    *) not_ok "in effect: nothing is known about topology $ONVME_TOPOLOGY" ;;
    esac
}
