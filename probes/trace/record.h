/* The records of perf_event_open(2) as they lie in a ring buffer. Pure: bytes in, one record out.
 */
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

/* Each event asks for these with each sample, and for the first two with every other record. */
#define RECORD_SAMPLE_TYPE (PERF_SAMPLE_TID | PERF_SAMPLE_TIME | PERF_SAMPLE_RAW)

/* An event that describes a call. */
struct record_call {
	unsigned id;             /* in tracefs */
	const char *name;        /* the word for it in messages */
	struct field_place type; /* common_type: the id */
	struct field_place ret;
};

/* The event that describes the states of sockets. id 0: it is not watched. */
struct record_socket {
	unsigned id;
	struct field_place flags, from_port, to_port, family, to, to_six;
};

struct record_events {
	struct record_call calls[RECORD_CALLS_MAX];
	size_t count;
	struct record_socket socket;
	struct field_place type; /* common_type: the id of the event, in each of them */
};

enum record_kind {
	RECORD_OTHER, /* not watched, or not understood */
	RECORD_CALL,  /* *ret_record is set */
	RECORD_LOST   /* *ret_lost is set: the number of records that had no room */
};

/* `bytes`: one whole record with its header. */
enum record_kind record_read(const struct record_events *events,
		const unsigned char *bytes,
		size_t size,
		struct call_record *ret_record,
		uint64_t *ret_lost);

#endif
