/* SPDX-License-Identifier: GPL-2.0 */
/*
 * queue.h - submission and completion queues, and the life of a command.
 *
 * A command is fetched, examined and given a fate (rule.h); it is executed at once, after a delay, or never; its
 * completion waits for room. Everything that is known of the host's pointers is what the host itself has told or has
 * been told, so that a host that guesses right is found out too.
 */
#ifndef DEVICE_QUEUE_H
#define DEVICE_QUEUE_H

#include "nvme.h"
#include "rule.h"

#define QUEUE_MAX	33u		/* the admin queue and 32 more */

struct device;
struct ns;

struct cq {
	bool		live;
	bool		phase;
	bool		ien;
	u32		id, size, head, tail, vector, nr_sqs;
	u64		base;
	struct list	waiting;	/* completions that found the queue full */
};

struct sq {
	struct device	*dev;
	bool		live;
	bool		trusts_nothing;	/* the host was told a wrong head: its tail proves nothing */
	u32		id, size, head, tail;
	u32		priority;	/* QPRIO: 0 urgent, 1 high, 2 medium, 3 low */
	u32		told;		/* the head of the last completion: all that the host can know */
	u64		base;
	struct cq	*cq;
	u8		busy[8192];	/* a bit for each command identifier in use */
	struct list	cmds;		/* fetched and not completed */
};

/* A controller that polls looks at the shadow doorbells by itself while there is something to do, or lately was. */
struct poller {
	struct timer	timer;
	bool		awake;
	u64		busy_ns;	/* when there was something last */
	u64		commands;	/* that it had processed then */
};

struct cmd {
	struct list	node;
	struct device	*dev;
	struct sq	*sq;
	struct nvme_sqe	sqe;
	bool		admin;
	bool		started;
	u32		asleep;		/* the power state that the controller had gone to before it came */
	u32		dw0, dw1;
	struct fate	fate;
	struct timer	timer;
	u8		*canary;	/* what lies in the buffer of a read that has not been answered */
	u32		canary_len;
};

/* A status that is none: the command is completed later. */
#define CMD_PENDING	0xffffffffu

void queue_init(struct device *dev);
void queue_reset_all(struct device *dev);
void queue_create_admin(struct device *dev);
u32 queue_create_cq(struct cmd *cmd);
u32 queue_create_sq(struct cmd *cmd);
u32 queue_delete_cq(struct cmd *cmd);
u32 queue_delete_sq(struct cmd *cmd);
void queue_doorbell(struct device *dev, u32 offset, u32 value);
/* Work on whatever the queues hold. */
void queue_run(struct device *dev);
/* A command in flight, or NULL */
struct cmd *queue_find(struct device *dev, u32 sqid, u32 cid);
bool queue_wants_intx(const struct device *dev);
/* Whether an I/O queue is signalled by that vector */
bool queue_has_vector(const struct device *dev, u32 vector);
u32 queue_io_count(const struct device *dev);

/* cmd.c */
void cmd_fetch(struct device *dev, struct sq *sq);
void cmd_complete(struct cmd *cmd, u32 status);
void cmd_abort_all(struct sq *sq, u32 status);
void cmd_forget_all(struct sq *sq);
void cmd_forget_waiting(struct cq *cq);
void cmd_forget_halves(struct device *dev);
void cmd_post_waiting(struct device *dev, struct cq *cq);
void cmd_check_canaries(struct device *dev);

#endif /* DEVICE_QUEUE_H */
