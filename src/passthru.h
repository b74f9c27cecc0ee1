/* SPDX-License-Identifier: GPL-2.0 */
/*
 * passthru.h - commands that users build themselves, whichever way they come: by ioctl or by io_uring.
 *
 * Everything is copied from the user once, checked, and then trusted; data go up to the limits of the queue and are
 * refused beyond, never cut. A command is checked (onvme_passthru_check()), its data are found (onvme_passthru_data()),
 * and then it is run and waited for, or made a request that somebody else follows. Process context; who waits does so
 * until the command is done or its time is over.
 */
#ifndef ONVME_PASSTHRU_H
#define ONVME_PASSTHRU_H

#include <linux/blk-mq.h>
#include <linux/uio.h>

#include <onvme/spec.h>

struct onvme_ctrl;
struct onvme_ns_geom;

/**
 * struct onvme_node - the node that a command comes through
 * @ctrl: the controller
 * @ns: the namespace that the node stands for, or NULL
 * @disk_q: the queue of its disk, with a reference that lasts as long, or NULL
 * @era: onvme_passthru_era() from before @ns was read
 * @writable: it is open for writing
 * @partition: it is that of a partition
 */
struct onvme_node {
	struct onvme_ctrl		*ctrl;
	const struct onvme_ns_geom	*ns;
	struct request_queue		*disk_q;
	unsigned int			era;
	bool				writable;
	bool				partition;
};

/**
 * struct onvme_passthru - a command as a user wants it
 * @sqe: the command; its data pointers are filled in on submission
 * @admin: for the admin queue
 * @vec: @addr is that of @len struct iovec
 * @addr: address of its data
 * @len: bytes of its data
 * @meta_addr: address of its metadata
 * @meta_len: bytes of its metadata
 * @timeout_ms: how long it may take, or 0
 * @care: ONVME_CARE_*; from onvme_passthru_check()
 * @result: dwords 0 and 1 of the completion
 */
struct onvme_passthru {
	struct onvme_sqe	sqe;
	bool			admin;
	bool			vec;
	u64			addr;
	u32			len;
	u64			meta_addr;
	u32			meta_len;
	u32			timeout_ms;
	unsigned int		care;
	u64			result;
};

struct onvme_passthru_meta;

/**
 * struct onvme_passthru_data - where the data of a command are
 * @iter: the pieces, where there are several, or a registered buffer
 * @scattered: @iter says where; otherwise the command itself does
 * @kern: a copy in memory of the kernel, which is used instead, or NULL
 * @kern_len: its length
 * @meta: the metadata, where they have been copied before, or NULL
 * @vecs: memory for the pieces, beyond the first few
 * @few: the first few
 */
struct onvme_passthru_data {
	struct iov_iter	iter;
	bool		scattered;
	void		*kern;
	size_t		kern_len;
	struct onvme_passthru_meta *meta;
	struct iovec	*vecs;
	struct iovec	few[UIO_FASTIOV];
};

/*
 * Metadata of a command on their way. What comes before them is not of the controller's business, so it is not in the
 * same line of a cache.
 */
struct onvme_passthru_meta {
	void __user	*user;
	u32		len;
	u8		bytes[] __aligned(ARCH_KMALLOC_MINALIGN);
};

/* Which way data go, for an iov_iter */
static inline int onvme_passthru_dir(const struct onvme_passthru *cmd)
{
	return cmd->sqe.opcode & ONVME_OPCODE_WRITE ? WRITE : READ;
}

int onvme_passthru_enter(struct onvme_ctrl *ctrl, bool nowait);
unsigned int onvme_passthru_era(struct onvme_ctrl *ctrl);
int onvme_passthru_check(const struct onvme_node *node, struct onvme_passthru *cmd);
int onvme_passthru_data(const struct onvme_passthru *cmd, struct onvme_passthru_data *data);
int onvme_passthru_run(const struct onvme_node *node, struct onvme_passthru *cmd, struct onvme_passthru_data *data);
int onvme_passthru_ready(const struct onvme_node *node, const struct onvme_passthru *cmd,
			 const struct onvme_passthru_data *data, bool nowait);
struct request *onvme_passthru_request(const struct onvme_node *node, const struct onvme_passthru *cmd,
				       struct onvme_passthru_data *data, blk_opf_t opf, blk_mq_req_flags_t flags);
struct onvme_passthru_meta *onvme_passthru_meta_of(struct request *rq);
int onvme_passthru_outcome(struct request *rq, blk_status_t sts);
int onvme_passthru_give_back(struct bio *bio, struct onvme_passthru_meta *meta, bool read, int outcome);

#endif /* ONVME_PASSTHRU_H */
