/* Parses tables of counters in /proc/net. Does no I/O. Functions return false if the counter is
 * missing or malformed. */
#ifndef HEADROOM_PROBES_HOST_COUNTERS_H
#define HEADROOM_PROBES_HOST_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* For netstat and snmp, which have a line "TcpExt: name name …" and then a line "TcpExt: number
 * number …". *ret_line is the line with the numbers. */
bool counters_pair(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line);
/* For stat/nf_conntrack and the like, which have names in the first line and then a line of
 * hexadecimal numbers for each CPU. Gives the sum of a column, or only its first number if each
 * line repeats a global one. */
bool counters_column(const char *text, const char *name, bool sum, uint64_t *ret_number);
/* For softnet_stat, which has hexadecimal numbers without names. Gives the sum of column `index`
 * (from 0). */
bool counters_index(const char *text, unsigned index, uint64_t *ret_number);
/* For sockstat, which has lines like "TCP: inuse 1 orphan 0 …". */
bool counters_word(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line);

#endif
