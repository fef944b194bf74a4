/* Options in front of the command, as in "headroom --color never audit". */
#ifndef HEADROOM_AUDIT_CLI_FRONT_H
#define HEADROOM_AUDIT_CLI_FRONT_H

/* Moves the command's name to argv[1] and the options before it behind it. Leaves argv unchanged if
 * an option before the command is unknown, or if there are only options. */
void front_move(int argc, char **argv);

#endif
