/* A command under reading: the values of its terms, and of the formulas over them. */
#ifndef HEADROOM_PROBES_PLAN_DATA_VALUES_H
#define HEADROOM_PROBES_PLAN_DATA_VALUES_H

#include "model/tool/names.h"
#include "probes/plan/data/data.h"
#include "probes/plan/document.h"

/* An option or a word. */
struct data_term {
	bool given;
	const char *text;  /* the last one's; NULL: none */
	const char *shown; /* as written; NULL: not given, and no default */
	const char **texts;
	size_t count, capacity;
	const char *const *worth; /* as of its option */
	size_t place; /* of the last one among the command's options, counted from 1; 0: none */
	struct value value;
};

struct data {
	const struct tool_rule *tool;
	const struct tool_reading *reading;
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct data_term *options, *words;     /* as in the reading */
	const struct document *settings;       /* the file of options; NULL: none is named */
	struct value source[SOURCE_TERMS_MAX]; /* what the rule's source says */
	struct value *lets;
	size_t let_count; /* that have a value already */
	bool kept;
	struct error *err;
};

/* Reads the words behind the program's into options and words. */
bool data_read_words(struct data *data, size_t words);

/* Opens the file of options, where the command names one, or the tool finds one. */
bool data_open_settings(struct data *data);
/* Its entry for an option ("-c --concurrency") or a word ("host"), with the place of it; NULL:
 * there is none. */
const char *data_setting(const struct data *data, const char *names, const char **ret_shown);

struct value data_value(const struct data *data, const struct expr *expr);
/* Is the condition true? NULL counts as true, unknown as not true. */
bool data_holds(const struct data *data, const struct expr *when);
/* The term of this name, or NULL. */
const struct data_term *data_term_of(const struct data *data, const char *name);
/* The text with its {names} filled in; NULL stays NULL. */
const char *data_text(const struct data *data, const char *text);
/* The options that a formula is made of, as they are written: "-c 400, -t 12". */
const char *data_origin(const struct data *data, const struct expr *expr);

#endif
