/* The table of wrappers. Each row says how its own words end; what follows is the command. */
#include "probes/plan/command/wrappers.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"
#include "probes/plan/data/data.h"
#include "probes/plan/quantity.h"

struct wrapper {
	const char *const *names;
	const struct argument_option *options;
	size_t option_count;
	size_t positional; /* words of its own before the command */
	bool assignments;  /* NAME=VALUE words may follow */
	unsigned style;    /* beside long options */
	bool (*keep)(struct peel *peel,
			const struct arguments *arguments); /* what it changes, or NULL */
	bool (*take)(struct peel *peel);            /* does it all, instead of the above */
	const char *refusal;                        /* cannot be seen through: why, and what to do */
};

void peel_variable(struct peel *peel, const char *assignment)
{
	struct name_list *list = &peel->command->environment;
	const char **items = arena_alloc(peel->context->arena, (list->count + 1) * sizeof *items);
	for (size_t i = 0; i < list->count; i++)
		items[i] = list->items[i];
	items[list->count] = assignment;
	*list = (struct name_list){items, list->count + 1, list->count + 1};
}

void peel_written(struct peel *peel, const char *path, const char *text)
{
	struct plan_command *command = peel->command;
	const size_t count = command->written_count;
	if (count >= WRAPPERS_FILES_MAX) /* more are not found */
		return;
	struct plan_written *all = arena_alloc(peel->context->arena, (count + 1) * sizeof *all);
	for (size_t i = 0; i < count; i++)
		all[i] = command->written[i];
	all[count] = (struct plan_written){path, text};
	command->written = all;
	command->written_count = count + 1;
}

void peel_copies(struct peel *peel, const char *count)
{
	struct error ignored = {0};
	double copies;
	if (quantity_read(count, &quantity_count, &copies, &ignored))
		peel->command->vantage.copies = copies;
}

bool peel_rest(struct peel *peel, const char *const *words, size_t count)
{
	if (!count || !*words[0])
		return error_set(peel->err,
				"there is no command after %.60s",
				text_clean(peel->context->arena,
						peel->command->words[0],
						strlen(peel->command->words[0]),
						60));
	peel->command->words = words;
	peel->command->count = count;
	return true;
}

static bool wrappers_read_limit(const char *text,
		size_t length,
		struct arena *arena,
		double *ret,
		struct error *err)
{
	const char *copy = arena_copy(arena, text, length);
	if (!strcmp(copy, "unlimited") || !strcmp(copy, "-1")) {
		*ret = INFINITY;
		return true;
	}
	return quantity_read(copy, &quantity_count, ret, err);
}

bool peel_nofile(struct peel *peel, const char *text, const char *from)
{
	struct plan_vantage *v = &peel->command->vantage;
	struct arena *arena = peel->context->arena;
	struct error why = {0};
	const char *colon = strchr(text, ':');
	size_t length = colon ? (size_t)(colon - text) : strlen(text);
	bool good = !length || wrappers_read_limit(text, length, arena, &v->nofile_soft, &why);
	if (good && (!colon || colon[1]))
		good = colon
				? wrappers_read_limit(colon + 1, strlen(colon + 1), arena, &v->nofile_hard, &why)
				: (v->nofile_hard = v->nofile_soft, true);
	if (!good || !*text || !strcmp(text, ":"))
		return error_set(peel->err, "%s: %s", from, good ? "no limit is given" : why.text);
	/* do_prlimit() in kernel/sys.c: a hard limit above sysctl_nr_open is refused, whoever asks. */
	if (isinf(v->nofile_soft) || isinf(v->nofile_hard))
		return error_set(peel->err,
				"%s: Linux does not allow an unlimited number of open files; the most is "
				"fs.nr_open (1048576)",
				from);
	if (v->nofile_soft > v->nofile_hard)
		return error_set(peel->err, "%s: the soft limit is above the hard one", from);
	v->nofile_from = from;
	v->nofile_raised = false;
	return true;
}

/* --- what single wrappers change ------------------------------------------------------------ */

