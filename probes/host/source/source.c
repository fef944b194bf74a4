/* Opening and bounded reading below a root directory, live or snapshot. In a snapshot, and below
 * --host-root, the kernel resolves symbolic links inside the tree (openat2, RESOLVE_IN_ROOT); where
 * that call is missing, a snapshot's are refused. */
#include "probes/host/source/source.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/array.h"
#include "base/list.h"
#include "base/memory.h"
#include "base/os/file.h"
#include "base/os/open.h"
#include "base/sort.h"
#include "base/text.h"
#include "probes/host/source/first_release.h"
#include "probes/host/source/manifest.h"
#include "probes/host/source/record.h"

enum {
	FIRST_BUFFER = 16 * 1024,
	LINES_BUFFER = 256 * 1024,
	LINE_MAX_BYTES = 4096,
	PATH_BYTES = 1024
};

/* What it means that a snapshot lacks a file. */
enum lack {
	LACK_NOT_COLLECTED,    /* what did not exist is in MANIFEST */
	LACK_BY_FIRST_RELEASE, /* what 0.1 read did not exist; the rest it did not read */
	LACK_IN_IMAGE,         /* it is all there is */
};

struct source {
	struct arena *arena;
	int root_fd;
	int files_fd; /* live: what is not the kernel's lies below this directory; -1: below root_fd */
	bool groups_below; /* the control groups, too: the node's are mounted there */
	bool live;
	int pid; /* the vantage process; 0: this one */
	char *buffer;
	size_t buffer_size;
	enum lack lack;
	struct record record;
	struct manifest manifest; /* of the snapshot that is read, or of the one that is recorded */
};

static struct source *source_new(struct arena *arena, int root_fd)
{
	struct source *source = arena_alloc(arena, sizeof *source);
	*source = (struct source){
			.arena = arena,
			.root_fd = root_fd,
			.files_fd = -1,
			.record = RECORD_NONE,
	};
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
	if (pid > 0 && !source_exists(source, "proc/self/status")) {
		error_set(err, "--pid %d: no such process (or /proc hides it)", pid);
		source_close(source);
		return NULL;
	}
	return source;
}

/* Did a collector of 0.2 make the tree? Both ORIGIN and MANIFEST say so: one may be lost. */
static bool origin_says_second(struct source *source)
{
	static const char line[] = "\n" SOURCE_ORIGIN_LINE "\n";
	const char *text;
	size_t length;
	if (source_read_bytes(source, "ORIGIN", &text, &length) != 0)
		return false;
	return strstr(text, line) != NULL;
}

static bool means_lacking(int error)
{
	return error == ENOENT || error == ENOTDIR;
}

/* Every collector writes both ORIGIN and MANIFEST. Without its MANIFEST a tree does not say what
 * could not be read, so that nothing in it is known to be absent. */
static void source_read_manifest(struct source *source)
{
	const char *text;
	size_t length;
	bool has_origin = source_exists(source, "ORIGIN");
	source->lack = LACK_BY_FIRST_RELEASE;
	int error = source_read_bytes(source, "MANIFEST", &text, &length);
	bool lacks = means_lacking(error) || error == SOURCE_NOT_COLLECTED;
	if (error == 0)
		manifest_read(&source->manifest, source->arena, text, length);
	else if (has_origin || !lacks)
		source->lack = LACK_NOT_COLLECTED;
	if (source->manifest.names_absent || origin_says_second(source))
		source->lack = LACK_NOT_COLLECTED;
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
				"%.300s: not a snapshot: it contains neither proc/ nor ORIGIN (headroom facts "
				"--snapshot DIR makes one)",
				dir);
		source_close(source);
		return NULL;
	}
	source_read_manifest(source);
	return source;
}

struct source *source_image(struct arena *arena, const char *dir, struct error *err)
{
	int root_fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0) {
		error_set(err, "%.300s: %s", dir, strerror(errno));
		return NULL;
	}
	struct source *source = source_new(arena, root_fd);
	source->lack = LACK_IN_IMAGE;
	return source;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	file_close_fd(&source->root_fd);
	file_close_fd(&source->files_fd);
	free(source->buffer);
	source->buffer = NULL;
	source->root_fd = -1;
	source->files_fd = -1;
}

