/* Goes over a line once and takes what looks like an address, by what stands before it. */
#include "model/why/place.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/address.h"
#include "base/array.h"
#include "base/ascii.h"

enum {
	HOST_MAX = 255,
	PORT_MAX = 65535,
	PID_MAX = 1 << 22 /* the largest kernel.pid_max */
};

/* What an address is, by the words before it. */
enum role {
	ROLE_NONE,
	ROLE_TO,
	ROLE_LOCAL,
	ROLE_OTHER /* who called: no address of this kind */
};

/* The texts end where the address begins. */
static const struct cue {
	const char *text;
	enum role role;
} cues[] = {
		{"dial tcp ", ROLE_TO},
		{"dial tcp4 ", ROLE_TO},
		{"dial tcp6 ", ROLE_TO},
		{"dial udp ", ROLE_TO},
		{"->", ROLE_TO},
		{"connect ", ROLE_TO},
		{"connect to ", ROLE_TO},
		{"connect() to ", ROLE_TO},
		{"connecting to ", ROLE_TO},
		{"connected to ", ROLE_TO},
		{"connection to ", ROLE_TO},
		{"connect to host ", ROLE_TO},
		{"connect to host '", ROLE_TO},
		{"connect to server ", ROLE_TO},
		{"server ", ROLE_TO},
		{"server at ", ROLE_TO},
		{"server at '", ROLE_TO},
		{"sending to ", ROLE_TO},
		{"sendto ", ROLE_TO},
		{"send to ", ROLE_TO},
		{"host ", ROLE_TO},
		{"host='", ROLE_TO},
		{"host: ", ROLE_TO},
		{"hostname ", ROLE_TO},
		{"address: ", ROLE_TO},
		{"upstream: '", ROLE_TO},
		{"econnrefused ", ROLE_TO},
		{"econnreset ", ROLE_TO},
		{"etimedout ", ROLE_TO},
		{"connect eaddrnotavail ", ROLE_TO},
		{"connect eaddrinuse ", ROLE_TO},
		{"enetunreach ", ROLE_TO},
		{"ehostunreach ", ROLE_TO},
		{"refused: ", ROLE_TO},
		{"listen tcp ", ROLE_LOCAL},
		{"listen tcp4 ", ROLE_LOCAL},
		{"listen tcp6 ", ROLE_LOCAL},
		{"listen udp ", ROLE_LOCAL},
		{"listen eaddrinuse ", ROLE_LOCAL},
		{"listen eaddrnotavail ", ROLE_LOCAL},
		{"listen eaddrinuse: address already in use ", ROLE_LOCAL},
		{"listen eaddrnotavail: address not available ", ROLE_LOCAL},
		{"bind eaddrinuse ", ROLE_LOCAL},
		{"bind eaddrnotavail ", ROLE_LOCAL},
		{"listen on ", ROLE_LOCAL},
		{"listener on ", ROLE_LOCAL},
		{"listening on ", ROLE_LOCAL},
		{"listening socket ", ROLE_LOCAL},
		{"bind to ", ROLE_LOCAL},
		{"bind() to ", ROLE_LOCAL},
		{"bind ", ROLE_LOCAL},
		{"binding to ", ROLE_LOCAL},
		{"bind for ", ROLE_LOCAL},
		{"bind on ", ROLE_LOCAL},
		{"bind on address ('", ROLE_LOCAL},
		{"port for ", ROLE_LOCAL},
		{"in use: ", ROLE_LOCAL},
		{"in use - ", ROLE_LOCAL},
		{"in use ", ROLE_LOCAL},
		{"local (", ROLE_LOCAL},
		{"client: ", ROLE_OTHER},
		{"accept tcp ", ROLE_OTHER},
		{"accept tcp4 ", ROLE_OTHER},
		{"accept tcp6 ", ROLE_OTHER},
		{"from ", ROLE_OTHER},
		{"peer ", ROLE_OTHER},
		{"remote ", ROLE_OTHER},
};

/* What was read at one place of a line. */
struct endpoint {
	const char *host;
	size_t host_length;
	unsigned port;
	size_t end;
	bool url, numeric;
};

static bool is_host_byte(char c)
{
	return ascii_is_name(c) || c == '.' || c == '-';
}

/* The port that begins here: its digits, 0 if it is none. */
static size_t take_port(const struct plain *line, size_t at, unsigned *ret)
{
	size_t digits = 0;
	unsigned port = 0;
	while (digits < 6 && ascii_is_digit(line->text[at + digits]))
		port = port * 10 + (unsigned)(line->text[at + digits++] - '0');
	bool good = digits && digits < 6 && port && port <= PORT_MAX;
	*ret = 0;
	if (!good)
		return 0;
	*ret = port;
	return digits;
}

static void take_port_behind(const struct plain *line, struct endpoint *ret)
{
	if (line->text[ret->end] != ':')
		return;
	size_t digits = take_port(line, ret->end + 1, &ret->port);
	if (digits)
		ret->end += 1 + digits;
}

