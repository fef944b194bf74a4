/* headroom version. */
#include "audit/cli/version.h"

#include "audit/cli/options.h"
#include "audit/output/output.h"

static void version_add(struct text *text)
{
	const char *number = version_number();
	const char *commit = version_commit();
	text_addf(text, "headroom %s (%s)\n", number, commit);
}

bool command_version(const struct run *run, int *ret_exit, struct error *err)
{
	const struct name_list *words;
	struct text text = {0};
	(void)ret_exit;
	words = &run->options->arguments;
	if (words->count)
		return error_set(err, "version takes no argument");
	version_add(&text);
	return output_text(&text, err);
}
