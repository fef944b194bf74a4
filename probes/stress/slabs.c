/* Reads /proc/slabinfo's table. */
#include "probes/stress/slabs.h"

#include <string.h>

#include "base/text.h"
#include "probes/host/parse.h"

enum {
	LINE_MAX_BYTES = 256
};

/* "name active_objs num_objs objsize objperslab pagesperslab : …" (mm/slab_common.c, cache_show).
 */
static bool parse_row(const char *line, double page_bytes, struct slab *ret)
{
	size_t length = strcspn(line, " \t");
	const char *numbers = line + length;
	double values[5];
	if (length == 0 || length >= SLAB_NAME)
		return false;
	for (int i = 0; i < 5; i++) {
		uint64_t number;
		if (!parse_field(numbers, i, &number) || !parse_to_double(number, false, &values[i]))
			return false;
	}
	if (values[3] < 1 || values[4] < 1 || values[2] < 1)
		return false;
	*ret = (struct slab){.active = values[0], .object_bytes = values[2]};
	ret->room_bytes = values[4] * page_bytes / values[3];
	memcpy(ret->name, line, length);
	return true;
}

bool slabs_parse(const char *text, double page_bytes, struct slabs *ret)
{
	static const char head[] = "slabinfo - version: 2";
	ret->count = 0;
	if (!text_begins_with(text, head))
		return false;
	for (const char *line = strchr(text, '\n'); line && ret->count < SLABS_MAX;
			line = strchr(line, '\n')) {
		char copy[LINE_MAX_BYTES];
		size_t length = strcspn(++line, "\n");
		if (length == 0 || length >= sizeof copy)
			continue;
		memcpy(copy, line, length);
		copy[length] = '\0';
		if (parse_row(copy, page_bytes, &ret->items[ret->count]))
			ret->count++;
	}
	return ret->count > 0;
}

static const struct slab *slabs_find(const struct slabs *slabs, const char *name)
{
	for (size_t i = 0; i < slabs->count; i++)
		if (strcmp(slabs->items[i].name, name) == 0)
			return &slabs->items[i];
	return NULL;
}

double slabs_growth(const struct slabs *before,
		const struct slabs *after,
		double least,
		bool bare,
		slab_told *told,
		void *context)
{
	double bytes = 0;
	for (size_t i = 0; i < after->count; i++) {
		const struct slab *slab = &after->items[i], *old = slabs_find(before, slab->name);
		double more = slab->active - (old ? old->active : 0);
		if (more < least)
			continue;
		bytes += more * (bare ? slab->object_bytes : slab->room_bytes);
		if (told)
			told(context, slab->name, more, slab->object_bytes);
	}
	return bytes;
}
