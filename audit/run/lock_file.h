/* What an earlier run taught about a command: workload.lock.json, headroom.lock/1, in the current
 * directory. It is meant to be checked in beside the load test. */
#ifndef HEADROOM_AUDIT_RUN_LOCK_FILE_H
#define HEADROOM_AUDIT_RUN_LOCK_FILE_H

#include "audit/cli/options.h"
#include "base/os/json.h"

#define LOCK_FILE_PATH   "workload.lock.json"
#define LOCK_FILE_SCHEMA "headroom.lock/1"

/* The name of what it says, in run->foreign. */
#define LOCK_FILE_PLAN "workload"

/* What was learned of this command. *ret_any is false where nothing was, and with --no-config. The
 * file came with a checkout: what it says fills in what the command leaves open, no more
 * (described.h). */
bool lock_file_taught(const struct run *run,
		struct workload *ret_taught,
		bool *ret_any,
		struct error *err);

/* The whole file, checked. NULL without a text in err: there is no file. */
struct json *lock_file_read(struct error *err);
/* The name under which the command of this run is kept; lives in the run's arena. */
const char *lock_file_digest(const struct run *run);

#endif
