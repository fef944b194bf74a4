#include "audit/run/program.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/os/file.h"

enum {
	PART_BYTES = 1 << 20
};

/* From `from` on, at most a MiB. */
static bool program_add_part(int fd, off_t from, struct sha256 *hash)
{
	char buffer[16384];
	size_t left = PART_BYTES;
	while (left > 0) {
		size_t wanted = sizeof buffer;
		if (left < wanted)
			wanted = left;
		ssize_t got = pread(fd, buffer, wanted, from);
		if (got < 0)
			return false;
		if (got == 0)
			return true;
		sha256_add(hash, buffer, (size_t)got);
		from += got;
		left -= (size_t)got;
	}
	return true;
}

static bool program_hash(int fd, off_t size, struct sha256 *hash)
{
	char text[32];
	size_t length = 0;
	for (off_t rest = size; rest > 0; rest /= 10)
		text[length++] = (char)('0' + rest % 10);
	text[length++] = '\n';
	sha256_add(hash, text, length);
	if (!program_add_part(fd, 0, hash))
		return false;
	return size <= PART_BYTES || program_add_part(fd, size - PART_BYTES, hash);
}

const char *program_file_digest(struct arena *arena, const char *path)
{
	struct stat status;
	struct sha256 hash;
	unsigned char digest[SHA256_BYTES];
	__attribute__((cleanup(file_close_fd))) int fd = open(path,
			O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0 || fstat(fd, &status) != 0 || !S_ISREG(status.st_mode))
		return NULL;
	sha256_init(&hash);
	if (!program_hash(fd, status.st_size, &hash))
		return NULL;
	sha256_finish(&hash, digest);
	return hex_encode(digest, sizeof digest, arena_alloc(arena, SHA256_HEX_MAX));
}

const char *program_open_file_digest(struct arena *arena, const char *path)
{
	struct stat status;
	if (stat(path, &status) != 0 || !(status.st_mode & S_IROTH))
		return NULL;
	return program_file_digest(arena, path);
}

const char *program_digest(struct arena *arena, const char *word)
{
	const char *path = getenv("PATH");
	if (strchr(word, '/'))
		return program_file_digest(arena, word);
	if (!path)
		path = "/bin:/usr/bin";
	char *rest = arena_strdup(arena, path);
	for (char *directory; (directory = strsep(&rest, ":"));) {
		if (!*directory)
			directory = ".";
		const char *file = arena_printf(arena, "%s/%s", directory, word);
		if (access(file, X_OK) != 0)
			continue;
		const char *digest = program_file_digest(arena, file);
		if (digest)
			return digest;
	}
	return NULL;
}
