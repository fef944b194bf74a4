/* Reads options by their rows. Knows names and types, not what an option does. */
#include "audit/cli/option_reader.h"

#include <stdlib.h>
#include <string.h>

#include "audit/cli/option_table.h"
#include "base/array.h"
#include "base/list.h"
#include "base/suggest.h"
#include "base/text.h"

/* The reader's place in the arguments. */
struct reader {
	struct arena *arena;
	enum command_id command;
	int argc, at;
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
			return error_set(err, "%s: \"%.200s\" has an empty name; write ID,ID", shown, text);
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
	struct text all = {0};
	for (const char *const *choice = row->choices; *choice; choice++) {
		if (!strcmp(*choice, text)) {
			*member = *choice;
			text_release(&all);
			return true;
		}
		text_addf(&all, "%s%s", all.length ? ", " : "", *choice);
	}
	(void)error_set(err, "%s: \"%.100s\" is none of: %s", shown, text, all.data);
	text_release(&all);
	return false;
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
		{UNIT_BYTES, 1125899906842624.0, "more than 0 and at most 1 PiB, as in 4GiB"},
		{UNIT_COUNT, 4194304, "a process id"},
};

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
	if (!unit_parse(text, row->unit, member, &why))
		return error_set(err, "%s: %s", shown, why.text);
	const struct number_range *range = range_of(row->unit);
	if (!(*member > 0) || *member > range->most)
		return error_set(err, "%s: \"%.100s\" is out of range; give %s", shown, text, range->text);
	return true;
}

static bool set_option(const struct reader *reader,
		const struct option_row *row,
		const char *shown,
		const char *text,
		struct error *err)
{
	void *member = (char *)reader->options + row->offset;
	reader->options->given |= UINT64_C(1) << (row - option_rows);
	switch (row->kind) {
	case OPTION_SWITCH:
		*(bool *)member = true;
		return true;
	case OPTION_TEXT:
		*(const char **)member = text;
		return *text ? true
					 : error_set(err, "%s needs a %s, not an empty text", shown, row->argument);
	case OPTION_CHOICE:
		return options_set_choice(row, shown, text, member, err);
	case OPTION_LIST:
		name_list_append(reader->arena, member, text);
		return *text ? true
					 : error_set(err, "%s needs a %s, not an empty text", shown, row->argument);
	case OPTION_COMMAS:
		return set_commas(reader->arena, member, shown, text, err);
	case OPTION_NUMBER:
		return options_set_number(row, shown, text, member, err);
	}
	return true;
}

/* The argument of an option: what follows '=', or the next word. */
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
		char flag[64];
		const struct workload_row *row = &workload_rows[i];
		if (!strcmp(workload_flag((enum workload_field)i, flag), name) ||
				(row->short_flag && !strcmp(row->short_flag, name)))
			return (enum workload_field)i;
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

/* "; did you mean --x?" among everything this command takes. */
static bool unknown_option(const struct reader *reader, const char *name, struct error *err)
{
	const char *command = command_rows[reader->command].name;
	const char *names[WORKLOAD_FIELDS * 2 + 64] = {NULL};
	char flags[WORKLOAD_FIELDS][64];
	size_t count = 0;
	for (size_t i = 0; i < option_rows_count; i++) {
		if (option_applies(&option_rows[i], reader->command) && !option_rows[i].hidden)
			names[count++] = option_rows[i].name;
	}
	for (size_t i = 0; command_rows[reader->command].takes_workload && i < WORKLOAD_FIELDS; i++) {
		names[count++] = workload_flag((enum workload_field)i, flags[i]);
		if (workload_rows[i].short_flag)
			names[count++] = workload_rows[i].short_flag;
	}
	names[count] = NULL;
	char question[SUGGEST_MAX];
	const char *near = suggest_name(name, names);
	return error_set(err,
			"unknown option --%.100s%s (headroom %s --help lists them)",
			name,
			suggest_question_about(question, "--", near),
			command);
}

static bool options_read_long(struct reader *reader, const char *word, struct error *err)
{
	size_t length = strcspn(word, "=");
	const char *attached = word[length] ? word + length + 1 : NULL;
	const char *name = arena_copy(reader->arena, word, length);
	const char *shown = arena_printf(reader->arena, "--%s", name);
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		if (strcmp(row->name, name) != 0 || !option_applies(row, reader->command))
			continue;
		if (!row->argument && attached)
			return error_set(err, "%s takes no argument; leave \"=%.100s\" out", shown, attached);
		const char *text = row->argument
				? take_argument(reader, attached, shown, row->argument, err)
				: "";
		return text && set_option(reader, row, shown, text, err);
	}
	enum workload_field field = find_field(name);
	if (field != WORKLOAD_FIELDS && command_rows[reader->command].takes_workload)
		return set_field(reader, field, shown, attached, err);
	return unknown_option(reader, name, err);
}

static bool read_short(struct reader *reader, const char *letters, struct error *err)
{
	for (; *letters; letters++) {
		const struct option_row *row = NULL;
		for (size_t i = 0; i < option_rows_count && !row; i++) {
			if (option_rows[i].letter == *letters &&
					option_applies(&option_rows[i], reader->command))
				row = &option_rows[i];
		}
		const char shown[3] = {'-', *letters, '\0'};
		if (!row)
			return error_set(err,
					"unknown option %s (headroom %s --help lists them)",
					(unsigned char)*letters > ' ' && (unsigned char)*letters < 0x7f ? shown : "-?",
					command_rows[reader->command].name);
		if (!row->argument) {
			if (!set_option(reader, row, shown, "", err))
				return false;
			continue;
		}
		const char *text =
				take_argument(reader, letters[1] ? letters + 1 : NULL, shown, row->argument, err);
		return text && set_option(reader, row, shown, text, err);
	}
	return true;
}

void options_init(struct options *ret_options)
{
	*ret_options = (struct options){.color = "auto",
			.planning_constants = "on",
			.max_use = 0.75,
			.gate.certify = "on"};
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
	for (size_t i = 0; i < option_rows_count; i++)
		if (!strcmp(option_rows[i].name, name) && option_applies(&option_rows[i], command))
			return set_option(&reader, &option_rows[i], shown, text, err);
	return error_set(err,
			"%s: headroom %s has no option --%.60s",
			shown,
			command_rows[command].name,
			name);
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
		if (over->given >> i & 1)
			memcpy((char *)under + row->offset, (const char *)over + row->offset, sizes[row->kind]);
	}
	under->given |= over->given;
	if (over->workload_flags) {
		workload_merge(&under->workload, &over->workload);
		under->workload_flags += over->workload_flags;
	}
	if (over->arguments.count)
		under->arguments = over->arguments;
	if (over->child.count)
		under->child = over->child;
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
	for (; reader.at < argc; reader.at++) {
		const char *word = argv[reader.at];
		if (!strcmp(word, "--"))
			break;
		if (word[0] != '-' || !word[1])
			name_list_append(arena, &ret_options->arguments, word);
		else if (!(word[1] == '-' ? options_read_long(&reader, word + 2, err)
								  : read_short(&reader, word + 1, err)))
			return false;
	}
	for (reader.at++; reader.at < argc; reader.at++)
		name_list_append(arena,
				command_rows[command].takes_command ? &ret_options->child : &ret_options->arguments,
				argv[reader.at]);
	return true;
}
