/* Paths, conditions and patterns: one recursive-descent reader that either checks against the shape
 * of the document or evaluates against a document. */
#include "report/render/path.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "report/document/view.h"
#include "report/render/format.h"

enum {
	NAME_MAX_BYTES = 64,
	SHAPE_MAX_BYTES = 160,
	DEPTH_MAX = 20
};

struct operand {
	const cJSON *node, *parent;
	const char *text; /* a constant, the key or the position; then node is NULL */
	double number;    /* NAN if it is not a number */
	char shape[SHAPE_MAX_BYTES];
};

struct reader {
	const char *at;
	const char *shape;         /* checking */
	const struct scope *scope; /* evaluating; NULL while checking */
	struct error *err;
	unsigned depth;
	bool failed;
};

static void path_fail(struct reader *reader, const char *format, const char *what)
{
	if (!reader->failed)
		error_set(reader->err, format, what);
	reader->failed = true;
}

static void path_skip_blanks(struct reader *reader)
{
	reader->at += strspn(reader->at, " \t\n");
}

/* Reads a name into out; false if no name begins here. */
static bool read_name(struct reader *reader, char out[NAME_MAX_BYTES])
{
	size_t length = 0;
	while (ascii_is_name(reader->at[length]))
		length++;
	if (length == 0 || length >= NAME_MAX_BYTES)
		return false;
	memcpy(out, reader->at, length);
	out[length] = '\0';
	reader->at += length;
	return true;
}

static bool path_read_word(struct reader *reader, const char *word)
{
	path_skip_blanks(reader);
	size_t length = strlen(word);
	if (strncmp(reader->at, word, length) != 0)
		return false;
	if (ascii_is_name(word[0]) && (ascii_is_name(reader->at[length]) || reader->at[length] == '.'))
		return false;
	reader->at += length;
	return true;
}

static void path_step(struct reader *reader, struct operand *operand, const char *name)
{
	if (reader->scope) {
		operand->parent = operand->node;
		operand->node = cJSON_IsObject(operand->node)
				? cJSON_GetObjectItemCaseSensitive(operand->node, name)
				: NULL;
		return;
	}
	if (!shape_has(operand->shape, name)) {
		path_fail(reader, "there is no member \"%s\" here", name);
		return;
	}
	size_t length = strlen(operand->shape);
	const char *part = shape_has(operand->shape, "*") ? "*" : name;
	if (length + strlen(part) + 2 > SHAPE_MAX_BYTES) {
		path_fail(reader, "the path is too long at \"%s\"", name);
		return;
	}
	if (length)
		operand->shape[length++] = '.';
	memcpy(operand->shape + length, part, strlen(part) + 1);
}

static void path_read_steps(struct reader *reader, struct operand *operand)
{
	char name[NAME_MAX_BYTES];
	bool relative = *reader->at == '.';
	if (reader->scope) {
		operand->node = relative ? reader->scope->item : reader->scope->root;
		operand->parent = relative ? reader->scope->parent : NULL;
	} else if (reader->shape) {
		const char *shape = reader->shape;
		if (!relative)
			shape = shape_root(shape);
		memcpy(operand->shape, shape, strlen(shape) + 1);
	}
	if (relative)
		reader->at++;
	if (!read_name(reader, name)) {
		if (!relative)
			path_fail(reader, "a path was expected at \"%s\"", reader->at);
		return;
	}
	path_step(reader, operand, name);
	while (!reader->failed && *reader->at == '.') {
		reader->at++;
		if (!read_name(reader, name)) {
			path_fail(reader, "a name was expected at \"%s\"", reader->at);
			return;
		}
		path_step(reader, operand, name);
	}
}

static void read_special(struct reader *reader, struct operand *operand)
{
	char name[NAME_MAX_BYTES];
	reader->at++;
	bool known = read_name(reader, name) &&
			(strcmp(name, "key") == 0 || strcmp(name, "number") == 0);
	if (!known) {
		path_fail(reader, "only @key and @number exist, not \"@%s\"", reader->at);
		return;
	}
	const struct scope *scope = reader->scope;
	if (scope && *name == 'k')
		operand->text = scope->item && scope->item->string ? scope->item->string : "";
	else if (scope)
		operand->text = view_figure_of(scope->arena, (double)scope->number, UNIT_COUNT);
	else
		operand->text = "";
}

