/* Failing calls: what the kernel's records say, and how they are counted. */
#include <errno.h>
#include <linux/perf_event.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/why/calls.h"
#include "probes/trace/failing.h"
#include "probes/trace/layout.h"
#include "probes/trace/record.h"

/* --- counting
 * ---------------------------------------------------------------------------------------- */

static uint64_t now_ns;

static struct call_record failure(int pid, const char *call, int error)
{
	return (struct call_record){.kind = CALL_FAILED,
			.time_ns = now_ns += 1000,
			.pid = pid,
			.tid = pid,
			.call = call,
			.error = error};
}

static void count_one(struct calls *calls, int pid, const char *call, int error)
{
	struct call_record record = failure(pid, call, error);
	calls_add(calls, &record);
}

static void forked(struct calls *calls, int parent, int pid)
{
	const struct call_record record = {.kind = CALL_FORKED,
			.time_ns = now_ns += 1000,
			.parent = parent,
			.pid = pid};
	calls_add(calls, &record);
}

static struct call_record closing(int tid, const char *to, unsigned port)
{
	struct call_record record = {.kind = CALL_UNCONNECTED,
			.time_ns = now_ns += 1000,
			.pid = tid,
			.tid = tid,
			.to_port = port};
	assert_true(address_parse_text(to, &record.to));
	return record;
}

static void a_tree_counts_itself_alone(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct calls *calls = calls_new(arena, true);
	const struct call_row *rows;
	calls_follow(calls, 100, "server");
	count_one(calls, 100, "socket", EMFILE);
	count_one(calls, 7, "socket", EMFILE); /* another program */
	forked(calls, 100, 101);
	forked(calls, 101, 102);
	forked(calls, 7, 8);
	count_one(calls, 102, "socket", EMFILE);
	count_one(calls, 102, "socket", EMFILE);
	count_one(calls, 8, "socket", EMFILE);
	assert_int_equal(calls_rows(calls, arena, &rows), 2);
	assert_int_equal(rows[0].pid, 102);
	assert_true(rows[0].count == 2);
	assert_string_equal(rows[0].name, "server");
	assert_int_equal(rows[1].pid, 100);
	assert_true(rows[1].count == 1);
	arena_free(arena);
}

static void a_number_is_used_again(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct calls *calls = calls_new(arena, true);
	const struct call_record end = {.kind = CALL_ENDED, .pid = 101};
	const struct call_row *rows;
	calls_follow(calls, 100, "server");
	forked(calls, 100, 101);
	count_one(calls, 101, "open", EMFILE);
	calls_add(calls, &end);
	forked(calls, 7, 101); /* now of another program */
	count_one(calls, 101, "open", EMFILE);
	forked(calls, 101, 102);
	count_one(calls, 102, "open", EMFILE);
	assert_int_equal(calls_rows(calls, arena, &rows), 1);
	assert_true(rows[0].count == 1);
	forked(calls, 100, 101); /* and of the tree again */
	count_one(calls, 101, "open", EMFILE);
	assert_int_equal(calls_rows(calls, arena, &rows), 1);
	assert_true(rows[0].count == 2);
	arena_free(arena);
}

static void names_come_when_they_come(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct calls *calls = calls_new(arena, false);
	struct call_record named = {.kind = CALL_NAMED, .pid = 5, .name = "nginx"};
	const struct call_row *rows;
	count_one(calls, 5, "accept4", EMFILE);
	assert_false(calls_has_name(calls, 5));
	calls_add(calls, &named);
	assert_true(calls_has_name(calls, 5));
	count_one(calls, 5, "accept4", EMFILE);
	calls_name(calls, 6, "a name that is longer than the kernel's");
	count_one(calls, 6, "bind", EADDRINUSE);
	assert_int_equal(calls_rows(calls, arena, &rows), 2);
	assert_string_equal(rows[0].name, "nginx");
	assert_true(rows[0].count == 2);
	assert_string_equal(rows[1].name, "a name that is ");
	arena_free(arena);
}

static const struct call_row *only_row(struct calls *calls, struct arena *arena)
{
	const struct call_row *rows;
	assert_int_equal(calls_rows(calls, arena, &rows), 1);
	return rows;
}

