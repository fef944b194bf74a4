/* YAML to nodes, with libyaml's events. One document. An alias becomes a copy of what its anchor
 * names, within the bounds on nodes and bytes: a document that multiplies itself is refused. Tags
 * are not looked at. */
#include <string.h>
#include <yaml.h>

#include "report/helper/tree/nodes.h"

enum {
	ANCHORS_MAX = 1000
};

struct anchor {
	const char *name;
	size_t first, end; /* its nodes; end 0 while it is being read */
};

struct yaml_reader {
	struct nodes nodes;
	yaml_parser_t parser;
	struct {
		bool mapping;
		const char *key;
		size_t node, anchor;
	} open[TREE_DEPTH_MAX + 1];
	size_t depth; /* open collections */
	struct anchor anchors[ANCHORS_MAX];
	size_t anchor_count; /* anchors are numbered from 1; 0 is none */
	bool stream;         /* several documents, as the entries of a sequence */
	struct error *err;
};

static size_t yaml_line_of(const yaml_event_t *event)
{
	return event->start_mark.line + 1;
}

static bool is_key_next(const struct yaml_reader *reader)
{
	return reader->depth && reader->open[reader->depth - 1].mapping &&
			!reader->open[reader->depth - 1].key;
}

/* The name of the value that comes now: its key, which is thereby used. */
static const char *take_key(struct yaml_reader *reader)
{
	if (!reader->depth || !reader->open[reader->depth - 1].mapping)
		return "";
	const char *key = reader->open[reader->depth - 1].key;
	reader->open[reader->depth - 1].key = NULL;
	return key;
}

static bool note_anchor(struct yaml_reader *reader,
		const yaml_event_t *event,
		const yaml_char_t *name,
		size_t *ret_anchor)
{
	*ret_anchor = 0;
	if (!name)
		return true;
	if (reader->anchor_count == ANCHORS_MAX)
		return error_set(reader->err,
				"%zu: more than %d anchors",
				yaml_line_of(event),
				ANCHORS_MAX);
	*ret_anchor = ++reader->anchor_count;
	reader->anchors[*ret_anchor - 1] = (struct anchor){
			.name = arena_strdup(reader->nodes.arena, (const char *)name),
			.first = reader->nodes.count};
	return true;
}

static bool yaml_add(struct yaml_reader *reader,
		const yaml_event_t *event,
		const char *kind,
		const char *text)
{
	struct node node = {.depth = reader->depth,
			.line = yaml_line_of(event),
			.kind = kind,
			.text = text};
	node.name = take_key(reader);
	return nodes_add(&reader->nodes, &node, reader->err) != NULL;
}

static bool on_scalar(struct yaml_reader *reader, const yaml_event_t *event)
{
	const char *value = (const char *)event->data.scalar.value;
	size_t length = event->data.scalar.length, anchor;
	if (memchr(value, '\0', length))
		return error_set(reader->err, "%zu: a NUL character", yaml_line_of(event));
	const char *text = arena_copy(reader->nodes.arena, value, length);
	if (is_key_next(reader)) {
		reader->open[reader->depth - 1].key = text;
		return true;
	}
	if (!note_anchor(reader, event, event->data.scalar.anchor, &anchor) ||
			!yaml_add(reader, event, "scalar", text))
		return false;
	if (anchor)
		reader->anchors[anchor - 1].end = reader->nodes.count;
	return true;
}

static bool yaml_on_start(struct yaml_reader *reader,
		const yaml_event_t *event,
		bool mapping,
		const yaml_char_t *name)
{
	size_t anchor;
	if (is_key_next(reader))
		return error_set(reader->err,
				"%zu: a mapping's key must be a plain text",
				yaml_line_of(event));
	if (!note_anchor(reader, event, name, &anchor) ||
			!yaml_add(reader, event, mapping ? "mapping" : "sequence", ""))
		return false;
	if (reader->depth == TREE_DEPTH_MAX)
		return error_set(reader->err,
				"%zu: nested more than %d levels deep",
				yaml_line_of(event),
				TREE_DEPTH_MAX);
	reader->open[reader->depth].mapping = mapping;
	reader->open[reader->depth].key = NULL;
	reader->open[reader->depth++].anchor = anchor;
	return true;
}

static bool yaml_on_end(struct yaml_reader *reader)
{
	size_t anchor = reader->open[--reader->depth].anchor;
	if (anchor)
		reader->anchors[anchor - 1].end = reader->nodes.count;
	return true;
}

