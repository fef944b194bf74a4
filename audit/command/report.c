/* headroom report: an audit document, read back strictly, in other formats. Judges nothing again.
 */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/command/answers.h"
#include "audit/command/fleet_show.h"
#include "audit/document/request.h"
#include "audit/output/publish.h"
#include "report/document/open.h"

static const char *report_name(const struct run *run)
{
	const char *path = run->options->arguments.items[0];
	if (strcmp(path, "-") == 0)
		return "standard input";
	return path;
}

/* What headroom fleet wrote has fewer formats: those that it lacks are an error of usage. */
static bool report_fleet(const struct run *run,
		const cJSON *document,
		struct outputs *outputs,
		int *ret_verdict,
		struct error *err)
{
	struct outputs known;
	if (!document_check_fleet(document, report_name(run), err))
		return false;
	if (!outputs_parse(run->arena, &run->options->outputs, fleet_formats, &known, err))
		return false;
	return fleet_show(run, document, outputs, ret_verdict, err);
}

/* The formats are read once more: another document has others. */
static bool report_audit(const struct run *run,
		const cJSON *document,
		struct outputs *outputs,
		int *ret_verdict,
		struct error *err)
{
	struct outputs known;
	if (!outputs_parse(run->arena, &run->options->outputs, FORMATS_ALL, &known, err))
		return false;
	return publish(run, document, outputs, NULL, ret_verdict, err);
}

/* Of what is no audit, and has a page of its own. */
static bool report_answer(const struct run *run,
		const cJSON *document,
		int *ret_verdict,
		struct error *err)
{
	bool written = false;
	struct outputs known;
	const struct output_kind *kind = answer_kind_of(document);
	if (!document_check_answer(document, report_name(run), err))
		return false;
	if (!output_kind_parse(run, kind, &known, err))
		return false;
	bool shown = output_kind_put(run, kind, document, &known, &written, err);
	*ret_verdict = EXIT_PASS;
	if (!written)
		*ret_verdict = EXIT_BROKEN;
	return shown;
}

/* The document, with what the options say of the change that it is for. */
static cJSON *report_copy(const struct run *run, const cJSON *document)
{
	cJSON *copy = cJSON_Duplicate(document, true);
	request_put(run->arena, copy, run->options);
	return copy;
}

static bool report_document(const struct run *run,
		const struct json *json,
		struct outputs *outputs,
		int *ret_verdict,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = json_root(json);
	bool fleet = document_is_fleet(document);
	bool answer = document_is_answer(document);
	if (!fleet && !answer && !document_check(json, report_name(run), err))
		return false;
	if (request_given(run->options)) {
		copy = report_copy(run, document);
		document = copy;
	}
	request_warn(run->arena, document, report_name(run));
	if (answer)
		return report_answer(run, document, ret_verdict, err);
	if (fleet)
		return report_fleet(run, document, outputs, ret_verdict, err);
	return report_audit(run, document, outputs, ret_verdict, err);
}

bool command_report(const struct run *run, int *ret_exit, struct error *err)
{
	static const unsigned every_format = (1 << FORMATS) - 1;
	const struct options *options = run->options;
	struct outputs outputs;
	if (options->arguments.count != 1)
		return error_set(err,
				"report needs one saved audit: headroom report audit.json -o report.html");
	if (!outputs_parse(run->arena, &options->outputs, every_format, &outputs, err))
		return false;
	if (!outputs_template(run->arena, &outputs, options->template_dir, err))
		return false;
	outputs.past = true;
	const char *path = options->arguments.items[0];
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	int verdict = EXIT_PASS;
	if (!json || !report_document(run, json, &outputs, &verdict, err))
		return false;
	/* The verdict was given when the audit ran; writing it again is "done". */
	if (verdict == EXIT_BROKEN)
		*ret_exit = EXIT_BROKEN;
	return true;
}
