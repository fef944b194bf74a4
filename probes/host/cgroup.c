/* Limits of the control groups: the tightest of all ancestors that can be seen, in v1 and v2. A
 * container often sees only its own subtree. The limits above it are then unknown, and the note of
 * the fact says so. */
#include "probes/host/cgroup.h"

#include <assert.h>
#include <errno.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	ANCESTORS_MAX = 64,
	UNIT_NAME_MAX = 200,
	GROUP_CHARS = 300
};

/* Of a line of it: its group is above the top of the reader's control group namespace. */
static const char above[] = ":/..";
static const char groups_path[] = "proc/self/cgroup";

/* A line of /proc/PID/cgroup: "N:controllers:path", in v2 "0::path" (cgroups(7)). */
struct group_line {
	const char *controllers, *path;
	bool unified; /* this line is about v2 */
};

/* Splits the line in place. false: it has no path. */
static bool parse_group_line(char *line, struct group_line *ret)
{
	char *controllers = strchr(line, ':');
	if (!controllers)
		return false;
	*controllers++ = '\0';
	char *path = strchr(controllers, ':');
	if (!path)
		return false;
	*path++ = '\0';
	ret->controllers = controllers;
	ret->path = path;
	ret->unified = strcmp(line, "0") == 0 && *controllers == '\0';
	return *path == '/';
}

/* The path of the process's group of a controller ("" for v2), or NULL. */
static const char *group_path(struct arena *arena, const char *groups, const char *controller)
{
	char *cursor = arena_strdup(arena, groups);
	bool wants_unified = *controller == '\0';
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		struct group_line group;
		if (!parse_group_line(line, &group) || group.unified != wants_unified)
			continue;
		if (wants_unified || parse_list_has(group.controllers, controller))
			return group.path;
	}
	return NULL;
}

/* One line of mountinfo (proc(5)): "36 35 98:0 /root /mount opts … - type source superopts". */
struct mount_line {
	char *root, *point, *type, *options;
};

static bool parse_mount(char *line, struct mount_line *ret)
{
	char *separator = strstr(line, " - ");
	if (!separator)
		return false;
	*separator = '\0';
	char *cursor = line, *tail = separator + 3;
	for (int i = 0; i < 3; i++) {
		if (!parse_word(&cursor))
			return false;
	}
	ret->root = parse_word(&cursor);
	ret->point = parse_word(&cursor);
	ret->type = parse_word(&tail);
	const char *source = parse_word(&tail);
	ret->options = parse_word(&tail);
	if (!ret->root || !ret->point || !ret->type || !source || !ret->options)
		return false;
	return ret->root[0] == '/' && ret->point[0] == '/';
}

static bool mount_has(const struct mount_line *mount, const char *controller)
{
	if (*controller == '\0')
		return strcmp(mount->type, "cgroup2") == 0;
	return strcmp(mount->type, "cgroup") == 0 && parse_list_has(mount->options, controller);
}

static bool find_mount(struct arena *arena,
		const char *mounts,
		const char *controller,
		struct mount_line *ret)
{
	char *cursor = arena_strdup(arena, mounts);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		struct mount_line mount;
		if (!parse_mount(line, &mount) || !mount_has(&mount, controller))
			continue;
		*ret = mount;
		return true;
	}
	return false;
}

/* The group's path below a mount that shows only the subtree `root`. */
static const char *below_root(const char *path, const char *root)
{
	size_t length = strlen(root);
	/* Above the process's own cgroup namespace: only what is mounted can be seen. */
	if (strstr(path, "/.."))
		return "";
	bool whole_tree = strcmp(root, "/") == 0;
	if (!whole_tree && strncmp(path, root, length) == 0) {
		const char *rest = path + length;
		if (*rest == '/' || *rest == '\0')
			return rest;
	}
	if (strcmp(path, "/") == 0)
		return "";
	return path;
}

static const char *usual_mount(struct arena *arena, const char *hierarchy)
{
	if (*hierarchy == '\0')
		return "sys/fs/cgroup";
	return arena_printf(arena, "sys/fs/cgroup/%s", hierarchy);
}

