/* Which of the numbers are the command's. */
#include "model/watch/command_run.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/instance/instance.h"

const char *run_figure(struct arena *arena, double value, enum unit unit)
{
	char text[NUMBER_TEXT_MAX];
	return arena_strdup(arena, text_number(text, value, unit));
}

const char *run_connections(struct arena *arena, double count)
{
	const char *figure = run_figure(arena, count, UNIT_COUNT);
	if (count == 1)
		return arena_printf(arena, "%s connection", figure);
	return arena_printf(arena, "%s connections", figure);
}

const char *run_role(const struct certify_input *input)
{
	const char *role = NULL;
	if (input->plan)
		role = result_load(input->plan)->values[W_ROLE].text;
	if (!role)
		return "client";
	return role;
}

bool run_is_server(const struct certify_input *input)
{
	const char *role = run_role(input);
	return !strcmp(role, "server") || !strcmp(role, "proxy");
}

bool run_is_udp(const struct certify_input *input)
{
	const char *protocol = NULL;
	if (input->plan)
		protocol = result_load(input->plan)->values[W_PROTOCOL].text;
	return protocol && !strcmp(protocol, "udp");
}

/* A server's connections are those it accepted. */
enum observed run_opened_of(const struct certify_input *input)
{
	if (run_is_server(input))
		return O_ACCEPTS;
	return O_OPENS;
}

enum observed run_live_of(const struct certify_input *input)
{
	if (run_is_server(input))
		return O_ACCEPTED;
	return O_LIVE;
}

enum observed run_time_wait_of(const struct certify_input *input)
{
	if (run_is_server(input))
		return O_ACCEPTED_TIME_WAIT;
	return O_TIME_WAIT;
}

/* --- the command's load
 * ----------------------------------------------------------------------------
 * Of several loads the last is the command's, and the run is compared with that one alone. */

static size_t command_load(const struct result *plan)
{
	return plan->loads.count - 1;
}

/* Its curves. */
struct load_series run_series(const struct result *plan)
{
	const struct timeline_result *timeline = &plan->timeline;
	const struct load_series whole = {
			.live = timeline->live,
			.time_wait = timeline->time_wait,
			.opens = timeline->opens,
	};
	if (plan->loads.count < 2)
		return whole;
	for (size_t i = 0; i < timeline->load_count; i++)
		if (timeline->loads[i].load == command_load(plan))
			return timeline->loads[i];
	return (struct load_series){0}; /* it asks for nothing */
}

struct load_point run_point(const struct result *plan)
{
	const struct workload *load = result_load(plan);
	if (plan->loads.count < 2)
		return plan->plan;
	return (struct load_point){
			.scale = 1,
			.connections = load->peak_connections,
			.open_rate_per_s = load->values[W_OPEN_RATE].number,
	};
}

bool run_is_of_command(const struct result *plan, const struct judgement *judgement)
{
	return plan->loads.count < 2 || judgement->at->members[0].load->at == command_load(plan);
}

/* The most of a series of the plan until t. */
double run_most_until(const struct timeline_result *timeline, const double *values, double t)
{
	double most = (double)NAN;
	for (size_t i = 0; values && i < timeline->points; i++) {
		double value = values[i];
		if (timeline->t[i] > t && i > 0) {
			double part = (t - timeline->t[i - 1]) / (timeline->t[i] - timeline->t[i - 1]);
			value = values[i - 1] + (values[i] - values[i - 1]) * fmin(fmax(part, 0), 1);
		}
		most = fmax(most, value);
		if (timeline->t[i] > t)
			break;
	}
	return most;
}

double run_opened(const struct certify_input *input)
{
	double opened = observations_growth(input->seen, run_opened_of(input));
	double others = observations_growth(input->seen, O_OTHERS_OPENED);
	/* The kernel does not count UDP sockets as they are made. */
	if (run_is_udp(input))
		return observations_peak(input->seen, O_LIVE, NULL);
	if (run_is_server(input) || !(others > 0))
		return opened;
	return fmax(0, opened - others);
}

void certify_remark(struct certificate *out, const char *id, bool lost, const char *text)
{
	if (out->remark_count < REMARKS_MAX)
		out->remarks[out->remark_count++] = (struct remark){id, lost, text};
}
