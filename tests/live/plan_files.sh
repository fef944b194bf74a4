#!/bin/bash
# Plans read from files, against the programs themselves: HAProxy's own count of descriptors, nginx's limits and
# connections, and the connections that tsung and JMeter hold at their peak. Everything runs in a private network
# namespace; what is not installed is skipped.
#
# Usage: tests/live/plan_files.sh BUILD_DIR     (make live-plan-files)
set -u
tests=$(cd "$(dirname "$0")" && pwd)
case $1 in /*) build=$1 ;; *) build=$PWD/$1 ;; esac
if [ "${PLAN_FILES_INSIDE:-}" != yes ]; then
	if ! unshare -n true 2>/dev/null; then
		echo "ok - plans from files # SKIP no private network namespace: root is needed"
		echo "0 passed, 0 failed, 1 skipped"
		exit 0
	fi
	# Its own processes, too: what is started in there (epmd stays behind its tsung) ends with it.
	PLAN_FILES_INSIDE=yes exec unshare -n -p -f --kill-child --mount-proc "$0" "$build"
fi
ip link set lo up
headroom=$build/headroom
work=$(mktemp -d) || exit 1
chmod 755 "$work"
started=
stop() {
	for pid in $started; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null; done
	started=
}
trap 'stop; rm -rf "$work"' EXIT
cd "$work" || exit 1
export HEADROOM_HISTORY=off HOME=$work
passed=0 failed=0 skipped=0

ok() { passed=$((passed + 1)); echo "ok - $1"; }
no() { failed=$((failed + 1)); echo "not ok - $1"; }
skip() { skipped=$((skipped + 1)); echo "ok - $1 # SKIP $2"; }
equal() { # equal TITLE PREDICTED SEEN
	if [ "$2" = "$3" ] && [ -n "$2" ]; then ok "$1: $3"; else no "$1: predicted $2, seen $3"; fi
}
within() { # within TITLE PREDICTED SEEN RATIO
	if awk -v p="$2" -v s="$3" -v r="$4" 'BEGIN { d = p - s; exit !(p > 0 && s > 0 && d <= r * p && -d <= r * p) }'
	then ok "$1: predicted $2, seen $3"; else no "$1: predicted $2, seen $3"; fi
}
plan() { # plan FILTER COMMAND…
	local filter=$1
	shift
	"$headroom" workload -- "$@" 2>"$work/plan.err" | jq -r "$filter" 2>/dev/null || cat "$work/plan.err" >&2
}
predicted_live() { # the peak that the audit draws
	"$headroom" audit -o json:- -- "$@" 2>/dev/null | jq -r '.timeline.series.live | max'
}

# A server that answers anything with an empty 200 and keeps the connection.
cat >server.py <<'END'
import asyncio, sys
async def serve(reader, writer):
    try:
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.LimitOverrunError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]), backlog=4096)
    await server.serve_forever()
asyncio.run(main())
END
# Opens N connections, keeps them until it is ended, and writes how many there are.
cat >hold.py <<'END'
import socket, sys, time
held = []
for i in range(int(sys.argv[2])):
    s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)
    s.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    held.append(s)
print(len(held), flush=True)
time.sleep(600)
END
serve() { # serve PORT
	python3 server.py "$1" &
	started="$started $!"
	for _ in $(seq 50); do ss -Hltn "sport = :$1" | grep -q . && return; sleep 0.1; done
	echo "# the server did not start"
}
peak_while() { # peak_while FILTER COMMAND…: most established sockets that fit while the command runs
	local filter=$1 most=0 now pid
	shift
	"$@" >run.log 2>&1 &
	pid=$!
	while kill -0 "$pid" 2>/dev/null; do
		now=$(ss -Htn state established "$filter" | wc -l)
		[ "$now" -le "$most" ] || most=$now
		sleep 0.05
	done
	wait "$pid"
	echo "$most"
}

haproxy_wants() { # the number that HAProxy says it needs, when it cannot have it
	(ulimit -n 50; timeout 10 haproxy -db -f "$1" 2>&1 | sed -n 's/.*FD limit to \([0-9]*\).*/\1/p' | head -n 1)
}
haproxy_counts() {
	local base='global\n maxconn 8000\n nbthread 2\n%sdefaults\n mode %s\n%s timeout client 1s\n timeout server 1s\n'
	base="$base timeout connect 1s\nfrontend f\n bind 127.0.0.1:18080\n%s default_backend b\nbackend b\n"
	base="$base server a 127.0.0.1:1%s\n server c 127.0.0.1:2\n%s"
	local name n=0
	name=$(hostname)
	# global lines | mode | defaults | binds | server options | further sections
	while IFS='|' read -r global mode defaults binds server more; do
		n=$((n + 1))
		global=${global//WORK/$work}
		# shellcheck disable=SC2059  # the formats are ours
		printf "$base" "$(printf "$global")${global:+
}" "$mode" "$(printf "$defaults")${defaults:+
}" "$(printf "$binds")${binds:+
}" "$server" "$(printf "$more" "$name")${more:+
}" >"h$n.cfg"
		equal "haproxy's descriptors, case $n ($global $mode $defaults $binds$server $more)" \
			"$(plan '.fds_base + .fds_per_connection * .connections + (.upstream.connections // .connections)' haproxy -f "h$n.cfg")" \
			"$(haproxy_wants "h$n.cfg")"
	done <<-'END'
		|http||||
		| tcp||||
		 nbthread 7|http||||
		 stats socket WORK/s|http||||
		 stats socket WORK/s\n stats maxconn 50|http||||
		|http|| bind 127.0.0.1:18081,127.0.0.1:18082||
		|http|| bind 127.0.0.1:18090-18099||
		|http||| check|
		|http| default-server check maxconn 50|||
		|http||| agent-check agent-port 99|
		|http||| check agent-check agent-port 99|
		|tcp| option splice-auto|||
		|http||||peers p\n peer %s 127.0.0.1:10000\n peer x 127.0.0.1:10001\n
		|http| maxconn 100|||
	END
}
haproxy_live() {
	serve 18201
	cat >live.cfg <<-'END'
		global
		 maxconn 150
		 nbthread 1
		defaults
		 mode tcp
		 timeout client 60s
		 timeout server 60s
		 timeout connect 5s
		listen l
		 bind 127.0.0.1:18200
		 server a 127.0.0.1:18201
	END
	(ulimit -S -n 256; exec haproxy -db -f live.cfg) >haproxy.log 2>&1 &
	started="$started $!"
	local haproxy=$!
	sleep 1
	python3 hold.py 18200 200 >held.log 2>&1 &
	started="$started $!"
	sleep 2
	equal "haproxy: connections it lets in, of 200" "$(plan .connections haproxy -f live.cfg)" \
		"$(ss -Htnp state established 'sport = :18200' | grep -c haproxy)"
	equal "haproxy: connections to its server" "$(plan .upstream.connections haproxy -f live.cfg)" \
		"$(ss -Htn state established 'dport = :18201' | wc -l)"
	equal "haproxy: its limit of descriptors" "$(plan '.fds_base + .fds_per_connection * .connections + (.upstream.connections // .connections)' haproxy -f live.cfg)" \
		"$(awk '/Max open files/ { print $4 }' "/proc/$haproxy/limits")"
	stop
}
# What it computes where no maxconn is said, and the queues it listens with.
haproxy_computes() {
	local name global more
	while IFS='|' read -r name global more; do
		# shellcheck disable=SC2059  # the formats are ours
		printf "global\n stats socket $work/admin\n nbthread 2\n${global}defaults\n timeout client 1s\n timeout server 1s\n timeout connect 1s\nlisten l\n bind 127.0.0.1:18210\n server a 127.0.0.1:1 check\n$more" >computed.cfg
		prlimit --nofile=6000:6000 haproxy -db -f computed.cfg >haproxy.log 2>&1 &
		started="$started $!"
		sleep 1
		equal "haproxy: its own maxconn, $name" \
			"$(prlimit --nofile=6000:6000 "$headroom" workload --connections 10 -- haproxy -f computed.cfg | jq .max_connections)" \
			"$(python3 -c 'import socket, sys
s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]); s.sendall(b"show info\n")
print(dict(line.split(": ") for line in s.makefile().read().split("\n") if line.startswith("Maxconn:"))["Maxconn"])' "$work/admin")"
		equal "haproxy: the smallest queue, $name" \
			"$(prlimit --nofile=6000:6000 "$headroom" workload --connections 10 -- haproxy -f computed.cfg | jq '.backlog // .max_connections')" \
			"$(ss -Hltn 'sport >= :18210 and sport <= :18215' | awk '{ print $3 }' | sort -n | head -n 1)"
		stop
	done <<-'END'
		nothing said||
		pipes|| option splice-auto\n
		a hard limit| fd-hard-limit 3000\n|
		a queue|| bind 127.0.0.1:18211 backlog 77\n
		a small frontend||frontend f\n bind 127.0.0.1:18212 maxconn 55\n
	END
}
nginx_live() {
	cat >nginx.conf <<-END
		daemon off; pid $work/nginx.pid; error_log $work/error.log;
		worker_processes 1; worker_rlimit_nofile 333;
		events { worker_connections 128; }
		http { access_log off; keepalive_timeout 60;
		 server { listen 127.0.0.1:18300; return 204; } }
	END
	nginx -c "$work/nginx.conf" &
	started="$started $!"
	local master=$! worker seen
	sleep 1
	worker=$(pgrep -P "$master" | head -n 1)
	equal "nginx: a worker's limit of descriptors" "$(plan .nofile nginx -c "$work/nginx.conf")" \
		"$(awk '/Max open files/ { print $4 }' "/proc/$worker/limits")"
	equal "nginx: the listener's backlog" "$(plan .backlog nginx -c "$work/nginx.conf")" \
		"$(ss -Hltn 'sport = :18300' | awk '{ print $3 }')"
	python3 hold.py 18300 115 >held.log 2>&1 &
	started="$started $!"
	sleep 3
	seen=$(ss -Htnp state established 'sport = :18300' | grep -c nginx)
	# A bound: listeners and a worker's own channel take of worker_connections, and in the last sixteenth it begins to
	# close idle connections for new ones (ngx_drain_connections()).
	local bound
	bound=$(plan .connections nginx -c "$work/nginx.conf")
	if [ "$seen" -le "$bound" ]; then
		within "nginx: connections it lets in, at most" "$bound" "$seen" 0.15
	else
		no "nginx: connections it lets in: at most $bound, seen $seen"
	fi
	stop
}
# Random configurations, whose sockets are counted: PROXIES=100 PROXIES_SEED=7 asks for others.
proxies() { # proxies KIND COUNT
	local lines
	lines=$("$tests/proxies.py" "$build" "$1" "${PROXIES:-$2}" "${PROXIES_SEED:-1}")
	case $lines in *"
ok - "*) grep '^#' <<<"$lines" && ok "$1: what is said and what is counted" ;;
	*) echo "$lines" && no "$1: what is said and what is counted" ;;
	esac
}
proxies_nginx() { proxies nginx 40; }
proxies_protocols() { proxies protocols 0; }
proxies_haproxy() { proxies haproxy 30; }
tsung_live() {
	serve 18400
	cat >tsung.xml <<-'END'
		<?xml version="1.0"?>
		<!DOCTYPE tsung SYSTEM "/usr/share/tsung/tsung-1.0.dtd">
		<tsung loglevel="notice">
		<clients><client host="localhost" use_controller_vm="true" maxusers="2000"/></clients>
		<servers><server host="127.0.0.1" port="18400" type="tcp"/></servers>
		<load><arrivalphase phase="1" duration="10" unit="second">
		 <users maxnumber="300" arrivalrate="100" unit="second"/></arrivalphase></load>
		<sessions><session name="s" probability="100" type="ts_http">
		 <request><http url="/" method="GET" version="1.1"/></request><thinktime value="12"/>
		 <request><http url="/" method="GET" version="1.1"/></request>
		</session></sessions></tsung>
	END
	local predicted seen
	predicted=$(predicted_live tsung -f tsung.xml -l "$work/log" start)
	seen=$(peak_while 'dport = :18400' timeout 60 tsung -f tsung.xml -l "$work/log" -n start)
	within "tsung: connections at the peak" "$predicted" "$seen" 0.01
	# Its descriptors bind their address: the plan says so.
	equal "tsung: how it binds" address "$(plan .bind tsung -f tsung.xml start)"
	stop
}
jmeter_live() {
	serve 18500
	cat >plan.jmx <<-'END'
		<?xml version="1.0" encoding="UTF-8"?>
		<jmeterTestPlan version="1.2" properties="2.8" jmeter="2.13"><hashTree>
		<TestPlan guiclass="TestPlanGui" testclass="TestPlan" testname="t" enabled="true">
		 <boolProp name="TestPlan.functional_mode">false</boolProp>
		 <boolProp name="TestPlan.serialize_threadgroups">false</boolProp></TestPlan><hashTree>
		GROUP(a,${__P(users,10)},1)
		GROUP(b,15,2)
		</hashTree></hashTree></jmeterTestPlan>
	END
	# shellcheck disable=SC2016  # JMeter's variables
	local group='<ThreadGroup guiclass="ThreadGroupGui" testclass="ThreadGroup" testname="\1" enabled="true">\
<stringProp name="ThreadGroup.on_sample_error">continue</stringProp>\
<elementProp name="ThreadGroup.main_controller" elementType="LoopController" testclass="LoopController" enabled="true">\
<boolProp name="LoopController.continue_forever">false</boolProp>\
<intProp name="LoopController.loops">-1</intProp></elementProp>\
<stringProp name="ThreadGroup.num_threads">\2</stringProp><stringProp name="ThreadGroup.ramp_time">\3</stringProp>\
<boolProp name="ThreadGroup.scheduler">true</boolProp><stringProp name="ThreadGroup.duration">8</stringProp>\
<longProp name="ThreadGroup.start_time">1</longProp><longProp name="ThreadGroup.end_time">1</longProp></ThreadGroup>\
<hashTree><HTTPSamplerProxy guiclass="HttpTestSampleGui" testclass="HTTPSamplerProxy" testname="g" enabled="true">\
<elementProp name="HTTPsampler.Arguments" elementType="Arguments" testclass="Arguments" enabled="true">\
<collectionProp name="Arguments.arguments"\/><\/elementProp>\
<stringProp name="HTTPSampler.domain">127.0.0.1<\/stringProp><stringProp name="HTTPSampler.port">18500<\/stringProp>\
<stringProp name="HTTPSampler.path">\/<\/stringProp><stringProp name="HTTPSampler.method">GET<\/stringProp>\
<boolProp name="HTTPSampler.use_keepalive">true<\/boolProp><\/HTTPSamplerProxy><hashTree>\
<ConstantTimer guiclass="ConstantTimerGui" testclass="ConstantTimer" testname="w" enabled="true">\
<stringProp name="ConstantTimer.delay">100<\/stringProp><\/ConstantTimer><hashTree\/><\/hashTree><\/hashTree>'
	sed -i "s|GROUP(\([^,]*\),\(.*\),\([^,]*\))|$group|" plan.jmx
	local predicted seen
	predicted=$(predicted_live jmeter -n -t plan.jmx -Jusers=25 -l out.jtl)
	seen=$(peak_while 'dport = :18500' timeout 90 jmeter -n -t plan.jmx -Jusers=25 -l out.jtl)
	if grep -q ForbiddenClassException run.log; then
		skip "jmeter: connections at the peak ($predicted predicted)" \
			"this build of JMeter cannot load any plan (its XStream refuses JMeter's own classes)"
	else
		within "jmeter: connections at the peak" "$predicted" "$seen" 0.01
	fi
	stop
}

part() { # part PROGRAM FUNCTION…
	local program=$1
	shift
	if command -v "$program" >/dev/null 2>&1; then
		for function; do "$function"; done
	else
		skip "plans of $program" "$program is not installed"
	fi
}
part haproxy haproxy_counts haproxy_live haproxy_computes proxies_haproxy
part nginx nginx_live proxies_nginx proxies_protocols
part tsung tsung_live
part jmeter jmeter_live
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
