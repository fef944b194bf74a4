/* Ticket systems: what a target such as "jira:OPS-12" means, and the requests that each system
 * needs. One row and a few functions per system (systems.c); audit/command/attach.c has retries and
 * texts. */
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
	const char *name; /* name in the ticket: the file's name with the first digits of its SHA-256,
	                     "report-1a2b3c4d.pdf" */
	const char *type; /* media type */
	int fd;
	double bytes;
	bool there;        /* the ticket has this file */
	bool before;       /* the ticket had it before this run */
	bool unsure;       /* it was sent, but the server did not confirm it */
	const char *token; /* the system's name for it between upload and attaching; NULL: none */
};

struct ticket {
	struct arena *arena;
	const struct ticket_system *system;
	const char *shown;     /* "jira:OPS-12" */
	const char *base;      /* URL without a slash at the end */
	const char *container; /* table, project, repository; NULL: the system has none */
	const char *number;    /* key or number */
	struct credential credential;
	bool plain;
	struct text *dry; /* text for requests instead of sending them (dry run); NULL: send them */
	bool by_number;   /* `number` is what people use, so the server's id must be looked up */
	double until_s;   /* no request after this time (clock_now_s); 0: no limit */
	bool late;        /* the last failure was because this time was over */
	bool unsure;      /* the last request may have succeeded although no good answer came */
	bool again;       /* the last failure may be temporary; try again */
	double wait_s;    /* how long the server asked to wait; NAN: not given */
};

struct ticket_system {
	const char *name, *example;
	const char *url_envs[2];
	const char *default_url; /* NULL: none */
	struct credential_kind credential;
	bool (*parse)(struct ticket *ticket, const char *text);
	/* Sets file->there for files that the ticket already has, with one request. NULL: the system
	 * does not tell. */
	bool (*look)(struct ticket *ticket, struct ticket_file *files, size_t count, struct error *err);
	bool (*upload)(struct ticket *ticket,
			struct ticket_file *file,
			struct error *err); /* NULL: comments only */
	/* Does what remains after all uploads: attaching, and the comment (NULL: none). */
	bool (*finish)(struct ticket *ticket,
			struct ticket_file *files,
			size_t count,
			const char *comment,
			struct error *err);
	bool markdown;            /* comments are Markdown */
	size_t comment_bytes_max; /* 0: not known */
};

/* Reads "SYSTEM:TICKET". url: overrides the environment; may be NULL. false with err. */
bool ticket_parse(struct arena *arena,
		const char *text,
		const char *url,
		bool plain,
		struct ticket *ret_ticket,
		struct error *err);

const struct ticket_system *ticket_systems(size_t *ret_count);

#endif
