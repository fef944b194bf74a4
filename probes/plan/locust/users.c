#include "probes/plan/locust/users.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

enum {
	USERS_MAX = 100,
	CONCURRENCY = 10 /* locust/contrib/fasthttp.py */
};

static enum locust_kind base_kind(const char *base)
{
	static const struct {
		const char *name;
		enum locust_kind kind;
	} known[] = {
			{"HttpUser", KIND_HTTP},
			{"HttpLocust", KIND_HTTP},
			{"PytestUser", KIND_HTTP},
			{"FastHttpUser", KIND_FAST},
			{"FastHttpLocust", KIND_FAST},
			{"RestUser", KIND_FAST},
			{"User", KIND_PLAIN},
			{"Locust", KIND_PLAIN},
			{"LoadTestShape", KIND_SHAPE},
	};
	const char *last = locust_last_part(base);
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (!strcmp(known[i].name, last))
			return known[i].kind;
	if (text_ends_with(last, "Shape"))
		return KIND_SHAPE;
	if (text_ends_with(last, "User"))
		return KIND_OTHER;
	return KIND_NONE;
}

static bool is_http(enum locust_kind kind)
{
	return kind == KIND_HTTP || kind == KIND_FAST;
}

enum locust_kind locust_kind_of(struct locust_script *script, int class)
{
	struct locust_class *of = &script->classes[class];
	if (of->kind != KIND_OPEN)
		return (enum locust_kind)of->kind;
	of->kind = KIND_NONE; /* while its bases are looked at: a circle ends here */
	enum locust_kind found = KIND_NONE;
	for (size_t i = 0; i < of->bases.count; i++) {
		const char *base = of->bases.items[i];
		int local = locust_class_named(script, base);
		enum locust_kind kind = base_kind(base);
		if (local != LOCUST_NONE && local != class)
			kind = locust_kind_of(script, local);
		if (kind == KIND_NONE)
			continue;
		if (!is_http(found))
			found = kind;
	}
	if (found == KIND_NONE && locust_may_be_user(script, class))
		found = KIND_OTHER;
	of->kind = (int)found;
	return found;
}

/* Marks the class and all that it derives from. */
static void mark_bases(const struct locust_script *script, int class, bool *marks)
{
	const struct name_list *bases = &script->classes[class].bases;
	if (marks[class])
		return;
	marks[class] = true;
	for (size_t i = 0; i < bases->count; i++) {
		int local = locust_class_named(script, bases->items[i]);
		if (local != LOCUST_NONE)
			mark_bases(script, local, marks);
	}
}

static int outermost_class(const struct locust_script *script, int class)
{
	while (class != LOCUST_NONE) {
		int outer = script->classes[class].outer;
		if (outer == LOCUST_NONE)
			break;
		class = outer;
	}
	return class;
}

/* What stands in another user's class does not; a TaskSet or a helper may be anybody's. */
bool collect_concerns(const struct collect *c, const struct locust_note *note, size_t user)
{
	int class = outermost_class(c->script, note->class);
	if (class == LOCUST_NONE)
		return true;
	if (c->bases[user][class])
		return true;
	return c->script->classes[class].kind == KIND_NONE;
}

static double attribute_number(const struct collect *c,
		int class,
		const char *name,
		double otherwise)
{
	const struct locust_name *attribute = locust_attribute(c->script, class, name);
	if (!attribute)
		return otherwise;
	return locust_number_of(c->script, attribute);
}

bool locust_is_abstract(const struct locust_script *script, int class)
{
	const struct locust_name *name = locust_attribute(script, class, "abstract");
	if (!name || name->class != class)
		return false;
	const struct locust_file *file = &script->files[name->file];
	return python_at(&file->python, name->start, "True");
}

/* A later class of the same name in the same file takes the place of an earlier one. */
static void hide_replaced(struct locust_script *script)
{
	for (size_t i = 0; i < script->class_count; i++) {
		struct locust_class *class = &script->classes[i];
		int last = locust_class_named(script, class->name);
		if (last == (int)i || last == LOCUST_NONE)
			continue;
		if (script->classes[last].file == class->file)
			class->visible = false;
	}
}

