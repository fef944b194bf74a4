/* Fonts, layouts and lines. Reads font files and nothing else. */
#include "report/chart/type.h"

#include <fontconfig/fontconfig.h>
#include <math.h>
#include <pango/pangofc-font.h>
#include <pango/pangofc-fontmap.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"

enum {
	PATH_BYTES_MAX = 4096
};

enum {
	COMPLAINT_BYTES = 200
};

struct type {
	FcConfig *config;
	FcCharSet *glyphs;
	PangoFontMap *map;
	PangoContext *context;
	const char *sans, *mono;         /* families */
	char complaint[COMPLAINT_BYTES]; /* "" until there is one */
};

static const char *const files[] = {"DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSansMono.ttf"};
enum {
	FILES = COUNT_OF(files)
};

/* Debian, Fedora, Arch, openSUSE; the last for fonts of a theme. */
static const char *const places[] = {
		"/usr/share/fonts/truetype/dejavu",
		"/usr/share/fonts/dejavu-sans-fonts",
		"/usr/share/fonts/dejavu",
		"/usr/share/fonts/TTF",
		"/usr/share/fonts/truetype",
		"/usr/local/share/fonts",
		"/usr/share/fonts",
};

const char *const *type_places(size_t *ret_count)
{
	*ret_count = COUNT_OF(places);
	return places;
}

static const char *find_dir(const char *wanted)
{
	size_t count = wanted ? 1 : COUNT_OF(places);
	for (size_t i = 0; i < count; i++) {
		const char *dir = wanted ? wanted : places[i];
		char path[PATH_BYTES_MAX];
		int length = snprintf(path, sizeof path, "%s/%s", dir, files[0]);
		if (length > 0 && (size_t)length < sizeof path && access(path, R_OK) == 0)
			return dir;
	}
	return NULL;
}

static bool has_family(const struct type *type, const char *family)
{
	FcFontSet *set = FcConfigGetFonts(type->config, FcSetApplication);
	for (int i = 0; set && i < set->nfont; i++) {
		FcChar8 *name = NULL;
		for (int n = 0; FcPatternGetString(set->fonts[i], FC_FAMILY, n, &name) == FcResultMatch;
				n++)
			if (strcmp((const char *)name, family) == 0)
				return true;
	}
	return false;
}

/* Is the file a font's? It lies beside the theme and is no link, or in a directory of fonts. */
static bool may_be_read(const char *path)
{
	char real[PATH_BYTES_MAX];
	struct stat status;
	if (*path != '/')
		return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
	if (!realpath(path, real))
		return false;
	for (size_t i = 0; i < COUNT_OF(places); i++) {
		size_t length = strlen(places[i]);
		if (text_begins_with(real, places[i]) && real[length] == '/')
			return true;
	}
	return lstat(path, &status) == 0 && S_ISREG(status.st_mode);
}

/* The theme's own font: its files, and a family that they have. DejaVu stays for what it lacks. */
static bool load_own(struct type *type,
		const struct theme_font *font,
		const char **family,
		struct error *err)
{
	const char *const paths[] = {font->regular, font->bold};
	if (!*font->regular)
		return true;
	for (size_t i = 0; i < 2; i++)
		if (!may_be_read(paths[i]) ||
				!FcConfigAppFontAddFile(type->config, (const FcChar8 *)paths[i]))
			return error_fail(err,
					"the theme's font %s cannot be read (the renderer runs as nobody, and follows "
					"no link)",
					paths[i]);
	if (!has_family(type, font->family))
		return error_fail(err,
				"the theme's font %s is not of the family \"%s\"",
				font->regular,
				font->family);
	*family = font->family;
	return true;
}

static bool load_fonts(struct type *type,
		const char *dir,
		const struct theme *theme,
		struct error *err)
{
	type->config = FcConfigCreate();
	for (size_t i = 0; type->config && i < FILES; i++) {
		char path[PATH_BYTES_MAX];
		(void)snprintf(path, sizeof path, "%s/%s", dir, files[i]);
		if (access(path, R_OK) != 0 || !FcConfigAppFontAddFile(type->config, (const FcChar8 *)path))
			return error_fail(err,
					"the font %s cannot be read: install the package fonts-dejavu-core",
					path);
	}
	type->sans = "DejaVu Sans";
	type->mono = "DejaVu Sans Mono";
	if (theme &&
			(!load_own(type, &theme->sans, &type->sans, err) ||
					!load_own(type, &theme->mono, &type->mono, err)))
		return false;
	type->glyphs = FcCharSetCreate();
	FcFontSet *set = type->config ? FcConfigGetFonts(type->config, FcSetApplication) : NULL;
	for (int i = 0; set && i < set->nfont; i++) {
		FcCharSet *some = NULL;
		if (FcPatternGetCharSet(set->fonts[i], FC_CHARSET, 0, &some) == FcResultMatch)
			(void)FcCharSetMerge(type->glyphs, some, NULL);
	}
	if (!set || !FcCharSetHasChar(type->glyphs, 'A'))
		return error_fail(err,
				"the fonts in %s have no letters: install the package fonts-dejavu-core",
				dir);
	return true;
}

static void make_context(struct type *type)
{
	FcConfigSetCurrent(type->config); /* else Pango reads the host's configuration */
	type->map = pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT);
	pango_fc_font_map_set_config(PANGO_FC_FONT_MAP(type->map), type->config);
	type->context = pango_font_map_create_context(type->map);
	cairo_font_options_t *options = cairo_font_options_create();
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	pango_cairo_context_set_font_options(type->context, options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(type->context, 72);
	pango_context_set_base_dir(type->context, PANGO_DIRECTION_LTR);
	pango_context_set_round_glyph_positions(type->context, FALSE);
	pango_context_set_language(type->context, pango_language_from_string("en"));
}

