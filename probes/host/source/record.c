/* The keeping side of a snapshot: copies of files, links, and the MANIFEST. Decides nothing about
 * what is worth keeping or secret; the probes do. */
#include "probes/host/source/record.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/source/private.h"

enum {
	MANIFEST_LINES_MAX = 4096
};

struct errno_name {
	const char *name;
	int number;
};

/* The ones that reading a file can give. */
static const struct errno_name errno_names[] = {
		{"EPERM", EPERM},
		{"ENOENT", ENOENT},
		{"ESRCH", ESRCH},
		{"EIO", EIO},
		{"EACCES", EACCES},
		{"EINVAL", EINVAL},
		{"ENFILE", ENFILE},
		{"EMFILE", EMFILE},
		{"EFBIG", EFBIG},
		{"ELOOP", ELOOP},
		{"ENODEV", ENODEV},
		{"EISDIR", EISDIR},
		{"ENODATA", ENODATA},
		{"EOPNOTSUPP", EOPNOTSUPP},
};
enum {
	ERRNO_NAMES = COUNT_OF(errno_names)
};

static int errno_from_text(const char *text)
{
	for (size_t i = 0; i < ERRNO_NAMES; i++)
		if (strcmp(text, errno_names[i].name) == 0)
			return errno_names[i].number;
	size_t digits = strspn(text, "0123456789");
	int number = digits > 0 && digits <= 4 && !text[digits] ? (int)strtol(text, NULL, 10) : 0;
	return number > 0 ? number : EIO;
}

bool manifest_parse_line(char *line, const char **ret_path, int *ret_error)
{
	line[strcspn(line, "\r\n")] = '\0';
	line += strspn(line, " \t/");
	size_t length = strcspn(line, " \t");
	if (length == 0 || line[0] == '#')
		return false;
	char *rest = line + length;
	if (*rest)
		*rest++ = '\0';
	rest += strspn(rest, " \t");
	rest[strcspn(rest, " \t")] = '\0';
	*ret_path = line;
	*ret_error = errno_from_text(rest);
	return true;
}

static void manifest_add(struct source *source, const char *path, int error)
{
	if (source->manifest_count >= MANIFEST_LINES_MAX || source_manifest_error(source, path))
		return;
	source->manifest = arena_grow(source->arena,
			source->manifest,
			source->manifest_count,
			&source->manifest_capacity,
			sizeof *source->manifest);
	source->manifest[source->manifest_count++] =
			(struct manifest_entry){.path = arena_strdup(source->arena, path), .error = error};
}

void manifest_read(struct source *source)
{
	const char *text;
	size_t length;
	if (source_read_bytes(source, "MANIFEST", &text, &length) != 0)
		return;
	char *copy = arena_copy(source->arena, text, length);
	for (char *line = copy, *next; line; line = next) {
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		const char *path;
		int error;
		if (manifest_parse_line(line, &path, &error))
			manifest_add(source, path, error);
	}
}

int source_manifest_error(const struct source *source, const char *path)
{
	for (size_t i = 0; i < source->manifest_count; i++)
		if (strcmp(source->manifest[i].path, path) == 0)
			return source->manifest[i].error;
	return 0;
}

void source_record_to(struct source *source, int directory_fd)
{
	source->record_fd = directory_fd;
}

/* An fd of the directory that is to hold `path`, made where missing. *ret_name is the last
 * component. */
static int make_parents(int fd, const char *path, const char **ret_name)
{
	fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
	for (const char *slash; fd >= 0 && (slash = strchr(path, '/')) != NULL; path = slash + 1) {
		char name[256];
		size_t length = (size_t)(slash - path);
		if (length == 0)
			continue;
		if (length >= sizeof name) {
			close(fd);
			errno = ENAMETOOLONG;
			return -1;
		}
		memcpy(name, path, length);
		name[length] = '\0';
		int next = mkdirat(fd, name, 0755) == 0 || errno == EEXIST
				? openat(fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
				: -1;
		int saved = errno;
		close(fd);
		errno = saved;
		fd = next;
	}
	*ret_name = path;
	return fd;
}

static bool record_write_all(int fd, const char *bytes, size_t length)
{
	while (length > 0) {
		ssize_t written = write(fd, bytes, length);
		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return false;
		bytes += written;
		length -= (size_t)written;
	}
	return true;
}

bool source_keeps(const struct source *source)
{
	return source->record_fd >= 0 && !source->record_error;
}

void source_keep(struct source *source, const char *path, const char *bytes, size_t length)
{
	if (!source_keeps(source))
		return;
	const char *name;
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	int directory = make_parents(source->record_fd, path, &name);
	int fd = directory < 0 ? -1 : openat(directory, name, flags, 0644);
	if (fd < 0 && errno != EEXIST) /* read twice: the first copy stays */
		source->record_error = errno;
	if (fd >= 0 && !record_write_all(fd, bytes, length))
		source->record_error = errno;
	if (fd >= 0)
		close(fd);
	if (directory >= 0)
		close(directory);
}

void record_link(struct source *source, const char *path, const char *target)
{
	if (source->record_fd < 0 || source->record_error)
		return;
	const char *name;
	int directory = make_parents(source->record_fd, path, &name);
	if (directory < 0 || (symlinkat(target, directory, name) != 0 && errno != EEXIST))
		source->record_error = errno;
	if (directory >= 0)
		close(directory);
}

void source_keep_error(struct source *source, const char *path, int error)
{
	if (source->record_fd >= 0 && error != ENOENT && error != ENOTDIR && error != ESRCH)
		manifest_add(source, path, error);
}

bool source_finish_record(struct source *source, struct error *err)
{
	struct text manifest = {0};
	for (size_t i = 0; i < source->manifest_count; i++) {
		const char *name = NULL;
		for (size_t j = 0; j < ERRNO_NAMES; j++)
			if (errno_names[j].number == source->manifest[i].error)
				name = errno_names[j].name;
		if (name)
			text_addf(&manifest, "%s\t%s\n", source->manifest[i].path, name);
		else
			text_addf(&manifest, "%s\t%d\n", source->manifest[i].path, source->manifest[i].error);
	}
	source_keep(source, "MANIFEST", manifest.data ? manifest.data : "", manifest.length);
	text_release(&manifest);
	if (source->record_error)
		return error_set(err,
				"the snapshot could not be written: %s",
				strerror(source->record_error));
	return true;
}
