/* What ends it now, for the causes that are limits: whose limit it is, and what reaches that
 * process. */
#include <stdlib.h>
#include <string.h>

#include "audit/document/document.h"
#include "audit/run/holder.h"
#include "audit/why/why.h"
#include "base/shell.h"
#include "base/text.h"
#include "model/why/remedy.h"
#include "report/document/member.h"
#include "report/write/script.h"

/* --- whose limit it is
 * --------------------------------------------------------------------------- */

/* A process that the cause names: "worker (PID 4711)". */
static int pid_in(const char *by)
{
	static const char mark[] = "(PID ";
	const char *at = NULL;
	if (by)
		at = strstr(by, mark);
	if (!at)
		return 0;
	at += strlen(mark);
	return atoi(at);
}

static int holder_pid(const struct why_case *in_case, const struct why_cause *cause)
{
	const struct options *options = in_case->pipeline->run->options;
	int named = 0;
	if (options->facts_path)
		return 0;
	if (cause->rule->scope == SCOPE_PROCESS)
		named = pid_in(cause->now.by);
	if (named > 0)
		return named;
	return (int)options->pid;
}

bool why_of_no_process(const struct why_case *in_case, const struct why_cause *cause)
{
	const struct options *options = in_case->pipeline->run->options;
	const struct limit_rule *rule = cause->rule;
	if (!rule)
		return false;
	if (rule->scope != SCOPE_PROCESS)
		return false;
	if (options->facts_path)
		return false;
	if (options->pid > 0)
		return false;
	if (cause->strength != WHY_POSSIBLE)
		return false;
	return pid_in(cause->now.by) > 0;
}

/* Without a process it is not known whose limit it is: not that of this program. */
static void forget_process(struct limit_holder *holder)
{
	holder->program = NULL;
	holder->user = NULL;
	holder->unit = NULL;
	holder->start_in = NULL;
	holder->root = false;
	holder->of_user = false;
}

static struct limit_holder holder_of(const struct why_case *in_case,
		const struct why_cause *cause,
		const struct facts *facts,
		int pid)
{
	struct options options = *in_case->pipeline->run->options;
	const struct holder_question question = {
			.options = &options,
			.rules = &in_case->pipeline->rules,
			.facts = facts,
	};
	const struct fact *listens;
	options.pid = pid;
	struct limit_holder holder = run_holder(&question);
	if (pid <= 0 && !options.facts_path)
		forget_process(&holder);
	if (cause->rule->scope != SCOPE_LISTENER)
		return holder;
	if (!cause->now.instance)
		return holder;
	listens = facts_get(facts, "listener.process", cause->now.instance);
	if (listens && listens->status == FACT_KNOWN)
		holder.program = listens->text;
	return holder;
}

/* The host as that process sees it: its limits and its groups are not those of the shell that asks.
 * NULL: it has ended. */
static const struct situation *situation_of(const struct why_case *in_case, int pid)
{
	struct options options = *in_case->pipeline->run->options;
	struct run looking = *in_case->pipeline->run;
	struct pipeline pipeline = *in_case->pipeline;
	struct why_look look;
	struct error ended = {0};
	options.pid = pid;
	looking.options = &options;
	pipeline.run = &looking;
	pipeline.facts = pipeline_facts(&looking, DETAIL_AUDIT, &pipeline.host, &ended);
	if (!pipeline.facts)
		return NULL;
	if (!why_look_of(&pipeline, pipeline.facts, &look, &ended))
		return NULL;
	return look.situation;
}

static size_t find_remedies(const struct why_case *in_case,
		const struct why_cause *cause,
		struct remedy *ret_remedies)
{
	const struct options *options = in_case->pipeline->run->options;
	const struct situation *seen = in_case->looks[in_case->look_count - 1].situation;
	int pid = holder_pid(in_case, cause);
	if (pid > 0 && pid != (int)options->pid) {
		seen = situation_of(in_case, pid);
		if (!seen)
			return 0;
	}
	const struct limit_holder holder = holder_of(in_case, cause, seen->facts, pid);
	const struct remedy_question question = {
			.arena = in_case->pipeline->run->arena,
			.rules = &in_case->pipeline->rules,
			.state = seen->state,
			.options = seen->options,
			.limit = cause->rule,
			.now = &cause->now,
			.holder = &holder,
	};
	return remedies_of(&question, ret_remedies);
}

/* --- in the document
 * ----------------------------------------------------------------------------- */

/* "LimitNOFILE=65536 in /etc/systemd/…, under [Service]": in words. Each line is a setting of its
 * own, but in YAML. */
static const char *lasting_text(struct arena *arena, const struct form_file *file)
{
	static const char section[] = "[Service]\n";
	struct text line = {0};
	const char *at = file->text;
	const char *where = script_file_place(arena, file->kind, file->path);
	bool yaml = strstr(at, ":\n") != NULL;
	if (text_begins_with(at, section)) {
		at += sizeof section - 1;
		where = arena_printf(arena, "%s, under [Service]", where);
	}
	for (; *at; at++) {
		if (*at == '\n' && !yaml)
			text_add(&line, " and ");
		else
			text_add_bytes(&line, at, 1);
	}
	if (*where)
		text_addf(&line, " %s", where);
	return text_take(arena, &line);
}

static void put_lasting(const struct members *put, cJSON *item, const struct remedy *remedy)
{
	const char *texts[FORM_FILES_MAX] = {NULL};
	const struct form_file *files = remedy->files;
	size_t count = remedy->file_count;
	for (size_t i = 0; i < count; i++)
		texts[i] = lasting_text(put->arena, &files[i]);
	member_texts(put, item, "lasting", texts, count);
	document_files(put, item, files, count);
}

/* A line each; nothing where a name has characters that cannot be shown. */
static void put_commands(const struct members *put, cJSON *item, const struct remedy *remedy)
{
	const struct shell_script *script = &remedy->commands;
	cJSON *array = member_array(item, "commands");
	if (!shell_lines(put->arena, script))
		return;
	for (size_t i = 0; i < script->count; i++) {
		const char *line = shell_line(put->arena, &script->items[i]);
		(void)cJSON_AddItemToArray(array, member_text_value(put, line));
	}
}

static void put_remedy(const struct members *put, cJSON *array, const struct remedy *remedy)
{
	const char *reach = remedy_reach_name(remedy->reach);
	const char *undo = shell_lines(put->arena, &remedy->undo);
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", remedy->fix->id);
	member_text(put, item, "title", remedy->title);
	member_text(put, item, "reach", reach);
	member_bool(item, "sure", remedy->sure);
	put_commands(put, item, remedy);
	member_text(put, item, "note", remedy->note);
	put_lasting(put, item, remedy);
	member_text(put, item, "undo", undo);
	member_text(put, item, "risk", remedy->risk);
	member_text(put, item, "shared_with", remedy->fix->shared_with);
	(void)cJSON_AddItemToArray(array, item);
}

void why_put_remedies(const struct members *put,
		cJSON *item,
		const struct why_case *in_case,
		const struct why_cause *cause)
{
	struct remedy remedies[REMEDIES_MAX];
	cJSON *array = member_array(item, "remedies");
	size_t count = find_remedies(in_case, cause, remedies);
	for (size_t i = 0; i < count; i++) {
		const struct remedy *remedy = &remedies[i];
		put_remedy(put, array, remedy);
	}
}
