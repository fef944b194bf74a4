/* The words of a command by a rule's table: which option each is, and its value. */
#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/data/values.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"

static const unsigned styles[STYLES] = {
		[STYLE_GETOPT_LONG] = ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		[STYLE_GETOPT] = ARGUMENTS_GETOPT,
		[STYLE_GETOPT_MIX] = ARGUMENTS_PERMUTE,
		[STYLE_GO] = ARGUMENTS_GO,
		[STYLE_KINGPIN] = ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_NEGATED,
		[STYLE_PFLAG] = ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_PFLAG,
		[STYLE_CLAP] = ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_LETTER_EQUALS,
		[STYLE_NODE] = ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_PFLAG | ARGUMENTS_NEGATED |
				ARGUMENTS_BRACKETS,
		[STYLE_ARGPARSE] = ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE |
				ARGUMENTS_LETTER_EQUALS,
		[STYLE_FLEXIBLE] = ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE |
				ARGUMENTS_LETTER_EQUALS | ARGUMENTS_UNDERSCORES,
		[STYLE_EXACT] = ARGUMENTS_LONG | ARGUMENTS_EXACT,
		[STYLE_ASSIGNED] = ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_ASSIGNED,
};

static const struct quantity_syntax *const quantities[TOOL_TAKES] = {
		[TOOL_COUNT] = &quantity_count,
		[TOOL_DECIMAL] = &quantity_decimal,
		[TOOL_SIGNED] = &quantity_decimal,
		[TOOL_RANGE] = &quantity_count,
		[TOOL_RATE] = &quantity_decimal,
		[TOOL_SECONDS] = &quantity_decimal,
		[TOOL_MILLISECONDS] = &quantity_decimal,
		[TOOL_BYTES] = &quantity_docker_bytes,
		[TOOL_METRIC] = &quantity_wrk_count,
		[TOOL_METRIC_RATE] = &quantity_wrk_count,
		[TOOL_WRK_TIME] = &quantity_wrk_time,
		[TOOL_H2LOAD_TIME] = &quantity_h2load_time,
		[TOOL_SIEGE_TIME] = &quantity_siege_time,
		[TOOL_TCPKALI_COUNT] = &quantity_tcpkali_count,
		[TOOL_TCPKALI_RATE] = &quantity_tcpkali_count,
		[TOOL_TCPKALI_TIME] = &quantity_tcpkali_time,
		[TOOL_GO_DURATION] = &quantity_go_duration,
		[TOOL_LOCUST_TIME] = &quantity_locust_time,
		[TOOL_LONG_TIME] = &quantity_long_time,
};

/* A row of arguments.h for each name, and which option it is. */
struct names {
	struct argument_option *rows;
	size_t *owners; /* index of the option; the count of options for what decides nothing */
	size_t count, capacity, owner_capacity;
	bool single_dash; /* -name, beside letters */
};

static void add_row(struct data *data,
		struct names *names,
		struct argument_option row,
		size_t owner)
{
	struct arena *arena = data->context->arena;
	size_t at = names->count;
	names->rows = arena_grow(arena, names->rows, at, &names->capacity, sizeof row);
	names->owners =
			arena_grow(arena, names->owners, at, &names->owner_capacity, sizeof *names->owners);
	names->rows[at] = row;
	names->owners[at] = owner;
	names->count++;
}

/* Has the row no room for another letter, or another name? */
static bool row_is_full(const struct argument_option *row, bool letter, bool alone)
{
	if (alone)
		return row->letter || row->name;
	if (letter)
		return row->letter != '\0';
	return row->name && row->alias;
}

/* The names of one option, or of several that decide nothing: "-c --connections". Those of one
 * option share a row as far as it has room. */
static void add_option_names(struct data *data,
		struct names *names,
		const char *text,
		enum argument_takes takes,
		size_t owner)
{
	const bool go = data->reading->style == STYLE_GO;
	const bool alone = owner == data->reading->option_count;
	struct argument_option row = {.takes = takes};
	for (const char *at = text; at && *at;) {
		at += strspn(at, " ");
		size_t length = strcspn(at, " "), dashes = strspn(at, "-");
		if (!length)
			break;
		if (!dashes) { /* only in the file of options */
			at += length;
			continue;
		}
		const char *name = arena_copy(data->context->arena, at + dashes, length - dashes);
		bool letter = dashes == 1 && length == 2 && !go;
		names->single_dash |= dashes == 1 && !letter && !go;
		if (row_is_full(&row, letter, alone)) {
			add_row(data, names, row, owner);
			row = (struct argument_option){.takes = takes};
		}
		if (letter)
			row.letter = *name;
		else if (row.name)
			row.alias = name;
		else
			row.name = name;
		at += length;
	}
	if (row.letter || row.name)
		add_row(data, names, row, owner);
}

