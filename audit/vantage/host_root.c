/* What goes with --host-root, and whose limits it judges. */
#include "audit/vantage/host_root.h"

#include <unistd.h>

static bool names_another_place(enum command_id command, const struct options *options)
{
	bool unit = options->unit && command != COMMAND_FIX; /* there it names who gets the limits */
	return options->facts_path || options->image || options->fix.root || options->container || unit;
}

static bool changes_the_host(const struct options *options)
{
	return options->fix.apply || options->fix.undo || options->fix.verify;
}

bool host_root_take(enum command_id command, struct options *options, struct error *err)
{
	if (!options->host_root)
		return true;
	if (names_another_place(command, options))
		return error_set(err,
				"--host-root audits the node that this container runs on; leave out --facts, "
				"--image, --root, --unit and --container");
	if (changes_the_host(options))
		return error_set(err,
				"--host-root only reads; run fix --apply, --undo and --verify on the node itself");
	if (options->pid > 0)
		return true;
	if (getpid() == 1)
		return error_set(err,
				"--host-root: process 1 is headroom itself here, not the node's; start the "
				"container with --pid host (Kubernetes: hostPID: true), or name a process with "
				"--pid");
	options->pid = 1;
	options->host_root_first = true;
	return true;
}

bool host_root_has_finding(const struct options *options)
{
	return options->host_root_first;
}

struct finding host_root_finding(struct arena *arena, const struct options *options)
{
	return (struct finding){.id = "host-root",
			.severity = "note",
			.text = "The limits are those of process 1 of the node. Its programs may have lower "
					"limits: to judge one, add --pid N.",
			.where = arena_printf(arena, "files below %.100s", options->host_root)};
}
