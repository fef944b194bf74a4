/* Configuration directories: which files count, in which order (sysctl.d(5),
 * systemd-system.conf(5)). */
#include "probes/host/boot/config.h"

#include <stdlib.h>
#include <string.h>

static bool is_conf(const char *name)
{
	size_t length = strlen(name);
	return length > 5 && strcmp(name + length - 5, ".conf") == 0 && name[0] != '.';
}

static bool config_is_hidden(const struct config_file *files, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(files[i].name, name) == 0)
			return true;
	return false;
}

static int compare_files(const void *a, const void *b)
{
	const struct config_file *left = a, *right = b;
	return strcmp(left->name, right->name);
}

static bool is_masked(struct probing *probing, const char *path)
{
	char target[SOURCE_LINK_MAX];
	return source_link(probing->source, path, target) == 0 && strcmp(target, "/dev/null") == 0;
}

size_t config_files(struct probing *probing,
		const char *const *directories,
		const struct config_file **ret_files)
{
	struct config_file *files = NULL;
	size_t count = 0, capacity = 0;
	for (; *directories; directories++) {
		const char *const *names;
		size_t name_count;
		if (source_list(probing->source, *directories, &names, &name_count, NULL) != 0)
			continue;
		for (size_t i = 0; i < name_count && count < CONFIG_FILES_MAX; i++) {
			if (!is_conf(names[i]) || config_is_hidden(files, count, names[i]))
				continue;
			files = arena_grow(probing->arena, files, count, &capacity, sizeof *files);
			files[count++] = (struct config_file){.name = names[i],
					.path = arena_printf(probing->arena, "%s/%s", *directories, names[i])};
		}
	}
	if (count)
		qsort(files, count, sizeof *files, compare_files);
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		if (!is_masked(probing, files[i].path))
			files[kept++] = files[i];
	*ret_files = files;
	return kept;
}
