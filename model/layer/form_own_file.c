/* A setting of the program's own file, as worker_rlimit_nofile: whatever starts the program, this
 * counts. */
#include <string.h>

#include "base/text.h"
#include "model/layer/form_make.h"

static const char *sentence(const struct form_question *q, double value)
{
	char number[NUMBER_TEXT_MAX];
	const char *shown = text_plain_number(number, value);
	return arena_printf(q->arena,
			"set %s to %s (%s), and start the program again",
			q->setting,
			shown,
			q->set_at);
}

bool form_of_own_file(const struct form_question *q, struct fix_form *form)
{
	const struct fix_change *change = q->change;
	const char *target = change->rule->target;
	if (!q->setting)
		return false;
	if (strcmp(target, "nofile") != 0)
		return false;
	form_clear(form);
	form->layer.kind = LAYER_PROGRAM;
	form->layer.text = arena_printf(q->arena, "the program itself, %s", q->setting);
	form->say = sentence(q, change->to);
	form->undo_say = sentence(q, change->from);
	form->restart = "the program";
	form->shared_with = "nobody";
	return true;
}
