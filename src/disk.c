// SPDX-License-Identifier: GPL-2.0
#include <linux/blk-mq.h>
#include <linux/compat.h>
#include <linux/hdreg.h>
#include <linux/module.h>
#include <linux/slab.h>

#include "ctrl.h"
#include "fault.h"
#include "compat/integrity.h"
#include "compat/zones.h"
#include "disk.h"
#include "ioctl.h"
#include "p2p.h"
#include "pr.h"
#include "zns.h"

/**
 * onvme_disk_geom() - what the namespace of a disk is
 * @disk: the disk
 * @geom: gets a copy
 *
 * Any context that may take the RCU read lock.
 */
void onvme_disk_geom(struct onvme_disk *disk, struct onvme_ns_geom *geom)
{
	rcu_read_lock();
	*geom = *rcu_dereference(disk->geom);
	rcu_read_unlock();
}

static int onvme_disk_ioctl(struct block_device *bdev, blk_mode_t mode, unsigned int cmd, unsigned long arg)
{
	struct onvme_disk *disk = onvme_disk_of(bdev->bd_disk);
	struct onvme_ns_geom geom;
	struct onvme_node node = {
		.ctrl		= disk->ctrl,
		.ns		= &geom,
		.disk_q		= disk->gd->queue,
		.era		= onvme_passthru_era(disk->ctrl),
		.writable	= mode & BLK_OPEN_WRITE,
		.partition	= bdev_is_partition(bdev),
	};

	if (!disk_live(disk->gd))
		return -ENODEV;		/* its id may stand for another namespace by now */
	onvme_disk_geom(disk, &geom);
	return onvme_ioctl(&node, cmd, (void __user *)arg);
}

/* A geometry for the tools of old; nothing in the device corresponds to it. */
static int onvme_disk_getgeo(onvme_geo_dev *dev, struct hd_geometry *geo)
{
	geo->heads = 64;
	geo->sectors = 32;
	geo->cylinders = get_capacity(onvme_geo_disk(dev)) >> 11;
	return 0;
}

static int onvme_disk_report_zones(struct gendisk *gd, sector_t sector, unsigned int nr, ONVME_REPORT_ZONES_ARGS)
{
	struct onvme_disk *disk = onvme_disk_of(gd);
	const struct onvme_zone_ear ear = ONVME_ZONE_EAR;
	struct onvme_ns_geom geom;

	if (READ_ONCE(disk->hot.block_mask) == ONVME_BLK_NO_MASK)
		return -ENODEV;		/* its id may stand for another namespace by now */
	onvme_disk_geom(disk, &geom);
	if (!geom.zones.sectors)
		return -EINVAL;
	return onvme_zns_report(disk->ctrl, &geom, gd, sector, nr, READ_ONCE(disk->scanner) == current, &ear);
}

static void onvme_disk_release(struct gendisk *gd)
{
	struct onvme_disk *disk = onvme_disk_of(gd);
	struct onvme_ctrl *ctrl = disk->ctrl;

	kfree(rcu_dereference_protected(disk->geom, true));
	kfree(disk);
	put_device(&ctrl->dev);
}

static const struct block_device_operations onvme_disk_fops = {
	.owner		= THIS_MODULE,
	.ioctl		= onvme_disk_ioctl,
	.compat_ioctl	= blkdev_compat_ptr_ioctl,
	.getgeo		= onvme_disk_getgeo,
	.report_zones	= onvme_disk_report_zones,
	.pr_ops		= ONVME_PR_OPS,
	.free_disk	= onvme_disk_release,
};

static void onvme_disk_limits(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, struct queue_limits *lim)
{
	struct onvme_integrity integrity;
	unsigned int ranges;
	u32 max_bytes;

	rcu_read_lock();
	max_bytes = rcu_dereference(ctrl->caps)->max_bytes;
	ranges = rcu_dereference(ctrl->caps)->dsm_ranges;
	rcu_read_unlock();
	onvme_map_limits(&ctrl->hw.pdev->dev, max_bytes, onvme_blk_sgl(ctrl), lim);
	lim->logical_block_size = 1u << geom->lba_shift;
	lim->physical_block_size = geom->phys_bytes;
	lim->io_min = geom->io_min_bytes;
	lim->io_opt = geom->io_opt_bytes;
	onvme_compat_atomic_writes(lim, geom->atomic_bytes, geom->atomic_bytes ? lim->logical_block_size : 0,
				   geom->atomic_unit_bytes, geom->atomic_boundary_bytes);
	onvme_compat_write_streams(lim, geom->place.nr, geom->place.unit_bytes);
	lim->chunk_sectors = geom->chunk_sectors;
	if (geom->zones.sectors)
		onvme_compat_set_zones(lim, geom->zones.max_open, geom->zones.max_active, geom->zones.append_sectors);
	lim->max_hw_discard_sectors = geom->max_discard_sectors;
	lim->max_discard_segments = geom->can_discard ? ranges : 1;
	lim->discard_granularity = geom->can_discard ? geom->discard_gran_bytes : 0;
	lim->max_write_zeroes_sectors = geom->max_wz_sectors;
	onvme_pi_integrity(&geom->pi, geom->ms, &integrity);
	onvme_compat_set_integrity(lim, &integrity);
	if (onvme_p2p_wanted(&ctrl->hw.pdev->dev))
		lim->features |= BLK_FEAT_PCI_P2PDMA;
	if (geom->vwc)
		lim->features |= BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA;
	else
		lim->features &= ~(BLK_FEAT_WRITE_CACHE | BLK_FEAT_FUA);
}

