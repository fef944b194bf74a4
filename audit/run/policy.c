#include "audit/run/policy.h"

#include <errno.h>
#include <math.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/cli/foreign.h"
#include "base/array.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/os/open.h"
#include "base/unit.h"

static const char directory[] = "/etc/headroom";
static const char path[] = "/etc/headroom/policy.json";
static const double days_max = 36500;

static bool is_roots(const struct stat *status)
{
	return status->st_uid == 0 && !(status->st_mode & (S_IWGRP | S_IWOTH));
}

static bool not_trusted(const char *what, struct error *err)
{
	return error_set(err,
			"%s is not trusted: root must own it, and nobody else may write to it (chown root, "
			"chmod 644)",
			what);
}

/* -1 with an empty err: there is none. */
static int open_policy(struct error *err)
{
	struct stat status;
	const char *why;
	if (access(path, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		return -1;
	if (stat(directory, &status) != 0 || !is_roots(&status)) {
		(void)not_trusted(directory, err);
		return -1;
	}
	int fd = open_regular(path, &why);
	if (fd < 0) {
		(void)error_set(err, "%s: %s", path, why);
		return -1;
	}
	if (fstat(fd, &status) == 0 && is_roots(&status))
		return fd;
	(void)not_trusted(path, err);
	file_close_fd(&fd);
	return -1;
}

/* "60%" or 0.6 */
static bool read_share(const struct json *json, double *ret_share, struct error *err)
{
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(json_root(json), "max_use");
	struct error why = {0};
	*ret_share = (double)NAN;
	if (!node)
		return true;
	const char *text = cJSON_GetStringValue(node);
	if (cJSON_IsNumber(node))
		*ret_share = node->valuedouble;
	if (text && !unit_parse(text, UNIT_RATIO, ret_share, &why))
		return json_error(json, node, err, "\"max_use\": %s", why.text);
	if (*ret_share > 0 && *ret_share <= 1)
		return true;
	return json_error(json, node, err, "\"max_use\" must be more than 0%% and at most 100%%");
}

static bool read_days(const struct json *json, double *ret_days, struct error *err)
{
	const cJSON *node = cJSON_GetObjectItemCaseSensitive(json_root(json), "waiver_days");
	*ret_days = (double)NAN;
	if (!json_number(json, json_root(json), "waiver_days", ret_days, err))
		return false;
	if (!node || (*ret_days >= 0 && *ret_days <= days_max))
		return true;
	return json_error(json, node, err, "\"waiver_days\" must be a number of days");
}

static bool is_uid(const cJSON *node)
{
	if (!cJSON_IsNumber(node))
		return false;
	double number = node->valuedouble;
	return number >= 0 && number < UINT32_MAX && number == floor(number);
}

/* A user's name, or the number of one who has none here. */
static bool read_owner(const struct json *json,
		const cJSON *node,
		uid_t *ret_uid,
		struct error *err)
{
	if (is_uid(node)) {
		*ret_uid = (uid_t)node->valuedouble;
		return true;
	}
	if (!cJSON_IsString(node))
		return json_error(json, node, err, "\"waivers_from\" must contain user names or user ids");
	const struct passwd *user = getpwnam(node->valuestring);
	if (!user)
		return json_error(json, node, err, "unknown user \"%.60s\"", node->valuestring);
	*ret_uid = user->pw_uid;
	return true;
}

static bool read_owners(struct arena *arena,
		const struct json *json,
		struct policy *policy,
		struct error *err)
{
	const cJSON *list = cJSON_GetObjectItemCaseSensitive(json_root(json), "waivers_from"), *node;
	if (!list)
		return true;
	if (!cJSON_IsArray(list))
		return json_error(json, list, err, "\"waivers_from\" must be a list of users");
	size_t most = (size_t)cJSON_GetArraySize(list);
	uid_t *uids = arena_alloc(arena, (most + 1) * sizeof *uids);
	policy->owners = true;
	policy->owner_uids = uids;
	cJSON_ArrayForEach(node, list) {
		if (!read_owner(json, node, &uids[policy->owner_count], err))
			return false;
		policy->owner_count++;
	}
	return true;
}

static void add_foreign(const struct run *run, const struct json *json)
{
	char digest[SHA256_HEX_MAX];
	struct arena *arena = run->arena;
	const char *copy = arena_strdup(arena, json_digest(json, digest));
	struct foreign *foreign = foreign_add(arena, run->foreign, FOREIGN_POLICY, path, copy);
	const cJSON *member;
	cJSON_ArrayForEach(member, json_root(json)) {
		if (strcmp(member->string, "schema") != 0)
			name_list_append(arena, &foreign->taken, arena_strdup(arena, member->string));
	}
}

static bool read_members(const struct run *run,
		const struct json *json,
		struct policy *policy,
		struct error *err)
{
	static const char *const members[] = {"schema", "max_use", "waivers_from", "waiver_days", NULL};
	const cJSON *root = json_root(json);
	const char *schema = "";
	if (!cJSON_IsObject(root))
		return json_error(json, root, err, "a policy must be an object: {\"max_use\": …}");
	if (!json_check_members(json, root, members, err) ||
			!json_string(json, root, "schema", run->arena, &schema, err))
		return false;
	if (strcmp(schema, "headroom.policy/1") != 0)
		return json_error(json,
				root,
				err,
				"the schema is \"%.60s\", not headroom.policy/1",
				schema);
	add_foreign(run, json);
	if (!read_share(json, &policy->max_use, err))
		return false;
	if (!read_days(json, &policy->waiver_days, err))
		return false;
	return read_owners(run->arena, json, policy, err);
}

bool policy_read(const struct run *run, struct policy *ret_policy, struct error *err)
{
	*ret_policy = (struct policy){
			.max_use = (double)NAN,
			.waiver_days = (double)NAN,
	};
	err->text[0] = '\0';
	__attribute__((cleanup(file_close_fd))) int fd = open_policy(err);
	if (fd < 0)
		return !err->text[0];
	__attribute__((cleanup(json_close))) struct json *json = json_read_descriptor(path, fd, err);
	if (!json)
		return false;
	ret_policy->exists = true;
	return read_members(run, json, ret_policy, err);
}

bool policy_has_owner(const struct policy *policy, uid_t uid)
{
	for (size_t i = 0; i < policy->owner_count; i++) {
		if (policy->owner_uids[i] == uid)
			return true;
	}
	return !policy->owners;
}
