/* Decides which files matter and how each is read. */
#ifndef HEADROOM_MODEL_LINT_KIND_H
#define HEADROOM_MODEL_LINT_KIND_H

#include <stdbool.h>

enum lint_kind {
	LINT_NONE,
	LINT_ENV,      /* .env */
	LINT_YAML,     /* compose, CI, Kubernetes, settings: told apart by their content */
	LINT_JSON,     /* settings, package.json */
	LINT_SETTINGS, /* TOML, INI, properties, and files of "word value" lines */
	LINT_SHELL,    /* scripts, Procfile */
	LINT_MAKE,     /* Makefile, justfile */
	LINT_IMAGE,    /* Dockerfile */
	LINT_SYSCTL_D, /* sysctl.conf, sysctl.d */
	LINT_LIMITS,   /* limits.conf, limits.d */
	LINT_UNIT,     /* systemd */
	LINT_SOURCE    /* programs */
};

/* Decides by the path alone. */
enum lint_kind lint_kind_of(const char *path);
/* Returns true for a directory to skip: other people's code (vendor, node_modules), build output,
 * .git. */
bool lint_skips_directory(const char *name);
/* Returns true if the path belongs to tests. */
bool lint_is_test(const char *path);

#endif
