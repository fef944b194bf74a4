/* The limits that a new login session of the vantage user would get from /etc/security/limits.conf
 * and limits.d. They do not apply to system services, which do not log in through PAM: for those
 * see systemd_files.c. */
#include "probes/host/boot/limits_files.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/boot/config.h"
#include "probes/host/boot/refused.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	GROUPS_MAX = 64,
	FIRST_USER_ID = 1000
};

static const char conf_path[] = "etc/security/limits.conf";

static bool in_group(const struct limits_user *user, const char *group)
{
	for (size_t i = 0; i < user->group_count; i++) {
		if (strcmp(user->groups[i], group) == 0)
			return true;
	}
	return false;
}

/* "1000:1010", ":1010" and "1000:" are ranges of user ids. false: it is no range, or the user is
 * not in it. */
static bool in_uid_range(const struct limits_user *user, const char *domain)
{
	const char *colon = strchr(domain, ':'), *cursor = domain;
	uint64_t first = 0, last = UINT32_MAX;
	if (!colon)
		return false;
	if (colon > domain && !parse_u64(&cursor, &first))
		return false;
	if (cursor != colon)
		return false;
	if (colon[1] != '\0' && !parse_whole(colon + 1, &last))
		return false;
	return user->uid >= (double)first && user->uid <= (double)last;
}

static enum limits_nearness nearness_of(const char *domain, const struct limits_user *user)
{
	bool root = !(user->uid > 0);
	if (strcmp(domain, user->name) == 0 || in_uid_range(user, domain))
		return LIMITS_USER;
	if (root)
		return LIMITS_NONE;
	if (domain[0] == '@' && in_group(user, domain + 1))
		return LIMITS_GROUP;
	if (strcmp(domain, "*") == 0)
		return LIMITS_ALL;
	return LIMITS_NONE;
}

static bool parse_value(const char *text, double *ret)
{
	if (strcmp(text, "-1") == 0 || strcmp(text, "infinity") == 0) {
		*ret = INFINITY;
		return true;
	}
	return parse_limit(text, ret);
}

bool limits_line_parse(char *line,
		const char *item,
		const struct limits_user *user,
		struct limits_line *ret)
{
	enum {
		DOMAIN,
		TYPE,
		ITEM,
		VALUE,
		WORDS
	};
	const char *words[WORDS];
	assert(user->name);
	line[strcspn(line, "#")] = '\0';
	for (int i = 0; i < WORDS; i++) {
		words[i] = parse_word(&line);
		if (!words[i])
			return false;
	}
	if (strcmp(words[ITEM], item) != 0)
		return false;
	bool both = strcmp(words[TYPE], "-") == 0;
	ret->soft = both || strcmp(words[TYPE], "soft") == 0;
	ret->hard = both || strcmp(words[TYPE], "hard") == 0;
	ret->nearness = nearness_of(words[DOMAIN], user);
	if (ret->nearness == LIMITS_NONE)
		return false;
	if (!ret->soft && !ret->hard)
		return false;
	return parse_value(words[VALUE], &ret->value);
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
	if (line->nearness < winner->nearness)
		return;
	winner->nearness = line->nearness;
	winner->value = line->value;
	winner->path = path;
	winner->line = number;
}

static void limits_files_read_file(struct probing *probing,
		const char *path,
		const struct limits_user *user,
		struct winner *soft,
		struct winner *hard)
{
	char *text;
	int number = 1;
	if (config_read_text(probing, path, &text) != 0)
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

/* The fourth field of the user's line in passwd(5): "name:password:uid:gid:…". */
static bool primary_group(struct probing *probing, const char *user, uint64_t *ret_gid)
{
	const char *bytes;
	size_t length, name = strlen(user);
	uint64_t uid;
	if (source_read_bytes(probing->source, "etc/passwd", &bytes, &length) != 0)
		return false;
	const char *line = bytes;
	while (*line && !(strncmp(line, user, name) == 0 && line[name] == ':'))
		line = parse_next_line(line);
	if (*line == '\0')
		return false;
	const char *colon = strchr(line + name + 1, ':');
	if (!colon)
		return false;
	const char *cursor = colon + 1;
	if (!parse_u64(&cursor, &uid) || *cursor != ':')
		return false;
	cursor++;
	return parse_u64(&cursor, ret_gid);
}

/* A line of group(5): "name:password:gid:members". */
struct group_line {
	const char *name, *members;
	uint64_t gid;
};

/* Splits the line in place. false: it is malformed. */
static bool limits_files_parse_group(char *line, struct group_line *ret)
{
	const char *id = NULL, *members = NULL;
	const char *password = strchr(line, ':');
	if (password)
		id = strchr(password + 1, ':');
	if (id)
		members = strchr(id + 1, ':');
	if (!members)
		return false;
	const char *cursor = id + 1;
	if (!parse_u64(&cursor, &ret->gid))
		return false;
	line[strcspn(line, ":")] = '\0';
	ret->name = line;
	ret->members = members + 1;
	return true;
}

/* Finds the groups of the user. A snapshot keeps only their lines, with this user as the only
 * member. */
static size_t find_groups(struct probing *probing, const char *user, const char **groups)
{
	static const char path[] = "etc/group";
	const char *bytes;
	size_t length, count = 0;
	uint64_t primary;
	bool has_primary = primary_group(probing, user, &primary);
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return 0;
	struct text kept = {0};
	char *cursor = arena_copy(probing->arena, bytes, length);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		struct group_line group;
		if (!limits_files_parse_group(line, &group))
			continue;
		bool mine = has_primary && group.gid == primary;
		if (!mine && !parse_list_has(group.members, user))
			continue;
		if (count == GROUPS_MAX) {
			config_note_unread(probing, path);
			break;
		}
		groups[count++] = group.name;
		text_addf(&kept, "%s:x:%llu:%s\n", group.name, (unsigned long long)group.gid, user);
	}
	source_keep(probing->source, path, text_string(&kept), kept.length);
	text_release(&kept);
	return count;
}

