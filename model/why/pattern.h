/* Texts to look for in a line. A pattern is plain text, compared as plain_line() writes it, at the
 * limits of words, with two signs:
 *   *   anything, up to PATTERN_GAP bytes; at an end of the pattern: not at the limit of a word
 *   #   a number above 0; behind it may stand a *
 * "accept*too many open files", "file-max limit # reached". The time it takes grows with the length
 * of the line only. */
#ifndef HEADROOM_MODEL_WHY_PATTERN_H
#define HEADROOM_MODEL_WHY_PATTERN_H

#include <stdbool.h>
#include <stdint.h>

#include "model/why/plain.h"

enum {
	PATTERN_GAP = 240,
	PATTERN_PIECES = 6,
	PATTERN_NUMBERS = 4,
	PATTERN_MAX = 200, /* bytes */
	PATTERN_MIN = 3    /* of its first text */
};

/* What separates two pieces: a number, or anything, or a number and then anything. */
enum {
	JOINT_NONE = 0,
	JOINT_ANY = 1,
	JOINT_NUMBER = 2
};

struct pattern {
	struct {
		const char *text;
		size_t length;
		unsigned before; /* what precedes it: JOINT_ */
	} pieces[PATTERN_PIECES];
	size_t count;
	unsigned behind; /* what follows the last */
	size_t weight;   /* bytes of text in it: how much it says */
};

struct pattern_match {
	size_t start, end; /* in the line */
	double numbers[PATTERN_NUMBERS];
	size_t number_count;
};

/* Returns false with *why if it is not a pattern: too long, too short, or two signs side by side.
 */
bool pattern_read(struct arena *arena, const char *text, struct pattern *ret, const char **why);

/* The first place at or behind `from`. */
bool pattern_find(const struct pattern *pattern,
		const struct plain *line,
		size_t from,
		struct pattern_match *ret);

/* Which three bytes follow each other in a line: a pattern that needs others is not in it. */
struct grams {
	unsigned char bits[1 << 12];
};
void grams_of(const struct plain *line, struct grams *ret);

/* A few of the marks that a pattern needs. They are kept apart from the pattern, so that going over
 * hundreds of patterns touches little memory. */
struct marks {
	uint16_t bits[4];
};
struct marks pattern_marks(const struct pattern *pattern);
bool grams_may_hold(const struct grams *grams, struct marks marks);

#endif
