#include "probes/plan/locust/shape.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/locust/users.h"

enum {
	KEYS_MAX = 16,
	PAIRS_MAX = 8,
	LOCALS_MAX = 8,
	BASES_MAX = 8
};

/* One number of a row: by its key, or by its place. */
struct cell {
	const char *key; /* NULL: a row without keys */
	double number;
};

struct row {
	struct cell cells[KEYS_MAX];
	size_t count;
};

/* What tick() returns: each number, or the part of a row that stands for it. */
struct pair {
	const char *users, *rate;
	double users_number, rate_number;
	double until_s; /* returned while the clock is below it; infinite: always */
};

/* A name that tick() gives a part of a row, or a number. */
struct local {
	const char *name, *part; /* part NULL: it is a number */
	double number;
};

/* The loop over the rows. */
struct rows_loop {
	bool inside, otherwise; /* otherwise: in an `else` of its body */
	unsigned indent, body;
};

struct shape_reader {
	struct locust_script *script;
	const struct python *python;
	const struct locust_class *class; /* whose text is read */
	int index;                        /* of the shape itself */
	struct row *rows;
	size_t row_count;
	const char *until; /* what tick() compares with its clock */
	struct local locals[LOCALS_MAX];
	size_t local_count;
	const char *sum, *summed; /* elapsed += stage["duration"] */
	struct rows_loop loop;
	bool first_only; /* the loop ends with its first row, whatever that says */
	struct pair pairs[PAIRS_MAX];
	size_t pair_count;
	const char *kept;  /* the name that a pair was given before it is returned */
	const char *clock; /* the name that self.get_run_time() was given, or NULL */
	/* The condition that the next statement stands under: the clock is below, or above; else
	 * infinite and 0. */
	double below_s, above_s;
	unsigned indent; /* of the statements of tick() */
	double ends_s;   /* tick() returns None above it; infinite: never */
	bool computes;   /* it returns something else */
};

static bool is_at(const struct shape_reader *r, size_t at, const char *text)
{
	return python_at(r->python, at, text);
}

static const char *locust_text_at(const struct shape_reader *r, size_t at)
{
	return python_text(r->script->arena, &r->python->tokens[at]);
}

static bool name_stands(const struct shape_reader *r, size_t at)
{
	return r->python->tokens[at].kind == PYTHON_NAME;
}

static double number_in(const struct shape_reader *r, size_t start, size_t end)
{
	const struct locust_name at = {
			.class = r->index,
			.function = LOCUST_NONE,
			.file = r->class->file,
			.start = start,
			.end = end,
	};
	return locust_number_of(r->script, &at);
}

/* {"duration": 60, "users": 100} or (60, 100), between `open` and its closing bracket. */
static void locust_read_row(struct shape_reader *r, size_t open, size_t close)
{
	struct row *row = &r->rows[r->row_count++];
	bool keyed = is_at(r, open, "{");
	row->count = 0;
	for (size_t at = open + 1; at < close;) {
		size_t end = python_item_end(r->python, at, close);
		struct cell cell = {NULL, NAN};
		if (keyed) {
			cell.key = locust_text_at(r, at);
			at += 2; /* and the colon */
		}
		if (at < end)
			cell.number = number_in(r, at, end);
		if (row->count < KEYS_MAX)
			row->cells[row->count++] = cell;
		at = end + 1;
	}
}

/* The rows of a list. False if it holds something else. */
static bool locust_read_rows(struct shape_reader *r, const struct locust_name *stages)
{
	size_t open = stages->start;
	r->row_count = 0;
	if (!is_at(r, open, "[") && !is_at(r, open, "("))
		return false;
	size_t close = python_closing(r->python, open, stages->end);
	if (close + 1 < stages->end)
		return false;
	for (size_t at = open + 1; at < close;) {
		if (!python_opens(r->python, at) || r->row_count == SHAPE_STAGES_MAX)
			return false;
		size_t end = python_item_end(r->python, at, close);
		size_t inner = python_closing(r->python, at, close);
		if (inner + 1 != end)
			return false;
		locust_read_row(r, at, inner);
		at = end + 1;
	}
	return r->row_count > 0;
}

