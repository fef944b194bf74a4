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

/* The text of a file of the process; NULL: it is gone. */
static const char *file_of(struct source *source, int pid, const char *file)
{
	char path[64];
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/%s", pid, file);
	if (source_read_bytes(source, path, &text, &length) != 0)
		return NULL;
	return text;
}

static int parent_of(struct source *source, int pid)
{
	struct process_stat stat;
	const char *text = file_of(source, pid, "stat");
	if (!text || !process_stat_parse(text, &stat))
		return 0;
	return stat.parent;
}

static void follow_one(struct source *source, int pid, struct calls *calls)
{
	char name[CALLS_NAME_MAX] = "";
	const char *text = file_of(source, pid, "comm");
	if (text) {
		int length = (int)strcspn(text, "\n");
		(void)snprintf(name, sizeof name, "%.*s", length, text);
	}
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

static const struct member *find_member(const struct member *members, size_t count, int pid)
{
	const struct member key = {.pid = pid};
	return bsearch(&key, members, count, sizeof *members, compare_members);
}

/* One more generation: whose parent is inside is inside. false: there was none. */
static bool grow(struct member *members, size_t count)
{
	bool grown = false;
	for (size_t i = 0; i < count; i++) {
		struct member *member = &members[i];
		const struct member *parent = find_member(members, count, member->parent);
		if (member->inside || !parent || !parent->inside)
			continue;
		member->inside = true;
		grown = true;
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
	for (size_t i = 0; i < count; i++) {
		struct member *member = &members[i];
		member->pid = pids[i];
		member->inside = pids[i] == root;
	}
	for (size_t i = 0; i < count; i++)
		members[i].parent = parent_of(source, members[i].pid);
	qsort(members, count, sizeof *members, compare_members);
	while (grow(members, count))
		continue;
	for (size_t i = 0; i < count; i++) {
		const struct member *member = &members[i];
		bool follow = member->inside && member->pid != root;
		if (follow)
			follow_one(source, member->pid, calls);
	}
	return more;
}
