#include "audit/command/words.h"

#include <string.h>

#include "audit/explain/list.h"
#include "audit/output/output.h"
#include "audit/rules/built_in.h"
#include "audit/rules/presets.h"
#include "audit/run/stock_image.h"
#include "audit/size/catalogue.h"
#include "base/array.h"
#include "base/embed.h"
#include "report/emit/emit.h"

static void add_word(struct text *out, const char *word)
{
	text_addf(out, "%s\n", word);
}

static void add_names(struct text *out, const char *const *names)
{
	for (; *names; names++)
		add_word(out, *names);
}

static bool presets(const struct run *run, struct text *out, struct error *err)
{
	(void)err;
	add_names(out, preset_names(run->arena, &built_in_extras));
	return true;
}

/* For shells that show a line beside a word: a tab is between them. */
static bool preset_titles(const struct run *run, struct text *out, struct error *err)
{
	const struct rule_extras *extras = &built_in_extras;
	(void)run;
	(void)err;
	for (size_t i = 0; i < extras->preset_count; i++) {
		const struct workload_preset *preset = &extras->presets[i];
		if (!preset_is_internal(preset->id))
			text_addf(out, "%s\t%s\n", preset->id, preset->title);
	}
	return true;
}

static void add_rules(struct text *out, bool limits_only)
{
	for (size_t i = 0; i < built_in_extras.item_count; i++) {
		const struct rule_item *item = &built_in_extras.items[i];
		if (item->kind == RULE_LIMIT || !limits_only)
			add_word(out, item->id);
	}
}

static bool topics(const struct run *run, struct text *out, struct error *err)
{
	(void)run;
	(void)err;
	explain_list_words(out);
	add_rules(out, false);
	return true;
}

static bool limits(const struct run *run, struct text *out, struct error *err)
{
	(void)run;
	(void)err;
	add_rules(out, true);
	return true;
}

static bool images(const struct run *run, struct text *out, struct error *err)
{
	const char *const *names = stock_image_names(run->arena, err);
	if (!names)
		return false;
	add_names(out, names);
	return true;
}

static bool providers(const struct run *run, struct text *out, struct error *err)
{
	struct catalogue catalogue;
	if (!catalogue_read(run->arena, NULL, &catalogue, err))
		return false;
	const char *last = "";
	for (size_t i = 0; i < catalogue.count; i++) {
		const char *provider = catalogue.types[i].provider;
		if (strcmp(provider, last) != 0)
			add_word(out, provider);
		last = provider;
	}
	return true;
}

static bool emits(const struct run *run, struct text *out, struct error *err)
{
	(void)run;
	(void)err;
	for (size_t i = 0; i < emit_kinds_count; i++)
		add_word(out, emit_kinds[i].name);
	return true;
}

static bool formats(const struct run *run, struct text *out, struct error *err)
{
	(void)run;
	(void)err;
	for (enum format format = 0; format < FORMATS; format++)
		add_word(out, output_format_name(format));
	return true;
}

static bool schemas(const struct run *run, struct text *out, struct error *err)
{
	static const char ending[] = ".schema.json";
	(void)err;
	for (size_t i = 0; i < embedded_count; i++) {
		const char *path = embedded_files[i].path;
		const char *name = strchr(path, '/') + 1;
		if (!text_ends_with(path, ending))
			continue;
		size_t length = strlen(name) - strlen(ending);
		add_word(out, arena_copy(run->arena, name, length));
	}
	return true;
}

static const struct {
	const char *kind;
	bool (*add)(const struct run *run, struct text *out, struct error *err);
} kinds[] = {
		{"presets", presets},
		{"preset-titles", preset_titles},
		{"topics", topics},
		{"limits", limits},
		{"images", images},
		{"providers", providers},
		{"emits", emits},
		{"formats", formats},
		{"schemas", schemas},
};

bool words_add(const struct run *run, const char *kind, struct text *out, struct error *err)
{
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (strcmp(kinds[i].kind, kind) == 0)
			return kinds[i].add(run, out, err);
	}
	return error_set(err,
			"--words %.60s: choose one of presets, topics, preset-titles, limits, images, "
			"providers, emits, "
			"formats, schemas",
			kind);
}

struct option_words {
	const char *name, *words;
};

/* Options with a fixed set of words have it in their row. */
static const struct option_words options_with_words[] = {
		{"output", "formats"},
		{"ignore", "limits"},
		{"image", "images"},
		{"provider", "providers"},
		{"emit", "emits"},
		{"dir", "directories"},
		{"rules", "directories"},
		{"template", "directories"},
		{"snapshot", "directories"},
		{"root", "directories"},
		{"facts", "files"},
		{"hosts", "files"},
		{"config", "files"},
		{"waivers", "files"},
		{"catalogue", "files"},
		{"prometheus", "files"},
		{"token-file", "files"},
		{"key", "files"},
		{"against", "files"},
};

const char *words_of_option(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(options_with_words); i++) {
		if (strcmp(options_with_words[i].name, name) == 0)
			return options_with_words[i].words;
	}
	return NULL;
}

static const char *const command_words[COMMANDS] = {
		[COMMAND_EXPLAIN] = "topics",
		[COMMAND_HISTORY] = "list show diff trend prune export",
		[COMMAND_RULES] = "list lint test",
		[COMMAND_SCHEMA] = "schemas",
};

const char *words_of_command(enum command_id command)
{
	if (command_words[command])
		return command_words[command];
	return command_rows[command].takes_workload ? "presets" : "files";
}
