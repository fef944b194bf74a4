/* One group of events for each processor. Its first event tells of processes alone; all others
 * write into its buffer. One group starts and stops as one. */
#include "probes/trace/events.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "probes/host/parse.h"
#include "probes/trace/failing.h"
#include "probes/trace/tracefs.h"

enum {
	CPUS_MAX = 4096,
	RING_BYTES = 256 * 1024,
	RING_BYTES_LEAST = 16 * 1024,
	RINGS_BYTES = 16 * 1024 * 1024 /* of all processors together */
};

static const char online_path[] = "sys/devices/system/cpu/online";
static const char socket_event[] = "sock/inet_sock_set_state";
/* include/net/tcp_states.h: from SYN_SENT (2) to CLOSE (7), TCP alone. */
static const char socket_filter[] = "protocol == 6 && oldstate == 2 && newstate == 7";

/* --- what there is to open
 * -------------------------------------------------------------------------- */

static bool read_id(struct arena *arena, int directory, const char *event, unsigned *ret_id)
{
	uint64_t id;
	const char *text = tracefs_read(arena, directory, event, "id");
	if (!text || !parse_whole(text, &id) || id == 0 || id > UINT16_MAX)
		return false;
	*ret_id = (unsigned)id;
	return true;
}

/* An event of a call that this processor architecture or kernel does not have is left out. */
static void list_call(struct arena *arena,
		int directory,
		const struct failing_call *call,
		struct events *events)
{
	struct record_events *layout = &events->layout;
	struct record_call found = {.name = call->said};
	char filter[FAILING_FILTER_MAX];
	const char *event = arena_printf(arena, "syscalls/sys_exit_%s", call->name);
	if (layout->count == RECORD_CALLS_MAX || !read_id(arena, directory, event, &found.id))
		return;
	const char *format = tracefs_read(arena, directory, event, "format");
	if (!format || !layout_field(format, "ret", &found.ret) ||
			!layout_field(format, "common_type", &layout->type))
		return;
	failing_filter(call, filter);
	events->filters[layout->count] = arena_strdup(arena, filter);
	layout->calls[layout->count++] = found;
}

static void list_socket(struct arena *arena, int directory, struct events *events)
{
	struct record_socket found;
	if (!read_id(arena, directory, socket_event, &found.id))
		return;
	const char *format = tracefs_read(arena, directory, socket_event, "format");
	const struct {
		const char *name;
		struct field_place *place;
	} fields[] = {
			{"common_flags", &found.flags},
			{"sport", &found.from_port},
			{"dport", &found.to_port},
			{"family", &found.family},
			{"daddr", &found.to},
			{"daddr_v6", &found.to_six},
	};
	if (!format)
		return;
	for (size_t i = 0; i < COUNT_OF(fields); i++) {
		if (!layout_field(format, fields[i].name, fields[i].place))
			return;
	}
	events->filters[events->layout.count] = arena_strdup(arena, socket_filter);
	events->layout.socket = found;
}

static bool list_events(struct arena *arena,
		struct source *source,
		struct events *events,
		struct trace_refusal *ret_refusal)
{
	int error = 0, directory = tracefs_open(source);
	events->filters = arena_alloc(arena, (RECORD_CALLS_MAX + 1) * sizeof *events->filters);
	if (directory < 0) {
		*ret_refusal = refusal_of_list(source, errno);
		return false;
	}
	errno = ENOENT;
	for (size_t i = 0; i < failing_count(); i++) {
		list_call(arena, directory, failing_at(i), events);
		if (i == 0 && events->layout.count == 0)
			error = errno; /* connect() is there wherever calls are */
	}
	list_socket(arena, directory, events);
	close(directory);
	if (error)
		*ret_refusal = refusal_of_list(source, error);
	return error == 0;
}

/* --- one processor
 * ---------------------------------------------------------------------------------- */

static int open_event(struct perf_event_attr *attr, int cpu, int group)
{
	attr->size = sizeof *attr;
	attr->sample_type = RECORD_SAMPLE_TYPE;
	attr->sample_id_all = 1;
	attr->use_clockid = 1;
	attr->clockid = CLOCK_MONOTONIC;
	return (int)syscall(SYS_perf_event_open, attr, -1, cpu, group, PERF_FLAG_FD_CLOEXEC);
}

static int open_group(int cpu, size_t ring_bytes)
{
	struct perf_event_attr attr = {.type = PERF_TYPE_SOFTWARE,
			.config = PERF_COUNT_SW_DUMMY,
			.task = 1,
			.comm = 1,
			.disabled = 1,
			.watermark = 1,
			.wakeup_watermark = (uint32_t)(ring_bytes / 2)};
	return open_event(&attr, cpu, -1);
}

/* true: the descriptor is kept. */
static bool add_event(struct cpu_events *cpu, int number, unsigned id, char *filter)
{
	struct perf_event_attr attr = {
			.type = PERF_TYPE_TRACEPOINT,
			.config = id,
			.sample_period = 1,
	};
	int file = open_event(&attr, number, cpu->group);
	if (file < 0)
		return false;
	cpu->files[cpu->count++] = file;
	return ioctl(file, PERF_EVENT_IOC_SET_FILTER, filter) == 0 &&
			ioctl(file, PERF_EVENT_IOC_SET_OUTPUT, cpu->group) == 0;
}

static size_t events_each(const struct events *events)
{
	return events->layout.count + (events->layout.socket.id != 0);
}

