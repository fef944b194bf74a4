/* Tables of counters in /proc/net. Pure parsing. */
#ifndef HEADROOM_PROBES_HOST_COUNTERS_H
#define HEADROOM_PROBES_HOST_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

/* netstat and snmp: a line "TcpExt: name name …", then "TcpExt: number number …". *ret_line is the
 * number's. */
bool counters_pair(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line);
/* stat/nf_conntrack and its like: names in the first line, then a line of hexadecimal numbers per
 * CPU. The sum, or the first CPU's alone (a global number that each line repeats). */
bool counters_column(const char *text, const char *name, bool sum, uint64_t *ret_number);
/* softnet_stat: no names; column `index` (from 0) summed over the lines, hexadecimal. */
bool counters_index(const char *text, unsigned index, uint64_t *ret_number);
/* sockstat: "TCP: inuse 1 orphan 0 …". */
bool counters_word(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line);

#endif
