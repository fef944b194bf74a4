/* Requests, predictions and documents of calibrations. Runs nothing. */
#include "audit/calibration.h"

#include <math.h>
#include <string.h>


/* Budgets of one calibrator, unless the user says otherwise. */
static const double default_seconds = 30, full_seconds = 100, default_bytes = 2147483648.0, default_tasks = 2000;

static double count_of(const struct workload *workload, enum workload_field field)
{
	const struct workload_value *value = &workload->values[field];
	return value->set && value->number >= 1 ? value->number : 1;
}

static double nofile_of(const struct workload *workload, const struct facts *facts)
{
	const struct workload_value *value = &workload->values[W_NOFILE];
	if (value->set && !value->text)
		return value->number;
	bool hard = value->set && strcmp(value->text, "hard") == 0;
	return facts_number(facts, hard ? "limits.nofile.hard" : "limits.nofile.soft");
}

struct calibrate_request calibration_request(const struct workload *workload, const struct facts *facts, bool full)
{
	const struct workload_value *values = workload->values;
	struct calibrate_request request = {
		.facts = facts, .destinations = count_of(workload, W_DESTINATIONS),
		.sources = count_of(workload, W_SOURCE_ADDRESSES), .nofile_soft = nofile_of(workload, facts),
		.backlog = values[W_BACKLOG].set ? values[W_BACKLOG].number : NAN,
		.loopback = values[W_DESTINATIONS].set && values[W_DESTINATIONS].list && workload_to_loopback(workload),
		.predicted = NAN, .seconds = full ? full_seconds : default_seconds, .bytes = default_bytes,
		.processes = default_tasks, .full = full,
	};
	if (values[W_BIND].set && values[W_BIND].text)
		(void)calibrate_bind_from_name(values[W_BIND].text, &request.bind);
	if (values[W_DESTINATIONS].set && values[W_DESTINATIONS].list && request.destinations >= 1)
		request.ipv6 = values[W_DESTINATIONS].list[0][0] == '[';
	return request;
}

static bool shares_ports(const struct calibrate_request *request)
{
	return request->bind == CALIBRATE_BIND_NONE || request->bind == CALIBRATE_BIND_NOPORT;
}

static double predict_ports(const struct calibrate_request *request)
{
	double usable = facts_number(request->facts, "ports.usable");
	bool per_source = request->bind == CALIBRATE_BIND_ADDRESS || request->bind == CALIBRATE_BIND_NOPORT;
	return usable * (shares_ports(request) ? request->destinations : 1) * (per_source ? request->sources : 1);
}

static double predict_fds(const struct calibrate_request *request)
{
	return request->nofile_soft - facts_number(request->facts, "process.fds_below_soft");
}

static double predict_accept(const struct calibrate_request *request)
{
	double backlog = isnan(request->backlog) ? 4096 : request->backlog;
	double limit = facts_number(request->facts, "net.core.somaxconn");
	return isnan(limit) ? NAN : fmin(backlog, limit) + 1;
}

/* N / hold: TIME_WAIT's 60 s, or two reuse delays where tcp_tw_reuse is effective. */
static double predict_churn(const struct calibrate_request *request)
{
	const struct facts *facts = request->facts;
	double reuse = facts_number(facts, "net.ipv4.tcp_tw_reuse"), hold = 60;
	double delay = facts_number(facts, "net.ipv4.tcp_tw_reuse_delay");
	double timeout = facts_number(facts, "net.ipv4.tcp_tw_timeout");
	bool acts = (reuse > 0 && reuse < 2) || (reuse > 1 && request->loopback);
	if (isnan(reuse))
		return NAN;
	if (timeout > 0)
		hold = timeout;
	if (acts && shares_ports(request) && facts_number(facts, "net.ipv4.tcp_timestamps") > 0)
		hold = 2 * (isnan(delay) ? 1 : delay);
	return facts_number(facts, "ports.usable") / hold;
}

struct prediction {
	const char *id;
	double (*predict)(const struct calibrate_request *request);
};

static const struct prediction predictions[] = {
	{"ports", predict_ports},
	{"fds", predict_fds},
	{"accept", predict_accept},
	{"churn", predict_churn},
};

double calibration_predict(const char *id, const struct calibrate_request *request)
{
	for (size_t i = 0; i < sizeof predictions / sizeof predictions[0]; i++)
		if (strcmp(predictions[i].id, id) == 0)
			return predictions[i].predict(request);
	return NAN;
}

static void add_series(cJSON *object, const struct calibration *calibration)
{
	cJSON *deciles = member_array(object, "deciles"), *samples = member_array(object, "samples");
	for (unsigned i = 0; i < CALIBRATION_DECILES && !isnan(calibration->deciles[0]); i++)
		cJSON_AddItemToArray(deciles, member_number_value(calibration->deciles[i]));
	for (size_t i = 0; i < calibration->sample_count; i++) {
		cJSON *pair = cJSON_CreateArray();
		cJSON_AddItemToArray(pair, member_number_value(calibration->samples[i].t_s));
		cJSON_AddItemToArray(pair, member_number_value(calibration->samples[i].count));
		cJSON_AddItemToArray(samples, pair);
	}
}

cJSON *calibration_to_json(const struct members *put, const struct calibration *calibration)
{
	cJSON *object = cJSON_CreateObject();
	member_text(put, object, "id", calibration->id);
	member_text(put, object, "title", calibration->title);
	member_text(put, object, "unit", calibration->unit);
	member_number(object, "predicted", calibration->predicted);
	member_number(object, "measured", calibration->measured);
	member_number(object, "difference", calibration->difference);
	member_number(object, "tolerance", calibration->tolerance);
	member_bool(object, "agrees", calibration->agrees);
	member_number(object, "reached", calibration->reached);
	member_text(put, object, "stopped_by", calibration->stopped_by);
	member_number(object, "rate_per_s", calibration->rate_per_s);
	member_number(object, "duration_s", calibration->duration_s);
	member_bool(object, "comparable", calibration->comparable);
	member_text(put, object, "reason", calibration->reason);
	member_texts(put, object, "not_copied", calibration->not_copied, calibration->not_copied_count);
	add_series(object, calibration);
	cJSON *more = member_object(object, "fields");
	for (size_t i = 0; i < calibration->field_count; i++) {
		const struct calibration_field *field = &calibration->fields[i];
		cJSON *value = field->text ? member_text_value(put, field->text) : member_number_value(field->number);
		if (cJSON_GetObjectItemCaseSensitive(more, field->name))
			cJSON_Delete(value);
		else
			cJSON_AddItemToObject(more, field->name, value);
	}
	return object;
}
