/* Judges a plan on VM types. Knows no provider. */
#include "audit/size/machine.h"

#include <math.h>
#include <string.h>

#include "audit/size/own_limit.h"

/* The part of a machine's memory that /proc/meminfo shows as MemTotal, and what a system without
 * load uses: seen on VMs of 2 to 32 GiB with Debian 12 (firmware and kernel keep some 3%; systemd,
 * sshd and page tables some 300 MiB). */
static const double total_share = 0.97, used_bytes = 300.0 * 1048576;

static void machine_put(struct facts *facts,
		const char *key,
		double number,
		enum unit unit,
		const char *where)
{
	struct fact fact = {.key = key,
			.instance = "",
			.status = FACT_KNOWN,
			.origin = ORIGIN_PROPOSED,
			.unit = unit,
			.number = number,
			.where = where};
	(void)facts_put(facts, fact);
}

static bool is_known(const struct facts *facts, const char *key)
{
	return !isnan(facts_number(facts, key));
}

/* On a VM with Linux 6.18, 2 CPUs and a MemTotal of 24,684,084 KiB (98.1% of its 24 GiB), of which
 * the formulas below were given MemTotal: tcp_mem 0.5% above the kernel's own (it counts only
 * pages below the zones' high watermarks), fs.file-max 0.1% above (the kernel takes off what was
 * in use at boot), threads-max 0.06% above; tcp_max_tw_buckets and nf_conntrack_max the same. */

/* Page counts as tcp_init_mem() sets them (net/ipv4/tcp.c): a sixteenth of the memory is where
 * pressure begins. */
static void put_tcp_mem(struct facts *facts, double total_bytes, const char *where)
{
	double limit = fmax(floor(total_bytes / 4096 / 16), 128);
	machine_put(facts, "net.ipv4.tcp_mem.min", floor(limit / 4) * 3, UNIT_COUNT, where);
	machine_put(facts, "net.ipv4.tcp_mem.pressure", limit, UNIT_COUNT, where);
	machine_put(facts, "net.ipv4.tcp_mem.max", floor(limit / 4) * 6, UNIT_COUNT, where);
}

static double power_of_two_from(double least)
{
	double power = 1;
	while (power < least)
		power *= 2;
	return power;
}

/* nf_conntrack_init_start() (net/netfilter/nf_conntrack_core.c, since 5.15): as many entries as
 * buckets, 262,144 above 4 GiB and 65,536 above 1 GiB. Only where this host has the table: the VM
 * is to be set up like it. */
static void put_conntrack(struct facts *facts, double total_bytes, const char *where)
{
	double buckets = floor(total_bytes / 16384 / 8);
	if (total_bytes > 4.0 * 1073741824)
		buckets = 262144;
	else if (total_bytes > 1073741824)
		buckets = 65536;
	if (is_known(facts, "net.netfilter.nf_conntrack_max"))
		machine_put(facts,
				"net.netfilter.nf_conntrack_max",
				fmax(buckets, 1024),
				UNIT_COUNT,
				where);
}

void machine_facts(const struct machine_type *type, struct facts *facts)
{
	const char *where = type->name;
	double total = floor(type->memory_bytes * total_share);
	machine_put(facts, "host.cpus", type->vcpus, UNIT_COUNT, where);
	machine_put(facts, "memory.total", total, UNIT_BYTES, where);
	machine_put(facts, "memory.available", fmax(total - used_bytes, 0), UNIT_BYTES, where);
	machine_put(facts, "memory.free", fmax(total - used_bytes, 0), UNIT_BYTES, where);
	machine_put(facts, "cgroup.memory.max", (double)INFINITY, UNIT_BYTES, where);
	machine_put(facts, "cgroup.pids.max", (double)INFINITY, UNIT_COUNT, where);
	put_tcp_mem(facts, total, where);
	put_conntrack(facts, total, where);
	/* Half the slots of the established table, one slot per 128 KiB, at most 524,288 (tcp_init(),
	 * net/ipv4/tcp.c). */
	double slots = fmin(power_of_two_from(total / 131072), 524288);
	machine_put(facts, "net.ipv4.tcp_max_tw_buckets", slots / 2, UNIT_COUNT, where);
	/* A tenth of the memory in KiB (files_maxfiles_init(), fs/file_table.c). systemd 240 and later
	 * set more. */
	if (facts_number(facts, "fs.file-max") < 9e18)
		machine_put(facts, "fs.file-max", floor(total / 1024 / 10), UNIT_COUNT, where);
	/* An eighth of the memory in kernel stacks of 16 KiB (set_max_threads(), kernel/fork.c). */
	machine_put(facts, "kernel.threads-max", floor(total / 16384 / 8), UNIT_COUNT, where);
	facts_sort(facts);
}

