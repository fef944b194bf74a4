/* The same takers divide the numbers of a command as those of the plan. Rates go by connections: a
 * host with a third of them has a third of the rate. */
#include "model/fleet/command.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/unit.h"
#include "model/fleet/apportion.h"
#include "model/fleet/words.h"

enum {
	SEGMENTS_OF_K6 = 1000,
	MEASURE_MAX = 100000, /* k6 and vegeta count in such parts */
	WEIGHT_SCALE_MAX = 1000
};

struct command_number {
	const struct divided_option *option;
	bool given;
	struct option_place place;
	double whole;
	int64_t period_ns; /* of a Go rate */
	struct apportioned counts;
};

struct fleet_commands {
	const struct fleet_split *split;
	const struct name_list *words;
	const struct divided_tool *tool;
	size_t first; /* where the tool's own words begin */
	struct fleet_client_end end;
	/* The parts of the takers as whole numbers, and those before each; measures[count]: all. */
	int64_t *measures, *before;
	struct command_number numbers[DIVIDED_OPTIONS_MAX];
	size_t number_count;
};

/* --- the parts as whole numbers --- */

static bool is_tool(const struct fleet_commands *commands, const char *program)
{
	return strcmp(commands->tool->program, program) == 0;
}

static const struct workload *commanded_load(const struct loads *plan, size_t loads)
{
	return &plan->items[loads - 1];
}

static bool measure_by(struct arena *arena,
		struct fleet_commands *commands,
		enum workload_field field)
{
	const struct fleet_client_end *end = &commands->end;
	const struct workload *whole = commanded_load(end->view, end->view->count);
	const struct workload_value *value = &whole->values[field];
	if (!value->set || !(value->number >= 1) || value->number > MEASURE_MAX)
		return false;
	if (floor(value->number) != value->number)
		return false;
	for (size_t i = 0; i < end->count; i++) {
		const struct loads plan = fleet_plan_of(arena, commands->split, end->hosts[i]);
		const struct workload *share = commanded_load(&plan, end->view->count);
		commands->measures[i] = (int64_t)share->values[field].number;
	}
	return true;
}

static bool are_whole(const struct fleet_client_end *end, double scale)
{
	for (size_t i = 0; i < end->count; i++) {
		double scaled = end->takers[i].weight * scale;
		if (fabs(scaled - round(scaled)) > 1e-9 || scaled > MEASURE_MAX)
			return false;
	}
	return true;
}

static bool measure_by_weights(struct fleet_commands *commands)
{
	const struct fleet_client_end *end = &commands->end;
	double scale = 1;
	while (!are_whole(end, scale) && scale < WEIGHT_SCALE_MAX)
		scale *= 10;
	if (!end->by_weight || !are_whole(end, scale))
		return false;
	for (size_t i = 0; i < end->count; i++)
		commands->measures[i] = (int64_t)round(end->takers[i].weight * scale);
	return true;
}

static bool measure(struct arena *arena, struct fleet_commands *commands)
{
	size_t count = commands->end.count;
	enum workload_field first = W_CONNECTIONS, second = W_USERS;
	commands->measures = arena_alloc(arena, (count + 1) * sizeof *commands->measures);
	commands->before = arena_alloc(arena, (count + 1) * sizeof *commands->before);
	if (is_tool(commands, "k6")) { /* it divides VUs, and all else as these are */
		first = W_USERS;
		second = W_CONNECTIONS;
	}
	if (!measure_by(arena, commands, first) && !measure_by(arena, commands, second) &&
			!measure_by_weights(commands))
		return false;
	for (size_t i = 0; i < count; i++)
		commands->before[i + 1] = commands->before[i] + commands->measures[i];
	return commands->before[count] > 0;
}

static int64_t divisor(int64_t a, int64_t b)
{
	while (b != 0) {
		int64_t rest = a % b;
		a = b;
		b = rest;
	}
	return a > 0 ? a : 1;
}

/* --- the numbers of a command --- */

