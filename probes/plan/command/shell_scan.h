/* Shared by the files of the shell reader: the text, the position in it, and what is known there.
 * Only shell*.c include this. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_SCAN_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_SCAN_H

#include "base/text.h"
#include "probes/plan/command/shell.h"

/* Marks inside words. A text that itself contains these characters is refused. */
#define SHELL_OPEN  '\001' /* encloses text that is only known when the script runs */
#define SHELL_FIELD '\002' /* an expansion splits into two words here */

struct shell_function {
	const char *name;
	const char *text; /* the text with its body; $(…) has a separate text */
	size_t at;
};

/* A here-document whose text begins after the next newline. */
struct shell_here {
	size_t command; /* index into commands */
	const char *end;
	bool tabs;   /* <<-: removes leading tabs */
	bool quoted; /* expands nothing in it */
};

struct scanner {
	struct arena *arena;
	const char *text;
	size_t at;
	const struct shell_world *world;
	struct shell_command *commands; /* the last one is being read */
	size_t count, capacity;
	struct name_list variables; /* "NAME=VALUE", the last one counts; "NAME" alone: not set */
	struct name_list arguments; /* $0, $1, … */
	struct shell_function *functions;
	size_t function_count, function_capacity;
	struct shell_here *heres;
	size_t here_count, here_capacity;
	const char *cwd;
	bool negated;     /* a "!" precedes a command of the condition */
	unsigned dry;     /* above 0: reads without running; gives no commands, and all values may be
	                     unknown */
	unsigned maybe;   /* as in struct shell_command */
	unsigned repeats; /* the same */
	unsigned level;   /* the same */
	unsigned depth;   /* nesting of functions, compound commands and substitutions */
	size_t steps;     /* commands read so far, including dropped ones */
	size_t bytes;     /* bytes of words read so far */
	struct shell_end end;
	bool options_over; /* getopts has reached the end of the arguments */
	struct error *err;
};

enum {
	SHELL_DEPTH_MAX = 24,
	SHELL_STEPS_MAX = 8192,
	SHELL_BYTES_MAX = 4 * 1024 * 1024,
	SHELL_FIELDS_MAX = 1024
};

/* One word while it is read. */
struct shell_word {
	struct text text;
	bool any;    /* a word even if empty, because of quotes */
	bool quoted; /* part of it was quoted */
	bool whole;  /* does not split into several words: in an assignment or a redirection */
	bool glob, brace;
};

/* Sets an error about the place `at`. Always returns false. */
bool shell_refuse(const struct scanner *s, size_t at, const char *what);
size_t shell_name_length(const char *text);
/* Returns true if this character, unquoted, ends a word. */
bool shell_is_meta(char c);
/* Skips blanks and line continuations. */
void shell_skip_blanks(struct scanner *s);

/* Returns the word that begins here, in the arena. NULL if there is none (*ret_good true) or on an
 * error (*ret_good false, with err). `whole`: as in struct shell_word. */
const char *shell_read_word(struct scanner *s, bool whole, bool *ret_quoted, bool *ret_good);
/* Returns the text from `begin` to `end` expanded: a here-document (without quotes), or the word in
 * ${X:-word}. NULL with err. */
const char *shell_expand_text(struct scanner *s, size_t begin, size_t end, bool here);
/* Appends the words into which an expanded word splits. */
void shell_add_fields(const struct scanner *s, struct name_list *list, const char *word);

/* Where array values are read and stored while a command is being read. */
struct shell_array_use {
	const struct name_list *given; /* what the command has already set */
	struct name_list *put;
	bool keyed; /* declare -A */
};

/* Reads NAME=(A B C), with s->at at the parenthesis; `more` for +=. Stores "NAME=…". false with
 * err. */
bool shell_read_array(struct scanner *s,
		const char *name,
		bool more,
		const struct shell_array_use *use);
/* Reads NAME[KEY]=VALUE at s->at; *ret_is is false if it is something else. false with err. */
bool shell_read_assignment(struct scanner *s, const struct shell_array_use *use, bool *ret_is);
/* Returns the first element of an array, or the value if it is no array. */
const char *shell_first(const struct scanner *s, const char *value);

/* A use of ${A[KEY]}. */
struct shell_subscript {
	size_t dollar, begin, end; /* begin is after the first bracket, end after the last */
	bool quoted;
	bool counts; /* ${#A[KEY]} */
	bool keys;   /* ${!A[@]} */
};
bool shell_expand_element(struct scanner *s,
		struct shell_word *word,
		const char *name,
		struct shell_subscript *use);

/* Evaluates ${NAME%.js}, ${NAME/a/b} and the like; `at` is after NAME, `end` at the closing brace.
 * NULL: not known. */
const char *shell_cut(struct scanner *s, const char *value, size_t at, size_t end);

/* Expands $… with s->at after the dollar sign. false with err. */
bool shell_expand(struct scanner *s, struct shell_word *word, bool quoted);
/* Expands $(…), `…` or <(…) with s->at at its beginning. false with err. */
bool shell_substitute(struct scanner *s, struct shell_word *word, bool quoted);
/* Appends an expanded value to the word. false with err. */
bool shell_add_value(struct scanner *s,
		struct shell_word *word,
		const char *value,
		bool quoted,
		size_t at);
/* Appends the mark for text that is only known when the script runs. */
void shell_add_open(struct shell_word *word, size_t at);
const char *shell_open_text(struct arena *arena, size_t at);
/* Returns the offset after the bracket that closes the one at `at`; 0: it is not closed. */
size_t shell_closing(const char *text, size_t at);

/* Returns $0. */
const char *shell_own_name(const struct scanner *s);
const char *shell_variable(const struct scanner *s, const char *name);
void shell_set(struct scanner *s, const char *assignment);
void shell_set_open(struct scanner *s, const char *name, size_t at);

/* Evaluates an arithmetic expression of the shell, including its assignments (i++, i = 5). Returns
 * false if the value is not known. */
bool shell_sum(struct scanner *s, const char *text, size_t length, long long *ret);

/* Applies what a simple command does to the shell itself (export, cd, read, set …), after it was
 * read. false with err. */
bool shell_apply(struct scanner *s, struct shell_command *command);
/* The same for read and similar commands, and for getopts. */
void shell_apply_read(struct scanner *s, struct shell_command *command);
void shell_apply_getopts(struct scanner *s, struct shell_command *command);
/* Returns true if the result of the condition, the commands from `first` on, is known. */
bool shell_condition(const struct scanner *s, size_t first, bool *ret_true);

/* Marks variables set since there were `from` of them as uncertain: they may not have been set.
 * `at`: the place, for errors. */
void shell_unsure(struct scanner *s, size_t from, size_t at);

/* Reads for, while, if, case, functions and brackets (shell_compound.c). *ret_is is false if a
 * simple command begins here. false with err. */
bool shell_compound(struct scanner *s, enum shell_join join, bool *ret_is);
/* Reads commands up to one of the words `ends` and skips that word, whose index is *ret_end. `ends`
 * NULL: up to the end of the text. false with err. */
bool shell_read_list(struct scanner *s,
		enum shell_join join,
		const char *const *ends,
		size_t *ret_end);
/* Reads the redirections here and adds them to `command`. false with err. */
bool shell_redirections(struct scanner *s, struct shell_command *command);
/* Skips a newline and the here-documents after it. false with err. */
bool shell_pass_newline(struct scanner *s);
/* Skips blanks, newlines and comments. false with err. */
bool shell_skip_lines(struct scanner *s);
/* Skips this word and returns true if it is next. */
bool shell_take_word(struct scanner *s, const char *word);

#endif
