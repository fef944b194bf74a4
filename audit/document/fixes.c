/* The document's ladder, fixes, findings, sizing and timeline. */
#include <math.h>
#include <string.h>

#include "audit/document/document.h"
#include "base/array.h"

static cJSON *change_side(const struct members *put, double number, const char *text)
{
	return isnan(number) && text ? member_text_value(put, text) : member_number_value(number);
}

static void put_changes(const struct members *put, cJSON *object, const struct fix *fix)
{
	cJSON *facts = member_object(object, "facts");
	for (size_t i = 0; i < fix->change_count; i++) {
		const struct change *change = &fix->changes[i];
		cJSON *sides = member_object(facts, change->key);
		(void)member_item(sides, "from", change_side(put, change->from, change->from_text));
		(void)member_item(sides, "to", change_side(put, change->to, change->to_text));
	}
}

/* Kinds and their texts; texts of one kind are joined, a line each. */
static void put_persistent(const struct members *put, cJSON *object, const struct fix_form *form)
{
	cJSON *persistent = member_object(object, "persistent");
	for (size_t i = 0; i < form->file_count; i++) {
		const struct form_file *file = &form->files[i];
		const cJSON *before = cJSON_GetObjectItemCaseSensitive(persistent, file->kind);
		const char *text = file->text;
		if (cJSON_IsString(before)) {
			text = arena_printf(put->arena, "%s\n%s", before->valuestring, text);
			cJSON_DeleteItemFromObjectCaseSensitive(persistent, file->kind);
		}
		member_text(put, persistent, file->kind, text);
	}
}

static cJSON *command_json(const struct members *put, const struct command_words *command)
{
	cJSON *item = cJSON_CreateObject();
	const struct name_list *words = &command->words;
	member_texts(put, item, "words", words->items, words->count);
	cJSON *fill = member_array(item, "fill");
	for (size_t i = 0; i < words->count; i++)
		if (shell_is_placeholder(words->items[i]))
			(void)cJSON_AddItemToArray(fill, member_text_value(put, words->items[i]));
	member_text(put, item, "line", shell_line(put->arena, command));
	return item;
}

/* All or none: a command that was left out would be missed by the next. */
static void put_script(const struct members *put,
		cJSON *object,
		const char *name,
		const struct shell_script *script)
{
	cJSON *array = member_array(object, name);
	if (!shell_lines(put->arena, script))
		return;
	for (size_t i = 0; i < script->count; i++)
		(void)cJSON_AddItemToArray(array, command_json(put, &script->items[i]));
}

/* Words that hold what no page shows as it is make no command that could be pasted. */
static const char *note_of(const struct members *put, const struct fix_form *form)
{
	static const char left_out[] =
			"The commands of this change are left out, because a name in them "
			"has characters that cannot be shown.";
	const struct shell_script *scripts[] = {&form->commands, &form->undo};
	for (size_t i = 0; i < COUNT_OF(scripts); i++) {
		if (scripts[i]->count == 0 || shell_lines(put->arena, scripts[i]))
			continue;
		if (form->note)
			return arena_printf(put->arena, "%s %s", form->note, left_out);
		return left_out;
	}
	return form->note;
}

static void put_lines(const struct members *put, cJSON *file, const char *text)
{
	cJSON *lines = member_array(file, "lines");
	for (const char *at = text; *at;) {
		size_t length = strcspn(at, "\n");
		const char *line = arena_copy(put->arena, at, length);
		(void)cJSON_AddItemToArray(lines, member_text_value(put, line));
		at += length + (at[length] == '\n');
	}
}

void document_files(const struct members *put,
		cJSON *object,
		const struct form_file *items,
		size_t count)
{
	cJSON *files = member_array(object, "files");
	for (size_t i = 0; i < count; i++) {
		cJSON *file = cJSON_CreateObject();
		member_text(put, file, "kind", items[i].kind);
		member_text(put, file, "path", items[i].path);
		put_lines(put, file, items[i].text);
		(void)cJSON_AddItemToArray(files, file);
	}
}

void document_layer(const struct members *put, cJSON *object, const struct layer *layer)
{
	cJSON *held = member_object(object, "held_by");
	member_text(put, held, "layer", layer_kind_name(layer->kind));
	member_text(put, held, "name", layer->name);
	member_text(put, held, "text", layer->text);
	member_bool(held, "here", layer->here);
}

static void put_form(const struct members *put, cJSON *object, const struct fix *fix)
{
	const struct fix_form *form = &fix->form;
	document_layer(put, object, &form->layer);
	member_text(put, object, "command", fix->command ? fix->command : "");
	put_script(put, object, "commands", &form->commands);
	member_text(put, object, "say", form->say);
	put_persistent(put, object, form);
	document_files(put, object, form->files, form->file_count);
	member_text(put, object, "restart", form->restart);
	member_text(put, object, "shared_with", form->shared_with);
	member_text(put, object, "undo", fix->undo);
	put_script(put, object, "undo_commands", &form->undo);
	member_text(put, object, "undo_say", form->undo_say);
	member_text(put, object, "risk", fix->rule->risk);
	member_text(put, object, "note", note_of(put, form));
	member_bool(object, "changes_test", fix->rule->test);
}

