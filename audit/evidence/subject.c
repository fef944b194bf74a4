#include "audit/evidence/subject.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/os/open.h"
#include "base/text.h"

/* Reports have a tenth of a MiB. */
static const off_t subject_bytes_max = (off_t)1 << 30;

bool subject_place_open(struct arena *arena,
		const char *path,
		struct subject_place *ret_place,
		struct error *err)
{
	const char *slash = strrchr(path, '/');
	const char *directory = ".";
	*ret_place = (struct subject_place){.path = path, .name = path};
	if (slash) {
		size_t length = (size_t)(slash - path) + 1;
		directory = arena_copy(arena, path, length);
		ret_place->name = slash + 1;
	}
	ret_place->directory = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (ret_place->directory >= 0)
		return true;
	return error_set(err, "%.200s: %s", path, strerror(errno));
}

bool subject_same_directory(const struct subject_place *a, const struct subject_place *b)
{
	struct stat of_a, of_b;
	if (fstat(a->directory, &of_a) != 0)
		return false;
	if (fstat(b->directory, &of_b) != 0)
		return false;
	return of_a.st_dev == of_b.st_dev && of_a.st_ino == of_b.st_ino;
}

bool subject_is_name(const char *name)
{
	size_t length = strlen(name);
	if (length == 0 || length > SUBJECT_NAME_MAX)
		return false;
	if (*name == '.' || *name == '-')
		return false;
	for (const char *at = name; *at; at++) {
		unsigned char byte = (unsigned char)*at;
		if (byte < ' ' || byte == 0x7f)
			return false;
		if (byte == '/' || byte == '\\')
			return false;
	}
	return text_is_utf8(name, length);
}

const struct signed_file *subject_find(const struct subjects *subjects, const char *name)
{
	for (size_t i = 0; i < subjects->count; i++) {
		const struct signed_file *subject = &subjects->items[i];
		if (strcmp(subject->name, name) == 0)
			return subject;
	}
	return NULL;
}

static bool subject_hash(int fd, struct sha256 *hash)
{
	char buffer[65536];
	off_t left = subject_bytes_max;
	while (left > 0) {
		ssize_t got = read(fd, buffer, sizeof buffer);
		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			return got == 0;
		sha256_add(hash, buffer, (size_t)got);
		left -= got;
	}
	errno = EFBIG;
	return false;
}

bool subject_digest(int directory,
		const char *name,
		char ret_digest[SHA256_HEX_MAX],
		struct error *err)
{
	struct stat status;
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	const char *why;
	__attribute__((cleanup(file_close_fd))) int fd = open_below(directory, name, &why);
	if (fd < 0)
		return error_set(err, "%.200s: %s", name, why);
	if (fstat(fd, &status) != 0)
		return error_set(err, "%.200s: %s", name, strerror(errno));
	if (status.st_size > subject_bytes_max)
		return error_set(err, "%.200s is larger than 1 GiB", name);
	sha256_init(&hash);
	if (!subject_hash(fd, &hash))
		return error_set(err, "cannot read %.200s: %s", name, strerror(errno));
	sha256_finish(&hash, digest);
	(void)hex_encode(digest, sizeof digest, ret_digest);
	return true;
}
