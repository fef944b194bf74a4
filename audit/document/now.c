/* The document's present use of a limit. */
#include "audit/document/document.h"
#include "model/present.h"

struct now_number {
	const char *name;
	double number;
};

struct now_text {
	const char *name, *text;
};

void document_now(const struct members *put, cJSON *resource, const struct present *now)
{
	const struct now_number numbers[] = {
			{"used", now->used},
			{"capacity", now->capacity},
			{"refused", now->refused},
			{"others", (double)now->others},
			{NULL, 0},
	};
	const struct now_text texts[] = {
			{"by", now->by},
			{"state", present_state_name(now->state)},
			{"reason", now->reason},
			{NULL, NULL},
	};
	cJSON *item = member_object(resource, "now");
	for (const struct now_number *row = numbers; row->name; row++)
		member_number(item, row->name, row->number);
	for (const struct now_text *row = texts; row->name; row++)
		member_text(put, item, row->name, row->text);
}
