/* resource.setrlimit(resource.RLIMIT_NOFILE, (SOFT, HARD)) in a locustfile. */
#include "probes/plan/locust/limits.h"

#include <math.h>
#include <string.h>

static bool same_text(const struct python_token *a, const struct python_token *b)
{
	if (a->length != b->length)
		return false;
	return !memcmp(a->text, b->text, a->length);
}

/* The "=" before getrlimit, which may follow a module's name; 0: there is none. */
static size_t equals_before(const struct python *python, size_t at)
{
	for (size_t back = 1; back < 4; back++)
		if (python_at(python, at - back, "="))
			return at - back;
	return 0;
}

/* The names of `soft, hard = resource.getrlimit(…)`: is it the second one? */
static bool is_hard_limit(const struct python *python, const struct python_token *name)
{
	for (size_t at = 6; at < python->count; at++) {
		if (!python_at(python, at, "getrlimit"))
			continue;
		size_t equals = equals_before(python, at);
		if (!equals)
			continue;
		bool pair = python_at(python, equals - 2, ",");
		if (pair && same_text(&python->tokens[equals - 1], name))
			return true;
	}
	return false;
}

static double limit_at(struct locust_script *script, size_t file, size_t start, size_t end)
{
	const struct python *python = &script->files[file].python;
	struct locust_name value = {
			.class = LOCUST_NONE,
			.function = LOCUST_NONE,
			.file = file,
			.start = start,
			.end = end,
	};
	if (end == start + 1 && is_hard_limit(python, &python->tokens[start]))
		return INFINITY;
	return locust_number_of(script, &value);
}

bool locust_limit_read(struct locust_script *script, struct locust_limit *ret)
{
	const struct locust_note *note = script->limit_set;
	if (!note)
		return false;
	size_t file = note->file;
	const struct python *python = &script->files[file].python;
	*ret = (struct locust_limit){
			.where = note->where,
			.soft = NAN,
			.hard = NAN,
	};
	size_t pair = python_item_end(python, note->start, note->end) + 1;
	bool listed = python_at(python, pair, "(");
	listed |= python_at(python, pair, "[");
	if (pair >= note->end || !listed)
		return true;
	size_t close = python_closing(python, pair, note->end);
	size_t comma = python_item_end(python, pair + 1, close);
	ret->soft = limit_at(script, file, pair + 1, comma);
	if (comma >= close)
		return true;
	size_t end = python_item_end(python, comma + 1, close);
	ret->hard = limit_at(script, file, comma + 1, end);
	return true;
}
