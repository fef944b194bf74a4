/* The program that reads XML, YAML and tar files. Both modes enter the sandbox before they read. */
#include <stdio.h>
#include <string.h>

#include <libxml/parser.h>

#include "base/array.h"
#include "report/helper/checked_memory.h"
#include "report/helper/import.h"
#include "report/helper/tree/tree.h"
#include "report/helper/untar.h"

static const struct {
	const char *name;
	import_program *run;
} import_modes[] = {
		{"tree", tree_main},
		{"untar", untar_main},
};

static int import_here(int argc, char **argv)
{
	checked_memory_use();
	for (size_t i = 0; argc > 1 && i < COUNT_OF(import_modes); i++) {
		if (strcmp(argv[1], import_modes[i].name) != 0)
			continue;
		int status = import_modes[i].run(argc, argv);
		xmlCleanupParser();
		return status;
	}
	(void)fprintf(stderr, "usage: " HELPER_IMPORT_NAME " tree|untar …\n");
	return 2;
}

import_program *const import_run = import_here;
