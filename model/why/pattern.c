/* Reading patterns and finding them. */
#include "model/why/pattern.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"

enum {
	NUMBER_DIGITS = 15 /* a double holds them exactly */
};

static bool is_word(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

static void add_piece(struct pattern *pattern, const char *text, size_t length, unsigned before)
{
	pattern->pieces[pattern->count].text = text;
	pattern->pieces[pattern->count].length = length;
	pattern->pieces[pattern->count].before = before;
	pattern->weight += length;
	pattern->count++;
}

/* "*", "#" or "#*" at *at, which is moved behind it. */
static unsigned take_joint(const char **at)
{
	unsigned joint = JOINT_NONE;
	if (**at == '#') {
		joint = JOINT_NUMBER;
		++*at;
	}
	if (**at == '*') {
		joint |= JOINT_ANY;
		++*at;
	}
	return joint;
}

static bool pattern_refuse(const char **why, const char *what)
{
	*why = what;
	return false;
}

bool pattern_read(struct arena *arena, const char *text, struct pattern *ret, const char **why)
{
	struct plain plain = plain_line(arena, text, strlen(text));
	unsigned before = JOINT_NONE;
	const char *at = plain.text;
	*ret = (struct pattern){0};
	if (plain.length > PATTERN_MAX)
		return pattern_refuse(why, "is longer than 200 bytes");
	while (*at) {
		size_t length = strcspn(at, "*#");
		if (length && ret->count == PATTERN_PIECES)
			return pattern_refuse(why, "has more than six parts");
		if (!length && before != JOINT_NONE)
			return pattern_refuse(why, "has two signs side by side");
		if (length)
			add_piece(ret, at, length, before);
		at += length;
		before = take_joint(&at);
	}
	ret->behind = before;
	if (!ret->count || ret->pieces[0].length < PATTERN_MIN)
		return pattern_refuse(why, "begins with less than three characters");
	return true;
}

/* A number above 0 that begins here: its length with thousands separated by commas, or 0. */
static size_t number_at(const struct plain *line, size_t at, double *ret)
{
	size_t i = at, digits = 0;
	double number = 0;
	while (i < line->length && digits < NUMBER_DIGITS) {
		char c = line->text[i];
		bool comma = c == ',' && digits && i + 1 < line->length &&
				ascii_is_digit(line->text[i + 1]);
		if (!ascii_is_digit(c) && !comma)
			break;
		if (!comma) {
			number = number * 10 + (c - '0');
			digits++;
		}
		i++;
	}
	*ret = number;
	if (!(number > 0))
		return 0;
	return i - at;
}

static void add_number(struct pattern_match *match, double number)
{
	if (match->number_count < PATTERN_NUMBERS)
		match->numbers[match->number_count++] = number;
}

/* A number that ends here. */
static bool number_before(const struct plain *line, size_t end, struct pattern_match *match)
{
	size_t start = end;
	double number;
	while (start && end - start < NUMBER_DIGITS + NUMBER_DIGITS / 3 &&
			(ascii_is_digit(line->text[start - 1]) || line->text[start - 1] == ','))
		start--;
	while (start < end && line->text[start] == ',')
		start++;
	if (start == end || number_at(line, start, &number) != end - start)
		return false;
	match->start = start;
	add_number(match, number);
	return true;
}

/* No letter or digit goes on beyond this end of a piece. */
static bool limit_left(const struct plain *line, size_t at)
{
	return !at || !is_word(line->text[at]) || !is_word(line->text[at - 1]);
}

static bool limit_right(const struct plain *line, size_t end)
{
	return end == line->length || !is_word(line->text[end - 1]) || !is_word(line->text[end]);
}

/* Does the piece, found here, end as it must? A number behind it is no limit of a word. */
static bool ends_well(const struct pattern *pattern,
		size_t piece,
		const struct plain *line,
		size_t end)
{
	bool last = piece + 1 == pattern->count;
	unsigned behind = last ? pattern->behind : pattern->pieces[piece + 1].before;
	if (behind & JOINT_NUMBER || (last && behind & JOINT_ANY))
		return true;
	return limit_right(line, end);
}

static const char *find(const struct plain *line,
		size_t from,
		size_t to,
		const char *text,
		size_t length)
{
	if (to > line->length)
		to = line->length;
	if (from > to)
		return NULL;
	return memmem(line->text + from, to - from, text, length);
}

/* The next piece, at most a gap behind `at`. */
static bool next_in_gap(const struct pattern *pattern,
		size_t piece,
		const struct plain *line,
		size_t at,
		size_t *ret_end)
{
	size_t length = pattern->pieces[piece].length, to = at + PATTERN_GAP + length;
	const char *text = pattern->pieces[piece].text, *found;
	for (; (found = find(line, at, to, text, length)); at++) {
		at = (size_t)(found - line->text);
		*ret_end = at + length;
		if (limit_left(line, at) && ends_well(pattern, piece, line, *ret_end))
			return true;
	}
	return false;
}

static bool next_piece(const struct pattern *pattern,
		size_t piece,
		const struct plain *line,
		size_t at,
		size_t *ret_end)
{
	size_t length = pattern->pieces[piece].length;
	if (pattern->pieces[piece].before & JOINT_ANY)
		return next_in_gap(pattern, piece, line, at, ret_end);
	if (line->length - at < length || memcmp(line->text + at, pattern->pieces[piece].text, length))
		return false;
	*ret_end = at + length;
	return ends_well(pattern, piece, line, *ret_end);
}

static bool take_number(const struct plain *line, size_t *at, struct pattern_match *match)
{
	double number;
	size_t digits = number_at(line, *at, &number);
	*at += digits;
	if (!digits)
		return false;
	add_number(match, number);
	return true;
}

/* The rest of the pattern behind its first piece, which ends at `at`. */
static bool rest_matches(const struct pattern *pattern,
		const struct plain *line,
		size_t at,
		struct pattern_match *match)
{
	for (size_t i = 1; i < pattern->count; i++) {
		if (pattern->pieces[i].before & JOINT_NUMBER && !take_number(line, &at, match))
			return false;
		if (!next_piece(pattern, i, line, at, &at))
			return false;
	}
	if (pattern->behind & JOINT_NUMBER && !take_number(line, &at, match))
		return false;
	match->end = at;
	return true;
}

/* Does the line hold the pattern with its first piece here? */
static bool matches_at(const struct pattern *pattern,
		const struct plain *line,
		size_t at,
		struct pattern_match *match)
{
	size_t end = at + pattern->pieces[0].length;
	*match = (struct pattern_match){.start = at};
	if (pattern->pieces[0].before & JOINT_NUMBER && !number_before(line, at, match))
		return false;
	if (pattern->pieces[0].before == JOINT_NONE && !limit_left(line, at))
		return false;
	return ends_well(pattern, 0, line, end) && rest_matches(pattern, line, end, match);
}

bool pattern_find(const struct pattern *pattern,
		const struct plain *line,
		size_t from,
		struct pattern_match *ret)
{
	const char *text = pattern->pieces[0].text, *found;
	size_t length = pattern->pieces[0].length;
	for (; (found = find(line, from, line->length, text, length)); from++) {
		from = (size_t)(found - line->text);
		if (matches_at(pattern, line, from, ret))
			return true;
	}
	return false;
}

static unsigned gram(const char *text)
{
	unsigned a = (unsigned char)text[0], b = (unsigned char)text[1], c = (unsigned char)text[2];
	return (a * 1117 + b * 197 + c * 31) & ((8u << 12) - 1);
}

void grams_of(const struct plain *line, struct grams *ret)
{
	memset(ret->bits, 0, sizeof ret->bits);
	for (size_t i = 0; i + 3 <= line->length; i++) {
		unsigned bit = gram(line->text + i);
		ret->bits[bit / 8] |= (unsigned char)(1u << bit % 8);
	}
}

static size_t gram_count(const struct pattern *pattern, size_t piece)
{
	size_t length = pattern->pieces[piece].length;
	return length < 3 ? 0 : length - 2;
}

/* The n-th of the pattern, of all its pieces. */
static unsigned gram_of(const struct pattern *pattern, size_t n)
{
	size_t piece = 0;
	for (; n >= gram_count(pattern, piece); piece++)
		n -= gram_count(pattern, piece);
	return gram(pattern->pieces[piece].text + n);
}

struct marks pattern_marks(const struct pattern *pattern)
{
	struct marks marks;
	size_t grams = 0, count = COUNT_OF(marks.bits);
	for (size_t i = 0; i < pattern->count; i++)
		grams += gram_count(pattern, i);
	/* Spread, with the last: the first is mostly that of a common word. */
	for (size_t i = 0; i < count; i++)
		marks.bits[i] = (uint16_t)gram_of(pattern, (grams - 1) * (count - 1 - i) / (count - 1));
	return marks;
}

bool grams_may_hold(const struct grams *grams, struct marks marks)
{
	for (size_t i = 0; i < COUNT_OF(marks.bits); i++) {
		unsigned bit = marks.bits[i];
		if (!(grams->bits[bit / 8] & 1u << bit % 8))
			return false;
	}
	return true;
}
