/* Chooses the form. */
#include "model/layer/form.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/layer/form_make.h"

/* Where files of a kind belong: FIX_SYSCTL_PATH and others (report/emit/fix_values.h). */
static const char *path_of_kind(const char *kind)
{
	static const char *const paths[][2] = {
			{"sysctl.d", "/etc/sysctl.d/99-zz-headroom.conf"},
			{"limits.d", "/etc/security/limits.d/99-zz-headroom.conf"},
			{"modules-load.d", "/etc/modules-load.d/headroom.conf"},
			{"kubelet", "/var/lib/kubelet/config.yaml"},
	};
	for (size_t i = 0; i < COUNT_OF(paths); i++)
		if (strcmp(kind, paths[i][0]) == 0)
			return paths[i][1];
	return NULL;
}

/* As the rule has it. */
static struct fix_form form_of_rule(const struct form_question *q)
{
	const struct fix_texts *texts = q->texts;
	const struct fix_rule *rule = q->change->rule;
	struct fix_form form = {
			.commands = texts->commands,
			.undo = texts->undo_commands,
			.say = texts->say,
			.undo_say = texts->undo_say,
			.restart = rule->restart,
			.note = rule->note,
			.shared_with = rule->shared_with,
	};
	for (const char **pair = texts->persistent; pair[0] && pair[1]; pair += 2)
		form_add_file(&form, pair[0], path_of_kind(pair[0]), pair[1]);
	return form;
}

/* One number for the whole machine: a container may not set it. */
static void form_of_kernel(const struct form_question *q, struct fix_form *form)
{
	static const char on_the_node[] =
			"Run it on the machine itself: a container may not change kernel "
			"settings.";
	if (holder_engine(q->holder) && q->holder->within)
		form_note(q->arena, form, on_the_node);
	else if (q->holder->child_network && !q->holder->darwin)
		form_note(q->arena, form, "Run it in the network namespace of the host.");
}

/* The command of the undo lasts until the next boot if the file stays. */
static void form_undo_file(struct fix_form *form)
{
	if (form->undo_say || form->undo.count == 0)
		return;
	for (size_t i = 0; i < form->file_count; i++)
		if (strcmp(form->files[i].kind, "sysctl.d") == 0)
			form->undo_say = "delete what you added to sysctl.d, if you made it permanent";
}

static struct fix_form form_of_subject(const struct form_question *q)
{
	const struct fix_rule *rule = q->change->rule;
	const enum subject subject = subject_of(rule->target, q->holder->darwin);
	struct fix_form form = form_of_rule(q);
	if (rule->kind == FIX_HOSTS) {
		form.layer = layer_of(q->arena, q->holder, q->change->before, SUBJECT_PLAN);
		return form;
	}
	form.layer = layer_of(q->arena, q->holder, q->change->before, subject);
	switch (subject) {
	case SUBJECT_FILES:
	case SUBJECT_THREADS:
		if (q->holder->darwin)
			break;
		if (!form_of_own_file(q, &form))
			form_inherited(q, subject, &form);
		break;
	case SUBJECT_NETWORK:
		form_of_network(q, &form);
		break;
	case SUBJECT_GROUP:
		form_of_group(q, &form);
		break;
	case SUBJECT_KERNEL:
		form_of_kernel(q, &form);
		break;
	case SUBJECT_QUEUE: /* the sysctl that goes with it */
		if (form.commands.count > 0 && !q->holder->darwin)
			form_of_network(q, &form);
		break;
	case SUBJECT_PROGRAM:
	case SUBJECT_NAT:
	case SUBJECT_CLOUD:
	case SUBJECT_PLAN:
	case SUBJECTS:
		break;
	}
	return form;
}

struct fix_form form_of(const struct form_question *q)
{
	struct fix_form form = form_of_subject(q);
	form_undo_file(&form);
	return form;
}
