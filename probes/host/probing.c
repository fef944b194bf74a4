/* Reading for probes: small files as copies, and the ORIGIN of a snapshot. */
#include "probes/host/probing.h"

#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

enum {
	ORIGIN_VALUE_CHARS = 120
};

int probing_read_text(struct probing *probing, const char *path, char **ret_text)
{
	const char *text;
	size_t length;
	*ret_text = NULL;
	int error = source_read(probing->source, path, &text, &length);
	if (error == 0)
		*ret_text = arena_copy(probing->arena, text, length);
	return error;
}

const char *probing_origin(struct probing *probing, const char *name)
{
	char *text;
	size_t length = strlen(name);
	if (probing->live || probing_read_text(probing, "ORIGIN", &text) != 0)
		return NULL;
	for (char *line; (line = parse_line(&text)) != NULL;) {
		if (strncmp(line, name, length) != 0 || line[length] != ':')
			continue;
		const char *value = parse_trim(line + length + 1);
		return text_clean(probing->arena, value, strlen(value), ORIGIN_VALUE_CHARS);
	}
	return NULL;
}
