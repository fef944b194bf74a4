/* Finding rules by id, and words for their parts. */
#include "model/rule.h"

#include <string.h>

const char *scope_name(enum scope scope)
{
	static const char *const names[] = {
			[SCOPE_PROCESS] = "process",
			[SCOPE_LISTENER] = "listener",
			[SCOPE_DESTINATION] = "destination",
			[SCOPE_NAMESPACE] = "namespace",
			[SCOPE_HOST] = "host",
			[SCOPE_SHARED] = "shared",
			[SCOPE_BEAM] = "beam",
	};
	return names[scope];
}

const char *limit_phrase(const struct limit_rule *rule)
{
	if (rule->phrase)
		return rule->phrase;
	return rule->title;
}

const struct limit_rule *rules_limit(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->limit_count; i++)
		if (!strcmp(rules->limits[i].id, id))
			return &rules->limits[i];
	return NULL;
}

const struct fix_rule *rules_fix(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->fix_count; i++)
		if (!strcmp(rules->fixes[i].id, id))
			return &rules->fixes[i];
	return NULL;
}

const struct cause_rule *rules_cause(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->cause_count; i++)
		if (!strcmp(rules->causes[i].id, id))
			return &rules->causes[i];
	return NULL;
}

const struct word_rule *rules_word(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->word_count; i++)
		if (!strcmp(rules->words[i].id, id))
			return &rules->words[i];
	return NULL;
}

const struct egress_rule *rules_egress(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->egress_count; i++)
		if (!strcmp(rules->egress[i].id, id))
			return &rules->egress[i];
	return NULL;
}

const struct tool_rule *rules_tool_named(const struct rules *rules, const char *id)
{
	for (size_t i = 0; i < rules->tool_count; i++)
		if (!strcmp(rules->tools[i].id, id))
			return &rules->tools[i];
	return NULL;
}

const struct tool_rule *rules_tool(const struct rules *rules, const char *id)
{
	const struct tool_rule *tool = NULL;
	if (id)
		tool = rules_tool_named(rules, id);
	if (!tool || !tool->client_closes.measured)
		tool = rules_tool_named(rules, "any");
	return tool;
}

/* "php-fpm*" is any name that begins with php-fpm. */
static bool is_name_of(const char *pattern, const char *comm)
{
	size_t length = strlen(pattern);
	if (length > 0 && pattern[length - 1] == '*')
		return strncmp(pattern, comm, length - 1) == 0;
	return strcmp(pattern, comm) == 0;
}

static bool is_called(const struct program_rule *program, const char *comm)
{
	const struct rule_text_list *names = &program->names;
	for (size_t i = 0; i < names->count; i++) {
		if (is_name_of(names->items[i], comm))
			return true;
	}
	return false;
}

const struct program_rule *rules_program(const struct rules *rules, const char *comm)
{
	if (!comm)
		return NULL;
	for (size_t i = 0; i < rules->program_count; i++) {
		const struct program_rule *program = &rules->programs[i];
		if (is_called(program, comm))
			return program;
	}
	return NULL;
}
