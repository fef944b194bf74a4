/* Parses the limits of ports and processes that were given to an Erlang VM. Does no I/O. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_BEAM_H
#define HEADROOM_PROBES_HOST_PROCESSES_BEAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct beam_flags {
	double ports;     /* NAN: not set */
	double processes; /* NAN: not set */
	const char *name; /* the node name; NULL: none */
	bool bad;         /* the VM would refuse a number */
};

/* Reads the command line of beam.smp from /proc/PID/cmdline. erlexec has turned +Q N into -Q N;
 * words after "--" belong to the program that the VM runs. */
void beam_parse_cmdline(struct arena *arena,
		const char *bytes,
		size_t length,
		struct beam_flags *flags);
/* Returns a variable of /proc/PID/environ in the arena, or NULL. */
const char *beam_environ(struct arena *arena, const char *bytes, size_t length, const char *name);
/* Reads +Q and +P from the text of a variable such as ERL_FLAGS. */
void beam_parse_flags(struct arena *arena, const char *text, struct beam_flags *flags);
/* Reads ERL_MAX_PORTS. NAN: the VM would refuse it. */
double beam_parse_number(const char *text);

/* Returns the limit that the VM sets for a requested number: the next power of two, between 1,024
 * and 134,217,727 (erts/emulator/beam/erl_ptab.c; measured on OTP 25). */
double beam_round(double requested);

enum {
	BEAM_PORTS_DEFAULT = 65536,
	BEAM_PROCESSES_DEFAULT = 262144,
	BEAM_PROCESSES_DEFAULT_27 = 1048576
};

#endif
