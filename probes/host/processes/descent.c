/* Follows the parents upwards: few processes are asked about, and their families are not deep. */
#include "probes/host/processes/descent.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/os/file.h"

enum {
	PATH_BYTES = 64,
	STAT_BYTES = 1024,
	GENERATIONS_MAX = 64
};

/* The fourth field of /proc/PID/stat, behind the name, which may hold anything. 0: it is gone. */
static int parent_of(int pid)
{
	char path[PATH_BYTES], text[STAT_BYTES];
	(void)snprintf(path, sizeof path, "/proc/%d/stat", pid);
	ssize_t length = file_read_path(path, text, sizeof text - 1);
	if (length <= 0)
		return 0;
	text[length] = '\0';
	const char *behind = strrchr(text, ')');
	if (!behind)
		return 0;
	/* ") S 1 …" */
	const char *state = strchr(behind, ' ');
	if (!state)
		return 0;
	state++;
	const char *parent = strchr(state, ' ');
	if (!parent)
		return 0;
	return atoi(parent);
}

static bool descends(int pid, int from)
{
	for (int i = 0; i < GENERATIONS_MAX && pid > 1; i++) {
		if (pid == from)
			return true;
		pid = parent_of(pid);
	}
	return pid == from;
}

struct name_list descent_of(struct arena *arena, const struct facts *facts, int pid)
{
	static const char *const keys[] = {"files.open", "beam.fds_open"};
	const char *own = arena_printf(arena, "%d", pid);
	struct name_list names = {0};
	name_list_append(arena, &names, own);
	for (size_t k = 0; k < COUNT_OF(keys); k++) {
		size_t first;
		size_t end = facts_instances(facts, keys[k], &first);
		end += first;
		for (size_t i = first; i < end; i++) {
			const char *instance = facts->items[i]->instance;
			int other = atoi(instance);
			if (descends(other, pid))
				name_list_add_once(arena, &names, instance);
		}
	}
	return names;
}
