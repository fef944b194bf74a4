/* grpc-go 1.56: names without a scheme that it knows are dialed as they are. */
#include "probes/plan/tool/grpc_name.h"

#include <string.h>

#include "base/address.h"
#include "base/array.h"
#include "base/text.h"
#include "probes/plan/tool/go_client.h"

/* gRPC's names: dns:///host, dns:host, dns://server/host, passthrough:///host:port. NULL: a scheme
 * that it does not have, which makes it dial the whole text. */
static const char *behind_scheme(const char *name, const char *scheme)
{
	size_t length = strlen(scheme);
	if (strncmp(name, scheme, length) != 0 || name[length] != ':')
		return NULL;
	const char *rest = name + length + 1;
	if (!text_begins_with(rest, "//"))
		return rest;
	const char *path = strchr(rest + 2, '/');
	if (!path)
		return "";
	return path + 1;
}

static bool is_local(const char *name)
{
	static const char *const schemes[] = {"unix", "unix-abstract"};
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (behind_scheme(name, schemes[i]))
			return true;
	}
	return false;
}

static bool has_port(const char *target)
{
	struct host_port split;
	if (!host_port_split(target, &split))
		return true; /* it is refused later */
	return split.port != 0;
}

const char *grpc_target(struct arena *arena, const char *tool, const char *name, struct error *err)
{
	const char *shown = text_clean(arena, name, strlen(name), 80);
	const char *found = behind_scheme(name, "dns");
	const char *why = "a unix socket has no ports, and headroom judges only TCP and UDP";
	if (is_local(name)) {
		(void)error_set(err, "%s: %s: %s", tool, shown, why);
		return NULL;
	}
	if (found && *found && !has_port(found)) /* of a name that DNS is asked for */
		found = arena_printf(arena, "%s:443", found);
	if (!found)
		found = behind_scheme(name, "passthrough");
	if (!found)
		found = name;
	if (has_port(found))
		return go_url_target(arena, arena_printf(arena, "http://%s", found), err);
	(void)error_set(err, "%s: %s: gRPC dials HOST:PORT", tool, shown);
	return NULL;
}
