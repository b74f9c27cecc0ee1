// SPDX-License-Identifier: GPL-2.0
/*
 * The rules, what they have seen, and completions that are held back. Each event is shown to all rules in their order;
 * the first whose turn it is decides.
 *
 * A completion that is held back is kept here, and its command stays in flight, until it is due or the driver gives the
 * command up. The key stays on while there are rules or such completions.
 */
#include <linux/debugfs.h>
#include <linux/jiffies.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pci.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>
#include <linux/workqueue.h>

#include "fault.h"
#include "param.h"
#include "proto/rule.h"
#include "queue.h"
#include "trace_io.h"

#define ONVME_FAULT_RULES	16
#define ONVME_FAULT_KEPT	16
#define ONVME_FAULT_MAX_WRITE	4096

/* A rule, how often its conditions held, how often it was its turn, and until when that lasts */
struct onvme_fault {
	struct onvme_rule	rule;
	u32			seen;
	u32			hits;
	bool			lasts;
	u64			until;		/* in 64-bit jiffies: it does not come back when they wrap */
};

/* A completion that is held back; @q is NULL when there is none */
struct onvme_fault_cqe {
	struct onvme_queue	*q;
	struct onvme_cqe	cqe;
	unsigned long		due;
	void			(*drain)(struct onvme_queue *q);
	struct delayed_work	work;
};

/* What one write asks for */
struct onvme_fault_wish {
	bool			clear;
	unsigned int		n;
	struct onvme_rule	rule[ONVME_FAULT_RULES];
};

DEFINE_STATIC_KEY_FALSE(onvme_fault_key);
static DEFINE_MUTEX(onvme_fault_mutex);		/* one who writes at a time */
static DEFINE_SPINLOCK(onvme_fault_lock);	/* guards the following */
static struct onvme_fault onvme_faults[ONVME_FAULT_RULES];
static unsigned int onvme_fault_count;
static struct onvme_fault_cqe onvme_fault_kept[ONVME_FAULT_KEPT];

static char *onvme_fault_rules;
module_param_named(faults, onvme_fault_rules, charp, 0);
MODULE_PARM_DESC(faults, "rules for faults on request, from load on (docs/faults.md)");

static unsigned int onvme_fault_fail_step;
ONVME_PARAM(fail_step, onvme_fault_fail_step, 1, 0, ONVME_STEPS,
	    "make this step of the next bring-up fail, once (0: none)");

static void onvme_fault_count_up(u32 *n)
{
	if (*n < U32_MAX)
		++*n;
}

/* Whether it is the turn of a rule whose conditions hold. */
static bool onvme_fault_turn(struct onvme_fault *fault)
{
	onvme_fault_count_up(&fault->seen);
	if (fault->lasts && time_before64(get_jiffies_64(), fault->until))
		return true;
	/* Off the bus for so long is once, unless it is to be again and again. */
	if (fault->lasts && !(fault->rule.given & BIT(ONVME_RULE_IF_EVERY)))
		return false;
	if (!onvme_rule_fires(&fault->rule, fault->seen))
		return false;
	if (fault->rule.action == ONVME_RULE_ALL_ONES && fault->rule.ms) {
		fault->lasts = true;
		fault->until = get_jiffies_64() + msecs_to_jiffies(fault->rule.ms);
	}
	return true;
}

/* Show an event to the rules with one of these @actions. Returns the one whose turn it is, or NULL. */
static const struct onvme_rule *onvme_fault_ask(const struct onvme_rule_event *event, unsigned int actions)
{
	const struct onvme_rule *rule = NULL;
	unsigned int i;

	lockdep_assert_held(&onvme_fault_lock);
	for (i = 0; i < onvme_fault_count; i++) {
		struct onvme_fault *fault = &onvme_faults[i];

		if (!(actions & BIT(fault->rule.action)) || !onvme_rule_holds(&fault->rule, event))
			continue;
		if (!onvme_fault_turn(fault) || rule)
			continue;
		onvme_fault_count_up(&fault->hits);
		trace_onvme_fault(i, fault->hits);
		rule = &fault->rule;
	}
	return rule;
}

