// SPDX-License-Identifier: GPL-2.0
/*
 * mark - execute the instruction that the plugin count.so waits for.
 *
 *   mark start|stop
 */
#include <string.h>

#include "mark.h"

/* The bytes as text for the assembler, which takes the mark for code. */
#define TEXT_OF(...)	#__VA_ARGS__
#define TEXT(...)	TEXT_OF(__VA_ARGS__)
#define MARK(_which)	__asm__ volatile(".byte " TEXT(MARK_BYTES(_which)))

int main(int argc, char **argv)
{
	if (argc != 2)
		return 2;
	if (!strcmp(argv[1], "start"))
		MARK(MARK_START);
	else if (!strcmp(argv[1], "stop"))
		MARK(MARK_STOP);
	else
		return 2;
	return 0;
}
