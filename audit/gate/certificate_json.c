/* What the certificate says: the sentence, and the list "charges" of why the run is not certified.
 */
#include "audit/gate/gate.h"

static void figure_put(const struct members *put,
		cJSON *figures,
		const struct charge_figure *figure)
{
	const char *unit = unit_name(figure->unit);
	const char *id = figure->id;
	double value = figure->value;
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", id);
	member_number(item, "value", value);
	member_text(put, item, "unit", unit);
	(void)cJSON_AddItemToArray(figures, item);
}

static void charge_put(const struct members *put,
		cJSON *charges,
		const char *reason,
		const struct charge *charge)
{
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "reason", reason);
	member_text(put, item, "limit", charge->subject);
	member_text(put, item, "sentence", charge->sentence);
	member_text(put, item, "fix", charge->fix);
	cJSON *figures = member_array(item, "figures");
	for (size_t i = 0; i < charge->figure_count; i++)
		figure_put(put, figures, &charge->figures[i]);
	(void)cJSON_AddItemToArray(charges, item);
}

/* In the order in which they count: the first one is the reason of the run. Those that do not stand
 * are not listed. */
static void put_charges(const struct members *put,
		cJSON *member,
		const struct certificate *certificate)
{
	cJSON *charges = member_array(member, "charges");
	for (size_t i = 0; i < CHARGES; i++) {
		const struct charge *charge = &certificate->charges[i];
		const char *reason;
		if (!charge->sentence)
			continue;
		reason = charge_name((enum charge_kind)i);
		charge_put(put, charges, reason, charge);
	}
}

/* 1: true; 0: false; -1: null, because it could not be measured. */
static void put_applies(cJSON *item, int applies)
{
	if (applies < 0)
		member_null(item, "applies");
	else
		member_bool(item, "applies", applies > 0);
}

static void check_put(const struct members *put,
		cJSON *checks,
		enum charge_kind kind,
		const struct charge *charge)
{
	const struct charge_check *check = &charge->check;
	const char *reason = charge_name(kind);
	const char *title = charge_title(kind);
	const char *unit = unit_name(check->unit);
	int applies = charge_applies(charge);
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "reason", reason);
	member_text(put, item, "title", title);
	put_applies(item, applies);
	member_text(put, item, "limit", check->subject);
	member_number(item, "measured", check->measured);
	member_number(item, "threshold", check->threshold);
	member_text(put, item, "unit", unit);
	/* In words. */
	member_text(put, item, "seen", check->seen);
	member_text(put, item, "allowed", check->allowed);
	(void)cJSON_AddItemToArray(checks, item);
}

/* All six reasons, those that do not stand as well. */
static void put_checks(const struct members *put, cJSON *member, const struct gate *gate)
{
	const struct certificate *certificate;
	cJSON *checks;

	checks = member_array(member, "checks");
	certificate = &gate->certificate;
	if (!gate->watched)
		return;
	for (size_t i = 0; i < CHARGES; i++) {
		const struct charge *charge = &certificate->charges[i];
		check_put(put, checks, (enum charge_kind)i, charge);
	}
}

void gate_put_certificate(const struct members *put, cJSON *member, const struct gate *gate)
{
	const struct certificate *certificate;
	certificate = &gate->certificate;
	const struct watched_limit *limit = certificate->bottleneck;
	const char *bottleneck = NULL;

	if (limit)
		bottleneck = limit->id;
	/* Null: nobody watched. */
	if (gate->watched)
		member_bool(member, "certified", is_certified(certificate));
	else
		member_null(member, "certified");
	member_text(put, member, "bottleneck", bottleneck);
	const char *sentence = certificate->sentence;
	const char *differs = certificate->differs;
	member_text(put, member, "sentence", sentence);
	member_text(put, member, "differs", differs);
	put_charges(put, member, certificate);
	put_checks(put, member, gate);
}