static bool onvme_fault_hit(const struct onvme_rule_event *event, unsigned int actions)
{
	unsigned long flags;
	bool hit;

	spin_lock_irqsave(&onvme_fault_lock, flags);
	hit = onvme_fault_ask(event, actions);
	spin_unlock_irqrestore(&onvme_fault_lock, flags);
	return hit;
}

static u64 onvme_fault_dev(struct pci_dev *pdev)
{
	return onvme_rule_dev(pci_domain_nr(pdev->bus), pdev->bus->number, pdev->devfn);
}

/**
 * onvme_fault_step() - whether a bring-up step is to fail
 * @pdev: the PCI function
 * @step: number of the step, from 1
 *
 * Return: true once after fail_step was set to @step, or when a rule says so.
 */
bool onvme_fault_step(struct pci_dev *pdev, unsigned int step)
{
	struct onvme_rule_event event = { .on = ONVME_RULE_STEP, .dev = onvme_fault_dev(pdev), .step = step };

	if (cmpxchg(&onvme_fault_fail_step, step, 0) == step)
		return true;
	return onvme_fault_on() && onvme_fault_hit(&event, BIT(ONVME_RULE_FAIL));
}

/**
 * onvme_fault_alloc_now() - whether an allocation is to fail
 *
 * Any context. Callers use ONVME_ALLOC() and its likes.
 *
 * Return: true when a rule says so.
 */
bool onvme_fault_alloc_now(void)
{
	struct onvme_rule_event event = { .on = ONVME_RULE_ALLOC };

	return onvme_fault_hit(&event, BIT(ONVME_RULE_FAIL));
}

/**
 * onvme_fault_read() - whether a register is to read as all-ones
 * @pdev: the PCI function
 *
 * Any context.
 *
 * Return: true when a rule says so.
 */
bool onvme_fault_read(struct pci_dev *pdev)
{
	struct onvme_rule_event event = { .on = ONVME_RULE_READ, .dev = onvme_fault_dev(pdev) };

	return onvme_fault_hit(&event, BIT(ONVME_RULE_ALL_ONES));
}

/**
 * onvme_fault_irq() - whether an interrupt is to be lost
 * @q: its queue
 *
 * Interrupt context. Only a message can be lost: a line stays asserted, and the CPU would do nothing else.
 *
 * Return: true when a rule says so.
 */
bool onvme_fault_irq(struct onvme_queue *q)
{
	struct pci_dev *pdev = to_pci_dev(q->dev);
	struct onvme_rule_event event = { .on = ONVME_RULE_INTERRUPT, .dev = onvme_fault_dev(pdev), .qid = q->qid };

	if (!pdev->msix_enabled && !pdev->msi_enabled)
		return false;
	return onvme_fault_hit(&event, BIT(ONVME_RULE_NO_INTERRUPT));
}

/**
 * onvme_fault_status() - whether a command is to end without being sent
 * @q: its queue
 * @sqe: the command
 * @status: gets the Status Field without Phase Tag that it is to end with
 *
 * Any context.
 *
 * Return: true when a rule says so.
 */
bool onvme_fault_status(struct onvme_queue *q, const struct onvme_sqe *sqe, u16 *status)
{
	struct onvme_rule_event event = {
		.on = ONVME_RULE_COMMAND, .dev = onvme_fault_dev(to_pci_dev(q->dev)), .qid = q->qid, .sqe = sqe,
	};
	const struct onvme_rule *rule;
	unsigned long flags;
	bool hit;

	spin_lock_irqsave(&onvme_fault_lock, flags);
	rule = onvme_fault_ask(&event, BIT(ONVME_RULE_STATUS));
	hit = rule;
	if (hit)
		*status = rule->status;
	spin_unlock_irqrestore(&onvme_fault_lock, flags);
	return hit;
}

