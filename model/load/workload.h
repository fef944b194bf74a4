/* The workload: the load that a load test will put on this host. One table of fields defines the
 * JSON members, the command-line flags, the help and the names in formulas. */
#ifndef HEADROOM_MODEL_LOAD_WORKLOAD_H
#define HEADROOM_MODEL_LOAD_WORKLOAD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/unit.h"

enum workload_field {
	W_NAME,
	W_TOOL,
	W_ROLE,
	W_PROTOCOL,
	W_RUNTIME,
	W_CONNECTIONS,
	W_OPEN_RATE,
	W_RAMP_RATE,
	W_LIFETIME,
	W_LIFETIME_SPREAD,
	W_START,
	W_BURST,
	W_BURST_WINDOW,
	W_DURATION,
	W_TIMEOUT,
	W_OPENS_TOTAL,
	W_REQUESTS,
	W_LATENCY,
	W_REQUESTS_PER_CONNECTION,
	W_STREAMS,
	W_PEER_MAX_STREAMS,
	W_DESTINATIONS,
	W_SOURCE_ADDRESSES,
	W_CLOSER,
	W_CLIENT_CLOSES,
	W_PEER_CLOSE,
	W_BIND,
	W_NAT,
	W_EGRESS,
	W_ON_LINK_PEERS,
	W_PROCESSES,
	W_THREADS,
	W_MAX_CONNECTIONS,
	W_FDS_BASE,
	W_FDS_PER_CONNECTION,
	W_NOFILE,
	W_BACKLOG,
	W_MEMORY_BASE,
	W_MEMORY_PER_CONNECTION,
	W_MEMORY_PER_USER,
	W_USERS,
	W_QUEUED_BYTES,
	W_PORTS_PER_CONNECTION,
	W_PORTS_BASE,
	W_ERLANG_PORTS,
	W_STAGES,
	W_GROUPS,
	W_UP_CONNECTIONS,
	W_UP_OPEN_RATE,
	W_UP_CLOSER,
	W_UP_DESTINATIONS,
	WORKLOAD_FIELDS
};

enum field_kind {
	FIELD_NUMBER, /* unit from the row; counts must be whole */
	FIELD_CHOICE, /* one of row->choices */
	FIELD_LIST,   /* a count, or a list of HOST:PORT or addresses; the number is the count */
	FIELD_NOFILE, /* soft | hard | a count */
	FIELD_TEXT,
	FIELD_STAGES, /* kept in workload.stages; as a flag: "60s:1000,5m:1000" or "60s:500/s" */
	FIELD_GROUPS  /* kept in workload.groups; as a flag: "eth:40%,boba:60%" */
};

struct workload_row {
	const char *name; /* JSON member and formula name (workload.NAME); "upstream.X" nests */
	const char *flag; /* long flag without "--"; NULL: made from the name, with dashes and without
	                     the unit */
	const char *short_flag; /* a second long flag, such as "new-conns"; NULL: none */
	enum field_kind kind;
	enum unit unit;
	const char *const *choices; /* NULL-terminated, for FIELD_CHOICE */
	bool scaled;                /* grows with the load */
	const char *help;           /* one line, imperative or noun phrase, no full stop */
};

extern const struct workload_row workload_rows[WORKLOAD_FIELDS];

/* Returns the flag of a field ("open-rate", "lifetime"): row->flag, or made from the name. */
const char *workload_flag(enum workload_field field, char out[64]);

enum confidence {
	CONFIDENCE_EXACT,
	CONFIDENCE_BOUND,
	CONFIDENCE_ESTIMATE,
	CONFIDENCE_NEEDS_INPUT
};
const char *confidence_name(enum confidence confidence);
bool confidence_from_name(const char *name, enum confidence *ret_confidence);

