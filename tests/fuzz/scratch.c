#include "tests/fuzz/scratch.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "tests/fuzz/property.h"

static char directory[64];

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static void remove_all(void)
{
	(void)nftw(directory, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const char *scratch_directory(void)
{
	if (*directory)
		return directory;
	const char *where = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp";
	(void)snprintf(directory, sizeof directory, "%s/headroom-fuzz-XXXXXX", where);
	demand(mkdtemp(directory) != NULL, "a directory of its own", directory);
	(void)atexit(remove_all);
	return directory;
}

void scratch_write(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	demand(fd >= 0 && file_write_all(fd, bytes, size), "a file can be written", path);
	(void)close(fd);
}
