/* What a shell's text may contain besides its load test. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_SHELL_PASSED_H
#define HEADROOM_PROBES_PLAN_COMMAND_SHELL_PASSED_H

#include "probes/plan/command/shell.h"
#include "probes/plan/plan.h"

bool shell_runs_program(const struct shell_command *command, const char *word);
/* True for a command that makes no load and starts nothing that keeps running. */
bool shell_does_nothing(const struct shell_command *command);
/* docker run -d -p 80:80 IMAGE */
bool shell_starts_server(const struct shell_command *command);
/* docker compose up -d */
bool shell_starts_services(const struct shell_command *command);
/* True for a program that is not read at all: python3 app.py, npm start. */
bool shell_starts_unread(const struct plan_command *command);

#endif
