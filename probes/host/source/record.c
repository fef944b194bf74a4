/* Files are made below the root one component at a time, and no symbolic link is followed. */
#include "probes/host/source/record.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"

bool record_is_on(const struct record *record)
{
	return record->directory_fd >= 0 && record->error == 0;
}

/* Opens the directory `name` in `fd`, and makes it if it is missing. */
static int record_open_directory(int fd, const char *name)
{
	if (mkdirat(fd, name, 0755) != 0 && errno != EEXIST)
		return -1;
	return openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The same for a name that is not terminated. Closes `fd`. */
static int record_descend(int fd, const char *start, size_t length)
{
	char name[256];
	int next = -1;
	if (length < sizeof name) {
		memcpy(name, start, length);
		name[length] = '\0';
		next = record_open_directory(fd, name);
	} else {
		errno = ENAMETOOLONG;
	}
	file_close_fd(&fd);
	return next;
}

/* An fd of the directory that is to hold `path`, made where missing. *ret_name is the last
 * component. */
static int make_parents(int root_fd, const char *path, const char **ret_name)
{
	int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	const char *slash = strchr(path, '/');
	while (fd >= 0 && slash) {
		size_t length = (size_t)(slash - path);
		if (length > 0)
			fd = record_descend(fd, path, length);
		path = slash + 1;
		slash = strchr(path, '/');
	}
	*ret_name = path;
	return fd;
}

static int record_create(int root_fd, const char *path)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	const char *name;
	int directory = make_parents(root_fd, path, &name);
	if (directory < 0)
		return -1;
	int fd = openat(directory, name, flags, 0644);
	file_close_fd(&directory);
	return fd;
}

void record_file(struct record *record, const char *path, const char *bytes, size_t length)
{
	if (!record_is_on(record))
		return;
	int fd = record_create(record->directory_fd, path);
	if (fd < 0) {
		if (errno != EEXIST) /* a file that is read twice: the first copy stays */
			record->error = errno;
		return;
	}
	if (!file_write_all(fd, bytes, length))
		record->error = errno;
	close(fd);
}

/* So that an empty one is not taken for one that nobody looked into. */
void record_directory(struct record *record, const char *path)
{
	const char *name;
	if (!record_is_on(record))
		return;
	int parent = make_parents(record->directory_fd, path, &name);
	int fd = -1;
	if (parent >= 0)
		fd = record_open_directory(parent, name);
	if (fd < 0)
		record->error = errno;
	file_close_fd(&fd);
	file_close_fd(&parent);
}

void record_link(struct record *record, const char *path, const char *target)
{
	const char *name;
	if (!record_is_on(record))
		return;
	int directory = make_parents(record->directory_fd, path, &name);
	if (directory < 0) {
		record->error = errno;
		return;
	}
	if (symlinkat(target, directory, name) != 0 && errno != EEXIST)
		record->error = errno;
	close(directory);
}
