#!/bin/sh
# Real load test tools against nginx on loopback in a private network namespace: what headroom reads from their command
# lines against what ss sees. Peak live sockets within 1 % and TIME_WAIT within 5 % where the plan says exact; a range
# and a descriptor limit that are too small must fail before the run and break the tool in it.
# Usage: tests/live/plans.sh [BUILD]   Needs root; a tool that is missing is skipped.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${PLANS_INSIDE:-}" != yes ]; then
	[ "$(id -u)" -eq 0 ] || { echo "plans: needs root for a network namespace"; exit 77; }
	for program in nginx ss jq; do
		command -v $program >/dev/null || { echo "plans: $program is not installed"; exit 77; }
	done
	exec env PLANS_INSIDE=yes unshare -n "$0" "$@"
fi
build=${1:-build}
case $build in /*) ;; *) build=$top/$build ;; esac
H=$build/headroom
export HEADROOM_HISTORY=off
work=$(mktemp -d) || exit 1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
passed=0 failed=0 skipped=0
port=8080 url=http://127.0.0.1:8080/

ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1"; }
skip() { skipped=$((skipped + 1)); echo "ok - $1 # SKIP $2"; }

ip link set lo up || exit 1
sysctl -qw net.ipv4.tcp_tw_reuse=0 net.core.somaxconn=4096
cat >"$work/nginx.conf" <<END
worker_processes 1; daemon off; pid $work/pid; error_log $work/error crit; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $work/b; proxy_temp_path $work/p;
fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
server { listen 127.0.0.1:$port backlog=4096; location / { return 200 "hello"; } } }
END
nginx -c "$work/nginx.conf" -e "$work/error" &
server=$!
tries=0
until ss -Hltn "sport = :$port" | grep -q .; do
	tries=$((tries + 1))
	[ "$tries" -lt 100 ] || { echo "plans: nginx does not start: $(cat "$work/error")"; exit 1; }
	sleep 0.1
done

# Where the plan says so: field of the derived workload.
field() { jq -r "$1" "$work/plan.json"; }
count() { ss -Htn state "$1" "dport = :$port" | wc -l; }

# within NAME GOT WANT PERCENT: at most so far apart, and one socket more is nothing
within() {
	if awk -v g="$2" -v w="$3" -v p="$4" 'BEGIN { d = g - w; if (d < 0) d = -d; exit !(d <= w * p / 100 + (w < 100)) }'
	then ok "$1: predicted $3, seen $2"
	else not_ok "$1: predicted $3, seen $2, more than $4 % apart"
	fi
}

# The command runs; peak and time_wait are what ss saw.
observe() {
	peak=0
	"$@" >"$work/out" 2>&1 &
	tool=$!
	while kill -0 "$tool" 2>/dev/null; do
		now=$(count established)
		[ "$now" -le "$peak" ] || peak=$now
		sleep 0.02
	done
	wait "$tool"
	time_wait=$(count time-wait)
}

# The plan of a command, as JSON.
plan() {
	"$H" workload "$@" >"$work/plan.json" 2>"$work/err" && return 0
	not_ok "$*: $(cat "$work/err")"
	return 1
}

# keeps COMMAND…: connections that stay; TIME_WAIT afterwards is their number where the closer is exact
keeps() {
	command -v "$1" >/dev/null || { skip "$1" "not installed"; return; }
	plan -- "$@" || return
	before=$(count time-wait)
	observe "$@"
	[ "$(field .origins.connections.confidence)" != exact ] || within "$*: live at the peak" "$peak" "$(field .connections)" 1
	[ "$(field .origins.closer.confidence)" != exact ] || [ "$(field .origins.connections.confidence)" != exact ] ||
		within "$*: TIME_WAIT afterwards" $((time_wait - before)) "$(field .connections)" 5
}

keeps wrk -t3 -c100 -d2s $url
keeps h2load --h1 -c50 -t2 -D2 $url
keeps h2load --h1 -c300 -n60000 $url
keeps ab -k -q -n 100000 -c 200 $url
keeps ab -k -q -t 2 -n 10000000 -c 100 $url
printf 'connection = keep-alive\nlimit = 1000\nparser = false\nverbose = false\nlogging = false\n' >"$work/keep.rc"
printf 'connection = close\nlimit = 1000\nparser = false\nverbose = false\nlogging = false\n' >"$work/close.rc"
printf '%s\n' "$url" "http://127.0.0.1:$port/other" >"$work/urls"
keeps siege -R "$work/keep.rc" -b -c 100 -r 300 $url
keeps siege -R "$work/keep.rc" -b -c 60 -r 300 -f "$work/urls"
keeps siege -R "$work/keep.rc" -b -c 200 -t 2S $url

# What ss sees when a run is over, against timeline.end of the audit document
leaves() {
	command -v "$1" >/dev/null || { skip "$1" "not installed"; return; }
	"$H" audit -o "json:$work/audit.json" -- "$@" >/dev/null 2>&1
	before=$(count time-wait)
	observe "$@"
	within "$*: timeline.end" $((time_wait - before)) "$(jq -r .timeline.end.time_wait "$work/audit.json")" 5
}
leaves h2load --h1 -c150 -n30000 $url
leaves ab -k -q -n 50000 -c 120 $url
leaves siege -R "$work/keep.rc" -b -c 50 -r 300 $url

# hey opens spares: never above what it was said to reach at most
if command -v hey >/dev/null; then
	plan -- hey -z 2s -c 100 $url && observe hey -z 2s -c 100 $url
	if [ "$peak" -ge 100 ] && [ "$peak" -le 175 ]; then
		ok "hey -c 100: $peak live, between 100 and 1.75 times"
	else
		not_ok "hey -c 100: $peak live, not between 100 and 175"
	fi
else
	skip hey "not installed"
fi

# closes TOTAL COMMAND…: the server most likely closes first. Over loopback any share of the closes may be the client's
# (tests/live/closers.py measures them over a network), and the plan counts all of them
closes() {
	total=$1
	shift
	command -v "$1" >/dev/null || { skip "$1" "not installed"; return; }
	plan --rps 1000 -- "$@" || return
	before=$(count time-wait)
	observe "$@"
	left=$((time_wait - before))
	if [ "$(field .closer)" = server ] && [ "$peak" -le "$(field .connections)" ] &&
		[ "$left" -le $((total + $(field .connections))) ]; then
		ok "$*: $left of $total closes were ours, $peak live"
	else
		not_ok "$*: $left of $total closes were ours, $peak live, predicted $(field .connections)"
	fi
}

closes 5000 ab -q -n 5000 -c 50 $url
closes 5000 hey -n 5000 -c 50 -disable-keepalive $url
closes 800 hey -z 2s -c 20 -q 20 -disable-keepalive $url
closes 5000 h2load --h1 -n 5000 -c 50 -H 'Connection: close' $url
closes 5000 siege -R "$work/close.rc" -b -c 50 -r 100 $url

# audits NAME EXIT LAST_LINE COMMAND…
audits() {
	name=$1 want=$2 line=$3
	shift 3
	"$H" audit -- "$@" >"$work/text" 2>&1
	got=$?
	if [ "$got" -eq "$want" ] && tail -n 1 "$work/text" | grep -q "^headroom: $line"; then
		ok "$name"
	else
		not_ok "$name: exit $got, $(tail -n 1 "$work/text")"
	fi
}

# breaks COMMAND…: the tool itself reports connections that failed
breaks() {
	observe "$@"
	if grep -q 'Socket errors: connect' "$work/out"; then
		ok "and $1 fails to connect"
	else
		not_ok "$*: no connection failed"
	fi
}

# Too small a range, too few descriptors by a wrapper: no run, and the tool really breaks.
sysctl -qw net.ipv4.ip_local_port_range="40000 40099"
audits "100 ports for 150 connections fail" 3 'FAIL ephemeral-ports' wrk -t1 -c150 -d1s $url
breaks wrk -t1 -c150 -d1s $url
sysctl -qw net.ipv4.ip_local_port_range="32768 60999"
audits "64 descriptors for 150 connections fail" 3 'FAIL process-fds' prlimit --nofile=64 wrk -t1 -c150 -d1s $url
breaks prlimit --nofile=64 wrk -t1 -c150 -d1s $url
audits "4096 descriptors pass" 0 'PASS' prlimit --nofile=4096 wrk -t1 -c150 -d1s $url

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
