/* resource.setrlimit(resource.RLIMIT_NOFILE, (SOFT, HARD)) in a locustfile. */
#include "probes/plan/locust/limits.h"

#include <math.h>
#include <string.h>

/* The names of `soft, hard = resource.getrlimit(…)`: is it the second one? */
static bool is_hard_limit(const struct python *python, const struct python_token *name)
{
	for (size_t at = 4; at < python->count; at++) {
		if (!python_at(python, at, "getrlimit"))
			continue;
		size_t equals = at - 1;
		while (equals > 1 && at - equals < 4 && !python_at(python, equals, "="))
			equals--;
		const struct python_token *second = &python->tokens[equals - 1];
		bool pair = python_at(python, equals, "=") && python_at(python, equals - 2, ",");
		if (!pair || second->length != name->length)
			continue;
		if (!memcmp(second->text, name->text, name->length))
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
	const struct python *python = &script->files[note->file].python;
	size_t pair = python_item_end(python, note->start, note->end) + 1;
	*ret = (struct locust_limit){.where = note->where, .soft = NAN, .hard = NAN};
	if (pair >= note->end || (!python_at(python, pair, "(") && !python_at(python, pair, "[")))
		return true;
	size_t close = python_closing(python, pair, note->end);
	size_t comma = python_item_end(python, pair + 1, close);
	ret->soft = limit_at(script, note->file, pair + 1, comma);
	if (comma < close)
		ret->hard =
				limit_at(script, note->file, comma + 1, python_item_end(python, comma + 1, close));
	return true;
}
