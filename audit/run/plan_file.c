/* Reads the beginning of a file to see which tool it belongs to; the tool's reader reads it. */
#include "audit/run/plan_file.h"

#include <string.h>
#include <unistd.h>

#include "audit/run/plan.h"
#include "probes/plan/command/stands_for.h"

bool plan_file_is_named(const char *name)
{
	return stands_for_name(name) && access(name, F_OK) == 0;
}

bool plan_file_command(const struct run *run,
		const char *name,
		struct name_list *ret_words,
		struct error *err)
{
	struct error ignored = {0};
	const char *bytes;
	size_t length;
	*ret_words = (struct name_list){0};
	if (!strcmp(name, "-") || !plan_bytes(run->arena, name, &bytes, &length, &ignored))
		return true;
	return stands_for(run->arena, name, bytes, length, ret_words, err);
}

const struct run *plan_file_run(const struct run *run, const struct name_list *words)
{
	struct options *options = arena_alloc(run->arena, sizeof *options);
	struct run *copy = arena_alloc(run->arena, sizeof *copy);
	*options = *run->options;
	options->child = *words;
	options->arguments = (struct name_list){0};
	*copy = *run;
	copy->options = options;
	return copy;
}