/* An address, and of its zone only what names of interfaces are made of: it goes into commands. */
static bool parses(const char *text, size_t length)
{
	struct address address;
	for (size_t i = 0; i < length; i++) {
		if (!is_host_byte(text[i]) && text[i] != ':' && text[i] != '%')
			return false;
	}
	return address_parse(text, length, &address);
}

static bool take_bracketed(const struct plain *line, size_t at, struct endpoint *ret)
{
	const char *close = memchr(line->text + at, ']', line->length - at);
	if (!close)
		return false;
	ret->host = line->text + at + 1;
	ret->host_length = (size_t)(close - ret->host);
	ret->end = (size_t)(close - line->text) + 1;
	ret->numeric = true;
	if (ret->host_length > HOST_MAX || !parses(ret->host, ret->host_length))
		return false;
	take_port_behind(line, ret);
	return true;
}

/* "::1:6379", ":::31002": an address of IPv6 with the port as its last group. */
static bool take_bare_six(const struct plain *line, size_t at, struct endpoint *ret)
{
	size_t length = strspn(line->text + at, "0123456789abcdef:.");
	size_t last = length;
	while (last && line->text[at + last - 1] != ':')
		last--;
	if (length < 4 || length > HOST_MAX || last < 3)
		return false;
	if (take_port(line, at + last, &ret->port) != length - last)
		return false;
	ret->host = line->text + at;
	ret->host_length = last - 1;
	ret->end = at + length;
	ret->numeric = true;
	return memchr(ret->host, ':', ret->host_length) && parses(ret->host, ret->host_length);
}

static bool take_name(const struct plain *line, size_t at, struct endpoint *ret)
{
	size_t length = 0;
	if (line->text[at] == '-')
		return false; /* a command would take it for an option */
	while (is_host_byte(line->text[at + length]))
		length++;
	while (length && strchr(".-_", line->text[at + length - 1]))
		length--;
	ret->host = line->text + at;
	ret->host_length = length;
	ret->end = at + length;
	if (!length || length > HOST_MAX)
		return false;
	ret->numeric = parses(ret->host, length);
	take_port_behind(line, ret);
	return true;
}

/* ":8080" and "*:6379": any address. */
static bool take_port_alone(const struct plain *line, size_t at, struct endpoint *ret)
{
	ret->host = NULL;
	ret->host_length = 0;
	ret->end = at + (line->text[at] == '*');
	ret->port = 0;
	take_port_behind(line, ret);
	return ret->port != 0;
}

/* Behind "https://": what is before an @ is nobody's business. */
static size_t skip_scheme(const struct plain *line, size_t at)
{
	size_t letters = 0, i;
	while (ascii_is_lower(line->text[at + letters]) && letters < 12)
		letters++;
	if (!letters || strncmp(line->text + at + letters, "://", 3))
		return 0;
	at += letters + 3;
	for (i = at; i < line->length && i - at < HOST_MAX && !strchr("/ '", line->text[i]); i++) {
		if (line->text[i] == '@')
			return i + 1;
	}
	return at;
}

static bool take_endpoint(const struct plain *line, size_t at, struct endpoint *ret)
{
	size_t behind = skip_scheme(line, at);
	*ret = (struct endpoint){.url = behind != 0};
	if (behind)
		at = behind;
	if (line->text[at] == '[')
		return take_bracketed(line, at, ret);
	if (take_bare_six(line, at, ret))
		return true;
	ret->port = 0;
	ret->numeric = false;
	if (line->text[at] == ':' || line->text[at] == '*')
		return take_port_alone(line, at, ret);
	return take_name(line, at, ret);
}

static bool ends_with(const struct plain *line, size_t at, const char *text)
{
	size_t length = strlen(text);
	if (length > at || memcmp(line->text + at - length, text, length))
		return false;
	return length == at || !ascii_is_letter(text[0]) ||
			!ascii_is_letter(line->text[at - length - 1]);
}

/* The longest cue counts: "accept tcp " before "tcp ". */
static enum role role_at(const struct plain *line, size_t at)
{
	enum role role = ROLE_NONE;
	size_t longest = 0;
	for (size_t i = 0; i < COUNT_OF(cues); i++) {
		size_t length = strlen(cues[i].text);
		if (length <= longest || !ends_with(line, at, cues[i].text))
			continue;
		longest = length;
		role = cues[i].role;
	}
	return role;
}

/* "sock.c:249", "main.go:35": a place in a program. */
static bool is_source_file(const char *host, size_t length)
{
	static const char *const ends[] = {".c",
			".h",
			".go",
			".rs",
			".py",
			".java",
			".js",
			".ts",
			".cc",
			".cpp",
			".rb",
			".php",
			".ex",
			".exs",
			".erl",
			".lua",
			".scala",
			".kt",
			".cs",
			".mjs",
			".cjs",
			".conf",
			".yaml",
			".yml",
			".json",
			".sh",
			".log",
			".pl",
			".swift"};
	for (size_t i = 0; i < COUNT_OF(ends); i++) {
		size_t end = strlen(ends[i]);
		if (length > end && !memcmp(host + length - end, ends[i], end))
			return true;
	}
	return false;
}

