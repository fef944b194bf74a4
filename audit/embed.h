/* The files of rules/ and templates/, built into the program, found by path. */
#ifndef HEADROOM_AUDIT_EMBED_H
#define HEADROOM_AUDIT_EMBED_H

#include "model/embed.h"

/* NULL if there is no such file. */
const struct embedded_file *embedded_find(const char *path);

#endif