bool source_is_live(const struct source *source)
{
	return source->live;
}

bool source_is_of_first_release(const struct source *source)
{
	return !source->live && source->lack == LACK_BY_FIRST_RELEASE;
}

void source_record_to(struct source *source, int directory_fd)
{
	assert(directory_fd >= 0);
	source->record.directory_fd = directory_fd;
}

bool source_keeps(const struct source *source)
{
	return record_is_on(&source->record);
}

void source_keep(struct source *source, const char *path, const char *bytes, size_t length)
{
	record_file(&source->record, path, bytes, length);
}

void source_keep_error(struct source *source, const char *path, int error)
{
	bool says_nothing = error == SOURCE_NOT_COLLECTED;
	if (source->record.directory_fd >= 0 && !says_nothing)
		manifest_add(&source->manifest, source->arena, path, error);
}

int source_manifest_error(const struct source *source, const char *path)
{
	return manifest_error(&source->manifest, path);
}

bool source_finish_record(struct source *source, struct error *err)
{
	struct text text = {0};
	manifest_print(&source->manifest, &text);
	source_keep(source, "MANIFEST", text_string(&text), text.length);
	text_release(&text);
	int error = source->record.error;
	if (error)
		return error_set(err, "the snapshot could not be written: %s", strerror(error));
	return true;
}

void source_of_nobody(struct source *source)
{
	source->pid = SOURCE_NO_PROCESS;
}

/* A file of a process that does not run. The mounts are those of the machine. */
static bool is_of_nobody(const struct source *source, const char *path)
{
	static const char mounts[] = "proc/self/mountinfo";
	if (source->pid != SOURCE_NO_PROCESS || strcmp(path, mounts) == 0)
		return false;
	return text_begins_with(path, "proc/self/");
}

/* The path of "proc/self/x" and "proc/net/x" for the vantage process. */
static const char *real_path(const struct source *source, const char *path, char out[PATH_BYTES])
{
	if (!source->live || source->pid <= 0)
		return path;
	if (text_begins_with(path, "proc/self/"))
		(void)snprintf(out, PATH_BYTES, "proc/%d/%s", source->pid, path + 10);
	else if (text_begins_with(path, "proc/net/"))
		(void)snprintf(out, PATH_BYTES, "proc/%d/net/%s", source->pid, path + 9);
	else
		return path;
	return out;
}

/* Opens one component and never a symbolic link, which counts as absent. Closes `directory`. */
static int open_component(int directory, const char *start, size_t length, int flags)
{
	char name[256];
	int fd = -1, error = 0;
	bool up = length == 2 && text_begins_with(start, "..");
	if (length >= sizeof name) {
		error = ENAMETOOLONG;
	} else if (length == 0 || up) {
		error = ENOENT;
	} else {
		memcpy(name, start, length);
		name[length] = '\0';
		fd = openat(directory, name, flags | O_NOFOLLOW | O_CLOEXEC);
		error = errno;
	}
	close(directory);
	if (error == ELOOP)
		error = ENOENT;
	errno = error;
	return fd;
}

/* What openat2 does, for kernels without it: opens one component after the other. */
static int open_components(int root_fd, const char *path, int flags)
{
	int fd = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
	size_t length = strcspn(path, "/");
	while (fd >= 0 && path[length] == '/') {
		fd = open_component(fd, path, length, O_PATH | O_DIRECTORY);
		path += length + 1;
		length = strcspn(path, "/");
	}
	if (fd < 0)
		return -1;
	return open_component(fd, path, length, flags);
}

static int open_in_tree(int root_fd, const char *path, int flags)
{
	int fd = open_in_root(root_fd, path, flags);
	bool refused = errno == ENOSYS || errno == EPERM;
	if (fd < 0 && refused)
		return open_components(root_fd, path, flags);
	return fd;
}

