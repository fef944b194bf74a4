/* The tables of members. A new member of a rule is a row here and a field in model/rule.h. */
#include "audit/rules/member.h"

#include "audit/rules/member_row.h"
#include "model/rule.h"

/* In the order of their enums. */
static const char *const quantities[] = {
		"count",
		"bytes",
		"seconds",
		"per_s",
		"ratio",
		NULL,
};
static const char *const scopes[] =
		{"process", "listener", "destination", "namespace", "host", "shared", "beam", NULL};
static const char *const severities[] = {"hard", "advisory", NULL};
static const char *const consequences[] = {"refuse", "drop", "degrade", NULL};
static const char *const changes[] = {"fact", "workload", "hosts", NULL};
static const char *const roundings[] = {"none", "1000", "pow2", NULL};
static const char *const sorts[] = {"error", "call", "number", "unless", NULL};
static const char *const onlys[] = {"any", "port-in-range", NULL};
static const char *const notes[] = {"note", "warning", NULL};

static const struct rule_member reason_members[] = {
		FIELD(struct rule_name, "when", when, MEMBER_FORMULA, true),
		FIELD(struct rule_name, "text", text, MEMBER_TEXT, true),
		{0},
};

static const struct rule_member limit_members[] = {
		HEAD(struct limit_rule),
		FIELD(struct limit_rule, "phrase", phrase, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "gloss", gloss, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "unit", unit, MEMBER_TEXT, true),
		CHOICE(struct limit_rule, "quantity", quantity, MEMBER_CHOICE, false, quantities),
		CHOICE(struct limit_rule, "scope", scope, MEMBER_CHOICE, true, scopes),
		FIELD(struct limit_rule, "held", held, MEMBER_TEXTS, false),
		CHOICE(struct limit_rule, "severity", severity, MEMBER_CHOICE, true, severities),
		FIELD(struct limit_rule, "hard_if", hard_if, MEMBER_FORMULA, false),
		CHOICE(struct limit_rule, "consequence", consequence, MEMBER_WORD, true, consequences),
		FIELD(struct limit_rule, "applies", applies, MEMBER_FORMULA, true),
		FIELD(struct limit_rule, "otherwise", otherwise, MEMBER_TEXT, false),
		{.name = "otherwise_if",
				.form = MEMBER_ROWS,
				.field = "reasons",
				.offset = offsetof(struct limit_rule, reasons),
				.count_field = "reason_count",
				.count_offset = offsetof(struct limit_rule, reason_count),
				.rows = reason_members,
				.type = "struct rule_name",
				.size = sizeof(struct rule_name)},
		LETS(struct limit_rule),
		FIELD(struct limit_rule, "demand", demand, MEMBER_FORMULA, true),
		FIELD(struct limit_rule, "capacity", capacity, MEMBER_FORMULA, true),
		FIELD(struct limit_rule, "words", words, MEMBER_PAIRS, false),
		FIELD(struct limit_rule, "target", target, MEMBER_FORMULA, false),
		CHECKED("observed", MEMBER_OBSERVED, false),
		CHECKED("now", MEMBER_NOW, false),
		CHECKED("named", MEMBER_NAMED, false),
		CHECKED("planning", MEMBER_PLANNING, false),
		FIELD(struct limit_rule, "strained", strained, MEMBER_FORMULA, false),
		FIELD(struct limit_rule, "strained_note", strained_note, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "at_least", at_least, MEMBER_FORMULA, false),
		FIELD(struct limit_rule, "at_least_note", at_least_note, MEMBER_TEXT, false),
		ARRAY(struct limit_rule, "missing", MEMBER_BOUNDS, bounds, bound_count),
		ARRAY(struct limit_rule, "absent", MEMBER_ABSENTS, absents, absent_count),
		ARRAY(struct limit_rule, "hidden", MEMBER_ABSENTS, hiddens, hidden_count),
		FIELD(struct limit_rule, "demand_in_words", demand_in_words, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "capacity_in_words", capacity_in_words, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "legend", legend, MEMBER_TEXTS, false),
		FIELD(struct limit_rule, "why", why, MEMBER_TEXT, true),
		FIELD(struct limit_rule, "breaks_as", breaks_as, MEMBER_TEXT, true),
		FIELD(struct limit_rule, "error", error_text, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "counters", counters, MEMBER_TEXTS, false),
		SOURCES(struct limit_rule),
		FIELD(struct limit_rule, "fixes", fixes, MEMBER_TEXTS, false),
		FIELD(struct limit_rule, "calibrated_by", calibrated_by, MEMBER_TEXT, false),
		FIELD(struct limit_rule, "divides", divides, MEMBER_TRUTH, false),
		EXAMPLES,
		{0},
};

static const struct rule_member fix_members[] = {
		HEAD(struct fix_rule),
		CHOICE(struct fix_rule, "change", kind, MEMBER_CHOICE, true, changes),
		FIX_TEXT(target),
		FIELD(struct fix_rule, "also", also, MEMBER_TEXTS, false),
		FIELD(struct fix_rule, "applies", applies, MEMBER_FORMULA, false),
		FIELD(struct fix_rule, "to", to, MEMBER_FORMULA, false),
		FIELD(struct fix_rule, "set", set, MEMBER_TRUTH, false),
		FIELD(struct fix_rule, "lower", lower, MEMBER_TRUTH, false),
		CHOICE(struct fix_rule, "round", rounding, MEMBER_CHOICE, false, roundings),
		FIX_TEXT(command),
		FIX_TEXT(say),
		FIX_TEXT(word),
		FIELD(struct fix_rule, "test", test, MEMBER_TRUTH, false),
		FIELD(struct fix_rule, "persistent", persistent, MEMBER_PAIRS, false),
		FIX_TEXT(restart),
		FIX_TEXT(shared_with),
		FIX_TEXT(undo),
		FIX_TEXT(risk),
		FIX_TEXT(note),
		SOURCES(struct fix_rule),
		EXAMPLES,
		{0},
};

