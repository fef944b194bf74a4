/* Load test tools, the options that set how much load they make, and where a command has these
 * options. */
#ifndef HEADROOM_MODEL_FLEET_WORDS_H
#define HEADROOM_MODEL_FLEET_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

enum divided_as {
	DIVIDED_COUNT,   /* into whole numbers */
	DIVIDED_NUMBER,  /* in proportion to the connections, with decimals */
	DIVIDED_GO_RATE, /* rates like 50, 50/s, 100/30s: exactly, by a longer period */
	DIVIDED_THREADS  /* not divided: the host gets a number of threads that divides its connections
	                    evenly */
};

struct divided_option {
	char letter;      /* the c of -c; 0: none */
	const char *name; /* without dashes: "connections" of --connections, "rate" of vegeta's -rate */
	enum divided_as as;
	const char *usual; /* the tool's default; NULL: without the option there is nothing to divide */
};

enum {
	DIVIDED_OPTIONS_MAX = 3
};

struct divided_tool {
	const char *program, *verb; /* "vegeta" "attack"; verb NULL: none */
	bool go;                    /* a Go program, which takes -name for --name */
	struct divided_option options[DIVIDED_OPTIONS_MAX];
	size_t option_count;
	/* Options with which the test is already divided, or divides itself; NULL after the last. */
	const char *already[4];
};

/* Finds the tool in this command, and the index of the first word after its name. NULL: no known
 * tool. */
const struct divided_tool *divided_tool_of(const struct name_list *words, size_t *ret_first);

/* Where the value of an option is in the command. */
struct option_place {
	size_t word;
	size_t offset; /* where the value begins in that word */
};

/* Finds the last use of the option in the command; false if it is not used. */
bool option_find(const struct divided_tool *tool,
		const struct divided_option *option,
		const struct name_list *words,
		size_t first,
		struct option_place *ret);

/* Returns true if a word from index `first` on begins with `begin`. */
bool words_have(const struct name_list *words, size_t first, const char *begin);

/* Returns the number of which a host's connections must be a multiple, because wrk gives each
 * thread equally many. 1: any number will do. */
double words_multiple(const struct name_list *words, double connections, size_t hosts);

#endif
