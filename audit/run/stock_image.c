#include "audit/run/stock_image.h"

#include <string.h>

#include "base/array.h"
#include "base/embed.h"
#include "base/suggest.h"
#include "base/text.h"
#include "probes/host/facts/json_read.h"
#include "report/document/view.h"

enum {
	STOCK_NAMES_MAX = 256
};

static const char images_directory[] = "rules/images/";
static const char stock_file[] = "rules/images/stock.json";

/* --- finding one ------------------------------------------------------------------------------ */

static bool image_has_name(const cJSON *image, const char *name)
{
	const cJSON *alias;
	if (strcmp(view_raw(image, "name"), name) == 0)
		return true;
	const cJSON *aliases = cJSON_GetObjectItemCaseSensitive(image, "aliases");
	cJSON_ArrayForEach(alias, aliases) {
		if (cJSON_IsString(alias) && strcmp(alias->valuestring, name) == 0)
			return true;
	}
	return false;
}

static bool unknown_image(const char *name, const char *const *names, struct error *err)
{
	char question[SUGGEST_MAX];
	struct text all = {0};
	for (size_t i = 0; names[i]; i++)
		text_addf(&all, "%s%s", i > 0 ? " " : "", names[i]);
	(void)error_set(err,
			"--image: unknown image \"%.60s\"%s (choose one of: %.700s)",
			name,
			suggest_question(question, name, names),
			text_string(&all));
	text_release(&all);
	return false;
}

static struct json *images_open(const struct embedded_file *file, struct error *err)
{
	const char *bytes = (const char *)file->bytes;
	return json_read_built_in(file->path, bytes, file->size, err);
}

static const cJSON *image_in(const struct json *json, const char *name)
{
	const cJSON *image;
	const cJSON *images = cJSON_GetObjectItemCaseSensitive(json_root(json), "images");
	cJSON_ArrayForEach(image, images) {
		if (image_has_name(image, name))
			return image;
	}
	return NULL;
}

static size_t add_names(struct arena *arena,
		const struct json *json,
		const char **names,
		size_t count)
{
	const cJSON *image;
	const cJSON *images = cJSON_GetObjectItemCaseSensitive(json_root(json), "images");
	cJSON_ArrayForEach(image, images) {
		if (count < STOCK_NAMES_MAX)
			names[count++] = view_text(arena, image, "name", 0);
	}
	return count;
}

struct json *stock_image_find(struct arena *arena,
		const char *name,
		const cJSON **ret_image,
		struct error *err)
{
	const char *names[STOCK_NAMES_MAX + 1] = {NULL};
	size_t count = 0;
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *file = &embedded_files[i];
		if (!text_begins_with(file->path, images_directory))
			continue;
		struct json *json = images_open(file, err);
		if (!json)
			return NULL;
		*ret_image = image_in(json, name);
		if (*ret_image)
			return json;
		count = add_names(arena, json, names, count);
		json_free(json);
	}
	(void)unknown_image(name, names, err);
	return NULL;
}

const char *const *stock_image_names(struct arena *arena, struct error *err)
{
	const char **names = arena_alloc(arena, (STOCK_NAMES_MAX + 1) * sizeof *names);
	size_t count = 0;
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *file = &embedded_files[i];
		if (!text_begins_with(file->path, images_directory))
			continue;
		__attribute__((cleanup(json_close))) struct json *json = images_open(file, err);
		if (!json)
			return NULL;
		count = add_names(arena, json, names, count);
	}
	names[count] = NULL;
	return names;
}

/* --- its facts -------------------------------------------------------------------------------- */

/* The server image goes first: the runner of the same name has more open files. */
static struct json *find_server(struct arena *arena,
		const struct options *options,
		const cJSON **ret_image,
		struct error *err)
{
	struct error ignored = {0};
	const char *name = options->image;
	const char *provider = options->size.provider;
	if (provider && strcmp(provider, "github") == 0)
		return stock_image_find(arena, name, ret_image, err);
	const char *server = arena_printf(arena, "%.100s-server", name);
	struct json *json = stock_image_find(arena, server, ret_image, &ignored);
	if (json)
		return json;
	return stock_image_find(arena, name, ret_image, err);
}

static bool list_has(const cJSON *list, const char *word)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		if (cJSON_IsString(item) && strcmp(item->valuestring, word) == 0)
			return true;
	}
	return false;
}

/* How a value is known: read on such a machine, computed, or written in a documentation. */
static const char *stock_basis(struct arena *arena,
		const cJSON *stock,
		const cJSON *image,
		const char *key)
{
	if (list_has(view_array(image, "captured_facts"), key))
		return arena_printf(arena, "captured on %.20s", view_raw(image, "captured_on"));
	if (list_has(view_array(stock, "basis.computed"), key))
		return "computed from its memory";
	if (list_has(view_array(stock, "basis.given"), key))
		return "assumed";
	return arena_printf(arena, "documented, as of %.20s", view_raw(stock, "dated"));
}

