/* JSON as it comes, without a tree: each value with the names that lead to it. It is no judge of
 * JSON; what makes no sense ends the reading. */
#include <math.h>
#include <string.h>

#include "probes/result/forms.h"

static char *json_form_name(struct json_form *form)
{
	return form->names[form->depth - 1];
}

static bool is_deep(const struct json_form *form)
{
	return form->depth > RESULT_DEPTH_MAX;
}

static void open_level(struct json_form *form, char bracket)
{
	form->depth++;
	form->is_name = bracket == '{';
	if (is_deep(form))
		return;
	form->opens[form->depth - 1] = bracket;
	json_form_name(form)[0] = '\0';
}

static bool in_object(const struct json_form *form)
{
	return form->depth > 0 && !is_deep(form) && form->opens[form->depth - 1] == '{';
}

static void close_level(struct json_form *form, char bracket)
{
	char opened = '[';
	if (bracket == '}')
		opened = '{';
	bool fits = form->depth > 0 && (is_deep(form) || form->opens[form->depth - 1] == opened);
	if (!fits) {
		form->broken = true;
		return;
	}
	form->depth--;
	form->is_name = false;
	if (form->depth > 0)
		return;
	form->documents++;
	if (form->end)
		form->end(form->context);
}

static void json_take_name(struct json_form *form)
{
	size_t length = form->token_length;
	if (length >= RESULT_NAME_MAX)
		length = RESULT_NAME_MAX - 1;
	memcpy(json_form_name(form), form->token, length);
	json_form_name(form)[length] = '\0';
}

static void json_give(struct json_form *form, enum json_kind kind, double number)
{
	const struct json_value value = {kind, number, form->token, form->token_length};
	if (!is_deep(form))
		form->value(form->context, form, &value);
}

static void end_text(struct json_form *form)
{
	form->in_text = false;
	if (form->is_name && in_object(form))
		json_take_name(form);
	else
		json_give(form, JSON_TEXT, (double)NAN);
	form->token_length = 0;
}

static bool json_token_is(const struct json_form *form, const char *word)
{
	size_t length = strlen(word);
	return form->token_length == length && !memcmp(form->token, word, length);
}

/* A number, true, false or null has ended. */
static void end_word(struct json_form *form)
{
	char text[48];
	double number;
	size_t length = form->token_length;
	size_t sign = length > 0 && form->token[0] == '-';
	if (length == 0)
		return;
	if (json_token_is(form, "true") || json_token_is(form, "false"))
		json_give(form, JSON_TRUTH, form->token[0] == 't');
	else if (length < sizeof text &&
			result_number_at(form->token + sign, length - sign, &number) > 0)
		json_give(form, JSON_NUMBER, sign ? -number : number);
	else if (!json_token_is(form, "null"))
		form->broken = true;
	form->token_length = 0;
}

static void keep(struct json_form *form, char c)
{
	if (form->token_length < sizeof form->token)
		form->token[form->token_length++] = c;
}

static void json_take_text(struct json_form *form, char c)
{
	if (form->escaped) {
		form->escaped = false;
		keep(form, c);
	} else if (c == '\\') {
		form->escaped = true;
	} else if (c == '"') {
		end_text(form);
	} else {
		keep(form, c);
	}
}

static void json_form_take(struct json_form *form, char c)
{
	switch (c) {
	case '"':
		form->in_text = true;
		form->token_length = 0;
		break;
	case '{':
	case '[':
		open_level(form, c);
		break;
	case '}':
	case ']':
		end_word(form);
		close_level(form, c);
		break;
	case ',':
		end_word(form);
		form->is_name = in_object(form);
		break;
	case ':':
		form->is_name = false;
		break;
	case ' ':
	case '\t':
	case '\n':
	case '\r':
		end_word(form);
		break;
	default:
		keep(form, c);
	}
}

void json_form_add(struct json_form *form, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length && !form->broken; i++) {
		if (form->in_text)
			json_take_text(form, bytes[i]);
		else
			json_form_take(form, bytes[i]);
	}
}

void json_form_end(struct json_form *form)
{
	end_word(form);
}

static bool part_fits(const char *part, size_t length, const char *name)
{
	if (length > 0 && part[length - 1] == '*')
		return !strncmp(part, name, length - 1);
	return strlen(name) == length && !memcmp(part, name, length);
}

bool json_form_is_at(const struct json_form *form, const char *path)
{
	size_t depth = 0;
	while (*path) {
		size_t length = strcspn(path, "/");
		if (depth >= form->depth || depth >= RESULT_DEPTH_MAX)
			return false;
		if (!part_fits(path, length, form->names[depth]))
			return false;
		depth++;
		path += length;
		if (*path == '/')
			path++;
	}
	return depth == form->depth;
}
