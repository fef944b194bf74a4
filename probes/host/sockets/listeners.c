/* Which processes have the listeners: their inodes are in the links of /proc/PID/fd. Reading those
 * costs a system call for each open file of the machine, so the search ends when all are found, and
 * at a bound. */
#include "probes/host/sockets/listeners.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "probes/host/parse.h"

/* Servers open their listeners first, so these have low descriptors, and /proc lists them in order.
 */
enum {
	PROCESSES_MAX = 4096,
	LINKS_MAX = 20000,
	PROCESS_LINKS_MAX = 512,
	PROCESS_CHARS = 64
};

struct search {
	struct probing *probing;
	struct socket_tally *tally;
	size_t left;    /* wanted listeners without a process */
	unsigned links; /* read so far */
	bool cut;       /* some process has more than PROCESS_LINKS_MAX files */
	bool sizes;     /* the size of /proc/PID/fd is the number of files */
};

static int compare_inodes(const void *a, const void *b)
{
	const struct listener_socket *left = a, *right = b;
	return (left->inode > right->inode) - (left->inode < right->inode);
}

static void sort_inodes(struct socket_tally *tally)
{
	struct listener_socket *all = tally->listener_sockets;
	if (all)
		qsort(all, tally->listener_socket_count, sizeof *all, compare_inodes);
}

/* They must have been sorted. */
static struct listener *find_inode(struct socket_tally *tally, uint64_t inode)
{
	const struct listener_socket *found = NULL, *all = tally->listener_sockets;
	const struct listener_socket wanted = {.inode = (uint32_t)inode};
	if (all && inode <= UINT32_MAX)
		found = bsearch(&wanted, all, tally->listener_socket_count, sizeof *all, compare_inodes);
	if (!found)
		return NULL;
	return &tally->listeners[found->listener];
}

/* Unless all are asked for, only those are wanted that findings name: inside the ephemeral range.
 */
static bool listeners_is_wanted(const struct probing *probing, const struct listener *listener)
{
	unsigned port = listener->at.port;
	if (probing->options->all_files || probing->options->pid != 0)
		return true;
	return port >= probing->port_low && port <= probing->port_high;
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
	return text_clean(search->probing->arena, text, strcspn(text, "\n"), PROCESS_CHARS);
}

static void take_link(struct search *search, int pid, const char *target)
{
	uint64_t inode;
	const char *cursor = target + 8;
	if (!text_begins_with(target, "socket:[") || !parse_u64(&cursor, &inode))
		return;
	struct listener *listener = find_inode(search->tally, inode);
	if (!listener)
		return;
	if (pid == search->probing->options->pid)
		listener->own = true;
	if (listener->process)
		return;
	listener->process = process_name(search, pid);
	if (listener->process && listeners_is_wanted(search->probing, listener))
		search->left--;
}

/* Reads one link of the open directory /proc/PID/fd. false: the search of this process ends; it
 * does at the latest when `most` links were read. */
static bool read_link(struct search *search, int pid, int fd, const char *name, unsigned most)
{
	char target[64];
	if (search->left == 0 || search->links >= LINKS_MAX)
		return false;
	if (search->links == most) {
		search->cut = true;
		return false;
	}
	search->links++;
	ssize_t length = readlinkat(fd, name, target, sizeof target - 1);
	if (length <= 0)
		return true;
	target[length] = '\0';
	take_link(search, pid, target);
	return true;
}

static void read_links(struct search *search, int pid, int fd)
{
	_Alignas(struct dirent64) char entries[8192];
	unsigned most = search->links + PROCESS_LINKS_MAX;
	for (;;) {
		ssize_t got = getdents64(fd, (void *)entries, sizeof entries), at = 0;
		if (got <= 0)
			return;
		while (at < got) {
			const struct dirent64 *entry = (const void *)(entries + at);
			const char *name = entry->d_name;
			at += entry->d_reclen;
			if (name[0] != '.' && !read_link(search, pid, fd, name, most))
				return;
		}
	}
}

/* Returns 0 or an errno. */
static int search_process(struct search *search, int pid)
{
	char path[64];
	struct source *source = search->probing->source;
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	/* Kernel threads have no files. Since 6.2 the size of the directory says so (commit
	 * f1f1f2569901). */
	if (search->sizes && source_size_is_zero(source, path))
		return 0;
	int fd = source_open(source, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return errno; /* another user's process, or gone */
	read_links(search, pid, fd);
	close(fd);
	return 0;
}

/* The listeners of the vantage process are its own: they must all be found. */
static void search_own(struct search *search, int pid)
{
	int error = search_process(search, pid);
	if (error == 0 && search->cut)
		error = EFBIG;
	search->tally->own_error = error;
}

/* All but the vantage process, which was searched before. The youngest come first: servers are
 * younger than the kernel's threads. */
static void listeners_search(struct search *search, const int *pids, size_t count)
{
	for (size_t i = count; i > 0; i--) {
		if (search->left == 0 || search->links >= LINKS_MAX)
			return;
		if (pids[i - 1] != search->probing->options->pid)
			(void)search_process(search, pids[i - 1]);
	}
}

const char *listeners_find_processes(struct probing *probing, struct socket_tally *tally)
{
	struct search search = {
			.probing = probing,
			.tally = tally,
			.left = count_wanted(probing, tally),
	};
	const int *pids;
	size_t count;
	bool more;
	if (search.left == 0)
		return "outside the range of outgoing ports, so headroom did not look for it (headroom "
			   "facts names all)";
	sort_inodes(tally);
	search.sizes = facts_number(probing->facts, "kernel.version") >= 6002;
	if (probing->options->pid != 0)
		search_own(&search, probing->options->pid);
	if (source_pids(probing->source, PROCESSES_MAX, &pids, &count, &more) != 0)
		return "/proc could not be listed";
	if (more)
		return "more than 4,096 processes: not searched";
	listeners_search(&search, pids, count);
	if (search.links >= LINKS_MAX)
		return "more than 20,000 open files: not all were searched";
	if (search.left && search.cut)
		return "not among the first 512 files of any process that can be seen from here";
	return "no process that can be seen from here has it";
}
