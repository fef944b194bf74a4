/* What was judged before: hosts with the same facts and the same share come to the same result. */
#ifndef HEADROOM_AUDIT_FLEET_MEMO_H
#define HEADROOM_AUDIT_FLEET_MEMO_H

#include "base/hash.h"
#include "model/fact.h"

struct judged;
struct fleet_memo;

struct memo_key {
	unsigned char digest[SHA256_BYTES];
};

/* Of facts that facts_quick() read. `kind`: of the share; `too_old`: no pass can be given. Who the
 * host is does not count: no rule and no part of the model reads its name. */
struct memo_key memo_key_of(const struct facts *facts, size_t kind, bool too_old);

/* Were facts like these asked for before? A cheap look: only where it says yes is a key worth its
 * price. So equal facts are judged twice at most. */
bool fleet_memo_met(struct fleet_memo *memo, const struct facts *facts, size_t kind);

struct fleet_memo *fleet_memo_new(void);
void fleet_memo_free(struct fleet_memo *memo);
struct judged *fleet_memo_find(const struct fleet_memo *memo, const struct memo_key *key);
void fleet_memo_add(struct fleet_memo *memo, const struct memo_key *key, struct judged *judged);

#endif