/* What is closed just before connect() fails is where it went to; everything else is not. */
static void destinations(void **state)
{
	(void)state;
	static const struct {
		const char *call;
		int error, closed_by;
		bool has_port, interrupts;
		uint64_t later_ns;
		bool paired;
	} cases[] = {
			{"connect", EADDRNOTAVAIL, 5, false, false, 0, true},
			{"connect", EADDRNOTAVAIL, 5, true, false, 0, true}, /* bound before */
			{"connect", ECONNREFUSED, 5, true, false, 0, true},
			{"connect", ECONNREFUSED, 5, false, false, 0, false},  /* it was never sent */
			{"connect", EAGAIN, 5, true, false, 0, false},         /* a Unix or UDP socket */
			{"connect", EADDRNOTAVAIL, 6, false, false, 0, false}, /* another thread */
			{"connect", ECONNREFUSED, 5, true, true, 0, false},
			{"connect", EADDRNOTAVAIL, 5, false, false, 60000000, false},
			{"bind", EADDRNOTAVAIL, 5, false, false, 0, false},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct arena *arena = arena_new();
		struct calls *calls = calls_new(arena, false);
		struct call_record record = closing(cases[i].closed_by, "10.99.0.2", 8081);
		record.has_port = cases[i].has_port;
		record.interrupts = cases[i].interrupts;
		calls_add(calls, &record);
		now_ns += cases[i].later_ns;
		count_one(calls, 5, cases[i].call, cases[i].error);
		const struct call_row *row = only_row(calls, arena);
		assert_int_equal(row->to.family, cases[i].paired ? 4 : 0);
		assert_int_equal(row->to_port, cases[i].paired ? 8081 : 0);
		arena_free(arena);
	}
}

static void a_destination_counts_once(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct calls *calls = calls_new(arena, false);
	const struct call_row *rows;
	const struct call_record record = closing(5, "fd00::1", 443);
	calls_add(calls, &record);
	count_one(calls, 5, "connect", EADDRNOTAVAIL);
	count_one(calls, 5, "connect", EADDRNOTAVAIL);
	assert_int_equal(calls_rows(calls, arena, &rows), 2);
	assert_int_equal(rows[0].to.family + rows[1].to.family, 6);
	arena_free(arena);
}

static void there_is_room_for_so_many(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct calls *calls = calls_new(arena, true);
	const struct call_row *rows;
	calls_follow(calls, 1, "init");
	/* Processes come and go: those that have ended make room. */
	for (int pid = 2; pid < 5 * CALLS_PROCESSES_MAX; pid++) {
		const struct call_record end = {.kind = CALL_ENDED, .pid = pid};
		forked(calls, 1, pid);
		if (pid % 10 == 0)
			count_one(calls, pid, "clone", EAGAIN);
		calls_add(calls, &end);
	}
	assert_false(calls_crowded(calls));
	/* Rows end, counts do not. */
	double sum = 0;
	size_t count = calls_rows(calls, arena, &rows);
	for (size_t i = 0; i < count; i++)
		sum += rows[i].count;
	assert_int_equal(count, CALLS_ROWS_MAX - CALLS_ROWS_SHARED + 1);
	assert_true(sum == 5.0 * CALLS_PROCESSES_MAX / 10 - 1);
	assert_int_equal(rows[0].pid, CALLS_OTHERS);
	assert_true(calls_uncounted(calls) == 0);
	for (unsigned port = 1; port <= 2 * CALLS_ROWS_SHARED; port++) {
		struct call_record record = closing(1, "10.99.0.2", port);
		calls_add(calls, &record);
		count_one(calls, 1, "connect", EADDRNOTAVAIL);
	}
	assert_int_equal(calls_rows(calls, arena, &rows), CALLS_ROWS_MAX);
	assert_true(calls_uncounted(calls) == CALLS_ROWS_SHARED + 1);
	for (int pid = 1000000; pid < 1000000 + CALLS_PROCESSES_MAX; pid++)
		forked(calls, 1, pid);
	assert_true(calls_crowded(calls));
	arena_free(arena);
}

/* --- what the kernel's files say
 * --------------------------------------------------------------------- */

static const char format[] = "name: sys_exit_connect\nID: 2229\nformat:\n"
							 "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
							 "\tfield:unsigned char common_flags;\toffset:2;\tsize:1;\tsigned:0;\n"
							 "\n"
							 "\tfield:int __syscall_nr;\toffset:8;\tsize:4;\tsigned:1;\n"
							 "\tfield:long ret;\toffset:16;\tsize:8;\tsigned:1;\n"
							 "\tfield:__u8 daddr[4];\toffset:36;\tsize:4;\tsigned:0;\n"
							 "\tfield:__u8 daddr_v6[16];\toffset:56;\tsize:16;\tsigned:0;\n"
							 "\tfield:struct sockaddr *uservaddr;\toffset:24;\tsize:8;\tsigned:0;\n"
							 "\tfield:long far;\toffset:1020;\tsize:8;\tsigned:0;\n"
							 "\tfield:long cut;\toffset:8;\tsi";

