#include "report/document/baseline.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/view.h"

enum {
	ID_CHARS = 60,
	INSTANCE_CHARS = 60,
	NAME_CHARS = 80,
	DAY_CHARS = 10
};

static bool baseline_lists(const cJSON *document, const char *list, const char *id)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, list)) {
		if (strcmp(view_raw(item, "id"), id) == 0)
			return true;
	}
	return false;
}

bool baseline_is_known(const cJSON *document, const cJSON *limit)
{
	const char *id = view_raw(limit, "id");
	if (baseline_lists(document, "gate.baseline.new", id))
		return false;
	return baseline_lists(document, "gate.baseline.known", id);
}

bool baseline_run_is_known(const cJSON *document)
{
	return strcmp(view_raw(document, "gate.baseline.run"), "known") == 0;
}

/* "process-fds (466%, was 430%)" */
static void baseline_add_limit(struct arena *arena, const cJSON *item, struct text *out)
{
	const char *instance = view_text(arena, item, "instance", INSTANCE_CHARS);
	double use = view_number(item, "utilization");
	double before = view_number(item, "before");
	text_add(out, view_text(arena, item, "id", ID_CHARS));
	if (*instance)
		text_addf(out, " [%s]", instance);
	if (isnan(use))
		return;
	text_add(out, " (");
	text_add(out, view_figure_of(arena, use, UNIT_RATIO));
	if (!isnan(before)) {
		text_add(out, ", was ");
		text_add(out, view_figure_of(arena, before, UNIT_RATIO));
	}
	text_add(out, ")");
}

static void baseline_add_limits(struct arena *arena, const cJSON *list, struct text *out)
{
	const char *between = "";
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		text_add(out, between);
		baseline_add_limit(arena, item, out);
		between = ", ";
	}
}

static const char *limits_word(size_t count)
{
	if (count == 1)
		return "limit";
	return "limits";
}

static void add_known(struct arena *arena, const cJSON *baseline, struct text *out)
{
	size_t count = view_count(baseline, "known");
	if (!count)
		return;
	text_addf(out, "%zu %s failed before as well: ", count, limits_word(count));
	baseline_add_limits(arena, view_array(baseline, "known"), out);
	text_add(out, ". ");
}

static void add_new(struct arena *arena, const cJSON *baseline, struct text *out)
{
	if (!view_count(baseline, "new"))
		return;
	text_add(out, "New: ");
	baseline_add_limits(arena, view_array(baseline, "new"), out);
	text_add(out, ". ");
}

static void add_fixed(struct arena *arena, const cJSON *baseline, struct text *out)
{
	size_t count = view_count(baseline, "fixed");
	if (!count)
		return;
	if (count == 1)
		text_add(out, "1 limit that failed before passes now: ");
	else
		text_addf(out, "%zu limits that failed before pass now: ", count);
	baseline_add_limits(arena, view_array(baseline, "fixed"), out);
	text_add(out, "; a new baseline keeps it so. ");
}

static void baseline_add_run(const cJSON *baseline, struct text *out)
{
	const char *run = view_raw(baseline, "run");
	if (strcmp(run, "known") == 0)
		text_add(out, "The run is not certified for the same reason as before. ");
	if (strcmp(run, "new") == 0)
		text_add(out, "The run is not certified for a reason that is new. ");
}

const char *baseline_text(struct arena *arena, const cJSON *document)
{
	const cJSON *baseline = view_object(document, "gate.baseline");
	struct text text = {0};
	if (!baseline)
		return "";
	if (!view_true(baseline, "found"))
		text_add(&text,
				"this host has kept no earlier gate of this command, so that all that fails is "
				"new. ");
	add_known(arena, baseline, &text);
	add_new(arena, baseline, &text);
	add_fixed(arena, baseline, &text);
	baseline_add_run(baseline, &text);
	const char *said = text_take(arena, &text);
	if (!*said)
		return "";
	said = arena_copy(arena, said, strlen(said) - 1);
	const char *day = view_text(arena, baseline, "created", NAME_CHARS);
	const char *name = view_text(arena, baseline, "against", NAME_CHARS);
	if (!*day)
		return arena_printf(arena, "--against %s: %s", name, said);
	return arena_printf(arena, "--against %s, of %.*s: %s", name, DAY_CHARS, day, said);
}
