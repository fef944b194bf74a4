/* One document, all its formats. */
#include "audit/output/kind.h"

#include "audit/cli/screen.h"
#include "audit/output/redact.h"
#include "audit/output/view.h"
#include "base/os/json.h"

struct kind_files {
	const struct output_kind *kind;
	const cJSON *document;
	struct write_options look;
};

static void kind_render(void *context, enum format format, struct text *out)
{
	const struct kind_files *files = context;
	write_fn *write = files->kind->more[format];
	if (format == FORMAT_TEXT)
		write = files->kind->text;
	if (format == FORMAT_JSON)
		write = write_json;
	if (format == FORMAT_MARKDOWN)
		write = write_answer_markdown;
	write(files->document, &files->look, out);
}

bool output_kind_parse(const struct run *run,
		const struct output_kind *kind,
		struct outputs *ret_outputs,
		struct error *err)
{
	const struct options *options = run->options;
	return outputs_parse(run->arena, &options->outputs, kind->formats, ret_outputs, err) &&
			outputs_template(run->arena, ret_outputs, options->template_dir, err);
}

bool output_kind_put(const struct run *run,
		const struct output_kind *kind,
		const cJSON *document,
		struct outputs *outputs,
		bool *ret_written,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	struct kind_files files = {
			.kind = kind,
			.document = redact_shown(run, document, &copy),
			.look = screen_file_options(run->arena, run->options),
	};
	const struct output_source source = {kind_render, &files};
	write_fn *write = kind->text;
	if (run->options->quiet)
		write = kind->line;
	*ret_written = outputs_write(run->arena, outputs, &source);
	return outputs->to_stdout || output_view_show(run, document, write, err);
}
