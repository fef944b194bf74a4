/* Builds the words; wrap_container.c reads them. */
#include "probes/plan/command/container_words.h"

#include <string.h>

#include "base/text.h"
#include "probes/plan/readers.h"

void container_option(struct container_words *container, const char *option, const char *value)
{
	if (!value) {
		return;
	}
	name_list_append(container->arena, &container->options, option);
	name_list_append(container->arena, &container->options, value);
}

/* One word of a text, from *at on; false: none is left. */
static bool next_word(struct arena *arena, const char **at, const char **ret_word)
{
	struct text word = {0};
	char quote = '\0';
	bool any = false;
	*at += strspn(*at, " \t\n");
	for (; **at; (*at)++) {
		char c = **at;
		if (!quote && strchr(" \t\n", c)) {
			break;
		}
		any = true;
		bool opens = c == '\'' || c == '"';
		if (quote && c == quote) {
			quote = '\0';
		} else if (!quote && opens) {
			quote = c;
		} else if (c == '\\' && quote != '\'' && (*at)[1]) {
			(*at)++;
			text_add_bytes(&word, *at, 1);
		} else {
			text_add_bytes(&word, &c, 1);
		}
	}
	*ret_word = text_take(arena, &word);
	return any;
}

void container_split(struct arena *arena, const char *text, struct name_list *ret_words)
{
	const char *word;
	while (next_word(arena, &text, &word)) {
		name_list_append(arena, ret_words, word);
	}
}

static void append_all(struct arena *arena, struct name_list *to, const struct name_list *from)
{
	for (size_t i = 0; i < from->count; i++) {
		name_list_append(arena, to, from->items[i]);
	}
}

bool container_enter(struct peel *peel, const char *engine, const struct container_words *container)
{
	struct arena *arena = peel->context->arena;
	struct name_list all = {0};
	append_all(arena, &all, &container->options);
	if (container->entry) {
		name_list_append(arena, &all, "--entrypoint");
		name_list_append(arena, &all, container->entry);
	}
	name_list_append(arena, &all, container->image);
	append_all(arena, &all, &container->words);
	return peel_run(peel, engine, all.items, all.count);
}

bool container_makes_load(const struct peel *peel,
		const char *engine,
		const struct container_words *container,
		bool *ret_serves)
{
	struct plan_command command = *peel->command;
	struct error ignored = {0};
	struct peel inner = *peel;
	inner.command = &command;
	inner.err = &ignored;
	*ret_serves = false;
	if (!container_enter(&inner, engine, container)) {
		return false;
	}
	if (!wrappers_peel(&inner)) {
		return false;
	}
	*ret_serves = plan_serves(peel->context, &command);
	return plan_makes_load(peel->context, &command);
}
