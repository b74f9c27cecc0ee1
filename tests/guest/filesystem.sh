#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# This test will make a file system, copy a real tree to it, and find the same files after the module has been unloaded and
# loaded again.
#
# topology: plain, iommu, swiotlb
# needs: -
# kernels: all
# timeout: 180
# module: auto
# shellcheck source=/dev/null
. tests/lib/guest.sh

wait_for 20 test -b /dev/nvme0n1
settle
mkdir -p /mnt/fs
source=/usr/include/linux
[ -d "$source" ] || source=/etc

sums() { (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum) | sha256sum; }

check "mkfs.ext4" mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 /dev/nvme0n1
check "mount" mount /dev/nvme0n1 /mnt/fs
check "copy $source" cp -r "$source" /mnt/fs/tree
check "write and fsync" dd if=/dev/urandom of=/mnt/fs/big bs=1M count=24 conv=fsync status=none
before=$(sums "$source")
big=$(sha256sum </mnt/fs/big)
check "sync" sync -f /mnt/fs
check "umount" umount /mnt/fs
check "fsck" fsck.ext4 -fn /dev/nvme0n1
settle
check "unload" wait_for 10 unload
check "load again" load_and_wait nvme0n1
check "fsck after the reload" fsck.ext4 -fn /dev/nvme0n1
check "mount after the reload" mount /dev/nvme0n1 /mnt/fs
check_is "the tree is the same" "$before" "$(sums /mnt/fs/tree)"
check_is "the big file is the same" "$big" "$(sha256sum </mnt/fs/big)"
check "fstrim" fstrim /mnt/fs
check_is "the big file after fstrim" "$big" "$(echo 3 >/proc/sys/vm/drop_caches && sha256sum </mnt/fs/big)"
check "umount" umount /mnt/fs
settle
ktap_finish