/* Names that a root file imports are looked through as its own are. */
static void show_imported(struct locust_script *script)
{
	for (size_t i = 0; i < script->alias_count; i++) {
		const struct locust_alias *alias = &script->aliases[i];
		if (!script->files[alias->file].root)
			continue;
		bool all = text_ends_with(alias->target, ".*");
		for (size_t j = 0; all && j < script->class_count; j++) {
			struct locust_class *class = &script->classes[j];
			class->visible |= class->outer == LOCUST_NONE;
		}
		int named = locust_class_named(script, alias->target);
		if (named != LOCUST_NONE)
			script->classes[named].visible = true;
	}
}

static void note_facts(struct collect *c, size_t index)
{
	struct locust_users *users = c->users;
	for (size_t i = 0; i < c->script->note_count; i++) {
		const struct locust_note *note = &c->script->notes[i];
		if (users->facts[note->fact])
			continue;
		if (collect_concerns(c, note, index))
			users->facts[note->fact] = note;
	}
}

/* Attributes of a class that change how its users connect. */
static void note_class(struct collect *c, const struct locust_user *user)
{
	struct locust_users *users = c->users;
	int class = user->class;
	const struct locust_name *manager, *pool;
	manager = locust_attribute(c->script, class, "pool_manager");
	pool = locust_attribute(c->script, class, "client_pool");
	if (manager)
		users->shared_pool = manager;
	if (pool)
		users->shared_pool = pool;
	double concurrency = attribute_number(c, class, "concurrency", CONCURRENCY);
	if (isnan(concurrency) || concurrency > users->concurrency)
		users->concurrency = concurrency;
	if (user->kind != KIND_OTHER || users->other_at)
		return;
	users->other_at = user->where;
	users->other_name = user->name;
	const struct name_list *bases = &c->script->classes[class].bases;
	for (size_t i = 0; i < bases->count; i++) {
		const char *base = bases->items[i];
		users->other_browser |= strstr(base, "Playwright") || strstr(base, "Webdriver");
	}
}

static bool locust_is_chosen(const struct name_list *chosen, const struct locust_class *class)
{
	if (!class->visible)
		return false;
	return !chosen->count || name_list_has(chosen, class->name);
}

static void locust_add_user(struct collect *c, int class, enum locust_kind kind)
{
	struct locust_users *users = c->users;
	const struct locust_class *of = &c->script->classes[class];
	if (users->count == USERS_MAX)
		return;
	users->items[users->count++] = (struct locust_user){
			.class = class,
			.name = of->name,
			.where = of->where,
			.kind = kind,
			.weight = attribute_number(c, class, "weight", 1),
			.fixed = attribute_number(c, class, "fixed_count", 0),
	};
}

static void find_users(struct collect *c, const struct name_list *chosen)
{
	struct locust_script *script = c->script;
	for (int i = 0; i < (int)script->class_count; i++) {
		enum locust_kind kind = locust_kind_of(script, i);
		if (kind == KIND_NONE || kind == KIND_SHAPE)
			continue;
		if (!locust_is_chosen(chosen, &script->classes[i]))
			continue;
		if (!locust_is_abstract(script, i))
			locust_add_user(c, i, kind);
	}
}

void locust_users_read(struct locust_script *script,
		const struct name_list *chosen,
		const char *host,
		double latency_s,
		struct locust_users *ret)
{
	struct arena *arena = script->arena;
	struct collect c = {
			.script = script,
			.host = host,
			.latency_s = latency_s,
			.users = ret,
	};
	*ret = (struct locust_users){0};
	ret->items = arena_alloc(arena, USERS_MAX * sizeof *ret->items);
	show_imported(script);
	hide_replaced(script);
	find_users(&c, chosen);
	c.bases = arena_alloc(arena, USERS_MAX * sizeof *c.bases);
	for (size_t i = 0; i < ret->count; i++) {
		size_t classes = script->class_count;
		c.bases[i] = arena_alloc(arena, classes * sizeof *c.bases[i]);
		mark_bases(script, ret->items[i].class, c.bases[i]);
	}
	for (size_t i = 0; i < ret->count; i++) {
		note_facts(&c, i);
		note_class(&c, &ret->items[i]);
	}
	collect_hosts(&c);
	collect_cycles(&c);
	collect_missing(&c);
}
