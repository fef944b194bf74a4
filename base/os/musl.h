/* Functions of glibc that headroom uses and musl lacks. The static program is linked with musl, and
 * there the Makefile includes this file from the compiler's command line. With glibc it is
 * empty. */
#ifndef HEADROOM_BASE_OS_MUSL_H
#define HEADROOM_BASE_OS_MUSL_H

#include <features.h>
#include <stddef.h>

#ifndef __GLIBC__

struct dirent;

/* Returns the name of an errno, such as "EMFILE", or NULL if it has none. */
const char *strerrorname_np(int error);

/* scandir(3) for a path below the directory `dir`; returns -1 with errno. The caller frees each
 * entry and the list. */
int scandirat(int dir,
		const char *path,
		struct dirent ***ret_entries,
		int (*wanted)(const struct dirent *entry),
		int (*compare)(const struct dirent **a, const struct dirent **b));

typedef int __rlimit_resource_t;

#endif
#endif
