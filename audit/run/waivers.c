/* Reads the waiver file strictly. What a waiver does is the model's matter. */
#include "audit/run/waivers.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "audit/cli/foreign.h"
#include "audit/cli/options.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/os/open.h"
#include "base/suggest.h"
#include "base/text.h"

enum {
	OWNER_SHOWN = 60
};

struct reading {
	struct arena *arena;
	const struct json *json;
	const struct policy *policy;
	const struct rules *rules;
	const char *today;
	const char *owner; /* of the file: who waives unless a waiver names somebody; or NULL */
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
	return json_error(json, node, err, "unknown limit \"%.60s\"%s", id, hint);
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

/* Seconds since 1970 of the day YYYY-MM-DD. */
static time_t day_of(const char *date)
{
	struct tm day = {0};
	(void)strptime(date, "%Y-%m-%d", &day);
	return timegm(&day);
}

static bool check_expiry(const struct reading *reading,
		const cJSON *node,
		const struct waiver *waiver,
		struct error *err)
{
	static const double day_s = 86400;
	double days = reading->policy->waiver_days;
	double ahead = difftime(day_of(waiver->expires), day_of(reading->today)) / day_s;
	if (isnan(days) || ahead <= days)
		return true;
	return json_error(reading->json,
			node,
			err,
			"the waiver for %s expires in %.0f days, but the policy of this machine allows at most "
			"%.0f",
			waiver->id,
			ahead,
			days);
}

static bool read_waiver(const struct reading *reading,
		const cJSON *node,
		struct waiver *ret_waiver,
		struct error *err)
{
	struct arena *arena = reading->arena;
	const struct json *json = reading->json;
	*ret_waiver = (struct waiver){
			.id = "",
			.justification = "",
			.expires = "",
			.by = reading->owner,
	};
	if (!cJSON_IsObject(node))
		return json_error(json,
				node,
				err,
				"a waiver must be an object with id, justification and expires");
	if (!json_check_members(json, node, waiver_members, err) ||
			!json_string(json, node, "id", arena, &ret_waiver->id, err) ||
			!json_string(json, node, "justification", arena, &ret_waiver->justification, err) ||
			!json_string(json, node, "by", arena, &ret_waiver->by, err) ||
			!json_string(json, node, "expires", arena, &ret_waiver->expires, err) ||
			!check_id(json, node, ret_waiver->id, reading->rules, err))
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
				"the waiver for %s lacks an expiry date: \"expires\": \"YYYY-MM-DD\"",
				ret_waiver->id);
	ret_waiver->expired = strcmp(ret_waiver->expires, reading->today) < 0;
	return check_expiry(reading, node, ret_waiver, err);
}

/* The file, if its owner may waive anything. */
static struct json *open_waivers(const char *path, const struct policy *policy, struct error *err)
{
	struct stat status;
	const char *why;
	if (!policy->owners)
		return json_read_file(path, err);
	__attribute__((cleanup(file_close_fd))) int fd = open_regular(path, &why);
	if (fd < 0) {
		(void)error_set(err, "%.300s: %s", path, why);
		return NULL;
	}
	if (fstat(fd, &status) != 0) {
		(void)error_set(err, "%.300s: %s", path, strerror(errno));
		return NULL;
	}
	if (S_ISREG(status.st_mode) && policy_has_owner(policy, status.st_uid))
		return json_read_descriptor(path, fd, err);
	(void)error_set(err,
			"%.300s belongs to UID %u, whose waivers do not count by the policy of this machine "
			"(waivers_from in /etc/headroom/policy.json)",
			path,
			(unsigned)status.st_uid);
	return NULL;
}

static bool check_file(struct arena *arena, const struct json *json, struct error *err)
{
	const cJSON *root = json_root(json);
	const char *schema = "";
	if (!cJSON_IsArray(cJSON_GetObjectItemCaseSensitive(root, "waivers")))
		return json_error(json,
				root,
				err,
				"a waiver file must be {\"schema\": \"headroom.waivers/1\", \"waivers\": […]}");
	if (!json_check_members(json, root, file_members, err) ||
			!json_string(json, root, "schema", arena, &schema, err))
		return false;
	if (!strcmp(schema, "headroom.waivers/1"))
		return true;
	return json_error(json, root, err, "the schema is \"%.60s\", not headroom.waivers/1", schema);
}

static void add_foreign(const struct run *run, const struct json *json, const char *path)
{
	char digest[SHA256_HEX_MAX];
	const char *copy = arena_strdup(run->arena, json_digest(json, digest));
	(void)foreign_add(run->arena, run->foreign, FOREIGN_WAIVERS, path, copy);
}

bool waivers_read(const struct run *run,
		const struct policy *policy,
		const struct rules *rules,
		const char *today,
		struct waiver **ret_waivers,
		size_t *ret_count,
		struct error *err)
{
	const char *path = run->options->waivers_path;
	__attribute__((cleanup(json_close))) struct json *json = open_waivers(path, policy, err);
	if (!json || !check_file(run->arena, json, err))
		return false;
	const char *owner = waivers_owner(run->arena, path);
	const struct reading reading = {run->arena, json, policy, rules, today, owner};
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(json_root(json), "waivers"), *node;
	size_t most = (size_t)cJSON_GetArraySize(list) + 1;
	add_foreign(run, json, path);
	*ret_count = 0;
	*ret_waivers = arena_alloc(run->arena, most * sizeof **ret_waivers);
	cJSON_ArrayForEach(node, list) {
		if (!read_waiver(&reading, node, &(*ret_waivers)[*ret_count], err))
			return false;
		(*ret_count)++;
	}
	return true;
}
