/* Chooses among the fixes of the limit, and gives them the form that reaches the holder. */
#include "model/why/remedy.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/shell.h"
#include "base/text.h"
#include "model/why/remedy_process.h"

/* Below this part of the ports, those in TIME_WAIT are not what is missing. */
static const double worth_taking_over = 0.1;

const char *remedy_reach_name(enum remedy_reach reach)
{
	static const char *const names[] = {
			[REMEDY_NOW] = "now",
			[REMEDY_RELOAD] = "reload",
			[REMEDY_RESTART] = "restart",
	};
	return names[reach];
}

/* In the form of the layer that holds the setting: the host, another network namespace, a
 * container's engine, a control group. */
static void add_in_its_form(struct remedy_answer *answer, const struct fix_rule *rule, double value)
{
	struct remedy_fix fix;
	remedy_fix_of(answer->q, rule, value, &fix);
	const struct fix_form form = form_of(&fix.form);
	struct remedy remedy = remedy_new(&fix);
	remedy_take_form(&fix, &form, &remedy);
	if (remedy.commands.count == 0)
		remedy.reach = REMEDY_RESTART;
	remedy_add(answer, &remedy);
}

/* --- accept queues
 * ------------------------------------------------------------------------------- */

/* A container's own program does it, in there. */
static void reload_it(const struct remedy_question *q, struct remedy *remedy, const char *reload)
{
	const struct limit_holder *holder = q->holder;
	const char *engine = holder->container, *name = holder->container_name, *remark;
	struct shell_script script = shell_parse(q->arena, reload, &remark);
	if (engine && !name) {
		const char *text = arena_printf(q->arena, "In its container: %s", reload);
		remedy_note(q->arena, remedy, text);
		return;
	}
	for (size_t i = 0; engine && i < script.count; i++) {
		struct name_list inside = {0}, *words = &script.items[i].words;
		const char *const enter[] = {engine, "exec", name};
		for (size_t n = 0; n < COUNT_OF(enter); n++)
			name_list_append(q->arena, &inside, enter[n]);
		for (size_t k = 0; k < words->count; k++)
			name_list_append(q->arena, &inside, words->items[k]);
		*words = inside;
	}
	remedy_add_script(q, remedy, &script);
}

static void restart_unit(const struct remedy_question *q, struct remedy *remedy)
{
	const struct limit_holder *holder = q->holder;
	if (!holder_has_service(holder))
		return;
	struct name_list *words = &shell_add(q->arena, &remedy->commands)->words;
	name_list_append(q->arena, words, "systemctl");
	if (holder->of_user)
		name_list_append(q->arena, words, "--user");
	name_list_append(q->arena, words, "restart");
	name_list_append(q->arena, words, holder->unit);
}

static void listen_again(const struct remedy_question *q, struct remedy *remedy, const char *value)
{
	const struct program_rule *program = rules_program(q->rules, q->holder->program);
	enum listens_again how = LISTENS_UNKNOWN;
	const char *reload = NULL;
	if (program) {
		how = program->listens;
		reload = program->reload;
		remedy_note(q->arena, remedy, program->listens_note);
	}
	if (how == LISTENS_CHANGE)
		remedy_note(q->arena,
				remedy,
				arena_printf(q->arena,
						"Set %s there first: the program listens again only if that number "
						"changes.",
						value));
	bool reloads = how == LISTENS_RELOAD || how == LISTENS_CHANGE;
	remedy->reach = REMEDY_RESTART;
	if (reloads && reload) {
		remedy->reach = REMEDY_RELOAD;
		reload_it(q, remedy, reload);
		return;
	}
	restart_unit(q, remedy);
	remedy_note(q->arena,
			remedy,
			"The queue gets its length when the program calls listen(), so restart "
			"the program.");
	if (how == LISTENS_UNKNOWN)
		remedy_note(q->arena, remedy, "The program must also ask for that many in listen().");
}

static void add_queue(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *rule = rules_fix(q->rules, "somaxconn");
	double most = facts_number(remedy_facts(q), "net.core.somaxconn");
	if (!rule || isnan(most))
		return;
	double value = exp2(ceil(log2(fmax(1, remedy_wanted(q)))));
	const char *text = remedy_plain(q, value);
	struct remedy_fix fix;
	remedy_fix_of(q, rule, value, &fix);
	struct remedy remedy = remedy_new(&fix);
	remedy.title = arena_printf(q->arena, "Listen with a queue of %s", text);
	if (value > most) {
		const struct fix_form form = form_of(&fix.form);
		remedy_take_form(&fix, &form, &remedy);
	}
	remedy_note(q->arena,
			&remedy,
			"A longer queue gives a slow program more time; it does not make it "
			"faster.");
	listen_again(q, &remedy, text);
	remedy_add(answer, &remedy);
}

/* --- ports
 * ---------------------------------------------------------------------------------------- */

/* Ports in TIME_WAIT, as part of those in use. NAN: not known. */
static double waiting_part(const struct remedy_question *q)
{
	const struct facts *facts = remedy_facts(q);
	const char *instance = remedy_instance(q);
	double used = q->now->used;
	const struct fact *waiting;
	waiting = facts_get(facts, "pool.time_wait", instance);
	if (!waiting)
		waiting = facts_get(facts, "destination.time_wait", instance);
	if (!waiting || waiting->status != FACT_KNOWN)
		return (double)NAN;
	if (used > 0)
		return waiting->number / used;
	return (double)NAN;
}

