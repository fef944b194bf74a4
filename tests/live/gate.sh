#!/bin/sh
# headroom gate around real load test tools, against nginx on loopback in a private network namespace: ranges and limits
# that make them pass, be refused, or break in the midst; then the verdict and the certificate must be right. Also
# whether ss sees what the gate saw, and what watching costs.
# Usage: tests/live/gate.sh [BUILD]   Needs root; a tool that is missing is skipped.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
if [ "${GATE_INSIDE:-}" != yes ]; then
	[ "$(id -u)" -eq 0 ] || { echo "gate: needs root for a network namespace"; exit 77; }
	for program in nginx ss jq; do
		command -v $program >/dev/null || { echo "gate: $program is not installed"; exit 77; }
	done
	exec env GATE_INSIDE=yes unshare -n "$0" "$@"
fi
build=${1:-build}
case $build in /*) ;; *) build=$top/$build ;; esac
H=$build/headroom
export HEADROOM_HISTORY=off LANG=C.UTF-8
export HEADROOM_MAX_CPU_WAIT=100% # other programs may have this machine's processors
unset HEADROOM_WORKLOAD HEADROOM_MAX_USE HEADROOM_OUTPUT
work=$(mktemp -d) || exit 1
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null; wait 2>/dev/null; rm -rf "$work"' EXIT
cd "$work" || exit 1
passed=0 failed=0 skipped=0
port=8080 url=http://127.0.0.1:8080/

ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1"; }
skip() { skipped=$((skipped + 1)); echo "ok - $1 # SKIP $2"; }
same() { if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1: want $2, got $3"; fi; }
have() { command -v "$1" >/dev/null || { skip "$1" "not installed"; return 1; }; }
gate() { jq -r ".gate | $1" run.json; }

# within NAME SEEN WANTED PERCENT
within() {
	if awk -v g="$2" -v w="$3" -v p="$4" 'BEGIN { d = g - w; if (d < 0) d = -d; exit !(d <= w * p / 100 + (w < 100)) }'
	then ok "$1: predicted $3, seen $2"
	else not_ok "$1: predicted $3, seen $2, more than $4% apart"
	fi
}

ip link set lo up || exit 1
sysctl -qw net.ipv4.tcp_tw_reuse=0 net.core.somaxconn=4096
range() { sysctl -qw net.ipv4.ip_local_port_range="$1 $2"; }
# A range of its own for each test: the TIME_WAIT of the last one do not matter.
next=20000
fresh() { range $next $((next + $1 - 1)); next=$((next + $1 + 2)); }

cat >nginx.conf <<CONF
worker_processes 1; daemon off; pid $work/pid; error_log $work/error crit; worker_rlimit_nofile 8192;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_temp_path $work/b; proxy_temp_path $work/p;
fastcgi_temp_path $work/f; uwsgi_temp_path $work/u; scgi_temp_path $work/s;
server { listen 127.0.0.1:$port backlog=4096; location / { return 200 "hello"; } } }
CONF
serve() {
	nginx -c "$work/nginx.conf" -e "$work/error" &
	server=$!
	tries=0
	until ss -Hltn "sport = :$port" | grep -q .; do
		tries=$((tries + 1))
		[ "$tries" -lt 100 ] || { echo "gate: nginx does not start: $(cat "$work/error")"; exit 1; }
		sleep 0.1
	done
}
serve

# run OPTION… -- COMMAND…: status in $code, document in run.json, the command's words in out, headroom's in said
run() {
	rm -f run.json
	"$H" gate -o run.json "$@" >out 2>said </dev/null
	code=$?
}

# passes NAME CONNECTIONS COMMAND…: enough of everything
passes() {
	name=$1 planned=$2
	shift 2
	have "$1" || return
	fresh 4000
	run -- "$@"
	same "$name: it runs, with its own status" "0 true" "$code $(gate .ran)"
	within "$name: live connections" "$(gate '.observed.compared[] | select(.id == "live") | .seen')" "$planned" 1
	if [ "$(gate '.bottleneck')" = thread-cpu ] || [ "$(gate '.bottleneck')" = cpu ]; then
		skip "$name: certified" "this machine's processors are too slow for it, which the gate says"
	else
		same "$name: certified" true "$(gate .certified)"
	fi
}

# refused NAME LIMIT COMMAND…
refused() {
	name=$1 limit=$2
	shift 2
	run -q -- "$@"
	same "$name: not run" "121 false" "$code $(gate .ran)"
	same "$name: for the right reason" yes "$(if grep -q "FAIL $limit" said; then echo yes; else cat said; fi)"
	same "$name: nothing of it was started" "" "$(cat out)"
}

# breaks NAME LIMIT COMMAND…: run all the same, it loses connections, and that is told
breaks() {
	name=$1 limit=$2
	shift 2
	run --force --certify strict -- "$@"
	same "$name: forced, then not certified" "123 true false" "$code $(gate '"\(.forced) \(.certified)"')"
	same "$name: what broke" "$limit" "$(gate .bottleneck)"
	echo "#   $(gate .sentence)"
}

passes wrk 150 wrk -t1 -c150 -d3s "$url"
passes h2load 100 h2load --h1 -c100 -D 3 --warm-up-time=0 "$url"
passes hey 60 hey -c 60 -q 20 -z 3s "$url"
if have siege; then
	printf 'limit = 255\nconnection = keep-alive\nparser = false\nlogging = false\n' >siegerc
	fresh 4000
	run -- siege -R siegerc -c 50 -d 0.1 -t 3S "$url"
	same "siege: it runs" "0 true" "$code $(gate .ran)"
	same "siege: certified" true "$(gate .certified)"
fi

# Ports: 100 for 150 connections.
if have wrk; then
	fresh 100
	refused "wrk, ports" ephemeral-ports wrk -t1 -c150 -d2s "$url"
	breaks "wrk, ports" ephemeral-ports wrk -t1 -c150 -d3s "$url"
	fresh 100
	run --force -- wrk -t1 -c150 -d2s "$url"
	same "wrk, ports: wrk itself says 0" 0 "$code"
	same "wrk, ports: how many it lost" true "$(gate '.observed.remarks[] | select(.id == "connections-missing") | .lost')"
fi
if have h2load; then
	fresh 100
	breaks "h2load, ports" ephemeral-ports h2load --h1 -c150 -D 3 --warm-up-time=0 "$url"
fi
if have hey; then
	(cd "$work" && rm -f workload.lock.json && "$H" gate --learn --latency 5ms -- hey -n 4000 -c 20 -disable-keepalive "$url" >/dev/null 2>&1)
	share=$(jq -r '.commands[].values.client_closes.median' "$work/workload.lock.json" 2>/dev/null)
	case $share in
	0 | 0.* | 1) ok "hey, a connection per request: the client's part of the closes is learned ($share)" ;;
	*) not_ok "hey, a connection per request: the client's part of the closes is \"$share\"" ;;
	esac
	fresh 100
	refused "hey, ports" ephemeral-ports hey -c 150 -z 2s "$url"
	breaks "hey, ports" ephemeral-ports hey -c 150 -z 3s "$url"
fi

# Descriptors.
if have wrk; then
	fresh 4000
	# shellcheck disable=SC3045  # dash and bash have it
	ulimit -Sn 64
	refused "wrk, descriptors" process-fds wrk -t1 -c150 -d2s "$url"
	breaks "wrk, descriptors" process-fds wrk -t1 -c150 -d3s "$url"
	run --fix-soft -- wrk -t1 -c150 -d2s "$url"
	same "wrk, descriptors raised by --fix-soft" "0 0" "$code $(grep -c 'Socket errors' out)"
	within "… and what it holds" "$(gate '.observed.compared[] | select(.id == "live") | .seen')" 150 1
	# shellcheck disable=SC3045
	ulimit -Sn "$(ulimit -Hn)"
fi

# TIME_WAIT of the run before: waited for, and no longer than needed. A client that closes first leaves it.
if have h2load; then
	fresh 400
	h2load --h1 -n 200 -c 200 "$url" >/dev/null 2>&1
	run -q -- h2load --h1 -c 200 -D 2 --warm-up-time=0 "$url"
	same "with the last run's TIME_WAIT" "121 false" "$code $(gate .ran)"
	run --wait 90s -- h2load --h1 -c 200 -D 2 --warm-up-time=0 "$url"
	same "--wait" "0 true" "$code $(gate .ran)"
	same "--wait: no longer than a TIME_WAIT" true "$(gate '.waited_s > 20 and .waited_s < 70')"
fi

# The server goes away in the midst.
if have wrk; then
	fresh 4000
	# shellcheck disable=SC2046  # process ids
	(sleep 2.5; kill -KILL $(cat "$work/pid") $(ps -o pid= --ppid "$(cat "$work/pid")") 2>/dev/null) &
	run --certify strict -- wrk -t1 -c150 -d6s "$url"
	wait $! 2>/dev/null
	same "the server died: not certified" "123 false" "$code $(gate .certified)"
	same "the server died: no limit of the generator's" null "$(gate .bottleneck)"
	echo "#   $(gate .sentence)"
	serve
	# Nobody listens: all is refused.
	fresh 4000
	# shellcheck disable=SC2016  # the inner shell expands it
	run --certify strict --connections 50 --lifetime 1h -q -- sh -c 'i=0; while [ $i -lt 50 ]; do
		(exec 3<>/dev/tcp/127.0.0.1/9) 2>/dev/null; i=$((i + 1)); done; sleep 0.3'
	same "nobody listens: not certified" 123 "$code"
fi

# ss sees the same; the sampler in another namespace than its own.
if have wrk; then
	fresh 4000
	"$H" gate -o run.json -q -- wrk -t1 -c150 -d3s "$url" >out 2>said &
	job=$!
	sleep 1.5
	seen=$(ss -Htn state established "dport = :$port" | wc -l)
	wait $job
	same "ss and gate" "$seen" "$(gate '.observed.destinations[0].live')"
	same "the destination" 127.0.0.1:$port "$(gate '.observed.destinations[0].to')"
	cat >elsewhere.py <<-'PY'
		import socket, time
		listener = socket.create_server(("127.0.0.1", 7000), backlog=64)
		held = [socket.create_connection(("127.0.0.1", 7000)) for _ in range(20)]
		time.sleep(2)
	PY
	run --connections 20 --lifetime 1h -q -- unshare -n sh -c 'ip link set lo up && exec python3 elsewhere.py'
	same "a command in another namespace is followed there" "20 127.0.0.1:7000 true" \
		"$(gate '"\(.observed.compared[] | select(.id == "live") | .seen) \(.observed.destinations[0].to) \(.certified)"')"
fi

# A run that outlives 1.2 times its plan and 30 s is said once, and not ended.
run --connections 1 --lifetime 1s --duration 1s -q -- sleep 34
same "a run that outlives its plan" "1 0" "$(grep -c 'sleep has been running for 3[0-9] s, but its plan takes 1 s' said) $code"

# What it costs on an idle host, over 20 s at the usual second.
run --connections 1 --lifetime 1h -q -- sleep 20
cost=$(gate .observed.sampler_cpu_ratio)
same "watching takes less than 0.2% of a processor ($cost)" true "$(gate '.observed.sampler_cpu_ratio < 0.002')"

if command -v promtool >/dev/null; then
	"$H" watch --once --prometheus metrics.prom
	same "promtool" "" "$(promtool check metrics <metrics.prom 2>&1)"
else
	skip "promtool" "not installed (Debian: prometheus)"
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
