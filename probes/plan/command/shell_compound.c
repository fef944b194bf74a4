/* What stands around simple commands in a shell's program: loops, conditions, functions, brackets
 * (POSIX.1-2017, XCU 2.9.4; bash's [[ ]], (( )) and arithmetic for). Loops are unrolled. */
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "probes/plan/command/shell_scan.h"

enum {
	TURNS_MAX = SHELL_COMMANDS_MAX
};

/* One pass over commands that are not run this time, or not for sure. */
static bool read_dry(struct scanner *s, const char *const *ends, size_t *ret_end)
{
	const char *cwd = s->cwd;
	const struct name_list arguments = s->arguments;
	s->dry++;
	bool good = shell_read_list(s, SHELL_THEN, ends, ret_end);
	s->dry--;
	s->cwd = cwd;
	s->arguments = arguments;
	return good;
}

void shell_unsure(struct scanner *s, size_t from, size_t at)
{
	for (size_t i = from, end = s->variables.count; i < end; i++) {
		const char *item = s->variables.items[i];
		shell_set_open(s, arena_copy(s->arena, item, shell_name_length(item)), at);
	}
}

static bool expect(struct scanner *s, const char *word)
{
	return (shell_skip_lines(s) && shell_take_word(s, word)) ||
			(s->err->kind == ERROR_NONE &&
					shell_refuse(s,
							s->at,
							"a loop or condition that headroom does not understand"));
}

/* The body of a loop without a turn: what it would set stays as it is. */
static bool pass_body(struct scanner *s, const char *const *ends)
{
	const size_t set = s->variables.count;
	size_t end;
	bool good = read_dry(s, ends, &end);
	s->variables.count = set;
	return good;
}

/* --- loops ---------------------------------------------------------------------------------- */

static const char *const done[] = {"done", NULL};

/* The body once, for turns whose number only the run tells. */
static bool read_unsure_body(struct scanner *s, enum shell_join join)
{
	size_t body = s->at, end;
	if (!s->dry &&
			!read_dry(s, done, &end)) { /* what it sets is not known in its first turn, either */
		return false;
	}
	s->at = body;
	s->repeats++;
	bool good = shell_read_list(s, join, done, &end);
	s->repeats--;
	return good;
}

static bool for_each(struct scanner *s,
		enum shell_join join,
		const char *name,
		const struct name_list *items)
{
	size_t body = s->at, end;
	bool open = false;
	for (size_t i = 0; i < items->count; i++) {
		open |= shell_is_open(items->items[i]);
	}
	if (open || s->dry) {
		shell_set_open(s, name, body);
		if (open && items->count) {
			shell_set(s, arena_printf(s->arena, "%s=%s", name, items->items[0]));
		}
		return read_unsure_body(s, join);
	}
	for (size_t i = 0; i < items->count; i++) {
		s->at = body;
		shell_set(s, arena_printf(s->arena, "%s=%s", name, items->items[i]));
		if (!shell_read_list(s, join, done, &end)) {
			return false;
		}
		join = SHELL_THEN;
	}
	return items->count || pass_body(s, done);
}

static bool read_items(struct scanner *s, struct name_list *items)
{
	bool quoted, good = true;
	for (;;) {
		shell_skip_blanks(s);
		if (shell_is_meta(s->text[s->at]) && s->text[s->at] != '<') {
			break;
		}
		const char *word = shell_read_word(s, false, &quoted, &good);
		if (!word && good && s->text[s->at] == '<') {
			good = shell_refuse(s, s->at, "a redirection");
		}
		if (!good) {
			return false;
		}
		if (word) {
			shell_add_fields(s, items, word);
		}
		if (items->count > SHELL_FIELDS_MAX) {
			return shell_refuse(s, s->at, "too many iterations of a loop");
		}
	}
	return true;
}

