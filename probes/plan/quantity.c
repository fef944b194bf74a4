/* Reading quantities by a table of units. Does not round and does not know what the number is for.
 */
#include "probes/plan/quantity.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#define QUANTITY_MAX 9007199254740992.0 /* 2^53 */

/* wrk src/units.c: scan_metric, scan_time; upper or lower case. */
static const struct quantity_unit wrk_counts[] = {
		{"k", 1e3},
		{"m", 1e6},
		{"g", 1e9},
		{"t", 1e12},
		{"p", 1e15},
		{NULL, 0},
};
static const struct quantity_unit wrk_times[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {NULL, 0}};
/* nghttp2 src/util.cc: parse_duration_with_unit. */
static const struct quantity_unit h2load_times[] = {{"ms", 1e-3},
		{"s", 1},
		{"m", 60},
		{"h", 3600},
		{NULL, 0}};
/* siege src/init.c: parse_time reads the last letter; without one, seconds would be minutes. */
static const struct quantity_unit siege_times[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {NULL, 0}};
/* tcpkali src/tcpkali.c: km_multiplier, s_multiplier. */
static const struct quantity_unit tcpkali_counts[] = {{"k", 1e3}, {"m", 1e6}, {NULL, 0}};
static const struct quantity_unit tcpkali_times[] = {
		{"ms", 1e-3},
		{"millisecond", 1e-3},
		{"milliseconds", 1e-3},
		{"s", 1},
		{"second", 1},
		{"seconds", 1},
		{"m", 60},
		{"min", 60},
		{"minute", 60},
		{"minutes", 60},
		{"h", 3600},
		{"hr", 3600},
		{"hour", 3600},
		{"hours", 3600},
		{"d", 86400},
		{"day", 86400},
		{"days", 86400},
		{NULL, 0},
};
static const struct quantity_unit timeout_times[] = {{"s", 1},
		{"m", 60},
		{"h", 3600},
		{"d", 86400},
		{NULL, 0}};
/* docker/go-units RAMInBytes. */
static const struct quantity_unit docker_bytes[] = {
		{"b", 1},
		{"k", 1024.0},
		{"kb", 1024.0},
		{"m", 1048576.0},
		{"mb", 1048576.0},
		{"g", 1073741824.0},
		{"gb", 1073741824.0},
		{"t", 1099511627776.0},
		{"tb", 1099511627776.0},
		{NULL, 0},
};
/* Go time.ParseDuration. */
static const struct quantity_unit go_times[] = {
		{"ns", 1e-9},
		{"us", 1e-6},
		{"\u00b5s", 1e-6},
		{"\u03bcs", 1e-6},
		{"ms", 1e-3},
		{"s", 1},
		{"m", 60},
		{"h", 3600},
		{NULL, 0},
};
/* k6 lib/types: ParseExtendedDuration. */
static const struct quantity_unit k6_times[] = {
		{"ns", 1e-9},
		{"us", 1e-6},
		{"\u00b5s", 1e-6},
		{"\u03bcs", 1e-6},
		{"ms", 1e-3},
		{"s", 1},
		{"m", 60},
		{"h", 3600},
		{"d", 86400},
		{NULL, 0},
};
/* locust/util/timespan.py: parse_timespan. */
static const struct quantity_unit locust_times[] = {{"s", 1}, {"m", 60}, {"h", 3600}, {NULL, 0}};

const struct quantity_syntax quantity_count = {.example = "400", .bare = 1};
const struct quantity_syntax quantity_decimal = {.example = "10 or 0.5",
		.bare = 1,
		.fraction = true};
const struct quantity_syntax quantity_seconds = {.example = "30 (seconds)", .bare = 1};
const struct quantity_syntax quantity_wrk_count = {.example = "400, 20k or 1M",
		.units = wrk_counts,
		.bare = 1,
		.any_case = true};
const struct quantity_syntax quantity_wrk_time = {.example = "30s, 5m or 1h",
		.units = wrk_times,
		.bare = 1,
		.any_case = true};
