/* Fuzz target: an answer of headroom why (headroom.why/1) through its writers. Whatever the
 * document says, each ends, and its text is harmless. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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
		{"Markdown", write_answer_markdown},
};

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
		text_release(&out);
	}
	json_free(json);
	arena_free(arena);
	return 0;
}
