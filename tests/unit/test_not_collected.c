/* What nobody collected never helps a plan: every fact of every captured host, and every file of
 * every snapshot, is removed, one at a time, and every limit judged again under plans of all kinds.
 * No limit may pass, or be said not to exist, that failed, warned or was unknown before, and no
 * highest safe load may grow.
 *
 * A fact that no limit of the host reads, under any of the plans, changes nothing and is left out,
 * and the files are those of some hosts. HEADROOM_EVERY_FACT=N takes the others, too, and N hosts
 * with random numbers beside each. */
#include "tests/unit/probe_test.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/rules/rules.h"
#include "base/array.h"
#include "base/text.h"
#include "model/model.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/host/run.h"

static const struct model_options options = {.target = 0.75, .planning_constants = true};

enum {
	FIELDS_MAX = 8,
	COMPLAINTS_MAX = 30
};

struct plan_field {
	enum workload_field field;
	const char *text;
};

/* Each reaches other limits, and other facts. */
static const struct plan_row {
	const char *name;
	struct plan_field fields[FIELDS_MAX];
} plans[] = {
		{"client",
				{{W_CONNECTIONS, "15000"}, {W_LIFETIME, "60s"}, {W_DESTINATIONS, "10.0.0.5:443"}}},
		{"loopback client",
				{{W_CONNECTIONS, "2000"},
						{W_LIFETIME, "2s"},
						{W_BURST, "2000"},
						{W_DESTINATIONS, "127.0.0.1:8080,[::1]:80"}}},
		{"client of a busy destination",
				{{W_CONNECTIONS, "80"},
						{W_LIFETIME, "30s"},
						{W_DESTINATIONS, "10.9.0.2:8001,10.9.0.2:8002"}}},
		{"client that binds a busy address",
				{{W_CONNECTIONS, "60"},
						{W_BIND, "address"},
						{W_SOURCE_ADDRESSES, "10.9.0.1"},
						{W_DESTINATIONS, "10.9.0.2:8001"}}},
		{"server with a full queue",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "100"},
						{W_BURST, "4"},
						{W_DESTINATIONS, "10.9.0.1:40700,10.9.0.2:8080"}}},
		{"client that binds an address",
				{{W_CONNECTIONS, "9000"},
						{W_BIND, "address"},
						{W_SOURCE_ADDRESSES, "10.0.0.1"},
						{W_DESTINATIONS, "10.0.0.5:443"}}},
		{"client that binds any address", {{W_CONNECTIONS, "9000"}, {W_BIND, "wildcard"}}},
		{"silent peer",
				{{W_CONNECTIONS, "4000"},
						{W_LIFETIME, "10s"},
						{W_PEER_CLOSE, "never"},
						{W_RUNTIME, "go"}}},
		{"UDP client", {{W_CONNECTIONS, "9000"}, {W_PROTOCOL, "udp"}, {W_LIFETIME, "30s"}}},
		{"server",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "20000"},
						{W_LIFETIME, "20s"},
						{W_CLOSER, "server"},
						{W_BURST, "60"},
						{W_DESTINATIONS, "10.0.0.1:22"}}},
		{"server with a backlog",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "400000"},
						{W_LIFETIME, "500s"},
						{W_BACKLOG, "4096"},
						{W_QUEUED_BYTES, "64KiB"}}},
		{"proxy",
				{{W_ROLE, "proxy"},
						{W_CONNECTIONS, "10000"},
						{W_LIFETIME, "30s"},
						{W_UP_CONNECTIONS, "500"},
						{W_UP_OPEN_RATE, "100"},
						{W_UP_DESTINATIONS, "10.0.0.5:443"}}},
		{"Erlang node",
				{{W_ROLE, "both"},
						{W_RUNTIME, "erlang"},
						{W_CONNECTIONS, "40000"},
						{W_DESTINATIONS, "10.0.0.5:443"}}},
		{"published port",
				{{W_ROLE, "server"},
						{W_CONNECTIONS, "20000"},
						{W_LIFETIME, "30s"},
						{W_NAT, "publish"},
						{W_BURST, "900"}}},
		{"threads",
				{{W_CONNECTIONS, "1000"},
						{W_THREADS, "3000"},
						{W_NOFILE, "hard"},
						{W_ON_LINK_PEERS, "900"},
						{W_MEMORY_PER_CONNECTION, "1MiB"}}},
};