static const struct rule_member myth_members[] = {
		HEAD(struct myth_rule),
		FIELD(struct myth_rule, "when", when, MEMBER_FORMULA, true),
		FIELD(struct myth_rule, "fact", fact, MEMBER_TEXT, false),
		FIELD(struct myth_rule, "text", text, MEMBER_TEXT, true),
		CHOICE(struct myth_rule, "severity", severity, MEMBER_WORD, true, notes),
		SOURCES(struct myth_rule),
		EXAMPLES,
		{0},
};

static const struct rule_member egress_members[] = {
		HEAD(struct egress_rule),
		FIELD(struct egress_rule, "ports_per_ip", ports_per_ip, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "ports", ports, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "max_ips", max_ips, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "default_ips", default_ips, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "max_ports", max_ports, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "ports_by_vms", ports_by_vms, MEMBER_TEXTS, false),
		FIELD(struct egress_rule, "hold_s", hold_s, MEMBER_NUMBER, true),
		FIELD(struct egress_rule, "reset_hold_s", reset_hold_s, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "idle_s", idle_s, MEMBER_NUMBER, false),
		FIELD(struct egress_rule, "as_of", as_of, MEMBER_TEXT, false),
		SOURCES(struct egress_rule),
		EXAMPLES,
		{0},
};

static const struct rule_member platform_members[] = {
		HEAD(struct platform_rule),
		FIELD(struct platform_rule, "applies", applies, MEMBER_FORMULA, true),
		LETS(struct platform_rule),
		CHECKED("sources", MEMBER_SOURCES, false),
		EXAMPLES,
		{0},
};

static const struct rule_member cause_members[] = {
		HEAD(struct cause_rule),
		CHOICE(struct cause_rule, "only", only, MEMBER_CHOICE, false, onlys),
		FIELD(struct cause_rule, "text", text, MEMBER_TEXT, true),
		FIELD(struct cause_rule, "look", look, MEMBER_TEXTS, true),
		SOURCES(struct cause_rule),
		EXAMPLES,
		{0},
};

static const struct rule_member word_members[] = {
		HEAD(struct word_rule),
		CHOICE(struct word_rule, "sort", sort, MEMBER_CHOICE, true, sorts),
		FIELD(struct word_rule, "texts", texts, MEMBER_TEXTS, false),
		FIELD(struct word_rule, "numbers", numbers, MEMBER_TEXTS, false),
		CHECKED("sources", MEMBER_SOURCES, false),
		EXAMPLES,
		{0},
};

static const struct rule_member text_members[] = {
		HEAD(struct text_rule),
		FIELD(struct text_rule, "from", from, MEMBER_TEXT, true),
		FIELD(struct text_rule, "texts", texts, MEMBER_TEXTS, false),
		FIELD(struct text_rule, "errors", errors, MEMBER_TEXTS, false),
		FIELD(struct text_rule, "calls", calls, MEMBER_TEXTS, false),
		FIELD(struct text_rule, "unless", unless, MEMBER_TEXTS, false),
		FIELD(struct text_rule, "causes", causes, MEMBER_TEXTS, true),
		FIELD(struct text_rule, "note", note, MEMBER_TEXT, false),
		FIELD(struct text_rule, "look", look, MEMBER_TEXTS, false),
		SOURCES(struct text_rule),
		EXAMPLES,
		{0},
};

/* In the order of their enums. */
static const char *const picks_up[] = {"unknown", "yes", "no", NULL};
static const char *const listens[] = {"unknown", "reload", "change", "restart", NULL};

static const struct rule_member program_members[] = {
		HEAD(struct program_rule),
		FIELD(struct program_rule, "names", names, MEMBER_TEXTS, true),
		CHOICE(struct program_rule, "nofile", nofile, MEMBER_CHOICE, false, picks_up),
		FIELD(struct program_rule, "nofile_note", nofile_note, MEMBER_TEXT, false),
		CHOICE(struct program_rule, "listens", listens, MEMBER_CHOICE, false, listens),
		FIELD(struct program_rule, "listens_note", listens_note, MEMBER_TEXT, false),
		FIELD(struct program_rule, "reload", reload, MEMBER_TEXT, false),
		SOURCES(struct program_rule),
		EXAMPLES,
		{0},
};

static const struct rule_member workload_members[] = {
		HEAD(struct workload_preset),
		CHECKED("workload", MEMBER_PRESET, true),
		CHECKED("sources", MEMBER_SOURCES, false),
		EXAMPLES,
		{0},
};

static const struct {
	const char *name;
	const struct rule_member *members;
} member_kinds[RULE_KINDS] = {
		[RULE_LIMIT] = {"limit", limit_members},
		[RULE_FIX] = {"fix", fix_members},
		[RULE_MYTH] = {"myth", myth_members},
		[RULE_EGRESS] = {"egress", egress_members},
		[RULE_PLATFORM] = {"platform", platform_members},
		[RULE_TOOL] = {"tool", tool_members},
		[RULE_CAUSE] = {"cause", cause_members},
		[RULE_WORD] = {"word", word_members},
		[RULE_TEXT] = {"text", text_members},
		[RULE_PROGRAM] = {"program", program_members},
		[RULE_WORKLOAD] = {"workload", workload_members},
};

const char *rule_kind_name(enum rule_kind kind)
{
	return member_kinds[kind].name;
}

const struct rule_member *rule_kind_members(enum rule_kind kind)
{
	return member_kinds[kind].members;
}