enum {
	PRLIMIT_NOFILE,
	PRLIMIT_PID
};
static const struct argument_option prlimit_options[] = {
		[PRLIMIT_NOFILE] = {"nofile", 'n', TAKES_ATTACHED, NULL},
		[PRLIMIT_PID] = {"pid", 'p', TAKES_TEXT, NULL},
		{"core", 'c', TAKES_ATTACHED, NULL},
		{"data", 'd', TAKES_ATTACHED, NULL},
		{"nice", 'e', TAKES_ATTACHED, NULL},
		{"fsize", 'f', TAKES_ATTACHED, NULL},
		{"sigpending", 'i', TAKES_ATTACHED, NULL},
		{"memlock", 'l', TAKES_ATTACHED, NULL},
		{"rss", 'm', TAKES_ATTACHED, NULL},
		{"msgqueue", 'q', TAKES_ATTACHED, NULL},
		{"rtprio", 'r', TAKES_ATTACHED, NULL},
		{"stack", 's', TAKES_ATTACHED, NULL},
		{"cpu", 't', TAKES_ATTACHED, NULL},
		{"nproc", 'u', TAKES_ATTACHED, NULL},
		{"as", 'v', TAKES_ATTACHED, NULL},
		{"locks", 'x', TAKES_ATTACHED, NULL},
		{"rttime", 'y', TAKES_ATTACHED, NULL},
		{"verbose", 0, TAKES_NOTHING, NULL},
		{"output", 'o', TAKES_TEXT, NULL},
		{"noheadings", 0, TAKES_NOTHING, NULL},
		{"raw", 0, TAKES_NOTHING, NULL},
};

static bool keep_prlimit(struct peel *peel, const struct arguments *arguments)
{
	const struct argument *limit = arguments_last(arguments, PRLIMIT_NOFILE);
	if (arguments_given(arguments, PRLIMIT_PID))
		return error_set(peel->err,
				"prlimit --pid changes a running process and starts no command");
	if (!limit || !limit->text)
		return true;
	return peel_nofile(peel,
			limit->text + (limit->text[0] == '='),
			arena_printf(peel->context->arena, "prlimit %s", limit->shown));
}

enum {
	ENV_CHDIR,
	ENV_SPLIT
};
static const struct argument_option env_options[] = {
		[ENV_CHDIR] = {"chdir", 'C', TAKES_TEXT, NULL},
		[ENV_SPLIT] = {"split-string", 'S', TAKES_TEXT, NULL},
		{"ignore-environment", 'i', TAKES_NOTHING, NULL},
		{"null", '0', TAKES_NOTHING, NULL},
		{"unset", 'u', TAKES_TEXT, NULL},
		{"debug", 'v', TAKES_NOTHING, NULL},
		{"block-signal", 0, TAKES_ATTACHED, NULL},
		{"default-signal", 0, TAKES_ATTACHED, NULL},
		{"ignore-signal", 0, TAKES_ATTACHED, NULL},
		{"list-signal-handling", 0, TAKES_NOTHING, NULL},
};

static bool keep_env(struct peel *peel, const struct arguments *arguments)
{
	const char *directory = arguments_text(arguments, ENV_CHDIR, NULL);
	if (arguments_given(arguments, ENV_SPLIT))
		return error_set(peel->err,
				"env -S splits its text by special rules: write the words separately");
	if (directory)
		peel->command->vantage.cwd = directory;
	return true;
}

static const struct argument_option timeout_options[] = {
		{"kill-after", 'k', TAKES_TEXT, NULL},
		{"signal", 's', TAKES_TEXT, NULL},
		{"foreground", 0, TAKES_NOTHING, NULL},
		{"preserve-status", 0, TAKES_NOTHING, NULL},
		{"verbose", 'v', TAKES_NOTHING, NULL},
};

static bool keep_timeout(struct peel *peel, const struct arguments *arguments)
{
	struct error why = {0};
	double seconds;
	if (!arguments->word_count)
		return error_set(peel->err, "timeout needs a duration and a command");
	if (!quantity_read(arguments->words[0], &quantity_timeout, &seconds, &why))
		return error_set(peel->err, "timeout: %s", why.text);
	if (seconds > 0) {
		peel->command->vantage.most_seconds = seconds;
		peel->command->vantage.most_from =
				arena_printf(peel->context->arena, "timeout %s", arguments->words[0]);
	}
	return true;
}

enum {
	TASKSET_LIST,
	TASKSET_PID
};
static const struct argument_option taskset_options[] = {
		[TASKSET_LIST] = {"cpu-list", 'c', TAKES_NOTHING, NULL},
		[TASKSET_PID] = {"pid", 'p', TAKES_NOTHING, NULL},
		{"all-tasks", 'a', TAKES_NOTHING, NULL},
};

