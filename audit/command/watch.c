/* headroom watch: sample after sample of this host, on the terminal, as lines of JSON, as metrics.
 */
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/output/output.h"
#include "audit/output/redact.h"
#include "audit/run/pipeline.h"
#include "audit/vantage/vantage.h"
#include "audit/watch/limits.h"
#include "audit/watch/watch.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/os/json_print.h"
#include "base/text.h"
#include "probes/host/namespace.h"

static const double interval_usual_s = 1;
/* Reading the host may take this part of a processor: it is read again that much later. */
static const double read_share = 0.01;
/* What only a look at every process shows is read as rarely as this, at most. */
static const double whole_share = 0.001, whole_least_s = 30;

struct watcher {
	const struct run *run;
	struct rules rules;
	struct rule_extras extras;
	struct sampler *sampler;
	struct watch_limits limits, whole; /* whole: what is read more rarely, too; or nothing */
	struct watch_window window;
	struct watch_screen screen;
	struct watch_series *series; /* one for each row of limits */
	double read_s, next_read_s;  /* when the host was read, and will be again */
	double whole_s, next_whole_s;
	bool failing; /* the metrics could not be written the last time */
	int signals;  /* signalfd(2) */
};

static void close_watcher(struct watcher *watcher)
{
	sampler_close(watcher->sampler);
	watch_limits_release(&watcher->limits);
	watch_limits_release(&watcher->whole);
	if (watcher->signals > 0)
		(void)close(watcher->signals);
	if (RUN_FREES)
		rule_extras_release(&watcher->extras);
}

static bool still_there(const struct options *options)
{
	if (!(options->pid > 0))
		return true;
	return kill((int)options->pid, 0) == 0 || errno == EPERM;
}

/* Of another destination, or another user, the series begins anew. */
static void add_to_series(struct watch_series *series, const struct watch_row *row, double t_s)
{
	const char *by = row->now.by;
	if (!by)
		by = "";
	if (strncmp(series->by, by, sizeof series->by - 1) != 0)
		series->trend.count = 0;
	(void)snprintf(series->by, sizeof series->by, "%s", by);
	trend_add(&series->trend, t_s, row->now.used);
}

static void watch_keep_series(struct watcher *watcher)
{
	const struct watch_limits *limits = &watcher->limits;
	struct arena *arena = watcher->run->arena;
	if (!watcher->series)
		watcher->series = arena_alloc(arena, limits->row_count * sizeof *watcher->series);
	for (size_t i = 0; i < limits->row_count; i++)
		if (limits->rows[i].present)
			add_to_series(&watcher->series[i], &limits->rows[i], watcher->read_s);
}

/* *ret_s: when; *ret_cpu_s: how long it took. */
static bool watch_read(struct watcher *watcher,
		bool all,
		struct watch_limits *limits,
		double *ret_s,
		double *ret_cpu_s,
		struct error *err)
{
	double cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	bool ok = watch_limits_read(watcher->run, all, &watcher->rules, &watcher->extras, limits, err);
	*ret_s = clock_now_s();
	*ret_cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
	return ok;
}

static bool watch_read_whole(struct watcher *watcher, struct error *err)
{
	double cpu_s;
	if (!watch_read(watcher, true, &watcher->whole, &watcher->whole_s, &cpu_s, err))
		return false;
	watcher->next_whole_s = watcher->whole_s + fmax(whole_least_s, cpu_s / whole_share);
	return true;
}

static bool watch_read_host(struct watcher *watcher, struct error *err)
{
	const struct options *options = watcher->run->options;
	bool all = options->watch.once || options->all;
	double cpu_s;
	if (!all && clock_now_s() >= watcher->next_whole_s && !watch_read_whole(watcher, err))
		return false;
	if (!watch_read(watcher, all, &watcher->limits, &watcher->read_s, &cpu_s, err))
		return false;
	watcher->next_read_s = watcher->read_s + cpu_s / read_share;
	watch_keep_series(watcher);
	return true;
}

/* Where sockets were not counted, they are as many as the last time; their age is told. */
static void keep_last_count(struct watch_window *window)
{
	struct observation *now = &window->now;
	if (!isnan(now->values[O_LIVE])) {
		window->sockets_s = now->t_s;
		return;
	}
	for (size_t what = 0; what < OBSERVED; what++)
		if (observed_of_sockets((enum observed)what))
			now->values[what] = window->before.values[what];
}

