#include "audit/ticket/netrc.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"

static const char blanks[] = " \t\r\n";

struct netrc {
	struct arena *arena;
	const char *at;
};

/* In quotes, \" and \\ stand for themselves, \n, \r and \t for what C has. */
static const char *quoted(struct netrc *netrc)
{
	struct text out = {0};
	for (netrc->at++; *netrc->at && *netrc->at != '"'; netrc->at++) {
		static const char names[] = "nrt", values[] = "\n\r\t";
		const char *name = NULL;
		if (*netrc->at != '\\' || !netrc->at[1]) {
			text_add_bytes(&out, netrc->at, 1);
			continue;
		}
		netrc->at++;
		name = strchr(names, *netrc->at);
		if (name)
			text_add_bytes(&out, &values[name - names], 1);
		else
			text_add_bytes(&out, netrc->at, 1);
	}
	if (*netrc->at)
		netrc->at++;
	return text_take(netrc->arena, &out);
}

/* NULL at the end. Lines that begin with # are left out. */
static const char *next_word(struct netrc *netrc)
{
	netrc->at += strspn(netrc->at, blanks);
	while (*netrc->at == '#') {
		netrc->at += strcspn(netrc->at, "\n");
		netrc->at += strspn(netrc->at, blanks);
	}
	if (!*netrc->at)
		return NULL;
	if (*netrc->at == '"')
		return quoted(netrc);
	size_t length = strcspn(netrc->at, blanks);
	const char *word = arena_copy(netrc->arena, netrc->at, length);
	netrc->at += length;
	return word;
}

/* A macro ends with an empty line. */
static void skip_macro(struct netrc *netrc)
{
	const char *end = strstr(netrc->at, "\n\n");
	if (end)
		netrc->at = end;
	else
		netrc->at += strlen(netrc->at);
}

struct entry {
	const char *login, *password;
};

/* What follows "machine NAME" or "default". Returns the word after it, or NULL at the end. */
static const char *read_entry(struct netrc *netrc, struct entry *ret_entry)
{
	const char *word;
	*ret_entry = (struct entry){NULL, NULL};
	while ((word = next_word(netrc))) {
		if (!strcmp(word, "machine") || !strcmp(word, "default"))
			return word;
		if (!strcmp(word, "login"))
			ret_entry->login = next_word(netrc);
		else if (!strcmp(word, "password"))
			ret_entry->password = next_word(netrc);
		else if (!strcmp(word, "account"))
			(void)next_word(netrc);
		else if (!strcmp(word, "macdef"))
			skip_macro(netrc);
	}
	return NULL;
}

const char *netrc_login(struct arena *arena, const char *text, const char *host)
{
	struct netrc netrc = {arena, text};
	struct entry entry;
	const char *word = read_entry(&netrc, &entry);
	while (word) {
		bool ours = !strcmp(word, "default");
		const char *name = NULL;
		if (!ours)
			name = next_word(&netrc);
		if (name)
			ours = !strcasecmp(name, host);
		word = read_entry(&netrc, &entry);
		if (ours && entry.login && entry.password)
			return arena_printf(arena, "%s:%s", entry.login, entry.password);
	}
	return NULL;
}