double peel_count_cpus(const char *list)
{
	double sum = 0;
	while (*list) {
		unsigned first = 0, last = 0;
		int used = 0;
		if (sscanf(list, "%5u-%5u%n", &first, &last, &used) != 2 || !used) {
			if (sscanf(list, "%5u%n", &first, &used) != 1 || !used)
				return 0;
			last = first;
		}
		if (last < first || (list[used] && list[used] != ','))
			return 0;
		sum += (double)(last - first) + 1;
		list += used + (list[used] == ',');
	}
	return sum;
}

static double count_mask(const char *mask)
{
	double sum = 0;
	if (mask[0] == '0' && mask[1] == 'x')
		mask += 2;
	for (; *mask; mask++) {
		int digit = ascii_hex_value(*mask);
		if (digit >= 0)
			sum += __builtin_popcount((unsigned)digit);
		else if (*mask != ',')
			return 0;
	}
	return sum;
}

static bool keep_taskset(struct peel *peel, const struct arguments *arguments)
{
	const char *cpus = arguments->word_count ? arguments->words[0] : "";
	double count = arguments_given(arguments, TASKSET_LIST) ? peel_count_cpus(cpus)
															: count_mask(cpus);
	if (arguments_given(arguments, TASKSET_PID))
		return error_set(peel->err, "taskset -p changes a running process and starts no command");
	if (count < 1)
		return error_set(peel->err, "taskset: \"%.60s\" is not a set of CPUs", cpus);
	peel->command->vantage.processors = count;
	return true;
}

/* --- wrappers that change nothing a plan is made of ----------------------------------------- */

static const struct argument_option nice_options[] = {
		{"adjustment", 'n', TAKES_TEXT, NULL}, /* and -10 */
		{NULL, '1', TAKES_ATTACHED, NULL},
		{NULL, '2', TAKES_ATTACHED, NULL},
		{NULL, '3', TAKES_ATTACHED, NULL},
		{NULL, '4', TAKES_ATTACHED, NULL},
		{NULL, '5', TAKES_ATTACHED, NULL},
		{NULL, '6', TAKES_ATTACHED, NULL},
		{NULL, '7', TAKES_ATTACHED, NULL},
		{NULL, '8', TAKES_ATTACHED, NULL},
		{NULL, '9', TAKES_ATTACHED, NULL}};
static const struct argument_option ionice_options[] = {{"class", 'c', TAKES_TEXT, NULL},
		{"classdata", 'n', TAKES_TEXT, NULL},
		{"ignore", 't', TAKES_NOTHING, NULL}};
static const struct argument_option stdbuf_options[] = {{"input", 'i', TAKES_TEXT, NULL},
		{"output", 'o', TAKES_TEXT, NULL},
		{"error", 'e', TAKES_TEXT, NULL}};
static const struct argument_option setsid_options[] = {{"ctty", 'c', TAKES_NOTHING, NULL},
		{"fork", 'f', TAKES_NOTHING, NULL},
		{"wait", 'w', TAKES_NOTHING, NULL}};
static const struct argument_option chrt_options[] = {{"all-tasks", 'a', TAKES_NOTHING, NULL},
		{"batch", 'b', TAKES_NOTHING, NULL},
		{"deadline", 'd', TAKES_NOTHING, NULL},
		{"fifo", 'f', TAKES_NOTHING, NULL},
		{"idle", 'i', TAKES_NOTHING, NULL},
		{"other", 'o', TAKES_NOTHING, NULL},
		{"rr", 'r', TAKES_NOTHING, NULL},
		{"reset-on-fork", 'R', TAKES_NOTHING, NULL},
		{"verbose", 'v', TAKES_NOTHING, NULL},
		{"sched-runtime", 'T', TAKES_TEXT, NULL},
		{"sched-period", 'P', TAKES_TEXT, NULL},
		{"sched-deadline", 'D', TAKES_TEXT, NULL}};
static const struct argument_option time_options[] = {{"portability", 'p', TAKES_NOTHING, NULL},
		{"verbose", 'v', TAKES_NOTHING, NULL},
		{"format", 'f', TAKES_TEXT, NULL},
		{"output", 'o', TAKES_TEXT, NULL},
		{"append", 'a', TAKES_NOTHING, NULL},
		{"quiet", 'q', TAKES_NOTHING, NULL}};
