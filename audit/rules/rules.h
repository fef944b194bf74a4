/* Rules from JSON: the built-in ones, then those of directories, which add rules or replace them by
 * id. The format: docs/rules.md. Bad rules are errors with file, line and column; nothing is
 * skipped. */
#ifndef HEADROOM_AUDIT_RULES_RULES_H
#define HEADROOM_AUDIT_RULES_RULES_H

#include "audit/rules/extras.h"
#include "model/rule.h"

/* Loads all rules: built in; /etc/headroom/rules.d; $XDG_CONFIG_HOME/headroom/rules.d; then `dirs`
 * (--rules), which must exist. Each directory gives *.json, also one level down, in C order. The
 * caller releases extras, also after an error; the strings of `ret` live in the arena. Without
 * `examples` the built-in rules are those read at build time (built_in.h), which costs no time.
 * false with err. */
bool rules_load(struct arena *arena,
		const char *const *dirs,
		size_t dir_count,
		bool examples,
		struct rules *ret,
		struct rule_extras *extras,
		struct error *err);

/* Adds the text of one file to the set. Errors begin with `name`, which is kept by reference. false
 * with err. */
bool rules_read(struct arena *arena,
		const char *name,
		const char *bytes,
		size_t length,
		struct rules *rules,
		struct rule_extras *extras,
		struct error *err);

/* Checks names and dimensions of every formula, fixes that limits name, and sources with their
 * URLs. `type` gives the unit of a fact key. false with err. */
bool rules_check(const struct rules *rules, expr_type_fn type, void *context, struct error *err);

#endif
