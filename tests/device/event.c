// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "device.h"

/* The oldest request that waits. Requests are commands that were started and not completed. */
static struct cmd *event_waiting(struct device *dev)
{
	struct list *node, *head = &dev->sq[0].cmds;

	if (!dev->sq[0].live)
		return NULL;
	for (node = head->next; node != head; node = node->next) {
		struct cmd *cmd = container_of(node, struct cmd, node);

		if (cmd->sqe.opcode == ADM_AER && cmd->started)
			return cmd;
	}
	return NULL;
}

static void event_deliver(struct device *dev)
{
	struct events *events = &dev->events;
	u32 i = 0;

	while (i < events->nr && regs_running(dev)) {
		struct event *event = &events->queue[i];
		u32 type = event->dw0 & 7;
		struct cmd *cmd = event_waiting(dev);

		if (!cmd)
			return;
		if (!event->flood && events->silent & 1u << type) {
			i++;
			continue;
		}
		if (!event->flood)
			events->silent |= 1u << type;
		cmd->dw0 = event->dw0;
		if (!--event->times) {
			memmove(event, event + 1, (events->nr - i - 1) * sizeof(*event));
			events->nr--;
		}
		cmd_complete(cmd, SC_OK);
	}
}

static void event_add(struct device *dev, u32 dw0, u32 times, bool flood)
{
	struct events *events = &dev->events;
	u32 i;

	for (i = 0; i < events->nr && !flood; i++)
		if (events->queue[i].dw0 == dw0 && !events->queue[i].flood)
			return;		/* it is said once */
	if (events->nr < EVENT_QUEUE)
		events->queue[events->nr++] = (struct event){ .dw0 = dw0, .times = times, .flood = flood };
	event_deliver(dev);
}

void event_post(struct device *dev, u32 type, u32 info, u32 lid)
{
	event_add(dev, type | info << 8 | lid << 16, 1, false);
}

void event_flood(struct device *dev, u32 dw0, u32 times)
{
	event_add(dev, dw0, times, true);
}

u32 event_request(struct cmd *cmd)
{
	struct device *dev = cmd->dev;
	struct list *node;
	u32 n = 0;

	for (node = cmd->sq->cmds.next; node != &cmd->sq->cmds; node = node->next) {
		const struct cmd *other = container_of(node, struct cmd, node);

		n += other->sqe.opcode == ADM_AER && other->started;
	}
	if (n > dev->shape->aerl + 1) {
		examine(dev, RULE_AER_LIMIT, "%u requests outstanding, AERL is %llu", n, dev->shape->aerl);
		return SC_AER_LIMIT | SF_DNR;
	}
	event_deliver(dev);
	return CMD_PENDING;
}

void event_log_read(struct device *dev, u32 lid)
{
	struct events *events = &dev->events;

	if (lid == LOG_ERROR)
		events->silent &= ~1u;
	else if (lid == LOG_SMART)
		events->silent &= ~2u;
	else if (lid == LOG_CHANGED_NS || lid == LOG_ANA || lid == LOG_FIRMWARE || lid == LOG_CTRL_TEL)
		events->silent &= ~4u;
	else if (lid == LOG_RESERVATION || lid == LOG_SANITIZE)
		events->silent &= ~0x40u;
	event_deliver(dev);
}

void event_reset(struct device *dev)
{
	memset(&dev->events, 0, sizeof(dev->events));
}
