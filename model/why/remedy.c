/* Chooses among the fixes of the limit, and gives them the form that reaches the holder. */
#include "model/why/remedy.h"

#include <math.h>
#include <string.h>

#include "base/shell.h"
#include "base/text.h"
#include "model/system.h"
#include "model/text/fix_text.h"
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

static const char *persistent_of(const struct fix_texts *texts, const char *kind)
{
	const char **pair = texts->persistent;
	while (pair[0] && pair[1]) {
		if (strcmp(pair[0], kind) == 0)
			return pair[1];
		pair += 2;
	}
	return NULL;
}

/* --- settings of the kernel
 * ----------------------------------------------------------------------- */

/* "sysctl -w net.core.somaxconn=1024": is that key one of a network namespace? */
static bool sets_namespaced(const struct remedy_question *q, const char *command)
{
	static const char begin[] = "sysctl -w ";
	if (!text_begins_with(command, begin))
		return false;
	const char *key = command + sizeof begin - 1;
	size_t length = strcspn(key, "=");
	key = arena_copy(q->arena, key, length);
	return sysctl_is_namespaced(key);
}

/* A command that acts on one network namespace: on that of the holder. */
static const char *in_its_network(const struct remedy_question *q, const char *command)
{
	const struct limit_holder *holder = q->holder;
	if (!holder->other_network)
		return command;
	return arena_printf(q->arena, "nsenter -t %d -n %s", holder->pid, command);
}

/* In the namespace of the holder, where the setting is one of a namespace. */
static const char *in_its_namespace(const struct remedy_question *q, const char *command)
{
	if (!command || !sets_namespaced(q, command))
		return command;
	return in_its_network(q, command);
}

static void sysctl_lasts(const struct remedy_question *q,
		struct remedy *remedy,
		const struct fix_texts *texts)
{
	static const char others[] =
			"It stays until that network namespace ends: whoever makes it has to set it.";
	static const char host[] = "It is one of the host: a container may not set it.";
	const struct limit_holder *holder = q->holder;
	bool namespaced = sets_namespaced(q, texts->command);
	const char *line = persistent_of(texts, "sysctl.d");
	if (namespaced && (holder->other_network || holder->within)) {
		if (remedy_engine(q))
			remedy_lasts(remedy, remedy_engine(q), line);
		else
			remedy_note(q->arena, remedy, others);
		return;
	}
	if (holder->within)
		remedy_note(q->arena, remedy, host);
	remedy_lasts(remedy, "sysctl.d", line);
	remedy_lasts(remedy, "modules-load.d", persistent_of(texts, "modules-load.d"));
}

static void add_sysctl(struct remedy_answer *answer, const struct fix_rule *fix, double value)
{
	const struct remedy_question *q = answer->q;
	const struct fix_texts texts = remedy_texts(q, fix, value);
	struct remedy remedy = remedy_new(fix, &texts);
	remedy_command(q, &remedy, in_its_namespace(q, texts.command));
	remedy.undo = in_its_namespace(q, texts.undo);
	remedy_note(q->arena, &remedy, fix->note);
	sysctl_lasts(q, &remedy, &texts);
	remedy_add(answer, &remedy);
}

/* --- control groups
 * ------------------------------------------------------------------------------ */

/* Upper-case words stand for what nobody knows here: "docker update … CONTAINER". */
static const char *with_container(const struct remedy_question *q, const char *command)
{
	static const char placeholder[] = "CONTAINER";
	const char *name = q->holder->container_name;
	const char *at = NULL;
	if (command)
		at = strstr(command, placeholder);
	if (!at)
		return command;
	if (!name || !shell_word(q->arena, name))
		return NULL;
	return arena_printf(q->arena,
			"%.*s%s%s",
			(int)(at - command),
			command,
			shell_word(q->arena, name),
			at + sizeof placeholder - 1);
}

/* The group's own file, as it was read. */
static const char *group_command(const struct remedy_question *q,
		const struct fix_rule *fix,
		const char *value)
{
	static const char groups[] = "/sys/fs/cgroup/";
	const struct facts *facts = remedy_facts(q);
	const struct fact *fact = facts_get(facts, fix->target, "");
	if (!fact || !fact->where)
		return NULL;
	if (!text_begins_with(fact->where, groups))
		return NULL;
	const char *path = shell_word(q->arena, fact->where);
	if (!path)
		return NULL;
	return arena_printf(q->arena, "echo %s >%s", value, path);
}

