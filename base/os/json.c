/* Untrusted JSON. A strict scan of the bytes comes first (RFC 8259, and nothing cJSON reads
 * differently), then cJSON builds the tree. The scan visits values in the order in which the tree
 * holds them, so the position of a node is found by counting: nothing is stored per value. Does not
 * know any document's members. */
#include "base/os/json.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"

enum {
	NUMBER_LITERAL_MAX = 63
}; /* cJSON 1.7 cuts longer literals: parse_number(), number_c_string[64] */
static const double number_max = 9007199254740992.0; /* 2^53: above it a double skips integers */

struct json {
	const char *name;
	char *bytes;
	size_t length;
	cJSON *root;
};

/* One pass over the bytes. `wanted` is the index of a value whose place is to be remembered. */
struct scan {
	const unsigned char *bytes;
	size_t length, at;
	size_t values, wanted, value_at, key_at;
	unsigned depth;
	const char *problem; /* what is wrong at `at`; NULL: nothing */
};

static bool scan_value(struct scan *scan, size_t key_at);

static bool bad(struct scan *scan, const char *problem)
{
	scan->problem = problem;
	return false;
}

static int peek(const struct scan *scan)
{
	return scan->at < scan->length ? scan->bytes[scan->at] : -1;
}

static void json_skip_blanks(struct scan *scan)
{
	for (int c = peek(scan); c == ' ' || c == '\t' || c == '\n' || c == '\r'; c = peek(scan))
		scan->at++;
}

