/* Puts the words together. */
#include "report/document/command_line.h"

#include "base/shell.h"
#include "base/text.h"
#include "report/document/view.h"

const char *document_command_line(struct arena *arena, const cJSON *root)
{
	struct text text = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(root, "command_line")) {
		const char *word = shell_shown(arena, view_raw(item, ""));
		if (text.length)
			text_add(&text, " ");
		if (!word)
			word = "…";
		text_add(&text, word);
	}
	return text_take(arena, &text);
}
