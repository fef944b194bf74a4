/* The short forms in which probes put facts, with time, place and bounded raw text filled in. */
#include "probes/host/probing.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

const char *raw_copy(struct arena *arena, const char *raw)
{
	size_t length = strnlen(raw, RAW_MAX);
	while (length > 0 && raw[length - 1] == '\n')
		length--;
	return arena_copy(arena, raw, length);
}

static struct fact *probing_complete(struct probing *probing, struct fact *fact, const char *raw)
{
	fact->read_at = probing->read_at;
	if (raw)
		fact->raw = raw_copy(probing->arena, raw);
	return fact;
}

static const char *probing_where(struct probing *probing, const char *path)
{
	return path ? source_where(probing->source, path) : NULL;
}

struct fact *put_number(struct probing *probing,
		const char *key,
		const char *instance,
		double number,
		enum unit unit,
		const char *path,
		const char *raw)
{
	struct fact *fact = facts_put_number(probing->facts,
			key,
			instance,
			number,
			unit,
			probing_where(probing, path));
	return probing_complete(probing, fact, raw);
}

struct fact *put_text(struct probing *probing,
		const char *key,
		const char *instance,
		const char *text,
		const char *path,
		const char *raw)
{
	return probing_complete(probing,
			facts_put_text(probing->facts, key, instance, text, probing_where(probing, path)),
			raw);
}

struct fact *put_missing(struct probing *probing,
		const char *key,
		const char *instance,
		enum fact_status status,
		enum unit unit,
		const char *path,
		const char *note)
{
	struct fact *fact = facts_put_missing(probing->facts,
			key,
			instance,
			status,
			unit,
			probing_where(probing, path),
			note);
	return probing_complete(probing, fact, NULL);
}

struct fact *put_malformed(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		const char *raw,
		const char *note)
{
	struct fact *fact = put_missing(probing, key, instance, FACT_MALFORMED, unit, path, note);
	return probing_complete(probing, fact, raw);
}

enum fact_status status_from_errno(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ESRCH:
		return FACT_ABSENT;
	case EACCES:
	case EPERM:
		return FACT_DENIED;
	default:
		return FACT_MALFORMED;
	}
}

static const char *note_from_errno(struct probing *probing, int error)
{
	if (error == EFBIG)
		return "larger than 1 MiB: not read";
	if (error == EILSEQ)
		return "it holds a NUL byte";
	if (status_from_errno(error) == FACT_ABSENT)
		return NULL;
	char text[128];
	return arena_strdup(probing->arena, strerror_r(error, text, sizeof text));
}

struct fact *put_errno(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		int error)
{
	return put_missing(probing,
			key,
			instance,
			status_from_errno(error),
			unit,
			path,
			note_from_errno(probing, error));
}

int read_text(struct probing *probing, const char *path, char **ret_text)
{
	const char *text;
	size_t length;
	int error = source_read(probing->source, path, &text, &length);
	*ret_text = error ? NULL : arena_copy(probing->arena, text, length);
	return error;
}

const char *origin_line(struct probing *probing, const char *name)
{
	char *text;
	size_t length = strlen(name);
	if (probing->live || read_text(probing, "ORIGIN", &text) != 0)
		return NULL;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		const char *value = parse_trim(line + length + 1);
		return text_clean(probing->arena, value, strlen(value), 120);
	}
	return NULL;
}
