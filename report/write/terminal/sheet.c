/* Blocks are rendered first, since only then their height is known. */
#include "report/write/terminal/sheet.h"

#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "report/write/columns.h"

enum {
	LINES_USUAL = 23, /* and the last line */
	LINES_NARROW = 29,
	NARROW_COLUMNS = 72,
	REST_INDENT = 17
};

static const struct sheet_word {
	const char *one, *many;
} words[NOUNS] = {
		[NOUN_STEP] = {"more change", "more changes"},
		[NOUN_FAILING] = {"limit that fails", "limits that fail"},
		[NOUN_UNKNOWN] = {"limit that is not known", "limits that are not known"},
		[NOUN_WARNING] = {"warning", "warnings"},
		[NOUN_PASSING] = {"more pass", "more pass"},
		[NOUN_UNSAID] = {"not stated in the plan", "not stated in the plan"},
		[NOUN_IDLE] = {"does not apply", "do not apply"},
		[NOUN_FILE] = {"file that could not be read", "files that could not be read"},
		[NOUN_LOAD] = {"load", "loads"},
		[NOUN_ALTERNATIVE] = {"alternative", "alternatives"},
		[NOUN_NOTE] = {"note", "notes"},
		[NOUN_ASSUMED] = {"assumed value", "assumed values"},
		[NOUN_VALUE] = {"value", "values"},
		[NOUN_CHANGE] = {"change with its command", "changes with their commands"},
		[NOUN_MACHINE] = {"more provider", "more providers"},
		[NOUN_COMMAND] = {"command for the hosts", "commands for the hosts"},
};

struct block {
	const char *text;
	size_t lines, section, count;
	enum rank rank;
	enum sheet_noun noun;
	bool placed;
};

struct sheet {
	const struct pen *pen;
	struct text draft;
	struct block *blocks;
	size_t count, capacity, section;
	size_t rest_section, rest_at, rest_lines; /* of what is said of what has no place */
	bool ends_steps;                          /* what is not shown of them is said where they end */
};

struct sheet *sheet_new(const struct pen *pen)
{
	struct sheet *sheet = arena_alloc(pen->arena, sizeof *sheet);
	*sheet = (struct sheet){.pen = pen, .rest_at = SIZE_MAX};
	return sheet;
}

struct pen sheet_pen(struct sheet *sheet)
{
	struct pen pen = *sheet->pen;
	pen.out = &sheet->draft;
	return pen;
}

