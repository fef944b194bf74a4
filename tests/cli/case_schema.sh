# What is written fits the JSON Schemas that headroom schema prints, which are those of docs/.
# shellcheck shell=sh disable=SC2012,SC2016,SC2086,SC2116
. tests/cli/lib.sh
if ! python3 -c 'import jsonschema' 2>/dev/null; then
	skip "JSON Schemas" "python3-jsonschema is not installed"
	exit 0
fi
documents=0 differs=
# The program needs no file for that: it knows them wherever it runs.
schemas=$("$H" schema | sed -nE 's/^([a-z]+) .*/\1/p')
for schema in $schemas; do
	"$H" schema "$schema" >"$schema.schema.json"
	cmp -s "$schema.schema.json" "$top/docs/$schema.schema.json" || differs="$differs $schema"
done
same "headroom schema prints the schemas of docs/" "" "$differs"
same "… and lists each of them" "$(cd "$top/docs" && ls -- *.schema.json | sed 's/\.schema.*//' | LC_ALL=C sort | xargs)" "$(echo $schemas)"
same "a schema has the name that stands in documents, too" "$("$H" schema audit)" "$("$H" schema headroom.audit/2)"
check "a schema that does not exist" 2 '' 'unknown schema "audits"; did you mean audit\? .choose one of: audit calibration facts' "$H" schema audits
check "two schemas" 2 '' 'schema takes a single name, got also "fix"' "$H" schema audit fix
check "a full disk" 1 '' 'standard output' sh -c '"$1" schema audit >/dev/full' sh "$H"
valid() { # valid TITLE SCHEMA DOCUMENT: the document is moved away until all are checked
	documents=$((documents + 1))
	mv "$3" "document-$documents.json"
	printf '%s\t%s\t%s\n' "$1" "$2.schema.json" "document-$documents.json" >>documents
}
for host in debian-default tuned-loadgen docker-publish hostile rabbitmq-node macos.facts.json; do
	for plan in "" ws-client "default --role server" haproxy-tcp erlang-node; do
		# shellcheck disable=SC2086 # the plan is several words
		"$H" audit $plan --facts "$hosts/$host" -q -o audit.json >/dev/null 2>error
		if [ $? -lt 5 ] && [ ! -s error ]; then
			valid "audit of $host, ${plan:-no workload}" audit audit.json
		else
			not_ok "audit of $host, ${plan:-no workload}" "$(head -c 300 error)"
		fi
	done
	"$H" facts --facts "$hosts/$host" -o facts.json
	valid "facts of $host" facts facts.json
done
for plan in ws-client "ws-client --connections 15000" "erlang-node --connections 200000"; do
	# shellcheck disable=SC2086 # the plan is several words
	"$H" fix $plan --facts "$hosts/debian-default" -o fix.json >/dev/null
	valid "fix of $plan" fix fix.json
done
"$H" fix "$top/tests/report/none-audit.json" -o fix.json >/dev/null
valid "fix of an audit without a workload" fix fix.json
sized() { # sized PLAN OPTIONS: what is ordered for it
	# shellcheck disable=SC2086 # both are several words
	"$H" size $1 -q -o size.json $2 >/dev/null 2>error
	if [ -s size.json ]; then
		valid "size of $*" size size.json
	else
		not_ok "size of $*" "$(head -c 300 error)"
	fi
}
here="--facts $hosts/debian-default"
sized "ws-client --connections 10" "$here"
sized "ws-client --connections 200000 --lifetime 1h" "--provider aws"
sized "ws-client --connections 50000 --groups a:70%,b:30%" "$here"
sized "ws-client --connections 50000 + http-churn --rps 2000" ""
sized "ws-client --connections 20000" "--facts $hosts/macos.facts.json"
sized "ws-client --connections 20000" "--facts $hosts/hostile"
sized "erlang-node --connections 200000" "--ignore process-fds --facts $hosts/debian-default"
sized "ws-client --connections 900000000" "$here"
sized "ws-client --connections 500" "--image here --calibrate"
for before in sample none; do
	"$H" audit ws-client --connections 100 --facts "$hosts/debian-default" --set net.core.somaxconn=128 -q \
		--against "$top/tests/report/$before-audit.json" -o drift.json >/dev/null
	valid "audit with what changed since another ($before)" audit drift.json
done
for text in "too many open files" "connection timed out" "all is well"; do
	"$H" why --facts "$hosts/crowded" -q -o why.json "$text" >/dev/null
	valid "why of $text" why why.json
