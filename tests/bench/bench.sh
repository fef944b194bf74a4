#!/bin/bash
# make bench: how long headroom takes and how much memory, as ratios to ss, sysctl and a bare socket dump that
# run in turn with it. Medians after a warm-up. Prints goals and values; a missed goal is no failure (exit 0), a
# command that does not run is. Usage: tests/bench/bench.sh BUILD_DIR
# shellcheck disable=SC1091,SC2154 # rows.sh sets ms and rss
set -u
build=$1
runs=${BENCH_RUNS:-21}
sockets=${BENCH_SOCKETS:-50000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
audit=("$build/headroom" audit default --no-history)
# The report's own files go to a scratch directory: rendering and writing are both counted.
all=("${audit[@]}" -o "$work/a.json" -o "$work/a.html" -o "$work/a.pdf")

# shellcheck source=tests/bench/rows.sh
. "$(dirname "$0")/rows.sh"

quiet_host() {
	measure -n "$runs" -- "${audit[@]}" -o json:/dev/null -- ss -s -- sysctl -a -- "$build/headroom" --version
	echo "This host as it is, whole processes, median of $runs:"
	row "headroom audit default" "${ms[0]} ms" "" ""
	row "ss -s" "${ms[1]} ms" "" ""
	row "sysctl -a" "${ms[2]} ms" "" ""
	row "headroom --version (start-up alone)" "${ms[3]} ms" "" ""
	row "audit / ss -s" "$(calc %.2f "${ms[0]}/${ms[1]}")" "<= 4" "$(met "${ms[0]}/${ms[1]} <= 4")"
	row "audit / sysctl -a" "$(calc %.2f "${ms[0]}/${ms[2]}")" "<= 0.5" "$(met "${ms[0]}/${ms[2]} <= 0.5")"
	row "peak memory of the audit" "$(calc %.1f "${rss[0]}/1024") MiB" "< 16 MiB" "$(met "${rss[0]}/1024 < 16")"
}

reports() {
	measure -n $((runs / 2 + 1)) -- "${audit[@]}" -o json:/dev/null -- "${all[@]}"
	local added
	added=$(calc %.3f "(${ms[1]}-${ms[0]})/1000")
	echo "HTML and PDF, added to the same audit:"
	row "added time" "$added s" "<= 0.25 s" "$(met "$added <= 0.25")"
	row "peak memory, core and helper" "$(calc %.1f "${rss[1]}/1024") MiB" "" ""
}

# An audit with the history, and a history of 100,000 audits (copies of a real one) in a scratch directory.
history() {
	local db=$work/state/headroom/history.db kept=("$build/headroom" audit default)
	export XDG_STATE_HOME=$work/state
	unset HEADROOM_HISTORY
	measure -n "$runs" -- "${audit[@]}" -o json:/dev/null -- "${kept[@]}" -o json:/dev/null
	echo "History:"
	row "an audit that is kept, added time" "$(calc %.2f "${ms[1]}-${ms[0]}") ms" "" ""
	python3 - "$db" <<-'END' || return
		import sqlite3, sys
		db = sqlite3.connect(sys.argv[1])
		names = "created, host, fingerprint, workload, verdict, binding, use, safe_scale, safe_connections, safe_rate_per_s"
		db.execute(f"""WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
			INSERT INTO audits ({names}) SELECT {names} FROM n, (SELECT {names} FROM audits LIMIT 1)""")
		db.commit()
	END
	measure -n "$runs" -- "$build/headroom" history -- "$build/headroom" history trend -- "$build/headroom" --version
	row "history list of 100,000" "${ms[0]} ms" "<= 50 ms" "$(met "${ms[0]} <= 50")"
	row "history trend of 100,000" "${ms[1]} ms" "<= 50 ms" "$(met "${ms[1]} <= 50")"
	row "list / headroom --version (start-up alone)" "$(calc %.1f "${ms[0]}/${ms[2]}")" "" ""
}

# From a document that is there: HTML, PDF and JSON, whole processes.
rendering() {
	local small=tests/report/sample-audit.json report=("$build/headroom" report)
	jq '.facts = [range(0; 8000) as $i | .facts[$i % (.facts | length)] | .key += ".n\($i)"]' "$small" >"$work/large.json"
	measure -n "$runs" -- "${report[@]}" "$small" -o "$work/b.html" -o "$work/b.pdf" -o "$work/b.json" \
		-- "${report[@]}" "$work/large.json" -o "$work/b.html" -o "$work/b.pdf" -o "$work/b.json" \
		-- "$build/tests/bench/bare_page" "$work/page.pdf" -- "${report[@]}" "$small" -o "$work/b.html"
	echo "HTML, PDF and JSON from an audit document:"
	row "$(jq '.facts | length' "$small") facts" "${ms[0]} ms" "<= 120 ms" "$(met "${ms[0]} <= 120")"
	row "8,000 facts" "${ms[1]} ms" "<= 500 ms" "$(met "${ms[1]} <= 500")"
	row "HTML alone" "${ms[3]} ms" "" ""
	row "bare page (Pango and cairo, one font)" "${ms[2]} ms" "" ""
	row "all three / bare page" "$(calc %.1f "${ms[0]}/${ms[2]}")" "<= 8" "$(met "${ms[0]}/${ms[2]} <= 8")"
	row "peak memory" "$(calc %.1f "${rss[0]}/1024") MiB" "<= 32 MiB" "$(met "${rss[0]}/1024 <= 32")"
	row "peak memory, 8,000 facts" "$(calc %.1f "${rss[1]}/1024") MiB" "" ""
}

# A JSON plan of so many MiB, a little less of each, since 16 MiB is the most that is read: one request per line.
large_plan() {
	awk -v requests="$(($1 * 1024 * 1024 / 35 - 10))" 'BEGIN {
		print "{\"config\":{\"target\":\"http://10.0.0.5\",\"phases\":[{\"duration\":60,\"arrivalRate\":20}]},"
		print "\"scenarios\":[{\"flow\":["
		for (i = 1; i <= requests; i++)
			printf "{\"get\":{\"url\":\"/%014d\"}}%s\n", i, i < requests ? "," : ""
		print "]}]}"
	}'
}