double machine_hosts(const struct result *result)
{
	double hosts = 0;
	if (!result->group_count)
		return result->hosts_after;
	for (size_t i = 0; i < result->group_count; i++)
		hosts += result->groups[i].after_fixes;
	return hosts;
}

/* The limit that is left once the ladder's values are set: that for which its last rung takes more
 * hosts, or what binds after it; and how much of the plan it lets one such host have. */
static const char *left_over(const struct result *result, double *ret_holds)
{
	const char *id = result->binding ? result->binding->rule->id : NULL;
	*ret_holds = result->max_safe.scale;
	for (size_t i = 0; i < result->fix_count; i++) {
		const struct fix *fix = &result->fixes[i];
		bool hosts = fix->change_count && !strcmp(fix->changes[0].key, "hosts");
		if (!fix->in_ladder)
			continue;
		id = hosts ? fix->resource : fix->next;
		*ret_holds = hosts ? fix->before.scale : fix->after.scale;
	}
	return id;
}

static void machine_explain(const struct result *result, struct machine_fit *fit)
{
	const char *id = left_over(result, &fit->holds);
	for (size_t i = 0; id && i < result->resource_count; i++)
		if (!strcmp(result->resources[i].worst.rule->id, id))
			fit->binds = limit_phrase(result->resources[i].worst.rule);
}

/* What is asked of the processors: by the kernel (cores at the target; NAN: not measured), and by
 * the load tools. */
struct processor_needs {
	double kernel_cores;
	struct own_count own;
	double target;
};

static double hosts_for_processors(const struct processor_needs *needs, double vcpus)
{
	struct own_count own = needs->own;
	if (!isnan(needs->kernel_cores))
		own.cores += needs->kernel_cores * needs->target;
	return fmax(own_hosts(&own, vcpus, needs->target), 1);
}

static bool judge_type(const struct pipeline *pipeline,
		const struct loads *plan,
		const struct processor_needs *needs,
		const struct machine_type *type,
		struct machine_fit *ret_fit,
		struct error *err)
{
	struct pipeline there = *pipeline;
	struct result result;
	there.facts = facts_overlay(pipeline->run->arena, pipeline->facts);
	machine_facts(type, there.facts);
	if (!pipeline_judge(&there, plan, &result, err))
		return false;
	bool known = result.verdict != VERDICT_UNKNOWN;
	*ret_fit = (struct machine_fit){.type = type,
			.hosts = known ? machine_hosts(&result) : (double)NAN,
			.alone = known ? result.hosts_after : (double)NAN,
			.holds = (double)NAN,
			.hosts_for_cores = hosts_for_processors(needs, type->vcpus)};
	if (!(ret_fit->alone <= 1))
		machine_explain(&result, ret_fit);
	if (ret_fit->hosts_for_cores > ret_fit->hosts)
		ret_fit->hosts = ret_fit->hosts_for_cores;
	if (ret_fit->hosts_for_cores > ret_fit->alone) {
		ret_fit->alone = ret_fit->hosts_for_cores;
		ret_fit->binds = "CPU";
		ret_fit->holds = 1 / ret_fit->hosts_for_cores;
	}
	ret_fit->cost = ret_fit->hosts *
			(isnan(type->price_per_hour) ? type->vcpus : type->price_per_hour);
	return true;
}

/* What opening connections costs the kernel here, from the ports calibrator: its rate on all
 * processors. */
static double opens_per_core(const struct pipeline *pipeline)
{
	const struct calibration_set *calibration_set = &pipeline->calibration_set;
	double cpus = facts_number(pipeline->facts, "host.cpus");
	for (size_t i = 0; i < calibration_set->count; i++) {
		const struct calibration *result = &calibration_set->results[i];
		if (!strcmp(result->id, "ports") && result->rate_per_s > 0 && cpus > 0)
			return result->rate_per_s / cpus;
	}
	return (double)NAN;
}

