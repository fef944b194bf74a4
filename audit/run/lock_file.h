/* What earlier runs taught about a command: workload.lock.json (headroom.lock/2) in the current
 * directory, to be checked in with the load test. Also reads headroom.lock/1 of headroom 0.1. */
#ifndef HEADROOM_AUDIT_RUN_LOCK_FILE_H
#define HEADROOM_AUDIT_RUN_LOCK_FILE_H

#include "audit/cli/options.h"
#include "base/os/json.h"
#include "model/watch/learnt.h"

#define LOCK_FILE_PATH          "workload.lock.json"
#define LOCK_FILE_SCHEMA        "headroom.lock/2"
#define LOCK_FILE_SCHEMA_BEFORE "headroom.lock/1"

/* How run->foreign names its content. */
#define LOCK_FILE_PLAN "workload"

enum {
	LOCK_RUNS_MAX = 20, /* per command; the oldest are dropped */
	LOCK_COMMANDS_MAX = 200
};

struct lock_run {
	const char *at; /* RFC 3339 */
	struct learnt_run learnt;
};

/* What is stored for a command. */
struct lock_entry {
	const char *learned;   /* time of the last run */
	struct workload given; /* flags given in that run */
	struct lock_run runs[LOCK_RUNS_MAX];
	size_t run_count;
	struct workload before; /* content of a headroom.lock/1, which has no runs */
	bool is_before;
};

struct lock_taught {
	bool any; /* false: the rest is undefined */
	struct workload usual, highest;
	struct learnt_spread spreads[LEARNT_VALUES];
	size_t runs;
};

/* Gives what was learned about this command; nothing with --no-config. The file may come with a
 * checkout, so its values only fill in what the command leaves open (taught.h). false with err. */
bool lock_file_taught(const struct run *run, struct lock_taught *ret_taught, struct error *err);

/* Returns the checked file. NULL: there is no file or, with a text in err, it is bad. */
struct json *lock_file_read(struct error *err);
/* Returns true if an earlier version wrote the file. */
bool lock_file_is_before(const struct json *json);
/* Returns the entry of this command, or NULL. */
const cJSON *lock_file_find(const struct run *run, const struct json *json);
bool lock_file_entry(const struct run *run,
		const struct json *json,
		const cJSON *entry,
		struct lock_entry *ret_entry,
		struct error *err);
/* Returns the name of the first program or file of the command that has changed since the entry was
 * learned; NULL: none. */
const char *lock_file_changed(const struct run *run, const cJSON *entry);
/* Returns the name under which this run's command is stored, in the run's arena. */
const char *lock_file_digest(const struct run *run);

/* Returns the spread of one value over the runs of an entry. */
struct learnt_spread lock_entry_spread(const struct lock_entry *entry, enum learnt value);

#endif
