/* Two passes: the first finds the names that only their place tells (a host, a user), the second
 * replaces them, and whatever is an address or a process id by its form, in every text. */
#include "audit/output/redact.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"
#include "report/document/view.h"

enum kind {
	KIND_HOST,
	KIND_USER,
	KIND_ADDRESS,
	KIND_PID,
	KINDS
};

static const char *const kind_names[KINDS] = {
		[KIND_HOST] = "host",
		[KIND_USER] = "user",
		[KIND_ADDRESS] = "address",
		[KIND_PID] = "pid",
};

struct placeholder {
	enum kind kind;
	const char *text; /* what it stands for */
	unsigned number;  /* of its kind, from 1 */
};

struct redaction {
	struct arena *arena;
	struct placeholder *items;
	size_t count, capacity;
	unsigned numbers[KINDS];
};

static const struct placeholder *find(const struct redaction *r, enum kind kind, const char *text)
{
	for (size_t i = 0; i < r->count; i++) {
		if (r->items[i].kind == kind && !strcmp(r->items[i].text, text))
			return &r->items[i];
	}
	return NULL;
}

static const struct placeholder *add(struct redaction *r, enum kind kind, const char *text)
{
	const struct placeholder *known = find(r, kind, text);
	if (known)
		return known;
	r->items = arena_grow(r->arena, r->items, r->count, &r->capacity, sizeof *r->items);
	struct placeholder *added = &r->items[r->count++];
	const char *copy = arena_strdup(r->arena, text);
	*added = (struct placeholder){kind, copy, ++r->numbers[kind]};
	return added;
}

/* --- forms
 * ------------------------------------------------------------------------------------ */

static bool is_word(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) || c == '_' || c == '-';
}

static const char address_characters[] = "0123456789abcdefABCDEF:.";

/* The address that begins here; 0: none. A version or a time is none. */
static size_t address_length(const char *text)
{
	char copy[INET6_ADDRSTRLEN + 1];
	unsigned char bytes[16];
	size_t length = strspn(text, address_characters);
	while (length > 0 && strchr(":.", text[length - 1]) && !(length > 1 && text[length - 2] == ':'))
		length--; /* the end of a sentence, or a colon before a port */
	for (; length > 1; length--) {
		if (length >= sizeof copy)
			continue;
		memcpy(copy, text, length);
		copy[length] = '\0';
		bool four = inet_pton(AF_INET, copy, bytes) == 1;
		if (four || inet_pton(AF_INET6, copy, bytes) == 1)
			return length;
		if (!strchr(copy, ':'))
			return 0; /* "10.0.0.5:80" becomes shorter at its colon */
		const char *colon = strrchr(copy, ':');
		length = (size_t)(colon - copy) + 1;
	}
	return 0;
}

/* Addresses that every host has. */
static bool is_everybodys(const char *address)
{
	return text_begins_with(address, "127.") || !strcmp(address, "0.0.0.0") ||
			!strcmp(address, "::1") || !strcmp(address, "::") ||
			!strcmp(address, "::ffff:0.0.0.0") || text_begins_with(address, "::ffff:127.");
}

/* What stands before the number of a process: the length of it; 0: it does not. */
static size_t before_pid(const char *text)
{
	static const char *const marks[] = {
			"pid ",
			"PID ",
			"pid=",
			"pid-",
			"--pid ",
			"--pid=",
			"/proc/",
			"process ",
			"nsenter -t ",
			"--target ",
	};
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		size_t length = strlen(marks[i]);
		if (!strncmp(text, marks[i], length) && ascii_is_digit(text[length]))
			return length;
	}
	return 0;
}

/* "user@1000.service", "/run/user/1000", "uid 1000" */
static size_t before_uid(const char *text)
{
	static const char *const marks[] =
			{"user@", "/run/user/", "uid ", "UID ", "user id ", "user ID "};
	for (size_t i = 0; i < COUNT_OF(marks); i++) {
		size_t length = strlen(marks[i]);
		if (!strncmp(text, marks[i], length) && ascii_is_digit(text[length]))
			return length;
	}
	return 0;
}

