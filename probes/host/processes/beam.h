/* What an Erlang VM was told about ports and processes. Pure parsing. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_BEAM_H
#define HEADROOM_PROBES_HOST_PROCESSES_BEAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct beam_flags {
	double ports;     /* NAN: not set */
	double processes; /* NAN: not set */
	const char *name; /* node name; NULL */
	bool bad;         /* a number that the VM would not take */
};

/* /proc/PID/cmdline of beam.smp: erlexec has turned +Q N into -Q N; what follows "--" is the
 * program's. */
void beam_parse_cmdline(struct arena *arena,
		const char *bytes,
		size_t length,
		struct beam_flags *flags);
/* One variable of /proc/PID/environ: its value in the arena, or NULL. */
const char *beam_environ(struct arena *arena, const char *bytes, size_t length, const char *name);
/* +Q and +P in a flag variable such as ERL_FLAGS. */
void beam_parse_flags(struct arena *arena, const char *text, struct beam_flags *flags);
/* ERL_MAX_PORTS. */
double beam_parse_number(const char *text);

/* What the VM makes of it (erts/emulator/beam/erl_ptab.c; measured on OTP 25): the next power of
 * two, at least 1,024, at most 134,217,727. */
double beam_round(double requested);

enum {
	BEAM_PORTS_DEFAULT = 65536,
	BEAM_PROCESSES_DEFAULT = 262144,
	BEAM_PROCESSES_DEFAULT_27 = 1048576
};

#endif