/* Judged of a host before anything was removed. */
struct baseline {
	struct result results[COUNT_OF(plans)];
	struct name_list read[COUNT_OF(plans)]; /* keys that a limit read */
	const struct facts *facts;
};

struct room {
	struct arena *arena;
	struct rules rules;
	struct rule_extras extras;
	struct workload workloads[COUNT_OF(plans)];
	size_t asked, complaints;
};

static struct workload workload_of(struct arena *arena, const struct plan_row *plan)
{
	struct workload workload = {0};
	struct error err = {0};
	for (size_t i = 0; i < FIELDS_MAX && plan->fields[i].text; i++) {
		const struct plan_field *field = &plan->fields[i];
		if (!workload_set(arena, &workload, field->field, field->text, "test", &err))
			fail_msg("%s: %s", plan->name, err.text);
	}
	return workload;
}

static int set_up(void **state)
{
	static struct room room;
	struct error err = {0};
	room = (struct room){.arena = arena_new()};
	*state = &room;
	if (!rules_load(room.arena, NULL, 0, false, &room.rules, &room.extras, &err))
		fail_msg("%s", err.text);
	for (size_t i = 0; i < COUNT_OF(plans); i++)
		room.workloads[i] = workload_of(room.arena, &plans[i]);
	return 0;
}

static int tear_down(void **state)
{
	struct room *room = *state;
	rule_extras_release(&room->extras);
	arena_free(room->arena);
	return 0;
}

static void judge(struct room *room,
		struct arena *arena,
		const struct facts *facts,
		size_t plan,
		struct result *ret_result)
{
	struct error err = {0};
	const struct loads loads = loads_of(&room->workloads[plan]);
	room->asked++;
	if (!model_judge(arena, &room->rules, facts, &loads, &options, ret_result, &err))
		fail_msg("%s: %s", plans[plan].name, err.text);
}

/* What was done to the host, and what came of it. */
struct change_of {
	const char *host, *what;
	size_t plan;
};

static void complain(struct room *room, const struct change_of *of, const char *text)
{
	if (room->complaints++ < COMPLAINTS_MAX)
		print_error("%s without %s, %s: %s\n", of->host, of->what, plans[of->plan].name, text);
}

static bool helps(enum status before, enum status after)
{
	if (after == STATUS_NOT_APPLICABLE)
		return before != STATUS_NOT_APPLICABLE;
	if (after != STATUS_PASS)
		return false;
	return before == STATUS_FAIL || before == STATUS_WARN || before == STATUS_UNKNOWN;
}

static bool grows(double before, double after)
{
	return after > before * (1 + 1e-9);
}

static void compare_limit(struct room *room,
		const struct change_of *of,
		const struct judgement *before,
		const struct judgement *after)
{
	const char *id = before->rule->id;
	const char *was = status_name(before->status), *is = status_name(after->status);
	if (helps(before->status, after->status))
		complain(room, of, arena_printf(room->arena, "%s was %s, is %s", id, was, is));
	else if (grows(before->max_safe_scale, after->max_safe_scale))
		complain(room,
				of,
				arena_printf(room->arena,
						"%s (%s, now %s) was safe up to %g, is up to %g",
						id,
						was,
						is,
						before->max_safe_scale,
						after->max_safe_scale));
}