/* --- the first pass: names
 * ------------------------------------------------------------------------------------ */

static bool is_host_name(const char *text, size_t length)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
	if (length == 0 || length > 253 || strspn(text, plain) < length)
		return false;
	bool letter = false;
	for (size_t i = 0; i < length; i++)
		letter |= ascii_is_letter(text[i]);
	return letter && !(length == 9 && !strncmp(text, "localhost", 9));
}

static void add_host(struct redaction *r, const char *text, size_t length)
{
	if (is_host_name(text, length))
		(void)add(r, KIND_HOST, arena_copy(r->arena, text, length));
}

/* "HOST:PORT" */
static void add_destination(struct redaction *r, const char *text)
{
	size_t length = strcspn(text, ":>");
	if (address_length(text) == 0 && text[0] != '[')
		add_host(r, text, length);
}

/* The host's own name may be anything. */
static void add_own_name(struct redaction *r, const char *name)
{
	if (*name)
		(void)add(r, KIND_HOST, name);
}

static void add_user(struct redaction *r, const char *name)
{
	if (*name && strcmp(name, "root") != 0)
		(void)add(r, KIND_USER, name);
}

/* Hosts of the URLs in a text. Those of sources belong to nobody here. */
static void add_urls(struct redaction *r, const char *text)
{
	for (const char *at = text; (at = strstr(at, "://")); at += 3) {
		const char *host = at + 3;
		size_t length = strcspn(host, "/:?# \"'<>)]");
		if (address_length(host) == 0 && *host != '[')
			add_host(r, host, length);
	}
}

static bool is_fact(const cJSON *object, const char *key)
{
	return cJSON_IsObject(object) && !strcmp(view_raw(object, "key"), key);
}

static bool begins(const cJSON *object, const char *start)
{
	return text_begins_with(view_raw(object, "key"), start);
}

static void find_in_fact(struct redaction *r, const cJSON *fact)
{
	const char *value = view_raw(fact, "value");
	if (is_fact(fact, "host.name"))
		add_own_name(r, value);
	if (is_fact(fact, "vantage.user"))
		add_user(r, value);
	if (begins(fact, "beam.") && *view_raw(fact, "instance"))
		(void)add(r, KIND_PID, view_raw(fact, "instance"));
	const char *node = strchr(value, '@'); /* rabbit@host */
	if (is_fact(fact, "beam.name") && node)
		add_host(r, node + 1, strlen(node + 1));
	if (begins(fact, "destination.") || begins(fact, "target.") || begins(fact, "name."))
		add_destination(r, view_raw(fact, "instance"));
}

static void find_in_strings(struct redaction *r, const cJSON *array)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array) {
		if (cJSON_IsString(item))
			add_destination(r, item->valuestring);
	}
}

static void find_in_plan(struct redaction *r, const cJSON *plan)
{
	const cJSON *load;
	find_in_strings(r, view_array(plan, "destinations"));
	find_in_strings(r, view_array(plan, "upstream.destinations"));
	cJSON_ArrayForEach(load, view_array(plan, "loads"))
		find_in_plan(r, load);
}

/* Whose login holds a limit: the user stands in commands and lines of files as well. */
static void find_logins(struct redaction *r, const cJSON *document)
{
	static const char *const arrays[] = {
			"fixes",
			"steps",
			"alternatives",
			"values",
			"resources",
	};
	const cJSON *item;
	for (size_t i = 0; i < COUNT_OF(arrays); i++) {
		cJSON_ArrayForEach(item, view_array(document, arrays[i])) {
			const char *layer = view_raw(item, "held_by.layer");
			if (strcmp(layer, "login") == 0)
				add_user(r, view_raw(item, "held_by.name"));
		}
	}
}