struct workload_value {
	bool set;
	double number;           /* FIELD_NUMBER, FIELD_LIST (the count), FIELD_NOFILE with a count */
	const char *text;        /* FIELD_CHOICE, FIELD_TEXT, FIELD_NOFILE soft|hard; NULL otherwise */
	const char *const *list; /* FIELD_LIST given by name, with `number` items; else NULL */
	const unsigned *weights; /* for each item how often it was named; NULL: all equally often */
	enum confidence confidence;
	const char *from; /* where the value comes from: "--connections", "plan.json:4", "preset
	                     ws-client" */
	/* The setting in the program's configuration file that gives this value
	 * ("worker_rlimit_nofile"), if it overrides what starts the program; NULL: none. */
	const char *setting;
	bool assumed; /* filled in by workload_complete and listed as an assumption */
	bool derived; /* computed from other fields (Little's law), not assumed */
};

struct workload_stage {
	double duration_s;
	double connections;     /* NAN: the stage gives a rate instead */
	double open_rate_per_s; /* per second; NAN: the stage gives connections instead */
};

struct workload_group {
	const char *name;
	double share; /* 0 to 1; the shares add up to 1 */
};

struct workload {
	const char *title; /* one line about a preset; NULL: none. The name of the workload is
	                      values[W_NAME].text */
	struct workload_value values[WORKLOAD_FIELDS];
	struct workload_stage *stages;
	size_t stage_count;
	struct workload_group *groups;
	size_t group_count;
	enum confidence confidence;
	bool first_version; /* read from a headroom.workload/1 document */
	/* The highest number of connections live at one time: below `connections` if the plan ends
	 * before all are open. Set by workload_complete. */
	double peak_connections;
};

/* One value that the model needed and the user did not give. */
struct assumption {
	const char *field, *value, *source;
	size_t load; /* index of the load in the plan */
};

/* Sets one field from a text that a person wrote, such as a flag's argument: "15k", "soft",
 * "10.0.0.5:443,10.0.0.6:443". The text must be UTF-8, because it goes into documents. Returns
 * false with err, which describes the text and does not name the flag. */
bool workload_set(struct arena *arena,
		struct workload *workload,
		enum workload_field field,
		const char *text,
		const char *from,
		struct error *err);
/* workload_check_entry checks one entry of a list field; false with err. workload_set_list sets the
 * list: an entry that is named twice counts once with twice the weight. `items` is reordered in
 * place. */
bool workload_check_entry(enum workload_field field, const char *entry, struct error *err);
void workload_set_list(struct arena *arena,
		struct workload_value *value,
		const char **items,
		size_t count);

/* Replaces the fields of `base` that are set in `over`, and its stages and groups if `over` has
 * any. If `over` sets connections, open_rate or lifetime, fields of `base` that would contradict
 * them by Little's law are dropped: the user's numbers win. */
void workload_merge(struct workload *base, const struct workload *over);

/* Fills in what is missing, by Little's law and by the defaults of role and runtime, and lists each
 * as an assumption. Returns false with err, which names the flag to give, if a needed number cannot
 * be derived. */
bool workload_complete(struct arena *arena,
		struct workload *workload,
		struct assumption **ret_assumptions,
		size_t *ret_count,
		struct error *err);

/* Returns true if the workload opens no connection at all. */
bool workload_is_nothing(const struct workload *workload);

/* Sets peak_connections of a completed workload. */
void workload_measure(struct arena *arena, struct workload *workload);

/* Returns the RLIMIT_NOFILE that a program of this runtime uses: "soft", or "hard" if it raises its
 * soft limit itself. */
const char *workload_nofile_of(const char *runtime);
/* Returns the backlog that programs of this runtime pass to listen(); NAN: it differs from program
 * to program. */
double workload_backlog_of(const char *runtime);

/* Returns true if the field grows with the load. Threads do if each connection has one. */
bool workload_scales(const struct workload *workload, enum workload_field field);
/* Returns true if at least one destination named in this field is a loopback address. */
bool workload_any_loopback(const struct workload *workload, enum workload_field field);
/* Returns true if all named destinations are loopback addresses (127/8, ::1, localhost). */
bool workload_to_loopback(const struct workload *workload);

#endif
