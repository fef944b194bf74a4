/* The shell splitter, the wrappers and every plan reader on one hostile line: no crash, no endless
 * loop, and an error has a text. The first byte chooses whether the line is one shell text or
 * words. Files hold the line's own tail. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "probes/plan/command/shell.h"
#include "probes/plan/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
	TEXT_MAX = 16 * 1024,
	WORDS_MAX = 256
};

static bool read_file(const struct plan_context *context,
		const char *path,
		const char **ret_bytes,
		size_t *ret_length,
		struct error *err)
{
	const char *tail = context->host;
	if (!strncmp(path, "no", 2))
		return error_set(err, "%s: cannot be read", path);
	*ret_bytes = tail;
	*ret_length = strlen(tail);
	return true;
}

static bool file_exists(const struct plan_context *context, const char *path)
{
	return context->host && strncmp(path, "no", 2) != 0;
}

static const char *environment(const struct plan_context *context, const char *name)
{
	return name[0] == 'U' ? NULL : (const char *)context->host;
}

static void read_plan(const struct plan_context *context, const char *const *words, size_t count)
{
	struct plan plan;
	struct error err = {0};
	bool good = plan_read(context, words, count, &plan, &err);
	if (good ? !plan.tool || (!plan_check_answers(&plan, &plan.workload, &err) && !*err.text)
			 : !*err.text)
		abort();
}

static size_t split(char *text, const char **words)
{
	size_t count = 0;
	for (char *word; (word = strsep(&text, "\n")) && count < WORDS_MAX - 1;)
		words[count++] = word;
	words[count] = NULL;
	return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct workload given;
	struct arena *arena = arena_new();
	if (size > 1 && size < TEXT_MAX) {
		char *text = arena_copy(arena, (const char *)data + 1, size - 1);
		const struct plan_context context = {.arena = arena,
				.host = text + strlen(text) / 2,
				.given = &given,
				.processors = 2,
				.read_file = read_file,
				.file_exists = file_exists,
				.environment = environment};
		const char *words[WORDS_MAX] = {"sh", "-c", text, NULL};
		size_t count = 3;
		if (data[0] & 1)
			count = split(arena_strdup(arena, text), words);
		read_plan(&context, words, count);
	}
	arena_free(arena);
	return 0;
}