static void compare(struct room *room,
		const struct change_of *of,
		const struct result *before,
		const struct result *after)
{
	static const int ranks[] = {[VERDICT_PASS] = 0, [VERDICT_UNKNOWN] = 1, [VERDICT_FAIL] = 1};
	for (size_t i = 0; i < before->resource_count; i++)
		compare_limit(room, of, &before->resources[i].worst, &after->resources[i].worst);
	if (ranks[after->verdict] < ranks[before->verdict])
		complain(room, of, "the verdict passes now");
	if (grows(before->max_safe.scale, after->max_safe.scale))
		complain(room, of, "the highest safe load has grown");
}

static void note_read(struct arena *arena, struct name_list *read, const struct result *result)
{
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct resource *resource = &result->resources[i];
		for (size_t k = 0; k < resource->instance_count; k++) {
			const struct name_list *facts = &resource->instances[k].facts;
			for (size_t n = 0; n < facts->count; n++)
				name_list_add_once(arena, read, facts->items[n]);
		}
	}
}

static struct baseline *baseline_of(struct room *room,
		struct arena *arena,
		const struct facts *facts)
{
	struct baseline *baseline = arena_alloc(arena, sizeof *baseline);
	struct error err = {0};
	baseline->facts = facts;
	for (size_t i = 0; i < COUNT_OF(plans); i++) {
		struct result *result = &baseline->results[i];
		const struct loads plan = loads_of(&room->workloads[i]);
		if (!model_run(arena, &room->rules, facts, &plan, &options, result, &err))
			fail_msg("%s: %s", plans[i].name, err.text);
		note_read(arena, &baseline->read[i], result);
	}
	return baseline;
}

/* What the code reads that derives ports, queues and nodes. */
static const struct family {
	const char *prefix, *side; /* only for plans with this side; NULL: for all */
} families[] = {
		{"beam.", "erlang"},
		{"destination.sockets", "client"},
		{"destination.time_wait", "client"},
		{"kern.", NULL},
		{"listener.backlog", "server"},
		{"listener.holds", "server"},
		{"listener.interfaces", "server"},
		{"listener.own", "server"},
		{"listener.port", "server"},
		{"listener.queue", "server"},
		{"listener.room", "server"},
		{"listener.sockets", "server"},
		{"listener.waiting", "server"},
		{"local", "client"},
		{"name.", "client"},
		{"net.inet.", NULL},
		{"net.ipv4.ip_local", "client"},
		{"net.ipv4.tcp_fin", "client"},
		{"net.ipv4.tcp_t", NULL},
		{"os.name", NULL},
		{"pool.ports", "client"},
		{"pool.reusable", "client"},
		{"pool.sockets", "client"},
		{"pools.", "client"},
		{"ports.", "client"},
		{"route.", "client"},
		{"vantage.pid", "erlang"},
};

static bool has_side(const struct result *result, const char *side)
{
	const char *role = result->loads.items[0].values[W_ROLE].text;
	const char *runtime = result->loads.items[0].values[W_RUNTIME].text;
	if (!side)
		return true;
	if (!strcmp(side, "client"))
		return strcmp(role, "server") != 0;
	if (!strcmp(side, "server"))
		return strcmp(role, "client") != 0;
	return !strcmp(runtime, side);
}

static bool may_decide(const struct baseline *baseline, size_t plan, const char *key)
{
	for (size_t i = 0; i < COUNT_OF(families); i++) {
		if (!text_begins_with(key, families[i].prefix))
			continue;
		if (has_side(&baseline->results[plan], families[i].side))
			return true;
	}
	return name_list_has(&baseline->read[plan], key) || getenv("HEADROOM_EVERY_FACT");
}

static bool is_same_fact(const struct fact *a, const struct fact *b)
{
	if (!a || !b)
		return a == b;
	if (a->status != b->status)
		return false;
	if (a->status != FACT_KNOWN)
		return true;
	if (a->unit == UNIT_TEXT)
		return !strcmp(a->text, b->text);
	return a->number == b->number || (isnan(a->number) && isnan(b->number));
}

