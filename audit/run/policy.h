/* /etc/headroom/policy.json: what the owner of this machine lets nobody else loosen. */
#ifndef HEADROOM_AUDIT_RUN_POLICY_H
#define HEADROOM_AUDIT_RUN_POLICY_H

#include <sys/types.h>

#include "audit/cli/command.h"

struct policy {
	bool exists;
	double max_use;          /* the highest target; NAN: any */
	double waiver_days;      /* how far ahead a waiver may expire; NAN: any */
	bool owners;             /* only waiver files of these owners count */
	const uid_t *owner_uids; /* owner_count of them */
	size_t owner_count;
};

/* No such file: a policy that allows everything. It must belong to root, and nobody else may write
 * to it or to its directory; what is there and does not is an error, as is a bad file. */
bool policy_read(const struct run *run, struct policy *ret_policy, struct error *err);

/* Does a waiver file of this owner count? */
bool policy_has_owner(const struct policy *policy, uid_t uid);

#endif
