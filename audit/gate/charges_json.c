/* Why a run is not certified, as the list "charges" of the document. */
#include "audit/gate/gate.h"

static cJSON *figure_json(const struct members *put, const struct charge_figure *figure)
{
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", figure->id);
	member_number(item, "value", figure->value);
	member_text(put, item, "unit", unit_name(figure->unit));
	return item;
}

static cJSON *charge_json(const struct members *put,
		const char *reason,
		const struct charge *charge)
{
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "reason", reason);
	member_text(put, item, "limit", charge->subject);
	member_text(put, item, "sentence", charge->sentence);
	member_text(put, item, "fix", charge->fix);
	cJSON *figures = member_array(item, "figures");
	for (size_t i = 0; i < charge->figure_count; i++) {
		cJSON *figure = figure_json(put, &charge->figures[i]);
		(void)cJSON_AddItemToArray(figures, figure);
	}
	return item;
}

void gate_put_charges(const struct members *put,
		cJSON *member,
		const struct certificate *certificate)
{
	cJSON *array = member_array(member, "charges");
	for (size_t i = 0; i < CHARGES; i++) {
		const struct charge *charge = &certificate->charges[i];
		const char *reason = charge_name((enum charge_kind)i);
		if (!charge->sentence)
			continue;
		cJSON *item = charge_json(put, reason, charge);
		(void)cJSON_AddItemToArray(array, item);
	}
}