# Four times the plan is to take four times the time; reading that searched for each position took sixteen times.
plans() {
	local read="exec '$build/headroom' workload --latency 50ms -- artillery run '$work/plan" size
	for size in 1 4 16; do large_plan $size >"$work/plan$size.json"; done
	measure -n 5 -- sh -c "${read}1.json'" -- sh -c "${read}4.json'" -- sh -c "${read}16.json'"
	echo "Reading a load plan in JSON (Artillery):"
	row "1 MiB" "${ms[0]} ms" "" ""
	row "4 MiB" "${ms[1]} ms" "" ""
	row "16 MiB" "${ms[2]} ms" "" ""
	row "4 MiB / 1 MiB" "$(calc %.1f "${ms[1]}/${ms[0]}")" "<= 6" "$(met "${ms[1]}/${ms[0]} <= 6")"
	row "16 MiB / 4 MiB" "$(calc %.1f "${ms[2]}/${ms[1]}")" "<= 6" "$(met "${ms[2]}/${ms[1]} <= 6")"
	row "peak memory, 16 MiB" "$(calc %.0f "${rss[2]}/1024") MiB" "" ""
}

# The documents of so many hosts, a line each: copies of one, each with values of its own.
fleet_lines() {
	jq -c . "$work/host.json" >"$work/host.line"
	awk -v hosts="$1" '{
		for (i = 1; i <= hosts; i++) {
			line = $0
			name = sprintf("gen-%06d", i)
			sub(/"name":"[^"]*","fingerprint":"[^"]*"/, "\"name\":\"" name "\",\"fingerprint\":\"" sprintf("%016x", i) "\"", line)
			sub(/"key":"memory.available","instance":"","value":[0-9]+/, "\"key\":\"memory.available\",\"instance\":\"\",\"value\":" sprintf("%.0f", 4000000000 + i * 4096), line)
			print line
		}
	}' "$work/host.line" >"$work/fleet$1.ndjson"
	seq -f 'gen-%06g' "$1" >"$work/fleet$1.hosts"
}

