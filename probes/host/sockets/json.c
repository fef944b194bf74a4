/* sockets.json of a snapshot: the tally, not the sockets. */
#include "probes/host/sockets/json.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/os/json.h"
#include "base/text.h"

enum {
	PROCESS_CHARS = 64,
	NOTE_CHARS = 200
};

static const char schema_name[] = "headroom.sockets/1";

static void json_add_ports(cJSON *object, const char *name, const struct portset *set)
{
	struct text text = {0};
	portset_print(set, &text);
	cJSON_AddStringToObject(object, name, text_string(&text));
	text_release(&text);
}

static cJSON *destination_to_json(struct arena *arena, const struct destination *destination)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "to", endpoint_text(arena, &destination->to));
	cJSON_AddNumberToObject(item, "sockets", destination->sockets);
	cJSON_AddNumberToObject(item, "established", destination->established);
	cJSON_AddNumberToObject(item, "time_wait", destination->time_wait);
	return item;
}

static void json_add_destinations(struct arena *arena,
		cJSON *root,
		const struct socket_tally *tally)
{
	const struct destination **top;
	size_t count = tally_top(arena, tally, DESTINATIONS_DETAIL, &top);
	cJSON *list = cJSON_AddArrayToObject(root, "destinations");
	for (size_t i = 0; i < count; i++)
		cJSON_AddItemToArray(list, destination_to_json(arena, top[i]));
}

/* What the smallest backlog and the longest queue do not say. */
static void json_add_group(cJSON *item, const struct listener *listener)
{
	cJSON_AddNumberToObject(item, "room", listener->room);
	cJSON_AddNumberToObject(item, "holds", listener->holds);
	cJSON_AddNumberToObject(item, "waiting", listener->waiting);
	if (listener->interfaces_differ)
		cJSON_AddBoolToObject(item, "interfaces_differ", true);
}

static cJSON *listener_to_json(struct arena *arena, const struct listener *listener)
{
	cJSON *item = cJSON_CreateObject();
	cJSON_AddStringToObject(item, "at", endpoint_text(arena, &listener->at));
	cJSON_AddNumberToObject(item, "sockets", listener->sockets);
	if (listener->backlog_known)
		cJSON_AddNumberToObject(item, "backlog", listener->backlog);
	cJSON_AddNumberToObject(item, "queue", listener->queue);
	if (listener->sockets > 1)
		json_add_group(item, listener);
	if (listener->drops_known)
		cJSON_AddNumberToObject(item, "drops", listener->drops);
	if (listener->process)
		cJSON_AddStringToObject(item, "process", listener->process);
	if (listener->own)
		cJSON_AddBoolToObject(item, "own", true);
	return item;
}

static void json_add_listeners(struct arena *arena, cJSON *root, const struct socket_tally *tally)
{
	cJSON *list = cJSON_AddArrayToObject(root, "listeners");
	for (size_t i = 0; i < tally->listener_count; i++)
		cJSON_AddItemToArray(list, listener_to_json(arena, &tally->listeners[i]));
}

static void json_add_states(cJSON *root, const struct socket_tally *tally)
{
	cJSON *states = cJSON_AddObjectToObject(root, "states");
	for (size_t i = 0; i < STATES; i++) {
		double count = (double)tally->states[i];
		if (tcp_state_names[i])
			cJSON_AddNumberToObject(states, tcp_state_names[i], count);
	}
}

static const char *const json_lists[] = {"listeners", "destinations"};

/* How long each list is: an entry that is lost would otherwise not be missed. */
static void json_add_collected(cJSON *root)
{
	cJSON *collected = cJSON_AddObjectToObject(root, "collected");
	for (size_t i = 0; i < COUNT_OF(json_lists); i++) {
		const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, json_lists[i]);
		cJSON_AddNumberToObject(collected, json_lists[i], cJSON_GetArraySize(list));
	}
}

