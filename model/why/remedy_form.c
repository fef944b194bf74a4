/* The parts of a remedy. */
#include "model/why/remedy_form.h"

#include <math.h>
#include <string.h>

#include "base/ascii.h"
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

/* Is the table of one family of addresses asked about? */
static bool is_of_one_family(const char *by)
{
	return by && (strcmp(by, "IPv4") == 0 || strcmp(by, "IPv6") == 0);
}

bool remedy_value(const struct remedy_question *q,
		const struct fix_rule *fix,
		double wanted,
		double *ret_value)
{
	struct fix_rule asked = *fix;
	/* `applies` asks a plan for its destinations; here the family is known without one. */
	if (is_of_one_family(q->now->by))
		asked.applies = NULL;
	const struct trial_fix trial = remedy_trial(q, &asked);
	return change_reach(q->rules, q->state, q->options, &trial, wanted, ret_value);
}

bool remedy_is_of_family(const char *by, const struct fix_rule *fix)
{
	if (!by)
		return true;
	if (strcmp(by, "IPv4") == 0)
		return !text_begins_with(fix->target, "net.ipv6.");
	if (strcmp(by, "IPv6") == 0)
		return !text_begins_with(fix->target, "net.ipv4.");
	return true;
}

/* Does the fix raise what is full? A limit may be the lowest of several. */
bool remedy_raises(const struct remedy_question *q, const struct fix_rule *fix)
{
	const struct trial_fix trial = remedy_trial(q, fix);
	if (!remedy_is_of_family(q->now->by, fix))
		return false;
	return fix->set || fix->lower || change_current(q->state, &trial) == q->now->capacity;
}

void remedy_fix_of(const struct remedy_question *q,
		const struct fix_rule *rule,
		double value,
		struct remedy_fix *ret_fix)
{
	const struct trial_fix trial = remedy_trial(q, rule);
	const struct state after = change_apply(q->arena, q->rules, q->state, &trial, value);
	*ret_fix = (struct remedy_fix){.q = q, .rule = rule};
	ret_fix->change = (struct fix_change){
			.rule = rule,
			.before = remedy_facts(q),
			.after = after.facts[0],
			.from = change_current(q->state, &trial),
			.to = value,
	};
	ret_fix->texts = fix_texts_of(q->arena, &ret_fix->change);
	ret_fix->form = (struct form_question){
			.arena = q->arena,
			.holder = q->holder,
			.change = &ret_fix->change,
			.texts = &ret_fix->texts,
	};
}

const char *remedy_plain(const struct remedy_question *q, double value)
{
	char out[NUMBER_TEXT_MAX];
	if (isinf(value))
		return "unlimited";
	return arena_strdup(q->arena, text_plain_number(out, value));
}

struct remedy remedy_new(const struct remedy_fix *fix)
{
	return (struct remedy){
			.fix = fix->rule,
			.title = fix->texts.title,
			.sure = true,
			.risk = fix->rule->risk,
	};
}

void remedy_add_script(const struct remedy_question *q,
		struct remedy *remedy,
		const struct shell_script *script)
{
	for (size_t i = 0; i < script->count; i++)
		*shell_add(q->arena, &remedy->commands) = script->items[i];
}

/* "then start the program from this shell" */
static const char *as_sentence(struct arena *arena, const char *clause)
{
	if (!clause || !*clause)
		return NULL;
	return arena_printf(arena, "%c%s.", ascii_upper(*clause), clause + 1);
}

static bool is_to_fill_in(const struct shell_script *script)
{
	for (size_t i = 0; i < script->count; i++) {
		const struct name_list *words = &script->items[i].words;
		for (size_t k = 0; k < words->count; k++)
			if (shell_is_placeholder(words->items[k]))
				return true;
	}
	return false;
}

void remedy_take_form(const struct remedy_fix *fix,
		const struct fix_form *form,
		struct remedy *remedy)
{
	struct arena *arena = fix->q->arena;
	if (!is_to_fill_in(&form->commands)) {
		remedy->commands = form->commands;
		remedy->undo = form->undo;
	}
	memcpy(remedy->files, form->files, sizeof remedy->files);
	remedy->file_count = form->file_count;
	remedy_note(arena, remedy, as_sentence(arena, form->say));
	if (remedy->commands.count == 0 && form->restart)
		remedy_note(arena, remedy, arena_printf(arena, "Restart: %s.", form->restart));
	remedy_note(arena, remedy, form->note);
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

void remedy_add(struct remedy_answer *answer, const struct remedy *remedy)
{
	if (answer->count < REMEDIES_MAX)
		answer->remedies[answer->count++] = *remedy;
}
