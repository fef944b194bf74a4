/* Has headroom-import unpack a tar file (report/helper/untar.h). Its answer is checked here,
 * because that process has read untrusted bytes. */
#ifndef HEADROOM_AUDIT_HELPER_UNTAR_H
#define HEADROOM_AUDIT_HELPER_UNTAR_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct untar_member {
	char kind;         /* F file, D directory, L symbolic link, S skipped */
	const char *name;  /* NUL-terminated; may have any other bytes */
	const char *bytes; /* content, target of the link, or why it was skipped; NUL-terminated */
	size_t length;
};

struct untar_input {
	int fd;            /* the caller closes it */
	const char *first; /* bytes that were already read from it */
	size_t first_length;
	const char *shown;                 /* names it in errors */
	const volatile sig_atomic_t *stop; /* set by a signal to stop reading; may be NULL */
};

/* Gets each member, which is valid during the call. Returns false to stop. */
struct untar_sink {
	bool (*member)(void *context, const struct untar_member *member);
	void *context;
};

/* Returns false with err if the tar file is incomplete or cannot be read; the sink has then got the
 * members before the error. Stopping by the sink is no error. */
bool helper_untar(struct arena *arena,
		const struct untar_input *input,
		const struct untar_sink *sink,
		struct error *err);

#endif