enum {
	SUDO_LOGIN,
	SUDO_SHELL
};
static const struct argument_option sudo_options[] = {
		[SUDO_LOGIN] = {"login", 'i', TAKES_NOTHING, NULL},
		[SUDO_SHELL] = {"shell", 's', TAKES_NOTHING, NULL},
		{"preserve-env", 'E', TAKES_NOTHING, NULL},
		{"non-interactive", 'n', TAKES_NOTHING, NULL},
		{"set-home", 'H', TAKES_NOTHING, NULL},
		{"user", 'u', TAKES_TEXT, NULL},
		{"group", 'g', TAKES_TEXT, NULL},
		{"stdin", 'S', TAKES_NOTHING, NULL},
		{"background", 'b', TAKES_NOTHING, NULL},
		{"chdir", 'D', TAKES_TEXT, NULL},
		{"prompt", 'p', TAKES_TEXT, NULL},
		{"askpass", 'A', TAKES_NOTHING, NULL},
		{"preserve-groups", 'P', TAKES_NOTHING, NULL},
		{"reset-timestamp", 'k', TAKES_NOTHING, NULL},
		{"close-from", 'C', TAKES_TEXT, NULL},
		{"command-timeout", 'T', TAKES_TEXT, NULL}};
static bool keep_sudo(struct peel *peel, const struct arguments *arguments)
{
	if (!arguments_given(arguments, SUDO_LOGIN) && !arguments_given(arguments, SUDO_SHELL))
		return true;
	return error_set(peel->err,
			"sudo -i and -s start a shell with other settings: run headroom inside it, "
			"in front of the command");
}

static const struct argument_option exec_options[] = {{NULL, 'a', TAKES_TEXT, NULL},
		{NULL, 'c', TAKES_NOTHING, NULL},
		{NULL, 'l', TAKES_NOTHING, NULL},
		{NULL, 'p', TAKES_NOTHING, NULL}};

static const struct argument_option numactl_options[] = {{"interleave", 'i', TAKES_TEXT, NULL},
		{"membind", 'm', TAKES_TEXT, NULL},
		{"preferred", 'p', TAKES_TEXT, NULL},
		{"preferred-many", 'P', TAKES_TEXT, NULL},
		{"weighted-interleave", 'w', TAKES_TEXT, NULL},
		{"physcpubind", 'C', TAKES_TEXT, NULL},
		{"cpunodebind", 'N', TAKES_TEXT, "cpubind"},
		{"localalloc", 'l', TAKES_NOTHING, NULL},
		{"all", 'a', TAKES_NOTHING, NULL},
		{"balancing", 'b', TAKES_NOTHING, NULL}};
static const struct argument_option cgexec_options[] = {{NULL, 'g', TAKES_TEXT, NULL},
		{"sticky", 0, TAKES_NOTHING, NULL}};
static const struct argument_option chronic_options[] = {{NULL, 'v', TAKES_NOTHING, NULL},
		{NULL, 'e', TAKES_NOTHING, NULL},
		{NULL, 'p', TAKES_NOTHING, NULL}};
static const struct argument_option init_options[] = {{NULL, 's', TAKES_NOTHING, NULL},
		{NULL, 'g', TAKES_NOTHING, NULL},
		{NULL, 'v', TAKES_NOTHING, NULL},
		{NULL, 'w', TAKES_NOTHING, NULL},
		{NULL, 'p', TAKES_TEXT, NULL},
		{NULL, 'e', TAKES_TEXT, NULL},
		{"single-child", 'c', TAKES_NOTHING, NULL},
		{"rewrite", 'r', TAKES_TEXT, NULL},
		{"verbose", 0, TAKES_NOTHING, NULL}};
static const struct argument_option inhibit_options[] = {{"what", 0, TAKES_TEXT, NULL},
		{"who", 0, TAKES_TEXT, NULL},
		{"why", 0, TAKES_TEXT, NULL},
		{"mode", 0, TAKES_TEXT, NULL}};

/* python3 -m locust: the module is the tool. */
static bool take_python(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	size_t at = 1;
	while (at < command->count &&
			(!strcmp(command->words[at], "-u") || !strcmp(command->words[at], "-O")))
		at++;
	if (at + 1 < command->count && !strcmp(command->words[at], "-m"))
		return peel_rest(peel, command->words + at + 1, command->count - at - 1);
	return error_set(peel->err, "headroom does not read Python programs, only `python -m locust`");
}

