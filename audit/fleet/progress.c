/* One line on a terminal, written over again. */
#include <stdio.h>
#include <unistd.h>

#include "audit/fleet/fleet.h"

enum {
	HOSTS_BETWEEN = 100
};

void fleet_progress(const struct fleet_run *fleet, const char *doing)
{
	if (fleet->run->options->quiet || fleet->documents % HOSTS_BETWEEN != 0)
		return;
	if (isatty(STDERR_FILENO) != 1)
		return;
	(void)fprintf(stderr, "\rheadroom: %s: %zu hosts", doing, fleet->documents);
	if (fleet->expected)
		(void)fprintf(stderr, " of %zu", fleet->hosts->expected);
	(void)fflush(stderr);
}

void fleet_progress_end(void)
{
	if (isatty(STDERR_FILENO) == 1)
		(void)fprintf(stderr, "\r\033[K");
}
