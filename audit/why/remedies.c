/* What ends it now, for the causes that are limits: whose limit it is, and what reaches that
 * process. */
#include <stdlib.h>
#include <string.h>

#include "audit/run/holder.h"
#include "audit/why/why.h"
#include "base/array.h"
#include "base/text.h"
#include "model/why/remedy.h"
#include "report/document/member.h"
#include "report/emit/fix_values.h"

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

/* One that is made by a command; NULL: it runs in none of these. */
static const char *container_of(const struct facts *facts)
{
	static const char *const engines[] = {"docker", "podman", "kubernetes"};
	const char *container = facts_text(facts, "host.container");
	if (!container)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(engines); i++) {
		if (strcmp(container, engines[i]) == 0)
			return container;
	}
	return NULL;
}

static struct limit_holder holder_of(const struct why_case *in_case,
		const struct why_cause *cause,
		const struct facts *facts,
		int pid)
{
	const struct options *options = in_case->pipeline->run->options;
	struct limit_holder holder = {.pid = pid};
	const struct fact *listens;
	if (pid <= 0)
		holder.within = container_of(facts);
	if (pid > 0 || options->facts_path) {
		holder.program = facts_text(facts, "vantage.process");
		holder.unit = facts_text(facts, "vantage.unit");
		holder.user = facts_text(facts, "vantage.user");
	}
	if (pid > 0) {
		holder.other_network = holder_differs_in(pid, "net");
		const char *container = container_of(facts);
		if (holder_differs_in(pid, "mnt"))
			holder.container = container;
		else
			holder.within = container;
		holder.container_name = options->container;
	}
	if (cause->rule->scope != SCOPE_LISTENER || !cause->now.instance)
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

/* One setting as an option of the engine. Podman splits at commas what has no quotes of its own. */
static void add_option(struct text *out, const char *setting, size_t length, bool podman)
{
	const char *equals = memmem(setting, length, " = ", 3);
	if (!equals)
		return;
	size_t key = (size_t)(equals - setting), value = length - key - 3;
	bool quoted = podman && memchr(equals, ',', value + 3);
	const char *quote = "";
	if (quoted)
		quote = "\"";
	if (out->length > 0)
		text_add(out, " ");
	text_addf(out,
			"--sysctl '%s%.*s=%.*s%s'",
			quote,
			(int)key,
			setting,
			(int)value,
			equals + 3,
			quote);
}

/* "net.core.somaxconn = 1024" is an option there: --sysctl 'net.core.somaxconn=1024'. Each line
 * is a setting. */
static const char *as_option(struct arena *arena, const struct lasting *lasting)
{
	struct text out = {0};
	bool docker = strcmp(lasting->kind, "docker") == 0;
	bool podman = strcmp(lasting->kind, "podman") == 0;
	if (!strstr(lasting->text, " = "))
		return lasting->text;
	if (!docker && !podman)
		return lasting->text;
	for (const char *at = lasting->text; *at; at += strspn(at, "\n")) {
		size_t length = strcspn(at, "\n");
		add_option(&out, at, length, podman);
		at += length;
	}
	return text_take(arena, &out);
}

/* --- in the document
 * ----------------------------------------------------------------------------- */

/* "LimitNOFILE=65536 in a drop-in of web.service". */
static const char *lasting_text(struct arena *arena, const struct lasting *lasting)
{
	static const struct {
		const char *kind, *where;
	} places[] = {
			{"sysctl.d", "in " FIX_SYSCTL_PATH},
			{"limits.d", "in " FIX_LIMITS_PATH},
			{"modules-load.d", "in " FIX_MODULES_PATH},
			{"systemd", "in a drop-in of its unit, under [Service]"},
			{"docker", "when its container is made anew"},
			{"podman", "when its container is made anew"},
			{"kubernetes", "in the security context of its pod (sysctls)"},
			{NULL, NULL},
	};
	struct text line = {0};
	const char *where = "";
	for (size_t i = 0; places[i].kind; i++) {
		const char *kind = places[i].kind;
		if (strcmp(kind, lasting->kind) == 0)
			where = places[i].where;
	}
	/* Each line is a setting of its own: nothing between two of them may look like a part of one.
	 */
	for (const char *at = as_option(arena, lasting); *at; at++) {
		if (*at == '\n')
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
	const char *texts[LASTING_MAX] = {NULL};
	for (size_t i = 0; i < remedy->lasting_count; i++) {
		const struct lasting *lasting = &remedy->lasting[i];
		texts[i] = lasting_text(put->arena, lasting);
	}
	member_texts(put, item, "lasting", texts, remedy->lasting_count);
}

static void put_remedy(const struct members *put, cJSON *array, const struct remedy *remedy)
{
	const struct name_list *commands = &remedy->commands;
	const char *reach = remedy_reach_name(remedy->reach);
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", remedy->fix->id);
	member_text(put, item, "title", remedy->title);
	member_text(put, item, "reach", reach);
	member_bool(item, "sure", remedy->sure);
	member_texts(put, item, "commands", commands->items, commands->count);
	member_text(put, item, "note", remedy->note);
	put_lasting(put, item, remedy);
	member_text(put, item, "undo", remedy->undo);
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