# Many hosts with documents on standard input, and the same bytes parsed by libcjson alone, in turn.
fleet() {
	local hosts judge="exec '$build/headroom' fleet ws-client --lifetime 600s --max-age 10000d -q --connections" ratio
	"$build/headroom" facts --facts tests/hosts/debian-default -o "$work/host.json" || return
	echo "headroom fleet, documents of many hosts, one processor:"
	for hosts in 100 1000 10000; do
		fleet_lines $hosts
		measure -n 5 -- sh -c "$judge ${hosts}000 --hosts '$work/fleet$hosts.hosts' - <'$work/fleet$hosts.ndjson'" \
			-- "$build/tests/bench/bare_json" "$work/fleet$hosts.ndjson"
		ratio="${ms[0]}/${ms[1]}"
		row "$hosts hosts, $(($(stat -c %s "$work/fleet$hosts.ndjson") / 1000000)) MB" "$(calc %.0f "${ms[0]}") ms" "" ""
		if [ $hosts = 100 ]; then # the start of the program is a part of so little
			row "the same / libcjson parsing the same bytes" "$(calc %.2f "$ratio")" "" ""
		else
			row "the same / libcjson parsing the same bytes" "$(calc %.2f "$ratio")" "<= 1.5" "$(met "$ratio <= 1.5")"
		fi
		row "peak memory" "$(calc %.1f "${rss[0]}/1024") MiB" "" ""
	done
	rm -f "$work"/fleet*
}

# Files of tools as they stand in repositories, a process for each; in turn with as many starts that read nothing.
plan_files() {
	local kinds=(haproxy.cfg k6-http.js ghz.json locustfile.py) each="for f in '$work'/plans" facts=tests/hosts/debian-default i
	local read="'$build/headroom' workload --connections 10 --lifetime 1m --processes 2 --facts $facts"
	mkdir -p "$work/plans" "$work/trees"
	printf 'events { worker_connections 500; }\nhttp { server { listen 80; } }\n' >"$work/plans/nginx.conf"
	# shellcheck disable=SC2016
	printf '#!/bin/sh\nfor c in 20 50 90; do wrk -t2 -c $c http://10.0.0.5/; done\n' >"$work/plans/bench.sh"
	for i in "${kinds[@]}"; do cp "tests/plan/$i" "$work/plans/"; done
	for i in 1 2 3; do cp tests/plan/plan.jmx "$work/trees/$i.jmx" && cp tests/plan/tsung.xml "$work/trees/$i.xml"; done
	measure -n 11 -- sh -c "$each/*; do $read \$f || exit 1; done" \
		-- sh -c "$each/*; do '$build/headroom' --version; done" \
		-- sh -c "for f in '$work'/trees/*; do $read --nofile 9999 \$f || exit 1; done"
	echo "Reading plan files, one process for each (six of them in turn):"
	row "1,000 files without XML and YAML" "$(calc %.2f "${ms[0]}/6") s" "<= 3 s" "$(met "${ms[0]}/6 <= 3")"
	row "a file / headroom --version (start-up alone)" "$(calc %.2f "${ms[0]}/${ms[1]}")" "<= 3" "$(met "${ms[0]}/${ms[1]} <= 3")"
	row "a file of XML, through the helper" "$(calc %.1f "${ms[2]}/6") ms" "<= 300 ms" "$(met "${ms[2]}/6 <= 300")"
}

# Instructions in user space, which repeat from run to run where times do not.
# instructions COMMAND…: in millions
instructions() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null "$@" 2>&1 >/dev/null |
		awk '/Collected/ { printf "%.1f", $NF / 1e6 }'
}

# stages COUNT: up and down, 30 s each.
stages() { awk -v n="$1" 'BEGIN { for (i = 1; i <= n; i++) printf "%s30s:%d", (i > 1 ? "," : ""), 100 + (i * 7919) % 19000 }'; }

