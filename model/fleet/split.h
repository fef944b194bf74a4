/* Divides a plan among hosts, each of which gets a complete plan. Whole numbers (connections,
 * bursts, users, stages) add up to those of the plan exactly; rates are divided like the
 * connections, so that a connection lives equally long on each host. The clients together carry the
 * whole plan, and so do the proxies and the servers; a host that is both client and server counts
 * at both ends.
 *
 * If the plan has groups (--groups eth:40%,boba:60%) and hosts of an end name them, the hosts of a
 * group divide its part. Otherwise a host's group is only a label. */
#ifndef HEADROOM_MODEL_FLEET_SPLIT_H
#define HEADROOM_MODEL_FLEET_SPLIT_H

#include "base/error.h"
#include "model/fleet/apportion.h"
#include "model/fleet/fleet.h"
#include "model/load/loads.h"

/* The share of one host. All hosts of one kind have the same plan, so a set of facts needs to be
 * judged for one of them only. */
struct fleet_share {
	enum fleet_role role; /* FLEET_UNSAID: several roles, as the loads of the plan have */
	double part;          /* its part of the whole plan, 0 to 1; of its two ends the larger part */
	size_t kind;          /* hosts with the same kind (0, 1, 2 …) have the same plan */
	bool nothing;         /* the host gets no connection, so there is nothing to judge */
};

struct fleet_split;

/* Divides the plan, which must not be completed. The plan and the hosts must live as long as the
 * split; the split lives in the arena. Returns false with err if all weights are 0, if groups and
 * hosts do not match, if the plan lacks a number, or if only some hosts have a role although the
 * loads of the plan have several. */
bool fleet_split(struct arena *arena,
		const struct loads *plan,
		const struct fleet *fleet,
		struct fleet_split **ret_split,
		struct error *err);

/* The shares of the hosts, in the order of the hosts. */
const struct fleet_share *fleet_shares(const struct fleet_split *split);
size_t fleet_kinds(const struct fleet_split *split);

/* Makes the plan of one host, not completed. Ask once per kind: thousands of hosts have a few
 * kinds. */
struct loads fleet_plan_of(struct arena *arena, const struct fleet_split *split, size_t host);

/* The clients among the hosts, for dividing more than the plan: its command (command.h). */
struct fleet_client_end {
	const struct loads *view; /* the whole plan as seen by the clients */
	const struct taker *takers;
	const size_t *hosts; /* for each taker the index of its host */
	size_t count;
	bool by_weight; /* the parts depend on the weights alone */
};

struct fleet_client_end fleet_client_end_of(const struct fleet_split *split);

/* Returns the host's index among the takers, or SIZE_MAX if it is not a client. */
size_t fleet_client_taker(const struct fleet_split *split, size_t host);

#endif
