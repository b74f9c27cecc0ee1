// SPDX-License-Identifier: GPL-2.0
/*
 * Memory and interrupt of a queue pair. Creating it on the controller is a matter of admin commands and lives in
 * ctrl.c.
 */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "fault.h"
#include "param.h"
#include "queue.h"

static_assert(ONVME_MAX_QUEUE_DEPTH <= ONVME_CID_TAG_MASK);
/* Who submits and who completes do not share a cache line. */
static_assert(!IS_ENABLED(CONFIG_SMP) || offsetof(struct onvme_queue, sq_lock) / SMP_CACHE_BYTES !=
	      offsetof(struct onvme_queue, cq_lock) / SMP_CACHE_BYTES);

/**
 * onvme_queue_alloc() - memory of a queue pair
 * @q: the queue; zeroed, or allocated before with the same depth: then nothing happens
 * @ctrl: the controller
 * @dev: its PCI function: the rings come from its NUMA node
 * @qid: queue id
 * @depth: entries of each ring, 2 to 4096
 *
 * Process context.
 *
 * Return: 0 or -ENOMEM; the queue is then as before.
 */
int onvme_queue_alloc(struct onvme_queue *q, struct onvme_ctrl *ctrl, struct device *dev, u16 qid, u32 depth)
{
	int err = -ENOMEM;

	if (q->sq && q->depth == depth)
		return 0;
	onvme_queue_free(q);
	q->ctrl = ctrl;
	q->dev = dev;
	q->qid = qid;
	q->depth = depth;
	q->cq_phase = 1;	/* there is nothing new in a queue that was never told to the controller */
	spin_lock_init(&q->sq_lock);
	spin_lock_init(&q->cq_lock);
	mutex_init(&q->poll_mutex);
	/* Apart: together they would be a little more than a power of two, and take the next. */
	q->gen = ONVME_ALLOC(kzalloc_node(depth, GFP_KERNEL, dev_to_node(dev)));
	if (!q->gen)
		return -ENOMEM;
	q->slots = ONVME_ALLOC(kvzalloc_node(array_size(depth, sizeof(*q->slots)), GFP_KERNEL, dev_to_node(dev)));
	if (!q->slots)
		goto out_free_gen;
	err = onvme_tally_alloc(&q->tally, dev_to_node(dev)) ?: onvme_taken_alloc(&q->taken, depth, dev_to_node(dev));
	if (err)
		goto out_free_slots;
	err = -ENOMEM;
	q->cq = ONVME_ALLOC(dma_alloc_coherent(dev, depth * sizeof(*q->cq), &q->cq_dma, GFP_KERNEL));
	if (!q->cq)
		goto out_free_taken;
	q->sq = ONVME_ALLOC(dma_alloc_coherent(dev, depth * sizeof(*q->sq), &q->sq_dma, GFP_KERNEL));
	if (!q->sq)
		goto out_free_cq;
	err = onvme_map_cache_init(&q->cache, dev);
	if (err)
		goto out_free_sq;
	return 0;

out_free_sq:
	dma_free_coherent(dev, depth * sizeof(*q->sq), q->sq, q->sq_dma);
	q->sq = NULL;
out_free_cq:
	dma_free_coherent(dev, depth * sizeof(*q->cq), q->cq, q->cq_dma);
out_free_taken:
	onvme_taken_free(&q->taken);
out_free_slots:
	kvfree(q->slots);
	q->slots = NULL;
out_free_gen:
	kfree(q->gen);
	q->gen = NULL;
	return err;
}

/**
 * onvme_queue_free() - give back what onvme_queue_alloc() took
 * @q: the queue; no command in flight, interrupt off, unknown to the controller
 *
 * Idempotent. Process context.
 */
void onvme_queue_free(struct onvme_queue *q)
{
	if (!q->sq)
		return;
	if (onvme_fault_on())
		onvme_fault_leave(q);
	onvme_map_cache_fini(&q->cache);
	dma_free_coherent(q->dev, q->depth * sizeof(*q->sq), q->sq, q->sq_dma);
	dma_free_coherent(q->dev, q->depth * sizeof(*q->cq), q->cq, q->cq_dma);
	onvme_taken_free(&q->taken);
	kvfree(q->slots);
	kfree(q->gen);
	q->sq = NULL;
	q->cq = NULL;
	q->slots = NULL;
	q->gen = NULL;
}

/**
 * onvme_queue_init() - empty both rings before the controller is told of them
 * @q: the queue, with memory, unknown to the controller, no command in flight
 * @sq_db: tail doorbell
 * @cq_db: head doorbell
 * @vector: interrupt vector
 *
 * Process context.
 */
void onvme_queue_init(struct onvme_queue *q, void __iomem *sq_db, void __iomem *cq_db, u16 vector)
{
	mutex_lock(&q->poll_mutex);
	q->sq_db = sq_db;
	q->cq_db = cq_db;
	q->vector = vector;
	spin_lock(&q->sq_lock);
	q->sq_tail = 0;
	q->sq_rung = 0;
	spin_unlock(&q->sq_lock);
	q->cq_head = 0;
	q->cq_phase = 1;
	WRITE_ONCE(q->polls, q->polls + 2);	/* it was no interrupt that moved the head */
	memset(q->cq, 0, q->depth * sizeof(*q->cq));
	onvme_taken_clear(q->taken, q->depth);
	mutex_unlock(&q->poll_mutex);
}

/**
 * onvme_queue_go_live() - admit commands
 * @q: the queue; complete, and known to the controller
 *
 * Process context.
 */
