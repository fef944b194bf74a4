/* --apply, --undo and --verify as a person sees them: what is shown, asked, and said afterwards. */
#include "audit/command/apply.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/fix/apply.h"
#include "audit/fix/list.h"
#include "audit/fix/logins.h"
#include "audit/fix/reload.h"
#include "audit/output/output.h"
#include "base/text.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static bool apply_say(struct text *text, struct error *err)
{
	bool ok = true;
	if (text->length)
		ok = output_stdout(text->data, text->length, err);
	text_clear(text);
	return ok;
}

/* A line for each item, with `label` in front. */
static void apply_add_lines(struct text *out, const char *label, const struct name_list *items)
{
	for (size_t i = 0; i < items->count; i++)
		text_addf(out, "%s%s\n", label, items->items[i]);
}

/* --unit found a process: its settings are those of this network namespace, or not. */
static bool same_network(const struct options *options)
{
	struct stat own, other;
	char path[64];
	if (!options->vantage)
		return false;
	(void)snprintf(path, sizeof path, "/proc/%d/ns/net", (int)options->pid);
	if (stat("/proc/self/ns/net", &own) < 0 || stat(path, &other) < 0)
		return false;
	return own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

/* Is it this host, seen from here, that is judged? */
static bool apply_judges_here(const struct options *options)
{
	if (options->facts_path || options->container)
		return false;
	return options->pid <= 0 || same_network(options);
}

static bool may_change(const struct options *options, struct error *err)
{
	if (!apply_judges_here(options))
		return error_set(err,
				"--apply changes this host, so it cannot be combined with --facts, --pid, "
				"--container, or a --unit with a private network");
	if (geteuid() == 0 || options->fix.root || options->dry_run)
		return true;
	return error_set(err,
			"changing this host requires root: sudo headroom fix ... (without root: --dry-run "
			"shows the changes, --emit shell writes a script)");
}

/* What cannot be told, in one sentence. */
static const char *apply_headline(struct arena *arena, const cJSON *audit)
{
	return view_text(arena, audit, "headline", HEADLINE_MAX);
}

static bool apply_confirm(const struct options *options, struct error *err)
{
	char answer[16] = "";
	if (options->fix.yes)
		return true;
	if (!isatty(STDIN_FILENO))
		return error_set(err, "nothing was changed: there is no terminal to ask on; add --yes");
	(void)fputs("Apply this? [y/N] ", stderr);
	bool answered = fgets(answer, sizeof answer, stdin);
	if (answered && tolower((unsigned char)answer[0]) == 'y')
		return true;
	return error_set(err, "nothing was changed");
}

static bool apply_is_fact(const cJSON *fact, const char *key)
{
	if (strcmp(view_raw(fact, "key"), key) != 0 || *view_raw(fact, "instance"))
		return false;
	return strcmp(view_raw(fact, "status"), "known") == 0;
}

/* What sets the kernel setting `key` at the next boot; NULL if nothing does. */
static const cJSON *apply_find_boot(struct arena *arena, const cJSON *audit, const char *key)
{
	const char *boot = arena_printf(arena, "boot.%s", key);
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(audit, "facts")) {
		if (apply_is_fact(fact, boot))
			return fact;
	}
	return NULL;
}

static const char *place_of(struct arena *arena, const cJSON *fact)
{
	const char *where = view_text(arena, fact, "where", 300);
	double line = view_number(fact, "line");
	if (!(line > 0))
		return where;
	return arena_printf(arena, "%s:%.0f", where, line);
}

/* A file that is read after headroom's own and says something else. */
static void add_winners(struct arena *arena,
		const cJSON *audit,
		const struct fix_values *values,
		struct text *out)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const char *key = values->sysctls[i].key;
		const cJSON *boot = apply_find_boot(arena, audit, key);
		const char *where = view_text(arena, boot, "where", 300);
		if (!boot || strcmp(where, FIX_SYSCTL_PATH) == 0)
			continue;
		text_addf(out,
				"but at the next boot %s sets %s, because it is read later\n",
				place_of(arena, boot),
				key);
	}
}

