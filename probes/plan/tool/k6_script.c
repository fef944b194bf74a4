/* The text of a k6 script: strings, comments and code told apart; then a search for calls and URLs.
 * No JavaScript is parsed: a regular expression literal with a quote in it may mislead it. */
#include "probes/plan/tool/k6_script.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/list.h"
#include "base/text.h"
#include "probes/plan/plan.h"

enum {
	TARGETS_MAX = 256,
	GUARD_BYTES = 160,
	SCANNED_BYTES_MAX = 2 * 1024 * 1024,
	CONNECTS_MAX = 200
};

struct scan {
	struct arena *arena;
	const char *file, *text;
	char *code; /* of the same length: strings' contents and comments are blanks */
	size_t length;
	struct k6_script *found;
};

static size_t k6_script_line_at(const struct scan *scan, size_t at)
{
	size_t line = 1;
	for (size_t i = 0; i < at; i++)
		line += scan->text[i] == '\n';
	return line;
}

static void first(const struct scan *scan, size_t at, const char **place)
{
	if (!*place)
		*place = arena_printf(scan->arena, "%s:%zu", scan->file, k6_script_line_at(scan, at));
}

static void k6_script_add_name(struct scan *scan, struct name_list *list, const char *target)
{
	if (list->count < TARGETS_MAX)
		name_list_add_once(scan->arena, list, target);
}

/* A string's content: a URL names a destination, unless its host is put together. */
static void on_string(struct scan *scan, size_t start, size_t end)
{
	static const char *const schemes[] = {"http://", "https://", "ws://", "wss://"};
	const char *text = scan->text + start;
	size_t length = end - start;
	struct error ignored;
	if (length > 3 && (text_begins_with(text, "./") || text_begins_with(text, "../")) &&
			(text_begins_with(text + length - 3, ".js") ||
					text_begins_with(text + length - 3, ".ts")))
		k6_script_add_name(scan, &scan->found->imports, arena_copy(scan->arena, text, length));
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		size_t scheme = strlen(schemes[i]);
		if (length < scheme || strncmp(text, schemes[i], scheme) != 0)
			continue;
		bool tls = plan_url_is_tls(schemes[i]);
		scan->found->tls |= tls;
		scan->found->plain |= !tls;
		size_t host = 0;
		while (scheme + host < length && !strchr("/?#", text[scheme + host]))
			host++;
		const char *url = arena_copy(scan->arena, text, scheme + host);
		const char *target = host && !strchr(url, '$') && !strchr(url, '{') && !strchr(url, '\\')
				? plan_url_target(scan->arena, url, &ignored)
				: NULL;
		if (target)
			k6_script_add_name(scan, &scan->found->targets, target);
		else
			first(scan, start, &scan->found->template_at);
		return;
	}
}

static size_t skip_comment(struct scan *scan, size_t at)
{
	bool block = scan->text[at + 1] == '*';
	while (at < scan->length && (block || scan->text[at] != '\n')) {
		bool ends = block && at + 1 < scan->length && scan->text[at] == '*' &&
				scan->text[at + 1] == '/';
		scan->code[at] = scan->text[at] == '\n' ? '\n' : ' ';
		if (ends) {
			scan->code[at + 1] = ' ';
			return at + 2;
		}
		at++;
	}
	return at;
}

static size_t k6_script_skip_string(struct scan *scan, size_t at)
{
	char quote = scan->text[at];
	size_t start = ++at;
	while (at < scan->length && scan->text[at] != quote &&
			(quote == '`' || scan->text[at] != '\n')) {
		bool escape = scan->text[at] == '\\' && at + 1 < scan->length;
		scan->code[at] = ' ';
		if (escape)
			scan->code[at + 1] = ' ';
		at += escape ? 2 : 1;
	}
	on_string(scan, start, at < scan->length ? at : scan->length);
	return at + 1;
}

static void blank(struct scan *scan)
{
	for (size_t at = 0; at < scan->length;) {
		char c = scan->text[at], next = at + 1 < scan->length ? scan->text[at + 1] : '\0';
		if (c == '/' && (next == '/' || next == '*'))
			at = skip_comment(scan, at);
		else if (c == '"' || c == '\'' || c == '`')
			at = k6_script_skip_string(scan, at);
		else
			at++;
	}
}

