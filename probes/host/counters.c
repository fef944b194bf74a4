/* Counters since boot that say a limit was already hit. */
#include "probes/host/counters.h"

#include <string.h>

#include "base/array.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

/* Moves *cursor to the next word of the line and returns the word's length; 0: the line has no more
 * words. */
static size_t counters_next_word(const char **cursor)
{
	*cursor += strspn(*cursor, " \t");
	return strcspn(*cursor, " \t\n");
}

static bool word_is(const char *word, size_t length, const char *name)
{
	return strlen(name) == length && strncmp(word, name, length) == 0;
}

/* The index of a name among the words of a line; -1: it is not there. */
static int find_word(const char *line, const char *name)
{
	int index = 0;
	for (size_t length; (length = counters_next_word(&line)) > 0; line += length) {
		if (word_is(line, length, name))
			return index;
		index++;
	}
	return -1;
}

/* NULL: the line has no word of this index. */
static const char *word_at(const char *line, int index)
{
	if (index < 0)
		return NULL;
	size_t length = counters_next_word(&line);
	while (length > 0 && index > 0) {
		line += length;
		length = counters_next_word(&line);
		index--;
	}
	if (length == 0)
		return NULL;
	return line;
}

static bool starts_section(const char *line, const char *section)
{
	size_t length = strlen(section);
	return strncmp(line, section, length) == 0 && line[length] == ':';
}

static bool ends_word(const char *text)
{
	return *text == '\0' || strchr(" \t\n", *text);
}

bool counters_pair(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line)
{
	int line = 1;
	for (; *text; text = parse_next_line(text), line++) {
		const char *values = parse_next_line(text);
		if (!starts_section(text, section) || !starts_section(values, section))
			continue;
		const char *word = word_at(values, find_word(text, name));
		*ret_line = line + 1;
		return word && parse_u64(&word, ret_number) && ends_word(word);
	}
	return false;
}

bool counters_column(const char *text, const char *name, bool sum, uint64_t *ret_number)
{
	int index = find_word(text, name);
	bool any = false;
	*ret_number = 0;
	for (text = parse_next_line(text); index >= 0 && *text; text = parse_next_line(text)) {
		uint64_t number;
		const char *word = word_at(text, index);
		if (!word || !parse_hex(&word, &number) || !ends_word(word))
			return false;
		*ret_number += number;
		any = true;
		if (!sum)
			break;
	}
	return any;
}

/* A column without a name: its sum, and the largest number in it. */
struct column {
	uint64_t sum, most;
};

static bool counters_read_index(const char *text, unsigned index, struct column *ret)
{
	bool any = false;
	*ret = (struct column){0};
	for (; *text; text = parse_next_line(text)) {
		uint64_t number;
		const char *word = word_at(text, (int)index);
		if (!word || !parse_hex(&word, &number) || !ends_word(word))
			return false;
		ret->sum += number;
		if (number > ret->most)
			ret->most = number;
		any = true;
	}
	return any;
}

bool counters_index(const char *text, unsigned index, uint64_t *ret_number)
{
	struct column column;
	bool read = counters_read_index(text, index, &column);
	*ret_number = column.sum;
	return read;
}

static bool counters_most(const char *text, unsigned index, uint64_t *ret_number)
{
	struct column column;
	bool read = counters_read_index(text, index, &column);
	*ret_number = column.most;
	return read;
}

bool counters_word(const char *text,
		const char *section,
		const char *name,
		uint64_t *ret_number,
		int *ret_line)
{
	int line = 1;
	for (; *text; text = parse_next_line(text), line++) {
		if (!starts_section(text, section))
			continue;
		int index = find_word(text, name);
		if (index >= 0)
			index++;
		const char *word = word_at(text, index);
		*ret_line = line;
		return word && parse_u64(&word, ret_number) && ends_word(word);
	}
	return false;
}

enum form {
	FORM_PAIR,
	FORM_SUM,
	FORM_FIRST,
	FORM_INDEX,
	FORM_MOST,
	FORM_WORD
};

struct counter_row {
	const char *key, *path;
	enum form form;
	const char *section, *name;
	unsigned index;
};

#define PAIR(prefix, file, section_name, counter)                                        \
	{                                                                                    \
		.key = prefix counter, .path = file, .form = FORM_PAIR, .section = section_name, \
		.name = counter                                                                  \
	}
#define TCP_EXT(counter)  PAIR("netstat.TcpExt.", "proc/net/netstat", "TcpExt", counter)
#define SNMP_TCP(counter) PAIR("snmp.Tcp.", "proc/net/snmp", "Tcp", counter)

