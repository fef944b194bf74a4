/* Where a Go program connects to: URLs as net/http reads them, and proxies from the environment
 * (golang.org/x/net/http/httpproxy). For the tools that read the environment: vegeta, k6, ghz. hey
 * does not (http.ProxyURL(nil)). */
#ifndef HEADROOM_PROBES_PLAN_TOOL_GO_CLIENT_H
#define HEADROOM_PROBES_PLAN_TOOL_GO_CLIENT_H

#include "probes/plan/plan.h"

/* Returns "host:port" of a URL in the arena, or NULL with err. Like in Go, a URL without a host
 * ("http://:80") and 0.0.0.0 are this machine. */
const char *go_url_target(struct arena *arena, const char *url, struct error *err);

/* Returns true if this URL has a port and no host. */
bool go_url_has_no_host(const char *url);

/* Returns true if the environment names a proxy for any target. */
bool go_names_proxy(const struct plan_context *context, const struct plan_command *command);

/* Finds the proxy for this target. *ret_proxy is its "host:port", *ret_variable the variable that
 * names it ("HTTPS_PROXY"). Both are NULL if the program connects directly: no proxy is set, the
 * target is this machine, or NO_PROXY lists it. tls: HTTPS_PROXY counts instead of HTTP_PROXY.
 * false with err if the variable is not an address. */
bool go_proxy(const struct plan_context *context,
		const struct plan_command *command,
		const char *target,
		bool tls,
		const char **ret_proxy,
		const char **ret_variable,
		struct error *err);

#endif
