/* Reads options by their rows. Knows names and types, not what an option does. */
#include "audit/cli/option_reader.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "audit/cli/corrected.h"
#include "audit/cli/option_table.h"
#include "base/array.h"
#include "base/list.h"
#include "base/suggest.h"
#include "base/text.h"

struct reader {
	struct arena *arena;
	enum command_id command;
	int argc, at; /* `at` is the argument being read */
	char *const *argv;
	struct options *options;
};

static bool set_commas(struct arena *arena,
		struct name_list *list,
		const char *shown,
		const char *text,
		struct error *err)
{
	char *rest = arena_strdup(arena, text);
	for (char *item; (item = strsep(&rest, ","));) {
		if (!*item)
			return error_set(err,
					"%s: \"%.200s\" contains an empty name; write ID,ID",
					shown,
					text);
		name_list_append(arena, list, item);
	}
	return true;
}

static bool options_set_choice(const struct option_row *row,
		const char *shown,
		const char *text,
		const char **member,
		struct error *err)
{
	__attribute__((cleanup(text_release))) struct text all = {0};
	for (const char *const *choice = row->choices; *choice; choice++) {
		if (!strcmp(*choice, text)) {
			*member = *choice;
			return true;
		}
		if (all.length)
			text_add(&all, ", ");
		text_add(&all, *choice);
	}
	return error_set(err, "%s: \"%.100s\" is not one of: %s", shown, text, text_string(&all));
}

struct number_range {
	enum unit unit;
	double most;
	const char *text;
};

/* The last row is for the other units: PID_MAX_LIMIT, include/linux/threads.h. */
static const struct number_range number_ranges[] = {
		{UNIT_RATIO, 1, "more than 0% and at most 100%"},
		{UNIT_SECONDS, 3600, "more than 0 s and at most 1 h"},
		{UNIT_BYTES, 1125899906842624.0, "more than 0 and at most 1 PiB, such as 4GiB"},
		{UNIT_COUNT, 4194304, "a process ID"},
};

static const struct number_range long_range = {UNIT_SECONDS,
		3153600000,
		"more than 0 s and at most 36500d, such as 24h"};

static const struct number_range *range_of(enum unit unit)
{
	size_t i = 0;
	while (i + 1 < COUNT_OF(number_ranges) && number_ranges[i].unit != unit)
		i++;
	return &number_ranges[i];
}

static bool options_set_number(const struct option_row *row,
		const char *shown,
		const char *text,
		double *member,
		struct error *err)
{
	struct error why = {0};
	const struct number_range *range = range_of(row->unit);
	bool parsed = unit_parse(text, row->unit, member, &why);
	if (!parsed && row->unit == UNIT_COUNT)
		return error_set(err, "%s: \"%.100s\" is not %s", shown, text, range->text);
	if (!parsed)
		return error_set(err, "%s: %s", shown, why.text);
	if (row->is_long)
		range = &long_range;
	bool none = row->may_be_none && *member == 0;
	if (row->unit == UNIT_RATIO && *member > 1 && *member <= 100 && !strchr(text, '%'))
		return error_set(err,
				"%s: \"%.20s\" is out of range; did you mean %.20s%%?",
				shown,
				text,
				text);
	if (row->unit == UNIT_COUNT && *member > range->most)
		return error_set(err, "%s: there is no process %.100s", shown, text);
	if (!none && (!(*member > 0) || *member > range->most))
		return error_set(err, "%s: \"%.100s\" is out of range; give %s", shown, text, range->text);
	return true;
}

static bool check_not_empty(const struct option_row *row,
		const char *shown,
		const char *text,
		struct error *err)
{
	if (*text)
		return true;
	const char *article = "a"; /* "an ID", "a TEXT" */
	assert(row->argument);
	if (strchr("AEIO", *row->argument))
		article = "an";
	return error_set(err, "%s needs %s %s, but the text is empty", shown, article, row->argument);
}