/* "' port 443", " port 443", "' (10.0.0.5)": what follows the name of a host. */
static bool goes_on_as_host(const char *behind)
{
	static const char *const starts[] = {" port ", "' port ", ", port ", "', port "};
	for (size_t i = 0; i < COUNT_OF(starts); i++) {
		size_t length = strlen(starts[i]);
		if (!strncmp(behind, starts[i], length) && ascii_is_digit(behind[length]))
			return true;
	}
	return !strncmp(behind, "' (", 3);
}

static bool has_letter(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (ascii_is_letter(text[i]))
			return true;
	}
	return false;
}

/* Words follow the cues as well: "while connecting to upstream". A name needs a port, or a dot. */
static bool is_credible(const struct plain *line, const struct endpoint *endpoint, enum role role)
{
	const char *host = endpoint->host;
	size_t length = endpoint->host_length;
	if (!host)
		return role == ROLE_LOCAL;
	if (endpoint->numeric)
		return endpoint->port || role != ROLE_NONE;
	if (endpoint->url)
		return true;
	bool local = length == strlen("localhost") && !memcmp(host, "localhost", length);
	if (role == ROLE_NONE)
		return local && endpoint->port;
	if (is_source_file(host, length))
		return false;
	if (!memchr(host, '.', length) && !endpoint->port && !local)
		return goes_on_as_host(line->text + endpoint->end);
	return has_letter(host, length);
}

static struct why_place place_of(struct arena *arena, const struct endpoint *endpoint)
{
	struct why_place place = {.port = endpoint->port};
	if (endpoint->host_length)
		place.host = arena_copy(arena, endpoint->host, endpoint->host_length);
	return place;
}

/* An endpoint begins where no other word goes on. */
static bool may_begin(const struct plain *line, size_t at)
{
	char c = line->text[at];
	if (at && (is_host_byte(line->text[at - 1]) || line->text[at - 1] == ':'))
		return ends_with(line, at, "->");
	return ascii_is_name(c) || c == '[' || c == ':' || c == '*';
}

/* "port 443", behind what is known of the host. */
static unsigned port_said(const struct plain *line)
{
	const char *at = line->text;
	while ((at = strstr(at, "port "))) {
		size_t start = (size_t)(at - line->text);
		unsigned port;
		at += strlen("port ");
		if (start && ascii_is_letter(line->text[start - 1]))
			continue;
		if (take_port(line, (size_t)(at - line->text), &port))
			return port;
	}
	return 0;
}

struct places {
	struct why_place to, local, weak;
};

static bool is_set(const struct why_place *place)
{
	return place->host || place->port;
}

static void places_take(struct arena *arena,
		const struct plain *line,
		const struct endpoint *endpoint,
		enum role role,
		struct places *places)
{
	bool source = !strncmp(line->text + endpoint->end, "->", 2);
	struct why_place *place = &places->weak;
	if (role == ROLE_OTHER || !is_credible(line, endpoint, role))
		return;
	if (role == ROLE_LOCAL || source)
		place = &places->local;
	else if (role == ROLE_TO)
		place = &places->to;
	if (!is_set(place))
		*place = place_of(arena, endpoint);
}

void why_places(struct arena *arena,
		const struct plain *line,
		struct why_place *ret_to,
		struct why_place *ret_local)
{
	struct places places = {.to = {0}};
	struct endpoint endpoint;
	for (size_t at = 0; at < line->length; at++) {
		if (!may_begin(line, at) || !take_endpoint(line, at, &endpoint))
			continue;
		places_take(arena, line, &endpoint, role_at(line, at), &places);
		if (endpoint.end > at)
			at = endpoint.end - 1;
	}
	if (!is_set(&places.to))
		places.to = places.weak;
	unsigned port = port_said(line);
	if (places.to.host && !places.to.port)
		places.to.port = port;
	else if (!is_set(&places.local))
		places.local.port = port;
	*ret_to = places.to;
	*ret_local = places.local;
}

/* The number of a process that begins here, 0: none. */
static long pid_at(const char *text, const char **ret_end)
{
	char *end;
	long pid = ascii_is_digit(*text) ? strtol(text, &end, 10) : 0;
	if (pid <= 0 || pid > PID_MAX)
		return 0;
	*ret_end = end;
	return pid;
}

static long pid_behind_word(const char *line)
{
	static const char *const words[] = {"pid ", "pid=", "pid: ", "pid:", "process "};
	const char *end;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		const char *found = strstr(line, words[i]);
		if (!found || (found > line && ascii_is_letter(found[-1])))
			continue;
		long pid = pid_at(found + strlen(words[i]), &end);
		if (pid)
			return pid;
	}
	return 0;
}

/* "nginx[4711]:" of syslog. */
static long pid_in_brackets(const char *line)
{
	for (const char *at = line; (at = strchr(at, '[')); at++) {
		const char *end;
		if (at == line || !ascii_is_letter(at[-1]))
			continue;
		long pid = pid_at(at + 1, &end);
		if (pid && !strncmp(end, "]:", 2))
			return pid;
	}
	return 0;
}

long why_pid(const struct plain *line)
{
	long pid = pid_behind_word(line->text);
	return pid ? pid : pid_in_brackets(line->text);
}
