/* "Did you mean …?". Plain Levenshtein distance with one row of memory; words are cut at 63
 * characters. */
#include "base/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	WORD_MAX = 63
};

static size_t smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

size_t suggest_distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1], a_length = strnlen(a, WORD_MAX), b_length = strnlen(b, WORD_MAX);
	for (size_t j = 0; j <= b_length; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_length; i++) {
		size_t diagonal = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b_length; j++) {
			size_t above = row[j];
			size_t replaced = diagonal + (a[i - 1] != b[j - 1]);
			row[j] = smaller(replaced, smaller(above, row[j - 1]) + 1);
			diagonal = above;
		}
	}
	return row[b_length];
}

/* "su" is no misspelt "ab", and "oha" no "ghz"; "wkr" is "wrk". */
static bool too_short(const char *word, const char *name, size_t distance)
{
	size_t length = strlen(word);
	bool swapped = length == strlen(name) && strspn(word, name) == length;
	return length <= 3 && distance > 1 && !swapped;
}

const char *suggest_name(const char *word, const char *const *names)
{
	size_t length = strnlen(word, WORD_MAX), best = length / 3 < 2 ? 2 : length / 3;
	const char *nearest = NULL;
	for (; *names; names++) {
		size_t distance = suggest_distance(word, *names);
		if (too_short(word, *names, distance))
			continue;
		if (distance < best || (distance == best && !nearest)) {
			best = distance;
			nearest = *names;
		}
	}
	return nearest;
}

const char *suggest_question_about(char out[SUGGEST_MAX], const char *dashes, const char *nearest)
{
	out[0] = '\0';
	if (nearest)
		(void)snprintf(out, SUGGEST_MAX, "; did you mean %s%s?", dashes, nearest);
	return out;
}

const char *suggest_question(char out[SUGGEST_MAX], const char *word, const char *const *names)
{
	return suggest_question_about(out, "", suggest_name(word, names));
}
