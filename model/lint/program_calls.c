/* What a number in a program is an argument of, or the value of. */
#include <string.h>

#include "base/ascii.h"
#include "model/lint/names.h"
#include "model/lint/program.h"

enum {
	OPEN_CALLS = 16,
	LINES_BACK = 12
};

static const char *const connecting[] = {"connect",
		"connection",
		"dial",
		"dialer",
		"client",
		"request",
		"fetch",
		"get",
		"post",
		"put",
		"url",
		"uri",
		"expect",
		"equal",
		"equals",
		"eq",
		"tobe",
		"send",
		"sendto",
		"upstream",
		"proxy",
		"remote",
		"peer",
		"forward",
		"close",
		"timeout",
		"sleep",
		"event",
		"observer",
		"observe",
		NULL};
static const char *const listening[] = {"listen",
		"bind",
		"serve",
		"server",
		"serversocket",
		"tcpserver",
		"httpserver",
		"webserver",
		"runserver",
		"listenandserve",
		"prefixes",
		"urls",
		"bypass",
		NULL};

static bool is_path_char(char c)
{
	return ascii_is_name(c) || c == '.' || c == ':' || c == '$' || c == '!' || c == '?' ||
			c == '>' || c == '-';
}

/* "net.Listen" of "x := net.Listen(": the dotted name that ends here. */
static struct slice path_before(struct slice text)
{
	size_t from = text.length;
	while (from > 0 && is_path_char(text.at[from - 1]))
		from--;
	return slice_after(text, from);
}

/* std::string address("localhost:54320"): a definition, and no call. */
static bool is_text_of_cpp(struct slice text, struct slice name)
{
	return name.length > 0 && slice_ends(slice_between(text.at, name.at), "string ");
}

/* The names of the calls whose parenthesis is open at the end, the innermost last. */
static size_t open_calls(struct slice text, struct slice calls[OPEN_CALLS])
{
	size_t count = 0;
	char quote = '\0';
	for (size_t i = 0; i < text.length; i++) {
		char c = text.at[i];
		if (quote) {
			if (c == quote)
				quote = '\0';
			continue;
		}
		if ((c == '"' || c == '\'') && slice_char(slice_after(text, i + 1), c))
			quote = c;
		else if (c == '(' && count < OPEN_CALLS) {
			struct slice name = path_before(slice_cut(text, i));
			if (is_text_of_cpp(text, name))
				name = slice_cut(name, 0);
			calls[count++] = name;
		} else if (c == ')' && count > 0)
			count--;
	}
	return count;
}

/* A call without parentheses: "TCPServer.new '127.0.0.1', 54320". */
static struct slice bare_call(struct slice text)
{
	struct slice rest = slice_trim(text);
	const char *equals = slice_last_char(rest, '=');
	if (equals)
		rest = slice_trim(slice_between(equals + 1, slice_end(rest)));
	size_t length = 0;
	while (length < rest.length && is_path_char(rest.at[length]))
		length++;
	bool called = slice_byte(rest, length) == ' ' || length == rest.length;
	if (!called || !slice_char(slice_cut(rest, length), '.'))
		return slice_cut(rest, 0);
	return slice_cut(rest, length);
}

static bool runs_app(struct slice path)
{
	static const char *const names[] = {"app.run",
			"uvicorn.run",
			"web.run_app",
			"run_simple",
			"run_app",
			"serving.run_simple",
			"socketio.run",
			"FixedExposedPort",
			"cowboy:start_clear",
			"cowboy:start_tls",
			"Cowboy.http",
			"Cowboy.child_spec",
			"WireMockRule",
			"AddListeningPort",
			"DatagramSocket",
			"MulticastSocket",
			"WithHttpEndpoint",
			"WithHttpsEndpoint",
			NULL};
	for (const char *const *name = names; *name; name++) {
		if (slice_ends(path, *name))
			return true;
	}
	return false;
}