static size_t sheet_lines(const char *text)
{
	size_t lines = 0;
	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static const char *sheet_last_line(const char *text)
{
	const char *last = strrchr(text, '\n');
	if (!last)
		return text;
	return last + 1;
}

/* The first lines of a text; the last of them ends with "…". */
static const char *sheet_cut(const struct pen *pen, const char *text, size_t lines)
{
	const char *end = text;
	for (size_t i = 0; i < lines; i++)
		end = strchr(end, '\n') + 1;
	size_t length = (size_t)(end - text) - 1;
	const char *kept = arena_copy(pen->arena, text, length);
	const char *last = sheet_last_line(kept);
	while (columns_of(last) + 2 > pen_width(pen) && strrchr(last, ' ')) {
		length = (size_t)(strrchr(kept, ' ') - kept);
		kept = arena_copy(pen->arena, kept, length);
		last = sheet_last_line(kept);
	}
	struct text cut = {0};
	const struct pen end_pen = {pen->document, pen->options, pen->arena, &cut};
	text_addf(&cut, "%s%s", kept, pen_fold(pen, " …"));
	pen_plain(&end_pen); /* the end of what is in color may be cut */
	text_add(&cut, "\n");
	return text_take(pen->arena, &cut);
}

void sheet_counted(struct sheet *sheet,
		enum rank rank,
		size_t lines_max,
		enum sheet_noun noun,
		size_t count)
{
	const struct pen *pen = sheet->pen;
	const char *text = text_take(pen->arena, &sheet->draft);
	size_t lines = sheet_lines(text);
	if (lines == 0)
		return;
	if (lines_max && lines > lines_max && !pen->options->all) {
		text = sheet_cut(pen, text, lines_max);
		lines = lines_max;
	}
	sheet->blocks = arena_grow(pen->arena,
			sheet->blocks,
			sheet->count,
			&sheet->capacity,
			sizeof *sheet->blocks);
	sheet->blocks[sheet->count++] = (struct block){
			.text = text,
			.lines = lines,
			.section = sheet->section,
			.count = count,
			.rank = rank,
			.noun = noun,
	};
}

void sheet_block(struct sheet *sheet, enum rank rank, size_t lines_max)
{
	sheet_counted(sheet, rank, lines_max, NOUN_NONE, 0);
}

void sheet_section(struct sheet *sheet)
{
	sheet->section++;
}

void sheet_rest_here(struct sheet *sheet)
{
	sheet->rest_at = sheet->count;
	sheet->rest_section = sheet->section;
}

/* Has the section a block that is placed? The first section has no blank line above it. */
static bool sheet_is_begun(const struct sheet *sheet, size_t section)
{
	if (section == 0)
		return true;
	for (size_t i = 0; i < sheet->count; i++) {
		const struct block *block = &sheet->blocks[i];
		if (block->placed && block->section == section)
			return true;
	}
	return false;
}

static size_t sheet_cost(const struct sheet *sheet, const struct block *block)
{
	if (sheet_is_begun(sheet, block->section))
		return block->lines;
	return block->lines + 1;
}

/* Places what has this rank, as long as there is room. */
static void sheet_place(struct sheet *sheet, enum rank rank, size_t *left)
{
	for (size_t i = 0; i < sheet->count; i++) {
		struct block *block = &sheet->blocks[i];
		size_t cost = sheet_cost(sheet, block);
		if (block->rank != rank || (rank != RANK_MUST && cost > *left))
			continue;
		block->placed = true;
		if (cost > *left)
			cost = *left;
		*left -= cost;
	}
}

/* How many lines may say what has no place. */
static size_t sheet_rest_lines(const struct pen *pen)
{
	const size_t usual = 2, narrow = 3;
	if (pen_width(pen) < NARROW_COLUMNS)
		return narrow;
	return usual;
}

/* How many lines the blocks of a rank take that are always there. */
static size_t sheet_musts(const struct sheet *sheet)
{
	size_t lines = 0, section = 0;
	for (size_t i = 0; i < sheet->count; i++) {
		const struct block *block = &sheet->blocks[i];
		if (block->rank != RANK_MUST)
			continue;
		lines += block->lines + (block->section != section);
		section = block->section;
	}
	return lines;
}

static size_t sheet_left_out(const struct sheet *sheet, enum sheet_noun noun)
{
	size_t count = 0;
	for (size_t i = 0; i < sheet->count; i++) {
		const struct block *block = &sheet->blocks[i];
		if (!block->placed && block->noun == noun)
			count += block->count;
	}
	return count;
}

/* Steps end with what is not shown of them: nobody may think that these are all. */
static bool sheet_keeps_line(const struct sheet *sheet)
{
	return !sheet->pen->options->all && sheet_left_out(sheet, NOUN_STEP) > 1;
}

static void sheet_place_all(struct sheet *sheet)
{
	const struct pen *pen = sheet->pen;
	size_t left = LINES_USUAL;
	if (pen_width(pen) < NARROW_COLUMNS)
		left = LINES_NARROW;
	sheet->rest_lines = sheet_rest_lines(pen);
	if (sheet_musts(sheet) + sheet->rest_lines > left)
		sheet->rest_lines = 1;
	left -= sheet->rest_lines;
	if (pen->options->all)
		left = SIZE_MAX;
	sheet->ends_steps = sheet_musts(sheet) < left && sheet_keeps_line(sheet);
	left -= sheet->ends_steps;
	for (int rank = RANK_MUST; rank < RANK_NEVER + pen->options->all; rank++) {
		sheet_place(sheet, (enum rank)rank, &left);
		if (rank == RANK_STEP && sheet->ends_steps)
			left += sheet_left_out(sheet, NOUN_STEP) == 0;
	}
}

/* "More (--all)   3 more pass, 10 do not apply, 2 notes" */
static const char *sheet_rest(struct sheet *sheet)
{
	struct pen pen = sheet_pen(sheet);
	struct text line = {0};
	const char *between = "";
	for (int noun = NOUN_STEP + sheet->ends_steps; noun < NOUNS; noun++) {
		size_t count = sheet_left_out(sheet, (enum sheet_noun)noun);
		if (!count)
			continue;
		const char *word = words[noun].many;
		if (count == 1)
			word = words[noun].one;
		text_addf(&line, "%s%zu %s", between, count, word);
		between = ", ";
	}
	if (line.length)
		pen_paragraph(&pen, "More (--all)", REST_INDENT, line.data);
	text_release(&line);
	const char *rest = text_take(pen.arena, &sheet->draft);
	if (sheet_lines(rest) > sheet->rest_lines)
		rest = sheet_cut(&pen, rest, sheet->rest_lines);
	return rest;
}

struct sheet_writer {
	struct text *out;
	size_t section;
	bool begun;
};

static void sheet_add(struct sheet_writer *writer, size_t section, const char *text)
{
	if (!*text)
		return;
	if (writer->begun && writer->section != section)
		text_add(writer->out, "\n");
	text_add(writer->out, text);
	writer->section = section;
	writer->begun = true;
}

/* "     3 more changes: --all", where the first of them would stand. */
static void sheet_add_steps(struct sheet *sheet, struct sheet_writer *writer, size_t section)
{
	size_t count = sheet_left_out(sheet, NOUN_STEP);
	struct pen pen = sheet_pen(sheet);
	const char *noun = words[NOUN_STEP].many;
	if (count == 1)
		noun = words[NOUN_STEP].one;
	const char *line = arena_printf(pen.arena, "… %zu %s: --all", count, noun);
	pen_wrap(&pen, "     ", "     ", pen_fold(&pen, line));
	sheet_add(writer, section, text_take(pen.arena, &sheet->draft));
}

void sheet_write(struct sheet *sheet)
{
	sheet_place_all(sheet);
	const char *rest = sheet_rest(sheet);
	struct sheet_writer writer = {.out = sheet->pen->out};
	bool ends = sheet->ends_steps;
	for (size_t i = 0; i <= sheet->count; i++) {
		if (i == sheet->rest_at)
			sheet_add(&writer, sheet->rest_section, rest);
		if (i == sheet->count)
			break;
		const struct block *block = &sheet->blocks[i];
		if (block->placed) {
			sheet_add(&writer, block->section, block->text);
		} else if (block->noun == NOUN_STEP && ends) {
			sheet_add_steps(sheet, &writer, block->section);
			ends = false;
		}
	}
}
