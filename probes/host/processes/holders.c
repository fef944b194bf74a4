/* One dump of the sockets, then the links of /proc/PID/fd: they name the inodes of sockets. What is
 * in TIME_WAIT belongs to nobody any more. */
#include "probes/host/processes/holders.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/namespace.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/sock_diag.h"

enum {
	ROWS_MAX = 131072,
	LINKS_MAX = 200000,
	NAME_CHARS = 64,
	LINK_CHARS = 64
};

/* A connected socket. */
struct row {
	struct endpoint to;
	uint32_t inode; /* 0: nobody has it */
	uint8_t state;
	bool accepted;
	int pid; /* 0: not found */
};

struct search {
	struct arena *arena;
	const struct held_query *query;
	struct row *rows;
	size_t count, capacity;
	struct portset listening;
	size_t links, left; /* links read; rows whose process is looked for */
	bool partial;
};

/* --- the sockets ---------------------------------------------------------------------------- */

static bool goes_there(const struct held_query *query, const struct endpoint *to)
{
	if (query->port && to->port != query->port)
		return false;
	if (query->to.family == 0)
		return true;
	if (to->family != query->to.family)
		return false;
	return memcmp(to->address, query->to.bytes, sizeof to->address) == 0;
}

static void take_socket(void *context, const struct tally_socket *socket)
{
	struct search *search = context;
	if (socket->state == STATE_LISTEN) {
		portset_add(&search->listening, socket->local.port, socket->local.port);
		return;
	}
	if (socket->remote.port == 0 || !goes_there(search->query, &socket->remote))
		return;
	if (search->query->local_port && socket->local.port != search->query->local_port)
		return;
	if (search->count == ROWS_MAX) {
		search->partial = true;
		return;
	}
	search->rows = arena_grow(search->arena,
			search->rows,
			search->count,
			&search->capacity,
			sizeof *search->rows);
	search->rows[search->count++] = (struct row){
			.to = socket->remote,
			.inode = socket->inode,
			.state = (uint8_t)socket->state,
			.accepted = portset_has(&search->listening, socket->local.port),
	};
	search->left += socket->inode != 0;
}

static int dump_sockets(struct search *search)
{
	struct namespace namespace = NAMESPACE_NONE;
	struct error err = {0};
	int error = 0;
	bool denied = false;
	if (search->query->pid && !namespace_enter(&namespace, search->query->pid, &denied, &err))
		return EIO;
	struct socket_dump *dump = denied ? NULL : socket_dump_open(&error);
	if (dump)
		error = socket_dump_read(dump, take_socket, search);
	else if (denied)
		error = EPERM;
	if (dump)
		socket_dump_close(dump);
	if (!namespace_leave(&namespace, &err))
		return EIO;
	return error;
}

/* --- the processes -------------------------------------------------------------------------- */

static int by_inode(const void *a, const void *b)
{
	const struct row *left = a, *right = b;
	return (left->inode > right->inode) - (left->inode < right->inode);
}

static struct row *row_of_inode(const struct search *search, uint64_t inode)
{
	const struct row wanted = {.inode = (uint32_t)inode};
	if (inode == 0 || inode > UINT32_MAX || search->count == 0)
		return NULL;
	return bsearch(&wanted, search->rows, search->count, sizeof *search->rows, by_inode);
}

static bool socket_inode(const char *target, uint64_t *ret_inode)
{
	static const char mark[] = "socket:[";
	const char *cursor = target + sizeof mark - 1;
	return text_begins_with(target, mark) && parse_u64(&cursor, ret_inode);
}

static void link_at(int fd, const char *name, char target[LINK_CHARS])
{
	ssize_t length = readlinkat(fd, name, target, LINK_CHARS - 1);
	if (length < 0)
		length = 0;
	target[length] = '\0';
}

static DIR *open_files_of(int pid)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	return file_open_directory(path);
}

static void take_file(struct search *search, int pid, const char *target)
{
	uint64_t inode;
	if (!socket_inode(target, &inode))
		return;
	struct row *row = row_of_inode(search, inode);
	if (!row || row->pid)
		return;
	row->pid = pid;
	search->left--;
}

