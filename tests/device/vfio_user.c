// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/vfio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "device.h"
#include "vfio_user.h"

#define MSG_MAX		(2u << 20)	/* the largest transfer and its header */
#define MSG_MAX_FDS	8u	/* QEMU refuses more than 16 */

enum {
	MSG_VERSION		= 1,
	MSG_DMA_MAP		= 2,
	MSG_DMA_UNMAP		= 3,
	MSG_GET_INFO		= 4,
	MSG_GET_REGION_INFO	= 5,
	MSG_GET_IRQ_INFO	= 7,
	MSG_SET_IRQS		= 8,
	MSG_REGION_READ		= 9,
	MSG_REGION_WRITE	= 10,
	MSG_RESET		= 13,	/* as QEMU numbers it; the document says 14 */
	NR_MSGS,
};

#define MSG_REPLY	BIT(0)
#define MSG_NO_REPLY	BIT(4)
#define MSG_ERROR	BIT(5)

struct msg_head {
	u16	id;
	u16	command;
	u32	size;
	u32	flags;
	u32	error;
};

static_assert(sizeof(struct msg_head) == 16);

struct msg_map {
	u32	argsz;
	u32	flags;
	u64	offset;
	u64	addr;
	u64	size;
};

static_assert(sizeof(struct msg_map) == 32);

#define MAP_READ	BIT(0)
#define MAP_WRITE	BIT(1)
#define UNMAP_ALL	BIT(1)

struct msg_region {
	u64	offset;
	u32	region;
	u32	count;
};

static_assert(sizeof(struct msg_region) == 16);

/* A message while it is handled; @body is @len bytes behind the header, and what is left there is the reply's. */
struct msg {
	struct msg_head	head;
	u8		*body;
	u32		len;
	int		fds[MSG_MAX_FDS];
	u32		nr_fds;
};

static u8 msg_buffer[MSG_MAX];

/* Descriptors that a handler takes are not closed with the message. */
static int msg_take_fd(struct msg *msg, u32 i)
{
	int fd = i < msg->nr_fds ? msg->fds[i] : -1;

	if (fd >= 0)
		msg->fds[i] = -1;
	return fd;
}

static int msg_version(struct device *dev, struct msg *msg)
{
	static const char caps[] = "{\"capabilities\":{\"max_msg_fds\":8,\"max_data_xfer_size\":1048576}}";

	(void)dev;
	if (msg->len < 4 || get_le(msg->body, 2) != 0)
		return -EINVAL;
	put_le(msg->body + 2, 0, 2);
	memcpy(msg->body + 4, caps, sizeof(caps));
	msg->len = 4 + sizeof(caps);
	return 0;
}

static int msg_dma_map(struct device *dev, struct msg *msg)
{
	struct msg_map map;
	int fd, err;

	if (msg->len < sizeof(map))
		return -EINVAL;
	memcpy(&map, msg->body, sizeof(map));
	fd = msg_take_fd(msg, 0);
	err = dma_map(&dev->dma, map.addr, map.size, fd, map.offset, map.flags & MAP_WRITE);
	if (fd >= 0)
		close(fd);		/* the mapping stays */
	msg->len = 0;
	return err;
}

static int msg_dma_unmap(struct device *dev, struct msg *msg)
{
	/* The structure is 24 bytes: argsz, flags, address, size; its reply repeats it. */
	if (msg->len < 24)
		return -EINVAL;
	if (get_le(msg->body + 4, 4) & UNMAP_ALL)
		dma_unmap_all(&dev->dma);
	else
		dma_unmap(&dev->dma, get_le(msg->body + 8, 8), get_le(msg->body + 16, 8));
	msg->len = 24;
	return 0;
}

static int msg_get_info(struct device *dev, struct msg *msg)
{
	(void)dev;
	if (msg->len < 16)
		return -EINVAL;
	put_le(msg->body, 16, 4);
	put_le(msg->body + 4, VFIO_DEVICE_FLAGS_RESET | VFIO_DEVICE_FLAGS_PCI, 4);
	put_le(msg->body + 8, VFIO_PCI_NUM_REGIONS, 4);
	put_le(msg->body + 12, VFIO_PCI_NUM_IRQS, 4);
	msg->len = 16;
	return 0;
}

static u64 msg_region_size(const struct device *dev, u32 index)
{
	switch (index) {
	case VFIO_PCI_BAR0_REGION_INDEX:
		return REGS_BAR_SIZE;
	case VFIO_PCI_BAR4_REGION_INDEX:
		return dev->pci.offers == IRQ_MSIX ? 0x2000 : 0;
	case VFIO_PCI_CONFIG_REGION_INDEX:
		return PCI_SIZE;
	default:
		return 0;
	}
}

