/* Functions for a calibrator (calibrator.h) inside the sandbox. Its run() is called in the worker
 * process, in a new network namespace with lo up and the target's settings in force. It reports
 * through these functions and returns. */
#ifndef HEADROOM_PROBES_STRESS_WORKER_H
#define HEADROOM_PROBES_STRESS_WORKER_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/stress/calibration.h"

struct calibrator;

struct worker {
	const struct calibrate_request *request;
	const struct calibrator *calibrator;
	const volatile int *stop; /* shared with the supervisor; not 0: the calibrator should return */
	int out;                  /* the pipe */
	double start_s;
	double progressed_s; /* when progress was last reported */
};

double worker_seconds(const struct worker *worker); /* since the run began */
/* Closes this descriptor and all above it. */
void worker_close_from(int first);
bool worker_stopped(const struct worker *worker);

/* Report results. Call them from the first thread only. Names consist of lower-case letters, digits
 * and '_'. */
void worker_progress(struct worker *worker, double done, double of);
void worker_sample(struct worker *worker, double t_s, double count);
void worker_number(struct worker *worker, const char *name, double number);
void worker_text(struct worker *worker, const char *name, const char *format, ...)
		__attribute__((format(printf, 3, 4)));
void worker_decile(struct worker *worker, unsigned index, double rate_per_s);
void worker_rate(struct worker *worker, double rate_per_s);
void worker_reached(struct worker *worker, double count);
/* Reports a prediction that only the worker can make. Call it before worker_measured(). */
void worker_predicted(struct worker *worker, double predicted);
/* Reports that the prediction is a minimum: a higher measurement agrees with it. */
void worker_at_least(struct worker *worker);
/* Reports that the limit was reached. `stopped_by`: name of an errno or a counter, or "none". */
void worker_measured(struct worker *worker,
		double measured,
		double tolerance,
		const char *stopped_by);
void worker_stopped_by(struct worker *worker, const char *name);
/* Reports that the result says nothing about the target; the text says why. */
void worker_incomparable(struct worker *worker, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
void worker_not_copied(struct worker *worker, const char *key);
/* Reports that the measurement could not be made; the text says why. Always returns false. */
bool worker_refuse(struct worker *worker, const char *format, ...)
		__attribute__((format(printf, 2, 3)));

#endif
