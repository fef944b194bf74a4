/* XML, YAML and tar files are read by a program of their own, in a sandbox:
 *
 *   headroom-import tree xml|yaml|yaml-stream   standard input to standard output (tree/tree.h)
 *   headroom-import untar                       the same of a tar file (untar.h)
 *
 * The static headroom is that program as well: started once more, with this name. */
#ifndef HEADROOM_REPORT_HELPER_IMPORT_H
#define HEADROOM_REPORT_HELPER_IMPORT_H

/* The name that it is started by. */
#define HELPER_IMPORT_NAME "headroom-import"

/* The program. Returns the exit status. In headroom it is NULL (import_elsewhere.c), unless it was
 * linked with import_here.c. */
typedef int import_program(int argc, char **argv);
extern import_program *const import_run;

#endif
