/* Each group is looked up once and then read again and again. */
#include "probes/watch/throttle.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "probes/host/cgroup.h"
#include "probes/host/parse.h"

enum {
	GROUPS_MAX = 64,
	TEXTS_MAX = 64,
	OWN_MAX = 16
};

struct group {
	const char *path; /* of its cpu.stat */
	double first_s, last_s;
};

struct throttle {
	struct arena *arena;
	struct source *source;
	const char *mounts;
	const char *texts[TEXTS_MAX]; /* of /proc/PID/cgroup, those that were followed */
	size_t text_count;
	struct group groups[GROUPS_MAX];
	size_t group_count;
	struct own_group {
		const char *directory, *members; /* its cgroup.procs */
	} own[OWN_MAX];                      /* of v2 */
	size_t own_count;
	const char *first; /* that of the first process */
};

struct throttle *throttle_new(struct arena *arena, struct source *source)
{
	const char *text;
	size_t length;
	struct throttle *throttle = arena_alloc(arena, sizeof *throttle);
	*throttle = (struct throttle){.arena = arena, .source = source};
	if (source_read_bytes(source, "proc/self/mountinfo", &text, &length) == 0)
		throttle->mounts = arena_strdup(arena, text);
	return throttle;
}

/* v2: "throttled_usec 12"; v1: "throttled_time 12000" (nanoseconds). */
static bool read_throttled(struct throttle *throttle, const char *path, double *ret_s)
{
	const char *text;
	size_t length;
	uint64_t number;
	if (source_read_bytes(throttle->source, path, &text, &length) != 0)
		return false;
	double unit_s = 1e-6;
	const char *at = strstr(text, "throttled_usec ");
	if (!at) {
		at = strstr(text, "throttled_time ");
		unit_s = 1e-9;
	}
	if (!at)
		return false;
	at = strchr(at, ' ') + 1;
	if (!parse_u64(&at, &number))
		return false;
	*ret_s = (double)number * unit_s;
	return true;
}

static void throttle_add(struct throttle *throttle, const char *directory)
{
	const char *path = arena_printf(throttle->arena, "%s/cpu.stat", directory);
	double now_s;
	for (size_t i = 0; i < throttle->group_count; i++)
		if (!strcmp(throttle->groups[i].path, path))
			return;
	if (throttle->group_count == GROUPS_MAX || !read_throttled(throttle, path, &now_s))
		return;
	throttle->groups[throttle->group_count++] = (struct group){path, now_s, now_s};
}

/* The group, and all above it up to the mount point. */
static void throttle_add_all(struct throttle *throttle, const struct cgroup_place *place)
{
	char *path = arena_strdup(throttle->arena, place->path);
	for (;;) {
		throttle_add(throttle, arena_printf(throttle->arena, "%s%s", place->mount, path));
		char *slash = strrchr(path, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
}

static void throttle_add_own(struct throttle *throttle, const struct cgroup_place *place)
{
	const char *directory;
	if (!place->version)
		return;
	directory = arena_printf(throttle->arena, "%s%s", place->mount, place->path);
	if (!throttle->first)
		throttle->first = directory;
	if (!strcmp(throttle->first, directory))
		return;
	for (size_t i = 0; i < throttle->own_count; i++)
		if (!strcmp(throttle->own[i].directory, directory))
			return;
	if (throttle->own_count == OWN_MAX)
		return;
	const char *members = arena_printf(throttle->arena, "%s/cgroup.procs", directory);
	throttle->own[throttle->own_count++] = (struct own_group){directory, members};
}

void throttle_follow(struct throttle *throttle, int pid)
{
	char path[64];
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/cgroup", pid);
	if (source_read_bytes(throttle->source, path, &text, &length) != 0)
		return;
	for (size_t i = 0; i < throttle->text_count; i++)
		if (!strcmp(throttle->texts[i], text))
			return;
	if (throttle->text_count == TEXTS_MAX)
		return;
	text = arena_strdup(throttle->arena, text);
	throttle->texts[throttle->text_count++] = text;
	const struct cgroup_place cpu = cgroup_find(throttle->arena, text, throttle->mounts, "cpu");
	/* No controller has this name, so it is found in v2 alone. */
	const struct cgroup_place unified = cgroup_find(throttle->arena, text, throttle->mounts, "");
	if (cpu.version)
		throttle_add_all(throttle, &cpu);
	throttle_add_own(throttle, &unified);
}

double throttle_read(struct throttle *throttle)
{
	double most_s = 0;
	for (size_t i = 0; i < throttle->group_count; i++) {
		struct group *group = &throttle->groups[i];
		(void)read_throttled(throttle, group->path, &group->last_s); /* gone: as it was last */
		most_s = fmax(most_s, group->last_s - group->first_s);
	}
	return most_s;
}

/* Is everybody in this group a member? One that is empty has nobody else either. */
static bool all_are_members(struct throttle *throttle,
		const struct own_group *group,
		throttle_is_member *only,
		void *context)
{
	const char *text;
	size_t length;
	uint64_t pid;
	if (source_read_bytes(throttle->source, group->members, &text, &length) != 0)
		return false;
	for (;;) {
		text += strspn(text, " \n");
		if (!*text)
			return true;
		if (!parse_u64(&text, &pid) || pid > INT32_MAX || !only(context, (int)pid))
			return false;
	}
}

void throttle_own_groups(struct throttle *throttle,
		throttle_is_member *only,
		throttle_group *each,
		void *context)
{
	for (size_t i = 0; i < throttle->own_count; i++) {
		struct stat status;
		const struct own_group *group = &throttle->own[i];
		int fd = source_open(throttle->source, group->directory, O_PATH | O_DIRECTORY);
		if (fd < 0)
			continue;
		bool known = fstat(fd, &status) == 0;
		(void)close(fd);
		if (known && all_are_members(throttle, group, only, context))
			each(context, (uint64_t)status.st_ino);
	}
}
