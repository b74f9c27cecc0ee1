/* SPDX-License-Identifier: GPL-2.0 */
/*
 * file.h - small files and folders of sysfs, read with bounds. What is not there, or cannot be read, is no error here.
 */
#ifndef TOP_FILE_H
#define TOP_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "sample.h"

#define TOP_LINE	256

typedef bool (*top_file_filter)(const char *name);
typedef char top_file_name[TOP_NAME];

bool top_file_text(int dir, const char *path, char *text, size_t size);
bool top_file_number(int dir, const char *path, unsigned long long *value);
ssize_t top_file_at(int fd, size_t offset, void *bytes, size_t size);
unsigned int top_file_names(int dir, const char *path, top_file_filter wanted, top_file_name *names,
			    unsigned int most);
int top_file_dir(int dir, const char *path);
unsigned int top_file_numbers(const char *text, unsigned long long *values, unsigned int most);
bool top_file_is_ctrl(const char *name);
bool top_file_is_ns(const char *name);

#endif /* TOP_FILE_H */
