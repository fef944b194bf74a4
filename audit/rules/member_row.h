/* Macros for writing the tables of members in member.c and member_tool.c. */
#ifndef HEADROOM_AUDIT_RULES_MEMBER_ROW_H
#define HEADROOM_AUDIT_RULES_MEMBER_ROW_H

#include <stddef.h>

/* Rows: a field of the rule; one of a few words; an array with its count; a member that is checked
 * but has no field. */
#define FIELD(type, json, member, how, needed)                                 \
	{                                                                          \
		.name = (json), .form = (how), .required = (needed), .field = #member, \
		.offset = offsetof(type, member)                                       \
	}
/* A text of a fix with the same name in JSON. */
#define FIX_TEXT(member) FIELD(struct fix_rule, #member, member, MEMBER_TEXT, false)
#define CHOICE(type, json, member, how, needed, words)                                             \
	{                                                                                              \
		.name = (json), .form = (how), .required = (needed), .choices = (words), .field = #member, \
		.offset = offsetof(type, member)                                                           \
	}
#define ARRAY(type, json, how, member, count)                                              \
	{                                                                                      \
		.name = (json), .form = (how), .field = #member, .offset = offsetof(type, member), \
		.count_field = #count, .count_offset = offsetof(type, count)                       \
	}
#define CHECKED(json, how, needed)                          \
	{                                                       \
		.name = (json), .form = (how), .required = (needed) \
	}
#define HEAD(type)                                                                \
	CHECKED("kind", MEMBER_KIND, true), FIELD(type, "id", id, MEMBER_TEXT, true), \
			FIELD(type, "title", title, MEMBER_TEXT, true)
#define LETS(type)    ARRAY(type, "let", MEMBER_LETS, lets, let_count)
#define SOURCES(type) ARRAY(type, "sources", MEMBER_SOURCES, sources, source_count)
#define EXAMPLES      CHECKED("examples", MEMBER_EXAMPLES, false)

/* In a table for the type OF, whose members have the names of its fields. */
#define PART(member, how)                                                                \
	{                                                                                    \
		.name = #member, .form = (how), .field = #member, .offset = offsetof(OF, member) \
	}
#define NEEDED(member, how)                                                 \
	{                                                                       \
		.name = #member, .form = (how), .required = true, .field = #member, \
		.offset = offsetof(OF, member)                                      \
	}
#define NAMED_PART(json, member, how)                                                   \
	{                                                                                   \
		.name = (json), .form = (how), .field = #member, .offset = offsetof(OF, member) \
	}
#define PART_OF(member, how, words)                                           \
	{                                                                         \
		.name = #member, .form = (how), .choices = (words), .field = #member, \
		.offset = offsetof(OF, member)                                        \
	}
#define NEEDED_OF(member, how, words)                                                           \
	{                                                                                           \
		.name = #member, .form = (how), .required = true, .choices = (words), .field = #member, \
		.offset = offsetof(OF, member)                                                          \
	}

#endif
