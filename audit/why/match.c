/* From log lines to causes: the texts that the rules' limits show. */
#include <string.h>

#include "audit/why/why.h"
#include "base/text.h"

enum {
	PIECE_MIN = 4
};

/* One of the texts of a rule, "cannot assign requested address (EADDRNOTAVAIL); …". */
static bool piece_is_in(struct arena *arena, const char *text, const char *piece, size_t length)
{
	while (length > 0 && strchr(" :.", piece[0])) {
		piece++;
		length--;
	}
	while (length > 0 && strchr(" :.", piece[length - 1]))
		length--;
	if (length < PIECE_MIN)
		return false;
	return strcasestr(text, arena_copy(arena, piece, length)) != NULL;
}

static bool shows(struct arena *arena, const char *error_text, const char *text)
{
	while (error_text && *error_text) {
		size_t length = strcspn(error_text, ";(),");
		if (piece_is_in(arena, text, error_text, length))
			return true;
		error_text += length + (error_text[length] != '\0');
	}
	return false;
}

static void add_named(struct arena *arena, struct why_asked *asked, const char *id)
{
	asked->named = arena_grow(arena,
			asked->named,
			asked->named_count,
			&asked->named_capacity,
			sizeof *asked->named);
	asked->named[asked->named_count++] = (struct why_named){.id = id};
}

void why_match(struct arena *arena, const struct rules *rules, struct why_asked *asked)
{
	if (!asked->text)
		return;
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		if (shows(arena, rule->error_text, asked->text))
			add_named(arena, asked, rule->id);
	}
}
