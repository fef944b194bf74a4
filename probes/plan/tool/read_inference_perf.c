/* inference-perf: a YAML file of stages, each with a rate or a number of requests at a time. Worker
 * processes keep their connections, each at most so many requests at once. Source (0.7.0, counted):
 * inference_perf/config.py, loadgen/load_generator.py. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	O_CONFIG,
	O_LOG_LEVEL,
	O_ANALYZE
};

static const struct argument_option options[] = {
		[O_CONFIG] = {"config_file", 'c', TAKES_TEXT, NULL},
		[O_LOG_LEVEL] = {"log-level", 0, TAKES_TEXT, NULL},
		[O_ANALYZE] = {"analyze", 'a', TAKES_TEXT, NULL},
};

static const struct argument_syntax syntax = {"inference-perf",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_OTHERS,
		options,
		COUNT_OF(options)};

/* What each worker process has at once where the file does not say it, and what it was seen to
 * hold: descriptors 27 to 29, memory 767 MB, 1.38 GB the main process. */
enum {
	WORKER_CONCURRENCY = 100,
	WORKER_CONNECTIONS = 2500,
	WORKER_FDS = 29
};
static const double main_memory = 1380e6, worker_memory = 767e6;

struct inference {
	const struct plan_context *context;
	struct plan *plan;
	struct document file;
	struct error *err;
	double workers, each, rate, streams, seconds;
};

static bool number_of(struct inference *inference,
		const struct tree_node *node,
		const char *name,
		double *ret)
{
	return document_number(&inference->file, node, name, &quantity_decimal, ret, inference->err);
}

static bool read_stage(struct inference *inference, const struct tree_node *stage)
{
	double rate = 0, streams = 0, seconds = NAN;
	if (!number_of(inference, stage, "rate", &rate))
		return false;
	if (!number_of(inference, stage, "concurrency_level", &streams))
		return false;
	if (!number_of(inference, stage, "duration", &seconds))
		return false;
	inference->rate = fmax(inference->rate, rate);
	inference->streams = fmax(inference->streams, streams);
	inference->seconds += seconds;
	return true;
}

static bool read_load(struct inference *inference, const struct tree_node *load)
{
	double connections = WORKER_CONNECTIONS;
	inference->workers = inference->context->processors;
	inference->each = WORKER_CONCURRENCY;
	if (!number_of(inference, load, "num_workers", &inference->workers))
		return false;
	if (!number_of(inference, load, "worker_max_concurrency", &inference->each))
		return false;
	if (!number_of(inference, load, "worker_max_tcp_connections", &connections))
		return false;
	inference->each = fmin(inference->each, connections);
	const struct tree_node *stages = tree_child(load, "stages");
	const struct tree_node *stage = NULL;
	if (stages)
		stage = stages->child;
	for (; stage; stage = stage->next) {
		if (!read_stage(inference, stage))
			return false;
	}
	return true;
}

static void ask_for_connections(struct inference *inference, const char *why)
{
	plan_ask(inference->plan, inference->context, why, W_CONNECTIONS, WORKLOAD_FIELDS);
}

/* A rate: as many as are in flight, and no more than the workers have. */
static void connections_of_rate(struct inference *inference, const char *where)
{
	struct plan *plan = inference->plan;
	const double latency = plan_given(inference->context, W_LATENCY);
	const double most = inference->workers * inference->each;
	double waiting = ceil(inference->rate * latency * 1.2) + 20;
	plan_number(plan, W_REQUESTS, inference->rate, CONFIDENCE_BOUND, where);
	if (!isnan(latency) && !isnan(most))
		waiting = fmin(waiting, most);
	if (!isnan(latency))
		plan_number(plan, W_CONNECTIONS, waiting, CONFIDENCE_ESTIMATE, "--latency and the rate");
	else if (!isnan(most))
		plan_number(plan,
				W_CONNECTIONS,
				most,
				CONFIDENCE_BOUND,
				"num_workers × worker_max_concurrency");
	else
		ask_for_connections(inference,
				"num_workers is the number of processors, which is not known");
}

static void set_connections(struct inference *inference, const struct tree_node *load)
{
	const char *where = document_where(&inference->file, load);
	if (inference->rate > 0)
		connections_of_rate(inference, where);
	else if (inference->streams > 0)
		plan_number(inference->plan,
				W_CONNECTIONS,
				inference->streams,
				CONFIDENCE_BOUND,
				"concurrency_level of the largest stage");
	else
		ask_for_connections(inference, "no stage of the load has a rate or a concurrency_level");
}

/* What was counted of its processes. */
static void set_measured(struct inference *inference)
{
	struct plan *plan = inference->plan;
	static const char measured[] = "measured with 0.7.0";
	plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "inference-perf keeps its connections");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "aiohttp connects without bind");
	plan_choice(plan, W_NOFILE, "soft", CONFIDENCE_EXACT, "Python does not change its soft limit");
	plan_number(plan, W_FDS_BASE, WORKER_FDS, CONFIDENCE_ESTIMATE, measured);
	if (isnan(inference->workers))
		return;
	plan_number(plan, W_PROCESSES, inference->workers, CONFIDENCE_EXACT, "num_workers");
	plan_number(plan,
			W_MEMORY_BASE,
			main_memory + inference->workers * worker_memory,
			CONFIDENCE_ESTIMATE,
			measured);
}

static bool set_target(struct inference *inference)
{
	const struct tree_node *server = tree_child(inference->file.root, "server");
	const char *url = tree_text(server, "base_url");
	if (!url)
		return true;
	return plan_url(inference->plan, url, document_where(&inference->file, server), inference->err);
}

static bool read_file_of(struct inference *inference)
{
	const struct tree_node *load = tree_child(inference->file.root, "load");
	if (!load)
		return error_set(inference->err,
				"%s: no load section, so it does not say what inference-perf sends",
				inference->file.path);
	if (!read_load(inference, load))
		return false;
	set_connections(inference, load);
	set_measured(inference);
	if (inference->seconds > 0)
		plan_number(inference->plan,
				W_DURATION,
				inference->seconds,
				CONFIDENCE_ESTIMATE,
				"the sum of its stages");
	return set_target(inference);
}

static bool read_inference_perf(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct inference inference = {.context = context, .plan = plan, .err = err};
	struct arguments arguments;
	if (!arguments_read(context->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&arguments,
				err))
		return false;
	const char *path = arguments_text(&arguments, O_CONFIG, NULL);
	if (!path)
		return error_set(err, "inference-perf: --config_file needs a file");
	if (!document_read(context, command, path, "yaml", "--config_file", &inference.file, err))
		return false;
	return read_file_of(&inference);
}

static const char *const programs[] = {"inference-perf", NULL};
static const char *const images[] = {"kubernetes-sigs/inference-perf", NULL};
const struct plan_reader plan_reader_inference_perf = {
		.tool = "inference-perf",
		.programs = programs,
		.images = images,
		.runtime = "python",
		.read = read_inference_perf,
		.help = "-c FILE: load.stages, num_workers, worker_max_concurrency, server.base_url",
};
