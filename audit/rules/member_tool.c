/* The members of a tool's rule: its figures, and how its command line is read. */
#include "audit/rules/member.h"
#include "audit/rules/member_row.h"
#include "model/rule.h"

static const char *const truths[] = {"read", "measured", NULL};
static const char *const confidences[] = {"exact", "bound", "estimate", NULL};
static const char *const severities[] = {"note", "warning", NULL};

#define OF struct tool_option
static const struct rule_member option_members[] = {
		NEEDED(names, MEMBER_TEXT),
		NEEDED_OF(takes, MEMBER_CHOICE, tool_takes_words),
		PART(key, MEMBER_TEXT),
		PART(term, MEMBER_TEXT),
		NAMED_PART("default", fallback, MEMBER_FORMULA),
		PART(environment, MEMBER_TEXT),
		PART(worth, MEMBER_PAIRS),
		{0},
};
#undef OF

#define OF struct tool_word
static const struct rule_member word_members[] = {
		NEEDED(term, MEMBER_TEXT),
		NEEDED_OF(takes, MEMBER_CHOICE, tool_takes_words),
		PART(shown, MEMBER_TEXT),
		PART(needed, MEMBER_TRUTH),
		PART(many, MEMBER_TRUTH),
		{0},
};
#undef OF

#define OF struct tool_text
static const struct rule_member text_members[] = {
		PART(when, MEMBER_FORMULA),
		NEEDED(text, MEMBER_TEXT),
		PART(idle, MEMBER_TRUTH),
		{0},
};
#undef OF

