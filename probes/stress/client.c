/* Opening connections in the sandbox.
 *
 * How a client is made to take a known port fast: IP_LOCAL_PORT_RANGE = [p, p] (Linux 6.3). The
 * kernel then walks its own path with a range of one port, so reserved, blocked and TIME_WAIT ports
 * are refused as they would be to the workload. An explicit bind(p) with SO_REUSEADDR, the only way
 * before 6.3, is as fast but lies twice: it takes reserved ports, and it leaves bind buckets that
 * plain connect() skips, so that a port in TIME_WAIT is blocked even where tcp_tw_reuse would free
 * it (measured on 6.18). It is used where the option is missing, with the reserved ports left out
 * by hand. */
#include "probes/stress/client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/address.h"
#include "probes/stress/isolate.h"
#include "probes/stress/settings.h"

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24 /* linux/in.h */
#endif
#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE 51 /* linux/in.h, 6.3 */
#endif

enum {
	RESERVED_BYTES = 65536
};

static const char reserved_path[] = "/proc/sys/net/ipv4/ip_local_reserved_ports";

static socklen_t address_any(int family, unsigned port, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->ss_family = (sa_family_t)family;
	if (family == AF_INET6) {
		((struct sockaddr_in6 *)(void *)ret)->sin6_port = htons((uint16_t)port);
		return sizeof(struct sockaddr_in6);
	}
	((struct sockaddr_in *)(void *)ret)->sin_port = htons((uint16_t)port);
	return sizeof(struct sockaddr_in);
}

static void set_port(struct sockaddr_storage *address, unsigned port)
{
	if (address->ss_family == AF_INET6)
		((struct sockaddr_in6 *)(void *)address)->sin6_port = htons((uint16_t)port);
	else
		((struct sockaddr_in *)(void *)address)->sin_port = htons((uint16_t)port);
}

static void address_set(int family, uint32_t four, uint16_t six, struct sockaddr_storage *ret)
{
	(void)address_any(family, 0, ret);
	if (family == AF_INET6) {
		uint8_t *bytes = ((struct sockaddr_in6 *)(void *)ret)->sin6_addr.s6_addr;
		bytes[0] = 0xfd; /* RFC 4193 */
		bytes[1] = 0x68;
		bytes[14] = (uint8_t)(six >> 8);
		bytes[15] = (uint8_t)six;
	} else {
		((struct sockaddr_in *)(void *)ret)->sin_addr.s_addr = htonl(four);
	}
}

/* Is there a name for this source in the plan, and is it an address of the client's family? */
static bool source_is_named(const struct client *client, size_t source, struct address *ret)
{
	const struct calibrate_request *request = client->worker->request;
	struct host_port split;
	if (!request->source_names || (double)source >= request->sources)
		return false;
	if (!host_port_split(request->source_names[source], &split) ||
			!address_parse(split.host, split.length, ret))
		return false;
	bool six = client->family == AF_INET6;
	return six == (ret->family == 6);
}

static bool binds_addresses(const struct client *client)
{
	return client->bind == CALIBRATE_BIND_ADDRESS || client->bind == CALIBRATE_BIND_NOPORT;
}

/* The sandbox gets the address that the plan names, so that what the target's sockets hold on it,
 * and on others, is as it is there. 0 or an errno. */
static int take_named_source(const struct client *client, size_t source, struct route *route)
{
	struct address named;
	if (!binds_addresses(client) || !source_is_named(client, source, &named))
		return 0;
	memset(&route->source, 0, sizeof route->source);
	route->source.ss_family = (sa_family_t)client->family;
	if (named.family == 6)
		memcpy(&((struct sockaddr_in6 *)(void *)&route->source)->sin6_addr, named.bytes, 16);
	else
		memcpy(&((struct sockaddr_in *)(void *)&route->source)->sin_addr, named.bytes, 4);
	if (address_is_any(&named) || address_is_loopback(&named))
		return 0;
	return isolate_address(&route->source);
}

