/* One dump of the TCP sockets of the process's network namespace, then the links of /proc/PID/fd,
 * which name the inodes of sockets. */
#include "probes/host/processes/inventory.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/namespace.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/sock_diag.h"

enum {
	SOCKETS_MAX = 262144, /* of the namespace */
	LINKS_MAX = 262144,
	PROTOCOL_CHARS = 32
};

/* --- kinds ---------------------------------------------------------------------------------- */

const char *open_kind_name(enum open_kind kind)
{
	static const char *const names[OPEN_KINDS] = {
			[OPEN_TCP] = "tcp",
			[OPEN_UDP] = "udp",
			[OPEN_UNIX] = "unix",
			[OPEN_SOCKET] = "other-socket",
			[OPEN_FILE] = "file",
			[OPEN_DELETED] = "deleted-file",
			[OPEN_MEMFD] = "memfd",
			[OPEN_DEVICE] = "device",
			[OPEN_PIPE] = "pipe",
			[OPEN_EPOLL] = "epoll",
			[OPEN_EVENTFD] = "eventfd",
			[OPEN_INOTIFY] = "inotify",
			[OPEN_TIMERFD] = "timerfd",
			[OPEN_OTHER] = "other",
	};
	return names[kind];
}

struct kind_start {
	const char *start;
	enum open_kind kind;
};

/* otherwise: it begins like none of them. */
static enum open_kind kind_by(const struct kind_start *rows,
		size_t count,
		const char *text,
		enum open_kind otherwise)
{
	for (size_t i = 0; i < count; i++) {
		if (text_begins_with(text, rows[i].start))
			return rows[i].kind;
	}
	return otherwise;
}

/* The names that protocols register (struct proto). */
static enum open_kind kind_of_socket(const char *protocol)
{
	static const struct kind_start rows[] = {
			{"TCP", OPEN_TCP},
			{"UDP", OPEN_UDP}, /* and UDP-Lite */
			{"UNIX", OPEN_UNIX},
	};
	return kind_by(rows, COUNT_OF(rows), protocol, OPEN_SOCKET);
}

enum open_kind open_kind_of(const char *target, const char *protocol)
{
	static const struct kind_start rows[] = {
			{"pipe:[", OPEN_PIPE},
			{"anon_inode:[eventpoll]", OPEN_EPOLL},
			{"anon_inode:[eventfd]", OPEN_EVENTFD},
			{"anon_inode:inotify", OPEN_INOTIFY},
			{"anon_inode:[timerfd]", OPEN_TIMERFD},
			{"/memfd:", OPEN_MEMFD},
			{"/dev/shm/", OPEN_FILE},
			{"/dev/", OPEN_DEVICE},
			{"/", OPEN_FILE},
	};
	if (text_begins_with(target, "socket:["))
		return kind_of_socket(protocol);
	enum open_kind kind = kind_by(rows, COUNT_OF(rows), target, OPEN_OTHER);
	if (kind == OPEN_FILE && text_ends_with(target, " (deleted)"))
		return OPEN_DELETED;
	return kind;
}

/* --- the sockets of the namespace ----------------------------------------------------------- */

/* A socket of the namespace that somebody has. */
struct inventory_socket {
	struct endpoint at; /* where it goes; of a listener and of accepted ones the own side */
	uint32_t inode;
	uint32_t queue, backlog, drops; /* of a listener */
	uint8_t state;
	bool accepted, connected, backlog_known, drops_known;
};

struct inventory_search {
	struct arena *arena;
	struct inventory *found;
	struct inventory_socket *sockets; /* of the namespace, then by inode */
	size_t count, capacity;
	struct portset listening;
	const struct inventory_socket **own; /* the connected ones of the process */
	size_t own_count, own_capacity;
};

static void inventory_take_socket(void *context, const struct tally_socket *socket)
{
	struct inventory_search *search = context;
	if (socket->state == STATE_LISTEN)
		portset_add(&search->listening, socket->local.port, socket->local.port);
	if (socket->inode == 0)
		return; /* in TIME_WAIT: nobody's any more */
	if (search->count == SOCKETS_MAX) {
		search->found->partial = true;
		return;
	}
	search->sockets = arena_grow(search->arena,
			search->sockets,
			search->count,
			&search->capacity,
			sizeof *search->sockets);
	struct inventory_socket *kept = &search->sockets[search->count++];
	bool accepted = portset_has(&search->listening, socket->local.port);
	*kept = (struct inventory_socket){
			.at = socket->remote,
			.inode = socket->inode,
			.queue = socket->rqueue,
			.backlog = socket->wqueue,
			.drops = socket->drops,
			.state = (uint8_t)socket->state,
			.accepted = accepted,
			.connected = socket->remote.port != 0,
			.backlog_known = socket->backlog_known,
			.drops_known = socket->drops_known,
	};
	if (accepted || socket->state == STATE_LISTEN)
		kept->at = socket->local;
}

static int inventory_list(struct inventory_search *search)
{
	int error = 0;
	struct socket_dump *dump = socket_dump_open(&error);
	if (dump)
		error = socket_dump_read(dump, inventory_take_socket, search);
	socket_dump_close(dump);
	return error;
}

static int inventory_dump(struct inventory_search *search, int pid)
{
	struct namespace namespace = NAMESPACE_NONE;
	struct error err = {0};
	bool denied = false;
	int error;
	if (!namespace_enter(&namespace, pid, &denied, &err))
		return EIO;
	if (denied)
		error = EPERM;
	else
		error = inventory_list(search);
	if (!namespace_leave(&namespace, &err))
		return EIO;
	return error;
}