static void note_changed(struct arena *arena,
		const struct facts *from,
		const struct facts *to,
		struct name_list *changed)
{
	for (size_t i = 0; i < from->count; i++) {
		const struct fact *fact = from->items[i];
		if (!is_same_fact(fact, facts_get(to, fact->key, fact->instance)))
			name_list_add_once(arena, changed, fact->key);
	}
}

/* The keys of facts and lists that are not as they were. */
static struct name_list changed_keys(struct arena *arena,
		const struct facts *before,
		const struct facts *after)
{
	struct name_list changed = {0};
	note_changed(arena, before, after, &changed);
	note_changed(arena, after, before, &changed);
	for (size_t i = 0; i < before->list_count; i++) {
		const struct fact_list *list = &before->lists[i];
		if (list->state != facts_list_state(after, list->key))
			name_list_add_once(arena, &changed, list->key);
	}
	return changed;
}

static bool may_matter(const struct baseline *baseline,
		size_t plan,
		const struct name_list *changed)
{
	for (size_t i = 0; i < changed->count; i++) {
		if (may_decide(baseline, plan, changed->items[i]))
			return true;
	}
	return false;
}

static void compare_all(struct room *room,
		const struct baseline *baseline,
		const struct facts *facts,
		const char *host,
		const char *what)
{
	const struct name_list changed = changed_keys(facts->arena, baseline->facts, facts);
	for (size_t i = 0; i < COUNT_OF(plans); i++) {
		if (!may_matter(baseline, i, &changed))
			continue;
		const struct change_of of = {host, what, i};
		struct arena *arena = arena_new();
		struct result after;
		judge(room, arena, facts, i, &after);
		compare(room, &of, &baseline->results[i], &after);
		arena_free(arena);
	}
}

static struct facts *read_document(struct arena *arena, const struct json *json)
{
	struct facts *facts = facts_new(arena);
	struct host_info info = {0};
	struct error err = {0};
	if (!facts_from_json(arena, json, facts, &info, &err))
		fail_msg("%s", err.text);
	facts_sort(facts);
	return facts;
}

/* The document of a host as a file has it. */
static struct json *document_of(struct arena *arena, const char *path)
{
	struct facts facts;
	struct host_info info;
	struct error err = {0};
	probe_path(arena, path, &facts, &info);
	facts.whole = false;
	cJSON *tree = facts_to_json(&facts, &info, "test");
	char *text = cJSON_PrintUnformatted(tree);
	struct json *json = json_read("facts", text, strlen(text), &err);
	if (!json)
		fail_msg("%s: %s", path, err.text);
	free(text);
	cJSON_Delete(tree);
	return json;
}

static void without_fact(struct room *room,
		const struct baseline *baseline,
		const struct json *json,
		cJSON *list,
		cJSON *fact,
		const char *host)
{
	struct arena *arena = arena_new();
	const char *key = cJSON_GetObjectItem(fact, "key")->valuestring;
	const char *instance = cJSON_GetObjectItem(fact, "instance")->valuestring;
	const char *what = key;
	cJSON *next = fact->next;
	if (*instance)
		what = arena_printf(arena, "%s[%s]", key, instance);
	cJSON_DetachItemViaPointer(list, fact);
	compare_all(room, baseline, read_document(arena, json), host, what);
	if (next)
		cJSON_InsertItemInArray(list, 0, fact);
	else
		cJSON_AddItemToArray(list, fact);
	arena_free(arena);
}

/* No host has pages smaller than 4 KiB, a queue that holds less than waits in it, fewer open
 * files than open files below a limit, or an Erlang node with less than its smallest tables. */
static bool is_fixed(const cJSON *fact)
{
	static const char *const prefixes[] = {"memory.page_bytes",
			"listener.",
			"local",
			"process.fd",
			"beam."};
	const char *key = cJSON_GetObjectItem(fact, "key")->valuestring;
	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		if (text_begins_with(key, prefixes[i]))
			return true;
	}
	return false;
}

