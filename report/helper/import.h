/* XML, YAML and tar files are read by a separate program in a sandbox:
 *
 *   headroom-import tree xml|yaml|yaml-stream   standard input to standard output (tree/tree.h)
 *   headroom-import untar                       the same for a tar file (untar.h)
 *
 * The static headroom contains that program and starts itself again under this name. */
#ifndef HEADROOM_REPORT_HELPER_IMPORT_H
#define HEADROOM_REPORT_HELPER_IMPORT_H

/* The name under which the program is started. */
#define HELPER_IMPORT_NAME "headroom-import"

/* Runs the program and returns its exit status. In headroom import_run is NULL
 * (import_elsewhere.c), unless import_here.c is linked. */
typedef int import_program(int argc, char **argv);
extern import_program *const import_run;

#endif
