/* A page for a screen with a limited number of lines. Blocks are added in reading order, each with
 * a rank. The most important blocks get their place first. One line counts the blocks without a
 * place, and says how to see everything. */
#ifndef HEADROOM_REPORT_WRITE_TERMINAL_SHEET_H
#define HEADROOM_REPORT_WRITE_TERMINAL_SHEET_H

#include <stddef.h>

#include "report/write/pen.h"

/* The order in which blocks get their place. */
enum rank {
	RANK_MUST, /* always there */
	RANK_ANSWER,
	RANK_STEP,
	RANK_BASIS,
	RANK_WARNING,
	RANK_DETAIL,
	RANK_ROW,
	RANK_OTHER,
	RANK_NOTE,
	RANK_NEVER, /* counted only */
	RANKS
};

/* What a block counts as if it gets no place. */
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

/* A sheet for what the pen writes. With --all it has room for everything. */
struct sheet *sheet_new(const struct pen *pen);
/* A pen that writes the next block. */
struct pen sheet_pen(struct sheet *sheet);
/* What the pen of sheet_pen() wrote becomes a block of at most lines_max lines (0: all of them);
 * the rest is cut, except with --all. Nothing written: no block. */
void sheet_block(struct sheet *sheet, enum rank rank, size_t lines_max);
/* The same for a block that stands for `count` things. */
void sheet_counted(struct sheet *sheet,
		enum rank rank,
		size_t lines_max,
		enum sheet_noun noun,
		size_t count);
/* Adds a blank line before the next block. */
void sheet_section(struct sheet *sheet);
/* The place of the line about blocks without a place. */
void sheet_rest_here(struct sheet *sheet);
/* Writes the blocks that got a place. */
void sheet_write(struct sheet *sheet);

#endif