/* fs.nr_open after the next boot; infinite: not known. */
static double most_files(struct probing *probing)
{
	static const char *const keys[] = {"boot.fs.nr_open", "fs.nr_open"};
	for (size_t i = 0; i < COUNT_OF(keys); i++) {
		double most = facts_number(probing->facts, keys[i]);
		if (!isnan(most))
			return most;
	}
	return INFINITY;
}

/* setrlimit() fails with EPERM, also for root; pam_limits logs it and goes on (tried with su). */
static void put_too_many(struct probing *probing, const char *key, const struct winner *winner)
{
	static const char why[] = "fs.nr_open allows %s; a new login keeps the limit that it had";
	char most[NUMBER_TEXT_MAX], value[NUMBER_TEXT_MAX];
	text_number(most, most_files(probing), UNIT_COUNT);
	text_number(value, winner->value, UNIT_COUNT);
	put_missing(probing, key, FACT_ABSENT, UNIT_COUNT, winner->path, "the kernel refuses it");
	const char *reason = arena_printf(probing->arena, why, most);
	refused_put(probing, key + strlen("boot."), winner->path, winner->line, value, reason);
}

static void limits_files_put(struct probing *probing, const char *key, const struct winner *winner)
{
	struct fact *fact;
	if (winner->nearness == LIMITS_NONE) {
		static const char note[] = "no line applies to the user";
		put_missing(probing, key, FACT_ABSENT, UNIT_COUNT, conf_path, note);
		return;
	}
	if (winner->value > most_files(probing) && winner->value < INFINITY) {
		put_too_many(probing, key, winner);
		return;
	}
	fact = put_number(probing, key, winner->value, UNIT_COUNT, winner->path, NULL);
	fact->line = winner->line;
}

static void limits_files_read_all(struct probing *probing,
		const struct limits_user *user,
		struct winner *soft,
		struct winner *hard)
{
	static const char directory[] = "etc/security/limits.d";
	const char *const *names;
	limits_files_read_file(probing, conf_path, user, soft, hard);
	size_t count = config_list(probing, directory, &names);
	for (size_t i = 0; i < count; i++) {
		const char *path = arena_printf(probing->arena, "%s/%s", directory, names[i]);
		if (text_ends_with(names[i], ".conf"))
			limits_files_read_file(probing, path, user, soft, hard);
	}
}

static void limits_files_run(struct probing *probing)
{
	const char *names[GROUPS_MAX];
	struct limits_user user = {
			.name = facts_text(probing->facts, "vantage.user"),
			.uid = facts_number(probing->facts, "vantage.uid"),
			.groups = names,
	};
	struct winner soft = {.nearness = LIMITS_NONE};
	struct winner hard = {.nearness = LIMITS_NONE};
	if (!user.name && !probing->options->image)
		return;
	if (!user.name) { /* nobody has logged in there yet: any user but root */
		user.name = "";
		user.uid = FIRST_USER_ID;
	}
	user.group_count = find_groups(probing, user.name, names);
	limits_files_read_all(probing, &user, &soft, &hard);
	limits_files_put(probing, "boot.limits.nofile.soft", &soft);
	limits_files_put(probing, "boot.limits.nofile.hard", &hard);
}

const struct probe probe_limits_files = {.name = "limits.d", .run = limits_files_run};