/* Length of the UTF-8 character at `at`, 0 if it is not valid (RFC 3629, table 3-7 of Unicode). */
static size_t utf8_length(const struct scan *scan)
{
	const unsigned char *p = scan->bytes + scan->at;
	size_t left = scan->length - scan->at;
	size_t length = p[0] < 0x80 ? 1
			: p[0] < 0xC2       ? 0
			: p[0] < 0xE0       ? 2
			: p[0] < 0xF0       ? 3
			: p[0] < 0xF5       ? 4
								: 0;
	if (!length || left < length)
		return 0;
	for (size_t i = 1; i < length; i++)
		if ((p[i] & 0xC0) != 0x80)
			return 0;
	if ((p[0] == 0xE0 && p[1] < 0xA0) || (p[0] == 0xED && p[1] > 0x9F))
		return 0;
	if ((p[0] == 0xF0 && p[1] < 0x90) || (p[0] == 0xF4 && p[1] > 0x8F))
		return 0;
	return length;
}

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The four digits after "\u" at `at`; -1 if they are not there. */
static int hex_quad(const struct scan *scan, size_t at)
{
	int code = 0;
	for (size_t i = 0; i < 4; i++) {
		int digit = at + i < scan->length ? hex_digit(scan->bytes[at + i]) : -1;
		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

static bool scan_unicode_escape(struct scan *scan)
{
	int code = hex_quad(scan, scan->at + 2);
	if (code < 0)
		return bad(scan, "\\u needs four hexadecimal digits");
	if (code == 0)
		return bad(scan, "a NUL character is not allowed in a string");
	if (code >= 0xDC00 && code <= 0xDFFF)
		return bad(scan, "half of a surrogate pair");
	size_t next = scan->at + 6;
	if (code < 0xD800 || code > 0xDBFF) {
		scan->at = next;
		return true;
	}
	bool escaped = next + 1 < scan->length && scan->bytes[next] == '\\' &&
			scan->bytes[next + 1] == 'u';
	int low = escaped ? hex_quad(scan, next + 2) : -1;
	if (low < 0xDC00 || low > 0xDFFF)
		return bad(scan, "half of a surrogate pair");
	scan->at = next + 6;
	return true;
}

static bool scan_escape(struct scan *scan)
{
	int c = scan->at + 1 < scan->length ? scan->bytes[scan->at + 1] : -1;
	if (c == 'u')
		return scan_unicode_escape(scan);
	if (c <= 0 || !strchr("\"\\/bfnrt", c))
		return bad(scan, "unknown escape in a string");
	scan->at += 2;
	return true;
}

static bool scan_string(struct scan *scan)
{
	size_t start = scan->at++;
	for (;;) {
		int c = peek(scan);
		if (c < 0) {
			scan->at = start;
			return bad(scan, "this string does not end");
		}
		if (c == '"') {
			scan->at++;
			return true;
		}
		if (c == '\\') {
			if (!scan_escape(scan))
				return false;
			continue;
		}
		if (c < 0x20)
			return bad(scan, "control character in a string (write \\n, \\t or \\u00XX)");
		size_t length = utf8_length(scan);
		if (!length)
			return bad(scan, "not valid UTF-8");
		scan->at += length;
	}
}

static size_t skip_digits(struct scan *scan)
{
	size_t start = scan->at;
	while (peek(scan) >= '0' && peek(scan) <= '9')
		scan->at++;
	return scan->at - start;
}

/* The grammar of RFC 8259 section 6. */
static bool scan_number_form(struct scan *scan)
{
	if (peek(scan) == '-')
		scan->at++;
	size_t start = scan->at;
	size_t digits = skip_digits(scan);
	if (!digits)
		return bad(scan, "a number needs a digit here");
	if (digits > 1 && scan->bytes[start] == '0') {
		scan->at = start;
		return bad(scan, "a number must not begin with 0");
	}
	if (peek(scan) == '.') {
		scan->at++;
		if (!skip_digits(scan))
			return bad(scan, "a number needs a digit after the point");
	}
	if (peek(scan) == 'e' || peek(scan) == 'E') {
		scan->at++;
		if (peek(scan) == '+' || peek(scan) == '-')
			scan->at++;
		if (!skip_digits(scan))
			return bad(scan, "a number needs a digit in its exponent");
	}
	return true;
}

/* Integers are compared as text, since 2^53 + 1 reads as 2^53. */
static bool too_large(const char *literal)
{
	const char *digits = literal + (*literal == '-');
	size_t count = strspn(digits, "0123456789");
	if (!digits[count] && count == 16 && strcmp(digits, "9007199254740992") > 0)
		return true;
	return !(fabs(strtod(literal, NULL)) <= number_max);
}

static bool scan_number(struct scan *scan)
{
	size_t start = scan->at;
	if (!scan_number_form(scan))
		return false;
	size_t length = scan->at - start;
	char literal[NUMBER_LITERAL_MAX + 1] = "";
	if (length <= NUMBER_LITERAL_MAX)
		memcpy(literal, scan->bytes + start, length);
	bool large = length <= NUMBER_LITERAL_MAX && too_large(literal);
	if (length <= NUMBER_LITERAL_MAX && !large)
		return true;
	scan->at = start;
	return bad(scan,
			large ? "this number is above 2^53 (no limit is written \"unlimited\")"
				  : "this number has more than 63 characters");
}

static bool scan_word(struct scan *scan)
{
	static const char *const words[] = {"true", "false", "null"};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		size_t length = strlen(words[i]);
		if (scan->length - scan->at < length ||
				memcmp(scan->bytes + scan->at, words[i], length) != 0)
			continue;
		scan->at += length;
		return true;
	}
	return bad(scan, "expected a value");
}

static bool scan_member(struct scan *scan)
{
	size_t key_at = scan->at;
	if (peek(scan) != '"')
		return bad(scan,
				peek(scan) == '}' ? "a comma before the end" : "expected a member name in quotes");
	if (!scan_string(scan))
		return false;
	json_skip_blanks(scan);
	if (peek(scan) != ':')
		return bad(scan, "expected ':' after the member name");
	scan->at++;
	json_skip_blanks(scan);
	return scan_value(scan, key_at);
}

/* Both kinds of list: the members of an object, the elements of an array. */
static bool scan_list(struct scan *scan, bool object)
{
	const int end = object ? '}' : ']';
	if (++scan->depth > JSON_DEPTH_MAX)
		return bad(scan, "nested too deeply (64 levels at most)");
	scan->at++;
	json_skip_blanks(scan);
	if (peek(scan) == end) {
		scan->at++;
		scan->depth--;
		return true;
	}
	for (;;) {
		if (object ? !scan_member(scan) : !scan_value(scan, scan->at))
			return false;
		json_skip_blanks(scan);
		int c = peek(scan);
		if (c != end && c != ',')
			return bad(scan, object ? "expected ',' or '}'" : "expected ',' or ']'");
		scan->at++;
		if (c == end)
			break;
		json_skip_blanks(scan);
	}
	scan->depth--;
	return true;
}

static bool scan_value(struct scan *scan, size_t key_at)
{
	if (scan->values++ == scan->wanted) {
		scan->value_at = scan->at;
		scan->key_at = key_at;
	}
	int c = peek(scan);
	if (c < 0)
		return bad(scan, "the text ends where a value should be");
	if (c == '"')
		return scan_string(scan);
	if (c == '{' || c == '[')
		return scan_list(scan, c == '{');
	if (c == '-' || (c >= '0' && c <= '9'))
		return scan_number(scan);
	return scan_word(scan);
}

static bool scan_document(struct scan *scan)
{
	if (scan->length >= 3 && memcmp(scan->bytes, "\xEF\xBB\xBF", 3) == 0)
		return bad(scan, "it begins with a byte order mark: save it as UTF-8 without one");
	json_skip_blanks(scan);
	if (peek(scan) < 0)
		return bad(scan, "it is empty");
	if (!scan_value(scan, scan->at))
		return false;
	json_skip_blanks(scan);
	return scan->at == scan->length || bad(scan, "text after the end of the document");
}

/* 1-based line and column (in characters) of a byte. */
static void locate(const char *bytes, size_t at, size_t *ret_line, size_t *ret_column)
{
	*ret_line = *ret_column = 1;
	for (size_t i = 0; i < at; i++) {
		if (bytes[i] == '\n') {
			++*ret_line;
			*ret_column = 1;
		} else if (((unsigned char)bytes[i] & 0xC0) != 0x80) {
			++*ret_column;
		}
	}
}

/* The text may quote the document: control characters in it must not reach a terminal. */
static bool error_at(const char *name,
		const char *bytes,
		size_t at,
		struct error *err,
		const char *text)
{
	size_t line, column;
	locate(bytes, at, &line, &column);
	struct arena *arena = arena_new();
	error_set(err,
			"%.300s:%zu:%zu: %s",
			name,
			line,
			column,
			text_clean(arena, text, strlen(text), 0));
	arena_free(arena);
	return false;
}

/* Pre-order index of `node`; the same order as the scan's. */
static bool find_index(const cJSON *tree, const cJSON *node, size_t *index)
{
	for (; tree; tree = tree->next) {
		if (tree == node)
			return true;
		++*index;
		if (tree->child && find_index(tree->child, node, index))
			return true;
	}
	return false;
}

/* Byte offset of a node, or of the name of the member that holds it. */
static size_t node_offset(const struct json *json, const cJSON *node, bool key)
{
	size_t index = 0;
	if (!node || !find_index(json->root, node, &index))
		return 0;
	struct scan scan = {.bytes = (const unsigned char *)json->bytes,
			.length = json->length,
			.wanted = index};
	(void)scan_document(&scan);
	return key ? scan.key_at : scan.value_at;
}

bool json_error(const struct json *json,
		const cJSON *node,
		struct error *err,
		const char *format,
		...)
{
	char text[sizeof err->text];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return error_at(json->name, json->bytes, node_offset(json, node, false), err, text);
}

const char *json_where(const struct json *json, const cJSON *node, struct arena *arena)
{
	size_t line, column;
	locate(json->bytes, node_offset(json, node, false), &line, &column);
	return arena_printf(arena, "%s:%zu", json->name, line);
}

static int json_compare_names(const void *a, const void *b)
{
	const cJSON *const *left = a, *const *right = b;
	return strcmp((*left)->string, (*right)->string);
}

/* Any two members of one name, compared after unescaping; NULL if there are none. */
static const cJSON *find_duplicate(const cJSON *object)
{
	size_t count = 0;
	for (const cJSON *member = object->child; member; member = member->next)
		count++;
	if (count < 2)
		return NULL;
	const cJSON **members = malloc(count * sizeof(const cJSON *));
	if (!members)
		abort();
	size_t i = 0;
	for (const cJSON *member = object->child; member; member = member->next)
		members[i++] = member;
	qsort(members, count, sizeof(const cJSON *), json_compare_names);
	const char *name = NULL;
	for (i = 1; i < count && !name; i++)
		if (strcmp(members[i - 1]->string, members[i]->string) == 0)
			name = members[i]->string;
	free(members);
	if (!name)
		return NULL;
	bool seen = false;
	for (const cJSON *member = object->child; member; member = member->next) {
		if (strcmp(member->string, name) != 0)
			continue;
		if (seen)
			return member;
		seen = true;
	}
	return NULL;
}

static bool check_duplicates(const struct json *json, const cJSON *tree, struct error *err)
{
	const cJSON *duplicate = cJSON_IsObject(tree) ? find_duplicate(tree) : NULL;
	if (duplicate) {
		char text[200];
		(void)snprintf(text, sizeof text, "duplicate member \"%.120s\"", duplicate->string);
		return error_at(json->name, json->bytes, node_offset(json, duplicate, true), err, text);
	}
	for (const cJSON *child = tree->child; child; child = child->next)
		if (child->child && !check_duplicates(json, child, err))
			return false;
	return true;
}

static struct json *json_new(const char *name, const char *bytes, size_t length, struct error *err)
{
	struct json *json = calloc(1, sizeof *json);
	if (!json || !(json->bytes = malloc(length + 1)))
		abort();
	memcpy(json->bytes, bytes, length);
	json->bytes[length] = '\0';
	json->name = name;
	json->length = length;
	json->root = cJSON_ParseWithLength(json->bytes, length + 1);
	if (json->root)
		return json;
	error_fail(err, "%.300s: out of memory, or cJSON refuses what the scan accepts", name);
	json_free(json);
	return NULL;
}

struct json *json_read_built_in(const char *name,
		const char *bytes,
		size_t length,
		struct error *err)
{
	return json_new(name, bytes, length, err);
}

struct json *json_read(const char *name, const char *bytes, size_t length, struct error *err)
{
	struct scan scan = {.bytes = (const unsigned char *)bytes,
			.length = length,
			.wanted = SIZE_MAX};
	if (length > JSON_BYTES_MAX) {
		error_set(err, "%.300s: larger than 64 MiB", name);
		return NULL;
	}
	if (!scan_document(&scan)) {
		error_at(name, bytes, scan.at, err, scan.problem);
		return NULL;
	}
	struct json *json = json_new(name, bytes, length, err);
	if (!json || check_duplicates(json, json->root, err))
		return json;
	json_free(json);
	return NULL;
}

/* Reads up to JSON_BYTES_MAX + 1 bytes; NULL with errno. */
static char *json_read_all(int fd, size_t *ret_length)
{
	size_t size = 64 * 1024, length = 0;
	char *bytes = NULL;
	for (;;) {
		if (!bytes || length == size) {
			size = bytes ? size * 2 : size;
			char *grown = realloc(bytes, size);
			if (!grown)
				abort();
			bytes = grown;
		}
		ssize_t got = read(fd, bytes + length, size - length);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0) {
			free(bytes);
			return NULL;
		}
		length += (size_t)got;
		if (got == 0 || length > JSON_BYTES_MAX)
			break;
	}
	*ret_length = length;
	return bytes;
}

