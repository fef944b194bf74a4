/* What the files of several engines have in common. */
#include "probes/host/engines/configuration.h"

#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

enum {
	PATH_CHARS = 200
};

const char *configuration_shown(const struct engine_reader *reader, const char *path)
{
	struct arena *arena = reader->arena;
	const char *full = arena_printf(arena, "/%s", path);
	return text_clean(arena, full, strlen(full), PATH_CHARS);
}

void configuration_unread(struct engine_reader *reader, const char *path, const char *why)
{
	struct arena *arena = reader->arena;
	const char *entry = arena_printf(arena, "%s: %s", configuration_shown(reader, path), why);
	name_list_add_once(arena, reader->unread, entry);
}

static const char *why_unread(int error)
{
	switch (error) {
	case SOURCE_NOT_COLLECTED:
		return "not in the snapshot";
	case EFBIG:
		return "larger than 1 MiB";
	case EILSEQ:
		return "holds a NUL byte";
	default:
		return strerror(error);
	}
}

const char *configuration_text(struct engine_reader *reader, const char *path)
{
	const char *bytes;
	size_t length;
	int error = source_read_bytes(reader->source, path, &bytes, &length);
	if (error == 0 && memchr(bytes, '\0', length))
		error = EILSEQ;
	if (error == 0)
		return arena_copy(reader->arena, bytes, length);
	source_keep_error(reader->source, path, error);
	if (error != ENOENT && error != ENOTDIR)
		configuration_unread(reader, path, why_unread(error));
	return NULL;
}

void configuration_keep(struct engine_reader *reader, const char *path, struct text *kept)
{
	source_keep(reader->source, path, text_string(kept), kept->length);
	text_release(kept);
}

struct json *configuration_json(const char *path, const char *text)
{
	struct error ignored;
	return json_read(path, text, strlen(text), &ignored);
}

/* "-1" and "unlimited" are no limit. NULL: no number. */
static const char *limit_of(struct arena *arena, const char *text, size_t length)
{
	uint64_t number;
	const char *word = arena_copy(arena, text, length);
	if (strcmp(word, "-1") == 0 || strcmp(word, "unlimited") == 0)
		return "infinity";
	if (!parse_whole(word, &number) || number > (1ULL << 53))
		return NULL;
	return arena_printf(arena, "%llu", (unsigned long long)number);
}

static bool soft_is_above(const char *a, const char *b)
{
	uint64_t low = UINT64_MAX;
	uint64_t high = UINT64_MAX;
	(void)parse_whole(a, &low);
	(void)parse_whole(b, &high);
	return low > high;
}

bool configuration_ulimit(struct engine_reader *reader, const char *word, const char *where)
{
	struct arena *arena = reader->arena;
	static const char name[] = "nofile=";
	struct engines *engines = reader->engines;
	if (!text_begins_with(word, name))
		return strchr(word, '=') != NULL;
	const char *value = word + strlen(name);
	size_t length = strcspn(value, ":");
	const char *soft = limit_of(arena, value, length), *hard = soft;
	if (value[length] == ':')
		hard = limit_of(arena, value + length + 1, strlen(value + length + 1));
	if (!soft || !hard || soft_is_above(soft, hard))
		return false;
	engines->soft = (struct engine_value){soft, where};
	engines->hard = (struct engine_value){hard, where};
	return true;
}

bool configuration_sysctl(struct engine_reader *reader, const char *word, const char *where)
{
	struct arena *arena = reader->arena;
	struct engines *engines = reader->engines;
	const char *equals = strchr(word, '=');
	if (!equals || equals == word)
		return false;
	char *key = arena_copy(arena, word, (size_t)(equals - word));
	char *slash = key;
	while ((slash = strchr(slash, '/')))
		*slash = '.';
	engines->settings = arena_grow(arena,
			engines->settings,
			engines->setting_count,
			&engines->setting_capacity,
			sizeof *engines->settings);
	engines->settings[engines->setting_count++] = (struct engine_setting){
			.key = parse_trim(key),
			.value = {parse_trim(arena_strdup(arena, equals + 1)), where},
	};
	return true;
}
