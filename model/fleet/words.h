/* The options of a load test tool that set how much load it makes, and where they are in a command.
 */
#ifndef HEADROOM_MODEL_FLEET_WORDS_H
#define HEADROOM_MODEL_FLEET_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

enum divided_as {
	DIVIDED_COUNT,   /* as a whole number */
	DIVIDED_NUMBER,  /* as the connections are, with decimals */
	DIVIDED_GO_RATE, /* 50, 50/s, 100/30s: exactly, by a longer period */
	DIVIDED_THREADS  /* not divided: as many as divide the connections of the host */
};

struct divided_option {
	char letter;      /* -c, or 0 */
	const char *name; /* --connections; of a Go program -rate */
	enum divided_as as;
	const char *usual; /* what counts where it is not given; NULL: nothing to divide then */
};

enum {
	DIVIDED_OPTIONS_MAX = 3
};

struct divided_tool {
	const char *program, *verb; /* "vegeta" "attack"; verb NULL: none */
	bool go;                    /* -name and --name are the same */
	struct divided_option options[DIVIDED_OPTIONS_MAX];
	size_t option_count;
	/* Words with which it is divided already, or by itself; NULL after the last. */
	const char *already[4];
};

/* The tool of this command, and where its options begin; NULL: none that is known. */
const struct divided_tool *divided_tool_of(const struct name_list *words, size_t *ret_first);

/* Where the value of an option is in the command. */
struct option_place {
	size_t word;
	size_t offset; /* of the value in that word */
};

/* The last time that it is given. */
bool option_find(const struct divided_tool *tool,
		const struct divided_option *option,
		const struct name_list *words,
		size_t first,
		struct option_place *ret);

/* True if one of the words begins so, from `first` on. */
bool words_have(const struct name_list *words, size_t first, const char *begin);

/* Whole numbers of connections that the command of this tool is started with come in multiples of
 * this: wrk has as many in each thread. 1: any. */
double words_multiple(const struct name_list *words, double connections, size_t hosts);

#endif
