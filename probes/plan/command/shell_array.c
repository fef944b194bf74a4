/* bash's arrays: each element begins with SHELL_FIELD in the value of the variable. The keys, where
 * they are not 0, 1, 2 and so on, are the value of "NAME[]", in the same form. */
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "probes/plan/command/shell_scan.h"

/* The elements of a value, empty ones too. */
static struct name_list array_split(const struct scanner *s, const char *value)
{
	struct name_list list = {0};
	if (!*value) {
		return list;
	}
	if (*value != SHELL_FIELD) { /* no array: its own first element */
		name_list_append(s->arena, &list, value);
		return list;
	}
	const char separator[] = {SHELL_FIELD, '\0'};
	char *rest = arena_strdup(s->arena, value + 1);
	while (rest) {
		const char *field = strsep(&rest, separator);
		name_list_append(s->arena, &list, field);
	}
	return list;
}

static const char *array_join(const struct scanner *s, const struct name_list *list)
{
	const char field = SHELL_FIELD;
	struct text text = {0};
	for (size_t i = 0; i < list->count; i++) {
		text_add_bytes(&text, &field, 1);
		text_add(&text, list->items[i]);
	}
	return text_take(s->arena, &text);
}

static const char *array_keys_name(const struct scanner *s, const char *name)
{
	return arena_printf(s->arena, "%s[]", name);
}

/* The value that this command has given already, else that of the shell. */
static const char *array_value_of(const struct scanner *s,
		const struct name_list *given,
		const char *name)
{
	size_t length = strlen(name);
	for (size_t i = given->count; i-- > 0;) {
		const char *item = given->items[i];
		if (!strncmp(item, name, length) && item[length] == '=') {
			return item + length + 1;
		}
	}
	return shell_variable(s, name);
}

/* An array while it is changed. */
struct array {
	const char *name;
	struct name_list values;
	struct name_list keys; /* of all values, if it has keys of its own */
	bool keyed;
	bool open; /* what is in it is not known */
};

static void array_begin(struct scanner *s,
		const struct name_list *given,
		const char *name,
		struct array *ret)
{
	const char *keys = array_value_of(s, given, array_keys_name(s, name));
	const char *value = array_value_of(s, given, name);
	*ret = (struct array){.name = name, .keyed = keys != NULL};
	if (!value) {
		return;
	}
	ret->open = shell_is_open(value) && *value != SHELL_FIELD;
	s->bytes += strlen(value);
	if (s->bytes > SHELL_BYTES_MAX) {
		ret->open = true;
		return;
	}
	ret->values = array_split(s, value);
	if (keys) {
		ret->keys = array_split(s, keys);
	}
	if (ret->keys.count != ret->values.count && keys) {
		ret->open = true;
	}
}

static bool array_end(struct scanner *s, const struct array *array, struct name_list *list)
{
	struct arena *arena = s->arena;
	const char *value = array_join(s, &array->values);
	if (array->open) {
		value = shell_open_text(arena, s->at);
	}
	s->bytes += strlen(value);
	if (s->bytes > SHELL_BYTES_MAX) {
		return shell_refuse(s, s->at, "too much text");
	}
	name_list_append(arena, list, arena_printf(arena, "%s=%s", array->name, value));
	if (array->keyed) {
		const char *keys = array_keys_name(s, array->name);
		const char *all = array_join(s, &array->keys);
		name_list_append(arena, list, arena_printf(arena, "%s=%s", keys, all));
	}
	return true;
}

static void array_put(const struct scanner *s,
		struct array *array,
		const char *key,
		const char *value)
{
	for (size_t i = 0; i < array->keys.count; i++) {
		if (!strcmp(array->keys.items[i], key)) {
			array->values.items[i] = value;
			return;
		}
	}
	if (array->values.count >= SHELL_FIELDS_MAX) {
		array->open = true;
		return;
	}
	name_list_append(s->arena, &array->keys, key);
	name_list_append(s->arena, &array->values, value);
}

static void array_add(const struct scanner *s, struct array *array, const char *value)
{
	struct name_list fields = {0};
	shell_add_fields(s, &fields, value);
	for (size_t i = 0; i < fields.count; i++) {
		if (array->values.count >= SHELL_FIELDS_MAX) {
			array->open = true;
			return;
		}
		name_list_append(s->arena, &array->values, fields.items[i]);
		if (array->keyed) { /* behind the last index */
			const char *key = arena_printf(s->arena, "%zu", array->keys.count);
			name_list_append(s->arena, &array->keys, key);
		}
	}
}