/* Waits for a server, then starts the command, if there is one. */
static bool wait_rest(struct peel *peel, size_t at)
{
	const struct plan_command *command = peel->command;
	if (at < command->count)
		return peel_rest(peel, command->words + at, command->count - at);
	peel->budget->idle = true;
	return error_set(peel->err, "%.60s waits, and starts no command", command->words[0]);
}

/* wait-for-it.sh h:80 -t 30 -- COMMAND */
static bool take_wait(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	size_t at = 1;
	while (at < command->count && strcmp(command->words[at], "--") != 0)
		at++;
	return wait_rest(peel, at + 1);
}

/* dockerize -wait tcp://db:80 -timeout 9s COMMAND */
static bool take_dockerize(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	size_t at = 1;
	while (at < command->count && command->words[at][0] == '-') {
		const char *word = command->words[at++];
		if (!strcmp(word, "--"))
			break;
		if (!strchr(word, '=') && !strstr(word, "poll") && !strstr(word, "overwrite"))
			at++;
	}
	return wait_rest(peel, at);
}

static bool take_compose(struct peel *peel)
{
	return peel_compose(peel, peel->command->words + 1, peel->command->count - 1);
}

#define NAMES(...) ((const char *const[]){__VA_ARGS__, NULL})
#define TABLE(t)   .options = t, .option_count = COUNT_OF(t)

static const struct wrapper wrappers[] = {
		{.names = NAMES("env"), TABLE(env_options), .assignments = true, .keep = keep_env},
		{.names = NAMES("sudo", "doas"),
				TABLE(sudo_options),
				.assignments = true,
				.keep = keep_sudo},
		{.names = NAMES("nice"), TABLE(nice_options)},
		{.names = NAMES("ionice"), TABLE(ionice_options)},
		{.names = NAMES("taskset"), TABLE(taskset_options), .positional = 1, .keep = keep_taskset},
		{.names = NAMES("timeout", "gtimeout"),
				TABLE(timeout_options),
				.positional = 1,
				.keep = keep_timeout},
		{.names = NAMES("nohup", "command", "builtin")},
		{.names = NAMES("stdbuf"), TABLE(stdbuf_options)},
		{.names = NAMES("setsid"), TABLE(setsid_options)},
		{.names = NAMES("chrt"), TABLE(chrt_options), .positional = 1},
		{.names = NAMES("prlimit"), TABLE(prlimit_options), .keep = keep_prlimit},
		{.names = NAMES("time"), TABLE(time_options)},
		{.names = NAMES("exec"), TABLE(exec_options)},
		{.names = NAMES("numactl"), TABLE(numactl_options)},
		{.names = NAMES("cgexec"), TABLE(cgexec_options)},
		{.names = NAMES("chronic", "unbuffer"), TABLE(chronic_options)},
		{.names = NAMES("tini", "dumb-init", "catatonit"), TABLE(init_options)},
		{.names = NAMES("gosu", "su-exec"), .positional = 1},
		{.names = NAMES("systemd-inhibit"), TABLE(inhibit_options)},
		{.names = NAMES("wait-for-it", "wait-for-it.sh", "wait-for", "wait-for.sh", "wait4x"),
				.take = take_wait},
		{.names = NAMES("dockerize"), .take = take_dockerize},
		{.names = NAMES("python", "python3", "python2"), .take = take_python},
		{.names = NAMES("npx",
				 "bunx",
				 "pnpx",
				 "npm",
				 "pnpm",
				 "yarn",
				 "bun",
				 "uv",
				 "uvx",
				 "pipx",
				 "poetry",
				 "pipenv",
				 "hatch",
				 "pdm",
				 "rye",
				 "bundle"),
				.take = peel_runner},
		{.names = NAMES("sh", "bash", "dash", "ash", "zsh", "ksh", "mksh"), .take = peel_shell},
		{.names = NAMES("docker", "podman", "nerdctl"), .take = peel_container},
		{.names = NAMES("ssh"),
				.refusal = "runs on another machine: run headroom there, in front of the command"},
		{.names = NAMES("kubectl", "oc"), .take = peel_kubectl},
		{.names = NAMES("docker-compose", "podman-compose"), .take = take_compose},
		{.names = NAMES("helm"),
				.refusal = "runs in a cluster: run headroom in the pod, in front of the command"},
		{.names = NAMES("ip", "nsenter", "unshare", "chroot", "lxc", "machinectl"),
				.refusal =
						"changes the namespace whose limits count: put it before headroom, as in "
						"`ip netns exec NAME headroom audit -- COMMAND`"},
		{.names = NAMES("systemd-run"),
				.refusal = "starts a unit with other limits: put headroom inside it"},
		{.names = NAMES("su", "runuser", "setpriv", "login"),
				.refusal = "starts the command as another user, whose limits count: run headroom "
						   "as that user, as in "
						   "su USER -c 'headroom audit -- COMMAND'"},
		{.names = NAMES("strace",
				 "ltrace",
				 "gdb",
				 "perf",
				 "valgrind",
				 "rr",
				 "script",
				 "tmux",
				 "screen",
				 "proxychains",
				 "proxychains4",
				 "torsocks",
				 "faketime"),
				.refusal = "changes how the command runs: give the load test's command itself"},
		{.names = NAMES("xargs", "parallel", "watch"),
				.refusal = "itself decides what it runs: give the load test's command"},
		{.names = NAMES("make", "gmake", "just", "task", "rake"),
				.refusal = "runs a recipe, which headroom does not read: put headroom into "
						   "the recipe, in front of the load test's command"},
};