static enum argument_takes takes_of(enum tool_takes takes)
{
	if (takes == TOOL_MANY || takes == TOOL_COUNTS)
		return TAKES_MANY;
	if (takes == TOOL_MAYBE)
		return TAKES_ATTACHED;
	if (tool_takes_argument(takes))
		return TAKES_TEXT;
	return TAKES_NOTHING;
}

static struct names option_rows(struct data *data)
{
	const struct tool_reading *reading = data->reading;
	struct names names = {0};
	for (size_t i = 0; i < reading->option_count; i++) {
		if (tool_is_next_key(reading, i))
			continue;
		add_option_names(data,
				&names,
				reading->options[i].names,
				takes_of(reading->options[i].takes),
				i);
	}
	add_option_names(data, &names, reading->switches, TAKES_NOTHING, reading->option_count);
	add_option_names(data, &names, reading->values, TAKES_TEXT, reading->option_count);
	return names;
}

/* --- values --- */

static void add_text(struct data *data, struct data_term *term, const char *text)
{
	term->texts = arena_grow(data->context->arena,
			term->texts,
			term->count,
			&term->capacity,
			sizeof *term->texts);
	term->texts[term->count++] = text;
	term->text = text;
	term->given = true;
}

/* vegeta's flags.go: "infinity" leaves what it had. */
static bool read_vegeta_rate(struct data *data, struct data_term *term)
{
	struct arena *arena = data->context->arena;
	struct error why = {0};
	double number, per_s = 1;
	term->given = strcmp(term->text, "infinity") != 0;
	if (!term->given)
		return true;
	size_t length = strcspn(term->text, "/");
	const char *unit = "1s";
	if (term->text[length])
		unit = term->text + length + 1;
	if (!ascii_is_digit(*unit))
		unit = arena_printf(arena, "1%s", unit);
	if (!quantity_read(arena_copy(arena, term->text, length), &quantity_count, &number, &why) ||
			!quantity_read(unit, &quantity_go_duration, &per_s, &why))
		return error_set(data->err,
				"%s: %s: %s; a rate is 50/1s",
				data->tool->id,
				term->shown,
				why.text);
	if (per_s <= 0)
		return error_set(data->err, "%s: %s: the time must not be 0", data->tool->id, term->shown);
	term->value = value_number(number / per_s, UNIT_PER_S);
	return true;
}

static bool read_number(struct data *data, struct data_term *term, enum tool_takes takes)
{
	if (takes == TOOL_VEGETA_RATE)
		return read_vegeta_rate(data, term);
	const char *text = term->text;
	bool negative = takes == TOOL_SIGNED && *text == '-';
	struct error why = {0};
	double number;
	if (takes == TOOL_TCPKALI_TIME && strcmp(text, "-1") == 0) {
		term->value = value_number(INFINITY, UNIT_SECONDS); /* for ever */
		return true;
	}
	if (takes == TOOL_RANGE)
		text = arena_copy(data->context->arena, text, strcspn(text, ":"));
	if (takes == TOOL_RATE && strcmp(text, "inf") == 0) {
		term->value = value_number(INFINITY, UNIT_PER_S);
		return true;
	}
	if (!quantity_read(text + negative, quantities[takes], &number, &why))
		return error_set(data->err, "%s: %s: %s", data->tool->id, term->shown, why.text);
	if (negative)
		number = -number;
	if (takes == TOOL_MILLISECONDS)
		number /= 1000;
	term->value = value_number(number, tool_takes_unit(takes));
	return true;
}

/* The largest of "1 512 640", "1,2" or "[1, 2]". */
static bool read_numbers(struct data *data, struct data_term *term)
{
	static const char between[] = " ,[]";
	const char *at = term->text;
	double largest = NAN;
	at += strspn(at, between);
	while (*at) {
		struct error why = {0};
		size_t length = strcspn(at, between);
		const char *part = arena_copy(data->context->arena, at, length);
		double number;
		if (!quantity_read(part, &quantity_count, &number, &why))
			return error_set(data->err, "%s: %s: %s", data->tool->id, term->shown, why.text);
		largest = fmax(largest, number);
		at += length;
		at += strspn(at, between);
	}
	if (isnan(largest))
		return error_set(data->err, "%s: %s: not a number", data->tool->id, term->shown);
	term->value = value_number(largest, UNIT_COUNT);
	return true;
}

/* Of a header only one that closes counts and is shown: others may be secret. */
static bool read_header(struct data_term *term, const char *text, const char *shown)
{
	if (!header_closes(text))
		return true;
	term->shown = shown;
	term->value = value_bool(true);
	return true;
}

