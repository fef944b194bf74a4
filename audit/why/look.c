/* Two looks at the host, a moment apart: what is full in both is full, and a counter that grew in
 * between says that it is hit now. */
#include <math.h>
#include <string.h>
#include <time.h>

#include "audit/why/why.h"
#include "base/address.h"
#include "base/os/clock.h"
#include "probes/host/processes/descent.h"
#include "probes/host/processes/inotify.h"
#include "probes/host/sockets/endpoint.h"
#include "probes/host/target/target.h"

const double why_apart_s = 0.2;

bool why_is_live(const struct why_case *in_case)
{
	return !in_case->pipeline->run->options->facts_path;
}

const struct why_look *why_last_look(const struct why_case *in_case)
{
	return &in_case->looks[in_case->look_count - 1];
}

static void sleep_until(double moment_s)
{
	double left = moment_s - clock_now_s();
	if (!(left > 0))
		return;
	const struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
	(void)nanosleep(&time, NULL);
}

/* Formulas ask for a plan; the present use does not depend on it. */
bool why_look_of(const struct pipeline *pipeline,
		struct facts *facts,
		struct why_look *ret_look,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	struct workload *usual = arena_alloc(arena, sizeof *usual);
	struct situation *situation = arena_alloc(arena, sizeof *situation);
	struct state *state = arena_alloc(arena, sizeof *state);
	struct loads plan = loads_of(usual);
	const struct options *asked = pipeline->run->options;
	struct model_options *options = arena_alloc(arena, sizeof *options);
	*options = pipeline->model;
	if (!pipeline_preset(pipeline, "default", usual, err))
		return false;
	if (!loads_complete(arena, &plan, err))
		return false;
	*state = state_new(arena, &pipeline->rules, facts_overlay(arena, facts), &plan);
	if (asked->pid > 0 && !asked->facts_path) {
		struct name_list *own = arena_alloc(arena, sizeof *own);
		*own = descent_of(arena, facts, (int)asked->pid);
		options->processes = own;
	}
	if (!situation_build(arena, &pipeline->rules, state, options, situation, err))
		return false;
	*ret_look = why_look_at(situation);
	return true;
}

bool why_look_first(struct why_case *in_case, struct error *err)
{
	struct pipeline *pipeline = in_case->pipeline;
	in_case->look_count = 1;
	in_case->apart_s = why_apart_s;
	return why_look_of(pipeline, pipeline->facts, &in_case->looks[0], err);
}

/* --- the destinations of the lines ---------------------------------------------------------- */

static bool look_put_targets(const struct why_case *in_case,
		const struct host_info *info,
		struct facts *facts,
		struct error *err)
{
	const struct options *options = in_case->pipeline->run->options;
	const struct host_options host_options = pipeline_host_options(options, DETAIL_AUDIT);
	const struct targets targets = {
			.items = in_case->asked.to.items,
			.count = in_case->asked.to.count,
			.resolves = options->resolves.items,
			.resolve_count = options->resolves.count,
	};
	if (targets.count == 0 && targets.resolve_count == 0)
		return true;
	return target_facts(facts->arena, &host_options, info, &targets, facts, err);
}

static void look_add_address(struct arena *arena,
		struct name_list *list,
		const char *text,
		size_t length,
		unsigned port)
{
	struct address address;
	struct endpoint end = {.port = (uint16_t)port};
	if (!address_parse(text, length, &address))
		return;
	end.family = address.family;
	memcpy(end.address, address.bytes, sizeof end.address);
	name_list_add_once(arena, list, endpoint_text(arena, &end));
}

/* "10.0.0.1 fd00::1" */
static void add_addresses(struct arena *arena,
		struct name_list *list,
		const char *words,
		unsigned port)
{
	while (*words) {
		size_t length = strcspn(words, " ");
		look_add_address(arena, list, words, length, port);
		words += length;
		words += *words == ' ';
	}
}