/* for ((i = 1; i <= 5; i++)): `at` is behind the brackets. */
static bool for_numbers(struct scanner *s, enum shell_join join)
{
	size_t end = shell_closing(s->text, s->at), begin = s->at + 2, parts[4] = {begin}, part = 1;
	if (!end) {
		return shell_refuse(s, s->at, "an unclosed parenthesis");
	}
	for (size_t i = begin; i < end - 2 && part < 3; i++) {
		if (s->text[i] == ';') {
			parts[part++] = i + 1;
		}
	}
	if (part != 3) {
		return shell_refuse(s, s->at, "a loop that headroom does not understand");
	}
	parts[3] = end - 1;
	s->at = end;
	if (shell_skip_lines(s) && s->text[s->at] == ';') {
		s->at++;
	}
	if (!expect(s, "do")) {
		return false;
	}
	size_t body = s->at, last;
	long long value;
	bool known = shell_sum(s, s->text + parts[0], parts[1] - 1 - parts[0], &value);
	for (size_t turn = 0; known && turn < TURNS_MAX; turn++) {
		known = shell_sum(s, s->text + parts[1], parts[2] - 1 - parts[1], &value);
		if (known && !value && !turn) {
			return pass_body(s, done);
		}
		if (known && !value) {
			return true;
		}
		s->at = body;
		if (known && !shell_read_list(s, join, done, &last)) {
			return false;
		}
		join = SHELL_THEN;
		known = known && shell_sum(s, s->text + parts[2], parts[3] - 1 - parts[2], &value);
	}
	s->at = body;
	s->dry++; /* what the third part changes is not known, either */
	(void)shell_sum(s, s->text + parts[2], parts[3] - 1 - parts[2], &value);
	s->dry--;
	return read_unsure_body(s, join);
}

static bool read_for(struct scanner *s, enum shell_join join)
{
	struct name_list items = {0};
	shell_skip_blanks(s);
	if (text_begins_with(s->text + s->at, "((")) {
		return for_numbers(s, join);
	}
	size_t length = shell_name_length(s->text + s->at);
	if (!length) {
		return shell_refuse(s, s->at, "a loop that headroom does not understand");
	}
	const char *name = arena_copy(s->arena, s->text + s->at, length);
	s->at += length;
	if (!shell_skip_lines(s)) {
		return false;
	}
	if (shell_take_word(s, "in")) {
		if (!read_items(s, &items)) {
			return false;
		}
	} else {
		for (size_t i = 1; i < s->arguments.count; i++) {
			name_list_append(s->arena, &items, s->arguments.items[i]);
		}
	}
	shell_skip_blanks(s);
	if (s->text[s->at] == ';') {
		s->at++;
	}
	return expect(s, "do") && for_each(s, join, name, &items);
}

/* To the end of a loop that is over. */
static bool pass_loop(struct scanner *s, size_t condition)
{
	static const char *const words[] = {"do", NULL};
	const size_t set = s->variables.count;
	size_t end;
	s->at = condition;
	bool good = read_dry(s, words, &end) && read_dry(s, done, &end);
	s->variables.count = set;
	return good;
}

/* A condition that a counter may end: the others that are known stay as they are. */
static bool counts_turns(const struct shell_command *condition)
{
	const char *name = condition->words.items[0];
	static const char *const counting[] = {
			"[",
			"test",
			"((",
			"getopts",
	};
	for (size_t i = 0; i < COUNT_OF(counting); i++) {
		if (!strcmp(name, counting[i])) {
			return true;
		}
	}
	return false;
}

/* while and until: turn by turn as long as the condition is known. */
static bool read_while_of(struct scanner *s, enum shell_join join, bool until)
{
	static const char *const words[] = {"do", NULL};
	size_t condition = s->at, end;
	bool value;
	for (size_t turn = 0; turn < TURNS_MAX; turn++) {
		size_t first = s->count;
		s->at = condition;
		s->negated = false;
		if (!shell_read_list(s, join, words, &end)) {
			return false;
		}
		join = SHELL_THEN;
		bool known = shell_condition(s, first, &value);
		bool forever = known && value && !counts_turns(&s->commands[first]);
		if (!known || forever) { /* while true */
			for (size_t i = first; i < s->count; i++) {
				s->commands[i].repeats = true;
			}
			return read_unsure_body(s, SHELL_THEN);
		}
		if (value == until && !turn) {
			return pass_body(s, done);
		}
		if (value == until) {
			return pass_loop(s, condition);
		}
		if (!shell_read_list(s, SHELL_THEN, done, &end)) {
			return false;
		}
	}
	return shell_refuse(s, condition, "too many iterations of a loop");
}