/* The index that a subscript names, -1 the last; false: it is not known. */
static bool array_index_of(struct scanner *s, const char *key, size_t count, size_t *ret)
{
	long long number;
	if (shell_is_open(key) || strchr(key, '$')) {
		return false;
	}
	if (!shell_sum(s, key, strlen(key), &number)) {
		return false;
	}
	if (number < 0) {
		number += (long long)count;
	}
	*ret = (size_t)number;
	return number >= 0;
}

/* [KEY]=VALUE */
static void array_set(struct scanner *s, struct array *array, const char *key, const char *value)
{
	size_t index;
	if (array->keyed && !shell_is_open(key)) {
		array_put(s, array, key, value);
		return;
	}
	if (array->keyed || !array_index_of(s, key, array->values.count, &index)) {
		array->open = true;
	} else if (index < array->values.count) {
		array->values.items[index] = value;
	} else if (index == array->values.count) {
		array_add(s, array, value);
	} else {
		array->open = true; /* with holes */
	}
}

/* Behind the bracket that closes the subscript which begins at `at`; 0: it does not close. */
static size_t subscript_end(const char *text, size_t at)
{
	unsigned depth = 1;
	for (; text[at] && text[at] != '\n'; at++) {
		if (text_begins_with(text + at, "$(")) {
			size_t end = shell_closing(text, at + 1);
			if (!end) {
				return 0;
			}
			at = end - 1;
		} else if (text[at] == '[') {
			depth++;
		} else if (text[at] == ']' && --depth == 0) {
			return at + 1;
		}
	}
	return 0;
}

/* [KEY]=VALUE at s->at; *ret_is false: it is something else. */
static bool array_read_keyed(struct scanner *s, struct array *array, bool *ret_is)
{
	bool quoted;
	bool good;
	size_t begin = s->at + 1;
	*ret_is = false;
	if (s->text[s->at] != '[') {
		return true;
	}
	size_t end = subscript_end(s->text, begin);
	if (!end) {
		return true;
	}
	bool adds = s->text[end] == '+';
	if (s->text[end + adds] != '=') {
		return true;
	}
	*ret_is = true;
	const char *key = shell_expand_text(s, begin, end - 1, false);
	if (!key) {
		return false;
	}
	s->at = end + adds + 1;
	const char *value = shell_read_word(s, true, &quoted, &good);
	if (!good) {
		return false;
	}
	if (!value) {
		value = "";
	}
	if (adds) {
		array->open = true;
	}
	array_set(s, array, key, value);
	return true;
}

/* One of (A B C), or [KEY]=VALUE. */
static bool array_read_element(struct scanner *s, struct array *array)
{
	bool is;
	bool quoted;
	bool good;
	if (!array_read_keyed(s, array, &is)) {
		return false;
	}
	if (is) {
		return true;
	}
	const char *item = shell_read_word(s, false, &quoted, &good);
	if (!good) {
		return false;
	}
	if (item) {
		array_add(s, array, item);
	} else if (s->text[s->at] != ')' && !strchr(" \t\r\n", s->text[s->at])) {
		return shell_refuse(s, s->at, "a list that headroom does not understand");
	}
	return true;
}

bool shell_read_array(struct scanner *s,
		const char *name,
		bool more,
		const struct shell_array_use *use)
{
	struct array array;
	array_begin(s, use->given, name, &array);
	if (!more) {
		array = (struct array){.name = name, .keyed = array.keyed};
	}
	array.keyed |= use->keyed;
	s->at++;
	for (;;) {
		if (!shell_skip_lines(s)) {
			return false;
		}
		if (s->text[s->at] == ')') {
			break;
		}
		if (!s->text[s->at]) {
			return shell_refuse(s, s->at - 1, "a list without its closing parenthesis");
		}
		if (!array_read_element(s, &array)) {
			return false;
		}
	}
	s->at++;
	return array_end(s, &array, use->put);
}

bool shell_read_assignment(struct scanner *s, const struct shell_array_use *use, bool *ret_is)
{
	const size_t begin = s->at;
	size_t length = shell_name_length(s->text + begin);
	struct array array;
	*ret_is = false;
	if (!length || s->text[begin + length] != '[') {
		return true;
	}
	const char *name = arena_copy(s->arena, s->text + begin, length);
	array_begin(s, use->given, name, &array);
	s->at = begin + length;
	if (!array_read_keyed(s, &array, ret_is)) {
		return false;
	}
	if (*ret_is) {
		return array_end(s, &array, use->put);
	}
	s->at = begin;
	return true;
}

/* --- what is taken out of it ---------------------------------------------------------------- */

