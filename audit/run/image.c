/* Says what was assumed of an image. */
#include "audit/run/image.h"

#include "base/text.h"
#include "report/document/image.h"

/* "net.core.somaxconn 4,096" */
static const char *assumed_text(struct arena *arena, const struct fact *fact)
{
	char number[NUMBER_TEXT_MAX];
	const char *value = fact->text;
	if (fact->unit != UNIT_TEXT)
		value = text_number(number, fact->number, fact->unit);
	if (!*value)
		value = "empty";
	return arena_printf(arena, "%s %s", fact->key, value);
}

/* What runs is none of the image's settings. */
static bool is_assumed(const struct fact *fact)
{
	if (fact->origin != ORIGIN_CONSTANT || !fact->note)
		return false;
	return text_begins_with(fact->note, "the image does not set it");
}

struct finding image_finding(struct arena *arena, const char *root, const struct facts *facts)
{
	struct text text = {0};
	const char *comma = "";
	text_addf(&text,
			"Judged by the files of the image %.200s only; nothing was read from this machine. "
			"Values that depend on the size of the machine (memory, sizes of kernel tables) are "
			"not known; give them with --set. Settings that the image leaves at their defaults: ",
			root);
	for (size_t i = 0; i < facts->count; i++) {
		if (!is_assumed(facts->items[i]))
			continue;
		text_addf(&text, "%s%s", comma, assumed_text(arena, facts->items[i]));
		comma = ", ";
	}
	if (!*comma)
		text_add(&text, "none");
	text_add(&text, ".");
	return (struct finding){.id = DOCUMENT_IMAGE_FINDING,
			.severity = "note",
			.text = text_take(arena, &text),
			.where = root};
}
