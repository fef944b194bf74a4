/* Asked for once the plan is known, so that it costs nothing where no plan names a destination. */
#include "probes/host/target/target.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>
#include <sys/stat.h>

#include "base/address.h"
#include "probes/host/namespace.h"
#include "probes/host/sockets/pool_facts.h"
#include "probes/host/sockets/route.h"
#include "probes/host/source/source.h"
#include "probes/host/target/resolve.h"

enum {
	ROUTES_MAX = 64
};

static const char name_key[] = "name.addresses", route_key[] = "route.source";

struct target_view {
	struct arena *arena;
	const struct host_options *options;
	const struct host_info *info;
	const struct targets *targets;
	struct facts *facts;
};

static bool target_is_live(const struct target_view *view)
{
	return !view->options->facts_path && !view->options->image;
}

static const char *lower_case(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_copy(arena, text, length);
	for (char *at = copy; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

/* --- Given with --resolve --- */

/* A list of addresses separated by commas, IPv6 in brackets or not, as words. NULL: it is none. */
static const char *resolve_words(struct arena *arena, const char *text)
{
	const char *words = "";
	while (*text) {
		struct address ignored;
		size_t length = strcspn(text, ",");
		const char *first = text;
		text += length;
		text += *text == ',';
		if (length > 1 && *first == '[' && first[length - 1] == ']') {
			first++;
			length -= 2;
		}
		if (!address_parse(first, length, &ignored))
			return NULL;
		words = arena_printf(arena, "%s %.*s", words, (int)length, first);
	}
	if (*words == '\0')
		return NULL;
	return words + 1;
}

/* "HOST:PORT:ADDRESS": the fact's instance is "host:port". */
static bool target_take_given(const struct target_view *view, const char *text, struct error *err)
{
	static const char form[] = "--resolve %.100s: write it as HOST:PORT:ADDRESS";
	const char *colon = strchr(text, ':'), *second = NULL;
	struct host_port split;
	if (colon)
		second = strchr(colon + 1, ':');
	if (!second || colon == text)
		return error_set(err, form, text);
	const char *name = lower_case(view->arena, text, (size_t)(second - text));
	const char *words = resolve_words(view->arena, second + 1);
	if (!words || !host_port_split(name, &split) || split.port == 0)
		return error_set(err, form, text);
	struct fact *fact = facts_put_text(view->facts, name_key, name, words, "--resolve");
	fact->origin = ORIGIN_GIVEN;
	return true;
}

/* --- Names --- */

static bool target_is_given(const struct target_view *view, const char *destination)
{
	const char *name = lower_case(view->arena, destination, strlen(destination));
	return facts_get(view->facts, name_key, name) != NULL;
}

/* The names of the plan's destinations, each once, that nothing is known about yet. */
static size_t target_names(const struct target_view *view, struct resolved_name **ret_names)
{
	size_t count = 0;
	struct resolved_name *names = arena_alloc(view->arena, view->targets->count * sizeof *names);
	for (size_t i = 0; i < view->targets->count; i++) {
		struct host_port split;
		struct address ignored;
		const char *text = view->targets->items[i];
		if (!host_port_split(text, &split))
			continue;
		if (address_parse(split.host, split.length, &ignored) || target_is_given(view, text))
			continue;
		const char *name = lower_case(view->arena, split.host, split.length);
		bool known = facts_get(view->facts, name_key, name) != NULL;
		for (size_t k = 0; k < count && !known; k++)
			known = strcmp(names[k].name, name) == 0;
		if (!known)
			names[count++] = (struct resolved_name){.name = name};
	}
	*ret_names = names;
	return count;
}

static void target_put_name(const struct target_view *view,
		const struct resolved_name *name,
		const char *where)
{
	enum fact_status status = FACT_ABSENT;
	if (name->late)
		status = FACT_SKIPPED;
	if (name->addresses)
		facts_put_text(view->facts, name_key, name->name, name->addresses, where)->read_at =
				view->info->created;
	else
		facts_put_missing(view->facts, name_key, name->name, status, UNIT_TEXT, where, name->why);
}

/* The tree that is judged; NULL: it is none. */
static struct source *target_tree(const struct target_view *view)
{
	struct stat status;
	struct error ignored = {0};
	const char *path = view->options->facts_path;
	if (view->options->image)
		return source_image(view->arena, view->options->image, &ignored);
	if (stat(path, &status) != 0 || !S_ISDIR(status.st_mode))
		return NULL;
	return source_snapshot(view->arena, path, &ignored);
}

/* The tree's own hosts file, where there is one. */
static void target_read_hosts(const struct target_view *view,
		struct resolved_name *names,
		size_t count)
{
	const char *text;
	size_t length;
	struct source *source = target_tree(view);
	if (!source)
		return;
	if (source_read(source, "etc/hosts", &text, &length) == 0)
		resolve_from_hosts(view->arena, text, names, count);
	source_close(source);
}

static void target_put_names(const struct target_view *view)
{
	struct resolved_name *names;
	size_t count = target_names(view, &names);
	const char *where = "etc/hosts";
	if (count == 0)
		return;
	if (target_is_live(view)) {
		where = "getent ahosts";
		resolve_names(view->arena, view->options->pid, names, count);
	} else {
		target_read_hosts(view, names, count);
	}
	for (size_t i = 0; i < count; i++) {
		if (names[i].addresses || target_is_live(view))
			target_put_name(view, &names[i], where);
	}
	facts_sort(view->facts);
}

/* --- Pools and routes --- */

static const char *target_address_text(struct arena *arena, const struct address *address)
{
	char text[INET6_ADDRSTRLEN] = "?";
	int family = AF_INET;
	if (address->family == 6)
		family = AF_INET6;
	(void)inet_ntop(family, address->bytes, text, sizeof text);
	return arena_strdup(arena, text);
}

struct target_addresses {
	struct pool_target *items;
	size_t count, capacity;
};

static void target_add_words(const struct target_view *view,
		const char *words,
		unsigned port,
		struct target_addresses *list)
{
	while (*words) {
		struct pool_target item = {.port = port};
		size_t length = strcspn(words, " ");
		if (address_parse(words, length, &item.address)) {
			list->items = arena_grow(view->arena,
					list->items,
					list->count,
					&list->capacity,
					sizeof *list->items);
			list->items[list->count++] = item;
		}
		words += length;
		words += strspn(words, " ");
	}
}

static const char *target_words(const struct target_view *view,
		const char *destination,
		const struct host_port *split)
{
	struct address ignored;
	const char *host = lower_case(view->arena, split->host, split->length);
	const char *given = lower_case(view->arena, destination, strlen(destination));
	if (address_parse(split->host, split->length, &ignored))
		return host;
	const struct fact *fact = facts_get(view->facts, name_key, given);
	if (!fact)
		fact = facts_get(view->facts, name_key, host);
	if (fact && fact->status == FACT_KNOWN)
		return fact->text;
	if (strcmp(host, "localhost") == 0)
		return "127.0.0.1 ::1";
	return "";
}

static struct target_addresses target_all_addresses(const struct target_view *view)
{
	struct target_addresses list = {.count = 0};
	for (size_t i = 0; i < view->targets->count; i++) {
		struct host_port split;
		const char *destination = view->targets->items[i];
		if (host_port_split(destination, &split))
			target_add_words(view, target_words(view, destination, &split), split.port, &list);
	}
	return list;
}

static void target_put_route(const struct target_view *view,
		struct route_query *query,
		const struct address *to)
{
	struct address source;
	if (!route_source(query, to, &source))
		return;
	const char *instance = target_address_text(view->arena, to);
	const char *text = target_address_text(view->arena, &source);
	const char *where = arena_printf(view->arena, "ip route get %s", instance);
	facts_put_text(view->facts, route_key, instance, text, where)->read_at = view->info->created;
}

static bool target_put_routes(const struct target_view *view,
		const struct target_addresses *list,
		struct error *err)
{
	struct namespace namespace = NAMESPACE_NONE;
	int pid = view->options->pid;
	bool denied = false;
	if (pid != 0 && !namespace_enter(&namespace, pid, &denied, err))
		return false;
	struct route_query *query = NULL;
	if (!denied)
		query = route_open();
	for (size_t i = 0; query && i < list->count; i++)
		target_put_route(view, query, &list->items[i].address);
	route_close(query);
	return namespace_leave(&namespace, err);
}

bool target_facts(struct arena *arena,
		const struct host_options *options,
		const struct host_info *info,
		const struct targets *targets,
		struct facts *facts,
		struct error *err)
{
	const struct target_view view = {arena, options, info, targets, facts};
	for (size_t i = 0; i < targets->resolve_count; i++) {
		if (!target_take_given(&view, targets->resolves[i], err))
			return false;
	}
	facts_sort(facts);
	if (targets->count == 0)
		return true;
	target_put_names(&view);
	struct target_addresses list = target_all_addresses(&view), used = {.count = 0};
	if (info->pools)
		used.count =
				pool_facts_put_towards(facts, info->pools, list.items, list.count, &used.items);
	facts_sort(facts);
	if (!target_is_live(&view))
		return true;
	/* Of very many destinations only those matter that have sockets. */
	if (list.count > ROUTES_MAX)
		list.count = ROUTES_MAX;
	return target_put_routes(&view, &list, err) && target_put_routes(&view, &used, err);
}
