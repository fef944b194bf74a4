/* The table of sources. */
#include "probes/plan/data/sources.h"

#include "probes/plan/tool/siege_source.h"
#include "probes/plan/tool/vegeta_source.h"

typedef bool source_fn(struct data *data, struct value ret_terms[SOURCE_TERMS_MAX]);

static source_fn *const sources[SOURCES] = {
		[SOURCE_VEGETA_TARGETS] = vegeta_source,
		[SOURCE_SIEGERC] = siege_source,
};

bool data_read_source(struct data *data)
{
	for (size_t i = 0; i < SOURCE_TERMS_MAX; i++)
		data->source[i] = value_unknown(NULL);
	source_fn *read = sources[data->reading->source];
	if (!read)
		return true;
	return read(data, data->source);
}