/* Documents show it in the middle of a line, whoever wrote it. */
static bool check_shown(struct arena *arena,
		const struct option_row *row,
		const char *shown,
		const char *text,
		struct error *err)
{
	enum {
		UTF8_BYTES_MAX = 4
	};
	size_t length = strlen(text);
	bool plain = row->chars_max == 0 ||
			(length <= UTF8_BYTES_MAX * row->chars_max && strspn(text, " ") < length &&
					!strcmp(text, text_clean(arena, text, length, row->chars_max)));
	return plain ||
			error_set(err,
					"%s takes one line of at most %zu characters, in UTF-8 and without control "
					"characters; use a shorter or plainer text",
					shown,
					row->chars_max);
}

static size_t index_of(const struct option_row *row)
{
	assert(row >= option_rows && row < option_rows + option_rows_count);
	return (size_t)(row - option_rows);
}

static void put_switch(struct options *options, const struct option_row *row, bool on)
{
	bool *member = (void *)((char *)options + row->offset);
	assert(row->kind == OPTION_SWITCH);
	options->given[index_of(row)] = true;
	*member = on;
}

/* Is one of the names the other with "no-" in front? */
static bool are_opposites(const char *a, const char *b)
{
	if (text_begins_with(b, "no-") && !strcmp(a, b + 3))
		return true;
	return text_begins_with(a, "no-") && !strcmp(a + 3, b);
}

/* Where the opposite is an option of its own, it no longer holds. */
void options_switch(struct options *options, const struct option_row *row, bool on)
{
	put_switch(options, row, on);
	for (size_t i = 0; on && i < option_rows_count; i++) {
		const struct option_row *other = &option_rows[i];
		bool together = other->commands & row->commands;
		if (other->kind == OPTION_SWITCH && together && are_opposites(row->name, other->name))
			put_switch(options, other, false);
	}
}

static bool set_option(const struct reader *reader,
		const struct option_row *row,
		const char *shown,
		const char *text,
		struct error *err)
{
	void *member = (char *)reader->options + row->offset;
	reader->options->given[index_of(row)] = true;
	switch (row->kind) {
	case OPTION_SWITCH:
		options_switch(reader->options, row, true);
		return true;
	case OPTION_TEXT:
		*(const char **)member = text;
		return check_not_empty(row, shown, text, err) &&
				check_shown(reader->arena, row, shown, text, err);
	case OPTION_CHOICE:
		return options_set_choice(row, shown, text, member, err);
	case OPTION_LIST:
		name_list_append(reader->arena, member, text);
		return check_not_empty(row, shown, text, err);
	case OPTION_COMMAS:
		return set_commas(reader->arena, member, shown, text, err);
	case OPTION_NUMBER:
		return options_set_number(row, shown, text, member, err);
	}
	return true;
}

/* The argument of an option: `attached` if it was written as --option=ARGUMENT or -oARGUMENT, else
 * the next word. NULL with err if there is none. */
static const char *take_argument(struct reader *reader,
		const char *attached,
		const char *shown,
		const char *what,
		struct error *err)
{
	if (attached)
		return attached;
	if (reader->at + 1 < reader->argc)
		return reader->argv[++reader->at];
	(void)error_set(err, "%s needs an argument: %s %s", shown, shown, what);
	return NULL;
}

static enum workload_field find_field(const char *name)
{
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		enum workload_field field = (enum workload_field)i;
		const char *short_flag = workload_rows[i].short_flag;
		char flag[64];
		if (!strcmp(workload_flag(field, flag), name))
			return field;
		if (short_flag && !strcmp(short_flag, name))
			return field;
	}
	return WORKLOAD_FIELDS;
}

static bool set_field(struct reader *reader,
		enum workload_field field,
		const char *shown,
		const char *attached,
		struct error *err)
{
	struct error why = {0};
	const char *text =
			take_argument(reader, attached, shown, "VALUE (headroom help workload)", err);
	if (!text)
		return false;
	reader->options->workload_flags++;
	if (workload_set(reader->arena, &reader->options->workload, field, text, shown, &why))
		return true;
	return error_set(err, "%s: %s", shown, why.text);
}

