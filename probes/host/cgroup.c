/* Limits of the control groups: the tightest of all ancestors that can be seen, v1 and v2. A
 * container often sees its own subtree only; then the limits above it stay unseen, which the fact's
 * note says. */
#include "probes/host/cgroup.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	ANCESTORS_MAX = 64
};

/* True if the comma-separated list holds the word. */
static bool list_has(const char *list, const char *word)
{
	size_t length = strlen(word);
	for (const char *item = list; item; item = strchr(item, ',') ? strchr(item, ',') + 1 : NULL)
		if (strncmp(item, word, length) == 0 && (item[length] == ',' || item[length] == '\0'))
			return true;
	return false;
}

/* The path of the line "N:controllers:path" that holds the controller ("" for v2), or NULL. */
static const char *group_path(struct arena *arena, const char *groups, const char *controller)
{
	char *cursor = arena_strdup(arena, groups);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		char *list = strchr(line, ':'), *path = list ? strchr(list + 1, ':') : NULL;
		if (!path)
			continue;
		*list++ = '\0';
		*path++ = '\0';
		bool unified = strcmp(line, "0") == 0 && *list == '\0';
		if (*path == '/' && (*controller ? !unified && list_has(list, controller) : unified))
			return path;
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
	for (int i = 0; i < 3; i++)
		if (!parse_word(&cursor))
			return false;
	ret->root = parse_word(&cursor);
	ret->point = parse_word(&cursor);
	ret->type = parse_word(&tail);
	ret->options = parse_word(&tail) ? parse_word(&tail) : NULL;
	return ret->root && ret->point && ret->type && ret->options && ret->root[0] == '/' &&
			ret->point[0] == '/';
}

static bool find_mount(struct arena *arena,
		const char *mounts,
		const char *controller,
		struct mount_line *ret)
{
	char *cursor = arena_strdup(arena, mounts);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		struct mount_line mount;
		if (!parse_mount(line, &mount))
			continue;
		bool matches = *controller
				? strcmp(mount.type, "cgroup") == 0 && list_has(mount.options, controller)
				: strcmp(mount.type, "cgroup2") == 0;
		if (!matches)
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
	if (strstr(path, "/.."))
		return ""; /* above the process's own cgroup namespace: what is mounted is all that can be
		              seen */
	if (strcmp(root, "/") == 0)
		return strcmp(path, "/") == 0 ? "" : path;
	if (strncmp(path, root, length) == 0 && (path[length] == '/' || path[length] == '\0'))
		return path + length;
	return strcmp(path, "/") == 0 ? "" : path;
}

struct cgroup_place cgroup_find(struct arena *arena,
		const char *groups,
		const char *mounts,
		const char *controller)
{
	struct cgroup_place place = {.version = 1, .mount = "", .path = ""};
	const char *path = group_path(arena, groups, controller), *hierarchy = controller;
	struct mount_line mount = {.root = "/"};
	if (!path) {
		hierarchy = "";
		place.version = 2;
		path = group_path(arena, groups, "");
	}
	if (!path)
		return (struct cgroup_place){.version = 0, .mount = "", .path = ""};
	if (mounts && find_mount(arena, mounts, hierarchy, &mount))
		place.mount = mount.point + 1;
	else
		place.mount = arena_printf(arena, "sys/fs/cgroup%s%s", *hierarchy ? "/" : "", hierarchy);
	place.path = below_root(path, mount.root);
	return place;
}

int cgroup_version(const char *groups)
{
	int version = 0;
	for (const char *line = groups; *line;) {
		bool unified = strncmp(line, "0::", 3) == 0,
			 named = strstr(line, ":name=") == strchr(line, ':');
		if (unified)
			version = version == 1 ? 12 : version ? version : 2;
		else if (!named)
			version = version == 2 ? 12 : version ? version : 1;
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return version;
}

/* A limit and where its numbers stand. */
struct resource_row {
	const char *controller, *max_key, *current_key;
	enum unit unit;
	const char *max_file[2], *current_file[2]; /* v1, v2 */
	bool by_room; /* the tightest is the one with the least room left, not the smallest */
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
				.by_room = true},
};

