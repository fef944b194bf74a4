/* What the files of a repository say about listeners and settings. A reader for each kind of file
 * notes what it finds; judge.h decides what lies inside the range of outgoing ports. Pure: files
 * are passed as text. */
#ifndef HEADROOM_MODEL_LINT_LINT_H
#define HEADROOM_MODEL_LINT_LINT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/portset.h"
#include "model/lint/kind.h"
#include "model/lint/slice.h"

struct lint_range {
	unsigned first, last; /* 0, 0: none */
};

/* When a listener starts. Whatever runs earlier may keep its port out of the range. */
enum lint_start {
	LINT_STARTS_ANY,
	LINT_STARTS_SERVICE, /* a service of a CI job: before the first step */
	LINT_STARTS_STEP,
	LINT_STARTS_COMPOSE,
	LINT_STARTS_TEST
};

struct lint_file {
	const char *path; /* the path that is shown */
	struct slice text;
	enum lint_kind kind;
	bool tests; /* its path belongs to tests */
};

struct lint_job {
	size_t file;
	const char *name;
	size_t compose; /* the step that starts compose's services, from 1; 0: none */
	size_t tests;   /* the step that runs the tests; 0: none */
};

struct lint_listener {
	struct lint_range ports;
	size_t file, line;
	const char *what;
	bool likely; /* a guess: a constant in a test, or a setting in an unfamiliar file */
	enum lint_start start;
	size_t job;     /* from 1; 0: not in a job */
	size_t step;    /* step of that job, from 1 */
	const char *os; /* the system that the job runs on if that is not Linux; NULL: Linux */
};

/* Something that keeps ports out of the range, from a step on. */
struct lint_cure {
	struct lint_range range;  /* the new range; 0, 0: it reserves ports instead */
	struct portset *reserved; /* the reserved ports; NULL: it changes the range instead */
	size_t file, line;
	size_t job, step;  /* 0: a file that configures the machine */
	bool in_container; /* docker run --sysctl: works only for listeners inside the container */
};

enum lint_rule {
	LINT_PORT,
	LINT_SYSCTL,
	LINT_ULIMIT,
	LINT_RULES
};

/* A setting that has no effect in its place. */
struct lint_useless {
	enum lint_rule rule;
	size_t file, line;
	const char *what, *says, *instead;
};

/* A name and its value. Variables of an .env file count for the compose files next to it. */
struct lint_variable {
	struct slice directory, name, value;
	size_t file, line;
	unsigned rank; /* the lowest rank wins */
};

/* A user that a limits.conf or a systemd unit names. */
struct lint_user {
	struct slice name;
	size_t file, line;
	bool has_nofile; /* for a unit: it has LimitNOFILE= */
};

struct lint_found {
	struct arena *arena;
	struct lint_file *files;
	size_t file_count, file_capacity;
	struct lint_listener *listeners;
	size_t listener_count, listener_capacity;
	struct lint_cure *cures;
	size_t cure_count, cure_capacity;
	struct lint_useless *useless;
	size_t useless_count, useless_capacity;
	struct lint_job *jobs;
	size_t job_count, job_capacity;
	struct lint_variable *variables;
	size_t variable_count, variable_capacity;
	struct lint_user *limited, *units;
	size_t limited_count, limited_capacity, unit_count, unit_capacity;
};

/* The state while reading one file or a part of it. */
struct lint_scan {
	struct lint_found *found;
	struct arena *arena;
	size_t file;
	enum lint_start start;
	size_t job, step;
	const char *os;
	const char *what; /* names what is found; NULL: the reader finds a name */
	bool likely;
	unsigned depth;         /* nesting of command lines inside command lines */
	bool in_container;      /* the cures being noted work inside a container only */
	struct slice directory; /* the directory whose .env file counts */
	/* Variables of this file and their values, the latest last. */
	struct lint_variable *names;
	size_t name_count, name_capacity;
};

/* Notes everything that one file says. Read the files of variables (lint_file_first()) before the
 * others. */
void lint_read_file(struct lint_found *found, struct lint_file file);
bool lint_file_first(enum lint_kind kind);

/* For the readers: note a listener or a setting without effect. */
void lint_add(struct lint_scan *scan, size_t line, struct lint_range ports, const char *what);
void lint_add_at(struct lint_scan *scan,
		size_t file,
		size_t line,
		struct lint_range ports,
		const char *what);
void lint_add_useless(struct lint_scan *scan, struct lint_useless useless);
/* Begins a job: what is noted until lint_end_job belongs to it. */
void lint_begin_job(struct lint_scan *scan, const char *name);
void lint_end_job(struct lint_scan *scan);
const struct lint_file *lint_file_of(const struct lint_scan *scan);

#endif