/* The option alone: a URL may hold a name, a password or a token. */
static const char *without_url(struct arena *arena, const char *shown)
{
	if (*shown != '-')
		return shown;
	if (shown[1] != '-' && strcspn(shown, " =") == strlen(shown))
		return arena_copy(arena, shown, 2);
	return arena_copy(arena, shown, strcspn(shown, " ="));
}

/* The whole file that an option names; "-" is standard input, NULL: that is not known. */
static bool read_named(struct data *data, struct data_term *term, const char **ret_text)
{
	struct arena *arena = data->context->arena;
	const char *option = without_url(arena, term->shown);
	const char *named = arena_printf(arena, "%s %s", data->tool->id, option);
	size_t length;
	if (strcmp(term->text, "-") == 0)
		return plan_input(data->context, data->command, ret_text, data->err);
	return plan_file(data->context, data->command, term->text, named, ret_text, &length, data->err);
}

/* Will the file be written when the tool starts, and is its text not known? */
static bool is_unwritten(const struct data *data, const char *path)
{
	const char *here = plan_path(data->context, data->command, path);
	const struct plan_written *written = NULL;
	if (here)
		written = plan_find_written(data->command, here);
	return written && !written->text;
}

static bool read_closing_file(struct data *data, struct data_term *term)
{
	const char *text = NULL;
	if (!is_unwritten(data, term->text) && !read_named(data, term, &text))
		return false;
	term->value = value_unknown(NULL);
	if (text)
		term->value = value_bool(text_closes(text));
	return true;
}

static bool read_url_file(struct data *data, struct data_term *term)
{
	const char *text;
	if (!read_named(data, term, &text))
		return false;
	term->text = NULL;
	term->value = value_unknown(NULL);
	if (!text)
		return true;
	term->text = arena_copy(data->context->arena, text, strcspn(text, "\r\n"));
	term->texts[term->count - 1] = term->text;
	term->value = value_text(term->text);
	return true;
}

static bool take_value(struct data *data,
		struct data_term *term,
		enum tool_takes takes,
		const char *text,
		const char *shown)
{
	add_text(data, term, text);
	if (takes == TOOL_URL)
		shown = without_url(data->context->arena, shown);
	if (takes == TOOL_HEADER)
		return read_header(term, text, shown);
	term->shown = shown;
	switch (takes) {
	case TOOL_NOTHING:
		term->value = value_bool(!text || strcmp(text, "false") != 0);
		return true;
	case TOOL_MAYBE:
		term->value = value_bool(true);
		return true;
	case TOOL_TEXT:
	case TOOL_URL:
	case TOOL_GRPC_NAME:
	case TOOL_MANY:
		term->value = value_text(text);
		return true;
	case TOOL_URL_FILE:
		return read_url_file(data, term);
	case TOOL_CLOSING_FILE:
		return read_closing_file(data, term);
	case TOOL_COUNTS:
		return read_numbers(data, term);
	default:
		return read_number(data, term, takes);
	}
}

/* What stands behind "KEY=" in "kind=constant,rate=30"; NULL: the key is not there. */
static const char *value_of_key(struct arena *arena, const char *text, const char *key)
{
	const char *name = arena_printf(arena, "%s=", key);
	const size_t length = strlen(name);
	while (*text) {
		size_t part = strcspn(text, ",");
		if (text_begins_with(text, name))
			return arena_copy(arena, text + length, part - length);
		text += part;
		if (*text)
			text++;
	}
	return NULL;
}

/* An argument for the option it belongs to, or for each of its keys. */
static bool spread_argument(struct data *data,
		size_t option,
		const struct argument *item,
		size_t place)
{
	const struct tool_reading *reading = data->reading;
	for (size_t at = option; at < reading->option_count; at++) {
		const struct tool_option *part = &reading->options[at];
		const char *text = item->text;
		if (at > option && !tool_is_next_key(reading, at))
			break;
		if (part->key)
			text = value_of_key(data->context->arena, text, part->key);
		if (part->key && !text)
			continue;
		data->options[at].place = place;
		if (!take_value(data, &data->options[at], part->takes, text, item->shown))
			return false;
	}
	return true;
}

static bool take_options(struct data *data,
		const struct arguments *arguments,
		const struct names *names)
{
	for (size_t i = 0; i < arguments->item_count && names->owners; i++) {
		const struct argument *item = &arguments->items[i];
		size_t owner = names->owners[item->option];
		if (owner == data->reading->option_count)
			continue;
		if (!spread_argument(data, owner, item, i + 1))
			return false;
	}
	return true;
}

