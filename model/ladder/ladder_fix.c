/* Gives a fix its texts and lists what it changes. */
#include "model/ladder/ladder_fix.h"

#include <math.h>
#include <string.h>

#include "model/layer/form.h"

/* As the load sees them that the fix is tried for. */
static const struct facts *facts_for(const struct state *state, const struct fix *fix)
{
	return state->facts[fix->load];
}

static const char range_key[] = "net.ipv4.ip_local_port_range",
				  reserved_key[] = "net.ipv4.ip_local_reserved_ports";

static const char *fact_text_or(const struct facts *facts, const char *key, const char *otherwise)
{
	const char *text = facts_text(facts, key);
	return text ? text : otherwise;
}

static const char *lines_or_say(struct arena *arena,
		const struct shell_script *script,
		const char *say)
{
	const char *lines = shell_lines(arena, script);
	if (!lines)
		return say;
	return lines;
}

/* A process of a proxy is told a number for both of its sides. */
static double part_of_process(const struct workload *workload)
{
	const char *role = workload->values[W_ROLE].text;
	double sides = 1;
	if (role && strcmp(role, "proxy") == 0)
		sides = 2;
	return sides / fmax(1, workload->values[W_PROCESSES].number);
}

static void fill_texts(struct climb *c, struct fix *fix, const struct fix_trial *trial)
{
	const struct workload *workload = &trial->before->loads.items[fix->load];
	const struct fix_change change = {
			.rule = fix->rule,
			.before = facts_for(trial->before, fix),
			.after = facts_for(trial->after, fix),
			.from = trial->from,
			.to = trial->to,
			.each = part_of_process(workload),
	};
	const struct fix_texts texts = fix_texts_of(c->arena, &change);
	const struct workload_value *nofile = &workload->values[W_NOFILE];
	const struct form_question question = {
			.arena = c->arena,
			.holder = c->holder,
			.change = &change,
			.texts = &texts,
			.options = &c->engine_options,
			.setting = nofile->setting,
			.set_at = nofile->from,
	};
	fix->form = form_of(&question);
	struct fix_form *form = &fix->form;
	fix->title = texts.title;
	if (fix->load_name) { /* a change of the test: it is said in words */
		fix->title = arena_printf(c->arena, "%s: %s", fix->load_name, fix->title);
		if (texts.say)
			form->say = arena_printf(c->arena, "%s: %s", fix->load_name, texts.say);
	}
	fix->command = lines_or_say(c->arena, &form->commands, form->say);
	fix->undo = lines_or_say(c->arena, &form->undo, form->undo_say);
}

static void ladder_add_change(struct climb *c, struct fix *fix, struct change change)
{
	const size_t count = fix->change_count;
	const size_t room = count + 1;
	struct change *all = arena_alloc(c->arena, room * sizeof *all);
	if (count > 0)
		memcpy(all, fix->changes, count * sizeof *all);
	all[count] = change;
	fix->changes = all;
	fix->change_count = room;
}

static void text_change(struct climb *c,
		struct fix *fix,
		const char *key,
		const char *from,
		const char *to)
{
	const struct change change = {
			.key = key,
			.from = NAN,
			.to = NAN,
			.from_text = from,
			.to_text = to,
	};
	if (strcmp(from, to) != 0)
		ladder_add_change(c, fix, change);
}

static void number_change(struct climb *c, struct fix *fix, const char *key, double from, double to)
{
	const struct change change = {
			.key = key,
			.from = from,
			.to = to,
	};
	ladder_add_change(c, fix, change);
}

/* A range of ports is one text, as its reservations are. */
static void range_changes(struct climb *c,
		struct fix *fix,
		const struct facts *was,
		const struct facts *is)
{
	const char *old = facts_text(was, range_key);
	const char *new = facts_text(is, range_key);
	text_change(c, fix, range_key, old, new);
	old = fact_text_or(was, reserved_key, "");
	new = fact_text_or(is, reserved_key, "");
	text_change(c, fix, reserved_key, old, new);
}

/* The word that the plan has for what the fix changes. */
static const char *workload_text(const struct state *state, const struct fix *fix)
{
	const struct workload_value *values = state->loads.items[fix->load].values;
	for (int i = 0; i < WORKLOAD_FIELDS; i++) {
		if (!strcmp(workload_rows[i].name, fix->rule->target) && values[i].text)
			return values[i].text;
	}
	return "";
}

/* What gets the same value. */
static void changes_besides(struct climb *c,
		struct fix *fix,
		const struct facts *was,
		const struct facts *is)
{
	const struct rule_text_list *also = &fix->rule->also;
	for (size_t i = 0; i < also->count; i++) {
		const char *key = also->items[i];
		double old = facts_number(was, key);
		double new = facts_number(is, key);
		if (!isnan(new) && new != old)
			number_change(c, fix, key, old, new);
	}
}

/* The model makes the whole range of either end. */
static bool is_end_of_range(const char *key)
{
	if (strcmp(key, "ports.low") == 0)
		return true;
	return strcmp(key, "ports.high") == 0;
}

static void note_changes(struct climb *c, struct fix *fix, const struct fix_trial *trial)
{
	const struct facts *was = facts_for(trial->before, fix);
	const struct facts *is = facts_for(trial->after, fix);
	const struct fix_rule *rule = fix->rule;
	const char *key = rule->target;
	if (rule->kind == FIX_HOSTS)
		key = "hosts";
	if (rule->word) {
		const char *old = workload_text(trial->before, fix);
		text_change(c, fix, key, old, rule->word);
		return;
	}
	if (is_end_of_range(key) && facts_text(was, range_key)) {
		range_changes(c, fix, was, is);
		return;
	}
	number_change(c, fix, key, trial->from, trial->to);
	changes_besides(c, fix, was, is);
}

void ladder_fill_fix(struct climb *c, struct fix *fix, const struct fix_trial *trial)
{
	fill_texts(c, fix, trial);
	note_changes(c, fix, trial);
}
