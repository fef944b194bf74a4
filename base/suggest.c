/* "Did you mean …?" by the Levenshtein distance of words. The classic table is kept as one row. */
#include "base/suggest.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
	WORD_MAX = 63,
	WORD_MIN = 6, /* one shorter word stands in too many names */
	WORDS_MIN = 4
};

static size_t smaller(size_t a, size_t b)
{
	if (a < b)
		return a;
	return b;
}

size_t suggest_distance(const char *a, const char *b)
{
	size_t row[WORD_MAX + 1];
	size_t a_length = strnlen(a, WORD_MAX);
	size_t b_length = strnlen(b, WORD_MAX);
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

/* In a short word two edits change nearly everything: "su" is not a misspelled "ab", nor "oha" a
 * "ghz". But the same letters in another order are: "wkr" is "wrk". */
static bool too_short(const char *word, const char *name, size_t distance)
{
	size_t length = strlen(word);
	if (length > 3 || distance <= 1)
		return false;
	bool swapped = length == strlen(name) && strspn(word, name) == length;
	return !swapped;
}

const char *suggest_name(const char *word, const char *const *names)
{
	size_t best = strnlen(word, WORD_MAX) / 3;
	if (best < 2)
		best = 2;
	const char *nearest = NULL;
	for (; *names; names++) {
		size_t distance = suggest_distance(word, *names);
		bool nearer = distance < best || (distance == best && !nearest);
		if (nearer && !too_short(word, *names, distance)) {
			best = distance;
			nearest = *names;
		}
	}
	return nearest;
}

/* What separates the words of a name. */
static const char between[] = "._-";

static bool has_word(const char *name, const char *word, size_t length)
{
	for (size_t own; *name; name += own + (name[own] != '\0')) {
		own = strcspn(name, between);
		if (own == length && !strncmp(name, word, length))
			return true;
	}
	return false;
}

static bool has_words(const char *name, const char *words)
{
	for (size_t length; *words; words += length + (words[length] != '\0')) {
		length = strcspn(words, between);
		if (length && !has_word(name, words, length))
			return false;
	}
	return true;
}

const char *suggest_words(const char *words, const char *const *names)
{
	const char *shortest = NULL;
	bool plain = !words[strcspn(words, between)];
	if (strlen(words) < WORDS_MIN || (plain && strlen(words) < WORD_MIN))
		return NULL;
	for (; *names; names++) {
		bool shorter = !shortest || strlen(*names) < strlen(shortest);
		if (shorter && has_words(*names, words))
			shortest = *names;
	}
	return shortest;
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
