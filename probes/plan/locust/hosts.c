/* Which hosts the users of a locustfile talk to: those of --host or the class, and those that the
 * requests' own URLs name. Addresses in headers, bodies and texts are no destinations. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "probes/plan/locust/users.h"

enum {
	HOSTS_MAX = 64
};

/* What the requests of one user say. */
struct said {
	bool absolute, relative, unknown;
	const char *lost_at; /* a host that is not known */
	struct name_list hosts;
};

/* The host of a URL, if the text is certain up to its end. */
static struct url url_of(const struct locust_script *script, struct locust_text text)
{
	static const struct url lost = {URL_UNKNOWN_HOST, NULL};
	const char *scheme = strstr(text.text, "://");
	struct error ignored;
	struct url found = {URL_RELATIVE, NULL};
	bool nothing = !*text.text;
	if (!scheme) {
		if (text.open && nothing)
			found.kind = URL_UNKNOWN;
		return found;
	}
	const char *host = scheme + strlen("://");
	bool ends = host[strcspn(host, "/?#")] != '\0';
	if (text.open && !ends)
		return lost;
	found.target = plan_url_target(script->arena, text.text, &ignored);
	if (!found.target)
		return lost;
	found.kind = URL_ABSOLUTE;
	return found;
}

/* The place of a request's URL among its arguments: the method may come first. */
static size_t url_place(const struct locust_note *note)
{
	static const char *const second[] = {
			"request",
			"rest",
			"rest_",
			"stream",
	};
	const char *last = locust_last_part(note->name);
	for (size_t i = 0; i < COUNT_OF(second); i++)
		if (!strcmp(last, second[i]))
			return 1;
	return 0;
}

/* The URL of a request: an argument at its place, or url=. */
static struct url request_url(struct locust_script *script, const struct locust_note *note)
{
	static const struct url unknown = {URL_UNKNOWN, NULL};
	const struct python *python = &script->files[note->file].python;
	size_t wanted = url_place(note), index = 0;
	struct locust_name argument = {
			.class = note->class,
			.function = note->function,
			.file = note->file,
	};
	for (size_t at = note->start; at < note->end; index++) {
		size_t end = python_item_end(python, at, note->end);
		bool keyword = python_at(python, at + 1, "=");
		bool named = keyword && python_at(python, at, "url");
		if (named)
			at += 2;
		if (named || (!keyword && index == wanted)) {
			argument.start = at;
			argument.end = end;
		}
		at = end + 1;
	}
	if (argument.end <= argument.start)
		return unknown;
	return url_of(script, locust_text_of(script, &argument));
}

static bool is_request(const struct locust_note *note)
{
	switch (note->fact) {
	case FACT_REQUEST:
	case FACT_CALL:
	case FACT_URLOPEN:
		return true;
	default:
		return false;
	}
}

/* Addresses that are no destinations: what a header names, the name of an XML schema. */
static bool is_header_value(const struct python *python, size_t at)
{
	static const char *const headers[] = {
			"referer",
			"origin",
			"xmlns",
			"x-forwarded",
			"host",
			"accept",
			"user-agent",
	};
	bool colon = python_at(python, at - 1, ":");
	bool equals = python_at(python, at - 1, "=");
	if (at < 3 || (!colon && !equals))
		return false;
	size_t key = at - 2;
	if (python_at(python, key, "]"))
		key--;
	const struct python_token *token = &python->tokens[key];
	if (token->kind != PYTHON_STRING)
		return false;
	for (size_t i = 0; i < COUNT_OF(headers); i++) {
		size_t length = strlen(headers[i]);
		if (token->length < length)
			continue;
		if (!strncasecmp(token->text, headers[i], length))
			return true;
	}
	return false;
}

static void add_candidate(struct collect *c, const struct python *python, size_t at)
{
	const struct python_token *token = &python->tokens[at];
	struct arena *arena = c->script->arena;
	if (token->kind != PYTHON_STRING || token->formatted)
		return;
	if (c->candidates.count >= HOSTS_MAX)
		return;
	struct locust_text text = {python_text(arena, token), false};
	if (strncasecmp(text.text, "http", 4) != 0)
		return;
	if (is_header_value(python, at))
		return;
	struct url found = url_of(c->script, text);
	if (found.kind != URL_ABSOLUTE || strchr(found.target, '{'))
		return;
	name_list_add_once(arena, &c->candidates, found.target);
}

