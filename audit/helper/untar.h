/* Has headroom-import take a tar file apart (report/helper/untar.h). What it says is checked here:
 * it has read bytes that nobody trusts. */
#ifndef HEADROOM_AUDIT_HELPER_UNTAR_H
#define HEADROOM_AUDIT_HELPER_UNTAR_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"

struct untar_member {
	char kind;         /* F file, D directory, L symbolic link, S left out */
	const char *name;  /* ends with a NUL; any bytes but NUL */
	const char *bytes; /* content, target of the link, or why it was left out; ends with a NUL */
	size_t length;
};

struct untar_input {
	int fd;            /* stays the caller's */
	const char *first; /* bytes of it that were read already */
	size_t first_length;
	const char *shown;                 /* names it in errors */
	const volatile sig_atomic_t *stop; /* set by a signal: it has had enough; or NULL */
};

/* What gets each member while it lives. false: enough. */
struct untar_sink {
	bool (*member)(void *context, const struct untar_member *member);
	void *context;
};

/* False with err: the tar file is not whole, or cannot be read; the members before that were passed
 * on. A sink that had enough is no error. */
bool helper_untar(struct arena *arena,
		const struct untar_input *input,
		const struct untar_sink *sink,
		struct error *err);

#endif
