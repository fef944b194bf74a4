/* Reads a tool's command line by a table of its options, in the style of getopt, GNU long options,
 * Go's flag package and others. Knows no tool and no meanings; texts stay texts (quantity.h reads
 * numbers). */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_ARGUMENTS_H
#define HEADROOM_PROBES_PLAN_COMMAND_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

enum argument_takes {
	TAKES_NOTHING,
	TAKES_TEXT,     /* needs an argument: the same word or the next one */
	TAKES_ATTACHED, /* may have an argument in the same word only: -k, -kX, --long, --long=X */
	TAKES_MANY      /* takes all words up to the next option, at least one (argparse's nargs) */
};

struct argument_option {
	const char *name; /* long name without dashes; NULL: none */
	char letter;      /* 0: none */
	enum argument_takes takes;
	const char *alias; /* a second long name; NULL: none */
};

enum argument_style {
	ARGUMENTS_GETOPT =
			0, /* -abc, -n5, -n 5; the first other word ends the options (apr_getopt, POSIX) */
	ARGUMENTS_LONG = 1,   /* --name value, --name=value as well */
	ARGUMENTS_PREFIX = 2, /* --nam is --name if no other option begins so (getopt_long, argparse) */
	ARGUMENTS_PERMUTE = 4, /* options may follow other words (GNU, pflag, argparse) */
	ARGUMENTS_GO = 8, /* Go's flag: -name value, -name=value, --name; -name=false unsets a switch */
	ARGUMENTS_SINGLE_DASH = 16, /* getopt_long_only, Java, Erlang: -name value as well as --name */
	ARGUMENTS_PFLAG = 32,       /* Go's pflag (k6, docker): --switch=false, -s=false, -u=10 */
	ARGUMENTS_LETTER_EQUALS = 64, /* -n=5 is -n 5 (clap, argparse) */
	ARGUMENTS_NEGATED = 128,      /* --no-switch unsets it (kingpin, minimist) */
	ARGUMENTS_UNDERSCORES = 256,  /* --a_name is --a-name */
	ARGUMENTS_ASSIGNED = 512,     /* --name=value only; other words are ignored */
	ARGUMENTS_BRACKETS = 1024,    /* [ -a 1 ] is one argument (subarg) */
	ARGUMENTS_EXACT = 2048,       /* whole words only: -n 5, neither -n5 nor --name=5 */
	ARGUMENTS_OTHERS = 4096       /* unknown options are ignored unless they resemble a known one */
};

struct argument_syntax {
	const char *tool; /* begins errors */
	unsigned style;
	const struct argument_option *options; /* the reader's enum gives the indexes */
	size_t count;
};

struct argument {
	size_t option;     /* index into the table */
	const char *text;  /* NULL: no argument */
	const char *shown; /* as written, for origins and errors: "-c 400", "--rate=50" */
};

struct arguments {
	const struct argument_syntax *syntax;
	struct argument *items; /* in order */
	size_t item_count, item_capacity;
	const char **words; /* words that are no options, in order, NULL-terminated */
	size_t word_count, word_capacity;
};

/* Reads words[0…], which follow the program's name or its subcommand. Returns false with err; for
 * an unknown option it names the option, the tool and the nearest option. */
bool arguments_read(struct arena *arena,
		const struct argument_syntax *syntax,
		const char *const *words,
		size_t count,
		struct arguments *ret,
		struct error *err);

/* Returns the last occurrence of an option, or NULL. */
const struct argument *arguments_last(const struct arguments *arguments, size_t option);
bool arguments_given(const struct arguments *arguments, size_t option);
/* Returns the text of the last occurrence, or `otherwise`. */
const char *arguments_text(const struct arguments *arguments, size_t option, const char *otherwise);
/* Returns the next occurrence after *cursor (start with 0), or NULL. */
const struct argument *arguments_next(const struct arguments *arguments,
		size_t option,
		size_t *cursor);

struct quantity_syntax;
/* Reads the number in the last occurrence; leaves *ret unchanged if there is none. false with err:
 * "wrk: -c 4x: …". */
bool arguments_number(const struct arguments *arguments,
		size_t option,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err);
/* Returns where a value comes from: the option as written or, if it was not given, "TOOL's default"
 * with the value. */
const char *arguments_from(struct arena *arena,
		const struct arguments *arguments,
		size_t option,
		const char *value);

#endif