/* The same host with other numbers, so that other limits are the tightest: each number is
 * multiplied by 2^-12 to 2^4. */
static void shake(cJSON *list, unsigned seed)
{
	cJSON *fact;
	unsigned long long state = seed * 2654435761ULL + 1;
	cJSON_ArrayForEach(fact, list) {
		cJSON *value = cJSON_GetObjectItem(fact, "value");
		const char *unit = cJSON_GetObjectItem(fact, "unit")->valuestring;
		bool plain = !strcmp(unit, "count") || !strcmp(unit, "bytes") || !strcmp(unit, "seconds");
		state = state * 6364136223846793005ULL + 1442695040888963407ULL;
		if (!plain || !cJSON_IsNumber(value) || is_fixed(fact))
			continue;
		double power = (double)(state >> 40) / (1 << 24) * 16 - 12;
		double least = fmin(1, value->valuedouble); /* a limit of 0 is a case of its own */
		double number = floor(value->valuedouble * exp2(power));
		(void)cJSON_SetNumberValue(value, fmax(least, number));
	}
}

/* `seed` 0: as it is. */
static void remove_each(struct room *room, const char *path, const char *host, unsigned seed)
{
	struct arena *arena = arena_new();
	struct json *json = document_of(arena, path);
	cJSON *root = (cJSON *)(uintptr_t)json_root(json);
	cJSON *list = cJSON_GetObjectItem(root, "facts");
	if (seed > 0)
		shake(list, seed);
	const struct baseline *baseline = baseline_of(room, arena, read_document(arena, json));
	size_t count = (size_t)cJSON_GetArraySize(list);
	cJSON **facts = arena_alloc(arena, count * sizeof *facts);
	cJSON *fact;
	size_t i = 0;
	cJSON_ArrayForEach(fact, list)
		facts[i++] = fact;
	for (i = 0; i < count; i++)
		without_fact(room, baseline, json, list, facts[i], host);
	json_free(json);
	arena_free(arena);
}

static void no_fact_that_is_missing_helps(void **state)
{
	struct room *room = *state;
	const char *all = getenv("HEADROOM_EVERY_FACT");
	size_t hosts = 0, shakes = 0;
	if (all)
		shakes = (size_t)strtoul(all, NULL, 10);
	DIR *directory = opendir("tests/hosts");
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		if (entry->d_name[0] == '.')
			continue;
		const char *path = arena_printf(room->arena, "tests/hosts/%s", entry->d_name);
		size_t seeds = shakes;
		if (!strcmp(entry->d_name, "debian-default"))
			seeds++;
		for (unsigned seed = 0; seed <= seeds; seed++)
			remove_each(room, path, arena_printf(room->arena, "%s#%u", entry->d_name, seed), seed);
		hosts++;
	}
	closedir(directory);
	print_message("%zu hosts, judged %zu times\n", hosts, room->asked);
	assert_true(hosts > 10 && room->asked > 500 * hosts);
	assert_int_equal(room->complaints, 0);
}

/* --- the files of snapshots --- */

extern char **environ;

