/* Opens files that somebody else may have put there. Refuses files that block, never end or lead
 * elsewhere. */
#ifndef HEADROOM_BASE_OS_OPEN_H
#define HEADROOM_BASE_OS_OPEN_H

#include <stdbool.h>

/* Returns the descriptor that a name in procfs or devfs stands for (/dev/stdin, /dev/fd/3), or -1.
 * Such a name is a pipe or file that the caller opened. */
int open_descriptor_named(const char *path);

/* Opens a regular file for reading. Refuses FIFOs, which wait for a writer, and devices, which may
 * never end; both are allowed under a name of open_descriptor_named(). Returns -1 with a clause in
 * *ret_why, such as "is a FIFO, not a file". */
int open_regular(const char *path, const char **ret_why);
/* The same for a relative path that must not lead out of the directory `dir` (AT_FDCWD: the current
 * one): no ".." and no symbolic link on the way. Names of descriptors have no special meaning
 * here. */
int open_below(int dir, const char *path, const char **ret_why);
/* Opens, with O_PATH, the directory that contains the last name of such a path. *ret_name is that
 * last name. */
int open_parent_below(int dir, const char *path, const char **ret_name, const char **ret_why);

/* open(2) in a tree that somebody else made, with openat2(2): links and ".." cannot lead out of
 * `root`. Returns -1 with the errno of openat2, which is ENOSYS before Linux 5.6 and EPERM if a
 * container's filter refuses it. */
int open_in_root(int root, const char *path, int flags);

/* Returns true if somebody else may choose this path for a file to write: it is relative, and none
 * of its names begins with a dot. That excludes ".." and files that tools obey, such as .git/hooks.
 * Checks the text only. */
bool open_is_below(const char *path);

/* Opens /dev/null or, if it does not exist, something that can be neither read nor written. Returns
 * a descriptor, or -1 with errno. */
int open_nothing(int flags);

#endif