struct cgroup_place cgroup_find(struct arena *arena,
		const char *groups,
		const char *mounts,
		const char *controller)
{
	struct cgroup_place place = {.version = 1, .mount = "", .path = ""};
	const char *hierarchy = controller;
	const char *path = group_path(arena, groups, controller);
	if (!path) {
		hierarchy = "";
		place.version = 2;
		path = group_path(arena, groups, "");
	}
	if (!path) {
		place.version = 0;
		return place;
	}
	struct mount_line mount = {.root = "/"};
	if (mounts && find_mount(arena, mounts, hierarchy, &mount))
		place.mount = mount.point + 1;
	else
		place.mount = usual_mount(arena, hierarchy);
	place.path = below_root(path, mount.root);
	return place;
}

int cgroup_version(const char *groups)
{
	bool v1 = false, v2 = false;
	for (const char *line = groups; *line; line = parse_next_line(line)) {
		/* "1:name=systemd:/" names a hierarchy without a controller. */
		bool named = strstr(line, ":name=") == strchr(line, ':');
		if (text_begins_with(line, "0::"))
			v2 = true;
		else if (!named)
			v1 = true;
	}
	if (v1 && v2)
		return 12;
	if (v1)
		return 1;
	if (v2)
		return 2;
	return 0;
}

/* A limit, and the files that hold its numbers. */
struct resource_row {
	const char *controller, *max_key, *current_key;
	enum unit unit;
	const char *max_file[2], *current_file[2]; /* the names in v1 and in v2 */
	bool by_room; /* the tightest limit is the one with the least room left, not the smallest */
	const char *group_key, *unit_key; /* the group's name; NULL: it does not matter */
};

static const struct resource_row resource_rows[] = {
		{.controller = "memory",
				.max_key = "cgroup.memory.max",
				.current_key = "cgroup.memory.current",
				.unit = UNIT_BYTES,
				.max_file = {"memory.limit_in_bytes", "memory.max"},
				.current_file = {"memory.usage_in_bytes", "memory.current"}},
		{.controller = "pids",
				.max_key = "cgroup.pids.max",
				.current_key = "cgroup.pids.current",
				.unit = UNIT_COUNT,
				.max_file = {"pids.max", "pids.max"},
				.current_file = {"pids.current", "pids.current"},
				.by_room = true,
				.group_key = "cgroup.pids.group",
				.unit_key = "cgroup.pids.unit"},
};

/* What becomes the limit where that of the tightest group is raised. */
static const struct resource_row next_pids = {.controller = "pids",
		.max_key = "cgroup.pids.next.max",
		.current_key = "cgroup.pids.next.current",
		.unit = UNIT_COUNT,
		.max_file = {"pids.max", "pids.max"},
		.current_file = {"pids.current", "pids.current"},
		.by_room = true,
		.group_key = "cgroup.pids.next.group",
		.unit_key = "cgroup.pids.next.unit"};

/* Which of its two file names a row uses. */
static int file_index(const struct cgroup_place *place)
{
	assert(place->version == 1 || place->version == 2);
	return place->version - 1;
}

struct group_limit {
	const char *directory; /* NULL: no group says anything */
	double max, current;
};

struct tightest {
	struct group_limit first, next;
	int error; /* of the first limit that could not be read; 0: none */
	bool malformed;
	const char *bad_path; /* its file; NULL: all were read */
};

/* NAN where the file does not say. A file that is there but cannot be read is noted in *found. */
static double cgroup_read_limit(struct probing *probing,
		const char *directory,
		const char *file,
		struct tightest *found)
{
	char *text;
	double number;
	const char *path = arena_printf(probing->arena, "%s/%s", directory, file);
	int error = probing_read_text(probing, path, &text);
	if (error == 0 && parse_limit(text, &number))
		return number;
	if (error == ENOENT || error == ENOTDIR)
		return NAN;
	if (found->bad_path)
		return NAN;
	found->malformed = error == 0;
	found->error = error;
	found->bad_path = path;
	return NAN;
}

static bool is_tighter(const struct resource_row *row,
		const struct group_limit *limit,
		const struct group_limit *than)
{
	if (!than->directory)
		return true;
	if (!row->by_room || isnan(limit->current) || isnan(than->current))
		return limit->max < than->max;
	if (isinf(limit->max) || isinf(than->max))
		return limit->max < than->max;
	return limit->max - limit->current < than->max - than->current;
}

