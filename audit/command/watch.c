/* headroom watch: sample after sample of this host, on the terminal, as lines of JSON, as metrics.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/output/output.h"
#include "audit/run/pipeline.h"
#include "audit/watch/watch.h"
#include "base/array.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "model/derive.h"
#include "probes/host/namespace.h"

static const double interval_usual_s = 1;
/* What the settings allow is read again after so long. */
static const double facts_s = 300;

struct watcher {
	const struct run *run;
	const struct rules *rules;
	struct sampler *sampler;
	struct watched_room room;
	double low, high; /* the ephemeral range */
	struct watch_window window;
	struct watch_screen screen;
	const char *host;
	double next_facts_s;
	sigset_t signals;
};

static void close_watcher(struct watcher *watcher)
{
	sampler_close(watcher->sampler);
}

/* In an arena of its own: this goes on for months. */
static bool read_room(struct watcher *watcher, bool *ret_by_size, struct error *err)
{
	struct arena *arena = arena_new();
	struct run run = *watcher->run;
	struct host_info host;
	run.arena = arena;
	struct facts *facts = pipeline_facts(&run, false, &host, err);
	if (facts) {
		derive_facts(facts, watcher->rules);
		watcher->room = watched_room_of(facts, host.cpus);
		watcher->low = facts_number(facts, "ports.low");
		watcher->high = facts_number(facts, "ports.high");
		*ret_by_size = facts_number(facts, "kernel.version") >= 6002;
		if (!watcher->host)
			watcher->host = arena_strdup(watcher->run->arena, host.name ? host.name : "this host");
		watcher->next_facts_s = clock_now_s() + facts_s;
	}
	arena_free(arena);
	return facts;
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
	char *line = cJSON_PrintUnformatted(document);
	const struct watch_screen plain = {0};
	bool ok = line && watch_screen_show(&plain, line) && watch_screen_show(&plain, "\n");
	cJSON_free(line);
	return ok;
}

static bool show_table(const struct watcher *watcher, struct arena *arena, const cJSON *document)
{
	struct text text = {0};
	struct write_options look = screen_options(arena, watcher->run->options);
	write_watch(document, &look, &text);
	if (!watcher->screen.full && !watcher->run->options->watch.once)
		text_add(&text, "\n");
	bool ok = watch_screen_show(&watcher->screen, text_string(&text));
	text_release(&text);
	return ok;
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
			.room = &watcher->room,
			.sampler = watcher->sampler,
			.target = options->max_use,
			.host = watcher->host,
			.time = clock_utc_now(moment),
			.pid = (int)options->pid,
	};
	sampler_read(watcher->sampler,
			false,
			&watcher->window.samples[watcher->window.count++ % WATCH_WINDOW]);
	cJSON *document = watch_json(&put, &now);
	bool ok = !options->watch.prometheus_path ||
			write_metrics(arena, options->watch.prometheus_path, document, err);
	if (ok && options->watch.json)
		*ret_reader = watch_show_line(document);
	else if (ok && (!options->watch.prometheus_path || watcher->screen.full))
		*ret_reader = show_table(watcher, arena, document);
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

/* false: it is over. A new size of the terminal ends the waiting early. */
static bool pause_until(struct watcher *watcher, double until_s)
{
	for (;;) {
		double left = until_s - clock_now_s();
		if (!(left > 0))
			return true;
		const struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
		int number = sigtimedwait(&watcher->signals, NULL, &time);
		if (number == SIGWINCH) {
			watch_screen_measure(&watcher->screen);
			return true;
		}
		if (number == SIGTSTP)
			watch_stop(watcher);
		else if (number > 0)
			return false;
	}
}

static void watch_hold_signals(struct watcher *watcher)
{
	static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGWINCH};
	(void)sigemptyset(&watcher->signals);
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		(void)sigaddset(&watcher->signals, numbers[i]);
	(void)sigprocmask(SIG_BLOCK, &watcher->signals, NULL);
}

static bool watch_loop(struct watcher *watcher, struct error *err)
{
	const struct options *options = watcher->run->options;
	double interval_s = options->interval_s > 0 ? options->interval_s : interval_usual_s,
		   next_s = clock_now_s();
	bool reader = true, ok = true, by_size;
	watch_hold_signals(watcher);
	watcher->screen.full = isatty(STDOUT_FILENO) == 1 && !options->watch.once &&
			!options->watch.json;
	watch_screen_begin(&watcher->screen);
	do {
		if (clock_now_s() >= watcher->next_facts_s)
			ok = read_room(watcher, &by_size, err);
		ok = ok && command_watch_look(watcher, &reader, err);
		next_s = fmax(next_s + interval_s, clock_now_s());
	} while (ok && reader && !options->watch.once && pause_until(watcher, next_s) &&
			(!(options->pid > 0) || kill((int)options->pid, 0) == 0 || errno == EPERM));
	watch_screen_end(&watcher->screen);
	return ok;
}

/* Rates need two samples. */
static void first_sample(struct watcher *watcher)
{
	const struct timespec moment = {0, 200000000};
	sampler_read(watcher->sampler,
			true,
			&watcher->window.samples[watcher->window.count++ % WATCH_WINDOW]);
	if (watcher->run->options->watch.once)
		(void)nanosleep(&moment, NULL);
}

bool command_watch(const struct run *run, int *ret_exit, struct error *err)
{
	const struct options *options = run->options;
	__attribute__((cleanup(close_watcher))) struct watcher watcher = {.run = run};
	struct namespace namespace = NAMESPACE_NONE;
	struct rules rules;
	struct rule_extras extras;
	bool by_size = false, denied = false;
	*ret_exit = EXIT_PASS;
	if (options->arguments.count)
		return error_set(err,
				"watch takes no \"%.60s\"; --pid N watches a process",
				options->arguments.items[0]);
	if (!pipeline_rules(run, false, &rules, &extras, err))
		return false;
	watcher.rules = &rules;
	bool ready = read_room(&watcher, &by_size, err);
	if (ready && options->pid > 0)
		ready = namespace_enter(&namespace, (int)options->pid, &denied, err);
	if (denied)
		screen_say(
				"the network namespace of process %.0f cannot be entered: its sockets are not seen",
				options->pid);
	const struct sampler_options sampling = {.root = (int)options->pid,
			.with_root = true,
			.own_listeners = true,
			.reuse = watcher.room.reuse,
			.by_size = by_size,
			.low = watcher.low > 0 ? (unsigned)watcher.low : 0,
			.high = watcher.high > 0 ? (unsigned)watcher.high : 0};
	watcher.sampler = ready ? sampler_open(run->arena, &sampling, err) : NULL;
	if (watcher.sampler)
		first_sample(&watcher);
	bool done = watcher.sampler && watch_loop(&watcher, err);
	if (RUN_FREES)
		rule_extras_release(&extras);
	return done;
}
