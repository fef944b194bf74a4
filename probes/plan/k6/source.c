/* What `k6 run` is given: a script with its modules, an archive, or a saved answer of k6; and the
 * file of --config. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/k6/k6.h"
#include "probes/plan/tool/tar.h"

/* What has been read, and its name. */
struct file {
	const char *path, *bytes;
	size_t length;
};

static const char saved_answer[] = "k6 inspect (saved)";

static bool k6_open_file(struct k6 *k6, struct file *file, const char *named_by, struct error *err)
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

bool k6_use_options(struct k6 *k6,
		const char *path,
		const char *bytes,
		size_t length,
		const char *source)
{
	struct document *document = &k6->document;
	const struct plan_context *context = k6->context;
	struct error *err = k6->err;
	if (!document_parse(context, path, "json", bytes, length, document, err)) {
		return false;
	}
	const struct tree_node *options = document->root;
	const struct tree_node *inner = tree_child(options, "options");
	if (inner && inner->kind == TREE_MAPPING) {
		options = inner;
	}
	k6->options = k6_options_apply(k6->arena, k6->options, options);
	k6->source = source;
	k6->saved = true;
	return true;
}

/* --- the script -------------------------------------------------------------------------- */

static const char *env_of(void *user, const char *name)
{
	return k6_env(user, name);
}

/* A file of an archive: "file/srv/me/lib.js", in older ones "scripts/srv/me/lib.js". */
static bool read_archived(struct k6 *k6, const char *path, struct file *ret)
{
	static const char *const folders[] = {"file", "scripts", "files"};
	for (size_t i = 0; i < COUNT_OF(folders); i++) {
		const char *member = arena_printf(k6->arena, "%s%s", folders[i], path);
		ret->bytes = tar_member(k6->archive, k6->archive_length, member, &ret->length);
		if (ret->bytes) {
			return true;
		}
	}
	return false;
}

static bool read_of(void *user, const char *path, const char **ret_bytes, size_t *ret_length)
{
	struct k6 *k6 = user;
	struct file file = {.path = path};
	struct error ignored;
	bool found = false;
	if (k6->archive) {
		found = read_archived(k6, path, &file);
	} else {
		found = k6_open_file(k6, &file, "k6", &ignored);
	}
	*ret_bytes = file.bytes;
	*ret_length = file.length;
	return found;
}

static struct js_value *json_of(void *user, struct js_world *world, const char *text)
{
	struct k6 *k6 = user;
	struct document document;
	struct error ignored;
	size_t length = strlen(text);
	bool good = document_parse(k6->context, "JSON", "json", text, length, &document, &ignored);
	if (!good) {
		return js_value_new(world, JS_UNKNOWN);
	}
	return k6_value_of_tree(world, document.root);
}

static void use_script(struct k6 *k6, struct file file)
{
	struct js_outside *outside = &k6->script.program.outside;
	*outside = (struct js_outside){.user = k6, .environment = env_of};
	outside->read = read_of;
	outside->json = json_of;
	k6_script_read(k6->arena, file.path, file.bytes, file.length, &k6->script);
}

/* A text without any export is no module: what is named options in it may be the options. */
static bool names_options(const struct js_module *module)
{
	const struct js_tokens *t = &module->scope.tokens;
	for (size_t i = 0; i + 1 < t->count && !module->scope.export_count; i++) {
		if (js_is(t, i, "options")) {
			return true;
		}
	}
	return false;
}

/* The options that the script exports, as far as its text says them. */
static void use_script_options(struct k6 *k6)
{
	struct js_program *program = &k6->script.program;
	struct js_module *main = program->modules[0];
	struct js_world *world = &program->world;
	if (!js_find_export(&main->scope, "options") && !names_options(main)) {
		return;
	}
	struct js_value *options = js_value_exported(world, main, "options");
	struct document *document = &k6->document;
	*document = (struct document){.arena = k6->arena, .path = main->path};
	if (options->module) {
		document->path = options->module->path;
	}
	const struct tree_node *tree = k6_options_tree(k6->arena, options, &k6->unread);
	document->root = tree;
	k6->options = k6_options_apply(k6->arena, k6->options, tree);
	k6->source = document->path;
}

/* --- which of them it is
 * -------------------------------------------------------------------------- */

