/* Version, commit and install paths, given by the Makefile with -D. Nothing else depends on them,
 * so that a commit rebuilds this file only. */
#include "audit/cli/version.h"

#ifndef HEADROOM_VERSION
#define HEADROOM_VERSION "0.0.0"
#endif
#ifndef HEADROOM_COMMIT
#define HEADROOM_COMMIT "unknown"
#endif
#ifndef HEADROOM_LIBEXECDIR
#define HEADROOM_LIBEXECDIR "/usr/local/libexec/headroom"
#endif

const char *version_number(void)
{
	return HEADROOM_VERSION;
}

const char *version_commit(void)
{
	return HEADROOM_COMMIT;
}

const char *version_libexecdir(void)
{
	return HEADROOM_LIBEXECDIR;
}
