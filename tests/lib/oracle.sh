# shellcheck shell=bash disable=SC2034 # used by those who source it
# SPDX-License-Identifier: GPL-2.0
#
# Lines nobody wants to see in a kernel log. Loading an out-of-tree module taints, which is no fault.
BAD='WARNING|BUG|Oops|Call Trace|KASAN|UBSAN|possible circular|possible recursive|DMA-API|blocked for more than|[Uu]nable to handle|soft lockup|hard LOCKUP|kmemleak|rcu.*stall|general protection|refcount_t|DMAR: .*fault|use-after-free'
FINE='module verification failed|loading out-of-tree module|Spectre|onvme-test:'