const char *shell_first(const struct scanner *s, const char *value)
{
	if (*value != SHELL_FIELD) {
		return value;
	}
	size_t length = strcspn(value + 1, (char[]){SHELL_FIELD, '\0'});
	return arena_copy(s->arena, value + 1, length);
}

static bool array_add_all(struct scanner *s,
		struct shell_word *word,
		const struct name_list *list,
		bool quoted,
		bool joined)
{
	for (size_t i = 0; i < list->count; i++) {
		char between = SHELL_FIELD;
		if (joined || word->whole) {
			between = ' ';
		}
		if (i > 0) {
			text_add_bytes(&word->text, &between, 1);
		}
		if (!shell_add_value(s, word, list->items[i], quoted, s->at)) {
			return false;
		}
	}
	if (!list->count && !word->text.length) { /* "${A[@]}" of none is no word */
		word->any = false;
	}
	return true;
}

/* ":1" and ":1:2" behind ${A[@]; false: it is something else. */
static bool array_part(struct name_list *list, const char *behind)
{
	char *end;
	if (*behind == '}') {
		return true;
	}
	if (*behind != ':' || !ascii_is_digit(behind[1])) {
		return false;
	}
	size_t from = strtoul(behind + 1, &end, 10);
	size_t most = list->count;
	if (*end == ':' && ascii_is_digit(end[1])) {
		most = strtoul(end + 1, &end, 10);
	}
	if (*end != '}') {
		return false;
	}
	if (from > list->count) {
		from = list->count;
	}
	list->items += from;
	list->count -= from;
	if (list->count > most) {
		list->count = most;
	}
	return true;
}

/* The keys, 0, 1, 2 … where it has none of its own. */
static struct name_list array_keys_of(const struct scanner *s, const struct array *array)
{
	struct name_list keys = {0};
	if (array->keyed) {
		return array->keys;
	}
	for (size_t i = 0; i < array->values.count; i++) {
		name_list_append(s->arena, &keys, arena_printf(s->arena, "%zu", i));
	}
	return keys;
}

/* NULL: not known. An element that is not there is empty. */
static const char *array_element(struct scanner *s, const struct array *array, const char *key)
{
	size_t index;
	if (shell_is_open(key)) {
		return NULL;
	}
	for (size_t i = 0; i < array->keys.count; i++) {
		if (!strcmp(array->keys.items[i], key)) {
			return array->values.items[i];
		}
	}
	if (array->keyed) {
		return "";
	}
	if (!array_index_of(s, key, array->values.count, &index)) {
		return NULL;
	}
	if (index < array->values.count) {
		return array->values.items[index];
	}
	return "";
}

/* ${A[@]}, ${!A[@]}, ${#A[@]} */
static bool array_expand_all(struct scanner *s,
		struct shell_word *word,
		const struct array *array,
		const struct shell_subscript *use)
{
	struct name_list list = array->values;
	if (use->keys) {
		list = array_keys_of(s, array);
	}
	if (use->counts) {
		text_addf(&word->text, "%zu", list.count);
		return true;
	}
	if (!array_part(&list, s->text + use->end)) {
		shell_add_open(word, use->dollar);
		return true;
	}
	return array_add_all(s, word, &list, use->quoted, s->text[use->begin] == '*');
}

bool shell_expand_element(struct scanner *s,
		struct shell_word *word,
		const char *name,
		struct shell_subscript *use)
{
	const struct name_list none = {0};
	const size_t begin = use->begin;
	struct array array;
	use->end = subscript_end(s->text, begin);
	if (!use->end) {
		return shell_refuse(s, use->dollar, "an expansion");
	}
	array_begin(s, &none, name, &array);
	word->any = true;
	bool known = shell_variable(s, name) && !array.open;
	bool all = strchr("@*", s->text[begin]) && use->end == begin + 2;
	if (known && all) {
		return array_expand_all(s, word, &array, use);
	}
	const char *key = shell_expand_text(s, begin, use->end - 1, false);
	if (!key) {
		return false;
	}
	const char *value = NULL;
	if (known && s->text[use->end] == '}') {
		value = array_element(s, &array, key);
	}
	if (!value || use->keys) {
		size_t place = use->dollar;
		if (shell_is_open(key)) { /* that is what is not known */
			text_add(&word->text, key);
			return true;
		}
		shell_add_open(word, place);
		return true;
	}
	if (use->counts) {
		text_addf(&word->text, "%zu", strlen(value));
		return true;
	}
	return shell_add_value(s, word, value, use->quoted, begin);
}
