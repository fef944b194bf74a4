/* Limits that a process has of its own: raised under it while it runs, or at its next start. */
#include "model/why/remedy_process.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

struct process_limit {
	enum subject subject;
	const char *hard; /* a fact */
	const char *soft_fix, *hard_fix;
};

static const struct process_limit process_limits[] = {
		{
				.subject = SUBJECT_FILES,
				.hard = "limits.nofile.hard",
				.soft_fix = "nofile-soft",
				.hard_fix = "nofile-hard",
		},
		{
				.subject = SUBJECT_THREADS,
				.hard = "limits.nproc.hard",
				.soft_fix = "nproc-soft",
				.hard_fix = "nproc-hard",
		},
		{0},
};

static const struct process_limit *process_limit_of(const struct fix_rule *fix)
{
	for (const struct process_limit *row = process_limits; row->hard; row++) {
		if (strcmp(fix->id, row->soft_fix) == 0 || strcmp(fix->id, row->hard_fix) == 0)
			return row;
	}
	return NULL;
}

/* An engine sets it where it makes the container only. */
static void make_anew(const struct remedy_question *q, struct remedy *remedy, struct fix_form *form)
{
	static const char anew[] = "Create its container again with %s: %s update does not set it.";
	const char *engine = holder_engine(q->holder);
	if (!engine || form->file_count == 0)
		return;
	if (strcmp(engine, "kubernetes") == 0)
		return;
	const char *option = form->files[0].text;
	form->restart = NULL;
	remedy_note(q->arena, remedy, arena_printf(q->arena, anew, option, engine));
}

/* Does the program that runs use a larger limit? Only of descriptors that is a question. */
static enum picks_up picks_up(const struct remedy_question *q,
		const struct process_limit *limit,
		const struct program_rule **ret_program)
{
	const struct program_rule *program = rules_program(q->rules, q->holder->program);
	*ret_program = program;
	if (limit->subject != SUBJECT_FILES)
		return PICKS_UP_YES;
	if (!program)
		return PICKS_UP_UNKNOWN;
	return program->nofile;
}

static void not_known(const struct remedy_question *q, struct remedy *remedy)
{
	static const char says[] =
			"If the error stays, restart %s: some programs read this limit only at their start.";
	const char *program = q->holder->program;
	if (!program)
		program = "the program";
	remedy->sure = false;
	remedy_note(q->arena, remedy, arena_printf(q->arena, says, program));
}

static void add_process_limit(struct remedy_answer *answer,
		const struct process_limit *limit,
		const struct fix_rule *rule,
		double value)
{
	static const char root[] = "Raising the hard limit needs root (CAP_SYS_RESOURCE).";
	const struct remedy_question *q = answer->q;
	const struct program_rule *program;
	enum picks_up picks = picks_up(q, limit, &program);
	bool running = picks != PICKS_UP_NO && q->holder->pid > 0;
	struct remedy_fix fix;
	remedy_fix_of(q, rule, value, &fix);
	struct remedy remedy = remedy_new(&fix);
	struct fix_form form = form_of(&fix.form);
	if (running)
		form_raise_running(&fix.form, limit->subject, &form);
	else
		remedy.reach = REMEDY_RESTART;
	if (!running)
		make_anew(q, &remedy, &form);
	if (program && limit->subject == SUBJECT_FILES)
		remedy_note(q->arena, &remedy, program->nofile_note);
	remedy_take_form(&fix, &form, &remedy);
	double hard = facts_number(remedy_facts(q), limit->hard);
	if (running && value > hard)
		remedy_note(q->arena, &remedy, root);
	if (running && picks == PICKS_UP_UNKNOWN)
		not_known(q, &remedy);
	remedy_add(answer, &remedy);
}

/* The soft limit within the hard one if that is enough: nobody has to be root for it. */
static void add_process_limits(struct remedy_answer *answer, const struct process_limit *limit)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *soft = rules_fix(q->rules, limit->soft_fix);
	const struct fix_rule *hard = rules_fix(q->rules, limit->hard_fix);
	double value = (double)NAN, enough = q->now->used / q->options->target;
	const double wanted = remedy_wanted(q);
	bool within = remedy_value(q, soft, wanted, &value);
	if (within && value >= enough) {
		add_process_limit(answer, limit, soft, value);
		return;
	}
	if (remedy_value(q, hard, wanted, &value))
		add_process_limit(answer, limit, hard, value);
	else if (within)
		add_process_limit(answer, limit, soft, value);
}

bool remedy_of_process(struct remedy_answer *answer, const struct fix_rule *fix)
{
	const struct process_limit *limit = process_limit_of(fix);
	if (limit && strcmp(fix->id, limit->soft_fix) == 0 && remedy_raises(answer->q, fix))
		add_process_limits(answer, limit);
	return limit != NULL;
}
