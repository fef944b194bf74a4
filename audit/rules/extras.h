/* What rule files contain besides the model's rules: presets, examples, and the list that `rules
 * list` prints. */
#ifndef HEADROOM_AUDIT_RULES_EXTRAS_H
#define HEADROOM_AUDIT_RULES_EXTRAS_H

#include <cjson/cJSON.h>

#include "base/os/json.h"

enum rule_kind {
	RULE_LIMIT,
	RULE_FIX,
	RULE_MYTH,
	RULE_EGRESS,
	RULE_PLATFORM,
	RULE_TOOL,
	RULE_CAUSE,
	RULE_WORD,
	RULE_TEXT,
	RULE_PROGRAM,
	RULE_WORKLOAD,
	RULE_KINDS
};

/* One line of `rules list`. */
struct rule_item {
	enum rule_kind kind;
	const char *id, *title;
	const char *origin; /* "built in" or the file */
	size_t layer;       /* 0: built in; then one number per directory */
	bool replaces;      /* replaces a built-in rule with this id */
};

/* A rule file that is not built in. */
struct rule_file {
	const char *path;
	const char *digest; /* SHA-256 of its bytes, in hexadecimal */
};

/* A preset: its members are those of headroom.workload/2. For a built-in one, only the file is
 * known until it is needed (presets.h); for others the JSON, which lives as long as the extras. */
struct workload_preset {
	const char *id, *title;
	const char *file; /* built in: "rules/workloads/ws-client.json"; else NULL */
	const cJSON *workload;
	const struct json *source;
};

/* An example of a rule, for `rules test`. Missing parts are NULL. Report errors with
 * json_error(source, node, …). */
struct rule_example {
	enum rule_kind kind;
	const char *id, *name; /* id: of the rule; name: of the example, may be NULL */
	const struct json *source;
	const cJSON *node, *facts, *workload, *options, *expect;
	const char *line;       /* for a text: as a program logged it */
	const char *command;    /* for a tool: as typed */
	const char *written;    /* for a tool: its result */
	const cJSON *files;     /* contents of the files that the command names */
	const cJSON *collected; /* how complete its facts are; NULL: "complete" */
};

/* The content of rule files besides the model's rules. {0} is valid and empty. */
struct rule_extras {
	struct rule_item *items;
	size_t item_count, item_capacity;
	struct workload_preset *presets;
	size_t preset_count, preset_capacity;
	struct rule_example *examples;
	size_t example_count, example_capacity;
	struct rule_file *files; /* in the order of reading */
	size_t file_count, file_capacity;
	struct json **documents; /* freed by rule_extras_release */
	size_t document_count, document_capacity;
	size_t capacities[RULE_KINDS]; /* capacities of the arrays in struct rules */
	size_t layer;                  /* layer of the file being read */
};

void rule_extras_release(struct rule_extras *extras);
const struct workload_preset *rule_extras_preset(const struct rule_extras *extras, const char *id);

#endif