/* Looks at one group, and notes its limit if it is one of the two tightest. */
static void look_at_group(struct probing *probing,
		const struct resource_row *row,
		int index,
		const char *directory,
		struct tightest *found)
{
	struct group_limit limit = {.directory = directory};
	limit.max = cgroup_read_limit(probing, directory, row->max_file[index], found);
	if (isnan(limit.max))
		return;
	limit.current = cgroup_read_limit(probing, directory, row->current_file[index], found);
	if (is_tighter(row, &limit, &found->first)) {
		found->next = found->first;
		found->first = limit;
	} else if (is_tighter(row, &limit, &found->next)) {
		found->next = limit;
	}
}

/* Goes up from the group to the mount point. */
static void find_tightest(struct probing *probing,
		const struct resource_row *row,
		const struct cgroup_place *place,
		struct tightest *found)
{
	char *path = arena_strdup(probing->arena, place->path);
	for (int i = 0; i < ANCESTORS_MAX; i++) {
		const char *directory = arena_printf(probing->arena, "%s%s", place->mount, path);
		look_at_group(probing, row, file_index(place), directory, found);
		char *slash = strrchr(path, '/');
		if (!slash)
			return;
		*slash = '\0';
	}
	if (found->bad_path)
		return;
	found->bad_path = arena_printf(probing->arena, "%s%s", place->mount, path);
	found->error = EFBIG; /* so deep that the groups above were not looked at */
}

static void cgroup_put_current(struct probing *probing,
		const struct resource_row *row,
		const char *path,
		double current)
{
	if (isnan(current))
		put_missing(probing, row->current_key, FACT_ABSENT, row->unit, path, NULL);
	else
		put_number(probing, row->current_key, current, row->unit, path, NULL);
}

/* A group above may have a tighter limit than those that were read. */
static void cgroup_put_bad_limit(struct probing *probing,
		const struct resource_row *row,
		const struct tightest *found)
{
	const char *const keys[] = {row->max_key, row->current_key};
	const char *path = found->bad_path;
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		if (found->malformed)
			put_malformed(probing, keys[i], row->unit, path, NULL, "not a limit");
		else
			put_errno(probing, keys[i], row->unit, path, found->error);
	}
}

static void cgroup_put_no_limit(struct probing *probing,
		const struct resource_row *row,
		const char *path,
		const char *note)
{
	put_missing(probing, row->max_key, FACT_ABSENT, row->unit, path, note);
	put_missing(probing, row->current_key, FACT_ABSENT, row->unit, path, NULL);
}

/* The last part of the path that is the name of a unit with limits of its own. */
static const char *unit_of_group(const char *group)
{
	static const char *const kinds[] = {".service", ".scope", ".slice"};
	const char *name = strrchr(group, '/');
	if (!name || strlen(name) >= UNIT_NAME_MAX)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (text_ends_with(name, kinds[i]))
			return name + 1;
	}
	return NULL;
}

static void cgroup_put_group(struct probing *probing,
		const struct resource_row *row,
		const struct cgroup_place *place,
		const char *directory)
{
	if (!row->group_key)
		return;
	const char *path = directory + strlen(place->mount);
	const char *group = "/";
	if (*path != '\0')
		group = text_clean(probing->arena, path, strlen(path), GROUP_CHARS);
	const char *unit = unit_of_group(group);
	put_text(probing, row->group_key, group, directory, NULL);
	if (unit)
		put_text(probing, row->unit_key, unit, directory, NULL);
	else
		put_missing(probing, row->unit_key, FACT_ABSENT, UNIT_TEXT, directory, NULL);
}

static void cgroup_put_limit(struct probing *probing,
		const struct resource_row *row,
		const struct cgroup_place *place,
		const struct group_limit *limit)
{
	int index = file_index(place);
	const char *max_path =
			arena_printf(probing->arena, "%s/%s", limit->directory, row->max_file[index]);
	const char *current_path =
			arena_printf(probing->arena, "%s/%s", limit->directory, row->current_file[index]);
	put_number(probing, row->max_key, limit->max, row->unit, max_path, NULL);
	cgroup_put_current(probing, row, current_path, limit->current);
	cgroup_put_group(probing, row, place, limit->directory);
}

