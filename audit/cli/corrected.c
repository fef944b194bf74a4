#include "audit/cli/corrected.h"

#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "probes/plan/command/mask.h"

enum {
	LINE_MAX = 300
};

/* What mask.h puts in the place of what may be a secret. */
static const char masked[] = "***";

static struct name_list corrected_words(struct arena *arena, const struct correction *correction)
{
	struct name_list words = {0};
	for (int i = 0; i < correction->count; i++) {
		if (i == correction->at)
			name_list_append(arena, &words, correction->word);
		if (i != correction->at || correction->in_front)
			name_list_append(arena, &words, correction->words[i]);
	}
	return words;
}

/* As a POSIX shell reads it again. */
static void add_pasteable(struct text *out, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
								"-_./:,=@%+";
	if (*word && !word[strspn(word, plain)]) {
		text_add(out, word);
		return;
	}
	text_add(out, "'");
	for (const char *at = word; *at; at++) {
		if (*at == '\'')
			text_add(out, "'\\'");
		text_add_bytes(out, at, 1);
	}
	text_add(out, "'");
}

const char *corrected_line(struct arena *arena, const struct correction *correction)
{
	const struct name_list words = corrected_words(arena, correction);
	const struct name_list shown = mask_own_command(arena, words.items, words.count);
	struct text line = {0};
	text_addf(&line, "headroom %s", correction->command);
	for (size_t i = 0; i < shown.count; i++) {
		size_t before = line.length;
		text_add(&line, " ");
		add_pasteable(&line, shown.items[i]);
		if (strstr(shown.items[i], masked) || line.length > LINE_MAX) {
			line.length = before;
			text_add(&line, " …");
			break;
		}
	}
	const char *whole = text_take(arena, &line);
	return text_clean(arena, whole, strlen(whole), 0);
}
