/* /proc/PID/stat of all processes: the lists of children stand at each thread, and a server has
 * more of those than a host has processes. */
#include "probes/trace/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "probes/watch/family.h"

enum {
	PIDS_MAX = 65536
};

static int parent_of(struct source *source, int pid)
{
	char path[64];
	const char *text;
	size_t length;
	struct process_stat stat;
	(void)snprintf(path, sizeof path, "proc/%d/stat", pid);
	if (source_read_bytes(source, path, &text, &length) != 0 || !process_stat_parse(text, &stat))
		return 0;
	return stat.parent;
}

static void follow_one(struct source *source, int pid, struct calls *calls)
{
	char path[64], name[CALLS_NAME_MAX] = "";
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/comm", pid);
	if (source_read_bytes(source, path, &text, &length) == 0)
		(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(text, "\n"), text);
	calls_follow(calls, pid, name);
}

struct member {
	int pid, parent;
	bool inside;
};

static int compare_members(const void *a, const void *b)
{
	const struct member *one = a, *other = b;
	return (one->pid > other->pid) - (one->pid < other->pid);
}

/* One more generation: whose parent is inside is inside. false: there was none. */
static bool grow(struct member *members, size_t count)
{
	bool grown = false;
	for (size_t i = 0; i < count; i++) {
		const struct member key = {.pid = members[i].parent};
		if (members[i].inside)
			continue;
		const struct member *parent =
				bsearch(&key, members, count, sizeof *members, compare_members);
		if (parent && parent->inside)
			grown = members[i].inside = true;
	}
	return grown;
}

bool tree_follow(struct arena *arena, struct source *source, int root, struct calls *calls)
{
	const int *pids;
	size_t count = 0;
	bool more = false;
	follow_one(source, root, calls);
	if (source_pids(source, PIDS_MAX, &pids, &count, &more) != 0)
		return true;
	struct member *members = arena_alloc(arena, count * sizeof *members);
	for (size_t i = 0; i < count; i++)
		members[i] = (struct member){.pid = pids[i], .inside = pids[i] == root};
	for (size_t i = 0; i < count; i++)
		members[i].parent = parent_of(source, members[i].pid);
	qsort(members, count, sizeof *members, compare_members);
	while (grow(members, count))
		continue;
	for (size_t i = 0; i < count; i++)
		if (members[i].inside && members[i].pid != root)
			follow_one(source, members[i].pid, calls);
	return more;
}