int client_route(const struct client *client,
		size_t source,
		size_t destination,
		bool far,
		struct route *ret)
{
	bool six = client->family == AF_INET6;
	/* 198.18.0.0/15: RFC 2544, for tests. 127.77/16 and 127.78/16 need no adding. */
	uint32_t four = (far ? 0xc6120001U : 0x7f4d0001U) + (uint32_t)destination;
	uint32_t from = far ? 0xc6130001U + (uint32_t)source
			: source    ? 0x7f4e0001U + (uint32_t)source
						: 0x7f000001U;
	int error = 0;
	if (destination >= ROUTES_MAX || source >= ROUTES_MAX)
		return EINVAL;
	address_set(client->family, four, (uint16_t)(0x1000 + destination), &ret->destination);
	address_set(client->family, from, (uint16_t)(0x2000 + source), &ret->source);
	set_port(&ret->destination, client->listen_port);
	ret->length = six ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	if (six || far)
		error = isolate_address(&ret->destination);
	if (!error && (six || far))
		error = isolate_address(&ret->source);
	/* Without bind() the kernel takes the destination's own address as source (rule 1 of RFC 6724;
	 * for IPv4 the local route's preferred source), but 127.0.0.1 for all of 127/8. */
	if (client->bind == CALIBRATE_BIND_NONE && (six || far)) {
		ret->source = ret->destination;
		set_port(&ret->source, 0);
	}
	if (!error)
		error = take_named_source(client, source, ret);
	return error;
}

unsigned client_port(int fd)
{
	/* The port is at the same place in both families. */
	struct sockaddr_in6 name = {.sin6_port = 0};
	socklen_t length = sizeof name;
	return getsockname(fd, (struct sockaddr *)&name, &length) == 0 ? ntohs(name.sin6_port) : 0;
}

bool client_ends_with(int error)
{
	return error == EADDRNOTAVAIL || error == EADDRINUSE;
}

bool client_usable(const struct client *client, unsigned port)
{
	return port >= client->low && port <= client->high && !portset_has(&client->reserved, port) &&
			!portset_has(&client->listening, port) && !portset_has(&client->bound, port);
}

static int client_set_number(int fd, int level, int option, unsigned number)
{
	return setsockopt(fd, level, option, &number, sizeof number);
}

/* bind() as the program does it: to no address, an address, with the port left to connect(). */
static int bind_like(const struct client *client, int fd, const struct route *route, unsigned port)
{
	struct sockaddr_storage name = route->source;
	if (client->bind == CALIBRATE_BIND_NONE && port == 0)
		return 0;
	if (client->bind == CALIBRATE_BIND_NOPORT && port == 0 &&
			client_set_number(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1) != 0)
		return -1;
	if (client->bind == CALIBRATE_BIND_WILDCARD)
		(void)address_any(client->family, 0, &name);
	set_port(&name, port);
	return bind(fd, (const struct sockaddr *)&name, route->length);
}

static int confine(const struct client *client, int fd, unsigned port)
{
	bool shares = client->bind == CALIBRATE_BIND_NONE || client->bind == CALIBRATE_BIND_NOPORT;
	if (client->by_range)
		return client_set_number(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, port | port << 16);
	return shares ? client_set_number(fd, SOL_SOCKET, SO_REUSEADDR, 1) : 0;
}

