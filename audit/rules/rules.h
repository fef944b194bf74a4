/* Rules from JSON: the built-in ones, then those of directories, which add or override by id.
 * The format: docs/rules.md. Bad rules are errors with file, line and column; nothing is skipped.
 */
#ifndef HEADROOM_AUDIT_RULES_RULES_H
#define HEADROOM_AUDIT_RULES_RULES_H

#include <cjson/cJSON.h>

#include "base/os/json.h"
#include "model/rule.h"

enum rule_kind {
	RULE_LIMIT,
	RULE_FIX,
	RULE_MYTH,
	RULE_EGRESS,
	RULE_PLATFORM,
	RULE_WORKLOAD,
	RULE_KINDS
};
const char *rule_kind_name(enum rule_kind kind); /* "limit" "fix" … */

/* One line of `rules list`. */
struct rule_item {
	enum rule_kind kind;
	const char *id, *title;
	const char *origin; /* "built in" or the file */
	size_t layer;       /* 0: built in; then one per directory */
};

/* A ready workload. `workload` has the members of headroom.workload/1 and lives as long as the
 * extras. */
struct workload_preset {
	const char *id, *title;
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
};

/* What is in rule files beside the model's rules. {0} is a valid empty one. */
struct rule_extras {
	struct rule_item *items;
	size_t item_count, item_capacity;
	struct workload_preset *presets;
	size_t preset_count, preset_capacity;
	struct rule_example *examples;
	size_t example_count, example_capacity;
	struct json **documents; /* owned: freed by rule_extras_release */
	size_t document_count, document_capacity;
	size_t capacities[RULE_KINDS]; /* of the arrays in struct rules */
	size_t layer;                  /* of the file being read */
};

void rule_extras_release(struct rule_extras *extras);
const struct workload_preset *rule_extras_preset(const struct rule_extras *extras, const char *id);

/* All of it: built in; /etc/headroom/rules.d; $XDG_CONFIG_HOME/headroom/rules.d; then `dirs`
 * (--rules), which must exist. Of each directory *.json, also one level down, in C order. The
 * caller releases extras, also after an error; the strings of `ret` live in the arena. Without
 * `examples` those of the built-in rules are left out, which halves the time. */
bool rules_load(struct arena *arena,
		const char *const *dirs,
		size_t dir_count,
		bool examples,
		struct rules *ret,
		struct rule_extras *extras,
		struct error *err);

/* One file's text, put into the set. `name` is what errors begin with; kept by reference. */
bool rules_read(struct arena *arena,
		const char *name,
		const char *bytes,
		size_t length,
		struct rules *rules,
		struct rule_extras *extras,
		struct error *err);

/* The static check: names and dimensions of every formula, fixes that limits name, sources and
 * their URLs. `type` gives the unit of a fact key. */
bool rules_check(const struct rules *rules, expr_type_fn type, void *context, struct error *err);

#endif
