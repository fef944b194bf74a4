/* headroom-helper tree xml|yaml: reads standard input, writes the nodes as JSON to standard output,
 * or one line "LINE: what is wrong" to standard error. Runs inside the helper's sandbox; knows no
 * tool's file format. */
#include "report/helper/tree/tree.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

static const struct {
	const char *name;
	bool (*read)(const char *bytes, size_t length, struct text *out, struct error *err);
} formats[] = {
		{"xml", tree_from_xml},
		{"yaml", tree_from_yaml},
};

static bool read_input(struct text *out, struct error *err)
{
	char buffer[16384];
	for (;;) {
		ssize_t count = read(STDIN_FILENO, buffer, sizeof buffer);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_fail(err, "1: cannot be read: %s", strerror(errno));
		if (count == 0)
			return true;
		if (out->length + (size_t)count > TREE_INPUT_BYTES_MAX)
			return error_set(err, "1: larger than %d MiB", TREE_INPUT_BYTES_MAX / (1024 * 1024));
		text_add_bytes(out, buffer, (size_t)count);
	}
}

static bool tree_write_output(const struct text *text, struct error *err)
{
	for (size_t done = 0; done < text->length;) {
		ssize_t count = write(STDOUT_FILENO, text->data + done, text->length - done);
		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			return error_fail(err, "1: cannot be written: %s", strerror(errno));
		done += (size_t)count;
	}
	return true;
}

int tree_main(int argc, char **argv)
{
	struct text input = {0}, output = {0};
	struct error err = {0};
	size_t i = 0, count = COUNT_OF(formats);
	while (argc == 3 && i < count && strcmp(formats[i].name, argv[2]) != 0)
		i++;
	if (argc != 3 || i == count) {
		(void)fprintf(stderr, "usage: headroom-helper tree xml|yaml <document\n");
		return 2;
	}
	bool good = read_input(&input, &err) &&
			formats[i].read(text_string(&input), input.length, &output, &err) &&
			(output.length <= TREE_OUTPUT_BYTES_MAX || error_set(&err, "1: too large once read")) &&
			tree_write_output(&output, &err);
	if (!good)
		(void)fprintf(stderr, "%s\n", err.text);
	text_release(&input);
	text_release(&output);
	return good ? 0 : 1;
}
