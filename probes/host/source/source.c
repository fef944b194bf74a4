/* Opening and bounded reading below a root directory, live or snapshot. In a snapshot symbolic
 * links are resolved inside the tree by the kernel (openat2, RESOLVE_IN_ROOT); where that call is
 * missing they are refused. The keeping of copies is in record.c. */
#include "probes/host/source/source.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/os/file.h"
#include "probes/host/source/private.h"
#include "probes/host/source/record.h"

enum {
	FIRST_BUFFER = 16 * 1024,
	LINE_MAX_BYTES = 4096,
	PATH_BYTES = 1024
};

static struct source *source_new(struct arena *arena, int root_fd)
{
	struct source *source = arena_alloc(arena, sizeof *source);
	*source = (struct source){.arena = arena, .root_fd = root_fd, .record_fd = -1};
	return source;
}

struct source *source_live(struct arena *arena, int pid, struct error *err)
{
	int root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		error_fail(err, "/: %s", strerror(errno));
		return NULL;
	}
	struct source *source = source_new(arena, root_fd);
	source->live = true;
	source->pid = pid;
	if (pid != 0 && !source_exists(source, "proc/self/status")) {
		error_set(err, "--pid %d: no such process (or /proc hides it)", pid);
		source_close(source);
		return NULL;
	}
	return source;
}

struct source *source_snapshot(struct arena *arena, const char *dir, struct error *err)
{
	int root_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		error_set(err, "%.300s: %s", dir, strerror(errno));
		return NULL;
	}
	struct source *source = source_new(arena, root_fd);
	if (!source_exists(source, "proc") && !source_exists(source, "ORIGIN")) {
		error_set(err,
				"%.300s: not a snapshot: it holds neither proc/ nor ORIGIN "
				"(headroom facts --snapshot DIR makes one)",
				dir);
		source_close(source);
		return NULL;
	}
	manifest_read(source);
	return source;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	file_close_fd(&source->root_fd);
	free(source->buffer);
	source->buffer = NULL;
	source->root_fd = -1;
}

bool source_is_live(const struct source *source)
{
	return source->live;
}

/* "proc/self/x" and "proc/net/x" as they are called for the vantage process. */
static const char *real_path(const struct source *source, const char *path, char out[PATH_BYTES])
{
	if (!source->live || source->pid == 0)
		return path;
	if (strncmp(path, "proc/self/", 10) == 0)
		(void)snprintf(out, PATH_BYTES, "proc/%d/%s", source->pid, path + 10);
	else if (strncmp(path, "proc/net/", 9) == 0)
		(void)snprintf(out, PATH_BYTES, "proc/%d/net/%s", source->pid, path + 9);
	else
		return path;
	return out;
}

/* The way without openat2: component after component, no symbolic link anywhere. */
static int open_components(int root_fd, const char *path, int flags)
{
	int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	while (fd >= 0) {
		size_t length = strcspn(path, "/");
		char name[256];
		if (length == 0 || length >= sizeof name ||
				strncmp(path, "..", length > 2 ? length : 2) == 0) {
			close(fd);
			errno = length >= sizeof name ? ENAMETOOLONG : ENOENT;
			return -1;
		}
		memcpy(name, path, length);
		name[length] = '\0';
		bool last = path[length] == '\0';
		int next = openat(fd, name, (last ? flags : O_PATH | O_DIRECTORY) | O_NOFOLLOW | O_CLOEXEC);
		int saved = errno;
		close(fd);
		errno = saved == ELOOP ? ENOENT : saved;
		fd = next;
		if (last)
			break;
		path += length + 1;
	}
	return fd;
}

static int open_in_tree(int root_fd, const char *path, int flags)
{
	struct open_how how = {.flags = (unsigned)(flags | O_CLOEXEC),
			.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS};
	long fd = syscall(SYS_openat2, root_fd, path, &how, sizeof how);
	if (fd >= 0 || (errno != ENOSYS && errno != EPERM))
		return (int)fd;
	return open_components(root_fd, path, flags);
}

/* A snapshot holds regular files and directories only: a FIFO or device in it must not block or
 * act. */
