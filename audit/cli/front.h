/* Options in front of the command, as in "headroom --color never audit". */
#ifndef HEADROOM_AUDIT_CLI_FRONT_H
#define HEADROOM_AUDIT_CLI_FRONT_H

/* Moves the command's name to argv[1]; the options that stood before it follow it. Leaves argv as
 * it was where an unknown option, or nothing but options, is in front. */
void front_move(int argc, char **argv);

#endif