/* "5s", "1m", "500ms", "s"; false: it is written otherwise. */
static bool read_period(const char *text, int64_t *ret_ns)
{
	static const struct {
		const char *name;
		int64_t ns;
	} units[] = {{"s", 1000000000},
			{"ms", 1000000},
			{"us", 1000},
			{"ns", 1},
			{"m", 60000000000},
			{"h", 3600000000000}};
	char *rest;
	long number = 1;
	if (*text >= '0' && *text <= '9')
		number = strtol(text, &rest, 10);
	else
		rest = (char *)text;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (strcmp(rest, units[i].name) != 0)
			continue;
		*ret_ns = number * units[i].ns;
		return number > 0 && number <= 1000000;
	}
	return false;
}

static bool read_go_rate(const char *text, struct command_number *number)
{
	char *rest;
	number->whole = (double)strtoul(text, &rest, 10);
	number->period_ns = 1000000000;
	if (rest == text || number->whole > 1e9)
		return false;
	if (*rest == '\0')
		return true;
	return *rest == '/' && read_period(rest + 1, &number->period_ns);
}

static bool read_divided(const char *text, struct command_number *number)
{
	struct error err;
	if (number->option->as == DIVIDED_GO_RATE)
		return read_go_rate(text, number);
	if (!unit_parse(text, UNIT_COUNT, &number->whole, &err) || !isfinite(number->whole))
		return number->option->as == DIVIDED_NUMBER &&
				unit_parse(text, UNIT_RATIO, &number->whole, &err) && isfinite(number->whole);
	return true;
}

/* wrk rounds what does not divide by its threads down. */
static void divide_count(struct arena *arena,
		const struct fleet_commands *commands,
		struct command_number *number)
{
	const struct fleet_client_end *end = &commands->end;
	const struct workload *whole = commanded_load(end->view, end->view->count);
	double multiple = 1;
	if (number->option->letter == 'c') {
		number->whole = whole->values[W_CONNECTIONS].number;
		multiple = words_multiple(commands->words, number->whole, end->count);
	}
	number->counts = apportion_multiple(arena, number->whole, multiple, end->takers, end->count);
}

static bool take_divided(struct arena *arena,
		struct fleet_commands *commands,
		const struct divided_option *option,
		const char **ret_why)
{
	const struct name_list *words = commands->words;
	struct command_number number = {.option = option};
	const char *text = option->usual;
	number.given = option_find(commands->tool, option, words, commands->first, &number.place);
	if (number.given)
		text = words->items[number.place.word] + number.place.offset;
	if (!text)
		return true;
	if (!read_divided(text, &number)) {
		*ret_why = arena_printf(arena,
				"%s: \"%.60s\" of --%s cannot be read as a number",
				commands->tool->program,
				text,
				option->name);
		return false;
	}
	if (option->as == DIVIDED_COUNT)
		divide_count(arena, commands, &number);
	commands->numbers[commands->number_count++] = number;
	return true;
}

/* --- JMeter: the property that says how many threads there are --- */

static const struct divided_option property = {'J', "jmeterproperty", DIVIDED_COUNT, NULL};

static double users_in_plan(const struct fleet_commands *commands)
{
	const struct fleet_client_end *end = &commands->end;
	const struct workload_value *users =
			&commanded_load(end->view, end->view->count)->values[W_USERS];
	if (!users->set)
		return (double)NAN;
	return users->number;
}

/* The value behind "=" of a property that is as large as the number of users. */
static bool is_users_property(const struct fleet_commands *commands,
		size_t at,
		struct option_place *ret)
{
	const char *word = commands->words->items[at];
	const char *equals = strchr(word, '=');
	double number;
	struct error err;
	bool own = word[0] == '-' && (word[1] == 'J' || word[1] == 'G');
	bool behind = at > commands->first && strlen(commands->words->items[at - 1]) == 2 &&
			strspn(commands->words->items[at - 1], "-JG") == 2;
	if (!equals || !(own || behind))
		return false;
	if (!unit_parse(equals + 1, UNIT_COUNT, &number, &err) || number != users_in_plan(commands))
		return false;
	*ret = (struct option_place){.word = at, .offset = (size_t)(equals + 1 - word)};
	return true;
}

static bool take_property(struct arena *arena,
		struct fleet_commands *commands,
		const char **ret_why)
{
	struct command_number number = {.option = &property,
			.given = true,
			.whole = users_in_plan(commands)};
	size_t found = 0;
	for (size_t i = commands->first; i < commands->words->count; i++)
		found += is_users_property(commands, i, &number.place);
	if (found != 1) {
		*ret_why = "jmeter: no property of the command sets the number of threads; write "
				   "${__P(users)} in the plan, and -Jusers=N";
		return false;
	}
	number.counts = apportion_count(arena, number.whole, commands->end.takers, commands->end.count);
	commands->numbers[commands->number_count++] = number;
	return true;
}

