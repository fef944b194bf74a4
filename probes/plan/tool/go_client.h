/* Where a program written in Go connects to: URLs as its net/http reads them, and the proxies that
 * its environment names (golang.org/x/net/http/httpproxy). Used for the tools that read the
 * environment: vegeta, k6, ghz. hey does not (http.ProxyURL(nil)). */
#ifndef HEADROOM_PROBES_PLAN_TOOL_GO_CLIENT_H
#define HEADROOM_PROBES_PLAN_TOOL_GO_CLIENT_H

#include "probes/plan/plan.h"

/* "host:port" of a URL, in the arena; NULL with err. A URL without a host ("http://:80") is this
 * machine, and so is 0.0.0.0: Go dials them so. */
const char *go_url_target(struct arena *arena, const char *url, struct error *err);

/* Does this URL name a port and no host? */
bool go_url_has_no_host(const char *url);

/* Does the environment name a proxy for anything? */
bool go_names_proxy(const struct plan_context *context, const struct plan_command *command);

/* The proxy between the program and this target. *ret_proxy is its "host:port" and *ret_variable
 * what named it ("HTTPS_PROXY"); both NULL where the program connects by itself: no proxy is set,
 * the target is this machine, or NO_PROXY lists it. What is set for another target is not looked
 * at. tls: HTTPS_PROXY counts, not HTTP_PROXY. err: the variable is no address. */
bool go_proxy(const struct plan_context *context,
		const struct plan_command *command,
		const char *target,
		bool tls,
		const char **ret_proxy,
		const char **ret_variable,
		struct error *err);

#endif