# A plan with stages and lifetimes, judged with its fixes, over each moment at which it changes.
long_plans() {
	local stages million=()
	for stages in 10 100 1000; do
		million+=("$(instructions "${audit[@]}" --facts tests/hosts/debian-default --lifetime 20s --stages "$(stages $stages)" -o json:/dev/null)")
	done
	row "audit of 10 stages with lifetimes" "${million[0]} M" "" ""
	row "100 stages" "${million[1]} M" "" ""
	row "1,000 stages" "${million[2]} M" "" ""
	row "1,000 stages / 100 stages" "$(calc %.1f "${million[2]}/${million[1]}")" "<= 15" "$(met "${million[2]}/${million[1]} <= 15")"
}

start_up() {
	local kept
	echo "Instructions (valgrind's callgrind):"
	if ! command -v valgrind >/dev/null; then
		echo "  skipped, valgrind is not installed"
		return
	fi
	XDG_STATE_HOME=$work/state "$build/headroom" audit default >/dev/null 2>&1 # makes the database
	kept=$(XDG_STATE_HOME=$work/state instructions "$build/headroom" audit default)
	row "headroom audit default, kept in the history" "$kept M" "<= 12 M" "$(met "$kept <= 12")"
	row "the same with --no-history" "$(instructions "${audit[@]}") M" "" ""
	row "the same on a host of the tests, as JSON" \
		"$(instructions "${audit[@]}" --facts tests/hosts/debian-default -o json:/dev/null) M" "" ""
	long_plans
}

# Runs in a private network namespace.
# Processor time of watching, of one processor: the gate's own measurement over 20 s, and the kernel's of watch.
watching() {
	local cost
	"$build/headroom" gate -q --connections 1 --lifetime 1h -o "$work/gate.json" -- sleep 20 >/dev/null 2>&1
	cost=$(jq '100 * .gate.observed.sampler_cpu_ratio' "$work/gate.json")
	echo "Watching, a sample per second:"
	row "headroom gate, of one processor" "$(calc %.3f "$cost") %" "< 0.2 %" "$(met "$cost < 0.2")"
	cost=$( (TIMEFORMAT='%U %S'; time timeout -s TERM 20 "$build/headroom" watch --json >/dev/null) 2>&1 |
		awk '{ print ($1 + $2) / 20 * 100 }')
	row "headroom watch, of one processor" "$(calc %.3f "$cost") %" "" ""
}

# The same beside this many sockets: its looks get rarer before they take more than they may.
watching_many() { # watching_many SOCKETS MOST
	local cost looks
	coproc WATCHED { "$build/tests/bench/open_sockets" "$1"; }
	local hold=$WATCHED_PID input=${WATCHED[1]} line
	read -r line <&"${WATCHED[0]}" || return
	"$build/headroom" gate -q --connections 1 --lifetime 1h -o "$work/gate.json" -- sleep 20 >/dev/null 2>&1
	cost=$(jq '100 * .gate.observed.sampler_cpu_ratio' "$work/gate.json")
	looks=$(jq .gate.observed.samples "$work/gate.json")
	row "headroom gate beside ${line#ready } sockets" "$(calc %.2f "$cost") %" "<= $2 %" "$(met "$cost <= $2")"
	row "looks in 20 s, the longest time between two" "$looks, $(jq .gate.observed.every_s "$work/gate.json") s" "" ""
	exec {input}>&-
	wait "$hold"
}

many_sockets() {
	coproc HOLD { "$build/tests/bench/open_sockets" "$sockets"; }
	local hold=$HOLD_PID input=${HOLD[1]} line
	if ! read -r line <&"${HOLD[0]}"; then
		echo "bench: the sockets could not be opened" >&2
		exit 1
	fi
	measure -n $((runs / 2 + 1)) -- "${audit[@]}" -o json:/dev/null -- "$build/tests/bench/bare_dump" -- ss -tanH
	echo "With ${line#ready } TCP sockets open (private network namespace):"
	row "headroom audit default" "${ms[0]} ms" "" ""
	row "bare sock_diag dump" "${ms[1]} ms" "" ""
	row "ss -tan" "${ms[2]} ms" "" ""
	row "audit / bare dump" "$(calc %.2f "${ms[0]}/${ms[1]}")" "<= 2" "$(met "${ms[0]}/${ms[1]} <= 2")"
	row "peak memory of the audit" "$(calc %.1f "${rss[0]}/1024") MiB" "< 16 MiB" "$(met "${rss[0]}/1024 < 16")"
	exec {input}>&-
	wait "$hold"
}

