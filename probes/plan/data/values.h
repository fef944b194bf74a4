/* A command while it is being read: the values of its terms and of the formulas over them. */
#ifndef HEADROOM_PROBES_PLAN_DATA_VALUES_H
#define HEADROOM_PROBES_PLAN_DATA_VALUES_H

#include "model/tool/names.h"
#include "probes/plan/data/data.h"
#include "probes/plan/document.h"

/* An option or a word. */
struct data_term {
	bool given;
	const char *text;  /* text of its last use; NULL: none */
	const char *shown; /* as written; NULL: not given and without a default */
	const char **texts;
	size_t count, capacity;
	const char *const *worth; /* `worth` of the option (model/tool/tool.h) */
	size_t place; /* position of its last use among the command's options, from 1; 0: not used */
	struct value value;
};

struct data {
	const struct tool_rule *tool;
	const struct tool_reading *reading;
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct data_term *options, *words;     /* one for each in the reading */
	const struct document *settings;       /* the file of options; NULL: none */
	struct value source[SOURCE_TERMS_MAX]; /* terms from the rule's source */
	struct value *lets;
	size_t let_count; /* how many have a value already */
	bool kept;
	struct error *err;
};

/* Reads the words after the program's name into options and words. false with err. */
bool data_read_words(struct data *data, size_t words);

/* Opens the file of options if the command names one or the tool finds one. false with err. */
bool data_open_settings(struct data *data);
/* Returns the value that the file has for an option ("-c --concurrency") or a word ("host"), and
 * its place in *ret_shown; NULL: none. */
const char *data_setting(const struct data *data, const char *names, const char **ret_shown);

struct value data_value(const struct data *data, const struct expr *expr);
/* Returns true if the condition is true. NULL counts as true, unknown as false. */
bool data_holds(const struct data *data, const struct expr *when);
/* Returns the term with this name, or NULL. */
const struct data_term *data_term_of(const struct data *data, const char *name);
/* Returns the text with its {names} filled in; NULL for NULL. */
const char *data_text(const struct data *data, const char *text);
/* Returns the options in a formula as written: "-c 400, -t 12". */
const char *data_origin(const struct data *data, const struct expr *expr);

#endif
