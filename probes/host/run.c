/* The order of the probes, and the network namespace in which a live run reads. */
#include "probes/host/run.h"

#include <assert.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "probes/host/namespace.h"
#include "probes/host/probing.h"

/* Later probes use facts of earlier ones: the sockets need the port range, the descriptors need the
 * limits, and what runs after sysctl.d needs what sysctl.d says. */
static const struct probe *const probes[] = {
		&probe_identity,
		&probe_vantage,
		&probe_netns,
		&probe_sysctl,
		&probe_limits,
		&probe_process_maps,
		&probe_memory,
		&probe_cgroup,
		&probe_sockets,
		&probe_processes,
		&probe_conntrack,
		&probe_ena,
		&probe_counters,
		&probe_sysctl_files,
		&probe_limits_files,
		&probe_systemd_files,
		&probe_modules_files,
		&probe_modprobe_files,
		&probe_dockerfile,
		&probe_later_files,
		&probe_hosts_file,
};

/* What files say that a system boots with. */
static const struct probe *const image_probes[] = {
		&probe_image,
		&probe_sysctl_files,
		&probe_limits_files,
		&probe_systemd_files,
		&probe_modules_files,
		&probe_modprobe_files,
		&probe_later_files,
		&probe_hosts_file,
		&probe_image_booted,
		&probe_sockets,
};

struct source *run_source(struct arena *arena,
		const struct host_options *options,
		int pid,
		struct error *err)
{
	struct source *source = source_live(arena, pid, err);
	if (!source || !options->host_root)
		return source;
	if (source_files_below(source, options->host_root, err))
		return source;
	source_close(source);
	return NULL;
}

static void run_each(struct probing *probing, const struct probe *const *list, size_t count)
{
	for (size_t i = 0; i < count; i++)
		list[i]->run(probing);
}

static bool run_live(struct probing *probing, struct error *err)
{
	struct namespace namespace = NAMESPACE_NONE;
	char now[CLOCK_TEXT_MAX];
	int pid = probing->options->pid;
	probing->info->created = arena_strdup(probing->arena, clock_utc_run(now));
	probing->read_at = probing->info->created;
	probing->own_uid = getuid();
	if (pid != 0 && !namespace_enter(&namespace, pid, &probing->netns_denied, err))
		return false;
	probing->in_userns = namespace.in_userns;
	run_each(probing, probes, COUNT_OF(probes));
	return namespace_leave(&namespace, err);
}

bool run_probes(struct arena *arena,
		struct source *source,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err)
{
	assert(ret_facts->count == 0);
	struct probing probing = {
			.arena = arena,
			.source = source,
			.facts = ret_facts,
			.info = ret_info,
			.options = options,
			.live = source_is_live(source),
	};
	if (probing.live)
		return run_live(&probing, err);
	if (options->image)
		run_each(&probing, image_probes, COUNT_OF(image_probes));
	else if (macos_is_in(source))
		probe_macos.run(&probing);
	else
		run_each(&probing, probes, COUNT_OF(probes));
	return true;
}