# 0.2 s of why are the pause between its looks. With up to 10,000 sockets it is to take 0.3 s, with more the pause
# and twice as long as ss takes.
# why_sockets COUNT
why_sockets() {
	local count=$1 hold input line pid why=("$build/headroom" why -q) most=300
	# Where it may be raised, no process is near its descriptor limit: what is found is looked at closer, which adds.
	coproc HOLD {
		ulimit -n $((count * 2 + 1000)) 2>/dev/null
		exec "$build/tests/bench/open_sockets" "$count"
	}
	hold=$HOLD_PID input=${HOLD[1]}
	if ! read -r line <&"${HOLD[0]}"; then
		echo "bench: the sockets could not be opened" >&2
		exit 1
	fi
	pid=$(awk '{ print $1 }' "/proc/$hold/task/$hold/children")
	measure -n $((runs / 2 + 1)) -- "${why[@]}" -- "${why[@]}" --pid "${pid:-$hold}" -- ss -tanH
	echo "headroom why with ${line#ready } TCP sockets open (private network namespace):"
	row "ss -tan" "${ms[2]} ms" "" ""
	[ "$count" -gt 10000 ] && most=$(calc %.0f "200+2*${ms[2]}")
	row "headroom why" "${ms[0]} ms" "<= $most ms" "$(met "${ms[0]} <= $most")"
	row "headroom why --pid, of a process that holds them" "${ms[1]} ms" "<= $most ms" "$(met "${ms[1]} <= $most")"
	row "why beyond the pause / ss -tan" "$(calc %.2f "(${ms[0]}-200)/${ms[2]}")" "" ""
	row "peak memory of why --pid" "$(calc %.1f "${rss[1]}/1024") MiB" "" ""
	exec {input}>&-
	wait "$hold"
}

# What headroom why --for costs other programs: a program that makes many calls, beside it and without it, in turn.
watched_calls() {
	local calls=("$build/tests/bench/many_calls") alone watched why tries=0
	measure -n 7 -- "${calls[@]}" connections 4000 -- "${calls[@]}" calls 300000
	alone=("${ms[@]}")
	"$build/headroom" why --for 1h -o json:"$work/why.json" >/dev/null 2>&1 &
	why=$!
	until [ -n "$(find "/proc/$why/fd" -lname '*perf_event*' 2>/dev/null | head -n 1)" ] || [ $tries -ge 50 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
	sleep 1
	measure -n 7 -- "${calls[@]}" connections 4000 -- "${calls[@]}" calls 300000
	watched=("${ms[@]}")
	kill -TERM $why 2>/dev/null
	wait $why
	echo "Failing calls of the whole host are watched (headroom why --for):"
	if ! jq -e .calls.watched "$work/why.json" >/dev/null 2>&1; then
		echo "  skipped, $(jq -r .calls.why_not "$work/why.json" 2>/dev/null)"
		return
	fi
	row "4,000 connections over loopback, alone" "${alone[0]} ms" "" ""
	row "the same, watched / alone" "$(calc %.2f "${watched[0]}/${alone[0]}")" "<= 1.15" "$(met "${watched[0]}/${alone[0]} <= 1.15")"
	row "300,000 calls of getppid(), alone" "${alone[1]} ms" "" ""
	row "the same, watched: added to each call" "$(calc %.0f "(${watched[1]}-${alone[1]})/300000*1e6") ns" "" ""
}

if [ "${2:-}" = inside ]; then
	ip link set lo up || exit 1
	watched_calls
	why_sockets 10000
	why_sockets "$sockets"
	many_sockets
	watching_many 1000 0.6
	watching_many 50000 3
	exit
fi
quiet_host
history
reports
rendering
plans
plan_files
fleet
start_up
watching
if unshare -n true 2>/dev/null; then
	unshare -n "$0" "$build" inside
elif unshare -Urn true 2>/dev/null; then
	unshare -Urn "$0" "$build" inside
else
	echo "With $sockets sockets: skipped, no private network namespace can be made here"
fi
"$(dirname "$0")/calibrations.sh" "$build"
