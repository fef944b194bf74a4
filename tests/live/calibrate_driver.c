/* Calls the calibrators without the command line, for the live tests.
 *
 *   calibrate_driver ID [NAME=VALUE …]
 *
 * bind= destinations= sources= ipv6= loopback= nofile= backlog= seconds= bytes= processes= full=
 * explicit= overflow= q= (+Q) max_ports= (ERL_MAX_PORTS) set the request; set=KEY=VALUE replaces a
 * fact; quiet=1. The prediction is made here from the facts alone, before the run. Prints one "name
 * value" line per result. Exit code: 0 it ran or could not, 1 headroom failed, 2 usage. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "model/derive.h"
#include "probes/host/host.h"
#include "probes/plan/command/find.h"
#include "probes/stress/calibrate.h"

enum {
	SETS_MAX = 32
};

static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

struct arguments {
	struct calibrate_request request;
	const char *sets[SETS_MAX];
	size_t set_count;
	double nofile;
};

struct number_argument {
	const char *name;
	size_t offset;
};

static const struct number_argument numbers[] = {
		{"destinations", offsetof(struct calibrate_request, destinations)},
		{"sources", offsetof(struct calibrate_request, sources)},
		{"nofile", offsetof(struct calibrate_request, nofile_soft)},
		{"backlog", offsetof(struct calibrate_request, backlog)},
		{"seconds", offsetof(struct calibrate_request, seconds)},
		{"bytes", offsetof(struct calibrate_request, bytes)},
		{"processes", offsetof(struct calibrate_request, processes)},
		{"q", offsetof(struct calibrate_request, erlang_ports)},
		{"max_ports", offsetof(struct calibrate_request, erlang_max_ports)},
};

static const struct number_argument flags[] = {
		{"ipv6", offsetof(struct calibrate_request, ipv6)},
		{"loopback", offsetof(struct calibrate_request, loopback)},
		{"full", offsetof(struct calibrate_request, full)},
		{"overflow", offsetof(struct calibrate_request, overflow)},
		{"explicit", offsetof(struct calibrate_request, explicit_bind)},
};

static bool take(struct arguments *arguments, const char *text)
{
	const char *equals = strchr(text, '=');
	char *request = (char *)&arguments->request;
	if (!equals)
		return false;
	size_t length = (size_t)(equals - text);
	if (length == 3 && strncmp(text, "set", 3) == 0 && arguments->set_count < SETS_MAX) {
		arguments->sets[arguments->set_count++] = equals + 1;
		return true;
	}
	if (length == 4 && strncmp(text, "bind", 4) == 0)
		return calibrate_bind_from_name(equals + 1, &arguments->request.bind);
	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		if (strncmp(text, numbers[i].name, length) == 0 && numbers[i].name[length] == '\0') {
			*(double *)(void *)(request + numbers[i].offset) = strtod(equals + 1, NULL);
			return true;
		}
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
		if (strncmp(text, flags[i].name, length) == 0 && flags[i].name[length] == '\0') {
			*(bool *)(request + flags[i].offset) = equals[1] == '1';
			return true;
		}
	return false;
}

static double predict_ports(const struct calibrate_request *request, const struct facts *facts)
{
	double usable = facts_number(facts, "ports.usable");
	switch (request->bind) {
	case CALIBRATE_BIND_NOPORT:
		return usable * request->sources * request->destinations;
	case CALIBRATE_BIND_ADDRESS:
		return usable * request->sources;
	case CALIBRATE_BIND_WILDCARD:
		return usable;
	case CALIBRATE_BIND_NONE:
		break;
	}
	return usable * request->destinations;
}

static double predict_churn(const struct calibrate_request *request, const struct facts *facts)
{
	double reuse = facts_number(facts, "net.ipv4.tcp_tw_reuse"), hold = 60;
	bool shares = request->bind == CALIBRATE_BIND_NONE || request->bind == CALIBRATE_BIND_NOPORT;
	bool acts = (reuse > 0 && reuse < 2) || (reuse > 1 && request->loopback);
	if (acts && shares && facts_number(facts, "net.ipv4.tcp_timestamps") > 0)
		hold = 2 * facts_number(facts, "net.ipv4.tcp_tw_reuse_delay");
	return facts_number(facts, "ports.usable") / hold;
}

static double predict(const char *id,
		const struct calibrate_request *request,
		const struct facts *facts)
{
	if (strcmp(id, "ports") == 0)
		return predict_ports(request, facts);
	if (strcmp(id, "fds") == 0)
		return request->nofile_soft - request->open_below;
	if (strcmp(id, "accept") == 0)
		return fmin(request->backlog, facts_number(facts, "net.core.somaxconn")) + 1;
	if (strcmp(id, "churn") == 0)
		return predict_churn(request, facts);
	if (strcmp(id, "conntrack") == 0)
		return 1;
	if (strcmp(id, "memory") == 0)
		return 4096; /* the model's 4.25 KiB hold an epoll entry too */
	return NAN;
}

