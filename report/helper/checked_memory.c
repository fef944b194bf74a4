#include "report/helper/checked_memory.h"

#include <libxml/xmlmemory.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/os/json.h"

static char *copy_text(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(memory_get(size), text, size);
}

/* libxml2 goes on where it got no memory for a node, and a report would lack it without a word. */
void checked_memory_use(void)
{
	json_use_checked_memory();
	(void)xmlMemSetup(free, memory_get, memory_resize, copy_text);
}
