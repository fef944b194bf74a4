/* What the calls of a statement say about connections: requests of a session, calls without one,
 * greenlets, clients that are not HTTP, a "Connection: close" header. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/locust/script.h"

enum {
	NOTES_MAX = 2000,
	READ_WITHIN = 300 /* tokens */
};

static const char *const methods[] = {"get",
		"post",
		"put",
		"patch",
		"delete",
		"head",
		"options",
		"request",
		"rest",
		"rest_",
		"stream",
		"iter_lines",
		NULL};

/* One call: its name as imported, and its brackets. */
struct call {
	const char *dotted, *last;
	size_t open, close;
};

static bool in_list(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

static void add_note(struct locust_script *script, struct locust_note note)
{
	if (script->note_count == NOTES_MAX) {
		if (!script->cut_at)
			script->cut_at = note.where;
		return;
	}
	script->notes = arena_grow(script->arena,
			script->notes,
			script->note_count,
			&script->note_capacity,
			sizeof note);
	script->notes[script->note_count++] = note;
}

static struct locust_note note_at(struct locust_script *script,
		const struct locust_place *place,
		enum locust_fact fact,
		size_t token)
{
	return (struct locust_note){.fact = fact,
			.class = place->class,
			.function = place->function,
			.rounds = place->rounds,
			.task = place->task,
			.file = place->file,
			.where = locust_where(script, place->file, token)};
}

static void note_client(struct locust_script *script,
		const struct locust_place *place,
		enum locust_fact fact,
		const char *name,
		size_t token)
{
	for (size_t i = 0; i < script->note_count; i++)
		if (script->notes[i].fact == fact && !strcmp(script->notes[i].name, name))
			return;
	struct locust_note note = note_at(script, place, fact, token);
	note.name = name;
	add_note(script, note);
}

void locust_note_import(struct locust_script *script,
		const struct locust_place *place,
		const char *module,
		size_t token)
{
	static const char *const clients[] = {"grpc",
			"websocket",
			"websockets",
			"socketio",
			"paho",
			"kafka",
			"confluent_kafka",
			"aiokafka",
			"pika",
			"stomp",
			"zmq",
			"nats",
			"playwright",
			"selenium",
			"asyncio",
			"locust_plugins.users",
			"locust.contrib.milvus",
			"locust.contrib.mongodb",
			"locust.contrib.mqtt",
			"locust.contrib.oai",
			"locust.contrib.postgres",
			"locust.contrib.qdrant",
			"locust.contrib.socketio",
			"locust_plugins.PlaywrightUser",
			"locust_plugins.WebdriverUser",
			"locust_plugins.KafkaUser"};
	static const char *const beside[] = {"redis",
			"psycopg",
			"psycopg2",
			"pymongo",
			"mysql",
			"pymysql",
			"MySQLdb",
			"sqlalchemy",
			"boto3",
			"botocore",
			"influxdb",
			"influxdb_client",
			"cassandra",
			"elasticsearch",
			"openai",
			"ldap3",
			"paramiko",
			"ftplib",
			"smtplib",
			"telnetlib",
			"dns"};
	bool plugin = text_begins_with(module, "locust_plugins") ||
			text_begins_with(module, "locust_cloud");
	if (plugin && !script->plugins_at)
		script->plugins_at = locust_where(script, place->file, token);
	for (size_t i = 0; i < COUNT_OF(clients); i++) {
		size_t length = strlen(clients[i]);
		if (!strncmp(module, clients[i], length) && (!module[length] || module[length] == '.'))
			note_client(script, place, FACT_CLIENT, clients[i], token);
	}
	for (size_t i = 0; i < COUNT_OF(beside); i++) {
		size_t length = strlen(beside[i]);
		if (!strncmp(module, beside[i], length) && (!module[length] || module[length] == '.'))
			note_client(script, place, FACT_SIDE_CLIENT, beside[i], token);
	}
}

/* Is `part` one of the names between dots? */
static bool has_part(const char *dotted, const char *part)
{
	size_t length = strlen(part);
	for (const char *at = dotted; (at = strstr(at, part)); at++) {
		bool begins = at == dotted || at[-1] == '.';
		if (begins && (!at[length] || at[length] == '.'))
			return true;
	}
	return false;
}

/* A session made where each user starts is kept by the user; in a task it lives for the task. */
static enum locust_fact session_fact(const struct locust_place *place)
{
	static const char *const once[] = {"__init__", "on_start", "setup", "login", NULL};
	if (place->function == LOCUST_NONE)
		return FACT_SHARED;
	if (place->class != LOCUST_NONE && in_list(once, place->function_name))
		return FACT_REQUEST;
	return FACT_SESSION_EACH;
}

static bool makes_session(const char *dotted)
{
	static const char *const names[] = {"requests.Session",
			"requests.session",
			"requests.sessions.Session",
			"httpx.Client",
			"httpx.AsyncClient",
			"aiohttp.ClientSession",
			"http.client.HTTPConnection",
			"http.client.HTTPSConnection",
			"urllib3.PoolManager",
			NULL};
	return in_list(names, dotted);
}

static bool calls_without_session(const char *dotted, const char *last)
{
	bool module = text_begins_with(dotted, "requests.") || text_begins_with(dotted, "httpx.") ||
			!strcmp(dotted, "urllib3.request");
	const char *dot = strchr(dotted, '.');
	return module && dot && dot + 1 == last && in_list(methods, last);
}

static bool mentions_client(const struct python *python, size_t start, size_t end)
{
	for (size_t at = start; at < end && at < start + 100; at++)
		if (python_at(python, at, "client"))
			return true;
	return false;
}

/* Several requests of one user at a time. */
static bool spawns(const struct python *python,
		const struct locust_place *place,
		const struct call *call)
{
	static const char *const starts[] = {
			"spawn",
			"submit",
			"Thread",
			"apply_async",
			NULL,
	};
	static const char *const maps[] = {
			"map",
			"imap",
			"imap_unordered",
			"map_async",
			NULL,
	};
	static const char *const pools[] = {
			"pool",
			"Pool",
			"group",
			"executor",
			NULL,
	};
	bool begins = in_list(starts, call->last);
	for (size_t i = 0; pools[i] && in_list(maps, call->last); i++)
		begins |= strstr(call->dotted, pools[i]) != NULL;
	bool inside = place->class != LOCUST_NONE && place->function != LOCUST_NONE;
	if (!begins)
		return false;
	return inside || mentions_client(python, call->open + 1, call->close);
}

/* parser.add_argument("--name", …): options that the locustfile adds to Locust's own. */
static void read_option(struct locust_script *script,
		const struct python *python,
		const struct locust_place *place,
		size_t open,
		size_t close)
{
	bool is_switch = false, named = false;
	for (size_t at = open + 1; at < close; at++) {
		const struct python_token *token = &python->tokens[at];
		bool action = python_at(python, at - 1, "=") && token->kind == PYTHON_STRING;
		is_switch |= action && token->length > 6 && !memcmp(token->text, "store_", 6);
	}
	for (size_t at = open + 1; at < close; at = python_item_end(python, at, close) + 1) {
		const struct python_token *token = &python->tokens[at];
		bool name = token->kind == PYTHON_STRING && token->length > 1 && *token->text == '-';
		if (name)
			name_list_add_once(script->arena,
					is_switch ? &script->switches : &script->options,
					python_text(script->arena, token));
		named |= name;
	}
	if (!named && !script->declares_at)
		script->declares_at = locust_where(script, place->file, open);
}

static bool is_of_user(const char *dotted)
{
	static const char *const sessions[] = {
			"client",
			"session",
			"fastsession",
			NULL,
	};
	for (size_t i = 0; sessions[i]; i++)
		if (has_part(dotted, sessions[i]))
			return true;
	return text_begins_with(dotted, "self.rest");
}

/* Is it a request? A dictionary has a get(), too. */
static bool is_request_call(const struct python *python, const struct call *call)
{
	if (call->last == call->dotted || !in_list(methods, call->last))
		return false;
	if (is_of_user(call->dotted))
		return true;
	const struct python_token *first = &python->tokens[call->open + 1];
	if (first->kind != PYTHON_STRING || first->length < 5)
		return false;
	return !strncasecmp(first->text, "http", 4);
}

static bool is_urlopen(const char *dotted)
{
	static const char *const names[] = {
			"urllib.request.urlopen",
			"urllib.urlopen",
			NULL,
	};
	return in_list(names, dotted);
}

static bool locust_is_socket(const char *dotted)
{
	static const char *const names[] = {
			"socket.socket",
			"socket.create_connection",
			NULL,
	};
	return in_list(names, dotted);
}

static bool closes_client(const struct locust_place *place, const struct call *call)
{
	if (strcmp(call->last, "close") != 0 || !has_part(call->dotted, "client"))
		return false;
	return !place->function_name || strcmp(place->function_name, "on_stop") != 0;
}

/* What the call shows about connections; false: nothing. */
static bool locust_fact_of(const struct python *python,
		const struct locust_place *place,
		const struct call *call,
		enum locust_fact *ret)
{
	if (makes_session(call->dotted)) {
		*ret = session_fact(place);
		return *ret != FACT_REQUEST; /* the user's own, made once */
	}
	if (is_urlopen(call->dotted))
		*ret = FACT_URLOPEN;
	else if (calls_without_session(call->dotted, call->last))
		*ret = FACT_CALL;
	else if (spawns(python, place, call))
		*ret = FACT_SPAWN;
	else if (closes_client(place, call))
		*ret = FACT_CLIENT_CLOSE;
	else if (is_request_call(python, call))
		*ret = FACT_REQUEST;
	else
		return false;
	return true;
}

double locust_rounds(struct locust_script *script, const struct locust_place *place, size_t at)
{
	const struct locust_file *file = &script->files[place->file];
	const struct python *python = &file->python;
	if (!python_at(python, at + 2, "in") || !python_at(python, at + 3, "range"))
		return NAN;
	if (!python_at(python, at + 4, "("))
		return NAN;
	size_t open = at + 4;
	const struct locust_name count = {
			.class = place->class,
			.function = place->function,
			.file = place->file,
			.start = open + 1,
			.end = python_closing(python, open, python->count),
	};
	return locust_number_of(script, &count);
}

/* stream=True leaves the answer unread, and so the connection in use, unless the function goes on
 * to read it. */
static bool leaves_unread(const struct python *python, const struct call *call)
{
	static const char *const reads[] = {
			"iter_lines",
			"iter_content",
			"content",
			"text",
			"json",
			"raw",
			"read",
			"close",
			NULL,
	};
	bool streams = false;
	for (size_t at = call->open; at < call->close; at++)
		streams |= python_at(python, at, "stream") && python_at(python, at + 2, "True");
	for (size_t at = call->close; streams && at < call->close + READ_WITHIN; at++) {
		if (python_at(python, at, "def"))
			break;
		for (size_t i = 0; reads[i]; i++)
			if (python_at(python, at, reads[i]))
				return false;
	}
	return streams;
}

/* resource.setrlimit(resource.RLIMIT_NOFILE, …) */
static void note_limit(struct locust_script *script,
		const struct python *python,
		const struct locust_place *place,
		const struct call *call)
{
	bool files = false;
	for (size_t at = call->open; at < call->close; at++)
		files |= python_at(python, at, "RLIMIT_NOFILE");
	if (!files)
		return;
	struct locust_note *note = arena_alloc(script->arena, sizeof *note);
	*note = note_at(script, place, FACT_REQUEST, call->open);
	note->start = call->open + 1;
	note->end = call->close;
	script->limit_set = note;
}

static void locust_read_call(struct locust_script *script,
		const struct python *python,
		const struct locust_place *place,
		size_t name,
		size_t end)
{
	struct call call = {.open = name + 1};
	enum locust_fact fact;
	size_t ignored;
	call.close = python_closing(python, call.open, end);
	call.dotted = locust_dotted(script, place->file, name, &ignored);
	call.last = locust_last_part(call.dotted);
	if (!strcmp(call.last, "add_argument")) {
		read_option(script, python, place, call.open, call.close);
	} else if (!strcmp(call.last, "setrlimit")) {
		note_limit(script, python, place, &call);
	} else if (locust_is_socket(call.dotted)) {
		note_client(script, place, FACT_CLIENT, "socket", name);
	} else if (locust_fact_of(python, place, &call, &fact)) {
		struct locust_note note = note_at(script, place, fact, name);
		note.name = call.dotted;
		note.start = call.open + 1;
		note.end = call.close;
		add_note(script, note);
		note.fact = FACT_CLIENT_CLOSE;
		if (fact == FACT_REQUEST && leaves_unread(python, &call))
			add_note(script, note);
	}
}

static bool string_is(const struct python_token *token, const char *text)
{
	return token->kind == PYTHON_STRING && token->length == strlen(text) &&
			!strncasecmp(token->text, text, token->length);
}

/* "Connection": "close", ["Connection"] = "close", dict(Connection="close"). */
static bool closes_at(const struct python *python, size_t at, size_t end)
{
	const struct python_token *tokens = python->tokens;
	bool named = string_is(&tokens[at], "connection") || python_at(python, at, "Connection");
	size_t value = at + 1;
	while (named && value < end && value < at + 4 &&
			(python_at(python, value, ":") || python_at(python, value, ",") ||
					python_at(python, value, "=") || python_at(python, value, "]")))
		value++;
	return named && value > at + 1 && value < end && string_is(&tokens[value], "close");
}

void locust_read_calls(struct locust_script *script,
		const struct locust_place *place,
		size_t start,
		size_t end)
{
	const struct python python = script->files[place->file].python;
	struct locust_place here = *place;
	for (size_t at = start; at < end; at++)
		if (at > start && python_at(&python, at, "for"))
			here.rounds *= locust_rounds(script, place, at);
	for (size_t at = start; at < end; at++) {
		if (closes_at(&python, at, end))
			add_note(script, note_at(script, &here, FACT_CLOSE_HEADER, at));
		bool called = at + 1 < end && python_at(&python, at + 1, "(");
		if (called && python.tokens[at].kind == PYTHON_NAME)
			locust_read_call(script, &python, &here, at, end);
	}
}
