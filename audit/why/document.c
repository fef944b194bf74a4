/* headroom.why/1: what was asked, what was found, and what it rests on. */
#include <math.h>
#include <string.h>

#include "audit/document/document.h"
#include "audit/why/why.h"
#include "audit/why/words.h"
#include "model/present.h"
#include "model/system.h"
#include "model/why/remedy_form.h"
#include "report/document/member.h"

static const char *end_name(enum why_end end)
{
	static const char *const names[] = {
			[WHY_FOUND] = "found",
			[WHY_NONE] = "none",
			[WHY_UNSEEN] = "unseen",
	};
	return names[end];
}

static bool why_is_line(const struct name_list *lines, const char *word)
{
	for (size_t i = 0; i < lines->count; i++) {
		if (strcmp(lines->items[i], word) == 0)
			return strcmp(word, "-") != 0;
	}
	return false;
}

/* The line itself is not shown: it may hold a password. */
static void why_put_made(const struct members *put, cJSON *document, const struct why_case *in_case)
{
	static char masked[] = "***";
	const struct pipeline *pipeline = in_case->pipeline;
	const struct run *run = pipeline->run;
	const struct name_list *lines = &run->options->arguments;
	size_t count = (size_t)run->argc;
	char **argv = arena_alloc(put->arena, (count + 1) * sizeof *argv);
	for (size_t i = 0; i < count; i++) {
		argv[i] = run->argv[i];
		if (i > 0 && why_is_line(lines, argv[i]))
			argv[i] = masked;
	}
	document_made(put, document, pipeline->created, argv, run->argc);
}

static void why_put_host(const struct members *put, cJSON *document, const struct why_case *in_case)
{
	const struct host_info *info = &in_case->pipeline->host;
	cJSON *host = member_object(document, "host");
	member_text(put, host, "name", info->name);
	member_text(put, host, "kernel", info->kernel);
	member_text(put, host, "vantage", info->vantage);
	member_text(put, host, "user", info->user);
	member_bool(host, "live", !in_case->pipeline->run->options->facts_path);
}

static void put_asked(const struct members *put, cJSON *document, const struct why_case *in_case)
{
	const struct why_asked *asked = &in_case->asked;
	if (!asked->text) {
		member_null(document, "text");
		return;
	}
	cJSON *text = member_object(document, "text");
	member_number(text, "lines", (double)asked->lines);
	member_bool(text, "known", asked->named_count > 0);
	member_texts(put, text, "hosts", asked->hosts.items, asked->hosts.count);
}

/* null for a snapshot, which has none. */
static void put_kernel_log(const struct members *put,
		cJSON *document,
		const struct why_case *in_case)
{
	if (!why_is_live(in_case)) {
		member_null(document, "kernel_log");
		return;
	}
	int error = in_case->kernel.error;
	const char *why_not = NULL;
	if (error)
		why_not = strerror(error);
	cJSON *log = member_object(document, "kernel_log");
	member_bool(log, "read", error == 0);
	member_text(put, log, "error", why_not);
}

static void why_put_hits(const struct members *put, cJSON *item, const struct why_cause *cause)
{
	cJSON *array = member_array(item, "hits");
	for (size_t i = 0; i < cause->hit_count; i++) {
		const struct why_hit *from = &cause->hits[i];
		cJSON *hit = cJSON_CreateObject();
		member_text(put, hit, "counter", from->key);
		member_number(hit, "since_boot", from->since_boot);
		member_number(hit, "between_looks", from->between);
		(void)cJSON_AddItemToArray(array, hit);
	}
}

/* Those of this system. */
static void put_fixes(const struct members *put,
		cJSON *item,
		const struct why_case *in_case,
		const struct why_cause *cause)
{
	const struct limit_rule *rule = cause->rule;
	const struct rules *rules = &in_case->pipeline->rules;
	const struct why_look *last = why_last_look(in_case);
	const struct facts *facts = last->situation->facts;
	cJSON *array = member_array(item, "fixes");
	for (size_t i = 0; i < rule->fixes.count; i++) {
		const char *id = rule->fixes.items[i];
		const struct fix_rule *fix = rules_fix(rules, id);
		if (!fix || !fix_is_of_system(fix, facts))
			continue;
		if (!remedy_is_of_family(cause->now.by, fix))
			continue;
		const char *title = why_fix_title(put->arena, facts, fix);
		cJSON *row = cJSON_CreateObject();
		member_text(put, row, "id", fix->id);
		member_text(put, row, "title", title);
		(void)cJSON_AddItemToArray(array, row);
	}
}

/* A line says that another control group is full: raising what is free here is no fix. */
static bool is_of_another_group(const struct why_cause *cause)
{
	const struct why_about *about = cause->about;
	if (!cause->apart)
		return false;
	return about->foreign;
}

static const char *severity_name(enum severity severity)
{
	if (severity == SEVERITY_HARD)
		return "hard";
	return "advisory";
}

static void put_limit(const struct members *put,
		cJSON *item,
		const struct why_case *in_case,
		const struct why_cause *cause,
		bool elsewhere)
{
	const struct limit_rule *rule = cause->rule;
	bool of_another = is_of_another_group(cause);
	member_text(put, item, "id", rule->id);
	member_text(put, item, "kind", "limit");
	member_text(put, item, "title", rule->title);
	if (rule->gloss)
		member_text(put, item, "gloss", rule->gloss);
	member_text(put, item, "scope", scope_name(rule->scope));
	member_text(put, item, "severity", severity_name(rule->severity));
	member_text(put, item, "unit", rule->unit);
	member_text(put, item, "quantity", unit_name(rule->quantity));
	document_now(put, item, &cause->now);
	why_put_hits(put, item, cause);
	if (of_another)
		(void)member_array(item, "fixes");
	else
		put_fixes(put, item, in_case, cause);
	if (elsewhere || of_another || why_of_no_process(in_case, cause))
		(void)member_array(item, "remedies");
	else
		why_put_remedies(put, item, in_case, cause);
}