const struct quantity_syntax quantity_h2load_time = {.example = "10, 500ms, 10s, 1m or 1h",
		.units = h2load_times,
		.bare = 1,
		.fraction = true};
const struct quantity_syntax quantity_siege_time = {.example = "30S, 10M or 1H",
		.units = siege_times,
		.bare = 60,
		.any_case = true};
const struct quantity_syntax quantity_tcpkali_count = {.example = "400, 20k or 1m",
		.units = tcpkali_counts,
		.bare = 1,
		.fraction = true};
const struct quantity_syntax quantity_tcpkali_time = {.example = "10, 100ms, 10s, 5min or 1h",
		.units = tcpkali_times,
		.bare = 1,
		.fraction = true};
const struct quantity_syntax quantity_long_time = {.example = "30, 1.5s, 5m or 1h",
		.units = tcpkali_times,
		.bare = 1,
		.fraction = true,
		.sequence = true};
const struct quantity_syntax quantity_timeout = {.example = "30, 30s, 5m or 1h",
		.units = timeout_times,
		.bare = 1,
		.fraction = true};
const struct quantity_syntax quantity_docker_bytes = {.example = "512m or 2g",
		.units = docker_bytes,
		.bare = 1,
		.fraction = true,
		.any_case = true};
const struct quantity_syntax quantity_go_duration = {.example = "30s, 1m30s or 500ms",
		.units = go_times,
		.fraction = true,
		.sequence = true};
const struct quantity_syntax quantity_k6_duration = {.example = "30s, 1m30s or 500 (milliseconds)",
		.units = k6_times,
		.bare = 1e-3,
		.fraction = true,
		.sequence = true};
const struct quantity_syntax quantity_locust_time = {.example = "20s, 3m or 1h30m",
		.units = locust_times,
		.bare = 1,
		.sequence = true};

static bool quantity_refuse(const char *text,
		const struct quantity_syntax *syntax,
		struct error *err)
{
	return error_set(err, "\"%.60s\" is not written as %s", text, syntax->example);
}

/* Digits, and a fraction if the syntax has one; no sign, no exponent. */
static const char *read_digits(const char *text, const struct quantity_syntax *syntax, double *ret)
{
	double number = 0, place = 1;
	const char *at = text;
	for (; *at >= '0' && *at <= '9'; at++)
		number = number * 10 + (*at - '0');
	bool any = at > text;
	if (syntax->fraction && *at == '.') {
		for (at++; *at >= '0' && *at <= '9'; at++) {
			place /= 10;
			number += place * (*at - '0');
			any = true;
		}
	}
	*ret = number;
	return any ? at : NULL;
}

/* The longest unit that stands here, so that "ms" is not "m". */
static const struct quantity_unit *find_unit(const char *text, const struct quantity_syntax *syntax)
{
	const struct quantity_unit *best = NULL;
	for (const struct quantity_unit *unit = syntax->units; unit && unit->word; unit++) {
		size_t length = strlen(unit->word);
		bool fits = syntax->any_case ? !strncasecmp(text, unit->word, length)
									 : !strncmp(text, unit->word, length);
		if (fits && (!best || length > strlen(best->word)))
			best = unit;
	}
	return best;
}

bool quantity_read(const char *text,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err)
{
	double sum = 0, number;
	const char *at = text;
	do {
		if (!(at = read_digits(at, syntax, &number)))
			return quantity_refuse(text, syntax, err);
		if (syntax->blank && *at == ' ')
			at++;
		const struct quantity_unit *unit = find_unit(at, syntax);
		if (unit)
			at += strlen(unit->word);
		else if (*at || (syntax->bare <= 0 && number > 0))
			return quantity_refuse(text, syntax, err);
		sum += number * (unit ? unit->factor : syntax->bare);
	} while (*at && syntax->sequence);
	if (*at)
		return quantity_refuse(text, syntax, err);
	if (!(sum <= QUANTITY_MAX))
		return error_set(err, "\"%.60s\" is too large", text);
	*ret = sum;
	return true;
}
