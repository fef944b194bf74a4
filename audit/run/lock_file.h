/* What earlier runs taught about a command: workload.lock.json, headroom.lock/2, in the current
 * directory. It is meant to be checked in beside the load test. headroom.lock/1, which 0.1 wrote,
 * is read as well. */
#ifndef HEADROOM_AUDIT_RUN_LOCK_FILE_H
#define HEADROOM_AUDIT_RUN_LOCK_FILE_H

#include "audit/cli/options.h"
#include "base/os/json.h"
#include "model/watch/learnt.h"

#define LOCK_FILE_PATH          "workload.lock.json"
#define LOCK_FILE_SCHEMA        "headroom.lock/2"
#define LOCK_FILE_SCHEMA_BEFORE "headroom.lock/1"

/* The name of what it says, in run->foreign. */
#define LOCK_FILE_PLAN "workload"

enum {
	LOCK_RUNS_MAX = 20, /* of a command; the oldest are dropped */
	LOCK_COMMANDS_MAX = 200
};

struct lock_run {
	const char *at; /* RFC 3339 */
	struct learnt_run learnt;
};

/* What is kept of a command. */
struct lock_entry {
	const char *learned;   /* when last */
	struct workload given; /* flags of that time */
	struct lock_run runs[LOCK_RUNS_MAX];
	size_t run_count;
	struct workload before; /* of headroom.lock/1: what it says, without runs */
	bool is_before;
};

struct lock_taught {
	bool any; /* else the rest means nothing */
	struct workload usual, highest;
	struct learnt_spread spreads[LEARNT_VALUES];
	size_t runs;
};

/* Gets what was learned of this command; nothing with --no-config. The file may come with a
 * checkout, so its values only fill in what the command leaves open (taught.h). */
bool lock_file_taught(const struct run *run, struct lock_taught *ret_taught, struct error *err);

/* The whole file, checked. NULL without a text in err: there is no file. */
struct json *lock_file_read(struct error *err);
/* Was it written by an earlier version? */
bool lock_file_is_before(const struct json *json);
/* The entry of this command, or NULL if the file has no such entry. */
const cJSON *lock_file_find(const struct run *run, const struct json *json);
bool lock_file_entry(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct lock_entry *ret_entry,
		struct error *err);
/* The name of the first program or file of the command that is another one now than when the entry
 * was learned; NULL: none. */
const char *lock_file_changed(const struct run *run, const cJSON *entry);
/* The name under which the command of this run is kept; lives in the run's arena. */
const char *lock_file_digest(const struct run *run);

/* The spread of one value over the runs of an entry. */
struct learnt_spread lock_entry_spread(const struct lock_entry *entry, enum learnt value);

#endif
