/* `k6 inspect --execution-requirements`: k6's own answer to what a script asks for. It runs the
 * script's init part, and nothing else. Source (k6 2.2.0): internal/cmd/inspect.go. */
#include <string.h>

#include "base/array.h"
#include "probes/plan/k6/k6.h"

/* Flags that `k6 inspect` does not take, as the variables that it reads (config.go: variables come
 * before flags). */
static const char **inspect_environment(struct k6 *k6)
{
	size_t count = 0;
	const char **list = arena_alloc(k6->arena, (K6_ROWS + 1) * sizeof *list);
	for (size_t i = 0; i < K6_ROWS; i++) {
		const char *text = k6_joined(k6, k6_rows[i].option);
		if (text && k6_rows[i].option != K6_O_SEGMENT)
			list[count++] = arena_printf(k6->arena, "%s=%s", k6_rows[i].variable, text);
	}
	return list;
}

/* What belongs to the script's own world goes along. */
static const char **inspect_words(struct k6 *k6)
{
	static const size_t passed[] = {K6_O_ENV,
			K6_O_SYSTEM_ENV,
			K6_O_COMPATIBILITY,
			K6_O_TYPE,
			K6_O_CONFIG};
	const char **words = arena_alloc(k6->arena, (k6->arguments.item_count + 6) * sizeof *words);
	size_t count = 0;
	words[count++] = k6->command->words[0];
	words[count++] = "inspect";
	words[count++] = "--execution-requirements";
	for (size_t i = 0; i < COUNT_OF(passed); i++) {
		size_t cursor = 0;
		for (const struct argument *flag;
				(flag = arguments_next(&k6->arguments, passed[i], &cursor));) {
			const char *name = k6_syntax.options[passed[i]].name;
			words[count] = arena_printf(k6->arena, "--%s", name);
			if (flag->text)
				words[count] = arena_printf(k6->arena, "--%s=%s", name, flag->text);
			count++;
		}
	}
	words[count++] = k6->path;
	return words;
}

/* k6 logs what it died of as `level=error msg="unknown modules: …"`: its own words. */
static const char *inspect_words_of(struct k6 *k6, const char *said)
{
	const char *level = NULL;
	for (const char *at = said; (at = strstr(at, "level=error")); at++)
		level = at;
	if (!level || !strstr(level, "msg=\""))
		return said;
	const char *words = strstr(level, "msg=\"");
	words += strlen("msg=\"");
	char *copy = arena_strdup(k6->arena, words), *to = copy;
	for (; *words && *words != '"'; words++) {
		if (*words == '\\' && words[1])
			words++;
		*to++ = *words;
	}
	*to = '\0';
	return copy;
}

/* What the user says of the plan needs no answer of k6's. */
static bool inspect_failed(struct k6 *k6, const char *why)
{
	const char *words = inspect_words_of(k6, why);
	if (!k6->context->given->values[W_CONNECTIONS].set)
		return error_set(k6->err,
				"k6 inspect failed: %.600s. Add --no-inspect to read the script's text instead, "
				"or give the number with --connections N",
				words);
	plan_find(k6->plan,
			"plan-k6-inspect",
			"warning",
			k6->path,
			arena_printf(k6->arena,
					"k6 inspect failed: %.600s. k6 run may fail as well. The plan uses the "
					"numbers from the flags.",
					words));
	return true;
}

bool k6_inspect(struct k6 *k6)
{
	const char *output, *start;
	bool found = false;
	struct error inner = {0};
	if (k6->context->no_run || !k6->context->run || !plan_sees_host(k6->context, k6->command) ||
			strcmp(k6->path, "-") == 0)
		return true;
	if (!k6->context->run(k6->context,
				inspect_words(k6),
				inspect_environment(k6),
				k6->command->vantage.cwd,
				false,
				&output,
				&found,
				&inner))
		return inspect_failed(k6, inner.text);
	if (!found)
		return true;
	start = strchr(output, '{');
	if (!start)
		return error_set(k6->err,
				"k6 inspect printed no JSON; add --no-inspect to read the script's text instead");
	plan_find(k6->plan,
			"plan-k6-inspect",
			"note",
			k6->path,
			"k6 inspect ran the script's init part to list its scenarios; --no-inspect prevents "
			"that.");
	k6->asked = true;
	k6->options = NULL; /* it knows the config file as well */
	return k6_use_options(k6, "k6 inspect", start, strlen(start), "k6 inspect");
}
