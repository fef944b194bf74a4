/* Each read of /dev/kmsg gives one record. Records that were overwritten while reading give EPIPE,
 * and the next read goes on with the oldest that is left. */
#include "probes/host/kernel_log.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/os/clock.h"
#include "base/os/file.h"
#include "probes/host/parse.h"

enum {
	RECORD_MAX = 8192,   /* CONSOLE_EXT_LOG_MAX, kernel/printk/internal.h */
	RECORDS_MAX = 100000 /* a log that is written faster than it is read ends all the same */
};

bool kernel_log_parse(char *record, double *ret_at_s, const char **ret_text)
{
	uint64_t level, sequence, micros;
	const char *cursor = record;
	char *text = strchr(record, ';');
	if (!text || !parse_u64(&cursor, &level) || *cursor++ != ',')
		return false;
	if (!parse_u64(&cursor, &sequence) || *cursor++ != ',' || !parse_u64(&cursor, &micros))
		return false;
	if (level > 7) /* a facility other than the kernel's */
		return false;
	text++;
	text[strcspn(text, "\n")] = '\0';
	*ret_at_s = (double)micros / 1e6;
	*ret_text = text;
	return true;
}

/* In a ring: the last KERNEL_LINES_MAX stay. */
static void keep_line(struct kernel_line *ring, size_t *count, const struct kernel_line *line)
{
	ring[*count % KERNEL_LINES_MAX] = *line;
	(*count)++;
}

/* From the ring to a list, the oldest first. */
static void kernel_log_straighten(struct arena *arena,
		const struct kernel_line *ring,
		size_t count,
		struct kernel_log *log)
{
	size_t kept = count;
	if (kept > KERNEL_LINES_MAX)
		kept = KERNEL_LINES_MAX;
	log->lines = arena_alloc(arena, (kept + 1) * sizeof *log->lines);
	log->count = kept;
	for (size_t i = 0; i < kept; i++)
		log->lines[i] = ring[(count - kept + i) % KERNEL_LINES_MAX];
}

void kernel_log_read(struct arena *arena, double max_age_s, struct kernel_log *ret_log)
{
	char record[RECORD_MAX + 1];
	size_t count = 0;
	*ret_log = (struct kernel_log){0};
	__attribute__((cleanup(file_close_fd))) int fd = open("/dev/kmsg",
			O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		ret_log->error = errno;
		return;
	}
	struct kernel_line *ring = arena_alloc(arena, KERNEL_LINES_MAX * sizeof *ring);
	double now_s = clock_read_s(CLOCK_MONOTONIC);
	for (int i = 0; i < RECORDS_MAX; i++) {
		double at_s;
		const char *text;
		ssize_t got = read(fd, record, RECORD_MAX);
		if (got < 0 && (errno == EPIPE || errno == EINTR))
			continue;
		if (got < 0 && errno != EAGAIN)
			ret_log->error = errno;
		if (got <= 0)
			break;
		record[got] = '\0';
		if (!kernel_log_parse(record, &at_s, &text) || now_s - at_s > max_age_s)
			continue;
		const struct kernel_line line = {now_s - at_s, arena_strdup(arena, text)};
		keep_line(ring, &count, &line);
	}
	kernel_log_straighten(arena, ring, count, ret_log);
}
