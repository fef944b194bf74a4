/* What a calibration is asked for, and what it found. */
#ifndef HEADROOM_PROBES_STRESS_CALIBRATION_H
#define HEADROOM_PROBES_STRESS_CALIBRATION_H

#include <stdbool.h>
#include <stddef.h>

#include "model/fact.h"

enum calibrate_bind {
	CALIBRATE_BIND_NONE,
	CALIBRATE_BIND_WILDCARD,
	CALIBRATE_BIND_ADDRESS,
	CALIBRATE_BIND_NOPORT
};

struct calibrate_request {
	/* Of the target, as read; derived facts are not needed. */
	const struct facts *facts;
	enum calibrate_bind bind;
	double destinations; /* addresses the workload connects to, at least 1 */
	double sources;      /* source addresses it passes to bind(), at least 1 */
	/* Those addresses, where the plan names them; as many as `sources`. NULL: it does not. */
	const char *const *source_names;
	bool ipv6;
	bool loopback;      /* its destinations are loopback addresses: tcp_tw_reuse = 2 acts */
	double nofile_soft; /* the limit the workload runs under; INFINITY: unlimited */
	/* Descriptors with numbers below that limit that are open when it starts. NAN: not known. */
	double open_below;
	/* Of the workload's listener. NAN: not known; then libc's SOMAXCONN (4096) is used. */
	double backlog;
	/* The listener runs already: the present net.core.somaxconn no longer bounds its backlog.
	 */
	bool listens;
	/* Sockets that listen on its address (SO_REUSEPORT), each with this backlog; 0 is 1. */
	double listening_sockets;
	bool backlogs_differ; /* `backlog` is the smallest of theirs */
	/* The model's prediction before the run, in the calibrator's unit. NAN: no prediction. */
	double predicted;
	/* The path of erl, as find_program() finds it. NULL: none that may be run; erl_why says why, or
	 * is NULL where none is installed. */
	const char *erl, *erl_why;
	/* Budgets: the time of one calibrator, kernel memory, threads and processes. */
	double seconds, bytes, processes;
	bool full;          /* churn: wait until the first TIME_WAIT ends (about 62 s) */
	bool explicit_bind; /* fill the ports as kernels before 6.3 need it, for comparison */
	/* conntrack: open one connection more than the table has room for. The kernel then writes a
	 * line to the host's log. */
	bool overflow;
	/* conntrack: a published port of a container engine, as ADDR:PORT. NULL: there is no such
	 * port, and `published_why` says why (or is NULL, too). */
	const char *published, *published_why;
	/* erlang: +Q and ERL_MAX_PORTS of the workload, 0: not set. Where both are 0, the values of the
	 * target's running VM or its ERL_ variables are taken. */
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
	/* Of predicted and measured: "connections", "descriptors", "closes per second". */
	const char *unit;
	double predicted;  /* as the request had it */
	double measured;   /* NAN unless the limit itself was met */
	double difference; /* measured - predicted */
	double tolerance;  /* a difference up to it is agreement; 1 where the range's width is odd */
	bool lower_bound;  /* predicted is the least to expect: any more agrees as well */
	bool agrees;       /* both are known, and their difference is within the tolerance */
	double reached;    /* how far it came, also when it was stopped early */
	/* The name of an errno or of a counter; "none" if it was not stopped. */
	const char *stopped_by;
	double rate_per_s;
	double deciles[CALIBRATION_DECILES]; /* per second; NAN where not measured */
	double duration_s;                   /* whole run, with making and removing the namespace */
	struct calibration_sample *samples;
	size_t sample_count;
	bool comparable;    /* measured under the target's settings: may replace the model's number */
	const char *reason; /* why it was not run, was stopped, or is not comparable; else NULL */
	/* Settings that matter to this calibrator and could not be copied from the target. */
	const char **not_copied;
	size_t not_copied_count;
	struct calibration_field *fields;
	size_t field_count;
};

/* Called while a calibrator runs: it has done `done` of `of` in its own unit. */
typedef void calibrate_progress(void *context, const char *id, double done, double of);

#endif
