/* The table of commands, in the order in which help lists them. */
#include "audit/cli/command.h"

#include <string.h>

const struct command_row command_rows[COMMANDS] = {
		[COMMAND_AUDIT] =
				{
						.name = "audit",
						.usage = "[PLAN [+ PLAN ...]] [options] [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_audit,
						.summary = "check whether this host survives a load test, and what breaks "
								   "first",
						.about = "PLAN is a preset name (headroom help workload lists them), a "
								 "plan file (plan.json, plan.jmx, script.js, compose.yml ...) or "
								 "flags. A + B run at once.\n"
								 "COMMAND is parsed, not run. Without either: what this host can "
								 "carry.\n"
								 "Exit status: 0 pass or no plan given, 3 fail, 4 unknown, 2 "
								 "usage error, 1 internal error.\n",
						.examples =
								"  headroom audit\n"
								"  headroom audit ws-client --connections 15000 --lifetime 60s\n"
								"  headroom audit -o report.html -- wrk -t12 -c400 -d30s "
								"http://10.0.0.5/\n"
								"  headroom audit ws-client --connections 50000 + http-churn --rps "
								"2000\n",
				},
		[COMMAND_GATE] =
				{
						.name = "gate",
						.usage = "[PLAN [+]] [options] -- COMMAND ...",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.failure = EXIT_GATE_BROKEN,
						.run = command_gate,
						.summary =
								"run a load test only if it fits, then say if this host limited it",
						.about =
								"Reads COMMAND's options as the plan and audits it. If the plan "
								"fits, headroom runs COMMAND, watches it, and certifies that this "
								"host did not limit the result.\n"
								"PLAN -- COMMAND judges PLAN, not COMMAND's options (for scripts). "
								"PLAN "
								"+ -- COMMAND judges both together and runs COMMAND. Variables "
								"such "
								"as HEADROOM_MAX_USE override ./headroom.json, options override "
								"both.\n"
								"Exit status: that of COMMAND, or 128+n if signal n ended it.\n"
								"COMMAND ran: 123 not certified (--certify strict), 124 stopped by "
								"--time-limit.\n"
								"COMMAND did not run: 121 does not fit, 122 unknown, 125 usage or "
								"internal error, 126 and 127 as in a shell.\n",
						.examples = "  headroom gate -- wrk -t4 -c400 -d60s http://10.0.0.5/\n"
									"  headroom gate --certify strict -o junit.xml -- wrk -c400 "
									"http://10.0.0.5/\n"
									"  headroom gate ws-client --connections 500 --wait 60s -- "
									"./load-test.sh\n",
				},
		[COMMAND_FIX] =
				{
						.name = "fix",
						.usage = "PLAN|AUDIT.json|-- COMMAND [options]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_fix,
						.summary = "list, export, apply or undo the changes a plan needs",
						.about = "Without options: the changes, in order. --undo restores old "
								 "values.\n"
								 "KIND of --emit: sysctl, modules-load, limits, systemd, docker, "
								 "docker-daemon, kubernetes, kubelet, k6-operator, "
								 "locust-kubernetes, ecs, erlang, erlang-env, macos, cloud-init, "
								 "terraform, terraform-variables, startup-script, ansible, shell, "
								 "prometheus-rules.\n"
								 "Exit status: 0 fits afterwards, or done; 3 "
								 "does not fit, or the host differs from what was applied; 4 "
								 "unknown; 2 usage error; 1 failed, old values restored.\n",
						.examples =
								"  headroom fix ws-client --connections 15000\n"
								"  headroom fix "
								"ws-client --connections 15000 --emit sysctl,limits --dir out\n"
								"  "
								"headroom fix ws-client --connections 15000 --apply --dry-run\n",
				},
		[COMMAND_SIZE] =
				{
						.name = "size",
						.usage = "PLAN [+ PLAN ...] [options] [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_size,
						.summary = "how many machines a load needs, and with which settings",
						.about = "Finds the smallest settings with which the plan fits, and how "
								 "many new machines to order. The machines run Debian 12; --image "
								 "NAME selects another image, --image here this host.\n"
								 "Exit "
								 "status: 0 fits with these settings, 3 does not, 4 unknown, 2 "
								 "usage error, 1 internal error.\n",
						.examples =
								"  headroom size ws-client --connections 200k\n"
								"  headroom size "
								"ws-client --connections 50000 + http-churn --rps 2000\n"
								"  headroom "
								"size k6 --connections 20000 --provider aws --emit cloud-init\n",
				},
		[COMMAND_FLEET] =
				{
						.name = "fleet",
						.usage = "[PLAN [+ ...]] [options] SOURCE ... [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_fleet,
						.summary = "judge many hosts at once, each with its share of the plan",
						.about = "SOURCE is a directory or tar file with a facts file or snapshot "
								 "of each host, a file with one document per line, - for standard "
								 "input, or http://HOST:9090 for a Prometheus server. ROLE:SOURCE "
								 "makes its hosts client, proxy, server or both.\n"
								 "With --hosts, a host that does not answer makes the verdict "
								 "unknown.\n"
								 "Exit status: 0 pass, 3 fail, 4 unknown, 2 usage error, 1 "
								 "internal error.\n",
						.examples = "  headroom facts -o json | headroom fleet ws-client "
									"--connections 5000 -\n"
									"  headroom fleet ws-client --connections 1200k --hosts "
									"hosts.txt facts/\n"
									"  headroom fleet plan.json client:a.json proxy:b.json "
									"server:c.json\n",
				},
		[COMMAND_CALIBRATE] =
				{
						.name = "calibrate",
						.usage = "[NAME ...] [PLAN] [options]",
						.takes_workload = true,
						.run = command_calibrate,
						.summary = "measure this kernel's limits, and compare with the calculated "
								   "ones",
						.about = "NAME: ports fds accept churn conntrack memory erlang scale. "
								 "Without a name: the first six. Nothing on the host changes; "
								 "Ctrl-C stops and reports what was measured.\n"
								 "Exit status: 0 measured, 4 something could not be measured, 2 "
								 "usage error, 1 internal error.\n",
						.examples =
								"  headroom calibrate\n"
								"  headroom calibrate ports --bind address --source-addresses 2\n",
				},
		[COMMAND_WHY] =
				{
						.name = "why",
						.usage = "[LOG LINE | -] [options]",
						.takes_text = true,
						.run = command_why,
						.summary = "find the cause of an error, from a log line, a process or this "
								   "host",
						.about = "Ranks the possible causes by what this host shows now. - reads "
								 "many lines from standard input. Without a line: which limits are "
								 "full. --for also watches the system calls that fail (needs "
								 "root).\n"
								 "Exit status: 0 a possible cause, 3 no limit of this host "
								 "explains it, 4 nothing could be read, 2 usage error, 1 internal "
								 "error.\n",
						.examples = "  headroom why \"dial tcp 10.0.0.5:80: connect: cannot assign "
									"requested address\"\n"
									"  journalctl -n 1000 | headroom why -\n"
									"  headroom why --pid 1 --for 10s\n",
				},
		[COMMAND_WATCH] =
				{
						.name = "watch",
						.usage = "[options]",
						.run = command_watch,
						.summary =
								"live view of the limits, with the time left until each is reached",
						.about = "q or Ctrl-C ends it. With --pid: the network namespace of that "
								 "process, and the processes in it. TIME_WAIT sockets that a new "
								 "connection may take over do not count as used. --json and "
								 "--prometheus also list each destination and listener.\n"
								 "Exit "
								 "status: 0, 2 usage error, 1 internal error.\n",
						.examples = "  headroom watch\n"
									"  headroom watch --pid 1 --once\n"
									"  headroom "
									"watch --prometheus headroom.prom --interval 15s\n",
				},
		[COMMAND_EXPLAIN] =
				{
						.name = "explain",
						.usage = "[NAME|ERROR TEXT] [options]",
						.takes_text = true,
						.takes_workload = true,
						.takes_loads = true,
						.run = command_explain,
						.summary = "explain a limit, change or setting, using this host's numbers",
						.about = "NAME is a limit, a change that helps, a note, a preset, a "
								 "cloud NAT, a tool, or a setting (net.core.somaxconn, ulimit). "
								 "If several things have this name, all are explained. Without "
								 "NAME: the limits, and how to list the rest (limits, changes, "
								 "myths, presets, clouds, tools, programs, all). Any other text "
								 "is looked up as in headroom why.\n"
								 "Exit status: 0 found, 3 no limit of this host "
								 "explains the text, 2 usage error, 1 internal error.\n",
						.examples = "  headroom explain ephemeral-ports\n"
									"  headroom explain net.ipv4.tcp_tw_reuse\n"
									"  headroom explain presets\n",
				},
		[COMMAND_WORKLOAD] =
				{
						.name = "workload",
						.usage = "[PLAN [+]] [options] [-- COMMAND ...]",
						.takes_workload = true,
						.takes_command = true,
						.takes_loads = true,
						.run = command_workload,
						.summary = "derive the plan from a load test's command line or file",
						.about = "Prints the plan as JSON. Parses COMMAND (wrk, h2load, k6 ...), "
								 "also behind env, sudo, sh -c or docker run, or a tool's own file "
								 "(plan.jmx, script.js ...). Nothing is run. Flags add what the "
								 "command does not say, and override it.\n"
								 "Exit status: 0, 2 usage error or unreadable plan, 1 internal "
								 "error.\n",
						.examples = "  headroom workload -- wrk -t12 -c400 -d30s http://10.0.0.5/ "
									">plan.json\n"
									"  headroom workload --latency 50ms --to 10.0.0.5:80 -- vegeta "
									"attack -rate=500\n",
				},
		[COMMAND_FACTS] =
				{
						.name = "facts",
						.usage = "[options]",
						.run = command_facts,
						.summary = "list what was read on this host (--all: from which file)",
						.about = "-o host.json saves the facts, --snapshot DIR the raw files; "
								 "headroom audit --facts PATH judges either, on any machine. -o "
								 "host.prom writes metrics for the textfile collector of "
								 "node_exporter.\n"
								 "Exit status: 0, 2 usage error, 1 internal "
								 "error.\n",
						.examples = "  headroom facts -o host.json\n"
									"  headroom facts --pid 1 --all\n",
				},
		[COMMAND_LINT] =
				{
						.name = "lint",
						.usage = "[PATH ...] [options]",
						.run = command_lint,
						.summary = "find ports that tests can lose, and settings without effect",
						.about = "Reads compose files, CI workflows, manifests, .env, scripts, "
								 "settings and tests; runs nothing. Finds services on ports that "
								 "an outgoing connection may take first, and sysctls and limits "
								 "that have no effect where they are set. A line with \"headroom: "
								 "allow\" is not reported.\n"
								 "Exit status: 0 nothing found, 3 found, "
								 "2 usage error, 1 internal error.\n",
						.examples = "  headroom lint --image ubuntu-24.04\n"
									"  headroom lint . -o "
									"lint.sarif -o junit:lint.xml\n",
				},
		[COMMAND_REPORT] =
				{
						.name = "report",
						.usage = "FILE|- [-o FILE ...]",
						.run = command_report,
						.summary = "convert a saved audit to other formats",
						.about = "FILE is JSON that audit, gate, fleet, size, why, lint or history "
								 "wrote; - is standard input.\n"
								 "Exit status: 0 written, 2 usage "
								 "error or unreadable file, 1 internal error.\n",
						.examples = "  headroom audit -o audit.json; headroom report audit.json "
									"--all\n"
									"  headroom report audit.json -o report.html -o "
									"report.pdf\n",
				},
		[COMMAND_HISTORY] =
				{
						.name = "history",
						.usage = "[list|show|diff|trend|prune|export] [options]",
						.run = command_history,
						.summary = "list and compare saved audits",
						.about = "list [WORD] (host or plan with WORD), show ID|last, "
								 "diff ID|FILE [ID|FILE|last], trend "
								 "[PLAN], prune --keep N or --older-than 90d, export (one document "
								 "per line).\n"
								 "Every audit and fleet is saved in "
								 "$XDG_STATE_HOME/headroom/history.db (default: below "
								 "~/.local/state), unless --no-history or HEADROOM_HISTORY=off "
								 "says otherwise.\n"
								 "Exit status: 0, 2 usage error or no such audit, 1 internal "
								 "error.\n",
						.examples = "  headroom history\n"
									"  headroom history diff 12 last\n"
									"  "
									"headroom history show last -o report.html\n",
				},
		[COMMAND_ATTACH] =
				{
						.name = "attach",
						.usage = "[TICKET] FILE ... [options]",
						.run = command_attach,
						.summary = "attach reports to a ticket (Jira, Redmine, GitHub and others)",
						.about = "TICKET: jira:KEY servicenow:CHG0030123 redmine:N rt:N "
								 "gitlab:GROUP/PROJECT#N github:OWNER/REPO#N; also "
								 "servicenow:TABLE/NUMBER and TABLE/SYS_ID. Without TICKET: the "
								 "one given to the audit by --ticket. Files that are already "
								 "attached are skipped.\n"
								 "Address and token come from the environment (JIRA_BASE_URL, "
								 "JIRA_USER_EMAIL, JIRA_API_TOKEN, REDMINE_URL, REDMINE_API_KEY, "
								 "SERVICENOW_URL, SERVICENOW_TOKEN, RT_URL, RT_TOKEN, "
								 "GITLAB_TOKEN, GITHUB_TOKEN ...), --token-file or ~/.netrc.\n"
								 "Exit status: 0 done, 2 usage error, 1 failed, 124 stopped by "
								 "--time-limit.\n",
						.examples =
								"  headroom attach jira:OPS-123 report.pdf audit.json --comment\n"
								"  headroom attach github:me/app#7 audit.json --dry-run\n",
				},
		[COMMAND_SIGN] =
				{
						.name = "sign",
						.usage = "AUDIT.json [FILE ...] [--key KEY]",
						.run = command_sign,
						.summary = "sign an audit and its reports (ssh or minisign key)",
						.about = "Writes AUDIT.json.intoto.json, an in-toto test-result statement "
								 "with the SHA-256 of each file, and its signature (.sig or "
								 ".minisig), made by ssh-keygen or minisign. AUDIT.json is written "
								 "by "
								 "audit, gate or fleet. All files must be in one directory. KEY is "
								 "a secret key, or a public key whose secret "
								 "key is in ssh-agent.\n"
								 "Exit status: 0 signed, 2 usage error, 1 could not be signed.\n",
						.examples =
								"  headroom sign audit.json report.pdf --key ~/.ssh/id_ed25519\n",
				},
		[COMMAND_VERIFY] =
				{
						.name = "verify",
						.usage = "AUDIT.json [FILE ...] --key KEY [--identity WHO]",
						.run = command_verify,
						.summary = "check that a signed audit and its reports are unchanged",
						.about = "Checks the signature, the hash of every signed file, and that "
								 "each FILE is one of them. KEY is the public key of the signer, "
								 "or a list of allowed signers as in ssh-keygen(1).\n"
								 "Exit status: 0 verified, 3 not, 2 usage error, 1 could not be "
								 "checked.\n",
						.examples = "  headroom verify audit.json --key ann.pub\n"
									"  headroom verify audit.json report.pdf --key allowed_signers "
									"--identity ann\n",
				},
		[COMMAND_RULES] =
				{
						.name = "rules",
						.usage = "[list|lint|test] [ID] [options]",
						.run = command_rules,
						.summary = "list, check and test the rules behind the verdict",
						.about =
								"list: every rule with its kind, ID and title (the default). lint: "
								"check names, units and sources of the rules; no host is needed. "
								"test: run the examples that the rules contain, all or those of "
								"the rule ID. Your own rules: --rules DIR.\n"
								"Exit status: 0, 3 a check failed, 2 usage error, 1 internal "
								"error.\n",
						.examples = "  headroom rules list\n"
									"  headroom rules test ephemeral-ports\n",
				},
		[COMMAND_SCHEMA] =
				{
						.name = "schema",
						.usage = "[NAME]",
						.run = command_schema,
						.summary = "print the JSON Schema of a document",
						.about = "NAME is that of a document (audit) or the text in its member "
								 "schema (headroom.audit/2). Without NAME: a list of the documents "
								 "that headroom writes or reads.\n"
								 "Exit status: 0 found, 2 no document has that name.\n",
						.examples = "  headroom schema\n"
									"  headroom schema audit >audit.schema.json\n",
				},
		[COMMAND_HELP] =
				{
						.name = "help",
						.usage = "[COMMAND|workload]",
						.run = command_help,
						.summary =
								"help on a command; \"help workload\" lists presets and plan flags",
						.about = "",
						.examples = "  headroom help gate\n"
									"  headroom help workload\n",
				},
		[COMMAND_VERSION] =
				{
						.name = "version",
						.usage = "",
						.run = command_version,
						.summary = "print version, commit and rule set",
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
