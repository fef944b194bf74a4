/* headroom report: an audit document, read back strictly, in other formats. Judges nothing again.
 */
#include "audit/cli/options.h"
#include "audit/output/publish.h"
#include "report/document/open.h"

bool command_report(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	struct outputs outputs;
	if (options->arguments.count != 1)
		return error_set(err,
				"report needs one audit document: headroom report audit.json -o report.html");
	if (!outputs_parse(run->arena, &options->outputs, FORMATS_ALL, &outputs, err))
		return false;
	if (!outputs_template(run->arena, &outputs, options->template_dir, err))
		return false;
	outputs.past = true;
	__attribute__((cleanup(json_close))) struct json *json =
			document_open(options->arguments.items[0], err);
	int verdict = EXIT_PASS;
	if (!json || !publish(run, json_root(json), &outputs, NULL, &verdict, err))
		return false;
	/* The verdict was given when the audit ran; writing it again is "done". */
	if (verdict == EXIT_BROKEN)
		*ret_exit = EXIT_BROKEN;
	return true;
}