static void cgroup_put_tightest(struct probing *probing,
		const struct resource_row *row,
		const struct cgroup_place *place,
		const struct tightest *found)
{
	/* The root group of a hierarchy has no limit files. */
	static const char none[] = "no group above the process sets a limit that can be seen from here";
	int index = file_index(place);
	if (found->bad_path) {
		cgroup_put_bad_limit(probing, row, found);
	} else if (found->first.directory) {
		cgroup_put_limit(probing, row, place, &found->first);
	} else {
		const char *path =
				arena_printf(probing->arena, "%s/%s", place->mount, row->max_file[index]);
		cgroup_put_no_limit(probing, row, path, none);
	}
}

/* Only a group that sets a limit. One that could not be read may set any. */
static void cgroup_put_next(struct probing *probing,
		const struct cgroup_place *place,
		const struct tightest *found)
{
	const struct group_limit *next = &found->next;
	if (found->bad_path)
		cgroup_put_bad_limit(probing, &next_pids, found);
	else if (next->directory && isfinite(next->max))
		cgroup_put_limit(probing, &next_pids, place, next);
	else
		cgroup_put_no_limit(probing, &next_pids, groups_path, "no other group sets a limit");
}

/* File cache of the tightest memory group: "file N" in v2, "total_cache N" in v1. */
static void cgroup_put_file_cache(struct probing *probing, const char *directory, int version)
{
	char *text;
	uint64_t bytes;
	int line;
	double number;
	const char *path = arena_printf(probing->arena, "%s/memory.stat", directory);
	const char *name = "total_cache";
	if (version == 2)
		name = "file";
	if (probing_read_text(probing, path, &text) != 0)
		return;
	if (!parse_named(text, name, &bytes, &line) || !parse_to_double(bytes, false, &number))
		return;
	struct fact *fact = put_number(probing, "cgroup.memory.file", number, UNIT_BYTES, path, NULL);
	fact->line = line;
}

static void probe_resource(struct probing *probing,
		const struct resource_row *row,
		const char *groups,
		const char *mounts)
{
	struct cgroup_place place = cgroup_find(probing->arena, groups, mounts, row->controller);
	struct tightest found = {.error = 0};
	if (place.version == 0) {
		cgroup_put_no_limit(probing, row, groups_path, NULL);
		if (row->group_key)
			cgroup_put_no_limit(probing, &next_pids, groups_path, NULL);
		return;
	}
	find_tightest(probing, row, &place, &found);
	cgroup_put_tightest(probing, row, &place, &found);
	if (row->group_key)
		cgroup_put_next(probing, &place, &found);
	if (row->unit == UNIT_BYTES && found.first.directory)
		cgroup_put_file_cache(probing, found.first.directory, place.version);
}

static bool is_unit_name(const char *part)
{
	const char *suffix = strrchr(part, '.');
	if (!suffix || strlen(part) >= UNIT_NAME_MAX)
		return false;
	return strcmp(suffix, ".service") == 0 || strcmp(suffix, ".scope") == 0;
}

/* The unit of "/system.slice/nginx.service": the last part that ends in .service or .scope. */
static const char *unit_of(struct arena *arena, const char *path)
{
	char *rest = arena_strdup(arena, path);
	const char *unit = NULL;
	for (char *part; (part = strsep(&rest, "/")) != NULL;) {
		if (is_unit_name(part))
			unit = part;
	}
	return unit;
}

static void cgroup_put_unit(struct probing *probing, const char *groups)
{
	static const char key[] = "vantage.unit";
	const char *unit = NULL;
	const char *path = group_path(probing->arena, groups, "name=systemd");
	if (!path || strcmp(path, "/") == 0)
		path = group_path(probing->arena, groups, "");
	if (path)
		unit = unit_of(probing->arena, path);
	if (unit)
		put_text(probing, key, unit, groups_path, path);
	else
		put_missing(probing, key, FACT_ABSENT, UNIT_TEXT, groups_path, NULL);
}

