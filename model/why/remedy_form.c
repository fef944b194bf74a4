/* The parts of a remedy. */
#include "model/why/remedy_form.h"

#include <math.h>
#include <string.h>

#include "base/shell.h"
#include "base/text.h"

/* A limit that is full is doubled at least: what it takes is not known. */
static const double grows_by = 2;

const struct facts *remedy_facts(const struct remedy_question *q)
{
	return q->state->facts[0];
}

const char *remedy_instance(const struct remedy_question *q)
{
	if (q->now->instance)
		return q->now->instance;
	return "";
}

struct trial_fix remedy_trial(const struct remedy_question *q, const struct fix_rule *fix)
{
	return (struct trial_fix){.rule = fix, .instance = remedy_instance(q)};
}

double remedy_wanted(const struct remedy_question *q)
{
	return fmax(q->now->capacity * grows_by, q->now->used / q->options->target);
}

bool remedy_value(const struct remedy_question *q,
		const struct fix_rule *fix,
		double wanted,
		double *ret_value)
{
	const struct trial_fix trial = remedy_trial(q, fix);
	return change_reach(q->rules, q->state, q->options, &trial, wanted, ret_value);
}

/* Does the fix raise what is full? A limit may be the lowest of several. */
bool remedy_raises(const struct remedy_question *q, const struct fix_rule *fix)
{
	const struct trial_fix trial = remedy_trial(q, fix);
	return fix->set || fix->lower || change_current(q->state, &trial) == q->now->capacity;
}

bool remedy_has_unit(const struct remedy_question *q)
{
	const struct limit_holder *holder = q->holder;
	bool service = holder->unit && text_ends_with(holder->unit, ".service");
	return service && !holder->container && shell_word(q->arena, holder->unit);
}

const char *remedy_engine(const struct remedy_question *q)
{
	if (q->holder->container)
		return q->holder->container;
	return q->holder->within;
}

/* The rule's texts with this value. */
struct fix_texts remedy_texts(const struct remedy_question *q,
		const struct fix_rule *fix,
		double value)
{
	const struct trial_fix trial = remedy_trial(q, fix);
	const struct state after = change_apply(q->arena, q->rules, q->state, &trial, value);
	const struct fix_change change = {
			.rule = fix,
			.before = remedy_facts(q),
			.after = after.facts[0],
			.from = change_current(q->state, &trial),
			.to = value,
	};
	return fix_texts_of(q->arena, &change);
}

const char *remedy_plain(const struct remedy_question *q, double value)
{
	char out[NUMBER_TEXT_MAX];
	if (isinf(value))
		return "unlimited";
	return arena_strdup(q->arena, text_plain_number(out, value));
}

struct remedy remedy_new(const struct fix_rule *fix, const struct fix_texts *texts)
{
	return (struct remedy){
			.fix = fix,
			.title = texts->title,
			.sure = true,
			.risk = fix->risk,
	};
}

void remedy_command(const struct remedy_question *q, struct remedy *remedy, const char *command)
{
	name_list_append(q->arena, &remedy->commands, command);
}

void remedy_note(struct arena *arena, struct remedy *remedy, const char *sentence)
{
	if (!sentence || !*sentence)
		return;
	if (remedy->note)
		remedy->note = arena_printf(arena, "%s %s", remedy->note, sentence);
	else
		remedy->note = sentence;
}

void remedy_lasts(struct remedy *remedy, const char *kind, const char *text)
{
	if (text && remedy->lasting_count < LASTING_MAX)
		remedy->lasting[remedy->lasting_count++] = (struct lasting){kind, text};
}

void remedy_add(struct remedy_answer *answer, const struct remedy *remedy)
{
	if (answer->count < REMEDIES_MAX)
		answer->remedies[answer->count++] = *remedy;
}
