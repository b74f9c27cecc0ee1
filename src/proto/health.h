/* SPDX-License-Identifier: GPL-2.0 */
/*
 * health.h - the SMART / Health Information log page: where each value stands, and what it is in decimal.
 *
 * Pure functions of the page, which is the device's own and need not make sense: every byte of it is a number, and no
 * number is believed for anything but to be told to users.
 */
#ifndef ONVME_PROTO_HEALTH_H
#define ONVME_PROTO_HEALTH_H

#include <onvme/spec.h>

#define ONVME_HEALTH_SENSORS	8
#define ONVME_HEALTH_DIGITS	40		/* of 2 ^ 128 - 1, and the zero at the end */

/* Values of the page, in its order; the names are those of "nvme smart-log -o json" */
enum onvme_health_value {
	ONVME_HEALTH_WARNING,			/* critical_warning */
	ONVME_HEALTH_TEMPERATURE,		/* temperature, in kelvins like the other temperatures */
	ONVME_HEALTH_SPARE,			/* avail_spare, percent */
	ONVME_HEALTH_SPARE_THRESHOLD,		/* spare_thresh, percent */
	ONVME_HEALTH_USED,			/* percent_used */
	ONVME_HEALTH_GROUP_WARNING,		/* endurance_grp_critical_warning_summary */
	ONVME_HEALTH_READ_UNITS,		/* data_units_read, of 512,000 bytes */
	ONVME_HEALTH_WRITTEN_UNITS,		/* data_units_written */
	ONVME_HEALTH_READS,			/* host_read_commands */
	ONVME_HEALTH_WRITES,			/* host_write_commands */
	ONVME_HEALTH_BUSY,			/* controller_busy_time, minutes */
	ONVME_HEALTH_CYCLES,			/* power_cycles */
	ONVME_HEALTH_HOURS,			/* power_on_hours */
	ONVME_HEALTH_UNSAFE,			/* unsafe_shutdowns */
	ONVME_HEALTH_MEDIA_ERRORS,		/* media_errors */
	ONVME_HEALTH_ERRORS,			/* num_err_log_entries */
	ONVME_HEALTH_WARM,			/* warning_temp_time, minutes */
	ONVME_HEALTH_HOT,			/* critical_comp_time, minutes */
	ONVME_HEALTH_SENSOR,			/* temperature_sensor_1, and so on */
	ONVME_HEALTH_THROTTLED1 = ONVME_HEALTH_SENSOR + ONVME_HEALTH_SENSORS,	/* thm_temp1_trans_count */
	ONVME_HEALTH_THROTTLED2,		/* thm_temp2_trans_count */
	ONVME_HEALTH_THROTTLED1_TIME,		/* thm_temp1_total_time, seconds */
	ONVME_HEALTH_THROTTLED2_TIME,		/* thm_temp2_total_time */
	ONVME_NR_HEALTH_VALUES
};

void onvme_health_text(const u8 *page, enum onvme_health_value which, char *text);
u32 onvme_health_number(const u8 *page, enum onvme_health_value which);
long onvme_health_millidegrees(u32 kelvins);
u32 onvme_health_kelvins(long millidegrees);

#endif /* ONVME_PROTO_HEALTH_H */