static int compare_socket_inodes(const void *a, const void *b)
{
	const struct inventory_socket *left = a, *right = b;
	return (left->inode > right->inode) - (left->inode < right->inode);
}

static const struct inventory_socket *socket_of(const struct inventory_search *search,
		const char *target)
{
	static const char mark[] = "socket:[";
	const char *cursor = target + sizeof mark - 1;
	uint64_t inode;
	if (search->count == 0 || !text_begins_with(target, mark) || !parse_u64(&cursor, &inode) ||
			inode > UINT32_MAX)
		return NULL;
	const struct inventory_socket wanted = {.inode = (uint32_t)inode};
	return bsearch(&wanted,
			search->sockets,
			search->count,
			sizeof *search->sockets,
			compare_socket_inodes);
}

/* --- what the process has ------------------------------------------------------------------- */

static void add_connected(struct inventory_search *search, const struct inventory_socket *socket)
{
	search->own = arena_grow(search->arena,
			search->own,
			search->own_count,
			&search->own_capacity,
			sizeof(void *));
	search->own[search->own_count++] = socket;
}

/* Keeps those with the longest queues. */
static void add_listener(struct inventory *found, const struct inventory_socket *socket)
{
	struct inventory_listener one = {.at = socket->at,
			.queue = socket->queue,
			.backlog = socket->backlog,
			.drops = socket->drops,
			.backlog_known = socket->backlog_known,
			.drops_known = socket->drops_known};
	for (size_t i = 0; i < found->listener_count; i++) {
		struct inventory_listener *slot = &found->listeners[i];
		if (slot->queue >= one.queue)
			continue;
		struct inventory_listener moved = *slot;
		*slot = one;
		one = moved;
	}
	if (found->listener_count < INVENTORY_LISTENERS)
		found->listeners[found->listener_count++] = one;
	else
		found->more_listeners++;
}

/* The kernel tells of any socket what it is (sockfs_xattr_get() in net/socket.c). */
static void ask_protocol(int directory, const char *name, char out[PROTOCOL_CHARS])
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/self/fd/%d/%.20s", directory, name);
	(void)getxattr(path, "system.sockprotoname", out, PROTOCOL_CHARS - 1);
}

static void take_descriptor(struct inventory_search *search, int directory, const char *name)
{
	char target[PATH_MAX], protocol[PROTOCOL_CHARS] = "TCP";
	ssize_t length = readlinkat(directory, name, target, sizeof target - 1);
	if (length <= 0)
		return; /* closed in the meantime */
	target[length] = '\0';
	const struct inventory_socket *socket = socket_of(search, target);
	if (!socket) {
		memset(protocol, 0, sizeof protocol);
		if (text_begins_with(target, "socket:["))
			ask_protocol(directory, name, protocol);
	}
	search->found->open++;
	search->found->kinds[open_kind_of(target, protocol)]++;
	if (!socket)
		return;
	if (socket->state == STATE_LISTEN)
		add_listener(search->found, socket);
	else if (socket->connected)
		add_connected(search, socket);
}

static void read_descriptors(struct inventory_search *search, int pid)
{
	char path[64];
	size_t links = 0;
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	__attribute__((cleanup(file_close_directory))) DIR *directory = file_open_directory(path);
	if (!directory) {
		search->found->error = errno;
		return;
	}
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		if (links++ == LINKS_MAX) {
			search->found->partial = true;
			return;
		}
		take_descriptor(search, dirfd(directory), entry->d_name);
	}
}

/* --- where they go -------------------------------------------------------------------------- */

static int compare_places(const void *a, const void *b)
{
	const struct inventory_socket *left = *(const struct inventory_socket *const *)a;
	const struct inventory_socket *right = *(const struct inventory_socket *const *)b;
	if (left->accepted != right->accepted)
		return (int)left->accepted - (int)right->accepted;
	return memcmp(&left->at, &right->at, sizeof left->at);
}

/* Keeps those with the most sockets. */
static void keep_group(struct inventory *found, const struct inventory_group *group)
{
	struct inventory_group one = *group;
	for (size_t i = 0; i < found->group_count; i++) {
		struct inventory_group *slot = &found->groups[i];
		if (slot->total >= one.total)
			continue;
		struct inventory_group moved = *slot;
		*slot = one;
		one = moved;
	}
	if (found->group_count < INVENTORY_GROUPS)
		found->groups[found->group_count++] = one;
	else
		found->more_groups++;
}

static void group_connections(const struct inventory_search *search)
{
	const struct inventory_socket **own = search->own;
	size_t count = search->own_count;
	if (count > 1)
		qsort(own, count, sizeof *own, compare_places);
	for (size_t i = 0, end; i < count; i = end) {
		struct inventory_group group = {.at = own[i]->at, .accepted = own[i]->accepted};
		for (end = i; end < count && compare_places(&own[end], &own[i]) == 0; end++)
			group.states[own[end]->state]++;
		group.total = end - i;
		keep_group(search->found, &group);
	}
}

void inventory_read(struct arena *arena, int pid, struct inventory *ret_inventory)
{
	struct inventory_search search = {.arena = arena, .found = ret_inventory};
	*ret_inventory = (struct inventory){0};
	ret_inventory->dump_error = inventory_dump(&search, pid);
	if (search.count > 1)
		qsort(search.sockets, search.count, sizeof *search.sockets, compare_socket_inodes);
	read_descriptors(&search, pid);
	group_connections(&search);
}
