/* A Gatling simulation as text, in Scala, Java or Kotlin: what it says plainly. Nothing is run;
 * what is no literal number stays unknown (NAN). Sources: Gatling 3.15.1, OpenInjectionStep.scala,
 * ClosedInjectionStep.scala, HttpProtocol.scala, gatling-defaults.conf. */
#ifndef HEADROOM_PROBES_PLAN_GATLING_GATLING_H
#define HEADROOM_PROBES_PLAN_GATLING_GATLING_H

#include "probes/plan/plan.h"
#include "probes/plan/quantity.h"

enum {
	GATLING_TARGETS_MAX = 64,
	GATLING_PARTS_MAX = 200,
	GATLING_INSIDE_MAX = 32 * 1024 /* characters in parentheses or braces */
};

/* A simulation's text. `code` has the same length, with blanks instead of comments and of the
 * contents of strings. */
struct gatling_text {
	struct arena *arena;
	const struct plan_context *context;
	const struct plan_command *command; /* its -DNAME=VALUE */
	const char *file, *text;
	const char **missing; /* a property or variable that is needed and not set, in words; or NULL */
	char *code;
	size_t length;
	size_t *calls_left; /* how many more calls are looked for, so that a file takes little time */
};

/* Blanks all simulations of the text but the one of that name, if it is there. */
void gatling_only_class(struct gatling_text *text, const char *class);
/* The class that the command names, or NULL. */
const char *gatling_class(const struct plan_command *command);

/* "file:line" of a place in the text. */
const char *gatling_where(const struct gatling_text *source, const char *at);

/* Begin with arena, context, command and file. */
void gatling_text_read(struct gatling_text *ret, const char *text, size_t length);
/* The next call `name(` in the code at or after `from` (NULL: the beginning); NULL: none. */
const char *gatling_call(const struct gatling_text *source, const char *from, const char *name);
/* The text between the parentheses that follow `at`, up to `*ret_end`, the closing one; NULL if
 * they do not close, or only far away. */
const char *gatling_inside(const struct gatling_text *source, const char *at, const char **ret_end);
/* The end of the argument that begins at `at`: its comma, or `end`. */
const char *gatling_argument_end(const struct gatling_text *source,
		const char *at,
		const char *end);
/* The string that an expression begins with, NULL if it begins with none or puts it together. */
const char *gatling_string(const struct gatling_text *source, const char *at, const char *end);
/* The text that an expression gives: a string, a name whose value is a string, a property or
 * variable with its default, or a sum of these. NULL for anything else. */
const char *gatling_text_of(const struct gatling_text *source, const char *at, const char *end);
/* 1_000 and 10L at the beginning of a text, and what follows. */
bool gatling_literal(const char *at, const char *end, double *ret, const char **ret_rest);
/* The same as a number; NAN: neither. */
double gatling_number(const struct gatling_text *source, const char *at, const char *end);
/* The same as a time: 10, 10.seconds, 10 minutes, Duration.ofMillis(500); seconds. */
double gatling_time(const struct gatling_text *source, const char *at, const char *end);

/* A part of a scenario's injection: from one level to another within a time. */
struct gatling_part {
	double from_s, to_s;
	double begin, end; /* users a second; closed: users */
	bool closed;
};

struct gatling_simulation {
	const struct gatling_text *source;
	struct gatling_part parts[GATLING_PARTS_MAX];
	size_t part_count;
	double at_once;           /* users that start at once, in all */
	bool unknown;             /* a step that says no literal number */
	const char *injected_at;  /* NULL: no injection was found */
	double pause_s, requests; /* of a user; pause NAN: not known */
	double max_s;             /* maxDuration; NAN: none */
	const char *targets[GATLING_TARGETS_MAX];
	size_t target_count, tls_count;
	double per_host; /* connections of a user to a host at once */
	const char *shared_at, *closes_at, *websocket_at, *bound_at;
};

/* The injection of all scenarios, side by side. */
void gatling_injection(struct gatling_simulation *simulation);
/* Requests, pauses, hosts and settings of the protocol. */
void gatling_protocol(struct gatling_simulation *simulation);

/* The simulation's file: by the class that the command names, else the only one there is. *ret_path
 * NULL: not found, and *ret_why says what was looked for. */
bool gatling_find(const struct plan_context *context,
		const struct plan_command *command,
		const char **ret_path,
		const char **ret_why);

#endif
