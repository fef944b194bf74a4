/* The names of /etc/hosts as facts, for a facts file: it is judged where nobody can ask this host.
 */
#include <ctype.h>
#include <string.h>

#include "base/list.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"
#include "probes/host/target/resolve.h"

enum {
	NAME_BYTES = 253 /* RFC 1035 */
};

static const char hosts_path[] = "etc/hosts", names_key[] = "name.addresses";

static bool is_host_char(char letter)
{
	if (isalnum((unsigned char)letter))
		return true;
	return letter == '.' || letter == '-' || letter == '_';
}

static bool is_host_name(const char *word)
{
	size_t length = 0;
	while (is_host_char(word[length]))
		length++;
	if (word[length] != '\0')
		return false;
	return length > 0 && length <= NAME_BYTES;
}

static const char *hosts_lower(struct arena *arena, const char *word)
{
	char *copy = arena_strdup(arena, word);
	for (char *at = copy; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

/* The names of one line: all words behind its address. */
static void hosts_add_line(struct arena *arena, char *line, struct name_list *list)
{
	char *rest = line;
	line[strcspn(line, "#")] = '\0';
	const char *address = parse_word(&rest);
	if (!address)
		return;
	for (char *word; (word = parse_word(&rest)) != NULL;) {
		if (list->count == RESOLVE_MAX)
			return;
		if (is_host_name(word))
			name_list_add_once(arena, list, hosts_lower(arena, word));
	}
}

static struct name_list hosts_names(struct arena *arena, const char *text)
{
	struct name_list list = {0};
	char *rest = arena_strdup(arena, text);
	for (char *line; (line = parse_line(&rest)) != NULL;)
		hosts_add_line(arena, line, &list);
	return list;
}

static void hosts_put_name(struct probing *probing, const struct resolved_name *name)
{
	const char *addresses = name->addresses;
	if (!addresses)
		return;
	put_text_of(probing, names_key, name->name, addresses, hosts_path, NULL);
}

static void hosts_put(struct probing *probing, const char *text)
{
	struct arena *arena = probing->arena;
	struct name_list list = hosts_names(arena, text);
	size_t room = list.count + 1;
	struct resolved_name *names = arena_alloc(arena, room * sizeof *names);
	for (size_t i = 0; i < list.count; i++)
		names[i].name = list.items[i];
	resolve_from_hosts(arena, text, names, list.count);
	for (size_t i = 0; i < list.count; i++)
		hosts_put_name(probing, &names[i]);
	/* Other names may resolve elsewhere. */
	put_lists(probing, names_key, LIST_PARTIAL, 0);
}

static void hosts_file_run(struct probing *probing)
{
	char *text;
	if (!probing->options->hosts_file)
		return;
	if (probing_read_text(probing, hosts_path, &text) == 0)
		hosts_put(probing, text);
}

const struct probe probe_hosts_file = {.name = "hosts file", .run = hosts_file_run};
