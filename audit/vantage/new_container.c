/* What a new container on this machine, or on that of a snapshot, would get. Asks no engine. */
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/vantage/find.h"
#include "base/text.h"
#include "probes/host/engines/engines.h"

struct new_container {
	struct arena *arena;
	struct vantage *vantage;
	struct engines engines;
};

static void put_engine_value(const struct new_container *new,
		const char *key,
		const struct engine_value *value)
{
	if (value->text)
		vantage_configure(new->arena, new->vantage, key, value->text, value->where);
}

static void add_unseen(const struct new_container *new, const char *sentence)
{
	struct vantage *vantage = new->vantage;
	if (!vantage->unseen)
		vantage->unseen = sentence;
	else
		vantage->unseen = arena_printf(new->arena, "%s %s", vantage->unseen, sentence);
}

static void say_what_is_not_seen(const struct new_container *new)
{
	const struct engines *engines = &new->engines;
	if (engines->unknown)
		add_unseen(new, engines->unknown);
	if (!engines->runs && strcmp(engines->engine, "podman") != 0)
		add_unseen(new,
				arena_printf(new->arena,
						"%s does not seem to be running; these are the limits with which its unit "
						"would start it.",
						engines->runtime));
	for (size_t i = 0; i < engines->kubelet_unread.count; i++)
		add_unseen(new,
				arena_printf(new->arena,
						"What the kubelet sets is known only in part: %s.",
						engines->kubelet_unread.items[i]));
	for (size_t i = 0; i < engines->also.count; i++)
		add_unseen(new,
				arena_printf(new->arena,
						"A container of %s, which is also installed here, may get other limits.",
						engines->also.items[i]));
}

static void put_network(const struct new_container *new)
{
	const struct engines *engines = &new->engines;
	if (engines->network_unread)
		new->vantage->network_unread = engines->unread.items[0];
	for (size_t i = 0; i < engines->setting_count; i++)
		put_engine_value(new, engines->settings[i].key, &engines->settings[i].value);
}

static void describe(const struct new_container *new)
{
	const struct engines *engines = &new->engines;
	struct vantage *vantage = new->vantage;
	const char *made_by = engines->engine;
	if (strcmp(engines->engine, "kubernetes") == 0)
		made_by = arena_printf(new->arena, "%s, by %s", engines->engine, engines->runtime);
	vantage->shown = arena_printf(new->arena, "a new container (%s)", made_by);
	vantage->network = "bridge";
	vantage->forwarded = true;
	vantage->own_network = true;
	vantage->node = (struct node_settings){
			.runtime = engines->runtime,
			.files_by = engines->files_by,
			.allowed = engines->allowed,
	};
	vantage->planned = (struct host_planned){.uid = (double)NAN, .container = engines->engine};
	vantage_configure(new->arena, vantage, "cgroup.pids.group", "/", "containers have their own");
	vantage_configure(new->arena,
			vantage,
			"cgroup.memory.max",
			"infinity",
			"no common default is set");
	put_engine_value(new, "limits.nofile.soft", &engines->soft);
	put_engine_value(new, "limits.nofile.hard", &engines->hard);
	put_engine_value(new, "cgroup.pids.max", &engines->threads);
	put_network(new);
	say_what_is_not_seen(new);
}

static struct source *open_machine(struct arena *arena, const char *tree, struct error *err)
{
	struct stat status;
	if (!tree)
		return source_live(arena, 0, err);
	if (stat(tree, &status) == 0 && S_ISDIR(status.st_mode))
		return source_snapshot(arena, tree, err);
	(void)error_set(err,
			"--container new needs a snapshot directory as --facts (made by headroom facts "
			"--snapshot DIR), not \"%.200s\"",
			tree);
	return NULL;
}

static bool none_is_seen(const char *tree, struct error *err)
{
	if (tree)
		return error_set(err,
				"--container new: the snapshot %.200s contains no container engine (dockerd, "
				"containerd, crio or kubelet). If it was made by an older headroom, make a new "
				"one: headroom facts --snapshot DIR",
				tree);
	return error_set(err,
			"--container new: no container engine was found on this host (dockerd, containerd, "
			"crio, kubelet or podman)");
}

bool vantage_new_container(struct arena *arena,
		const char *tree,
		struct vantage *ret_vantage,
		struct error *err)
{
	struct new_container new = {.arena = arena, .vantage = ret_vantage};
	struct source *source = open_machine(arena, tree, err);
	if (!source)
		return false;
	engines_read(arena, source, &new.engines);
	source_close(source);
	if (!new.engines.engine)
		return none_is_seen(tree, err);
	describe(&new);
	return true;
}
