/* Facts given by a person. The table of known keys says what a value may be. */
#include "probes/host/facts/given.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/keys.h"
#include "probes/host/facts/sysctl.h"

#define GIVEN_BY_SET "--set"

enum {
	VALUE_SHOWN = 80,
	RAW_GIVEN_MAX = 256
};

/* What an error shows of a text that was given. */
static const char *given_shown(struct facts *facts, const char *text)
{
	return text_clean(facts->arena, text, strlen(text), VALUE_SHOWN);
}

static bool given_refuse(struct facts *facts,
		const char *key,
		const char *value,
		const char *problem,
		struct error *err)
{
	return error_set(err, "%s=%s: %s", given_shown(facts, key), given_shown(facts, value), problem);
}

static bool unknown_key(struct facts *facts, const char *key, struct error *err)
{
	char question[SUGGEST_MAX];
	return error_set(err,
			"%s: no such fact%s (headroom facts --keys lists them)",
			given_shown(facts, key),
			suggest_question_about(question, "", keys_suggest(key)));
}

struct bool_word {
	const char *word;
	double value;
};

static const struct bool_word bool_words[] = {
		{"no", 0},
		{"yes", 1},
		{"false", 0},
		{"true", 1},
		{"0", 0},
		{"1", 1},
};

static bool given_parse_bool(const char *text, double *ret_number)
{
	for (size_t i = 0; i < COUNT_OF(bool_words); i++) {
		if (strcmp(text, bool_words[i].word) == 0) {
			*ret_number = bool_words[i].value;
			return true;
		}
	}
	return false;
}

/* One to three digits at *cursor, which is moved behind them. */
static bool parse_part(const char **cursor, unsigned *ret_number)
{
	size_t digits = strspn(*cursor, "0123456789");
	if (digits == 0 || digits > 3)
		return false;
	*ret_number = 0;
	for (size_t i = 0; i < digits; i++)
		*ret_number = *ret_number * 10 + (unsigned)((*cursor)[i] - '0');
	*cursor += digits;
	return true;
}

/* "6.8" or "v6.8" or, as facts files have it, 6008. */
static bool given_parse_version(const char *text, double *ret_number)
{
	struct error ignored;
	unsigned major, minor;
	if (*text == 'v')
		text++;
	if (!strchr(text, '.'))
		return unit_parse(text, UNIT_COUNT, ret_number, &ignored);
	if (!parse_part(&text, &major) || *text != '.')
		return false;
	text++;
	if (!parse_part(&text, &minor) || *text != '\0')
		return false;
	*ret_number = major * 1000.0 + minor;
	return true;
}

static bool given_parse_text(struct facts *facts,
		const char *text,
		struct reading *ret,
		const char **ret_problem)
{
	*ret_problem = "not valid UTF-8";
	if (!text_is_utf8(text, strlen(text)))
		return false;
	*ret = (struct reading){.text = arena_strdup(facts->arena, text)};
	return true;
}

static bool given_parse_number(struct facts *facts,
		enum unit unit,
		const char *text,
		double *ret_number,
		const char **ret_problem)
{
	struct error err = {0};
	switch (unit) {
	case UNIT_BOOL:
		*ret_problem = "expected yes or no";
		return given_parse_bool(text, ret_number);
	case UNIT_VERSION:
		*ret_problem = "expected a version such as 6.8";
		return given_parse_version(text, ret_number);
	default:
		break;
	}
	if (unit_parse(text, unit, ret_number, &err))
		return true;
	*ret_problem = arena_strdup(facts->arena, err.text);
	return false;
}

static bool parse_given(struct facts *facts,
		const struct known_key *key,
		const char *text,
		struct reading *ret,
		const char **ret_problem)
{
	if (key->read == READ_RANGE || key->read == READ_PORTS)
		return sysctl_parse(facts->arena, key, text, ret, ret_problem);
	if (key->unit == UNIT_TEXT)
		return given_parse_text(facts, text, ret, ret_problem);
	*ret = (struct reading){.number = NAN};
	if (!given_parse_number(facts, key->unit, text, &ret->number, ret_problem))
		return false;
	*ret_problem = "it must be more than 0";
	return !key->positive || ret->number > 0;
}

static const char *given_raw(struct facts *facts, const char *text)
{
	return arena_copy(facts->arena, text, strnlen(text, RAW_GIVEN_MAX));
}

/* A fact with instances needs one, and a fact without must not get one. */
static bool check_instance(struct facts *facts,
		const struct known_key *key,
		const char *instance,
		const char *text,
		struct error *err)
{
	if (instance && !key->instances)
		return error_set(err, "%s[…]: this fact has no instances", key->key);
	if (!instance && key->instances)
		return error_set(err,
				"%s: say which one: %s[…]=%s",
				key->key,
				key->key,
				given_shown(facts, text));
	return true;
}

