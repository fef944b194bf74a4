/* A file of a plan, read as a tree: its errors and origins name file and line. */
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

/* format: xml, yaml (both through the helper), json, toml or lines. `named_by` is the option that
 * names the file. */
bool document_read(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		const char *format,
		const char *named_by,
		struct document *ret,
		struct error *err);
/* The same from bytes at hand. */
bool document_parse(const struct plan_context *context,
		const char *path,
		const char *format,
		const char *bytes,
		size_t length,
		struct document *ret,
		struct error *err);

/* "plan.xml:12" */
const char *document_where(const struct document *document, const struct tree_node *node);
/* error_set with that place in front; always false. */
bool document_error(const struct document *document,
		const struct tree_node *node,
		struct error *err,
		const char *format,
		...) __attribute__((format(printf, 4, 5)));
/* The number of the attribute or entry; *ret is left alone where there is none. */
bool document_number(const struct document *document,
		const struct tree_node *node,
		const char *name,
		const struct quantity_syntax *syntax,
		double *ret,
		struct error *err);
/* True if the attribute or entry is there and says so. */
bool document_is(const struct tree_node *node, const char *name, const char *text);

#endif