static const struct counter_row counter_rows[] = {
		TCP_EXT("ListenOverflows"),
		TCP_EXT("ListenDrops"),
		TCP_EXT("TCPTimeWaitOverflow"),
		TCP_EXT("TCPReqQFullDoCookies"),
		TCP_EXT("TCPReqQFullDrop"),
		TCP_EXT("SyncookiesSent"),
		TCP_EXT("SyncookiesRecv"),
		TCP_EXT("SyncookiesFailed"),
		TCP_EXT("TCPAbortOnMemory"),
		TCP_EXT("TCPMemoryPressures"),
		TCP_EXT("PAWSActive"),
		TCP_EXT("TW"),
		TCP_EXT("TWRecycled"),
		SNMP_TCP("ActiveOpens"),
		SNMP_TCP("PassiveOpens"),
		SNMP_TCP("AttemptFails"),
		SNMP_TCP("CurrEstab"),
		SNMP_TCP("RetransSegs"),
		{.key = "softnet.dropped", .path = "proc/net/softnet_stat", .form = FORM_INDEX, .index = 1},
		{.key = "softnet.squeezed",
				.path = "proc/net/softnet_stat",
				.form = FORM_INDEX,
				.index = 2},
		{.key = "softnet.backlog", .path = "proc/net/softnet_stat", .form = FORM_MOST, .index = 11},
		{.key = "neighbours.count",
				.path = "proc/net/stat/arp_cache",
				.form = FORM_FIRST,
				.name = "entries"},
		{.key = "arp.table_fulls",
				.path = "proc/net/stat/arp_cache",
				.form = FORM_SUM,
				.name = "table_fulls"},
		{.key = "neighbours.ipv6.count",
				.path = "proc/net/stat/ndisc_cache",
				.form = FORM_FIRST,
				.name = "entries"},
		{.key = "ndisc.table_fulls",
				.path = "proc/net/stat/ndisc_cache",
				.form = FORM_SUM,
				.name = "table_fulls"},
		{.key = "conntrack.drop",
				.path = "proc/net/stat/nf_conntrack",
				.form = FORM_SUM,
				.name = "drop"},
		{.key = "conntrack.early_drop",
				.path = "proc/net/stat/nf_conntrack",
				.form = FORM_SUM,
				.name = "early_drop"},
		{.key = "conntrack.insert_failed",
				.path = "proc/net/stat/nf_conntrack",
				.form = FORM_SUM,
				.name = "insert_failed"},
		{.key = "sockstat.used",
				.path = "proc/net/sockstat",
				.form = FORM_WORD,
				.section = "sockets",
				.name = "used"},
		{.key = "sockstat.orphan",
				.path = "proc/net/sockstat",
				.form = FORM_WORD,
				.section = "TCP",
				.name = "orphan"},
		{.key = "sockstat.tw",
				.path = "proc/net/sockstat",
				.form = FORM_WORD,
				.section = "TCP",
				.name = "tw"},
		{.key = "sockstat.alloc",
				.path = "proc/net/sockstat",
				.form = FORM_WORD,
				.section = "TCP",
				.name = "alloc"},
		{.key = "sockstat.mem_pages",
				.path = "proc/net/sockstat",
				.form = FORM_WORD,
				.section = "TCP",
				.name = "mem"},
};

static bool read_counter(const struct counter_row *row,
		const char *text,
		uint64_t *ret_number,
		int *ret_line)
{
	switch (row->form) {
	case FORM_PAIR:
		return counters_pair(text, row->section, row->name, ret_number, ret_line);
	case FORM_SUM:
		return counters_column(text, row->name, true, ret_number);
	case FORM_FIRST:
		return counters_column(text, row->name, false, ret_number);
	case FORM_INDEX:
		return counters_index(text, row->index, ret_number);
	case FORM_MOST:
		return counters_most(text, row->index, ret_number);
	case FORM_WORD:
		return counters_word(text, row->section, row->name, ret_number, ret_line);
	}
	return false;
}

/* The row's column is not in this table: an older kernel does not have it. */
static bool counters_lacks(const struct counter_row *row, const char *text)
{
	if (row->form == FORM_MOST)
		return !word_at(text, (int)row->index);
	return row->name && !strstr(text, row->name);
}

static void counters_put(struct probing *probing, const struct counter_row *row, const char *text)
{
	static const char not_counted[] = "this kernel does not count it";
	static const char not_understood[] = "headroom does not understand the table";
	uint64_t number;
	int line = 0;
	double value;
	if (read_counter(row, text, &number, &line) && parse_to_double(number, false, &value))
		put_number(probing, row->key, value, UNIT_COUNT, row->path, NULL)->line = line;
	else if (counters_lacks(row, text))
		put_missing(probing, row->key, FACT_ABSENT, UNIT_COUNT, row->path, not_counted);
	else
		put_malformed(probing, row->key, UNIT_COUNT, row->path, NULL, not_understood);
}

static void counters_run(struct probing *probing)
{
	const char *last_path = "";
	char *text = NULL;
	int error = 0;
	for (size_t i = 0; i < COUNT_OF(counter_rows); i++) {
		const struct counter_row *row = &counter_rows[i];
		if (i == 0 || strcmp(row->path, last_path) != 0)
			error = probing_read_text(probing, row->path, &text);
		last_path = row->path;
		if (error || !text)
			put_errno(probing, row->key, UNIT_COUNT, row->path, error);
		else
			counters_put(probing, row, text);
	}
}

const struct probe probe_counters = {.name = "counters", .run = counters_run};
