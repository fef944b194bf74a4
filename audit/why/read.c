/* The log lines: from the command line or the standard input. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "audit/why/why.h"
#include "base/os/file.h"
#include "base/text.h"

static const char *words_joined(struct arena *arena, const struct name_list *words)
{
	struct text line = {0};
	for (size_t i = 0; i < words->count; i++) {
		if (i > 0)
			text_add(&line, " ");
		text_add(&line, words->items[i]);
	}
	return text_take(arena, &line);
}

/* A NUL would end the text early. */
static void blank_nuls(struct text *text)
{
	for (size_t i = 0; i < text->length; i++) {
		if (text->data[i] == '\0')
			text->data[i] = ' ';
	}
}

static bool read_lines(struct arena *arena, const char **ret_text, struct error *err)
{
	__attribute__((cleanup(text_release))) struct text text = {0};
	if (!file_read_all(STDIN_FILENO, WHY_TEXT_MAX, &text)) {
		if (errno == EFBIG)
			return error_set(err,
					"why -: the input is longer than %d MiB; give the last lines: tail -n 1000 "
					"FILE | headroom why -",
					WHY_TEXT_MAX >> 20);
		return error_set(err, "why -: cannot read standard input: %s", strerror(errno));
	}
	blank_nuls(&text);
	*ret_text = arena_copy(arena, text_string(&text), text.length);
	return true;
}

static bool has_something(const char *line, size_t length)
{
	return strspn(line, " \t\r\f\v") < length;
}

static size_t count_lines(const char *text)
{
	size_t lines = 0;
	while (*text) {
		size_t length = strcspn(text, "\n");
		lines += has_something(text, length);
		text += length + (text[length] == '\n');
	}
	return lines;
}

bool why_read(const struct run *run, struct why_asked *ret_asked, struct error *err)
{
	const struct name_list *words = &run->options->arguments;
	*ret_asked = (struct why_asked){0};
	if (words->count == 0)
		return true;
	if (words->count == 1 && strcmp(words->items[0], "-") == 0) {
		if (!read_lines(run->arena, &ret_asked->text, err))
			return false;
	} else {
		ret_asked->text = words_joined(run->arena, words);
	}
	ret_asked->lines = count_lines(ret_asked->text);
	if (ret_asked->lines > 0)
		return true;
	return error_set(err,
			"why: the text is empty; paste a log line, or give no text to look at this host: "
			"headroom why");
}
