/* The names of /etc/hosts as facts, for a facts file: it is judged where nobody can ask this host.
 */
#include <ctype.h>
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "probes/host/put.h"
#include "probes/host/target/resolve.h"

enum {
	NAME_BYTES = 253 /* RFC 1035 */
};

static const char hosts_path[] = "etc/hosts", names_key[] = "name.addresses";

static bool is_host_name(const char *word)
{
	size_t length = strlen(word);
	if (length == 0 || length > NAME_BYTES)
		return false;
	for (size_t i = 0; i < length; i++) {
		bool plain = isalnum((unsigned char)word[i]) || strchr(".-_", word[i]);
		if (!plain)
			return false;
	}
	return true;
}

static const char *hosts_lower(struct arena *arena, const char *word)
{
	char *copy = arena_strdup(arena, word);
	for (char *at = copy; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return copy;
}

/* All words behind the first of each line. */
static struct name_list hosts_words(struct arena *arena, const char *text)
{
	static const char blanks[] = " \t\r";
	struct name_list list = {0};
	char *lines = NULL, *words = NULL;
	char *line = strtok_r(arena_strdup(arena, text), "\n", &lines);
	for (; line; line = strtok_r(NULL, "\n", &lines)) {
		line[strcspn(line, "#")] = '\0';
		if (!strtok_r(line, blanks, &words))
			continue;
		char *word = strtok_r(NULL, blanks, &words);
		for (; word && list.count < RESOLVE_MAX; word = strtok_r(NULL, blanks, &words)) {
			if (is_host_name(word))
				name_list_add_once(arena, &list, hosts_lower(arena, word));
		}
	}
	return list;
}

static void hosts_put(struct probing *probing, const char *text)
{
	struct arena *arena = probing->arena;
	struct name_list words = hosts_words(arena, text);
	struct resolved_name *names = arena_alloc(arena, (words.count + 1) * sizeof *names);
	for (size_t i = 0; i < words.count; i++)
		names[i] = (struct resolved_name){.name = words.items[i]};
	resolve_from_hosts(arena, text, names, words.count);
	for (size_t i = 0; i < words.count; i++) {
		const struct resolved_name *name = &names[i];
		if (name->addresses)
			put_text_of(probing, names_key, name->name, name->addresses, hosts_path, NULL);
	}
	put_lists(probing, names_key, LIST_PARTIAL, 0); /* other names may resolve elsewhere */
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