static int msg_get_region_info(struct device *dev, struct msg *msg)
{
	struct vfio_region_info info = { .argsz = sizeof(info) };

	if (msg->len < sizeof(info))
		return -EINVAL;
	info.index = (u32)get_le(msg->body + offsetof(struct vfio_region_info, index), 4);
	if (info.index >= VFIO_PCI_NUM_REGIONS)
		return -EINVAL;
	info.size = msg_region_size(dev, info.index);
	info.flags = info.size ? VFIO_REGION_INFO_FLAG_READ | VFIO_REGION_INFO_FLAG_WRITE : 0;
	memcpy(msg->body, &info, sizeof(info));
	msg->len = sizeof(info);
	return 0;
}

static int msg_get_irq_info(struct device *dev, struct msg *msg)
{
	struct vfio_irq_info info = { .argsz = sizeof(info), .flags = VFIO_IRQ_INFO_EVENTFD };

	if (msg->len < sizeof(info))
		return -EINVAL;
	info.index = (u32)get_le(msg->body + offsetof(struct vfio_irq_info, index), 4);
	if (info.index >= NR_IRQ_KINDS)
		return -EINVAL;
	if (info.index == IRQ_INTX)
		info.flags |= VFIO_IRQ_INFO_MASKABLE | VFIO_IRQ_INFO_AUTOMASKED;
	info.count = irq_count(dev, info.index);
	memcpy(msg->body, &info, sizeof(info));
	msg->len = sizeof(info);
	return 0;
}

static void msg_irq_fds(struct device *dev, struct msg *msg, const struct vfio_irq_set *set)
{
	u32 i;

	for (i = 0; i < set->count; i++)
		irq_set_fd(&dev->irq, set->index, set->start + i, msg_take_fd(msg, i));
	if (set->index == IRQ_INTX)
		irq_unmask(dev);
}

static int msg_set_irqs(struct device *dev, struct msg *msg)
{
	struct vfio_irq_set set;

	if (msg->len < sizeof(set))
		return -EINVAL;
	memcpy(&set, msg->body, sizeof(set));
	msg->len = 0;
	if (set.index >= NR_IRQ_KINDS)
		return set.count ? -EINVAL : 0;
	if (set.count > irq_count(dev, set.index) || set.start > irq_count(dev, set.index) - set.count)
		return -EINVAL;
	if (set.flags & VFIO_IRQ_SET_ACTION_TRIGGER) {
		if (set.flags & VFIO_IRQ_SET_DATA_EVENTFD)
			msg_irq_fds(dev, msg, &set);
		else if (set.flags & VFIO_IRQ_SET_DATA_NONE && !set.count)
			irq_clear(&dev->irq, set.index);
	} else if (set.index == IRQ_INTX && set.flags & VFIO_IRQ_SET_ACTION_UNMASK) {
		irq_unmask(dev);
	} else if (set.index == IRQ_INTX && set.flags & VFIO_IRQ_SET_ACTION_MASK) {
		dev->irq.masked = true;
	}
	return 0;
}

static int msg_region_read(struct device *dev, struct msg *msg)
{
	struct msg_region at;
	u8 *data = msg->body + sizeof(at);

	if (msg->len < sizeof(at))
		return -EINVAL;
	memcpy(&at, msg->body, sizeof(at));
	if (at.region >= VFIO_PCI_NUM_REGIONS || at.offset > msg_region_size(dev, at.region) ||
	    at.count > msg_region_size(dev, at.region) - at.offset)
		return -EINVAL;
	if (at.region == VFIO_PCI_CONFIG_REGION_INDEX)
		pci_read(dev, (u32)at.offset, data, at.count);
	else if (at.region == VFIO_PCI_BAR0_REGION_INDEX)
		regs_read(dev, (u32)at.offset, data, at.count);
	else
		memset(data, 0, at.count);
	msg->len = (u32)sizeof(at) + at.count;
	return 0;
}

static int msg_region_write(struct device *dev, struct msg *msg)
{
	struct msg_region at;
	const u8 *data = msg->body + sizeof(at);

	if (msg->len < sizeof(at))
		return -EINVAL;
	memcpy(&at, msg->body, sizeof(at));
	if (at.count > msg->len - sizeof(at) || at.region >= VFIO_PCI_NUM_REGIONS ||
	    at.offset > msg_region_size(dev, at.region) || at.count > msg_region_size(dev, at.region) - at.offset)
		return -EINVAL;
	if (at.region == VFIO_PCI_CONFIG_REGION_INDEX)
		pci_write(dev, (u32)at.offset, data, at.count);
	else if (at.region == VFIO_PCI_BAR0_REGION_INDEX)
		regs_write(dev, (u32)at.offset, data, at.count);
	put_le(msg->body + offsetof(struct msg_region, count), 0, 4);
	msg->len = sizeof(at);
	return 0;
}

