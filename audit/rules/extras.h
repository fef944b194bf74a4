/* What rule files contain besides the rules of the model: presets, examples, and the list that
 * `rules list` prints. */
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
	size_t layer;       /* 0: built in; then one per directory */
	bool replaces;      /* a built-in one of this id */
};

/* A file of rules that is not built in. */
struct rule_file {
	const char *path;
	const char *digest; /* SHA-256 of its bytes, in hexadecimal */
};

/* A ready workload: its members are those of headroom.workload/2. Of a built-in one only the file
 * is known until it is asked for (presets.h); of others the JSON, which lives as long as the
 * extras. */
struct workload_preset {
	const char *id, *title;
	const char *file; /* built in: "rules/workloads/ws-client.json"; else NULL */
	const cJSON *workload;
	const struct json *source;
};

/* An example of a rule, to be executed by `rules test`. Absent parts are NULL. Say where it stands
 * with json_error(source, node, …). */
struct rule_example {
	enum rule_kind kind;
	const char *id, *name; /* of the rule; of the example, may be NULL */
	const struct json *source;
	const cJSON *node, *facts, *workload, *options, *expect;
	const char *line;       /* of a text: as a program logged it */
	const char *command;    /* of a tool: as it is typed */
	const char *written;    /* of a tool: its result */
	const cJSON *files;     /* that the command names: their texts */
	const cJSON *collected; /* of its facts; NULL: "complete" */
};

/* What is in rule files beside the model's rules. {0} is a valid empty one. */
struct rule_extras {
	struct rule_item *items;
	size_t item_count, item_capacity;
	struct workload_preset *presets;
	size_t preset_count, preset_capacity;
	struct rule_example *examples;
	size_t example_count, example_capacity;
	struct rule_file *files; /* in the order in which they were read */
	size_t file_count, file_capacity;
	struct json **documents; /* owned: freed by rule_extras_release */
	size_t document_count, document_capacity;
	size_t capacities[RULE_KINDS]; /* of the arrays in struct rules */
	size_t layer;                  /* of the file being read */
};

void rule_extras_release(struct rule_extras *extras);
const struct workload_preset *rule_extras_preset(const struct rule_extras *extras, const char *id);

#endif
