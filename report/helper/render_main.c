/* headroom-helper renders an audit document to HTML, PDF and PNG.
 *
 *   headroom-helper render html:FD pdf:FD png:FD [--template-fd [NAME=]FD …]
 *                          [--template-name DIR] [--font-dir DIR]
 *   headroom-helper check --template-fd [NAME=]FD …   checks templates only
 *
 * The document comes on standard input; outputs go to descriptors that the caller opened. The
 * helper opens no file for writing, runs no program, and knows no network. An output that fails is
 * reported in one line, and the others are still written. Exit status: 0 done, 1 nothing was
 * written, 2 usage, 64 + the sum of 1 << position of the outputs that failed. */
#include <dlfcn.h>
#include <errno.h>
#include <libxml/parser.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/os/file.h"
#include "report/chart/type.h"
#include "report/helper/checked_memory.h"
#include "report/helper/sandbox.h"
#include "report/render/render.h"

enum {
	INPUT_BYTES_MAX = 64 * 1024 * 1024,
	OUTPUTS_MAX = 6,
	TEMPLATES_MAX = 12,
	DIRECTORIES_MAX = 16,
	EXIT_SOME_FAILED = 64
};

struct output {
	const char *kind;
	int fd;
};

struct request {
	struct output outputs[OUTPUTS_MAX];
	size_t output_count;
	struct {
		char name[64];
		int fd;
	} templates[TEMPLATES_MAX];
	size_t template_count;
	const char *font_dir, *template_name;
	bool check_only;
};

static bool render_main_read_fd(const char *text, int *ret_fd)
{
	size_t digits = strspn(text, "0123456789");
	*ret_fd = atoi(text);
	return digits > 0 && digits < 6 && text[digits] == '\0';
}

static bool add_output(struct request *request, const char *argument)
{
	static const char *const kinds[] = {"html", "pdf", "png"};
	const char *colon = strchr(argument, ':');
	for (size_t i = 0; colon && i < COUNT_OF(kinds); i++) {
		struct output *output = &request->outputs[request->output_count];
		if (strncmp(argument, kinds[i], (size_t)(colon - argument)) != 0 ||
				kinds[i][colon - argument] != '\0')
			continue;
		if (request->output_count == OUTPUTS_MAX || !render_main_read_fd(colon + 1, &output->fd))
			return false;
		output->kind = kinds[i];
		request->output_count++;
		return true;
	}
	return false;
}

/* "FD" is the page; "NAME=FD" any file of the template. */
static bool add_template(struct request *request, const char *argument)
{
	const char *equals = strchr(argument, '=');
	size_t at = request->template_count++;
	if (at == TEMPLATES_MAX ||
			!render_main_read_fd(equals ? equals + 1 : argument, &request->templates[at].fd))
		return false;
	const char *name = equals ? argument : "report.html";
	size_t name_length = equals ? (size_t)(equals - argument) : strlen(name);
	int length = snprintf(request->templates[at].name,
			sizeof request->templates[at].name,
			"%.*s",
			(int)name_length,
			name);
	return length > 0 && (size_t)length < sizeof request->templates[at].name;
}

static bool render_main_read_request(struct request *request, int argc, char **argv)
{
	request->check_only = strcmp(argv[1], "check") == 0;
	for (int i = 2; i < argc; i++) {
		bool value = i + 1 < argc;
		if (strcmp(argv[i], "--template-fd") == 0 && value) {
			if (!add_template(request, argv[++i]))
				return false;
		} else if (strcmp(argv[i], "--font-dir") == 0 && value) {
			request->font_dir = argv[++i];
		} else if (strcmp(argv[i], "--template-name") == 0 && value) {
			request->template_name = argv[++i];
		} else if (!add_output(request, argv[i])) {
			return false;
		}
	}
	return (request->output_count > 0) != request->check_only;
}

static bool render_main_read_all(int fd, struct text *out, const char *name, struct error *err)
{
	if (file_read_all(fd, INPUT_BYTES_MAX, out))
		return true;
	if (errno == EFBIG)
		return error_set(err, "%s: larger than 64 MiB", name);
	return error_fail(err, "%s: cannot be read: %s", name, strerror(errno));
}

static bool render_main_write_all(int fd, const struct text *text, struct error *err)
{
	if (file_write_all(fd, text->data, text->length))
		return true;
	return error_fail(err, "cannot be written: %s", strerror(errno));
}

