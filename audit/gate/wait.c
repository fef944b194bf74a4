/* Before the run: the verdict, the soft limit of open files, and the TIME_WAIT of the run before.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/gate/gate.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"

static const double poll_s = 1;
static const char soft_key[] = "limits.nofile.soft";

static const struct judgement *find_limit(const struct result *result, const char *id)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct judgement *worst = &result->resources[i].worst;
		if (strcmp(worst->rule->id, id) == 0)
			return worst;
	}
	return NULL;
}

static void wait_set_soft(struct gate *gate, double soft)
{
	struct facts *facts = gate->pipeline->facts;
	struct fact *fact = facts_put_number(facts, soft_key, NULL, soft, UNIT_COUNT, "--fix-soft");
	fact->origin = ORIGIN_PROPOSED;
	fact->note = "as set for the command by headroom gate --fix-soft";
	facts_sort(facts);
	gate->soft_after = soft;
}

/* As far as the plan needs it at the target utilization, and no further than the hard limit. */
static bool fix_soft(struct gate *gate, struct error *err)
{
	const struct judgement *files = find_limit(gate->result, "process-fds");
	double soft = facts_number(gate->pipeline->facts, soft_key);
	double hard = facts_number(gate->pipeline->facts, "limits.nofile.hard");
	bool fails = files && files->status == STATUS_FAIL && files->capacity == soft;
	double needed = fails ? fmin(ceil(files->demand / gate->pipeline->model.target - 1e-9), hard)
						  : soft;
	if (!gate->options->gate.fix_soft || isnan(needed) || !(needed > soft))
		return true;
	gate->soft_before = soft;
	wait_set_soft(gate, needed);
	return pipeline_judge(gate->pipeline, &gate->plan, gate->result, err);
}

bool gate_judge(struct gate *gate, struct error *err)
{
	gate->soft_before = gate->soft_after = (double)NAN;
	return pipeline_judge(gate->pipeline, &gate->plan, gate->result, err) && fix_soft(gate, err);
}

static double count_of(const struct facts *facts, const char *key, const char *instance)
{
	const struct fact *fact = facts_get(facts, key, instance);
	if (fact && fact->status == FACT_KNOWN)
		return fact->number;
	return 0;
}

/* Takes the sockets in TIME_WAIT off the count of each destination or pool. `reusable_key` counts
 * some of them apart; NULL: none. */
static void forget_counted(struct facts *facts,
		const char *key,
		const char *time_wait_key,
		const char *reusable_key)
{
	size_t first, count = facts_instances(facts, key, &first);
	for (size_t i = first; i < first + count; i++) {
		struct fact *fact = facts->items[i];
		double gone = count_of(facts, time_wait_key, fact->instance);
		if (reusable_key)
			gone -= count_of(facts, reusable_key, fact->instance);
		fact->number = fmax(0, fact->number - gone);
	}
}

/* No count of this key has any TIME_WAIT in it. */
static void forget_all(struct facts *facts, const char *key)
{
	size_t first, count = facts_instances(facts, key, &first);
	for (size_t i = first; i < first + count; i++)
		facts->items[i]->number = 0;
}

/* Ports held by one socket in TIME_WAIT at most: the others stay. */
static void forget_held(struct facts *facts, double time_wait)
{
	static const char *const keys[] = {"ports.in_use",
			"ports.in_use4",
			"ports.in_use6",
			"ports.in_use6_for4"};
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		double held = facts_number(facts, keys[i]);
		double left = fmax(0, held - time_wait);
		if (held > 0)
			facts_put_number(facts, keys[i], NULL, left, UNIT_COUNT, NULL);
	}
}

/* The host as it will be when all TIME_WAIT has ended. */
static void forget_time_wait(struct facts *facts)
{
	double time_wait = facts_number(facts, "sockets.tcp.time_wait");
	forget_counted(facts, "destination.sockets", "destination.time_wait", NULL);
	forget_counted(facts, "pool.ports", "pool.time_wait", "pool.reusable");
	forget_all(facts, "pool.reusable");
	forget_held(facts, time_wait);
	facts_put_number(facts, "sockets.tcp.time_wait", NULL, 0, UNIT_COUNT, NULL);
	if (facts_number(facts, "net.netfilter.nf_conntrack_count") > 0)
		facts_put_number(facts, "net.netfilter.nf_conntrack_count", NULL, 0, UNIT_COUNT, NULL);
	facts_sort(facts);
}

/* The host as it is now, seen as the command will see it. */
static struct facts *read_again(const struct gate *gate,
		struct host_info *ret_host,
		struct error *err)
{
	struct facts *facts = pipeline_facts(gate->pipeline->run, DETAIL_AUDIT, ret_host, err);
	const struct plan *plan = gate->pipeline->plan;
	if (!facts)
		return NULL;
	if (plan && !plan_vantage_facts(plan, facts, err))
		return NULL;
	if (!pipeline_targets(gate->pipeline, &gate->plan, ret_host, facts, err))
		return NULL;
	return facts;
}

/* Facts are shared with overlays: the probe is run again to have some of our own. */
static bool would_help(struct gate *gate, bool *ret_helps, struct error *err)
{
	struct host_info info;
	struct facts *kept = gate->pipeline->facts, *later = read_again(gate, &info, err);
	if (!later)
		return false;
	forget_time_wait(later);
	gate->pipeline->facts = later;
	bool judged = gate_judge(gate, err);
	*ret_helps = judged && gate->result->verdict == VERDICT_PASS;
	gate->pipeline->facts = kept;
	return judged;
}

static void wait_show_progress(const struct gate *gate, double spent_s)
{
	char left[NUMBER_TEXT_MAX];
	double time_wait = facts_number(gate->pipeline->facts, "sockets.tcp.time_wait");
	if (gate->options->quiet || isatty(STDERR_FILENO) != 1)
		return;
	(void)fprintf(stderr,
			"\r\033[K  waiting for %s TIME_WAIT to end: %.0f s of %.0f s",
			text_number(left, time_wait, UNIT_COUNT),
			spent_s,
			gate->options->gate.wait_s);
	(void)fflush(stderr);
}

bool gate_wait(struct gate *gate, struct error *err)
{
	bool helps = false;
	double begin = clock_now_s();
	struct result before = *gate->result;
	if (gate->result->verdict != VERDICT_FAIL || !(gate->options->gate.wait_s > 0))
		return true;
	if (!would_help(gate, &helps, err))
		return false;
	*gate->result = before;
	if (!helps) {
		screen_say("--wait: waiting would not help; even without TIME_WAIT sockets the plan does "
				   "not fit");
		return gate_judge(gate, err);
	}
	while (gate->result->verdict != VERDICT_PASS &&
			clock_now_s() - begin < gate->options->gate.wait_s) {
		const struct timespec moment = {(time_t)poll_s, 0};
		wait_show_progress(gate, clock_now_s() - begin);
		(void)nanosleep(&moment, NULL);
		gate->pipeline->facts = read_again(gate, &gate->pipeline->host, err);
		if (!gate->pipeline->facts || !gate_judge(gate, err))
			return false;
	}
	if (!gate->options->quiet && isatty(STDERR_FILENO) == 1)
		(void)fputs("\r\033[K", stderr);
	gate->waited_s = clock_now_s() - begin;
	return true;
}