/* The names of everything this command takes, NULL-terminated. */
static const char *const *known_names(struct arena *arena, enum command_id command)
{
	size_t most = option_rows_count + 2 * WORKLOAD_FIELDS, count = 0;
	const char **names = arena_alloc(arena, (most + 1) * sizeof *names);
	for (size_t i = 0; i < option_rows_count; i++) {
		if (option_applies(&option_rows[i], command) && !option_rows[i].hidden)
			names[count++] = option_rows[i].name;
	}
	for (size_t i = 0; command_rows[command].takes_workload && i < WORKLOAD_FIELDS; i++) {
		char flag[64];
		names[count++] = arena_strdup(arena, workload_flag((enum workload_field)i, flag));
		if (workload_rows[i].short_flag)
			names[count++] = workload_rows[i].short_flag;
	}
	assert(count <= most);
	return names;
}

/* What load test tools call it, and what it is called here. */
static const struct {
	const char *theirs, *ours;
} other_words[] = {
		{"clients", "connections"},
		{"concurrency", "connections"},
		{"conn", "connections"},
		{"connects-per-second", "open-rate"},
		{"conns", "connections"},
		{"host", "to"},
		{"qps", "rps"},
		{"rate", "open-rate"},
		{"target", "to"},
		{"time", "duration"},
		{"url", "to"},
		{"vus", "users"},
};

/* The option that was meant; NULL: nobody can tell. */
static const char *meant_option(const struct reader *reader, const char *name)
{
	const char *const *known = known_names(reader->arena, reader->command);
	for (size_t i = 0; i < COUNT_OF(other_words); i++) {
		const char *ours = other_words[i].ours;
		if (strcmp(other_words[i].theirs, name) != 0)
			continue;
		for (const char *const *at = known; *at; at++)
			if (!strcmp(*at, ours))
				return ours;
	}
	return suggest_name(name, known);
}

static const char gate_hosts[] =
		"gate always judges this host (for another one: headroom audit --facts PATH)";
static const char gate_limits[] =
		"gate starts COMMAND with the limits of this shell (for others: headroom audit)";

/* What gate cannot take, and why. */
static const struct {
	const char *name, *why;
} not_of_gate[] = {
		{"facts", gate_hosts},
		{"image", gate_hosts},
		{"host-root", gate_hosts},
		{"pid", gate_limits},
		{"unit", gate_limits},
		{"container", gate_limits},
};

static const char *why_not(enum command_id command, const char *name)
{
	for (size_t i = 0; command == COMMAND_GATE && i < COUNT_OF(not_of_gate); i++)
		if (!strcmp(not_of_gate[i].name, name))
			return not_of_gate[i].why;
	return NULL;
}

/* `attached`: what stands behind its "=", or NULL. */
static bool unknown_option(const struct reader *reader,
		const char *name,
		const char *attached,
		struct error *err)
{
	struct arena *arena = reader->arena;
	const char *meant = meant_option(reader, name);
	const char *command = command_rows[reader->command].name;
	const char *why = why_not(reader->command, name);
	if (why)
		return error_set(err, "--%s: %s", name, why);
	if (!meant)
		return error_set(err,
				"unknown option --%.100s; for a list: headroom %s --help",
				name,
				command);
	const char *word = arena_printf(arena, "--%s", meant);
	if (attached)
		word = arena_printf(arena, "%s=%s", word, attached);
	const struct correction correction = {
			.command = command,
			.words = reader->argv,
			.count = reader->argc,
			.at = reader->at,
			.word = word,
	};
	return error_set(err,
			"unknown option --%.100s; did you mean --%s? %s",
			name,
			meant,
			corrected_line(arena, &correction));
}

const struct option_row *options_find(enum command_id command, const char *name)
{
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (!strcmp(row->name, name) && option_applies(row, command))
			return row;
	}
	return NULL;
}

/* The switch that this name turns off: "no-force" is the opposite of "force", "history" that of
 * "no-history". */
static const struct option_row *find_opposite(const struct reader *reader, const char *name)
{
	const char *opposite;
	if (text_begins_with(name, "no-"))
		opposite = name + strlen("no-");
	else
		opposite = arena_printf(reader->arena, "no-%s", name);
	const struct option_row *row = options_find(reader->command, opposite);
	if (row && row->kind == OPTION_SWITCH && !row->hidden && !row->one_way)
		return row;
	return NULL;
}

