// SPDX-License-Identifier: GPL-2.0
#include <linux/bitfield.h>
#include <linux/device.h>

#define CREATE_TRACE_POINTS
#include "observe.h"
#include "proto/status.h"
#include "trace_io.h"

/**
 * onvme_observe_error() - say that a command failed
 * @dev: the controller
 * @error: which command, and how
 *
 * Any context; rate-limited.
 */
void onvme_observe_error(struct device *dev, const struct onvme_io_error *error)
{
	const char *op = onvme_opcode_text(error->admin, error->opcode);
	const char *text = onvme_status_text(error->status);
	u8 sct = FIELD_GET(ONVME_SF_SCT, error->status), sc = FIELD_GET(ONVME_SF_SC, error->status);
	const char *more = error->status & ONVME_SF_MORE ? " MORE" : "";
	const char *dnr = error->status & ONVME_SF_DNR ? " DNR" : "";

	if (error->disk)
		dev_err_ratelimited(dev, "%s: %s(0x%x) @ LBA %llu, %u blocks, %s (sct 0x%x / sc 0x%x)%s%s\n",
				    error->disk, op, error->opcode, error->slba, error->blocks, text, sct, sc, more,
				    dnr);
	else
		dev_err_ratelimited(dev, "%s(0x%x), %s (sct 0x%x / sc 0x%x)%s%s\n", op, error->opcode, text, sct, sc,
				    more, dnr);
}

/**
 * onvme_observe_user_error() - say that a command of a user failed
 * @dev: the controller
 * @name: of the block device, or of the controller
 * @admin: an admin command
 * @sqe: the command
 * @status: Status Field without Phase Tag
 *
 * Any context; rate-limited.
 */
void onvme_observe_user_error(struct device *dev, const char *name, bool admin, const struct onvme_sqe *sqe,
			      u16 status)
{
	u8 sct = FIELD_GET(ONVME_SF_SCT, status), sc = FIELD_GET(ONVME_SF_SC, status);

	dev_err_ratelimited(dev,
			    "%s: %s(0x%x), %s (sct 0x%x / sc 0x%x) %s%scdw10=0x%x cdw11=0x%x cdw12=0x%x cdw13=0x%x cdw14=0x%x cdw15=0x%x\n",
			    name, onvme_opcode_text(admin, sqe->opcode), sqe->opcode, onvme_status_text(status), sct,
			    sc, status & ONVME_SF_MORE ? "MORE " : "", status & ONVME_SF_DNR ? "DNR " : "",
			    le32_to_cpu(sqe->cdw10), le32_to_cpu(sqe->cdw11), le32_to_cpu(sqe->cdw12),
			    le32_to_cpu(sqe->cdw13), le32_to_cpu(sqe->cdw14), le32_to_cpu(sqe->cdw15));
}

/**
 * onvme_observe_bogus() - count a completion that names no command in flight, and say so
 * @dev: the controller
 * @counters: its counters
 * @qid: the queue it came on
 * @cid: the command identifier that it names
 *
 * Any context; rate-limited.
 */
void onvme_observe_bogus(struct device *dev, struct onvme_counters *counters, u16 qid, u16 cid)
{
	atomic_inc(&counters->bogus);
	dev_warn_ratelimited(dev, "invalid id %u completed on queue %u: dropped\n", cid, qid);
}

/**
 * onvme_observe_finding() - count values that cannot be true, and name the first
 * @dev: the controller
 * @counters: its counters
 * @finding: what was met; nothing happens when there is none
 * @where: the data structure
 *
 * Any context; rate-limited.
 */
void onvme_observe_finding(struct device *dev, struct onvme_counters *counters, const struct onvme_finding *finding,
			   const char *where)
{
	if (!finding->count)
		return;
	atomic_add(finding->count, &counters->findings);
	dev_warn_ratelimited(dev, "%s: %s cannot be %llu (%u such values)\n", where, finding->what, finding->value,
			     finding->count);
}
