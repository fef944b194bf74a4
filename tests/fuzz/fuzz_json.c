/* Fuzz target: the strict JSON reader. What it accepts, cJSON accepts, and every node has a
 * position. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/os/json.h"
#include "base/os/json_print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In document order lines never go back. An error's place is found by counting: only some of them.
 */
static void visit(const struct json *json, const cJSON *node, size_t *line, unsigned *budget)
{
	for (; node; node = node->next) {
		struct error err = {0};
		if (json_line(json, node) < *line)
			abort();
		*line = json_line(json, node);
		if (*budget > 0) {
			--*budget;
			if (json_error(json, node, &err, "x") || err.kind != ERROR_INPUT)
				abort();
		}
		visit(json, node->child, line, budget);
	}
}

/* What is printed is read again, and printed the same. */
static void print_twice(const cJSON *root)
{
	struct text once = {0}, twice = {0};
	struct error err = {0};
	json_print(root, &once);
	struct json *again = json_read("again", once.data, once.length, &err);
	if (!again)
		abort();
	json_print(json_root(again), &twice);
	if (strcmp(once.data, twice.data) != 0)
		abort();
	json_free(again);
	text_release(&once);
	text_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = {0};
	struct json *json = json_read("fuzz", (const char *)data, size, &err);
	unsigned budget = 64;
	size_t line = 1;
	if (!json && err.kind != ERROR_INPUT)
		abort();
	if (json) {
		visit(json, json_root(json), &line, &budget);
		print_twice(json_root(json));
	}
	json_free(json);
	return 0;
}