/* --- all of it --- */

static bool is_divided_already(const struct fleet_commands *commands, const char **ret_word)
{
	for (size_t i = 0; commands->tool->already[i]; i++) {
		*ret_word = commands->tool->already[i];
		if (words_have(commands->words, commands->first, *ret_word))
			return true;
	}
	return false;
}

static bool take_numbers(struct arena *arena, struct fleet_commands *commands, const char **ret_why)
{
	const struct divided_tool *tool = commands->tool;
	if (is_tool(commands, "jmeter"))
		return take_property(arena, commands, ret_why);
	for (size_t i = 0; i < tool->option_count; i++)
		if (!take_divided(arena, commands, &tool->options[i], ret_why))
			return false;
	return true;
}

struct fleet_commands *fleet_commands_new(struct arena *arena,
		const struct fleet_split *split,
		const struct name_list *words,
		const char **ret_why)
{
	struct fleet_commands *commands = arena_alloc(arena, sizeof *commands);
	const char *word;
	*ret_why = NULL;
	commands->split = split;
	commands->words = words;
	commands->tool = divided_tool_of(words, &commands->first);
	commands->end = fleet_client_end_of(split);
	if (!commands->tool || commands->end.count == 0) {
		*ret_why = "headroom divides the commands of wrk, vegeta, k6, Locust and JMeter";
		return NULL;
	}
	if (is_divided_already(commands, &word)) {
		*ret_why = arena_printf(arena, "%s %s: already divided", commands->tool->program, word);
		return NULL;
	}
	if (!measure(arena, commands)) {
		*ret_why = "these commands take weights of at most three decimals";
		return NULL;
	}
	if (is_tool(commands, "k6") && commands->end.count > SEGMENTS_OF_K6) {
		*ret_why = "k6: more than 1,000 hosts do not fit into a sequence of segments";
		return NULL;
	}
	if (!take_numbers(arena, commands, ret_why))
		return NULL;
	return commands;
}

/* --- one host --- */

/* In its lowest terms, in the largest unit that has no decimals. */
static const char *go_rate(struct arena *arena,
		const struct command_number *number,
		int64_t part,
		int64_t of)
{
	int64_t freq = (int64_t)number->whole * part;
	int64_t common = divisor(freq, of);
	int64_t period = number->period_ns * (of / common);
	freq /= common;
	if (period == 1000000000)
		return arena_printf(arena, "%lld", (long long)freq);
	if (period % 1000000000 == 0)
		return arena_printf(arena, "%lld/%llds", (long long)freq, (long long)(period / 1000000000));
	return arena_printf(arena, "%lld/%lldns", (long long)freq, (long long)period);
}

static int64_t threads_dividing(double most, double connections)
{
	int64_t count = (int64_t)connections;
	for (int64_t threads = (int64_t)most; threads > 1; threads--)
		if (count % threads == 0)
			return threads;
	return 1;
}

static double connections_of_host(const struct fleet_commands *commands, size_t taker)
{
	for (size_t i = 0; i < commands->number_count; i++) {
		const struct command_number *number = &commands->numbers[i];
		if (number->option->letter == 'c')
			return apportioned_share(&number->counts, commands->end.takers, taker);
	}
	return 0;
}

/* NULL: it would be none. */
static const char *divided_value(struct arena *arena,
		const struct fleet_commands *commands,
		const struct command_number *number,
		size_t taker)
{
	int64_t part = commands->measures[taker];
	int64_t of = commands->before[commands->end.count];
	double own;
	switch (number->option->as) {
	case DIVIDED_GO_RATE:
		return go_rate(arena, number, part, of);
	case DIVIDED_NUMBER:
		return arena_printf(arena, "%.15g", number->whole * (double)part / (double)of);
	case DIVIDED_THREADS:
		own = (double)threads_dividing(number->whole, connections_of_host(commands, taker));
		return arena_printf(arena, "%.0f", own);
	case DIVIDED_COUNT:
		break;
	}
	own = apportioned_share(&number->counts, commands->end.takers, taker);
	if (number->whole > 0 && !(own > 0))
		return NULL;
	return arena_printf(arena, "%.0f", own);
}