static void read_constant(struct reader *reader, struct operand *operand)
{
	if (*reader->at == '\'') {
		size_t length = strcspn(reader->at + 1, "'");
		if (reader->at[1 + length] == '\0') {
			path_fail(reader, "no closing ' in \"%s\"", reader->at);
			return;
		}
		if (reader->scope)
			operand->text = arena_copy(reader->scope->arena, reader->at + 1, length);
		else
			operand->text = "";
		reader->at += length + 2;
		return;
	}
	size_t digits = strspn(reader->at, "0123456789");
	operand->number = 0;
	for (size_t i = 0; i < digits && i < 9; i++)
		operand->number = operand->number * 10 + (reader->at[i] - '0');
	reader->at += digits;
	operand->text = "";
}

static struct operand read_operand(struct reader *reader)
{
	struct operand operand = {.number = (double)NAN};
	path_skip_blanks(reader);
	if (*reader->at == '@')
		read_special(reader, &operand);
	else if (*reader->at == '\'' || (*reader->at >= '0' && *reader->at <= '9'))
		read_constant(reader, &operand);
	else
		path_read_steps(reader, &operand);
	if (operand.node && isnan(operand.number))
		operand.number = view_number(operand.node, "");
	return operand;
}

/* --- values and patterns -------------------------------------------------------------------- */

static const char *path_shown(const struct reader *reader, const struct operand *operand)
{
	if (!reader->scope)
		return "";
	struct arena *arena = reader->scope->arena;
	if (operand->text)
		return text_clean(arena, operand->text, strlen(operand->text), SHOWN_CHARS_MAX);
	return format_plain(&(struct formatted){.arena = arena, .node = operand->node, .argument = ""});
}

static const char *formatted(struct reader *reader, const struct operand *operand)
{
	path_skip_blanks(reader);
	size_t length = strspn(reader->at, "abcdefghijklmnopqrstuvwxyz_");
	const struct format_row *row = format_find(reader->at, length);
	if (!row) {
		path_fail(reader, "there is no such formatter: \"%s\"", reader->at);
		return "";
	}
	reader->at += length;
	path_skip_blanks(reader);
	size_t argument = strcspn(reader->at, "|}");
	const char *from = reader->at;
	reader->at += argument;
	if (!reader->scope)
		return "";
	while (argument > 0 && from[argument - 1] == ' ')
		argument--;
	struct arena *arena = reader->scope->arena;
	cJSON constant = {.type = cJSON_String,
			.valuestring = arena_strdup(arena, operand->text ? operand->text : "")};
	return row->format(&(struct formatted){.arena = arena,
			.node = operand->text ? &constant : operand->node,
			.parent = operand->parent,
			.root = reader->scope->root,
			.argument = arena_copy(arena, from, argument)});
}

static const char *path_read_value(struct reader *reader)
{
	struct operand operand = read_operand(reader);
	const char *text = path_shown(reader, &operand);
	path_skip_blanks(reader);
	while (!reader->failed && *reader->at == '|') {
		reader->at++;
		text = formatted(reader, &operand);
		operand = (struct operand){.text = text, .number = (double)NAN};
		path_skip_blanks(reader);
	}
	return text;
}

static void path_end(struct reader *reader)
{
	path_skip_blanks(reader);
	if (!reader->failed && *reader->at)
		path_fail(reader, "not understood: \"%s\"", reader->at);
}

static void read_pattern(struct reader *reader, struct text *out)
{
	while (!reader->failed && *reader->at) {
		size_t plain = strcspn(reader->at, "{");
		text_add_bytes(out, reader->at, plain);
		reader->at += plain;
		if (*reader->at != '{')
			return;
		reader->at++;
		text_add(out, path_read_value(reader));
		path_skip_blanks(reader);
		if (!reader->failed && *reader->at != '}')
			path_fail(reader, "no closing } before \"%s\"", reader->at);
		reader->at += *reader->at == '}';
	}
}

bool path_check_value(const char *text, const char *shape, struct error *err)
{
	struct reader reader = {.at = text, .shape = shape, .err = err};
	path_read_value(&reader);
	path_end(&reader);
	return !reader.failed;
}

bool path_check_pattern(const char *text, const char *shape, struct error *err)
{
	if (!strchr(text, '{'))
		return path_check_value(text, shape, err);
	struct reader reader = {.at = text, .shape = shape, .err = err};
	struct text sink = {0};
	read_pattern(&reader, &sink);
	text_release(&sink);
	return !reader.failed;
}