struct tightest {
	const char *directory; /* NULL: no group says anything */
	double max, current;
	int error; /* of a limit that could not be read; 0 */
	bool malformed;
	const char *bad_path;
};

/* NAN where the file does not say. */
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
	if (error != ENOENT && error != ENOTDIR) {
		found->malformed = error == 0;
		found->error = error;
		found->bad_path = path;
	}
	return NAN;
}

static bool is_tighter(const struct resource_row *row,
		const struct tightest *found,
		double max,
		double current)
{
	if (!found->directory)
		return true;
	if (!row->by_room || isnan(current) || isnan(found->current))
		return max < found->max;
	if (isinf(max) || isinf(found->max))
		return max < found->max;
	return max - current < found->max - found->current;
}

/* Goes up from the group to the mount point. */
static void find_tightest(struct probing *probing,
		const struct resource_row *row,
		const struct cgroup_place *place,
		struct tightest *found)
{
	char *path = arena_strdup(probing->arena, place->path);
	int index = place->version == 2;
	for (int i = 0; i < ANCESTORS_MAX; i++) {
		const char *directory = arena_printf(probing->arena, "%s%s", place->mount, path);
		double max = cgroup_read_limit(probing, directory, row->max_file[index], found);
		double current = isnan(max)
				? NAN
				: cgroup_read_limit(probing, directory, row->current_file[index], found);
		if (!isnan(max) && is_tighter(row, found, max, current)) {
			found->directory = directory;
			found->max = max;
			found->current = current;
		}
		char *slash = strrchr(path, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
}

static void put_current(struct probing *probing,
		const struct resource_row *row,
		const char *path,
		double current)
{
	if (isnan(current))
		put_missing(probing, row->current_key, NULL, FACT_ABSENT, row->unit, path, NULL);
	else
		put_number(probing, row->current_key, NULL, current, row->unit, path, NULL);
}

static void put_tightest(struct probing *probing,
		const struct resource_row *row,
		const struct cgroup_place *place,
		const struct tightest *found)
{
	int index = place->version == 2;
	if (found->bad_path && !found->directory) {
		if (found->malformed)
			put_malformed(probing,
					row->max_key,
					NULL,
					row->unit,
					found->bad_path,
					NULL,
					"not a limit");
		else
			put_errno(probing, row->max_key, NULL, row->unit, found->bad_path, found->error);
		return;
	}
	const char *directory = found->directory ? found->directory : place->mount;
	const char *max_path = arena_printf(probing->arena, "%s/%s", directory, row->max_file[index]);
	if (!found->directory) { /* the root group of a hierarchy has no limit files */
		put_missing(probing,
				row->max_key,
				NULL,
				FACT_ABSENT,
				row->unit,
				max_path,
				"no group above the process sets a limit that can be seen from here");
		put_missing(probing, row->current_key, NULL, FACT_ABSENT, row->unit, max_path, NULL);
		return;
	}
	struct fact *fact =
			put_number(probing, row->max_key, NULL, found->max, row->unit, max_path, NULL);
	if (found->bad_path)
		fact->note = arena_printf(probing->arena, "/%s could not be read", found->bad_path);
	put_current(probing,
			row,
			arena_printf(probing->arena, "%s/%s", directory, row->current_file[index]),
			found->current);
}

/* File cache of the tightest memory group: "file N" in v2, "total_cache N" in v1. */
static void put_file_cache(struct probing *probing, const char *directory, int version)
{
	char *text;
	uint64_t bytes;
	int line;
	double number;
	const char *path = arena_printf(probing->arena, "%s/memory.stat", directory);
	if (probing_read_text(probing, path, &text) != 0)
		return;
	if (parse_named(text, version == 2 ? "file" : "total_cache", &bytes, &line) &&
			parse_to_double(bytes, false, &number))
		put_number(probing, "cgroup.memory.file", NULL, number, UNIT_BYTES, path, NULL)->line =
				line;
}

static void probe_resource(struct probing *probing,
		const struct resource_row *row,
		const char *groups,
		const char *mounts)
{
	struct cgroup_place place = cgroup_find(probing->arena, groups, mounts, row->controller);
	struct tightest found = {.max = INFINITY, .current = NAN};
	if (place.version == 0) {
		put_missing(probing, row->max_key, NULL, FACT_ABSENT, row->unit, "proc/self/cgroup", NULL);
		put_missing(probing,
				row->current_key,
				NULL,
				FACT_ABSENT,
				row->unit,
				"proc/self/cgroup",
				NULL);
		return;
	}
	find_tightest(probing, row, &place, &found);
	put_tightest(probing, row, &place, &found);
	if (row->unit == UNIT_BYTES && found.directory)
		put_file_cache(probing, found.directory, place.version);
}

/* The unit of "/system.slice/nginx.service": the last part that ends in .service or .scope. */
static void put_unit(struct probing *probing, const char *groups)
{
	const char *path = group_path(probing->arena, groups, "name=systemd");
	if (!path || strcmp(path, "/") == 0)
		path = group_path(probing->arena, groups, "");
	const char *unit = NULL;
	char *copy = path ? arena_strdup(probing->arena, path) : NULL;
	for (char *part = copy ? strtok_r(copy, "/", &copy) : NULL; part;
			part = strtok_r(NULL, "/", &copy)) {
		const char *suffix = strrchr(part, '.');
		if (suffix && (strcmp(suffix, ".service") == 0 || strcmp(suffix, ".scope") == 0) &&
				strlen(part) < 200)
			unit = part;
	}
	if (unit)
		put_text(probing, "vantage.unit", NULL, unit, "proc/self/cgroup", path);
	else
		put_missing(probing,
				"vantage.unit",
				NULL,
				FACT_ABSENT,
				UNIT_TEXT,
				"proc/self/cgroup",
				NULL);
}

/* mountinfo names every mount of the machine: only the control groups' lines are kept. */
static const char *read_mounts(struct probing *probing)
{
	static const char path[] = "proc/self/mountinfo";
	const char *bytes;
	size_t length;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0 ||
			memchr(bytes, '\0', length))
		return NULL;
	char *kept = arena_alloc(probing->arena, length + 2), *end = kept;
	for (const char *line = bytes; *line;) {
		size_t size = strcspn(line, "\n");
		if (memmem(line, size, " - cgroup", 9)) {
			memcpy(end, line, size);
			end += size;
			*end++ = '\n';
		}
		line += size;
		line += *line == '\n';
	}
	source_keep(probing->source, path, kept, (size_t)(end - kept));
	return kept;
}

static void cgroup_run(struct probing *probing)
{
	static const char path[] = "proc/self/cgroup";
	char *groups;
	int error = probing_read_text(probing, path, &groups);
	if (error) {
		put_errno(probing, "cgroup.version", NULL, UNIT_COUNT, path, error);
		for (size_t i = 0; i < 2; i++) {
			put_errno(probing, resource_rows[i].max_key, NULL, resource_rows[i].unit, path, error);
			put_errno(probing,
					resource_rows[i].current_key,
					NULL,
					resource_rows[i].unit,
					path,
					error);
		}
		return;
	}
	put_number(probing, "cgroup.version", NULL, cgroup_version(groups), UNIT_COUNT, path, NULL);
	const char *mounts = read_mounts(probing);
	for (size_t i = 0; i < 2; i++)
		probe_resource(probing, &resource_rows[i], groups, mounts);
	put_unit(probing, groups);
}

const struct probe probe_cgroup = {.name = "cgroup", .run = cgroup_run};