/* "fail, safe up to 10,587 connections, 176 new/s" */
static const char *safe_of(struct arena *arena, const cJSON *audit)
{
	const char *verdict = view_text(arena, audit, "verdict", 10);
	const char *safe = document_safe_text(arena, audit);
	if (!*safe)
		return arena_printf(arena, "%s, safe load not known", verdict);
	return arena_printf(arena, "%s, safe up to %s", verdict, safe);
}

/* No file in a container is read when it starts. */
static const char not_kept[] =
		"lost at restart, whatever creates this container or network namespace must set it again: ";

static bool report(const struct run *run,
		const struct fix_run *before,
		struct text *out,
		struct error *err)
{
	const char *root = run->options->fix.root;
	__attribute__((cleanup(fix_close))) struct fix_run after = {0};
	if (root)
		text_addf(out, "Written below %s; live values were neither read nor changed.\n", root);
	if (!fix_judge(run, &after, err))
		return false;
	text_addf(out,
			"\nbefore  %s\nnow     %s\n",
			safe_of(run->arena, before->audit),
			safe_of(run->arena, after.audit));
	apply_add_lines(out, "then    restart: ", &before->values.then);
	apply_add_lines(out, "not done here: ", &before->values.elsewhere);
	apply_add_lines(out, "not set live: ", &before->values.in_files);
	apply_add_lines(out, not_kept, &before->values.kept_elsewhere);
	add_winners(run->arena, after.audit, &before->values, out);
	if (root)
		text_addf(out, "To revert: headroom fix --undo --root %s\n", root);
	else
		text_add(out, "To revert: headroom fix --undo\n");
	return apply_say(out, err);
}

static void apply_add_nothing_to_do(struct arena *arena,
		const struct fix_run *fix,
		struct text *out)
{
	const struct fix_values *values = &fix->values;
	if (document_verdict(fix->audit) == VERDICT_UNKNOWN)
		text_addf(out, "Nothing to change. %s\n", apply_headline(arena, fix->audit));
	else if (values->then.count || values->elsewhere.count || values->in_files.count)
		text_add(out,
				"Nothing to change on this host: the rest is not a host setting, or needs a "
				"restart:\n");
	else
		text_add(out, "Nothing to change: the settings of this host are enough for the plan.\n");
	apply_add_lines(out, "  restart: ", &values->then);
	apply_add_lines(out, "  ", &values->elsewhere);
	apply_add_lines(out, "  ", &values->in_files);
}

static bool do_apply(const struct run *run,
		const struct fix_run *fix,
		struct apply *apply,
		struct error *err)
{
	__attribute__((cleanup(text_release))) struct text text = {0};
	struct fix_values values = fix->values;
	values.logins = fix_logins(run->arena, &values, apply->live);
	if (!apply_plan(apply, &values, err))
		return false;
	if (apply_is_empty(apply)) {
		apply_add_nothing_to_do(run->arena, fix, &text);
		return apply_say(&text, err);
	}
	apply_diff(apply, &text);
	if (reload_is_due(apply))
		text_add(&text, "run   systemctl daemon-reload\n");
	if (!apply_say(&text, err))
		return false;
	if (run->options->dry_run)
		return true;
	if (!apply_confirm(run->options, err))
		return false;
	if (!apply_commit(apply, &values, err))
		return false;
	if (reload_is_due(apply))
		reload_systemd(apply, &text);
	return report(run, fix, &text, err);
}

bool fix_apply(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(apply_close))) struct apply apply = APPLY_CLOSED;
	if (!may_change(run->options, err))
		return false;
	if (fix->values.contained)
		return error_set(err,
				"--apply changes this host, but these limits belong to a container; create it with "
				"the options that headroom fix prints");
	if (fix->json)
		return error_set(err,
				"--apply needs a workload, not an audit document, because it judges this host "
				"again");
	const char *root = run->options->fix.root;
	bool writes = !run->options->dry_run;
	if (!apply_open(run->arena, root, writes, &apply, err))
		return false;
	if (!do_apply(run, fix, &apply, err))
		return false;
	*ret_exit = verdict_exit(document_verdict_after_fixes(fix->audit));
	return true;
}