/* The part of a row that the expression names: stage["users"], stage[1], stage.get("users"), or a
 * name that the loop gives it. NULL: something else. */
static const char *part_at(const struct shape_reader *r, size_t at, size_t end)
{
	if (at >= end || !name_stands(r, at))
		return NULL;
	size_t length = end - at;
	if (length == 1)
		return locust_text_at(r, at);
	if (length == 4 && is_at(r, at + 1, "["))
		return locust_text_at(r, at + 2);
	if (length == 6 && is_at(r, at + 2, "get"))
		return locust_text_at(r, at + 4);
	return NULL;
}

static const struct local *local_named(const struct shape_reader *r, const char *name)
{
	for (size_t i = r->local_count; name && i-- > 0;)
		if (!strcmp(r->locals[i].name, name))
			return &r->locals[i];
	return NULL;
}

/* A number of a pair: a part of a row, a number, or a name that was given either. */
static void read_number(const struct shape_reader *r,
		size_t at,
		size_t end,
		const char **ret_part,
		double *ret_number)
{
	*ret_part = part_at(r, at, end);
	*ret_number = number_in(r, at, end);
	const struct local *local = NULL;
	if (end == at + 1)
		local = local_named(r, *ret_part);
	if (!local)
		return;
	if (local->part)
		*ret_part = local->part;
	else
		*ret_number = local->number;
}

/* user_count = stage["users"], target = 10000 */
static void read_local(struct shape_reader *r, size_t name, size_t end)
{
	struct local local = {
			.name = locust_text_at(r, name),
			.part = part_at(r, name + 2, end),
			.number = number_in(r, name + 2, end),
	};
	if (!isnan(local.number))
		local.part = NULL;
	bool known = local.part || !isnan(local.number);
	if (known && r->local_count < LOCALS_MAX)
		r->locals[r->local_count++] = local;
}

/* (USERS, RATE), with or without parentheses and classes of users. False: something else. */
static bool read_pair(struct shape_reader *r, size_t at, size_t end)
{
	if (is_at(r, at, "(")) {
		end = python_closing(r->python, at, end);
		at++;
	}
	size_t comma = python_item_end(r->python, at, end);
	if (comma >= end || r->pair_count == PAIRS_MAX)
		return false;
	size_t rate = comma + 1;
	size_t stop = python_item_end(r->python, rate, end);
	struct pair *pair = &r->pairs[r->pair_count++];
	*pair = (struct pair){.until_s = r->below_s};
	read_number(r, at, comma, &pair->users, &pair->users_number);
	read_number(r, rate, stop, &pair->rate, &pair->rate_number);
	return true;
}

/* Does a `return` here leave the loop in its first round: in its body itself, or in an `else` of
 * it?
 */
static bool ends_loop(const struct shape_reader *r, size_t at)
{
	unsigned indent = r->python->tokens[at].indent;
	if (!r->loop.inside)
		return false;
	return indent == r->loop.body || r->loop.otherwise;
}

/* A statement begins: is it in the loop? */
static void follow_loop(struct shape_reader *r, size_t at)
{
	unsigned indent = r->python->tokens[at].indent;
	struct rows_loop *loop = &r->loop;
	if (loop->inside && indent <= loop->indent)
		loop->inside = false;
	if (loop->inside && indent == loop->body)
		loop->otherwise = is_at(r, at, "else");
	if (loop->inside || !is_at(r, at, "for"))
		return;
	size_t next = python_statement_end(r->python, at) + 1;
	if (next >= r->python->count)
		return;
	*loop = (struct rows_loop){
			.inside = true,
			.indent = indent,
			.body = r->python->tokens[next].indent,
	};
}

/* return PAIR, return None, or return the name that was given a pair. */
static void read_return(struct shape_reader *r, size_t at, size_t end)
{
	bool nothing = at >= end || is_at(r, at, "None");
	r->first_only |= nothing && ends_loop(r, at - 1);
	if (nothing && r->above_s > 0)
		r->ends_s = fmin(r->ends_s, r->above_s);
	if (nothing)
		return;
	bool name = at + 1 == end && r->kept;
	if (name && is_at(r, at, r->kept))
		return;
	if (!read_pair(r, at, end))
		r->computes = true;
}

