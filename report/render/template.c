#include "report/render/template.h"

#include <string.h>

const struct template_file *template_find(const struct template_set *set, const char *name)
{
	for (size_t i = 0; i < set->count; i++)
		if (strcmp(set->files[i].name, name) == 0)
			return &set->files[i];
	return NULL;
}

const char *template_shown(const struct template_file *file)
{
	if (file->shown)
		return file->shown;
	return file->name;
}
