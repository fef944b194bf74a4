/* An instance is an open file that links to "anon_inode:inotify". To find them costs a system call
 * for each open file of the machine, so they are counted on request only, and up to a bound. Of
 * several processes that inherited one instance each counts it: the number is at most. The kernel
 * counts for the user who opened it; here that is the effective user of the process. In a snapshot
 * the counts are kept in the file "inotify.users". */
#include "probes/host/processes/inotify.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

enum {
	LINKS_MAX = 200000,
	AHEAD_MAX = 32768, /* processes */
	USERS_MAX = 256,
	LINK_CHARS = 64
};

static const char inotify_key[] = "inotify.instances";
static const char kept_users[] = "inotify.users";
static const char inotify_link[] = "anon_inode:inotify";
static const char whole_word[] = "complete", part_word[] = "partial";

struct inotify_user {
	unsigned uid;
	unsigned long instances;
};

struct inotify_search {
	struct probing *probing;
	struct inotify_user *users;
	size_t count, capacity;
	unsigned links; /* read so far */
	bool partial;   /* some files could not be seen */
	bool sizes;     /* the size of /proc/PID/fd is the number of files */
};

static struct inotify_user *inotify_user_of(struct inotify_search *search, unsigned uid)
{
	for (size_t i = 0; i < search->count; i++) {
		if (search->users[i].uid == uid)
			return &search->users[i];
	}
	if (search->count == USERS_MAX) {
		search->partial = true;
		return NULL;
	}
	struct arena *arena = search->probing->arena;
	const size_t size = sizeof *search->users;
	search->users = arena_grow(arena, search->users, search->count, &search->capacity, size);
	struct inotify_user *user = &search->users[search->count++];
	*user = (struct inotify_user){.uid = uid};
	return user;
}

static bool inotify_is_instance(int fd, const char *name)
{
	char target[LINK_CHARS];
	ssize_t length = readlinkat(fd, name, target, sizeof target - 1);
	if (length <= 0)
		return false;
	target[length] = '\0';
	return strcmp(target, inotify_link) == 0;
}

/* Of the open directory /proc/PID/fd. */
static unsigned long inotify_count(struct inotify_search *search, DIR *directory)
{
	unsigned long found = 0;
	int fd = dirfd(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		if (search->links == LINKS_MAX) {
			search->partial = true;
			break;
		}
		search->links++;
		found += inotify_is_instance(fd, entry->d_name);
	}
	return found;
}

/* The effective user. false: the process has ended. */
static bool inotify_uid(struct inotify_search *search, int pid, unsigned *ret_uid)
{
	static const char name[] = "\nUid:";
	char path[64];
	const char *status;
	size_t length;
	uint64_t uid;
	(void)snprintf(path, sizeof path, "proc/%d/status", pid);
	if (source_read_bytes(search->probing->source, path, &status, &length) != 0)
		return false;
	const char *line = strstr(status, name);
	if (!line || !parse_field(line + strlen(name), 1, &uid))
		return false;
	*ret_uid = (unsigned)uid;
	return uid <= UINT32_MAX;
}

static void inotify_take(struct inotify_search *search, unsigned long found, int pid)
{
	unsigned uid;
	if (found == 0 || !inotify_uid(search, pid, &uid))
		return;
	struct inotify_user *user = inotify_user_of(search, uid);
	if (user)
		user->instances += found;
}

static int by_pid(const void *a, const void *b)
{
	const struct counted_process *left = a, *right = b;
	return (left->pid > right->pid) - (left->pid < right->pid);
}

static const struct counted_process *find_counted(const struct inotify_search *search, int pid)
{
	const struct host_counted *counted = &search->probing->options->counted;
	const struct counted_process wanted = {.pid = pid};
	if (counted->count == 0)
		return NULL;
	return bsearch(&wanted, counted->items, counted->count, sizeof wanted, by_pid);
}

static void inotify_search_process(struct inotify_search *search, int pid)
{
	char path[64];
	struct source *source = search->probing->source;
	const struct counted_process *counted = find_counted(search, pid);
	if (counted) {
		inotify_take(search, counted->inotify, pid);
		return;
	}
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	if (search->sizes && source_size_is_zero(source, path))
		return; /* a thread of the kernel */
	int fd = source_open(source, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0) {
		bool gone = errno == ENOENT || errno == ESRCH;
		search->partial = search->partial || !gone;
		return;
	}
	DIR *directory = file_read_directory(fd);
	if (!directory) {
		close(fd);
		return;
	}
	inotify_take(search, inotify_count(search, directory), pid);
	closedir(directory);
}