/* The hosts of URLs that are assigned to some name: where a request's URL is a variable, it may be
 * one of them. */
static void read_candidates(struct collect *c)
{
	const struct locust_script *script = c->script;
	for (size_t i = 0; i < script->name_count; i++) {
		const struct locust_name *name = &script->names[i];
		bool host = !strcmp(name->name, "host");
		if (host || strstr(name->name, "header"))
			continue;
		const struct locust_file *file = &script->files[name->file];
		for (size_t at = name->start; at < name->end; at++)
			add_candidate(c, &file->python, at);
	}
}

static void locust_add_host(struct collect *c, struct said *said, const char *target)
{
	struct arena *arena = c->script->arena;
	struct name_list *all = &c->users->hosts;
	if (said->hosts.count < HOSTS_MAX)
		name_list_add_once(arena, &said->hosts, target);
	if (all->count < HOSTS_MAX)
		name_list_add_once(arena, all, target);
}

/* The host that relative URLs are put behind: of --host, or the class's attribute. NULL: not
 * known. */
static const char *base_host(struct collect *c, int class)
{
	struct locust_text text = {c->host, false};
	const struct locust_name *host = locust_attribute(c->script, class, "host");
	if (!c->host && !host)
		return NULL;
	if (!c->host)
		text = locust_text_of(c->script, host);
	struct url found = url_of(c->script, text);
	return found.target;
}

static void add_candidates(struct collect *c, struct said *said)
{
	const struct name_list *hosts = &c->candidates;
	for (size_t i = 0; i < hosts->count; i++)
		locust_add_host(c, said, hosts->items[i]);
}

static void locust_read_said(struct collect *c, size_t user, struct said *said)
{
	for (size_t i = 0; i < c->script->note_count; i++) {
		const struct locust_note *note = &c->script->notes[i];
		enum url_kind kind = c->urls[i].kind;
		if (kind == URL_NONE || !collect_concerns(c, note, user))
			continue;
		said->absolute |= kind == URL_ABSOLUTE;
		said->relative |= kind == URL_RELATIVE;
		said->unknown |= kind == URL_UNKNOWN;
		if (kind == URL_UNKNOWN_HOST)
			said->lost_at = note->where;
	}
}

static void read_base(struct collect *c, const struct locust_user *user, struct said *said)
{
	bool relative = said->relative || said->unknown || !said->absolute;
	if (user->kind == KIND_PLAIN || !relative)
		return;
	const char *base = base_host(c, user->class);
	bool elsewhere = said->unknown && c->candidates.count;
	if (base)
		locust_add_host(c, said, base);
	else if (!elsewhere)
		said->lost_at = user->where;
}

static void read_user_hosts(struct collect *c, size_t index)
{
	struct locust_users *users = c->users;
	struct locust_user *user = &users->items[index];
	struct said said = {0};
	locust_read_said(c, index, &said);
	read_base(c, user, &said);
	for (size_t i = 0; i < c->script->note_count; i++) {
		const struct locust_note *note = &c->script->notes[i];
		const char *target = c->urls[i].target;
		if (target && collect_concerns(c, note, index))
			locust_add_host(c, &said, target);
	}
	if (said.unknown)
		add_candidates(c, &said);
	if (!said.hosts.count && !said.lost_at)
		said.lost_at = user->where;
	if (!users->unknown_host_at)
		users->unknown_host_at = said.lost_at;
	user->hosts = fmax(1, (double)said.hosts.count);
}

void collect_hosts(struct collect *c)
{
	struct locust_script *script = c->script;
	size_t count = script->note_count;
	c->urls = arena_alloc(script->arena, (count + 1) * sizeof *c->urls);
	for (size_t i = 0; i < count; i++) {
		const struct locust_note *note = &script->notes[i];
		if (is_request(note))
			c->urls[i] = request_url(script, note);
	}
	read_candidates(c);
	for (size_t i = 0; i < c->users->count; i++)
		read_user_hosts(c, i);
}
