/* --apply, --undo and --verify as a person sees them: what is shown, asked, and said afterwards. */
#include "audit/command/apply.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/fix/apply.h"
#include "audit/output/output.h"
#include "base/text.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static bool apply_say(struct text *text, struct error *err)
{
	bool ok = !text->length || output_stdout(text->data, text->length, err);
	text_clear(text);
	return ok;
}

/* --unit found a process: its settings are those of this network namespace, or not. */
static bool same_network(const struct options *options)
{
	struct stat own, other;
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/ns/net", (int)options->pid);
	return options->vantage && stat("/proc/self/ns/net", &own) == 0 && stat(path, &other) == 0 &&
			own.st_dev == other.st_dev && own.st_ino == other.st_ino;
}

static bool may_change(const struct options *options, struct error *err)
{
	if (options->facts_path || options->container || (options->pid > 0 && !same_network(options)))
		return error_set(err,
				"--apply changes this host and judges it from here: not with --facts, --pid, "
				"--container, "
				"nor a --unit with a network of its own");
	if (geteuid() != 0 && !options->fix.root && !options->dry_run)
		return error_set(err,
				"changing this host takes root: sudo headroom fix ... (--dry-run shows what it "
				"would do, "
				"--emit shell writes a script)");
	return true;
}

static bool apply_confirm(const struct options *options, struct error *err)
{
	char answer[16] = "";
	if (options->fix.yes)
		return true;
	if (!isatty(STDIN_FILENO))
		return error_set(err,
				"nothing was changed: standard input is not a terminal, so nobody can be asked; "
				"add --yes");
	(void)fputs("Apply this? [y/N] ", stderr);
	if (fgets(answer, sizeof answer, stdin) && (answer[0] == 'y' || answer[0] == 'Y'))
		return true;
	return error_set(err, "nothing was changed");
}

static const cJSON *apply_find_fact(const cJSON *audit, const char *key)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(audit, "facts"))
		if (!strcmp(view_raw(fact, "key"), key) && !*view_raw(fact, "instance") &&
				!strcmp(view_raw(fact, "status"), "known"))
			return fact;
	return NULL;
}

static const char *place_of(struct arena *arena, const cJSON *fact)
{
	const char *where = view_text(arena, fact, "where", 300);
	double line = view_number(fact, "line");
	return line > 0 ? arena_printf(arena, "%s:%.0f", where, line) : where;
}

/* A file that is read after headroom's own and says something else. */
static void add_winners(struct arena *arena,
		const cJSON *audit,
		const struct fix_values *values,
		struct text *out)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		const cJSON *boot = apply_find_fact(audit, arena_printf(arena, "boot.%s", sysctl->key));
		const char *where = boot ? view_text(arena, boot, "where", 300) : "";
		if (boot && strcmp(where, FIX_SYSCTL_PATH) != 0)
			text_addf(out,
					"but at the next boot %s sets %s: it comes later\n",
					place_of(arena, boot),
					sysctl->key);
	}
}

/* "fail, safe up to 10,587 connections, 176 new/s" */
static const char *safe_of(struct arena *arena, const cJSON *audit)
{
	const char *verdict = view_text(arena, audit, "verdict", 10);
	const char *safe = document_load_text(arena, view_object(audit, "max_safe"));
	if (!*safe)
		return arena_printf(arena, "%s, safe load not known", verdict);
	return arena_printf(arena, "%s, safe up to %s", verdict, safe);
}

static bool report(const struct run *run,
		const struct fix_run *before,
		struct text *out,
		struct error *err)
{
	__attribute__((cleanup(fix_close))) struct fix_run after = {0};
	if (run->options->fix.root) {
		text_addf(out, "Written below %s; live values were not touched.\n", run->options->fix.root);
		return apply_say(out, err);
	}
	if (!fix_judge(run, &after, err))
		return false;
	text_addf(out,
			"\nbefore  %s\nnow     %s\n",
			safe_of(run->arena, before->audit),
			safe_of(run->arena, after.audit));
	for (size_t i = 0; i < before->values.then.count; i++)
		text_addf(out, "then    restart: %s\n", before->values.then.items[i]);
	for (size_t i = 0; i < before->values.elsewhere.count; i++)
		text_addf(out, "not done here: %s\n", before->values.elsewhere.items[i]);
	add_winners(run->arena, after.audit, &before->values, out);
	text_add(out, "headroom fix --undo takes it back.\n");
	return apply_say(out, err);
}

