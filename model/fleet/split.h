/* A plan divided among hosts: each gets a whole plan of its own. Whole numbers (connections,
 * bursts, users, stages) add up to the plan exactly, largest remainders first; rates follow the
 * connections, so that these live as long on each host.
 *
 * Each end of the connections carries the whole plan: clients (and hosts that are both), proxies,
 * servers (and hosts that are both). A host that is both beside others that are one of the two has
 * two loads for each of the plan.
 *
 * Groups: where the plan has groups (--groups eth:40%,boba:60%) and hosts of one end are in them,
 * the hosts of a group share its part. Where no host of an end names one, and where the plan has
 * none, a host's group is a label. */
#ifndef HEADROOM_MODEL_FLEET_SPLIT_H
#define HEADROOM_MODEL_FLEET_SPLIT_H

#include "base/error.h"
#include "model/fleet/apportion.h"
#include "model/fleet/fleet.h"
#include "model/load/loads.h"

/* What one host gets. The hosts of one kind get the same plan: one of them is enough to judge a set
 * of facts. */
struct fleet_share {
	enum fleet_role role; /* FLEET_UNSAID: the loads of the plan have several, and so has it */
	double part;          /* of the whole plan, at the end where it gets more */
	size_t kind;          /* 0, 1, 2 … */
	bool nothing;         /* no connection goes to this host, so there is nothing to judge */
};

struct fleet_split;

/* `plan` as given (not completed) and the hosts must live as long as the split. False with err: a
 * host without a role where the loads of the plan have several and other hosts have one, weights
 * that are all 0, groups that do not meet, a plan that lacks a number. */
bool fleet_split(struct arena *arena,
		const struct loads *plan,
		const struct fleet *fleet,
		struct fleet_split **ret_split,
		struct error *err);

/* The shares of the hosts, in the order of the hosts. */
const struct fleet_share *fleet_shares(const struct fleet_split *split);
size_t fleet_kinds(const struct fleet_split *split);

/* The plan of one host, not completed. Made when asked for: thousands of hosts have a few kinds. */
struct loads fleet_plan_of(struct arena *arena, const struct fleet_split *split, size_t host);

/* The clients, for what divides more than the plan: commands (command.h). */
struct fleet_client_end {
	const struct loads *view; /* the whole plan as clients have it */
	const struct taker *takers;
	const size_t *hosts; /* which host each taker is */
	size_t count;
	bool by_weight; /* the parts follow from the weights alone */
};

struct fleet_client_end fleet_client_end_of(const struct fleet_split *split);

/* Its place among the takers; SIZE_MAX: it is no client. */
size_t fleet_client_taker(const struct fleet_split *split, size_t host);

#endif
