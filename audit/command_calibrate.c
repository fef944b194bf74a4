/* headroom calibrate: what this kernel really gives, measured in a private network namespace. */
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/calibration.h"
#include "audit/options.h"
#include "audit/output.h"
#include "audit/pipeline.h"
#include "audit/screen.h"
#include "model/derive.h"
#include "probes/suggest.h"
#include "report/write/columns.h"

enum { WIDTH = 80, RESULTS_MAX = 16 };

/* Written by the signal handler alone. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
	interrupted = number;
}

struct batch {
	const struct run *run;
	struct calibration results[RESULTS_MAX];
	size_t count;
	struct write_options look;
};

static void free_tree(cJSON **tree)
{
	cJSON_Delete(*tree);
}

static cJSON *document_of(const struct batch *batch)
{
	const struct members put = {.arena = batch->run->arena};
	cJSON *document = cJSON_CreateObject();
	member_text(&put, document, "schema", "headroom.calibration/1");
	cJSON *list = member_array(document, "calibration");
	for (size_t i = 0; i < batch->count; i++)
		cJSON_AddItemToArray(list, calibration_to_json(&put, &batch->results[i]));
	return document;
}

static const char *fold(const struct batch *batch, const char *text)
{
	return batch->look.ascii ? columns_to_ascii(batch->look.arena, text) : text;
}

static const char *verdict_of(const struct calibration *result)
{
	if (isnan(result->measured))
		return "not measured";
	if (isnan(result->predicted))
		return "nothing predicted";
	return result->agrees ? "agrees" : "DISAGREES";
}

static void add_reason(const struct batch *batch, const struct calibration *result, struct text *out)
{
	char reached[NUMBER_TEXT_MAX];
	const char *text = result->reason;
	if (isnan(result->measured) && result->reached > 0)
		text = arena_printf(batch->run->arena, "%s; it had come to %s", text,
		                    text_number(reached, result->reached, UNIT_COUNT));
	columns_wrap(out, "            ", "            ", fold(batch, text), WIDTH);
}

static void add_result(const struct batch *batch, const struct calibration *result, struct text *out)
{
	struct arena *arena = batch->run->arena;
	char measured[NUMBER_TEXT_MAX], predicted[NUMBER_TEXT_MAX], spent[NUMBER_TEXT_MAX];
	text_add(out, "  ");
	columns_left(out, result->id, 10);
	columns_left(out, fold(batch, text_number(measured, result->measured, UNIT_COUNT)), 12);
	columns_left(out, fold(batch, text_number(predicted, result->predicted, UNIT_COUNT)), 12);
	columns_left(out, verdict_of(result), 18);
	columns_left(out, result->stopped_by ? result->stopped_by : "", 17);
	text_addf(out, "%s\n", text_number(spent, result->duration_s, UNIT_SECONDS));
	if (result->reason)
		add_reason(batch, result, out);
	for (size_t i = 0; i < result->not_copied_count; i++)
		text_addf(out, "            %s\n", result->not_copied[i]);
	if (batch->look.all)
		for (size_t i = 0; i < result->field_count; i++) {
			char figure[NUMBER_TEXT_MAX];
			const struct calibration_field *field = &result->fields[i];
			const char *value = field->text ? field->text : text_number(figure, field->number, UNIT_COUNT);
			columns_wrap(out, "            ", "              ",
			             fold(batch, arena_printf(arena, "%s: %s", field->name, value)), WIDTH);
		}
}

static void add_table(const struct batch *batch, struct text *out)
{
	text_add(out, "  ");
	columns_left(out, "", 10);
	columns_left(out, "measured", 12);
	columns_left(out, "predicted", 12);
	columns_left(out, "", 18);
	columns_left(out, "stopped by", 17);
	text_add(out, "took\n");
	for (size_t i = 0; i < batch->count; i++)
		add_result(batch, &batch->results[i], out);
}

static void render(void *context, enum format format, struct text *out)
{
	const struct batch *batch = context;
	if (format == FORMAT_TEXT) {
		add_table(batch, out);
		return;
	}
	__attribute__((cleanup(free_tree))) cJSON *document = document_of(batch);
	char *printed = cJSON_Print(document);
	text_addf(out, "%s\n", printed ? printed : "");
	cJSON_free(printed);
}

static void show_progress(void *context, const char *id, double done, double of)
{
	char a[NUMBER_TEXT_MAX], b[NUMBER_TEXT_MAX];
	(void)context;
	if (of > 0)
		(void)fprintf(stderr, "\r\033[K%s: %s of %s", id, text_number(a, done, UNIT_COUNT), text_number(b, of, UNIT_COUNT));
	else
		(void)fprintf(stderr, "\r\033[K%s", id);
}

static bool run_one(struct batch *batch, const struct calibrator *calibrator, struct calibrate_request request,
                    struct error *err)
{
	bool terminal = isatty(STDERR_FILENO) && !batch->run->options->quiet;
	request.predicted = calibration_predict(calibrator_id(calibrator), &request);
	bool done = calibrate_run(batch->run->arena, calibrator, &request, terminal ? show_progress : NULL, NULL,
	                          &interrupted, &batch->results[batch->count], err);
	if (terminal)
		(void)fputs("\r\033[K", stderr);
	batch->count += done;
	return done;
}

static bool unknown_name(const char *name, struct error *err)
{
	const char *names[RESULTS_MAX + 1] = {NULL};
	for (size_t i = 0; i < calibrators_count && i < RESULTS_MAX; i++)
		names[i] = calibrator_id(calibrators[i]);
	const char *near = suggest_name(name, names);
	return error_set(err, "there is no calibrator \"%.100s\"%s%s%s", name, near ? "; did you mean " : "",
	                 near ? near : "", near ? "?" : "");
}

static bool run_all(struct batch *batch, const struct calibrate_request *request, struct error *err)
{
	const struct name_list *names = &batch->run->options->arguments;
	for (size_t i = 0; i < names->count; i++)
		if (!calibrator_find(names->items[i]))
			return unknown_name(names->items[i], err);
	if (names->count > RESULTS_MAX)
		return error_set(err, "calibrate takes at most %d names", RESULTS_MAX);
	size_t count = names->count ? names->count : calibrators_count;
	for (size_t i = 0; i < count && !interrupted; i++) {
		const struct calibrator *calibrator = names->count ? calibrator_find(names->items[i]) : calibrators[i];
		if (!run_one(batch, calibrator, *request, err))
			return false;
	}
	return true;
}

static int exit_of(const struct batch *batch, bool written)
{
	if (!written)
		return EXIT_BROKEN;
	for (size_t i = 0; i < batch->count; i++)
		if (isnan(batch->results[i].measured))
			return EXIT_VERDICT_UNKNOWN;
	return EXIT_PASS;
}

static bool show(struct batch *batch, struct error *err)
{
	struct text text = {0};
	batch->look = screen_options(batch->run->arena, batch->run->options);
	add_table(batch, &text);
	bool ok = output_stdout(text.data, text.length, err);
	text_release(&text);
	return ok;
}

static void catch_signals(void)
{
	const struct sigaction action = {.sa_handler = on_signal};
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
}

bool command_calibrate(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	struct batch batch = {.run = run, .look = screen_file_options(run->arena, options)};
	const struct output_source source = {render, &batch};
	const struct rules none = {0};
	struct outputs outputs;
	struct host_info host;
	if (options->facts_path)
		return error_set(err, "calibrate pushes this host: it does not go with --facts");
	if (!outputs_parse(run->arena, &options->outputs, FORMATS_TEXT_JSON, &outputs, err))
		return false;
	struct facts *facts = pipeline_facts(run, false, &host, err);
	if (!facts)
		return false;
	derive_facts(facts, &none);
	const struct calibrate_request request = calibration_request(&options->workload, facts, options->full);
	catch_signals();
	if (!run_all(&batch, &request, err))
		return false;
	bool written = outputs_write(run->arena, &outputs, &source);
	*ret_exit = exit_of(&batch, written);
	return outputs.to_stdout || show(&batch, err);
}
