/* Tables of counters in /proc/net. Parses texts; does no I/O. false: the counter is not there, or
 * malformed. */
#ifndef HEADROOM_PROBES_HOST_COUNTERS_H
#define HEADROOM_PROBES_HOST_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* netstat and snmp have a line "TcpExt: name name …", then a line "TcpExt: number number …".
 * *ret_line is the line of the numbers. */
bool counters_pair(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line);
/* stat/nf_conntrack and the like have names in the first line, then a line of hexadecimal numbers
 * for each CPU. Gives the sum of a column, or only its first number where each line repeats a
 * global one. */
bool counters_column(const char *text, const char *name, bool sum, uint64_t *ret_number);
/* softnet_stat has hexadecimal numbers without names. Gives the sum of column `index` (from 0). */
bool counters_index(const char *text, unsigned index, uint64_t *ret_number);
/* sockstat has lines like "TCP: inuse 1 orphan 0 …". */
bool counters_word(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line);

#endif
