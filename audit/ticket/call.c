/* Sends a request and turns the server's refusals into errors that say what to do. */
#include "audit/ticket/call.h"

#include <string.h>

#include "audit/ticket/repeat.h"
#include "base/os/clock.h"
#include "base/os/json.h"
#include "base/text.h"

enum {
	EXCERPT_CHARS = 200,
	REQUEST_SECONDS_MAX = 120
};
/* libcurl counts in milliseconds, and 0 is no limit to it. */
static const double least_s = 0.01;

/* What the server said, short and without the secret. */
static const char *excerpt(const struct ticket *ticket, const char *body)
{
	const char *text = repeat_mask(ticket->arena, &ticket->credential, body);
	if (strstr(text, "<html") || strstr(text, "<!DOCTYPE") || !*text)
		return "";
	return arena_printf(ticket->arena,
			" (%s)",
			text_clean(ticket->arena, text, strlen(text), EXCERPT_CHARS));
}

static bool refused(struct ticket *ticket, const struct http_answer *answer, struct error *err)
{
	const char *said = excerpt(ticket, answer->body), *shown = ticket->shown;
	const char *to = repeat_mask(ticket->arena,
			&ticket->credential,
			answer->location ? answer->location : "");
	int status = answer->status;
	if (!status)
		return error_fail(err,
				"%s: %s",
				shown,
				repeat_mask(ticket->arena, &ticket->credential, answer->error));
	if (status >= 300 && status < 400)
		return error_fail(err,
				"%s: the server redirects%s%.200s, but headroom sends the token to no other "
				"server; give the right address with --url",
				shown,
				*to ? " to " : "",
				to);
	if (status == 401 || status == 403)
		return error_fail(err,
				"%s: the server rejects the token from %s (HTTP %d)%s",
				shown,
				ticket->credential.from,
				status,
				said);
	if (status == 404)
		return error_fail(err,
				"%s: no such ticket at %s, or no permission to see it (HTTP 404)%s",
				shown,
				ticket->base,
				said);
	if (status == 413)
		return error_fail(err,
				"%s: the file is larger than the server accepts (HTTP 413)%s",
				shown,
				said);
	if (status == 429)
		return error_fail(err, "%s: the server asks to wait (HTTP 429)%s", shown, said);
	return error_fail(err, "%s: the server answered HTTP %d%s", shown, status, said);
}

static bool dry_call(struct ticket *ticket, const struct http_request *request)
{
	http_print(request, ticket->dry);
	return true;
}

/* The time that a request may take: what is left of the whole. */
static bool bound_time(struct ticket *ticket, struct http_request *request, struct error *err)
{
	double left_s = ticket->until_s - clock_now_s();
	request->seconds_max = REQUEST_SECONDS_MAX;
	if (!(ticket->until_s > 0))
		return true;
	ticket->late = left_s < least_s;
	if (ticket->late)
		return error_fail(err, "%s: the time of --time-limit is over", ticket->shown);
	if (left_s < request->seconds_max)
		request->seconds_max = left_s;
	return true;
}

/* A write whose answer is lost, or comes from a broken server or a proxy before it, may have been
 * done. */
static void call_note_end(struct ticket *ticket,
		const struct http_request *request,
		const struct http_answer *answer)
{
	bool over = ticket->until_s > 0 && ticket->until_s - clock_now_s() < least_s;
	ticket->late = !answer->status && over;
	ticket->unsure = strcmp(request->method, "GET") != 0 &&
			(!answer->status || answer->status >= 500);
	ticket->again = answer->again && !ticket->late;
	ticket->wait_s = answer->retry_after_s;
}

bool ticket_call(struct ticket *ticket,
		struct http_request *request,
		cJSON **ret_json,
		struct error *err)
{
	struct http_answer answer;
	if (ret_json)
		*ret_json = NULL;
	request->secret_header = ticket->credential.header;
	request->login = ticket->credential.login;
	request->plain = ticket->plain;
	request->shown = request->body_shown ? request->body_shown : ticket->shown;
	ticket->again = ticket->late = ticket->unsure = false;
	if (ticket->dry)
		return dry_call(ticket, request);
	if (!bound_time(ticket, request, err))
		return false;
	if (!http_send(ticket->arena, request, &answer, err))
		return false;
	call_note_end(ticket, request, &answer);
	if (answer.status < 200 || answer.status >= 300)
		return refused(ticket, &answer, err);
	struct error ignored = {0};
	struct json *json = ret_json && !answer.truncated
			? json_read("answer", answer.body, strlen(answer.body), &ignored)
			: NULL;
	if (json)
		*ret_json = cJSON_Duplicate(json_root(json), true);
	json_free(json);
	return true;
}
