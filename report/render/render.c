/* Puts the parts of the renderer together. */
#include "report/render/render.h"

#include <stdlib.h>
#include <string.h>

#include "model/embed.h"
#include "report/render/bind.h"
#include "report/render/html.h"
#include "report/render/page.h"
#include "report/render/pdf.h"

enum { FILES_MAX = 16 };

struct render {
	struct arena *arena;
	struct template_file files[FILES_MAX];
	struct template_set set;
	struct theme theme;
	const char *font_dir;
	cJSON *root;
	xmlDoc *doc;
};

struct render *render_new(const char *font_dir)
{
	struct arena *arena = arena_new();
	struct render *render = arena_alloc(arena, sizeof *render);
	*render = (struct render){.arena = arena, .font_dir = font_dir};
	static const char folder[] = "templates/";
	for (size_t i = 0; i < embedded_count && render->set.count < FILES_MAX; i++) {
		const struct embedded_file *file = &embedded_files[i];
		if (strncmp(file->path, folder, sizeof folder - 1) == 0)
			render->files[render->set.count++] = (struct template_file){
				.name = file->path + sizeof folder - 1, .bytes = (const char *)file->bytes, .size = file->size};
	}
	render->set.files = render->files;
	return render;
}

void render_free(struct render *render)
{
	if (render->doc)
		xmlFreeDoc(render->doc);
	cJSON_Delete(render->root);
	arena_free(render->arena);
}

void render_use_template(struct render *render, const char *name, const char *bytes, size_t size)
{
	for (size_t i = 0; i < render->set.count; i++) {
		if (strcmp(render->files[i].name, name) != 0)
			continue;
		render->files[i].bytes = arena_copy(render->arena, bytes, size);
		render->files[i].size = size;
	}
}

static bool read_theme(struct render *render, struct error *err)
{
	const struct template_file *file = template_find(&render->set, "theme.json");
	if (!file)
		return error_set(err, "there is no template theme.json");
	const char *json = arena_copy(render->arena, file->bytes, file->size);
	return theme_read(&render->theme, file->name, json, err);
}

static bool bind(struct render *render, const struct page_budget *budget, struct error *err)
{
	if (render->doc)
		xmlFreeDoc(render->doc);
	render->doc = NULL;
	if (page_prepare(render->arena, render->root, budget, err))
		render->doc = bind_template(render->arena, &render->set, &render->theme, render->root, err);
	return render->doc != NULL;
}

static bool is_small_enough(const struct render *render)
{
	enum { HTML_BYTES_MAX = 200 * 1000 };
	struct text html = {0};
	html_write(render->doc, &render->theme, &html);
	bool small = html.length <= HTML_BYTES_MAX;
	text_release(&html);
	return small;
}

bool render_load(struct render *render, const char *json, size_t length, struct error *err)
{
	render->root = cJSON_ParseWithLength(json, length);
	if (!render->root)
		return error_set(err, "the audit document is not valid JSON");
	if (!read_theme(render, err))
		return false;
	/* A page over the limit is bound again with less evidence. */
	static const struct page_budget budgets[] = {{200, 48 * 1024}, {60, 16 * 1024}, {20, 4 * 1024}};
	for (size_t i = 0; i < sizeof budgets / sizeof *budgets; i++)
		if (!bind(render, &budgets[i], err) || is_small_enough(render))
			break;
	return render->doc != NULL;
}

bool render_output(struct render *render, const char *kind, struct text *out, struct error *err)
{
	if (strcmp(kind, "html") == 0) {
		html_write(render->doc, &render->theme, out);
		return true;
	}
	struct pdf_input input = {.arena = render->arena, .theme = &render->theme, .root = render->root,
	                          .doc = render->doc, .font_dir = render->font_dir};
	return strcmp(kind, "pdf") == 0 ? pdf_write(&input, out, err) : pdf_write_png(&input, out, err);
}