static bool given_put_one(struct facts *facts,
		const struct known_key *key,
		const char *name,
		const char *instance,
		const char *text,
		const char *where,
		struct error *err)
{
	struct reading value;
	const char *problem = "";
	if (!check_instance(facts, key, instance, text, err))
		return false;
	if (!parse_given(facts, key, text, &value, &problem))
		return given_refuse(facts, name, text, problem, err);
	struct fact fact = {
			.key = arena_strdup(facts->arena, name),
			.instance = "",
			.status = FACT_KNOWN,
			.origin = ORIGIN_GIVEN,
			.unit = key->unit,
			.where = where,
			.number = value.number,
			.text = value.text,
			.raw = given_raw(facts, text),
	};
	if (instance)
		fact.instance = arena_strdup(facts->arena, instance);
	if (fact.text)
		fact.number = NAN;
	facts_put(facts, fact);
	return true;
}

/* net.ipv4.tcp_mem="a b c": one number for each of the group's keys. */
static bool given_put_group(struct facts *facts,
		size_t first,
		size_t count,
		const char *name,
		const char *text,
		const char *where,
		struct error *err)
{
	struct reading value;
	const char *problem;
	for (size_t i = 0; i < count; i++) {
		const struct known_key *key = keys_at(first + i);
		if (!sysctl_parse(facts->arena, key, text, &value, &problem))
			return given_refuse(facts, name, text, problem, err);
		struct fact *fact = facts_put_number(facts, key->key, NULL, value.number, key->unit, where);
		fact->origin = ORIGIN_GIVEN;
		fact->raw = given_raw(facts, text);
	}
	return true;
}

bool given_put(struct facts *facts,
		const char *key,
		const char *instance,
		const char *value,
		const char *where,
		struct error *err)
{
	size_t first, count;
	const struct known_key *known = keys_find(key);
	if (known)
		return given_put_one(facts, known, key, instance, value, where, err);
	if (!instance && keys_group(key, &first, &count))
		return given_put_group(facts, first, count, key, value, where, err);
	return unknown_key(facts, key, err);
}

/* The parts of "KEY=VALUE" or "KEY[INSTANCE]=VALUE". */
struct given_name {
	const char *key, *instance; /* the instance is NULL if there is none */
	const char *value;
};

/* Splits "KEY[INSTANCE]=VALUE". false: the instance does not end with "]=". */
static bool parse_instance(struct facts *facts,
		const char *assignment,
		const char *bracket,
		struct given_name *ret)
{
	const char *close = strstr(bracket, "]=");
	if (!close)
		return false;
	size_t key_length = (size_t)(bracket - assignment);
	size_t instance_length = (size_t)(close - bracket) - 1;
	ret->key = arena_copy(facts->arena, assignment, key_length);
	ret->instance = arena_copy(facts->arena, bracket + 1, instance_length);
	ret->value = close + 2;
	return true;
}

bool given_set(struct facts *facts, const char *assignment, struct error *err)
{
	static const char expected[] = "expected KEY[INSTANCE]=VALUE";
	struct given_name name = {0};
	const char *equals = strchr(assignment, '=');
	if (!equals || equals == assignment)
		return error_set(err, "--set %s: expected KEY=VALUE", given_shown(facts, assignment));
	size_t length = strcspn(assignment, "[=");
	if (assignment[length] == '=') {
		name.key = arena_copy(facts->arena, assignment, length);
		name.value = equals + 1;
	} else if (!parse_instance(facts, assignment, assignment + length, &name)) {
		return given_refuse(facts, assignment, "", expected, err);
	}
	struct error problem;
	if (given_put(facts, name.key, name.instance, name.value, GIVEN_BY_SET, &problem))
		return true;
	return error_set(err, "--set %s", problem.text);
}

bool given_is_set(const struct fact *fact)
{
	return fact->origin == ORIGIN_GIVEN && fact->where && strcmp(fact->where, GIVEN_BY_SET) == 0;
}

/* A value that was itself given, in a facts file, replaced something else. */
static const struct fact *before_any_set(const struct fact *fact)
{
	while (fact && given_is_set(fact))
		fact = fact->was;
	return fact;
}

bool given_set_all(struct facts *facts,
		const char *const *assignments,
		size_t count,
		struct error *err)
{
	const struct facts *before = facts_overlay(facts->arena, facts);
	for (size_t i = 0; i < count; i++) {
		if (!given_set(facts, assignments[i], err))
			return false;
	}
	facts_sort(facts);
	for (size_t i = 0; count && i < facts->count; i++) {
		struct fact *fact = facts->items[i];
		if (given_is_set(fact) && !fact->was)
			fact->was = before_any_set(facts_get(before, fact->key, fact->instance));
	}
	return true;
}
