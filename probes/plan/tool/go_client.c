/* Proxies from the environment, as Go's net/http takes them. Asks no name server. */
#include "probes/plan/tool/go_client.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/address.h"
#include "base/ascii.h"
#include "base/text.h"

/* What follows "://" and the user's name: "HOST:PORT/path". */
static const char *behind_user(const char *url)
{
	const char *slashes = strstr(url, "://");
	if (!slashes)
		return NULL;
	const char *host = slashes + 3;
	const char *end = host + strcspn(host, "/?#");
	for (const char *at = host; at < end; at++) {
		if (*at == '@')
			host = at + 1;
	}
	return host;
}

bool go_url_has_no_host(const char *url)
{
	const char *host = behind_user(url);
	if (!host || host[0] != ':')
		return false;
	return ascii_is_digit(host[1]);
}

/* "0.0.0.0:80" is dialed as this machine, too. */
static const char *without_any(struct arena *arena, const char *target)
{
	struct host_port split;
	struct address address;
	if (!target || !host_port_split(target, &split))
		return target;
	if (!address_parse(split.host, split.length, &address) || !address_is_any(&address))
		return target;
	return arena_printf(arena, "localhost:%u", split.port);
}

const char *go_url_target(struct arena *arena, const char *url, struct error *err)
{
	if (!go_url_has_no_host(url))
		return without_any(arena, plan_url_target(arena, url, err));
	const char *host = behind_user(url);
	size_t scheme = strcspn(url, ":");
	return plan_url_target(arena,
			arena_printf(arena, "%.*s://localhost%s", (int)scheme, url, host),
			err);
}

/* The first of the two spellings that is set to something. */
static const char *go_variable(const struct plan_context *context,
		const struct plan_command *command,
		const char *const names[2],
		const char **ret_name)
{
	for (size_t i = 0; i < 2; i++) {
		const char *value = plan_environment(context, command, names[i]);
		*ret_name = names[i];
		if (value && *value)
			return value;
	}
	return NULL;
}

/* A name as NO_PROXY compares it: without port and brackets, in lower case. */
struct no_proxy_target {
	const char *host;
	unsigned port;
	bool is_address;
	struct address address;
};

static bool same_prefix(const struct address *a, const struct address *b, size_t bits)
{
	size_t whole = bits / 8, rest = bits % 8;
	if (a->family != b->family || memcmp(a->bytes, b->bytes, whole))
		return false;
	return !rest || (a->bytes[whole] ^ b->bytes[whole]) >> (8 - rest) == 0;
}

/* "10.0.0.0/8", "fd00::/8". */
static bool in_network(const char *entry, const struct no_proxy_target *target)
{
	const char *slash = strchr(entry, '/');
	struct address network;
	if (!slash || !target->is_address)
		return false;
	if (!address_parse(entry, (size_t)(slash - entry), &network))
		return false;
	const char *digits = slash + 1;
	if (!*digits || digits[strspn(digits, "0123456789")])
		return false;
	unsigned long bits = strtoul(digits, NULL, 10);
	unsigned long most = 128;
	if (network.family == 4)
		most = 32;
	return bits <= most && same_prefix(&network, &target->address, bits);
}

/* "h.example" is that name and all below it, ".h.example" and "*.h.example" those below it. */
static bool is_domain(const char *entry, size_t length, const char *host)
{
	size_t host_length = strlen(host);
	if (length > 1 && entry[0] == '*' && entry[1] == '.') {
		entry++;
		length--;
	}
	if (host_length < length)
		return false;
	const char *tail = host + host_length - length;
	if (strncasecmp(tail, entry, length) != 0)
		return false;
	if (*entry == '.')
		return true;
	return tail == host || tail[-1] == '.';
}

static bool no_proxy_entry(const char *entry, const struct no_proxy_target *target)
{
	struct host_port split;
	struct address address;
	if (!strcmp(entry, "*"))
		return true;
	if (in_network(entry, target))
		return true;
	if (!host_port_split(entry, &split))
		return false;
	if (split.port && split.port != target->port)
		return false;
	if (address_parse(split.host, split.length, &address))
		return target->is_address && address_is_same(&address, &target->address);
	return split.length > 0 && is_domain(split.host, split.length, target->host);
}

static bool listed(struct arena *arena, const char *list, const struct no_proxy_target *target)
{
	char *rest = arena_strdup(arena, list);
	for (char *entry; (entry = strsep(&rest, ","));) {
		entry += strspn(entry, " \t");
		entry[strcspn(entry, " \t")] = '\0';
		if (*entry && no_proxy_entry(entry, target))
			return true;
	}
	return false;
}

/* Go never asks a proxy for this machine. */
static bool is_direct(const struct plan_context *context,
		const struct plan_command *command,
		const char *target)
{
	static const char *const names[2] = {"NO_PROXY", "no_proxy"};
	struct no_proxy_target compared = {.host = ""};
	struct host_port split;
	const char *name;
	if (!host_port_split(target, &split))
		return true;
	compared.host = arena_copy(context->arena, split.host, split.length);
	compared.port = split.port;
	compared.is_address = address_parse(split.host, split.length, &compared.address);
	if (compared.is_address && address_is_loopback(&compared.address))
		return true;
	if (!strcasecmp(compared.host, "localhost"))
		return true;
	const char *list = go_variable(context, command, names, &name);
	return list && listed(context->arena, list, &compared);
}

/* The host of a proxy that is asked by SOCKS, with its own port if none is named; NULL: it is asked
 * by HTTP. */
static const char *socks_host(struct arena *arena, const char *url)
{
	struct host_port split;
	if (strncasecmp(url, "socks5://", 9) != 0 && strncasecmp(url, "socks5h://", 10) != 0)
		return NULL;
	const char *host = behind_user(url);
	host = arena_copy(arena, host, strcspn(host, "/?#"));
	if (host_port_split(host, &split) && !split.port)
		return arena_printf(arena, "%s:1080", host);
	return host;
}

/* "http://p:3128", "p:3128", "p" and "socks5://p". */
static const char *proxy_target(struct arena *arena, const char *value, struct error *err)
{
	const char *socks = socks_host(arena, value);
	if (socks)
		value = socks;
	if (!strstr(value, "://"))
		value = arena_printf(arena, "http://%s", value);
	return plan_url_target(arena, value, err);
}

static const char *const plain_proxy[2] = {"HTTP_PROXY", "http_proxy"};
static const char *const encrypted_proxy[2] = {"HTTPS_PROXY", "https_proxy"};

bool go_names_proxy(const struct plan_context *context, const struct plan_command *command)
{
	const char *name;
	return go_variable(context, command, plain_proxy, &name) ||
			go_variable(context, command, encrypted_proxy, &name);
}

bool go_proxy(const struct plan_context *context,
		const struct plan_command *command,
		const char *target,
		bool tls,
		const char **ret_proxy,
		const char **ret_variable,
		struct error *err)
{
	const char *name;
	struct error why = {0};
	*ret_proxy = *ret_variable = NULL;
	const char *const *names = plain_proxy;
	if (tls)
		names = encrypted_proxy;
	const char *value = go_variable(context, command, names, &name);
	if (!value || is_direct(context, command, target))
		return true;
	*ret_proxy = proxy_target(context->arena, value, &why);
	*ret_variable = name;
	return *ret_proxy || error_set(err, "%s: %s", name, why.text);
}