struct json *json_read_file(const char *path, struct error *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0) {
		error_set(err, "%.300s: %s", path, strerror(errno));
		return NULL;
	}
	size_t length = 0;
	char *bytes = json_read_all(fd, &length);
	int saved = errno;
	if (!is_stdin)
		close(fd);
	if (!bytes) {
		error_set(err, "%.300s: %s", path, strerror(saved));
		return NULL;
	}
	struct json *json = json_read(is_stdin ? "standard input" : path, bytes, length, err);
	free(bytes);
	return json;
}

void json_free(struct json *json)
{
	if (!json)
		return;
	cJSON_Delete(json->root);
	free(json->bytes);
	free(json);
}

void json_close(struct json **json)
{
	json_free(*json);
}

void json_close_tree(cJSON **tree)
{
	cJSON_Delete(*tree);
}

const cJSON *json_root(const struct json *json)
{
	return json->root;
}

static bool is_listed(const char *name, const char *const *names)
{
	for (; *names; names++)
		if (strcmp(name, *names) == 0)
			return true;
	return false;
}

bool json_check_members(const struct json *json,
		const cJSON *object,
		const char *const *names,
		struct error *err)
{
	if (!cJSON_IsObject(object))
		return json_error(json, object, err, "expected an object {…}");
	for (const cJSON *member = object->child; member; member = member->next) {
		if (is_listed(member->string, names))
			continue;
		const char *nearest = suggest_name(member->string, names);
		char text[400];
		(void)snprintf(text,
				sizeof text,
				"unknown member \"%.120s\"%s%s%s",
				member->string,
				nearest ? "; did you mean \"" : "",
				nearest ? nearest : "",
				nearest ? "\"?" : "");
		return error_at(json->name, json->bytes, node_offset(json, member, true), err, text);
	}
	return true;
}

bool json_string(const struct json *json,
		const cJSON *object,
		const char *name,
		struct arena *arena,
		const char **ret,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!member)
		return true;
	if (!cJSON_IsString(member))
		return json_error(json, member, err, "\"%s\" must be a text in quotes", name);
	*ret = arena_strdup(arena, member->valuestring);
	return true;
}

bool json_number(const struct json *json,
		const cJSON *object,
		const char *name,
		double *ret,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!member)
		return true;
	if (cJSON_IsString(member) && strcmp(member->valuestring, "unlimited") == 0) {
		*ret = INFINITY;
		return true;
	}
	if (!cJSON_IsNumber(member))
		return json_error(json, member, err, "\"%s\" must be a number (or \"unlimited\")", name);
	*ret = member->valuedouble;
	return true;
}

bool json_bool(const struct json *json,
		const cJSON *object,
		const char *name,
		bool *ret,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!member)
		return true;
	if (!cJSON_IsBool(member))
		return json_error(json, member, err, "\"%s\" must be true or false", name);
	*ret = cJSON_IsTrue(member);
	return true;
}
