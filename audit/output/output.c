/* Which format goes where. The formats are rows; writing a file safely is target.c's work, HTML and
 * PDF the helper's. */
#include "audit/output/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/helper/helper.h"

struct format_row {
	const char *name;
	const char *alias; /* another name for it, or NULL */
	const char *extensions[2];
	const char *helper; /* the name headroom-helper knows it by; NULL: written here */
};

static const struct format_row format_rows[FORMATS] = {
		[FORMAT_TEXT] = {.name = "text", .extensions = {".txt"}},
		[FORMAT_JSON] = {.name = "json", .extensions = {".json"}},
		[FORMAT_HTML] = {.name = "html", .extensions = {".html", ".htm"}, .helper = "html"},
		[FORMAT_PDF] = {.name = "pdf", .extensions = {".pdf"}, .helper = "pdf"},
		[FORMAT_PNG] = {.name = "png", .extensions = {".png"}, .helper = "png"},
		[FORMAT_JUNIT] = {.name = "junit", .extensions = {".xml"}},
		[FORMAT_MARKDOWN] = {.name = "markdown", .alias = "md", .extensions = {".md", ".markdown"}},
		[FORMAT_GITHUB] = {.name = "github"},
		[FORMAT_PROMETHEUS] = {.name = "prometheus", .extensions = {".prom"}},
		[FORMAT_SARIF] = {.name = "sarif", .extensions = {".sarif"}},
};

const char *output_format_name(enum format format)
{
	return format_rows[format].name;
}

static bool is_word(const char *word, const char *name, size_t length)
{
	return word && strlen(word) == length && memcmp(word, name, length) == 0;
}

static enum format format_named(const char *name, size_t length)
{
	for (size_t i = 0; i < FORMATS; i++) {
		const struct format_row *row = &format_rows[i];
		if (is_word(row->name, name, length) || is_word(row->alias, name, length))
			return (enum format)i;
	}
	return FORMATS;
}

/* The helper's name for the format; NULL: it is written here. */
static const char *helper_of(const struct output *output)
{
	return format_rows[output->format].helper;
}

static enum format format_of_extension(const char *path)
{
	const char *name = strrchr(path, '/'), *dot = strrchr(name ? name : path, '.');
	for (size_t i = 0; dot && i < FORMATS; i++) {
		for (size_t k = 0; k < 2; k++) {
			if (format_rows[i].extensions[k] && !strcmp(format_rows[i].extensions[k], dot))
				return (enum format)i;
		}
	}
	return FORMATS;
}

static const char *formats_list(struct arena *arena, unsigned formats)
{
	struct text all = {0};
	for (size_t i = 0; i < FORMATS; i++) {
		if (formats >> i & 1)
			text_addf(&all, "%s%s", all.length ? " " : "", format_rows[i].name);
	}
	return text_take(arena, &all);
}

/* FILE, FORMAT:FILE, FORMAT:- or FORMAT. */
static bool read_spec(struct arena *arena,
		const char *text,
		unsigned formats,
		struct output *ret_output,
		struct error *err)
{
	size_t length = strcspn(text, ":");
	enum format format = format_named(text, length);
	const char *path = text;
	if (format != FORMATS)
		path = text[length] ? text + length + 1 : "-";
	else
		format = format_of_extension(text);
	if (format == FORMATS)
		return error_set(err,
				"-o %.300s: the name has no known extension; use one such as .html or .pdf, or "
				"write "
				"-o FORMAT:%.300s (formats: %s)",
				text,
				strcmp(text, "-") ? text : "-",
				formats_list(arena, formats));
	if (!(formats >> format & 1))
		return error_set(err,
				"-o %.300s: this command cannot write %s; it writes: %s",
				text,
				format_rows[format].name,
				formats_list(arena, formats));
	if (!*path)
		return error_set(err, "-o %.300s: the file name after the colon is missing", text);
	bool standard = !strcmp(path, "-") || !strcmp(path, "/dev/stdout");
	*ret_output =
			(struct output){.format = format, .path = standard ? NULL : path, .target.fd = -1};
	return true;
}

static bool check_together(struct arena *arena,
		const struct outputs *outputs,
		const struct output *output,
		struct error *err)
{
	const char *resolved = output->path ? target_resolve(arena, output->path) : NULL;
	for (size_t i = 0; i < outputs->count; i++) {
		const char *other = outputs->items[i].path;
		if (!other && !output->path)
			return error_set(err,
					"-o: %s and %s cannot both go to standard output; give one of them a file",
					format_rows[outputs->items[i].format].name,
					format_rows[output->format].name);
		if (other && resolved && !strcmp(target_resolve(arena, other), resolved))
			return error_set(err,
					"-o: %.300s and %.300s are the same file; give each output its own",
					other,
					output->path);
	}
	return true;
}

