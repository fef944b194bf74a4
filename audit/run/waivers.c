/* Reads the waiver file strictly. What a waiver does is the model's matter. */
#include "audit/run/waivers.h"

#include <ctype.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>

#include "base/os/json.h"
#include "base/suggest.h"
#include "base/text.h"

enum {
	OWNER_SHOWN = 60
};

static const char *const file_members[] = {"schema", "waivers", NULL};
static const char *const waiver_members[] = {"id", "justification", "by", "expires", NULL};

static int two_digits(const char *text)
{
	return (text[0] - '0') * 10 + text[1] - '0';
}

static bool waivers_is_date(const char *text)
{
	static const char shape[] = "0000-00-00";
	for (size_t i = 0; i < sizeof shape; i++) {
		if (shape[i] == '0' ? !isdigit((unsigned char)text[i]) : text[i] != shape[i])
			return false;
	}
	int month = two_digits(text + 5), day = two_digits(text + 8);
	return month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

static bool check_id(const struct json *json,
		const cJSON *node,
		const char *id,
		const struct rules *rules,
		struct error *err)
{
	if (rules_limit(rules, id))
		return true;
	const char *names[128] = {NULL};
	for (size_t i = 0; i < rules->limit_count && i < 127; i++)
		names[i] = rules->limits[i].id;
	char question[SUGGEST_MAX];
	const char *hint = suggest_question(question, id, names);
	if (!*hint)
		hint = " (headroom rules list)";
	return json_error(json, node, err, "no limit has the id \"%.60s\"%s", id, hint);
}

/* Whoever owns the file is who waives, unless a waiver names somebody. NULL: not known. */
static const char *waivers_owner(struct arena *arena, const char *path)
{
	struct stat status;
	if (strcmp(path, "-") == 0 || stat(path, &status) != 0)
		return NULL;
	const struct passwd *user = getpwuid(status.st_uid);
	if (user)
		return text_clean(arena, user->pw_name, strlen(user->pw_name), OWNER_SHOWN);
	return arena_printf(arena, "uid %u", (unsigned)status.st_uid);
}

static bool read_waiver(struct arena *arena,
		const struct json *json,
		const cJSON *node,
		const struct rules *rules,
		const char *today,
		const char *owner,
		struct waiver *ret_waiver,
		struct error *err)
{
	*ret_waiver = (struct waiver){.id = "", .justification = "", .expires = "", .by = owner};
	if (!cJSON_IsObject(node))
		return json_error(json,
				node,
				err,
				"a waiver is an object with id, justification and expires");
	if (!json_check_members(json, node, waiver_members, err) ||
			!json_string(json, node, "id", arena, &ret_waiver->id, err) ||
			!json_string(json, node, "justification", arena, &ret_waiver->justification, err) ||
			!json_string(json, node, "by", arena, &ret_waiver->by, err) ||
			!json_string(json, node, "expires", arena, &ret_waiver->expires, err) ||
			!check_id(json, node, ret_waiver->id, rules, err))
		return false;
	if (!*ret_waiver->justification)
		return json_error(json,
				node,
				err,
				"the waiver for %s has no justification",
				ret_waiver->id);
	if (!waivers_is_date(ret_waiver->expires))
		return json_error(json,
				node,
				err,
				"the waiver for %s needs \"expires\": \"YYYY-MM-DD\"",
				ret_waiver->id);
	ret_waiver->expired = strcmp(ret_waiver->expires, today) < 0;
	return true;
}

bool waivers_read(struct arena *arena,
		const char *path,
		const struct rules *rules,
		const char *today,
		struct waiver **ret_waivers,
		size_t *ret_count,
		struct error *err)
{
	__attribute__((cleanup(json_close))) struct json *json = json_read_file(path, err);
	const char *schema = "";
	if (!json)
		return false;
	const cJSON *root = json_root(json), *list = cJSON_GetObjectItemCaseSensitive(root, "waivers"),
				*node;
	if (!cJSON_IsObject(root) || !cJSON_IsArray(list))
		return json_error(json,
				root,
				err,
				"a waiver file is {\"schema\": \"headroom.waivers/1\", \"waivers\": […]}");
	if (!json_check_members(json, root, file_members, err) ||
			!json_string(json, root, "schema", arena, &schema, err))
		return false;
	if (strcmp(schema, "headroom.waivers/1") != 0)
		return json_error(json,
				root,
				err,
				"the schema is \"%.60s\", not headroom.waivers/1",
				schema);
	const char *owner = waivers_owner(arena, path);
	*ret_count = 0;
	*ret_waivers = arena_alloc(arena,
			((size_t)cJSON_GetArraySize(list) + 1) * sizeof **ret_waivers);
	cJSON_ArrayForEach(node, list) {
		if (!read_waiver(arena, json, node, rules, today, owner, &(*ret_waivers)[*ret_count], err))
			return false;
		(*ret_count)++;
	}
	return true;
}
