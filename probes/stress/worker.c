/* The worker's side of the pipe. A worker whose supervisor no longer reads has nothing to live for.
 */
#include "probes/stress/worker.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/os/clock.h"
#include "base/os/file.h"
#include "probes/stress/protocol.h"

double worker_seconds(const struct worker *worker)
{
	return clock_now_s() - worker->start_s;
}

void worker_close_from(int first)
{
	/* close_range(2) is of Linux 5.9. */
	if (syscall(SYS_close_range, (unsigned)first, ~0U, 0) == 0)
		return;
	long most = sysconf(_SC_OPEN_MAX);
	for (int fd = first; fd < (most > 0 && most < 1 << 20 ? (int)most : 1 << 20); fd++)
		(void)close(fd);
}

bool worker_stopped(const struct worker *worker)
{
	/* The supervisor sees to the time, unless it is itself stopped (SIGSTOP). */
	return *worker->stop != 0 || worker_seconds(worker) > worker->request->seconds + 0.3;
}

static void worker_tell(struct worker *worker, const char *word, const char *format, va_list args)
{
	char line[PROTOCOL_LINE];
	int head = snprintf(line, sizeof line, "%s ", word);
	size_t room = sizeof line - (size_t)head - 1;
	int length = vsnprintf(line + head, room, format, args);
	if (length < 0)
		_exit(1);
	size_t total = (size_t)head + ((size_t)length < room ? (size_t)length : room - 1);
	for (size_t i = 0; i < total; i++)
		if (line[i] == '\n')
			line[i] = ' ';
	line[total] = '\n';
	if (!file_write_all(worker->out, line, total + 1))
		_exit(1);
}

static void __attribute__((format(printf, 3, 4)))
worker_say(struct worker *worker, const char *word, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	worker_tell(worker, word, format, args);
	va_end(args);
}

void worker_progress(struct worker *worker, double done, double of)
{
	double now = clock_now_s();
	if (now - worker->progressed_s < 0.05)
		return;
	worker->progressed_s = now;
	worker_say(worker, "progress", "%.0f %.0f", done, of);
}

void worker_sample(struct worker *worker, double t_s, double count)
{
	worker_say(worker, "sample", "%.6f %.0f", t_s, count);
}

void worker_number(struct worker *worker, const char *name, double number)
{
	if (!isnan(number))
		worker_say(worker, "number", "%s %.6f", name, number);
}

void worker_text(struct worker *worker, const char *name, const char *format, ...)
{
	char text[PROTOCOL_LINE - PROTOCOL_NAME - 8];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	worker_say(worker, "text", "%s %s", name, text);
}

void worker_decile(struct worker *worker, unsigned index, double rate_per_s)
{
	worker_say(worker, "decile", "%u %.3f", index, rate_per_s);
}

void worker_rate(struct worker *worker, double rate_per_s)
{
	worker_say(worker, "rate", "%.3f", rate_per_s);
}

void worker_reached(struct worker *worker, double count)
{
	worker_say(worker, "reached", "%.0f", count);
}

void worker_predicted(struct worker *worker, double predicted)
{
	worker_say(worker, "predicted", "%.6f", predicted);
}

void worker_at_least(struct worker *worker)
{
	worker_say(worker, "bound", "lower");
}

void worker_measured(struct worker *worker,
		double measured,
		double tolerance,
		const char *stopped_by)
{
	worker_say(worker, "measured", "%.6f", measured);
	worker_say(worker, "tolerance", "%.6f", tolerance);
	worker_stopped_by(worker, stopped_by);
}

void worker_stopped_by(struct worker *worker, const char *name)
{
	worker_say(worker, "stopped", "%s", name);
}

void worker_incomparable(struct worker *worker, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	worker_tell(worker, "reason", format, args);
	va_end(args);
}

void worker_not_copied(struct worker *worker, const char *key)
{
	worker_say(worker, "uncopied", "%s", key);
}

bool worker_refuse(struct worker *worker, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	worker_tell(worker, "reason", format, args);
	va_end(args);
	return false;
}
