/* vegeta's targets (lib/targets.go at 12.13.0): which hosts they name, and whose headers end the
 * connection. Bodies are not opened. */
#include "probes/plan/tool/vegeta_targets.h"

#include <string.h>

#include "base/ascii.h"
#include "base/os/json.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/go_client.h"

struct targets_scan {
	struct arena *arena;
	const char *at; /* the next line */
	size_t number;  /* of the line that was taken last */
	const char *from;
	struct vegeta_targets *targets;
	struct error *err;
};

static const char blanks[] = " \t\r\v\f";

/* The next line without blanks around it; NULL at the end. */
static const char *take_line(struct targets_scan *scan)
{
	if (!*scan->at)
		return NULL;
	size_t length = strcspn(scan->at, "\n");
	char *line = arena_copy(scan->arena, scan->at, length);
	scan->at += length;
	if (*scan->at == '\n')
		scan->at++;
	scan->number++;
	line += strspn(line, blanks);
	length = strlen(line);
	while (length > 0 && strchr(blanks, line[length - 1]))
		length--;
	line[length] = '\0';
	return line;
}

static bool targets_refuse(const struct targets_scan *scan, const char *what)
{
	return error_set(scan->err, "%s: line %zu: %s", scan->from, scan->number, what);
}

/* How long "http://host:port" is, the part that says where to connect. */
static size_t origin_length(const char *url)
{
	const char *slashes = strstr(url, "://");
	if (!slashes)
		return 0;
	return (size_t)(slashes - url) + 3 + strcspn(slashes + 3, "/?#");
}

/* Files of targets mostly name one host: it is read once. */
static const char *host_of(struct targets_scan *scan, const char *url, struct error *err)
{
	const struct vegeta_targets *t = scan->targets;
	size_t length = origin_length(url);
	if (t->count && length) {
		const char *last = t->urls.items[t->count - 1];
		if (!strncmp(last, url, length) && origin_length(last) == length)
			return t->hosts.items[t->count - 1];
	}
	return go_url_target(scan->arena, url, err);
}

static bool add_target(struct targets_scan *scan, const char *url)
{
	struct vegeta_targets *t = scan->targets;
	struct error why = {0};
	const char *host = host_of(scan, url, &why);
	if (!host)
		return targets_refuse(scan, why.text);
	t->tls = (t->tls || !t->count) && plan_url_is_tls(url);
	t->without_host |= go_url_has_no_host(url);
	t->count++;
	name_list_append(scan->arena, &t->hosts, host);
	name_list_append(scan->arena, &t->urls, url);
	return true;
}

static void note_closing(struct targets_scan *scan)
{
	struct vegeta_targets *t = scan->targets;
	t->closing++;
	if (!t->closing_at)
		t->closing_at = arena_printf(scan->arena,
				"%s: line %zu: Connection: close",
				scan->from,
				scan->number);
}

static bool begins_with_method(const char *line)
{
	size_t letters = 0;
	while (ascii_is_upper(line[letters]))
		letters++;
	return letters > 0 && (line[letters] == ' ' || line[letters] == '\t');
}

/* The lines behind "GET URL": headers until an empty line or the name of a body. vegeta takes them
 * for headers even where they look like the next target. */
static void pass_headers(struct targets_scan *scan)
{
	const char *line;
	bool closes = false;
	while ((line = take_line(scan)) && *line) {
		if (*line == '@')
			break;
		if (*line == '#' || closes || !header_closes(line))
			continue;
		note_closing(scan);
		closes = true;
	}
}

static bool take_http_target(struct targets_scan *scan, const char *line)
{
	if (!begins_with_method(line))
		return targets_refuse(scan, "a target is METHOD URL, as in GET http://host/");
	const char *url = line + strcspn(line, " \t");
	url += strspn(url, " \t");
	if (!add_target(scan, url))
		return false;
	struct targets_scan peek = *scan;
	const char *next = take_line(&peek);
	if (next && *next && !begins_with_method(next))
		pass_headers(scan);
	return true;
}

static bool values_close(const cJSON *values)
{
	const cJSON *value;
	cJSON_ArrayForEach(value, values) {
		if (cJSON_IsString(value) && header_value_closes(value->valuestring))
			return true;
	}
	return false;
}

static bool headers_close(const cJSON *headers)
{
	const cJSON *values = cJSON_GetObjectItem(headers, "connection");
	return cJSON_IsArray(values) && values_close(values);
}

static bool take_json_target(struct targets_scan *scan, const char *line)
{
	struct error why = {0};
	const char *url = NULL;
	const char *name = arena_printf(scan->arena, "line %zu", scan->number);
	struct json *json
			__attribute__((cleanup(json_close))) = json_read(name, line, strlen(line), &why);
	if (!json || !json_string(json, json_root(json), "url", scan->arena, &url, &why))
		return error_set(scan->err, "%s: %s", scan->from, why.text);
	if (!url)
		return targets_refuse(scan, "a target without a url");
	if (headers_close(cJSON_GetObjectItemCaseSensitive(json_root(json), "header")))
		note_closing(scan);
	return add_target(scan, url);
}

bool vegeta_targets_read(struct arena *arena,
		const char *text,
		bool json,
		const char *from,
		struct vegeta_targets *ret,
		struct error *err)
{
	struct targets_scan scan = {arena, text, 0, from, ret, err};
	*ret = (struct vegeta_targets){.count = 0};
	for (const char *line; (line = take_line(&scan));) {
		if (!*line || (*line == '#' && !json))
			continue;
		bool good = json && take_json_target(&scan, line);
		if (!json)
			good = take_http_target(&scan, line);
		if (!good)
			return false;
	}
	return ret->count || error_set(err, "%s: no target with a URL in it", from);
}
