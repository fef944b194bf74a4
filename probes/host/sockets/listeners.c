/* Which processes have the listeners: the socket inodes of /proc/PID/fd. That costs a system call
 * for each open file of the machine, so it ends when all are found, and at a bound. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/sockets.h"

/* Servers open their listeners first: low descriptors, and /proc lists them in order. */
enum {
	PROCESSES_MAX = 4096,
	LINKS_MAX = 20000,
	PROCESS_LINKS_MAX = 512
};

struct search {
	struct probing *probing;
	struct socket_tally *tally;
	size_t left;    /* wanted listeners without a process */
	unsigned links; /* read so far */
	bool cut;       /* some process has more than PROCESS_LINKS_MAX files */
	bool sizes;     /* the size of /proc/PID/fd is the number of files */
};

static struct listener *find_inode(struct socket_tally *tally, uint64_t inode)
{
	for (size_t i = 0; i < tally->listener_count; i++)
		if (tally->listeners[i].inode == inode && inode != 0)
			return &tally->listeners[i];
	return NULL;
}

/* Without being asked for all, only those that findings name: inside the ephemeral range. */
static bool listeners_is_wanted(const struct probing *probing, const struct listener *listener)
{
	return probing->options->listener_processes || probing->options->pid != 0 ||
			(listener->at.port >= probing->port_low && listener->at.port <= probing->port_high);
}

static size_t count_wanted(const struct probing *probing, const struct socket_tally *tally)
{
	size_t count = 0;
	for (size_t i = 0; i < tally->listener_count; i++)
		count += listeners_is_wanted(probing, &tally->listeners[i]);
	return count;
}

static const char *process_name(struct search *search, int pid)
{
	char path[64];
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/comm", pid);
	if (source_read_bytes(search->probing->source, path, &text, &length) != 0)
		return NULL;
	return text_clean(search->probing->arena, text, strcspn(text, "\n"), 64);
}

static void take_link(struct search *search, int pid, const char *target)
{
	uint64_t inode;
	const char *cursor = target + 8;
	if (strncmp(target, "socket:[", 8) != 0 || !parse_u64(&cursor, &inode))
		return;
	struct listener *listener = find_inode(search->tally, inode);
	if (!listener)
		return;
	listener->own |= search->probing->options->pid == pid;
	if (listener->process)
		return;
	listener->process = process_name(search, pid);
	search->left -= listener->process != NULL && listeners_is_wanted(search->probing, listener);
}

static void read_links(struct search *search, int pid, int fd)
{
	_Alignas(struct dirent64) char entries[8192];
	char target[64];
	unsigned most = search->links + PROCESS_LINKS_MAX;
	for (ssize_t got; (got = getdents64(fd, entries, sizeof entries)) > 0;) {
		for (ssize_t at = 0; at < got;) {
			const struct dirent64 *entry = (const void *)(entries + at);
			at += entry->d_reclen;
			if (entry->d_name[0] == '.')
				continue;
			if (search->left == 0 || search->links >= LINKS_MAX)
				return;
			search->cut |= search->links == most;
			if (search->links++ >= most)
				return;
			ssize_t length = readlinkat(fd, entry->d_name, target, sizeof target - 1);
			if (length <= 0)
				continue;
			target[length] = '\0';
			take_link(search, pid, target);
		}
	}
}

static void search_process(struct search *search, int pid)
{
	char path[64];
	struct source *source = search->probing->source;
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	/* Kernel threads have no files; since 6.2 the size says so (f1f1f2569901). */
	if (search->sizes && source_size_is_zero(source, path))
		return;
	int fd = source_open(source, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return; /* another user's process, or gone */
	read_links(search, pid, fd);
	close(fd);
}

const char *listeners_find_processes(struct probing *probing, struct socket_tally *tally)
{
	struct search search = {.probing = probing,
			.tally = tally,
			.left = count_wanted(probing, tally)};
	const int *pids;
	size_t count;
	bool more;
	if (search.left == 0)
		return "outside the ephemeral range: not looked for (headroom facts names all)";
	search.sizes = facts_number(probing->facts, "kernel.version") >= 6002;
	if (probing->options->pid != 0)
		search_process(&search, probing->options->pid);
	if (source_pids(probing->source, PROCESSES_MAX, &pids, &count, &more) != 0)
		return "/proc could not be listed";
	if (more)
		return "more than 4,096 processes: not searched";
	/* Servers are younger than the kernel's threads. */
	for (size_t i = count; i-- > 0 && search.left > 0 && search.links < LINKS_MAX;)
		if (pids[i] != probing->options->pid)
			search_process(&search, pids[i]);
	if (search.links >= LINKS_MAX)
		return "more than 20,000 open files: not all were searched";
	if (search.left && search.cut)
		return "not among the first 512 files of any process that can be seen from here";
	return "no process that can be seen from here has it";
}
