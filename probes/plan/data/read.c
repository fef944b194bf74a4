/* From a rule and a command to the plan: what the rule says in order. Knows no tool. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/tool/built_in.h"
#include "probes/plan/data/sources.h"
#include "probes/plan/data/values.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/go_client.h"
#include "probes/plan/tool/grpc_name.h"

#define NUMBER_MAX 9007199254740992.0 /* 2^53: what a plan's own numbers may be */

static const char not_run[] = " (read, not run)";

/* What nobody has counted is an estimate, whatever the rule calls it. */
static enum confidence sure(const struct data *data, enum confidence confidence)
{
	if (data->reading->basis.how == TRUTH_MEASURED)
		return confidence;
	if (confidence < CONFIDENCE_ESTIMATE)
		return CONFIDENCE_ESTIMATE;
	return confidence;
}

static const char *origin(const struct data *data, const struct expr *expr, const char *from)
{
	const char *shown = data_text(data, from);
	if (!shown)
		shown = data_origin(data, expr);
	if (data->reading->basis.how == TRUTH_MEASURED)
		return shown;
	return arena_printf(data->context->arena, "%s%s", shown, not_run);
}

static void compute_lets(struct data *data)
{
	const struct tool_reading *reading = data->reading;
	data->lets = arena_alloc(data->context->arena, reading->let_count * sizeof *data->lets);
	for (size_t i = 0; i < reading->let_count; i++) {
		data->lets[i] = data_value(data, reading->lets[i].expr);
		data->let_count = i + 1;
	}
}

static bool check_errors(const struct data *data)
{
	const struct tool_reading *reading = data->reading;
	const size_t count = reading->error_count;
	for (size_t i = 0; i < count; i++) {
		const struct tool_text *error = &reading->errors[i];
		const char *text = data_text(data, error->text);
		if (!data_holds(data, error->when))
			continue;
		data->plan->idle = error->idle;
		return error_set(data->err, "%s: %s", data->tool->id, text);
	}
	return true;
}

/* --- where it connects to --- */

static enum tool_takes takes_of_term(const struct data *data, const char *term)
{
	const struct tool_name found = tool_name_find(data->reading, term, 0);
	if (found.kind == NAME_WORD)
		return data->reading->words[found.index].takes;
	return data->reading->options[found.index].takes;
}

/* Go dials a URL without a host as this machine. */
static const char *url_target(const struct data *data, enum tool_takes takes, const char *url)
{
	struct arena *arena = data->context->arena;
	if (takes == TOOL_GRPC_NAME)
		return grpc_target(arena, data->tool->id, url, data->err);
	const char *runtime = data->reading->runtime;
	bool go = false;
	if (runtime)
		go = !strcmp(runtime, "go");
	if (go)
		return go_url_target(arena, url, data->err);
	return plan_url_target(arena, url, data->err);
}

/* What stands between the tool and the target takes its place. */
static bool by_proxy(const struct data *data,
		enum tool_proxy how,
		bool tls,
		const char **target,
		const char **from)
{
	const char *proxy, *variable;
	if (how == PROXY_NONE)
		return true;
	if (how == PROXY_HTTPS)
		tls = true;
	if (!go_proxy(data->context, data->command, *target, tls, &proxy, &variable, data->err))
		return false;
	if (!proxy)
		return true;
	*target = proxy;
	*from = variable;
	return true;
}

static bool to_urls(const struct data *data, const struct tool_target *to, const char *from)
{
	const struct data_term *term = data_term_of(data, to->url);
	struct arena *arena = data->context->arena;
	const char **items = arena_alloc(arena, term->count * sizeof *items);
	enum tool_takes takes = takes_of_term(data, to->url);
	bool tls = true;
	for (size_t i = 0; i < term->count; i++) {
		const char *url = term->texts[i];
		items[i] = url_target(data, takes, url);
		if (!items[i])
			return false;
		const bool encrypted = plan_url_is_tls(url);
		if (!by_proxy(data, to->proxy, encrypted, &items[i], &from))
			return false;
		tls &= encrypted;
	}
	data->plan->tls = tls;
	return plan_destinations(data->plan, items, term->count, CONFIDENCE_EXACT, from, data->err);
}

/* An IPv6 address gets its brackets. */
static const char *with_port(struct arena *arena, const char *name, double port)
{
	bool bare = strchr(name, ':');
	if (name[0] == '[')
		bare = false;
	if (bare)
		name = arena_printf(arena, "[%s]", name);
	return arena_printf(arena, "%s:%.0f", name, port);
}

/* One host, or several with commas between. */
static bool to_address(const struct data *data, const struct tool_target *to, const char *from)
{
	struct arena *arena = data->context->arena;
	struct name_list all = {0};
	struct value host = data_value(data, to->host);
	struct value port = data_value(data, to->port);
	if (host.kind != VALUE_TEXT)
		return true;
	if (port.kind != VALUE_NUMBER)
		return true;
	char *rest = arena_strdup(arena, host.text);
	while (rest) {
		char *name = strsep(&rest, ",");
		const char *item = with_port(arena, name, port.number);
		name_list_append(arena, &all, item);
	}
	return plan_destinations(data->plan, all.items, all.count, CONFIDENCE_EXACT, from, data->err);
}

