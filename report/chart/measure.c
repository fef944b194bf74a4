/* How wide a text is at most: the advance widths of DejaVu Sans, the widest font that shows a
 * chart. No font is loaded, so that HTML needs none. Texts are cut to their place with it; anchors
 * place them. */
#include <string.h>

#include "report/chart/canvas.h"

/* Thousandths of the size, from the blank to the tilde; from DejaVu 2.37's tables. */
static const unsigned short widths[2][95] = {
		{318,
				401,
				460,
				838,
				636,
				950,
				780,
				275,
				390,
				390,
				500,
				838,
				318,
				361,
				318,
				337,
				636,
				636,
				636,
				636,
				636,
				636,
				636,
				636,
				636,
				636,
				337,
				337,
				838,
				838,
				838,
				531,
				1000,
				684,
				686,
				698,
				770,
				632,
				575,
				775,
				752,
				295,
				295,
				656,
				557,
				863,
				748,
				787,
				603,
				787,
				695,
				635,
				611,
				732,
				684,
				989,
				685,
				611,
				685,
				390,
				337,
				390,
				838,
				500,
				500,
				613,
				635,
				550,
				635,
				615,
				352,
				635,
				634,
				278,
				278,
				579,
				278,
				974,
				634,
				612,
				635,
				635,
				411,
				521,
				392,
				634,
				592,
				818,
				592,
				592,
				525,
				636,
				337,
				636,
				838},
		{348,
				456,
				521,
				838,
				696,
				1002,
				872,
				306,
				457,
				457,
				523,
				838,
				380,
				415,
				380,
				365,
				696,
				696,
				696,
				696,
				696,
				696,
				696,
				696,
				696,
				696,
				400,
				400,
				838,
				838,
				838,
				580,
				1000,
				774,
				762,
				734,
				830,
				683,
				683,
				821,
				837,
				372,
				372,
				775,
				637,
				995,
				837,
				850,
				733,
				850,
				770,
				720,
				682,
				812,
				774,
				1103,
				771,
				724,
				725,
				457,
				365,
				457,
				838,
				500,
				500,
				675,
				716,
				593,
				716,
				678,
				435,
				716,
				712,
				343,
				343,
				665,
				343,
				1042,
				712,
				687,
				716,
				716,
				493,
				595,
				478,
				712,
				652,
				924,
				645,
				652,
				582,
				712,
				365,
				712,
				838},
};

static size_t measure_step(const unsigned char *at)
{
	size_t bytes = *at < 0xc0 ? 1 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;
	for (size_t i = 1; i < bytes; i++)
		if (at[i] == '\0')
			return i;
	return bytes;
}

/* From U+2E80 on the PDF writes what its fonts lack as \u{6F22}, or \u{1F600}. */
static double measure_width_of(const unsigned char *at, bool bold)
{
	if (*at < 0x20)
		return 0;
	if (*at < 0x7f)
		return widths[bold][*at - 0x20];
	if (*at < 0xe2 || (*at == 0xe2 && at[1] < 0xba))
		return bold ? 1200 : 1100;
	return *at >= 0xf0 ? 6600 : 5900;
}

double canvas_text_width(const char *text, double size, bool bold)
{
	double sum = 0;
	for (const unsigned char *at = (const unsigned char *)text; *at; at += measure_step(at))
		sum += measure_width_of(at, bold);
	return sum * size / 1000;
}

/* The longest beginning that is not wider. */
static size_t measure_fitting(const char *text, double size, bool bold, double width)
{
	const unsigned char *at = (const unsigned char *)text;
	double sum = 0;
	for (; *at; at += measure_step(at)) {
		sum += measure_width_of(at, bold) * size / 1000;
		if (sum > width)
			break;
	}
	return (size_t)(at - (const unsigned char *)text);
}

const char *canvas_fit(struct arena *arena, const char *text, double size, bool bold, double width)
{
	if (canvas_text_width(text, size, bold) <= width)
		return text;
	size_t length = measure_fitting(text, size, bold, width - canvas_text_width("…", size, bold));
	while (length > 0 && text[length - 1] == ' ')
		length--;
	return arena_printf(arena, "%.*s…", (int)length, text);
}

size_t canvas_wrap(struct arena *arena,
		const char *text,
		double size,
		double width,
		const char **lines,
		size_t most)
{
	size_t count = 0;
	while (*text && count < most) {
		size_t length = measure_fitting(text, size, false, width);
		if (text[length] == '\0' || count + 1 == most) {
			lines[count++] = canvas_fit(arena, text, size, false, width);
			break;
		}
		size_t end = length;
		while (end > 0 && text[end] != ' ')
			end--;
		if (end == 0) { /* one long word */
			lines[count++] = canvas_fit(arena, text, size, false, width);
			break;
		}
		lines[count++] = arena_copy(arena, text, end);
		text += end + 1;
	}
	return count;
}
