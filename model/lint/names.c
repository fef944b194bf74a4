#include "model/lint/names.h"

#include "base/ascii.h"

static bool word_char(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c);
}

/* Does another word begin at `at`? "httpPort", "HTTPPort", "port2". */
static bool breaks_before(struct slice name, size_t at)
{
	char before = slice_byte(name, at - 1);
	char here = slice_byte(name, at);
	char next = slice_byte(name, at + 1);
	if (!word_char(here))
		return true;
	if (ascii_is_digit(before) != ascii_is_digit(here))
		return !(ascii_is_digit(here) && at == 1) && !(ascii_is_lower(here) && at == 2);
	if (ascii_is_upper(here) && ascii_is_lower(before))
		return true;
	return ascii_is_upper(here) && ascii_is_upper(before) && ascii_is_lower(next);
}

bool name_next_word(struct slice *rest, struct slice *ret_word)
{
	while (rest->length > 0 && !word_char(rest->at[0]))
		*rest = slice_after(*rest, 1);
	if (rest->length == 0)
		return false;
	size_t length = 1;
	while (length < rest->length && !breaks_before(*rest, length))
		length++;
	*ret_word = slice_cut(*rest, length);
	*rest = slice_after(*rest, length);
	return true;
}

bool name_has_word(struct slice name, const char *lower)
{
	const char *const list[] = {lower, NULL};
	return name_has_any(name, list);
}

bool name_has_any(struct slice name, const char *const *lower)
{
	struct slice word;
	while (name_next_word(&name, &word)) {
		for (const char *const *known = lower; *known; known++) {
			if (slice_is_folded(word, *known))
				return true;
		}
	}
	return false;
}

/* Words for whom a client talks to, or whose port it is not. */
static const char *const of_others[] = {"client",
		"remote",
		"upstream",
		"upstreams",
		"target",
		"targets",
		"peer",
		"peers",
		"dest",
		"destination",
		"dst",
		"src",
		"source",
		"advertised",
		"advertise",
		"advertisement",
		"announce",
		"announced",
		"external",
		"connect",
		"connection",
		"connections",
		"bootstrap",
		"seed",
		"seeds",
		"smtp",
		"mail",
		"mailer",
		"email",
		"ansible",
		"jdbc",
		"datasource",
		"statsd",
		"logstash",
		"syslog",
		"collector",
		"exporter",
		"container",
		"origin",
		NULL};
static const char *const of_clients[] = {"db",
		"pg",
		"postgres",
		"postgresql",
		"mysql",
		"mariadb",
		"redis",
		"valkey",
		"mongo",
		"mongodb",
		"database",
		"databases",
		"sql",
		"mssql",
		"memcached",
		"rabbitmq",
		"amqp",
		"kafka",
		"zookeeper",
		"elasticsearch",
		"opensearch",
		"cassandra",
		"clickhouse",
		"nats",
		"etcd",
		"consul",
		"vault",
		"ldap",
		"repo",
		"cache",
		"queue",
		"broker",
		"brokers",
		"pghost",
		"pgport",
		"minio",
		"localstack",
		"selenium",
		"ssh",
		"sftp",
		"ftp",
		NULL};

static bool last_word_is_port(struct slice name)
{
	static const char *const ports[] = {"port", "ports", "portno", NULL};
	static const char *const joined[] = {"rpcport",
			"httpport",
			"webport",
			"serverport",
			"listenport",
			"hostport",
			"nodeport",
			"baseport",
			"startport",
			"testport",
			"tcpport",
			"udpport",
			"apiport",
			"wsport",
			"adminport",
			"grpcport",
			"rfbport",
			"nodeport",
			NULL};
	return name_has_any(name, ports) || name_has_any(name, joined);
}

/* "backlog", "timeout", "count": a number that only stands beside a port. */
static bool counts_something(struct slice name)
{
	static const char *const words[] = {"backlog",
			"timeout",
			"count",
			"size",
			"max",
			"min",
			"limit",
			"interval",
			"delay",
			"ms",
			"seconds",
			"retries",
			"retry",
			"length",
			"len",
			"bytes",
			"speed",
			"mtu",
			"ttl",
			"id",
			"import",
			"version",
			"range",
			"mask",
			"width",
			"height",
			"x",
			"y",
			NULL};
	return name_has_any(name, words);
}

bool name_is_of_client(struct slice name)
{
	return name_has_any(name, of_clients);
}

enum name_says name_says(struct slice name)
{
	static const char *const listens[] =
			{"listen", "listener", "listeners", "listening", "bind", NULL};
	static const char *const elsewhere[] = {
			"remote",
			"upstream",
			"target",
			"destination",
			"advertised",
			"advertise",
			"announce",
			"external",
			"connect",
			"container",
			NULL,
	};
	if (counts_something(name))
		return NAME_NO_PORT;
	/* "listen-peer-urls": where it listens for its peers. */
	if (name_has_any(name, listens) && !name_has_any(name, elsewhere))
		return NAME_LISTENS;
	if (name_has_any(name, of_others))
		return NAME_OTHER;
	if (!last_word_is_port(name))
		return NAME_NO_PORT;
	return NAME_PORT;
}

bool name_is_own_port(struct slice name)
{
	static const char *const own[] = {"app",
			"api",
			"web",
			"http",
			"https",
			"server",
			"grpc",
			"rpc",
			"ws",
			"metrics",
			"admin",
			"ui",
			"frontend",
			"backend",
			"dev",
			"gateway",
			"jmx",
			"dashboard",
			"debug",
			"vite",
			"proxy",
			"publish",
			"published",
			"expose",
			"exposed",
			"forward",
			"public",
			"external",
			"host",
			"local",
			NULL};
	if (slice_is(name, "PORT"))
		return true;
	enum name_says says = name_says(name);
	if (says == NAME_LISTENS)
		return true;
	if (name_has_any(name, (const char *const[]){"forward", "publish", "published", NULL}))
		return last_word_is_port(name);
	if (says != NAME_PORT || name_is_of_client(name))
		return false;
	return name_has_any(name, own);
}
