// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"

#define TOP_FILE_ENTRIES	65536	/* of a folder, that are looked at */

/**
 * top_file_at() - what is in an open file, from a place on
 * @fd: the file
 * @offset: the place
 * @bytes: gets it
 * @size: room there; what is beyond is not read
 *
 * Return: how many bytes; -1 with errno.
 */
ssize_t top_file_at(int fd, size_t offset, void *bytes, size_t size)
{
	size_t got = 0;
	ssize_t n;

	do {
		n = pread(fd, (char *)bytes + got, size - got, (off_t)(offset + got));
		if (n > 0)
			got += (size_t)n;
	} while ((n > 0 && got < size) || (n < 0 && errno == EINTR));
	return n < 0 ? -1 : (ssize_t)got;
}

/* A file of text may be a pipe, in which there are no places. */
static ssize_t top_file_bytes(int dir, const char *path, char *bytes, size_t size)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t got = 0;
	ssize_t n;

	if (fd < 0)
		return -1;
	do {
		n = read(fd, bytes + got, size - got);
		if (n > 0)
			got += (size_t)n;
	} while ((n > 0 && got < size) || (n < 0 && errno == EINTR));
	close(fd);
	return n < 0 ? -1 : (ssize_t)got;
}

/**
 * top_file_text() - a line of text
 * @dir: folder that @path starts from
 * @path: the file
 * @text: gets it, without blanks at its end; what is not printable becomes a question mark
 * @size: room there
 *
 * Return: whether it could be read.
 */
bool top_file_text(int dir, const char *path, char *text, size_t size)
{
	ssize_t i, n = top_file_bytes(dir, path, text, size - 1);

	text[n < 0 ? 0 : n] = '\0';
	if (n < 0)
		return false;
	while (n > 0 && isspace((unsigned char)text[n - 1]))
		text[--n] = '\0';
	for (i = 0; i < n; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			text[i] = '?';
	return true;
}

/**
 * top_file_numbers() - decimal numbers with blanks between them
 * @text: ends at the first thing that is no number
 * @values: gets them
 * @most: room there
 *
 * Return: how many.
 */
unsigned int top_file_numbers(const char *text, unsigned long long *values, unsigned int most)
{
	unsigned int n;
	char *end;

	for (n = 0; n < most; n++) {
		while (isspace((unsigned char)*text))
			text++;
		if (!isdigit((unsigned char)*text))
			break;
		errno = 0;
		values[n] = strtoull(text, &end, 10);
		if (errno)
			break;
		text = end;
	}
	return n;
}

/**
 * top_file_number() - a file with one number
 * @dir: folder that @path starts from
 * @path: the file
 * @value: gets it
 *
 * Return: whether there is one.
 */
bool top_file_number(int dir, const char *path, unsigned long long *value)
{
	char text[TOP_LINE];

	return top_file_text(dir, path, text, sizeof(text)) && top_file_numbers(text, value, 1) == 1;
}

/**
 * top_file_dir() - a folder, for the functions here
 * @dir: folder that @path starts from
 * @path: the folder
 *
 * Return: a descriptor to close(); -1 with errno.
 */
int top_file_dir(int dir, const char *path)
{
	return openat(dir, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Numbers in names count as numbers: nvme2 comes before nvme10. */
static int top_file_order(const void *a, const void *b)
{
	return strverscmp(a, b);
}

/**
 * top_file_names() - entries of a folder, in order
 * @dir: folder that @path starts from
 * @path: the folder
 * @wanted: which names are meant
 * @names: gets them
 * @most: room there; which of more are left out is not said
 *
 * Return: how many; 0 also where there is no such folder.
 */
unsigned int top_file_names(int dir, const char *path, top_file_filter wanted, top_file_name *names,
			    unsigned int most)
{
	unsigned int n = 0, seen;
	struct dirent *entry;
	DIR *folder;
	int fd;

	fd = top_file_dir(dir, path);
	folder = fd < 0 ? NULL : fdopendir(fd);
	if (!folder) {
		if (fd >= 0)
			close(fd);
		return 0;
	}
	for (seen = 0; seen < TOP_FILE_ENTRIES && n < most; seen++) {
		entry = readdir(folder);
		if (!entry)
			break;
		if (strlen(entry->d_name) < TOP_NAME && wanted(entry->d_name))
			strcpy(names[n++], entry->d_name);
	}
	closedir(folder);
	qsort(names, n, sizeof(*names), top_file_order);
	return n;
}

/* Letters, then digits; where it went on, or NULL. */
static const char *top_file_word(const char *name, const char *letters)
{
	size_t len = strlen(letters);

	if (strncmp(name, letters, len) || !isdigit((unsigned char)name[len]))
		return NULL;
	name += len;
	while (isdigit((unsigned char)*name))
		name++;
	return name;
}

/**
 * top_file_is_ctrl() - whether that is the name of a controller
 * @name: as in nvme0
 *
 * Return: whether it is.
 */
bool top_file_is_ctrl(const char *name)
{
	const char *rest = top_file_word(name, "nvme");

	return rest && !*rest;
}

/**
 * top_file_is_ns() - whether that is the name of a namespace
 * @name: as in nvme0n1, or nvme0c1n1, which is one way to it of several
 *
 * Return: whether it is.
 */
bool top_file_is_ns(const char *name)
{
	const char *rest = top_file_word(name, "nvme");
	const char *path = rest ? top_file_word(rest, "c") : NULL;

	rest = rest ? top_file_word(path ? path : rest, "n") : NULL;
	return rest && !*rest;
}
