/* headroom-import tree xml|yaml: reads standard input, writes the nodes as JSON to standard output,
 * or one line "LINE: what is wrong" to standard error. Runs inside the helper's sandbox; knows no
 * tool's file format. */
#include "report/helper/tree/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "report/helper/sandbox.h"

static const struct {
	const char *name;
	bool (*read)(const char *bytes, size_t length, struct text *out, struct error *err);
	void (*prepare)(void); /* what must be loaded before no file can be opened; or NULL */
} formats[] = {
		{"xml", tree_from_xml, tree_xml_prepare},
		{"yaml", tree_from_yaml, NULL},
		{"yaml-stream", tree_from_yaml_stream, NULL},
};

static bool read_input(struct text *out, struct error *err)
{
	if (file_read_all(STDIN_FILENO, TREE_INPUT_BYTES_MAX, out))
		return true;
	if (errno == EFBIG)
		return error_set(err, "1: larger than %d MiB", TREE_INPUT_BYTES_MAX / (1024 * 1024));
	return error_fail(err, "1: cannot be read: %s", strerror(errno));
}

static bool tree_write_output(const struct text *text, struct error *err)
{
	if (file_write_all(STDOUT_FILENO, text->data, text->length))
		return true;
	return error_fail(err, "1: cannot be written: %s", strerror(errno));
}

static int say_error(const struct error *err)
{
	(void)fprintf(stderr, "%s\n", err->text);
	return 1;
}

int tree_main(int argc, char **argv)
{
	struct text input = {0}, output = {0};
	struct error err = {0};
	size_t i = 0, count = COUNT_OF(formats);
	while (argc == 3 && i < count && strcmp(formats[i].name, argv[2]) != 0)
		i++;
	if (argc != 3 || i == count) {
		(void)fprintf(stderr, "usage: headroom-import tree xml|yaml|yaml-stream <document\n");
		return 2;
	}
	if (formats[i].prepare)
		formats[i].prepare();
	if (!sandbox_enter(NULL, &err)) {
		(void)say_error(&err);
		return 2; /* no fault of the file */
	}
	bool good = read_input(&input, &err) &&
			formats[i].read(text_string(&input), input.length, &output, &err) &&
			(output.length <= TREE_OUTPUT_BYTES_MAX || error_set(&err, "1: too large once read")) &&
			tree_write_output(&output, &err);
	text_release(&input);
	text_release(&output);
	if (!good)
		return say_error(&err);
	return 0;
}