static const struct option_row *options_find_letter(enum command_id command, char letter)
{
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (row->letter == letter && option_applies(row, command))
			return row;
	}
	return NULL;
}

static bool take_and_set(struct reader *reader,
		const struct option_row *row,
		const char *shown,
		const char *attached,
		struct error *err)
{
	if (!row->argument)
		return set_option(reader, row, shown, "", err);
	const char *text = take_argument(reader, attached, shown, row->argument, err);
	return text && set_option(reader, row, shown, text, err);
}

/* `word` is what follows the two dashes. */
static bool options_read_long(struct reader *reader, const char *word, struct error *err)
{
	size_t length = strcspn(word, "=");
	const char *attached = NULL;
	if (word[length])
		attached = word + length + 1;
	const char *name = arena_copy(reader->arena, word, length);
	const char *shown = arena_printf(reader->arena, "--%s", name);
	const struct option_row *row = options_find(reader->command, name);
	const struct option_row *off = NULL;
	if (!row)
		off = find_opposite(reader, name);
	if ((off || (row && !row->argument)) && attached)
		return error_set(err, "%s takes no argument; leave out \"=%.100s\"", shown, attached);
	if (row)
		return take_and_set(reader, row, shown, attached, err);
	if (off) {
		options_switch(reader->options, off, false);
		return true;
	}
	enum workload_field field = find_field(name);
	if (field != WORKLOAD_FIELDS && command_rows[reader->command].takes_workload)
		return set_field(reader, field, shown, attached, err);
	return unknown_option(reader, name, attached, err);
}

static bool unknown_letter(const struct reader *reader, char letter, struct error *err)
{
	char shown[3] = {'-', letter, '\0'};
	bool printable = letter > ' ' && letter < 0x7f;
	if (!printable)
		shown[1] = '?';
	return error_set(err,
			"unknown option %s; for a list: headroom %s --help",
			shown,
			command_rows[reader->command].name);
}

/* Letters may be joined, as in -qh; the first one that takes an argument takes the rest. */
static bool options_read_letters(struct reader *reader, const char *letters, struct error *err)
{
	for (; *letters; letters++) {
		const struct option_row *row = options_find_letter(reader->command, *letters);
		const char shown[3] = {'-', *letters, '\0'};
		const char *rest = NULL;
		if (!row)
			return unknown_letter(reader, *letters, err);
		if (letters[1])
			rest = letters + 1;
		if (row->argument)
			return take_and_set(reader, row, shown, rest, err);
		if (!set_option(reader, row, shown, "", err))
			return false;
	}
	return true;
}

void options_init(struct options *ret_options)
{
	*ret_options = (struct options){.color = "auto",
			.planning_constants = "on",
			.max_use = 0.75,
			.gate.certify = "on",
			.gate.max_errors = 0.001,
			.gate.min_rate = 0.95,
			.gate.min_reached = 0.8,
			.gate.max_cpu_wait = 0.05};
}

bool options_set(struct arena *arena,
		enum command_id command,
		const char *name,
		const char *text,
		const char *shown,
		struct options *options,
		struct error *err)
{
	const struct reader reader = {.arena = arena, .command = command, .options = options};
	const struct option_row *row = options_find(command, name);
	if (row)
		return set_option(&reader, row, shown, text, err);
	return error_set(err,
			"%s: headroom %s has no option --%.60s",
			shown,
			command_rows[command].name,
			name);
}

bool options_given(const struct options *options, size_t offset)
{
	for (size_t i = 0; i < option_rows_count; i++) {
		if (option_rows[i].offset == offset && options->given[i])
			return true;
	}
	return false;
}