/* A later anchor of the same name hides an earlier one (YAML 1.1, §3.2.2.2). */
static const struct anchor *find_anchor(const struct yaml_reader *reader, const char *name)
{
	for (size_t i = reader->anchor_count; i > 0; i--)
		if (!strcmp(reader->anchors[i - 1].name, name))
			return &reader->anchors[i - 1];
	return NULL;
}

static bool on_alias(struct yaml_reader *reader, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;
	const struct anchor *anchor = find_anchor(reader, name);
	if (!anchor || !anchor->end)
		return error_set(reader->err,
				"%zu: the alias *%.60s %s",
				yaml_line_of(event),
				name,
				anchor ? "stands inside what it names" : "names nothing");
	if (is_key_next(reader))
		return error_set(reader->err, "%zu: an alias as a key", yaml_line_of(event));
	size_t base = reader->nodes.items[anchor->first].depth;
	const char *key = take_key(reader);
	for (size_t i = anchor->first; i < anchor->end; i++) {
		struct node copy = reader->nodes.items[i];
		copy.depth = copy.depth - base + reader->depth;
		copy.name = i == anchor->first ? key : copy.name;
		if (!nodes_add(&reader->nodes, &copy, reader->err))
			return false;
	}
	return true;
}

static bool on_event(struct yaml_reader *reader, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return on_scalar(reader, event);
	case YAML_MAPPING_START_EVENT:
		return yaml_on_start(reader, event, true, event->data.mapping_start.anchor);
	case YAML_SEQUENCE_START_EVENT:
		return yaml_on_start(reader, event, false, event->data.sequence_start.anchor);
	case YAML_MAPPING_END_EVENT:
	case YAML_SEQUENCE_END_EVENT:
		return yaml_on_end(reader);
	case YAML_ALIAS_EVENT:
		return on_alias(reader, event);
	case YAML_DOCUMENT_START_EVENT:
		return !reader->nodes.count || reader->stream ||
				error_set(reader->err, "%zu: a second document", yaml_line_of(event));
	case YAML_NO_EVENT:
	case YAML_STREAM_START_EVENT:
	case YAML_STREAM_END_EVENT:
	case YAML_DOCUMENT_END_EVENT:
		break;
	}
	return true;
}

static bool syntax_error(const struct yaml_reader *reader)
{
	const yaml_parser_t *parser = &reader->parser;
	return error_set(reader->err,
			"%zu: not YAML: %.200s",
			parser->problem_mark.line + 1,
			parser->problem ? parser->problem : "not readable");
}

static bool yaml_parse(struct yaml_reader *reader, const char *bytes, size_t length)
{
	bool good = true, more = true;
	yaml_parser_set_input_string(&reader->parser, (const unsigned char *)bytes, length);
	while (good && more) {
		yaml_event_t event;
		if (!yaml_parser_parse(&reader->parser, &event))
			return syntax_error(reader);
		good = on_event(reader, &event);
		more = event.type != YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	return good && (reader->nodes.count || error_set(reader->err, "1: no YAML document"));
}

/* The sequence that holds the documents. */
static bool begin_stream(struct yaml_reader *reader)
{
	const struct node node = {.line = 1, .kind = "sequence", .name = "", .text = ""};
	if (!nodes_add(&reader->nodes, &node, reader->err))
		return false;
	reader->open[0].mapping = false;
	reader->open[0].key = NULL;
	reader->open[0].anchor = 0;
	reader->depth = 1;
	return true;
}

static bool tree_from_any(const char *bytes,
		size_t length,
		bool stream,
		struct text *out,
		struct error *err)
{
	if (length > TREE_INPUT_BYTES_MAX)
		return error_set(err, "1: larger than %d MiB", TREE_INPUT_BYTES_MAX / (1024 * 1024));
	struct arena *arena = arena_new();
	struct yaml_reader *reader = arena_alloc(arena, sizeof *reader);
	*reader = (struct yaml_reader){.nodes = {.arena = arena}, .stream = stream, .err = err};
	bool ready = yaml_parser_initialize(&reader->parser);
	bool good = ready || error_fail(err, "no memory for the YAML parser");
	good = good && (!stream || begin_stream(reader)) && yaml_parse(reader, bytes, length);
	good = good && nodes_check(&reader->nodes, err);
	if (good)
		nodes_print(&reader->nodes, out);
	if (ready)
		yaml_parser_delete(&reader->parser);
	arena_free(arena);
	return good;
}

bool tree_from_yaml(const char *bytes, size_t length, struct text *out, struct error *err)
{
	return tree_from_any(bytes, length, false, out, err);
}

bool tree_from_yaml_stream(const char *bytes, size_t length, struct text *out, struct error *err)
{
	return tree_from_any(bytes, length, true, out, err);
}