static bool render_main_write_output(struct render *render, const struct output *output)
{
	struct error err = {0};
	struct text text = {0};
	bool done = render_output(render, output->kind, &text, &err) &&
			render_main_write_all(output->fd, &text, &err);
	if (!done)
		(void)fprintf(stderr, "%s: %s\n", output->kind, err.text);
	else if (*render_remark(render))
		(void)fprintf(stderr,
				"%s: written, but without alternative texts, XMP and the attached document: %s\n",
				output->kind,
				render_remark(render));
	text_release(&text);
	return done;
}

static bool read_templates(const struct request *request, struct render *render, struct error *err)
{
	for (size_t i = 0; i < request->template_count; i++) {
		struct text text = {0};
		(void)lseek(request->templates[i].fd, 0, SEEK_SET); /* another helper may have read it */
		bool read = render_main_read_all(request->templates[i].fd,
				&text,
				request->templates[i].name,
				err);
		if (read)
			render_use_template(render,
					request->templates[i].name,
					text_string(&text),
					text.length);
		text_release(&text);
		if (!read)
			return false;
	}
	return true;
}

static bool render_main_prepare(const struct request *request,
		struct render *render,
		struct error *err)
{
	struct text input = {0};
	bool ready = read_templates(request, render, err);
	if (request->check_only)
		return ready && render_check(render, err);
	ready = ready && render_main_read_all(STDIN_FILENO, &input, "the audit document", err) &&
			render_load(render, text_string(&input), input.length, err);
	text_release(&input);
	return ready;
}

static int render_main_fail(const struct error *err)
{
	(void)fprintf(stderr, "%s\n", err->text);
	return 1;
}

static int write_outputs(const struct request *request, struct render *render)
{
	int failed = 0;
	for (size_t i = 0; i < request->output_count; i++)
		if (!render_main_write_output(render, &request->outputs[i]))
			failed |= 1 << i;
	if (failed == (1 << request->output_count) - 1)
		return failed > 0;
	return failed ? EXIT_SOME_FAILED + failed : 0;
}

/* Fonts are read, and what lies beside the user's own theme. */
static bool enter(const struct request *request, struct error *err)
{
	size_t count;
	const char *const *places = type_places(&count);
	const char *directories[DIRECTORIES_MAX];
	struct sandbox_files files = {.directories = directories};
	for (size_t i = 0; i < count && files.count + 2 < DIRECTORIES_MAX; i++)
		directories[files.count++] = places[i];
	if (request->font_dir)
		directories[files.count++] = request->font_dir;
	if (request->template_name)
		directories[files.count++] = request->template_name;
	return sandbox_enter(&files, err);
}

static int render_main(int argc, char **argv)
{
	struct request request = {.output_count = 0};
	struct error err = {0};
	if (!render_main_read_request(&request, argc, argv)) {
		(void)fprintf(stderr,
				"usage: headroom-helper render html:FD|pdf:FD|png:FD… [--template-fd [NAME=]FD] "
				"[--template-name DIR] [--font-dir DIR] <audit.json, or check --template-fd "
				"[NAME=]FD\n");
		return 2;
	}
	if (!enter(&request, &err))
		return render_main_fail(&err);
	struct render *render = render_new(request.font_dir);
	if (request.template_name)
		render_name_templates(render, request.template_name);
	int status = render_main_prepare(&request, render, &err) ? 0 : render_main_fail(&err);
	if (status == 0)
		status = write_outputs(&request, render);
	render_free(render);
	return status;
}

/* Every mode enters the sandbox once it has read its arguments, which the core wrote. From then on
 * it may use the descriptors that it was given. */
static const struct {
	const char *name;
	int (*run)(int argc, char **argv);
} modes[] = {
		{"render", render_main},
		{"check", render_main},
};

/* What libqpdf does where C++ has no memory. There is no C header for it: [set.new.handler] of the
 * C++ standard, under the name that every compiler on Linux gives it. */
static void end_where_cpp_has_none(void)
{
	typedef void handler(void);
	handler *(*set)(handler *);
	*(void **)&set = dlsym(RTLD_DEFAULT, "_ZSt15set_new_handlerPFvvE");
	if (set)
		(void)set(memory_exhausted);
}

int main(int argc, char **argv)
{
	checked_memory_use();
	end_where_cpp_has_none();
	for (size_t i = 0; argc > 1 && i < COUNT_OF(modes); i++) {
		if (strcmp(argv[1], modes[i].name) != 0)
			continue;
		int status = modes[i].run(argc, argv);
		xmlCleanupParser();
		return status;
	}
	(void)fprintf(stderr, "usage: headroom-helper render|check …\n");
	return 2;
}
