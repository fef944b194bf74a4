/* Texts to look for in a line. A pattern is plain text, compared with the line as plain_line()
 * writes it. It matches whole words and may contain two signs:
 *   *   anything, up to PATTERN_GAP bytes; at either end of a pattern: part of a word is enough
 *   #   a number above 0; a * may follow it
 * "accept*too many open files", "file-max limit # reached". The time needed grows only with the
 * length of the line. */
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
	PATTERN_MIN = 3    /* bytes of its first text */
};

/* What separates two pieces, as bits: anything, a number, or a number and then anything. */
enum {
	JOINT_NONE = 0,
	JOINT_ANY = 1,
	JOINT_NUMBER = 2
};

struct pattern {
	struct {
		const char *text;
		size_t length;
		unsigned before; /* what precedes the piece: JOINT_… */
	} pieces[PATTERN_PIECES];
	size_t count;
	unsigned behind; /* what follows the last piece: JOINT_… */
	size_t weight;   /* bytes of text in it: how specific it is */
};

struct pattern_match {
	size_t start, end; /* byte offsets in the line */
	double numbers[PATTERN_NUMBERS];
	size_t number_count;
};

/* Reads a pattern. Returns false and sets *why if it is too long, too short, or has two signs side
 * by side. */
bool pattern_read(struct arena *arena, const char *text, struct pattern *ret, const char **why);

/* Finds the first match at or after `from`; returns false if there is none. */
bool pattern_find(const struct pattern *pattern,
		const struct plain *line,
		size_t from,
		struct pattern_match *ret);

/* A filter of all sequences of three bytes in a line. A pattern with a sequence that is not there
 * cannot match. */
struct grams {
	unsigned char bits[1 << 12];
};
void grams_of(const struct plain *line, struct grams *ret);

/* A few of the bits that a pattern needs. They are kept apart from the pattern so that checking
 * hundreds of patterns touches little memory. */
struct marks {
	uint16_t bits[4];
};
struct marks pattern_marks(const struct pattern *pattern);
bool grams_may_hold(const struct grams *grams, struct marks marks);

#endif
