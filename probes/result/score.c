/* Adds up what results say. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "probes/result/forms.h"

/* How tools write the same error. Only these words are shown: what a tool writes around them may
 * hold a password. */
struct cause {
	const char *shown;
	const char *texts[6];
};

static const struct cause causes[RESULT_CAUSES] = {
		{
				.shown = "no free port",
				.texts =
						{
								"assign requested address",
								"eaddrnotavail",
								"address already in use",
						},
		},
		{
				.shown = "no free file descriptor",
				.texts =
						{
								"too many open files",
								"emfile",
								"error(-24)",
								"enfile",
						},
		},
		{
				.shown = "connection refused",
				.texts =
						{
								"refused",
								"connection ref",
						},
		},
		{
				.shown = "timeout",
				.texts =
						{
								"timeout",
								"timed out",
								"deadline exceeded",
								"deadlineexceeded",
								"etimedout",
						},
		},
		{
				.shown = "connection reset",
				.texts =
						{
								"reset by peer",
								"econnreset",
								"broken pipe",
								"epipe",
								"eof",
						},
		},
		{
				.shown = "no route",
				.texts =
						{
								"unreachable",
								"no route",
								"enetunreach",
								"ehostunreach",
						},
		},
		{
				.shown = "unknown host",
				.texts =
						{
								"no such host",
								"enotfound",
								"unknownhost",
								"name resolution",
						},
		},
		{
				.shown = "TLS",
				.texts =
						{
								"tls",
								"certificate",
								"ssl",
						},
		},
};

void score_init(struct score *ret_score)
{
	*ret_score = (struct score){0};
	for (size_t i = 0; i < RESULT_FIGURES; i++)
		ret_score->figures[i] = (double)NAN;
}

void score_add(struct score *score, enum tool_figure figure, double number)
{
	double *sum = &score->figures[figure];
	score->found = true;
	if (isnan(*sum))
		*sum = 0;
	*sum += number;
}

void score_take(struct score *score, const struct tool_result_row *row, double number)
{
	bool counts = row->figure == RESULT_REQUESTS || row->figure == RESULT_ANSWERS;
	if (row->scale != 0)
		number *= row->scale;
	if (row->last)
		score->figures[row->figure] = 0;
	score_add(score, row->figure, number);
	score->by_text |= counts && row->text;
	score->by_json |= counts && row->json;
}

void score_absent(struct score *score, const struct tool_results *results)
{
	for (size_t i = 0; i < results->row_count; i++) {
		const struct tool_result_row *row = &results->rows[i];
		bool there = (row->text && score->by_text) || (row->json && score->by_json);
		if (row->figure == RESULT_ERRORS && score->figures[RESULT_FAILURES] > 0)
			there = false; /* some of these may be errors */
		if (there && (row->figure == RESULT_ERRORS || row->figure == RESULT_LOST))
			score_add(score, row->figure, 0);
	}
}

static bool holds_text(const char *bytes, size_t length, const char *text)
{
	size_t wanted = strlen(text);
	for (size_t i = 0; i + wanted <= length; i++)
		if (!strncasecmp(bytes + i, text, wanted))
			return true;
	return false;
}

static bool is_cause(const struct cause *cause, const char *text, size_t length)
{
	const size_t count = COUNT_OF(cause->texts);
	for (size_t i = 0; i < count && cause->texts[i]; i++)
		if (holds_text(text, length, cause->texts[i]))
			return true;
	return false;
}

void score_cause(struct score *score, const char *text, size_t length, double count)
{
	for (size_t i = 0; i < COUNT_OF(causes); i++) {
		if (!is_cause(&causes[i], text, length))
			continue;
		score->causes[i] += count;
		return;
	}
}

const char *score_most(const struct score *score)
{
	const char *most = NULL;
	double count = 0;
	for (size_t i = 0; i < COUNT_OF(causes); i++) {
		if (!(score->causes[i] > count))
			continue;
		count = score->causes[i];
		most = causes[i].shown;
	}
	return most;
}