/* What every new machine has, and over it what the image says. */
static cJSON *stock_document(const cJSON *stock, const cJSON *image)
{
	cJSON *document = cJSON_CreateObject();
	cJSON *facts = cJSON_Duplicate(cJSON_GetObjectItemCaseSensitive(stock, "facts"), true);
	const cJSON *fact;
	cJSON_ArrayForEach(fact, cJSON_GetObjectItemCaseSensitive(image, "facts")) {
		cJSON_DeleteItemFromObjectCaseSensitive(facts, fact->string);
		(void)cJSON_AddItemToObject(facts, fact->string, cJSON_Duplicate(fact, true));
	}
	(void)cJSON_AddItemToObject(document, "schema", cJSON_CreateString("headroom.facts/2"));
	/* Nothing runs on it and nothing is connected: what is not listed is not there. */
	(void)cJSON_AddItemToObject(document, "collected", cJSON_CreateString("complete"));
	(void)cJSON_AddItemToObject(document, "facts", facts);
	return document;
}

static bool read_document(struct arena *arena,
		cJSON *document,
		struct facts *facts,
		struct host_info *info,
		struct error *err)
{
	char *printed = cJSON_PrintUnformatted(document);
	if (!printed)
		return error_set(err, "out of memory");
	const char *copy = arena_strdup(arena, printed);
	cJSON_free(printed);
	__attribute__((cleanup(json_close))) struct json *json =
			json_read("stock image", copy, strlen(copy), err);
	return json && facts_from_json(arena, json, facts, info, err);
}

static bool check_system(const struct run *run, const cJSON *image, struct error *err)
{
	if (strcmp(view_raw(image, "system"), "linux") == 0)
		return true;
	return error_set(err,
			"--image %.60s: only Linux images can be judged; save facts on such a machine "
			"(headroom facts -o host.json) and use --facts host.json",
			run->options->image);
}

bool stock_image_facts(const struct run *run,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err)
{
	struct arena *arena = run->arena;
	const cJSON *image;
	const struct embedded_file *file = embedded_find(stock_file);
	__attribute__((cleanup(json_close))) struct json *stock = images_open(file, err);
	__attribute__((
			cleanup(json_close))) struct json *json = find_server(arena, run->options, &image, err);
	if (!stock || !json || !check_system(run, image, err))
		return false;
	__attribute__((cleanup(json_close_tree)))
	cJSON *document = stock_document(json_root(stock), image);
	if (!read_document(arena, document, facts, ret_info, err))
		return false;
	for (size_t i = 0; i < facts->count; i++) {
		struct fact *fact = facts->items[i];
		fact->where = stock_basis(arena, json_root(stock), image, fact->key);
	}
	ret_info->name = view_text(arena, image, "name", 0);
	ret_info->vantage = arena_printf(arena,
			"for a new machine: %s, as of %s",
			view_text(arena, image, "title", 0),
			view_text(arena, json_root(json), "dated", 0));
	return true;
}

/* How the values of an image are known, in short. */
static const char *stock_known(struct arena *arena, const cJSON *image)
{
	size_t captured = view_count(image, "captured_facts");
	if (captured == 0)
		return "documented, not captured";
	return arena_printf(arena,
			"%zu values were read from this image on %s, the others are documented or computed",
			captured,
			view_text(arena, image, "captured_on", 20));
}

const char *stock_image_about(const struct run *run)
{
	struct arena *arena = run->arena;
	struct error ignored = {0};
	const cJSON *image;
	if (!run->options->image)
		return NULL;
	__attribute__((cleanup(json_close))) struct json *json =
			find_server(arena, run->options, &image, &ignored);
	if (!json)
		return NULL;
	return arena_printf(arena,
			"%s, as of %s (%s)",
			view_text(arena, image, "title", 100),
			view_text(arena, json_root(json), "dated", 20),
			stock_known(arena, image));
}

/* What a provider's machines usually have. */
static const struct {
	const char *provider, *image;
} usual_images[] = {
		{"github", "ubuntu-24.04"},
		{"gitlab", "gitlab-runner"},
};

void stock_image_choose(struct options *options)
{
	const char *provider = options->size.provider;
	bool of_this_host = options->facts_path || options->pid > 0 || options->container ||
			options->unit || options->calibrate;
	if (options->image && strcmp(options->image, "here") == 0) {
		options->image = NULL;
		return;
	}
	if (options->image || of_this_host)
		return;
	options->size.image_chosen = true;
	options->image = "debian-12";
	for (size_t i = 0; provider && i < COUNT_OF(usual_images); i++) {
		if (strcmp(provider, usual_images[i].provider) == 0)
			options->image = usual_images[i].image;
	}
}

struct finding stock_image_finding(const struct run *run)
{
	struct arena *arena = run->arena;
	struct error ignored = {0};
	const cJSON *image;
	const char *known = "documented";
	__attribute__((cleanup(json_close))) struct json *json =
			find_server(arena, run->options, &image, &ignored);
	if (json)
		known = stock_known(arena, image);
	const char *how = "";
	if (json && view_count(image, "captured_facts") > 0)
		how = arena_printf(arena,
				" Captured from %s.",
				view_text(arena, image, "captured_how", 200));
	return (struct finding){.id = "stock-image",
			.severity = "note",
			.text = arena_printf(arena,
					"Judged for a new machine with this stock image, using facts that are %s; "
					"nothing was read from this machine.%s If no machine type is chosen, 2 vCPUs "
					"and 8 GiB are assumed; change them with --set.",
					known,
					how),
			.where = run->options->image};
}
