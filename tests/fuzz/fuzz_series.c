/* Fuzz target: the series of a Prometheus, as the API answers. Whatever they say, the document that
 * they become is one that is read, and the host is named as the target. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "audit/fleet/prometheus_series.h"
#include "base/os/json.h"
#include "probes/host/facts/json_read.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_back(struct arena *arena, const char *document)
{
	struct host_info info = {0};
	struct error err = {0};
	struct facts *facts = facts_new(arena);
	struct json *json = json_read("series", document, strlen(document), &err);
	if (!json || !facts_from_json(arena, json, facts, &info, &err))
		abort();
	json_free(json);
}

static void take_all(struct arena *arena, const cJSON *samples)
{
	struct series_host host;
	struct series_hosts hosts = {.arena = arena, .where = "fuzz", .items = &host, .count = 1};
	const cJSON *sample;
	series_begin(&hosts, &host, "a");
	cJSON_ArrayForEach(sample, samples)
		series_take(&hosts, sample);
	char *document = series_document(&hosts, &host);
	if (document && host.broken)
		abort();
	if (document)
		read_back(arena, document);
	cJSON_free(document);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	struct json *json = json_read("samples", (const char *)data, size, &err);
	if (json)
		take_all(arena, json_root(json));
	json_free(json);
	arena_free(arena);
	return 0;
}
