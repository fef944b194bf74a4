/* The numbers of a watched run that belong to the command, and what the plan says about it. Used
 * only for making the certificate. */
#ifndef HEADROOM_MODEL_WATCH_COMMAND_RUN_H
#define HEADROOM_MODEL_WATCH_COMMAND_RUN_H

#include "model/watch/certificate.h"

/* Returns "1,000", "12.5 s" or "50%". */
const char *run_figure(struct arena *arena, double value, enum unit unit);

/* Returns "1 connection" or "1,000 connections". */
const char *run_connections(struct arena *arena, double count);

const char *run_role(const struct certify_input *input);
/* A server's connections are those that it accepted, a client's those that it opened. */
bool run_is_server(const struct certify_input *input);
enum observed run_opened_of(const struct certify_input *input);
enum observed run_live_of(const struct certify_input *input);
enum observed run_time_wait_of(const struct certify_input *input);

bool run_is_udp(const struct certify_input *input);

/* Returns how many connections the command opened, at most: the counter covers the whole network
 * namespace and so includes other programs. */
double run_opened(const struct certify_input *input);

/* If the plan has several loads, the command makes the last one, and the run is compared with that
 * load alone. */
struct load_series run_series(const struct result *plan);
struct load_point run_point(const struct result *plan);
bool run_is_of_command(const struct result *plan, const struct judgement *judgement);

/* Returns the highest value of a series of the plan up to second t. */
double run_most_until(const struct timeline_result *timeline, const double *values, double t);

/* How much of a limit's use is the command's and how much is that of others. */
struct charge_shares {
	double own, others;
	bool at_most; /* `own` is an upper bound */
};

/* How much of the planned load was observed. */
struct short_of {
	double seen, planned;
	enum unit unit;
	const char *remarks; /* further remarks about the run */
};

void certify_remark(struct certificate *out, const char *id, bool lost, const char *text);

/* The reasons, each in a separate file. */
void find_limits(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_limit(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_starved(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out);
void charge_short(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_errors(struct arena *arena, const struct certify_input *input, struct certificate *out);
void charge_unseen(struct arena *arena, const struct certify_input *input, struct certificate *out);
/* Returns " Closest limit: …", or "" if there is none. */
const char *nearest_text(struct arena *arena,
		const struct certify_input *input,
		const struct certificate *out);

#endif
