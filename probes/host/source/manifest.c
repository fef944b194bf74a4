/* Lines "path errno". The names of the errnos keep a MANIFEST readable and the same everywhere. */
#include "probes/host/source/manifest.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

enum {
	MANIFEST_LINES_MAX = 4096
};

static const char names_absent_line[] =
		"# headroom snapshot 2: what is neither here nor in the tree was not collected";

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

const char *manifest_errno_name(int number)
{
	for (size_t i = 0; i < ERRNO_NAMES; i++) {
		if (errno_names[i].number == number)
			return errno_names[i].name;
	}
	return NULL;
}

const char *manifest_errno_like(const char *name)
{
	for (size_t i = 0; i < ERRNO_NAMES; i++) {
		if (strcmp(errno_names[i].name, name) == 0)
			return errno_names[i].name;
	}
	return NULL;
}

static int errno_from_text(const char *text)
{
	for (size_t i = 0; i < ERRNO_NAMES; i++) {
		if (strcmp(text, errno_names[i].name) == 0)
			return errno_names[i].number;
	}
	size_t digits = strspn(text, "0123456789");
	if (digits == 0 || digits > 4 || text[digits] != '\0')
		return EIO;
	int number = (int)strtol(text, NULL, 10);
	if (number == 0)
		return EIO;
	return number;
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

void manifest_add(struct manifest *manifest, struct arena *arena, const char *path, int error)
{
	assert(error != 0);
	if (strpbrk(path, " \t\r\n"))
		return; /* no line can name it */
	if (manifest_error(manifest, path) != 0)
		return;
	manifest->cut = manifest->count >= MANIFEST_LINES_MAX;
	if (manifest->cut)
		return;
	manifest->entries = arena_grow(arena,
			manifest->entries,
			manifest->count,
			&manifest->capacity,
			sizeof *manifest->entries);
	struct manifest_entry *entry = &manifest->entries[manifest->count++];
	entry->path = arena_strdup(arena, path);
	entry->error = error;
}

void manifest_read(struct manifest *manifest, struct arena *arena, const char *text, size_t length)
{
	char *next = arena_copy(arena, text, length);
	while (next) {
		char *line = next;
		const char *path;
		int error;
		next = strchr(line, '\n');
		if (next)
			*next++ = '\0';
		if (strcmp(line, names_absent_line) == 0)
			manifest->names_absent = true;
		if (manifest_parse_line(line, &path, &error))
			manifest_add(manifest, arena, path, error);
	}
}

int manifest_error(const struct manifest *manifest, const char *path)
{
	for (size_t i = 0; i < manifest->count; i++) {
		if (strcmp(manifest->entries[i].path, path) == 0)
			return manifest->entries[i].error;
	}
	return 0;
}

void manifest_print(const struct manifest *manifest, struct text *text)
{
	text_addf(text, "%s\n", names_absent_line);
	for (size_t i = 0; i < manifest->count; i++) {
		const struct manifest_entry *entry = &manifest->entries[i];
		const char *name = manifest_errno_name(entry->error);
		if (name)
			text_addf(text, "%s\t%s\n", entry->path, name);
		else
			text_addf(text, "%s\t%d\n", entry->path, entry->error);
	}
}
