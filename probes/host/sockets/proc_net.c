/* /proc/net/tcp and its like (Documentation/networking/proc_net_tcp.rst): the way without netlink,
 * twice as slow, and without backlogs and bound-inactive sockets. */
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>

#include "probes/host/parse.h"
#include "probes/host/sockets/sockets.h"

/* 32-bit words of the address in host order, each as eight digits; then ":PORT". */
static bool parse_endpoint(const char **cursor, struct endpoint *ret)
{
	static const unsigned char mapped_prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
	const char *text = *cursor + strspn(*cursor, " ");
	size_t digits = strcspn(text, ":");
	unsigned char bytes[16];
	uint64_t number;
	*ret = (struct endpoint){.family = digits == 32 ? 6 : 4};
	if ((digits != 8 && digits != 32) || text[digits] != ':')
		return false;
	for (size_t i = 0; i < digits / 8; i++) {
		char word[9];
		memcpy(word, text + 8 * i, 8);
		word[8] = '\0';
		const char *start = word;
		if (!parse_hex(&start, &number) || *start)
			return false;
		uint32_t value = (uint32_t)number;
		memcpy(bytes + 4 * i, &value, 4);
	}
	text += digits + 1;
	if (!parse_hex(&text, &number) || number > 65535 || *text != ' ')
		return false;
	bool mapped = digits == 32 && memcmp(bytes, mapped_prefix, sizeof mapped_prefix) == 0;
	ret->family = digits == 32 && !mapped ? 6 : 4;
	memcpy(ret->address, mapped ? bytes + 12 : bytes, ret->family == 6 ? 16 : 4);
	ret->port = (uint16_t)number;
	*cursor = text;
	return true;
}

bool proc_net_parse(const char *line, struct tally_socket *ret_socket)
{
	uint64_t number, wqueue, rqueue;
	const char *text = line + strspn(line, " ");
	*ret_socket = (struct tally_socket){0};
	if (!parse_u64(&text, &number) || *text++ != ':')
		return false;
	if (!parse_endpoint(&text, &ret_socket->local) || !parse_endpoint(&text, &ret_socket->remote))
		return false;
	text += strspn(text, " ");
	if (!parse_hex(&text, &number) || number == 0 || number >= STATES)
		return false;
	ret_socket->state = (enum tcp_state)number;
	text += strspn(text, " ");
	if (!parse_hex(&text, &wqueue) || *text++ != ':' || !parse_hex(&text, &rqueue))
		return false;
	ret_socket->wqueue = (uint32_t)wqueue;
	ret_socket->rqueue = (uint32_t)rqueue;
	/* tr:tm->when, retrnsmt, uid, timeout, inode */
	for (int i = 0; i < 4; i++) {
		text += strspn(text, " ");
		text += strcspn(text, " ");
	}
	text += strspn(text, " ");
	if (!parse_u64(&text, &number))
		return false;
	ret_socket->inode = (uint32_t)number;
	return true;
}

struct reading {
	struct arena *arena;
	struct socket_tally *tally;
};

static void each_line(void *context, char *line)
{
	struct reading *reading = context;
	struct tally_socket socket;
	if (proc_net_parse(line, &socket))
		tally_add(reading->arena, reading->tally, &socket);
}

int proc_net_read(struct arena *arena, struct source *source, struct socket_tally *tally)
{
	struct reading reading = {.arena = arena, .tally = tally};
	int error = source_lines(source, "proc/net/tcp", each_line, &reading);
	if (error)
		return error;
	error = source_lines(source, "proc/net/tcp6", each_line, &reading);
	return error == ENOENT ? 0 : error; /* a kernel without IPv6 */
}
