#!/bin/sh
# The charts of audits of every host of tests/hosts with every kind of plan: no label on a label or a line, every limit
# has its row in its place, the hosts that are drawn are those that audits of such loads give.
# Usage: tests/report/charts.sh BUILD/headroom-helper
set -u
helper=$(realpath "${1:?usage: charts.sh path of headroom-helper}")
headroom=$(dirname "$helper")/headroom
here=$(cd "$(dirname "$0")" && pwd)
hosts=$(dirname "$here")/hosts
work=$(mktemp -d) || exit 1
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
export HEADROOM_HELPER="$helper" XDG_STATE_HOME="$work/state" HOME="$work"
trap 'rm -rf "$work"' EXIT
command -v python3 >/dev/null || { echo "python3 is not installed"; exit 77; }
failed=0
look() { python3 "$here/charts.py" "$@" || failed=1; }

audit() { # audit NAME HOST PLAN…
	name=$1 host=$2
	shift 2
	"$headroom" audit "$@" --facts "$hosts/$host" -o "html:$work/$name.html" -o "json:$work/$name.json" >"$work/$name.txt" 2>&1
	[ -s "$work/$name.html" ] || { echo "not ok - $name: no page"; sed 's/^/#   /' "$work/$name.txt"; failed=1; }
}

printf '{"schema":"headroom.waivers/1","waivers":[{"id":"process-fds","justification":"raised by the unit","by":"J. Doe","expires":"2999-12-31"}]}' \
	>"$work/waivers.json"
for host in "$hosts"/*; do
	host=$(basename "$host")
	[ -d "$hosts/$host" ] || [ "$host" = macos.facts.json ] || continue
	short=${host%%.*}
	audit "$short.fail" "$host" ws-client --connections 15000 --lifetime 60s
	audit "$short.small" "$host" ws-client --connections 200 --lifetime 600s
	audit "$short.huge" "$host" ws-client --connections 3000000 --lifetime 30s
	audit "$short.rate" "$host" http-churn
	audit "$short.server" "$host" ws-server
	audit "$short.nat" "$host" websocket-server-nat
	audit "$short.erlang" "$host" erlang-node
	audit "$short.waived" "$host" ws-client --connections 15000 --lifetime 60s --waivers "$work/waivers.json"
	audit "$short.loads" "$host" ws-client + http-churn
	audit "$short.map" "$host" ws-client --connections 15000 --lifetime 60s --map
	audit "$short.staged" "$host" ws-client --connections 100 --stages 1m:400,2m:800,2m:1200
	audit "$short.carry" "$host"
done
# Sizings, histories and fleets.
"$here/pages.sh" "$headroom" "$work/answers" || failed=1
# A limit that nobody could read, and that is not below 19 times the plan at best.
jq '.verdict = "unknown" | (.resources[] | select(.id == "system-fds")) |= (.status = "unknown" | .max_safe_scale = null | .demand = null |
	.utilization = null | .max_safe = {connections: 285000, open_rate_per_s: 4750, at_most: true})' "$work/debian-default.fail.json" >"$work/unread.json"
"$headroom" report "$work/unread.json" -o "html:$work/unread.html" >/dev/null 2>&1
if grep -q '>? up to 19×<' "$work/unread.html" && grep -q '>? between 0 and 19×<' "$work/unread.html"; then
	echo "ok - what is not known says how good it may be"
else
	echo "not ok - what is not known says how good it may be"
	failed=1
fi
# What moved between two hosts, in both directions; measurements; a run; audits of a host that changed three times.
"$headroom" audit ws-client --connections 15000 --lifetime 60s --facts "$hosts/tuned-loadgen" --against "$work/debian-default.fail.json" \
	-o "html:$work/drift-better.html" -o "json:$work/drift-better.json" >/dev/null 2>&1
"$headroom" audit ws-client --connections 15000 --lifetime 60s --facts "$hosts/debian-default" --against "$work/tuned-loadgen.fail.json" \
	-o "html:$work/drift-worse.html" -o "json:$work/drift-worse.json" >/dev/null 2>&1
"$headroom" report "$here/calibrated-audit.json" -o "html:$work/calibrated.html" >/dev/null 2>&1
cp "$here/calibrated-audit.json" "$work/calibrated.json"
cp -r "$hosts/debian-default" "$work/changing"
range=$(find "$work/changing" -name ip_local_port_range)
for ports in 32768 20000 32768 58000; do
	printf '%s\t60999\n' "$ports" >"$range"
	HEADROOM_HISTORY='' XDG_STATE_HOME="$work/state" "$headroom" audit http-churn --facts "$work/changing" -o "html:$work/changed.html" -o "json:$work/changed.json" >/dev/null 2>&1
done
if [ "$(jq -c '[.history[-3:][].because], .changed_by' "$work/changed.json" | tr -d '\n')" = \
	'[null,["net.ipv4.ip_local_port_range"],["net.ipv4.ip_local_port_range"]]["net.ipv4.ip_local_port_range"]' ]; then
	echo "ok - the history knows what changed the safe load"
else
	echo "not ok - the history knows what changed the safe load"
	jq -c '[.history[] | {because, binding, max_safe}], .changed_by' "$work/changed.json" | sed 's/^/#   /'
	failed=1
fi
look has "$work/drift-better.html" drift drift-narrow
look has "$work/drift-worse.html" drift drift-narrow
look has "$work/calibrated.html" calibration calibration-narrow history history-narrow
look has "$work/changed.html" history history-narrow
look has "$work/debian-default.fail.html" sizing sizing-narrow
look has "$work/tuned-loadgen.fail.html" ports ports-narrow
look has "$work/debian-default.carry.html" roles roles-narrow
look has "$work/answers/trend.html" history history-narrow
look has "$work/answers/fleet.html" ends ends-narrow
look meet "$work"/*.html "$work/answers/trend.html" "$work/answers/fleet.html" "$work/answers"/size*.html
mkdir "$work/kinds" && mv "$work"/*.carry.* "$work/kinds"
look rows "$work"/*.html
look time "$work/debian-default.staged.html"
look moved "$work/debian-default.fail.html"
look contrast "$here/../../templates/theme.json"
if grep -q '<meta name="color-scheme"' "$work/debian-default.fail.html"; then
	echo "not ok - without its styles a page is light"
	failed=1
else
	echo "ok - without its styles a page is light"
fi

# The staircase against audits of that load.
number=20261130
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	number=$(((number * 1103515245 + 12345) % 2147483648))
	connections=$((200 + number / 65536 % 59000))
	"$headroom" audit ws-client --connections "$connections" --lifetime 60s --facts "$hosts/debian-default" -o "json:$work/one.json" >/dev/null 2>&1
	wanted=$(jq .hosts_needed.now "$work/one.json")
	shown=$(python3 "$here/charts.py" hosts "$work/debian-default.fail.html" "$(echo "$connections" | awk '{printf "%.6f", $1 / 15000}')")
	if [ "$shown" = "$wanted" ]; then
		echo "ok - hosts at $connections connections: $wanted"
	else
		echo "not ok - hosts at $connections connections: $shown in the chart, $wanted by an audit"
		failed=1
	fi
done
exit $failed
