/* Hands the document to the writers. */
#include "audit/output/publish.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/output/redact.h"
#include "base/os/clock.h"
#include "base/os/json.h"

/* GitHub refuses a step summary over 1 MiB (docs.github.com, workflow commands, step isolation and
 * limits). */
enum {
	SUMMARY_BYTES_MAX = 1024 * 1024
};

struct publication {
	const struct run *run;
	const cJSON *document;
	struct write_options file, screen;
};

static void publish_render(void *context, enum format format, struct text *out)
{
	static write_fn *const writers[FORMATS] = {
			[FORMAT_TEXT] = write_terminal,
			[FORMAT_JSON] = write_json,
			[FORMAT_JUNIT] = write_junit,
			[FORMAT_MARKDOWN] = write_markdown,
			[FORMAT_GITHUB] = write_github,
			[FORMAT_PROMETHEUS] = write_audit_prometheus,
	};
	const struct publication *publication = context;
	if (writers[format])
		writers[format](publication->document, &publication->file, out);
}

static bool append_summary(const struct publication *publication,
		const char *path,
		struct error *err)
{
	struct stat status;
	struct text text = {0};
	struct target target = {.shown = path,
			.fd = open(path,
					O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
					0666)};
	if (target.fd < 0 || fstat(target.fd, &status) < 0)
		return error_fail(err, "cannot write %s (GITHUB_STEP_SUMMARY): %s", path, strerror(errno));
	write_markdown(publication->document, &publication->file, &text);
	bool fits = status.st_size >= 0 && text.length + (size_t)status.st_size <= SUMMARY_BYTES_MAX;
	bool ok = fits && target_write(&target, text.data, text.length, err);
	text_release(&text);
	(void)close(target.fd);
	return ok ||
			(!fits &&
					error_fail(err,
							"%s (GITHUB_STEP_SUMMARY): with this report it would exceed the 1 MiB "
							"that GitHub accepts; run headroom in a separate step",
							path));
}

/* With -o github the report also goes where GitHub shows it. */
static bool step_summary(const struct publication *publication, const struct outputs *outputs)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	struct error err = {0};
	bool github = false;
	for (size_t i = 0; i < outputs->count; i++)
		github |= outputs->items[i].format == FORMAT_GITHUB;
	if (!github || !path || !*path || append_summary(publication, path, &err))
		return true;
	screen_say("%s", err.text);
	return false;
}

static bool publish_show(const struct publication *publication, struct error *err)
{
	struct text text = {0};
	if (publication->run->options->quiet)
		write_summary_line(publication->document, publication->run->arena, &text);
	else
		write_terminal(publication->document, &publication->screen, &text);
	return output_text(&text, err);
}

bool publish_outputs(const struct run *run, const cJSON *whole, struct outputs *outputs)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = redact_shown(run, whole, &copy);
	struct publication publication = {.run = run,
			.document = document,
			.file = screen_file_options(run->arena, run->options)};
	const struct output_source source = {publish_render, &publication};
	bool written = outputs_write(run->arena, outputs, &source);
	return step_summary(&publication, outputs) && written;
}

static bool put_not_run(const struct run *run,
		const struct output *output,
		const char *message,
		struct error *err)
{
	struct arena *arena = run->arena;
	struct target target;
	char created[CLOCK_TEXT_MAX];
	__attribute__((cleanup(text_release))) struct text text = {0};
	write_junit_not_run(arena, clock_utc_run(created), message, &text);
	if (!output_open(arena, output, &target, err))
		return false;
	if (target_write(&target, text.data, text.length, err))
		return target_commit(arena, &target, err);
	target_discard(&target);
	return false;
}

void publish_not_run(const struct run *run, const struct outputs *outputs, const char *message)
{
	const char *clean = text_clean(run->arena, message, strlen(message), 0);
	for (size_t i = 0; i < outputs->count; i++) {
		const struct output *output = &outputs->items[i];
		struct error err = {0};
		if (output->format != FORMAT_JUNIT || !output->path)
			continue;
		if (!put_not_run(run, output, clean, &err))
			screen_say("%s", err.text);
	}
}

bool publish(const struct run *run,
		const cJSON *whole,
		struct outputs *outputs,
		const char *const *presets,
		int *ret_exit,
		struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *copy = NULL;
	const cJSON *document = redact_shown(run, whole, &copy);
	struct publication publication = {run,
			document,
			screen_file_options(run->arena, run->options),
			screen_options(run->arena, run->options)};
	publication.screen.presets = presets;
	publication.screen.past = outputs->past;
	publication.file.past = outputs->past;
	const struct output_source source = {publish_render, &publication};
	bool written = outputs_write(run->arena, outputs, &source);
	written &= step_summary(&publication, outputs);
	if (!outputs->to_stdout && !publish_show(&publication, err))
		return false;
	*ret_exit = EXIT_BROKEN;
	if (written)
		*ret_exit = verdict_exit(document_verdict(document));
	return true;
}
