/* Reads records of perf_event_open(2) from a ring buffer, one at a time. Pure. */
#ifndef HEADROOM_PROBES_TRACE_RECORD_H
#define HEADROOM_PROBES_TRACE_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/why/calls.h"
#include "probes/trace/layout.h"

enum {
	RECORD_CALLS_MAX = 64,
	RECORD_BYTES_MAX = 2048 /* larger records are ignored */
};

/* Fields that each event includes in its samples; the first two are also in every other record. */
#define RECORD_SAMPLE_TYPE (PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW)

/* An event that describes a call. */
struct record_call {
	unsigned id;             /* number of the event in tracefs */
	const char *name;        /* name of the call in messages */
	struct field_place type; /* common_type: the id */
	struct field_place ret;
};

/* The event for state changes of sockets. id 0: not watched. */
struct record_socket {
	unsigned id;
	struct field_place flags, from_port, to_port, family, to, to_six;
};

struct record_events {
	struct record_call calls[RECORD_CALLS_MAX];
	size_t count;
	struct record_socket socket;
	/* common_type: the id of the event, at the same place in each of them. */
	struct field_place type;
};

enum record_kind {
	RECORD_OTHER, /* not watched or not understood */
	RECORD_CALL,  /* *ret_record is set */
	RECORD_LOST   /* *ret_lost is the number of records that had no room */
};

/* Reads one whole record with its header from `bytes`. */
enum record_kind record_read(const struct record_events *events,
		const unsigned char *bytes,
		size_t size,
		struct call_record *ret_record,
		uint64_t *ret_lost);

#endif
