/* Which files matter, and how each is read. */
#ifndef HEADROOM_MODEL_LINT_KIND_H
#define HEADROOM_MODEL_LINT_KIND_H

#include <stdbool.h>

enum lint_kind {
	LINT_NONE,
	LINT_ENV,      /* .env */
	LINT_YAML,     /* compose, CI, Kubernetes, settings: told apart by what is in it */
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

/* By the path alone. */
enum lint_kind lint_kind_of(const char *path);
/* Is this directory left out: what others wrote (vendor, node_modules), what was built, .git? */
bool lint_skips_directory(const char *name);
/* Does the path belong to tests? */
bool lint_is_test(const char *path);

#endif
