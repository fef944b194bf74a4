/* The order of the probes, and where the facts come from: the live machine, a snapshot, a facts
 * file. */
#include "probes/host/host.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json.h"
#include "probes/host/namespace.h"
#include "probes/host/probing.h"
#include "probes/host/snapshot.h"

/* Later probes use facts of earlier ones: the range before the sockets, the limits before the
 * descriptors. */
static const struct probe *const probes[] = {
		&probe_identity,
		&probe_vantage,
		&probe_netns,
		&probe_sysctl,
		&probe_limits,
		&probe_memory,
		&probe_cgroup,
		&probe_sockets,
		&probe_processes,
		&probe_conntrack,
		&probe_counters,
		&probe_sysctl_files,
		&probe_limits_files,
		&probe_systemd_files,
		&probe_modules_files,
		&probe_dockerfile,
		&probe_later_files,
};

static const char *time_now(struct arena *arena)
{
	time_t now = time(NULL);
	struct tm parts;
	char text[32];
	gmtime_r(&now, &parts);
	(void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
	return arena_strdup(arena, text);
}

static void run_probes(struct probing *probing)
{
	for (size_t i = 0; i < COUNT_OF(probes); i++)
		probes[i]->run(probing);
}

bool probe_source(struct arena *arena,
		struct source *source,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err)
{
	struct probing probing = {.arena = arena,
			.source = source,
			.facts = ret_facts,
			.info = ret_info,
			.options = options,
			.live = source_is_live(source)};
	struct namespace namespace = NAMESPACE_NONE;
	if (probing.live) {
		probing.read_at = ret_info->created = time_now(arena);
		probing.own_uid = getuid();
		if (options->pid != 0 &&
				!namespace_enter(&namespace, options->pid, &probing.netns_denied, err))
			return false;
		probing.in_userns = namespace.in_userns;
	}
	run_probes(&probing);
	return namespace_leave(&namespace, err);
}

static bool probe_file(struct arena *arena,
		const char *path,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err)
{
	struct json *json = json_read_file(path, err);
	bool read = json && facts_from_json(arena, json, ret_facts, ret_info, err);
	json_free(json);
	return read;
}

static bool probe_anywhere(struct arena *arena,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err)
{
	struct stat status;
	const char *path = options->facts_path;
	bool named = path && strcmp(path, "-") != 0;
	if (path && options->pid != 0)
		return error_set(err, "--pid needs the live machine; it does not go with --facts");
	if (named && stat(path, &status) != 0)
		return error_set(err, "%.300s: %s", path, strerror(errno));
	bool directory = named && S_ISDIR(status.st_mode);
	if (path && !directory)
		return probe_file(arena, path, ret_facts, ret_info, err);
	struct source *source = directory ? source_snapshot(arena, path, err)
									  : source_live(arena, options->pid, err);
	bool done = source && probe_source(arena, source, options, ret_facts, ret_info, err);
	source_close(source);
	return done;
}

bool host_probe(struct arena *arena,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err)
{
	*ret_facts = *facts_new(arena);
	*ret_info = (struct host_info){0};
	if (!probe_anywhere(arena, options, ret_facts, ret_info, err))
		return false;
	for (size_t i = 0; i < options->set_count; i++)
		if (!given_set(ret_facts, options->set[i], err))
			return false;
	facts_sort(ret_facts);
	return true;
}
