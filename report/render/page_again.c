/* The command that audits again: the one of this document without its outputs, compared with the
 * last audit that was kept. */
#include <string.h>

#include "base/array.h"
#include "base/shell.h"
#include "base/text.h"
#include "report/document/view.h"
#include "report/render/page.h"

struct again {
	struct arena *arena;
	struct text text;
	bool compares; /* headroom says what changed */
};

static bool is_again_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(word, words[i]) == 0)
			return true;
	return false;
}

/* An output, with its value or without. */
static bool is_output(const char *word)
{
	static const char *const alone[] = {"-q", "--quiet"};
	bool joined = strncmp(word, "-o", 2) == 0 || strncmp(word, "--output=", 9) == 0;
	return joined || is_again_one_of(word, alone, COUNT_OF(alone));
}

static bool takes_output(const char *word)
{
	static const char *const before[] = {"-o", "--output"};
	return is_again_one_of(word, before, COUNT_OF(before));
}

static void again_add(struct again *again, const char *word)
{
	const char *shown = shell_shown(again->arena, word);
	if (again->text.length)
		text_add(&again->text, " ");
	if (!shown)
		shown = "…";
	text_add(&again->text, shown);
}

static void again_compare(struct again *again)
{
	if (again->compares)
		text_add(&again->text, " --against last");
	again->compares = false;
}

/* Whether the audit was kept, and may be compared with. */
static bool again_compares(const cJSON *words)
{
	static const char *const against[] = {"--against", "--no-history"};
	const cJSON *word;
	cJSON_ArrayForEach(word, words) {
		const char *text = view_raw(word, "");
		if (strcmp(text, "--") == 0)
			break;
		if (is_again_one_of(text, against, COUNT_OF(against)))
			return false;
	}
	const cJSON *command = cJSON_GetArrayItem(words, 1);
	return strcmp(view_raw(command, ""), "audit") == 0;
}

const char *page_again(struct arena *arena, const cJSON *root)
{
	const cJSON *words = view_array(root, "command_line");
	struct again again = {.arena = arena, .compares = again_compares(words)};
	bool own = true; /* before what belongs to the load test */
	const cJSON *word = cJSON_GetArrayItem(words, 0);
	for (; word; word = word->next) {
		const char *text = view_raw(word, "");
		if (own && strcmp(text, "--") == 0) {
			again_compare(&again);
			own = false;
		}
		bool pair = own && takes_output(text) && word->next;
		if (pair)
			word = word->next;
		else if (!own || !is_output(text))
			again_add(&again, text);
	}
	again_compare(&again);
	return text_take(arena, &again.text);
}
