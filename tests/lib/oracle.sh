# shellcheck shell=bash disable=SC2034 # used by those who source it
# SPDX-License-Identifier: GPL-2.0
#
# Lines nobody wants to see in a kernel log. Loading an out-of-tree module taints, which is no fault; nor is what the kernel answers
# to a disk whose reads fail, whose slot is empty or which is reset when it cannot be reached, and what the in-tree driver says of a
# feature that is refused.
BAD='WARNING|BUG|Oops|Call Trace|KASAN|UBSAN|possible circular|possible recursive|DMA-API|blocked for more than|[Uu]nable to|soft lockup|hard LOCKUP|kmemleak|rcu.*stall|general protection|refcount_t|DMAR: .*fault|use-after-free'
FINE='module verification failed|loading out-of-tree module|unable to parse|unable to read (partition table|RDB block)|Unable to change power state from D3cold|config space inaccessible; unable to save state|unable to set dbbuf|Spectre|onvme-test:'
