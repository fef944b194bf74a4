/* Looks for them among the processes. */
#include "probes/host/engines/daemon.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"

enum {
	PROCESSES_MOST = 32768,
	NAME_BYTES = 32
};

/* As in comm: at most 15 bytes. */
static const char *const daemon_names[] = {
		"crio",
		"kubelet",
		"k3s-server",
		"k3s-agent",
		"cri-dockerd",
		"dockerd",
		"containerd",
};

/* Options that say where a configuration is, or are one. A command line may hold secrets besides:
 * nothing else of it is kept. */
static const char *const kept_options[] = {
		"--config",
		"-c",
		"--config-file",
		"--config-dir",
		"--default-ulimit",
		"--default-ulimits",
		"--default-sysctls",
		"--pids-limit",
		"--pod-max-pids",
		"--allowed-unsafe-sysctls",
};

struct finder {
	struct arena *arena;
	struct source *source;
};

static const char *known_name(const char *comm)
{
	for (size_t i = 0; i < COUNT_OF(daemon_names); i++) {
		if (strcmp(comm, daemon_names[i]) == 0)
			return daemon_names[i];
	}
	return NULL;
}

/* The name, if it is one of those. */
static const char *daemon_name(const struct finder *f, int pid)
{
	const char *text;
	char comm[NAME_BYTES];
	size_t length;
	const char *path = arena_printf(f->arena, "proc/%d/comm", pid);
	if (source_read_bytes(f->source, path, &text, &length) != 0)
		return NULL;
	length = strcspn(text, "\n");
	if (length >= sizeof comm)
		return NULL;
	memcpy(comm, text, length);
	comm[length] = '\0';
	const char *name = known_name(comm);
	if (name)
		source_keep(f->source, path, text, length);
	return name;
}

static void read_daemon_limits(const struct finder *f, struct daemon *daemon)
{
	static const char row[] = "Max open files";
	const char *text;
	size_t length;
	char soft[NAME_BYTES], hard[NAME_BYTES];
	const char *path = arena_printf(f->arena, "proc/%d/limits", daemon->pid);
	daemon->soft = (double)NAN;
	daemon->hard = (double)NAN;
	if (source_read(f->source, path, &text, &length) != 0)
		return;
	const char *at = strstr(text, row);
	if (!at || sscanf(at + strlen(row), " %31s %31s", soft, hard) != 2)
		return;
	double low, high;
	if (!parse_limit(soft, &low) || !parse_limit(hard, &high) || low > high)
		return;
	daemon->soft = low;
	daemon->hard = high;
}

/* The last part of a path of control groups that ends in ".service". */
static const char *unit_in(struct arena *arena, const char *text)
{
	static const char end[] = ".service";
	const char *at = strstr(text, end);
	while (at && strchr("/\n", at[strlen(end)]) == NULL)
		at = strstr(at + 1, end);
	if (!at)
		return NULL;
	const char *start = at;
	while (start > text && start[-1] != '/' && start[-1] != '\n')
		start--;
	size_t length = (size_t)(at - start) + strlen(end);
	return text_clean(arena, start, length, 200);
}

const char *daemon_unit(struct arena *arena, const char *name)
{
	static const char *const others[][2] = {
			{"dockerd", "docker"},
			{"cri-dockerd", "cri-docker"},
			{"k3s-server", "k3s"},
	};
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		if (strcmp(others[i][0], name) == 0)
			name = others[i][1];
	}
	return arena_printf(arena, "%s.service", name);
}

static void read_unit(const struct finder *f, struct daemon *daemon)
{
	const char *text;
	size_t length;
	const char *path = arena_printf(f->arena, "proc/%d/cgroup", daemon->pid);
	int error = source_read(f->source, path, &text, &length);
	if (error == 0)
		daemon->unit = unit_in(f->arena, text);
	else if (error == SOURCE_NOT_COLLECTED)
		daemon->unit = daemon_unit(f->arena, daemon->name);
}

