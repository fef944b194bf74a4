/* The VM types and the runners' commands of a sizing, as members of its document. Judges nothing:
 * machine.c did. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "audit/size/size.h"
#include "base/array.h"
#include "base/text.h"
#include "probes/plan/plan.h"
#include "report/document/member.h"

enum {
	RUNNERS_MAX = 100
};

static void machines_put_source(const struct members *put,
		cJSON *item,
		const struct catalogue_source *source)
{
	if (!source)
		return;
	cJSON *read = member_object(item, "source");
	member_text(put, read, "title", source->title);
	member_text(put, read, "url", source->url);
	member_text(put, read, "read", source->read);
}

static void put_fit(struct arena *arena,
		cJSON *object,
		const char *name,
		const struct machine_fit *fit,
		double hosts,
		bool priced)
{
	const struct members put = {.arena = arena};
	if (!fit) {
		member_null(object, name);
		return;
	}
	cJSON *item = member_object(object, name);
	member_text(&put, item, "type", fit->type->name);
	member_text(&put, item, "arch", fit->type->arch);
	member_number(item, "vcpus", fit->type->vcpus);
	member_number(item, "memory_bytes", fit->type->memory_bytes);
	member_bool(item, "by_ratio", fit->type->by_ratio);
	machines_put_source(&put, item, fit->type->source);
	member_number(item, "hosts", hosts);
	member_number(item, "cost_per_hour", priced ? hosts * fit->type->price_per_hour : (double)NAN);
	member_text(&put, item, "limit", fit->binds);
	member_number(item, "holds", fit->binds ? fit->holds : (double)NAN);
}

static void put_provider(struct arena *arena,
		cJSON *list,
		const struct machine_sizing *sizing,
		const char *provider)
{
	const struct members put = {.arena = arena};
	const struct machine_choice choice = machine_choose(sizing, provider);
	bool priced = sizing->catalogue.priced;
	cJSON *item = cJSON_CreateObject();
	(void)cJSON_AddItemToArray(list, item);
	member_text(&put, item, "provider", provider);
	put_fit(arena, item, "single", choice.single, 1, priced);
	double alone = 0;
	double hosts = 0;
	if (choice.smaller)
		alone = choice.smaller->alone;
	if (choice.split)
		hosts = choice.split->hosts;
	put_fit(arena, item, "smaller", choice.smaller, alone, priced);
	put_fit(arena, item, "split", choice.split, hosts, priced);
}

void size_machines(struct arena *arena, cJSON *size, const struct machine_sizing *sizing)
{
	const struct members put = {.arena = arena};
	const struct catalogue *catalogue = &sizing->catalogue;
	cJSON *vm = member_object(size, "vm");
	cJSON *about = member_object(vm, "catalogue");
	member_text(&put, about, "name", catalogue->name);
	member_text(&put, about, "dated", catalogue->dated);
	member_text(&put, about, "currency", catalogue->currency);
	member_bool(about, "priced", catalogue->priced);
	member_number(vm, "cores", sizing->cores);
	member_number(vm, "opens_per_core_per_s", sizing->opens_per_core_s);
	cJSON *list = member_array(vm, "providers");
	for (size_t i = 0; i < catalogue->count; i++) /* sorted by provider */
		if (!i || strcmp(catalogue->types[i].provider, catalogue->types[i - 1].provider) != 0)
			put_provider(arena, list, sizing, catalogue->types[i].provider);
}

/* --- the same plan on several hosts
 * ---------------------------------------------------------------------------- */

struct runner {
	struct arena *arena;
	const struct workload *workload;
	const struct name_list
			*words;   /* the command the plan was read from; NULL: none, or not a plain one */
	size_t hosts, at; /* this host: 0 .. hosts - 1 */
};

/* Whole connections: the first hosts take one more. */
static double machines_share_of(const struct runner *r, double total)
{
	double each = floor(total / (double)r->hosts), rest = total - each * (double)r->hosts;
	return each + ((double)r->at < rest ? 1 : 0);
}

/* k6 divides by itself: "0:1/3" and the sequence of all parts (k6 options, execution-segment). */
static const char *k6_segment(const struct runner *r)
{
	struct text sequence = {0};
	text_add(&sequence, "0");
	for (size_t i = 1; i < r->hosts; i++)
		text_addf(&sequence, ",%zu/%zu", i, r->hosts);
	text_add(&sequence, ",1");
	const char *from = r->at ? arena_printf(r->arena, "%zu/%zu", r->at, r->hosts) : "0";
	const char *to = r->at + 1 < r->hosts ? arena_printf(r->arena, "%zu/%zu", r->at + 1, r->hosts)
										  : "1";
	const char *text = arena_printf(r->arena,
			"--execution-segment %s:%s --execution-segment-sequence %s",
			from,
			to,
			sequence.data);
	text_release(&sequence);
	return text;
}

/* Words as a shell takes them. */
static void machines_add_word(struct text *out, const char *word)
{
	static const char plain[] =
			"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:=,@%+";
	text_add(out, out->length ? " " : "");
	if (*word && strspn(word, plain) == strlen(word)) {
		text_add(out, word);
		return;
	}
	text_add(out, "'");
	for (; *word; word++)
		*word == '\'' ? text_add(out, "'\\''") : text_add_bytes(out, word, 1);
	text_add(out, "'");
}