static void find_names(struct redaction *r, const cJSON *document)
{
	const cJSON *item;
	add_own_name(r, view_raw(document, "host.name"));
	add_own_name(r, view_raw(document, "host"));
	add_user(r, view_raw(document, "host.user"));
	add_user(r, view_raw(document, "request.requested_by"));
	find_in_plan(r, view_object(document, "workload"));
	find_in_strings(r, view_array(document, "text.hosts"));
	cJSON_ArrayForEach(item, view_array(document, "facts"))
		find_in_fact(r, item);
	cJSON_ArrayForEach(item, view_array(document, "command_line"))
		add_urls(r, view_raw(item, ""));
	cJSON_ArrayForEach(item, view_array(document, "waivers"))
		add_user(r, view_raw(item, "by"));
	find_logins(r, document);
}

/* --- the second pass: texts
 * ------------------------------------------------------------------------------------ */

static void put(struct text *out, const struct placeholder *placeholder)
{
	text_addf(out, "%s-%u", kind_names[placeholder->kind], placeholder->number);
}

/* The longest known name that stands here as a word of its own. A user's name is none within a path
 * but for his home: there is a user called dev, and /dev/null. */
static const struct placeholder *name_at(const struct redaction *r,
		const char *text,
		const char *at)
{
	const struct placeholder *best = NULL;
	for (size_t i = 0; i < r->count; i++) {
		const struct placeholder *item = &r->items[i];
		size_t length = strlen(item->text);
		bool home = at - text >= 6 && !strncmp(at - 6, "/home/", 6);
		if (item->kind != KIND_HOST && item->kind != KIND_USER)
			continue;
		if (ascii_is_digit(item->text[0]) && item->kind == KIND_USER)
			continue; /* a user's id is one only where it is called so */
		if (strncmp(at, item->text, length) != 0 || is_word(at[length]))
			continue;
		if (length == 1)
			continue; /* "a" is a word, too */
		if (item->kind == KIND_USER && at > text && strchr("/.", at[-1]) && !home)
			continue;
		if (item->kind == KIND_USER && at[length] == '.' && is_word(at[length + 1]))
			continue;
		if (item->kind == KIND_HOST && at[length] == '.' && is_word(at[length + 1]))
			continue;
		if (!best || strlen(best->text) < length)
			best = item;
	}
	return best;
}

static size_t put_number(struct redaction *r,
		struct text *out,
		enum kind kind,
		const char *at,
		size_t before)
{
	size_t digits = strspn(at + before, "0123456789");
	const char *number = arena_copy(r->arena, at + before, digits);
	text_add_bytes(out, at, before);
	put(out, add(r, kind, number));
	return before + digits;
}

/* Adds what stands at the beginning of a word; returns how much of it. 0: nothing to hide. */
static size_t put_hidden(struct redaction *r, struct text *out, const char *text, const char *at)
{
	size_t length = address_length(at);
	if (length > 0) {
		const char *address = arena_copy(r->arena, at, length);
		if (is_everybodys(address))
			text_add(out, address);
		else
			put(out, add(r, KIND_ADDRESS, address));
		return length;
	}
	const struct placeholder *name = name_at(r, text, at);
	if (name) {
		put(out, name);
		return strlen(name->text);
	}
	length = before_pid(at);
	if (length > 0)
		return put_number(r, out, KIND_PID, at, length);
	length = before_uid(at);
	if (length > 0)
		return put_number(r, out, KIND_USER, at, length);
	if (!strncmp(at, "user-", 5) && ascii_is_digit(at[5])) { /* "user-1000.slice" */
		struct text ignored = {0};
		length = put_number(r, &ignored, KIND_USER, at, 5);
		text_add(out, text_string(&ignored) + 5);
		text_release(&ignored);
		return length;
	}
	return 0;
}