static int msg_reset(struct device *dev, struct msg *msg)
{
	say("RESET by QEMU");
	pci_reset(&dev->pci);
	regs_function_reset(dev, RESET_BUS);
	msg->len = 0;
	return 0;
}

static int (* const handlers[NR_MSGS])(struct device *dev, struct msg *msg) = {
	[MSG_VERSION]		= msg_version,
	[MSG_DMA_MAP]		= msg_dma_map,
	[MSG_DMA_UNMAP]		= msg_dma_unmap,
	[MSG_GET_INFO]		= msg_get_info,
	[MSG_GET_REGION_INFO]	= msg_get_region_info,
	[MSG_GET_IRQ_INFO]	= msg_get_irq_info,
	[MSG_SET_IRQS]		= msg_set_irqs,
	[MSG_REGION_READ]	= msg_region_read,
	[MSG_REGION_WRITE]	= msg_region_write,
	[MSG_RESET]		= msg_reset,
};

static bool msg_read_all(int fd, void *to, size_t len)
{
	u8 *bytes = to;
	ssize_t n;

	while (len) {
		n = read(fd, bytes, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		len -= (size_t)n;
	}
	return true;
}

/* Descriptors come along with the first bytes. */
static bool msg_receive(int fd, struct msg *msg)
{
	union {
		char		bytes[CMSG_SPACE(sizeof(int) * MSG_MAX_FDS)];
		struct cmsghdr	align;
	} control;
	struct iovec iov = { .iov_base = &msg->head, .iov_len = sizeof(msg->head) };
	struct msghdr hdr = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c;
	ssize_t n;

	do {
		n = recvmsg(fd, &hdr, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n <= 0)
		return false;
	for (c = CMSG_FIRSTHDR(&hdr); c; c = CMSG_NXTHDR(&hdr, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		msg->nr_fds = (u32)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(msg->fds, CMSG_DATA(c), msg->nr_fds * sizeof(int));
	}
	if (!msg_read_all(fd, (u8 *)&msg->head + n, sizeof(msg->head) - (size_t)n))
		return false;
	if (msg->head.size < sizeof(msg->head) || msg->head.size > MSG_MAX)
		fatal("a message of %u bytes", msg->head.size);
	msg->len = msg->head.size - (u32)sizeof(msg->head);
	msg->body = msg_buffer + sizeof(msg->head);
	return msg_read_all(fd, msg->body, msg->len);
}

static bool msg_reply(int fd, struct msg *msg, int err)
{
	const u8 *bytes = msg_buffer;
	size_t left;
	ssize_t n;

	if (msg->head.flags & MSG_NO_REPLY)
		return true;
	msg->head.flags = MSG_REPLY | (err ? (u32)MSG_ERROR : 0);
	msg->head.error = (u32)-err;
	msg->head.size = (u32)sizeof(msg->head) + (err ? 0 : msg->len);
	memcpy(msg_buffer, &msg->head, sizeof(msg->head));
	for (left = msg->head.size; left; left -= (size_t)n, bytes += n) {
		n = send(fd, bytes, left, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			return false;
		n = max_of(n, 0);
	}
	return true;
}

bool vfio_user_serve(struct device *dev, int fd)
{
	struct msg msg = {};
	int err = -ENOTSUP;
	u32 i;

	if (!msg_receive(fd, &msg))
		return false;
	if (msg.head.command < NR_MSGS && handlers[msg.head.command])
		err = handlers[msg.head.command](dev, &msg);
	else
		say("message %u is not known", msg.head.command);
	for (i = 0; i < msg.nr_fds; i++)
		if (msg.fds[i] >= 0)
			close(msg.fds[i]);
	return msg_reply(fd, &msg, err);
}

int vfio_user_listen(const char *path)
{
	struct sockaddr_un addr = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (strlen(path) >= sizeof(addr.sun_path))
		fatal("%s: the name of a socket has at most %zu characters", path, sizeof(addr.sun_path) - 1);
	memcpy(addr.sun_path, path, strlen(path) + 1);
	unlink(path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&addr, sizeof(addr)) || listen(fd, 1))
		fatal("cannot listen at %s: %s", path, strerror(errno));
	return fd;
}
