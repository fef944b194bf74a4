/* Is nf_conntrack loaded at boot? Reads modules-load.d and /etc/modules. Otherwise the sysctl.d
 * lines for it have no effect: systemd-sysctl runs early, and a later load does not apply them. */
#include <string.h>

#include "probes/host/boot/config.h"
#include "probes/host/parse.h"
#include "probes/host/put.h"

static const char *const directories[] = {
		"etc/modules-load.d",
		"run/modules-load.d",
		"usr/local/lib/modules-load.d",
		"usr/lib/modules-load.d",
		"lib/modules-load.d",
		NULL,
};

static const char key[] = "boot.modules.nf_conntrack";

/* The line of the file that names the module; 0: none does. */
static int find_module(struct probing *probing, const char *path, const char *module)
{
	char *text;
	int number = 1;
	if (config_read_text(probing, path, &text) != 0)
		return 0;
	for (char *line; (line = parse_line(&text)) != NULL; number++) {
		char *word = parse_word(&line);
		if (word && *word != '#' && *word != ';' && strcmp(word, module) == 0)
			return number;
	}
	return 0;
}

/* Puts that the file loads the module. false: it does not name it. */
static bool modules_files_put(struct probing *probing, const char *path)
{
	int line = find_module(probing, path, "nf_conntrack");
	if (line == 0)
		return false;
	put_number(probing, key, 1, UNIT_BOOL, path, NULL)->line = line;
	return true;
}

/* false: no file that was read names the module. */
static bool modules_files_find(struct probing *probing)
{
	const struct config_file *files;
	size_t count = config_files(probing, directories, &files);
	for (size_t i = 0; i < count; i++) {
		if (modules_files_put(probing, files[i].path))
			return true;
	}
	return modules_files_put(probing, "etc/modules");
}

static void modules_files_run(struct probing *probing)
{
	const char *before = probing->boot_unread;
	probing->boot_unread = NULL;
	bool found = modules_files_find(probing);
	const char *unread = probing->boot_unread;
	if (before)
		probing->boot_unread = before;
	if (found)
		return;
	if (unread) {
		put_missing(probing, key, FACT_SKIPPED, UNIT_BOOL, unread, "it was not read whole");
		return;
	}
	struct fact *fact = put_number(probing, key, 0, UNIT_BOOL, directories[0], NULL);
	fact->note = "no file names it; a firewall service may still load it";
}

const struct probe probe_modules_files = {.name = "modules-load.d", .run = modules_files_run};
