/* Lists what is allowed; everything else is refused. */
#include "audit/fix/well_formed.h"

#include <math.h>
#include <string.h>

enum {
	KEY_MAX = 100,
	VALUE_MAX = 4000
};

bool well_formed_only(const char *text, const char *more)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	for (; *text; text++) {
		if (!strchr(plain, *text) && !strchr(more, *text))
			return false;
	}
	return true;
}

bool well_formed_key(const char *key)
{
	/* A first "-" would be taken for an option, ".." leads out of /proc/sys. */
	if (!*key || *key == '.' || *key == '-')
		return false;
	if (strlen(key) >= KEY_MAX || strstr(key, ".."))
		return false;
	return well_formed_only(key, "._-");
}

bool well_formed_value(const char *value)
{
	return strlen(value) < VALUE_MAX && well_formed_only(value, " ,.:_-");
}

bool well_formed_amount(double value)
{
	return value >= 0 && value <= 1e15 && value == floor(value);
}
