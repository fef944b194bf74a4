/* What a reader must know before believing the numbers: how old the values are, which of them were
 * assumed, and which limits do not count. */
#include "audit/document/document.h"

#include <math.h>

#include "base/array.h"
#include "probes/host/facts/given.h"
#include "probes/host/facts/json.h"

struct named_member {
	const char *name, *text;
};

static void trust_add_texts(const struct members *put,
		cJSON *object,
		const struct named_member *texts,
		size_t count)
{
	for (size_t i = 0; i < count; i++)
		member_text(put, object, texts[i].name, texts[i].text);
}

static void trust_add_value(const struct members *put, cJSON *array, const struct fact *fact)
{
	static const struct fact nothing = {.status = FACT_SKIPPED};
	const struct fact *was = fact->was;
	const char *status = NULL;
	if (was)
		status = fact_status_name(was->status);
	else
		was = &nothing;
	cJSON *item = cJSON_CreateObject();
	(void)cJSON_AddItemToArray(array, item);
	const struct named_member texts[] = {
			{"key", fact->key},
			{"instance", fact->instance},
			{"unit", unit_name(fact->unit)},
			{"was", status},
	};
	trust_add_texts(put, item, texts, COUNT_OF(texts));
	(void)member_item(item, "from", fact_value_to_json(was));
	(void)member_item(item, "to", fact_value_to_json(fact));
}

void document_given(const struct members *put, cJSON *document)
{
	cJSON *hypothetical = member_array(document, "hypothetical");
	cJSON *given = member_array(document, "given");
	for (size_t i = 0; i < put->facts->count; i++) {
		const struct fact *fact = put->facts->items[i];
		if (!given_is_set(fact))
			continue;
		if (fact_is_hypothetical(fact))
			trust_add_value(put, hypothetical, fact);
		else
			trust_add_value(put, given, fact);
	}
}

static void trust_put_age(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	double most = (double)NAN;
	bool too_old = false;
	if (input->model->max_age_s > 0)
		most = input->model->max_age_s;
	if (input->result)
		too_old = input->result->too_old;
	member_text(put, document, "as_of", input->as_of);
	member_number(document, "max_age_s", most);
	member_bool(document, "too_old", too_old);
}

static void trust_put_waivers(const struct members *put,
		cJSON *document,
		const struct model_options *model)
{
	cJSON *array = member_array(document, "waivers");
	for (size_t i = 0; i < model->waiver_count; i++) {
		const struct waiver *waiver = &model->waivers[i];
		cJSON *item = cJSON_CreateObject();
		(void)cJSON_AddItemToArray(array, item);
		const struct named_member texts[] = {
				{"id", waiver->id},
				{"justification", waiver->justification},
				{"by", waiver->by},
				{"expires", waiver->expires},
		};
		trust_add_texts(put, item, texts, COUNT_OF(texts));
		member_bool(item, "expired", waiver->expired);
	}
	member_texts(put, document, "ignored", model->ignore, model->ignore_count);
}

/* Without a plan: of all that the host was judged as. */
static void trust_put_unread(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	cJSON *array = member_array(document, "unread");
	if (input->result)
		document_all_unread(put, array, input->result);
	for (size_t i = 0; i < input->hold_count; i++) {
		const struct result *result = input->holds[i].result;
		const struct members of_hold = {.arena = put->arena, .facts = result->facts};
		document_all_unread(&of_hold, array, result);
	}
}

void document_trust(const struct members *put, cJSON *document, const struct document_input *input)
{
	trust_put_age(put, document, input);
	document_given(put, document);
	trust_put_waivers(put, document, input->model);
	trust_put_unread(put, document, input);
}
