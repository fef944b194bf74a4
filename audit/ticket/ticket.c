/* Parses a target such as "jira:OPS-12" and finds the address of its server. */
#include "audit/ticket/ticket.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/suggest.h"
#include "base/text.h"

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
	return text_begins_with(url, "http://");
}

static bool check_base(const struct ticket *ticket, struct error *err)
{
	const char *base = ticket->base;
	if (!base)
		return error_set(err,
				"%s: the address of the server is missing; set %s, or give --url https://…",
				ticket->shown,
				ticket->system->url_envs[0]);
	for (const char *at = base; *at; at++)
		if ((unsigned char)*at <= ' ' ||
				(unsigned char)*at >= 0x7f) /* no URL has them (RFC 3986, 2) */
			return error_set(err,
					"the server's address contains a blank, a control character or a non-ASCII "
					"letter; write it as %%XX, and a host name in Punycode");
	if (!text_begins_with(base, "https://") && !ticket_is_plain(base))
		return error_set(err, "%.200s is not an https:// address", base);
	if (strpbrk(base, "@?#"))
		return error_set(err,
				"the server's address contains \"@\", \"?\" or \"#\"; give scheme, host and path "
				"only");
	if (ticket_is_plain(base) && !ticket->plain)
		return error_set(err,
				"%.200s: the token would cross the network unencrypted; use https://, or allow "
				"http:// with --insecure",
				base);
	return true;
}

/* OPS-123 has the form of Jira, CHG0030123 that of ServiceNow. */
static const char *likely_system(const char *word)
{
	if (strchr(word, '-'))
		return "jira";
	if (word[0] >= '0' && word[0] <= '9')
		return "redmine";
	return "servicenow";
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
	char question[SUGGEST_MAX];
	if (!text[length])
		return error_set(err,
				"%.40s: name the ticket system, as in %s:%.40s (there are jira, servicenow, "
				"redmine, "
				"rt, gitlab and github)",
				word,
				likely_system(word),
				word);
	return error_set(err,
			"unknown ticket system \"%.40s\"%s (expected jira:KEY, servicenow:NUMBER, redmine:N, "
			"rt:N, gitlab:GROUP/PROJECT#N or github:OWNER/REPO#N)",
			word,
			suggest_question(question, word, names));
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
				"\"%.100s\" is not a valid ticket; expected %s",
				text,
				system->example);
	ret_ticket->base = base_of(arena, system, url);
	return check_base(ret_ticket, err);
}