/* mountinfo names every mount of the machine: only the control groups' lines are kept. */
static const char *read_mounts(struct probing *probing)
{
	static const char path[] = "proc/self/mountinfo";
	const char *bytes;
	size_t length;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return NULL;
	if (memchr(bytes, '\0', length))
		return NULL;
	struct text kept = {0};
	for (const char *line = bytes; *line; line = parse_next_line(line)) {
		size_t size = strcspn(line, "\n");
		if (!memmem(line, size, " - cgroup", 9))
			continue;
		text_add_bytes(&kept, line, size);
		text_add(&kept, "\n");
	}
	source_keep(probing->source, path, text_string(&kept), kept.length);
	return text_take(probing->arena, &kept);
}

static void cgroup_put_errno(struct probing *probing, const struct resource_row *row, int error)
{
	put_errno(probing, row->max_key, row->unit, groups_path, error);
	put_errno(probing, row->current_key, row->unit, groups_path, error);
}

static void cgroup_put_unreadable(struct probing *probing, int error)
{
	put_errno(probing, "cgroup.version", UNIT_COUNT, groups_path, error);
	for (size_t i = 0; i < COUNT_OF(resource_rows); i++)
		cgroup_put_errno(probing, &resource_rows[i], error);
	cgroup_put_errno(probing, &next_pids, error);
}

/* The lines of a process in this group: those of process 1, with the path of the group. */
static int planned_groups(struct probing *probing, const char *group, char **ret_groups)
{
	char *first;
	int error = probing_read_text(probing, "proc/1/cgroup", &first);
	struct text lines = {0};
	if (error)
		return error;
	for (char *line; (line = parse_line(&first)) != NULL;) {
		char *path = strrchr(line, ':');
		if (path)
			text_addf(&lines, "%.*s:%s\n", (int)(path - line), line, group);
	}
	*ret_groups = arena_strdup(probing->arena, text_string(&lines));
	text_release(&lines);
	return 0;
}

static int read_groups(struct probing *probing, char **ret_groups)
{
	const struct host_planned *planned = probing->options->planned;
	if (planned && planned->group)
		return planned_groups(probing, planned->group, ret_groups);
	return probing_read_text(probing, groups_path, ret_groups);
}

/* In a container that sees the processes of its node, their groups lie above what it sees of the
 * control groups, and what it sees at the top are limits of its own. Those of process 1 begin at
 * the node's top, where the node's mount has them. true: `groups` cannot be looked up. */
static bool is_out_of_sight(struct probing *probing, char *groups)
{
	bool other = probing->live && probing->options->pid != 0;
	if (!other || !strstr(groups, above))
		return false;
	if (probing->options->pid != 1 || !source_has_node_groups(probing->source))
		return true;
	for (char *at; (at = strstr(groups, above)) != NULL;)
		memmove(at + 1, at + strlen(above), strlen(at + strlen(above)) + 1);
	return false;
}

static void put_out_of_sight(struct probing *probing)
{
	static const char note[] =
			"the process is outside this container's control group namespace: start the "
			"container with --cgroupns host";
	static const struct resource_row *const rows[] = {&resource_rows[0],
			&resource_rows[1],
			&next_pids};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const struct resource_row *row = rows[i];
		put_missing(probing, row->max_key, FACT_DENIED, row->unit, groups_path, note);
		put_missing(probing, row->current_key, FACT_DENIED, row->unit, groups_path, note);
	}
}

static void cgroup_run(struct probing *probing)
{
	char *groups;
	int error = read_groups(probing, &groups);
	if (error) {
		cgroup_put_unreadable(probing, error);
		return;
	}
	int version = cgroup_version(groups);
	put_number(probing, "cgroup.version", version, UNIT_COUNT, groups_path, NULL);
	cgroup_put_unit(probing, groups);
	const char *mounts = read_mounts(probing);
	if (is_out_of_sight(probing, groups)) {
		put_out_of_sight(probing);
		return;
	}
	for (size_t i = 0; i < COUNT_OF(resource_rows); i++)
		probe_resource(probing, &resource_rows[i], groups, mounts);
}

const struct probe probe_cgroup = {.name = "cgroup", .run = cgroup_run};
