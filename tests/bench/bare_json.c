/* Parses each line of a file with libcjson alone, and frees it: what headroom fleet is measured by.
 * Usage: bare_json FILE */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	char *line = NULL;
	size_t size = 0;
	if (!file)
		return 2;
	for (ssize_t length; (length = getline(&line, &size, file)) > 0;) {
		cJSON *tree = cJSON_ParseWithLength(line, (size_t)length);
		if (!tree)
			return 1;
		cJSON_Delete(tree);
	}
	free(line);
	(void)fclose(file);
	return 0;
}
