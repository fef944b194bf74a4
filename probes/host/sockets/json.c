/* sockets.json of a snapshot: the tally, not the sockets. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/os/json.h"
#include "base/text.h"
#include "probes/host/sockets/sockets.h"

static const char schema_name[] = "headroom.sockets/1";

static void json_add_ports(cJSON *object, const char *name, const struct portset *set)
{
	struct text text = {0};
	portset_print(set, &text);
	cJSON_AddStringToObject(object, name, text_string(&text));
	text_release(&text);
}

static void json_add_destinations(struct arena *arena,
		cJSON *root,
		const struct socket_tally *tally)
{
	const struct destination **top;
	size_t count = tally_top(arena, tally, DESTINATIONS_DETAIL, &top);
	cJSON *list = cJSON_AddArrayToObject(root, "destinations");
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "to", endpoint_text(arena, &top[i]->to));
		cJSON_AddNumberToObject(item, "sockets", top[i]->sockets);
		cJSON_AddNumberToObject(item, "established", top[i]->established);
		cJSON_AddNumberToObject(item, "time_wait", top[i]->time_wait);
		cJSON_AddItemToArray(list, item);
	}
}

static void json_add_listeners(struct arena *arena, cJSON *root, const struct socket_tally *tally)
{
	cJSON *list = cJSON_AddArrayToObject(root, "listeners");
	for (size_t i = 0; i < tally->listener_count; i++) {
		const struct listener *listener = &tally->listeners[i];
		cJSON *item = cJSON_CreateObject();
		cJSON_AddStringToObject(item, "at", endpoint_text(arena, &listener->at));
		cJSON_AddNumberToObject(item, "sockets", listener->sockets);
		if (listener->backlog_known)
			cJSON_AddNumberToObject(item, "backlog", listener->backlog);
		cJSON_AddNumberToObject(item, "queue", listener->queue);
		if (listener->process)
			cJSON_AddStringToObject(item, "process", listener->process);
		if (listener->own)
			cJSON_AddBoolToObject(item, "own", true);
		cJSON_AddItemToArray(list, item);
	}
}

cJSON *sockets_to_json(struct arena *arena, const struct socket_tally *tally)
{
	cJSON *root = cJSON_CreateObject(), *states;
	cJSON_AddStringToObject(root, "schema", schema_name);
	cJSON_AddStringToObject(root, "source", tally->source);
	if (tally->note)
		cJSON_AddStringToObject(root, "note", tally->note);
	cJSON_AddBoolToObject(root, "bound_listed", tally->bound_listed);
	states = cJSON_AddObjectToObject(root, "states");
	for (size_t i = 0; i < STATES; i++)
		if (tcp_state_names[i])
			cJSON_AddNumberToObject(states, tcp_state_names[i], (double)tally->states[i]);
	json_add_ports(root, "bound", &tally->bound);
	json_add_ports(root, "held", &tally->held);
	json_add_listeners(arena, root, tally);
	json_add_destinations(arena, root, tally);
	return root;
}

/* A whole number of at most 32 bits. */
static bool read_count(const struct json *json,
		const cJSON *object,
		const char *name,
		uint32_t *ret,
		struct error *err)
{
	double number = *ret;
	if (!json_number(json, object, name, &number, err))
		return false;
	if (!(number >= 0 && number <= UINT32_MAX) || floor(number) < number)
		return json_error(json, object, err, "\"%s\" must be a whole number below 2^32", name);
	*ret = (uint32_t)number;
	return true;
}

static bool read_endpoint(const struct json *json,
		const cJSON *object,
		const char *name,
		struct endpoint *ret,
		struct error *err)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(object, name);
	if (cJSON_IsString(text) && endpoint_parse(text->valuestring, ret))
		return true;
	return json_error(json, object, err, "\"%s\" must be an ADDRESS:PORT", name);
}

static bool read_listener(struct arena *arena,
		const struct json *json,
		const cJSON *item,
		struct socket_tally *tally,
		struct error *err)
{
	static const char *const members[] =
			{"at", "sockets", "backlog", "queue", "process", "own", NULL};
	struct tally_socket socket = {.state = STATE_LISTEN};
	uint32_t sockets = 1;
	const char *process = NULL;
	bool own = false;
	socket.backlog_known = cJSON_GetObjectItemCaseSensitive(item, "backlog") != NULL;
	if (!json_check_members(json, item, members, err) ||
			!read_endpoint(json, item, "at", &socket.local, err) ||
			!read_count(json, item, "sockets", &sockets, err) ||
			!read_count(json, item, "backlog", &socket.wqueue, err) ||
			!read_count(json, item, "queue", &socket.rqueue, err) ||
			!json_string(json, item, "process", arena, &process, err) ||
			!json_bool(json, item, "own", &own, err))
		return false;
	size_t before = tally->listener_count;
	tally_add(arena, tally, &socket);
	if (tally->listener_count == before)
		return json_error(json,
				item,
				err,
				"this listener stands here twice, or there are more than %d",
				LISTENERS_MAX);
	struct listener *listener = &tally->listeners[before];
	listener->sockets = sockets;
	listener->process = process ? text_clean(arena, process, strlen(process), 64) : NULL;
	listener->own = own;
	return true;
}

