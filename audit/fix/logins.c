/* Whose logins they are. */
#include "audit/fix/logins.h"

#include <stdlib.h>
#include <string.h>

#include "audit/fix/well_formed.h"

/* One word of limits.conf(5), and no group, range or pattern. */
bool fix_is_plain_login(const char *name)
{
	static const char special[] = "@%*:-.";
	if (!*name || strchr(special, *name) || strlen(name) > 100)
		return false;
	return well_formed_only(name, "_.@-+\\");
}

struct name_list fix_logins(struct arena *arena, const struct fix_values *values, bool live)
{
	struct name_list logins = {0};
	const char *caller = NULL;
	const char *user = values->held_user;
	if (!user)
		return logins;
	if (live)
		caller = getenv("SUDO_USER");
	name_list_append(arena, &logins, user);
	if (strcmp(user, "root") == 0 && caller && fix_is_plain_login(caller))
		name_list_add_once(arena, &logins, arena_strdup(arena, caller));
	return logins;
}
