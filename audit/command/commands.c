/* The table of commands, in the order in which help lists them. */
#include "audit/cli/command.h"

#include <string.h>

const struct command_row command_rows[COMMANDS] = {
		[COMMAND_AUDIT] =
				{
						.name = "audit",
						.usage = "[WORKLOAD [+ WORKLOAD ...]] [options] [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_audit,
						.summary = "will this host survive the load test, and what breaks first",
						.about = "WORKLOAD: ready, a file (plan.json, plan.jmx, script.js, "
								 "bench.sh, compose.yml\n"
								 "...), or flags; after + another one that runs with it.\n"
								 "COMMAND: the load test; read, not run; the last of several "
								 "loads.\n"
								 "None: what this host holds. Exit: 0 pass, 3 fail, 4 unknown, 2 "
								 "usage, 1 broken.\n",
						.examples =
								"  headroom audit ws-client --connections 15000 --lifetime 60s\n"
								"  headroom audit -o report.html -- wrk -t12 -c400 -d30s "
								"http://10.0.0.5/\n"
								"  headroom audit plan.jmx\n"
								"  headroom audit ws-client --connections 50000 + http-churn --rps "
								"2000\n",
				},
		[COMMAND_WORKLOAD] =
				{
						.name = "workload",
						.usage = "[WORKLOAD [+]] [options] [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_workload,
						.summary = "the workload that a load test's own command line or file means",
						.about = "Reads COMMAND (wrk, h2load, k6, ...), also behind env, sudo, sh "
								 "-c, docker run,\n"
								 "or a tool's own file (plan.jmx, script.js, bench.sh ...); never "
								 "runs it. What it\n"
								 "does not say is asked for by flag; flags override.\n",
						.examples =
								"  headroom workload -- wrk -t12 -c400 -d30s http://10.0.0.5/ "
								">plan.json\n"
								"  headroom workload ws-client --connections 50k + -- wrk -c400 "
								"http://10.0.0.5/\n"
								"  headroom workload --latency 50ms -- vegeta attack -rate=500 "
								"-duration=5m\n",
				},
		[COMMAND_GATE] =
				{
						.name = "gate",
						.usage = "[WORKLOAD [+]] [options] -- COMMAND ...",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.failure = EXIT_GATE_BROKEN,
						.run = command_gate,
						.summary =
								"run a load test only if this host holds it; certify it afterwards",
						.about = "Settings: headroom.json; then HEADROOM_WORKLOAD, "
								 "HEADROOM_MAX_USE, HEADROOM_* of\n"
								 "any option (lists with commas); then flags: the later wins.\n"
								 "Exit: the command's own, 128+n by signal. Not run: 121 fail, 122 "
								 "unknown, 126,\n"
								 "127 as in a shell, 125 headroom failed. 123: not certified "
								 "(--certify strict).\n"
								 "124: --time-limit ended it.\n"
								 "A + -- COMMAND: only COMMAND runs; the verdict leaves room for "
								 "A.\n",
						.examples = "  headroom gate -o report.html -o junit.xml -- wrk -c400 "
									"-d60s http://10.0.0.5/\n"
									"  headroom gate ws-client --connections 15000 --wait 60s -- "
									"./load-test.sh\n",
				},
		[COMMAND_WATCH] =
				{
						.name = "watch",
						.usage = "[options]",
						.run = command_watch,
						.summary = "the use of each limit as it changes, and the time left",
						.about =
								"A live view on a terminal; q or Ctrl-C ends it. TIME_WAIT that a "
								"new connection\n"
								"may take over is not counted as used. --pid N: its namespace, its "
								"processes.\n"
								"--json and --prometheus show each destination and "
								"listener, too.\n",
						.examples = "  headroom watch --pid 4711\n"
									"  headroom watch --prometheus /var/lib/node/headroom.prom "
									"--interval 15s\n",
				},
		[COMMAND_WHY] =
				{
						.name = "why",
						.takes_text = true,
						.usage = "[LOG LINE | -] [options]",
						.run = command_why,
						.summary = "why it fails now: from a log line, a process, or this host",
						.about =
								"Ranks the causes by what this host shows now. - reads many lines "
								"from standard\n"
								"input. Without a line: the limits that are full. --for 10s "
								"watches the system\n"
								"calls that fail, with root. Exit: 0 a cause was found, 3 no limit "
								"of this host\n"
								"explains it, 4 nothing could be read.\n",
						.examples = "  headroom why \"dial tcp 10.0.0.5:80: connect: cannot assign "
									"requested address\"\n"
									"  journalctl -u api -n 1000 | headroom why - --unit api\n"
									"  headroom why --pid 4711 --for 10s\n",
				},
		[COMMAND_LINT] =
				{
						.name = "lint",
						.usage = "[PATH ...] [options]",
						.run = command_lint,
						.summary =
								"listeners of a repository that an outgoing connection may block",
						.about = "Reads compose files, CI workflows, manifests, .env, scripts, "
								 "settings and tests;\n"
								 "runs nothing. Found: ports inside the range of outgoing ports, "
								 "and sysctls and\n"
								 "limits that have no effect where they are. A line that says\n"
								 "headroom: allow is not reported. Exit: 0 nothing found, 3 "
								 "found, 2 usage.\n",
						.examples = "  headroom lint --image ubuntu-24.04\n"
									"  headroom lint . -o lint.sarif -o junit:lint.xml\n",
				},
		[COMMAND_SIZE] =
				{
						.name = "size",
						.usage = "WORKLOAD [+ WORKLOAD ...] [options] [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_size,
						.summary = "values to set on new machines, and how many to order",
						.about = "The smallest values that let the plan fit, how to make them "
								 "stay, and how many\n"
								 "new machines to order (Debian 12; --image NAME: another, or "
								 "\"here\": this host).\n"
								 "Exit: 0 it fits then, 3 it does not, 4 unknown.\n",
						.examples = "  headroom size ws-client --connections 200k\n"
									"  headroom size ws-client --connections 50000 + http-churn "
									"--rps 2000\n"
									"  headroom size ./plan.json -o json\n",
				},
		[COMMAND_FLEET] =
				{
						.name = "fleet",
						.usage = "[WORKLOAD [+ ...]] [options] SOURCE ... [-- COMMAND "
								 "...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_fleet,
						.summary = "one verdict for many hosts, each with its share of the plan",
						.about = "SOURCE: a directory or tar file with a document or snapshot for "
								 "each host, a\n"
								 "file of documents, - for standard input (a document per line, or "
								 "tar), or\n"
								 "http://HOST:9090, a Prometheus.\n"
								 "ROLE:SOURCE: its hosts are client, proxy, server or both. "
								 "--hosts FILE: a line\n"
								 "per host, NAME [role=ROLE] [weight=N] [group=G]; who is missing "
								 "makes it\n"
								 "unknown. Exit: 0 pass, 3 fail, 4 unknown, 2 usage, 1 broken.\n",
						.examples =
								"  headroom fleet ws-client --connections 1200k --hosts hosts.txt "
								"facts/\n"
								"  clush -a headroom facts -o json | headroom fleet plan.json -\n"
								"  headroom fleet plan.json client:a.json proxy:b.json "
								"server:c.json\n",
				},
		[COMMAND_FIX] =
				{
						.name = "fix",
						.usage = "WORKLOAD|AUDIT.json|-- COMMAND [options]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_fix,
						.summary = "what fixes it, step by step; as files; or done and undone here",
						.about = "Alone: the steps. --emit KIND[,KIND]: sysctl modules-load limits "
								 "systemd docker\n"
								 "docker-daemon kubernetes k6-operator locust-kubernetes kubelet "
								 "ecs erlang\n"
								 "erlang-env macos cloud-init terraform startup-script ansible "
								 "shell\n"
								 "prometheus-rules. --apply keeps what was there; --undo puts it "
								 "back.\n"
								 "Exit: 0 it fits then (or done), 3 it does not (--verify, --undo: "
								 "differs),\n"
								 "4 unknown, 2 usage, 1 it could not be done (and was put back).\n",
						.examples = "  headroom fix ws-client --connections 15000\n"
									"  headroom fix ./plan.json --emit sysctl,limits,ansible --dir "
									"out\n"
									"  headroom fix ./plan.json --apply --dry-run\n",
				},
		[COMMAND_CALIBRATE] =
				{
						.name = "calibrate",
						.usage = "[NAME ...] [WORKLOAD] [options]",
						.takes_workload = true,
						.run = command_calibrate,
						.summary = "push this kernel, in a private namespace, and compare",
						.about = "NAME: ports fds accept churn conntrack memory erlang scale; "
								 "none: the first six.\n"
								 "Nothing of the host changes or stays; Ctrl-C stops and reports "
								 "what there is.\n"
								 "Exit 0 measured, 4 something could not be measured, 2 usage, 1 "
								 "broken.\n",
						.examples =
								"  headroom calibrate\n"
								"  headroom calibrate ports --bind address --source-addresses 2\n",
				},
		[COMMAND_EXPLAIN] =
				{
						.name = "explain",
						.takes_text = true,
						.usage = "[LIMIT|FIX|MYTH|WORKLOAD|ERROR TEXT] [options]",
						.takes_workload = true,
						.takes_loads = true,
						.run = command_explain,
						.summary = "what a limit or a fix is, with this host's numbers",
						.about = "Alone it lists what it can explain. A text that is no name is "
								 "asked about as in\n"
								 "headroom why.\n",
						.examples = "  headroom explain ephemeral-ports\n"
									"  headroom explain tw-reuse\n",
				},
		[COMMAND_FACTS] =
				{
						.name = "facts",
						.usage = "[options]",
						.run = command_facts,
						.summary = "what this host says, with where each value comes from",
						.about = "A table of the facts. -o host.json keeps them, --snapshot DIR "
								 "the raw files;\n"
								 "headroom audit --facts PATH audits either, anywhere. -o "
								 "host.prom writes\n"
								 "metrics for node_exporter's textfile collector.\n",
						.examples = "  headroom facts -o host.json\n"
									"  headroom facts --pid 4711 --all\n",
				},
		[COMMAND_REPORT] =
				{
						.name = "report",
						.usage = "FILE|- [-o FILE ...]",
						.run = command_report,
						.summary = "write an audit document again, in other formats",
						.about =
								"FILE is what audit, gate, fleet, size, why, lint or history wrote "
								"as JSON; -\nis standard input.\n",
						.examples = "  headroom report audit.json -o report.html -o report.pdf\n"
									"  headroom report audit.json --all\n",
				},
		[COMMAND_HISTORY] =
				{
						.name = "history",
						.usage = "[list|show|diff|trend|prune|export] [options]",
						.run = command_history,
						.summary = "the audits and fleets kept so far: list, compare, trend",
						.about = "list [WORD], show ID|last, diff ID|FILE [ID|FILE|last], trend "
								 "[PLAN],\n"
								 "prune --keep N, export (a document per line). Every audit and "
								 "fleet\nis kept, in\n"
								 "$XDG_STATE_HOME/headroom/history.db; --no-history or "
								 "HEADROOM_HISTORY=off:\n"
								 "none is.\n",
						.examples = "  headroom history diff 12 last\n"
									"  headroom history show 12 -o report.html\n"
									"  headroom audit ./plan.json --against last\n",
				},
		[COMMAND_ATTACH] =
				{
						.name = "attach",
						.usage = "[TICKET] FILE ... [options]",
						.run = command_attach,
						.summary = "put reports into a ticket (Jira, Redmine, GitHub and others)",
						.about = "TICKET: jira:KEY servicenow:CHG0030123 redmine:N rt:N "
								 "gitlab:GROUP/PROJECT#N\n"
								 "github:OWNER/REPO#N; servicenow:TABLE/NUMBER and TABLE/SYS_ID, "
								 "too. Without\n"
								 "it, the one that the audit.json among the files was made for "
								 "(--ticket). Address\n"
								 "and secret come from the environment (JIRA_BASE_URL, "
								 "JIRA_API_TOKEN,\n"
								 "JIRA_USER_EMAIL, REDMINE_URL, REDMINE_API_KEY, SERVICENOW_URL,\n"
								 "SERVICENOW_TOKEN, RT_URL, RT_TOKEN, GITLAB_TOKEN, GITHUB_TOKEN, "
								 "...),\n"
								 "--token-file or ~/.netrc. What the ticket has already is not "
								 "sent again.\n"
								 "Exit: 0 done, 2 usage, 1 failed, 124 not done within "
								 "--time-limit (60s).\n",
						.examples =
								"  headroom attach jira:OPS-123 report.pdf audit.json --comment\n"
								"  headroom attach github:me/app#7 audit.json\n",
				},
		[COMMAND_SIGN] =
				{
						.name = "sign",
						.usage = "AUDIT.json [FILE ...] [--key KEY]",
						.run = command_sign,
						.summary = "sign an audit and its reports (ssh or minisign key)",
						.about =
								"Writes AUDIT.json.intoto.json, an in-toto test-result statement "
								"with the\n"
								"SHA-256 of each file, and its signature (.sig, .minisig), made by "
								"ssh-keygen\n"
								"or minisign. All files are in one directory. KEY: a secret key, "
								"or a public\n"
								"one whose other half ssh-agent has.\n",
						.examples = "  headroom sign audit.json report.pdf --key "
									"~/.ssh/id_ed25519\n",
				},
		[COMMAND_VERIFY] =
				{
						.name = "verify",
						.usage = "AUDIT.json [FILE ...] --key KEY [--identity WHO]",
						.run = command_verify,
						.summary = "is a signed audit, with its reports, as it was signed",
						.about = "Checks the signature, every file of the statement, and that each "
								 "FILE is one\n"
								 "of them. KEY: the signer's public key, or a list of allowed "
								 "signers\n"
								 "(ssh-keygen(1)). Exit: 0 verified, 3 not, 2 usage, 1 it could "
								 "not be checked.\n",
						.examples = "  headroom verify audit.json --key ann.pub\n"
									"  headroom verify audit.json report.pdf --key "
									"allowed_signers\n",
				},
		[COMMAND_RULES] =
				{
						.name = "rules",
						.usage = "[list|lint|test] [ID] [options]",
						.run = command_rules,
						.summary = "the rules behind the verdict: list, check, run their examples",
						.about = "lint checks rules without a host; test runs every example that "
								 "stands in them.\n",
						.examples = "  headroom rules list\n"
									"  headroom rules test --rules ./my-rules\n",
				},
		[COMMAND_SCHEMA] =
				{
						.name = "schema",
						.usage = "[NAME]",
						.run = command_schema,
						.summary = "the JSON Schema of a document that headroom writes or reads",
						.about = "Alone it lists them: name, the schema that documents name, what "
								 "they are.\n"
								 "Exit: 0, 2 there is none of that name.\n",
						.examples = "  headroom schema\n"
									"  headroom schema audit >audit.schema.json\n",
				},
		[COMMAND_HELP] =
				{
						.name = "help",
						.usage = "[COMMAND|workload]",
						.run = command_help,
						.summary = "help on a command; `help workload` lists the plan's flags",
						.about = "",
						.examples = "  headroom help workload\n",
				},
		[COMMAND_VERSION] =
				{
						.name = "version",
						.usage = "",
						.run = command_version,
						.summary = "version, commit, rule set",
						.about = "",
						.examples = "  headroom version\n",
				},
};

enum command_id command_find(const char *name)
{
	enum command_id id = COMMAND_AUDIT;
	while (id < COMMANDS && strcmp(command_rows[id].name, name) != 0)
		id++;
	return id;
}
