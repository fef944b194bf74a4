/* Reads theme.json and writes it as CSS. */
#include "report/chart/theme.h"

#include <cjson/cJSON.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/text.h"

static bool read_color(const cJSON *pair, int index, unsigned *ret)
{
	const cJSON *item = cJSON_GetArrayItem(pair, index);
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdefABCDEF") != 6)
		return false;
	*ret = (unsigned)strtoul(text + 1, NULL, 16);
	return true;
}

static bool read_colors(struct theme *theme,
		const char *name,
		const cJSON *colors,
		bool change,
		struct error *err)
{
	for (int color = COLOR_BG; color < COLORS; color++) {
		const cJSON *pair = cJSON_GetObjectItemCaseSensitive(colors, color_names[color]);
		if (!pair && change)
			continue;
		if (!read_color(pair, 0, &theme->light[color]) || !read_color(pair, 1, &theme->dark[color]))
			return error_set(err,
					"%s: colors.%s must be two colors, light and dark, like \"#1b1f24\"",
					name,
					color_names[color]);
	}
	return true;
}

static const struct size_row {
	const char *name;
	size_t offset; /* in struct theme */
	double least, most;
} size_rows[] = {
		{"page_width", offsetof(struct theme, pdf.page_width), 300, 3000},
		{"page_height", offsetof(struct theme, pdf.page_height), 300, 3000},
		{"margin", offsetof(struct theme, pdf.margin), 10, 140},
		{"body", offsetof(struct theme, pdf.body), 4, 24},
		{"small", offsetof(struct theme, pdf.small), 4, 24},
		{"mono", offsetof(struct theme, pdf.mono), 4, 24},
		{"h1", offsetof(struct theme, pdf.h1), 4, 48},
		{"h2", offsetof(struct theme, pdf.h2), 4, 48},
		{"h3", offsetof(struct theme, pdf.h3), 4, 48},
		{"big", offsetof(struct theme, pdf.big), 4, 48},
};

enum {
	SIZE_ROWS = COUNT_OF(size_rows)
};

static bool read_sizes(struct theme *theme,
		const char *name,
		const cJSON *pdf,
		bool change,
		struct error *err)
{
	for (size_t i = 0; i < SIZE_ROWS; i++) {
		const struct size_row *row = &size_rows[i];
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(pdf, row->name);
		if (!item && change)
			continue;
		if (!cJSON_IsNumber(item) ||
				!(item->valuedouble >= row->least && item->valuedouble <= row->most))
			return error_set(err,
					"%s: pdf.%s must be a number of points from %.0f to %.0f",
					name,
					row->name,
					row->least,
					row->most);
		*(double *)(void *)((char *)theme + row->offset) = item->valuedouble;
	}
	return true;
}

/* Into CSS and to Pango: nothing but names. */
static bool read_family(const char *name,
		const char *which,
		const cJSON *item,
		char family[FONT_NAME_MAX],
		struct error *err)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 -";
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	if (!*text || strlen(text) >= FONT_NAME_MAX || text[strspn(text, plain)])
		return error_set(err,
				"%s: fonts.%s.family must be a name of letters, digits, blanks and dashes",
				name,
				which);
	(void)snprintf(family, FONT_NAME_MAX, "%s", text);
	return true;
}

/* A file's name: beside the theme, or the path of a font that is installed. */
static bool is_font_path(const char *text)
{
	if (!*text || strstr(text, ".."))
		return false;
	if (!strchr(text, '/'))
		return true;
	return text_begins_with(text, "/usr/share/fonts/") ||
			text_begins_with(text, "/usr/local/share/fonts/");
}

static bool not_a_font(const char *name, const char *which, const char *text, struct error *err)
{
	return error_set(err,
			"%s: fonts.%s: \"%.200s\" is neither a name of a file beside it nor a path below "
			"/usr/share/fonts or /usr/local/share/fonts",
			name,
			which,
			text);
}

static bool read_font_file(const char *name,
		const char *which,
		const cJSON *item,
		char path[FONT_PATH_MAX],
		struct error *err)
{
	const char *text = cJSON_IsString(item) ? item->valuestring : "", *slash = strrchr(name, '/');
	int dir = slash ? (int)(slash - name) : 0;
	if (*text && !is_font_path(text))
		return not_a_font(name, which, text, err);
	int length = *text == '/' || !slash ? snprintf(path, FONT_PATH_MAX, "%s", text)
										: snprintf(path, FONT_PATH_MAX, "%.*s/%s", dir, name, text);
	return (*text && length > 0 && length < FONT_PATH_MAX) ||
			error_set(err,
					"%s: fonts.%s needs the names of its files, \"regular\" and \"bold\"",
					name,
					which);
}