static bool is_file_or_directory(int fd)
{
	struct stat status;
	if (fstat(fd, &status) != 0)
		return false;
	return S_ISREG(status.st_mode) || S_ISDIR(status.st_mode);
}

/* A link of an image may lead to where this machine's own kernel is mounted below it. */
static bool is_of_this_kernel(int fd)
{
	struct statfs status;
	if (fstatfs(fd, &status) != 0)
		return true;
	return status.f_type == PROC_SUPER_MAGIC || status.f_type == SYSFS_MAGIC;
}

/* What an image says nothing about; 0: it does. */
static int image_error(const char *path)
{
	static const char *const of_a_kernel[] = {"proc/", "sys/", "dev/"};
	for (size_t i = 0; i < COUNT_OF(of_a_kernel); i++) {
		if (text_begins_with(path, of_a_kernel[i]))
			return SOURCE_NOT_COLLECTED;
	}
	if (text_begins_with(path, "run/"))
		return ENOENT;
	return 0;
}

/* Why nothing is looked for in the tree; 0: it is. */
static int tree_error(const struct source *source, const char *path)
{
	if (source->lack == LACK_IN_IMAGE)
		return image_error(path);
	return source_manifest_error(source, path);
}

/* The error for a file that the tree does not have. */
static int lack_error(const struct source *source, const char *path)
{
	int named = tree_error(source, path);
	if (named)
		return named;
	if (source->lack == LACK_IN_IMAGE)
		return ENOENT;
	bool all_named = source->lack == LACK_BY_FIRST_RELEASE && !source->manifest.cut;
	if (all_named && first_release_read(path))
		return ENOENT;
	return SOURCE_NOT_COLLECTED;
}

/* A snapshot holds regular files and directories only: a FIFO or a device in it must not block or
 * act. */
