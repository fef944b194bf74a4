/* Reads theme.json and writes it as CSS. */
#include "report/chart/theme.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

static void free_json(cJSON **json)
{
	cJSON_Delete(*json);
}

static bool read_color(const cJSON *pair, int index, unsigned *ret)
{
	const cJSON *item = cJSON_GetArrayItem(pair, index);
	const char *text = cJSON_IsString(item) ? item->valuestring : "";
	if (text[0] != '#' || strlen(text) != 7 || strspn(text + 1, "0123456789abcdef") != 6)
		return false;
	*ret = (unsigned)strtoul(text + 1, NULL, 16);
	return true;
}

static bool read_colors(struct theme *theme, const char *name, const cJSON *colors, struct error *err)
{
	for (int color = COLOR_BG; color < COLORS; color++) {
		const cJSON *pair = cJSON_GetObjectItemCaseSensitive(colors, color_names[color]);
		if (!read_color(pair, 0, &theme->light[color]) || !read_color(pair, 1, &theme->dark[color]))
			return error_set(err, "%s: colors.%s must be two colors, light and dark, like \"#1b1f24\"", name,
			                 color_names[color]);
	}
	return true;
}

static bool read_sizes(struct theme *theme, const char *name, const cJSON *pdf, struct error *err)
{
	const struct { const char *name; double *at, least, most; } rows[] = {
		{"page_width", &theme->pdf.page_width, 300, 3000},
		{"page_height", &theme->pdf.page_height, 300, 3000},
		{"margin", &theme->pdf.margin, 10, 140},
		{"body", &theme->pdf.body, 4, 24},
		{"small", &theme->pdf.small, 4, 24},
		{"mono", &theme->pdf.mono, 4, 24},
		{"h1", &theme->pdf.h1, 4, 48},
		{"h2", &theme->pdf.h2, 4, 48},
		{"h3", &theme->pdf.h3, 4, 48},
		{"big", &theme->pdf.big, 4, 48},
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const cJSON *item = cJSON_GetObjectItemCaseSensitive(pdf, rows[i].name);
		if (!cJSON_IsNumber(item) || !(item->valuedouble >= rows[i].least && item->valuedouble <= rows[i].most))
			return error_set(err, "%s: pdf.%s must be a number of points from %.0f to %.0f", name, rows[i].name,
			                 rows[i].least, rows[i].most);
		*rows[i].at = item->valuedouble;
	}
	return true;
}

bool theme_read(struct theme *theme, const char *name, const char *json, struct error *err)
{
	__attribute__((cleanup(free_json))) cJSON *root = cJSON_Parse(json);
	if (!root)
		return error_set(err, "%s: not valid JSON", name);
	return read_colors(theme, name, cJSON_GetObjectItemCaseSensitive(root, "colors"), err) &&
	       read_sizes(theme, name, cJSON_GetObjectItemCaseSensitive(root, "pdf"), err);
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
	text_add(out, "\n@media screen and (prefers-color-scheme:dark){");
	variables(theme->dark, out);
	text_add(out, "}\n");
	for (int color = COLOR_BG; color < COLORS; color++)
		text_addf(out, ".f-%s{fill:var(--%s)}.s-%s{stroke:var(--%s)}", color_names[color], color_names[color],
		          color_names[color], color_names[color]);
	text_add(out, "\n");
}
