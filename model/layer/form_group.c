/* Limits of a control group: of a unit, of a container, or of a group that nothing else made. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/layer/form_make.h"

static const char stays[] = "systemctl set-property also saves it, so it is permanent.";
static const char scope_ends[] =
		"It ends with that scope; the next one has systemd's default again.";
static const char next_container[] = "A container created later needs the option too.";
static const char drop_in[] = "/etc/systemd/system/%s.d/headroom-tasks.conf";

/* "systemctl" "set-property" UNIT …: the unit's whole name. */
static const char *unit_of(const struct fix_form *form)
{
	const size_t place = 2;
	const struct name_list *words;
	if (form->commands.count == 0)
		return NULL;
	words = &form->commands.items[0].words;
	if (words->count <= place)
		return NULL;
	return words->items[place];
}

static const char *section_of(const char *unit)
{
	if (text_ends_with(unit, ".service"))
		return "Service";
	if (text_ends_with(unit, ".slice"))
		return "Slice";
	return NULL;
}

/* TasksMax= of a unit: its drop-in. A scope ends with what runs in it, and keeps nothing. */
static void form_of_unit_group(const struct form_question *q, struct fix_form *form)
{
	struct arena *arena = q->arena;
	const char *unit = unit_of(form);
	const char *section;
	if (!unit)
		return;
	section = section_of(unit);
	if (!section) {
		form->file_count = 0;
		form_note(arena, form, scope_ends);
		return;
	}
	for (size_t i = 0; i < form->file_count; i++) {
		struct form_file *file = &form->files[i];
		if (strcmp(file->kind, "systemd") != 0)
			continue;
		file->path = arena_printf(arena, drop_in, unit);
		file->text = arena_printf(arena, "[%s]\n%s", section, file->text);
	}
	form_note(arena, form, stays);
}

/* CONTAINER stands for its name. */
static void name_container(const struct limit_holder *holder, const struct shell_script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		struct name_list *words = &script->items[i].words;
		for (size_t k = 0; k < words->count; k++) {
			const char *word = words->items[k];
			if (strcmp(word, "CONTAINER") == 0)
				words->items[k] = holder->container_name;
		}
	}
}

static const char *number_word(struct arena *arena, double value)
{
	char number[NUMBER_TEXT_MAX];
	const char *text;
	if (!isfinite(value))
		return "max";
	text = text_plain_number(number, value);
	return arena_strdup(arena, text);
}

static void write_group(const struct form_question *q,
		struct shell_script *script,
		const char *path,
		double value)
{
	const char *text = number_word(q->arena, value);
	*script = (struct shell_script){0};
	shell_add_words(q->arena, script, "sh", "-c", "echo $1 >\"$2\"", "sh", text, path, NULL);
}

/* A process that runs in the same container as this program: the file of its group is here, too. */
static void form_within(const struct form_question *q, struct fix_form *form)
{
	const struct limit_holder *holder = q->holder;
	const struct fix_change *change = q->change;
	const char *key = change->rule->target;
	const struct fact *fact;
	if (!holder->within || holder->pid <= 0)
		return;
	fact = facts_get(change->before, key, "");
	if (!fact || !fact->where)
		return;
	if (!text_begins_with(fact->where, "/sys/fs/cgroup/"))
		return;
	write_group(q, &form->commands, fact->where, change->to);
	write_group(q, &form->undo, fact->where, change->from);
	form_note(q->arena, form, next_container);
}

static void form_of_container_group(const struct form_question *q, struct fix_form *form)
{
	const struct limit_holder *holder = q->holder;
	const char *value = number_word(q->arena, q->change->to);
	const char *line = arena_printf(q->arena, "pids_limit: %s", value);
	if (holder->planned || !holder->container_name) {
		form_option(q, form, "--pids-limit", value);
		form->undo = (struct shell_script){0};
		form->undo_say = "create the container without the option";
	} else {
		name_container(holder, &form->commands);
		name_container(holder, &form->undo);
	}
	form_compose(q, form, line);
	form_within(q, form);
}

void form_of_group(const struct form_question *q, struct fix_form *form)
{
	enum layer_kind kind = form->layer.kind;
	if (kind == LAYER_UNIT)
		form_of_unit_group(q, form);
	else if (kind == LAYER_ENGINE)
		form_of_container_group(q, form);
}
