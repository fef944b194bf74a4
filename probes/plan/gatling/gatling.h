/* Reads a Gatling simulation in Scala, Java or Kotlin as text, without running it. Anything but a
 * plain number stays unknown (NAN). Sources: Gatling 3.15.1, OpenInjectionStep.scala,
 * ClosedInjectionStep.scala, HttpProtocol.scala, gatling-defaults.conf. */
#ifndef HEADROOM_PROBES_PLAN_GATLING_GATLING_H
#define HEADROOM_PROBES_PLAN_GATLING_GATLING_H

#include "probes/plan/plan.h"
#include "probes/plan/quantity.h"

enum {
	GATLING_TARGETS_MAX = 64,
	GATLING_PARTS_MAX = 200,
	GATLING_INSIDE_MAX = 32 * 1024 /* most characters between parentheses or braces */
};

/* The text of a simulation. `code` has the same length, with blanks for comments and for the
 * contents of strings. */
struct gatling_text {
	struct arena *arena;
	const struct plan_context *context;
	const struct plan_command *command; /* for its -DNAME=VALUE */
	const char *file, *text;
	const char **missing; /* a needed property or variable that is not set, in words; may be NULL */
	char *code;
	size_t length;
	size_t *calls_left; /* how many more calls to look for, which bounds the time for a file */
};

/* Keeps only the simulation with this name, if there is one, and blanks all others. */
void gatling_only_class(struct gatling_text *text, const char *class);
/* Returns the class that the command names, or NULL. */
const char *gatling_class(const struct plan_command *command);

/* Returns the place of a position in the text: "file:line". */
const char *gatling_where(const struct gatling_text *source, const char *at);

/* Prepares the text. Set arena, context, command and file first. */
void gatling_text_read(struct gatling_text *ret, const char *text, size_t length);
/* Returns the next call `name(` in the code at or after `from` (NULL: the beginning), or NULL. */
const char *gatling_call(const struct gatling_text *source, const char *from, const char *name);
/* Returns the text between the parentheses after `at`; *ret_end is the closing one. NULL if they
 * are not closed within GATLING_INSIDE_MAX. */
const char *gatling_inside(const struct gatling_text *source, const char *at, const char **ret_end);
/* Returns the end of the argument that begins at `at`: its comma, or `end`. */
const char *gatling_argument_end(const struct gatling_text *source,
		const char *at,
		const char *end);
/* Returns the string at the beginning of an expression, or NULL if there is none or it is only part
 * of a computation. */
const char *gatling_string(const struct gatling_text *source, const char *at, const char *end);
/* Returns the text that an expression gives: a string, a name for a string, a property or variable
 * with its default, or a sum of these. NULL for anything else. */
const char *gatling_text_of(const struct gatling_text *source, const char *at, const char *end);
/* Reads 1_000 or 10L at the beginning of a text; *ret_rest is what follows. false: no number. */
bool gatling_literal(const char *at, const char *end, double *ret, const char **ret_rest);
/* Returns the value of an expression as a number, or NAN. */
double gatling_number(const struct gatling_text *source, const char *at, const char *end);
/* Returns a time in seconds, or NAN: 10, 10.seconds, 10 minutes, Duration.ofMillis(500). */
double gatling_time(const struct gatling_text *source, const char *at, const char *end);

/* A part of a scenario's injection: from one level to another within a period. */
struct gatling_part {
	double from_s, to_s;
	double begin, end; /* users per second; in a closed model users */
	bool closed;
};

struct gatling_simulation {
	const struct gatling_text *source;
	struct gatling_part parts[GATLING_PARTS_MAX];
	size_t part_count;
	double at_once;           /* total of users that start at once */
	bool unknown;             /* a step does not have a plain number */
	const char *injected_at;  /* NULL: no injection found */
	double pause_s, requests; /* of one user; pause_s NAN: not known */
	double max_s;             /* maxDuration in seconds; NAN: none */
	const char *targets[GATLING_TARGETS_MAX];
	size_t target_count, tls_count;
	double per_host; /* simultaneous connections of a user to one host */
	const char *shared_at, *closes_at, *websocket_at, *bound_at;
};

/* Reads the injections of all scenarios, side by side. */
void gatling_injection(struct gatling_simulation *simulation);
/* Reads requests, pauses, hosts and protocol settings. */
void gatling_protocol(struct gatling_simulation *simulation);

/* Finds the simulation's file: the one with the class that the command names, or else the only one.
 * *ret_path NULL: not found, and *ret_why says what was looked for. */
bool gatling_find(const struct plan_context *context,
		const struct plan_command *command,
		const char **ret_path,
		const char **ret_why);

#endif