static const struct wrapper *find_wrapper(const struct plan_command *command)
{
	const char *slash = strrchr(command->words[0], '/'),
			   *name = slash ? slash + 1 : command->words[0];
	for (size_t i = 0; i < COUNT_OF(wrappers); i++)
		for (const char *const *n = wrappers[i].names; *n; n++)
			if (!strcmp(*n, name))
				return &wrappers[i];
	return NULL;
}

bool wrappers_know(const struct plan_command *command)
{
	return find_wrapper(command);
}

static bool is_assignment(const char *word)
{
	size_t length = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_");
	return length && !(word[0] >= '0' && word[0] <= '9') && word[length] == '=';
}

static bool take_one(struct peel *peel, const struct wrapper *wrapper)
{
	const struct plan_command *command = peel->command;
	const char *name =
			text_clean(peel->context->arena, command->words[0], strlen(command->words[0]), 60);
	struct arguments arguments;
	const struct argument_syntax syntax = {name,
			ARGUMENTS_LONG | ARGUMENTS_PREFIX,
			wrapper->options,
			wrapper->option_count};
	if (wrapper->refusal)
		return error_set(peel->err, "%s %s", name, wrapper->refusal);
	if (wrapper->take)
		return wrapper->take(peel);
	if (!arguments_read(peel->context->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&arguments,
				peel->err) ||
			(wrapper->keep && !wrapper->keep(peel, &arguments)))
		return false;
	size_t at = wrapper->positional < arguments.word_count ? wrapper->positional
														   : arguments.word_count;
	for (; wrapper->assignments && at < arguments.word_count && is_assignment(arguments.words[at]);
			at++)
		peel_variable(peel, arguments.words[at]);
	return peel_rest(peel, arguments.words + at, arguments.word_count - at);
}

bool wrappers_peel(struct peel *peel)
{
	const struct wrapper *wrapper;
	while ((wrapper = find_wrapper(peel->command)) || peel_is_script(peel)) {
		if (data_knows(peel->context, peel->command))
			break; /* python -m MODULE */
		if (peel->depth++ >= WRAPPERS_DEPTH_MAX)
			return error_set(peel->err,
					"more than %d wrappers around the command",
					WRAPPERS_DEPTH_MAX);
		if (wrapper && !take_one(peel, wrapper))
			return false;
		if (!wrapper && !peel_script(peel))
			return false;
	}
	return true;
}

bool wrappers_take_off(const struct plan_context *context,
		const char *const *argv,
		size_t count,
		struct plan_command *ret_command,
		struct error *err)
{
	struct peel_budget budget = {0};
	struct peel peel = {.context = context, .command = ret_command, .budget = &budget, .err = err};
	if (!count || !*argv[0])
		return error_set(err,
				"no command after \"--\": headroom audit -- wrk -c 400 -t 12 http://10.0.0.5/");
	*ret_command = (struct plan_command){.words = argv, .count = count};
	ret_command->vantage = (struct plan_vantage){.nofile_soft = NAN,
			.nofile_hard = NAN,
			.processors = context->processors,
			.cpu_quota = NAN,
			.pids = NAN,
			.memory_bytes = NAN,
			.most_seconds = NAN};
	return wrappers_peel(&peel);
}