/* What name.addresses says of HOST:PORT (--resolve), or else of the host. */
static const char *look_addresses(const struct facts *facts,
		const char *to,
		const struct host_port *split)
{
	static const char key[] = "name.addresses";
	const struct fact *fact = facts_get(facts, key, to);
	if (!fact)
		fact = facts_get(facts, key, arena_copy(facts->arena, split->host, split->length));
	if (!fact || fact->status != FACT_KNOWN)
		return "";
	return fact->text;
}

static void look_find_addresses(struct why_asked *asked, const struct facts *facts)
{
	for (size_t i = 0; i < asked->to.count; i++) {
		struct host_port split;
		const char *to = asked->to.items[i];
		if (!host_port_split(to, &split) || split.port == 0)
			continue;
		look_add_address(facts->arena, &asked->addresses, split.host, split.length, split.port);
		add_addresses(facts->arena,
				&asked->addresses,
				look_addresses(facts, to, &split),
				split.port);
	}
}

/* --- the second look ------------------------------------------------------------------------ */

static void count_ahead(const struct why_case *in_case, struct host_counted *ret_counted)
{
	const struct run *run = in_case->pipeline->run;
	const struct inventory *process = in_case->process;
	struct counted_process known;
	if (!process || process->error || process->partial) {
		inotify_count_ahead(run->arena, NULL, ret_counted);
		return;
	}
	known.pid = (int)run->options->pid;
	known.inotify = process->kinds[OPEN_INOTIFY];
	inotify_count_ahead(run->arena, &known, ret_counted);
}

/* What is in use of a limit may be found only by looking at everything. NULL: the process has ended
 * in the meantime. */
static struct facts *read_everything(const struct why_case *in_case,
		const struct host_counted *counted,
		struct host_info *ret_info)
{
	const struct pipeline *pipeline = in_case->pipeline;
	struct options options = *pipeline->run->options;
	struct run looking = *pipeline->run;
	struct error ended = {0};
	options.all = true;
	looking.options = &options;
	struct host_options host_options = pipeline_host_options(&options, DETAIL_ALL);
	host_options.counted = *counted;
	return pipeline_facts_by(&looking, &host_options, ret_info, &ended);
}

/* With very many open files the pause gets longer. To a tenth of a second. */
static void note_apart(struct why_case *in_case)
{
	double passed = clock_now_s() - in_case->looked_s;
	if (!in_case->calls->asked)
		in_case->apart_s = fmax(why_apart_s, round(passed * 10) / 10);
}

/* Waits, and looks at open files meanwhile: that takes the longest. */
static struct facts *read_after_a_moment(struct why_case *in_case, struct host_info *ret_info)
{
	struct host_counted counted;
	why_process_read(in_case);
	count_ahead(in_case, &counted);
	sleep_until(in_case->looked_s + why_apart_s);
	note_apart(in_case);
	struct facts *facts = read_everything(in_case, &counted, ret_info);
	if (!facts)
		why_process_read(in_case); /* it has ended: that is to be said */
	return facts;
}

bool why_look_again(struct why_case *in_case, struct error *err)
{
	struct pipeline *pipeline = in_case->pipeline;
	struct host_info info = pipeline->host;
	struct facts *facts = pipeline->facts;
	size_t at = 0;
	if (why_is_live(in_case)) {
		if (in_case->calls->asked) {
			why_calls_watch(pipeline, in_case->calls);
			in_case->apart_s = in_case->calls->seconds;
			why_calls_destination(pipeline->run->arena, in_case->calls, &in_case->asked.to);
		}
		facts = read_after_a_moment(in_case, &info);
		at = facts != NULL;
	}
	if (!facts)
		return true;
	if (!look_put_targets(in_case, &info, facts, err))
		return false;
	look_find_addresses(&in_case->asked, facts);
	if (!why_look_of(pipeline, facts, &in_case->looks[at], err))
		return false;
	in_case->look_count = at + 1;
	pipeline->facts = facts;
	pipeline->host = info;
	return true;
}
