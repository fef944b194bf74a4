/* headroom schema: the JSON Schemas of docs/, as they were when the program was built. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/output/output.h"
#include "base/embed.h"
#include "base/os/json.h"
#include "base/suggest.h"
#include "report/document/view.h"
#include "report/write/columns.h"

static const char schema_folder[] = "docs/";
static const char schema_ending[] = ".schema.json";
static const char schema_indent[] = "                                     ";

enum {
	SCHEMAS_MAX = 64,
	SCHEMA_NAME_COLUMNS = 13,
	SCHEMA_DOCUMENT_COLUMNS = 24,
	SCHEMA_COLUMNS = 80
};

/* In the order of their names. */
struct schemas {
	struct arena *arena;
	const char *names[SCHEMAS_MAX + 1]; /* "audit" for docs/audit.schema.json; a NULL ends them */
	const struct embedded_file *files[SCHEMAS_MAX];
	size_t count;
};

/* One of them, opened. */
struct schema {
	const char *name;
	const cJSON *root;
};

static void schemas_add(struct schemas *schemas, const struct embedded_file *file)
{
	const size_t at = schemas->count++;
	const char *name = file->path + strlen(schema_folder);
	size_t length = strlen(name) - strlen(schema_ending);
	schemas->files[at] = file;
	schemas->names[at] = arena_copy(schemas->arena, name, length);
}

static void schemas_find(struct schemas *schemas)
{
	const struct embedded_file *file = embedded_files;
	for (; file->path; file++) {
		if (!text_begins_with(file->path, schema_folder))
			continue;
		if (schemas->count == SCHEMAS_MAX)
			return;
		schemas_add(schemas, file);
	}
}

/* "headroom.audit/2", as documents name it; of several versions the one that is written. */
static const char *schema_of_documents(struct arena *arena, const cJSON *schema)
{
	const char *one = view_text(arena, schema, "properties.schema.const", 0);
	const cJSON *several = view_array(schema, "properties.schema.enum");
	if (!several)
		return one;
	const cJSON *latest = several->child;
	if (!cJSON_IsString(latest))
		return "";
	return latest->valuestring;
}

/* Its first sentence. */
static const char *schema_about(struct arena *arena, const cJSON *schema)
{
	const char *about = view_text(arena, schema, "description", 0);
	size_t length = strcspn(about, ";.");
	return arena_copy(arena, about, length);
}

static void schema_add_row(struct arena *arena, const struct schema *schema, struct text *out)
{
	struct text left = {0};
	const char *documents = schema_of_documents(arena, schema->root);
	const char *about = schema_about(arena, schema->root);
	columns_left(&left, schema->name, SCHEMA_NAME_COLUMNS);
	columns_left(&left, documents, SCHEMA_DOCUMENT_COLUMNS);
	columns_wrap(out, left.data, schema_indent, about, SCHEMA_COLUMNS);
	text_release(&left);
}

static struct json *schema_open(const struct embedded_file *file, struct error *err)
{
	const char *bytes = (const char *)file->bytes;
	return json_read_built_in(file->path, bytes, file->size, err);
}

static bool schemas_list(const struct schemas *schemas, struct text *out, struct error *err)
{
	for (size_t i = 0; i < schemas->count; i++) {
		__attribute__((cleanup(json_close))) struct json *json = NULL;
		json = schema_open(schemas->files[i], err);
		if (!json)
			return false;
		const struct schema schema = {
				.name = schemas->names[i],
				.root = json_root(json),
		};
		schema_add_row(schemas->arena, &schema, out);
	}
	return true;
}

static bool schemas_lack(const struct schemas *schemas, const char *word, struct error *err)
{
	static const char lacks[] = "unknown schema \"%.60s\"%s (choose one of:%s)";
	char question[SUGGEST_MAX];
	struct arena *arena = schemas->arena;
	const char *list = "";
	for (size_t i = 0; i < schemas->count; i++) {
		const char *name = schemas->names[i];
		list = arena_printf(arena, "%s %s", list, name);
	}
	(void)suggest_question(question, word, schemas->names);
	return error_set(err, lacks, word, question, list);
}

/* "headroom.audit/2" means "audit" as well: that is what a document says. */
static const char *schema_word(struct arena *arena, const char *word)
{
	static const char prefix[] = "headroom.";
	if (!text_begins_with(word, prefix))
		return word;
	word += strlen(prefix);
	size_t length = strcspn(word, "/");
	return arena_copy(arena, word, length);
}

static bool schemas_print(const struct schemas *schemas, const char *word, struct error *err)
{
	const char *name = schema_word(schemas->arena, word);
	const struct embedded_file *file = NULL;
	for (size_t i = 0; i < schemas->count; i++) {
		bool same = strcmp(schemas->names[i], name) == 0;
		if (same)
			file = schemas->files[i];
	}
	if (!file)
		return schemas_lack(schemas, word, err);
	const char *bytes = (const char *)file->bytes;
	return output_stdout(bytes, file->size, err);
}

static bool schemas_show(const struct schemas *schemas, struct error *err)
{
	struct text out = {0};
	if (schemas_list(schemas, &out, err))
		return output_text(&out, err);
	text_release(&out);
	return false;
}

bool command_schema(const struct run *run, int *ret_exit, struct error *err)
{
	static const char several[] = "schema takes a single name, got also \"%.60s\"";
	const struct name_list words = run->options->arguments;
	struct schemas schemas = {.arena = run->arena};
	(void)ret_exit;
	schemas_find(&schemas);
	if (words.count == 0)
		return schemas_show(&schemas, err);
	if (words.count > 1)
		return error_set(err, several, words.items[1]);
	return schemas_print(&schemas, words.items[0], err);
}
