/* headroom-import untar: libarchive reads the tar file inside the sandbox. Names are passed on as
 * they are; whoever unpacks them checks them. */
#include "report/helper/untar.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/os/file.h"
#include "base/text.h"
#include "report/helper/sandbox.h"

enum {
	BLOCK_BYTES = 64 * 1024,
	HEAD_BYTES = 64
};

struct untar {
	struct archive *archive;
	int input, output;
	char block[BLOCK_BYTES]; /* of the input */
	size_t members, bytes;
	struct text content;
	struct error *err;
};

static bool untar_write(const struct untar *untar, const void *bytes, size_t length)
{
	if (file_write_all(untar->output, bytes, length))
		return true;
	return error_fail(untar->err, "cannot be written: %s", strerror(errno));
}

static bool write_frame(const struct untar *untar,
		char kind,
		const char *name,
		const char *bytes,
		size_t length)
{
	char head[HEAD_BYTES];
	size_t name_length = strlen(name);
	int size = snprintf(head, sizeof head, "%c %zu %zu\n", kind, length, name_length);
	return untar_write(untar, head, (size_t)size) && untar_write(untar, name, name_length) &&
			untar_write(untar, bytes, length);
}

static bool archive_failed(const struct untar *untar)
{
	const char *why = archive_error_string(untar->archive);
	if (!why)
		why = "not a tar file";
	return error_set(untar->err, "%s", why);
}

static bool too_much(const struct untar *untar)
{
	return error_set(untar->err,
			"it holds more than %zu GiB or %d members",
			UNTAR_BYTES_MAX >> 30,
			UNTAR_MEMBERS_MAX);
}

/* The bytes of a file, at most UNTAR_FILE_MAX of them. */
static bool tar_read_content(struct untar *untar, const char *name)
{
	char block[BLOCK_BYTES];
	text_clear(&untar->content);
	for (;;) {
		la_ssize_t count = archive_read_data(untar->archive, block, sizeof block);
		if (count < 0)
			return archive_failed(untar);
		if (count == 0)
			return true;
		untar->bytes += (size_t)count;
		if (untar->bytes > UNTAR_BYTES_MAX)
			return too_much(untar);
		text_add_bytes(&untar->content, block, (size_t)count);
		if (untar->content.length > UNTAR_FILE_MAX)
			return error_set(untar->err,
					"%.200s is larger than %d MiB",
					name,
					UNTAR_FILE_MAX >> 20);
	}
}

static bool tar_leave_out(const struct untar *untar, const char *name, const char *why)
{
	return write_frame(untar, 'S', name, why, strlen(why));
}

/* A file that says it is too long is refused before it is read. */
static bool write_file(struct untar *untar, struct archive_entry *entry, const char *name)
{
	if (archive_entry_size(entry) > UNTAR_FILE_MAX)
		return error_set(untar->err, "%.200s is larger than %d MiB", name, UNTAR_FILE_MAX >> 20);
	if (!tar_read_content(untar, name))
		return false;
	return write_frame(untar, 'F', name, text_string(&untar->content), untar->content.length);
}

static bool write_entry(struct untar *untar, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);
	const char *target = archive_entry_symlink(entry);
	if (!name || strlen(name) > UNTAR_NAME_MAX)
		return error_set(untar->err, "a member has no name that can be read");
	if (archive_entry_hardlink(entry))
		return tar_leave_out(untar, name, "a hard link");
	switch (archive_entry_filetype(entry)) {
	case AE_IFREG:
		return write_file(untar, entry, name);
	case AE_IFDIR:
		return write_frame(untar, 'D', name, "", 0);
	case AE_IFLNK:
		if (target && strlen(target) <= UNTAR_NAME_MAX)
			return write_frame(untar, 'L', name, target, strlen(target));
		return tar_leave_out(untar, name, "a symbolic link without a target");
	default:
		return tar_leave_out(untar, name, "no file and no directory");
	}
}

static bool tar_write_members(struct untar *untar)
{
	for (;;) {
		struct archive_entry *entry;
		int status = archive_read_next_header(untar->archive, &entry);
		if (status == ARCHIVE_EOF)
			return write_frame(untar, 'E', "", "", 0);
		if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
			return archive_failed(untar);
		if (++untar->members > UNTAR_MEMBERS_MAX)
			return too_much(untar);
		if (!write_entry(untar, entry))
			return false;
	}
}

/* libarchive's own reader asks for more about the descriptor than the sandbox allows. */
static la_ssize_t read_block(struct archive *archive, void *context, const void **ret_bytes)
{
	struct untar *untar = context;
	ssize_t count;
	do
		count = read(untar->input, untar->block, sizeof untar->block);
	while (count < 0 && errno == EINTR);
	if (count < 0)
		archive_set_error(archive, errno, "cannot be read: %s", strerror(errno));
	*ret_bytes = untar->block;
	return count;
}

/* Only what needs no other program: libarchive would start one for rarer kinds of compression.
 * Names stay the bytes that they are. */
static bool untar_open(struct untar *untar, int input)
{
	struct archive *archive = untar->archive;
	bool good = archive_read_support_format_tar(archive) == ARCHIVE_OK;
	good = good && archive_read_support_filter_gzip(archive) == ARCHIVE_OK;
	good = good && archive_read_support_filter_bzip2(archive) == ARCHIVE_OK;
	good = good && archive_read_support_filter_xz(archive) == ARCHIVE_OK;
	good = good && archive_read_support_filter_zstd(archive) == ARCHIVE_OK;
	if (!good)
		return error_fail(untar->err, "this libarchive reads too few kinds of tar files");
	(void)archive_read_set_options(archive, "hdrcharset=BINARY");
	untar->input = input;
	if (archive_read_open(archive, untar, NULL, read_block, NULL) == ARCHIVE_OK)
		return true;
	return archive_failed(untar);
}

bool untar_frames(int input, int output, struct error *err)
{
	struct untar *untar = memory_new(sizeof *untar);
	*untar = (struct untar){.archive = archive_read_new(), .output = output, .err = err};
	bool good = untar->archive != NULL;
	if (good)
		good = untar_open(untar, input) && tar_write_members(untar);
	else
		(void)error_fail(err, "libarchive has no memory");
	(void)archive_read_free(untar->archive);
	text_release(&untar->content);
	free(untar);
	return good;
}

int untar_main(int argc, char **argv)
{
	struct error err = {0};
	(void)argv;
	if (argc != 2) {
		(void)fprintf(stderr, "usage: headroom-import untar <archive.tar\n");
		return 2;
	}
	if (sandbox_enter(NULL, &err) && untar_frames(STDIN_FILENO, STDOUT_FILENO, &err))
		return 0;
	(void)fprintf(stderr, "%s\n", err.text);
	return 1;
}