static bool read_while(struct scanner *s, enum shell_join join)
{
	return read_while_of(s, join, false);
}

static bool read_until(struct scanner *s, enum shell_join join)
{
	return read_while_of(s, join, true);
}

/* --- conditions ----------------------------------------------------------------------------- */

/* Commands that are run for sure, for sure not, or perhaps. */
enum branch {
	BRANCH_TAKEN,
	BRANCH_LEFT,
	BRANCH_OPEN
};

static bool read_branch(struct scanner *s,
		enum branch branch,
		const char *const *ends,
		size_t *ret_end)
{
	size_t set = s->variables.count;
	const char *cwd = s->cwd;
	if (branch == BRANCH_TAKEN) {
		return shell_read_list(s, SHELL_THEN, ends, ret_end);
	}
	if (branch == BRANCH_LEFT) {
		bool good = read_dry(s, ends, ret_end);
		s->variables.count = set;
		return good;
	}
	s->maybe++;
	bool good = shell_read_list(s, SHELL_THEN, ends, ret_end);
	s->maybe--;
	if (good) {
		shell_unsure(s, set, s->at);
	}
	if (s->cwd != cwd) {
		s->cwd = shell_open_text(s->arena, s->at - 1);
	}
	return good;
}

static bool read_if(struct scanner *s, enum shell_join join)
{
	static const char *const then[] = {"then", NULL};
	static const char *const ends[] = {"fi", "elif", "else", NULL};
	bool over = false, sure = true; /* a branch was taken; all conditions so far are known */
	size_t end = 1;
	while (end == 1) {
		size_t first = s->count, at;
		bool value = false;
		s->negated = false;
		s->dry += over;
		bool good = shell_read_list(s, join, then, &at);
		s->dry -= over;
		if (!good) {
			return false;
		}
		bool known = shell_condition(s, first, &value);
		enum branch branch = BRANCH_OPEN;
		if (over || (known && !value)) {
			branch = BRANCH_LEFT;
		} else if (known && sure) {
			branch = BRANCH_TAKEN;
		}
		if (!read_branch(s, branch, ends, &end)) {
			return false;
		}
		sure &= known;
		over |= branch == BRANCH_TAKEN;
		join = SHELL_THEN;
	}
	if (end == 0) {
		return true;
	}
	enum branch branch = BRANCH_OPEN;
	if (over) {
		branch = BRANCH_LEFT;
	} else if (sure) {
		branch = BRANCH_TAKEN;
	}
	return read_branch(s, branch, ends, &end) &&
			(end == 0 || shell_refuse(s, s->at, "a condition that headroom does not understand"));
}

/* The patterns before ")": does one of them match? *ret_known false: cannot be told. */
static bool case_patterns(struct scanner *s, const char *word, bool *ret_match, bool *ret_known)
{
	bool quoted, good;
	*ret_match = false;
	*ret_known = !shell_is_open(word);
	shell_skip_blanks(s);
	if (s->text[s->at] == '(') {
		s->at++;
	}
	for (;;) {
		shell_skip_blanks(s);
		size_t begin = s->at;
		const char *pattern = shell_read_word(s, true, &quoted, &good);
		if (!pattern) {
			return good && shell_refuse(s, s->at, "a pattern that headroom does not understand");
		}
		if (!strcmp(pattern, "*") && s->text[begin] == '*') {
			*ret_match = true;
		} else if (shell_is_open(pattern) || (!quoted && strpbrk(pattern, "*?["))) {
			*ret_known = false;
		} else {
			*ret_match |= !strcmp(pattern, word);
		}
		shell_skip_blanks(s);
		char next = s->text[s->at++];
		if (next == ')') {
			return true;
		}
		if (next != '|') {
			return shell_refuse(s, begin, "a pattern that headroom does not understand");
		}
	}
}

