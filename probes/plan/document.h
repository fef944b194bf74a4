/* A file of a plan as a tree. Its errors and origins name file and line. */
#ifndef HEADROOM_PROBES_PLAN_DOCUMENT_H
#define HEADROOM_PROBES_PLAN_DOCUMENT_H

#include "probes/plan/plan.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tree.h"

struct document {
	struct arena *arena;
	const char *path;
	const struct tree_node *root;
};

/* Reads a file. format: xml, yaml (both through the helper), json, toml or lines. `named_by`: the
 * option that names the file. false with err. */
bool document_read(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *format,
		const char *named_by,
		struct document *ret,
		struct error *err);
/* The same for bytes in memory. */
bool document_parse(const struct plan_context *context,
		const char *path,
		const char *format,
		const char *bytes,
		size_t length,
		struct document *ret,
		struct error *err);

/* Returns the place of a node: "plan.xml:12". */
const char *document_where(const struct document *document, const struct tree_node *node);
/* error_set with that place in front. Always returns false. */
bool document_error(const struct document *document,
		const struct tree_node *node,
		struct error *err,
		const char *format,
		...) __attribute__((format(printf, 4, 5)));
/* Reads the number of the attribute or entry; leaves *ret unchanged if there is none. false with
 * err. */
bool document_number(const struct document *document,
		const struct tree_node *node,
		const char *name,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err);
/* Returns true if the attribute or entry exists and has this text. */
bool document_is(const struct tree_node *node, const char *name, const char *text);

#endif