static void fields_are_found(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool found;
		unsigned offset, size;
	} cases[] = {
			{"ret", true, 16, 8},
			{"common_type", true, 0, 2},
			{"daddr", true, 36, 4},
			{"daddr_v6", true, 56, 16},
			{"uservaddr", true, 24, 8},
			{"addr", false, 0, 0}, /* the end of a name is none */
			{"far", false, 0, 0},
			{"cut", false, 0, 0},
			{"none", false, 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct field_place place = {0};
		assert_int_equal(layout_field(format, cases[i].name, &place), cases[i].found);
		assert_int_equal(place.offset, cases[i].offset);
		assert_int_equal(place.size, cases[i].size);
	}
}

static void numbers_lie_inside(void **state)
{
	(void)state;
	const int64_t number = -99;
	unsigned char data[12] = {0};
	memcpy(data + 4, &number, sizeof number);
	assert_int_equal(layout_signed(data, sizeof data, (struct field_place){4, 8}), -99);
	assert_int_equal(layout_signed(data, sizeof data, (struct field_place){5, 8}), 0);
	assert_int_equal(layout_signed(data, sizeof data, (struct field_place){2000, 8}), 0);
	assert_int_equal(layout_number(data, sizeof data, (struct field_place){4, 3}), 0);
	assert_int_equal(layout_number(data, sizeof data, (struct field_place){4, 16}), 0);
}

static void filters_are_whole(void **state)
{
	(void)state;
	for (size_t i = 0; i < failing_count(); i++) {
		char filter[FAILING_FILTER_MAX];
		failing_filter(failing_at(i), filter);
		assert_true(strlen(filter) > 0 && strlen(filter) < FAILING_FILTER_MAX - 1);
		assert_true(filter[strlen(filter) - 1] >= '0' && filter[strlen(filter) - 1] <= '9');
		/* Normal work of programs that do not wait. */
		if (strncmp(failing_at(i)->name, "accept", 6) == 0 ||
				strncmp(failing_at(i)->name, "send", 4) == 0)
			assert_null(strstr(filter, "-11 "));
		assert_null(strstr(filter, "-115"));
	}
	assert_string_equal(failing_error_name(EADDRNOTAVAIL), "EADDRNOTAVAIL");
	assert_null(failing_error_name(EINPROGRESS));
}

/* --- records
 * ----------------------------------------------------------------------------------------- */

static const struct record_events events = {
		.count = 1,
		.calls = {{.id = 2229, .name = "connect", .ret = {16, 8}}},
		.type = {0, 2},
		.socket = {.id = 2287,
				.flags = {2, 1},
				.from_port = {24, 2},
				.to_port = {26, 2},
				.family = {28, 2},
				.to = {36, 4},
				.to_six = {56, 16}},
};

struct bytes {
	unsigned char at[256];
	size_t size;
};

static void add(struct bytes *bytes, const void *more, size_t size)
{
	memcpy(bytes->at + bytes->size, more, size);
	bytes->size += size;
	struct perf_event_header header;
	memcpy(&header, bytes->at, sizeof header);
	header.size = (uint16_t)bytes->size;
	memcpy(bytes->at, &header, sizeof header);
}

static struct bytes record_of(uint32_t type)
{
	const struct perf_event_header header = {.type = type};
	struct bytes bytes = {.size = 0};
	add(&bytes, &header, sizeof header);
	return bytes;
}

static struct bytes sample(const unsigned char *data, uint32_t size)
{
	const uint32_t ids[] = {4711, 4712};
	const uint64_t time = 99000;
	struct bytes bytes = record_of(PERF_RECORD_SAMPLE);
	add(&bytes, ids, sizeof ids);
	add(&bytes, &time, sizeof time);
	add(&bytes, &size, sizeof size);
	add(&bytes, data, size);
	return bytes;
}

static enum record_kind read_bytes(const struct bytes *bytes, struct call_record *ret_record)
{
	uint64_t lost = 0;
	return record_read(&events, bytes->at, bytes->size, ret_record, &lost);
}

static struct bytes call_sample(uint16_t id, int64_t ret)
{
	unsigned char data[28] = {0};
	memcpy(data, &id, sizeof id);
	memcpy(data + 16, &ret, sizeof ret);
	return sample(data, sizeof data);
}

