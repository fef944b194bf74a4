/* One line, whose second field may hold anything. */
#include "probes/watch/process_stat.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* More than a kernel gives: PID_MAX_LIMIT of include/linux/threads.h is 4,194,304. */
static const double pid_most = 1e7;

/* proc(5): the name stands in parentheses and may hold any byte; the fields after it count from 3.
 */
bool process_stat_parse(const char *text, struct process_stat *ret_stat)
{
	enum {
		PARENT = 4,
		USER = 14,
		SYSTEM,
		CHILD_USER,
		CHILD_SYSTEM,
		THREADS = 20,
		START = 22,
		RESIDENT = 24
	};
	const char *at = strrchr(text, ')');
	double fields[RESIDENT + 1] = {0};
	if (!at || at[1] != ' ' || !at[2])
		return false;
	at += 3; /* behind the state's letter */
	for (int i = PARENT; i <= RESIDENT; i++) {
		char *end;
		if (*at != ' ')
			return false;
		double number = strtod(at, &end);
		if (isnan(number) || end == at)
			return false;
		fields[i] = number;
		at = end;
	}
	*ret_stat = (struct process_stat){
			.ticks = fields[USER] + fields[SYSTEM],
			.child_ticks = fields[CHILD_USER] + fields[CHILD_SYSTEM],
			.threads = fields[THREADS],
			.resident_pages = fields[RESIDENT],
			.start_ticks = fields[START],
	};
	if (fields[PARENT] >= 0 && fields[PARENT] < pid_most)
		ret_stat->parent = (int)fields[PARENT];
	return true;
}
