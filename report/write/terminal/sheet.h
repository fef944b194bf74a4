/* A page for a screen with a limited number of lines. Blocks are added in reading order, each with
 * a rank, and the most important get a place first. One line counts the blocks without a place and
 * says how to see everything. */
#ifndef HEADROOM_REPORT_WRITE_TERMINAL_SHEET_H
#define HEADROOM_REPORT_WRITE_TERMINAL_SHEET_H

#include <stddef.h>

#include "report/write/pen.h"

/* The order in which blocks get a place. */
enum rank {
	RANK_MUST, /* always shown */
	RANK_ANSWER,
	RANK_STEP,
	RANK_BASIS,
	RANK_WARNING,
	RANK_DETAIL,
	RANK_ROW,
	RANK_OTHER,
	RANK_NOTE,
	RANK_NEVER, /* only counted */
	RANKS
};

/* What a block without a place is counted as. */
enum sheet_noun {
	NOUN_NONE,
	NOUN_STEP,
	NOUN_FAILING,
	NOUN_UNKNOWN,
	NOUN_WARNING,
	NOUN_PASSING,
	NOUN_UNSAID,
	NOUN_IDLE,
	NOUN_FILE,
	NOUN_LOAD,
	NOUN_ALTERNATIVE,
	NOUN_NOTE,
	NOUN_ASSUMED,
	NOUN_VALUE,
	NOUN_CHANGE,
	NOUN_MACHINE,
	NOUN_COMMAND,
	NOUNS
};

struct sheet;

/* Returns a sheet for what the pen writes. With --all it has room for everything. */
struct sheet *sheet_new(const struct pen *pen);
/* Returns a pen that writes the next block. */
struct pen sheet_pen(struct sheet *sheet);
/* Makes what the pen of sheet_pen() wrote a block of at most lines_max lines (0: all of them); the
 * rest is cut, except with --all. Does nothing if nothing was written. */
void sheet_block(struct sheet *sheet, enum rank rank, size_t lines_max);
/* The same for a block that counts as `count` things. */
void sheet_counted(struct sheet *sheet,
		enum rank rank,
		size_t lines_max,
		enum sheet_noun noun,
		size_t count);
/* Adds a blank line before the next block. */
void sheet_section(struct sheet *sheet);
/* Puts the line about blocks without a place here. */
void sheet_rest_here(struct sheet *sheet);
/* Writes the blocks that got a place. */
void sheet_write(struct sheet *sheet);

#endif
