/* Facts with time, place and bounded raw text. */
#include "probes/host/put.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "base/text.h"
#include "probes/host/facts/keys.h"
#include "probes/host/source/manifest.h"

static const char *put_raw_copy(struct arena *arena, const char *raw)
{
	size_t length = strnlen(raw, RAW_MAX);
	while (length > 0 && raw[length - 1] == '\n')
		length--;
	return arena_copy(arena, raw, length);
}

static struct fact *put_complete(struct probing *probing, struct fact *fact, const char *raw)
{
	fact->read_at = probing->read_at;
	if (raw)
		fact->raw = put_raw_copy(probing->arena, raw);
	return fact;
}

static const char *put_where(struct probing *probing, const char *path)
{
	if (!path)
		return NULL;
	return source_where(probing->source, path);
}

struct fact *put_number_of(struct probing *probing,
		const char *key,
		const char *instance,
		double number,
		enum unit unit,
		const char *path,
		const char *raw)
{
	const char *where = put_where(probing, path);
	struct fact *fact = facts_put_number(probing->facts, key, instance, number, unit, where);
	return put_complete(probing, fact, raw);
}

struct fact *put_text_of(struct probing *probing,
		const char *key,
		const char *instance,
		const char *text,
		const char *path,
		const char *raw)
{
	const char *where = put_where(probing, path);
	struct fact *fact = facts_put_text(probing->facts, key, instance, text, where);
	return put_complete(probing, fact, raw);
}

struct fact *put_missing_of(struct probing *probing,
		const char *key,
		const char *instance,
		enum fact_status status,
		enum unit unit,
		const char *path,
		const char *note)
{
	assert(status != FACT_KNOWN);
	const char *where = put_where(probing, path);
	struct fact *fact = facts_put_missing(probing->facts, key, instance, status, unit, where, note);
	return put_complete(probing, fact, NULL);
}

struct fact *put_malformed_of(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		const char *raw,
		const char *note)
{
	struct fact *fact = put_missing_of(probing, key, instance, FACT_MALFORMED, unit, path, note);
	return put_complete(probing, fact, raw);
}

enum fact_status put_status_of(int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
	case ESRCH:
		return FACT_ABSENT;
	case EACCES:
	case EPERM:
		return FACT_DENIED;
	case SOURCE_NOT_COLLECTED:
	case ENODATA: /* of a process that does not run (source.h) */
		return FACT_SKIPPED;
	default:
		return FACT_MALFORMED;
	}
}

static const char *put_note_of(struct probing *probing, int error)
{
	if (error == SOURCE_NOT_COLLECTED)
		return "the snapshot does not have it";
	if (error == EFBIG)
		return "larger than 1 MiB: not read";
	if (error == EILSEQ)
		return "it holds a NUL byte";
	if (error == ENODATA)
		return "it is not running";
	if (put_status_of(error) == FACT_ABSENT)
		return NULL;
	return arena_strdup(probing->arena, strerror(error));
}

struct fact *put_errno_of(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		int error)
{
	assert(error != 0);
	enum fact_status status = put_status_of(error);
	const char *note = put_note_of(probing, error);
	return put_missing_of(probing, key, instance, status, unit, path, note);
}

struct fact *put_number(struct probing *probing,
		const char *key,
		double number,
		enum unit unit,
		const char *path,
		const char *raw)
{
	return put_number_of(probing, key, NULL, number, unit, path, raw);
}

struct fact *put_text(struct probing *probing,
		const char *key,
		const char *text,
		const char *path,
		const char *raw)
{
	return put_text_of(probing, key, NULL, text, path, raw);
}

struct fact *put_missing(struct probing *probing,
		const char *key,
		enum fact_status status,
		enum unit unit,
		const char *path,
		const char *note)
{
	return put_missing_of(probing, key, NULL, status, unit, path, note);
}

struct fact *put_errno(struct probing *probing,
		const char *key,
		enum unit unit,
		const char *path,
		int error)
{
	return put_errno_of(probing, key, NULL, unit, path, error);
}

struct fact *put_malformed(struct probing *probing,
		const char *key,
		enum unit unit,
		const char *path,
		const char *raw,
		const char *note)
{
	return put_malformed_of(probing, key, NULL, unit, path, raw, note);
}

struct fact *put_value(struct probing *probing,
		const char *key,
		const struct reading *value,
		enum unit unit,
		const char *path,
		const char *raw)
{
	if (value->text)
		return put_text(probing, key, value->text, path, raw);
	return put_number(probing, key, value->number, unit, path, raw);
}

void put_lists(struct probing *probing, const char *prefix, enum list_state state, int error)
{
	const char *name = NULL;
	if (error)
		name = manifest_errno_name(error);
	for (size_t i = 0; i < keys_count(); i++) {
		const struct known_key *key = keys_at(i);
		if (key->instances && text_begins_with(key->key, prefix))
			facts_put_list(probing->facts, key->key, state, name);
	}
}