static bool take_variable(struct data *data,
		const struct tool_option *option,
		struct data_term *term)
{
	const char *value = NULL;
	if (option->environment)
		value = plan_variable(data->context, data->command, option->environment, data->plan);
	if (!value)
		return true;
	const char *clean = text_clean(data->context->arena, value, strlen(value), 60);
	const char *shown = arena_printf(data->context->arena, "%s=%s", option->environment, clean);
	return take_value(data, term, option->takes, value, shown);
}

/* "100" of a count, which a tool writes without separators; "10 s", "100/s". */
static const char *default_shown(const struct value *value, char out[NUMBER_TEXT_MAX])
{
	if (value->unit == UNIT_COUNT)
		return text_plain_number(out, value->number);
	return text_number(out, value->number, value->unit);
}

static void take_default(struct data *data,
		const struct tool_option *option,
		struct data_term *term)
{
	char number[NUMBER_TEXT_MAX];
	if (!option->fallback)
		return;
	term->value = data_value(data, option->fallback);
	if (term->value.kind == VALUE_TEXT)
		term->text = term->value.text;
	const char *shown = term->text;
	if (term->value.kind == VALUE_NUMBER)
		shown = default_shown(&term->value, number);
	if (shown)
		term->shown = arena_printf(data->context->arena, "%s's default: %s", data->tool->id, shown);
}

static bool take_from_settings(struct data *data,
		const char *names,
		enum tool_takes takes,
		struct data_term *term)
{
	const char *shown = NULL, *text = data_setting(data, names, &shown);
	return !text || take_value(data, term, takes, text, shown);
}

/* An option that is not given: its entry in the file of options, its variable, else its default. */
static bool take_defaults(struct data *data)
{
	for (size_t i = 0; i < data->reading->option_count; i++) {
		struct data_term *term = &data->options[i];
		if (term->given)
			continue;
		const struct tool_option *option = &data->reading->options[i];
		if (!take_from_settings(data, option->names, option->takes, term))
			return false;
		if (!term->given && !take_variable(data, option, term))
			return false;
		if (!term->given)
			take_default(data, option, term);
	}
	return true;
}

static bool take_terms(struct data *data, const struct arguments *arguments)
{
	const struct tool_reading *reading = data->reading;
	size_t at = 0;
	for (size_t i = 0; i < reading->word_count; i++) {
		const struct tool_word *word = &reading->words[i];
		const char *shown = word->shown;
		size_t from = at;
		if (!shown)
			shown = word->term;
		for (; at < arguments->word_count && (at == from || word->many); at++) {
			if (!take_value(data, &data->words[i], word->takes, arguments->words[at], shown))
				return false;
		}
		if (at == from && !take_from_settings(data, word->term, word->takes, &data->words[i]))
			return false;
		if (!data->words[i].given && word->needed)
			return error_set(data->err, "%s: no %s in the command", data->tool->id, shown);
	}
	if (at == arguments->word_count || reading->ignores_words)
		return true;
	const char *extra = arguments->words[at];
	return error_set(data->err,
			"%s: \"%s\" is one word too many",
			data->tool->id,
			text_clean(data->context->arena, extra, strlen(extra), 60));
}

/* The terms before anything is read: switches are off, all else is unknown. */
static void start_terms(struct data *data)
{
	const struct tool_reading *reading = data->reading;
	struct arena *arena = data->context->arena;
	data->options = arena_alloc(arena, reading->option_count * sizeof *data->options);
	data->words = arena_alloc(arena, reading->word_count * sizeof *data->words);
	for (size_t i = 0; i < reading->option_count; i++) {
		bool truth = tool_takes_unit(reading->options[i].takes) == UNIT_BOOL;
		data->options[i].worth = data->reading->options[i].worth;
		data->options[i].value = value_unknown(NULL);
		if (truth)
			data->options[i].value = value_bool(false);
	}
	for (size_t i = 0; i < reading->word_count; i++)
		data->words[i].value = value_unknown(NULL);
}

bool data_read_words(struct data *data, size_t words)
{
	const struct names names = option_rows(data);
	const struct plan_command *command = data->command;
	struct argument_syntax syntax = {data->tool->id,
			styles[data->reading->style],
			names.rows,
			names.count};
	struct arguments arguments;
	if (names.single_dash)
		syntax.style |= ARGUMENTS_SINGLE_DASH;
	if (data->reading->ignores_options)
		syntax.style |= ARGUMENTS_OTHERS;
	start_terms(data);
	if (!arguments_read(data->context->arena,
				&syntax,
				command->words + words,
				command->count - words,
				&arguments,
				data->err))
		return false;
	if (!take_options(data, &arguments, &names))
		return false;
	if (!data_open_settings(data))
		return false;
	if (!take_defaults(data))
		return false;
	return take_terms(data, &arguments);
}