static bool is_kept_option(const char *word)
{
	for (size_t i = 0; i < COUNT_OF(kept_options); i++) {
		size_t length = strlen(kept_options[i]);
		if (text_begins_with(word, kept_options[i]) && (word[length] == '=' || !word[length]))
			return true;
	}
	return false;
}

static void read_daemon_options(const struct finder *f, struct daemon *daemon)
{
	const char *bytes;
	size_t length;
	struct text kept = {0};
	const char *path = arena_printf(f->arena, "proc/%d/cmdline", daemon->pid);
	if (source_read_bytes(f->source, path, &bytes, &length) != 0)
		return;
	const char *word = arena_copy(f->arena, bytes, length), *end = word + length;
	bool wanted = false;
	text_add_bytes(&kept, daemon->name, strlen(daemon->name) + 1);
	while (word < end) {
		bool option = is_kept_option(word);
		size_t size = strlen(word) + 1;
		if (option || wanted) {
			name_list_append(f->arena, &daemon->options, word);
			text_add_bytes(&kept, word, size);
		}
		wanted = option && !strchr(word, '=');
		word += size;
	}
	source_keep(f->source, path, kept.data, kept.length);
	text_release(&kept);
}

static bool same_unit(const char *a, const char *b)
{
	if (!a || !b)
		return a == b;
	return strcmp(a, b) == 0;
}

/* NAN is the same as NAN. */
static bool same_number(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool is_like(const struct daemon *a, const struct daemon *b)
{
	return same_number(a->soft, b->soft) && same_number(a->hard, b->hard) &&
			same_unit(a->unit, b->unit);
}

static struct daemon *find_daemon(const struct daemons *daemons, const char *name)
{
	for (size_t i = 0; i < daemons->count; i++) {
		if (strcmp(daemons->items[i].name, name) == 0)
			return &daemons->items[i];
	}
	return NULL;
}

static void found_daemon(const struct finder *f, struct daemons *daemons, struct daemon found)
{
	read_daemon_limits(f, &found);
	read_unit(f, &found);
	read_daemon_options(f, &found);
	struct daemon *earlier = find_daemon(daemons, found.name);
	if (earlier) {
		earlier->several |= !is_like(earlier, &found);
		return;
	}
	daemons->items = arena_grow(f->arena,
			daemons->items,
			daemons->count,
			&daemons->capacity,
			sizeof *daemons->items);
	daemons->items[daemons->count++] = found;
}

void daemons_find(struct arena *arena, struct source *source, struct daemons *ret_daemons)
{
	const struct finder f = {arena, source};
	const int *pids;
	size_t count;
	*ret_daemons = (struct daemons){0};
	int error = source_pids(source, PROCESSES_MOST, &pids, &count, &ret_daemons->partial);
	if (error) {
		ret_daemons->partial = true;
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const char *name = daemon_name(&f, pids[i]);
		if (name)
			found_daemon(&f, ret_daemons, (struct daemon){.name = name, .pid = pids[i]});
	}
}

const struct daemon *daemons_get(const struct daemons *daemons, const char *name)
{
	return find_daemon(daemons, name);
}

const char *daemon_option(const struct daemon *daemon, const char *option)
{
	const char *value = NULL;
	size_t length = strlen(option);
	if (!daemon)
		return NULL;
	for (size_t i = 0; i < daemon->options.count; i++) {
		const char *word = daemon->options.items[i];
		if (!text_begins_with(word, option))
			continue;
		if (word[length] == '=')
			value = word + length + 1;
		else if (!word[length] && i + 1 < daemon->options.count)
			value = daemon->options.items[i + 1];
	}
	return value;
}

const char *daemon_path(const struct daemon *daemon, const char *option, const char *usual)
{
	const char *given = daemon_option(daemon, option);
	if (!given || *given != '/')
		return usual;
	return given + 1;
}