/* Without it they would go on after a line on the standard error. */
static void on_complaint(const char *domain,
		GLogLevelFlags level,
		const char *message,
		void *context)
{
	struct type *type = context;
	if (level & G_LOG_FLAG_FATAL)
		g_log_default_handler(domain, level, message, NULL);
	if ((level & G_LOG_LEVEL_MASK) > G_LOG_LEVEL_WARNING || !domain)
		return;
	if (!*type->complaint)
		(void)snprintf(type->complaint, sizeof type->complaint, "%s: %s", domain, message);
}

const char *type_complaint(const struct type *type)
{
	if (*type->complaint == '\0')
		return NULL;
	return type->complaint;
}

struct type *type_open(const char *wanted, const struct theme *theme, struct error *err)
{
	const char *dir = find_dir(wanted);
	if (!dir) {
		(void)error_fail(err,
				"no fonts: %s is not in %s; install the package fonts-dejavu-core",
				files[0],
				wanted ? wanted : places[0]);
		return NULL;
	}
	struct type *type = g_new0(struct type, 1);
	(void)g_log_set_default_handler(on_complaint, type);
	if (load_fonts(type, dir, theme, err)) {
		make_context(type);
		return type;
	}
	type_close(type);
	return NULL;
}

void type_close(struct type *type)
{
	if (!type)
		return;
	(void)g_log_set_default_handler(g_log_default_handler, NULL);
	if (type->context)
		g_object_unref(type->context);
	if (type->map)
		g_object_unref(type->map);
	if (type->glyphs)
		FcCharSetDestroy(type->glyphs);
	if (type->config)
		FcConfigDestroy(type->config);
	g_free(type);
}

const char *type_family(const struct type *type, bool mono)
{
	return mono ? type->mono : type->sans;
}

PangoLayout *type_layout(const struct type *type,
		const char *text,
		double size,
		bool bold,
		bool mono)
{
	PangoLayout *layout = pango_layout_new(type->context);
	PangoFontDescription *font = pango_font_description_new();
	pango_font_description_set_family_static(font, type_family(type, mono));
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(layout, font);
	pango_font_description_free(font);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_text(layout, text, -1);
	PangoAttrList *list = pango_attr_list_new();
	pango_attr_list_insert(list, pango_attr_font_features_new("liga=0, clig=0"));
	pango_attr_list_insert(list, pango_attr_insert_hyphens_new(FALSE));
	pango_layout_set_attributes(layout, list);
	pango_attr_list_unref(list);
	return layout;
}

const char *type_safe(const struct type *type, struct arena *arena, const char *text)
{
	struct text safe = {0};
	for (const char *at = text; *at;) {
		const char *next = g_utf8_next_char(at);
		gunichar letter = g_utf8_get_char(at);
		if (letter < 0x80 || letter == 0x2028 || FcCharSetHasChar(type->glyphs, letter))
			text_add_bytes(&safe, at, (size_t)(next - at));
		else
			text_addf(&safe, "\\u{%X}", letter);
		at = next;
	}
	return text_take(arena, &safe);
}

static guint16 channel(unsigned rgb, unsigned shift)
{
	return (guint16)((rgb >> shift & 0xff) * 0x101);
}

PangoAttribute *type_color(const struct theme *theme, enum color color)
{
	unsigned rgb = theme->light[color];
	return pango_attr_foreground_new(channel(rgb, 16), channel(rgb, 8), channel(rgb, 0));
}

void type_set_color(cairo_t *cr, const struct theme *theme, enum color color)
{
	unsigned rgb = theme->light[color];
	cairo_set_source_rgb(cr,
			(rgb >> 16 & 0xff) / 255.0,
			(rgb >> 8 & 0xff) / 255.0,
			(rgb & 0xff) / 255.0);
}

static void use_foreground(cairo_t *cr, const PangoItem *item)
{
	for (const GSList *at = item->analysis.extra_attrs; at; at = at->next) {
		const PangoAttribute *attribute = at->data;
		if (attribute->klass->type != PANGO_ATTR_FOREGROUND)
			continue;
		const PangoColor *color = &((const PangoAttrColor *)attribute)->color;
		cairo_set_source_rgb(cr,
				color->red / 65535.0,
				color->green / 65535.0,
				color->blue / 65535.0);
	}
}

double type_show_run(cairo_t *cr, const char *text, PangoLayoutRun *run, double x, double baseline)
{
	use_foreground(cr, run->item);
	cairo_move_to(cr, x, baseline);
	pango_cairo_show_glyph_item(cr, text, run);
	return pango_glyph_string_get_width(run->glyphs) / (double)PANGO_SCALE;
}

void type_restore_blank(PangoLayoutLine *line, const char *text)
{
	const GSList *last = g_slist_last(line->runs);
	if (!last || line->length == 0 || text[line->start_index + line->length - 1] != ' ')
		return;
	PangoLayoutRun *run = last->data;
	PangoGlyphInfo *glyph = &run->glyphs->glyphs[run->glyphs->num_glyphs - 1];
	if (glyph->glyph == PANGO_GLYPH_EMPTY)
		glyph->glyph = pango_fc_font_get_glyph(PANGO_FC_FONT(run->item->analysis.font), ' ');
}

void type_show(const struct type *type, cairo_t *cr, PangoLayout *layout, double x, double baseline)
{
	(void)type;
	PangoLayoutLine *line = pango_layout_get_line(layout, 0);
	for (GSList *at = line ? line->runs : NULL; at; at = at->next)
		x += type_show_run(cr, pango_layout_get_text(layout), at->data, x, baseline);
}