/* It is over, and so is its timer: the workqueue goes before this file does. */
static void onvme_fault_drop(struct onvme_fault_cqe *kept)
{
	lockdep_assert_held(&onvme_fault_lock);
	kept->q = NULL;
	cancel_delayed_work(&kept->work);
}

static void onvme_fault_forget_locked(struct onvme_queue *q, __le16 cid)
{
	unsigned int i;

	lockdep_assert_held(&onvme_fault_lock);
	for (i = 0; i < ONVME_FAULT_KEPT; i++)
		if (onvme_fault_kept[i].q == q && onvme_fault_kept[i].cqe.cid == cid)
			onvme_fault_drop(&onvme_fault_kept[i]);
}

/* Returns false when there is no more room: it is then not held back. */
static bool onvme_fault_hold(struct onvme_queue *q, const struct onvme_cqe *cqe, u32 ms, struct workqueue_struct *wq,
			     void (*drain)(struct onvme_queue *q))
{
	struct onvme_fault_cqe *kept;
	unsigned int i;

	lockdep_assert_held(&onvme_fault_lock);
	for (i = 0; i < ONVME_FAULT_KEPT && onvme_fault_kept[i].q; i++)
		;
	if (i == ONVME_FAULT_KEPT)
		return false;
	kept = &onvme_fault_kept[i];
	kept->q = q;
	kept->cqe = *cqe;
	kept->due = jiffies + msecs_to_jiffies(ms);
	kept->drain = drain;
	mod_delayed_work(wq, &kept->work, msecs_to_jiffies(ms));
	return true;
}

/**
 * onvme_fault_keep() - whether a completion is to be lost, or to come later
 * @q: its queue
 * @sqe: the command in flight that it ends
 * @cqe: the completion
 * @wq: where @drain runs
 * @drain: called with @q when the completion is due; onvme_fault_due() gives it back
 *
 * Whoever drains the queue asks. The command stays in flight when it is so.
 *
 * Return: true when a rule says so.
 */
bool onvme_fault_keep(struct onvme_queue *q, const struct onvme_sqe *sqe, const struct onvme_cqe *cqe,
		      struct workqueue_struct *wq, void (*drain)(struct onvme_queue *q))
{
	struct onvme_rule_event event = {
		.on = ONVME_RULE_COMMAND, .dev = onvme_fault_dev(to_pci_dev(q->dev)), .qid = q->qid, .sqe = sqe,
	};
	const struct onvme_rule *rule;
	unsigned long flags;
	bool keep = false;

	spin_lock_irqsave(&onvme_fault_lock, flags);
	/* A device that completes a command twice ends it now: its identifier is free for another. */
	onvme_fault_forget_locked(q, cqe->cid);
	rule = onvme_fault_ask(&event, BIT(ONVME_RULE_DROP) | BIT(ONVME_RULE_DELAY));
	if (rule)
		keep = rule->action == ONVME_RULE_DROP || onvme_fault_hold(q, cqe, rule->ms, wq, drain);
	spin_unlock_irqrestore(&onvme_fault_lock, flags);
	return keep;
}

/**
 * onvme_fault_due() - a completion that was held back and is due
 * @q: its queue
 * @cqe: gets it
 *
 * Whoever drains the queue asks. Each is given once.
 *
 * Return: true when there was one; its command is still in flight.
 */
bool onvme_fault_due(struct onvme_queue *q, struct onvme_cqe *cqe)
{
	unsigned long flags;
	bool found = false;
	unsigned int i;

	spin_lock_irqsave(&onvme_fault_lock, flags);
	for (i = 0; i < ONVME_FAULT_KEPT && !found; i++) {
		struct onvme_fault_cqe *kept = &onvme_fault_kept[i];

		if (kept->q != q || time_before(jiffies, kept->due))
			continue;
		*cqe = kept->cqe;
		onvme_fault_drop(kept);
		found = true;
	}
	spin_unlock_irqrestore(&onvme_fault_lock, flags);
	return found;
}