static bool can_be_target(const struct data *data, const struct tool_target *to)
{
	if (!data_holds(data, to->when))
		return false;
	if (to->url) {
		const struct data_term *term = data_term_of(data, to->url);
		return term && term->given && term->text;
	}
	return data_value(data, to->host).kind == VALUE_TEXT;
}

static bool set_target(const struct data *data)
{
	const struct tool_reading *reading = data->reading;
	const size_t count = reading->target_count;
	for (size_t i = 0; i < count; i++) {
		const struct tool_target *to = &reading->targets[i];
		if (!can_be_target(data, to))
			continue;
		const char *from = data_text(data, to->from);
		if (!from && to->url)
			from = data_term_of(data, to->url)->shown;
		if (!from)
			from = data_origin(data, to->host);
		if (to->url)
			return to_urls(data, to, from);
		return to_address(data, to, from);
	}
	return true;
}

/* --- values of the plan --- */

static const char *choice_named(enum workload_field field, const char *text)
{
	static const char *const nofile[] = {"soft", "hard", NULL};
	const struct workload_row *row = &workload_rows[field];
	const char *const *choice = row->choices;
	if (row->kind == FIELD_NOFILE)
		choice = nofile;
	if (!choice)
		return NULL;
	while (*choice && strcmp(*choice, text) != 0)
		choice++;
	return *choice;
}

/* All that the option names: source addresses. */
static bool set_row_list(const struct data *data,
		enum workload_field field,
		const char *text,
		enum confidence confidence,
		const char *from)
{
	struct error why = {0};
	struct workload *workload = &data->plan->workload;
	struct arena *arena = data->context->arena;
	if (!workload_set(arena, workload, field, text, from, &why))
		return error_set(data->err,
				"%s, the option for %s, %.60s: %s",
				data->tool->id,
				workload_rows[field].help,
				from,
				why.text);
	workload->values[field].confidence = confidence;
	return true;
}

static const char *joined(const struct data *data, const struct expr *expr, const char *text)
{
	struct text all = {0};
	struct text name = {0};
	expr_print(expr, false, &name);
	const struct data_term *term = data_term_of(data, text_string(&name));
	text_release(&name);
	if (!term || term->count == 0)
		return text;
	for (size_t i = 0; i < term->count; i++) {
		if (i > 0)
			text_add(&all, ",");
		text_add(&all, term->texts[i]);
	}
	return text_take(data->context->arena, &all);
}

static bool set_row_text(const struct data *data,
		const struct tool_row *row,
		enum workload_field field,
		const char *text)
{
	enum confidence confidence = sure(data, row->confidence);
	const char *from = origin(data, row->value, row->from);
	enum field_kind kind = workload_rows[field].kind;
	if (kind == FIELD_LIST)
		text = joined(data, row->value, text);
	if (kind == FIELD_LIST)
		return set_row_list(data, field, text, confidence, from);
	const char *choice = text;
	if (kind != FIELD_TEXT)
		choice = choice_named(field, text);
	if (!choice)
		return error_set(data->err,
				"%s: the rule sets %s to \"%.60s\"",
				data->tool->id,
				row->field,
				text);
	plan_choice(data->plan, field, choice, confidence, from);
	return true;
}

static bool set_row(const struct data *data, const struct tool_row *row)
{
	enum workload_field field = tool_field(row->field);
	if (!data_holds(data, row->when))
		return true;
	struct value value = data_value(data, row->value);
	if (value.kind == VALUE_TEXT)
		return set_row_text(data, row, field, value.text);
	if (value.kind != VALUE_NUMBER)
		return true;
	enum confidence confidence = sure(data, row->confidence);
	const char *from = origin(data, row->value, row->from);
	bool endless = isinf(value.number);
	if (endless && workload_rows[field].unit == UNIT_SECONDS)
		return true; /* without a duration a plan has no end */
	if (endless || !(value.number >= 0) || value.number > NUMBER_MAX)
		return error_set(data->err,
				"%s: %s comes to %g, which a plan cannot use",
				data->tool->id,
				row->field,
				value.number);
	plan_number(data->plan, field, value.number, confidence, from);
	return true;
}

static bool set_rows(const struct data *data)
{
	const struct tool_reading *reading = data->reading;
	const size_t count = reading->row_count;
	for (size_t i = 0; i < count; i++) {
		const struct tool_row *row = &reading->rows[i];
		if (!set_row(data, row))
			return false;
	}
	return true;
}

/* --- a connection for each request --- */

static double finite_value(const struct data *data, const struct expr *expr, double otherwise)
{
	struct value value = value_unknown(NULL);
	if (expr)
		value = data_value(data, expr);
	if (value.kind != VALUE_NUMBER)
		return otherwise;
	if (!isfinite(value.number))
		return otherwise;
	return value.number;
}

