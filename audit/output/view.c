/* One document, two forms. */
#include "audit/output/view.h"

#include "audit/cli/screen.h"
#include "audit/output/redact.h"
#include "base/os/json.h"

struct output_view {
	const cJSON *document;
	write_fn *write;
	struct write_options look;
};

static void output_view_render(void *context, enum format format, struct text *out)
{
	const struct output_view *view = context;
	if (format == FORMAT_JSON)
		write_json(view->document, &view->look, out);
	else
		view->write(view->document, &view->look, out);
}

bool output_view_files(const struct run *run,
		struct outputs *outputs,
		const cJSON *whole,
		write_fn *write)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = redact_shown(run, whole, &copy);
	struct output_view view = {
			.document = document,
			.write = write,
			.look = screen_file_options(run->arena, run->options),
	};
	const struct output_source source = {output_view_render, &view};
	return outputs_write(run->arena, outputs, &source);
}

bool output_view_show(const struct run *run, const cJSON *whole, write_fn *write, struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = redact_shown(run, whole, &copy);
	struct text text = {0};
	const struct write_options look = screen_options(run->arena, run->options);
	write(document, &look, &text);
	return output_text(&text, err);
}
