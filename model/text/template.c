/* A text is filled as a whole or not at all. */
#include "model/text/template.h"

#include <string.h>

#include "base/text.h"

/* "/user.slice/user-1000.slice" of "/sys/fs/cgroup/user.slice/user-1000.slice/pids.max". */
static const char *group_of(const struct template_values *values, const char *key)
{
	static const char root[] = "/sys/fs/cgroup";
	const struct fact *fact = facts_get(values->facts, key, "");
	if (!fact || !fact->where)
		return NULL;
	const char *path = fact->where;
	const char *slash = strrchr(path, '/');
	if (!slash)
		return NULL;
	if (text_begins_with(path, root))
		path += strlen(root);
	if (slash <= path)
		return "/";
	return arena_copy(values->arena, path, (size_t)(slash - path));
}

/* Numbers of processes and users have no separators. */
static const char *fact_text(const struct template_values *values, const char *key)
{
	char number[NUMBER_TEXT_MAX];
	const struct fact *fact = facts_get(values->facts, key, values->instance);
	if (!fact)
		fact = facts_get(values->facts, key, "");
	if (!fact || fact->status != FACT_KNOWN)
		return NULL;
	if (fact->unit == UNIT_TEXT)
		return fact->text;
	return arena_strdup(values->arena, text_plain_number(number, fact->number));
}

static const char *template_value(const struct template_values *values, const char *name)
{
	static const char group[] = "group:";
	if (!strcmp(name, "instance"))
		return values->shown;
	if (text_begins_with(name, group))
		return group_of(values, name + strlen(group));
	return fact_text(values, name);
}

/* The value of the name at *at, which is moved behind its brace. */
static const char *take_name(const struct template_values *values, const char **at)
{
	size_t length = strcspn(*at, "}");
	const char *name = arena_copy(values->arena, *at, length);
	*at += length;
	*at += **at == '}';
	return template_value(values, name);
}

const char *template_fill(const struct template_values *values, const char *text)
{
	__attribute__((cleanup(text_release))) struct text out = {0};
	while (text && *text) {
		size_t plain = strcspn(text, "{");
		text_add_bytes(&out, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		text++;
		const char *value = take_name(values, &text);
		if (!value)
			return NULL;
		text_add(&out, value);
	}
	if (out.length == 0)
		return NULL;
	return arena_strdup(values->arena, out.data);
}
