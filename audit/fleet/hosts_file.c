/* Reads --hosts FILE. It decides what may be missing, so everything in it must be understood. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/fleet/hosts.h"
#include "base/list.h"
#include "base/os/file.h"
#include "base/os/open.h"
#include "base/text.h"

enum {
	FILE_BYTES_MAX = 64 * 1024 * 1024,
	WORDS_MAX = 8
};

struct hosts_line {
	struct fleet_hosts *hosts;
	const char *path;
	size_t number;
	struct error *err;
};

static bool line_error(const struct hosts_line *line, const char *what, const char *word)
{
	struct arena *arena = line->hosts->arena;
	return error_set(line->err,
			"%.300s:%zu: %s \"%s\"",
			line->path,
			line->number,
			what,
			text_clean(arena, word, strlen(word), 80));
}

static bool read_weight(const struct hosts_line *line,
		const char *text,
		struct fleet_record *record)
{
	char *end;
	errno = 0;
	double weight = strtod(text, &end);
	bool plain = strspn(text, "0123456789.") == strlen(text);
	if (!plain || end == text || *end || errno != 0 || !(weight <= 1e6))
		return line_error(line, "weight= needs a number from 0 to 1000000, got", text);
	record->weight = weight;
	return true;
}

static bool hosts_file_read_setting(const struct hosts_line *line,
		char *word,
		struct fleet_record *record)
{
	char *value = strchr(word, '=');
	if (!value)
		return line_error(line, "expected role=, weight= or group=, got", word);
	*value++ = '\0';
	if (strcmp(word, "weight") == 0)
		return read_weight(line, value, record);
	if (strcmp(word, "group") == 0 && *value && text_is_utf8(value, strlen(value))) {
		record->group = arena_strdup(line->hosts->arena, value);
		return true;
	}
	if (strcmp(word, "role") != 0)
		return line_error(line, "expected role=, weight= or group=, got", word);
	if (fleet_role_from_name(value, &record->role))
		return true;
	return line_error(line, "role= needs client, proxy, server or both, got", value);
}

static bool hosts_file_is_host_name(const char *name)
{
	size_t length = strlen(name);
	if (length > FLEET_NAME_MAX || !text_is_utf8(name, length))
		return false;
	struct arena *arena = arena_new();
	bool clean = strcmp(text_clean(arena, name, length, 0), name) == 0;
	arena_free(arena);
	return clean && !strchr(name, '/') && !strchr(name, '=');
}

static bool hosts_file_read_words(const struct hosts_line *line, char *const *words, size_t count)
{
	if (!hosts_file_is_host_name(words[0]))
		return line_error(line, "not a host name:", words[0]);
	if (fleet_hosts_find(line->hosts, words[0]))
		return line_error(line, "this host is listed twice:", words[0]);
	if (line->hosts->count == FLEET_HOSTS_MAX)
		return line_error(line, "more hosts than headroom accepts, from here on:", words[0]);
	struct fleet_record *record = fleet_hosts_add(line->hosts, words[0]);
	record->expected = true;
	line->hosts->expected++;
	for (size_t i = 1; i < count; i++)
		if (!hosts_file_read_setting(line, words[i], record))
			return false;
	return true;
}

static bool hosts_read_line(const struct hosts_line *line, char *text)
{
	char *words[WORDS_MAX];
	size_t count = 0;
	char *rest = NULL;
	text[strcspn(text, "#")] = '\0';
	for (char *word = strtok_r(text, " \t\r", &rest); word; word = strtok_r(NULL, " \t\r", &rest)) {
		if (count == WORDS_MAX)
			return line_error(line, "too many words, from here on:", word);
		words[count++] = word;
	}
	return count == 0 || hosts_file_read_words(line, words, count);
}

static bool read_lines_of(struct fleet_hosts *hosts,
		const char *path,
		struct text *text,
		struct error *err)
{
	struct hosts_line line = {hosts, path, 0, err};
	char *at = text->data, *end = text->data + text->length;
	while (at < end) {
		char *newline = memchr(at, '\n', (size_t)(end - at));
		if (newline)
			*newline = '\0';
		line.number++;
		if (!hosts_read_line(&line, at))
			return false;
		at = newline ? newline + 1 : end;
	}
	if (hosts->count > 0)
		return true;
	return error_set(err, "%.300s names no host", path);
}

bool fleet_hosts_read(struct fleet_hosts *hosts, const char *path, struct error *err)
{
	const char *why = NULL;
	__attribute__((cleanup(text_release))) struct text text = {0};
	__attribute__((cleanup(file_close_fd))) int fd = open_regular(path, &why);
	if (fd < 0)
		return error_set(err, "%.300s: %s", path, why);
	if (!file_read_all(fd, FILE_BYTES_MAX, &text))
		return error_set(err, "%.300s: %s", path, strerror(errno));
	if (memchr(text_string(&text), '\0', text.length))
		return error_set(err, "%.300s contains a NUL byte", path);
	if (text.length == 0)
		return error_set(err, "%.300s names no host", path);
	return read_lines_of(hosts, path, &text, err);
}
