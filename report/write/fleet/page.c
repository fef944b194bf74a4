/* Parts of headroom.fleet/1 in words. */
#include "report/write/fleet/page.h"

#include <math.h>
#include <string.h>

#include "report/document/verdict.h"
#include "report/document/view.h"

const char *fleet_limit_title(struct arena *arena, const cJSON *document, const char *id)
{
	const cJSON *limit = view_find(view_array(document, "limits"), "id", id);
	return view_text(arena, limit, "title", FLEET_VALUE_CHARS);
}

static bool page_is_setting(const cJSON *deviation)
{
	const char *key = view_raw(deviation, "key");
	return !text_begins_with(key, "limit ") && !text_begins_with(key, "facts ");
}

static void add_deviation(struct arena *arena, const cJSON *deviation, struct text *out)
{
	const char *value = view_text(arena, deviation, "value", FLEET_VALUE_CHARS);
	const char *most = view_text(arena, deviation, "majority", FLEET_VALUE_CHARS);
	if (out->length > 0)
		text_add(out, "; ");
	text_add(out, view_text(arena, deviation, "key", FLEET_VALUE_CHARS));
	if (*value)
		text_addf(out, " %s", value);
	else
		text_add(out, " is not there");
	if (*most)
		text_addf(out, ", not %s", most);
}

const char *fleet_differs(struct arena *arena, const cJSON *class, size_t most)
{
	const cJSON *deviation;
	struct text out = {0};
	size_t count = 0;
	cJSON_ArrayForEach(deviation, view_array(class, "deviations")) {
		if (!page_is_setting(deviation))
			continue;
		count++;
		if (most == 0 || count <= most)
			add_deviation(arena, deviation, &out);
	}
	if (most > 0 && count > most)
		text_addf(&out, "; %zu more", count - most);
	return text_take(arena, &out);
}

const char *fleet_answered(struct arena *arena, const cJSON *document)
{
	double expected = view_number(document, "counts.expected");
	const char *answered = view_figure(arena, document, "counts.answered", UNIT_COUNT);
	if (isnan(expected))
		return answered;
	return arena_printf(arena, "%s of %s", answered, view_figure_of(arena, expected, UNIT_COUNT));
}

static void add_host_name(struct arena *arena,
		const cJSON *host,
		size_t at,
		size_t most,
		struct text *out)
{
	if (most > 0 && at >= most)
		return;
	if (at > 0)
		text_add(out, ", ");
	text_add(out, view_text(arena, host, "name", FLEET_NAME_CHARS));
}

static const char *fleet_names(struct arena *arena,
		const cJSON *document,
		const char *member,
		const char *value,
		size_t most)
{
	const cJSON *host;
	struct text out = {0};
	size_t count = 0;
	cJSON_ArrayForEach(host, view_array(document, "hosts")) {
		if (strcmp(view_raw(host, member), value) == 0)
			add_host_name(arena, host, count++, most, &out);
	}
	if (most > 0 && count > most)
		text_addf(&out, " and %zu more", count - most);
	return text_take(arena, &out);
}

const char *fleet_names_in(struct arena *arena,
		const cJSON *document,
		const char *state,
		size_t most)
{
	return fleet_names(arena, document, "state", state, most);
}

const char *fleet_names_of(struct arena *arena,
		const cJSON *document,
		const char *class,
		size_t most)
{
	return fleet_names(arena, document, "class", class, most);
}

const char *fleet_word(const cJSON *node)
{
	switch (document_verdict(node)) {
	case VERDICT_PASS:
		return "PASS";
	case VERDICT_FAIL:
		return "FAIL";
	case VERDICT_NONE:
	case VERDICT_UNKNOWN:
		break;
	}
	return "UNKNOWN";
}

const char *fleet_stage_load(struct arena *arena, const cJSON *stage)
{
	double least = view_number(stage, "least"), most = view_number(stage, "most");
	if (isnan(most))
		return "";
	const char *figure = view_figure_of(arena, most, UNIT_COUNT);
	if (least < most)
		figure = arena_printf(arena, "%s to %s", view_figure_of(arena, least, UNIT_COUNT), figure);
	return arena_printf(arena, "%s %s", figure, most == 1 ? "connection" : "connections");
}
