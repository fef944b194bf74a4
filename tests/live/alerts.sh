#!/bin/bash
# Usage: alerts.sh [BUILD]. make live-alerts: what headroom fix --emit prometheus-rules writes, in a real Prometheus with a
# real Alertmanager and node_exporter. In a network namespace of its own, TIME_WAIT and outgoing ports are used up; the
# alerts arrive at a webhook, with a fix; the fix is run as it was received, and the alert ends. Nothing outside is
# touched, everything is ended by its process id. Some three minutes.
# Needs root, prometheus, prometheus-alertmanager, prometheus-node-exporter, jq, curl and python3.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-build}
H=${HEADROOM:-$top/$build/headroom}
passed=0 failed=0

ok() { passed=$((passed + 1)) && echo "ok - $1"; }
not_ok() {
	failed=$((failed + 1))
	echo "not ok - $1"
	shift
	printf '#   %s\n' "$@" | head -n 20
}
same() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "want: $2" "got:  $3"; fi
}

if [ "${2:-}" != inside ]; then
	for program in prometheus prometheus-alertmanager prometheus-node-exporter promtool jq curl python3 ip unshare; do
		command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || { echo "$program is not installed"; exit 77; }
	done
	[ "$(id -u)" = 0 ] || { echo "needs root: it makes a network namespace"; exit 77; }
	exec unshare --net --mount "$0" "$build" inside
fi

PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d) || exit 1
ours=()
finish() {
	[ ${#ours[@]} -eq 0 ] || kill "${ours[@]}" 2>/dev/null
	wait 2>/dev/null
	cd / && rm -rf "$work"
}
trap finish EXIT
cd "$work" || exit 1
export HEADROOM_HISTORY=off XDG_CONFIG_HOME=/nonexistent HOME=$work
mount --make-rprivate /
mount -t sysfs none /sys
ip link set lo up
start() { # start NAME COMMAND…
	local name=$1
	shift
	"$@" >"$name.log" 2>&1 &
	ours+=($!)
}
# until_true SECONDS COMMAND…: until the command succeeds
until_true() {
	local left=$(($1 * 2))
	shift
	while [ $left -gt 0 ]; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.5
		left=$((left - 1))
	done
	return 1
}

# A small host: 1,000 ports to a destination, 600 TIME_WAIT.
sysctl -qw net.ipv4.ip_local_port_range='40000 40999' net.ipv4.tcp_max_tw_buckets=600 net.ipv4.tcp_tw_reuse=0
printf '{"schema": "headroom.workload/2", "role": "client", "connections": 500, "lifetime_s": 5, "destinations": ["127.0.0.1:8080"]}\n' >plan.json
"$H" fix plan.json --emit prometheus-rules -q -o rules.yml
same "the plan's rules are good" SUCCESS "$(promtool check rules rules.yml 2>&1 | grep -o SUCCESS)"
same "TIME_WAIT is judged by this host's 600" 1 "$(grep -c 'node_sockstat_TCP_tw / 600 > 0.9' rules.yml)"

mkdir textfile
cat >alertmanager.yml <<'END'
route: {receiver: hook, group_by: [...], group_wait: 1s, group_interval: 1s, repeat_interval: 1h}
receivers: [{name: hook, webhook_configs: [{url: "http://127.0.0.1:9995/", send_resolved: true}]}]
END
cat >prometheus.yml <<'END'
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
scrape_configs: [{job_name: node, static_configs: [{targets: ["127.0.0.1:9100"]}]}]
alerting: {alertmanagers: [{static_configs: [{targets: ["127.0.0.1:9093"]}]}]}
END
same "promtool takes the configuration" SUCCESS "$(promtool check config prometheus.yml 2>&1 | grep -o SUCCESS | tail -n 1)"
start watch "$H" watch --prometheus textfile/headroom.prom --interval 1s
start node prometheus-node-exporter --web.listen-address=127.0.0.1:9100 --collector.textfile.directory="$work/textfile"
start received python3 "$top/tests/live/alerts_receiver.py" 9995
start alertmanager prometheus-alertmanager --config.file=alertmanager.yml --storage.path=am --web.listen-address=127.0.0.1:9093 --cluster.listen-address=
start prometheus prometheus --config.file=prometheus.yml --storage.tsdb.path=tsdb --web.listen-address=127.0.0.1:9090
for address in 9100/metrics 9093/-/ready 9090/-/ready; do
	until_true 30 curl -sf "http://127.0.0.1:$address" || not_ok "127.0.0.1:$address answers" "$(tail -n 5 ./*.log)"
done
# got STATUS ALERT SEVERITY: has it arrived?
got() {
	jq -e --arg status "$1" --arg alert "$2" --arg severity "$3" \
		'select(.status == $status and .labels.alertname == $alert and .labels.severity == $severity)' received.log >one.json && [ -s one.json ]
}

# --- nothing is used: nothing fires
sleep 5
same "an idle host raises no alert of a limit" "" "$(jq -r .labels.alertname received.log | sort -u | grep -v NoData)"
same "headroom's own metrics are scraped" 1 "$(curl -sf 'http://127.0.0.1:9090/api/v1/query?query=headroom_limit_utilization_ratio\{limit="ephemeral-ports"\}' | jq '.data.result | length')"

# --- 560 of 600 TIME_WAIT and more than 900 of 1,000 ports
start load python3 "$top/tests/live/alerts_load.py" 420 40
load=${ours[-1]}
begun=$SECONDS
for alert in HeadroomTimeWaitBuckets HeadroomEphemeralPorts; do
	if until_true 150 got firing $alert critical; then
		ok "$alert fires in Alertmanager, after $((SECONDS - begun)) s"
	else
		not_ok "$alert fires in Alertmanager" "$(ss -s)" "$(grep -h 'tw\|ephemeral' textfile/headroom.prom | head -5)" "$(tail -n 3 prometheus.log)"
	fi
done
got firing HeadroomTimeWaitBuckets critical
same "the text says what and where" 1 "$(jq -r .annotations.summary one.json | grep -cE '^TIME_WAIT: (9[0-9]|100)[0-9.]*% used on 127.0.0.1:9100$')"
got firing HeadroomEphemeralPorts critical
fix=$(jq -r .annotations.fix one.json)
undo=$(jq -r .annotations.undo one.json)
same "it has a fix that is a command" 1 "$(echo "$fix" | grep -cE '^sysctl -w |^headroom why$')"
until_true 60 got firing HeadroomEphemeralPorts warning && ok "the warning at the target fires as well"

# --- the fix as it was received, and the alert ends
if [ "$fix" != "headroom why" ]; then
	sh -c "$fix" >/dev/null || not_ok "the fix runs" "$fix"
	if until_true 90 got resolved HeadroomEphemeralPorts critical; then ok "after \"$fix\" the alert ends"; else not_ok "after \"$fix\" the alert ends"; fi
	sh -c "$undo" >/dev/null && ok "its undo runs: $undo"
fi
kill "$load"
if until_true 120 got resolved HeadroomTimeWaitBuckets critical; then ok "without the load the alert of TIME_WAIT ends"; else not_ok "without the load the alert of TIME_WAIT ends"; fi

# --- an audit, scraped
"$H" audit plan.json -q -o textfile/audit.prom >/dev/null
until_true 20 sh -c 'curl -sf "http://127.0.0.1:9090/api/v1/query?query=headroom_audit_verdict" | jq -e ".data.result | length == 7"'
same "one verdict of an audit is in Prometheus" 1 \
	"$(curl -sf 'http://127.0.0.1:9090/api/v1/query?query=sum(headroom_audit_verdict)' | jq -r '.data.result[0].value[1]')"
same "node_exporter read every file" 0 "$(curl -sf http://127.0.0.1:9100/metrics | sed -n 's/^node_textfile_scrape_error //p')"

echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
