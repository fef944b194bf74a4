/* The members of rule objects. One row per member says how it is written in JSON and which field of
 * the rule it fills. headroom uses the rows to read rule files (read.c), and the build tool to
 * write the built-in rules as C (rules/tables.c). */
#ifndef HEADROOM_AUDIT_RULES_MEMBER_H
#define HEADROOM_AUDIT_RULES_MEMBER_H

#include <stdbool.h>
#include <stddef.h>

#include "audit/rules/extras.h"

/* How a member is written, and the type of the field that it fills. */
enum member_form {
	MEMBER_KIND,     /* "kind", which selected the table; has no field */
	MEMBER_TEXT,     /* const char * */
	MEMBER_FORMULA,  /* const struct expr * */
	MEMBER_TRUTH,    /* bool */
	MEMBER_NUMBER,   /* double */
	MEMBER_CHOICE,   /* an enum whose values are the indices of the choices */
	MEMBER_WORD,     /* const char *, one of the choices */
	MEMBER_LETS,     /* struct rule_let *, and a count */
	MEMBER_SOURCES,  /* struct rule_source *, and a count; without a field it is only checked */
	MEMBER_TEXTS,    /* struct rule_text_list */
	MEMBER_PAIRS,    /* const char **, NULL-terminated */
	MEMBER_BOUNDS,   /* struct rule_bound *, and a count */
	MEMBER_ABSENTS,  /* struct rule_absent *, and a count */
	MEMBER_OBSERVED, /* the field observed of a limit */
	MEMBER_NOW,      /* nows, now_count and now_hidden of a limit */
	MEMBER_NAMED,    /* names and name_count of a limit */
	MEMBER_PLANNING, /* planning_demand and planning_note of a limit */
	MEMBER_CLOSES,   /* struct client_closes */
	MEMBER_ROWS,     /* an array of structs and a count; `rows` has the members of each */
	MEMBER_OBJECT,   /* one such struct inside the rule */
	MEMBER_PRESET,   /* the workload of a preset; stays JSON */
	MEMBER_EXAMPLES, /* stay JSON */
	MEMBER_FORMS
};

struct rule_member {
	const char *name; /* in JSON; NULL ends the table */
	enum member_form form;
	bool required;
	const char *const *choices; /* NULL-terminated */
	/* The field that it fills: its name and offset in the rule, and those of its count, if it has
	 * one. NULL: no field. */
	const char *field;
	size_t offset;
	const char *count_field;
	size_t count_offset;
	/* For a list of objects: their members, their type in C and its size. */
	const struct rule_member *rows;
	const char *type;
	size_t size;
};

enum {
	RULE_MEMBERS_MAX = 48
};

/* Returns "limit", "fix", … */
const char *rule_kind_name(enum rule_kind kind);

/* Members that describe a tool's command line (member_tool.c). */
extern const struct rule_member tool_members[];

/* Returns the rows of a kind of rule. */
const struct rule_member *rule_kind_members(enum rule_kind kind);

#endif
