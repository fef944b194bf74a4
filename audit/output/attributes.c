#include "audit/output/attributes.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/os/file.h"

enum {
	XATTR_BYTES = 64 * 1024, /* XATTR_SIZE_MAX, include/uapi/linux/limits.h */
	SPECIAL_BITS = S_ISUID | S_ISGID
};

static bool keep_owner(int to, const struct stat *before)
{
	struct stat now;
	if (fstat(to, &now) != 0)
		return false;
	if (now.st_uid == before->st_uid && now.st_gid == before->st_gid)
		return true;
	return fchown(to, before->st_uid, before->st_gid) == 0;
}

/* Without the owner, the bits of his group are nobody's. */
static bool keep_mode(int to, const struct stat *before, bool owner_kept)
{
	mode_t mode = before->st_mode & 07777 & ~(mode_t)SPECIAL_BITS;
	if (!owner_kept)
		mode &= ~(mode_t)S_IRWXG;
	return fchmod(to, mode) == 0;
}

/* A file without the attribute, and a file system that knows none, have nothing to hand down. */
static bool keep_xattr(int from, int to, const char *name, bool must)
{
	char value[XATTR_BYTES];
	ssize_t length = fgetxattr(from, name, value, sizeof value);
	if (length < 0)
		return true;
	return fsetxattr(to, name, value, (size_t)length, 0) == 0 || !must;
}

/* A descriptor for reading attributes; a file one may not read has none that one could copy. */
static bool keep_lists(int directory, const char *name, int to)
{
	__attribute__((cleanup(file_close_fd))) int from =
			openat(directory, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	if (from < 0)
		return true;
	(void)keep_xattr(from, to, "security.selinux", false);
	return keep_xattr(from, to, "system.posix_acl_access", true);
}

bool attributes_take_over(int directory, const char *name, int to)
{
	struct stat before;
	if (fstatat(directory, name, &before, AT_SYMLINK_NOFOLLOW) != 0)
		return errno == ENOENT;
	if (!S_ISREG(before.st_mode))
		return true;
	bool owner_kept = keep_owner(to, &before);
	if (!keep_mode(to, &before, owner_kept))
		return false;
	return keep_lists(directory, name, to);
}
