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
	double number;     /* all units but UNIT_TEXT; base units */
	const char *text;  /* UNIT_TEXT */
	const char *where; /* path or command, enough to repeat the reading by hand */
	int line;          /* 1-based line in where; 0: none */
	const char *raw; /* the raw text, as read (may hold any bytes but NUL), bounded to 256 bytes */
	const char *read_at; /* RFC 3339 UTC, or NULL */
	const char *set_by;  /* who set it, where that can be known, or NULL */
	const char *note;    /* reason of a status, or what to know about the value; or NULL */
};

/* A set of facts, sorted by key, then instance. Facts and strings live in the arena given. */
struct facts {
	struct arena *arena;
	struct fact **items;
	size_t count, capacity;
	bool sorted;
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

/* All instances of a key: index of the first and their number (0 if none). */
size_t facts_instances(const struct facts *facts, const char *key, size_t *ret_first);
void facts_sort(struct facts *facts);

const char *fact_status_name(enum fact_status status); /* "known" "absent" … "not-visible" */
bool fact_status_from_name(const char *name, enum fact_status *ret_status);
const char *fact_origin_name(
		enum fact_origin origin); /* "read" "measured" "given" "proposed" "constant" "derived" */
bool fact_origin_from_name(const char *name, enum fact_origin *ret_origin);

#endif