int client_open(const struct client *client, const struct route *route, unsigned port, int linger)
{
	const struct linger reset = {.l_onoff = linger >= 0, .l_linger = linger};
	int fd = socket(client->family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if ((linger < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0) &&
			(port == 0 || confine(client, fd, port) == 0) &&
			bind_like(client, fd, route, client->by_range ? 0 : port) == 0 &&
			connect(fd, (const struct sockaddr *)&route->destination, route->length) == 0)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

static int open_shared(int family, unsigned port, int backlog, bool shared)
{
	const struct linger reset = {.l_onoff = 1};
	struct sockaddr_storage name;
	int share = shared;
	socklen_t length = address_any(family, port, &name);
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0 &&
			setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &share, sizeof share) == 0 &&
			bind(fd, (const struct sockaddr *)&name, length) == 0 &&
			(backlog < 0 || listen(fd, backlog) == 0))
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* A socket that listens (backlog >= 0) or is only bound, on all addresses of the family. */
static int open_server(int family, unsigned port, int backlog)
{
	return open_shared(family, port, backlog, false);
}

int client_share_listener(struct client *client, int backlog, size_t count, int *ret_fds)
{
	close(client->listener);
	client->listener = -1;
	for (size_t i = 0; i < count; i++) {
		ret_fds[i] = open_shared(client->family, client->listen_port, backlog, true);
		if (ret_fds[i] < 0)
			return errno;
	}
	client->listener = ret_fds[0];
	return 0;
}

struct blocking {
	const struct client *client;
};

/* A port that another socket of the list has already is blocked all the same. */
static int block_held(void *context, size_t index)
{
	const struct client *client = ((struct blocking *)context)->client;
	const struct held *held = &client->held.items[index];
	if (held->port == client->listen_port)
		return HOLDER_NOTHING;
	int fd = imitation_open(held, portset_has(&client->listening, held->port));
	return fd >= 0                ? fd
			: errno == EMFILE     ? HOLDER_FULL
			: errno == EADDRINUSE ? HOLDER_NOTHING
								  : HOLDER_STOP;
}

static int block_one(void *context, size_t index)
{
	const struct client *client = ((struct blocking *)context)->client;
	unsigned port = client->low + (unsigned)index;
	bool listens = portset_has(&client->listening, port);
	if (port == client->listen_port || (!listens && !portset_has(&client->bound, port)))
		return HOLDER_NOTHING;
	int fd = open_server(client->family, port, listens ? 1 : -1);
	return fd >= 0 ? fd : errno == EMFILE ? HOLDER_FULL : HOLDER_STOP;
}

int client_block(struct client *client, struct holders *holders)
{
	struct blocking blocking = {.client = client};
	if (!client->listening_known)
		worker_not_copied(client->worker, "ports.listening");
	if (client->blockers == 0)
		return 0;
	if (client->held_known)
		return holders_fill(holders, client->held.count, block_held, &blocking, 0);
	return holders_fill(holders, client->high - client->low + 1, block_one, &blocking, 0);
}

/* A port that is held on one address is free on all others. */
static bool any_on_one_address(const struct client *client)
{
	for (size_t i = 0; i < client->held.count; i++) {
		const struct held *held = &client->held.items[i];
		bool in_range = held->port >= client->low && held->port <= client->high;
		if (in_range && held->name.ss_family == client->family && !held_on_all_addresses(held))
			return true;
	}
	return false;
}

static bool are_sources_named(const struct client *client, size_t count)
{
	struct address named;
	for (size_t i = 0; i < count; i++)
		if (!source_is_named(client, i, &named))
			return false;
	return true;
}

/* An unnamed source is an address of the sandbox's own, where other ports may be free. */
void client_check_sources(const struct client *client, size_t count)
{
	if (client->bind != CALIBRATE_BIND_ADDRESS || !client->held_known)
		return;
	if (are_sources_named(client, count) || !any_on_one_address(client))
		return;
	worker_incomparable(client->worker,
			"not comparable: sockets here use ports on single addresses, and the plan does not "
			"name the source addresses that it binds");
}

double client_elsewhere(const struct client *client, const struct route *route)
{
	struct portset in_way = {0}, all = client->listening;
	bool wildcard = client->bind == CALIBRATE_BIND_WILDCARD;
	if (!client->held_known || client->family != AF_INET ||
			(!wildcard && client->bind != CALIBRATE_BIND_ADDRESS))
		return 0;
	in_addr_t source = ((const struct sockaddr_in *)(const void *)&route->source)->sin_addr.s_addr;
	for (size_t i = 0; i < client->held.count; i++)
		if (held_conflicts(&client->held.items[i], wildcard ? htonl(INADDR_ANY) : source))
			portset_add(&in_way, client->held.items[i].port, client->held.items[i].port);
	portset_union(&all, &client->bound);
	double count = 0;
	for (unsigned port = client->low; port <= client->high; port++)
		count += portset_has(&all, port) && !portset_has(&in_way, port) &&
				!portset_has(&client->reserved, port);
	return count;
}

/* A port set of a fact; false: it is not known. */
static bool client_read_ports(const struct facts *facts, const char *key, struct portset *ret)
{
	struct error err;
	const char *text = facts_text(facts, key);
	memset(ret, 0, sizeof *ret);
	return text && portset_parse(text, ret, &err);
}

/* As they are in the sandbox, which may have one more than the target (settings.c). */
static void read_reserved(struct client *client)
{
	struct error err;
	char *text = calloc(1, RESERVED_BYTES);
	memset(&client->reserved, 0, sizeof client->reserved);
	if (text && setting_read(reserved_path, text, RESERVED_BYTES) == 0)
		(void)portset_parse(text, &client->reserved, &err);
	free(text);
}

/* The sockets of the list must be those of the two sets, no more and no fewer: a fact may be given
 * (--set). */
static void read_held(struct client *client)
{
	const char *text = facts_text(client->worker->request->facts, "ports.pinned");
	struct portset named = {0}, ports = client->listening;
	portset_union(&ports, &client->bound);
	if (!text || !client->listening_known || !imitation_read(arena_new(), text, &client->held))
		return;
	for (size_t i = 0; i < client->held.count; i++)
		portset_add(&named, client->held.items[i].port, client->held.items[i].port);
	bool same = true;
	for (unsigned port = client->low; port <= client->high; port++)
		same = same && portset_has(&named, port) == portset_has(&ports, port);
	client->held_known = same;
}

static unsigned choose_listen_port(const struct client *client)
{
	if (client->high < 65535)
		return client->high + 1;
	if (client->low > 1)
		return client->low - 1;
	for (unsigned port = client->low; port <= client->high; port++)
		if (!client_usable(client, port))
			return port;
	return 0;
}

/* The range that this namespace really has. */
static bool client_read_range(struct client *client)
{
	char text[64];
	int error = setting_read("/proc/sys/net/ipv4/ip_local_port_range", text, sizeof text);
	if (error || sscanf(text, "%5u %5u", &client->low, &client->high) != 2 || client->low < 1 ||
			client->high > 65535 || client->low > client->high)
		return worker_refuse(client->worker,
				"not possible: the sandbox's port range cannot be read (%s)",
				error ? strerrorname_np(error) : text);
	return true;
}

static bool open_listener(struct client *client, int backlog)
{
	if (client->listen_port == 0)
		return worker_refuse(client->worker,
				"not run: the port range includes every port, so none is left for the sandbox's "
				"own listener");
	client->listener = open_server(client->family, client->listen_port, backlog);
	if (client->listener >= 0)
		return true;
	if (errno == EAFNOSUPPORT)
		return worker_refuse(client->worker, "not run: IPv6 is turned off in this kernel");
	return worker_refuse(client->worker,
			"not possible: the sandbox's listener cannot be opened (%s)",
			strerrorname_np(errno));
}

static bool has_port_option(int family)
{
	int fd = socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && client_set_number(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, 0) == 0;
	if (fd >= 0)
		close(fd);
	return has;
}

bool client_init(struct client *client, struct worker *worker, int backlog)
{
	const struct calibrate_request *request = worker->request;
	*client = (struct client){.worker = worker, .bind = request->bind, .listener = -1};
	client->family = request->ipv6 ? AF_INET6 : AF_INET;
	client->by_range = !request->explicit_bind && has_port_option(client->family);
	if (!client_read_range(client))
		return false;
	read_reserved(client);
	client->listening_known =
			client_read_ports(request->facts, "ports.listening", &client->listening);
	/* Listed by the kernel since 6.8 only: without it the model counts none either. */
	(void)client_read_ports(request->facts, "ports.bound", &client->bound);
	read_held(client);
	struct portset blocked = client->listening;
	portset_union(&blocked, &client->bound);
	client->blockers = portset_count(&blocked, client->low, client->high);
	portset_union(&blocked, &client->reserved);
	client->odd = (client->high - client->low) % 2 == 0;
	client->usable = client->high - client->low + 1 -
			portset_count(&blocked, client->low, client->high);
	client->listen_port = choose_listen_port(client);
	return open_listener(client, backlog);
}
