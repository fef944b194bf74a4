/* One fact for each key, with the settings that lose in the order in which they are found. */
#include "probes/host/boot/overridden.h"

#include <string.h>

#include "probes/host/put.h"

enum {
	LOSERS_CHARS_MAX = 600
};

void overridden_add(struct probing *probing, const char *key, const char *text)
{
	static const char fact_key[] = "boot.overridden";
	const struct fact *before = facts_get(probing->facts, fact_key, key);
	if (before && before->text) {
		if (strlen(before->text) > LOSERS_CHARS_MAX)
			return; /* a reader has seen enough of them */
		text = arena_printf(probing->arena, "%s; %s", before->text, text);
	}
	put_text_of(probing, fact_key, key, text, NULL, NULL);
}