done
"$H" why -q -o why.json >/dev/null
valid "why of this host" why why.json
mkdir repo
printf 'RUN sysctl -w a.b=1\n' >repo/Dockerfile
printf 'services: {a: {image: a, ports: ["54320:80"]}, b: {image: b, ports: ["54321:80"]}} # headroom: allow\n' >repo/compose.yaml
printf 'docker run -p 54322:80 a\ndocker run -p 54323:80 a\n' >repo/run.sh
printf 'net.ipv4.ip_local_reserved_ports=54323\n' >repo/sysctl.conf
mkfifo repo/fifo.sh
ln -s . repo/link
"$H" lint repo -q --image ubuntu-24.04 -o lint.json >/dev/null
valid "lint of a repository" lint lint.json
"$H" facts --facts "$hosts/debian-default" -o facts.json
for hosts_file in none some; do
	printf 'debian-default\nloadgen-02\n' >some
	set -- "$hosts/tuned-loadgen" "$hosts/debian-default" facts.json
	[ $hosts_file = none ] || set -- --hosts some "$@"
	"$H" fleet ws-client --connections 20000 -q -o fleet.json "$@" >/dev/null
	valid "fleet, --hosts $hosts_file" fleet fleet.json
done
"$H" lint repo -q -o lint.json >/dev/null
valid "lint by this host" lint lint.json
"$H" audit -q -o live.json >/dev/null
valid "audit of this host" audit live.json
python3 - "$top"/rules/workloads/*.json <<'END'
import json, sys
for path in sys.argv[1:]:
    rule = json.load(open(path))
    json.dump({"schema": "headroom.workload/2"} | rule["workload"], open("ready-%s.json" % rule["id"], "w"))
END
for plan in ready-*.json; do
	valid "ready workload: ${plan%.json}" workload "$plan"
done
for plan in "ws-client + default --role server" "haproxy-tcp + http-churn --rps 10" "ws-server --burst 5 + ws-client --protocol udp"; do
	# shellcheck disable=SC2086 # the plan is several words
	"$H" audit $plan --facts "$hosts/debian-default" -q -o loads.json >/dev/null
	jq .workload loads.json >loads-plan.json
	valid "audit of $plan" audit loads.json
	valid "… and its plan" workload loads-plan.json
done
echo '{"schema":"headroom.waivers/1","waivers":[{"id":"process-fds","justification":"it is raised","by":"Ann","expires":"2999-01-01"}]}' >waivers.json
"$H" audit ws-client --facts "$hosts/debian-default" --waivers waivers.json -q -o waived.json >/dev/null
valid "audit with a waiver" audit waived.json
valid "… and the waivers" waivers waivers.json
"$H" watch --once --json >watch.json
valid "a look of watch" watch watch.json
export HEADROOM_HISTORY=on XDG_STATE_HOME="$work/state"
"$H" history list -o json >history.json
valid "a history without an audit" history history.json
"$H" audit --facts "$hosts/debian-default" -q >/dev/null
"$H" audit ws-client --facts "$hosts/debian-default" -q >/dev/null
"$H" fleet ws-client --connections 100 -q "$hosts/tuned-loadgen" "$hosts/debian-default" >/dev/null
"$H" history list -o json >history.json
valid "a history with two audits and a fleet" history history.json
export HEADROOM_HISTORY=off
churn="hey -c 20 -z 10s -disable-keepalive http://10.0.0.5/"
# shellcheck disable=SC2086 # the command is several words
"$H" audit --facts "$hosts/debian-default" --latency 10ms -q -o churn.json -- $churn
jq .workload churn.json >churn-plan.json
valid "audit of a plan that either side may close" audit churn.json
valid "… and its plan" workload churn-plan.json
for plan in "ws-client --connections 15000 --lifetime 60s" "--connections 5000" "--stages 60s:1000"; do
	# shellcheck disable=SC2086 # words
	"$H" audit $plan --map --facts "$hosts/debian-default" -q -o map.json >/dev/null
	valid "audit of $plan with its map" audit map.json
done

echo '{"schema":"headroom.audit/2","x":1}' >bad.json
"$H" calibrate ports --time 5s -o calibration.json >/dev/null 2>&1 && valid "what a calibrator measured" calibration calibration.json
python3 "$top/tests/cli/validate.py" <documents >results 2>&1 || not_ok "the schemas are checked" "$(tail -n 1 results)"
cat results
same "every document was checked" "$documents" "$(grep -c '^ok\|^not ok' results)"
same "a bad document is found" yes "$(printf 'bad\t%s\tbad.json\n' "$top/docs/audit.schema.json" |
	python3 "$top/tests/cli/validate.py" | grep -q required && echo yes)"
