/* What a headroom is linked with that does not read XML, YAML and tar files itself. */
#include <stddef.h>

#include "report/helper/import.h"

import_program *const import_run = NULL;