static const char *redact_text(struct redaction *r, const char *text)
{
	struct text out = {0};
	for (size_t i = 0; i < r->count; i++) { /* the whole text: an instance, a name */
		if (!strcmp(r->items[i].text, text)) {
			put(&out, &r->items[i]);
			return text_take(r->arena, &out);
		}
	}
	for (const char *at = text; *at;) {
		bool begin = at == text || !is_word(at[-1]) || *at == '/' || *at == '-';
		size_t length = 0;
		if (begin)
			length = put_hidden(r, &out, text, at);
		if (length == 0) {
			text_add_bytes(&out, at, 1);
			length = 1;
		}
		at += length;
	}
	return text_take(r->arena, &out);
}

/* Words of a fixed list, digests, and texts of rules: the same on every host, whatever it is
 * called.
 */
static bool is_fixed(const cJSON *item)
{
	static const char *const members[] = {
			"bind",
			"binds",
			"closer",
			"confidence",
			"consequence",
			"created",
			"digest",
			"fix",
			"id",
			"key",
			"kind",
			"nat",
			"next",
			"next_binding",
			"nofile",
			"origin",
			"peer_close",
			"protocol",
			"quantity",
			"resource",
			"role",
			"runtime",
			"schema",
			"scope",
			"severity",
			"sources",
			"start",
			"status",
			"tool",
			"unit",
			"verdict",
	};
	for (size_t i = 0; item->string && i < COUNT_OF(members); i++) {
		if (!strcmp(item->string, members[i]))
			return true;
	}
	return false;
}

static void redact_number(struct redaction *r, cJSON *object, const char *member, enum kind kind)
{
	cJSON *number = cJSON_GetObjectItemCaseSensitive(object, member);
	char text[NUMBER_TEXT_MAX];
	if (!cJSON_IsNumber(number))
		return;
	const struct placeholder *placeholder =
			add(r, kind, text_plain_number(text, number->valuedouble));
	cJSON_SetNumberValue(number, placeholder->number);
}

/* A node may refer to a text that is not its own: cJSON leaves such a one as it is. */
static void set_text(cJSON *node, const char *text)
{
	if (!(node->type & cJSON_IsReference)) {
		(void)cJSON_SetValuestring(node, text);
		return;
	}
	cJSON *own = cJSON_CreateString(text);
	node->valuestring = own->valuestring;
	node->type &= ~cJSON_IsReference;
	own->valuestring = NULL;
	cJSON_Delete(own);
}

/* Facts whose text as read is a line about a user. */
static bool is_of_users(const cJSON *object)
{
	const char *where = view_raw(object, "where");
	return is_fact(object, "vantage.uid") || text_ends_with(where, "etc/passwd") ||
			text_ends_with(where, "etc/group");
}

static void redact_tree(struct redaction *r, cJSON *tree)
{
	for (cJSON *item = tree->child; item; item = item->next) {
		if (is_fixed(item))
			continue;
		if (cJSON_IsString(item)) {
			const char *text = redact_text(r, item->valuestring);
			if (strcmp(text, item->valuestring) != 0)
				set_text(item, text);
		}
		redact_tree(r, item);
	}
	redact_number(r, tree, "pid", KIND_PID);
	if (is_of_users(tree) && cJSON_IsString(cJSON_GetObjectItemCaseSensitive(tree, "raw")))
		set_text(cJSON_GetObjectItemCaseSensitive(tree, "raw"), "(redacted)");
	if (is_fact(tree, "vantage.pid"))
		redact_number(r, tree, "value", KIND_PID);
	if (is_fact(tree, "vantage.uid"))
		redact_number(r, tree, "value", KIND_USER);
}

void redact_document(struct arena *arena, cJSON *document)
{
	struct redaction r = {.arena = arena};
	find_names(&r, document);
	redact_tree(&r, document);
}

const cJSON *redact_shown(const struct run *run, const cJSON *document, cJSON **ret_copy)
{
	*ret_copy = NULL;
	if (!run->options->redact)
		return document;
	*ret_copy = cJSON_Duplicate(document, true);
	redact_document(run->arena, *ret_copy);
	return *ret_copy;
}
