/* One reader for each kind of file, and for each kind of YAML or JSON document. */
#ifndef HEADROOM_MODEL_LINT_READERS_H
#define HEADROOM_MODEL_LINT_READERS_H

#include "model/lint/lint.h"
#include "model/lint/tree.h"

void lint_read_env(struct lint_scan *scan, struct slice text);
void lint_read_image(struct lint_scan *scan, struct slice text);
void lint_read_make(struct lint_scan *scan, struct slice text);
void lint_read_limits(struct lint_scan *scan, struct slice text);
void lint_read_unit(struct lint_scan *scan, struct slice text);
void lint_read_source(struct lint_scan *scan, struct slice text);

/* YAML: each returns true if the document is of its kind and was read. */
bool lint_read_compose(struct lint_scan *scan, const struct node *document);
bool lint_read_workflow(struct lint_scan *scan, const struct node *document);
bool lint_read_pipeline(struct lint_scan *scan, const struct node *document);
/* Values of a Helm chart. Their ports belong to a Kubernetes service and do not count, except ports
 * of the node. */
bool lint_read_values(struct lint_scan *scan, const struct node *document);
bool lint_read_manifest(struct lint_scan *scan, const struct node *document);
/* Reads the settings of a program, in any of the supported formats. */
void lint_read_settings(struct lint_scan *scan, const struct node *root);
/* Reads package.json, devcontainer.json or launch.json; returns false for other files. */
bool lint_read_named_json(struct lint_scan *scan, const struct node *root);

/* Add the listener that a node names, as "HOST:CONTAINER" or as an address. */
void lint_add_published_node(struct lint_scan *scan, const struct node *node, const char *what);
void lint_add_address_node(struct lint_scan *scan, const struct node *node, const char *what);

/* Reads the words of a command given as a text or a list: args, command, entrypoint. */
void lint_read_arguments(struct lint_scan *scan, const struct node *node, const char *program);
/* Reads shell text in a scalar or a block. */
void lint_read_script(struct lint_scan *scan, const struct node *node);

#endif