static bool do_apply(const struct run *run,
		const struct fix_run *fix,
		struct apply *apply,
		struct error *err)
{
	__attribute__((cleanup(text_release))) struct text text = {0};
	if (!apply_plan(apply, &fix->values, err))
		return false;
	if (apply_is_empty(apply)) {
		bool more = fix->values.then.count || fix->values.elsewhere.count;
		text_add(&text,
				more ? "Nothing to change on this host: what is left is no setting of it, or needs "
					   "a restart:\n"
					 : "Nothing to change: this host has what the plan needs.\n");
		for (size_t i = 0; i < fix->values.then.count; i++)
			text_addf(&text, "  restart: %s\n", fix->values.then.items[i]);
		for (size_t i = 0; i < fix->values.elsewhere.count; i++)
			text_addf(&text, "  %s\n", fix->values.elsewhere.items[i]);
		return apply_say(&text, err);
	}
	apply_diff(apply, &text);
	if (!apply_say(&text, err))
		return false;
	if (run->options->dry_run)
		return true;
	return apply_confirm(run->options, err) && apply_commit(apply, &fix->values, err) &&
			report(run, fix, &text, err);
}

bool fix_apply(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(apply_close))) struct apply apply = {.root = -1, .lock = -1};
	if (!may_change(run->options, err))
		return false;
	if (fix->json)
		return error_set(err,
				"--apply judges this host itself: name the workload, not an audit document");
	if (!apply_open(run->arena, run->options->fix.root, !run->options->dry_run, &apply, err) ||
			!do_apply(run, fix, &apply, err))
		return false;
	*ret_exit = verdict_exit(document_verdict_after_fixes(fix->audit));
	return true;
}

bool fix_undo(const struct run *run, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(apply_close))) struct apply apply = {.root = -1, .lock = -1};
	__attribute__((cleanup(text_release))) struct text said = {0};
	bool foreign = false;
	if (!may_change(run->options, err) ||
			!apply_open(run->arena, run->options->fix.root, true, &apply, err))
		return false;
	bool any = apply.journal.exists;
	if (!apply_undo(&apply, run->options->force, &said, &foreign, err))
		return false;
	if (!any)
		text_add(&said, "Nothing to undo: headroom has changed nothing here.\n");
	if (foreign)
		text_add(&said,
				"Nothing was touched. --force puts back what was there before headroom, all the "
				"same.\n");
	*ret_exit = foreign ? EXIT_VERDICT_FAIL : EXIT_PASS;
	return apply_say(&said, err);
}

static bool same_as(struct arena *arena, const char *text, const cJSON *fact)
{
	const cJSON *value = view_get(fact, "value");
	char number[NUMBER_TEXT_MAX];
	if (cJSON_IsString(value))
		return !strcmp(value->valuestring, text) ||
				(!strcmp(value->valuestring, "unlimited") && !strcmp(text, "infinity"));
	return !strcmp(arena_strdup(arena, text_plain_number(number, view_number(fact, "value"))),
			text);
}

bool fix_verify(const struct run *run, const struct fix_run *fix, int *ret_exit, struct error *err)
{
	struct arena *arena = run->arena;
	__attribute__((cleanup(text_release))) struct text said = {0};
	const cJSON *boot;
	enum verdict verdict = document_verdict(fix->audit);
	*ret_exit = verdict_exit(verdict);
	for (size_t i = 0; i < fix->values.sysctl_count; i++) {
		const struct fix_values_sysctl *sysctl = &fix->values.sysctls[i];
		text_addf(&said,
				"%s is %s, the plan needs %s\n",
				sysctl->key,
				sysctl->from ? sysctl->from : "not known",
				sysctl->to);
		boot = apply_find_fact(fix->audit, arena_printf(arena, "boot.%s", sysctl->key));
		if (boot && same_as(arena, sysctl->to, boot))
			text_addf(&said, "  %s sets it at the next boot\n", place_of(arena, boot));
	}
	if (!isnan(fix->values.nofile_soft))
		text_addf(&said,
				"the descriptor limit is %.0f, the plan needs %.0f\n",
				fix->values.nofile_soft_from,
				fix->values.nofile_soft);
	for (size_t i = 0; i < fix->values.elsewhere.count; i++)
		text_addf(&said, "not done: %s\n", fix->values.elsewhere.items[i]);
	if (verdict == VERDICT_NONE)
		text_add(&said, "This audit had no workload: there is nothing to verify.\n");
	else if (verdict == VERDICT_PASS)
		text_add(&said, "This host has what the plan needs.\n");
	else if (!said.length)
		text_add(&said, "The plan does not fit, and no setting of this host helps.\n");
	return apply_say(&said, err);
}

bool fix_verify_journal(const struct run *run, int *ret_exit, struct error *err)
{
	__attribute__((cleanup(apply_close))) struct apply apply = {.root = -1, .lock = -1};
	__attribute__((cleanup(text_release))) struct text said = {0};
	bool same = true;
	if (!apply_open(run->arena, run->options->fix.root, false, &apply, err) ||
			!apply_verify(&apply, &said, &same, err))
		return false;
	if (!apply.journal.exists)
		return error_set(err,
				"headroom has applied nothing here; name a workload: headroom fix ws-client "
				"--verify");
	if (same)
		text_addf(&said,
				"Everything is as headroom left it (%s, %s).\n",
				apply.journal.date,
				apply.journal.plan);
	*ret_exit = same ? EXIT_PASS : EXIT_VERDICT_FAIL;
	return apply_say(&said, err);
}
