/* --pid: what the process has open, where its connections go, what waits at its listeners. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/why/why.h"
#include "audit/why/words.h"
#include "base/array.h"
#include "base/os/file.h"
#include "base/text.h"
#include "report/document/member.h"
#include "report/document/view.h"

enum {
	NAME_CHARS = 64
};

void why_process_read(struct why_case *in_case)
{
	const struct run *run = in_case->pipeline->run;
	const int pid = (int)run->options->pid;
	struct inventory *inventory;
	if (!why_is_live(in_case))
		return;
	if (pid <= 0)
		return;
	inventory = arena_alloc(run->arena, sizeof *inventory);
	inventory_read(run->arena, pid, inventory);
	in_case->process = inventory;
}

/* --- in words ------------------------------------------------------------------------------- */

const char *why_open_kinds(struct arena *arena, const struct inventory *inventory)
{
	static const char *const one[OPEN_KINDS] = {
			[OPEN_TCP] = "TCP socket",
			[OPEN_UDP] = "UDP socket",
			[OPEN_UNIX] = "Unix socket",
			[OPEN_SOCKET] = "other socket",
			[OPEN_FILE] = "file",
			[OPEN_DELETED] = "deleted file",
			[OPEN_MEMFD] = "memfd",
			[OPEN_DEVICE] = "device",
			[OPEN_PIPE] = "end of a pipe",
			[OPEN_EPOLL] = "epoll",
			[OPEN_EVENTFD] = "eventfd",
			[OPEN_INOTIFY] = "inotify",
			[OPEN_TIMERFD] = "timerfd",
			[OPEN_OTHER] = "other",
	};
	static const char *const more[OPEN_KINDS] = {
			[OPEN_TCP] = "TCP sockets",
			[OPEN_UDP] = "UDP sockets",
			[OPEN_UNIX] = "Unix sockets",
			[OPEN_SOCKET] = "other sockets",
			[OPEN_FILE] = "files",
			[OPEN_DELETED] = "deleted files",
			[OPEN_MEMFD] = "memfds",
			[OPEN_DEVICE] = "devices",
			[OPEN_PIPE] = "ends of pipes",
			[OPEN_EPOLL] = "epolls",
			[OPEN_EVENTFD] = "eventfds",
			[OPEN_INOTIFY] = "inotifies",
			[OPEN_TIMERFD] = "timerfds",
			[OPEN_OTHER] = "others",
	};
	struct text line = {0};
	for (size_t i = 0; i < OPEN_KINDS; i++) {
		double count = (double)inventory->kinds[i];
		const char *figure = view_figure_of(arena, count, UNIT_COUNT);
		const char *word = more[i];
		if (count == 0)
			continue;
		if (count == 1)
			word = one[i];
		if (line.length > 0)
			text_add(&line, ", ");
		text_addf(&line, "%s %s", figure, word);
	}
	return text_take(arena, &line);
}

const char *why_group_says(struct arena *arena, const struct inventory_group *group)
{
	double total = (double)group->total;
	const char *count = view_figure_of(arena, total, UNIT_COUNT);
	const char *at = endpoint_text(arena, &group->at);
	struct text line = {0};
	if (group->accepted)
		text_addf(&line, "%s accepted on %s", count, at);
	else
		text_addf(&line, "%s to %s", count, at);
	why_add_states(arena, &line, group->states);
	return text_take(arena, &line);
}

static const char *listener_says(struct arena *arena, const struct inventory_listener *listener)
{
	const char *at = endpoint_text(arena, &listener->at);
	const char *queue = view_figure_of(arena, listener->queue, UNIT_COUNT);
	const char *backlog = view_figure_of(arena, listener->backlog, UNIT_COUNT);
	const char *drops = view_figure_of(arena, listener->drops, UNIT_COUNT);
	struct text line = {0};
	text_addf(&line, "listens on %s: %s waiting", at, queue);
	if (listener->backlog_known)
		text_addf(&line, ", backlog %s", backlog);
	if (listener->drops_known)
		text_addf(&line, ", %s dropped", drops);
	return text_take(arena, &line);
}

/* --- in the document ------------------------------------------------------------------------ */

/* "this", "another"; NULL: not known. */
static const char *which_network(int pid)
{
	struct stat own;
	struct stat other;
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/ns/net", pid);
	static const char own_path[] = "/proc/self/ns/net";
	if (stat(own_path, &own) != 0)
		return NULL;
	if (stat(path, &other) != 0)
		return NULL;
	if (own.st_ino == other.st_ino)
		return "this";
	return "another";
}