cJSON *sockets_to_json(struct arena *arena, const struct socket_tally *tally)
{
	cJSON *root = cJSON_CreateObject();
	cJSON_AddStringToObject(root, "schema", schema_name);
	cJSON_AddStringToObject(root, "source", tally->source);
	if (tally->note)
		cJSON_AddStringToObject(root, "note", tally->note);
	cJSON_AddBoolToObject(root, "bound_listed", tally->bound_listed);
	json_add_states(root, tally);
	json_add_ports(root, "bound", &tally->bound);
	json_add_ports(root, "held", &tally->held);
	json_add_listeners(arena, root, tally);
	json_add_destinations(arena, root, tally);
	json_add_collected(root);
	if (tally->own_error)
		cJSON_AddNumberToObject(root, "own_error", tally->own_error);
	return root;
}

/* What the readers below share. They fill the tally; false: *err says where it is malformed. */
struct tally_reader {
	struct arena *arena;
	const struct json *json;
	struct socket_tally *tally;
	struct error *err;
};

static bool sockets_read_text(const struct tally_reader *reader,
		const cJSON *object,
		const char *name,
		const char **ret)
{
	return json_string(reader->json, object, name, reader->arena, ret, reader->err);
}

static bool sockets_read_bool(const struct tally_reader *reader,
		const cJSON *object,
		const char *name,
		bool *ret)
{
	return json_bool(reader->json, object, name, ret, reader->err);
}

static bool sockets_check_members(const struct tally_reader *reader,
		const cJSON *object,
		const char *const *names)
{
	return json_check_members(reader->json, object, names, reader->err);
}

/* A whole number of at most 32 bits. */
static bool read_count(const struct tally_reader *reader,
		const cJSON *object,
		const char *name,
		uint32_t *ret)
{
	return json_uint32(reader->json, object, name, ret, reader->err);
}

/* A whole number that may be larger: a sum over sockets. */
static bool read_sum(const struct tally_reader *reader,
		const cJSON *object,
		const char *name,
		double *ret)
{
	static const char problem[] = "\"%s\" must be a whole number";
	double number = *ret;
	if (!json_number(reader->json, object, name, &number, reader->err))
		return false;
	if (!isfinite(number) || number < 0 || floor(number) < number)
		return json_error(reader->json, object, reader->err, problem, name);
	*ret = number;
	return true;
}

static bool read_endpoint(const struct tally_reader *reader,
		const cJSON *object,
		const char *name,
		struct endpoint *ret)
{
	static const char problem[] = "\"%s\" must be an ADDRESS:PORT";
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(object, name);
	if (cJSON_IsString(text) && endpoint_parse(text->valuestring, ret))
		return true;
	return json_error(reader->json, object, reader->err, problem, name);
}

/* NULL: there is no such text. */
static const char *sockets_clean_text(struct arena *arena, const char *text, size_t max_chars)
{
	if (!text)
		return NULL;
	return text_clean(arena, text, strlen(text), max_chars);
}

/* A listener as one socket, and what the sockets of its address have in all. */
struct kept_listener {
	struct tally_socket socket;
	struct listener all;
};

/* What several sockets have at worst where only the smallest backlog and the longest queue were
 * kept, as 0.1 did: the sums are then not known. */
static void assume_group(struct kept_listener *kept)
{
	const struct tally_socket *socket = &kept->socket;
	kept->all.room = 0;
	if (socket->rqueue <= socket->wqueue)
		kept->all.room = socket->wqueue - socket->rqueue + 1;
	kept->all.holds = kept->all.sockets * ((double)socket->wqueue + 1);
	kept->all.waiting = kept->all.sockets * (double)socket->rqueue;
}

static bool parse_group(const struct tally_reader *reader,
		const cJSON *item,
		struct kept_listener *ret)
{
	struct listener *all = &ret->all;
	assume_group(ret);
	if (!read_count(reader, item, "room", &all->room))
		return false;
	if (!read_sum(reader, item, "holds", &all->holds))
		return false;
	if (!read_sum(reader, item, "waiting", &all->waiting))
		return false;
	if (!read_sum(reader, item, "drops", &all->drops))
		return false;
	all->drops_known = cJSON_GetObjectItemCaseSensitive(item, "drops") != NULL;
	return sockets_read_bool(reader, item, "interfaces_differ", &all->interfaces_differ);
}