static void onvme_disk_set_hot(struct onvme_disk *disk, const struct onvme_ns_geom *geom)
{
	u32 mask = geom->fit == ONVME_FIT_OK ? (1u << geom->lba_shift) - 1 : ONVME_BLK_NO_MASK;

	disk->hot.nsid = geom->nsid;
	disk->hot.lba_shift = geom->fit == ONVME_FIT_OK ? geom->lba_shift : SECTOR_SHIFT;
	onvme_pi_io(&geom->pi, geom->ms, &disk->hot.meta);
	WRITE_ONCE(disk->hot.block_mask, mask);
	disk->hot.place = geom->place;
	disk->hot.apart = disk->ctrl->hw.wrr || onvme_p2p_wanted(&disk->ctrl->hw.pdev->dev);
	if (disk->hot.meta.ms || disk->hot.apart)
		mask = ONVME_BLK_NO_MASK;
	WRITE_ONCE(disk->hot.lba_mask, mask);
	WRITE_ONCE(disk->hot.write_mask, geom->place.nr ? ONVME_BLK_NO_MASK : mask);
	disk->hot.wz_control = geom->wz_deac ? ONVME_RW_DEAC : 0;
	rcu_read_lock();
	disk->hot.dsm_ranges = rcu_dereference(disk->ctrl->caps)->dsm_ranges;
	rcu_read_unlock();
}

/**
 * onvme_disk_alloc() - make the block device of a namespace
 * @ctrl: the controller; registered, with I/O queues
 * @geom: the namespace; the block layer can drive it
 * @instance: number behind the "n" of its name
 *
 * onvme_disk_publish() or onvme_disk_free() has to follow. Process context.
 *
 * Return: the disk or an error pointer.
 */
struct onvme_disk *onvme_disk_alloc(struct onvme_ctrl *ctrl, const struct onvme_ns_geom *geom, int instance)
{
	struct onvme_disk *disk = ONVME_ALLOC(kzalloc_node(sizeof(*disk), GFP_KERNEL, dev_to_node(ctrl->dev.parent)));
	struct onvme_ns_geom *copy = ONVME_ALLOC(kmemdup(geom, sizeof(*geom), GFP_KERNEL));
	struct queue_limits lim = {};
	struct gendisk *gd;

	if (!disk || !copy) {
		gd = ERR_PTR(-ENOMEM);
		goto out_free;
	}
	rcu_assign_pointer(disk->geom, copy);
	disk->ctrl = ctrl;
	onvme_disk_set_hot(disk, geom);
	onvme_disk_limits(ctrl, geom, &lim);
	gd = ONVME_ALLOC_ERR_PTR(blk_mq_alloc_disk(&ctrl->blk.io_set, &lim, &disk->hot));
	if (IS_ERR(gd))
		goto out_free;
	disk->gd = gd;
	gd->fops = &onvme_disk_fops;
	gd->private_data = disk;
	snprintf(gd->disk_name, sizeof(gd->disk_name), "nvme%dn%d", ctrl->instance, instance);
	set_capacity(gd, geom->sectors);
	set_disk_ro(gd, geom->readonly);
	get_device(&ctrl->dev);
	return disk;

out_free:
	kfree(copy);
	kfree(disk);
	return ERR_CAST(gd);
}

/**
 * onvme_disk_look_at_zones() - have the block layer look at the zones of a disk
 * @disk: the disk; nothing happens where it has none. In a scan
 *
 * While I/O is held back zones cannot be asked for: whoever lets it in again has the namespaces looked at once more.
 * Nothing happens where they are known and nothing has changed: when it cannot read them, the block layer frees what it
 * keeps of zones that are being written. Process context; reads all zones.
 *
 * Return: 0; -EAGAIN: not now; another negative errno.
 */
int onvme_disk_look_at_zones(struct onvme_disk *disk)
{
	int err;

	if (!rcu_dereference_protected(disk->geom, true)->zones.sectors)
		return 0;
	set_bit(ONVME_CTRL_HAS_ZONES, &disk->ctrl->flags);
	smp_mb__after_atomic();	/* who thaws queues looks at the flag afterwards: one of the two sees the other */
	if (disk->zones_known)
		return 0;
	if (READ_ONCE(disk->ctrl->nss.frozen))
		return -EAGAIN;
	WRITE_ONCE(disk->scanner, current);
	err = onvme_compat_revalidate_zones(disk->gd);
	WRITE_ONCE(disk->scanner, NULL);
	disk->zones_known = !err;
	return err;
}