static cJSON *fix_json(const struct members *put,
		const struct fix *fix,
		const struct load_point *plan)
{
	cJSON *object = cJSON_CreateObject();
	member_text(put, object, "id", fix->rule->id);
	member_text(put, object, "title", fix->title);
	member_text(put, object, "resource", fix->resource);
	if (fix->load_name)
		member_text(put, object, "load", fix->load_name);
	member_bool(object, "in_ladder", fix->in_ladder);
	member_bool(object, "advisory", fix->advisory);
	if (fix->behind)
		member_text(put, object, "behind", fix->behind);
	put_changes(put, object, fix);
	cJSON *gain = member_object(object, "gain");
	(void)member_load(gain, "before", &fix->before, plan, false);
	(void)member_load(gain, "after", &fix->after, plan, false);
	member_text(put, gain, "next", fix->next);
	member_bool(gain, "fits", fix->fits);
	member_bool(gain, "enough", fix->enough);
	put_form(put, object, fix);
	member_sources(put, object, fix->rule->sources, fix->rule->source_count);
	return object;
}

static cJSON *rung_json(const struct members *put,
		const struct fix *fix,
		const struct load_point *plan)
{
	cJSON *rung = cJSON_CreateObject();
	member_text(put, rung, "fix", fix->rule->id);
	member_text(put, rung, "title", fix->title);
	member_text(put, rung, "resource", fix->resource);
	(void)member_load(rung, "max_safe", &fix->after, plan, true);
	member_text(put, rung, "next_binding", fix->next);
	member_bool(rung, "fits", fix->fits);
	return rung;
}

void document_fixes(const struct members *put, cJSON *document, const struct result *result)
{
	cJSON *ladder = member_array(document, "ladder"), *fixes = member_array(document, "fixes");
	for (size_t i = 0; i < result->fix_count; i++) {
		const struct fix *fix = &result->fixes[i];
		if (fix->in_ladder)
			(void)cJSON_AddItemToArray(ladder, rung_json(put, fix, &result->plan));
		(void)cJSON_AddItemToArray(fixes, fix_json(put, fix, &result->plan));
	}
}

/* What each hold is then; its order is that of `holds`. */
static void put_safe(const struct members *put,
		cJSON *object,
		const struct document_input *input,
		const struct reach_change *change)
{
	cJSON *array = member_array(object, "safe");
	for (size_t i = 0; i < input->hold_count; i++) {
		const struct hold *hold = &input->holds[i];
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "hold", hold->id);
		(void)member_load(item, "max_safe", &change->safe[i], &hold->result->plan, false);
		(void)cJSON_AddItemToArray(array, item);
	}
}

void document_first_changes(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	cJSON *array = member_array(document, "first_changes");
	for (size_t i = 0; i < input->reach->change_count; i++) {
		const struct reach_change *change = &input->reach->changes[i];
		cJSON *item = fix_json(put, change->fix, &input->holds[0].result->plan);
		put_safe(put, item, input, change);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static bool has_finding(const struct result *result, const struct finding *finding)
{
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *other = &result->findings[i];
		if (!strcmp(other->id, finding->id) && !strcmp(other->text, finding->text))
			return true;
	}
	return false;
}

/* Without a workload only what holds for every kind of plan is a finding about this host. */
static bool in_every_hold(const struct document_input *input, const struct finding *finding)
{
	for (size_t i = 0; i < input->hold_count; i++) {
		if (!has_finding(input->holds[i].result, finding))
			return false;
	}
	return true;
}

void document_findings(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	cJSON *array = member_array(document, "findings");
	const struct result *result = input->result ? input->result : input->holds[0].result;
	for (size_t i = 0; i < result->finding_count; i++) {
		const struct finding *finding = &result->findings[i];
		if (!in_every_hold(input, finding))
			continue;
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "id", finding->id);
		member_text(put, item, "severity", finding->severity);
		member_text(put, item, "text", finding->text);
		member_text(put, item, "where", finding->where);
		member_sources(put, item, finding->sources, finding->source_count);
		(void)cJSON_AddItemToArray(array, item);
	}
}

void document_sizing(cJSON *document, const struct result *result)
{
	cJSON *array = member_array(document, "sizing");
	for (size_t i = 0; i < result->sizing_count; i++) {
		const struct sizing_point *point = &result->sizing[i];
		cJSON *item = cJSON_CreateObject();
		(void)member_load(item, "load", &point->load, &result->plan, true);
		member_number(item, "now", point->now);
		member_number(item, "after_fixes", point->after_fixes);
		(void)cJSON_AddItemToArray(array, item);
	}
}