/* `all`: the sockets are counted even if that was dear the last time. */
static void watch_sample(struct watcher *watcher, bool all)
{
	struct watch_window *window = &watcher->window;
	window->before = window->now;
	sampler_read(watcher->sampler, all, &window->now);
	if (window->count++ == 0)
		window->sockets_s = (double)NAN;
	keep_last_count(window);
}

/* --- showing
 * --------------------------------------------------------------------------------------- */

static bool write_metrics(struct arena *arena,
		const char *path,
		const cJSON *document,
		struct error *err)
{
	struct text text = {0};
	struct target target;
	const struct write_options look = {.arena = arena};
	write_watch_prometheus(document, &look, &text);
	bool open = target_open(arena, path, &target, err);
	bool ok = open && target_write(&target, text_string(&text), text.length, err);
	if (ok)
		ok = target_commit(arena, &target, err);
	else if (open)
		target_discard(&target);
	text_release(&text);
	return ok;
}

static bool watch_show_line(const cJSON *document)
{
	__attribute__((cleanup(text_release))) struct text line = {0};
	const struct watch_screen plain = {0};
	json_print(document, &line);
	text_add(&line, "\n");
	bool shown = watch_screen_show(&plain, line.data);
	return shown;
}

static bool show_table(const struct watcher *watcher, struct arena *arena, const cJSON *document)
{
	struct text text = {0};
	struct write_options look = screen_options(arena, watcher->run->options);
	write_watch(document, &look, &text);
	if (!watcher->screen.full && !watcher->run->options->watch.once)
		text_add(&text, "\n");
	bool ok = watch_screen_show(&watcher->screen, text_string(&text));
	int why = errno;
	text_release(&text);
	errno = why;
	return ok;
}

/* A monitor goes on when a disk is full: the next look may find room. A single look fails. */
static bool keep_metrics(struct watcher *watcher,
		struct arena *arena,
		const cJSON *document,
		struct error *err)
{
	const struct options *options = watcher->run->options;
	const char *path = options->watch.prometheus_path;
	if (!path)
		return true;
	bool written = write_metrics(arena, path, document, err);
	if (written || options->watch.once) {
		watcher->failing = false;
		return written;
	}
	if (!watcher->failing)
		screen_say("%s; watching continues", err->text);
	watcher->failing = true;
	return true;
}

/* Does nobody read any more? A full disk is no reader that went away. */
static bool has_reader(bool shown)
{
	return shown || errno == ENOSPC || errno == EDQUOT || errno == EIO;
}

/* A single look that cannot be written has failed. *ret_reader: somebody still reads. */
static bool watch_show(const struct watcher *watcher,
		struct arena *arena,
		const cJSON *document,
		bool *ret_reader,
		struct error *err)
{
	const struct options *options = watcher->run->options;
	bool shown = true;
	if (options->watch.json)
		shown = watch_show_line(document);
	else if (!options->watch.prometheus_path || watcher->screen.full)
		shown = show_table(watcher, arena, document);
	*ret_reader = has_reader(shown);
	if (shown || !options->watch.once || !*ret_reader)
		return true;
	return error_fail(err, "cannot write to standard output: %s", strerror(errno));
}

/* One look at everything. *ret_reader: somebody still reads what is shown. */
static bool command_watch_look(struct watcher *watcher, bool *ret_reader, struct error *err)
{
	const struct options *options = watcher->run->options;
	struct arena *arena = arena_new();
	struct members put = {arena, NULL};
	char moment[CLOCK_TEXT_MAX];
	const struct watch_look now = {
			.window = &watcher->window,
			.limits = &watcher->limits,
			.whole = watcher->whole.arena ? &watcher->whole : NULL,
			.whole_age_s = clock_now_s() - watcher->whole_s,
			.series = watcher->series,
			.age_s = clock_now_s() - watcher->read_s,
			.sampler = watcher->sampler,
			.target = options->max_use,
			.time = clock_utc_now(moment),
			.pid = (int)options->pid,
	};
	watch_sample(watcher, options->watch.once);
	cJSON *document = watch_json(&put, &now);
	if (options->redact)
		redact_document(arena, document);
	bool ok = keep_metrics(watcher, arena, document, err);
	if (ok)
		ok = watch_show(watcher, arena, document, ret_reader, err);
	cJSON_Delete(document);
	arena_free(arena);
	return ok;
}

/* --- waiting
 * --------------------------------------------------------------------------------------- */

static void watch_stop(struct watcher *watcher)
{
	watch_screen_end(&watcher->screen);
	(void)raise(SIGSTOP);
	watch_screen_begin(&watcher->screen);
}