static bool k6_script_is_name(char c)
{
	return ascii_is_name(c) || c == '$';
}

/* The next place of `word` in the code from `at` on, as a whole word where it begins with a letter.
 */
static bool k6_script_find(const struct scan *scan, const char *word, size_t *at)
{
	for (const char *hit = scan->code + *at; (hit = strstr(hit, word)); hit++) {
		if (k6_script_is_name(*word) && hit > scan->code && k6_script_is_name(hit[-1]))
			continue;
		*at = (size_t)(hit - scan->code);
		return true;
	}
	return false;
}

static void k6_script_note(const struct scan *scan, const char *word, const char **place)
{
	size_t at = 0;
	if (k6_script_find(scan, word, &at))
		first(scan, at, place);
}

static size_t braces_before(const struct scan *scan, size_t at)
{
	size_t depth = 0;
	for (size_t i = 0; i < at; i++) {
		if (scan->code[i] == '{')
			depth++;
		else if (scan->code[i] == '}' && depth)
			depth--;
	}
	return depth;
}

static bool is_guarded(const struct scan *scan, size_t at)
{
	size_t from = at > GUARD_BYTES ? at - GUARD_BYTES : 0;
	const char *guard = strstr(scan->code + from, "__ITER");
	return guard && guard < scan->code + at;
}

/* client.connect("host:port", …) */
static void grpc_target(struct scan *scan, size_t at)
{
	const char *open = scan->text + at + strlen(".connect(");
	open += strspn(open, " \t\r\n");
	struct error ignored;
	if (!*open || !strchr("'\"`", *open))
		return;
	const char *target = plan_url_target(scan->arena,
			arena_copy(scan->arena, open + 1, strcspn(open + 1, "'\"`$\n")),
			&ignored);
	if (target)
		k6_script_add_name(scan, &scan->found->targets, target);
	scan->found->plain = true; /* or not: it was not measured */
}

static void find_connects(struct scan *scan)
{
	bool grpc = strstr(scan->text, "k6/net/grpc") || strstr(scan->text, "k6/experimental/grpc");
	size_t seen = 0;
	for (size_t at = 0; seen < CONNECTS_MAX && k6_script_find(scan, ".connect(", &at);
			at++, seen++) {
		bool websocket = at >= 2 && text_begins_with(scan->code + at - 2, "ws") &&
				(at < 3 || !k6_script_is_name(scan->code[at - 3]));
		if (websocket) {
			first(scan, at, &scan->found->websocket_at);
			continue;
		}
		if (!grpc)
			continue;
		bool each = braces_before(scan, at) > 0 && !is_guarded(scan, at);
		first(scan, at, each ? &scan->found->grpc_at : &scan->found->grpc_once_at);
		grpc_target(scan, at);
	}
	scan->found->grpc_closes |= grpc && strstr(scan->code, ".close(");
	k6_script_note(scan, "new WebSocket(", &scan->found->websocket_at);
}

/* A header is a string: it stands in the text, not in the code. */
static void find_close_header(struct scan *scan)
{
	for (const char *hit = scan->text; (hit = strcasestr(hit, "connection")); hit++) {
		const char *at = hit + strlen("connection");
		if (*at != '\'' && *at != '"')
			continue;
		at++;
		at += strspn(at, " \t:");
		if (strncasecmp(at, "'close'", 7) == 0 || strncasecmp(at, "\"close\"", 7) == 0)
			first(scan, (size_t)(hit - scan->text), &scan->found->close_header_at);
	}
}

void k6_script_read(struct arena *arena,
		const char *file,
		const char *text,
		size_t length,
		struct k6_script *ret)
{
	struct scan scan = {.arena = arena,
			.file = file,
			.length = strnlen(text, length),
			.found = ret};
	if (scan.length > SCANNED_BYTES_MAX)
		scan.length = SCANNED_BYTES_MAX;
	scan.text = arena_copy(arena, text, scan.length);
	scan.code = arena_copy(arena, text, scan.length);
	blank(&scan);
	k6_script_note(&scan, "options", &ret->options_at);
	k6_script_note(&scan, ".batch(", &ret->batch_at);
	k6_script_note(&scan, ".asyncRequest(", &ret->async_at);
	k6_script_note(&scan, "Promise.all", &ret->async_at);
	find_connects(&scan);
	find_close_header(&scan);
}