/**
 * onvme_fault_forget() - a command is given up: a completion of it that is held back must not end another
 * @q: its queue
 * @cid: its identifier
 *
 * Any context.
 */
void onvme_fault_forget(struct onvme_queue *q, __le16 cid)
{
	unsigned long flags;

	spin_lock_irqsave(&onvme_fault_lock, flags);
	onvme_fault_forget_locked(q, cid);
	spin_unlock_irqrestore(&onvme_fault_lock, flags);
}

/**
 * onvme_fault_leave() - a queue is about to go: nothing here knows it any more when this returns
 * @q: the queue; no command in flight
 *
 * Process context; waits for a drain under way, so the caller holds no lock that it takes.
 */
void onvme_fault_leave(struct onvme_queue *q)
{
	unsigned int i;

	spin_lock_irq(&onvme_fault_lock);
	for (i = 0; i < ONVME_FAULT_KEPT; i++)
		if (onvme_fault_kept[i].q == q)
			onvme_fault_drop(&onvme_fault_kept[i]);
	spin_unlock_irq(&onvme_fault_lock);
	for (i = 0; i < ONVME_FAULT_KEPT; i++)
		flush_work(&onvme_fault_kept[i].work.work);
}

static void onvme_fault_work(struct work_struct *work)
{
	struct onvme_fault_cqe *kept = container_of(to_delayed_work(work), struct onvme_fault_cqe, work);
	void (*drain)(struct onvme_queue *q);
	struct onvme_queue *q;

	spin_lock_irq(&onvme_fault_lock);
	q = kept->q;
	drain = kept->drain;
	spin_unlock_irq(&onvme_fault_lock);
	if (q)
		drain(q);
}

/* No rule is left: what is held back comes now, and nobody needs to ask any more. */
static void onvme_fault_rest(void)
{
	unsigned int i;

	lockdep_assert_held(&onvme_fault_mutex);
	spin_lock_irq(&onvme_fault_lock);
	for (i = 0; i < ONVME_FAULT_KEPT; i++)
		onvme_fault_kept[i].due = jiffies;
	spin_unlock_irq(&onvme_fault_lock);
	for (i = 0; i < ONVME_FAULT_KEPT; i++)
		flush_delayed_work(&onvme_fault_kept[i].work);
	static_branch_disable(&onvme_fault_key);
}

/* One line of what was written; "clear" is one, too, and a comment or an empty line says nothing. */
static int onvme_fault_read_line(const char *line, size_t len, struct onvme_fault_wish *wish)
{
	struct onvme_rule *rule;

	while (len && (line[len - 1] == ' ' || line[len - 1] == '\t'))
		len--;
	if (!len || *line == '#')
		return 0;
	if (len == 5 && !memcmp(line, "clear", 5)) {
		wish->clear = true;
		wish->n = 0;
		return 0;
	}
	if (wish->n == ONVME_FAULT_RULES)
		return -ENOSPC;
	rule = &wish->rule[wish->n];
	if (onvme_rule_parse(line, len, rule))
		return -EINVAL;
	if (rule->given & BIT(ONVME_RULE_IF_STEP) && rule->arg[ONVME_RULE_IF_STEP].first > ONVME_STEPS)
		return -EINVAL;
	wish->n++;
	return 0;
}

static int onvme_fault_read_lines(const char *text, size_t len, struct onvme_fault_wish *wish)
{
	const char *end = text + len;
	int err = 0;

	while (text < end && !err) {
		const char *stop = memchr(text, '\n', end - text) ?: end;
		/* What the file shows behind a rule is no part of it. */
		const char *note = *text == '#' ? NULL : memchr(text, '#', stop - text);

		err = onvme_fault_read_line(text, (note ?: stop) - text, wish);
		text = stop + 1;
	}
	return err;
}

