/* One request through headroom-http. Secrets go to it on its standard input only. */
#include "audit/helper/http.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/helper/helper.h"
#include "base/ascii.h"
#include "base/os/json.h"
#include "report/document/view.h"

static void http_add_text(cJSON *object, const char *name, const char *text)
{
	if (text)
		(void)cJSON_AddStringToObject(object, name, text);
}

static void add_parts(cJSON *object, const struct http_request *request)
{
	cJSON *parts = request->part_count ? cJSON_AddArrayToObject(object, "parts") : NULL;
	for (size_t i = 0; i < request->part_count; i++) {
		const struct http_part *part = &request->parts[i];
		cJSON *item = cJSON_CreateObject();
		(void)cJSON_AddItemToArray(parts, item);
		http_add_text(item, "name", part->name);
		http_add_text(item, "type", part->type);
		http_add_text(item, "filename", part->filename);
		http_add_text(item, "data", part->data);
		if (!part->data)
			(void)cJSON_AddNumberToObject(item, "fd", part->fd);
	}
}

static char *request_json(const struct http_request *request)
{
	cJSON *object = cJSON_CreateObject();
	const char *ca = getenv("CURL_CA_BUNDLE"); /* as the curl program has it */
	http_add_text(object, "method", request->method);
	http_add_text(object, "url", request->url);
	http_add_text(object, "unix_socket", request->unix_socket);
	http_add_text(object, "login", request->login);
	http_add_text(object, "body", request->body);
	http_add_text(object, "ca_file", ca && *ca ? ca : NULL);
	(void)cJSON_AddBoolToObject(object, "plain", request->plain);
	if (request->seconds_max > 0)
		(void)cJSON_AddNumberToObject(object, "timeout_s", request->seconds_max);
	if (request->body_fd)
		(void)cJSON_AddNumberToObject(object, "body_fd", request->body_fd);
	cJSON *headers = cJSON_AddArrayToObject(object, "headers");
	for (size_t i = 0; i < request->header_count; i++)
		(void)cJSON_AddItemToArray(headers, cJSON_CreateString(request->headers[i]));
	if (request->secret_header)
		(void)cJSON_AddItemToArray(headers, cJSON_CreateString(request->secret_header));
	add_parts(object, request);
	char *printed = cJSON_PrintUnformatted(object);
	cJSON_Delete(object);
	return printed;
}

static size_t descriptors_of(const struct http_request *request, int fds[HELPER_FILES_MAX])
{
	size_t count = 0;
	if (request->body_fd)
		fds[count++] = request->body_fd;
	for (size_t i = 0; i < request->part_count && count < HELPER_FILES_MAX; i++)
		if (!request->parts[i].data)
			fds[count++] = request->parts[i].fd;
	return count;
}

/* A number of seconds; the other form, a date, is left to the caller's own pauses. */
static double http_seconds_of(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);
	return end != text && !*end && seconds >= 0 ? seconds : (double)NAN;
}

static void read_answer(struct arena *arena, const cJSON *root, struct http_answer *answer)
{
	double status = view_number(root, "status");
	const char *location = view_raw(root, "headers.location"), *error = view_raw(root, "error");
	answer->status = status >= 100 && status < 1000 ? (int)status : 0;
	answer->body = arena_strdup(arena, view_raw(root, "body"));
	answer->location = *location ? arena_strdup(arena, location) : NULL;
	answer->retry_after_s = http_seconds_of(view_raw(root, "headers.retry-after"));
	answer->truncated = view_true(root, "truncated");
	answer->error = answer->status ? NULL : arena_strdup(arena, *error ? error : "no answer");
	answer->again = answer->status == 429 || answer->status >= 500 || view_true(root, "again");
}

bool http_send(struct arena *arena,
		const struct http_request *request,
		struct http_answer *ret_answer,
		struct error *err)
{
	int fds[HELPER_FILES_MAX];
	size_t count = descriptors_of(request, fds), length = 0;
	const char *bytes = NULL;
	char *asked = request_json(request);
	bool good = asked &&
			helper_http(arena,
					asked,
					strlen(asked),
					fds,
					count,
					request->shown,
					&bytes,
					&length,
					err);
	if (asked)
		explicit_bzero(asked, strlen(asked));
	cJSON_free(asked);
	if (!good)
		return false;
	struct json *json = json_read("headroom-http's answer", bytes, length, err);
	if (!json)
		return false;
	*ret_answer = (struct http_answer){.status = 0};
	read_answer(arena, json_root(json), ret_answer);
	json_free(json);
	return true;
}

/* Single quotes for a shell. */
static void add_quoted(struct text *out, const char *text)
{
	text_add(out, "'");
	for (; *text; text++)
		*text == '\'' ? text_add(out, "'\\''") : text_add_bytes(out, text, 1);
	text_add(out, "'");
}

static void print_body(const struct http_request *request, struct text *out)
{
	for (size_t i = 0; i < request->part_count; i++) {
		const struct http_part *part = &request->parts[i];
		struct text form = {0};
		text_addf(&form,
				"%s=%s%s",
				part->name,
				part->data ? "" : "@",
				part->data ? part->data : request->body_shown);
		if (part->filename)
			text_addf(&form, ";filename=%s", part->filename);
		if (part->type)
			text_addf(&form, ";type=%s", part->type);
		text_add(out, " \\\n  -F ");
		add_quoted(out, form.data);
		text_release(&form);
	}
	if (request->body || request->body_fd) {
		text_add(out, request->body ? " \\\n  --data-raw " : " \\\n  --data-binary ");
		struct text file = {0};
		text_addf(&file, "@%s", request->body_shown ? request->body_shown : "");
		add_quoted(out, request->body ? request->body : file.data);
		text_release(&file);
	}
}

void http_print(const struct http_request *request, struct text *out)
{
	text_addf(out, "curl -X %s ", request->method);
	add_quoted(out, request->url);
	for (size_t i = 0; i < request->header_count; i++) {
		text_add(out, " \\\n  -H ");
		add_quoted(out, request->headers[i]);
	}
	if (request->secret_header)
		text_addf(out,
				" \\\n  -H '%.*s ***'",
				(int)strcspn(request->secret_header, " "),
				request->secret_header);
	if (request->login) {
		struct text login = {0};
		text_addf(&login, "%.*s:***", (int)strcspn(request->login, ":"), request->login);
		text_add(out, " \\\n  -u ");
		add_quoted(out, login.data);
		text_release(&login);
	}
	print_body(request, out);
	text_add(out, "\n");
}

const char *http_escape(struct arena *arena, const char *text)
{
	struct text out = {0};
	for (; *text; text++) {
		bool plain = ascii_is_letter(*text) || ascii_is_digit(*text) || strchr("-._~", *text);
		if (plain)
			text_add_bytes(&out, text, 1);
		else
			text_addf(&out, "%%%02X", (unsigned char)*text);
	}
	return text_take(arena, &out);
}
