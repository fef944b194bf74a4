/* Reads the names, not the values, of "NAME = VALUE" lines. */
#include "audit/rules/persistent.h"

#include <stdio.h>
#include <string.h>

/* A file with several numbers, such as net.ipv4.tcp_mem, has a fact for each: net.ipv4.tcp_mem.max.
 */
static bool is_in_file(const char *fact, const char *file)
{
	size_t length = strlen(file);
	if (strncmp(fact, file, length) != 0)
		return false;
	return !fact[length] || fact[length] == '.';
}

static bool is_changed(const struct fix_rule *fix, const char *key)
{
	/* The model makes the whole range of its low end. */
	bool range = !strcmp(fix->target, "ports.low") || !strcmp(fix->target, "ports.high");
	if (range && !strcmp(key, "net.ipv4.ip_local_port_range"))
		return true;
	if (is_in_file(fix->target, key))
		return true;
	for (size_t i = 0; i < fix->also.count; i++) {
		if (is_in_file(fix->also.items[i], key))
			return true;
	}
	return false;
}

/* The name on a line; a placeholder in front of it, such as {reserve_line}, is a line of its own.
 */
static void key_of(const char *line, size_t length, char ret_key[PERSISTENT_KEY_MAX])
{
	if (length && *line == '{') {
		const char *end = memchr(line, '}', length);
		if (end) {
			length -= (size_t)(end + 1 - line);
			line = end + 1;
		}
	}
	const char *equals = memchr(line, '=', length);
	if (equals)
		length = (size_t)(equals - line);
	while (length && line[length - 1] == ' ')
		length--;
	(void)snprintf(ret_key, PERSISTENT_KEY_MAX, "%.*s", (int)length, line);
}

static bool lines_fit(const struct fix_rule *fix,
		const char *lines,
		char ret_key[PERSISTENT_KEY_MAX])
{
	while (*lines) {
		size_t length = strcspn(lines, "\n");
		key_of(lines, length, ret_key);
		if (*ret_key && !is_changed(fix, ret_key))
			return false;
		lines += length;
		lines += strspn(lines, "\n");
	}
	return true;
}

bool persistent_fits(const struct fix_rule *fix, char ret_key[PERSISTENT_KEY_MAX])
{
	if (!fix->persistent)
		return true;
	for (const char **pair = fix->persistent; pair[0] && pair[1]; pair += 2) {
		if (strcmp(pair[0], "sysctl.d") != 0)
			continue;
		if (!lines_fit(fix, pair[1], ret_key))
			return false;
	}
	return true;
}
