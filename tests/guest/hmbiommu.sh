#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will see a controller behind an IOMMU get scattered memory of the host in one piece, find in it after a reset what it left
# there, and give it back.
#
# topology: softiommu
# needs: nvme setpci
# kernels: 6.12
# timeout: 120
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh
# shellcheck source=/dev/null
. tests/lib/software.sh

wait_for 20 test -b /dev/nvme0n1
settle
SICK=$(software_function)
violations() { echo $((0x$(setpci -s "$SICK" F4.L))); }

written() { dd if="$TMP/data" of=/dev/nvme0n1 bs=64k oflag=direct status=none; }
there() { dd if=/dev/nvme0n1 bs=64k count=16 iflag=direct status=none | cmp - "$TMP/data"; }

[ -e /sys/class/nvme/nvme0/hmb ] || skip_all "without CONFIG_ONVME_HMB"
check "48 MiB in one piece" sh -c 'dmesg | grep -q "allocated 48 MiB host memory buffer (1 segment)"'
check_is "the controller has it" 1 "$(cat /sys/class/nvme/nvme0/hmb)"
dd if=/dev/urandom of="$TMP/data" bs=64k count=16 status=none
check "it works with it" written
check "and has kept the data" there
check "a reset" sh -c 'echo 1 >/sys/class/nvme/nvme0/reset_controller'
check_is "it has the memory again" 1 "$(cat /sys/class/nvme/nvme0/hmb)"
check "and the data" there
check "it is taken away" sh -c 'echo 0 >/sys/class/nvme/nvme0/hmb && grep -qx 0 /sys/class/nvme/nvme0/hmb'
check "and works without" there
check "unload" unload
check_is "rules that the driver broke" 0 "$(violations)"
refuse "faults of the IOMMU" sh -c 'dmesg | grep -q "DMAR:.*fault"'
ktap_finish
