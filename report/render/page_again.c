/* The command that audits again: the one of this document without its outputs, compared with the
 * last audit that was kept. Values that were read before would only be judged again, so --facts and
 * --image are left out: the command is for the host itself. */
#include <string.h>

#include "base/array.h"
#include "base/shell.h"
#include "base/text.h"
#include "report/document/question.h"
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

/* An output or a snapshot, with its value or without. */
static bool is_left_out(const char *word)
{
	static const char *const alone[] = {"-q", "--quiet"};
	static const char *const joined[] = {"-o", "--output=", "--facts=", "--image="};
	for (size_t i = 0; i < COUNT_OF(joined); i++)
		if (text_begins_with(word, joined[i]))
			return true;
	return is_again_one_of(word, alone, COUNT_OF(alone));
}

/* Is the next word left out as well? */
static bool takes_value(const char *word)
{
	static const char *const before[] = {"-o", "--output", "--facts", "--image"};
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

/* Whether the audit was kept where the command will run, and may be compared with. */
static bool again_compares(const cJSON *root, const cJSON *words)
{
	if (document_is_elsewhere(root))
		return false;
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
	struct again again = {.arena = arena, .compares = again_compares(root, words)};
	bool own = true; /* before what belongs to the load test */
	const cJSON *word = cJSON_GetArrayItem(words, 0);
	for (; word; word = word->next) {
		const char *text = view_raw(word, "");
		if (own && strcmp(text, "--") == 0) {
			again_compare(&again);
			own = false;
		}
		bool pair = own && takes_value(text) && word->next;
		if (pair)
			word = word->next;
		else if (!own || !is_left_out(text))
			again_add(&again, text);
	}
	again_compare(&again);
	return text_take(arena, &again.text);
}
