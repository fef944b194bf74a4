/* The plan at a scale, and over how many hosts it is split. */
#include "model/ladder/hosts.h"

#include <math.h>
#include <string.h>

/* The other side of proxies counts where no client has a connection that stays. */
static double live_of(const struct loads *loads)
{
	double upstream = 0;
	if (loads->peak_connections > 0)
		return loads->peak_connections;
	for (size_t i = 0; i < loads->count; i++) {
		const struct workload_value *v = loads->items[i].values;
		bool proxy = v[W_ROLE].text && !strcmp(v[W_ROLE].text, "proxy");
		if (proxy)
			upstream += v[W_UP_CONNECTIONS].number;
	}
	return upstream;
}

struct load_point load_at(const struct loads *loads, double scale)
{
	double live = live_of(loads), rate = loads_open_rate(loads);
	struct load_point point = {.scale = scale};
	if (isfinite(scale)) {
		double count = scale * live;
		point.connections = floor(count + 1e-6 + count * 1e-9);
		point.open_rate_per_s = scale * rate;
		return point;
	}
	if (live > 0)
		point.connections = scale;
	if (rate > 0)
		point.open_rate_per_s = scale;
	return point;
}

double hosts_for(double lowest, double share)
{
	if (lowest <= 0)
		return NAN;
	if (isinf(lowest))
		return 1;
	return fmax(1, ceil(share / lowest - 1e-9));
}

double hosts_needed(const struct all_limits *limits, double share)
{
	double lowest = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j))
			continue;
		if (j->status == STATUS_FAIL && !j->rule->divides)
			return NAN;
		if (!isnan(j->max_safe_scale) && j->rule->divides)
			lowest = fmin(lowest, j->max_safe_scale);
	}
	return hosts_for(lowest, share);
}