void options_merge(struct options *under, const struct options *over)
{
	static const size_t sizes[] = {
			[OPTION_SWITCH] = sizeof(bool),
			[OPTION_TEXT] = sizeof(char *),
			[OPTION_CHOICE] = sizeof(char *),
			[OPTION_LIST] = sizeof(struct name_list),
			[OPTION_COMMAS] = sizeof(struct name_list),
			[OPTION_NUMBER] = sizeof(double),
	};
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		char *to = (char *)under + row->offset;
		const char *from = (const char *)over + row->offset;
		if (!over->given[i])
			continue;
		memcpy(to, from, sizes[row->kind]);
		under->given[i] = true;
	}
	if (over->workload_flags) {
		workload_merge(&under->workload, &over->workload);
		under->workload_flags += over->workload_flags;
	}
	if (over->load_count) {
		under->loads = over->loads;
		under->load_count = over->load_count;
	}
	if (over->arguments.count)
		under->arguments = over->arguments;
	if (over->child.count)
		under->child = over->child;
}

/* --- several loads --- */

static const char plus[] = "+";
static const char load_forms[] =
		"a preset, a plan file, flags such as --connections N, or (last) -- COMMAND";

static bool is_plus(const char *word)
{
	return strcmp(word, plus) == 0;
}

static bool is_empty_load(const struct options *options)
{
	return !options->arguments.count && !options->workload_flags;
}

/* "+": what was read so far is a load of its own. */
static bool end_load(struct reader *reader, struct error *err)
{
	struct options *options = reader->options;
	const char *command = command_rows[reader->command].name;
	if (!command_rows[reader->command].takes_loads)
		return error_set(err, "%s takes a single load; leave out \"+\" and what follows", command);
	if (is_empty_load(options))
		return error_set(err,
				"nothing precedes \"+\"; expected %s (see headroom %s --help)",
				load_forms,
				command);
	struct load_words *loads = arena_alloc(reader->arena,
			(options->load_count + 1) * sizeof *loads);
	if (options->load_count)
		memcpy(loads, options->loads, options->load_count * sizeof *loads);
	loads[options->load_count++] = (struct load_words){
			.arguments = options->arguments,
			.workload = options->workload,
			.workload_flags = options->workload_flags,
	};
	options->loads = loads;
	options->arguments = (struct name_list){0};
	options->workload = (struct workload){0};
	options->workload_flags = 0;
	return true;
}

/* The last load, once all words are read. */
static bool check_last_load(const struct reader *reader, struct error *err)
{
	const struct options *options = reader->options;
	const struct name_list *child = &options->child;
	if (options->load_count && is_empty_load(options) && !child->count)
		return error_set(err, "nothing follows \"+\"; expected %s", load_forms);
	for (size_t i = 0; i + 1 < child->count; i++) {
		if (is_plus(child->items[i]) && strcmp(child->items[i + 1], "--") == 0)
			return error_set(err,
					"only the last load can be a command: headroom %s PLAN + -- COMMAND ...",
					command_rows[reader->command].name);
	}
	return true;
}

/* "-bash: fork: retry: …": no option has a blank in its name. */
static bool is_log_line(const struct reader *reader, const char *word)
{
	size_t name = strcspn(word, "= \t");
	return command_rows[reader->command].takes_text && word[name] != '\0' && word[name] != '=';
}

static bool read_word(struct reader *reader, const char *word, struct error *err)
{
	if (is_plus(word) && command_rows[reader->command].takes_workload)
		return end_load(reader, err);
	if (word[0] != '-' || !word[1] || is_log_line(reader, word)) {
		if (!reader->options->first_word)
			reader->options->first_word = reader->at + 1;
		name_list_append(reader->arena, &reader->options->arguments, word);
		return true;
	}
	if (word[1] == '-')
		return options_read_long(reader, word + 2, err);
	return options_read_letters(reader, word + 1, err);
}

bool options_parse(struct arena *arena,
		enum command_id command,
		int argc,
		char *const *argv,
		struct options *ret_options,
		struct error *err)
{
	options_init(ret_options);
	struct reader reader = {arena, command, argc, 0, argv, ret_options};
	struct name_list *after_dashes = &ret_options->arguments;
	if (command_rows[command].takes_command)
		after_dashes = &ret_options->child;
	for (; reader.at < argc; reader.at++) {
		if (!strcmp(argv[reader.at], "--"))
			break;
		if (!read_word(&reader, argv[reader.at], err))
			return false;
	}
	for (int i = reader.at + 1; i < argc; i++)
		name_list_append(arena, after_dashes, argv[i]);
	return check_last_load(&reader, err);
}
