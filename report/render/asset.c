#include "report/render/asset.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "report/render/node.h"

enum {
	IMAGE_BYTES_MAX = 32 * 1024,
	IMAGE_SIDE_MAX = 4000
};

static const unsigned char png_magic[] =
		{0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'}; /* W3C PNG, section 5.2 */

const char *asset_name(const xmlNode *node)
{
	if (node_is(node, "link"))
		return node_attribute(node, "href");
	if (node_is(node, "script") || node_is(node, "img"))
		return node_attribute(node, "src");
	return "";
}

static int asset_line_of(const struct template_file *file, size_t at)
{
	int line = 1;
	for (size_t i = 0; i < at; i++)
		line += file->bytes[i] == '\n';
	return line;
}

static bool check_utf8(const struct template_file *file, struct error *err)
{
	for (size_t at = 0; at < file->size;) {
		uint32_t point;
		size_t length = utf8_decode(file->bytes + at, file->size - at, &point);
		if (!length)
			return error_set(err,
					"%s:%d: not valid UTF-8",
					template_shown(file),
					asset_line_of(file, at));
		at += length;
	}
	return true;
}

/* What the page, which is XML as well, cannot have as it is (XML 1.0, 2.2). */
static bool is_kept_out(char byte)
{
	if ((unsigned char)byte < ' ')
		return byte == '\0' || !strchr("\t\n\r", byte);
	return strchr("<>&\x7f", byte) != NULL;
}

static bool asset_check_text(const struct template_file *file, struct error *err)
{
	if (!check_utf8(file, err))
		return false;
	for (size_t i = 0; i < file->size; i++)
		if (is_kept_out(file->bytes[i]))
			return error_set(err,
					"%s:%d: the bytes <, > and & and control characters are not allowed in an "
					"inlined file",
					template_shown(file),
					asset_line_of(file, i));
	return true;
}

static unsigned big_endian(const char *bytes)
{
	const unsigned char *b = (const unsigned char *)bytes;
	return (unsigned)b[0] << 24 | (unsigned)b[1] << 16 | (unsigned)b[2] << 8 | b[3];
}

/* Magic, then the IHDR chunk: length, type, width, height (W3C PNG, section 11.2.1). */
static bool check_image(const struct template_file *file, struct error *err)
{
	enum {
		HEAD_BYTES = 24
	};
	if (file->size < HEAD_BYTES || memcmp(file->bytes, png_magic, sizeof png_magic) != 0 ||
			memcmp(file->bytes + 12, "IHDR", 4) != 0)
		return error_set(err, "%s: an image must be a PNG file", template_shown(file));
	if (file->size > IMAGE_BYTES_MAX)
		return error_set(err,
				"%s: an image may have at most 32 KiB: it becomes a part of the page",
				template_shown(file));
	unsigned width = big_endian(file->bytes + 16), height = big_endian(file->bytes + 20);
	return (width > 0 && width <= IMAGE_SIDE_MAX && height > 0 && height <= IMAGE_SIDE_MAX) ||
			error_set(err,
					"%s: an image may be at most %d pixels wide and high",
					template_shown(file),
					IMAGE_SIDE_MAX);
}

bool asset_check(const struct template_set *set, const xmlNode *node, struct error *err)
{
	const char *name = asset_name(node);
	const struct template_file *file = template_find(set, name);
	if (*name == '\0' && node_is(node, "img"))
		return error_set(err, "an img needs the name of a PNG file in src");
	if (*name == '\0' && node_is(node, "link"))
		return error_set(err, "a link needs the name of a style sheet in href");
	if (*name == '\0')
		return true;
	if (!file && xmlHasProp((xmlNode *)(uintptr_t)node, (const xmlChar *)"data-optional"))
		return true;
	if (!file)
		return error_set(err, "the file \"%s\", which it names, was not given", name);
	if (!node_is(node, "img"))
		return asset_check_text(file, err);
	return (*node_attribute(node, "alt") || error_set(err, "an img needs an alt text")) &&
			check_image(file, err);
}

static void include_text(const struct template_file *file, const struct theme *theme, xmlNode *node)
{
	bool style = node_is(node, "link");
	struct text text = {0};
	text_add(&text, "\n");
	if (style && theme)
		theme_css(theme, &text);
	text_add_bytes(&text, file->bytes, file->size);
	node_set_content(node, text.data, text.length);
	text_release(&text);
	node_drop_attribute(node, "href");
	node_drop_attribute(node, "rel");
	node_drop_attribute(node, "src");
	if (style)
		xmlNodeSetName(node, (const xmlChar *)"style");
}

/* As wide and high as its attributes say, in CSS pixels; without them, as the file says. */
static void include_image(struct arena *arena, const struct template_file *file, xmlNode *node)
{
	double width = big_endian(file->bytes + 16), height = big_endian(file->bytes + 20),
		   ratio = width / height;
	unsigned long wide = strtoul(node_attribute(node, "width"), NULL, 10),
				  high = strtoul(node_attribute(node, "height"), NULL, 10);
	if (high > 0 && high < IMAGE_SIDE_MAX)
		width = (height = (double)high) * ratio;
	else if (wide > 0 && wide < IMAGE_SIDE_MAX)
		height = (width = (double)wide) / ratio;
	const double points = 0.75; /* of a CSS pixel */
	struct canvas *canvas = canvas_new(arena, "image", width * points, height * points + 4);
	canvas->title = canvas->finding = arena_strdup(arena, node_attribute(node, "alt"));
	canvas_image(canvas, 0, 0, canvas->width, height * points, file->bytes, file->size);
	struct text text = {0};
	text_add(&text, "data:image/png;base64,");
	text_add_base64(&text, file->bytes, file->size);
	xmlSetProp(node, (const xmlChar *)"src", (const xmlChar *)text.data);
	text_release(&text);
	node->_private = canvas;
}

bool asset_include(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		xmlNode *node)
{
	const struct template_file *file = template_find(set, asset_name(node));
	node_drop_attribute(node, "data-optional");
	if (file && node_is(node, "img"))
		include_image(arena, file, node);
	else if (file)
		include_text(file, theme, node);
	return file != NULL;
}