bool machine_judge(const struct pipeline *pipeline,
		const struct loads *plan,
		const char *catalogue_path,
		struct machine_sizing *ret_sizing,
		struct error *err)
{
	struct machine_sizing *sizing = ret_sizing;
	struct result here;
	*sizing = (struct machine_sizing){
			.cores = (double)NAN,
			.opens_per_core_s = opens_per_core(pipeline),
	};
	struct arena *arena = pipeline->run->arena;
	const char *provider = pipeline->run->options->size.provider;
	if (!catalogue_read(arena, catalogue_path, &sizing->catalogue, err))
		return false;
	if (provider && !catalogue_keep(arena, &sizing->catalogue, provider, err))
		return false;
	if (!pipeline_judge(pipeline, plan, &here, err))
		return false;
	if (!isnan(sizing->opens_per_core_s) && here.plan.open_rate_per_s >= 0)
		sizing->cores = here.plan.open_rate_per_s / sizing->opens_per_core_s / here.target;
	struct processor_needs needs = {sizing->cores, own_count_of(pipeline, &here), here.target};
	text_release(&needs.own.says);
	sizing->fits = arena_alloc(pipeline->run->arena,
			sizing->catalogue.count * sizeof *sizing->fits);
	for (size_t i = 0; i < sizing->catalogue.count; i++) {
		const struct machine_type *type = &sizing->catalogue.types[i];
		if (!judge_type(pipeline, plan, &needs, type, &sizing->fits[i], err))
			return false;
	}
	return true;
}

void machine_correct(struct machine_sizing *sizing, const struct machine_fit *fit, double hosts)
{
	struct machine_fit *corrected = &sizing->fits[fit - sizing->fits];
	corrected->cost *= hosts / corrected->hosts;
	corrected->hosts = hosts;
}

/* By price where all have one, else by size; the catalogue is sorted within a provider only. */
static bool smaller_than(const struct machine_fit *a, const struct machine_fit *b, bool priced)
{
	const struct machine_type *x = a->type;
	const struct machine_type *y = b->type;
	if (priced && (x->price_per_hour < y->price_per_hour || x->price_per_hour > y->price_per_hour))
		return x->price_per_hour < y->price_per_hour;
	if (x->vcpus < y->vcpus || x->vcpus > y->vcpus)
		return x->vcpus < y->vcpus;
	return x->memory_bytes < y->memory_bytes;
}

static bool cheaper_than(const struct machine_fit *a, const struct machine_fit *b)
{
	if (a->cost < b->cost || a->cost > b->cost)
		return a->cost < b->cost;
	double memory_a = a->hosts * a->type->memory_bytes;
	double memory_b = b->hosts * b->type->memory_bytes;
	if (memory_a < memory_b || memory_a > memory_b)
		return memory_a < memory_b;
	return a->hosts < b->hosts;
}

struct machine_choice machine_choose(const struct machine_sizing *sizing, const char *provider)
{
	struct machine_choice choice = {.single = NULL};
	bool priced = sizing->catalogue.priced;
	for (size_t i = 0; i < sizing->catalogue.count; i++) {
		const struct machine_fit *fit = &sizing->fits[i];
		if ((provider && strcmp(provider, fit->type->provider) != 0) || isnan(fit->hosts))
			continue;
		if (fit->alone <= 1 && (!choice.single || smaller_than(fit, choice.single, priced)))
			choice.single = fit;
		if (!choice.split || cheaper_than(fit, choice.split))
			choice.split = fit;
	}
	const char *of = choice.single ? choice.single->type->provider : provider;
	for (size_t i = 0; i < sizing->catalogue.count; i++) {
		const struct machine_fit *fit = &sizing->fits[i];
		bool below = !choice.single || smaller_than(fit, choice.single, priced);
		if ((!of || !strcmp(fit->type->provider, of)) && below && !(fit->alone <= 1) &&
				(!choice.smaller || smaller_than(choice.smaller, fit, priced)))
			choice.smaller = fit;
	}
	return choice;
}
