/* Reads the latest messages of the kernel's log, if permitted. Only on the live machine. */
#ifndef HEADROOM_PROBES_HOST_KERNEL_LOG_H
#define HEADROOM_PROBES_HOST_KERNEL_LOG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	KERNEL_LINES_MAX = 1000 /* only the last ones are kept */
};

struct kernel_line {
	double age_s;
	const char *text; /* without level and time; may contain any bytes but NUL and newline */
};

struct kernel_log {
	int error;                 /* 0, or the errno with which reading failed */
	struct kernel_line *lines; /* oldest first */
	size_t count;
};

/* Reads the kernel's messages (not those that programs write there) that are at most max_age_s
 * seconds old. */
void kernel_log_read(struct arena *arena, double max_age_s, struct kernel_log *ret_log);

/* Parses one record of /dev/kmsg in place: "4,1234,5678901,-;TCP: out of memory\n KEY=value\n"
 * (Documentation/ABI/testing/dev-kmsg). Returns false if the kernel did not write it. *ret_at_s:
 * seconds since boot. */
bool kernel_log_parse(char *record, double *ret_at_s, const char **ret_text);

#endif
