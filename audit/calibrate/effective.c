/* Which calibrators look at which flag: as calibration_set.c makes the request from the plan. */
#include "audit/calibrate/effective.h"

#include <string.h>

#include "base/array.h"

enum {
	FLAG_MAX = 64,
	READERS = 2
};

/* A flag of the plan and the calibrators that look at it. */
struct steering {
	enum workload_field field;
	const char *readers[READERS]; /* the second may be NULL */
};

static const struct steering steerings[] = {
		{W_BIND, {"ports", "churn"}},
		{W_SOURCE_ADDRESSES, {"ports", "churn"}},
		{W_NAT, {"conntrack"}},
		{W_NOFILE, {"fds", "erlang"}},
		{W_BACKLOG, {"accept"}},
		{W_ERLANG_PORTS, {"erlang"}},
};

static bool is_among(const struct calibration_set *chosen, const char *id)
{
	for (size_t i = 0; id && i < chosen->count; i++)
		if (!strcmp(calibrator_id(chosen->chosen[i]), id))
			return true;
	return false;
}

static bool has_effect(const char *flag,
		const char *first,
		const char *second,
		const struct calibration_set *chosen,
		struct error *err)
{
	if (is_among(chosen, first) || is_among(chosen, second))
		return true;
	if (second)
		return error_set(err,
				"--%s has no effect here, because only the calibrators %s and %s use it; name one "
				"of them, or leave out the option",
				flag,
				first,
				second);
	return error_set(err,
			"--%s has no effect here, because only the calibrator %s uses it; name it, or leave "
			"out the option",
			flag,
			first);
}

/* Only a program that binds an address has source addresses of its own. */
static bool sources_are_bound(const struct workload *flags,
		const struct workload *plan,
		struct error *err)
{
	const char *bind = plan->values[W_BIND].text;
	if (!flags->values[W_SOURCE_ADDRESSES].set)
		return true;
	if (bind && (!strcmp(bind, "address") || !strcmp(bind, "noport")))
		return true;
	return error_set(err,
			"--source-addresses has no effect here, because the plan binds no address; add --bind "
			"address or --bind noport, or leave it out");
}

bool effective_flags(const struct options *options,
		const struct calibration_set *chosen,
		const struct workload *plan,
		struct error *err)
{
	const struct workload *flags = &options->workload;
	char flag[FLAG_MAX];
	for (size_t i = 0; i < COUNT_OF(steerings); i++) {
		const struct steering *steering = &steerings[i];
		if (!flags->values[steering->field].set)
			continue;
		if (!has_effect(workload_flag(steering->field, flag),
					steering->readers[0],
					steering->readers[1],
					chosen,
					err))
			return false;
	}
	if (options->calibration.published && !has_effect("published", "conntrack", NULL, chosen, err))
		return false;
	if (options->calibration.overflow && !has_effect("overflow", "conntrack", NULL, chosen, err))
		return false;
	return sources_are_bound(flags, plan, err);
}