static const char *machines_finish(struct arena *arena, struct text *out)
{
	const char *copy = text_clean(arena, out->data, out->length, 0);
	text_release(out);
	return copy;
}

/* The plan's own command with `after` behind the word `word`; NULL where that is not in it. */
static const char *own_with(const struct runner *r, const char *word, const char *after)
{
	struct text out = {0};
	bool found = false;
	for (size_t i = 0; r->words && i < r->words->count; i++) {
		machines_add_word(&out, r->words->items[i]);
		if (found || strcmp(r->words->items[i], word) != 0)
			continue;
		found = true;
		text_addf(&out, " %s", after);
	}
	if (found)
		return machines_finish(r->arena, &out);
	text_release(&out);
	return NULL;
}

/* The plan's own command with another value for an option, given as two words or as "OPTION=VALUE".
 */
static const char *own_changed(const struct runner *r, const char *option, const char *value)
{
	struct text out = {0};
	size_t length = strlen(option);
	bool found = false;
	for (size_t i = 0; r->words && i < r->words->count; i++) {
		const char *word = r->words->items[i];
		bool joined = !strncmp(word, option, length) && word[length] == '=';
		found |= joined || (!strcmp(word, option) && i + 1 < r->words->count);
		machines_add_word(&out, joined ? arena_printf(r->arena, "%s=%s", option, value) : word);
		if (!strcmp(word, option) && i + 1 < r->words->count) {
			machines_add_word(&out, value);
			i++;
		}
	}
	if (found)
		return machines_finish(r->arena, &out);
	text_release(&out);
	return NULL;
}

static const char *k6(const struct runner *r)
{
	const char *segment = k6_segment(r);
	const char *own = own_with(r, "run", segment);
	if (own)
		return own;
	return arena_printf(r->arena, "k6 run %s script.js", segment);
}

static double rate_of(const struct runner *r)
{
	const struct workload_value *requests = &r->workload->values[W_REQUESTS];
	const struct workload_value *opens = &r->workload->values[W_OPEN_RATE];
	if (requests->set)
		return requests->number;
	if (opens->set)
		return opens->number;
	return (double)NAN;
}

static const char *vegeta(const struct runner *r)
{
	double rate = rate_of(r);
	if (!(rate > 0) || !isfinite(rate))
		return NULL;
	const char *share = arena_printf(r->arena, "%.0f/s", fmax(machines_share_of(r, ceil(rate)), 1));
	const char *own = own_changed(r, "-rate", share);
	return own ? own : arena_printf(r->arena, "vegeta attack -rate=%s -targets=targets.txt", share);
}

static const char *wrk(const struct runner *r)
{
	const struct workload_value *connections = &r->workload->values[W_CONNECTIONS];
	if (!connections->set || !(connections->number >= (double)r->hosts) ||
			!isfinite(connections->number))
		return NULL;
	const char *share = arena_printf(r->arena, "%.0f", machines_share_of(r, connections->number));
	const char *own = own_changed(r, "-c", share);
	own = own ? own : own_changed(r, "--connections", share);
	return own ? own : arena_printf(r->arena, "wrk -c %s -t 2 URL", share);
}

static const struct {
	const char *tool;
	const char *(*command)(const struct runner *r);
} tools[] = {{"k6", k6}, {"vegeta", vegeta}, {"wrk", wrk}};

static void add_commands(cJSON *list, struct runner *r, size_t tool)
{
	const struct members put = {.arena = r->arena};
	r->at = 0;
	if (!tools[tool].command(r))
		return;
	cJSON *item = cJSON_CreateObject(), *hosts;
	(void)cJSON_AddItemToArray(list, item);
	member_text(&put, item, "tool", tools[tool].tool);
	hosts = member_array(item, "per_host");
	for (; r->at < r->hosts; r->at++)
		(void)cJSON_AddItemToArray(hosts, member_text_value(&put, tools[tool].command(r)));
}

void size_runners(struct arena *arena,
		cJSON *size,
		const struct plan *plan,
		const struct name_list *words,
		const struct workload *workload,
		double hosts)
{
	if (!workload || !(hosts > 1) || hosts > RUNNERS_MAX) {
		member_null(size, "runners");
		return;
	}
	struct runner runner = {.arena = arena, .workload = workload, .hosts = (size_t)hosts};
	if (plan && words->count && !strcmp(words->items[0], plan->tool))
		runner.words = words;
	cJSON *object = member_object(size, "runners");
	member_number(object, "hosts", hosts);
	if (!plan || !strcmp(plan->tool, "k6")) /* spec.parallelism of its TestRun */
		member_text(&(struct members){.arena = arena},
				object,
				"k6_operator",
				arena_printf(arena, "parallelism: %.0f", hosts));
	cJSON *list = member_array(object, "commands");
	for (size_t i = 0; i < COUNT_OF(tools); i++)
		if (!plan || !strcmp(plan->tool, tools[i].tool))
			add_commands(list, &runner, i);
}
