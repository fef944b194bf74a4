/* What a reader must know before believing the numbers: how old the values are, which of them were
 * assumed, and which limits do not count. */
#include "audit/document/document.h"

#include <math.h>

#include "base/array.h"
#include "base/os/json.h"
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

/* Was this value learned from the host? That it has no such thing is learned, too. */
static bool trust_was_read(const struct fact *was)
{
	if (!was)
		return false;
	return was->status == FACT_KNOWN || was->status == FACT_ABSENT;
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

/* A value that says what was read anyway changes nothing. */
static bool trust_is_same(const struct fact *fact)
{
	__attribute__((cleanup(json_close_tree))) cJSON *from = fact_value_to_json(fact->was);
	__attribute__((cleanup(json_close_tree))) cJSON *to = fact_value_to_json(fact);
	return cJSON_Compare(from, to, true);
}

static bool trust_is_hypothetical(const struct fact *fact)
{
	return trust_was_read(fact->was) && !trust_is_same(fact);
}

static void trust_put_given(const struct members *put, cJSON *document)
{
	cJSON *hypothetical = member_array(document, "hypothetical");
	cJSON *given = member_array(document, "given");
	for (size_t i = 0; i < put->facts->count; i++) {
		const struct fact *fact = put->facts->items[i];
		if (!given_is_set(fact))
			continue;
		if (trust_is_hypothetical(fact))
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

void document_trust(const struct members *put, cJSON *document, const struct document_input *input)
{
	trust_put_age(put, document, input);
	trust_put_given(put, document);
	trust_put_waivers(put, document, input->model);
}
