/* Notes about an audit that judged an image (fix --root) by its files alone. */
#ifndef HEADROOM_AUDIT_RUN_IMAGE_H
#define HEADROOM_AUDIT_RUN_IMAGE_H

#include "base/arena.h"
#include "model/fact.h"
#include "model/result.h"

/* Returns one finding that says which settings the image leaves to the kernel, and what its files
 * do not show. Lives in the arena. */
struct finding image_finding(struct arena *arena, const char *root, const struct facts *facts);

#endif
