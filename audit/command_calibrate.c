/* headroom calibrate: what this kernel gives when it is pushed, beside what the model says. */
#include <math.h>

#include "audit/campaign.h"
#include "audit/output.h"
#include "audit/pipeline.h"
#include "audit/screen.h"
#include "model/situation.h"

static void free_tree(cJSON **tree)
{
	cJSON_Delete(*tree);
}

struct calibration_view {
	const cJSON *document;
	struct write_options look;
};

static void render(void *context, enum format format, struct text *out)
{
	const struct calibration_view *view = context;
	if (format == FORMAT_JSON)
		write_json(view->document, &view->look, out);
	else
		write_calibration(view->document, &view->look, out);
}

static bool show(const struct run *run, const cJSON *document, struct error *err)
{
	struct text text = {0};
	const struct write_options look = screen_options(run->arena, run->options);
	write_calibration(document, &look, &text);
	bool ok = output_stdout(text.data, text.length, err);
	text_release(&text);
	return ok;
}

/* Names of calibrators, and at most one workload: a ready one or a file. */
static bool sort_arguments(const struct run *run, const struct pipeline *pipeline, struct name_list *ret_names,
                           const char **ret_workload, struct error *err)
{
	const struct name_list *arguments = &run->options->arguments;
	*ret_workload = NULL;
	for (size_t i = 0; i < arguments->count; i++) {
		const char *word = arguments->items[i];
		bool plan = !campaign_knows(word) && pipeline_is_workload(pipeline, word);
		if (!plan)
			name_list_add(run->arena, ret_names, word);
		else if (*ret_workload)
			return error_set(err, "calibrate takes one workload, not \"%.60s\" and \"%.60s\"", *ret_workload, word);
		else
			*ret_workload = word;
	}
	return true;
}

static bool prepare(const struct run *run, struct pipeline *pipeline, struct campaign *campaign,
                    struct result *result, struct error *err)
{
	struct workload workload;
	struct name_list names = {0};
	const char *plan;
	bool given;
	if (!pipeline_open(run, pipeline, err) || !sort_arguments(run, pipeline, &names, &plan, err) ||
	    !campaign_choose(run->arena, names.items, names.count, campaign, err))
		return false;
	return pipeline_workload(pipeline, plan ? plan : "default", &workload, &given, err) &&
	       pipeline_judge(pipeline, &workload, result, err);
}

static int exit_of(const struct campaign *campaign)
{
	for (size_t i = 0; i < campaign->count; i++)
		if (isnan(campaign->results[i].measured))
			return EXIT_VERDICT_UNKNOWN;
	return EXIT_PASS;
}

bool command_calibrate(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(pipeline_close))) struct pipeline pipeline = {0};
	struct campaign campaign;
	struct outputs outputs;
	struct result result;
	if (!campaign_allowed(options, err) ||
	    !outputs_parse(run->arena, &options->outputs, FORMATS_TEXT_JSON, &outputs, err) ||
	    !prepare(run, &pipeline, &campaign, &result, err))
		return false;
	campaign_run(run->arena, options, pipeline.facts, &result, &campaign);
	const struct members put = {run->arena, pipeline.facts};
	__attribute__((cleanup(free_tree))) cJSON *document = cJSON_CreateObject();
	member_text(&put, document, "schema", "headroom.calibration/1");
	(void)member_item(document, "calibration", campaign_json(&put, &campaign));
	struct calibration_view view = {document, screen_file_options(run->arena, options)};
	const struct output_source source = {render, &view};
	bool written = outputs_write(run->arena, &outputs, &source);
	if (!outputs.to_stdout && !show(run, document, err))
		return false;
	*ret_exit = written && !campaign.broken ? exit_of(&campaign) : EXIT_BROKEN;
	return true;
}
