/* The files of a locustfile: those that -f names, and the modules beside them that they import. */
#include "probes/plan/locust/script.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum {
	FILES_MAX = 64,
	TRIES_MAX = 300,
	FOLDERS_MAX = 6, /* deep */
	STEPS = 20000
};

static const char *locust_directory_of(struct arena *arena, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return "";
	return arena_copy(arena, path, (size_t)(slash - path));
}

static bool read_already(const struct locust_script *script, const char *path)
{
	for (size_t i = 0; i < script->file_count; i++)
		if (!strcmp(script->files[i].path, path))
			return true;
	return false;
}

/* Adds the file and reads its statements. */
static bool read_one(struct locust_script *script,
		const char *path,
		const char *named_by,
		bool root,
		struct error *err)
{
	const char *bytes;
	size_t length;
	if (read_already(script, path))
		return true;
	if (!plan_file(script->context, script->command, path, named_by, &bytes, &length, err))
		return false;
	if (script->file_count == FILES_MAX) {
		if (!script->cut_at)
			script->cut_at = path;
		return true;
	}
	struct locust_file file = {
			.path = path,
			.directory = locust_directory_of(script->arena, path),
			.root = root,
	};
	python_read(script->arena, bytes, length, &file.python);
	script->files = arena_grow(script->arena,
			script->files,
			script->file_count,
			&script->file_capacity,
			sizeof file);
	script->files[script->file_count] = file;
	locust_read_statements(script, script->file_count++);
	return true;
}

/* The file that a module is, in this directory; false: it is not there. */
static bool try_module(struct locust_script *script, const char *directory, const char *module)
{
	static const char *const ends[] = {
			".py",
			"/__init__.py",
	};
	struct error ignored;
	char *name = arena_strdup(script->arena, module);
	for (char *at = name; *at; at++)
		if (*at == '.')
			*at = '/';
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		const char *path = arena_printf(script->arena, "%s%s", name, ends[i]);
		if (*directory)
			path = arena_printf(script->arena, "%s/%s", directory, path);
		if (read_one(script, path, "import", false, &ignored))
			return true;
	}
	return false;
}

void locust_read_module(struct locust_script *script, size_t file, const char *module)
{
	if (!*module || text_ends_with(module, "*"))
		return;
	const char *directory = script->files[file].directory;
	const char *root = script->files[0].directory;
	const char *key = arena_printf(script->arena, "%s:%s", directory, module);
	if (name_list_has(&script->tried, key))
		return;
	if (script->tried.count >= TRIES_MAX)
		return;
	name_list_append(script->arena, &script->tried, key);
	if (*module == '.') {
		for (module++; *module == '.'; module++)
			directory = locust_directory_of(script->arena, directory);
		if (*module)
			(void)try_module(script, directory, module);
		return;
	}
	if (try_module(script, directory, module))
		return;
	if (try_module(script, root, module))
		return;
	(void)try_module(script, "", module);
}

/* All .py files in it and below; those that begin with "_" are left out (locust/util/directory.py).
 */
static void read_folder(struct locust_script *script, const char *path, unsigned depth)
{
	struct name_list names = {0};
	struct error ignored;
	const struct plan_context *context = script->context;
	const char *cwd = script->command->vantage.cwd, *seen = path;
	if (cwd && *path != '/')
		seen = arena_printf(script->arena, "%s/%s", cwd, path);
	name_list_append(script->arena, &script->tried, seen);
	if (depth > FOLDERS_MAX || script->tried.count > TRIES_MAX)
		return;
	if (!context->list || !context->list(context, seen, &names))
		return;
	for (size_t i = 0; i < names.count; i++) {
		const char *name = names.items[i];
		const char *inner = arena_printf(script->arena, "%s/%s", path, name);
		bool python = text_ends_with(name, ".py");
		if (python && *name != '_')
			(void)read_one(script, inner, "-f", true, &ignored);
		else if (!strchr(name, '.'))
			read_folder(script, inner, depth + 1);
	}
}

bool locust_script_read(struct locust_script *script,
		const char *path,
		const char *named_by,
		struct error *err)
{
	size_t before = script->file_count;
	size_t length = strlen(path);
	bool here = plan_sees_host(script->context, script->command);
	script->budget = STEPS;
	while (length > 1 && path[length - 1] == '/')
		length--;
	path = arena_copy(script->arena, path, length);
	if (here && !text_ends_with(path, ".py"))
		read_folder(script, path, 0);
	if (script->file_count > before)
		return true;
	return read_one(script, path, named_by, true, err);
}