/* "new TcpListener(", "start_listener(", and not "handleListenerUpdate(". */
static bool makes_listener(struct slice path)
{
	static const char *const makes[] = {"new", "start", "create", "open", "make", NULL};
	static const char *const others[] = {"add", "remove", "on", "event", "wrapper", "update", NULL};
	struct slice rest = path;
	struct slice last = path;
	if (name_has_any(path, others) || !name_has_word(path, "listener"))
		return false;
	while (name_next_word(&rest, &last))
		;
	return slice_is_folded(last, "listener") || name_has_any(path, makes);
}

/* "httpServer.logger.info(": what is written about a port is no use of it. */
static bool writes_message(struct slice path)
{
	static const char *const verbs[] = {"log",
			"info",
			"infof",
			"warn",
			"error",
			"debug",
			"trace",
			"print",
			"printf",
			"println",
			"fatal",
			"fatalf",
			NULL};
	while (path.length > 0 && strchr("!?", path.at[path.length - 1]))
		path = slice_cut(path, path.length - 1);
	for (size_t i = path.length; i > 0; i--) {
		if (strchr(".:>", path.at[i - 1]))
			return slice_in(slice_after(path, i), verbs);
	}
	return false;
}

static enum program_call call_kind(struct slice path)
{
	if (name_has_any(path, connecting))
		return CALL_CONNECTS;
	if (writes_message(path))
		return CALL_OTHER;
	if (name_has_any(path, listening) || makes_listener(path) || runs_app(path))
		return CALL_LISTENS;
	return CALL_OTHER;
}

static enum program_call kind_of_open(struct slice text)
{
	struct slice calls[OPEN_CALLS];
	size_t count = open_calls(text, calls);
	while (count > 0) {
		enum program_call kind = call_kind(calls[--count]);
		if (kind != CALL_OTHER)
			return kind;
	}
	return CALL_OTHER;
}

bool program_call_takes_address(struct slice before)
{
	static const char *const makes[] =
			{"new", "run", "start", "port", "create", "make", "init", NULL};
	struct slice calls[OPEN_CALLS];
	size_t count = open_calls(before, calls);
	while (count > 0 && call_kind(calls[count - 1]) == CALL_OTHER)
		count--;
	if (count == 0)
		return true;
	struct slice last = calls[count - 1];
	for (size_t i = last.length; i > 0; i--) {
		if (!strchr(".:>", last.at[i - 1]))
			continue;
		last = slice_after(last, i);
		break;
	}
	return name_has_any(last, listening) || name_has_any(last, makes) || makes_listener(last) ||
			runs_app(last);
}

/* The lines above that are indented less open what this one is in. */
static enum program_call call_above(const struct program *source, size_t line)
{
	size_t indent = slice_indent(source->lines[line]);
	for (size_t back = 1; back <= LINES_BACK && back <= line && indent > 0; back++) {
		struct slice above = source->lines[line - back];
		if (slice_trim(above).length == 0 || slice_indent(above) >= indent)
			continue;
		indent = slice_indent(above);
		enum program_call kind = kind_of_open(above);
		if (kind != CALL_OTHER)
			return kind;
		if (!slice_ends(slice_trim(above), "{") && !slice_ends(slice_trim(above), "(") &&
				!slice_ends(slice_trim(above), "[") && !slice_ends(slice_trim(above), ","))
			return CALL_OTHER;
	}
	return CALL_OTHER;
}

/* In C a port is put into an address first; the call that follows says what for. */
static enum program_call call_below(const struct program *source, size_t line)
{
	for (size_t i = line; i < source->count && i <= line + LINES_BACK; i++) {
		struct slice code = source->lines[i];
		if (slice_find(code, "connect("))
			return CALL_CONNECTS;
		if (slice_find(code, "bind("))
			return CALL_LISTENS;
	}
	return CALL_OTHER;
}

enum program_call program_call_of(const struct program *source, size_t line, struct slice before)
{
	enum program_call kind = kind_of_open(before);
	if (kind == CALL_OTHER)
		kind = call_kind(bare_call(before));
	if (kind == CALL_OTHER && slice_find(before, "htons("))
		kind = call_below(source, line);
	if (kind == CALL_OTHER)
		kind = call_above(source, line);
	return kind;
}

