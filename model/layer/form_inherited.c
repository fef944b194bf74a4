/* Limits that a process inherits from what starts it (setrlimit(2)). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/layer/form.h"
#include "model/layer/form_make.h"

struct inherited_names;

struct inherited {
	const struct form_question *q;
	const struct inherited_names *names;
	const char *soft;
	const char *hard;
	const char *old_soft;
	const char *old_hard;
	bool hard_rises;
};

static const char *limit_word(struct arena *arena, double value)
{
	char out[NUMBER_TEXT_MAX];
	if (isinf(value) || isnan(value))
		return "unlimited";
	return arena_strdup(arena, text_plain_number(out, value));
}

/* As systemd and Docker write "no limit". */
static const char *limit_or(const char *value, const char *unlimited)
{
	if (strcmp(value, "unlimited") == 0)
		return unlimited;
	return value;
}

static double before_of(const struct form_question *q, const char *key)
{
	return facts_number(q->change->before, key);
}

static double after_of(const struct form_question *q, const char *key)
{
	return facts_number(q->change->after, key);
}

/* What "nofile" and "nproc" are called elsewhere. */
static const struct inherited_names {
	const char *name;
	const char *unit_line;
	const char *soft_flag;
	const char *soft_key;
	const char *hard_key;
} inherited_names[] = {
		[SUBJECT_FILES] =
				{
						.name = "nofile",
						.unit_line = "LimitNOFILE",
						.soft_flag = "-Sn",
						.soft_key = "limits.nofile.soft",
						.hard_key = "limits.nofile.hard",
				},
		[SUBJECT_THREADS] =
				{
						.name = "nproc",
						.unit_line = "LimitNPROC",
						.soft_flag = "-Su",
						.soft_key = "limits.nproc.soft",
						.hard_key = "limits.nproc.hard",
				},
};

static struct inherited inherited_of(const struct form_question *q, enum subject subject)
{
	const struct fix_change *change = q->change;
	const struct inherited_names *names = &inherited_names[subject];
	double soft = fmax(after_of(q, names->soft_key), change->to);
	double old_soft = before_of(q, names->soft_key);
	double old_hard = before_of(q, names->hard_key);
	double hard = fmax(after_of(q, names->hard_key), old_hard);
	if (strcmp(change->rule->target, names->soft_key) == 0)
		soft = change->to;
	/* What the host's own shell has is none of a container's. */
	bool made = q->holder->planned && !q->holder->configured;
	if (made && strcmp(change->rule->target, "nofile") == 0)
		soft = change->to;
	hard = fmax(hard, soft);
	if (made)
		hard = soft;
	return (struct inherited){
			.q = q,
			.names = names,
			.soft = limit_word(q->arena, soft),
			.hard = limit_word(q->arena, hard),
			.old_soft = limit_word(q->arena, old_soft),
			.old_hard = limit_word(q->arena, old_hard),
			.hard_rises = isnan(old_hard) || hard > old_hard,
	};
}

/* "21000" where both are the same, "21000:1048576" else. */
static const char *unit_value(const struct inherited *limit)
{
	const char *soft = limit_or(limit->soft, "infinity");
	const char *hard = limit_or(limit->hard, "infinity");
	if (strcmp(soft, hard) == 0)
		return soft;
	return arena_printf(limit->q->arena, "%s:%s", soft, hard);
}

static const char *prlimit_option(const struct inherited *limit, const char *soft, const char *hard)
{
	const char *name = limit->names->name;
	return arena_printf(limit->q->arena, "--%s=%s:%s", name, soft, hard);
}

/* --- systemd
 * ------------------------------------------------------------------------------------- */

static void restart_service(const struct inherited *limit, struct shell_script *script)
{
	const struct limit_holder *holder = limit->q->holder;
	static const char *const steps[] = {"daemon-reload", "restart"};
	struct arena *arena = limit->q->arena;
	struct command_words *command = NULL;
	for (size_t i = 0; i < 2; i++) {
		command = shell_add(arena, script);
		name_list_append(arena, &command->words, "systemctl");
		if (holder->of_user)
			name_list_append(arena, &command->words, "--user");
		name_list_append(arena, &command->words, steps[i]);
	}
	name_list_append(arena, &command->words, holder->unit);
}

