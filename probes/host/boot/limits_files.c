/* What a new login session of the vantage user would get: /etc/security/limits.conf and limits.d.
 * System services do not pass through PAM; systemd_files.c has them. */
#include "probes/host/boot/limits_files.h"

#include <math.h>
#include <string.h>

#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	GROUPS_MAX = 64
};

static bool in_group(const struct limits_user *user, const char *group)
{
	for (size_t i = 0; i < user->group_count; i++)
		if (strcmp(user->groups[i], group) == 0)
			return true;
	return false;
}

static enum limits_nearness nearness_of(const char *domain, const struct limits_user *user)
{
	bool root = !(user->uid > 0);
	if (strcmp(domain, user->name) == 0)
		return LIMITS_USER;
	if (domain[0] == '@' && in_group(user, domain + 1))
		return root ? LIMITS_NONE : LIMITS_GROUP;
	if (strcmp(domain, "*") == 0)
		return root ? LIMITS_NONE : LIMITS_ALL;
	/* "1000:1010", ":1010", "1000:": user ids */
	const char *colon = strchr(domain, ':'), *cursor = domain;
	uint64_t first = 0, last = UINT32_MAX;
	if (!colon || (colon > domain && (!parse_u64(&cursor, &first) || cursor != colon)))
		return LIMITS_NONE;
	if (colon[1] && !parse_whole(colon + 1, &last))
		return LIMITS_NONE;
	return user->uid >= (double)first && user->uid <= (double)last ? LIMITS_USER : LIMITS_NONE;
}

static bool parse_value(const char *text, double *ret)
{
	*ret = INFINITY;
	if (strcmp(text, "-1") == 0 || strcmp(text, "infinity") == 0)
		return true;
	return parse_limit(text, ret);
}

bool limits_line_parse(char *line,
		const char *item,
		const struct limits_user *user,
		struct limits_line *ret)
{
	line[strcspn(line, "#")] = '\0';
	char *domain = parse_word(&line), *type = domain ? parse_word(&line) : NULL;
	char *name = type ? parse_word(&line) : NULL, *value = name ? parse_word(&line) : NULL;
	if (!value || strcmp(name, item) != 0)
		return false;
	bool both = strcmp(type, "-") == 0;
	ret->soft = both || strcmp(type, "soft") == 0;
	ret->hard = both || strcmp(type, "hard") == 0;
	ret->nearness = nearness_of(domain, user);
	return ret->nearness != LIMITS_NONE && (ret->soft || ret->hard) &&
			parse_value(value, &ret->value);
}

struct winner {
	enum limits_nearness nearness;
	double value;
	const char *path;
	int line;
};

static void limits_files_take(struct winner *winner,
		const struct limits_line *line,
		const char *path,
		int number)
{
	if (line->nearness >= winner->nearness)
		*winner = (struct winner){.nearness = line->nearness,
				.value = line->value,
				.path = path,
				.line = number};
}

static void limits_files_read_file(struct probing *probing,
		const char *path,
		const struct limits_user *user,
		struct winner *soft,
		struct winner *hard)
{
	char *text;
	int number = 1;
	if (probing_read_text(probing, path, &text) != 0)
		return;
	for (char *line; (line = parse_line(&text)) != NULL; number++) {
		struct limits_line parsed;
		if (!limits_line_parse(line, "nofile", user, &parsed))
			continue;
		if (parsed.soft)
			limits_files_take(soft, &parsed, path, number);
		if (parsed.hard)
			limits_files_take(hard, &parsed, path, number);
	}
}

/* True if the comma-separated members hold the name. */
static bool is_member(const char *members, const char *name)
{
	size_t length = strlen(name);
	for (const char *item = members; item; item = strchr(item, ',') ? strchr(item, ',') + 1 : NULL)
		if (strncmp(item, name, length) == 0 && (item[length] == ',' || item[length] == '\0'))
			return true;
	return false;
}

