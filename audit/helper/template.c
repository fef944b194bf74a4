/* Opens a directory of templates. Reads none of them: that is the helper's work, in its sandbox. */
#include "audit/helper/template.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/open.h"

/* "report.html": letters, digits and "._-", with an extension that a template is made of. */
static bool is_template_name(const char *name)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	static const char *const extensions[] =
			{".html", ".css", ".js", ".json", ".png", ".ttf", ".otf"};
	const char *dot = strrchr(name, '.');
	if (!dot || dot == name || name[strspn(name, plain)] || strlen(name) > 60)
		return false;
	for (size_t i = 0; i < COUNT_OF(extensions); i++)
		if (!strcmp(dot, extensions[i]))
			return true;
	return false;
}

static bool template_add_file(struct arena *arena,
		int dir,
		const char *name,
		struct template_files *files,
		struct error *err)
{
	const char *why;
	struct stat status;
	if (fstatat(dir, name, &status, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(status.st_mode))
		return true;
	int fd = open_below(dir, name, &why);
	if (fd < 0)
		return error_set(err,
				"--template: %.300s/%s: %s; a template may use only files below its directory",
				files->dir,
				name,
				why);
	if (files->count == TEMPLATE_FILES_MAX) {
		(void)close(fd);
		return error_set(err,
				"--template: %.300s contains more than %d files; keep only those that the template "
				"needs",
				files->dir,
				TEMPLATE_FILES_MAX);
	}
	files->files[files->count].name = arena_strdup(arena, name);
	files->files[files->count++].fd = fd;
	return true;
}

static int template_by_name(const struct dirent **a, const struct dirent **b)
{
	return strcmp((*a)->d_name, (*b)->d_name);
}

static int template_is_wanted(const struct dirent *entry)
{
	return is_template_name(entry->d_name);
}

static bool template_add_files(struct arena *arena, struct template_files *files, struct error *err)
{
	struct dirent **entries = NULL;
	int dir = open(files->dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = -1;
	if (dir >= 0)
		count = scandirat(dir, ".", &entries, template_is_wanted, template_by_name);
	bool ok = count >= 0 ||
			error_set(err,
					"--template: %.300s: %s; name a directory that contains report.html, "
					"report.css, words.json or theme.json",
					files->dir,
					strerror(errno));
	for (int i = 0; i < count; i++) {
		ok = ok && template_add_file(arena, dir, entries[i]->d_name, files, err);
		free(entries[i]);
	}
	free(entries);
	if (dir >= 0)
		(void)close(dir);
	return ok;
}

bool template_open(struct arena *arena,
		const char *dir,
		struct template_files *ret_files,
		struct error *err)
{
	*ret_files = (struct template_files){.dir = dir};
	if (!template_add_files(arena, ret_files, err))
		return false;
	if (!ret_files->count)
		return error_set(err,
				"--template: %.300s contains no template; expected report.html, report.css, "
				"words.json or theme.json",
				dir);
	return true;
}
