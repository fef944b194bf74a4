/* What an Erlang VM was told about ports and processes. Parses texts; does no I/O. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_BEAM_H
#define HEADROOM_PROBES_HOST_PROCESSES_BEAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct beam_flags {
	double ports;     /* NAN: not set */
	double processes; /* NAN: not set */
	const char *name; /* the node name; NULL: none */
	bool bad;         /* some number is one that the VM would refuse */
};

/* The command line of beam.smp, from /proc/PID/cmdline. erlexec has turned +Q N into -Q N; what
 * follows "--" belongs to the program that the VM runs. */
void beam_parse_cmdline(struct arena *arena,
		const char *bytes,
		size_t length,
		struct beam_flags *flags);
/* One variable of /proc/PID/environ: its value in the arena, or NULL. */
const char *beam_environ(struct arena *arena, const char *bytes, size_t length, const char *name);
/* Takes +Q and +P from the text of a variable such as ERL_FLAGS. */
void beam_parse_flags(struct arena *arena, const char *text, struct beam_flags *flags);
/* The value of ERL_MAX_PORTS. NAN: the VM would refuse it. */
double beam_parse_number(const char *text);

/* The limit that the VM sets for a number that was asked for: the next power of two, at least
 * 1,024, at most 134,217,727 (erts/emulator/beam/erl_ptab.c; measured on OTP 25). */
double beam_round(double requested);

enum {
	BEAM_PORTS_DEFAULT = 65536,
	BEAM_PROCESSES_DEFAULT = 262144,
	BEAM_PROCESSES_DEFAULT_27 = 1048576
};

#endif
