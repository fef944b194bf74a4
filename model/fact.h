/* Facts: what is known about a host, and where each value comes from. A missing value is a fact
 * with a reason, never -1 or 0. "No limit" is INFINITY. */
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
	FACT_MALFORMED,   /* the value exists but could not be understood */
	FACT_NOT_VISIBLE, /* a value of the whole host that a child network namespace cannot see */
	FACT_SKIPPED      /* not read, for example because reading costs too much; `note` says why */
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
	double number;          /* in base units; for every unit but UNIT_TEXT */
	const char *text;       /* UNIT_TEXT */
	const char *where;      /* the path or command with which to repeat the reading by hand */
	int line;               /* line in `where`, from 1; 0: none */
	const char *raw;        /* the text as read (any bytes except NUL), at most 256 bytes */
	const char *read_at;    /* RFC 3339 UTC, or NULL */
	const char *set_by;     /* who set the value; NULL: not known */
	const struct fact *was; /* the fact that --set replaced; NULL: none */
	const char *note;       /* reason of the status, or a remark on the value; NULL: none */
};

/* How complete a list is. A list is all facts with one key, one for each instance. */
enum list_state {
	LIST_SKIPPED,  /* not read, or not all that were counted: any may be missing */
	LIST_PARTIAL,  /* everything asked for is listed; the host has more */
	LIST_COMPLETE, /* everything that the host has is listed */
	LIST_STATES
};

struct fact_list {
	const char *key;
	enum list_state state;
	const char *error; /* name of the errno that kept the list incomplete; NULL: none */
};

/* A set of facts, sorted by key, then by instance. The facts live in the arena; so must their
 * strings. */
struct facts {
	struct arena *arena;
	struct fact **items;
	size_t count, capacity;
	bool sorted;
	bool whole; /* the set is complete: the host has no facts beyond these */
	struct fact_list *lists;
	size_t list_count, list_capacity;
};

struct facts *facts_new(struct arena *arena);
/* Returns a copy that shares the unchanged facts. Adding to the copy does not change the
 * original. */
struct facts *facts_overlay(struct arena *arena, const struct facts *base);

/* Adds the fact, or replaces the one with the same key and instance. The fact is copied, its
 * strings are not: they must live as long as the arena. An instance of NULL counts as "". */
struct fact *facts_put(struct facts *facts, struct fact fact);

/* Short forms of facts_put. `where` may be NULL. They return the fact so that the caller can fill
 * in set_by, line and the rest. */
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

/* Returns NULL if there is no such fact. Sorts the facts on first use. */
const struct fact *facts_get(const struct facts *facts, const char *key, const char *instance);
/* Returns the number of a fact of the host, or NAN if it is not known. */
double facts_number(const struct facts *facts, const char *key);
/* Returns the text of a fact of the host, or NULL if it is not known. */
const char *facts_text(const struct facts *facts, const char *key);

/* Returns the status of a fact. A fact that is not in the set counts as absent if the set or its
 * list is complete, else as skipped. */
enum fact_status facts_status(const struct facts *facts, const char *key, const char *instance);
/* Says how complete a list is, replacing what was said before. The key and the error must live as
 * long as the arena. */
void facts_put_list(struct facts *facts, const char *key, enum list_state state, const char *error);
/* Both say how complete the list is. facts_list returns NULL if nothing was said about it. */
const struct fact_list *facts_list(const struct facts *facts, const char *key);
enum list_state facts_list_state(const struct facts *facts, const char *key);

/* Returns true if --set replaced what was learned from the host by another value. That the host
 * lacks something was learned, too; giving the value that was read is no assumption. */
bool fact_is_hypothetical(const struct fact *fact);
bool facts_are_hypothetical(const struct facts *facts); /* true if one of them is */

/* Returns the number of instances of a key and the index of the first one in facts->items. */
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
