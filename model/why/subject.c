/* The kernel's own words. Since 6.2 it says the address of a listener, before that its port alone:
 * "port 80. Sending cookies.", "port 10.0.0.5:80. …", "port [::1]:80. …". */
#include "model/why/subject.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

static const struct subject_mark {
	const char *text;
	enum why_subject_kind kind;
	const char *name; /* NULL: what follows the mark */
} subject_marks[] = {
		{"pids controller in ", WHY_OF_GROUP, NULL},
		{"possible syn flooding on port ", WHY_OF_LISTENER, NULL},
		{"arp_cache: neighbo", WHY_OF_FAMILY, "IPv4"},
		{"ndisc_cache: neighbo", WHY_OF_FAMILY, "IPv6"},
};

/* A word, without what ends the sentence. */
static const char *subject_word(struct arena *arena, const char *at)
{
	size_t length = strcspn(at, " \t\r\n\"'\\");
	while (length > 0 && strchr(".,;)", at[length - 1]))
		length--;
	return text_clean(arena, at, length, 0);
}

static bool subject_read(struct arena *arena,
		const struct subject_mark *mark,
		const char *at,
		struct why_subject *ret)
{
	*ret = (struct why_subject){.kind = mark->kind, .name = mark->name};
	if (mark->name)
		return true;
	ret->name = subject_word(arena, at);
	if (mark->kind == WHY_OF_GROUP)
		return *ret->name == '/' && !strstr(ret->name, "..");
	if (strchr(ret->name, ':'))
		return true;
	ret->port = (unsigned)strtoul(ret->name, NULL, 10);
	ret->name = arena_printf(arena, "port %u", ret->port);
	return ret->port > 0 && ret->port <= 65535;
}

bool why_subject_in(struct arena *arena, const char *text, struct why_subject *ret_subject)
{
	const char *last = NULL;
	for (size_t i = 0; i < COUNT_OF(subject_marks); i++) {
		const struct subject_mark *mark = &subject_marks[i];
		struct why_subject subject;
		const char *at = text;
		while ((at = strcasestr(at, mark->text))) {
			at += strlen(mark->text);
			if (at < last || !subject_read(arena, mark, at, &subject))
				continue;
			last = at;
			*ret_subject = subject;
		}
	}
	return last != NULL;
}