static void add_group(struct remedy_answer *answer, const struct fix_rule *fix, double value)
{
	const struct remedy_question *q = answer->q;
	const struct fix_texts texts = remedy_texts(q, fix, value);
	struct remedy remedy = remedy_new(fix, &texts);
	const char *command;
	bool of_unit = text_begins_with(texts.command, "systemctl ");
	if (of_unit || q->holder->container) {
		command = with_container(q, texts.command);
		remedy.undo = with_container(q, texts.undo);
	} else {
		command = group_command(q, fix, remedy_plain(q, value));
		remedy.undo = group_command(q, fix, remedy_plain(q, q->now->capacity));
	}
	bool pod = command && text_begins_with(command, "podPidsLimit");
	if (command && !pod)
		remedy_command(q, &remedy, command);
	else
		remedy_note(q->arena, &remedy, texts.command);
	if (pod)
		remedy.reach = REMEDY_RESTART;
	if (q->holder->container)
		remedy_lasts(&remedy, q->holder->container, persistent_of(&texts, "docker"));
	if (of_unit)
		remedy_note(q->arena, &remedy, "systemctl set-property writes it down as well: it stays.");
	remedy_add(answer, &remedy);
}

/* --- accept queues
 * ------------------------------------------------------------------------------- */

/* A container's own program does it, in there. */
static void reload_it(const struct remedy_question *q, struct remedy *remedy, const char *reload)
{
	const struct limit_holder *holder = q->holder;
	const char *engine = holder->container;
	const char *name = shell_word(q->arena, holder->container_name);
	const char *text = reload;
	if (engine && name)
		text = arena_printf(q->arena, "%s exec %s %s", engine, name, reload);
	else if (engine)
		text = arena_printf(q->arena, "In its container: %s", reload);
	if (engine && !name)
		remedy_note(q->arena, remedy, text);
	else
		remedy_command(q, remedy, text);
}

static void listen_again(const struct remedy_question *q, struct remedy *remedy, const char *value)
{
	const struct program_rule *program = rules_program(q->rules, q->holder->program);
	enum listens_again how = LISTENS_UNKNOWN;
	const char *unit = NULL;
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
						"Write %s there first: it listens again only if that number changes.",
						value));
	bool reloads = how == LISTENS_RELOAD || how == LISTENS_CHANGE;
	remedy->reach = REMEDY_RESTART;
	if (remedy_has_unit(q))
		unit = shell_word(q->arena, q->holder->unit);
	if (reloads && reload) {
		remedy->reach = REMEDY_RELOAD;
		reload_it(q, remedy, reload);
		return;
	}
	if (unit)
		remedy_command(q, remedy, arena_printf(q->arena, "systemctl restart %s", unit));
	remedy_note(q->arena,
			remedy,
			"A queue gets its length when the program listens, so it has to be started anew.");
	if (how == LISTENS_UNKNOWN)
		remedy_note(q->arena, remedy, "It has to ask for as many in listen(), too.");
}

static void add_queue(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *fix = rules_fix(q->rules, "somaxconn");
	double most = facts_number(remedy_facts(q), "net.core.somaxconn");
	if (!fix || isnan(most))
		return;
	double value = exp2(ceil(log2(fmax(1, remedy_wanted(q)))));
	const char *text = remedy_plain(q, value);
	const struct fix_texts texts = remedy_texts(q, fix, value);
	struct remedy remedy = remedy_new(fix, &texts);
	remedy.title = arena_printf(q->arena, "Listen with a queue of %s", text);
	if (value > most) {
		remedy_command(q, &remedy, in_its_namespace(q, texts.command));
		remedy.undo = in_its_namespace(q, texts.undo);
		sysctl_lasts(q, &remedy, &texts);
	}
	remedy_note(q->arena,
			&remedy,
			"A longer queue gives a slow program time; it does not make it faster.");
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
		add_sysctl(answer, fix, value);
}

static void add_reuse(struct remedy_answer *answer)
{
	const struct remedy_question *q = answer->q;
	const struct fix_rule *fix = rules_fix(q->rules, "tw-reuse");
	double value;
	if (remedy_value(q, fix, 1, &value))
		add_sysctl(answer, fix, value);
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
	if (text_begins_with(fix->target, "cgroup."))
		add_group(answer, fix, value);
	else if (fix->command && text_begins_with(fix->command, "sysctl "))
		add_sysctl(answer, fix, value);
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
		const struct fix_rule *fix,
		double value)
{
	static const char forget[] = "conntrack -D -p tcp --state TIME_WAIT";
	static const char helps[] =
			"It helps where most entries are of closed connections: the first command shortens the "
			"time of those that close from now on, the second deletes those that are there and "
			"says how many. conntrack is a package of its own (conntrack, conntrack-tools).";
	static const char costs[] =
			"It costs: a late packet of a deleted entry counts as one of a new connection, and its "
			"NAT port is free at once.";
	const struct remedy_question *q = answer->q;
	const struct fix_texts texts = remedy_texts(q, fix, value);
	struct remedy remedy = remedy_new(fix, &texts);
	/* Of which connections the entries are is not read. */
	remedy.sure = false;
	remedy_command(q, &remedy, in_its_namespace(q, texts.command));
	remedy_command(q, &remedy, in_its_network(q, forget));
	remedy.undo = in_its_namespace(q, texts.undo);
	remedy_note(q->arena, &remedy, helps);
	remedy_note(q->arena, &remedy, costs);
	sysctl_lasts(q, &remedy, &texts);
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
