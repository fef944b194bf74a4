/* Ticket systems: what a target such as "jira:OPS-12" means, and the requests that each system
 * needs. One row and a few functions per system (systems.c); retries and words are in
 * audit/command/attach.c. */
#ifndef HEADROOM_AUDIT_TICKET_TICKET_H
#define HEADROOM_AUDIT_TICKET_TICKET_H

#include <cjson/cJSON.h>

#include "audit/helper/http.h"
#include "audit/ticket/credential.h"

enum {
	TICKET_FILES_MAX = 16
};

/* One file to attach. */
struct ticket_file {
	const char *path; /* as the user wrote it */
	const char *name; /* in the ticket: its own with the first digits of its SHA-256,
	                     "report-1a2b3c4d.pdf" */
	const char *type; /* media type */
	int fd;
	double bytes;
	bool there;        /* the ticket has this file */
	bool before;       /* the ticket had it before this run */
	bool unsure;       /* it was sent, but the server did not confirm it */
	const char *token; /* what the system calls it between upload and attaching, or NULL */
};

struct ticket {
	struct arena *arena;
	const struct ticket_system *system;
	const char *shown;     /* "jira:OPS-12" */
	const char *base;      /* URL without a slash at its end */
	const char *container; /* table, project, repository; NULL where a system has none */
	const char *number;    /* key or number */
	struct credential credential;
	bool plain;
	struct text *dry; /* where requests are written instead of being sent, or NULL */
	bool by_number;   /* `number` is what people use; the server's own id must be looked up */
	double until_s;   /* no request after this time (clock_now_s); 0: no limit */
	bool late;        /* the last failure was that this time is over */
	bool unsure;      /* the last request may have done its work although no good answer came */
	bool again;       /* the last failure may be temporary; try again */
	double wait_s;    /* how long the server asked to wait; NAN: it did not say */
};

struct ticket_system {
	const char *name, *example;
	const char *url_envs[2];
	const char *default_url; /* or NULL */
	struct credential_kind credential;
	bool (*parse)(struct ticket *ticket, const char *text);
	/* Names of the files that are there, in one answer; sets file->there. NULL: the system does not
	 * tell. */
	bool (*look)(struct ticket *ticket, struct ticket_file *files, size_t count, struct error *err);
	bool (*upload)(struct ticket *ticket,
			struct ticket_file *file,
			struct error *err); /* NULL: comments only */
	/* What is left once all are uploaded: attaching them, and the comment (NULL: none). */
	bool (*finish)(struct ticket *ticket,
			struct ticket_file *files,
			size_t count,
			const char *comment,
			struct error *err);
	bool markdown;            /* comments are Markdown */
	size_t comment_bytes_max; /* 0: not known */
};

/* "SYSTEM:TICKET"; url: instead of the environment's, may be NULL. */
bool ticket_parse(struct arena *arena,
		const char *text,
		const char *url,
		bool plain,
		struct ticket *ret_ticket,
		struct error *err);

const struct ticket_system *ticket_systems(size_t *ret_count);

#endif