static const char *asked_name(struct arena *arena, int pid)
{
	char path[64];
	char name[NAME_CHARS];
	(void)snprintf(path, sizeof path, "/proc/%d/comm", pid);
	const char *text = file_text(path, name, sizeof name);
	if (*text == '\0')
		return NULL;
	size_t length = strcspn(text, "\n");
	return text_clean(arena, text, length, NAME_CHARS);
}

static void put_kinds(cJSON *object, const struct inventory *inventory)
{
	cJSON *kinds = member_object(object, "kinds");
	for (int i = 0; i < OPEN_KINDS; i++) {
		const enum open_kind kind = (enum open_kind)i;
		const char *name = open_kind_name(kind);
		double count = (double)inventory->kinds[i];
		if (count > 0)
			member_number(kinds, name, count);
	}
}

static void put_place(const struct members *put, cJSON *array, const struct inventory_group *group)
{
	cJSON *item = cJSON_CreateObject();
	const char *at = endpoint_text(put->arena, &group->at);
	const char *says = why_group_says(put->arena, group);
	double total = (double)group->total;
	member_text(put, item, "at", at);
	member_bool(item, "accepted", group->accepted);
	member_number(item, "sockets", total);
	cJSON *states = member_object(item, "states");
	for (size_t i = 0; i < STATES; i++) {
		const char *name = tcp_state_names[i];
		double count = (double)group->states[i];
		if (!name || count == 0)
			continue;
		member_number(states, name, count);
	}
	member_text(put, item, "says", says);
	(void)cJSON_AddItemToArray(array, item);
}

static void put_listener(const struct members *put,
		cJSON *array,
		const struct inventory_listener *listener)
{
	cJSON *item = cJSON_CreateObject();
	double backlog = (double)NAN;
	double drops = (double)NAN;
	if (listener->backlog_known)
		backlog = listener->backlog;
	if (listener->drops_known)
		drops = listener->drops;
	const char *at = endpoint_text(put->arena, &listener->at);
	const char *says = listener_says(put->arena, listener);
	member_text(put, item, "at", at);
	member_number(item, "queue", listener->queue);
	member_number(item, "backlog", backlog);
	member_number(item, "drops", drops);
	member_text(put, item, "says", says);
	(void)cJSON_AddItemToArray(array, item);
}

static void put_sockets(const struct members *put, cJSON *object, const struct inventory *inventory)
{
	cJSON *sockets = member_array(object, "sockets");
	cJSON *listeners = member_array(object, "listeners");
	double more_places = (double)inventory->more_groups;
	double more_listeners = (double)inventory->more_listeners;
	for (size_t i = 0; i < inventory->group_count; i++) {
		const struct inventory_group *group = &inventory->groups[i];
		put_place(put, sockets, group);
	}
	for (size_t i = 0; i < inventory->listener_count; i++) {
		const struct inventory_listener *listener = &inventory->listeners[i];
		put_listener(put, listeners, listener);
	}
	member_number(object, "more_places", more_places);
	member_number(object, "more_listeners", more_listeners);
}

static const char *why_not_read(struct arena *arena, const struct inventory *inventory)
{
	static const char files[] = "open files: %s; run headroom as root";
	static const char sockets[] = "sockets: %s";
	const int error = inventory->error;
	const int dump_error = inventory->dump_error;
	if (error == ENOENT || error == ESRCH)
		return "it has ended";
	if (error)
		return arena_printf(arena, files, strerror(error));
	if (dump_error)
		return arena_printf(arena, sockets, strerror(dump_error));
	if (inventory->partial)
		return "the list is incomplete";
	return NULL;
}

void why_process_put(const struct members *put, cJSON *document, const struct why_case *in_case)
{
	const struct inventory *inventory = in_case->process;
	const struct facts *facts = in_case->pipeline->facts;
	if (!inventory) {
		member_null(document, "process");
		return;
	}
	const struct run *run = in_case->pipeline->run;
	const int pid = (int)run->options->pid;
	double open = (double)NAN;
	const char *says = NULL;
	if (inventory->error == 0) {
		open = (double)inventory->open;
		says = why_open_kinds(put->arena, inventory);
	}
	const char *name = asked_name(put->arena, pid);
	const char *network = which_network(pid);
	const char *not_read = why_not_read(put->arena, inventory);
	double soft = facts_number(facts, "limits.nofile.soft");
	double hard = facts_number(facts, "limits.nofile.hard");
	cJSON *object = member_object(document, "process");
	member_number(object, "pid", pid);
	member_text(put, object, "name", name);
	member_text(put, object, "network_namespace", network);
	member_number(object, "open_files", open);
	member_number(object, "soft_limit", soft);
	member_number(object, "hard_limit", hard);
	put_kinds(object, inventory);
	member_text(put, object, "says", says);
	put_sockets(put, object, inventory);
	member_text(put, object, "not_read", not_read);
}
