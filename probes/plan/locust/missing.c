/* What the users of a locustfile take from modules that are not here: tasks, base classes, waits.
 */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/locust/users.h"

enum {
	SEARCH_STEPS = 50, /* of the script's budget, for a search through its files */
	VALUE_MAX = 500    /* tokens of a list of tasks that are looked at */
};

/* A module's name without the dots of a relative import, as a path. */
static const char *module_path(struct arena *arena, const char *dotted, size_t length)
{
	while (length && *dotted == '.') {
		dotted++;
		length--;
	}
	char *path = arena_copy(arena, dotted, length);
	for (char *at = path; *at; at++)
		if (*at == '.')
			*at = '/';
	return path;
}

static bool file_is_read(const struct locust_script *script, const char *name)
{
	static const char *const ends[] = {
			".py",
			"/__init__.py",
	};
	for (size_t i = 0; i < script->file_count; i++) {
		const char *path = script->files[i].path;
		for (size_t e = 0; e < COUNT_OF(ends); e++) {
			struct arena *arena = script->arena;
			const char *file = arena_printf(arena, "%s%s", name, ends[e]);
			const char *below = arena_printf(arena, "/%s", file);
			if (!strcmp(path, file))
				return true;
			if (text_ends_with(path, below))
				return true;
		}
	}
	return false;
}

/* Python's own modules and Locust's, whose classes change nothing that is not known. */
static bool is_library(const char *dotted)
{
	static const char *const known[] = {
			"abc.",
			"collections.",
			"dataclasses.",
			"enum.",
			"functools.",
			"itertools.",
			"locust.",
			"math.",
			"os.",
			"random.",
			"threading.",
			"time.",
			"typing.",
			"unittest.",
	};
	for (size_t i = 0; i < COUNT_OF(known); i++)
		if (text_begins_with(dotted, known[i]))
			return true;
	return false;
}

/* Does a file define a function, or assign the name? */
static bool is_defined(const struct locust_script *script, const char *name)
{
	for (size_t i = 0; i < script->name_count; i++)
		if (!strcmp(script->names[i].name, name))
			return true;
	for (size_t i = 0; i < script->file_count; i++) {
		const struct python *python = &script->files[i].python;
		for (size_t at = 0; at + 1 < python->count; at++)
			if (python_at(python, at, "def") && python_at(python, at + 1, name))
				return true;
	}
	return false;
}

/* A bare name that nothing here defines, where `from module import *` names a module that is not
 * here. */
static bool comes_with_star(struct locust_script *script, const char *name)
{
	static const char *const builtins[] = {
			"object",
			"Exception",
			"True",
			"False",
			"None",
			"lambda",
			"self",
			"int",
			"float",
	};
	for (size_t i = 0; i < COUNT_OF(builtins); i++)
		if (!strcmp(builtins[i], name))
			return false;
	if (script->budget < SEARCH_STEPS)
		return true;
	script->budget -= SEARCH_STEPS;
	bool star = false;
	for (size_t i = 0; i < script->alias_count; i++) {
		const char *target = script->aliases[i].target;
		if (!text_ends_with(target, ".*") || is_library(target))
			continue;
		const char *module = module_path(script->arena, target, strlen(target) - 2);
		star |= !file_is_read(script, module);
	}
	return star && !is_defined(script, name);
}

bool locust_is_missing(struct locust_script *script, const char *dotted)
{
	const char *last = locust_last_part(dotted);
	if (is_library(dotted))
		return false;
	if (locust_class_named(script, dotted) != LOCUST_NONE)
		return false;
	if (last == dotted)
		return comes_with_star(script, dotted);
	size_t length = strlen(dotted), module = (size_t)(last - dotted) - 1;
	const char *whole = module_path(script->arena, dotted, length);
	const char *owner = module_path(script->arena, dotted, module);
	return !file_is_read(script, whole) && !file_is_read(script, owner);
}

/* The first name of an expression that comes from such a module; NULL: none does. */
static const char *missing_in(struct locust_script *script, const struct locust_name *value)
{
	const struct python *python = &script->files[value->file].python;
	size_t end = value->end;
	if (end > value->start + VALUE_MAX)
		end = value->start + VALUE_MAX;
	if (end > value->start + 1 && !strcmp(value->name, "wait_time"))
		end = value->start + 1; /* what is called; not its arguments */
	for (size_t at = value->start; at < end; at++) {
		size_t ignored, last = at;
		if (python->tokens[at].kind != PYTHON_NAME)
			continue;
		while (last + 2 < value->end && python_at(python, last + 1, ".") &&
				last < value->start + VALUE_MAX)
			last += 2;
		const char *dotted = locust_dotted(script, value->file, last, &ignored);
		if (locust_is_missing(script, dotted))
			return dotted;
		at = last;
	}
	return NULL;
}