/* false: it is over. */
static bool watch_take_signal(struct watcher *watcher)
{
	struct signalfd_siginfo signal;
	if (read(watcher->signals, &signal, sizeof signal) != sizeof signal)
		return true;
	if (signal.ssi_signo == SIGWINCH)
		watch_screen_measure(&watcher->screen);
	else if (signal.ssi_signo == SIGTSTP)
		watch_stop(watcher);
	else
		return false;
	return true;
}

/* false: it is over. A new size of the terminal ends the waiting early. */
static bool pause_until(struct watcher *watcher, double until_s)
{
	for (;;) {
		double left = until_s - clock_now_s();
		if (!(left > 0))
			return true;
		const struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
		struct pollfd ready[] = {
				{.fd = watcher->signals, .events = POLLIN},
				{.fd = watch_screen_input(&watcher->screen), .events = POLLIN},
		};
		if (ppoll(ready, COUNT_OF(ready), &time, NULL) <= 0)
			continue;
		if (ready[1].revents && watch_screen_quits(&watcher->screen))
			return false;
		if (ready[0].revents)
			return watch_take_signal(watcher);
	}
}

static bool watch_hold_signals(struct watcher *watcher, struct error *err)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH};
	sigset_t signals;
	(void)sigemptyset(&signals);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		(void)sigaddset(&signals, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &signals, NULL);
	watcher->signals = signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC);
	if (watcher->signals >= 0)
		return true;
	return error_fail(err, "cannot wait for signals: %s", strerror(errno));
}

static bool watch_loop(struct watcher *watcher, struct error *err)
{
	const struct options *options = watcher->run->options;
	double interval_s = interval_usual_s, next_s = clock_now_s();
	bool reader = true, ok = true;
	if (options->interval_s > 0)
		interval_s = options->interval_s;
	if (!watch_hold_signals(watcher, err))
		return false;
	watcher->screen.full = isatty(STDOUT_FILENO) == 1 && !options->watch.once &&
			!options->watch.json;
	watch_screen_begin(&watcher->screen);
	do {
		if (clock_now_s() >= watcher->next_read_s)
			ok = watch_read_host(watcher, err);
		if (!ok && !still_there(options)) {
			ok = true; /* it ended meanwhile */
			break;
		}
		ok = ok && command_watch_look(watcher, &reader, err);
		next_s = fmax(next_s + interval_s, clock_now_s());
		if (!ok || !reader || options->watch.once)
			break;
	} while (pause_until(watcher, next_s) && still_there(options));
	watch_screen_end(&watcher->screen);
	return ok;
}

/* Rates need two samples. */
static void first_sample(struct watcher *watcher)
{
	const struct timespec moment = {0, 200000000};
	watch_sample(watcher, true);
	if (watcher->run->options->watch.once)
		(void)nanosleep(&moment, NULL);
}

static bool open_sampler(struct watcher *watcher, struct error *err)
{
	const struct watch_limits *limits = &watcher->limits;
	const struct sampler_options sampling = {
			.root = (int)watcher->run->options->pid,
			.with_root = true,
			.own_listeners = true,
			.reuse = limits->reuse,
			.by_size = limits->by_size,
			.low = limits->low,
			.high = limits->high,
	};
	watcher->sampler = sampler_open(watcher->run->arena, &sampling, err);
	return watcher->sampler != NULL;
}

static bool enter_namespace(const struct options *options,
		struct namespace *namespace,
		struct error *err)
{
	bool denied = false;
	if (!(options->pid > 0))
		return true;
	if (!namespace_enter(namespace, (int)options->pid, &denied, err))
		return false;
	if (denied && still_there(options))
		screen_say(
				"the sockets of process %.0f are not visible: cannot enter its network namespace",
				options->pid);
	return true;
}

bool command_watch(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(close_watcher))) struct watcher watcher = {.run = run};
	struct namespace namespace = NAMESPACE_NONE;
	*ret_exit = EXIT_PASS;
	if (options->arguments.count)
		return error_set(err,
				"watch takes no argument \"%.60s\"; to watch a process: headroom watch --pid N",
				options->arguments.items[0]);
	if (options->vantage && !(options->pid > 0))
		return error_set(err,
				"%s is not running, so there is nothing to watch",
				options->vantage->shown);
	if (!pipeline_rules(run, false, &watcher.rules, &watcher.extras, err))
		return false;
	if (!watch_read_host(&watcher, err) || !enter_namespace(options, &namespace, err))
		return false;
	if (!open_sampler(&watcher, err))
		return false;
	first_sample(&watcher);
	return watch_loop(&watcher, err);
}
