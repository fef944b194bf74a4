/* UDP sockets are few: /proc is good enough for them, and both files become one set of ports. */
#include "probes/host/sockets/udp.h"

#include <errno.h>
#include <string.h>

#include "base/portset.h"
#include "base/text.h"
#include "probes/host/put.h"
#include "probes/host/sockets/proc_net.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/sockets/udp_diag.h"

/* A snapshot keeps the fact ports.udp_pinned as a file. */
static const char pinned_key[] = "ports.udp_pinned", pinned_file[] = "udp.pinned";
static const char udp_key[] = "ports.udp_bound";
static const char udp_path[] = "proc/net/udp", udp6_path[] = "proc/net/udp6";

static void each_udp_line(void *context, char *line)
{
	struct tally_socket socket;
	struct portset *set = context;
	if (proc_net_parse(line, &socket))
		portset_add(set, socket.local.port, socket.local.port);
}

/* Does the file say "NAME: inuse 0"? */
static bool says_none(struct probing *probing, const char *path, const char *text)
{
	const char *bytes;
	size_t length;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return false;
	return strstr(bytes, text) != NULL;
}

/* To list UDP sockets the kernel walks through its whole table. That is not needed where its
 * counters say that there are none (a socket is counted when it gets its port: net/ipv4/udp.c,
 * udp_lib_get_port()). */
static bool no_udp(struct probing *probing)
{
	if (!probing->live || source_keeps(probing->source))
		return false;
	if (!says_none(probing, "proc/net/sockstat", "\nUDP: inuse 0 "))
		return false;
	return says_none(probing, "proc/net/sockstat6", "UDP6: inuse 0\n");
}

static int udp_read(struct probing *probing, struct portset *set)
{
	if (no_udp(probing))
		return 0;
	int error = source_lines(probing->source, udp_path, each_udp_line, set);
	if (error)
		return error;
	error = source_lines(probing->source, udp6_path, each_udp_line, set);
	if (error == ENOENT)
		return 0; /* a kernel without IPv6 */
	return error;
}

/* A line for each port, in the form of the kernel and without anybody's addresses. */
static void udp_keep(struct probing *probing, const struct portset *set)
{
	static const char head[] =
			"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  "
			"timeout inode\n";
	static const char format[] =
			"    0: 00000000:%04X 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 0\n";
	struct text text = {0};
	text_add(&text, head);
	for (unsigned port = 0; port <= UINT16_MAX; port++) {
		if (portset_has(set, port))
			text_addf(&text, format, port);
	}
	source_keep(probing->source, udp_path, text.data, text.length);
	source_keep_error(probing->source, udp6_path, ENOENT); /* its ports are among them */
	text_release(&text);
}

/* The sockets of the range as they are listed. */
struct udp_list {
	struct probing *probing;
	struct text text;
	size_t count;
};

static void udp_list_add(void *context, const struct udp_socket *socket)
{
	struct udp_list *list = context;
	unsigned port = socket->at.port;
	const struct probing *probing = list->probing;
	if (port < probing->port_low || port > probing->port_high || list->count > PINNED_MAX)
		return;
	if (list->count > 0)
		text_add(&list->text, " ");
	text_add(&list->text, endpoint_text(probing->arena, &socket->at));
	if (socket->connected)
		text_add(&list->text, "/c");
	else if (socket->six_only)
		text_add(&list->text, "/6");
	list->count++;
}

/* NULL: it cannot be listed, or there are too many. */
static const char *udp_pinned_live(struct probing *probing)
{
	struct udp_list list = {.probing = probing};
	int error = 0;
	if (probing->netns_denied)
		return NULL;
	if (!no_udp(probing))
		error = udp_diag_read(udp_list_add, &list);
	const char *text = text_take(probing->arena, &list.text);
	if (error || list.count > PINNED_MAX)
		return NULL;
	return text;
}

static const char *udp_pinned_kept(struct probing *probing)
{
	const char *bytes;
	size_t length;
	if (source_read_bytes(probing->source, pinned_file, &bytes, &length) != 0)
		return NULL;
	return text_clean(probing->arena, bytes, length, SOURCE_FILE_MAX);
}

static void udp_put_pinned(struct probing *probing)
{
	const char *text;
	if (probing->options->image)
		text = "";
	else if (probing->live)
		text = udp_pinned_live(probing);
	else
		text = udp_pinned_kept(probing);
	if (!text) {
		put_missing(probing, pinned_key, FACT_SKIPPED, UNIT_TEXT, udp_path, "only ports are known");
		return;
	}
	put_text(probing, pinned_key, text, udp_path, NULL);
	source_keep(probing->source, pinned_file, text, strlen(text));
}

void udp_put(struct probing *probing)
{
	struct portset set = {0};
	struct text text = {0};
	int error = 0;
	if (!probing->options->image)
		error = udp_read(probing, &set);
	if (error) {
		put_errno(probing, udp_key, UNIT_TEXT, udp_path, error);
		put_errno(probing, pinned_key, UNIT_TEXT, udp_path, error);
		return;
	}
	portset_print(&set, &text);
	put_text(probing, udp_key, text_take(probing->arena, &text), udp_path, NULL);
	if (source_keeps(probing->source))
		udp_keep(probing, &set);
	udp_put_pinned(probing);
}
