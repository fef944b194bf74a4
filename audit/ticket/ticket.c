/* Targets, and the one way in which all systems are asked. */
#include "audit/ticket/ticket.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/os/json.h"
#include "base/suggest.h"
#include "base/text.h"

enum {
	EXCERPT_CHARS = 200
};

static const char *base_of(struct arena *arena, const struct ticket_system *system, const char *url)
{
	for (size_t i = 0; !url && i < 2; i++)
		url = system->url_envs[i] ? getenv(system->url_envs[i]) : NULL;
	if (!url || !*url)
		url = system->default_url;
	if (!url)
		return NULL;
	size_t length = strlen(url);
	while (length && url[length - 1] == '/')
		length--;
	return arena_copy(arena, url, length);
}

static bool ticket_is_plain(const char *url)
{
	return !strncmp(url, "http://", 7);
}

static bool check_base(const struct ticket *ticket, struct error *err)
{
	const char *base = ticket->base;
	if (!base)
		return error_set(err,
				"%s: where is the server? Set %s, or give --url https://…",
				ticket->shown,
				ticket->system->url_envs[0]);
	for (const char *at = base; *at; at++)
		if ((unsigned char)*at <= ' ' ||
				(unsigned char)*at >= 0x7f) /* no URL has them (RFC 3986, 2) */
			return error_set(err,
					"the server's address has a blank, a control character or a letter beyond "
					"ASCII in it: "
					"write those as %%XX, a host in Punycode");
	if (strncmp(base, "https://", 8) != 0 && !ticket_is_plain(base))
		return error_set(err, "%.200s: not an https:// address", base);
	if (strpbrk(base, "@?#"))
		return error_set(err,
				"the server's address has \"@\", \"?\" or \"#\" in it; give scheme, host and path "
				"only");
	if (ticket_is_plain(base) && !ticket->plain)
		return error_set(err,
				"%.200s: the secret would cross the network unencrypted; use https://, or "
				"--insecure to allow "
				"http://",
				base);
	return true;
}

static bool unknown_system(const char *text, size_t length, struct error *err)
{
	const char *names[16] = {NULL};
	char word[64] = "";
	size_t count;
	const struct ticket_system *systems = ticket_systems(&count);
	for (size_t i = 0; i < count; i++)
		names[i] = systems[i].name;
	memcpy(word, text, length < sizeof word ? length : sizeof word - 1);
	const char *near = suggest_name(word, names);
	return error_set(err,
			"no ticket system is called \"%.40s\"%s%s%s: jira:KEY, servicenow:TABLE/SYS_ID, "
			"redmine:N, "
			"rt:N, gitlab:GROUP/PROJECT#N, github:OWNER/REPO#N",
			word,
			near ? "; did you mean " : "",
			near ? near : "",
			near ? "?" : "");
}

bool ticket_parse(struct arena *arena,
		const char *text,
		const char *url,
		bool plain,
		struct ticket *ret_ticket,
		struct error *err)
{
	size_t length = strcspn(text, ":"), count;
	const struct ticket_system *systems = ticket_systems(&count), *system = NULL;
	for (size_t i = 0; i < count; i++)
		if (strlen(systems[i].name) == length && !strncmp(systems[i].name, text, length))
			system = &systems[i];
	if (!system)
		return unknown_system(text, length, err);
	*ret_ticket = (struct ticket){.arena = arena,
			.system = system,
			.shown = text,
			.plain = plain,
			.wait_s = (double)NAN};
	if (text[length] != ':' || !system->parse(ret_ticket, text + length + 1))
		return error_set(err,
				"\"%.100s\" names no ticket: write it like %s",
				text,
				system->example);
	ret_ticket->base = base_of(arena, system, url);
	return check_base(ret_ticket, err);
}

/* What the server said, short and without the secret. */
static const char *excerpt(const struct ticket *ticket, const char *body)
{
	const char *text = credential_mask(ticket->arena, &ticket->credential, body);
	if (strstr(text, "<html") || strstr(text, "<!DOCTYPE") || !*text)
		return "";
	return arena_printf(ticket->arena,
			" (%s)",
			text_clean(ticket->arena, text, strlen(text), EXCERPT_CHARS));
}

static bool refused(struct ticket *ticket, const struct http_answer *answer, struct error *err)
{
	const char *said = excerpt(ticket, answer->body), *shown = ticket->shown;
	const char *to = credential_mask(ticket->arena,
			&ticket->credential,
			answer->location ? answer->location : "");
	int status = answer->status;
	if (!status)
		return error_fail(err,
				"%s: %s",
				shown,
				credential_mask(ticket->arena, &ticket->credential, answer->error));
	if (status >= 300 && status < 400)
		return error_fail(err,
				"%s: the server redirects%s%.200s; the secret is not sent elsewhere: give the "
				"right address "
				"with --url",
				shown,
				*to ? " to " : "",
				to);
	if (status == 401 || status == 403)
		return error_fail(err,
				"%s: the server refuses the secret of %s (HTTP %d)%s",
				shown,
				ticket->credential.from,
				status,
				said);
	if (status == 404)
		return error_fail(err,
				"%s: no such ticket at %s, or no right to see it (HTTP 404)%s",
				shown,
				ticket->base,
				said);
	if (status == 413)
		return error_fail(err,
				"%s: the file is larger than the server takes (HTTP 413)%s",
				shown,
				said);
	if (status == 429)
		return error_fail(err, "%s: the server asks to wait (HTTP 429)%s", shown, said);
	return error_fail(err, "%s: the server answers HTTP %d%s", shown, status, said);
}

static bool dry_call(struct ticket *ticket, const struct http_request *request)
{
	http_print(request, ticket->dry);
	return true;
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
	request->netrc = ticket->credential.netrc;
	request->plain = ticket->plain;
	request->shown = request->body_shown ? request->body_shown : ticket->shown;
	ticket->again = false;
	if (ticket->dry)
		return dry_call(ticket, request);
	if (!http_send(ticket->arena, request, &answer, err))
		return false;
	ticket->again = answer.again;
	ticket->wait_s = answer.retry_after_s;
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
