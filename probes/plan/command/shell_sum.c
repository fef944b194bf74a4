/* Arithmetic of the shell: $((N * 2)), ((i++)). Whole numbers of 64 bits; what overflows, divides
 * by zero or holds what only the run tells has no value. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/shell_scan.h"

struct sum {
	struct scanner *s;
	const char *at, *end;
	bool good;
	unsigned depth;
};

static long long sum_level(struct sum *sum, int level);
static long long apply(struct sum *sum, long long left, const char *how, long long right);

static void sum_skip(struct sum *sum)
{
	while (sum->at < sum->end && strchr(" \t\n", *sum->at)) {
		sum->at++;
	}
}

static bool sum_take(struct sum *sum, const char *word)
{
	size_t length = strlen(word);
	sum_skip(sum);
	if ((size_t)(sum->end - sum->at) < length || memcmp(sum->at, word, length) != 0) {
		return false;
	}
	sum->at += length;
	return true;
}

static long long sum_number(struct sum *sum, const char *text)
{
	char *end;
	long long value = strtoll(text, &end, 10);
	sum->good = sum->good && end != text && !*end && strlen(text) < 18;
	return value;
}

/* $N, ${N}, $(nproc): as in any word. */
static long long dollar(struct sum *sum)
{
	struct scanner *s = sum->s;
	struct shell_word word = {.whole = true};
	const size_t back = s->at;
	s->at = (size_t)(sum->at - s->text);
	bool command = sum->at[1] == '(';
	s->at += !command;
	bool good;
	if (command) {
		good = shell_substitute(s, &word, true);
	} else {
		good = shell_expand(s, &word, true);
	}
	sum->at = s->text + s->at;
	s->at = back;
	long long value = 0;
	if (good && sum->at <= sum->end) {
		value = sum_number(sum, text_string(&word.text));
	} else {
		sum->good = false;
	}
	text_release(&word.text);
	return value;
}

static void assign(struct sum *sum, const char *name, long long value)
{
	if (sum->good) {
		shell_set(sum->s, arena_printf(sum->s->arena, "%s=%lld", name, value));
	} else {
		shell_set_open(sum->s, name, sum->s->at);
	}
}

/* A variable, and i++, i += 2, i = 5. */
static long long sum_variable(struct sum *sum, long long step)
{
	size_t length = shell_name_length(sum->at);
	const char *name = arena_copy(sum->s->arena, sum->at, length);
	const char *text = shell_variable(sum->s, name);
	sum->at += length;
	sum_skip(sum);
	bool equals = sum->at < sum->end && *sum->at == '=' && sum->at[1] != '=';
	if (equals) {
		sum->at++;
		long long value = sum_level(sum, 0);
		assign(sum, name, value);
		return value;
	}
	long long value = 0;
	if (text && *text) {
		value = sum_number(sum, text);
	}
	if (!text) { /* unset here may be set where it runs */
		sum->good = false;
	}
	static const struct {
		const char *word, *how;
		bool operand; /* else one */
	} changes[] = {
			{"++", "+", false},
			{"--", "-", false},
			{"+=", "+", true},
			{"-=", "-", true},
			{"*=", "*", true},
	};
	if (step) {
		value = apply(sum, value, "+", step);
		assign(sum, name, value);
		return value;
	}
	for (size_t i = 0; i < COUNT_OF(changes); i++) {
		if (!sum_take(sum, changes[i].word)) {
			continue;
		}
		long long by = 1;
		if (changes[i].operand) {
			by = sum_level(sum, 0);
		}
		assign(sum, name, apply(sum, value, changes[i].how, by));
		break;
	}
	return value;
}

static long long primary(struct sum *sum)
{
	if (++sum->depth > SHELL_DEPTH_MAX) {
		sum->good = false;
	}
	sum_skip(sum);
	if (!sum->good || sum->at >= sum->end) {
		sum->good = false;
		return 0;
	}
	if (sum_take(sum, "++")) {
		return sum_variable(sum, 1);
	}
	if (sum_take(sum, "--")) {
		return sum_variable(sum, -1);
	}
	if (sum_take(sum, "-")) {
		return apply(sum, 0, "-", primary(sum));
	}
	if (sum_take(sum, "!")) {
		return !primary(sum);
	}
	if (sum_take(sum, "(")) {
		long long value = sum_level(sum, 0);
		sum->good = sum_take(sum, ")") && sum->good;
		return value;
	}
	if (*sum->at == '$') {
		return dollar(sum);
	}
	if (shell_name_length(sum->at)) {
		return sum_variable(sum, 0);
	}
	size_t digits = strspn(sum->at, "0123456789");
	const char *text = arena_copy(sum->s->arena, sum->at, digits);
	sum->at += digits;
	if (*text == '0' && digits > 1) { /* octal */
		sum->good = false;
	}
	return sum_number(sum, text);
}

enum {
	LEVELS = 6,
	LEVEL_OPERATORS = 4
};
/* From the loosest to the tightest. */
static const char *const operators[LEVELS][LEVEL_OPERATORS + 1] = {
		{"||", NULL},
		{"&&", NULL},
		{"==", "!=", NULL},
		{"<=", ">=", "<", ">", NULL},
		{"+", "-", NULL},
		{"*", "/", "%", NULL},
};

static long long times(struct sum *sum, long long left, char how, long long right)
{
	long long value = 0;
	if (how == '*') {
		sum->good = sum->good && !__builtin_mul_overflow(left, right, &value);
		return value;
	}
	if (right <= 0) {
		sum->good = false;
		return 0;
	}
	return how == '/' ? left / right : left % right;
}

static long long apply(struct sum *sum, long long left, const char *how, long long right)
{
	long long value = 0;
	bool equal = how[1] == '=';
	switch (*how) {
	case '|':
		return left || right;
	case '&':
		return left && right;
	case '=':
		return left == right;
	case '!':
		return left != right;
	case '<':
		return left < right || (equal && left == right);
	case '>':
		return left > right || (equal && left == right);
	case '+':
		sum->good = sum->good && !__builtin_add_overflow(left, right, &value);
		return value;
	case '-':
		sum->good = sum->good && !__builtin_sub_overflow(left, right, &value);
		return value;
	default:
		return times(sum, left, *how, right);
	}
}

static long long sum_level(struct sum *sum, int level)
{
	if (level == LEVELS) {
		return primary(sum);
	}
	long long left = sum_level(sum, level + 1);
	for (size_t i = 0; sum->good && operators[level][i];) {
		if (sum_take(sum, operators[level][i])) {
			left = apply(sum, left, operators[level][i], sum_level(sum, level + 1));
			i = 0;
		} else {
			i++;
		}
	}
	return left;
}

bool shell_sum(struct scanner *s, const char *text, size_t length, long long *ret)
{
	struct sum sum = {.s = s, .at = text, .end = text + length, .good = true};
	*ret = sum_level(&sum, 0);
	sum_skip(&sum);
	return sum.good && sum.at == sum.end;
}
