/* Reads the configuration files of each engine. What they set is added to the engines; what is not
 * understood is named in `unread`. */
#ifndef HEADROOM_PROBES_HOST_ENGINES_CONFIGURATION_H
#define HEADROOM_PROBES_HOST_ENGINES_CONFIGURATION_H

#include "base/os/json.h"
#include "base/text.h"
#include "probes/host/engines/daemon.h"
#include "probes/host/engines/found.h"

struct engine_reader {
	struct arena *arena;
	struct source *source;
	struct engines *engines;
	const struct daemon *daemon; /* the daemon whose command line counts too; NULL: none runs */
	struct name_list *unread;    /* of the engines: receives the files that were not read */
};

/* Returns the text of a file, or NULL if it does not exist or `unread` says why it was not read. A
 * snapshot never keeps a copy, because the file may contain secrets. */
const char *configuration_text(struct engine_reader *reader, const char *path);
/* Returns a source path in the form that people write. */
const char *configuration_shown(const struct engine_reader *reader, const char *path);
void configuration_unread(struct engine_reader *reader, const char *path, const char *why);
/* Keeps the text as that file in a snapshot, and empties the text. */
void configuration_keep(struct engine_reader *reader, const char *path, struct text *kept);
/* Parses the text; returns NULL if it is not JSON. The caller frees the result with json_free. */
struct json *configuration_json(const char *path, const char *text);
/* Takes "nofile=1024:4096" or "nofile=1024" and ignores other names. Returns false if the word is
 * not understood. */
bool configuration_ulimit(struct engine_reader *reader, const char *word, const char *where);
/* Takes "net.core.somaxconn=1024". Returns false if the word is not understood. */
bool configuration_sysctl(struct engine_reader *reader, const char *word, const char *where);

void configuration_of_docker(struct engine_reader *reader);
void configuration_of_containerd(struct engine_reader *reader);
void configuration_of_crio(struct engine_reader *reader);
void configuration_of_podman(struct engine_reader *reader);
void configuration_of_kubelet(struct engine_reader *reader);

#endif
