/* A foreign document (XML, YAML) as a flat list of nodes in JSON, for the core, which links neither
 * library:
 *
 *   {"schema":"headroom.tree/1","nodes":[[DEPTH,LINE,"KIND","NAME","TEXT"], …]}
 *
 * Nodes are in document order. KIND: element, attribute, mapping, sequence, scalar. NAME is that of
 * the element, the attribute or the mapping entry; empty for sequence entries and for the root of
 * YAML. The list is flat so that deep input does not become deep JSON. */
#ifndef HEADROOM_REPORT_HELPER_TREE_TREE_H
#define HEADROOM_REPORT_HELPER_TREE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum {
	TREE_INPUT_BYTES_MAX = 16 * 1024 * 1024,
	TREE_OUTPUT_BYTES_MAX = 48 * 1024 * 1024,
	TREE_DEPTH_MAX = 100,
	TREE_NODES_MAX = 200000,
};

/* Append the JSON to *out. Return false with err, which begins with "LINE: ". Nothing is fetched or
 * opened: entities other than the five of XML are errors, external DTDs are not read, and aliases
 * of YAML are copied within the bounds above. */
bool tree_from_xml(const char *bytes, size_t length, struct text *out, struct error *err);
bool tree_from_yaml(const char *bytes, size_t length, struct text *out, struct error *err);
/* For several documents: the root is a sequence of them. */
bool tree_from_yaml_stream(const char *bytes, size_t length, struct text *out, struct error *err);

/* Loads the C library's tables for the encodings of documents from other systems, before the
 * sandbox forbids opening files. */
void tree_xml_prepare(void);

/* Runs `headroom-import tree xml|yaml`, from standard input to standard output. Returns the exit
 * status. */
int tree_main(int argc, char **argv);

#endif