static void search_files(struct search *search, int pid)
{
	char target[LINK_CHARS];
	__attribute__((cleanup(file_close_directory))) DIR *directory = open_files_of(pid);
	if (!directory) {
		search->partial |= errno == EACCES;
		return;
	}
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		if (search->links++ >= LINKS_MAX) {
			search->partial = true;
			return;
		}
		link_at(dirfd(directory), entry->d_name, target);
		take_file(search, pid, target);
		if (search->left == 0)
			return;
	}
}

static void search_processes(struct search *search)
{
	__attribute__((cleanup(file_close_directory))) DIR *directory = file_open_directory("/proc");
	if (search->query->pid)
		search_files(search, search->query->pid);
	if (!directory)
		return;
	for (const struct dirent *entry; search->left > 0 && (entry = readdir(directory)) != NULL;) {
		const char *cursor = entry->d_name;
		uint64_t pid;
		if (!parse_u64(&cursor, &pid) || *cursor || pid > INT32_MAX)
			continue;
		if ((int)pid != search->query->pid)
			search_files(search, (int)pid);
	}
}

/* --- the answer ----------------------------------------------------------------------------- */

static const char *holder_name(struct arena *arena, int pid)
{
	char path[64], name[NAME_CHARS];
	(void)snprintf(path, sizeof path, "/proc/%d/comm", pid);
	const char *text = file_text(path, name, sizeof name);
	return text_clean(arena, text, strcspn(text, "\n"), NAME_CHARS);
}

static int by_destination(const void *a, const void *b)
{
	const struct row *left = a, *right = b;
	int order = memcmp(&left->to, &right->to, sizeof left->to);
	if (order)
		return order;
	return (left->pid > right->pid) - (left->pid < right->pid);
}

/* Keeps those with the most sockets. */
static void keep_holder(struct held *held, int pid, size_t sockets)
{
	struct holder one = {.pid = pid, .sockets = sockets};
	for (size_t i = 0; i < HOLDERS_SHOWN; i++) {
		struct holder *slot = &held->holders[i];
		if (i < held->holder_count && slot->sockets >= one.sockets)
			continue;
		struct holder moved = *slot;
		*slot = one;
		one = moved;
		if (i == held->holder_count) {
			held->holder_count++;
			return;
		}
	}
}

/* Rows of one destination, by process. */
static struct held sum_up(const struct row *rows, size_t count)
{
	struct held held = {.to = rows[0].to, .total = count};
	for (size_t i = 0; i < count; i++) {
		held.states[rows[i].state]++;
		held.accepted += rows[i].accepted;
	}
	for (size_t i = 0, end; i < count; i = end) {
		for (end = i; end < count && rows[end].pid == rows[i].pid;)
			end++;
		if (rows[i].pid)
			keep_holder(&held, rows[i].pid, end - i);
	}
	return held;
}

static void keep_held(struct held_answer *answer, const struct held *held)
{
	struct held one = *held;
	for (size_t i = 0; i < HELD_SHOWN; i++) {
		struct held *slot = &answer->items[i];
		if (i < answer->count && slot->total >= one.total)
			continue;
		struct held moved = *slot;
		*slot = one;
		one = moved;
		if (i == answer->count) {
			answer->count++;
			return;
		}
	}
}

static void name_holders(struct arena *arena, struct held_answer *answer)
{
	for (size_t i = 0; i < answer->count; i++) {
		struct held *held = &answer->items[i];
		for (size_t k = 0; k < held->holder_count; k++)
			held->holders[k].name = holder_name(arena, held->holders[k].pid);
	}
}

void held_read(struct arena *arena, const struct held_query *query, struct held_answer *ret_answer)
{
	struct search search = {.arena = arena, .query = query};
	*ret_answer = (struct held_answer){.error = dump_sockets(&search)};
	if (search.count > 1)
		qsort(search.rows, search.count, sizeof *search.rows, by_inode);
	if (search.count > 0 || query->pid)
		search_processes(&search);
	if (search.count > 1)
		qsort(search.rows, search.count, sizeof *search.rows, by_destination);
	for (size_t i = 0, end; i < search.count; i = end) {
		for (end = i;
				end < search.count && endpoint_is_same(&search.rows[end].to, &search.rows[i].to);)
			end++;
		const struct held held = sum_up(&search.rows[i], end - i);
		keep_held(ret_answer, &held);
	}
	name_holders(arena, ret_answer);
	ret_answer->partial = search.partial;
}
