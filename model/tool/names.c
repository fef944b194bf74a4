/* Finding names. Values are found elsewhere (probes/plan/data/values.c). */
#include "model/tool/names.h"

#include <string.h>

#include "base/array.h"

static const struct {
	const char *name;
	enum term_part part;
	enum unit unit;
} parts[] = {
		{".given", PART_GIVEN, UNIT_BOOL},
		{".count", PART_COUNT, UNIT_COUNT},
		{".place", PART_PLACE, UNIT_COUNT},
		{".items", PART_ITEMS, UNIT_COUNT},
		{".first", PART_FIRST, UNIT_TEXT},
		{".path", PART_PATH, UNIT_BOOL},
		{".scheme", PART_SCHEME, UNIT_TEXT},
		{".host", PART_HOST, UNIT_TEXT},
		{".port", PART_PORT, UNIT_COUNT},
		{".has_path", PART_HAS_PATH, UNIT_BOOL},
		{".shown", PART_SHOWN, UNIT_TEXT},
};

static const struct {
	const char *name;
	enum unit unit;
} own[OWN_NAMES] = {
		[OWN_PROCESSORS] = {"processors", UNIT_COUNT},
		[OWN_NOFILE_SOFT] = {"nofile_soft", UNIT_COUNT},
		[OWN_NOFILE_HARD] = {"nofile_hard", UNIT_COUNT},
		[OWN_TLS] = {"tls", UNIT_BOOL},
		[OWN_LOOPBACK] = {"loopback", UNIT_BOOL},
		[OWN_KEPT] = {"kept", UNIT_BOOL},
		[OWN_PROGRAM] = {"program", UNIT_TEXT},
};

static bool is_term(const char *term, const char *name, size_t length)
{
	return term && strlen(term) == length && !memcmp(term, name, length);
}

/* The term of these bytes, its part as it is in *name. */
static bool find_term(const struct tool_reading *reading,
		const char *text,
		size_t length,
		struct tool_name *name)
{
	enum tool_takes takes = TOOL_TEXT;
	name->kind = NAME_NONE;
	for (size_t i = 0; i < reading->option_count && name->kind == NAME_NONE; i++) {
		if (is_term(reading->options[i].term, text, length)) {
			name->kind = NAME_OPTION;
			name->index = i;
			takes = reading->options[i].takes;
		}
	}
	for (size_t i = 0; i < reading->word_count && name->kind == NAME_NONE; i++) {
		if (is_term(reading->words[i].term, text, length)) {
			name->kind = NAME_WORD;
			name->index = i;
			takes = reading->words[i].takes;
		}
	}
	if (name->part == PART_VALUE)
		name->unit = tool_takes_unit(takes);
	return name->kind != NAME_NONE;
}

static bool find_part(const struct tool_reading *reading, const char *text, struct tool_name *name)
{
	const char *dot = strrchr(text, '.');
	for (size_t i = 0; dot && i < COUNT_OF(parts); i++) {
		if (strcmp(dot, parts[i].name) != 0)
			continue;
		name->part = parts[i].part;
		name->unit = parts[i].unit;
		return find_term(reading, text, (size_t)(dot - text), name);
	}
	return false;
}

static bool find_own(const char *text, struct tool_name *name)
{
	for (size_t i = 0; i < OWN_NAMES; i++) {
		if (strcmp(own[i].name, text) != 0)
			continue;
		*name = (struct tool_name){.kind = NAME_OWN, .index = i, .unit = own[i].unit};
		return true;
	}
	return false;
}

enum workload_field tool_field(const char *name)
{
	int field = 0;
	while (field < WORKLOAD_FIELDS && strcmp(workload_rows[field].name, name) != 0)
		field++;
	return (enum workload_field)field;
}

static bool find_given(const char *text, struct tool_name *name)
{
	static const char start[] = "workload.";
	if (strncmp(text, start, sizeof start - 1) != 0)
		return false;
	enum workload_field field = tool_field(text + sizeof start - 1);
	if (field == WORKLOAD_FIELDS)
		return false;
	*name = (struct tool_name){.kind = NAME_GIVEN,
			.index = (size_t)field,
			.unit = workload_rows[field].unit};
	return true;
}

static bool find_source(const struct tool_reading *reading,
		const char *text,
		struct tool_name *name)
{
	const struct tool_source_term *terms = tool_source_terms[reading->source];
	for (size_t i = 0; terms[i].name; i++) {
		if (strcmp(terms[i].name, text) != 0)
			continue;
		*name = (struct tool_name){.kind = NAME_SOURCE, .index = i, .unit = terms[i].unit};
		return true;
	}
	return false;
}

struct tool_name tool_name_find(const struct tool_reading *reading,
		const char *name,
		size_t let_count)
{
	struct tool_name found = {.part = PART_VALUE};
	for (size_t i = 0; i < let_count; i++) {
		if (!strcmp(reading->lets[i].name, name))
			return (struct tool_name){.kind = NAME_LET, .index = i};
	}
	if (find_own(name, &found) || find_given(name, &found))
		return found;
	if (find_source(reading, name, &found))
		return found;
	if (find_part(reading, name, &found))
		return found;
	found = (struct tool_name){.part = PART_VALUE};
	(void)find_term(reading, name, strlen(name), &found);
	return found;
}