static void copy_tree(const char *from, const char *to)
{
	/* A link of the tree is replaced: what it points to is a file of this machine. */
	char *const words[] = {
			"cp",
			"-r",
			"--remove-destination",
			"--",
			(char *)(uintptr_t)from,
			(char *)(uintptr_t)to,
			NULL,
	};
	pid_t pid;
	int status = -1;
	assert_int_equal(posix_spawnp(&pid, "cp", NULL, NULL, words, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)type, (void)walk;
	return remove(path);
}

/* Reads the tree and keeps what it reads, as a collector does: so its MANIFEST names what does not
 * exist. */
static void record_again(const char *tree, const char *to)
{
	struct arena *arena = arena_new();
	struct facts *facts = facts_new(arena);
	struct host_info info = {0};
	struct error err = {0};
	const struct host_options none = {0};
	struct source *source = source_snapshot(arena, tree, &err);
	assert_non_null(source);
	assert_int_equal(mkdir(to, 0755), 0);
	int fd = open(to, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(fd >= 0);
	source_record_to(source, fd);
	source_keep_error(source, "pools.json", EFBIG); /* 0.1 did not count them */
	assert_true(run_probes(arena, source, &none, facts, &info, &err));
	assert_true(source_finish_record(source, &err));
	source_close(source);
	close(fd);
	arena_free(arena);
}

/* The tree as the collector of today would have made it. */
static const char *tree_of_today(struct arena *arena, const char *work, const char *host)
{
	const char *tree = arena_printf(arena, "%s/%s", work, host);
	const char *record = arena_printf(arena, "%s/record", work);
	copy_tree(arena_printf(arena, "tests/hosts/%s", host), tree);
	record_again(tree, record);
	(void)remove(arena_printf(arena, "%s/MANIFEST", tree));
	copy_tree(arena_printf(arena, "%s/.", record), tree);
	assert_int_equal(nftw(record, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	return tree;
}

static struct name_list files;
static struct arena *files_arena;

/* proc/PID: all that is known of a process. */
static bool is_of_process(const char *path, int type)
{
	const char *proc = strstr(path, "/proc/");
	if (type != FTW_D || !proc)
		return false;
	proc += strlen("/proc/");
	return proc[strspn(proc, "0123456789")] == '\0';
}

static int note_file(const char *path, const struct stat *status, int type, struct FTW *walk)
{
	(void)status, (void)walk;
	if (type == FTW_F || type == FTW_SL || is_of_process(path, type))
		name_list_append(files_arena, &files, arena_strdup(files_arena, path));
	return 0;
}

static struct facts *facts_of_tree(struct arena *arena, const char *tree)
{
	struct facts *facts = facts_new(arena);
	struct host_info info;
	probe_path(arena, tree, facts, &info);
	return facts;
}

static void without_file(struct room *room,
		const struct baseline *baseline,
		const char *tree,
		const char *path,
		const char *host)
{
	struct arena *arena = arena_new();
	const char *aside = arena_printf(arena, "%s.aside", tree);
	const char *file = path + strlen(tree) + 1;
	assert_int_equal(rename(path, aside), 0);
	compare_all(room, baseline, facts_of_tree(arena, tree), host, file);
	assert_int_equal(rename(aside, path), 0);
	arena_free(arena);
}

static void write_file(const char *path, const cJSON *tree)
{
	char *text = cJSON_PrintUnformatted(tree);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_true(fputs(text, file) >= 0);
	assert_int_equal(fclose(file), 0);
	free(text);
}

/* A file of a snapshot with lists. */
struct list_file {
	const char *host, *tree, *name, *path;
	cJSON *root;
};

static void without_entry(struct room *room,
		const struct baseline *baseline,
		const struct list_file *file,
		cJSON *list,
		int at)
{
	struct arena *arena = arena_new();
	const char *what = arena_printf(arena, "%s: %s[%d]", file->name, list->string, at);
	cJSON *entry = cJSON_DetachItemFromArray(list, 0);
	write_file(file->path, file->root);
	compare_all(room, baseline, facts_of_tree(arena, file->tree), file->host, what);
	assert_true(cJSON_AddItemToArray(list, entry)); /* they go round */
	arena_free(arena);
}

/* Removes each entry of each list of a file, one at a time. */
static size_t without_entries(struct room *room,
		const struct baseline *baseline,
		const char *tree,
		const char *name,
		const char *host)
{
	struct error err = {0};
	struct arena *arena = arena_new();
	const char *path = arena_printf(arena, "%s/%s", tree, name);
	struct json *json = json_read_file(path, &err);
	assert_non_null(json);
	const struct list_file file = {host, tree, name, path, (cJSON *)(uintptr_t)json_root(json)};
	size_t removed = 0;
	for (cJSON *list = file.root->child; list; list = list->next) {
		int count = cJSON_GetArraySize(list);
		for (int i = 0; cJSON_IsArray(list) && i < count; i++, removed++)
			without_entry(room, baseline, &file, list, i);
	}
	write_file(path, file.root);
	assert_true(facts_of_tree(arena, tree)->count == baseline->facts->count);
	json_free(json);
	arena_free(arena);
	return removed;
}

/* Only what the collector of today has written says how long its lists are. */
static void remove_each_entry(struct room *room, const char *tree, const char *host)
{
	static const char *const names[] = {"sockets.json", "pools.json", "nft.json"};
	struct arena *arena = arena_new();
	const struct baseline *baseline = baseline_of(room, arena, facts_of_tree(arena, tree));
	size_t removed = 0;
	for (size_t i = 0; i < COUNT_OF(names); i++)
		removed += without_entries(room, baseline, tree, names[i], host);
	assert_true(removed > 60);
	arena_free(arena);
}

static void no_entry_that_is_missing_helps(void **state)
{
	struct room *room = *state;
	char work[] = "/tmp/headroom-test-XXXXXX";
	assert_non_null(mkdtemp(work));
	const char *tree = arena_printf(room->arena, "%s/tree", work);
	copy_tree("tests/hosts/crowded", tree);
	remove_each_entry(room, tree, "crowded");
	assert_int_equal(nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	assert_int_equal(room->complaints, 0);
}

static bool is_of_today(const char *host)
{
	return strcmp(host, "crowded") == 0;
}

static size_t remove_each_file(struct room *room, const char *work, const char *host)
{
	struct arena *arena = arena_new();
	const char *tree = arena_printf(arena, "%s/%s", work, host);
	if (is_of_today(host))
		copy_tree(arena_printf(arena, "tests/hosts/%s", host), tree);
	else
		tree = tree_of_today(arena, work, host);
	const struct baseline *baseline = baseline_of(room, arena, facts_of_tree(arena, tree));
	files_arena = arena;
	files = (struct name_list){0};
	assert_int_equal(nftw(tree, note_file, 16, FTW_PHYS), 0);
	for (size_t i = 0; i < files.count; i++)
		without_file(room, baseline, tree, files.items[i], host);
	size_t removed = files.count;
	arena_free(arena);
	return removed;
}

/* The others hold the same files with other values. */
static bool is_of_a_kind(const char *host)
{
	static const char *const kinds[] = {
			"container-cgroup2-unprivileged",
			"crowded",
			"debian-default",
			"ipv6-listeners",
			"rabbitmq-node",
	};
	for (size_t i = 0; i < COUNT_OF(kinds); i++) {
		if (!strcmp(host, kinds[i]))
			return true;
	}
	return getenv("HEADROOM_EVERY_FACT") != NULL;
}

static void no_file_that_is_missing_helps(void **state)
{
	struct room *room = *state;
	char work[] = "/tmp/headroom-test-XXXXXX";
	size_t removed = 0;
	assert_non_null(mkdtemp(work));
	DIR *directory = opendir("tests/hosts");
	assert_non_null(directory);
	for (struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		bool tree = entry->d_name[0] != '.' && !strchr(entry->d_name, '.');
		if (tree && is_of_a_kind(entry->d_name))
			removed += remove_each_file(room, work, entry->d_name);
	}
	closedir(directory);
	assert_int_equal(nftw(work, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	print_message("%zu files, judged %zu times\n", removed, room->asked);
	assert_true(removed > 300);
	assert_int_equal(room->complaints, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(no_fact_that_is_missing_helps),
			cmocka_unit_test(no_file_that_is_missing_helps),
			cmocka_unit_test(no_entry_that_is_missing_helps),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