const char *path_pattern(const struct scope *scope, const char *text)
{
	struct error ignored;
	struct reader reader = {.at = text, .scope = scope, .err = &ignored};
	if (!strchr(text, '{'))
		return path_read_value(&reader);
	struct text out = {0};
	read_pattern(&reader, &out);
	return text_take(scope->arena, &out);
}

/* --- conditions ----------------------------------------------------------------------------- */

static bool truth(const struct operand *operand)
{
	const cJSON *node = operand->node;
	if (operand->text)
		return *operand->text != '\0' || operand->number > 0;
	if (cJSON_IsNumber(node))
		return node->valuedouble < 0 || node->valuedouble > 0;
	if (cJSON_IsString(node))
		return *node->valuestring != '\0';
	if (cJSON_IsArray(node) || cJSON_IsObject(node))
		return node->child != NULL;
	return cJSON_IsTrue(node);
}

static bool path_same(const struct operand *a, const struct operand *b)
{
	if (!isnan(a->number) && !isnan(b->number))
		return a->number >= b->number && a->number <= b->number;
	const char *left = a->text ? a->text : view_raw(a->node, "");
	const char *right = b->text ? b->text : view_raw(b->node, "");
	return strcmp(left, right) == 0;
}

static bool path_read_any(struct reader *reader);

static bool read_comparison(struct reader *reader)
{
	if (path_read_word(reader, "known")) {
		struct operand operand = read_operand(reader);
		return operand.node && !cJSON_IsNull(operand.node);
	}
	struct operand left = read_operand(reader);
	if (path_read_word(reader, "==")) {
		struct operand right = read_operand(reader);
		return path_same(&left, &right);
	}
	if (path_read_word(reader, "!=")) {
		struct operand right = read_operand(reader);
		return !path_same(&left, &right);
	}
	if (path_read_word(reader, ">")) {
		struct operand right = read_operand(reader);
		return left.number > right.number;
	}
	if (path_read_word(reader, "<")) {
		struct operand right = read_operand(reader);
		return left.number < right.number;
	}
	return truth(&left);
}

static bool read_not(struct reader *reader)
{
	bool negate = false, result = false;
	while (path_read_word(reader, "not"))
		negate = !negate;
	if (reader->depth < DEPTH_MAX && path_read_word(reader, "(")) {
		reader->depth++;
		result = path_read_any(reader);
		reader->depth--;
		if (!path_read_word(reader, ")"))
			path_fail(reader, "no closing ) before \"%s\"", reader->at);
	} else {
		result = read_comparison(reader);
	}
	return negate ? !result : result;
}

static bool path_read_all(struct reader *reader)
{
	bool result = read_not(reader);
	while (!reader->failed && path_read_word(reader, "and"))
		result = read_not(reader) && result;
	return result;
}

static bool path_read_any(struct reader *reader)
{
	bool result = path_read_all(reader);
	while (!reader->failed && path_read_word(reader, "or"))
		result = path_read_all(reader) || result;
	return result;
}

bool path_check_condition(const char *text, const char *shape, struct error *err)
{
	struct reader reader = {.at = text, .shape = shape, .err = err};
	path_read_any(&reader);
	path_end(&reader);
	return !reader.failed;
}

bool path_condition(const struct scope *scope, const char *text)
{
	struct error ignored;
	struct reader reader = {.at = text, .scope = scope, .err = &ignored};
	return path_read_any(&reader);
}

/* --- lists ---------------------------------------------------------------------------------- */

bool path_check_list(struct arena *arena,
		const char *text,
		const char *shape,
		const char **ret_shape,
		struct error *err)
{
	struct reader reader = {.at = text, .shape = shape, .err = err};
	path_skip_blanks(&reader);
	struct operand operand = {0};
	path_read_steps(&reader, &operand);
	path_end(&reader);
	bool open = !reader.failed && shape_has(operand.shape, "*");
	*ret_shape = open ? arena_printf(arena, "%s.*", operand.shape)
					  : arena_strdup(arena, operand.shape);
	return !reader.failed;
}

const cJSON *path_list(const struct scope *scope, const char *text)
{
	struct error ignored;
	struct reader reader = {.at = text, .scope = scope, .err = &ignored};
	const cJSON *node = read_operand(&reader).node;
	return cJSON_IsArray(node) || cJSON_IsObject(node) ? node : NULL;
}