static bool read_case(struct scanner *s, enum shell_join join)
{
	static const char *const ends[] = {"esac", ";;&", ";;", ";&", NULL};
	bool quoted, good, over = false, sure = true;
	size_t end = 1;
	(void)join;
	shell_skip_blanks(s);
	const size_t before = s->at;
	const char *word = shell_read_word(s, true, &quoted, &good);
	if (!word && good && s->at > before) { /* $1 of none */
		word = "";
	}
	if (!word) {
		return good && shell_refuse(s, s->at, "a case without a word");
	}
	if (!expect(s, "in")) {
		return false;
	}
	while (end != 0) {
		bool match, known;
		if (!shell_skip_lines(s)) {
			return false;
		}
		if (shell_take_word(s, "esac")) {
			return true;
		}
		if (!case_patterns(s, word, &match, &known)) {
			return false;
		}
		enum branch branch = BRANCH_OPEN;
		if (over || (known && !match)) {
			branch = BRANCH_LEFT;
		} else if (known && sure) {
			branch = BRANCH_TAKEN;
		}
		if (!read_branch(s, branch, ends, &end)) {
			return false;
		}
		sure &= known;
		over |= branch == BRANCH_TAKEN;
	}
	return true;
}

/* --- brackets and functions ----------------------------------------------------------------- */

static bool compound_group(struct scanner *s, enum shell_join join)
{
	static const char *const ends[] = {"}", NULL};
	size_t end;
	return shell_read_list(s, join, ends, &end);
}

static bool read_subshell(struct scanner *s, enum shell_join join)
{
	static const char *const ends[] = {")", NULL};
	const size_t set = s->variables.count;
	const char *cwd = s->cwd;
	const struct name_list arguments = s->arguments;
	size_t end;
	s->at++;
	s->level++;
	bool good = shell_read_list(s, join, ends, &end);
	s->level--;
	s->cwd = cwd;
	s->variables.count = set;
	s->arguments = arguments;
	return good;
}

/* A command of these words, for what is no simple command. */
static void put_command(struct scanner *s,
		enum shell_join join,
		const char *name,
		const char *value)
{
	if (s->dry) {
		return;
	}
	s->commands = arena_grow(s->arena, s->commands, s->count, &s->capacity, sizeof *s->commands);
	struct shell_command *command = &s->commands[s->count++];
	*command = (struct shell_command){.join = join, .at = s->at, .level = s->level};
	name_list_append(s->arena, &command->words, name);
	if (value) {
		name_list_append(s->arena, &command->words, value);
	}
}

/* ((…)): true unless it is 0. */
static bool compound_sum(struct scanner *s, enum shell_join join)
{
	size_t begin = s->at + 2, end = shell_closing(s->text, s->at);
	long long value;
	if (!end || s->text[end - 2] != ')') {
		return shell_refuse(s, s->at, "parentheses");
	}
	const char *text = shell_open_text(s->arena, s->at);
	if (shell_sum(s, s->text + begin, end - 2 - begin, &value)) {
		text = arena_printf(s->arena, "%lld", value);
	}
	put_command(s, join, "((", text);
	s->at = end;
	return true;
}

