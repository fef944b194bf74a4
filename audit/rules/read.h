/* Reads one rule object. rules.c combines the objects of all files. */
#ifndef HEADROOM_AUDIT_RULES_READ_H
#define HEADROOM_AUDIT_RULES_READ_H

#include "audit/rules/extras.h"
#include "audit/rules/take.h"
#include "model/rule.h"

#define RULE_NAME_BYTES "abcdefghijklmnopqrstuvwxyz0123456789"

union any_rule {
	struct limit_rule limit;
	struct fix_rule fix;
	struct myth_rule myth;
	struct egress_rule egress;
	struct platform_rule platform;
	struct tool_rule tool;
	struct cause_rule cause;
	struct word_rule word;
	struct text_rule text;
	struct program_rule program;
	struct workload_preset preset; /* the caller sets .source */
};

/* Reads one object. false with err, which names file, line and problem. */
bool rule_read_object(struct reader *reader,
		const cJSON *object,
		enum rule_kind *ret_kind,
		union any_rule *ret_rule);

#endif
