/* /proc/net/tcp and the like (Documentation/networking/proc_net_tcp.rst), where netlink cannot be
 * used. Reading them takes twice as long and shows neither backlogs nor sockets that are bound but
 * not connected. */
#include "probes/host/sockets/proc_net.h"

#include <errno.h>
#include <string.h>

#include "probes/host/parse.h"

enum {
	WORD_DIGITS = 8
};

/* An address as 32-bit words in host order, each of eight hexadecimal digits. */
static bool parse_words(const char *text, size_t words, unsigned char *bytes)
{
	for (size_t i = 0; i < words; i++) {
		char word[WORD_DIGITS + 1];
		const char *cursor = word;
		uint64_t number;
		memcpy(word, text + WORD_DIGITS * i, WORD_DIGITS);
		word[WORD_DIGITS] = '\0';
		if (!parse_hex(&cursor, &number) || *cursor != '\0')
			return false;
		uint32_t value = (uint32_t)number;
		memcpy(bytes + sizeof value * i, &value, sizeof value);
	}
	return true;
}

static bool parse_port(const char **cursor, uint16_t *ret_port)
{
	uint64_t number;
	if (!parse_hex(cursor, &number) || number > UINT16_MAX)
		return false;
	*ret_port = (uint16_t)number;
	return true;
}

/* The words of the address, then ":PORT" and a blank. */
static bool parse_endpoint(const char **cursor, struct endpoint *ret)
{
	const char *text = *cursor + strspn(*cursor, " ");
	size_t digits = strcspn(text, ":");
	bool v6 = digits == 4 * WORD_DIGITS;
	*ret = (struct endpoint){.family = 4};
	if (digits != WORD_DIGITS && !v6)
		return false;
	if (text[digits] != ':' || !parse_words(text, digits / WORD_DIGITS, ret->address))
		return false;
	if (v6)
		endpoint_set_six(ret);
	text += digits + 1;
	if (!parse_port(&text, &ret->port) || *text != ' ')
		return false;
	*cursor = text;
	return true;
}

static bool parse_state(const char **cursor, enum tcp_state *ret_state)
{
	uint64_t number;
	*cursor += strspn(*cursor, " ");
	if (!parse_hex(cursor, &number) || number == 0 || number >= STATES)
		return false;
	*ret_state = (enum tcp_state)number;
	return true;
}

/* "SEND:RECEIVE" */
static bool parse_queues(const char **cursor, uint32_t *ret_send, uint32_t *ret_receive)
{
	uint64_t send, receive;
	*cursor += strspn(*cursor, " ");
	if (!parse_hex(cursor, &send) || **cursor != ':')
		return false;
	(*cursor)++;
	if (!parse_hex(cursor, &receive))
		return false;
	*ret_send = (uint32_t)send;
	*ret_receive = (uint32_t)receive;
	return true;
}

/* "tr:tm->when", in hundredths of a second (USER_HZ). */
static uint32_t parse_timer(const char *text)
{
	const uint64_t hundredth_ms = 10;
	uint64_t kind, when;
	text += strspn(text, " ");
	if (!parse_hex(&text, &kind) || *text != ':')
		return 0;
	text++;
	if (!parse_hex(&text, &when) || when > UINT32_MAX / hundredth_ms)
		return 0;
	return (uint32_t)(when * hundredth_ms);
}

static bool parse_inode(const char *text, uint32_t *ret_inode)
{
	uint64_t number;
	/* the columns "tr:tm->when", "retrnsmt", "uid" and "timeout" come before it */
	for (int i = 0; i < 4; i++) {
		text += strspn(text, " ");
		text += strcspn(text, " ");
	}
	text += strspn(text, " ");
	if (!parse_u64(&text, &number))
		return false;
	*ret_inode = (uint32_t)number;
	return true;
}

bool proc_net_parse(const char *line, struct tally_socket *ret_socket)
{
	uint64_t number;
	struct tally_socket socket = {0};
	const char *text = line + strspn(line, " ");
	if (!parse_u64(&text, &number) || *text != ':')
		return false;
	text++;
	if (!parse_endpoint(&text, &socket.local))
		return false;
	if (!parse_endpoint(&text, &socket.remote))
		return false;
	if (!parse_state(&text, &socket.state))
		return false;
	if (!parse_queues(&text, &socket.wqueue, &socket.rqueue))
		return false;
	if (!parse_inode(text, &socket.inode))
		return false;
	if (socket.state == STATE_TIME_WAIT)
		socket.expires_ms = parse_timer(text);
	*ret_socket = socket;
	return true;
}

struct line_reader {
	struct arena *arena;
	struct socket_tally *tally;
	bool past_listeners;
};

static void each_line(void *context, char *line)
{
	struct line_reader *reader = context;
	struct tally_socket socket;
	if (proc_net_parse(line, &socket))
		tally_add(reader->arena, reader->tally, &socket);
}

/* The kernel lists listeners first. */
static void each_listener(void *context, char *line)
{
	struct line_reader *reader = context;
	struct portset *listening = &reader->tally->listening;
	struct tally_socket socket;
	if (reader->past_listeners || !proc_net_parse(line, &socket))
		return;
	reader->past_listeners = socket.state != STATE_LISTEN;
	if (!reader->past_listeners)
		portset_add(listening, socket.local.port, socket.local.port);
}

static int read_tcp6(struct source *source,
		void (*each)(void *context, char *line),
		struct line_reader *reader)
{
	int error = source_lines(source, "proc/net/tcp6", each, reader);
	if (error == ENOENT)
		return 0; /* a kernel without IPv6 */
	return error;
}

/* A port is free for connect() only if no socket of either family listens on it, so the listeners
 * of the second file must be known before the sockets of the first are counted. */
int proc_net_read(struct arena *arena, struct source *source, struct socket_tally *tally)
{
	struct line_reader reader = {.arena = arena, .tally = tally};
	int error = read_tcp6(source, each_listener, &reader);
	if (error)
		return error;
	error = source_lines(source, "proc/net/tcp", each_line, &reader);
	if (error)
		return error;
	return read_tcp6(source, each_line, &reader);
}