static void of_service(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	const char *unit = limit->q->holder->unit;
	bool of_user = limit->q->holder->of_user;
	const char *root = "/etc/systemd/system";
	if (of_user)
		root = "/etc/systemd/user";
	const char *directory = arena_printf(arena, "%s/%s.d", root, unit);
	const char *path = arena_printf(arena, "%s/headroom-%s.conf", directory, limit->names->name);
	const char *line = arena_printf(arena, "%s=%s", limit->names->unit_line, unit_value(limit));
	form_clear(form);
	shell_add_words(arena, &form->commands, "mkdir", "-p", directory, NULL);
	shell_add_words(arena,
			&form->commands,
			"sh",
			"-c",
			"printf \"[Service]\\n%s\\n\" \"$1\" >\"$2\"",
			"sh",
			line,
			path,
			NULL);
	shell_add_words(arena, &form->undo, "rm", "-f", path, NULL);
	restart_service(limit, &form->commands);
	restart_service(limit, &form->undo);
	form->restart = arena_printf(arena, "%s (the commands do this)", unit);
	form->shared_with = "this service only";
	form_add_file(form, "systemd", path, arena_printf(arena, "[Service]\n%s", line));
	if (of_user && limit->hard_rises)
		form_note(arena,
				form,
				"A user's systemd cannot give its services more than it has itself. "
				"Raise the same line in user@.service too.");
}

static void of_transient(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	form_clear(form);
	const char *option = arena_printf(arena, "%s=%s", limit->names->unit_line, unit_value(limit));
	shell_add_words(arena, &form->commands, "systemd-run", "-p", option, "COMMAND", NULL);
	form->restart = "the program, by systemd-run with this property";
	form->undo_say = "start it without the property";
	form->shared_with = "nobody";
}

/* --- containers
 * ---------------------------------------------------------------------------------- */

/* A shell in the container may raise its own soft limit up to the hard one. */
static bool is_within(const struct inherited *limit)
{
	const struct limit_holder *holder = limit->q->holder;
	return holder->within && holder->pid <= 0 && !limit->hard_rises;
}

static void by_shell(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	const char *flag = limit->names->soft_flag;
	form->commands = (struct shell_script){0};
	form->undo = (struct shell_script){0};
	shell_add_words(arena, &form->commands, "ulimit", flag, limit->soft, NULL);
	shell_add_words(arena, &form->undo, "ulimit", flag, limit->old_soft, NULL);
	form->say = "then start the program from this shell";
	form->restart = "the program; a new container needs the option";
}

static void of_pod(const struct inherited *limit, struct fix_form *form)
{
	const struct node_limit node = {
			.name = limit->names->name,
			.unit_line = limit->names->unit_line,
			.unit_value = unit_value(limit),
			.soft = limit_or(limit->soft, "-1"),
			.hard = limit_or(limit->hard, "-1"),
	};
	form_clear(form);
	form_of_node(limit->q, &node, form);
	if (is_within(limit))
		by_shell(limit, form);
	form_note(limit->q->arena, form, "Not run on a cluster by headroom's tests.");
}

/* Under a program that runs. */
static void raise_running(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	const char *now = prlimit_option(limit, limit->soft, limit->hard);
	const char *was = prlimit_option(limit, limit->old_soft, limit->old_hard);
	const char *pid = arena_printf(arena, "%d", limit->q->holder->pid);
	form->commands = (struct shell_script){0};
	form->undo = (struct shell_script){0};
	shell_add_words(arena, &form->commands, "prlimit", "--pid", pid, now, NULL);
	shell_add_words(arena, &form->undo, "prlimit", "--pid", pid, was, NULL);
}

void form_raise_running(const struct form_question *q, enum subject subject, struct fix_form *form)
{
	const struct inherited limit = inherited_of(q, subject);
	struct fix_form running = {0};
	raise_running(&limit, &running);
	form_with_nr_open(q, &running);
	form->commands = running.commands;
	form->undo = running.undo;
	if (form->layer.kind == LAYER_LOGIN) /* no shell starts it anew */
		form->say = NULL;
}

static void of_engine(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	const struct limit_holder *holder = limit->q->holder;
	const char *soft = limit_or(limit->soft, "-1");
	const char *hard = limit_or(limit->hard, "-1");
	form_clear(form);
	form->restart = "the container: it must be created again";
	if (holder->planned)
		form->restart = "nothing: the container is created with it";
	form->shared_with = "this container only";
	form->undo_say = "create the container without the option";
	form_option(limit->q,
			form,
			"--ulimit",
			arena_printf(arena, "%s=%s:%s", limit->names->name, soft, hard));
	form_compose(limit->q,
			form,
			arena_printf(arena,
					"ulimits:\n  %s:\n    soft: %s\n    hard: %s",
					limit->names->name,
					soft,
					hard));
	if (is_within(limit)) {
		by_shell(limit, form);
		return;
	}
	if (!holder->nofile_reaches || holder->pid <= 0)
		return;
	/* The one that runs can have it, too. */
	raise_running(limit, form);
	form->restart = "nothing now; a new container needs the option";
}

