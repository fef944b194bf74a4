/* Reading and writing below /proc/sys. The key has dots only: interface names with dots are none of
 * these. */
#include "audit/fix/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/portset.h"

enum {
	VALUE_MAX = 64 * 1024
};

static const char *path_of(struct arena *arena, const char *key)
{
	char *path = arena_printf(arena, "/proc/sys/%s", key);
	for (char *p = path + 10; *p; p++)
		*p = *p == '.' ? '/' : *p;
	return path;
}

const char *sysctl_normal(struct arena *arena, const char *text)
{
	char *out = arena_strdup(arena, ""), *rest = arena_strdup(arena, text);
	for (char *word; (word = strsep(&rest, " \t\n"));)
		if (*word)
			out = arena_printf(arena, "%s%s%s", out, *out ? " " : "", word);
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

/* Lists of ports may be written in other words than they are read. */
static bool sysctl_same(const char *key, const char *a, const char *b)
{
	struct portset left = {{0}}, right = {{0}};
	struct error err;
	if (!strcmp(a, b))
		return true;
	return !strcmp(key, "net.ipv4.ip_local_reserved_ports") && portset_parse(a, &left, &err) &&
			portset_parse(b, &right, &err) && !memcmp(&left, &right, sizeof left);
}

bool sysctl_live_write(struct arena *arena, const char *key, const char *value, struct error *err)
{
	const char *path = path_of(arena, key), *line = arena_printf(arena, "%s\n", value);
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool ok = fd >= 0 && write(fd, line, strlen(line)) == (ssize_t)strlen(line);
	int why = errno;
	if (fd >= 0)
		(void)close(fd);
	if (!ok)
		return error_fail(err, "%s did not take \"%s\": %s", path, value, strerror(why));
	const char *now = sysctl_live_read(arena, key, err);
	if (!now)
		return false;
	return sysctl_same(key, now, value) ||
			error_fail(err, "%s did not take \"%s\": it reads \"%s\"", path, value, now);
}

/* Word by word the larger number; for a range the lower first one. */
static const char *sysctl_merge(struct arena *arena, const char *now, const char *to, bool range)
{
	char *a = arena_strdup(arena, now), *b = arena_strdup(arena, to);
	const char *out = "", *left, *right;
	for (int i = 0; (left = strsep(&a, " ")) && (right = strsep(&b, " ")); i++) {
		double x = strtod(left, NULL), y = strtod(right, NULL);
		bool keep = range && i == 0 ? x <= y : x >= y;
		out = arena_printf(arena, "%s%s%s", out, i ? " " : "", keep ? left : right);
	}
	return out;
}

static bool is_numbers(const char *text)
{
	return *text && strspn(text, "0123456789 ") == strlen(text);
}

static size_t words(const char *text)
{
	size_t count = 1;
	while ((text = strchr(text, ' ')) && *++text)
		count++;
	return count;
}

const char *sysctl_better(struct arena *arena,
		enum sysctl_change change,
		const char *now,
		const char *to)
{
	struct portset all = {{0}}, more = {{0}};
	struct error err;
	struct text list = {0};
	if ((change == CHANGE_RAISE || change == CHANGE_WIDEN) && is_numbers(now) && is_numbers(to) &&
			words(now) == words(to))
		return sysctl_merge(arena, now, to, change == CHANGE_WIDEN);
	if (change != CHANGE_ADD || !portset_parse(now, &all, &err) || !portset_parse(to, &more, &err))
		return to;
	portset_union(&all, &more);
	portset_print(&all, &list);
	return text_take(arena, &list);
}
