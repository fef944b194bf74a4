/* Version, commit and paths of this build. Only here do these values of the Makefile enter the
 * program. */
#ifndef HEADROOM_AUDIT_CLI_VERSION_H
#define HEADROOM_AUDIT_CLI_VERSION_H

const char *version_number(void);     /* "0.2.0" */
const char *version_commit(void);     /* short commit hash; "unknown" if built outside of git */
const char *version_libexecdir(void); /* where `make install` puts headroom-helper */

#endif
