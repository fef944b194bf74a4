/* The workload: what the load test will ask of this host. A table of fields is the single source
 * for the JSON members, the command-line flags, the help and the names in formulas. */
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
	FIELD_LIST,   /* a count, or a list of HOST:PORT / addresses; the number is the count */
	FIELD_NOFILE, /* soft | hard | a count */
	FIELD_TEXT,
	FIELD_STAGES, /* kept in workload.stages; as a flag: "60s:1000,5m:1000" or "60s:500/s" */
	FIELD_GROUPS  /* kept in workload.groups; as a flag: "eth:40%,boba:60%" */
};

struct workload_row {
	const char *name; /* JSON member and formula name (workload.NAME); "upstream.X" nests */
	const char *flag; /* long flag without "--"; NULL: the name with dashes, without unit suffix */
	const char *short_flag; /* second long name ("new-conns"), or NULL */
	enum field_kind kind;
	enum unit unit;
	const char *const *choices; /* NULL-terminated, for FIELD_CHOICE */
	bool scaled;                /* multiplied by s in W(s) */
	const char *help;           /* one line, imperative or noun phrase, no full stop */
};

extern const struct workload_row workload_rows[WORKLOAD_FIELDS];

/* The flag of a field ("open-rate", "lifetime"): row->flag or derived from the name. */
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
	const char *const *list; /* FIELD_LIST given by name: `number` items; else NULL */
	const unsigned *weights; /* of the list: how often each was named; NULL: all as often */
	enum confidence confidence;
	const char *from; /* where it came from ("--connections", "plan.json:4", "preset ws-client") */
	/* What says it in the program's own file ("worker_rlimit_nofile"), where that wins over what
	 * starts the program; NULL: nothing does. */
	const char *setting;
	bool assumed; /* filled in by workload_complete: listed as an assumption */
	bool derived; /* computed from other fields (Little's law), not assumed */
};

struct workload_stage {
	double duration_s;
	double connections;     /* NAN: this stage is given by its rate */
	double open_rate_per_s; /* NAN: given by its connections */
};

struct workload_group {
	const char *name;
	double share; /* 0..1; the shares add up to 1 */
};

struct workload {
	const char *title; /* one line about a preset, or NULL; its name is values[W_NAME].text */
	struct workload_value values[WORKLOAD_FIELDS];
	struct workload_stage *stages;
	size_t stage_count;
	struct workload_group *groups;
	size_t group_count;
	enum confidence confidence;
	bool first_version; /* it was read from a headroom.workload/1 document */
	/* Most connections that are live at one time: fewer than `connections` where the plan ends
	 * before all are open. Set by workload_complete. */
	double peak_connections;
};

/* One thing the user did not say and the model needed. */
struct assumption {
	const char *field, *value, *source;
	size_t load; /* of which load of the plan */
};

/* Sets one field from a person's text (a flag's argument): "15k", "soft",
 * "10.0.0.5:443,10.0.0.6:443". It must be UTF-8, which is all that a document can hold. err names
 * what is wrong with the text, not the flag. */
bool workload_set(struct arena *arena,
		struct workload *workload,
		enum workload_field field,
		const char *text,
		const char *from,
		struct error *err);
/* One entry of a list field, and the list itself: what is named twice counts once, and
 * has twice the weight. `items` is
 * reordered in place. */
bool workload_check_entry(enum workload_field field, const char *entry, struct error *err);
void workload_set_list(struct arena *arena,
		struct workload_value *value,
		const char **items,
		size_t count);

/* Fields of `over` that are set replace those of `base`; stages and groups likewise if present.
 * Setting any of connections, open_rate, lifetime from `over` drops values of base that Little's
 * law would contradict (the user's own numbers win). */
void workload_merge(struct workload *base, const struct workload *over);

/* Fills in what is missing: Little's law, defaults by role and runtime; each as an assumption (in
 * ret_assumptions, ret_count). Fails where a needed number cannot be derived; err names the flag.
 */
bool workload_complete(struct arena *arena,
		struct workload *workload,
		struct assumption **ret_assumptions,
		size_t *ret_count,
		struct error *err);

/* Does it ask for no connection at all? */
bool workload_is_nothing(const struct workload *workload);

/* Sets peak_connections of a completed workload. */
void workload_measure(struct arena *arena, struct workload *workload);

/* Which RLIMIT_NOFILE a program of that runtime ends up with: "soft", or "hard" where it raises its
 * own. */
const char *workload_nofile_of(const char *runtime);
/* The backlog that a program of that runtime listens with; NAN: each program has its own. */
double workload_backlog_of(const char *runtime);

/* Does the number grow with the load? Threads do if each connection has its own thread. */
bool workload_scales(const struct workload *workload, enum workload_field field);
/* True if a destination that this field gives by name is a loopback address. */
bool workload_any_loopback(const struct workload *workload, enum workload_field field);
/* True if every destination given by name is a loopback address (127/8, ::1, localhost). */
bool workload_to_loopback(const struct workload *workload);

#endif
