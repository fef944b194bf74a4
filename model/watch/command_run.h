/* A watched run as the reasons against its certificate see it: which numbers are the command's, and
 * what the plan says of it. Internal to the certificate. */
#ifndef HEADROOM_MODEL_WATCH_COMMAND_RUN_H
#define HEADROOM_MODEL_WATCH_COMMAND_RUN_H

#include "model/watch/certificate.h"

/* "1,000", "12.5 s", "50%". */
const char *run_figure(struct arena *arena, double value, enum unit unit);

const char *run_role(const struct certify_input *input);
/* A server's connections are those it accepted. */
bool run_is_server(const struct certify_input *input);
enum observed run_opened_of(const struct certify_input *input);
enum observed run_live_of(const struct certify_input *input);
enum observed run_time_wait_of(const struct certify_input *input);

bool run_is_udp(const struct certify_input *input);

/* What it opened, at most: in the counter of the network namespace is what others opened as well.
 */
double run_opened(const struct certify_input *input);

/* If there are several loads, the last one is the command's, and the run is compared with that one
 * alone. */
struct load_series run_series(const struct result *plan);
struct load_point run_point(const struct result *plan);
bool run_is_of_command(const struct result *plan, const struct judgement *judgement);

/* The most of a series of the plan until t. */
double run_most_until(const struct timeline_result *timeline, const double *values, double t);

/* Whose use of a limit it is. */
struct charge_shares {
	double own, others;
	bool at_most; /* own is no more than this */
};

/* How much of what was planned there was. */
struct short_of {
	double seen, planned;
	enum unit unit;
	const char *remarks; /* further remarks about the run */
};

void certify_remark(struct certificate *out, const char *id, bool lost, const char *text);

/* The reasons, each in its own file. */
void find_limits(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_limit(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_starved(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out);
void charge_short(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_errors(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_unseen(struct arena *arena, const struct certify_input *input, struct certificate *out);
/* " Closest limit: …", or "" if there is none. */
const char *nearest_text(struct arena *arena,
		const struct certify_input *input,
		const struct certificate *out);

#endif