static void samples_of_calls(void **state)
{
	(void)state;
	struct call_record record;
	struct bytes bytes = call_sample(2229, -EADDRNOTAVAIL);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_CALL);
	assert_int_equal(record.kind, CALL_FAILED);
	assert_int_equal(record.pid, 4711);
	assert_int_equal(record.tid, 4712);
	assert_int_equal(record.error, EADDRNOTAVAIL);
	assert_string_equal(record.call, "connect");
	bytes = call_sample(2230, -EADDRNOTAVAIL);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_OTHER);
	bytes = call_sample(2229, 0);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_OTHER);
	bytes = call_sample(2229, INT64_MIN);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_OTHER);
	/* However short it is cut. */
	bytes = call_sample(2229, -EADDRNOTAVAIL);
	for (size_t size = 0; size < bytes.size; size++) {
		struct bytes cut = {.size = 0};
		if (size >= sizeof(struct perf_event_header))
			add(&cut, bytes.at, size);
		assert_int_equal(read_bytes(&cut, &record), RECORD_OTHER);
	}
}

static void samples_of_sockets(void **state)
{
	(void)state;
	static const unsigned char mapped[16] = {[10] = 0xFF, [11] = 0xFF, 10, 99, 0, 2};
	const uint16_t id = 2287, port = 8081;
	uint16_t family = AF_INET;
	unsigned char data[76] = {0};
	struct call_record record;
	memcpy(data, &id, sizeof id);
	data[2] = 0x10;
	memcpy(data + 26, &port, sizeof port);
	memcpy(data + 28, &family, sizeof family);
	memcpy(data + 36, mapped + 12, 4);
	struct bytes bytes = sample(data, sizeof data);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_CALL);
	assert_int_equal(record.kind, CALL_UNCONNECTED);
	assert_int_equal(record.to.family, 4);
	assert_int_equal(record.to_port, 8081);
	assert_true(record.interrupts && !record.has_port);
	/* The same address in a socket for IPv6 is the same address. */
	struct address four = record.to;
	family = AF_INET6;
	data[2] = 0;
	memcpy(data + 28, &family, sizeof family);
	memcpy(data + 56, mapped, sizeof mapped);
	bytes = sample(data, sizeof data);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_CALL);
	assert_true(address_is_same(&record.to, &four) && !record.interrupts);
	bytes = sample(data, 60);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_OTHER);
}

static void records_of_processes(void **state)
{
	(void)state;
	const uint32_t process[] = {20, 10, 20, 10}, thread[] = {20, 20, 21, 20}, named[] = {20, 20};
	const uint32_t of_thread[] = {20, 21};
	const uint64_t time = 5, lost[] = {1, 37};
	uint64_t lost_count = 0;
	struct call_record record;
	struct bytes bytes = record_of(PERF_RECORD_FORK);
	add(&bytes, process, sizeof process);
	add(&bytes, &time, sizeof time);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_CALL);
	assert_int_equal(record.kind, CALL_FORKED);
	assert_int_equal(record.pid, 20);
	assert_int_equal(record.parent, 10);
	bytes = record_of(PERF_RECORD_EXIT);
	add(&bytes, thread, sizeof thread);
	add(&bytes, &time, sizeof time);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_OTHER);
	bytes = record_of(PERF_RECORD_COMM);
	add(&bytes, named, sizeof named);
	add(&bytes, "nginx\0\0", 8);
	add(&bytes, process, 8);
	add(&bytes, &time, sizeof time);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_CALL);
	assert_int_equal(record.kind, CALL_NAMED);
	assert_string_equal(record.name, "nginx");
	assert_int_equal(record.time_ns, 5);
	memcpy(bytes.at + sizeof(struct perf_event_header), of_thread, sizeof of_thread);
	assert_int_equal(read_bytes(&bytes, &record), RECORD_OTHER);
	bytes = record_of(PERF_RECORD_LOST);
	add(&bytes, lost, sizeof lost);
	assert_int_equal(record_read(&events, bytes.at, bytes.size, &record, &lost_count), RECORD_LOST);
	assert_int_equal(lost_count, 37);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(a_tree_counts_itself_alone),
			cmocka_unit_test(a_number_is_used_again),
			cmocka_unit_test(names_come_when_they_come),
			cmocka_unit_test(destinations),
			cmocka_unit_test(a_destination_counts_once),
			cmocka_unit_test(there_is_room_for_so_many),
			cmocka_unit_test(fields_are_found),
			cmocka_unit_test(numbers_lie_inside),
			cmocka_unit_test(filters_are_whole),
			cmocka_unit_test(samples_of_calls),
			cmocka_unit_test(samples_of_sockets),
			cmocka_unit_test(records_of_processes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