/* Where the script lay when the archive was made: "file:///srv/me/script.js". */
static const char *archived_path(struct k6 *k6, const char *otherwise)
{
	static const char scheme[] = "file://";
	const char *name = tree_text(k6->document.root, "filename");
	if (!name || !text_begins_with(name, scheme)) {
		return otherwise;
	}
	return name + strlen(scheme);
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
	if (!options.bytes) {
		return error_set(k6->err,
				"%s: a tar archive without %s, so `k6 archive` did not write it",
				archive.path,
				metadata);
	}
	if (!use_file(k6, options, "k6 archive")) {
		return false;
	}
	k6->archive = bytes;
	k6->archive_length = length;
	k6->archived_env = tree_child(k6->document.root, "env");
	script.path = archived_path(k6, archive.path);
	if (script.bytes) {
		use_script(k6, script);
	}
	return true;
}

/* What HEADROOM_K6_INSPECT names, else k6 itself, else the script's text. */
static bool k6_read_answer(struct k6 *k6)
{
	static const char variable[] = "HEADROOM_K6_INSPECT";
	const struct plan_command *command = k6->command;
	struct file saved = {0};
	saved.path = plan_own_setting(k6->context, command, variable);
	if (saved.path && *saved.path) {
		return k6_open_file(k6, &saved, variable, k6->err) && use_file(k6, saved, saved_answer);
	}
	if (!k6_inspect(k6)) {
		return false;
	}
	if (!k6->asked) {
		use_script_options(k6);
	}
	return true;
}

static bool k6_read_input(struct k6 *k6)
{
	struct file input = {.path = "standard input"};
	bool good = plan_input(k6->context, k6->command, &input.bytes, k6->err);
	if (!good) {
		return false;
	}
	if (!input.bytes) {
		return error_set(k6->err,
				"k6: headroom does not read a script from standard input; name the file");
	}
	input.length = strlen(input.bytes);
	use_script(k6, input);
	return k6_read_answer(k6);
}

/* Where k6 looks for its configuration by itself: only where it runs here. */
static const char *own_config(struct k6 *k6)
{
	static const char *const homes[] = {"XDG_CONFIG_HOME", "HOME"};
	static const char *const names[] = {"k6/config.json", ".config/k6/config.json"};
	if (!plan_sees_host(k6->context, k6->command) || !k6->context->file_exists) {
		return NULL;
	}
	for (size_t i = 0; i < COUNT_OF(homes); i++) {
		const char *home = plan_environment(k6->context, k6->command, homes[i]);
		if (!home || *home != '/') {
			continue;
		}
		const char *path = arena_printf(k6->arena, "%s/%s", home, names[i]);
		if (k6->context->file_exists(k6->context, path)) {
			return path;
		}
		break; /* one of them is the folder of the user's configuration */
	}
	return NULL;
}

static bool read_config(struct k6 *k6)
{
	const struct argument *config = arguments_last(&k6->arguments, K6_O_CONFIG);
	const char *variable = plan_environment(k6->context, k6->command, "K6_CONFIG");
	struct file file = {0};
	if (variable && *variable) {
		file.path = variable;
	}
	if (config) {
		file.path = config->text;
	}
	if (!file.path) {
		file.path = own_config(k6);
	}
	if (!file.path) {
		return true;
	}
	if (!k6_open_file(k6, &file, "k6 --config", k6->err) || !use_file(k6, file, file.path)) {
		return false;
	}
	k6->saved = false; /* the script's own options come on top */
	return true;
}

bool k6_read_source(struct k6 *k6)
{
	struct file file = {.path = k6->path};
	if (!read_config(k6)) {
		return false;
	}
	if (strcmp(file.path, "-") == 0) {
		return k6_read_input(k6);
	}
	if (strstr(file.path, "://")) {
		return error_set(k6->err,
				"k6: headroom does not download %.200s: save the script as a file",
				file.path);
	}
	if (!k6_open_file(k6, &file, "k6", k6->err)) {
		return false;
	}
	if (tar_is(file.bytes, file.length)) {
		return read_archive(k6, file);
	}
	const char *first = file.bytes + strspn(file.bytes, " \t\r\n");
	if (*first == '{') {
		return use_file(k6, file, saved_answer);
	}
	use_script(k6, file);
	return k6_read_answer(k6);
}