static void add_range(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *fix = rules_fix(q->rules, "port-range");
	const struct facts *facts = remedy_facts(q);
	double low = facts_number(facts, "ports.low");
	double value;
	/* As many ports again, below those that there are. */
	low -= q->now->capacity;
	if (remedy_value(q, fix, low, &value))
		add_in_its_form(answer, fix, value);
}

static void add_reuse(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *fix = rules_fix(q->rules, "tw-reuse");
	double value;
	if (remedy_value(q, fix, 1, &value))
		add_in_its_form(answer, fix, value);
}

/* What is missing decides: ports that wait are taken over, those that are used need others. */
static void add_ports(struct remedy_answer *answer)
{
	double waiting = waiting_part(answer->q);
	if (waiting >= 0.5)
		add_reuse(answer);
	add_range(answer);
	if (!(waiting >= 0.5) && !(waiting < worth_taking_over))
		add_reuse(answer);
}

/* --- any limit
 * ------------------------------------------------------------------------------------ */

static void add_fix(struct remedy_answer *answer, const struct fix_rule *fix)
{
	const struct remedy_question *q = answer->q;
	const double wanted = remedy_wanted(q);
	double value;
	if (fix->kind != FIX_FACT || !remedy_raises(q, fix))
		return;
	if (!remedy_value(q, fix, wanted, &value))
		return;
	bool group = text_begins_with(fix->target, "cgroup.");
	bool setting = fix->command && text_begins_with(fix->command, "sysctl ");
	if (group || setting)
		add_in_its_form(answer, fix, value);
}

static void add_fixes(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct rule_text_list *ids = &q->limit->fixes;
	for (size_t i = 0; i < ids->count; i++) {
		const struct fix_rule *fix = rules_fix(q->rules, ids->items[i]);
		if (fix && !remedy_of_process(answer, fix))
			add_fix(answer, fix);
	}
}

/* Measured on Linux 6.18: entries that are there keep the time that they have, so the shorter
 * timeout alone ends nothing now: they are deleted as well. The kernel itself deletes some 250
 * closed entries of a full table at a time, half a minute or more apart. */
static void add_forget_closed(struct remedy_answer *answer,
		const struct fix_rule *rule,
		double value)
{
	static const char helps[] =
			"It helps if most entries belong to closed connections. The first "
			"command shortens the timeout for connections that close from now on. "
			"The second deletes existing entries and says how many. The conntrack "
			"command comes in a separate package (conntrack, conntrack-tools).";
	static const char costs[] =
			"The price: a late packet of a deleted entry counts as a new connection, "
			"and its NAT port is free at once.";
	const struct remedy_question *q = answer->q;
	struct remedy_fix fix;
	struct shell_script forget = {0};
	remedy_fix_of(q, rule, value, &fix);
	const struct fix_form form = form_of(&fix.form);
	struct remedy remedy = remedy_new(&fix);
	/* Of which connections the entries are is not read. */
	remedy.sure = false;
	remedy_take_form(&fix, &form, &remedy);
	shell_add_words(q->arena,
			&forget,
			"conntrack",
			"-D",
			"-p",
			"tcp",
			"--state",
			"TIME_WAIT",
			NULL);
	form_enter_network(&fix.form, &forget);
	remedy_add_script(q, &remedy, &forget);
	remedy_note(q->arena, &remedy, helps);
	remedy_note(q->arena, &remedy, costs);
	remedy_add(answer, &remedy);
}

/* The size first, which helps at once; it is one number for the whole host, the entries and their
 * times are those of a namespace. */
static void add_tracking(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *fix = rules_fix(q->rules, "conntrack-time-wait");
	double value;
	add_fixes(answer);
	if (fix && remedy_value(q, fix, 1, &value))
		add_forget_closed(answer, fix, value);
}

/* What is not known to help comes after what is. */
static void sort_sure_first(struct remedy_answer *answer)
{
	for (size_t i = 1; i < answer->count; i++) {
		const struct remedy item = answer->remedies[i];
		size_t at = i;
		while (at > 0 && item.sure && !answer->remedies[at - 1].sure) {
			answer->remedies[at] = answer->remedies[at - 1];
			at--;
		}
		answer->remedies[at] = item;
	}
}

size_t remedies_of(const struct remedy_question *question, struct remedy *ret_remedies)
{
	struct remedy_answer answer = {.q = question, .remedies = ret_remedies};
	const char *id = question->limit->id;
	if (isnan(question->now->capacity) || isinf(question->now->capacity))
		return 0;
	if (strcmp(id, "ephemeral-ports") == 0)
		add_ports(&answer);
	else if (strcmp(id, "accept-queue") == 0)
		add_queue(&answer);
	else if (strcmp(id, "conntrack") == 0)
		add_tracking(&answer);
	else
		add_fixes(&answer);
	sort_sure_first(&answer);
	return answer.count;
}
