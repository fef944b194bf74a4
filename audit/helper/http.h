/* HTTP for the core: builds one request for headroom-http, runs it, reads the answer. Meaning is
 * the caller's. */
#ifndef HEADROOM_AUDIT_HELPER_HTTP_H
#define HEADROOM_AUDIT_HELPER_HTTP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/text.h"

enum {
	HTTP_HEADERS_MAX = 8,
	HTTP_PARTS_MAX = 4
};

struct http_part {
	const char *name, *type, *filename; /* type, filename: may be NULL */
	const char *data;                   /* NULL: fd */
	int fd;
};

struct http_request {
	const char *method, *url;
	const char *headers[HTTP_HEADERS_MAX];
	size_t header_count;
	const char *secret_header; /* whole line, or NULL; never shown */
	const char *login;         /* "user:password", or NULL; never shown */
	const char *body;          /* one of these three, or none */
	int body_fd;               /* 0: none */
	struct http_part parts[HTTP_PARTS_MAX];
	size_t part_count;
	const char *body_shown;  /* what a dry run shows for body_fd and parts with a descriptor: a file
	                            name */
	const char *unix_socket; /* or NULL */
	bool plain;              /* http:// is allowed */
	double seconds_max;      /* for the whole answer; 0: two minutes */
	const char *shown;       /* what errors and progress name */
};

struct http_answer {
	int status;           /* 0: none came */
	const char *body;     /* at most 4 MiB, UTF-8; "" otherwise */
	const char *location; /* or NULL */
	double retry_after_s; /* NAN: not said */
	const char *error;    /* why none came */
	bool truncated;       /* the body is not whole, or no text */
	bool again;           /* another try may succeed: 429, 5xx, no connection */
};

/* false: headroom-http could not be used. */
bool http_send(struct arena *arena,
		const struct http_request *request,
		struct http_answer *ret_answer,
		struct error *err);

/* The request as a curl command, secrets masked. */
void http_print(const struct http_request *request, struct text *out);

/* %XX for all but unreserved characters (RFC 3986, 2.3). */
const char *http_escape(struct arena *arena, const char *text);

#endif
