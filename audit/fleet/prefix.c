/* kubectl (pkg/cmd/logs, addPrefixIfNeeded) writes "[pod/NAME/CONTAINER] ", clush and pdsh "HOST:
 * ".
 */
#include "audit/fleet/prefix.h"

#include <stdbool.h>
#include <string.h>

enum {
	PREFIX_MAX = 600,
	HOST_MAX = 253 /* RFC 1035, 2.3.4, as text */
};

static bool is_name_byte(char byte)
{
	bool letter = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
	return letter || (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_';
}

static size_t name_span(const char *text, size_t length)
{
	size_t count = 0;
	while (count < length && is_name_byte(text[count]))
		count++;
	return count;
}

static struct prefixed prefix_take(struct prefixed line, size_t length)
{
	line.prefix = line.rest;
	line.prefix_length = length;
	line.rest += length;
	line.rest_length -= length;
	return line;
}

/* "[pod/NAME/CONTAINER] " */
static struct prefixed split_pod(struct prefixed line)
{
	static const char start[] = "[pod/";
	const size_t begin = sizeof start - 1;
	size_t most = line.rest_length;
	if (most > PREFIX_MAX)
		most = PREFIX_MAX;
	if (most <= begin || memcmp(line.rest, start, begin) != 0)
		return line;
	size_t name = name_span(line.rest + begin, most - begin);
	const char *end = memchr(line.rest, ']', most);
	if (!end || name == 0 || line.rest[begin + name] != '/')
		return line;
	size_t whole = (size_t)(end - line.rest) + 1;
	if (whole < line.rest_length && line.rest[whole] == ' ')
		whole++;
	line.name = line.rest + begin;
	line.name_length = name;
	return prefix_take(line, whole);
}

/* "HOST: " */
static struct prefixed split_host(struct prefixed line)
{
	size_t name = name_span(line.rest, line.rest_length);
	if (name == 0 || name > HOST_MAX || name == line.rest_length || line.rest[name] != ':')
		return line;
	size_t whole = name + 1;
	if (whole < line.rest_length && line.rest[whole] == ' ')
		whole++;
	else if (whole < line.rest_length)
		return line;
	line.name = line.rest;
	line.name_length = name;
	return prefix_take(line, whole);
}

struct prefixed prefix_split(const char *line, size_t length)
{
	const struct prefixed whole = {
			.prefix = "",
			.name = "",
			.rest = line,
			.rest_length = length,
	};
	if (length > 0 && line[0] == '[')
		return split_pod(whole);
	return split_host(whole);
}
