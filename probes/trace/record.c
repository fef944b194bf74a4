/* linux/perf_event.h describes the records, perf_event_open(2) in more words. Numbers may lie at
 * any address: all of them are copied. */
#include "probes/trace/record.h"

#include <linux/perf_event.h>
#include <netinet/in.h>
#include <string.h>

/* In "common_flags" (enum trace_flag_type of include/linux/trace_events.h): an interrupt is served.
 */
enum {
	FLAG_HARD_INTERRUPT = 0x08,
	FLAG_SOFT_INTERRUPT = 0x10
};

/* The identity at the end of each record that is no sample, and at the start of each sample. */
struct identity {
	uint32_t pid, tid;
	uint64_t time_ns;
};

static struct address four_at(const unsigned char *bytes)
{
	struct address address = {.family = 4};
	memcpy(address.bytes, bytes, 4);
	return address;
}

static struct address six_at(const unsigned char *bytes)
{
	static const unsigned char mapped[12] = {[10] = 0xFF, [11] = 0xFF};
	struct address address = {.family = 6};
	if (memcmp(bytes, mapped, sizeof mapped) == 0)
		return four_at(bytes + sizeof mapped);
	memcpy(address.bytes, bytes, sizeof address.bytes);
	return address;
}

/* NULL: the field is of another size, or not in the data. */
static const unsigned char *bytes_at(const unsigned char *data,
		size_t size,
		struct field_place place,
		unsigned bytes)
{
	if (place.size != bytes || place.offset > size || bytes > size - place.offset)
		return NULL;
	return data + place.offset;
}

static bool read_destination(const struct record_socket *socket,
		const unsigned char *data,
		size_t size,
		struct address *ret_to)
{
	const unsigned char *four = bytes_at(data, size, socket->to, 4);
	const unsigned char *six = bytes_at(data, size, socket->to_six, 16);
	if (layout_number(data, size, socket->family) == AF_INET6) {
		if (six)
			*ret_to = six_at(six);
		return six != NULL;
	}
	if (four)
		*ret_to = four_at(four);
	return four != NULL;
}

static bool read_socket(const struct record_socket *socket,
		const unsigned char *data,
		size_t size,
		struct call_record *ret_record)
{
	uint64_t flags = layout_number(data, size, socket->flags);
	if (!read_destination(socket, data, size, &ret_record->to))
		return false;
	ret_record->kind = CALL_UNCONNECTED;
	ret_record->interrupts = (flags & (FLAG_HARD_INTERRUPT | FLAG_SOFT_INTERRUPT)) != 0;
	ret_record->has_port = layout_number(data, size, socket->from_port) != 0;
	ret_record->to_port = (unsigned)layout_number(data, size, socket->to_port);
	return true;
}

static bool read_call(const struct record_events *events,
		unsigned id,
		const unsigned char *data,
		size_t size,
		struct call_record *ret_record)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct record_call *call = &events->calls[i];
		if (call->id != id)
			continue;
		int64_t ret = layout_signed(data, size, call->ret);
		if (ret >= 0 || ret < -4095)
			return false;
		ret_record->kind = CALL_FAILED;
		ret_record->call = call->name;
		ret_record->error = (int)-ret;
		return true;
	}
	return false;
}

/* pid, tid; time; the size of the event's data, the data. */
static enum record_kind read_sample(const struct record_events *events,
		const unsigned char *bytes,
		size_t size,
		struct call_record *ret_record)
{
	struct identity identity;
	uint32_t length;
	if (size < sizeof identity + sizeof length)
		return RECORD_OTHER;
	memcpy(&identity, bytes, sizeof identity);
	memcpy(&length, bytes + sizeof identity, sizeof length);
	const unsigned char *data = bytes + sizeof identity + sizeof length;
	size -= sizeof identity + sizeof length;
	if (length > size || identity.pid > INT32_MAX || identity.tid > INT32_MAX)
		return RECORD_OTHER;
	*ret_record = (struct call_record){.time_ns = identity.time_ns,
			.pid = (int)identity.pid,
			.tid = (int)identity.tid};
	unsigned id = (unsigned)layout_number(data, length, events->type);
	bool known = false;
	if (events->socket.id != 0 && id == events->socket.id)
		known = read_socket(&events->socket, data, length, ret_record);
	else
		known = read_call(events, id, data, length, ret_record);
	if (!known)
		return RECORD_OTHER;
	return RECORD_CALL;
}

/* pid, parent's pid, tid, parent's tid, time. A new thread has the pid of its maker; a thread that
 * ends is the process only if it was the first one. */
static enum record_kind read_task(enum call_kind kind,
		const unsigned char *bytes,
		size_t size,
		struct call_record *ret_record)
{
	uint32_t task[4];
	uint64_t time_ns;
	if (size < sizeof task + sizeof time_ns)
		return RECORD_OTHER;
	memcpy(task, bytes, sizeof task);
	memcpy(&time_ns, bytes + sizeof task, sizeof time_ns);
	if (task[0] != task[2] || task[0] > INT32_MAX || task[1] > INT32_MAX)
		return RECORD_OTHER;
	*ret_record = (struct call_record){.kind = kind,
			.time_ns = time_ns,
			.pid = (int)task[0],
			.parent = (int)task[1]};
	return RECORD_CALL;
}

/* pid, tid, name; the identity. Names of threads are not those of their processes. */
static enum record_kind read_name(const unsigned char *bytes,
		size_t size,
		struct call_record *ret_record)
{
	uint32_t task[2];
	struct identity identity;
	if (size < sizeof task + sizeof identity)
		return RECORD_OTHER;
	memcpy(task, bytes, sizeof task);
	memcpy(&identity, bytes + size - sizeof identity, sizeof identity);
	if (task[0] != task[1] || task[0] > INT32_MAX)
		return RECORD_OTHER;
	*ret_record = (struct call_record){.kind = CALL_NAMED,
			.time_ns = identity.time_ns,
			.pid = (int)task[0]};
	const char *name = (const char *)bytes + sizeof task;
	size_t length = strnlen(name, size - sizeof task - sizeof identity);
	if (length >= sizeof ret_record->name)
		length = sizeof ret_record->name - 1;
	memcpy(ret_record->name, name, length);
	return RECORD_CALL;
}

enum record_kind record_read(const struct record_events *events,
		const unsigned char *bytes,
		size_t size,
		struct call_record *ret_record,
		uint64_t *ret_lost)
{
	struct perf_event_header header;
	uint64_t lost[2];
	if (size < sizeof header)
		return RECORD_OTHER;
	memcpy(&header, bytes, sizeof header);
	if (header.size != size)
		return RECORD_OTHER;
	bytes += sizeof header;
	size -= sizeof header;
	switch (header.type) {
	case PERF_RECORD_SAMPLE:
		return read_sample(events, bytes, size, ret_record);
	case PERF_RECORD_FORK:
		return read_task(CALL_FORKED, bytes, size, ret_record);
	case PERF_RECORD_EXIT:
		return read_task(CALL_ENDED, bytes, size, ret_record);
	case PERF_RECORD_COMM:
		return read_name(bytes, size, ret_record);
	case PERF_RECORD_LOST:
		if (size < sizeof lost)
			return RECORD_OTHER;
		memcpy(lost, bytes, sizeof lost);
		*ret_lost = lost[1];
		return RECORD_LOST;
	default:
		return RECORD_OTHER;
	}
}
