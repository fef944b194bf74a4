#include "audit/command/fleet_show.h"

#include "audit/cli/screen.h"
#include "audit/output/redact.h"
#include "audit/output/view.h"
#include "base/os/json.h"
#include "report/document/verdict.h"
#include "report/write/write.h"

const unsigned fleet_formats = FORMATS_TEXT_JSON | 1 << FORMAT_JUNIT | 1 << FORMAT_MARKDOWN |
		1 << FORMAT_PROMETHEUS | 1 << FORMAT_HTML | 1 << FORMAT_PDF | 1 << FORMAT_PNG;

struct fleet_files {
	const cJSON *document;
	struct write_options look;
};

static void fleet_render(void *context, enum format format, struct text *out)
{
	static write_fn *const writers[FORMATS] = {
			[FORMAT_TEXT] = write_fleet,
			[FORMAT_JSON] = write_json,
			[FORMAT_JUNIT] = write_fleet_junit,
			[FORMAT_MARKDOWN] = write_fleet_markdown,
			[FORMAT_PROMETHEUS] = write_fleet_metrics,
	};
	const struct fleet_files *files = context;
	writers[format](files->document, &files->look, out);
}

static bool fleet_write_files(const struct run *run, struct outputs *outputs, const cJSON *whole)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	struct fleet_files files = {
			.document = redact_shown(run, whole, &copy),
			.look = screen_file_options(run->arena, run->options),
	};
	const struct output_source source = {fleet_render, &files};
	return outputs_write(run->arena, outputs, &source);
}

bool fleet_show(const struct run *run,
		const cJSON *document,
		struct outputs *outputs,
		int *ret_exit,
		struct error *err)
{
	write_fn *write = write_fleet;
	if (run->options->quiet)
		write = write_fleet_line;
	bool written = fleet_write_files(run, outputs, document);
	if (!outputs->to_stdout && !output_view_show(run, document, write, err))
		return false;
	*ret_exit = verdict_exit(document_verdict(document));
	if (!written)
		*ret_exit = EXIT_BROKEN;
	return true;
}