bool outputs_parse(struct arena *arena,
		const struct name_list *texts,
		unsigned formats,
		struct outputs *ret_outputs,
		struct error *err)
{
	*ret_outputs = (struct outputs){
			.items = arena_alloc(arena, (texts->count + 1) * sizeof(struct output))};
	for (size_t i = 0; i < texts->count; i++) {
		struct output *output = &ret_outputs->items[ret_outputs->count];
		if (!read_spec(arena, texts->items[i], formats, output, err) ||
				!check_together(arena, ret_outputs, output, err))
			return false;
		ret_outputs->to_stdout |= !output->path;
		ret_outputs->count++;
	}
	return true;
}

bool outputs_template(struct arena *arena,
		struct outputs *outputs,
		const char *dir,
		struct error *err)
{
	bool used = false;
	for (size_t i = 0; i < outputs->count; i++)
		used |= format_rows[outputs->items[i].format].helper != NULL;
	if (!dir)
		return true;
	if (!used)
		return error_set(err,
				"--template changes HTML, PDF and PNG only; add one of them, such as -o "
				"report.html");
	return template_open(arena, dir, &outputs->templates, err) &&
			helper_check_template(arena, &outputs->templates, err);
}

bool output_open(struct arena *arena,
		const struct output *output,
		struct target *ret_target,
		struct error *err)
{
	if (output->below)
		return target_open_below(arena, output->path, ret_target, err);
	return target_open(arena, output->path, ret_target, err);
}

static bool open_output(struct arena *arena, const struct outputs *outputs, struct output *output)
{
	struct error err = {0};
	struct target *target = &output->target;
	int fd = STDOUT_FILENO;
	const char *name = "standard output";
	if (outputs->to_errors) {
		fd = STDERR_FILENO;
		name = "standard error";
	}
	bool ok = true;
	if (output->path)
		ok = output_open(arena, output, target, &err);
	else
		ok = target_from_fd(fd, name, target, &err);
	if (!ok)
		screen_say("%s", err.text);
	return ok;
}

static bool produce(struct output *output, const struct output_source *source, struct error *err)
{
	struct text text = {0};
	source->render(source->context, output->format, &text);
	bool ok = target_write(&output->target, text_string(&text), text.length, err);
	text_release(&text);
	return ok;
}

static bool output_conclude(struct arena *arena,
		struct output *output,
		bool produced,
		struct error *err)
{
	if (produced && target_commit(arena, &output->target, err))
		return true;
	target_discard(&output->target);
	screen_say("%s", err->text);
	return false;
}

/* Those of the helper from `from` on, as many as one run takes, in one run. Sets *ret_next. */
static bool output_render(struct arena *arena,
		struct outputs *outputs,
		size_t from,
		const struct text *document,
		size_t *ret_next)
{
	struct helper_output jobs[HELPER_OUTPUTS_MAX] = {{.fd = -1}};
	struct output *owners[HELPER_OUTPUTS_MAX];
	size_t count = 0;
	bool all = true;
	for (; from < outputs->count && count < HELPER_OUTPUTS_MAX; from++) {
		struct output *output = &outputs->items[from];
		const char *format = helper_of(output);
		if (!format || output->target.fd < 0)
			continue;
		owners[count] = output;
		jobs[count++] = (struct helper_output){.format = format,
				.fd = output->target.fd,
				.shown = output->target.shown};
	}
	if (count)
		helper_render(arena,
				text_string(document),
				document->length,
				jobs,
				count,
				&outputs->templates);
	for (size_t i = 0; i < count; i++)
		all &= output_conclude(arena, owners[i], jobs[i].err.kind == ERROR_NONE, &jobs[i].err);
	*ret_next = from;
	return all;
}

static bool render_all(struct arena *arena,
		struct outputs *outputs,
		const struct output_source *source)
{
	struct text document = {0};
	bool all = true, wanted = false;
	for (size_t i = 0; i < outputs->count; i++)
		wanted |= helper_of(&outputs->items[i]) != NULL;
	if (wanted)
		source->render(source->context, FORMAT_JSON, &document);
	for (size_t next = 0; wanted && next < outputs->count;)
		all &= output_render(arena, outputs, next, &document, &next);
	text_release(&document);
	return all;
}

bool outputs_write(struct arena *arena, struct outputs *outputs, const struct output_source *source)
{
	bool all = true;
	for (size_t i = 0; i < outputs->count; i++)
		all &= open_output(arena, outputs, &outputs->items[i]);
	for (size_t i = 0; i < outputs->count; i++) {
		struct error err = {0};
		struct output *output = &outputs->items[i];
		if (output->target.fd >= 0 && !helper_of(output))
			all &= output_conclude(arena, output, produce(output, source, &err), &err);
	}
	return render_all(arena, outputs, source) && all;
}

bool output_stdout(const char *bytes, size_t length, struct error *err)
{
	struct target target;
	if (!target_from_fd(STDOUT_FILENO, "standard output", &target, err))
		return false;
	bool ok = target_write(&target, bytes, length, err);
	target_discard(&target);
	return ok;
}

bool output_text(struct text *text, struct error *err)
{
	bool ok = output_stdout(text_string(text), text->length, err);
	text_release(text);
	return ok;
}
