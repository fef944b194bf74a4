/* Memory and files the host can spare. */
#include "probes/stress/budget.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/cgroup.h"
#include "probes/host/parse.h"

enum {
	FILE_MAX = 65536,
	ANCESTORS_MAX = 64
};

static const double mebibyte = 1048576.0;

static double named(const char *text, const char *name)
{
	uint64_t number;
	int line;
	return parse_named(text, name, &number, &line) ? (double)number : NAN;
}

/* MemFree + Cached + Buffers - Shmem, less a reserve: a seventh of the machine, at most 4 GiB. */
static double machine_memory(char *buffer)
{
	const char *text = file_text("/proc/meminfo", buffer, FILE_MAX);
	double total = named(text, "MemTotal"), free_kib = named(text, "MemFree"),
		   cached = named(text, "Cached");
	double buffers = named(text, "Buffers"), shared = named(text, "Shmem");
	double spare = (free_kib + cached + buffers - shared) * 1024 -
			fmin(total * 1024 / 7, 4096 * mebibyte);
	return isnan(spare) ? INFINITY : fmax(spare, 0);
}

struct group_files {
	const char *limit, *used, *stat_cache;
};

static const struct group_files group_files[3] = {
		[1] = {"memory.limit_in_bytes", "memory.usage_in_bytes", "total_cache"},
		[2] = {"memory.max", "memory.current", "file"},
};

static double group_number(const char *directory, const char *file, char *buffer)
{
	char path[1024];
	double number;
	(void)snprintf(path, sizeof path, "%s/%s", directory, file);
	char *text = (char *)file_text(path, buffer, FILE_MAX);
	text[strcspn(text, "\n")] = '\0';
	uint64_t whole;
	if (parse_whole(text, &whole))
		return parse_to_double(whole, true, &number) ? number : INFINITY;
	return NAN;
}

static double group_spare(const char *directory, int version, char *buffer)
{
	const struct group_files *files = &group_files[version];
	char path[1024];
	double limit = group_number(directory, files->limit, buffer);
	double used = group_number(directory, files->used, buffer);
	if (isnan(limit) || isinf(limit) || isnan(used))
		return INFINITY;
	(void)snprintf(path, sizeof path, "%s/memory.stat", directory);
	double cache = named(file_text(path, buffer, FILE_MAX), files->stat_cache);
	/* Not all of the cache can be dropped at once: half of it is counted. */
	return fmax(limit - used + (isnan(cache) ? 0 : cache / 2) - fmin(limit / 7, 64 * mebibyte), 0);
}

/* The tightest of all ancestors that can be seen. */
static double group_memory(struct arena *arena, char *buffer)
{
	char *groups = arena_strdup(arena, file_text("/proc/self/cgroup", buffer, FILE_MAX));
	struct cgroup_place place = cgroup_find(arena,
			groups,
			file_text("/proc/self/mountinfo", buffer, FILE_MAX),
			"memory");
	double spare = INFINITY;
	if (place.version != 1 && place.version != 2)
		return spare;
	char *path = arena_strdup(arena, place.path);
	for (unsigned i = 0; i < ANCESTORS_MAX; i++) {
		char directory[900];
		if (snprintf(directory, sizeof directory, "/%s%s", place.mount, path) <
				(int)sizeof directory)
			spare = fmin(spare, group_spare(directory, place.version, buffer));
		char *slash = strrchr(path, '/');
		if (!slash)
			break;
		*slash = '\0';
	}
	return spare;
}

double budget_memory(void)
{
	struct arena *arena = arena_new();
	char *buffer = arena_alloc(arena, FILE_MAX);
	double spare = machine_memory(buffer);
	spare = fmin(spare, group_memory(arena, buffer));
	arena_free(arena);
	return spare;
}

double budget_files(void)
{
	char *buffer, text[64];
	struct arena *arena = arena_new();
	uint64_t used, max;
	double left = INFINITY, limit;
	buffer = arena_alloc(arena, FILE_MAX);
	(void)snprintf(text, sizeof text, "%.60s", file_text("/proc/sys/fs/file-nr", buffer, FILE_MAX));
	/* "used free max" (Documentation/admin-guide/sysctl/fs.rst) */
	if (parse_field(text, 0, &used) && parse_field(text, 2, &max) &&
			parse_to_double(max, true, &limit))
		left = fmax(limit * 0.8 - (double)used, 0);
	arena_free(arena);
	return left;
}

bool budget_allows(struct worker *worker, double connections, double tasks)
{
	const struct calibrate_request *request = worker->request;
	double bytes = connections * BUDGET_PAIR_BYTES, spare = budget_memory(), files = budget_files();
	char need[NUMBER_TEXT_MAX], have[NUMBER_TEXT_MAX];
	if (bytes > request->bytes)
		return worker_refuse(worker,
				"not run: %.0f connections need about %s of kernel memory, and the budget is %s",
				connections,
				text_number(need, bytes, UNIT_BYTES),
				text_number(have, request->bytes, UNIT_BYTES));
	if (bytes > spare)
		return worker_refuse(worker,
				"not run: %.0f connections need about %s of kernel memory, and this host can "
				"spare %s",
				connections,
				text_number(need, bytes, UNIT_BYTES),
				text_number(have, spare, UNIT_BYTES));
	if (connections > files)
		return worker_refuse(worker,
				"not run: it needs %.0f open files, and 80%% of fs.file-max leaves %.0f",
				connections,
				files);
	if (tasks > request->processes)
		return worker_refuse(worker,
				"not run: it needs %.0f threads with a file table each, and the budget is %.0f",
				tasks,
				request->processes);
	return true;
}
