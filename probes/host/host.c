/* Where the facts come from: the live machine, an image, a snapshot or a facts file, and what --set
 * gives. */
#include "probes/host/host.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/os/clock.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/run.h"

struct host_target {
	struct arena *arena;
	const struct host_options *options;
	struct facts *facts;
	struct host_info *info;
};

static bool host_read_file(const struct host_target *target, const char *path, struct error *err)
{
	struct json *json = json_read_file(path, err);
	if (!json)
		return false;
	bool read = facts_from_json(target->arena, json, target->facts, target->info, err);
	json_free(json);
	return read;
}

/* Reads the source and closes it. It may be NULL: it could not be opened, and err says why. */
static bool host_read_source(const struct host_target *target,
		struct source *source,
		struct error *err)
{
	if (!source)
		return false;
	bool done =
			run_probes(target->arena, source, target->options, target->facts, target->info, err);
	source_close(source);
	return done;
}

/* Facts whose time is not understood would count as facts without an age. */
static bool host_check_time(const struct host_target *target, const char *path, struct error *err)
{
	time_t moment;
	const char *created = target->info->created;
	if (!created || clock_parse(created, &moment))
		return true;
	return error_set(err,
			"%.300s/ORIGIN: \"created\" must be a time, as in 2026-01-31T08:00:00Z, not \"%.40s\"",
			path,
			created);
}

static bool host_read_path(const struct host_target *target, const char *path, struct error *err)
{
	struct stat status;
	if (target->options->pid != 0)
		return error_set(err, "--pid reads the live machine and cannot be combined with --facts");
	if (strcmp(path, "-") == 0)
		return host_read_file(target, path, err);
	if (stat(path, &status) != 0)
		return error_set(err, "%.300s: %s", path, strerror(errno));
	if (!S_ISDIR(status.st_mode))
		return host_read_file(target, path, err);
	struct source *source = source_snapshot(target->arena, path, err);
	if (source && target->options->planned)
		source_of_nobody(source);
	if (!host_read_source(target, source, err))
		return false;
	return host_check_time(target, path, err);
}

static bool host_read(const struct host_target *target, struct error *err)
{
	const struct host_options *options = target->options;
	if (options->image)
		return host_read_source(target, source_image(target->arena, options->image, err), err);
	if (options->facts_path)
		return host_read_path(target, options->facts_path, err);
	int pid = options->pid;
	if (options->planned)
		pid = SOURCE_NO_PROCESS;
	return host_read_source(target, run_source(target->arena, options, pid, err), err);
}

bool host_probe(struct arena *arena,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err)
{
	const struct host_target target = {arena, options, ret_facts, ret_info};
	*ret_facts = *facts_new(arena);
	*ret_info = (struct host_info){0};
	if (!host_read(&target, err))
		return false;
	if (!given_set_all(ret_facts, options->set, options->set_count, err))
		return false;
	facts_sort(ret_facts);
	return true;
}