static bool open_cpu(const struct events *events, int number, size_t bytes, struct cpu_events *cpu)
{
	const struct record_events *layout = &events->layout;
	if (!ring_open(&cpu->ring, cpu->group, bytes))
		return false;
	for (size_t i = 0; i < layout->count; i++) {
		if (!add_event(cpu, number, layout->calls[i].id, events->filters[i]))
			return false;
	}
	unsigned socket = layout->socket.id;
	if (socket != 0 && !add_event(cpu, number, socket, events->filters[layout->count]))
		return false;
	return ioctl(cpu->group, PERF_EVENT_IOC_ENABLE, PERF_IOC_FLAG_GROUP) == 0;
}

/* --- all of them
 * ------------------------------------------------------------------------------------ */

static const char *read_online(struct arena *arena, struct source *source)
{
	const char *text;
	size_t length;
	if (source_read_bytes(source, online_path, &text, &length) != 0)
		return "0";
	return arena_copy(arena, text, length);
}

/* "0-3,6": the numbers, in the arena. */
static size_t list_cpus(struct arena *arena, const char *text, int **ret_numbers)
{
	int *numbers = NULL;
	size_t count = 0, capacity = 0;
	uint64_t first, last;
	while (parse_u64(&text, &first)) {
		last = first;
		if (*text == '-' && text++ && !parse_u64(&text, &last))
			break;
		for (; first <= last && count < CPUS_MAX; first++) {
			numbers = arena_grow(arena, numbers, count, &capacity, sizeof *numbers);
			numbers[count++] = (int)first;
		}
		text += *text == ',';
	}
	*ret_numbers = numbers;
	return count;
}

static size_t ring_size(size_t cpus)
{
	size_t bytes = RING_BYTES;
	while (bytes > RING_BYTES_LEAST && bytes * cpus > RINGS_BYTES)
		bytes /= 2;
	return bytes;
}

/* A processor that went offline just now is left out. */
static bool open_all(struct events *events, struct arena *arena, const int *numbers, size_t count)
{
	size_t each = events_each(events), bytes = ring_size(count);
	events->cpus = arena_alloc(arena, count * sizeof *events->cpus);
	events->groups = arena_alloc(arena, count * sizeof *events->groups);
	for (size_t i = 0; i < count; i++) {
		struct cpu_events *cpu = &events->cpus[events->count];
		cpu->group = open_group(numbers[i], bytes);
		if (cpu->group < 0 && errno == ENODEV)
			continue;
		if (cpu->group < 0)
			return false;
		cpu->files = arena_alloc(arena, each * sizeof *cpu->files);
		events->groups[events->count++] = (struct pollfd){.fd = cpu->group, .events = POLLIN};
		if (!open_cpu(events, numbers[i], bytes, cpu))
			return false;
	}
	errno = ENODEV;
	return events->count > 0;
}

/* The soft limit is raised only while they are opened: it may be one of what is judged. */
static bool open_with_room(struct events *events,
		struct arena *arena,
		const int *numbers,
		size_t count)
{
	struct rlimit before, most;
	bool known = getrlimit(RLIMIT_NOFILE, &before) == 0;
	most = (struct rlimit){before.rlim_max, before.rlim_max};
	bool raised = known && setrlimit(RLIMIT_NOFILE, &most) == 0;
	bool open = open_all(events, arena, numbers, count);
	int why = errno;
	if (raised)
		(void)setrlimit(RLIMIT_NOFILE, &before);
	errno = why;
	return open;
}

bool events_open(struct arena *arena,
		struct source *source,
		struct events *events,
		struct trace_refusal *ret_refusal)
{
	int *numbers;
	*events = (struct events){0};
	if (!list_events(arena, source, events, ret_refusal))
		return false;
	events->online = read_online(arena, source);
	size_t count = list_cpus(arena, events->online, &numbers);
	if (open_with_room(events, arena, numbers, count))
		return true;
	*ret_refusal = refusal_of_open(arena, source, errno, count * (events_each(events) + 1));
	events_close(events);
	return false;
}

void events_close(struct events *events)
{
	for (size_t i = 0; i < events->count; i++) {
		struct cpu_events *cpu = &events->cpus[i];
		ring_close(&cpu->ring);
		for (size_t k = 0; k < cpu->count; k++)
			close(cpu->files[k]);
		close(cpu->group);
	}
	events->count = 0;
}

void events_stop(const struct events *events)
{
	for (size_t i = 0; i < events->count; i++)
		(void)ioctl(events->cpus[i].group, PERF_EVENT_IOC_DISABLE, PERF_IOC_FLAG_GROUP);
}

/* The calls come first; then follows the event of sockets, which is no failure. */
static double count_of_cpu(const struct cpu_events *cpu, size_t calls)
{
	double sum = 0;
	for (size_t i = 0; i < calls && i < cpu->count; i++) {
		uint64_t count;
		ssize_t got = read(cpu->files[i], &count, sizeof count);
		if (got == sizeof count)
			sum += (double)count;
	}
	return sum;
}

double events_counted(const struct events *events)
{
	double sum = 0;
	for (size_t i = 0; i < events->count; i++)
		sum += count_of_cpu(&events->cpus[i], events->layout.count);
	return sum;
}

bool events_cpus_changed(const struct events *events, struct source *source)
{
	const char *text;
	size_t length;
	return source_read_bytes(source, online_path, &text, &length) == 0 &&
			strcmp(text, events->online) != 0;
}
