/* Gatling: a simulation is a program, so its numbers are asked for. What holds for every simulation
 * is said here. Sources (3.15.1): HttpProtocol.scala, gatling-defaults.conf, HttpEngine.scala
 * (closes a user's pool at its end). */
#include <string.h>

#include "base/text.h"
#include "probes/plan/tool/tools.h"

static const char *const programs[] = {"gatling", "gatling.sh", NULL};

/* mvn gatling:test, gradle gatlingRun, sbt Gatling/test, and their wrappers in the project. */
static bool gatling_matches(const struct plan_command *command)
{
	static const char *const builders[] = {"mvn", "mvnw", "gradle", "gradlew", "sbt", NULL};
	const char *slash = strrchr(command->words[0], '/'),
			   *name = slash ? slash + 1 : command->words[0];
	size_t i = 0;
	while (builders[i] && strcmp(builders[i], name) != 0)
		i++;
	for (size_t word = 1; builders[i] && word < command->count; word++)
		if (text_begins_with(command->words[word], "gatling") ||
				text_begins_with(command->words[word], "Gatling/") ||
				strstr(command->words[word], ":gatling"))
			return true;
	return false;
}

static bool read_gatling(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	for (size_t i = 1; i < command->count; i++)
		if (strcmp(command->words[i], "--enterprise") == 0 ||
				strstr(command->words[i], "enterprise"))
			return error_set(err,
					"gatling: %.60s: the load comes from elsewhere, not from this host",
					command->words[i]);
	plan_choice(plan,
			W_CLOSER,
			"client",
			CONFIDENCE_EXACT,
			"Gatling closes a user's connections at its end");
	plan_choice(plan,
			W_BIND,
			"none",
			CONFIDENCE_ESTIMATE,
			"unless the simulation sets localAddress");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"the JVM raises the soft limit to the hard one");
	plan_ask(plan,
			context,
			"a Gatling simulation is a program that is not read: users live at the peak × hosts, "
			"or users "
			"that start each second × hosts",
			W_CONNECTIONS,
			W_OPEN_RATE,
			WORKLOAD_FIELDS);
	plan_ask(plan,
			context,
			"how long a user of the simulation lives; \"unlimited\" if connections are shared "
			"(shareConnections)",
			W_LIFETIME,
			WORKLOAD_FIELDS);
	return true;
}

const struct plan_reader plan_reader_gatling = {
		.tool = "gatling",
		.programs = programs,
		.runtime = "java",
		.matches = gatling_matches,
		.read = read_gatling,
		.help = "nothing but that it is Gatling: its numbers are asked for",
};