static bool parse_listener(const struct tally_reader *reader,
		const cJSON *item,
		struct kept_listener *ret)
{
	static const char *const members[] = {
			"at",
			"sockets",
			"backlog",
			"queue",
			"room",
			"holds",
			"waiting",
			"drops",
			"interfaces_differ",
			"process",
			"own",
			NULL,
	};
	struct tally_socket *socket = &ret->socket;
	*ret = (struct kept_listener){.all.sockets = 1};
	socket->state = STATE_LISTEN;
	socket->backlog_known = cJSON_GetObjectItemCaseSensitive(item, "backlog") != NULL;
	if (!sockets_check_members(reader, item, members))
		return false;
	if (!read_endpoint(reader, item, "at", &socket->local))
		return false;
	if (!read_count(reader, item, "sockets", &ret->all.sockets))
		return false;
	if (!read_count(reader, item, "backlog", &socket->wqueue))
		return false;
	if (!read_count(reader, item, "queue", &socket->rqueue))
		return false;
	if (!parse_group(reader, item, ret))
		return false;
	if (!sockets_read_text(reader, item, "process", &ret->all.process))
		return false;
	return sockets_read_bool(reader, item, "own", &ret->all.own);
}

static bool read_listener(const struct tally_reader *reader, const cJSON *item)
{
	struct socket_tally *tally = reader->tally;
	struct kept_listener kept;
	size_t before = tally->listener_count;
	if (!parse_listener(reader, item, &kept))
		return false;
	tally_add(reader->arena, tally, &kept.socket);
	if (tally->listener_count == before)
		return json_error(reader->json,
				item,
				reader->err,
				"this listener appears twice, or there are more than %d",
				LISTENERS_MAX);
	struct listener *listener = &tally->listeners[before], *all = &kept.all;
	listener->sockets = all->sockets;
	listener->room = all->room;
	listener->holds = all->holds;
	listener->waiting = all->waiting;
	listener->drops = all->drops;
	listener->drops_known = all->drops_known;
	listener->interfaces_differ = all->interfaces_differ;
	listener->own = all->own;
	listener->process = sockets_clean_text(reader->arena, all->process, PROCESS_CHARS);
	return true;
}

static bool parse_destination(const struct tally_reader *reader,
		const cJSON *item,
		struct destination *ret)
{
	static const char *const members[] = {"to", "sockets", "established", "time_wait", NULL};
	static const char none[] = "a destination needs at least one socket";
	*ret = (struct destination){0};
	if (!sockets_check_members(reader, item, members))
		return false;
	if (!read_endpoint(reader, item, "to", &ret->to))
		return false;
	if (!read_count(reader, item, "sockets", &ret->sockets))
		return false;
	if (!read_count(reader, item, "established", &ret->established))
		return false;
	if (!read_count(reader, item, "time_wait", &ret->time_wait))
		return false;
	if (ret->sockets == 0)
		return json_error(reader->json, item, reader->err, none);
	return true;
}

static bool read_destination(const struct tally_reader *reader, const cJSON *item)
{
	struct destination destination;
	if (!parse_destination(reader, item, &destination))
		return false;
	tally_set_destination(reader->tally, &destination);
	return true;
}

static bool json_read_ports(const struct tally_reader *reader,
		const cJSON *root,
		const char *name,
		struct portset *set)
{
	static const char problem[] = "\"%s\" must be a list of ports like \"8080,9000-9100\"";
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(root, name);
	struct error ignored = {0};
	if (!text)
		return true;
	if (cJSON_IsString(text) && portset_parse(text->valuestring, set, &ignored))
		return true;
	return json_error(reader->json, text, reader->err, problem, name);
}

static bool check_states(const struct tally_reader *reader, const cJSON *states)
{
	const char *names[STATES + 1];
	size_t count = 0;
	for (size_t i = 0; i < STATES; i++) {
		if (tcp_state_names[i])
			names[count++] = tcp_state_names[i];
	}
	names[count] = NULL;
	return sockets_check_members(reader, states, names);
}

