/* Values of the files below /proc/sys, in the forms that keys.h names. */
#include "probes/host/facts/sysctl.h"

#include <string.h>

#include "base/portset.h"
#include "base/text.h"
#include "probes/host/parse.h"

bool sysctl_parse_range(const char *text, unsigned *ret_first, unsigned *ret_last)
{
	uint64_t first, last;
	text += strspn(text, " \t\n");
	if (!parse_u64(&text, &first))
		return false;
	size_t gap = strspn(text, " \t");
	if (*text == '-')
		gap = 1;
	text += gap;
	if (gap == 0 || !parse_u64(&text, &last))
		return false;
	text += strspn(text, " \t\n");
	if (*text != '\0' || first > last || last > 65535)
		return false;
	*ret_first = (unsigned)first;
	*ret_last = (unsigned)last;
	return true;
}

static bool parse_ports(struct arena *arena, const char *raw, struct reading *ret_value)
{
	struct portset *set = arena_alloc(arena, sizeof *set);
	struct error err;
	struct text text = {0};
	if (!portset_parse(raw, set, &err))
		return false;
	portset_print(set, &text);
	*ret_value = (struct reading){.text = text_take(arena, &text)};
	return true;
}

/* tcp_mem, tcp_rmem, tcp_wmem and file-nr hold exactly three numbers each. */
static bool has_three(const char *text)
{
	uint64_t ignored;
	return parse_field(text, 2, &ignored) && !parse_field(text, 3, &ignored);
}

static bool sysctl_parse_whole(const struct known_key *key, const char *raw, uint64_t *ret_number)
{
	if (key->read != READ_FIELD)
		return parse_whole(raw, ret_number);
	return has_three(raw) && parse_field(raw, key->field, ret_number);
}

static bool sysctl_parse_number(const struct known_key *key,
		const char *raw,
		struct reading *ret_value)
{
	uint64_t whole;
	double number;
	if (!sysctl_parse_whole(key, raw, &whole))
		return false;
	if (!parse_to_double(whole, key->read == READ_HUGE, &number))
		return false;
	if (key->read == READ_MILLISECONDS)
		number /= 1000;
	*ret_value = (struct reading){.number = number};
	return true;
}

bool sysctl_parse(struct arena *arena,
		const struct known_key *key,
		const char *raw,
		struct reading *ret_value,
		const char **ret_problem)
{
	unsigned first, last;
	switch (key->read) {
	case READ_RANGE:
		*ret_problem =
				"expected two ports, the first not above the second, such as \"32768 60999\"";
		if (!sysctl_parse_range(raw, &first, &last))
			return false;
		*ret_value = (struct reading){.text = arena_printf(arena, "%u %u", first, last)};
		return true;
	case READ_PORTS:
		*ret_problem = "expected a list of ports such as \"8080,9000-9100\"";
		return parse_ports(arena, raw, ret_value);
	case READ_FIELD:
		*ret_problem = "expected three whole numbers with blanks between them";
		return sysctl_parse_number(key, raw, ret_value);
	case READ_NUMBER:
	case READ_HUGE:
	case READ_MILLISECONDS:
	case READ_BY_PROBE:
		break;
	}
	*ret_problem = "expected a whole number";
	return sysctl_parse_number(key, raw, ret_value);
}
