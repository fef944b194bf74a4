/* What `k6 run` is given: a script with its modules, an archive, or a saved answer of k6. */
#include <string.h>

#include "probes/plan/k6/k6.h"
#include "probes/plan/tool/tar.h"

enum {
	IMPORTS_MAX = 32
};

/* What has been read, and its name. */
struct file {
	const char *path, *bytes;
	size_t length;
};

static bool open_file(struct k6 *k6, struct file *file, const char *named_by, struct error *err)
{
	const struct plan_command *command = k6->command;
	const char **bytes = &file->bytes;
	size_t *length = &file->length;
	return plan_file(k6->context, command, file->path, named_by, bytes, length, err);
}

static bool use_file(struct k6 *k6, struct file file, const char *source)
{
	return k6_use_options(k6, file.path, file.bytes, file.length, source);
}

static const char saved_answer[] = "k6 inspect (saved)";

bool k6_use_options(struct k6 *k6,
		const char *path,
		const char *bytes,
		size_t length,
		const char *source)
{
	struct document *document = &k6->document;
	const struct plan_context *context = k6->context;
	struct error *err = k6->err;
	if (!document_parse(context, path, "json", bytes, length, document, err))
		return false;
	const struct tree_node *inner = tree_child(document->root, "options");
	k6->options = document->root;
	if (inner && inner->kind == TREE_MAPPING)
		k6->options = inner;
	k6->source = source;
	return true;
}

/* "lib/a.js" lies in "lib/". */
static const char *folder_of(const struct k6 *k6, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (!slash)
		return "";
	size_t length = (size_t)(slash - path) + 1;
	return arena_copy(k6->arena, path, length);
}

static void search(struct k6 *k6, const struct file *file)
{
	const char *bytes = file->bytes;
	size_t length = file->length;
	k6_script_read(k6->arena, file->path, bytes, length, &k6->script);
}

/* The script, and the modules of its own that it imports, where they are files. */
static void use_script(struct k6 *k6, struct file file)
{
	const char *folders[IMPORTS_MAX];
	const struct name_list *imports = &k6->script.imports;
	const char *folder = folder_of(k6, file.path);
	size_t known = 0;
	search(k6, &file);
	k6->has_script = true;
	for (size_t i = 0; i < imports->count; i++) {
		while (known < imports->count && known < IMPORTS_MAX)
			folders[known++] = folder; /* of the file that was read last */
		if (i == IMPORTS_MAX)
			return;
		struct error ignored;
		file.path = arena_printf(k6->arena, "%s%s", folders[i], imports->items[i]);
		if (!open_file(k6, &file, "k6", &ignored))
			continue;
		folder = folder_of(k6, file.path);
		search(k6, &file);
	}
}

static bool read_archive(struct k6 *k6, struct file archive)
{
	static const char metadata[] = "metadata.json";
	const char *bytes = archive.bytes;
	size_t length = archive.length;
	struct file options = archive;
	struct file script = archive;
	options.path = arena_printf(k6->arena, "%s/%s", archive.path, metadata);
	options.bytes = tar_member(bytes, length, metadata, &options.length);
	script.bytes = tar_member(bytes, length, "data", &script.length);
	if (!options.bytes)
		return error_set(k6->err,
				"%s: a tar archive without %s: not of `k6 archive`",
				archive.path,
				metadata);
	if (script.bytes)
		use_script(k6, script);
	return use_file(k6, options, "k6 archive");
}

static bool read_input(struct k6 *k6)
{
	struct file input = {.path = "standard input"};
	bool good = plan_input(k6->context, k6->command, &input.bytes, k6->err);
	if (!good)
		return false;
	if (!input.bytes)
		return error_set(k6->err,
				"k6: the script on standard input is not read here; name the file");
	input.length = strlen(input.bytes);
	use_script(k6, input);
	return true;
}

/* What HEADROOM_K6_INSPECT names, else k6 itself. */
static bool read_answer(struct k6 *k6)
{
	static const char variable[] = "HEADROOM_K6_INSPECT";
	const struct plan_command *command = k6->command;
	struct file saved = {0};
	saved.path = plan_own_setting(k6->context, command, variable);
	if (!saved.path || !*saved.path)
		return k6_inspect(k6);
	if (!open_file(k6, &saved, variable, k6->err))
		return false;
	return use_file(k6, saved, saved_answer);
}

bool k6_read_source(struct k6 *k6)
{
	struct file file = {.path = k6->path};
	if (strcmp(file.path, "-") == 0)
		return read_input(k6) && read_answer(k6);
	if (strstr(file.path, "://"))
		return error_set(k6->err,
				"k6: %.200s is not fetched: save the script as a file",
				file.path);
	if (!open_file(k6, &file, "k6", k6->err))
		return false;
	if (tar_is(file.bytes, file.length))
		return read_archive(k6, file);
	const char *first = file.bytes + strspn(file.bytes, " \t\r\n");
	if (*first == '{')
		return use_file(k6, file, saved_answer);
	use_script(k6, file);
	return read_answer(k6);
}