/* if self.get_run_time() < UNTIL: */
static void locust_read_comparison(struct shape_reader *r, size_t at, size_t end)
{
	size_t colon = at;
	while (colon < end && !is_at(r, colon, ":"))
		colon++;
	if (!r->until)
		r->until = part_at(r, at, colon);
}

static bool is_clock(const struct shape_reader *r, size_t at)
{
	return is_at(r, at, "get_run_time") || (r->clock && is_at(r, at, r->clock));
}

static bool ends_bound(const struct shape_reader *r, size_t at)
{
	static const char *const ends[] = {
			":",
			"and",
			"or",
			"else",
	};
	for (size_t i = 0; i < COUNT_OF(ends); i++)
		if (is_at(r, at, ends[i]))
			return true;
	return false;
}

static void read_bound(struct shape_reader *r, size_t sign, size_t end)
{
	bool below = is_at(r, sign, "<") || is_at(r, sign, "<=");
	size_t stop = sign + 1;
	while (stop < end && !ends_bound(r, stop))
		stop++;
	double number = number_in(r, sign + 1, stop);
	if (!(number > 0))
		return;
	if (below)
		r->below_s = number;
	else
		r->above_s = number;
}

/* if run_time > 600: — of tick() itself, where nothing else decides as well. */
static void read_condition(struct shape_reader *r, size_t at, size_t end)
{
	unsigned indent = r->python->tokens[at].indent;
	bool always = is_at(r, at - 1, "if");
	size_t clocks = 0, parts = 1;
	r->below_s = INFINITY;
	r->above_s = 0;
	if (indent > r->indent)
		return;
	for (; at < end && !is_at(r, at, ":"); at++) {
		clocks += is_clock(r, at);
		parts += is_at(r, at, "and") || is_at(r, at, "or");
		bool sign = is_at(r, at, "<") || is_at(r, at, "<=");
		sign |= is_at(r, at, ">") || is_at(r, at, ">=");
		if (sign && clocks)
			read_bound(r, at, end);
	}
	if (!always)
		r->above_s = 0;
	if (clocks >= parts)
		return;
	r->below_s = INFINITY;
	r->above_s = 0;
}

/* run_time = self.get_run_time() */
static void read_clock(struct shape_reader *r, size_t name, size_t end)
{
	for (size_t at = name; at < end; at++)
		if (is_at(r, at, "get_run_time"))
			r->clock = locust_text_at(r, name);
}

/* return PAIR if run_time < 600 else None. What follows stands under no condition that is known. */
static void read_returned(struct shape_reader *r, size_t at, size_t end)
{
	bool ends = end > at + 1 && is_at(r, end - 2, "else") && is_at(r, end - 1, "None");
	for (size_t i = at; ends && i < end; i++)
		if (is_at(r, i, "if"))
			read_condition(r, i + 1, end);
	read_return(r, at, end);
	r->below_s = INFINITY;
	r->above_s = 0;
}

static void read_tick_token(struct shape_reader *r, size_t at)
{
	size_t end = python_statement_end(r->python, at);
	size_t next = at + 1;
	if (is_at(r, at, "if") || is_at(r, at, "elif") || is_at(r, at, "else"))
		read_condition(r, next, end);
	bool begins = r->python->tokens[at - 1].kind == PYTHON_LINE;
	if (begins)
		follow_loop(r, at);
	if (is_at(r, at, "=") && name_stands(r, at - 1))
		read_clock(r, at - 1, end);
	if (begins && is_at(r, next, "=") && name_stands(r, at))
		read_local(r, at, end);
	if (begins && is_at(r, next, "+=") && part_at(r, next + 1, end)) {
		r->sum = locust_text_at(r, at);
		r->summed = part_at(r, next + 1, end);
	}
	if (is_at(r, at, "<") || is_at(r, at, "<="))
		locust_read_comparison(r, next, end);
	else if (is_at(r, at, "return"))
		read_returned(r, next, end);
	else if (is_at(r, at, "=") && is_at(r, next, "(") && name_stands(r, at - 1))
		if (read_pair(r, next, end))
			r->kept = locust_text_at(r, at - 1);
}