/**
 * onvme_disk_publish() - let the world see a block device
 * @disk: from onvme_disk_alloc()
 *
 * Process context; reads the partition table.
 *
 * Return: 0; a negative errno: onvme_disk_free() has to follow.
 */
int onvme_disk_publish(struct onvme_disk *disk)
{
	return ONVME_ALLOC_ERRNO(device_add_disk(&disk->ctrl->dev, disk->gd, disk->ctrl->ns_groups));
}

/**
 * onvme_disk_free() - undo onvme_disk_alloc()
 * @disk: a disk that was not published
 */
void onvme_disk_free(struct onvme_disk *disk)
{
	struct onvme_ctrl *ctrl = disk->ctrl;

	put_disk(disk->gd);
	kfree(rcu_dereference_protected(disk->geom, true));
	kfree(disk);
	put_device(&ctrl->dev);
}

struct onvme_disk_change {
	struct onvme_disk		*disk;
	const struct onvme_ns_geom	*geom;
};

static void onvme_disk_change_limits(struct queue_limits *lim, void *data)
{
	struct onvme_disk_change *change = data;

	onvme_disk_limits(change->disk->ctrl, change->geom, lim);
}

static void onvme_disk_change_hot(void *data)
{
	struct onvme_disk_change *change = data;

	onvme_disk_set_hot(change->disk, change->geom);
	set_capacity_and_notify(change->disk->gd, change->geom->sectors);
}

/**
 * onvme_disk_update() - carry a change of the namespace over to its block device
 * @disk: the disk
 * @geom: what the namespace is now; without capacity where the block layer cannot drive it
 *
 * Where more has changed than how much of it is in use, waits until commands in flight have completed. Process
 * context.
 *
 * Return: 0 or a negative errno; the disk is then as it was.
 */
int onvme_disk_update(struct onvme_disk *disk, const struct onvme_ns_geom *geom)
{
	struct onvme_disk_change change = { .disk = disk, .geom = geom };
	struct onvme_ns_geom *copy = ONVME_ALLOC(kmemdup(geom, sizeof(*geom), GFP_KERNEL)), *old;
	struct queue_limits lim = {};
	int err = 0;

	if (!copy)
		return -ENOMEM;
	old = rcu_dereference_protected(disk->geom, true);
	copy->nuse = old->nuse;
	onvme_disk_limits(disk->ctrl, geom, &lim);
	if (memcmp(old, copy, sizeof(*copy)) || lim.max_hw_sectors != queue_max_hw_sectors(disk->gd->queue) ||
	    lim.virt_boundary_mask != queue_virt_boundary(disk->gd->queue) ||
	    (geom->fit == ONVME_FIT_OK && disk->hot.block_mask == ONVME_BLK_NO_MASK))
		err = ONVME_ALLOC_ERRNO(onvme_compat_update_limits(disk->gd->queue, onvme_disk_change_limits,
								   onvme_disk_change_hot, &change));
	if (err) {
		kfree(copy);
		return err;
	}
	if (!onvme_ident_same_blocks(old, geom) || old->sectors != geom->sectors ||
	    memcmp(&old->zones, &geom->zones, sizeof(geom->zones)))
		disk->zones_known = false;
	copy->nuse = geom->nuse;
	rcu_assign_pointer(disk->geom, copy);
	synchronize_rcu();
	kfree(old);
	if (geom->readonly != get_disk_ro(disk->gd))
		set_disk_ro(disk->gd, geom->readonly);
	return 0;
}

/**
 * onvme_disk_mark_dead() - make I/O to a disk fail at once
 * @disk: the disk; its controller is beyond help
 */
void onvme_disk_mark_dead(struct onvme_disk *disk)
{
	disk->dead = true;
	blk_mark_disk_dead(disk->gd);
	set_capacity_and_notify(disk->gd, 0);
}

/**
 * onvme_disk_forbid() - let no more commands to the controller: the namespace is not what the disk was made for
 * @disk: the disk; it is about to be removed, or looked at anew. Caller holds ns.scan_lock
 */
void onvme_disk_forbid(struct onvme_disk *disk)
{
	WRITE_ONCE(disk->hot.block_mask, ONVME_BLK_NO_MASK);
	WRITE_ONCE(disk->hot.lba_mask, ONVME_BLK_NO_MASK);
	WRITE_ONCE(disk->hot.write_mask, ONVME_BLK_NO_MASK);
	disk->zones_known = false;
}

/**
 * onvme_disk_remove() - take a block device away
 * @disk: the disk; freed by itself when the last file that has it open is closed
 *
 * Process context; waits for I/O, which the caller has seen to it can end.
 */
void onvme_disk_remove(struct onvme_disk *disk)
{
	del_gendisk(disk->gd);
	put_disk(disk->gd);
}