/* The fourth field of the user's passwd line. */
static bool primary_group(struct probing *probing, const char *user, uint64_t *ret_gid)
{
	const char *bytes;
	size_t length, name = strlen(user);
	uint64_t uid;
	if (source_read_bytes(probing->source, "etc/passwd", &bytes, &length) != 0)
		return false;
	for (const char *line = bytes; line && *line;
			line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL) {
		const char *field = line + name;
		if (strncmp(line, user, name) != 0 || *field != ':')
			continue;
		field = strchr(field + 1, ':');
		return field && (field++, parse_u64(&field, &uid)) && *field++ == ':' &&
				parse_u64(&field, ret_gid);
	}
	return false;
}

/* Groups of the user; their lines alone are kept in a snapshot. */
static size_t find_groups(struct probing *probing, const char *user, const char **groups)
{
	static const char path[] = "etc/group";
	const char *bytes;
	size_t length, count = 0;
	uint64_t primary, gid;
	bool has_primary = primary_group(probing, user, &primary);
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return 0;
	char *cursor = arena_copy(probing->arena, bytes, length),
		 *kept = arena_alloc(probing->arena, length + 2);
	size_t kept_length = 0;
	for (char *line; (line = parse_line(&cursor)) != NULL && count < GROUPS_MAX;) {
		char *whole = arena_strdup(probing->arena, line);
		char *id = strchr(line, ':') ? strchr(strchr(line, ':') + 1, ':') : NULL;
		char *members = id ? strchr(id + 1, ':') : NULL;
		const char *number = id ? id + 1 : NULL;
		if (!members || !parse_u64(&number, &gid))
			continue;
		if (!is_member(members + 1, user) && !(has_primary && gid == primary))
			continue;
		line[strcspn(line, ":")] = '\0';
		groups[count++] = line;
		const char *one = strlen(whole) > 0 ? arena_printf(probing->arena,
													  "%s:x:%llu:%s\n",
													  line,
													  (unsigned long long)gid,
													  user)
											: "";
		size_t size = strlen(one);
		if (kept_length + size <= length + 1) {
			memcpy(kept + kept_length, one, size);
			kept_length += size;
		}
	}
	source_keep(probing->source, path, kept, kept_length);
	return count;
}

static void put_winner(struct probing *probing, const char *key, const struct winner *winner)
{
	static const char path[] = "etc/security/limits.conf";
	if (winner->nearness == LIMITS_NONE)
		put_missing(probing, key, NULL, FACT_ABSENT, UNIT_COUNT, path, "no line concerns the user");
	else
		put_number(probing, key, NULL, winner->value, UNIT_COUNT, winner->path, NULL)->line =
				winner->line;
}

static void limits_files_run(struct probing *probing)
{
	const char *names[GROUPS_MAX];
	struct limits_user user = {.name = facts_text(probing->facts, "vantage.user"),
			.uid = facts_number(probing->facts, "vantage.uid"),
			.groups = names};
	struct winner soft = {.nearness = LIMITS_NONE}, hard = {.nearness = LIMITS_NONE};
	const char *const *files;
	size_t count;
	if (!user.name)
		return;
	user.group_count = find_groups(probing, user.name, names);
	limits_files_read_file(probing, "etc/security/limits.conf", &user, &soft, &hard);
	if (source_list(probing->source, "etc/security/limits.d", &files, &count, NULL) != 0)
		count = 0;
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(files[i]);
		if (length > 5 && strcmp(files[i] + length - 5, ".conf") == 0)
			limits_files_read_file(probing,
					arena_printf(probing->arena, "etc/security/limits.d/%s", files[i]),
					&user,
					&soft,
					&hard);
	}
	put_winner(probing, "boot.limits.nofile.soft", &soft);
	put_winner(probing, "boot.limits.nofile.hard", &hard);
}

const struct probe probe_limits_files = {.name = "limits.d", .run = limits_files_run};
