/* Opens files that somebody else may have put there, and refuses what blocks, never ends or leads
 * elsewhere. */
#ifndef HEADROOM_BASE_OS_OPEN_H
#define HEADROOM_BASE_OS_OPEN_H

#include <stdbool.h>

/* The descriptor that a name of procfs or devfs means (/dev/stdin, /dev/fd/3), or -1. Such a name
 * is the caller's own pipe or file, however it was opened. */
int open_descriptor_named(const char *path);

/* Opens a regular file for reading. A FIFO would wait for a writer that never comes and a device
 * may never end, so both are refused; a name of open_descriptor_named() may be either. -1 with
 * *ret_why: what is wrong, a clause such as "is a FIFO, not a file". */
int open_regular(const char *path, const char **ret_why);
/* The same for a relative path that may not lead out of the directory `dir` (AT_FDCWD: the current
 * one): no ".." and no symbolic link anywhere on the way. Names of descriptors mean nothing here.
 */
int open_below(int dir, const char *path, const char **ret_why);
/* Opens the directory that the last name of such a path is in, with O_PATH; *ret_name is that name.
 */
int open_parent_below(int dir, const char *path, const char **ret_name, const char **ret_why);

/* open(2) in a tree that somebody else made, with openat2(2): links and ".." lead to `root` at
 * most. -1 with errno, as of openat2; ENOSYS before Linux 5.6, EPERM where a container's filter
 * refuses it.
 */
int open_in_root(int root, const char *path, int flags);

/* May somebody else choose this path for a file to write? It is relative, and none of its names
 * begins with a dot: that leaves out ".." and what tools obey, such as .git/hooks. Looks at the
 * text alone. */
bool open_is_below(const char *path);

/* /dev/null; where there is no /dev, what can be neither read nor written. Takes a number like any
 * other open file. -1 with errno. */
int open_nothing(int flags);

#endif
