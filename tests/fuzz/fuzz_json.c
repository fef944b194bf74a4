/* Fuzz target: the strict JSON reader. What it accepts, cJSON accepts, and every node has a
 * position. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/os/json.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void visit(const struct json *json, const cJSON *node, unsigned *budget)
{
	for (; node && *budget > 0; node = node->next) {
		struct error err = {0};
		--*budget;
		if (json_error(json, node, &err, "x") || err.kind != ERROR_INPUT)
			abort();
		visit(json, node->child, budget);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct error err = {0};
	struct json *json = json_read("fuzz", (const char *)data, size, &err);
	unsigned budget = 64;
	if (!json && err.kind != ERROR_INPUT)
		abort();
	if (json)
		visit(json, json_root(json), &budget);
	json_free(json);
	return 0;
}
