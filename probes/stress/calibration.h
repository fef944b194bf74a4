/* The request for a calibration, and its result. */
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
	/* Facts of the target as read; derived facts are not needed. */
	const struct facts *facts;
	enum calibrate_bind bind;
	double destinations; /* number of addresses that the workload connects to, at least 1 */
	double sources;      /* number of source addresses passed to bind(), at least 1 */
	/* Those addresses if the plan names them, as many as `sources`; NULL: it does not. */
	const char *const *source_names;
	bool ipv6;
	bool loopback;      /* the destinations are loopback addresses, so tcp_tw_reuse = 2 applies */
	double nofile_soft; /* the workload's limit of open files; INFINITY: unlimited */
	/* Descriptors below that limit that are open when it starts. NAN: not known. */
	double open_below;
	/* Backlog of the workload's listener. NAN: not known; libc's SOMAXCONN (4096) is then used. */
	double backlog;
	/* The listener is already running, so changing net.core.somaxconn no longer bounds its
	 * backlog. */
	bool listens;
	/* Number of sockets that listen on its address (SO_REUSEPORT), each with this backlog; 0 counts
	 * as 1. */
	double listening_sockets;
	bool backlogs_differ; /* `backlog` is the smallest of several */
	/* What the model predicted, in the calibrator's unit. NAN: no prediction. */
	double predicted;
	/* Path of erl, from find_program(). NULL: there is none that may be run; erl_why says why, or
	 * is NULL if none is installed. */
	const char *erl, *erl_why;
	/* Budgets of one calibrator: seconds, bytes of kernel memory, threads and processes. */
	double seconds, bytes, processes;
	bool full;          /* churn: wait until the first TIME_WAIT has ended (about 62 s) */
	bool explicit_bind; /* fill the ports like kernels before 6.3 require, for comparison */
	/* conntrack: open one connection more than fits into the table, which makes the kernel write a
	 * line to the host's log. */
	bool overflow;
	/* conntrack: a published port of a container engine, as ADDR:PORT. NULL: there is none;
	 * published_why says why, or is NULL. */
	const char *published, *published_why;
	/* erlang: +Q and ERL_MAX_PORTS of the workload; 0: not set. If both are 0, those of the
	 * target's running VM or its ERL_ variables are used. */
	double erlang_ports, erlang_max_ports;
};

/* An additional number or text of a result. */
struct calibration_field {
	const char *name;
	double number;
	const char *text; /* NULL: the field is the number */
};

struct calibration_sample {
	double t_s, count;
};

enum {
	CALIBRATION_SAMPLES = 200,
	CALIBRATION_FIELDS = 64,
	CALIBRATION_DECILES = 10
};

/* The result. Unknown numbers are NAN, unknown texts NULL. Everything lives in the arena. */
struct calibration {
	const char *id, *title;
	/* Unit of predicted and measured: "connections", "descriptors", "closes per second". */
	const char *unit;
	double predicted;  /* from the request */
	double measured;   /* NAN unless the limit itself was reached */
	double difference; /* measured - predicted */
	double tolerance; /* a difference up to this counts as agreement; 1 if the width of the range is
	                     odd */
	bool lower_bound; /* `predicted` is a minimum: a higher measurement agrees */
	bool agrees;      /* both are known, and their difference is within the tolerance */
	double reached;   /* how far it came, even if it was stopped early */
	/* What stopped it: the name of an errno or of a counter; "none" if nothing did. */
	const char *stopped_by;
	double rate_per_s;
	double deciles[CALIBRATION_DECILES]; /* rates per second of each tenth; NAN: not measured */
	double duration_s; /* seconds of the whole run, including creating and removing the namespace */
	struct calibration_sample *samples;
	size_t sample_count;
	bool comparable; /* measured with the target's settings, so it may replace the model's number */
	const char *reason; /* why it was not run, was stopped or is not comparable; else NULL */
	/* Keys of settings that matter to this calibrator and could not be copied from the target. */
	const char **not_copied;
	size_t not_copied_count;
	struct calibration_field *fields;
	size_t field_count;
};

/* Called while a calibrator runs: it has done `done` of `of` in its unit. */
typedef void calibrate_progress(void *context, const char *id, double done, double of);

#endif
