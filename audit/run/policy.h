/* /etc/headroom/policy.json: limits that the owner of this machine sets and that no other user can
 * loosen. */
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

/* Reads the policy. If there is no such file, the policy allows everything. The file must belong to
 * root, and nobody else may have permission to write to it or to its directory. Anything else is an
 * error, and so is a malformed file. */
bool policy_read(const struct run *run, struct policy *ret_policy, struct error *err);

/* Does a waiver file of this owner count? */
bool policy_has_owner(const struct policy *policy, uid_t uid);

#endif
