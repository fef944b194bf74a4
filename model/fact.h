/* Facts: what is known about a host, with where it comes from.
 * A missing value is a fact with a reason, never -1 or 0. "No limit" is INFINITY. */
#ifndef HEADROOM_MODEL_FACT_H
#define HEADROOM_MODEL_FACT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

enum fact_status {
	FACT_KNOWN,
	FACT_ABSENT,      /* the file or feature does not exist */
	FACT_DENIED,      /* no permission */
	FACT_MALFORMED,   /* it was there but could not be understood */
	FACT_NOT_VISIBLE, /* global value hidden from a child network namespace */
	FACT_SKIPPED      /* not read, e.g. it would have cost too much; `note` says why */
};

enum fact_origin {
	ORIGIN_READ,
	ORIGIN_MEASURED,
	ORIGIN_GIVEN,
	ORIGIN_PROPOSED,
	ORIGIN_CONSTANT,
	ORIGIN_DERIVED
};

struct fact {
	const char *key;      /* dotted, subsystem first: net.core.somaxconn */
	const char *instance; /* "" for facts of the host; "0.0.0.0:443", a pid, … */
	enum fact_status status;
	enum fact_origin origin;
	enum unit unit;
	double number;          /* all units but UNIT_TEXT; base units */
	const char *text;       /* UNIT_TEXT */
	const char *where;      /* path or command, enough to repeat the reading by hand */
	int line;               /* 1-based line in where; 0: none */
	const char *raw;        /* the raw text, as read (any bytes except NUL), at most 256 bytes */
	const char *read_at;    /* RFC 3339 UTC, or NULL */
	const char *set_by;     /* who set it, where that can be known, or NULL */
	const struct fact *was; /* what was known before it was given by --set; NULL: nothing */
	const char *note;       /* reason of a status, or what to know about the value; or NULL */
};

/* How much of a list is among the facts: all facts of one key, one for each instance. */
enum list_state {
	LIST_SKIPPED,  /* not read, or not as many as were counted: any may be missing */
	LIST_PARTIAL,  /* what was to be listed is there; the host has more */
	LIST_COMPLETE, /* the host has no other */
	LIST_STATES
};

struct fact_list {
	const char *key;
	enum list_state state;
	const char *error; /* name of the errno that kept it from being complete, or NULL */
};

/* A set of facts, sorted by key, then instance. Facts and strings live in the arena given. */
struct facts {
	struct arena *arena;
	struct fact **items;
	size_t count, capacity;
	bool sorted;
	bool whole; /* what is not among them the host does not have */
	struct fact_list *lists;
	size_t list_count, list_capacity;
};

struct facts *facts_new(struct arena *arena);
/* A copy that shares the unchanged facts; adding to it leaves the original alone. */
struct facts *facts_overlay(struct arena *arena, const struct facts *base);

/* Adds or replaces (same key and instance). The fact is copied; strings are not: they must live as
 * long as the arena. instance NULL is "". */
struct fact *facts_put(struct facts *facts, struct fact fact);

/* Short forms. `where` may be NULL. They return the fact so that set_by, line … can be filled in.
 */
struct fact *facts_put_number(struct facts *facts,
		const char *key,
		const char *instance,
		double number,
		enum unit unit,
		const char *where);
struct fact *facts_put_text(struct facts *facts,
		const char *key,
		const char *instance,
		const char *text,
		const char *where);
struct fact *facts_put_missing(struct facts *facts,
		const char *key,
		const char *instance,
		enum fact_status status,
		enum unit unit,
		const char *where,
		const char *note);

/* NULL if there is no such fact. The facts are sorted on first use. */
const struct fact *facts_get(const struct facts *facts, const char *key, const char *instance);
/* The number of a known fact, else NAN. */
double facts_number(const struct facts *facts, const char *key);
/* The text of a known fact, else NULL. */
const char *facts_text(const struct facts *facts, const char *key);

/* The status of a fact, which may be missing from the set. A fact that nobody collected counts as
 * skipped. It counts as absent only if the whole set or its list is known to be complete. */
enum fact_status facts_status(const struct facts *facts, const char *key, const char *instance);
/* Says how much of a list is there; replaces what was said before. The key and the error must live
 * as long as the arena. */
void facts_put_list(struct facts *facts, const char *key, enum list_state state, const char *error);
/* The list's state, or NULL if nothing was said about it. */
const struct fact_list *facts_list(const struct facts *facts, const char *key);
enum list_state facts_list_state(const struct facts *facts, const char *key);

/* Was it given instead of something else that was learned from the host? What the host does not
 * have was learned, too; the value that was read, given again, is no assumption. */
bool fact_is_hypothetical(const struct fact *fact);
bool facts_are_hypothetical(const struct facts *facts); /* is any of them? */

/* All instances of a key: index of the first and their number (0 if none). */
size_t facts_instances(const struct facts *facts, const char *key, size_t *ret_first);
void facts_sort(struct facts *facts);

const char *fact_status_name(enum fact_status status); /* "known" "absent" … "not-visible" */
bool fact_status_from_name(const char *name, enum fact_status *ret_status);
const char *list_state_name(enum list_state state); /* "skipped" "partial" "complete" */
bool list_state_from_name(const char *name, enum list_state *ret_state);
const char *fact_origin_name(
		enum fact_origin origin); /* "read" "measured" "given" "proposed" "constant" "derived" */
bool fact_origin_from_name(const char *name, enum fact_origin *ret_origin);

#endif
