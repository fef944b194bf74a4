/* Remembers results, because hosts with the same facts and the same share have the same result. */
#ifndef HEADROOM_AUDIT_FLEET_MEMO_H
#define HEADROOM_AUDIT_FLEET_MEMO_H

#include "base/hash.h"
#include "model/fact.h"

struct judged;
struct fleet_memo;

struct memo_key {
	unsigned char digest[SHA256_BYTES];
};

/* Makes a key from facts that facts_quick() has read. `kind` is the kind of share; with `too_old`
 * the host cannot pass. The host's name is not part of the key, because no rule and no part of the
 * model reads it. */
struct memo_key memo_key_of(const struct facts *facts, size_t kind, bool too_old);

/* Returns true if facts like these may have been seen before. This test is cheap; make a key, which
 * is expensive, only if it returns true. Equal facts are then judged at most twice. */
bool fleet_memo_met(struct fleet_memo *memo, const struct facts *facts, size_t kind);

struct fleet_memo *fleet_memo_new(void);
void fleet_memo_free(struct fleet_memo *memo);
struct judged *fleet_memo_find(const struct fleet_memo *memo, const struct memo_key *key);
void fleet_memo_add(struct fleet_memo *memo, const struct memo_key *key, struct judged *judged);

#endif
