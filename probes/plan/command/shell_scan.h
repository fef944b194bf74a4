/* What the files of the shell reader share: the text, the place in it, and what is known there.
 * Only shell*.c include this. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_SCAN_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_SCAN_H

#include "base/text.h"
#include "probes/plan/command/shell.h"

/* Marks in words. A text that contains these characters itself is refused. */
#define SHELL_OPEN  '\001' /* surrounds text that is only known when the script runs */
#define SHELL_FIELD '\002' /* here an expansion falls into two words */

struct shell_function {
	const char *name;
	const char *text; /* the text that contains its body: $(…) has a separate text */
	size_t at;
};

/* A here-document whose text begins after the next newline. */
struct shell_here {
	size_t command; /* index into commands */
	const char *end;
	bool tabs;   /* <<-: leading tabs go */
	bool quoted; /* nothing in it is expanded */
};

struct scanner {
	struct arena *arena;
	const char *text;
	size_t at;
	const struct shell_world *world;
	struct shell_command *commands; /* the last one is being read */
	size_t count, capacity;
	struct name_list variables; /* "NAME=VALUE"; the last one wins; "NAME": not set */
	struct name_list arguments; /* $0, $1, … */
	struct shell_function *functions;
	size_t function_count, function_capacity;
	struct shell_here *heres;
	size_t here_count, here_capacity;
	const char *cwd;
	bool negated;     /* a "!" stood in front of a command of the condition */
	unsigned dry;     /* read, but not run: it gives no command, and all values may be unknown */
	unsigned maybe;   /* as in struct shell_command */
	unsigned repeats; /* the same */
	unsigned level;   /* the same */
	unsigned depth;   /* of functions, compound commands and substitutions */
	size_t steps;     /* commands that were read, also those that are gone */
	size_t bytes;     /* of words that were read */
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
	bool any;    /* quotes make an empty word a word */
	bool quoted; /* some of it was */
	bool whole;  /* does not fall into several: of an assignment, a redirection */
	bool glob, brace;
};

/* false with an error about the place `at`. */
bool shell_refuse(const struct scanner *s, size_t at, const char *what);
size_t shell_name_length(const char *text);
/* Ends a word where it is not quoted. */
bool shell_is_meta(char c);
/* Skips blanks, and newlines after a backslash. */
void shell_skip_blanks(struct scanner *s);

/* The word that begins here, in the arena; NULL with *ret_good false and err, or with true where
 * none begins. `whole`: as in struct shell_word. */
const char *shell_read_word(struct scanner *s, bool whole, bool *ret_quoted, bool *ret_good);
/* The text from `begin` to `end`, expanded: of a here-document (no quotes), or the word in
 * ${X:-word}. NULL with err. */
const char *shell_expand_text(struct scanner *s, size_t begin, size_t end, bool here);
/* Appends the fields of a word. */
void shell_add_fields(const struct scanner *s, struct name_list *list, const char *word);

/* Where the values of arrays are read and stored while a command is read. */
struct shell_array_use {
	const struct name_list *given; /* what the command has set already */
	struct name_list *put;
	bool keyed; /* declare -A */
};

/* NAME=(A B C): s->at is at the bracket, `more` is +=. Puts "NAME=…". */
bool shell_read_array(struct scanner *s,
		const char *name,
		bool more,
		const struct shell_array_use *use);
/* NAME[KEY]=VALUE at s->at; *ret_is false: it is something else. */
bool shell_read_assignment(struct scanner *s, const struct shell_array_use *use, bool *ret_is);
/* The first element of an array, else the value. */
const char *shell_first(const struct scanner *s, const char *value);

/* ${A[KEY]} */
struct shell_subscript {
	size_t dollar, begin, end; /* begin is behind the first bracket, end behind the last */
	bool quoted;
	bool counts; /* ${#A[KEY]} */
	bool keys;   /* ${!A[@]} */
};
bool shell_expand_element(struct scanner *s,
		struct shell_word *word,
		const char *name,
		struct shell_subscript *use);

/* ${NAME%.js}, ${NAME/a/b} and the like: `at` is after NAME, `end` at the closing brace. NULL: not
 * known. */
const char *shell_cut(struct scanner *s, const char *value, size_t at, size_t end);

/* Expands $…; s->at is after the dollar sign. */
bool shell_expand(struct scanner *s, struct shell_word *word, bool quoted);
/* $(…), `…`, <(…); s->at is at its beginning. */
bool shell_substitute(struct scanner *s, struct shell_word *word, bool quoted);
/* Adds a value that was expanded. */
bool shell_add_value(struct scanner *s,
		struct shell_word *word,
		const char *value,
		bool quoted,
		size_t at);
/* Adds the mark for text that is only known when the script runs. */
void shell_add_open(struct shell_word *word, size_t at);
const char *shell_open_text(struct arena *arena, size_t at);
/* Behind the bracket that closes the one at `at`; 0: it does not close. */
size_t shell_closing(const char *text, size_t at);

/* $0 */
const char *shell_own_name(const struct scanner *s);
const char *shell_variable(const struct scanner *s, const char *name);
void shell_set(struct scanner *s, const char *assignment);
void shell_set_open(struct scanner *s, const char *name, size_t at);

/* The value of an arithmetic expression of the shell, text[0…length]; false: not known. Assignments
 * in it (i++, i = 5) are made. */
bool shell_sum(struct scanner *s, const char *text, size_t length, long long *ret);

/* What a simple command does to the shell itself (export, cd, read, set …), once it was read. */
bool shell_apply(struct scanner *s, struct shell_command *command);
/* read and its like, and getopts. */
void shell_apply_read(struct scanner *s, struct shell_command *command);
void shell_apply_getopts(struct scanner *s, struct shell_command *command);
/* Is the condition that the commands from `first` on are known? */
bool shell_condition(const struct scanner *s, size_t first, bool *ret_true);

/* What was set since there were `from` variables may have been, or not; `at` is where, for errors.
 */
void shell_unsure(struct scanner *s, size_t from, size_t at);

/* for, while, if, case, functions, brackets (shell_compound.c). *ret_is false: a simple command
 * begins here. */
bool shell_compound(struct scanner *s, enum shell_join join, bool *ret_is);
/* Commands up to one of the words `ends`, which is passed over (its index in *ret_end); NULL: up to
 * the end of the text. */
bool shell_read_list(struct scanner *s,
		enum shell_join join,
		const char *const *ends,
		size_t *ret_end);
/* Reads the redirections at this position; they belong to `command`. */
bool shell_redirections(struct scanner *s, struct shell_command *command);
/* Skips a newline, and the here-documents that begin after it. */
bool shell_pass_newline(struct scanner *s);
/* Blanks, newlines and comments. */
bool shell_skip_lines(struct scanner *s);
/* Skips this word if it is next. */
bool shell_take_word(struct scanner *s, const char *word);

#endif