#define OF struct tool_target
static const struct rule_member target_members[] = {
		PART(when, MEMBER_FORMULA),
		PART(url, MEMBER_TEXT),
		PART(host, MEMBER_FORMULA),
		PART(port, MEMBER_FORMULA),
		PART_OF(proxy, MEMBER_CHOICE, tool_proxies),
		PART(from, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_closing
static const struct rule_member closing_members[] = {
		NEEDED(when, MEMBER_FORMULA),
		PART(requests, MEMBER_FORMULA),
		PART(most_opened, MEMBER_FORMULA),
		PART(closer, MEMBER_FORMULA),
		PART(by_client, MEMBER_FORMULA),
		PART_OF(confidence, MEMBER_CHOICE, confidences),
		NEEDED(why, MEMBER_TEXT),
		PART(from, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_row
static const struct rule_member row_members[] = {
		NEEDED(field, MEMBER_TEXT),
		PART(when, MEMBER_FORMULA),
		NEEDED(value, MEMBER_FORMULA),
		PART_OF(confidence, MEMBER_CHOICE, confidences),
		PART(from, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_question
static const struct rule_member question_members[] = {
		PART(when, MEMBER_FORMULA),
		NEEDED(fields, MEMBER_TEXTS),
		NEEDED(why, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_finding
static const struct rule_member finding_members[] = {
		PART(when, MEMBER_FORMULA),
		NEEDED(id, MEMBER_TEXT),
		NEEDED_OF(severity, MEMBER_WORD, severities),
		PART(where, MEMBER_TEXT),
		NEEDED(text, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_result_file
static const struct rule_member result_file_members[] = {
		NEEDED(names, MEMBER_TEXT),
		PART(path, MEMBER_TEXT),
		PART(prefix, MEMBER_TEXT),
		PART(environment, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_result_row
static const struct rule_member result_row_members[] = {
		NEEDED_OF(figure, MEMBER_CHOICE, tool_figure_words),
		PART(text, MEMBER_TEXT),
		PART(json, MEMBER_TEXT),
		PART(after, MEMBER_TEXT),
		PART(unless, MEMBER_TEXT),
		PART(scale, MEMBER_NUMBER),
		PART(last, MEMBER_TRUTH),
		{0},
};
#undef OF

#define OF struct tool_results
#define OWN_LIST(json, table, struct_name, member, count)                                      \
	{                                                                                          \
		.name = (json), .form = MEMBER_ROWS, .field = #member, .offset = offsetof(OF, member), \
		.count_field = #count, .count_offset = offsetof(OF, count), .rows = (table),           \
		.type = "struct " #struct_name, .size = sizeof(struct struct_name)                     \
	}
static const struct rule_member result_members[] = {
		PART_OF(form, MEMBER_CHOICE, tool_form_words),
		OWN_LIST("files", result_file_members, tool_result_file, files, file_count),
		OWN_LIST("figures", result_row_members, tool_result_row, rows, row_count),
		PART(hint, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_basis
static const struct rule_member basis_members[] = {
		NEEDED_OF(how, MEMBER_CHOICE, truths),
		NEEDED(version, MEMBER_TEXT),
		PART(date, MEMBER_TEXT),
		PART(error, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_own_rate
static const struct rule_member own_rate_members[] = {
		NEEDED_OF(of, MEMBER_CHOICE, own_rate_things),
		NEEDED_OF(per, MEMBER_CHOICE, own_rate_places),
		NEEDED(most, MEMBER_NUMBER),
		NEEDED(by, MEMBER_TEXT),
		PART(with, MEMBER_TEXT),
		{0},
};
#undef OF

#define OF struct tool_rule
#define LIST(json, table, struct_name, member, count)                             \
	{                                                                             \
		.name = (json), .form = MEMBER_ROWS, .field = "reading." #member,         \
		.offset = offsetof(OF, reading.member), .count_field = "reading." #count, \
		.count_offset = offsetof(OF, reading.count), .rows = (table),             \
		.type = "struct " #struct_name, .size = sizeof(struct struct_name)        \
	}
#define OBJECT(json, table, member)                                         \
	{                                                                       \
		.name = (json), .form = MEMBER_OBJECT, .field = "reading." #member, \
		.offset = offsetof(OF, reading.member), .rows = (table)             \
	}
#define READING(member, how)                                         \
	{                                                                \
		.name = #member, .form = (how), .field = "reading." #member, \
		.offset = offsetof(OF, reading.member)                       \
	}

const struct rule_member tool_members[] = {
		CHECKED("kind", MEMBER_KIND, true),
		NEEDED(id, MEMBER_TEXT),
		NEEDED(title, MEMBER_TEXT),
		PART(client_closes, MEMBER_CLOSES),
		PART(own_limit, MEMBER_TEXT),
		OWN_LIST("own_rates", own_rate_members, tool_own_rate, own_rates, own_rate_count),
		READING(programs, MEMBER_TEXTS),
		READING(images, MEMBER_TEXTS),
		READING(runtime, MEMBER_TEXT),
		READING(role, MEMBER_TEXT),
		{.name = "syntax",
				.form = MEMBER_CHOICE,
				.choices = tool_styles,
				.field = "reading.style",
				.offset = offsetof(OF, reading.style)},
		LIST("options", option_members, tool_option, options, option_count),
		READING(program_options, MEMBER_TEXT),
		READING(settings, MEMBER_TEXT),
		{.name = "source",
				.form = MEMBER_CHOICE,
				.choices = tool_source_words,
				.field = "reading.source",
				.offset = offsetof(OF, reading.source)},
		READING(switches, MEMBER_TEXT),
		READING(values, MEMBER_TEXT),
		LIST("words", word_members, tool_word, words, word_count),
		READING(ignores_words, MEMBER_TRUTH),
		READING(ignores_options, MEMBER_TRUTH),
		{.name = "let",
				.form = MEMBER_LETS,
				.field = "reading.lets",
				.offset = offsetof(OF, reading.lets),
				.count_field = "reading.let_count",
				.count_offset = offsetof(OF, reading.let_count)},
		LIST("called", text_members, tool_text, names, name_count),
		LIST("errors", text_members, tool_text, errors, error_count),
		LIST("to", target_members, tool_target, targets, target_count),
		READING(tls, MEMBER_FORMULA),
		OBJECT("per_request", closing_members, closing),
		LIST("plan", row_members, tool_row, rows, row_count),
		LIST("asks", question_members, tool_question, questions, question_count),
		LIST("findings", finding_members, tool_finding, findings, finding_count),
		OBJECT("truth", basis_members, basis),
		OBJECT("results", result_members, results),
		SOURCES(OF),
		EXAMPLES,
		{0},
};
