/* Calibration: what this kernel really gives when it is pushed, in a private network namespace made
 * to look like the workload's. Nothing of the host is changed and nothing is left behind, also
 * after SIGKILL. Prints nothing. Not for snapshots: the caller refuses those. */
#ifndef HEADROOM_PROBES_STRESS_CALIBRATE_H
#define HEADROOM_PROBES_STRESS_CALIBRATE_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"

enum calibrate_bind {
	CALIBRATE_BIND_NONE,
	CALIBRATE_BIND_WILDCARD,
	CALIBRATE_BIND_ADDRESS,
	CALIBRATE_BIND_NOPORT
};
/* The workload's words: "none" "wildcard" "address" "noport". */
bool calibrate_bind_from_name(const char *name, enum calibrate_bind *ret_bind);

struct calibrate_request {
	const struct facts *facts; /* of the target, as read; derived facts are not needed */
	enum calibrate_bind bind;
	double destinations; /* addresses the workload connects to, at least 1 */
	double sources;      /* addresses it binds, at least 1 */
	bool ipv6;
	bool loopback;      /* its destinations are loopback addresses: tcp_tw_reuse = 2 acts */
	double nofile_soft; /* the limit the workload runs under; INFINITY: unlimited */
	double backlog;     /* the listener's; NAN: not known, SOMAXCONN of libc (4096) is used */
	double predicted; /* what the model says, before the run, in the calibrator's unit; NAN: nothing
	                   */
	double seconds;   /* budgets: time of one calibrator, kernel memory, threads and processes */
	double bytes;
	double processes;
	bool full;          /* churn: wait until the first TIME_WAIT ends (about 62 s); */
	bool explicit_bind; /* fill as kernels before 6.3 need it, for comparison */
	bool overflow;      /* conntrack: also one connection too many; the host's log gets a line */
	const char *
			published; /* conntrack: ADDR:PORT of a container engine's published port, or NULL: … */
	const char *published_why; /* … why there is none; may be NULL */
	/* erlang: +Q and ERL_MAX_PORTS of the workload, 0: not set. Both 0: as the target's VM or its
	 * ERL_ variables. */
	double erlang_ports, erlang_max_ports;
};

/* One further number or text of a result. */
struct calibration_field {
	const char *name;
	double number;
	const char *text; /* NULL: it is the number */
};

struct calibration_sample {
	double t_s, count;
};

enum {
	CALIBRATION_SAMPLES = 200,
	CALIBRATION_FIELDS = 64,
	CALIBRATION_DECILES = 10
};

/* Unknown numbers are NAN, unknown texts NULL. Everything lives in the arena. */
struct calibration {
	const char *id, *title;
	const char *
			unit; /* of predicted and measured: "connections", "descriptors", "closes per second" */
	double predicted;  /* as the request had it */
	double measured;   /* NAN unless the limit itself was met */
	double difference; /* measured - predicted */
	double tolerance;  /* a difference up to it is agreement; 1 where the range's width is odd */
	bool lower_bound;  /* predicted is the least that is to be expected: any more agrees */
	bool agrees;       /* both are known and within the tolerance */
	double reached;    /* how far it came, also when it was stopped early */
	const char *stopped_by; /* errno name or counter; "none" where nothing stopped it */
	double rate_per_s;
	double deciles[CALIBRATION_DECILES]; /* per second; NAN where not measured */
	double duration_s;                   /* whole run, with making and removing the namespace */
	struct calibration_sample *samples;
	size_t sample_count;
	bool comparable;    /* measured under the target's settings: may replace the model's number */
	const char *reason; /* why it was not run, was stopped, or is not comparable; else NULL */
	const char **not_copied; /* settings that matter here and could not be made like the target's */
	size_t not_copied_count;
	struct calibration_field *fields;
	size_t field_count;
};

struct calibrator;

/* All of them, in the order in which they are run. */
extern const struct calibrator *const calibrators[];
extern const size_t calibrators_count;
const struct calibrator *calibrator_find(const char *id); /* NULL */
const char *calibrator_id(const struct calibrator *calibrator);
const char *calibrator_title(const struct calibrator *calibrator);
const char *calibrator_unit(const struct calibrator *calibrator);
/* The time to give it where nobody says otherwise, at least `otherwise`. */
double calibrator_seconds(const struct calibrator *calibrator, double otherwise);
/* Can it be tried on this target at all? false: *ret_reason says why not. */
bool calibrator_supported(const struct calibrator *calibrator,
		const struct calibrate_request *request,
		const char **ret_reason);

typedef void calibrate_progress(void *context, const char *id, double done, double of);

/* Runs one. What could not be done (no right to make a namespace, too little memory, time over,
 * *stop set) is a result with a reason, and true. false: headroom itself failed; err says how.
 * `progress` may be NULL; it is called ten times a second. Once *stop (may be NULL) is not 0 it
 * returns within a second, with what was measured until then; the kernel may take some seconds more
 * to remove a million sockets of the ended worker. */
bool calibrate_run(struct arena *arena,
		const struct calibrator *calibrator,
		const struct calibrate_request *request,
		calibrate_progress *progress,
		void *context,
		const volatile sig_atomic_t *stop,
		struct calibration *ret,
		struct error *err);

#endif
