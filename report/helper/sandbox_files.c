#include "report/helper/sandbox_files.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/os/file.h"

/* Newer than Debian 12's <linux/landlock.h>. */
struct landlock_ruleset {
	uint64_t handled_access_fs;
	uint64_t handled_access_net; /* since version 4 of the interface */
	uint64_t scoped;             /* since 6 */
};

/* How many rights of files each version knows: execute to make_sym, then refer, truncate, and from
 * 5 on ioctl_dev. */
static const unsigned file_rights[] = {0, 13, 14, 15, 15, 16};
enum {
	NEWEST = 5,
	NET_VERSION = 4,
	NET_RIGHTS = 2, /* bind, connect */
	SCOPE_VERSION = 6,
	SCOPES = 2 /* abstract sockets, signals */
};

static uint64_t lowest_bits(unsigned count)
{
	return ((uint64_t)1 << count) - 1;
}

/* What there is of it; 0: none. */
static unsigned version(void)
{
	long found = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
	if (found < 0)
		return 0;
	return (unsigned)found;
}

static int create_ruleset(unsigned found)
{
	unsigned known = found;
	if (known > NEWEST)
		known = NEWEST;
	struct landlock_ruleset ruleset = {.handled_access_fs = lowest_bits(file_rights[known])};
	size_t size = sizeof ruleset.handled_access_fs;
	if (found >= NET_VERSION) {
		ruleset.handled_access_net = lowest_bits(NET_RIGHTS);
		size = offsetof(struct landlock_ruleset, scoped);
	}
	if (found >= SCOPE_VERSION) {
		ruleset.scoped = lowest_bits(SCOPES);
		size = sizeof ruleset;
	}
	return (int)syscall(SYS_landlock_create_ruleset, &ruleset, size, 0);
}

/* A directory that is not there cannot be read anyway. */
static bool allow(int ruleset, const char *directory)
{
	__attribute__((cleanup(file_close_fd))) int fd = open(directory,
			O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return true;
	const struct landlock_path_beneath_attr below = {
			.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
			.parent_fd = fd,
	};
	return syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &below, 0) == 0;
}

bool sandbox_restrict_files(const struct sandbox_files *files, struct error *err)
{
	unsigned found = version();
	if (!found)
		return true;
	__attribute__((cleanup(file_close_fd))) int ruleset = create_ruleset(found);
	bool good = ruleset >= 0;
	for (size_t i = 0; good && files && i < files->count; i++)
		good = allow(ruleset, files->directories[i]);
	if (good && syscall(SYS_landlock_restrict_self, ruleset, 0) == 0)
		return true;
	return error_fail(err, "the sandbox cannot be entered: Landlock: %s", strerror(errno));
}
