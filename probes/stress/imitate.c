/* Imitates the target's held sockets. */
#include "probes/stress/imitate.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "probes/host/sockets/endpoint.h"
#include "probes/stress/isolate.h"

enum {
	WORD_MAX = 80
};

static void take_name(const struct endpoint *at, struct held *held)
{
	if (at->family == 6) {
		struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)&held->name;
		six->sin6_port = htons(at->port);
		memcpy(&six->sin6_addr, at->address, sizeof six->sin6_addr);
		held->length = sizeof *six;
	} else {
		struct sockaddr_in *four = (struct sockaddr_in *)(void *)&held->name;
		four->sin_port = htons(at->port);
		memcpy(&four->sin_addr, at->address, sizeof four->sin_addr);
		held->length = sizeof *four;
	}
	held->name.ss_family = at->family == 6 ? AF_INET6 : AF_INET;
	held->port = at->port;
}

static bool take_word(const char *word, size_t length, struct held *ret_held)
{
	char copy[WORD_MAX];
	struct endpoint at;
	*ret_held = (struct held){.port = 0};
	if (length >= sizeof copy)
		return false;
	ret_held->six_only = length > 2 && memcmp(word + length - 2, "/6", 2) == 0;
	length -= ret_held->six_only ? 2 : 0;
	memcpy(copy, word, length);
	copy[length] = '\0';
	if (!endpoint_parse(copy, &at))
		return false;
	take_name(&at, ret_held);
	return true;
}

bool imitation_read(struct arena *arena, const char *text, struct imitation *ret_imitation)
{
	size_t capacity = 0;
	*ret_imitation = (struct imitation){.count = 0};
	for (size_t length; *text; text += length + (text[length] == ' ')) {
		struct held held;
		length = strcspn(text, " ");
		if (!take_word(text, length, &held))
			return false;
		ret_imitation->items = arena_grow(arena,
				ret_imitation->items,
				ret_imitation->count,
				&capacity,
				sizeof *ret_imitation->items);
		ret_imitation->items[ret_imitation->count++] = held;
	}
	return true;
}

static in_addr_t imitate_address_of(const struct held *held)
{
	return ((const struct sockaddr_in *)(const void *)&held->name)->sin_addr.s_addr;
}

static bool is_four(const struct held *held)
{
	return held->name.ss_family == AF_INET;
}

bool held_on_all_addresses(const struct held *held)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)&held->name;
	if (is_four(held))
		return imitate_address_of(held) == INADDR_ANY;
	return memcmp(&six->sin6_addr, &in6addr_any, sizeof in6addr_any) == 0;
}

/* 127/8 and the wildcards are there already. */
static bool needs_address(const struct held *held)
{
	const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)(const void *)&held->name;
	if (held_on_all_addresses(held))
		return false;
	if (is_four(held))
		return ntohl(imitate_address_of(held)) >> 24 != IN_LOOPBACKNET;
	return memcmp(&six->sin6_addr, &in6addr_loopback, sizeof in6addr_loopback) != 0;
}

static void to_wildcard(struct held *held)
{
	if (is_four(held))
		((struct sockaddr_in *)(void *)&held->name)->sin_addr.s_addr = INADDR_ANY;
	else
		((struct sockaddr_in6 *)(void *)&held->name)->sin6_addr = in6addr_any;
}

static int open_at(const struct held *held, bool listens)
{
	const struct linger reset = {.l_onoff = 1};
	const int only = held->six_only;
	int fd = socket(held->name.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -1;
	if (setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0 &&
			(is_four(held) || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) == 0) &&
			bind(fd, (const struct sockaddr *)&held->name, held->length) == 0 &&
			(!listens || listen(fd, 1) == 0))
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

int imitation_open(const struct held *held, bool listens)
{
	struct held copy = *held;
	if (needs_address(held))
		(void)isolate_address(&held->name);
	int fd = open_at(&copy, listens);
	if (fd >= 0 || (errno != EADDRNOTAVAIL && errno != EINVAL))
		return fd;
	to_wildcard(&copy);
	return open_at(&copy, listens);
}

bool held_conflicts(const struct held *held, in_addr_t source)
{
	if (held->six_only)
		return false;
	if (source == htonl(INADDR_ANY) ||
			!is_four(held)) /* an IPv6 one that is not for IPv6 alone is on all addresses */
		return true;
	return imitate_address_of(held) == htonl(INADDR_ANY) || imitate_address_of(held) == source;
}
