/* Puts the parts of the renderer together. */
#include "report/render/render.h"

#include <string.h>

#include "base/array.h"
#include "base/embed.h"
#include "base/hash.h"
#include "base/text.h"
#include "report/chart/type.h"
#include "report/chart/words.h"
#include "report/pdf/pdf.h"
#include "report/pdf/png.h"
#include "report/render/bind.h"
#include "report/render/html.h"
#include "report/render/node.h"
#include "report/render/page.h"

enum {
	FILES_MAX = 24
};

struct render {
	struct arena *arena;
	struct template_file files[FILES_MAX];
	struct template_set set;
	struct theme theme;
	const char *font_dir, *template_dir;
	cJSON *root, *words;
	const char *json;
	size_t json_size;
	const char *remark;
	struct text html;
	struct sha256 used; /* over the user's own templates */
	bool uses_templates;
	bool reduced; /* bound with less evidence than the first budget gives */
	xmlDoc *doc;
};

struct render *render_new(const char *font_dir)
{
	struct arena *arena = arena_new();
	struct render *render = arena_alloc(arena, sizeof *render);
	*render = (struct render){.arena = arena, .font_dir = font_dir};
	sha256_init(&render->used);
	static const char folder[] = "templates/";
	for (size_t i = 0; i < embedded_count && render->set.count < FILES_MAX; i++) {
		const struct embedded_file *file = &embedded_files[i];
		const char *name = file->path + sizeof folder - 1;
		if (text_begins_with(file->path, folder))
			render->files[render->set.count++] = (struct template_file){.name = name,
					.shown = name,
					.bytes = (const char *)file->bytes,
					.size = file->size};
	}
	render->set.files = render->files;
	return render;
}

void render_free(struct render *render)
{
	if (render->doc)
		xmlFreeDoc(render->doc);
	text_release(&render->html);
	cJSON_Delete(render->root);
	cJSON_Delete(render->words);
	arena_free(render->arena);
}

void render_use_template(struct render *render, const char *name, const char *bytes, size_t size)
{
	size_t at = 0;
	while (at < render->set.count && strcmp(render->files[at].name, name) != 0)
		at++;
	if (at == FILES_MAX)
		return;
	struct template_file *file = &render->files[at];
	if (at == render->set.count)
		*file = (struct template_file){.name = arena_strdup(render->arena, name)};
	else if (!file->built_in)
		file->built_in = arena_copy(render->arena, file->bytes, file->size);
	render->set.count += at == render->set.count;
	sha256_add(&render->used, name, strlen(name) + 1);
	sha256_add(&render->used, bytes, size);
	render->uses_templates = true;
	file->bytes = arena_copy(render->arena, bytes, size);
	file->size = size;
	file->shown = render->template_dir
			? arena_printf(render->arena, "%s/%s", render->template_dir, name)
			: file->name;
}

void render_name_templates(struct render *render, const char *dir)
{
	size_t length = strlen(dir);
	while (length > 1 && dir[length - 1] == '/')
		length--;
	render->template_dir = text_clean(render->arena, dir, length, 300);
}

static bool render_read_theme(struct render *render, struct error *err)
{
	const struct template_file *file = template_find(&render->set, "theme.json");
	if (!file)
		return error_set(err, "there is no template theme.json");
	const char *json = arena_copy(render->arena, file->bytes, file->size);
	if (!file->built_in)
		return theme_read(&render->theme, file->shown, json, err);
	return theme_read(&render->theme, file->name, file->built_in, err) &&
			theme_change(&render->theme, file->shown, json, err);
}

static bool render_read_words(struct render *render, struct error *err)
{
	const struct template_file *file = template_find(&render->set, "words.json");
	cJSON_Delete(render->words);
	render->words = words_built_in();
	if (!render->words)
		return error_fail(err, "the built-in words.json is not valid JSON");
	return !file || !file->built_in ||
			words_change(render->words,
					file->shown,
					arena_copy(render->arena, file->bytes, file->size),
					err);
}

bool render_check(struct render *render, struct error *err)
{
	if (!render_read_theme(render, err) || !render_read_words(render, err) ||
			!bind_check(render->arena, &render->set, err))
		return false;
	if (!*render->theme.sans.regular && !*render->theme.mono.regular)
		return true;
	struct type *type = type_open(render->font_dir, &render->theme, err);
	type_close(type);
	return type != NULL;
}