static const char *with_value(struct arena *arena,
		const char *word,
		const struct option_place *place,
		const char *value)
{
	const char *begin = arena_copy(arena, word, place->offset);
	return arena_printf(arena, "%s%s", begin, value);
}

static const char *new_option(struct arena *arena,
		const struct divided_tool *tool,
		const struct divided_option *option,
		const char *value)
{
	const char *dashes = tool->go ? "-" : "--";
	return arena_printf(arena, "%s%s=%s", dashes, option->name, value);
}

static const char *segment_bound(struct arena *arena, int64_t over, int64_t under)
{
	int64_t common = divisor(over, under);
	if (over == 0)
		return "0";
	if (over == under)
		return "1";
	return arena_printf(arena,
			"%lld/%lld",
			(long long)(over / common),
			(long long)(under / common));
}

/* Of every host that has a part: k6 takes no empty segment. */
static const char *k6_sequence(struct arena *arena, const struct fleet_commands *commands)
{
	size_t count = commands->end.count;
	struct text text = {0};
	text_add(&text, "--execution-segment-sequence=0");
	for (size_t i = 0; i < count; i++) {
		if (commands->measures[i] == 0)
			continue;
		text_add(&text, ",");
		text_add(&text, segment_bound(arena, commands->before[i + 1], commands->before[count]));
	}
	return text_take(arena, &text);
}

static void add_k6_segment(struct arena *arena,
		const struct fleet_commands *commands,
		size_t taker,
		struct name_list *words)
{
	int64_t of = commands->before[commands->end.count];
	const char *from = segment_bound(arena, commands->before[taker], of);
	const char *to = segment_bound(arena, commands->before[taker + 1], of);
	name_list_append(arena, words, arena_printf(arena, "--execution-segment=%s:%s", from, to));
	name_list_append(arena, words, k6_sequence(arena, commands));
}

static bool own_values(struct arena *arena,
		const struct fleet_commands *commands,
		size_t taker,
		const char **values)
{
	for (size_t i = 0; i < commands->number_count; i++) {
		values[i] = divided_value(arena, commands, &commands->numbers[i], taker);
		if (!values[i])
			return false;
	}
	return true;
}

static const char *word_with_numbers(struct arena *arena,
		const struct fleet_commands *commands,
		const char *const *values,
		size_t at)
{
	const char *word = commands->words->items[at];
	for (size_t i = 0; i < commands->number_count; i++) {
		const struct command_number *number = &commands->numbers[i];
		if (number->given && number->place.word == at)
			word = with_value(arena, word, &number->place, values[i]);
	}
	return word;
}

/* What the command does not say, at the head of the tool's own words. */
static void add_unsaid(struct arena *arena,
		const struct fleet_commands *commands,
		const char *const *values,
		struct name_list *words)
{
	for (size_t i = 0; i < commands->number_count; i++) {
		const struct command_number *number = &commands->numbers[i];
		if (!number->given)
			name_list_append(arena,
					words,
					new_option(arena, commands->tool, number->option, values[i]));
	}
}

bool fleet_command_of(struct arena *arena,
		const struct fleet_commands *commands,
		size_t host,
		struct name_list *ret_words,
		const char **ret_why)
{
	const char *values[DIVIDED_OPTIONS_MAX] = {NULL};
	size_t taker = fleet_client_taker(commands->split, host);
	*ret_words = (struct name_list){0};
	*ret_why = NULL;
	if (taker == SIZE_MAX || commands->measures[taker] == 0)
		return false;
	if (!own_values(arena, commands, taker, values)) {
		*ret_why = arena_printf(arena,
				"%s: one of its numbers is smaller than the number of hosts",
				commands->tool->program);
		return false;
	}
	for (size_t i = 0; i < commands->words->count; i++) {
		if (i == commands->first && is_tool(commands, "k6"))
			add_k6_segment(arena, commands, taker, ret_words);
		if (i == commands->first)
			add_unsaid(arena, commands, values, ret_words);
		name_list_append(arena, ret_words, word_with_numbers(arena, commands, values, i));
	}
	return true;
}
