/* One reader for each kind of file, or of document in it. */
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

/* YAML: true if the document is of this kind; then it has been read. */
bool lint_read_compose(struct lint_scan *scan, const struct node *document);
bool lint_read_workflow(struct lint_scan *scan, const struct node *document);
bool lint_read_pipeline(struct lint_scan *scan, const struct node *document);
/* Values of a Helm chart: ports in them are a service's, but for those of the node. */
bool lint_read_values(struct lint_scan *scan, const struct node *document);
bool lint_read_manifest(struct lint_scan *scan, const struct node *document);
/* Reads the settings of a program, in any of the supported formats. */
void lint_read_settings(struct lint_scan *scan, const struct node *root);
/* Scripts of package.json, devcontainer.json, launch.json. */
bool lint_read_named_json(struct lint_scan *scan, const struct node *root);

/* The listener that a node names: "HOST:CONTAINER", or an address. */
void lint_add_published_node(struct lint_scan *scan, const struct node *node, const char *what);
void lint_add_address_node(struct lint_scan *scan, const struct node *node, const char *what);

/* The words of a command that is a text or a list: args, command, entrypoint. */
void lint_read_arguments(struct lint_scan *scan, const struct node *node, const char *program);
/* A text of shell in a scalar or block. */
void lint_read_script(struct lint_scan *scan, const struct node *node);

#endif