/* "templates, SHA-256 …": the user's own files, by name and content, in the order given. */
static const char *name_of_templates(struct render *render)
{
	unsigned char digest[SHA256_BYTES];
	char hex[SHA256_HEX_MAX];
	struct sha256 copy = render->used;
	const char *dir = render->template_dir;
	if (!dir)
		dir = "files";
	sha256_finish(&copy, digest);
	return arena_printf(render->arena,
			"%s, SHA-256 %s",
			dir,
			hex_encode(digest, sizeof digest, hex));
}

/* A template of one's own may leave the line out, so the page's head has it as well. */
static void add_meta(xmlDoc *doc, const char *name)
{
	xmlNode *child = xmlFirstElementChild(xmlDocGetRootElement(doc));
	while (child && !node_is(child, "head"))
		child = xmlNextElementSibling(child);
	if (!child)
		return;
	xmlNode *meta = xmlNewChild(child, NULL, (const xmlChar *)"meta", NULL);
	xmlSetProp(meta, (const xmlChar *)"name", (const xmlChar *)"headroom-template");
	xmlSetProp(meta, (const xmlChar *)"content", (const xmlChar *)name);
}

static bool bind(struct render *render, const struct page_budget *budget, struct error *err)
{
	const char *name = NULL;
	if (render->doc)
		xmlFreeDoc(render->doc);
	render->doc = NULL;
	if (!page_prepare(render->arena, render->root, render->words, budget, err))
		return false;
	if (render->uses_templates)
		name = name_of_templates(render);
	cJSON *page = cJSON_GetObjectItemCaseSensitive(render->root, "page");
	if (name)
		(void)cJSON_AddStringToObject(page, "template", name);
	render->doc = bind_template(render->arena, &render->set, &render->theme, render->root, err);
	if (name && render->doc)
		add_meta(render->doc, name);
	return render->doc != NULL;
}

enum {
	HTML_BYTES_MAX = 100 * 1000,
	SAYS_WHAT_IS_OMITTED = 300 /* bytes of that sentence */
};

/* Writes the page to measure it, and keeps it as the output. */
static bool is_small_enough(struct render *render)
{
	text_clear(&render->html);
	html_write(render->doc, &render->theme, &render->html);
	return render->html.length <= HTML_BYTES_MAX;
}

/* The document inside the page gets what the page itself leaves of its size. */
static bool bind_within(struct render *render, struct page_budget budget, struct error *err)
{
	budget.island = 0;
	if (!bind(render, &budget, err))
		return false;
	if (!is_small_enough(render))
		return false;
	size_t left = HTML_BYTES_MAX - render->html.length;
	if (left <= SAYS_WHAT_IS_OMITTED)
		return true;
	budget.island = left - SAYS_WHAT_IS_OMITTED;
	if (!bind(render, &budget, err))
		return false;
	return is_small_enough(render);
}

static const struct page_budget budgets[] = {
		{.rows = 200, .bytes = 48 * 1024},
		{.rows = 60, .bytes = 16 * 1024},
		{.rows = 40, .bytes = 9 * 1024},
		{.rows = 20, .bytes = 4 * 1024},
		{.rows = 6, .bytes = 1024},
};

bool render_load(struct render *render, const char *json, size_t length, struct error *err)
{
	render->root = cJSON_ParseWithLength(json, length);
	if (!render->root)
		return error_set(err, "the audit document is not valid JSON");
	render->json = arena_copy(render->arena, json, length);
	render->json_size = length;
	if (!render_read_theme(render, err) || !render_read_words(render, err))
		return false;
	/* A page over the limit is bound again with less evidence. */
	for (size_t i = 0; i < COUNT_OF(budgets); i++) {
		render->reduced = i > 0;
		if (bind_within(render, budgets[i], err) || !render->doc)
			break;
	}
	return render->doc != NULL;
}

const char *render_remark(const struct render *render)
{
	return render->remark;
}

bool render_output(struct render *render, const char *kind, struct text *out, struct error *err)
{
	render->remark = "";
	if (strcmp(kind, "html") == 0) {
		text_add_bytes(out, render->html.data, render->html.length);
		return true;
	}
	/* Only the page is limited in bytes: the PDF shows what was left out of the page. */
	if (render->reduced && strcmp(kind, "pdf") == 0 && !bind(render, &budgets[0], err))
		return false;
	struct pdf_input input = {.arena = render->arena,
			.theme = &render->theme,
			.root = render->root,
			.doc = render->doc,
			.font_dir = render->font_dir,
			.json = render->json,
			.json_size = render->json_size};
	return strcmp(kind, "pdf") == 0 ? pdf_write(&input, out, &render->remark, err)
									: png_write(&input, out, err);
}
