/* SPDX-License-Identifier: GPL-2.0 */
/*
 * blk.h - block requests as NVM commands, and the I/O tag set.
 *
 * struct onvme_blk holds a controller's tag sets and the two queues without a disk: the admin queue and one for I/O
 * passthrough. struct onvme_blk_ns is what the hot path needs to know of a namespace: it changes only while the queue
 * of its disk is frozen.
 */
#ifndef ONVME_BLK_H
#define ONVME_BLK_H

#include <linux/blk-mq.h>
#include <linux/mempool.h>

#include "proto/pi.h"
#include "proto/place.h"

struct onvme_ctrl;

/**
 * struct onvme_blk - tag sets of a controller
 * @admin_set: admin tag set
 * @admin_q: its queue; NULL before the first bring-up
 * @io_set: I/O tag set
 * @pass_set: the tags of @io_q, on the same queues
 * @pass_tags: how many; 0: @pass_set is not used, and @io_q has its tags of @io_set
 * @io_q: for passthrough; NULL while there are no I/O queues
 * @sgl_threshold: average bytes of a segment from which data are told by an SGL; 0: never
 * @discard_lists: range lists of discards; one is kept in reserve
 * @orphans: bios of requests whose queue, or whose kind of transfer, did not come back with the controller
 * @orphan_lock: guards @orphans
 * @adopt_work: submits them anew
 */
struct onvme_blk {
	struct blk_mq_tag_set	admin_set;
	struct request_queue	*admin_q;
	struct blk_mq_tag_set	io_set;
	struct blk_mq_tag_set	pass_set;
	unsigned int		pass_tags;
	struct request_queue	*io_q;
	unsigned int		sgl_threshold;
	mempool_t		*discard_lists;
	struct bio_list		orphans;
	spinlock_t		orphan_lock;
	struct work_struct	adopt_work;
};

/*
 * Tags of an I/O queue that are kept for passthrough which does not go by the queue of a disk, where more than that is
 * left. Were they those of the disks, the block layer would count what each of the two has in flight, lest one has all:
 * that costs each I/O.
 */
#define ONVME_BLK_PASS_TAGS	32

/* What no I/O fits: nobody knows the block size for now, or the namespace is gone */
#define ONVME_BLK_NO_MASK	(~0u)

/**
 * struct onvme_blk_ns - a namespace, for the hot path
 * @nsid: namespace id
 * @lba_mask: bits of a position or length that have to be 0 for the straight way to a command; %ONVME_BLK_NO_MASK, so
 *	that nothing takes it, while no I/O may pass, where blocks have metadata, and where priorities count
 * @write_mask: the same for writes, of which none takes it where they may name a place
 * @lba_shift: block size as a power of two, the last that there was
 * @dsm_ranges: most ranges of one discard, 1 to 256
 * @wz_control: control bits for Write Zeroes that may deallocate
 * @block_mask: block size less one; %ONVME_BLK_NO_MASK while no I/O may pass
 * @meta: metadata of its blocks
 * @place: where writes may go
 * @apart: nothing takes the straight way: the submission queue depends on the I/O priority, or buffers may be memory of
 *	other devices
 * @errors: its commands that failed for good
 * @retries: its commands tried again
 */
struct onvme_blk_ns {
	u32	nsid;
	u32	lba_mask;
	u32	write_mask;
	u8	lba_shift;
	u16	dsm_ranges;
	u16	wz_control;
	u32	block_mask;
	struct onvme_pi_io meta;
	struct onvme_place place;
	bool	apart;
	atomic_t errors;
	atomic_t retries;
};

int onvme_blk_init(struct onvme_ctrl *ctrl);
bool onvme_blk_sgl(struct onvme_ctrl *ctrl);
bool onvme_blk_fits(struct onvme_ctrl *ctrl);
u32 onvme_blk_sgl_min(struct onvme_ctrl *ctrl);
int onvme_blk_set_queues(struct onvme_ctrl *ctrl, unsigned int nr_io);
void onvme_blk_for_sets(struct onvme_ctrl *ctrl, busy_tag_iter_fn *fn, void *data);
void onvme_blk_fini(struct onvme_ctrl *ctrl);
void onvme_blk_release(struct onvme_ctrl *ctrl);
void onvme_blk_adopt(struct onvme_ctrl *ctrl);
void onvme_blk_setup(struct onvme_ctrl *ctrl);
void onvme_blk_abandon(struct onvme_ctrl *ctrl);

#endif /* ONVME_BLK_H */