static int open_in_snapshot(struct source *source, const char *path, int flags)
{
	bool image = source->lack == LACK_IN_IMAGE;
	int error = tree_error(source, path);
	if (is_of_nobody(source, path))
		error = ENODATA;
	if (error) {
		errno = error;
		return -1;
	}
	int fd = open_in_tree(source->root_fd, path, flags | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 && means_lacking(errno))
		errno = lack_error(source, path);
	if (fd < 0)
		return fd;
	if (is_file_or_directory(fd) && !(image && is_of_this_kernel(fd)))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* Closes what is neither a file nor a directory; -1 with EINVAL. -1 stays -1. */
static int only_plain(int fd)
{
	if (fd < 0 || is_file_or_directory(fd))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

/* What the kernel itself makes is neither a FIFO nor a device, and is opened thousands of times. */
static bool is_made_by_kernel(const char *path)
{
	return text_begins_with(path, "proc/") || text_begins_with(path, "sys/");
}

/* Is it one of the files that source_files_below() has moved? */
static bool is_below(const struct source *source, const char *path)
{
	if (source->groups_below && text_begins_with(path, "sys/fs/cgroup/"))
		return true;
	if (source->files_fd < 0 || is_made_by_kernel(path))
		return false;
	return strcmp(path, "proc") != 0;
}

/* A link may lead to where the kernel of the node is mounted below it, and no further. */
static int open_of_node(const struct source *source, const char *path, int flags)
{
	flags |= O_NONBLOCK | O_NOCTTY;
	int fd = only_plain(open_in_root(source->files_fd, path, flags));
	if (fd < 0 || !is_of_this_kernel(fd))
		return fd;
	close(fd);
	errno = EINVAL;
	return -1;
}

static bool is_in_tree(int root_fd, const char *path)
{
	__attribute__((cleanup(file_close_fd))) int fd = open_in_tree(root_fd, path, O_PATH);
	return fd >= 0;
}

/* The control groups of all, as the node has mounted them: in v1 each controller has a directory.
 */
static bool has_groups(int files_fd)
{
	static const char *const files[] = {"sys/fs/cgroup/cgroup.procs",
			"sys/fs/cgroup/pids/cgroup.procs"};
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		if (is_in_tree(files_fd, files[i]))
			return true;
	}
	return false;
}

bool source_has_node_groups(const struct source *source)
{
	return source->groups_below;
}

/* Which kernels and which sandboxes lack openat2(2) shows before anything is read: a link that is
 * not followed would look like a file that sets nothing. */
bool source_files_below(struct source *source, const char *dir, struct error *err)
{
	assert(source->live && source->files_fd < 0);
	source->files_fd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (source->files_fd < 0)
		return error_set(err, "--host-root %.300s: %s", dir, strerror(errno));
	__attribute__((cleanup(file_close_fd))) int etc =
			open_in_root(source->files_fd, "etc", O_PATH | O_DIRECTORY);
	if (etc >= 0) {
		source->groups_below = has_groups(source->files_fd);
		return true;
	}
	if (means_lacking(errno))
		return error_set(err,
				"--host-root %.300s: not the root directory of a machine: it has no etc/ "
				"(podman run -v /:/host:ro … makes it /host)",
				dir);
	return error_set(err,
			"--host-root %.300s: links below it cannot be followed safely: openat2: %s; it needs "
			"Linux 5.6 and a container that may call it",
			dir,
			strerror(errno));
}

int source_open(struct source *source, const char *path, int flags)
{
	char buffer[PATH_BYTES];
	if (!source->live)
		return open_in_snapshot(source, path, flags);
	if (is_of_nobody(source, path)) {
		errno = ENODATA;
		return -1;
	}
	if (is_below(source, path))
		return open_of_node(source, path, flags);
	const char *real = real_path(source, path, buffer);
	flags |= O_CLOEXEC | O_NOCTTY;
	if (is_made_by_kernel(path))
		return openat(source->root_fd, real, flags);
	return only_plain(openat(source->root_fd, real, flags | O_NONBLOCK));
}

/* A container may have a link or a FIFO there. */
static int source_open_in_root(struct source *source, const char *path)
{
	char root[PATH_BYTES];
	bool first = source->files_fd >= 0 && source->pid == 1;
	if (!source->live || source->pid == 0 || first)
		return source_open(source, path, O_RDONLY);
	(void)snprintf(root, sizeof root, "proc/%d/root", source->pid);
	int root_fd = openat(source->root_fd, root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (root_fd < 0)
		return -1;
	int fd = open_in_tree(root_fd, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
	int error = errno;
	close(root_fd);
	errno = error;
	return only_plain(fd);
}

static void grow_buffer(struct source *source, size_t size)
{
	if (source->buffer_size >= size)
		return;
	source->buffer = memory_resize(source->buffer, size);
	source->buffer_size = size;
}

/* Files that the kernel hands over in one read, if the buffer is large enough: another read to see
 * their end would be a system call for nothing. In a snapshot they are small files, which do the
 * same. Files with records do not come whole (fs/seq_file.c). */
static bool comes_whole(const char *path)
{
	if (text_begins_with(path, "proc/sys/"))
		return true;
	return text_ends_with(path, "/comm");
}

/* Reads up to `most` bytes into the buffer behind `length` and returns how many; 0 is the end. -1
 * with errno. */
static ssize_t source_read_more(struct source *source, int fd, size_t length, size_t most)
{
	ssize_t got;
	do {
		got = read(fd, source->buffer + length, most);
	} while (got < 0 && errno == EINTR);
	return got;
}

/* Fills the buffer with at most `max` bytes; EFBIG when there is more. */
static int source_fill(struct source *source, int fd, bool whole, size_t max, size_t *ret_length)
{
	size_t length = 0, asked = 0;
	ssize_t got;
	bool ended = false;
	while (!ended && length <= max) {
		grow_buffer(source, length + FIRST_BUFFER);
		asked = source->buffer_size - 1 - length;
		if (asked > max + 1 - length)
			asked = max + 1 - length;
		got = source_read_more(source, fd, length, asked);
		if (got < 0)
			return errno;
		length += (size_t)got;
		ended = got == 0 || (whole && (size_t)got < asked);
	}
	int error = 0;
	if (length > max) {
		length = max;
		error = EFBIG;
	}
	source->buffer[length] = '\0';
	*ret_length = length;
	return error;
}

/* Reads what was opened; -1: errno says why it was not. */
static int read_opened(struct source *source,
		int fd,
		bool whole,
		size_t max,
		const char **ret_text,
		size_t *ret_length)
{
	*ret_text = "";
	*ret_length = 0;
	if (fd < 0)
		return errno;
	int error = source_fill(source, fd, whole, max, ret_length);
	if (error == 0 || error == EFBIG)
		*ret_text = source->buffer;
	return error;
}

static int read_into(struct source *source,
		const char *path,
		size_t max,
		const char **ret_text,
		size_t *ret_length)
{
	__attribute__((cleanup(file_close_fd))) int fd = source_open(source, path, O_RDONLY);
	bool whole = comes_whole(path);
	return read_opened(source, fd, whole, max, ret_text, ret_length);
}

int source_read_bytes(struct source *source,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length)
{
	return read_into(source, path, SOURCE_FILE_MAX, ret_bytes, ret_length);
}

/* A text has no NUL byte. */
static int keep_text(struct source *source,
		const char *path,
		int error,
		const char *text,
		size_t length)
{
	if (error) {
		source_keep_error(source, path, error);
		return error;
	}
	source_keep(source, path, text, length);
	if (memchr(text, '\0', length))
		return EILSEQ;
	return 0;
}

int source_read(struct source *source, const char *path, const char **ret_text, size_t *ret_length)
{
	int error = source_read_bytes(source, path, ret_text, ret_length);
	return keep_text(source, path, error, *ret_text, *ret_length);
}

int source_read_in_root(struct source *source,
		const char *path,
		const char **ret_text,
		size_t *ret_length)
{
	__attribute__((cleanup(file_close_fd))) int fd = source_open_in_root(source, path);
	int error = read_opened(source, fd, false, SOURCE_FILE_MAX, ret_text, ret_length);
	return keep_text(source, path, error, *ret_text, *ret_length);
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
	if (error)
		source_keep_error(source, path, error);
	else
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
	while (length - start >= LINE_MAX_BYTES) {
		char *piece = buffer + start;
		char kept = piece[LINE_MAX_BYTES - 1];
		piece[LINE_MAX_BYTES - 1] = '\0';
		each(context, piece);
		piece[LINE_MAX_BYTES - 1] = kept;
		start += LINE_MAX_BYTES - 1;
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
	grow_buffer(source, LINES_BUFFER);
	size_t length = 0, all = 0;
	ssize_t got;
	do {
		size_t room = source->buffer_size - 1 - length;
		assert(room > 0); /* what hand_over leaves is shorter than a line may be */
		got = source_read_more(source, fd, length, room);
		if (got < 0)
			return errno;
		all += (size_t)got;
		if (all > SOURCE_LINES_MAX)
			return EFBIG;
		length = hand_over(source->buffer, length + (size_t)got, each, context);
	} while (got > 0);
	source->buffer[length] = '\0';
	if (length > 0)
		each(context, source->buffer);
	return 0;
}

/* NULL with the errno in *ret_error. */
static DIR *source_open_directory(struct source *source, const char *path, int *ret_error)
{
	int fd = source_open(source, path, O_RDONLY | O_DIRECTORY);
	*ret_error = errno;
	if (fd < 0)
		return NULL;
	DIR *directory = file_read_directory(fd);
	if (!directory) {
		*ret_error = errno;
		close(fd);
	}
	return directory;
}

static bool is_dot_entry(const char *name)
{
	return strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
}

int source_list(struct source *source,
		const char *path,
		const char *const **ret_names,
		size_t *ret_count,
		bool *ret_more)
{
	int error;
	*ret_count = 0;
	__attribute__((cleanup(file_close_directory)))
	DIR *directory = source_open_directory(source, path, &error);
	if (!directory) {
		source_keep_error(source, path, error);
		return error;
	}
	struct name_list names = {0};
	bool more = false;
	record_directory(&source->record, path);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (is_dot_entry(entry->d_name))
			continue;
		more = names.count == SOURCE_NAMES_MAX;
		if (more)
			break;
		name_list_append(source->arena, &names, arena_strdup(source->arena, entry->d_name));
	}
	sort_names(names.items, names.count);
	*ret_names = names.items;
	*ret_count = names.count;
	if (ret_more)
		*ret_more = more;
	return 0;
}

/* A process id has digits only and no leading zero. 0: it is none. The largest is PID_MAX_LIMIT,
 * 4,194,304 (include/linux/threads.h). */
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
	int error;
	*ret_count = 0;
	*ret_more = false;
	__attribute__((cleanup(file_close_directory)))
	DIR *directory = source_open_directory(source, "proc", &error);
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

/* What the link of this descriptor says. readlinkat(2): an empty path on something that is no link
 * is ENOENT. */
static ssize_t link_of(int fd, char *target)
{
	if (fd < 0)
		return -1;
	ssize_t length = readlinkat(fd, "", target, SOURCE_LINK_MAX - 1);
	if (length < 0 && errno == ENOENT)
		errno = EINVAL;
	return length;
}

static ssize_t link_in_snapshot(const struct source *source, const char *path, char *target)
{
	if (source->lack == LACK_IN_IMAGE && image_error(path)) {
		errno = ENOENT;
		return -1;
	}
	if (is_of_nobody(source, path)) {
		errno = ENODATA;
		return -1;
	}
	__attribute__((cleanup(file_close_fd))) int fd = open_components(source->root_fd, path, O_PATH);
	return link_of(fd, target);
}

static ssize_t link_below(const struct source *source, const char *path, char *target)
{
	__attribute__((cleanup(file_close_fd))) int fd =
			open_in_root(source->files_fd, path, O_PATH | O_NOFOLLOW);
	return link_of(fd, target);
}

static ssize_t link_of_machine(const struct source *source, const char *path, char *target)
{
	char buffer[PATH_BYTES];
	if (is_of_nobody(source, path)) {
		errno = ENODATA;
		return -1;
	}
	if (is_below(source, path))
		return link_below(source, path, target);
	const char *real = real_path(source, path, buffer);
	return readlinkat(source->root_fd, real, target, SOURCE_LINK_MAX - 1);
}

int source_link(struct source *source, const char *path, char target[SOURCE_LINK_MAX])
{
	ssize_t length;
	if (source->live)
		length = link_of_machine(source, path, target);
	else
		length = link_in_snapshot(source, path, target);
	if (length < 0) {
		int error = errno;
		if (!source->live && means_lacking(error))
			error = lack_error(source, path);
		if (error != EINVAL) /* it is no link, and may be read */
			source_keep_error(source, path, error);
		return error;
	}
	target[length] = '\0';
	record_link(&source->record, path, target);
	return 0;
}

bool source_size(struct source *source, const char *path, double *ret_bytes)
{
	struct stat status;
	assert(source->live);
	if (fstatat(source->root_fd, path, &status, 0) != 0)
		return false;
	*ret_bytes = (double)status.st_size;
	return true;
}

bool source_size_is_zero(struct source *source, const char *path)
{
	double bytes;
	return source_size(source, path, &bytes) && bytes == 0;
}

int source_look(struct source *source, const char *path)
{
	if (source_exists(source, path))
		return 0;
	if (source->live)
		return ENOENT;
	return lack_error(source, path);
}

bool source_exists(struct source *source, const char *path)
{
	char buffer[PATH_BYTES];
	if (is_of_nobody(source, path))
		return false;
	if (is_below(source, path))
		return is_in_tree(source->files_fd, path);
	if (source->live)
		return faccessat(source->root_fd, real_path(source, path, buffer), F_OK, 0) == 0;
	if (source->lack == LACK_IN_IMAGE && image_error(path))
		return false;
	return is_in_tree(source->root_fd, path);
}

const char *source_where(struct source *source, const char *path)
{
	char buffer[PATH_BYTES];
	return arena_printf(source->arena, "/%s", real_path(source, path, buffer));
}