static void put_other(const struct members *put, cJSON *item, const struct why_named *named)
{
	member_text(put, item, "id", named->id);
	member_text(put, item, "kind", "other");
	member_text(put, item, "title", named->title);
}

/* What the table of texts says of it. */
static void put_named(const struct members *put, cJSON *item, const struct why_named *named)
{
	if (!named) {
		member_text(put, item, "means", NULL);
		member_texts(put, item, "look_at", NULL, 0);
		return;
	}
	const struct name_list *look = &named->look_at;
	member_text(put, item, "means", named->says);
	member_texts(put, item, "look_at", look->items, look->count);
}

static void put_cause(const struct members *put,
		cJSON *array,
		const struct why_case *in_case,
		const struct why_cause *cause,
		const struct why_evidence *evidence)
{
	cJSON *item = cJSON_CreateObject();
	const struct name_list *shows = &evidence->shows;
	const struct name_list *who = &evidence->who;
	const char *says = evidence->says;
	if (!says)
		says = why_says(put->arena, cause);
	if (cause->rule)
		put_limit(put, item, in_case, cause, evidence->elsewhere);
	else
		put_other(put, item, cause->named);
	member_text(put, item, "strength", why_strength_name(cause->strength));
	member_text(put, item, "says", says);
	member_texts(put, item, "shows", shows->items, shows->count);
	member_texts(put, item, "who", who->items, who->count);
	put_named(put, item, cause->named);
	(void)cJSON_AddItemToArray(array, item);
}

static void put_causes(const struct members *put,
		cJSON *document,
		const char *name,
		const struct why_case *in_case,
		const struct why_causes *causes,
		const struct why_evidence *evidence)
{
	cJSON *array = member_array(document, name);
	for (size_t i = 0; i < causes->count; i++) {
		const struct why_cause *cause = &causes->items[i];
		double rank = (double)i + 1;
		put_cause(put, array, in_case, cause, &evidence[i]);
		cJSON *item = cJSON_GetArrayItem(array, (int)i);
		member_number(item, "rank", rank);
	}
}

static void put_ruled_out(const struct members *put,
		cJSON *document,
		const struct why_case *in_case)
{
	const struct why_causes *causes = &in_case->answer.ruled_out;
	cJSON *array = member_array(document, "ruled_out");
	for (size_t i = 0; i < causes->count; i++) {
		const struct why_cause *cause = &causes->items[i];
		const struct limit_rule *rule = cause->rule;
		const struct present *now = &cause->now;
		const char *says = why_room(put->arena, cause);
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "id", rule->id);
		member_text(put, item, "title", rule->title);
		member_number(item, "used", now->used);
		member_number(item, "capacity", now->capacity);
		member_text(put, item, "says", says);
		(void)cJSON_AddItemToArray(array, item);
	}
}

/* Of the causes whose use is not known, and without a text of every hard limit. */
static void put_unread(const struct members *put, cJSON *document, const struct why_case *in_case)
{
	const struct why_look *last = why_last_look(in_case);
	const struct rules *rules = &in_case->pipeline->rules;
	const struct members of_look = {put->arena, last->situation->facts};
	cJSON *limits = member_array(document, "could_not_see");
	cJSON *unread = member_array(document, "unread");
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct present *now = &last->presents[i];
		const struct limit_rule *rule = &rules->limits[i];
		if (!why_is_unread(in_case, rule, now))
			continue;
		const char *why = NULL;
		if (!now->missing)
			why = now->reason;
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "id", rule->id);
		member_text(put, item, "title", rule->title);
		member_text(put, item, "why", why);
		(void)cJSON_AddItemToArray(limits, item);
		if (now->missing)
			document_unread_keys(&of_look, unread, now->missing, now->by);
	}
}

static void put_looks(cJSON *document, const struct why_case *in_case)
{
	double count = (double)in_case->look_count;
	double apart_s = (double)NAN;
	if (count > 1)
		apart_s = in_case->apart_s;
	cJSON *looks = member_object(document, "looks");
	member_number(looks, "count", count);
	member_number(looks, "apart_s", apart_s);
}

cJSON *why_document(const struct why_case *in_case)
{
	const struct pipeline *pipeline = in_case->pipeline;
	const struct why_answer *answer = &in_case->answer;
	const struct members put = {pipeline->run->arena, pipeline->facts};
	cJSON *document = cJSON_CreateObject();
	member_text(&put, document, "schema", "headroom.why/1");
	why_put_made(&put, document, in_case);
	member_text(&put, document, "as_of", pipeline->as_of);
	why_put_host(&put, document, in_case);
	member_number(document, "target_utilization", pipeline->model.target);
	put_asked(&put, document, in_case);
	put_looks(document, in_case);
	why_calls_put(&put, document, in_case);
	why_process_put(&put, document, in_case);
	put_kernel_log(&put, document, in_case);
	member_text(&put, document, "answer", end_name(in_case->end));
	member_text(&put, document, "headline", why_headline(put.arena, in_case));
	put_causes(&put, document, "causes", in_case, &answer->causes, in_case->evidence);
	put_causes(&put, document, "also", in_case, &answer->also, in_case->also_evidence);
	put_ruled_out(&put, document, in_case);
	put_unread(&put, document, in_case);
	document_given(&put, document);
	return document;
}
