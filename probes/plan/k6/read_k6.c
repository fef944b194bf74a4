/* k6. What a test asks for is k6's own answer (`k6 inspect --execution-requirements`, which runs
 * the script's init part and nothing else), a saved one, an archive's metadata, or what the
 * script's text says plainly; flags and K6_* variables override it as in k6. Sources (k6 2.2.0):
 * internal/cmd/{run,options,inspect,config}.go, internal/js/runner.go, lib/types/ipblock.go. */
#include <arpa/inet.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "probes/plan/k6/k6.h"
#include "probes/plan/tool/tools.h"

enum {
	FDS_OWN = 10,
	/* k6's own guide for large tests: 1 to 5 MB for each VU (rules/workloads/k6.json). */
	MEMORY_PER_VU = 3145728
};

/* "10.0.0.8-10.0.0.11" and "10.1.0.0/30" are counted, an IPv6 block is one. */
static double count_block(char *part)
{
	char *dash = strchr(part, '-'), *slash = strchr(part, '/');
	struct in_addr low, high;
	if (slash && !strchr(part, ':'))
		return ldexp(1, 32 - atoi(slash + 1));
	if (!dash)
		return 1;
	*dash = '\0';
	if (inet_pton(AF_INET, part, &low) != 1 || inet_pton(AF_INET, dash + 1, &high) != 1)
		return 1;
	return fmax(1, (double)ntohl(high.s_addr) - (double)ntohl(low.s_addr) + 1);
}

static double count_addresses(struct arena *arena, const char *text)
{
	double sum = 0;
	char *rest = arena_strdup(arena, text);
	for (char *part; (part = strsep(&rest, ","));)
		if (*part)
			sum += count_block(part);
	return fmax(1, sum);
}

static void set_binding(struct k6 *k6)
{
	const char *from, *addresses = k6_setting(k6, K6_O_LOCAL_IPS, &from);
	struct plan *plan = k6->plan;
	if (!addresses || !*addresses) {
		plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "k6 connects without bind");
		return;
	}
	double count = count_addresses(k6->arena, addresses);
	plan_choice(plan, W_BIND, "address", CONFIDENCE_EXACT, from);
	plan_number(plan, W_SOURCE_ADDRESSES, count, CONFIDENCE_EXACT, from);
}

/* What the process needs beside its connections. */
static void set_process(struct k6 *k6)
{
	struct plan *plan = k6->plan;
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN,
			CONFIDENCE_ESTIMATE,
			"k6: about 10 besides the connections");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"Go raises the soft limit to the hard one");
}

static void k6_set_users(struct k6 *k6)
{
	struct plan *plan = k6->plan;
	const struct k6_load *load = &k6->load;
	double users = k6_segment_of(k6, load->vus_max);
	enum confidence confidence = CONFIDENCE_EXACT;
	if (k6->by_text)
		confidence = CONFIDENCE_ESTIMATE;
	if (load->arrival_rate || load->external)
		confidence = CONFIDENCE_BOUND;
	if (k6->timed && load->duration_s > 0)
		plan_number(plan, W_DURATION, load->duration_s, CONFIDENCE_BOUND, "with graceful stops");
	if (users <= 0)
		return;
	plan_number(plan, W_USERS, users, confidence, k6->load_from);
	if (k6->browsers > 0)
		return; /* which need far more, and nobody knows how much */
	plan_number(plan,
			W_MEMORY_PER_USER,
			MEMORY_PER_VU,
			CONFIDENCE_ESTIMATE,
			"k6's guide for large tests: 1 to 5 MB per VU");
}

static bool find_path(struct k6 *k6)
{
	const struct arguments *arguments = &k6->arguments;
	const char *word = "";
	size_t at = 1;
	if (arguments->word_count)
		word = arguments->words[0];
	if (strcmp(word, "cloud") == 0) {
		at += arguments->word_count > 1 && strcmp(arguments->words[1], "run") == 0;
		if (!arguments_given(arguments, K6_O_LOCAL))
			return error_set(k6->err,
					"k6 cloud: the load comes from elsewhere, not from this host (with "
					"--local-execution it would come from here)");
	} else if (strcmp(word, "run") != 0) {
		return error_set(k6->err,
				"k6: \"%.40s\" does not start a load test: write `k6 run SCRIPT`",
				word);
	}
	if (arguments->word_count <= at)
		return error_set(k6->err, "k6: no script in the command");
	k6->path = arguments->words[at];
	return true;
}

static bool k6_read_command(struct k6 *k6)
{
	const struct plan_command *command = k6->command;
	return arguments_read(k6->arena,
			&k6_syntax,
			command->words + 1,
			command->count - 1,
			&k6->arguments,
			k6->err);
}

static bool read_k6(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct k6 *k6 = arena_alloc(plan->arena, sizeof *k6);
	k6->context = context;
	k6->command = command;
	k6->plan = plan;
	k6->arena = plan->arena;
	k6->err = err;
	if (!k6_read_command(k6) || !find_path(k6) || !k6_read_source(k6) || !k6_read_load(k6))
		return false;
	if (!k6_set_hosts(k6))
		return false;
	set_binding(k6);
	set_process(k6);
	if (!k6->has_load)
		return true;
	k6_set_users(k6);
	return k6_set_connections(k6);
}

static const char *const programs[] = {"k6", NULL};
static const char *const images[] = {"grafana/k6", "loadimpact/k6", NULL};
const struct plan_reader plan_reader_k6 = {
		.tool = "k6",
		.programs = programs,
		.images = images,
		.runtime = "go",
		.read = read_k6,
		.help = "`k6 inspect`, its saved output or an archive; flags, K6_* variables, options "
				"and requests in the script's text",
};