static void print(const struct calibration *result)
{
	printf("id %s\npredicted %g\nmeasured %.10g\ndifference %.10g\nagrees %d\ncomparable "
		   "%d\nreached %.10g\n",
			result->id,
			result->predicted,
			result->measured,
			result->difference,
			result->agrees,
			result->comparable,
			result->reached);
	printf("stopped_by %s\nrate_per_s %.0f\nduration_s %.4f\nreason %s\nsamples %zu\n",
			result->stopped_by ? result->stopped_by : "-",
			result->rate_per_s,
			result->duration_s,
			result->reason ? result->reason : "-",
			result->sample_count);
	for (size_t i = 0; i < result->not_copied_count; i++)
		printf("not_copied %s\n", result->not_copied[i]);
	printf("deciles");
	for (unsigned i = 0; i < CALIBRATION_DECILES; i++)
		printf(" %.0f", result->deciles[i]);
	putchar('\n');
	for (size_t i = 0; i < result->field_count; i++) {
		const struct calibration_field *field = &result->fields[i];
		if (field->text)
			printf("%s %s\n", field->name, field->text);
		else
			printf("%s %.10g\n", field->name, field->number);
	}
}

static int run(struct arena *arena,
		const struct calibrator *calibrator,
		struct arguments *arguments)
{
	struct facts *facts = facts_new(arena);
	struct host_info info;
	struct calibration result;
	struct error err = {0};
	const struct rules rules = {0};
	const struct host_options options = {.set = arguments->sets, .set_count = arguments->set_count};
	if (!host_probe(arena, &options, facts, &info, &err)) {
		fprintf(stderr, "calibrate_driver: %s\n", err.text);
		return 2;
	}
	derive_facts(facts, &rules);
	arguments->request.facts = facts;
	arguments->request.predicted = predict(calibrator_id(calibrator), &arguments->request, facts);
	if (!calibrate_run(arena,
				calibrator,
				&arguments->request,
				NULL,
				NULL,
				&stopped,
				&result,
				&err)) {
		fprintf(stderr, "calibrate_driver: %s\n", err.text);
		return 1;
	}
	print(&result);
	return 0;
}

int main(int argc, char **argv)
{
	/* Those that measure_ports binds. */
	static const char *const sources[] = {"127.0.0.1", "127.0.0.2", "127.0.0.3"};
	struct arguments arguments = {.request = {.destinations = 1,
										  .sources = 1,
										  .nofile_soft = 1024,
										  .backlog = 4096,
										  .seconds = 30,
										  .bytes = 8e9,
										  .processes = 1000}};
	const struct calibrator *calibrator = argc > 1 ? calibrator_find(argv[1]) : NULL;
	const struct sigaction action = {.sa_handler = on_signal};
	bool good = calibrator != NULL;
	for (int i = 2; good && i < argc; i++)
		good = take(&arguments, argv[i]);
	if (!good) {
		fprintf(stderr, "usage: calibrate_driver ID [NAME=VALUE ...]\n");
		return 2;
	}
	const size_t known = COUNT_OF(sources);
	struct arena *names = arena_new();
	arguments.request.erl = find_program(names, "erl", &arguments.request.erl_why);
	if (arguments.request.sources <= (double)known)
		arguments.request.source_names = sources;
	(void)sigaction(SIGINT, &action, NULL);
	(void)sigaction(SIGTERM, &action, NULL);
	struct arena *arena = arena_new();
	int code = run(arena, calibrator, &arguments);
	arena_free(arena);
	return code;
}