void onvme_queue_go_live(struct onvme_queue *q)
{
	smp_mb__before_atomic();	/* pairs with the acquire of queue_rq, which finds the queue complete */
	set_bit(ONVME_Q_LIVE, &q->flags);
}

/**
 * onvme_queue_irq_on() - install the interrupt handler
 * @q: the queue
 * @handler: called with @q
 * @thread: called with @q by a thread that @handler wakes, or NULL
 * @instance: number of the controller, for the name
 *
 * Process context.
 *
 * Return: 0 or the error of the interrupt layer.
 */
int onvme_queue_irq_on(struct onvme_queue *q, irq_handler_t handler, irq_handler_t thread, int instance)
{
	int err;

	mutex_lock(&q->poll_mutex);
	snprintf(q->name, sizeof(q->name), "nvme%dq%u", instance, q->qid);
	err = ONVME_ALLOC_ERRNO(pci_request_irq(to_pci_dev(q->dev), q->vector, handler, thread, q, "%s", q->name));
	if (!err)
		set_bit(ONVME_Q_IRQ, &q->flags);
	mutex_unlock(&q->poll_mutex);
	return err;
}

/**
 * onvme_queue_irq_off() - remove the interrupt handler and wait until it has returned, and its thread has
 * @q: the queue
 *
 * Idempotent. Process context.
 */
void onvme_queue_irq_off(struct onvme_queue *q)
{
	if (!q->sq)
		return;
	mutex_lock(&q->poll_mutex);
	if (test_and_clear_bit(ONVME_Q_IRQ, &q->flags))
		pci_free_irq(to_pci_dev(q->dev), q->vector, q);
	mutex_unlock(&q->poll_mutex);
}

/**
 * onvme_queue_irq_cpu() - a CPU that takes the interrupt of a queue
 * @q: the queue
 *
 * Process context.
 *
 * Return: its number; -1 when no interrupt is installed or no CPU that is online takes it.
 */
int onvme_queue_irq_cpu(struct onvme_queue *q)
{
	unsigned int cpu = nr_cpu_ids;

	mutex_lock(&q->poll_mutex);
	if (test_bit(ONVME_Q_IRQ, &q->flags)) {
		int irq = pci_irq_vector(to_pci_dev(q->dev), q->vector);
		const struct cpumask *mask = irq_get_effective_affinity_mask(irq);

		if (mask)
			cpu = cpumask_any_and(mask, cpu_online_mask);
	}
	mutex_unlock(&q->poll_mutex);
	return cpu < nr_cpu_ids ? (int)cpu : -1;
}

/**
 * onvme_queue_in_flight() - whether a command is in flight
 * @q: the queue, with memory
 *
 * An Asynchronous Event Request is none. Looks at every slot, without a lock: it is true of some moment. Any context.
 *
 * Return: true: one is, or was.
 */
bool onvme_queue_in_flight(const struct onvme_queue *q)
{
	unsigned int i;

	for (i = 0; i < q->depth; i++)
		if (READ_ONCE(q->slots[i]))
			return true;
	return false;
}

/**
 * onvme_queue_ring_again() - write the doorbells of a queue that stands still once more, if it has shadows
 * @q: the queue; live, and its controller can be reached. Caller holds ctrl.life, under which registers stay mapped
 *
 * A controller that asks to be told of the next entry has to look once more after that, or it and the host wait for
 * each other; not every one does. Without shadows nothing is written: the same value twice is an error (Base, "Invalid
 * Doorbell Write Value"). Process context.
 *
 * Return: whether they were written.
 */
bool onvme_queue_ring_again(struct onvme_queue *q)
{
	if (!q->sq_shadow.value)
		return false;
	spin_lock(&q->sq_lock);
	writel(q->sq_rung, q->sq_db);
	spin_unlock(&q->sq_lock);
	mutex_lock(&q->poll_mutex);
	if (test_bit(ONVME_Q_IRQ, &q->flags)) {
		int irq = pci_irq_vector(to_pci_dev(q->dev), q->vector);

		disable_irq(irq);	/* whose handler moves the head */
		writel(q->cq_head, q->cq_db);
		enable_irq(irq);
	}
	mutex_unlock(&q->poll_mutex);
	return true;
}

/**
 * onvme_queue_count_anew() - let what the queue counts begin at 0
 * @q: the queue
 *
 * Process context; the interrupt is off meanwhile.
 */
void onvme_queue_count_anew(struct onvme_queue *q)
{
	int irq = 0;

	mutex_lock(&q->poll_mutex);
	if (test_bit(ONVME_Q_IRQ, &q->flags)) {
		irq = pci_irq_vector(to_pci_dev(q->dev), q->vector);
		disable_irq(irq);
	}
	spin_lock(&q->cq_lock);
	spin_lock(&q->sq_lock);
	q->bells = 0;
	onvme_tally_clear(&q->tally);
	spin_unlock(&q->sq_lock);
	spin_unlock(&q->cq_lock);
	if (irq)
		enable_irq(irq);
	mutex_unlock(&q->poll_mutex);
}

/**
 * onvme_queue_doorbell() - write a doorbell, or only its shadow where that will do
 * @db: the doorbell
 * @shadow: its shadow, if it has one
 * @old: what was written last
 * @value: what to write
 *
 * For what is not on the straight way. Caller owns that side of the queue. Any context.
 */
void onvme_queue_doorbell(void __iomem *db, const struct onvme_shadow *shadow, u16 old, u16 value)
{
	if (!shadow->value || onvme_shadow_write(shadow, old, value))
		writel(value, db);
}
