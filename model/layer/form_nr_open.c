/* More files than the kernel gives any process. */
#include <string.h>

#include "base/text.h"
#include "model/layer/form_make.h"

static const char nr_open_key[] = "fs.nr_open";

static const char *nr_open_setting(struct arena *arena, const char *equals, double value)
{
	char number[NUMBER_TEXT_MAX];
	(void)text_plain_number(number, value);
	return arena_printf(arena, "fs.nr_open%s%s", equals, number);
}

static void append_script(struct arena *arena,
		struct shell_script *script,
		const struct shell_script *more)
{
	const struct command_words *from = more->items;
	size_t left = more->count;
	while (left > 0) {
		*shell_add(arena, script) = *from;
		from++;
		left--;
	}
}

/* How many files a process may have at most. */
static double nr_open_of(const struct facts *facts)
{
	return facts_number(facts, nr_open_key);
}

void form_with_nr_open(const struct form_question *q, struct fix_form *form)
{
	static const char path[] = "/etc/sysctl.d/99-zz-headroom.conf";
	static const char note[] = "fs.nr_open applies to the whole machine: set it there.";
	struct arena *arena = q->arena;
	struct shell_script script = {0};
	double was = nr_open_of(q->change->before);
	double is = nr_open_of(q->change->after);
	if (!(is > was))
		return;
	const char *now = nr_open_setting(arena, "=", is);
	const char *back = nr_open_setting(arena, "=", was);
	const char *line = nr_open_setting(arena, " = ", is);
	shell_add_words(arena, &script, "sysctl", "-w", now, NULL);
	append_script(arena, &script, &form->commands);
	form->commands = script;
	form_add_file(form, "sysctl.d", path, line);
	shell_add_words(arena, &form->undo, "sysctl", "-w", back, NULL);
	form_note(arena, form, note);
}