static bool read_destination(struct arena *arena,
		const struct json *json,
		const cJSON *item,
		struct socket_tally *tally,
		struct error *err)
{
	static const char *const members[] = {"to", "sockets", "established", "time_wait", NULL};
	struct destination found = {0};
	struct socket_tally counts = {.table = tally->table,
			.table_size = tally->table_size,
			.destinations = tally->destinations};
	if (!json_check_members(json, item, members, err) ||
			!read_endpoint(json, item, "to", &found.to, err) ||
			!read_count(json, item, "sockets", &found.sockets, err) ||
			!read_count(json, item, "established", &found.established, err) ||
			!read_count(json, item, "time_wait", &found.time_wait, err))
		return false;
	if (found.sockets == 0)
		return json_error(json, item, err, "a destination has at least one socket");
	struct tally_socket socket = {.state = STATE_SYN_SENT, .remote = found.to};
	tally_add(arena, &counts, &socket);
	tally->table = counts.table;
	tally->table_size = counts.table_size;
	tally->destinations = counts.destinations;
	for (size_t i = 0; i < tally->table_size; i++)
		if (tally->table[i].sockets == 1 &&
				memcmp(&tally->table[i].to, &found.to, sizeof found.to) == 0)
			tally->table[i] = found;
	return true;
}

static bool json_read_ports(const struct json *json,
		const cJSON *root,
		const char *name,
		struct portset *set,
		struct error *err)
{
	const cJSON *text = cJSON_GetObjectItemCaseSensitive(root, name);
	struct error problem = {0};
	if (!text)
		return true;
	if (cJSON_IsString(text) && portset_parse(text->valuestring, set, &problem))
		return true;
	return json_error(json,
			text,
			err,
			"\"%s\" must be a list of ports like \"8080,9000-9100\"",
			name);
}

static bool read_states(const struct json *json,
		const cJSON *states,
		struct socket_tally *tally,
		struct error *err)
{
	const char *names[STATES + 1];
	size_t count = 0;
	for (size_t i = 0; i < STATES; i++)
		if (tcp_state_names[i])
			names[count++] = tcp_state_names[i];
	names[count] = NULL;
	if (!json_check_members(json, states, names, err))
		return false;
	for (size_t i = 0; i < STATES; i++) {
		uint32_t number = 0;
		if (tcp_state_names[i] && !read_count(json, states, tcp_state_names[i], &number, err))
			return false;
		tally->states[i] = number;
	}
	return true;
}

static bool read_lists(struct arena *arena,
		const struct json *json,
		const cJSON *root,
		struct socket_tally *tally,
		struct error *err)
{
	const cJSON *item;
	size_t destinations = 0;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "listeners"))
		if (!read_listener(arena, json, item, tally, err))
			return false;
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(root, "destinations"))
		if (++destinations > DESTINATIONS_DETAIL)
			return json_error(json, item, err, "more than %d destinations", DESTINATIONS_DETAIL);
		else if (!read_destination(arena, json, item, tally, err))
			return false;
	return true;
}

bool sockets_from_json(struct arena *arena,
		const char *bytes,
		size_t length,
		struct socket_tally *tally,
		struct error *err)
{
	static const char *const members[] = {"schema",
			"source",
			"note",
			"states",
			"bound",
			"held",
			"bound_listed",
			"listeners",
			"destinations",
			NULL};
	const char *schema = "", *note = NULL;
	struct json *json = json_read("sockets.json", bytes, length, err);
	if (!json)
		return false;
	const cJSON *root = json_root(json), *states = cJSON_GetObjectItemCaseSensitive(root, "states");
	bool read = json_check_members(json, root, members, err) &&
			json_string(json, root, "schema", arena, &schema, err) &&
			(strcmp(schema, schema_name) == 0 ||
					json_error(json, root, err, "\"schema\" must be \"%s\"", schema_name)) &&
			json_string(json, root, "source", arena, &tally->source, err) &&
			json_string(json, root, "note", arena, &note, err) &&
			json_bool(json, root, "bound_listed", &tally->bound_listed, err) &&
			read_lists(arena, json, root, tally, err) &&
			(states || json_error(json, root, err, "no \"states\"")) &&
			read_states(json, states, tally, err) &&
			json_read_ports(json, root, "bound", &tally->bound, err) &&
			json_read_ports(json, root, "held", &tally->held, err);
	tally->note = note ? text_clean(arena, note, strlen(note), 200) : NULL;
	json_free(json);
	return read;
}