/* What tick() compares with its clock, and what it returns. */
static void read_tick(struct shape_reader *r)
{
	bool inside = false;
	for (size_t at = r->class->start; at < r->class->end; at++) {
		if (is_at(r, at, "def"))
			inside = is_at(r, at + 1, "tick");
		if (inside && is_at(r, at, "def"))
			r->indent = r->python->tokens[python_statement_end(r->python, at) + 1].indent;
		if (inside)
			read_tick_token(r, at);
	}
}

/* One of the names that a loop gives the parts of a row. */
static void name_part(struct shape_reader *r, size_t place, const char *name)
{
	for (size_t i = 0; i < r->row_count; i++) {
		struct row *row = &r->rows[i];
		if (place >= row->count)
			continue;
		struct cell *cell = &row->cells[place];
		if (!cell->key)
			cell->key = name;
	}
}

/* for a, b in self.stages: */
static bool name_parts_at(struct shape_reader *r, size_t at)
{
	size_t place = 0;
	if (is_at(r, at, "("))
		at++;
	for (; name_stands(r, at); at += 2) {
		name_part(r, place++, locust_text_at(r, at));
		if (!is_at(r, at + 1, ","))
			break;
	}
	return place > 1;
}

static void name_parts(struct shape_reader *r)
{
	for (size_t at = r->class->start; at < r->class->end; at++)
		if (is_at(r, at, "for") && name_parts_at(r, at + 1))
			return;
}

/* The part of that name, or at that place; NAN: not there. */
static double part(const struct row *row, const char *name)
{
	char place[24];
	for (size_t i = 0; name && i < row->count; i++) {
		const struct cell *cell = &row->cells[i];
		(void)snprintf(place, sizeof place, "%zu", i);
		if (!strcmp(place, name))
			return cell->number;
		if (cell->key && !strcmp(cell->key, name))
			return cell->number;
	}
	return NAN;
}

/* The second at which a row ends: as it says, or so long after the one before. */
static double until_of(const struct shape_reader *r, const struct row *row, double before)
{
	bool adds = r->sum && r->until && !strcmp(r->sum, r->until);
	if (adds)
		return before + part(row, r->summed);
	return part(row, r->until);
}

/* tick() may end the test before its last stage does. */
static void end_stages(const struct shape_reader *r, struct locust_shape *shape)
{
	double begins_s = 0;
	for (size_t i = 0; i < shape->stage_count; i++) {
		struct locust_stage *stage = &shape->stages[i];
		stage->until_s = fmin(stage->until_s, r->ends_s);
		if (stage->until_s <= begins_s)
			shape->stage_count = i;
		begins_s = stage->until_s;
	}
}

/* The stages, if each ends after the one before. */
static void locust_set_stages(const struct shape_reader *r, struct locust_shape *shape)
{
	const struct pair *pair = &r->pairs[0];
	double before = 0;
	for (size_t i = 0; i < r->row_count; i++) {
		const struct row *row = &r->rows[i];
		struct locust_stage stage = {
				.until_s = until_of(r, row, before),
				.users = part(row, pair->users),
				.rate_per_s = part(row, pair->rate),
		};
		if (!(stage.until_s > before))
			return;
		if (isnan(stage.rate_per_s))
			stage.rate_per_s = pair->rate_number;
		if (isnan(stage.users))
			stage.users = pair->users_number;
		before = stage.until_s;
		shape->stages[i] = stage;
	}
	shape->stage_count = r->row_count;
	end_stages(r, shape);
}

/* Numbers alone, each below a number of seconds. */
static void set_numbers(const struct shape_reader *r, struct locust_shape *shape)
{
	double before = 0;
	for (size_t i = 0; i < r->pair_count; i++) {
		const struct pair *pair = &r->pairs[i];
		if (!(pair->until_s > before))
			return;
		before = pair->until_s;
		shape->stages[i] = (struct locust_stage){
				.until_s = pair->until_s,
				.users = pair->users_number,
				.rate_per_s = pair->rate_number,
		};
	}
	shape->stages_at = shape->where;
	shape->stage_count = r->pair_count;
	end_stages(r, shape);
}

