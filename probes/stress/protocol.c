/* Reads the worker's lines. It runs in the supervisor, which must stand whatever the worker writes.
 */
#include "probes/stress/protocol.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

static void protocol_fail(struct protocol *protocol, const char *why)
{
	protocol->bad = true;
	(void)snprintf(protocol->why, sizeof protocol->why, "%s in line %zu", why, protocol->lines + 1);
}

/* Digits, one point, digits; at most 2^53. Or "inf". */
static bool protocol_read_number(const char *text, double *ret)
{
	size_t whole = strspn(text, "0123456789"), length = whole;
	if (strcmp(text, "inf") == 0) {
		*ret = INFINITY;
		return true;
	}
	if (text[length] == '.')
		length += 1 + strspn(text + length + 1, "0123456789");
	if (whole == 0 || whole > 16 || text[length] != '\0' || text[length - 1] == '.')
		return false;
	*ret = strtod(text, NULL);
	return *ret <= 9007199254740992.0;
}

static bool protocol_is_name(const char *text)
{
	size_t length = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_");
	return length > 0 && length < PROTOCOL_NAME && text[length] == '\0' &&
			(text[0] < '0' || text[0] > '9');
}

/* An errno name, a counter, "none". */
static bool protocol_is_word(const char *text)
{
	size_t length = strspn(text,
			"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.");
	return length > 0 && length < PROTOCOL_NAME && text[length] == '\0';
}

static const char *protocol_clean(struct protocol *protocol, const char *text)
{
	return text_clean(protocol->arena, text, strlen(text), PROTOCOL_LINE);
}

static bool take_progress(struct protocol *protocol, double a, double b)
{
	protocol->done = a;
	protocol->of = b;
	return isfinite(a);
}

static bool protocol_take_sample(struct protocol *protocol, double a, double b)
{
	struct calibration *calibration = protocol->calibration;
	size_t count = calibration->sample_count;
	if (count >= CALIBRATION_SAMPLES || !isfinite(a) || !isfinite(b) ||
			(count > 0 && a < calibration->samples[count - 1].t_s))
		return false;
	calibration->samples[calibration->sample_count++] = (struct calibration_sample){a, b};
	return true;
}

static bool take_decile(struct protocol *protocol, double a, double b)
{
	if (!(a < CALIBRATION_DECILES) || a - floor(a) > 0 || !isfinite(b))
		return false;
	protocol->calibration->deciles[(unsigned)a] = b;
	return true;
}

struct pair_row {
	const char *word;
	bool (*take)(struct protocol *protocol, double a, double b);
};

static const struct pair_row pair_rows[] = {
		{"progress", take_progress},
		{"sample", protocol_take_sample},
		{"decile", take_decile},
};

struct number_row {
	const char *word;
	size_t offset; /* in struct calibration */
};

static const struct number_row number_rows[] = {
		{"measured", offsetof(struct calibration, measured)},
		{"tolerance", offsetof(struct calibration, tolerance)},
		{"reached", offsetof(struct calibration, reached)},
		{"rate", offsetof(struct calibration, rate_per_s)},
};

static bool take_field(struct protocol *protocol, char *rest, bool is_text)
{
	struct calibration *calibration = protocol->calibration;
	char *value = strchr(rest, ' ');
	struct calibration_field field = {.number = NAN};
	if (!value || calibration->field_count >= CALIBRATION_FIELDS)
		return false;
	*value++ = '\0';
	if (!protocol_is_name(rest) || (!is_text && !protocol_read_number(value, &field.number)))
		return false;
	field.name = arena_strdup(protocol->arena, rest);
	field.text = is_text ? protocol_clean(protocol, value) : NULL;
	calibration->fields[calibration->field_count++] = field;
	return true;
}

/* A prediction is made before the result is known. */
static bool take_predicted(struct protocol *protocol, const char *rest)
{
	return isnan(protocol->calibration->measured) &&
			protocol_read_number(rest, &protocol->calibration->predicted);
}

static bool take_pair(struct protocol *protocol, const struct pair_row *row, char *rest)
{
	char *second = strchr(rest, ' ');
	double a, b;
	if (!second)
		return false;
	*second++ = '\0';
	return protocol_read_number(rest, &a) && protocol_read_number(second, &b) &&
			row->take(protocol, a, b);
}

static bool protocol_take_text(struct protocol *protocol, const char *word, char *rest)
{
	struct calibration *calibration = protocol->calibration;
	if (strcmp(word, "number") == 0 || strcmp(word, "text") == 0)
		return take_field(protocol, rest, word[0] == 't');
	if (strcmp(word, "stopped") == 0) {
		calibration->stopped_by = protocol_clean(protocol, rest);
		return protocol_is_word(rest);
	}
	if (strcmp(word, "bound") == 0) {
		calibration->lower_bound = true;
		return isnan(calibration->measured) && strcmp(rest, "lower") == 0;
	}
	if (strcmp(word, "reason") == 0) {
		calibration->comparable = false;
		if (!calibration->reason)
			calibration->reason = protocol_clean(protocol, rest);
		return true;
	}
	if (strcmp(word, "uncopied") != 0 || calibration->not_copied_count >= PROTOCOL_NOT_COPIED)
		return false;
	calibration->comparable = false;
	calibration->not_copied[calibration->not_copied_count++] = protocol_clean(protocol, rest);
	return true;
}

static bool protocol_take_line(struct protocol *protocol, char *line)
{
	if (strcmp(line, "end") == 0) {
		protocol->ended = true;
		return true;
	}
	char *rest = strchr(line, ' ');
	if (!rest || rest[1] == '\0')
		return false;
	*rest++ = '\0';
	if (strcmp(line, "predicted") == 0)
		return take_predicted(protocol, rest);
	for (size_t i = 0; i < COUNT_OF(pair_rows); i++)
		if (strcmp(line, pair_rows[i].word) == 0)
			return take_pair(protocol, &pair_rows[i], rest);
	for (size_t i = 0; i < COUNT_OF(number_rows); i++)
		if (strcmp(line, number_rows[i].word) == 0)
			return protocol_read_number(rest,
					(double *)(void *)((char *)protocol->calibration + number_rows[i].offset));
	return protocol_take_text(protocol, line, rest);
}

void protocol_init(struct protocol *protocol, struct arena *arena, struct calibration *calibration)
{
	*protocol = (struct protocol){.arena = arena, .calibration = calibration};
	calibration->samples = arena_alloc(arena, CALIBRATION_SAMPLES * sizeof *calibration->samples);
	calibration->fields = arena_alloc(arena, CALIBRATION_FIELDS * sizeof *calibration->fields);
	calibration->not_copied = arena_alloc(arena,
			PROTOCOL_NOT_COPIED * sizeof *calibration->not_copied);
}

void protocol_feed(struct protocol *protocol, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !protocol->bad; i++) {
		if (protocol->ended) {
			protocol_fail(protocol, "text after the end");
		} else if (bytes[i] != '\n') {
			if (protocol->length + 1 >= sizeof protocol->line || bytes[i] == '\0')
				protocol_fail(protocol, "an overlong line or a NUL byte");
			else
				protocol->line[protocol->length++] = bytes[i];
		} else {
			protocol->line[protocol->length] = '\0';
			protocol->length = 0;
			if (protocol->lines >= PROTOCOL_LINES || !protocol_take_line(protocol, protocol->line))
				protocol_fail(protocol, "an unexpected result");
			protocol->lines++;
		}
	}
}