/* All of it or nothing. */
static int onvme_fault_grant(const struct onvme_fault_wish *wish)
{
	unsigned int i;
	int err = 0;

	mutex_lock(&onvme_fault_mutex);
	spin_lock_irq(&onvme_fault_lock);
	if (wish->n > ONVME_FAULT_RULES - (wish->clear ? 0 : onvme_fault_count)) {
		err = -ENOSPC;
	} else {
		if (wish->clear)
			onvme_fault_count = 0;
		for (i = 0; i < wish->n; i++)
			onvme_faults[onvme_fault_count++] = (struct onvme_fault){ .rule = wish->rule[i] };
	}
	spin_unlock_irq(&onvme_fault_lock);
	if (!err && onvme_fault_count)
		static_branch_enable(&onvme_fault_key);
	else if (!err)
		onvme_fault_rest();
	if (!err)
		pr_notice("onvme: %u rules for faults on request\n", onvme_fault_count);
	mutex_unlock(&onvme_fault_mutex);
	return err;
}

static int onvme_fault_take(const char *text, size_t len)
{
	struct onvme_fault_wish *wish = kzalloc(sizeof(*wish), GFP_KERNEL);
	int err;

	if (!wish)
		return -ENOMEM;
	err = onvme_fault_read_lines(text, len, wish);
	if (!err && (wish->n || wish->clear))
		err = onvme_fault_grant(wish);
	kfree(wish);
	return err;
}

static ssize_t onvme_fault_write(struct file *file, const char __user *from, size_t len, loff_t *pos)
{
	char *text;
	int err;

	if (len > ONVME_FAULT_MAX_WRITE)
		return -EINVAL;
	text = memdup_user_nul(from, len);
	if (IS_ERR(text))
		return PTR_ERR(text);
	err = onvme_fault_take(text, len);
	kfree(text);
	return err ?: len;
}

static int onvme_fault_show(struct seq_file *m, void *v)
{
	char text[ONVME_RULE_TEXT];
	unsigned int i;

	mutex_lock(&onvme_fault_mutex);
	for (i = 0; i < onvme_fault_count; i++) {
		onvme_rule_text(&onvme_faults[i].rule, text);
		seq_printf(m, "%s # seen %u hit %u\n", text, READ_ONCE(onvme_faults[i].seen),
			   READ_ONCE(onvme_faults[i].hits));
	}
	mutex_unlock(&onvme_fault_mutex);
	return 0;
}

static int onvme_fault_open(struct inode *inode, struct file *file)
{
	return single_open(file, onvme_fault_show, NULL);
}

static const struct file_operations onvme_fault_fops = {
	.owner		= THIS_MODULE,
	.open		= onvme_fault_open,
	.read		= seq_read,
	.write		= onvme_fault_write,
	.llseek		= seq_lseek,
	.release	= single_release,
};

/**
 * onvme_fault_init() - take the rules of the parameter
 *
 * Before anything else, so that loading itself can be made to fail.
 *
 * Return: 0; -EINVAL, -ENOSPC or -ENOMEM: the parameter cannot be taken.
 */
int onvme_fault_init(void)
{
	unsigned int i;
	int err = 0;

	for (i = 0; i < ONVME_FAULT_KEPT; i++)
		INIT_DELAYED_WORK(&onvme_fault_kept[i].work, onvme_fault_work);
	if (onvme_fault_rules)
		err = onvme_fault_take(onvme_fault_rules, strlen(onvme_fault_rules));
	return err;
}

/**
 * onvme_fault_expose() - have rules written and read in debugfs
 * @dir: the module's folder; who removes it removes the file
 */
void onvme_fault_expose(struct dentry *dir)
{
	debugfs_create_file("faults", 0600, dir, NULL, &onvme_fault_fops);
}

/**
 * onvme_fault_exit() - undo onvme_fault_init()
 *
 * No controller is left, nor the module's folder in debugfs.
 */
void onvme_fault_exit(void)
{
	mutex_lock(&onvme_fault_mutex);
	spin_lock_irq(&onvme_fault_lock);
	onvme_fault_count = 0;
	spin_unlock_irq(&onvme_fault_lock);
	onvme_fault_rest();
	mutex_unlock(&onvme_fault_mutex);
}