static bool read_states(const struct tally_reader *reader, const cJSON *root)
{
	const cJSON *states = cJSON_GetObjectItemCaseSensitive(root, "states");
	if (!states)
		return json_error(reader->json, root, reader->err, "no \"states\"");
	if (!check_states(reader, states))
		return false;
	for (size_t i = 0; i < STATES; i++) {
		const char *name = tcp_state_names[i];
		uint32_t number = 0;
		if (name && !read_count(reader, states, name, &number))
			return false;
		reader->tally->states[i] = number;
	}
	return true;
}

static bool read_listeners(const struct tally_reader *reader, const cJSON *root)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "listeners")) {
		if (!read_listener(reader, item))
			return false;
	}
	return true;
}

static bool read_destinations(const struct tally_reader *reader, const cJSON *root)
{
	static const char problem[] = "more than %d destinations";
	const cJSON *item;
	int count = 0;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "destinations")) {
		count++;
		if (count > DESTINATIONS_DETAIL)
			return json_error(reader->json, item, reader->err, problem, DESTINATIONS_DETAIL);
		if (!read_destination(reader, item))
			return false;
	}
	return true;
}

static bool sockets_check_schema(const struct tally_reader *reader, const cJSON *root)
{
	static const char *const members[] = {
			"schema",
			"source",
			"note",
			"states",
			"bound",
			"held",
			"bound_listed",
			"listeners",
			"destinations",
			"collected",
			"own_error",
			NULL,
	};
	const char *schema = "";
	if (!sockets_check_members(reader, root, members))
		return false;
	if (!sockets_read_text(reader, root, "schema", &schema))
		return false;
	if (strcmp(schema, schema_name) == 0)
		return true;
	return json_error(reader->json, root, reader->err, "\"schema\" must be \"%s\"", schema_name);
}

/* Snapshots of 0.1 do not say how long their lists are. */
static bool check_collected(const struct tally_reader *reader, const cJSON *root)
{
	static const char fewer[] = "\"%s\" does not have as many entries as were counted";
	const cJSON *collected = cJSON_GetObjectItemCaseSensitive(root, "collected");
	for (size_t i = 0; i < COUNT_OF(json_lists) && collected; i++) {
		const cJSON *list = cJSON_GetObjectItemCaseSensitive(root, json_lists[i]);
		uint32_t count = 0;
		if (!read_count(reader, collected, json_lists[i], &count))
			return false;
		if (cJSON_GetArraySize(list) != (int)count)
			return json_error(reader->json, root, reader->err, fewer, json_lists[i]);
	}
	return true;
}

/* The lists come before the states: a listener counts itself, and the states say it again. */
static bool sockets_read_root(const struct tally_reader *reader, const cJSON *root)
{
	struct socket_tally *tally = reader->tally;
	const char *note = NULL;
	uint32_t own_error = 0;
	if (!sockets_check_schema(reader, root))
		return false;
	if (!check_collected(reader, root) || !read_count(reader, root, "own_error", &own_error))
		return false;
	tally->own_error = (int)own_error;
	if (!sockets_read_text(reader, root, "source", &tally->source))
		return false;
	if (!sockets_read_text(reader, root, "note", &note))
		return false;
	tally->note = sockets_clean_text(reader->arena, note, NOTE_CHARS);
	if (!sockets_read_bool(reader, root, "bound_listed", &tally->bound_listed))
		return false;
	if (!read_listeners(reader, root) || !read_destinations(reader, root))
		return false;
	if (!read_states(reader, root))
		return false;
	if (!json_read_ports(reader, root, "bound", &tally->bound))
		return false;
	return json_read_ports(reader, root, "held", &tally->held);
}

bool sockets_from_json(struct arena *arena,
		const char *bytes,
		size_t length,
		struct socket_tally *tally,
		struct error *err)
{
	struct json *json = json_read("sockets.json", bytes, length, err);
	if (!json)
		return false;
	const struct tally_reader reader = {arena, json, tally, err};
	bool read = sockets_read_root(&reader, json_root(json));
	json_free(json);
	return read;
}
