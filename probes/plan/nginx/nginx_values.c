/* The values that variables of a configuration may have, as far as set, map, geo and split_clients
 * tell. What comes with a request is not known; a map of $http_upgrade is read for a request that
 * has none, as a load test of HTTP sends it. */
#include <ctype.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "probes/plan/nginx/nginx.h"

enum {
	VALUES_MAX = 16,
	DEPTH_MAX = 6,
	STEPS_MAX = 64, /* a hostile map may lead to many more */
	ALL_STEPS_MAX = 300000
};

struct expansion {
	const struct nginx *n;
	struct name_list values;
	size_t steps;
	bool unknown;
};

static void expand(struct expansion *x, const char *before, const char *text, size_t depth);

/* FNV-1a, of lower case. */
static size_t hash_of(const char *name, size_t length)
{
	uint32_t hash = 2166136261U;
	for (size_t i = 0; i < length; i++)
		hash = (hash ^ (uint32_t)tolower((unsigned char)name[i])) * 16777619U;
	return hash % NGINX_NAMES;
}

static bool is_name(const char *name, size_t length, const char *other)
{
	return strncmp(other, name, length) == 0 && !other[length];
}

static size_t next(size_t at)
{
	return (at + 1) % NGINX_NAMES;
}

size_t nginx_place_of_variable(const struct nginx *n, const char *name, size_t length)
{
	size_t at = hash_of(name, length);
	while (n->variables[at]) {
		if (is_name(name, length, n->variables[at]->name))
			return at;
		at = next(at);
	}
	return at;
}

size_t nginx_place_of_group(const struct nginx *n, const char *name, size_t length, bool stream)
{
	size_t at = hash_of(name, length);
	while (n->groups[at]) {
		const struct nginx_group *group = n->groups[at];
		bool same = strncasecmp(group->name, name, length) == 0;
		if (same && !group->name[length] && group->stream == stream)
			return at;
		at = next(at);
	}
	return at;
}

/* What begins with "/" or "?", so that no host goes on behind it. */
static bool is_path(const char *name, size_t length)
{
	static const char *const names[] =
			{"request_uri", "uri", "document_uri", "is_args", "args", "query_string", NULL};
	for (const char *const *one = names; *one; one++)
		if (is_name(name, length, *one))
			return true;
	return false;
}

static void add_value(struct expansion *x, const char *before, const char *text)
{
	struct arena *arena = x->n->arena;
	name_list_add_once(arena, &x->values, arena_printf(arena, "%s%s", before, text));
}

static void expand_variable(struct expansion *x,
		const char *before,
		const struct nginx_variable *variable,
		const char *rest,
		size_t depth)
{
	struct arena *arena = x->n->arena;
	const char *fallback = "";
	if (variable->missing)
		fallback = variable->missing;
	if (variable->source && strcmp(variable->source, "$http_upgrade") == 0) {
		if (variable->empty)
			fallback = variable->empty;
		expand(x, before, arena_printf(arena, "%s%s", fallback, rest), depth + 1);
		return;
	}
	for (size_t i = 0; i < variable->values.count; i++)
		expand(x, before, arena_printf(arena, "%s%s", variable->values.items[i], rest), depth + 1);
	if (variable->source && !variable->missing)
		expand(x, before, rest, depth + 1);
	x->unknown |= variable->many;
}

static bool is_endless(struct expansion *x, size_t depth)
{
	size_t *all = x->n->steps;
	x->steps++;
	++*all;
	if (x->steps > STEPS_MAX || *all > ALL_STEPS_MAX)
		return true;
	return depth > DEPTH_MAX || x->values.count >= VALUES_MAX;
}

/* Puts in the first variable of the text, and goes on with what follows. */
static void expand(struct expansion *x, const char *before, const char *text, size_t depth)
{
	const char *dollar = strchr(text, '$');
	if (is_endless(x, depth)) {
		x->unknown = true;
		return;
	}
	if (!dollar) {
		add_value(x, before, text);
		return;
	}
	const char *name = dollar + 1;
	bool braced = *name == '{';
	name += braced;
	size_t length = strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
	const char *rest = name + length + (braced && name[length] == '}');
	const struct nginx_variable *variable =
			x->n->variables[nginx_place_of_variable(x->n, name, length)];
	before = arena_printf(x->n->arena, "%s%.*s", before, (int)(dollar - text), text);
	if (variable && variable->values.count) {
		expand_variable(x, before, variable, rest, depth);
		return;
	}
	if (is_name(name, length, "scheme"))
		expand(x, before, arena_printf(x->n->arena, "http%s", rest), depth + 1);
	else if (is_path(name, length))
		add_value(x, before, "");
	else
		x->unknown = true;
}

struct name_list nginx_values(const struct nginx *n, const char *text, bool *ret_unknown)
{
	struct expansion x = {.n = n};
	expand(&x, "", text, 0);
	*ret_unknown = x.unknown;
	return x.values;
}
