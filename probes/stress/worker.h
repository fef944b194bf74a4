/* What a calibrator has in hand inside the sandbox. Its run() is called in the worker process, in a
 * fresh network namespace with lo up and the target's settings in force; it reports through these
 * functions and returns. A new calibrator is one file with one `const struct calibrator`, and one
 * row in calibrators.c. */
#ifndef HEADROOM_PROBES_STRESS_WORKER_H
#define HEADROOM_PROBES_STRESS_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/stress/calibrate.h"
#include "probes/stress/settings.h"

struct worker {
	const struct calibrate_request *request;
	const struct calibrator *calibrator;
	const volatile int *stop; /* shared with the supervisor: not 0 means come to an end */
	int out;                  /* the pipe */
	double start_s;
	double progressed_s; /* when progress was last told */
};

struct calibrator {
	const char *id, *title, *unit;
	unsigned long matters; /* 1 << enum setting_id: where one could not be copied, the result is not
	                          comparable */
	unsigned hash_entries; /* own table of connections in the namespace; 0: the host's */
	bool no_network;       /* needs no namespace */
	bool own_pids; /* starts programs: they live in a pid namespace that dies with the worker */
	void (*outside)(struct worker
					*worker); /* before it leaves the target's network namespace; NULL: nothing */
	double seconds_usual; /* the usual budget of time where the caller's is too little; 0: it is not
	                       */
	double seconds_full;  /* the least budget of time for `full`; 0: full changes nothing */
	bool (*supported)(const struct calibrate_request *request,
			const char **ret_reason); /* NULL: always */
	void (*run)(struct worker *worker);
};

double worker_now(void);                            /* CLOCK_MONOTONIC, seconds */
double worker_seconds(const struct worker *worker); /* since the run began */
/* Closes this descriptor and all above it. */
void worker_close_from(int first);
bool worker_stopped(const struct worker *worker);

/* Results. Call them from the first thread only. Names: lower case, digits, '_'. */
void worker_progress(struct worker *worker, double done, double of);
void worker_sample(struct worker *worker, double t_s, double count);
void worker_number(struct worker *worker, const char *name, double number);
void worker_text(struct worker *worker, const char *name, const char *format, ...)
		__attribute__((format(printf, 3, 4)));
void worker_decile(struct worker *worker, unsigned index, double rate_per_s);
void worker_rate(struct worker *worker, double rate_per_s);
void worker_reached(struct worker *worker, double count);
/* What the model says of this very run, where only the worker can know it. Before
 * worker_measured(). */
void worker_predicted(struct worker *worker, double predicted);
/* … and that it is a lower bound only. */
void worker_at_least(struct worker *worker);
/* The limit was met. `stopped_by`: an errno name, a counter's name, or "none". */
void worker_measured(struct worker *worker,
		double measured,
		double tolerance,
		const char *stopped_by);
void worker_stopped_by(struct worker *worker, const char *name);
/* It ran, but the number does not speak for the target. */
void worker_incomparable(struct worker *worker, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
void worker_not_copied(struct worker *worker, const char *key);
/* It could not be done. Returns false. */
bool worker_refuse(struct worker *worker, const char *format, ...)
		__attribute__((format(printf, 2, 3)));

#endif