/* [[ … ]]: its operators are none of a list. */
static bool read_test(struct scanner *s, enum shell_join join)
{
	struct name_list words = {0};
	bool quoted, good;
	size_t begin = s->at;
	for (;;) {
		s->at += strspn(s->text + s->at, " \t\n<>&|()");
		if (!s->text[s->at]) {
			return shell_refuse(s, begin, "an unclosed bracket");
		}
		const size_t at = s->at;
		const char *word = shell_read_word(s, true, &quoted, &good);
		if (!good) {
			return false;
		}
		if (s->at == at) { /* [[ -n $x; */
			return shell_refuse(s, begin, "an unclosed bracket");
		}
		if (word && !quoted && !strcmp(word, "]]")) {
			break;
		}
		if (word) {
			name_list_append(s->arena, &words, word);
		}
	}
	bool plain = !memchr(s->text + begin, '&', s->at - begin) &&
			!memchr(s->text + begin, '|', s->at - begin) &&
			!memchr(s->text + begin, '(', s->at - begin);
	size_t before = s->count;
	put_command(s, join, plain ? "test" : "[[", NULL);
	for (size_t i = 0; s->count > before && i < words.count; i++) {
		name_list_append(s->arena, &s->commands[before].words, words.items[i]);
	}
	return true;
}

/* The body is read where the function is called. */
static bool define(struct scanner *s, const char *name)
{
	bool is = false;
	if (!shell_skip_lines(s)) {
		return false;
	}
	s->functions = arena_grow(s->arena,
			s->functions,
			s->function_count,
			&s->function_capacity,
			sizeof *s->functions);
	s->functions[s->function_count++] = (struct shell_function){name, s->text, s->at};
	const size_t set = s->variables.count;
	s->dry++;
	bool good = shell_compound(s, SHELL_THEN, &is);
	s->dry--;
	s->variables.count = set;
	return good && (is || shell_refuse(s, s->at, "a function that headroom does not understand"));
}

static size_t function_name_length(const char *text)
{
	size_t length = 0;
	while (ascii_is_name(text[length]) || (text[length] && strchr("-.:", text[length]))) {
		length++;
	}
	return length;
}

static bool read_function(struct scanner *s, enum shell_join join)
{
	(void)join;
	shell_skip_blanks(s);
	size_t length = function_name_length(s->text + s->at);
	const char *name = arena_copy(s->arena, s->text + s->at, length);
	s->at += length;
	shell_skip_blanks(s);
	if (text_begins_with(s->text + s->at, "()")) {
		s->at += 2;
	}
	return define(s, name);
}

/* NAME () */
static bool begins_function(struct scanner *s, const char **ret_name)
{
	const char *at = s->text + s->at;
	size_t length = function_name_length(at), blanks = strspn(at + length, " \t");
	if (!length || at[length + blanks] != '(') {
		return false;
	}
	size_t inner = strspn(at + length + blanks + 1, " \t");
	if (at[length + blanks + 1 + inner] != ')') {
		return false;
	}
	*ret_name = arena_copy(s->arena, at, length);
	s->at += length + blanks + inner + 2;
	return true;
}

static const struct {
	const char *word;
	bool (*read)(struct scanner *s, enum shell_join join);
} compounds[] = {
		{"for", read_for},
		{"while", read_while},
		{"until", read_until},
		{"if", read_if},
		{"case", read_case},
		{"{", compound_group},
		{"[[", read_test},
		{"function", read_function},
};

static bool read_compound(struct scanner *s, enum shell_join join, bool *ret_is)
{
	const char *name;
	*ret_is = true;
	if (text_begins_with(s->text + s->at, "((")) {
		return compound_sum(s, join);
	}
	if (s->text[s->at] == '(') {
		return read_subshell(s, join);
	}
	for (size_t i = 0; i < COUNT_OF(compounds); i++) {
		if (shell_take_word(s, compounds[i].word)) {
			return compounds[i].read(s, join);
		}
	}
	if (begins_function(s, &name)) {
		return define(s, name);
	}
	*ret_is = false;
	return true;
}

bool shell_compound(struct scanner *s, enum shell_join join, bool *ret_is)
{
	if (++s->steps > SHELL_STEPS_MAX) {
		return shell_refuse(s, s->at, "too many commands");
	}
	if (++s->depth > SHELL_DEPTH_MAX) {
		return shell_refuse(s, s->at, "too many levels");
	}
	bool good = read_compound(s, join, ret_is);
	s->depth--;
	return good;
}
