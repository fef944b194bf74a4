/* Limits that a process has of its own: raised under it while it runs, or at its next start. */
#include "model/why/remedy_process.h"

#include <math.h>
#include <string.h>

#include "base/shell.h"
#include "base/text.h"

/* How a limit of a process is called by prlimit(1), systemd and Docker. */
struct process_limit {
	const char *soft, *hard; /* facts */
	const char *option, *unit_line, *ulimit, *soft_fix, *hard_fix;
};

static const struct process_limit process_limits[] = {
		{"limits.nofile.soft",
				"limits.nofile.hard",
				"nofile",
				"LimitNOFILE",
				"ulimit -n",
				"nofile-soft",
				"nofile-hard"},
		{"limits.nproc.soft",
				"limits.nproc.hard",
				"nproc",
				"LimitNPROC",
				"ulimit -u",
				"nproc-soft",
				"nproc-hard"},
		{0},
};

static const struct process_limit *process_limit_of(const struct fix_rule *fix)
{
	for (const struct process_limit *row = process_limits; row->soft; row++) {
		if (strcmp(fix->id, row->soft_fix) == 0 || strcmp(fix->id, row->hard_fix) == 0)
			return row;
	}
	return NULL;
}

/* A file of the unit, then a restart. */
static void restart_unit(const struct remedy_question *q, struct remedy *remedy, const char *line)
{
	const char *unit = shell_word(q->arena, q->holder->unit);
	const char *directory = arena_printf(q->arena, "/etc/systemd/system/%s.d", q->holder->unit);
	const char *file = arena_printf(q->arena, "%s/headroom.conf", directory);
	const char *lines[] = {
			arena_printf(q->arena, "mkdir -p %s", shell_word(q->arena, directory)),
			arena_printf(q->arena,
					"printf '[Service]\\n%s\\n' >%s",
					line,
					shell_word(q->arena, file)),
			"systemctl daemon-reload",
			arena_printf(q->arena, "systemctl restart %s", unit),
			NULL,
	};
	for (const char **at = lines; *at; at++)
		remedy_command(q, remedy, *at);
}

/* Nothing reaches the program that runs. */
static void start_anew(const struct remedy_question *q,
		struct remedy *remedy,
		const struct process_limit *limit,
		const char *value)
{
	const char *line = arena_printf(q->arena, "%s=%s", limit->unit_line, value);
	remedy->reach = REMEDY_RESTART;
	if (remedy_has_unit(q)) {
		restart_unit(q, remedy, line);
		return;
	}
	const char *engine = remedy_engine(q);
	bool pod = engine && strcmp(engine, "kubernetes") == 0;
	if (engine && !pod) {
		remedy_note(q->arena,
				remedy,
				arena_printf(q->arena,
						"Make its container anew with --ulimit %s=%s:%s: %s update does not set "
						"it.",
						limit->option,
						value,
						value,
						engine));
	}
	if (engine)
		return;
	remedy_command(q, remedy, arena_printf(q->arena, "%s %s", limit->ulimit, value));
	remedy_note(q->arena, remedy, "Then start the program from that shell.");
}

static void limit_lasts(const struct remedy_question *q,
		struct remedy *remedy,
		const struct process_limit *limit,
		const char *value)
{
	static const char pod[] =
			"A pod has no field for it: what the container runtime of the node allows counts.";
	const char *user = q->holder->user, *engine = remedy_engine(q);
	if (engine && strcmp(engine, "kubernetes") == 0) {
		remedy_note(q->arena, remedy, pod);
		return;
	}
	if (engine) {
		remedy_lasts(remedy,
				engine,
				arena_printf(q->arena, "--ulimit %s=%s:%s", limit->option, value, value));
		return;
	}
	if (remedy_has_unit(q)) {
		remedy_lasts(remedy, "systemd", arena_printf(q->arena, "%s=%s", limit->unit_line, value));
		return;
	}
	if (!user || !*user)
		user = "*";
	remedy_lasts(remedy,
			"limits.d",
			arena_printf(q->arena, "%s - %s %s", user, limit->option, value));
}

/* Does the program that runs use a larger limit? Only of descriptors that is a question. */
static enum picks_up picks_up(const struct remedy_question *q,
		const struct process_limit *limit,
		const struct program_rule **ret_program)
{
	const struct program_rule *program = rules_program(q->rules, q->holder->program);
	*ret_program = program;
	if (strcmp(limit->option, "nofile") != 0)
		return PICKS_UP_YES;
	if (!program)
		return PICKS_UP_UNKNOWN;
	return program->nofile;
}

static void raise_running(const struct remedy_question *q,
		struct remedy *remedy,
		const struct process_limit *limit,
		double soft,
		double hard)
{
	int pid = q->holder->pid;
	double old_soft = facts_number(remedy_facts(q), limit->soft);
	double old_hard = facts_number(remedy_facts(q), limit->hard);
	remedy_command(q,
			remedy,
			arena_printf(q->arena,
					"prlimit --pid %d --%s=%s:%s",
					pid,
					limit->option,
					remedy_plain(q, soft),
					remedy_plain(q, hard)));
	remedy->undo = arena_printf(q->arena,
			"prlimit --pid %d --%s=%s:%s",
			pid,
			limit->option,
			remedy_plain(q, old_soft),
			remedy_plain(q, old_hard));
}

static void add_process_limit(struct remedy_answer *answer,
		const struct process_limit *limit,
		const struct fix_rule *fix,
		double value)
{
	const struct remedy_question *q = answer->q;
	const struct fix_texts texts = remedy_texts(q, fix, value);
	const struct program_rule *program;
	enum picks_up picks = picks_up(q, limit, &program);
	struct remedy remedy = remedy_new(fix, &texts);
	const char *text = remedy_plain(q, value);
	double hard = fmax(value, facts_number(remedy_facts(q), limit->hard));
	if (program && strcmp(limit->option, "nofile") == 0)
		remedy_note(q->arena, &remedy, program->nofile_note);
	if (picks == PICKS_UP_NO || q->holder->pid <= 0)
		start_anew(q, &remedy, limit, text);
	else
		raise_running(q, &remedy, limit, value, hard);
	if (remedy.reach == REMEDY_NOW && hard > facts_number(remedy_facts(q), limit->hard))
		remedy_note(q->arena, &remedy, "To raise the hard limit needs root (CAP_SYS_RESOURCE).");
	if (picks == PICKS_UP_UNKNOWN && q->holder->pid > 0) {
		remedy.sure = false;
		remedy_note(q->arena,
				&remedy,
				arena_printf(q->arena,
						"Not known whether %s picks it up while it runs: if not, restart it.",
						q->holder->program ? q->holder->program : "the program"));
	}
	limit_lasts(q, &remedy, limit, text);
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
