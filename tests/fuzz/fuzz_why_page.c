/* Fuzz target: an answer of headroom why (headroom.why/1) through its writers. Whatever the
 * document says, each ends, its text is harmless, and the page has no elements but its own. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "report/write/write.h"
#include "tests/fuzz/property.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name;
	write_fn *write;
} writers[] = {
		{"why", write_why},
		{"last line", write_why_line},
		{"Markdown", write_why_markdown},
		{"HTML", write_why_html},
};

/* What opens an element of the page, without its attributes. */
static bool is_own_element(const char *at)
{
	static const char *const names[] = {"!DOCTYPE",
			"html",
			"head",
			"meta",
			"title",
			"style",
			"body",
			"main",
			"h1",
			"h2",
			"h3",
			"p",
			"b",
			"pre",
			"code"};
	at += *at == '/';
	size_t length = strcspn(at, " >");
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strlen(names[i]) == length && strncmp(at, names[i], length) == 0)
			return true;
	}
	return false;
}

static void demand_own_elements(const char *page)
{
	for (const char *at = page; (at = strchr(at, '<')) != NULL; at++)
		demand(is_own_element(at + 1), "an element that is not the page's own", at);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = {0};
	struct arena *arena = arena_new();
	struct json *json = json_read("fuzz", (const char *)data, size, &err);
	const struct write_options looks[] = {{.arena = arena, .color = true},
			{.arena = arena, .ascii = true},
			{.arena = arena, .all = true}};
	const struct write_options *look = &looks[size % COUNT_OF(looks)];
	for (size_t i = 0; json && i < COUNT_OF(writers); i++) {
		struct text out = {0};
		writers[i].write(json_root(json), look, &out);
		demand_harmless(writers[i].name, &out, look->color);
		if (writers[i].write == write_why_html)
			demand_own_elements(text_string(&out));
		text_release(&out);
	}
	json_free(json);
	arena_free(arena);
	return 0;
}