bool fix_undo(const struct run *run, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(apply_close))) struct apply apply = APPLY_CLOSED;
	__attribute__((cleanup(text_release))) struct text said = {0};
	const struct options *options = run->options;
	bool foreign = false;
	if (!may_change(options, err))
		return false;
	if (!apply_open(run->arena, options->fix.root, true, &apply, err))
		return false;
	bool any = apply.journal.exists;
	bool reload = reload_is_due(&apply);
	if (!apply_undo(&apply, options->force, &said, &foreign, err))
		return false;
	if (reload && !apply.journal.exists)
		reload_systemd(&apply, &said);
	if (!any)
		text_add(&said, "Nothing to undo: headroom has changed nothing here.\n");
	if (foreign)
		text_add(&said, "Nothing was changed. Add --force to restore the old values anyway.\n");
	if (foreign)
		*ret_exit = EXIT_VERDICT_FAIL;
	return apply_say(&said, err);
}

/* Does the fact have the value that `text` says? */
static bool same_as(const char *text, const cJSON *fact)
{
	const char *value = view_raw(fact, "value");
	char number[NUMBER_TEXT_MAX];
	if (strcmp(value, "unlimited") == 0 && strcmp(text, "infinity") == 0)
		return true;
	if (!cJSON_IsString(view_get(fact, "value")))
		value = text_plain_number(number, view_number(fact, "value"));
	return strcmp(value, text) == 0;
}

static void apply_add_sysctls(const struct fix_run *fix,
		const struct fix_values *values,
		struct arena *arena,
		struct text *said)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		const cJSON *boot = apply_find_boot(arena, fix->audit, sysctl->key);
		const char *from = sysctl->from;
		if (!from)
			from = "not known";
		text_addf(said, "%s is %s, the plan needs %s\n", sysctl->key, from, sysctl->to);
		if (boot && same_as(sysctl->to, boot))
			text_addf(said, "  %s sets it at the next boot\n", place_of(arena, boot));
	}
}

bool fix_verify(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(text_release))) struct text said = {0};
	const struct fix_values *values = &fix->values;
	enum verdict verdict = document_verdict(fix->audit);
	*ret_exit = verdict_exit(verdict);
	apply_add_sysctls(fix, values, run->arena, &said);
	apply_add_sysctls(fix, values->inside, run->arena, &said);
	if (!isnan(values->nofile_soft))
		text_addf(&said,
				"the process may open %.0f files, the plan needs %.0f\n",
				values->nofile_soft_from,
				values->nofile_soft);
	apply_add_lines(&said, "not done: ", &values->elsewhere);
	apply_add_lines(&said, "not set live: ", &values->in_files);
	if (verdict == VERDICT_NONE)
		text_add(&said, "This audit had no workload, so there is nothing to verify.\n");
	else if (verdict == VERDICT_PASS)
		text_add(&said, "The settings of this host are enough for the plan.\n");
	else if (verdict == VERDICT_UNKNOWN)
		text_addf(&said, "%s\n", apply_headline(run->arena, fix->audit));
	else if (!said.length)
		text_add(&said, "The plan does not fit, and no setting on this host can fix that.\n");
	return apply_say(&said, err);
}

/* " (2026-12-01, ws-client)"; in an image the journal may say neither. */
static const char *when_applied(const struct apply *apply)
{
	const struct journal *journal = &apply->journal;
	const char *between = *journal->date && *journal->plan ? ", " : "";
	if (!*journal->date && !*journal->plan)
		return "";
	return arena_printf(apply->arena, " (%s%s%s)", journal->date, between, journal->plan);
}

bool fix_verify_journal(const struct run *run, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(apply_close))) struct apply apply = APPLY_CLOSED;
	__attribute__((cleanup(text_release))) struct text said = {0};
	bool same = true;
	if (!apply_open(run->arena, run->options->fix.root, false, &apply, err))
		return false;
	if (!apply_verify(&apply, &said, &same, err))
		return false;
	if (!apply.journal.exists)
		return error_set(err,
				"headroom has applied nothing on this host; to verify against a plan, name it: "
				"headroom fix ws-client --verify");
	if (same)
		text_addf(&said,
				"Nothing has changed since headroom applied it%s.\n",
				when_applied(&apply));
	if (!same)
		*ret_exit = EXIT_VERDICT_FAIL;
	return apply_say(&said, err);
}
