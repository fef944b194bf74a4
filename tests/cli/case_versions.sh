# Documents of other versions: those of 0.1 are still read, members that nobody knows are no error, later ones are refused.
# shellcheck shell=sh
. tests/cli/lib.sh
old=$top/tests/report/sample-audit.json # headroom.audit/1, as 0.1 wrote it
same "this is a document of 0.1" headroom.audit/1 "$(jq -r .schema "$old")"
check "0.1: report" 0 '^headroom: FAIL ephemeral-ports 106% safe=10587' '' "$H" report "$old"
check "0.1: fix" 0 'safe up to' '' "$H" fix "$old"
check "0.1: attach" 0 'ephemeral-ports' 'no token: set JIRA_API_TOKEN' "$H" attach jira:OPS-1 "$old" --comment --dry-run --url https://jira.example
check "0.1: diff" 0 'Nothing changed that matters' '' "$H" history diff "$old" "$old"
check "0.1: --against" 0 '*' '' "$H" audit --connections 100 --facts "$hosts/debian-default" --against "$old"
jq .workload "$old" >plan.json
same "this is a plan of 0.1" headroom.workload/1 "$(jq -r .schema plan.json)"
check "a plan of 0.1" 3 'FAIL' '' "$H" audit plan.json --facts "$hosts/debian-default"
same "is written as one of today" headroom.workload/2 \
	"$("$H" audit plan.json --facts "$hosts/debian-default" -o json | jq -r .workload.schema)"

printf '{"schema": "headroom.workload/%d", "open_rate_per_s": 100, "lifetime_s": 20}' 1 >rate.json
says="$("$H" audit rate.json --facts "$hosts/debian-default" --duration 15 -o json | jq -c '[.plan.connections, (.findings[] | select(.id == "starts-empty") | .severity)]')"
same "a plan of 0.1 by its rate starts empty, and says so" '[1500,"note"]' "$says"
same "with its own start it does not say so" 0 "$("$H" audit rate.json --facts "$hosts/debian-default" --start steady -o json |
	jq '[.findings[] | select(.id == "starts-empty")] | length')"
same "0.1 had all of them from the start" 2000 "$("$H" audit rate.json --facts "$hosts/debian-default" --duration 15 --start steady -o json | jq .plan.connections)"
printf '{"schema": "headroom.workload/%d", "open_rate_per_s": 100, "lifetime_s": 20}' 2 >rate.json
same "neither does a plan of today" 0 "$("$H" audit rate.json --facts "$hosts/debian-default" -o json |
	jq '[.findings[] | select(.id == "starts-empty")] | length')"

"$H" audit --connections 15000 --facts "$hosts/debian-default" -o now.json -q >/dev/null
same "what is written" headroom.audit/2 "$(jq -r .schema now.json)"
jq '.later = {a: [1]} | .resources[0].later = 3 | .facts[0].later = "x" | .host.later = null' now.json >more.json
for format in text markdown junit github; do
	same "members of a later version, $format" "$("$H" report now.json -o $format)" "$("$H" report more.json -o $format)"
done
check "members of a later version: fix" 0 'safe up to' '' "$H" fix more.json
check "members of a later version: diff" 0 'Nothing changed that matters' '' "$H" history diff now.json more.json

refuse() { # refuse NAME COMMAND…
	name=$1
	shift
	check "/3: $name" 2 '' 'its schema is "headroom.audit/3", this version reads headroom.audit/1 and headroom.audit/2' "$@"
}
jq '.schema = "headroom.audit/3"' now.json >later.json
refuse report "$H" report later.json
refuse fix "$H" fix later.json
refuse diff "$H" history diff later.json now.json
refuse --against "$H" audit --connections 100 --facts "$hosts/debian-default" --against later.json
refuse attach "$H" attach jira:OPS-1 later.json --comment --dry-run --url https://jira.example
jq '.workload.schema = "headroom.workload/3" | .workload' now.json >plan.json
check "/3: a plan" 2 '' 'plan.json:[0-9]+:[0-9]+: "schema" must be "headroom.workload/2" or "headroom.workload/1"' \
	"$H" audit plan.json
jq '.workload.later = 1 | .workload' now.json >plan.json
check "a plan stays strict" 2 '' 'plan.json:[0-9]+:[0-9]+: unknown member "later"' "$H" audit plan.json

# --- comparing across versions: what only the rules explain is not blamed on the host -----------------------------
same_host="ws-client --connections 15000 --facts $hosts/debian-default"
first=$top/tests/cli/audit-of-0.1.json # debian-default as 0.1 saw it, without its texts
# shellcheck disable=SC2086 # several words
{
	check "the same host and plan" 3 'Nothing changed that matters since' '' "$H" audit $same_host --against "$first"
	same "rules changed, said once" 1 "$("$H" audit $same_host --against "$first" | grep -c 'the rules have changed since')"
	same "nothing of the plan, the limits or the settings" '[0,0,0,true,true]' \
		"$("$H" audit $same_host --against "$first" -o json |
			jq -c '.drift | [(.plan | length), (.limits | length), (.facts | length), .rules_changed, .same]')"
	same "what did change is told with its reason" '[["process-fds",["limits.nofile.soft"]]]' \
		"$("$H" audit $same_host --set limits.nofile.soft=2000 --against "$first" -o json |
			jq -c '[.drift.limits[] | [.id, .because]]')"
	check "hypothetical values are marked" 3 'fail \(hypothetical\)|Limit' '' \
		"$H" audit $same_host --set limits.nofile.soft=2000 --against "$first"
	check "also in the verdict" 0 'Verdict +pass \(hypothetical\), was fail' '' \
		"$H" audit $same_host --set limits.nofile.soft=21000 --set net.ipv4.tcp_tw_reuse=1 --against "$first"
	jq '(.resources[] | select(.id == "tcp-memory").utilization) = 0.9' "$first" >moved.json
	same "a limit that only the rules moved" '[["tcp-memory",["rules"]]]' \
		"$("$H" audit $same_host --against moved.json -o json | jq -c '[.drift.limits[] | [.id, .because]]')"
}
