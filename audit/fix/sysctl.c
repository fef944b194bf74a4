/* Reads and writes files below /proc/sys. A dot of a key stands for "/", so a key cannot name a
 * setting of a network interface whose name has a dot; no fix sets one. */
#include "audit/fix/sysctl.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/portset.h"
#include "probes/host/facts/keys.h"

enum {
	VALUE_MAX = 64 * 1024
};

static const char *path_of(struct arena *arena, const char *key)
{
	char *name = arena_strdup(arena, key);
	assert(!strchr(key, '/') && !strstr(key, "..")); /* it stays below /proc/sys */
	for (char *dot = name; (dot = strchr(dot, '.'));)
		*dot = '/';
	return arena_printf(arena, "/proc/sys/%s", name);
}

bool sysctl_is_known(struct arena *arena, const char *key)
{
	size_t first, count;
	const struct known_key *known = keys_find(key);
	if (keys_group(key, &first, &count))
		return true;
	if (!known || known->read == READ_BY_PROBE)
		return false;
	return !strcmp(keys_sysctl(arena, known), key);
}

const char *sysctl_normal(struct arena *arena, const char *text)
{
	const char *out = "", *blank = "";
	char *rest = arena_strdup(arena, text);
	for (char *word; (word = strsep(&rest, " \t\n"));) {
		if (!*word)
			continue;
		out = arena_printf(arena, "%s%s%s", out, blank, word);
		blank = " ";
	}
	return out;
}

const char *sysctl_live_read(struct arena *arena, const char *key, struct error *err)
{
	const char *path = path_of(arena, key);
	char *bytes = arena_alloc(arena, VALUE_MAX);
	if (file_read_path(path, bytes, VALUE_MAX) < 0) {
		(void)error_fail(err, "%s cannot be read: %s", path, strerror(errno));
		return NULL;
	}
	return sysctl_normal(arena, bytes);
}

/* The kernel prints a list of ports sorted and joined, however it was written. */
static bool same_ports(const char *a, const char *b)
{
	struct portset left, right;
	struct error ignored;
	if (!portset_parse(a, &left, &ignored) || !portset_parse(b, &right, &ignored))
		return false;
	return !memcmp(&left, &right, sizeof left);
}

static bool sysctl_same(const char *key, const char *a, const char *b)
{
	if (!strcmp(a, b))
		return true;
	return !strcmp(key, "net.ipv4.ip_local_reserved_ports") && same_ports(a, b);
}

/* In one write: the kernel takes each write for a whole value. */
static bool write_once(const char *path, const char *line)
{
	__attribute__((cleanup(file_close_fd))) int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	size_t length = strlen(line);
	return write(fd, line, length) == (ssize_t)length;
}

bool sysctl_live_write(struct arena *arena, const char *key, const char *value, struct error *err)
{
	const char *path = path_of(arena, key);
	const char *line = arena_printf(arena, "%s\n", value);
	if (!write_once(path, line))
		return error_fail(err, "%s does not accept \"%s\": %s", path, value, strerror(errno));
	const char *now = sysctl_live_read(arena, key, err);
	if (!now)
		return false;
	if (sysctl_same(key, now, value))
		return true;
	return error_fail(err,
			"%s does not accept \"%s\"; its value is still \"%s\"",
			path,
			value,
			now);
}

/* --- never worse than now
 * ------------------------------------------------------------------------------------ */

/* Of each pair of numbers the larger one; of a range the lower first and the higher last one. */
static const char *merge_numbers(struct arena *arena, const char *now, const char *to, bool range)
{
	char *left_rest = arena_strdup(arena, now), *right_rest = arena_strdup(arena, to);
	const char *out = "", *blank = "";
	bool want_smaller = range;
	while (left_rest && right_rest) {
		const char *left = strsep(&left_rest, " ");
		const char *right = strsep(&right_rest, " ");
		double gain = strtod(right, NULL) - strtod(left, NULL);
		const char *better = left;
		if (want_smaller)
			gain = -gain;
		if (gain > 0)
			better = right;
		out = arena_printf(arena, "%s%s%s", out, blank, better);
		blank = " ";
		want_smaller = false;
	}
	return out;
}

static bool are_numbers(const char *text)
{
	return *text && strspn(text, "0123456789 ") == strlen(text);
}

static size_t count_words(const char *text)
{
	size_t count = 1;
	for (; *text; text++) {
		if (*text == ' ')
			count++;
	}
	return count;
}

static bool can_be_merged(const char *now, const char *to)
{
	return are_numbers(now) && are_numbers(to) && count_words(now) == count_words(to);
}

static const char *merge_ports(struct arena *arena, const char *now, const char *to)
{
	struct portset all, more;
	struct error ignored;
	struct text list = {0};
	if (!portset_parse(now, &all, &ignored) || !portset_parse(to, &more, &ignored))
		return to;
	portset_union(&all, &more);
	portset_print(&all, &list);
	return text_take(arena, &list);
}

const char *sysctl_better(struct arena *arena,
		enum sysctl_change change,
		const char *now,
		const char *to)
{
	switch (change) {
	case CHANGE_ADD:
		return merge_ports(arena, now, to);
	case CHANGE_RAISE:
	case CHANGE_WIDEN:
		if (can_be_merged(now, to))
			return merge_numbers(arena, now, to, change == CHANGE_WIDEN);
		break;
	case CHANGE_SET:
		break;
	}
	return to;
}
