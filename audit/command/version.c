/* headroom version. */
#include <stdio.h>

#include "audit/cli/options.h"
#include "audit/cli/version.h"

bool command_version(const struct run *run, int *ret_exit, struct error *err)
{
	(void)ret_exit;
	if (run->options->arguments.count)
		return error_set(err, "version takes no argument");
	if (printf("headroom %s (%s)\n", version_number(), version_commit()) < 0)
		return error_fail(err, "standard output: could not be written");
	return true;
}
