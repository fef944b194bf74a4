/* The words for fields of a plan and for their values. */
#include "report/document/assumed.h"

#include <string.h>

#include "base/array.h"
#include "report/document/view.h"

static const struct assumed_field {
	const char *field, *name, *flag;
} assumed_fields[] = {
		{"runtime", "Language of the program", "--runtime"},
		{"protocol", "Protocol", "--protocol"},
		{"lifetime_s", "How long a connection lives", "--lifetime"},
		{"lifetime_spread", "Spread of the lifetimes", "--lifetime-spread"},
		{"start", "Connections open at the start", "--start"},
		{"closer", "Who closes connections first", "--closer"},
		{"peer_close", "When the other side closes too", "--peer-close"},
		{"bind", "bind() before connect()", "--bind"},
		{"nat", "NAT on this host", "--nat"},
		{"destinations", "Addresses and ports connected to", "--to"},
		{"source_addresses", "Local addresses connected from", "--source-addresses"},
		{"processes", "Processes that share the connections", "--processes"},
		{"fds_base", "Files open besides the connections", "--fds-base"},
		{"fds_per_connection", "Open files per connection", "--fds-per-connection"},
		{"nofile", "Limit of open files that counts", "--nofile"},
		{"streams_per_connection", "Requests at a time per connection", "--streams-per-connection"},
		{"peer_max_streams", "Requests at a time that a server allows", "--peer-max-streams"},
		{"backlog", "Backlog of the listener", "--backlog"},
		{"burst_window_s", "Longest time without accept()", "--burst-window"},
		{"memory_base_bytes", "Program's memory at the start", "--memory-base"},
		{"memory_per_connection_bytes",
				"Program's memory per connection",
				"--memory-per-connection"},
		{"memory_per_user_bytes", "Program's memory per virtual user", "--memory-per-user"},
		{"ports_base", "Erlang ports besides the connections", "--ports-base"},
		{"ports_per_connection", "Erlang ports per connection", "--ports-per-connection"},
		{"upstream.connections", "Connections to servers", "--upstream-connections"},
		{"upstream.open_rate_per_s", "New connections to servers", "--upstream-open-rate"},
		{"upstream.closer", "Who closes connections to servers first", "--upstream-closer"},
		{"upstream.destinations", "Servers behind the proxy", "--upstream-destinations"},
};

static const struct assumed_value {
	const char *field, *value, *said;
} assumed_values[] = {
		{"runtime", "native", "C, C++, Rust"},
		{"protocol", "tcp", "TCP"},
		{"protocol", "udp", "UDP"},
		{"lifetime_s", "unlimited", "until the test ends"},
		{"lifetime_spread", "fixed", "none, all alike"},
		{"lifetime_spread", "exponential", "any may end at any time"},
		{"start", "empty", "none"},
		{"start", "steady", "all, in the middle of their lives"},
		{"start", "together", "all, just opened"},
		{"closer", "client", "the client"},
		{"closer", "server", "the server"},
		{"closer", "reset", "nobody, connections are reset"},
		{"peer_close", "prompt", "at once"},
		{"bind", "none", "not used"},
		{"nofile", "soft", "the soft limit"},
		{"nofile", "hard", "the hard limit"},
		{"backlog", "unlimited", "as large as the host allows"},
		{"memory_base_bytes", "0 B", "not counted"},
		{"memory_per_connection_bytes", "0 B", "not counted"},
		{"memory_per_user_bytes", "0 B", "not counted"},
		{"upstream.closer", "client", "the proxy"},
		{"upstream.closer", "server", "the server"},
};

static const struct assumed_field *assumed_field_of(const char *field)
{
	for (size_t i = 0; i < COUNT_OF(assumed_fields); i++) {
		if (strcmp(assumed_fields[i].field, field) == 0)
			return &assumed_fields[i];
	}
	return NULL;
}

static const char *assumed_value_of(const char *field, const char *value)
{
	for (size_t i = 0; i < COUNT_OF(assumed_values); i++) {
		const struct assumed_value *row = &assumed_values[i];
		bool same = strcmp(row->field, field) == 0 && strcmp(row->value, value) == 0;
		if (same)
			return row->said;
	}
	return value;
}

static const char *assumed_why(const char *source)
{
	if (strcmp(source, "default") == 0)
		return "headroom's default";
	return source;
}

struct assumed document_assumed(struct arena *arena, const cJSON *item)
{
	enum {
		NAME_MAX_CHARS = 80,
		WHY_MAX_CHARS = 160
	};
	const char *field = view_text(arena, item, "field", NAME_MAX_CHARS);
	const char *value = view_value(arena, item, "value", UNIT_COUNT);
	const char *why = view_text(arena, item, "source", WHY_MAX_CHARS);
	const struct assumed_field *known = assumed_field_of(field);
	struct assumed said = {.name = field, .flag = ""};
	if (known) {
		said.name = known->name;
		said.flag = known->flag;
	}
	said.value = assumed_value_of(field, value);
	said.why = assumed_why(why);
	return said;
}
