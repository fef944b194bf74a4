/* HTTP for the main program: builds a request, runs headroom-http, and reads the answer. The caller
 * interprets status and body. */
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
	const char *secret_header; /* a whole header line that is never shown, or NULL */
	const char *login;         /* "user:password", which is never shown, or NULL */
	const char *body;          /* set body, body_fd or parts, or none of them */
	int body_fd;               /* 0: none */
	struct http_part parts[HTTP_PARTS_MAX];
	size_t part_count;
	const char *body_shown;  /* name of the file that a dry run shows for body_fd and for parts with
	                            a descriptor */
	const char *unix_socket; /* or NULL */
	bool plain;              /* http:// is allowed */
	double seconds_max;      /* time limit for the whole answer; 0: two minutes */
	const char *shown;       /* the name used in errors and progress */
};

struct http_answer {
	int status;           /* of HTTP; 0: there was no answer */
	const char *body;     /* at most 4 MiB, UTF-8; "" otherwise */
	const char *location; /* or NULL */
	double retry_after_s; /* NAN: the server did not say */
	const char *error;    /* why there was no answer; else NULL */
	bool truncated;       /* the body is incomplete, or is not text */
	bool again;           /* another try may succeed: 429, 5xx, no connection */
};

/* Returns false with err if headroom-http could not be used. HTTP errors are no failure here. */
bool http_send(struct arena *arena,
		const struct http_request *request,
		struct http_answer *ret_answer,
		struct error *err);

/* Appends the request as a curl command with its secrets masked. */
void http_print(const struct http_request *request, struct text *out);

/* Returns the text with all but the unreserved characters (RFC 3986, 2.3) as %XX, in the arena. */
const char *http_escape(struct arena *arena, const char *text);

#endif