int source_open(struct source *source, const char *path, int flags)
{
	char buffer[PATH_BYTES];
	if (source->live)
		return openat(source->root_fd,
				real_path(source, path, buffer),
				flags | O_CLOEXEC | O_NOCTTY);
	int error = source_manifest_error(source, path);
	if (error) {
		errno = error;
		return -1;
	}
	int fd = open_in_tree(source->root_fd, path, flags | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	if (fd < 0 || (fstat(fd, &status) == 0 && (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static void grow_buffer(struct source *source, size_t size)
{
	if (source->buffer_size >= size)
		return;
	char *grown = realloc(source->buffer, size);
	if (!grown)
		abort();
	source->buffer = grown;
	source->buffer_size = size;
}

/* Files that the kernel hands over in one read, if the buffer is large enough: another read to see
 * their end is a system call for nothing. Not so for those with records (fs/seq_file.c). */
static bool comes_whole(const char *path)
{
	size_t length = strlen(path);
	return strncmp(path, "proc/sys/", 9) == 0 ||
			(length > 5 && strcmp(path + length - 5, "/comm") == 0);
}

/* Fills the buffer with at most `max` bytes; EFBIG when there is more. */
static int source_fill(struct source *source, int fd, bool whole, size_t max, size_t *ret_length)
{
	size_t length = 0;
	for (;;) {
		grow_buffer(source, length + FIRST_BUFFER);
		size_t room = source->buffer_size - 1 - length;
		size_t ask = room < max + 1 - length ? room : max + 1 - length;
		ssize_t got = read(fd, source->buffer + length, ask);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		length += (size_t)got;
		if (got == 0 || length > max || (whole && (size_t)got < ask))
			break;
	}
	bool more = length > max;
	*ret_length = more ? max : length;
	source->buffer[*ret_length] = '\0';
	return more ? EFBIG : 0;
}

static int read_into(struct source *source,
		const char *path,
		size_t max,
		const char **ret_text,
		size_t *ret_length)
{
	__attribute__((cleanup(file_close_fd))) int fd = source_open(source, path, O_RDONLY);
	*ret_text = "";
	*ret_length = 0;
	if (fd < 0)
		return errno;
	int error =
			source_fill(source, fd, source_is_live(source) && comes_whole(path), max, ret_length);
	if (error == 0 || error == EFBIG)
		*ret_text = source->buffer;
	return error;
}

int source_read_bytes(struct source *source,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length)
{
	return read_into(source, path, SOURCE_FILE_MAX, ret_bytes, ret_length);
}

int source_read(struct source *source, const char *path, const char **ret_text, size_t *ret_length)
{
	int error = source_read_bytes(source, path, ret_text, ret_length);
	if (error)
		source_keep_error(source, path, error);
	else
		source_keep(source, path, *ret_text, *ret_length);
	if (error == 0 && memchr(*ret_text, '\0', *ret_length))
		error = EILSEQ;
	return error;
}

int source_read_head(struct source *source,
		const char *path,
		size_t max,
		const char **ret_text,
		size_t *ret_length)
{
	int error = read_into(source, path, max, ret_text, ret_length);
	if (error == EFBIG)
		error = 0;
	if (error == 0)
		source_keep(source, path, *ret_text, *ret_length);
	return error;
}

/* Hands over the whole lines at the start of the buffer; returns the bytes that remain. */
static size_t hand_over(char *buffer,
		size_t length,
		void (*each)(void *context, char *line),
		void *context)
{
	size_t start = 0;
	for (char *end; (end = memchr(buffer + start, '\n', length - start)) != NULL;) {
		*end = '\0';
		each(context, buffer + start);
		start = (size_t)(end - buffer) + 1;
	}
	if (length - start >= LINE_MAX_BYTES) {
		char kept = buffer[start + LINE_MAX_BYTES - 1];
		buffer[start + LINE_MAX_BYTES - 1] = '\0';
		each(context, buffer + start);
		start += LINE_MAX_BYTES - 1;
		buffer[start] = kept;
	}
	memmove(buffer, buffer + start, length - start);
	return length - start;
}

int source_lines(struct source *source,
		const char *path,
		void (*each)(void *context, char *line),
		void *context)
{
	__attribute__((cleanup(file_close_fd))) int fd = source_open(source, path, O_RDONLY);
	if (fd < 0)
		return errno;
	grow_buffer(source, 256 * 1024);
	size_t length = 0;
	for (;;) {
		ssize_t got = read(fd, source->buffer + length, source->buffer_size - 1 - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		if (got == 0)
			break;
		length = hand_over(source->buffer, length + (size_t)got, each, context);
	}
	source->buffer[length] = '\0';
	if (length)
		each(context, source->buffer);
	return 0;
}

static int compare_texts(const void *a, const void *b)
{
	const char *const *left = a, *const *right = b;
	return strcmp(*left, *right);
}

int source_list(struct source *source,
		const char *path,
		const char *const **ret_names,
		size_t *ret_count,
		bool *ret_more)
{
	*ret_count = 0;
	int fd = source_open(source, path, O_RDONLY | O_DIRECTORY);
	int error = errno;
	__attribute__((cleanup(file_close_directory))) DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory) {
		source_keep_error(source, path, error);
		return error;
	}
	const char **names = NULL;
	size_t count = 0, capacity = 0;
	bool more = false;
	for (struct dirent *entry; !more && (entry = readdir(directory)) != NULL;) {
		if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
			continue;
		more = count == SOURCE_NAMES_MAX;
		if (more)
			break;
		names = arena_grow(source->arena, names, count, &capacity, sizeof *names);
		names[count++] = arena_strdup(source->arena, entry->d_name);
	}
	if (count)
		qsort(names, count, sizeof *names, compare_texts);
	*ret_names = names;
	*ret_count = count;
	if (ret_more)
		*ret_more = more;
	return 0;
}

/* A process id: digits only, no leading zero, at most PID_MAX_LIMIT (4,194,304: linux/threads.h).
 */
static int pid_of(const char *name)
{
	size_t digits = strspn(name, "0123456789");
	if (digits == 0 || digits > 7 || name[digits] != '\0' || name[0] == '0')
		return 0;
	return (int)strtol(name, NULL, 10);
}

int source_pids(struct source *source,
		unsigned max,
		const int **ret_pids,
		size_t *ret_count,
		bool *ret_more)
{
	*ret_count = 0;
	*ret_more = false;
	int fd = source_open(source, "proc", O_RDONLY | O_DIRECTORY);
	int error = errno;
	__attribute__((cleanup(file_close_directory))) DIR *directory = fd < 0 ? NULL : fdopendir(fd);
	if (!directory)
		return error;
	int *pids = NULL;
	size_t count = 0, capacity = 0;
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		int pid = pid_of(entry->d_name);
		if (pid == 0)
			continue;
		*ret_more = count == max;
		if (*ret_more)
			break;
		pids = arena_grow(source->arena, pids, count, &capacity, sizeof *pids);
		pids[count++] = pid;
	}
	*ret_pids = pids;
	*ret_count = count;
	return 0;
}

int source_link(struct source *source, const char *path, char target[SOURCE_LINK_MAX])
{
	char buffer[PATH_BYTES];
	ssize_t length;
	if (source->live) {
		length = readlinkat(source->root_fd,
				real_path(source, path, buffer),
				target,
				SOURCE_LINK_MAX - 1);
	} else {
		__attribute__((
				cleanup(file_close_fd))) int fd = open_components(source->root_fd, path, O_PATH);
		length = fd < 0 ? -1 : readlinkat(fd, "", target, SOURCE_LINK_MAX - 1);
		if (fd >= 0 && length < 0 && errno == ENOENT)
			errno = EINVAL; /* readlinkat(2): an empty path on something that is no link */
	}
	if (length < 0)
		return errno;
	target[length] = '\0';
	if (source->live)
		record_link(source, path, target);
	return 0;
}

bool source_exists(struct source *source, const char *path)
{
	char buffer[PATH_BYTES];
	if (source->live)
		return faccessat(source->root_fd, real_path(source, path, buffer), F_OK, 0) == 0;
	__attribute__((cleanup(file_close_fd))) int fd = open_in_tree(source->root_fd, path, O_PATH);
	return fd >= 0;
}

const char *source_where(struct source *source, const char *path)
{
	char buffer[PATH_BYTES];
	return arena_printf(source->arena, "/%s", real_path(source, path, buffer));
}
