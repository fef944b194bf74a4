/* Facts given by a person. The table of known keys says what a value may be. */
#include "probes/host/facts/given.h"

#include <math.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/keys.h"
#include "probes/host/facts/sysctl.h"

enum {
	VALUE_SHOWN = 80
};

static bool given_refuse(struct facts *facts,
		const char *key,
		const char *value,
		const char *problem,
		struct error *err)
{
	return error_set(err,
			"%s=%s: %s",
			text_clean(facts->arena, key, strlen(key), VALUE_SHOWN),
			text_clean(facts->arena, value, strlen(value), VALUE_SHOWN),
			problem);
}

static bool unknown_key(struct facts *facts, const char *key, struct error *err)
{
	char question[SUGGEST_MAX];
	return error_set(err,
			"%s: no such fact%s (headroom facts --keys lists them)",
			text_clean(facts->arena, key, strlen(key), VALUE_SHOWN),
			suggest_question_about(question, "", keys_suggest(key)));
}

static bool given_parse_bool(const char *text, double *ret_number)
{
	static const char *const words[][2] = {{"no", "yes"}, {"false", "true"}, {"0", "1"}};
	for (size_t i = 0; i < 3; i++)
		for (int truth = 0; truth < 2; truth++)
			if (strcmp(text, words[i][truth]) == 0) {
				*ret_number = truth;
				return true;
			}
	return false;
}

/* "6.8" or "v6.8" or, as facts files have it, 6008. */
static bool given_parse_version(const char *text, double *ret_number)
{
	struct error ignored;
	unsigned major = 0, minor = 0, digits = 0;
	text += *text == 'v';
	const char *point = strchr(text, '.');
	if (!point)
		return unit_parse(text, UNIT_COUNT, ret_number, &ignored);
	for (; text < point && *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
		major = major * 10 + (unsigned)(*text - '0');
	if (digits == 0 || text != point)
		return false;
	for (digits = 0, text++; *text >= '0' && *text <= '9' && digits < 3; text++, digits++)
		minor = minor * 10 + (unsigned)(*text - '0');
	*ret_number = major * 1000.0 + minor;
	return digits > 0 && *text == '\0';
}

static bool parse_given(struct facts *facts,
		const struct known_key *key,
		const char *text,
		struct reading *ret,
		const char **ret_problem)
{
	struct error err = {0};
	double number = NAN;
	bool good;
	if (key->read == READ_RANGE || key->read == READ_PORTS)
		return sysctl_parse(facts->arena, key, text, ret, ret_problem);
	if (key->unit == UNIT_TEXT) {
		*ret_problem = "not valid UTF-8";
		*ret = (struct reading){.text = arena_strdup(facts->arena, text)};
		return text_is_utf8(text, strlen(text));
	}
	if (key->unit == UNIT_BOOL) {
		*ret_problem = "yes or no was expected";
		good = given_parse_bool(text, &number);
	} else if (key->unit == UNIT_VERSION) {
		*ret_problem = "a version like 6.8 was expected";
		good = given_parse_version(text, &number);
	} else {
		good = unit_parse(text, key->unit, &number, &err);
		*ret_problem = arena_strdup(facts->arena, err.text);
	}
	*ret = (struct reading){.number = number};
	return good;
}

static bool put_given(struct facts *facts,
		const struct known_key *key,
		const char *name,
		const char *instance,
		const char *text,
		const char *where,
		struct error *err)
{
	struct reading value;
	const char *problem = "";
	if (instance && !key->instances)
		return error_set(err, "%s[…]: this fact has no instances", key->key);
	if (!instance && key->instances)
		return error_set(err,
				"%s: say which one: %s[…]=%s",
				key->key,
				key->key,
				text_clean(facts->arena, text, strlen(text), VALUE_SHOWN));
	if (!parse_given(facts, key, text, &value, &problem))
		return given_refuse(facts, name, text, problem, err);
	struct fact fact = {
			.key = arena_strdup(facts->arena, name),
			.instance = instance ? arena_strdup(facts->arena, instance) : "",
			.status = FACT_KNOWN,
			.origin = ORIGIN_GIVEN,
			.unit = key->unit,
			.where = where,
			.number = value.text ? NAN : value.number,
			.text = value.text,
			.raw = arena_copy(facts->arena, text, strnlen(text, 256)),
	};
	facts_put(facts, fact);
	return true;
}

/* net.ipv4.tcp_mem="a b c": one number for each of the group's keys. */
static bool put_group(struct facts *facts,
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
		fact->raw = arena_copy(facts->arena, text, strnlen(text, 256));
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
		return put_given(facts, known, key, instance, value, where, err);
	if (!instance && keys_group(key, &first, &count))
		return put_group(facts, first, count, key, value, where, err);
	return unknown_key(facts, key, err);
}

bool given_set(struct facts *facts, const char *assignment, struct error *err)
{
	const char *bracket = strchr(assignment, '['), *equals = strchr(assignment, '=');
	const char *instance = NULL;
	if (bracket && equals && bracket < equals) {
		const char *close = strstr(bracket, "]=");
		if (!close)
			return given_refuse(facts, assignment, "", "expected KEY[INSTANCE]=VALUE", err);
		instance = arena_copy(facts->arena, bracket + 1, (size_t)(close - bracket) - 1);
		equals = close + 1;
	}
	if (!equals || equals == assignment)
		return error_set(err,
				"--set %s: expected KEY=VALUE",
				text_clean(facts->arena, assignment, strlen(assignment), VALUE_SHOWN));
	const char *end = instance ? bracket : equals;
	const char *key = arena_copy(facts->arena, assignment, (size_t)(end - assignment));
	struct error problem;
	if (given_put(facts, key, instance, equals + 1, "--set", &problem))
		return true;
	return error_set(err, "--set %s", problem.text);
}