/* The most users that a pair may say: of the rows, or its number; NAN: not known. */
static double pair_peak(const struct shape_reader *r, const struct pair *pair)
{
	double peak = 0;
	if (!r->row_count)
		return pair->users_number;
	for (size_t i = 0; i < r->row_count; i++) {
		double users = part(&r->rows[i], pair->users);
		if (isnan(users))
			return pair->users_number;
		peak = fmax(peak, users);
	}
	return peak;
}

/* The most of all that tick() returns; false if a part of it is not known. */
static bool read_peak(const struct shape_reader *r, struct locust_shape *shape)
{
	double peak = 0;
	for (size_t i = 0; i < r->pair_count; i++) {
		double users = pair_peak(r, &r->pairs[i]);
		if (isnan(users))
			return false;
		peak = fmax(peak, users);
	}
	shape->peak = peak;
	shape->known = peak > 0;
	return shape->known;
}

static bool may_hold_stages(const struct shape_reader *r, const struct locust_name *name)
{
	if (name->file != r->class->file || name->end <= name->start)
		return false;
	return name->class == r->index || name->class == LOCUST_NONE;
}

static bool rates_in_rows(const struct shape_reader *r)
{
	for (size_t i = 0; i < r->pair_count; i++)
		if (r->pairs[i].rate && isnan(r->pairs[i].rate_number))
			return true;
	return false;
}

static void read_stages(struct shape_reader *r, struct locust_shape *shape)
{
	bool alone = read_peak(r, shape); /* numbers, without rows */
	if (alone && !rates_in_rows(r)) {
		set_numbers(r, shape);
		return;
	}
	for (size_t i = 0; i < r->script->name_count; i++) {
		const struct locust_name *name = &r->script->names[i];
		if (!may_hold_stages(r, name) || !locust_read_rows(r, name))
			continue;
		if (r->first_only)
			r->row_count = 1;
		name_parts(r);
		shape->stages_at = name->where;
		if (!read_peak(r, shape))
			continue;
		if (r->pair_count == 1)
			locust_set_stages(r, shape);
		return;
	}
	r->row_count = 0;
	(void)read_peak(r, shape);
}

static bool has_tick(const struct python *python, const struct locust_class *class)
{
	for (size_t at = class->start; at < class->end; at++)
		if (python_at(python, at, "def") && python_at(python, at + 1, "tick"))
			return true;
	return false;
}

/* The class itself, or the one it inherits tick() from. */
static const struct locust_class *ticking(const struct locust_script *script, int index)
{
	const struct locust_class *class = &script->classes[index];
	for (size_t step = 0; step < BASES_MAX; step++) {
		const struct locust_file *file = &script->files[class->file];
		if (has_tick(&file->python, class) || !class->bases.count)
			return class;
		int base = locust_class_named(script, class->bases.items[0]);
		if (base == LOCUST_NONE)
			return class;
		class = &script->classes[base];
	}
	return class;
}

static void turn_to(struct shape_reader *r, const struct locust_class *class)
{
	r->class = class;
	r->python = &r->script->files[class->file].python;
}

static void read_shape(struct locust_script *script, int index, struct locust_shape *shape)
{
	struct arena *arena = script->arena;
	struct shape_reader r = {
			.script = script,
			.index = index,
			.below_s = INFINITY,
			.ends_s = INFINITY,
	};
	r.rows = arena_alloc(arena, SHAPE_STAGES_MAX * sizeof *r.rows);
	shape->stages = arena_alloc(arena, SHAPE_STAGES_MAX * sizeof *shape->stages);
	const struct locust_class *ticks = ticking(script, index);
	turn_to(&r, ticks);
	read_tick(&r);
	if (r.computes || !r.pair_count)
		return;
	turn_to(&r, &script->classes[index]);
	read_stages(&r, shape);
}

void locust_shape_read(struct locust_script *script, struct locust_shape *ret)
{
	*ret = (struct locust_shape){.peak = NAN};
	for (int i = 0; i < (int)script->class_count; i++) {
		const struct locust_class *class = &script->classes[i];
		if (!class->visible || locust_kind_of(script, i) != KIND_SHAPE)
			continue;
		if (locust_is_abstract(script, i))
			continue;
		bool again = ret->name != NULL; /* Locust takes one; which, its own order decides */
		ret->name = class->name;
		ret->where = class->where;
		if (again)
			ret->known = false;
		else
			read_shape(script, i, ret);
	}
}