/* A connection has several requests, and lives as long as all of them. */
static void set_requests(const struct data *data, double requests)
{
	struct workload_value *values = data->plan->workload.values;
	struct workload_value *lifetime = &values[W_LIFETIME];
	double latency = plan_given(data->context, W_LATENCY);
	values[W_REQUESTS_PER_CONNECTION].number = ceil(requests);
	if (lifetime->set && !isnan(latency))
		lifetime->number *= requests;
}

static void close_each(const struct data *data)
{
	static const enum workload_field said[] = {W_REQUESTS_PER_CONNECTION,
			W_OPENS_TOTAL,
			W_OPEN_RATE,
			W_LIFETIME};
	const struct tool_closing *closing = &data->reading->closing;
	struct plan *plan = data->plan;
	const char *from = origin(data, closing->when, closing->from);
	double requests = finite_value(data, closing->requests, 1);
	plan_closes_each(plan,
			data->context,
			finite_value(data, closing->most_opened, NAN),
			data_text(data, closing->why),
			from);
	set_requests(data, fmax(requests, 1));
	for (size_t i = 0; i < COUNT_OF(said); i++) {
		enum workload_field field = said[i];
		struct workload_value *value = &plan->workload.values[field];
		value->confidence = sure(data, value->confidence);
	}
	if (closing->by_client && data_holds(data, closing->by_client)) {
		plan->workload.values[W_CLIENT_CLOSES].set = false;
		plan_choice(plan, W_CLOSER, "client", sure(data, CONFIDENCE_EXACT), from);
		return;
	}
	if (!closing->closer)
		return;
	struct value closer = data_value(data, closing->closer);
	if (closer.kind != VALUE_TEXT)
		return;
	const char *choice = choice_named(W_CLOSER, closer.text);
	if (!choice)
		return;
	if (strcmp(choice, "server") != 0)
		plan->workload.values[W_CLIENT_CLOSES].set = false;
	plan_choice(plan, W_CLOSER, choice, sure(data, closing->confidence), from);
}

/* --- the rest --- */

static void add_questions(const struct data *data)
{
	const struct tool_reading *reading = data->reading;
	const size_t count = reading->question_count;
	for (size_t i = 0; i < count; i++) {
		const struct tool_question *question = &reading->questions[i];
		const struct rule_text_list *names = &question->fields;
		const char *why = data_text(data, question->why);
		enum workload_field fields[PLAN_ANSWERS_MAX] = {0};
		for (size_t k = 0; k < PLAN_ANSWERS_MAX; k++) {
			fields[k] = WORKLOAD_FIELDS;
			if (k < names->count)
				fields[k] = tool_field(names->items[k]);
		}
		if (data_holds(data, question->when))
			plan_ask(data->plan,
					data->context,
					why,
					fields[0],
					fields[1],
					fields[2],
					fields[3],
					WORKLOAD_FIELDS);
	}
}

static void add_findings(const struct data *data)
{
	const struct tool_reading *reading = data->reading;
	const size_t count = reading->finding_count;
	for (size_t i = 0; i < count; i++) {
		const struct tool_finding *finding = &reading->findings[i];
		const char *where = data_text(data, finding->where);
		if (!where)
			where = data->tool->id;
		if (data_holds(data, finding->when))
			plan_find(data->plan,
					finding->id,
					finding->severity,
					where,
					data_text(data, finding->text));
	}
}

static void set_tool_name(const struct data *data)
{
	data->plan->tool = data->tool->id;
	const struct tool_reading *reading = data->reading;
	const size_t count = reading->name_count;
	for (size_t i = 0; i < count; i++) {
		const struct tool_text *name = &reading->names[i];
		const char *text = data_text(data, name->text);
		if (data_holds(data, name->when))
			data->plan->tool = text;
	}
}

/* Is it one that was checked when it was built in? Rules are copied, what they point to is not. */
static bool is_built_in(const struct tool_rule *tool)
{
	const struct rules *rules = &built_in_rules;
	for (size_t i = 0; i < rules->tool_count; i++) {
		if (tool->reading.options && rules->tools[i].reading.options == tool->reading.options)
			return true;
	}
	return false;
}

bool data_read(const struct tool_rule *tool,
		size_t words,
		const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct data data = {.tool = tool,
			.reading = &tool->reading,
			.context = context,
			.command = command,
			.plan = plan,
			.kept = true,
			.err = err};
	struct error why = {0};
	if (!is_built_in(tool) && !tool_check(data.reading, &why))
		return error_set(err, "the rule of the tool %s: %s", tool->id, why.text);
	if (!data_read_words(&data, words))
		return false;
	if (!data_read_source(&data))
		return false;
	data.err = &why; /* what the tool itself refuses is said first */
	bool placed = set_target(&data);
	data.err = err;
	if (data.reading->tls)
		plan->tls = data_holds(&data, data.reading->tls);
	compute_lets(&data);
	set_tool_name(&data);
	if (!check_errors(&data))
		return false;
	if (!placed)
		return error_set(err, "%s", why.text);
	const struct expr *closes = data.reading->closing.when;
	if (closes)
		data.kept = !data_holds(&data, closes);
	if (!set_rows(&data))
		return false;
	if (!data.kept)
		close_each(&data);
	add_questions(&data);
	add_findings(&data);
	return true;
}