struct slice program_label(struct slice before)
{
	struct slice text = slice_trim(before);
	const char *host = slice_find(text, "=(");
	/* name=("127.0.0.1", 54320) */
	if (host && slice_ends(text, ","))
		text = slice_between(text.at, host);
	while (text.length > 0 && strchr("=:>([{\"' ", text.at[text.length - 1]))
		text = slice_cut(text, text.length - 1);
	size_t from = text.length;
	while (from > 0 && ascii_is_name(text.at[from - 1]))
		from--;
	return slice_after(text, from);
}

static bool is_word_only(struct slice text)
{
	for (size_t i = 0; i < text.length; i++) {
		if (!ascii_is_name(text.at[i]) && !strchr(" \t@#.:<>[]*&?", text.at[i]))
			return false;
	}
	return true;
}

/* "peer.port": a member of something else, which a test puts a number into. */
static bool is_attribute(struct slice left)
{
	static const char *const own[] = {"self.", "this.", NULL};
	static const char *const options[] = {"opts", "options", "server", "srv", NULL};
	const char *dot = slice_char(left, '.');
	if (!dot)
		return slice_find(left, "->") != NULL;
	if (name_has_any(slice_between(left.at, dot), options))
		return false;
	return !slice_begins_any(left, own);
}

/* "process.env.PORT || 54320", "config.port ?? 54320": the name whose value it is where nothing
 * else is given. */
struct slice program_fallback_of(const struct program_number *number)
{
	struct slice left = slice_trim(number->before);
	if (!slice_ends(left, "||") && !slice_ends(left, "??"))
		return slice_cut(left, 0);
	left = slice_trim(slice_cut(left, left.length - 2));
	while (slice_ends(left, ")") || slice_ends(left, "\"") || slice_ends(left, "'"))
		left = slice_cut(left, left.length - 1);
	return program_label(left);
}

/* "blockPort(54320)", "occupy_port": a test that takes a port itself. */
enum program_call program_test_call(struct slice before)
{
	static const char *const ports[] = {"port", "ports", NULL};
	static const char *const takes[] =
			{"block", "occupy", "hold", "take", "grab", "open", "start", "reserve", NULL};
	static const char *const looks[] = {"wait", "check", "is", "find", "until", "free", NULL};
	struct slice calls[OPEN_CALLS];
	size_t count = open_calls(before, calls);
	if (count == 0 || name_has_any(calls[count - 1], looks))
		return CALL_OTHER;
	bool taken = name_has_any(calls[count - 1], takes);
	if (taken && name_has_any(calls[count - 1], ports))
		return CALL_LISTENS;
	return CALL_OTHER;
}

/* The name left of "=", ":=" or of a type; of "#define NAME" and "@name". */
struct slice program_defined(const struct program_number *number)
{
	struct slice none = {NULL, 0};
	struct slice left = slice_trim(number->before);
	if (slice_begins(left, "-define("))
		return program_label(slice_between(left.at, slice_last_char(left, ',')));
	if (number->in_text && slice_ends(left, "(") && is_text_of_cpp(left, program_label(left)))
		return program_label(left);
	struct slice behind = slice_trim(number->behind);
	bool macro = slice_begins(left, "#define ") || slice_begins(left, "@");
	const char *equals = slice_last_char(left, '=');
	if (number->in_text)
		behind = slice_trim(slice_after(behind, 1));
	if (!macro && (!equals || slice_begins(behind, ",") || slice_begins(behind, ")")))
		return none;
	if (equals && slice_trim(slice_between(equals + 1, slice_end(left))).length > 1)
		return none;
	if (equals &&
			(slice_ends(slice_between(left.at, equals), "=") ||
					slice_ends(slice_between(left.at, equals), "!")))
		return none;
	if (equals)
		left = slice_trim(slice_between(left.at, equals));
	if (slice_ends(left, ":"))
		left = slice_trim(slice_cut(left, left.length - 1));
	if (!is_word_only(left) || is_attribute(left))
		return none;
	/* "PORT: u16": what stands before the type. */
	const char *colon = slice_find(left, ": ");
	if (colon)
		left = slice_between(left.at, colon);
	return program_label(left);
}