/* --- logins
 * -------------------------------------------------------------------------------------- */

/* Where the kernel refuses the command. */
static const char *elsewhere(const struct inherited *limit)
{
	return arena_printf(limit->q->arena,
			"start the program from a session whose hard limit (%s) is %s; nobody "
			"may raise it here, because even root lacks CAP_SYS_RESOURCE",
			limit->names->name,
			limit->hard);
}

/* "-Sn" sets the soft limit, "-n" both. */
static const char *flag_for(const struct inherited *limit)
{
	const char *flag = limit->names->soft_flag;
	if (!limit->hard_rises)
		return flag;
	return arena_printf(limit->q->arena, "-%s", flag + strlen("-S"));
}

/* What runs was started by an init script, a supervisor or the like. */
static void keep_without_login(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	const char *command = arena_printf(arena, "ulimit %s %s", flag_for(limit), limit->soft);
	form->restart = "the program";
	form->undo_say = NULL;
	form_note(arena,
			form,
			arena_printf(arena,
					"To keep the value, put %s into whatever starts the program. limits.d has no "
					"effect on it, because no login started it.",
					command));
}

static void of_login(const struct inherited *limit, struct fix_form *form)
{
	struct arena *arena = limit->q->arena;
	const struct limit_holder *holder = limit->q->holder;
	const char *user = holder->user;
	if (!user)
		user = holder->root ? "root" : "*";
	const char *now = prlimit_option(limit, limit->soft, limit->hard);
	const char *was = prlimit_option(limit, limit->old_soft, limit->old_hard);
	form_clear(form);
	form->say = "then start the program from this shell";
	form->restart = "the program: now from this shell; with the permanent form, after a new login";
	if (limit->hard_rises && holder->cannot_raise) {
		form->say = elsewhere(limit);
		form->restart = "the program, from a session that has the limit";
	} else if (limit->hard_rises && holder->root) {
		shell_add_words(arena, &form->commands, "prlimit", "--pid", "$$", now, NULL);
		shell_add_words(arena, &form->undo, "prlimit", "--pid", "$$", was, NULL);
	} else if (limit->hard_rises) {
		shell_add_words(arena, &form->commands, "sudo", "prlimit", "--pid", "$$", now, NULL);
		shell_add_words(arena, &form->undo, "sudo", "prlimit", "--pid", "$$", was, NULL);
	} else {
		shell_add_words(arena,
				&form->commands,
				"ulimit",
				limit->names->soft_flag,
				limit->soft,
				NULL);
		shell_add_words(arena,
				&form->undo,
				"ulimit",
				limit->names->soft_flag,
				limit->old_soft,
				NULL);
	}
	form->undo_say = "delete what you added to limits.d, if you made it permanent";
	form->shared_with = "programs started from this shell";
	if (holder->no_login) {
		keep_without_login(limit, form);
		return;
	}
	const char *soft = arena_printf(arena, "%s soft %s %s", user, limit->names->name, limit->soft);
	const char *hard = arena_printf(arena, "%s hard %s %s", user, limit->names->name, limit->hard);
	const char *lines = soft;
	if (limit->hard_rises)
		lines = arena_printf(arena, "%s\n%s", soft, hard);
	form_add_file(form, "limits.d", "/etc/security/limits.d/99-zz-headroom.conf", lines);
	if (strcmp(user, "*") == 0)
		form_note(arena, form, "\"*\" does not include root: add a line for root.");
}

void form_inherited(const struct form_question *q, enum subject subject, struct fix_form *form)
{
	const struct inherited limit = inherited_of(q, subject);
	const struct limit_holder *holder = q->holder;
	const char *engine = holder_engine(holder);
	if (holder_has_service(holder))
		of_service(&limit, form);
	else if (form->layer.kind == LAYER_RUNTIME)
		of_pod(&limit, form);
	else if (engine)
		of_engine(&limit, form);
	else if (holder->start_in)
		of_transient(&limit, form);
	else
		of_login(&limit, form);
	form_with_nr_open(q, form);
}
