/* Results of calibrators as JSON, the same objects in headroom.calibration/1 and in the audit
 * document. */
#include <math.h>
#include <string.h>

#include "audit/calibrate/calibration_set.h"
#include "base/array.h"
#include "base/text.h"

/* The members that every result has; a calibrator's own field must not take their names. */
static const char *const common[] = {
		"id",
		"title",
		"unit",
		"predicted",
		"measured",
		"difference",
		"tolerance",
		"agrees",
		"reached",
		"stopped_by",
		"rate_per_s",
		"deciles",
		"duration_s",
		"samples",
		"comparable",
		"reason",
		"not_copied",
		"planning_constant",
		"entries_per_connection",
		"milestones",
		"prediction",
};

/* Two numbers of the erlang calibrator become one row of its table. */
struct milestone {
	const char *seconds, *rate;
	double connections;
};

static const struct milestone milestones[] = {
		{"milestone_1k_s", "milestone_1k_per_s", 1000},
		{"milestone_10k_s", "milestone_10k_per_s", 10000},
		{"milestone_50k_s", "milestone_50k_per_s", 50000},
		{"milestone_64k_s", "milestone_64k_per_s", 64000},
};

static bool is_common(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(common); i++)
		if (!strcmp(common[i], name))
			return true;
	return text_begins_with(name, "milestone_");
}

static double field_of(const struct calibration *result, const char *name)
{
	for (size_t i = 0; i < result->field_count; i++)
		if (!result->fields[i].text && !strcmp(result->fields[i].name, name))
			return result->fields[i].number;
	return (double)NAN;
}

/* All of them, with null where it did not come so far. */
static void put_milestones(cJSON *object, const struct calibration *result)
{
	cJSON *rows = member_array(object, "milestones");
	for (size_t i = 0; result->reached > 0 && i < COUNT_OF(milestones); i++) {
		cJSON *row = cJSON_CreateObject();
		member_number(row, "connections", milestones[i].connections);
		member_number(row, "reached_s", field_of(result, milestones[i].seconds));
		member_number(row, "rate_per_s", field_of(result, milestones[i].rate));
		(void)cJSON_AddItemToArray(rows, row);
	}
}

/* A difference that comes only from rounding to decimals counts as none. */
static double difference_of(const struct calibration *result)
{
	return fabs(result->difference) <= 1e-6 * fabs(result->predicted) ? 0 : result->difference;
}

static void put_agreement(cJSON *object, const struct calibration *result)
{
	if (isnan(result->measured) || isnan(result->predicted))
		member_null(object, "agrees");
	else
		member_bool(object, "agrees", result->agrees);
}

static void put_rates(cJSON *object, const struct calibration *result)
{
	member_number(object, "rate_per_s", result->rate_per_s);
	cJSON *deciles = member_array(object, "deciles");
	for (size_t i = 0; i < CALIBRATION_DECILES && !isnan(result->deciles[0]); i++)
		(void)cJSON_AddItemToArray(deciles, member_number_value(result->deciles[i]));
	member_number(object, "duration_s", result->duration_s);
	cJSON *samples = member_array(object, "samples");
	for (size_t i = 0; i < result->sample_count; i++) {
		cJSON *sample = cJSON_CreateObject();
		member_number(sample, "t_s", result->samples[i].t_s);
		member_number(sample, "count", result->samples[i].count);
		(void)cJSON_AddItemToArray(samples, sample);
	}
}

static void put_fields(const struct members *put, cJSON *object, const struct calibration *result)
{
	for (size_t i = 0; i < result->field_count; i++) {
		const struct calibration_field *field = &result->fields[i];
		if (is_common(field->name) || cJSON_HasObjectItem(object, field->name))
			continue;
		if (field->text)
			member_text(put, object, field->name, field->text);
		else
			member_number(object, field->name, field->number);
	}
}

/* Measured entries beside the constant that they replace. */
static void put_entries(cJSON *object,
		const struct calibration_set *calibration_set,
		const struct calibration *result)
{
	member_number(object, "entries_per_connection", result->measured);
	member_number(object, "planning_constant", calibration_set->expectation.planning_constant);
}

static cJSON *result_json(const struct members *put,
		const struct calibration_set *calibration_set,
		const struct calibration *result)
{
	cJSON *object = cJSON_CreateObject();
	member_text(put, object, "id", result->id);
	member_text(put, object, "title", result->title);
	member_text(put, object, "unit", result->unit);
	member_number(object, "predicted", result->predicted);
	member_number(object, "measured", result->measured);
	member_number(object, "difference", difference_of(result));
	member_number(object, "tolerance", result->tolerance);
	member_text(put, object, "prediction", result->lower_bound ? "at-least" : "equal");
	put_agreement(object, result);
	member_number(object, "reached", result->reached);
	member_text(put, object, "stopped_by", result->stopped_by);
	put_rates(object, result);
	member_bool(object, "comparable", result->comparable);
	member_text(put, object, "reason", result->reason);
	member_texts(put, object, "not_copied", result->not_copied, result->not_copied_count);
	if (!strcmp(result->id, "conntrack"))
		put_entries(object, calibration_set, result);
	if (!strcmp(result->id, "erlang"))
		put_milestones(object, result);
	put_fields(put, object, result);
	return object;
}

cJSON *document_calibration(const struct members *put,
		const struct calibration_set *calibration_set)
{
	cJSON *array = cJSON_CreateArray();
	for (size_t i = 0; calibration_set && calibration_set->ran && i < calibration_set->count; i++)
		(void)cJSON_AddItemToArray(array,
				result_json(put, calibration_set, &calibration_set->results[i]));
	return array;
}
