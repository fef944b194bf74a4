/* Recognizes commands that shell text may contain besides its load test. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_PASSED_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_PASSED_H

#include "probes/plan/command/shell.h"
#include "probes/plan/plan.h"

bool shell_runs_program(const struct shell_command *command, const char *word);
/* Returns true for a command that makes no load and leaves nothing running. */
bool shell_does_nothing(const struct shell_command *command);
/* For commands such as docker run -d -p 80:80 IMAGE. */
bool shell_starts_server(const struct shell_command *command);
/* For commands such as docker compose up -d. */
bool shell_starts_services(const struct shell_command *command);
/* Returns true for a program that headroom does not read: python3 app.py, npm start. */
bool shell_starts_unread(const struct plan_command *command);

#endif