static bool read_font(const char *name,
		const char *which,
		const cJSON *font,
		struct theme_font *ret_font,
		struct error *err)
{
	const cJSON *member;
	cJSON_ArrayForEach(member, font)
		if (strcmp(member->string, "family") != 0 && strcmp(member->string, "regular") != 0 &&
				strcmp(member->string, "bold") != 0)
			return error_set(err,
					"%s: there is no member \"%.60s\" in fonts.%s",
					name,
					member->string,
					which);
	if (!font)
		return true;
	const cJSON *regular = cJSON_GetObjectItemCaseSensitive(font, "regular"),
				*bold = cJSON_GetObjectItemCaseSensitive(font, "bold");
	if (!read_family(name,
				which,
				cJSON_GetObjectItemCaseSensitive(font, "family"),
				ret_font->family,
				err))
		return false;
	return (!regular && !bold) ||
			(read_font_file(name, which, regular, ret_font->regular, err) &&
					read_font_file(name, which, bold ? bold : regular, ret_font->bold, err));
}

static bool read_fonts(struct theme *theme, const char *name, const cJSON *fonts, struct error *err)
{
	return read_font(name,
				   "sans",
				   cJSON_GetObjectItemCaseSensitive(fonts, "sans"),
				   &theme->sans,
				   err) &&
			read_font(name,
					"mono",
					cJSON_GetObjectItemCaseSensitive(fonts, "mono"),
					&theme->mono,
					err);
}

static bool is_font_name(const char *name)
{
	return strcmp(name, "sans") == 0 || strcmp(name, "mono") == 0;
}

static bool is_size_name(const char *name)
{
	for (size_t i = 0; i < SIZE_ROWS; i++)
		if (strcmp(size_rows[i].name, name) == 0)
			return true;
	return false;
}

static bool is_color_name(const char *name)
{
	for (int color = COLOR_BG; color < COLORS; color++)
		if (strcmp(color_names[color], name) == 0)
			return true;
	return false;
}

/* A misspelt name would change nothing and say nothing. */
static bool theme_check_names(const char *file, const cJSON *root, struct error *err)
{
	static const struct {
		const char *group;
		bool (*is_name)(const char *);
	} groups[] = {{"colors", is_color_name}, {"pdf", is_size_name}, {"fonts", is_font_name}};
	enum {
		GROUPS = COUNT_OF(groups)
	};
	const cJSON *group, *member;
	cJSON_ArrayForEach(group, root) {
		size_t i = 0;
		while (i < GROUPS && strcmp(groups[i].group, group->string ? group->string : "") != 0)
			i++;
		if (i == GROUPS)
			return error_set(err,
					"%s: there is no member \"%.60s\" in a theme; it has colors, fonts and pdf",
					file,
					group->string ? group->string : "");
		cJSON_ArrayForEach(member, group)
			if (!member->string || !groups[i].is_name(member->string))
				return error_set(err,
						"%s: there is no member \"%.60s\" in %s",
						file,
						member->string ? member->string : "",
						groups[i].group);
	}
	return true;
}

static bool theme_read_colors(struct theme *theme,
		const char *name,
		const char *json,
		bool change,
		struct error *err)
{
	const char *end = json;
	__attribute__((cleanup(json_close_tree))) cJSON *root = cJSON_ParseWithOpts(json, &end, true);
	int line = 1;
	for (const char *at = json; at < end; at++)
		line += *at == '\n';
	if (!cJSON_IsObject(root))
		return error_set(err, "%s:%d: not valid JSON", name, line);
	return theme_check_names(name, root, err) &&
			read_colors(theme,
					name,
					cJSON_GetObjectItemCaseSensitive(root, "colors"),
					change,
					err) &&
			read_sizes(theme, name, cJSON_GetObjectItemCaseSensitive(root, "pdf"), change, err) &&
			read_fonts(theme, name, cJSON_GetObjectItemCaseSensitive(root, "fonts"), err);
}

bool theme_read(struct theme *theme, const char *name, const char *json, struct error *err)
{
	return theme_read_colors(theme, name, json, false, err);
}

bool theme_change(struct theme *theme, const char *name, const char *json, struct error *err)
{
	return theme_read_colors(theme, name, json, true, err);
}

static void variables(const unsigned colors[COLORS], struct text *out)
{
	text_add(out, ":root{");
	for (int color = COLOR_BG; color < COLORS; color++)
		text_addf(out, "--%s:#%06x;", color_names[color], colors[color]);
	text_add(out, "}");
}

void theme_css(const struct theme *theme, struct text *out)
{
	variables(theme->light, out);
	if (*theme->sans.family)
		text_addf(out, ":root{--sans:\"%s\"}", theme->sans.family);
	if (*theme->mono.family)
		text_addf(out, ":root{--mono:\"%s\"}", theme->mono.family);
	text_add(out, "\n@media screen and (prefers-color-scheme:dark){");
	variables(theme->dark, out);
	text_add(out, "}\n");
	for (int color = COLOR_BG; color < COLORS; color++)
		text_addf(out,
				".f-%s{fill:var(--%s)}.s-%s{stroke:var(--%s)}",
				color_names[color],
				color_names[color],
				color_names[color],
				color_names[color]);
	text_add(out, "\n");
}
