/* A foreign document (XML, YAML) as a flat list of nodes in JSON, for the core, which links neither
 * library:
 *
 *   {"schema":"headroom.tree/1","nodes":[[DEPTH,LINE,"KIND","NAME","TEXT"], …]}
 *
 * in document order. KIND: element, attribute, mapping, sequence, scalar. NAME is the element's,
 * the attribute's or the mapping entry's; empty for sequence entries and the root of YAML. Flat, so
 * that no depth of the input becomes a depth of the output. */
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

/* Adds the JSON to *out. Errors begin with "LINE: ". Nothing is fetched, opened or expanded:
 * entities other than the five of XML are errors, external DTDs are not read; aliases of YAML are
 * copied within the bounds above. */
bool tree_from_xml(const char *bytes, size_t length, struct text *out, struct error *err);
bool tree_from_yaml(const char *bytes, size_t length, struct text *out, struct error *err);
/* Several documents: the root is a sequence of them. */
bool tree_from_yaml_stream(const char *bytes, size_t length, struct text *out, struct error *err);

/* Loads the C library's tables of the encodings that documents of other systems have: later no file
 * can be opened. */
void tree_xml_prepare(void);

/* The mode of headroom-import: `headroom-import tree xml|yaml`, standard input to standard output.
 * Returns the exit status. */
int tree_main(int argc, char **argv);

#endif