static void inotify_put_user(struct probing *probing, unsigned uid, double instances)
{
	static const char where[] = "/proc/*/fd: anon_inode:inotify";
	const char *instance = arena_printf(probing->arena, "%u", uid);
	struct fact *fact;
	fact = facts_put_number(probing->facts, inotify_key, instance, instances, UNIT_COUNT, where);
	fact->read_at = probing->read_at;
}

static void inotify_put_list(struct probing *probing, bool partial)
{
	enum list_state state = LIST_COMPLETE;
	if (partial)
		state = LIST_PARTIAL;
	put_lists(probing, "inotify.", state, 0);
}

static void inotify_keep(const struct inotify_search *search)
{
	__attribute__((cleanup(text_release))) struct text kept = {0};
	const char *word = whole_word;
	if (search->partial)
		word = part_word;
	text_addf(&kept, "%s\n", word);
	for (size_t i = 0; i < search->count; i++) {
		const struct inotify_user *user = &search->users[i];
		text_addf(&kept, "%u %lu\n", user->uid, user->instances);
	}
	source_keep(search->probing->source, kept_users, kept.data, kept.length);
}

/* A line "UID COUNT" for each user below the word. */
static void inotify_put_kept(struct probing *probing)
{
	char *text;
	put_lists(probing, "inotify.", LIST_SKIPPED, 0);
	if (probing_read_text(probing, kept_users, &text) != 0)
		return;
	bool partial = text_begins_with(text, part_word);
	if (!partial && !text_begins_with(text, whole_word))
		return;
	unsigned users = 0;
	for (const char *line = parse_next_line(text); *line; line = parse_next_line(line)) {
		uint64_t uid, instances;
		if (!parse_field(line, 0, &uid) || !parse_field(line, 1, &instances))
			return;
		if (uid > UINT32_MAX || instances > INT32_MAX || ++users > USERS_MAX)
			return;
		inotify_put_user(probing, (unsigned)uid, (double)instances);
	}
	inotify_put_list(probing, partial);
}

void inotify_put(struct probing *probing, const int *pids, size_t count, bool more)
{
	struct inotify_search search = {.probing = probing, .partial = more};
	if (!probing->live) {
		inotify_put_kept(probing);
		return;
	}
	put_lists(probing, "inotify.", LIST_SKIPPED, 0);
	if (!probing->options->all_files)
		return;
	search.sizes = facts_number(probing->facts, "kernel.version") >= 6002;
	search.links = probing->options->counted.links;
	search.partial |= probing->options->counted.partial;
	for (size_t i = 0; i < count; i++)
		inotify_search_process(&search, pids[i]);
	for (size_t i = 0; i < search.count; i++)
		inotify_put_user(probing, search.users[i].uid, (double)search.users[i].instances);
	inotify_put_list(probing, search.partial);
	inotify_keep(&search);
}

/* --- ahead ---------------------------------------------------------------------------------- */

/* false: its files cannot be seen. */
static bool count_process(struct inotify_search *search, int pid, size_t *ret_instances)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	__attribute__((cleanup(file_close_directory))) DIR *directory = file_open_directory(path);
	if (!directory)
		return false;
	*ret_instances = inotify_count(search, directory);
	return true;
}

void inotify_count_ahead(struct arena *arena,
		const struct counted_process *known,
		struct host_counted *ret_counted)
{
	struct inotify_search search = {0};
	struct counted_process *items = NULL;
	size_t count = 0, capacity = 0;
	uint64_t pid;
	*ret_counted = (struct host_counted){0};
	__attribute__((cleanup(file_close_directory))) DIR *proc = file_open_directory("/proc");
	if (!proc)
		return;
	for (const struct dirent *entry; (entry = readdir(proc)) != NULL && count < AHEAD_MAX;) {
		if (!parse_whole(entry->d_name, &pid) || pid == 0 || pid > INT32_MAX)
			continue;
		struct counted_process one = {.pid = (int)pid};
		if (known && known->pid == one.pid)
			one = *known;
		else if (!count_process(&search, one.pid, &one.inotify))
			continue;
		items = arena_grow(arena, items, count, &capacity, sizeof *items);
		items[count++] = one;
	}
	if (count > 1)
		qsort(items, count, sizeof *items, by_pid);
	*ret_counted = (struct host_counted){items, count, search.links, search.partial};
}
