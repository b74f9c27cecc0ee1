/* SPDX-License-Identifier: GPL-2.0 */
/*
 * fault.h - faults on request, so that error paths can be tried out on any kernel.
 *
 * One list of rules for the module (proto/rule.h; docs/faults.md is the manual), written and read in debugfs, and the
 * parameter fail_step, which makes the n-th step of the next bring-up fail, once. A spin lock guards the rules; they
 * are asked in any context. While there are none, each place that asks is a jump label that does nothing.
 */
#ifndef ONVME_FAULT_H
#define ONVME_FAULT_H

#include <linux/err.h>
#include <linux/types.h>

#define ONVME_STEPS	17	/* of bring-up; ctrl.c has the table */

struct onvme_cqe;
struct onvme_queue;
struct onvme_sqe;
struct pci_dev;
struct workqueue_struct;

#ifdef CONFIG_ONVME_FAULT
#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(onvme_fault_key);

/* Whether there may be a rule: to be asked before any of the functions that take a device. */
static __always_inline bool onvme_fault_on(void)
{
	return static_branch_unlikely(&onvme_fault_key);
}

int onvme_fault_init(void);
void onvme_fault_expose(struct dentry *dir);
void onvme_fault_exit(void);
bool onvme_fault_step(struct pci_dev *pdev, unsigned int step);
bool onvme_fault_alloc_now(void);
bool onvme_fault_read(struct pci_dev *pdev);
bool onvme_fault_irq(struct onvme_queue *q);
bool onvme_fault_status(struct onvme_queue *q, const struct onvme_sqe *sqe, u16 *status);
bool onvme_fault_keep(struct onvme_queue *q, const struct onvme_sqe *sqe, const struct onvme_cqe *cqe,
		      struct workqueue_struct *wq, void (*drain)(struct onvme_queue *q));
bool onvme_fault_due(struct onvme_queue *q, struct onvme_cqe *cqe);
void onvme_fault_forget(struct onvme_queue *q, __le16 cid);
void onvme_fault_leave(struct onvme_queue *q);
#else
static inline bool onvme_fault_on(void)
{
	return false;
}

static inline int onvme_fault_init(void)
{
	return 0;
}

static inline void onvme_fault_expose(struct dentry *dir)
{
}

static inline void onvme_fault_exit(void)
{
}

static inline bool onvme_fault_step(struct pci_dev *pdev, unsigned int step)
{
	return false;
}

static inline bool onvme_fault_alloc_now(void)
{
	return false;
}

static inline bool onvme_fault_read(struct pci_dev *pdev)
{
	return false;
}

static inline bool onvme_fault_irq(struct onvme_queue *q)
{
	return false;
}

static inline bool onvme_fault_status(struct onvme_queue *q, const struct onvme_sqe *sqe, u16 *status)
{
	return false;
}

static inline bool onvme_fault_keep(struct onvme_queue *q, const struct onvme_sqe *sqe, const struct onvme_cqe *cqe,
				    struct workqueue_struct *wq, void (*drain)(struct onvme_queue *q))
{
	return false;
}

static inline bool onvme_fault_due(struct onvme_queue *q, struct onvme_cqe *cqe)
{
	return false;
}

static inline void onvme_fault_forget(struct onvme_queue *q, __le16 cid)
{
}

static inline void onvme_fault_leave(struct onvme_queue *q)
{
}
#endif

/* Whether this allocation is to fail. */
static __always_inline bool onvme_fault_alloc(void)
{
	return onvme_fault_on() && onvme_fault_alloc_now();
}

/* Something that can fail for want of memory, vectors and the like: by what it returns then */
#define ONVME_ALLOC(what)		(onvme_fault_alloc() ? NULL : (what))
#define ONVME_ALLOC_ERRNO(what)		(onvme_fault_alloc() ? -ENOMEM : (what))
#define ONVME_ALLOC_ERR_PTR(what)	(onvme_fault_alloc() ? ERR_PTR(-ENOMEM) : (what))

#endif /* ONVME_FAULT_H */
