/* More files than the kernel gives any process. */
#include <string.h>

#include "base/text.h"
#include "model/layer/form_make.h"

static const char nr_open_key[] = "fs.nr_open";

static const char *nr_open_setting(struct arena *arena, const char *equals, double value)
{
	char number[NUMBER_TEXT_MAX];
	const char *text = text_plain_number(number, value);
	return arena_printf(arena, "%s%s%s", nr_open_key, equals, text);
}

void form_with_nr_open(const struct form_question *q, struct fix_form *form)
{
	static const char path[] = "/etc/sysctl.d/99-zz-headroom.conf";
	static const char note[] = "fs.nr_open is one number for the whole machine: set it there.";
	struct arena *arena = q->arena;
	double was = facts_number(q->change->before, nr_open_key);
	double is = facts_number(q->change->after, nr_open_key);
	struct shell_script script = {0};
	if (!(is > was))
		return;
	const char *now = nr_open_setting(arena, "=", is);
	const char *back = nr_open_setting(arena, "=", was);
	const char *line = nr_open_setting(arena, " = ", is);
	shell_add_words(arena, &script, "sysctl", "-w", now, NULL);
	for (size_t i = 0; i < form->commands.count; i++) {
		struct command_words *next = shell_add(arena, &script);
		*next = form->commands.items[i];
	}
	form->commands = script;
	form_add_file(form, "sysctl.d", path, line);
	shell_add_words(arena, &form->undo, "sysctl", "-w", back, NULL);
	form_note(arena, form, note);
}