static void note_missing_name(struct locust_users *users, const char *name, const char *where)
{
	if (!users->missing && name) {
		users->missing = name;
		users->missing_at = where;
	}
}

static void look_at_bases(struct locust_script *script, int class, struct locust_users *users)
{
	const struct locust_class *of = &script->classes[class];
	for (size_t i = 0; i < of->bases.count; i++)
		if (locust_is_missing(script, of->bases.items[i]))
			note_missing_name(users, of->bases.items[i], of->where);
}

/* Does what the class says concern one of the users: is it the user's, a base of it, or a TaskSet?
 */
static bool is_of_users(const struct collect *c, int class)
{
	const struct locust_note note = {.class = class};
	for (size_t i = 0; i < c->users->count; i++)
		if (collect_concerns(c, &note, i))
			return true;
	return false;
}

/* @task, @task(3), @locust.task before a function of the class? */
static bool decorates_tasks(const struct locust_script *script, int class)
{
	const struct locust_class *of = &script->classes[class];
	const struct python *python = &script->files[of->file].python;
	for (size_t at = of->start; at < of->end; at++) {
		if (!python_at(python, at, "@"))
			continue;
		if (python_at(python, at + 1, "task"))
			return true;
		bool dotted = python_at(python, at + 2, ".");
		if (dotted && python_at(python, at + 3, "task"))
			return true;
	}
	return false;
}

static bool makes_tasks(const struct locust_script *script, int class)
{
	if (decorates_tasks(script, class))
		return true;
	if (locust_attribute(script, class, "task_set"))
		return true;
	return locust_attribute(script, class, "tasks") != NULL;
}

void collect_missing(struct collect *c)
{
	struct locust_script *script = c->script;
	struct locust_users *users = c->users;
	for (int i = 0; i < (int)script->class_count; i++) {
		bool user = script->classes[i].kind != KIND_NONE;
		if (is_of_users(c, i) && (user || makes_tasks(script, i)))
			look_at_bases(script, i, users);
	}
	for (size_t i = 0; i < script->name_count; i++) {
		const struct locust_name *name = &script->names[i];
		bool waits = !strcmp(name->name, "wait_time");
		bool tasks = !strcmp(name->name, "tasks");
		tasks |= !strcmp(name->name, "task_set");
		if (name->class == LOCUST_NONE)
			continue;
		if (!waits && !tasks)
			continue;
		if (is_of_users(c, name->class))
			note_missing_name(users, missing_in(script, name), name->where);
	}
}

/* Is the class among the tasks of another one? */
static bool is_task_of_another(struct locust_script *script, const char *class)
{
	for (size_t i = 0; i < script->name_count; i++) {
		const struct locust_name *name = &script->names[i];
		const struct python *python = &script->files[name->file].python;
		if (strcmp(name->name, "tasks") != 0)
			continue;
		for (size_t at = name->start; at < name->end && at < name->start + VALUE_MAX; at++)
			if (python_at(python, at, class))
				return true;
	}
	return false;
}

bool locust_may_be_user(struct locust_script *script, int class)
{
	static const char *const only_users[] = {
			"host",
			"weight",
			"fixed_count",
	};
	const struct locust_class *of = &script->classes[class];
	bool missing = false;
	bool named = false; /* its base's name says that it is a user */
	for (size_t i = 0; i < of->bases.count; i++) {
		const char *base = of->bases.items[i];
		bool tasks = strstr(base, "TaskSet") || strstr(base, "Tasks");
		bool absent = !tasks && locust_is_missing(script, base);
		missing |= absent;
		named |= absent && strstr(locust_last_part(base), "User");
	}
	if (!missing || of->outer != LOCUST_NONE)
		return false;
	if (named)
		return true;
	for (size_t i = 0; i < COUNT_OF(only_users); i++)
		if (locust_attribute(script, class, only_users[i]))
			return true;
	return makes_tasks(script, class) && !is_task_of_another(script, of->name);
}
