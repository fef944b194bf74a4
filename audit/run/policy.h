/* /etc/headroom/policy.json: limits that the owner of this machine sets and that no other user can
 * loosen. */
#ifndef HEADROOM_AUDIT_RUN_POLICY_H
#define HEADROOM_AUDIT_RUN_POLICY_H

#include <sys/types.h>

#include "audit/cli/command.h"

struct policy {
	bool exists;
	double max_use;          /* the highest target; NAN: any */
	double waiver_days;      /* how many days ahead a waiver may expire; NAN: any */
	bool owners;             /* only waiver files of these owners count */
	const uid_t *owner_uids; /* owner_count of them */
	size_t owner_count;
};

/* Reads the policy; without the file everything is allowed. The file must belong to root, and
 * nobody else may be able to write it or its directory. Returns false with err otherwise, and for a
 * malformed file. */
bool policy_read(const struct run *run, struct policy *ret_policy, struct error *err);

/* Returns true if a waiver file of this owner counts. */
bool policy_has_owner(const struct policy *policy, uid_t uid);

#endif
