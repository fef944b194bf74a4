# shellcheck shell=sh
# What is in use now: the lines that come first, what stands in the document, and where no such line may be.
# Whatever else runs on this machine may be full itself, so this is run where only its own processes are seen.
if [ -z "${ALONE:-}" ] && unshare --pid --fork --mount-proc true 2>/dev/null; then
	exec env ALONE=1 unshare --pid --fork --mount-proc --kill-child sh "$0"
fi
. tests/cli/lib.sh
now="$hosts/debian-default"
plain="--facts $now"
full="--set net.netfilter.nf_conntrack_max=1000 --set net.netfilter.nf_conntrack_count=1000"
near="--set fs.file-max=800 --set fs.file-nr.allocated=720"
more="--set kernel.pid_max=110 --set threads.running=109"
first() { head -n 1 "$1"; }
quiet() { # quiet NAME FILE: no such line in it
	same "$1" "" "$(grep -E 'NOW FULL|NEARLY FULL' "$2")"
}

# Sockets: 45 of 50 ports to one destination, most of them in TIME_WAIT.
cp -r "$now" held
cat >held/sockets.json <<'END'
{"schema": "headroom.sockets/1", "source": "sock_diag", "bound_listed": true,
 "states": {"listen": 1, "established": 5, "time_wait": 40}, "bound": "", "held": "40000-40044",
 "listeners": [{"at": "0.0.0.0:9002", "sockets": 1, "backlog": 5, "queue": 6, "process": "slow"}],
 "destinations": [{"to": "10.0.0.5:80", "sockets": 45, "established": 5, "time_wait": 40}]}
END
printf '40000\t40049\n' >held/proc/sys/net/ipv4/ip_local_port_range
echo 0 >held/proc/sys/net/ipv4/tcp_tw_reuse
held="--facts held"

# shellcheck disable=SC2086 # the variables are several words each
{
	"$H" audit $held >no-plan 2>error
	same "without a plan: first the line" "NEARLY FULL  Outgoing ports to 10.0.0.5:80: 45 of 50 in use" "$(first no-plan)"
	same "nothing went wrong" "" "$(cat error)"
	"$H" audit $held --connections 3 --to 10.0.0.6:80 >plan
	same "with a plan to another destination" "NEARLY FULL  Outgoing ports to 10.0.0.5:80: 45 of 50 in use" "$(first plan)"
	check "which is no verdict" 0 '^headroom: PASS' '' "$H" audit $plain $near --connections 1 --max-use 100%
	"$H" audit $held --set net.ipv4.tcp_tw_reuse=1 >reused
	quiet "what may be taken over is not in use" reused

	"$H" audit $plain $full --connections 10 >full.txt
	same "full" "NOW FULL  Conntrack: 1,000 of 1,000 in use" "$(first full.txt)"
	"$H" audit $plain $full $near $more --set limits.nofile.soft=4 --connections 10 >many
	same "at most three lines, full ones first" "NOW FULL NEARLY FULL NEARLY FULL 3" \
		"$(head -n 3 many | sed 's/FULL .*/FULL/' | tr '\n' ' ')$(grep -cE '^(NOW|NEARLY) FULL' many)"
	same "the fullest ones" "Conntrack,Threads,Open files (host)" \
		"$(head -n 3 many | sed 's/.*FULL  //; s/:.*//' | paste -sd ,)"
	"$H" audit $plain --set sockstat.tw=131072 --set net.ipv4.tcp_max_tw_buckets=131072 --connections 10 >advisory
	quiet "none of an advisory limit" advisory
	"$H" audit $plain --connections 10 --all >all
	same "--all: what is in use of limits that do not apply" "     Threads: 109 of 32,768 in use" "$(grep 'Threads: ' all)"

	# A queue: one look is not enough.
	"$H" audit $held --connections 3 -o json >queue.json
	same "a queue at one look" "6 6 0.0.0.0:9002 null" \
		"$(jq -r '.resources[] | select(.id == "accept-queue").now | "\(.used) \(.capacity) \(.by) \(.state)"' queue.json)"
	"$H" audit $held --set netstat.TcpExt.ListenOverflows=3 --connections 3 >overflowed
	same "and where overflows were counted" "NOW FULL  Accept queue of 0.0.0.0:9002: 6 of 6 in use" "$(first overflowed)"

	# Not on a standard output that has a format.
	for format in json markdown junit github; do
		"$H" audit $plain $full --connections 10 -o $format >as 2>as.error
		quiet "-o $format" as
		quiet "-o $format: nor beside it" as.error
	done
	same "in the document" "1000 1000 full hard" \
		"$("$H" audit $plain $full --connections 10 -o json | jq -r '.resources[] | select(.id == "conntrack") |
			"\(.now.used) \(.now.capacity) \(.now.state) \(.severity)"')"
	"$H" audit $plain $full --connections 10 -o json >then.json
	"$H" report then.json >earlier
	quiet "a report of an earlier run" earlier
	same "every limit has it, with a plan and without" "true true" "$(for plan in '--connections 10' ''; do
		"$H" audit $plain $plan -o json | jq '[.resources[] | .now | has("used") and has("capacity") and has("by")] | all'
	done | paste -sd ' ')"
	same "what was not read is not 0" "null fs.file-nr.allocated" \
		"$(printf '{"schema":"headroom.facts/1","facts":{"os.name":"linux","fs.file-max":10000}}' >little.json
		"$H" audit --facts little.json -o json | jq -r '.resources[] | select(.id == "system-fds").now |
			"\(.used) \(.reason | split(" ")[0])"')"

	# Nothing is left: the use has no number.
	check "nothing left" 3 '0. One change' '' "$H" audit $plain $full --nat masquerade --connections 10
	check "nothing left, in the log line" 3 '^headroom: FAIL conntrack over safe=0' '' \
		"$H" audit $plain $full --nat masquerade --connections 10 -q

	# gate: on standard error.
	check "gate, refused" 121 '' '^NOW FULL  Conntrack: 1,000 of 1,000 in use' \
		"$H" gate $full --nat masquerade --connections 10 -- echo out
	"$H" gate --force $full --set conntrack.tracked=false --connections 1 -- echo out >ran 2>ran.error
	same "gate, run: standard output is the command's" out "$(cat ran)"
	same "gate, run: the line comes first" "NOW FULL  Conntrack: 1,000 of 1,000 in use" "$(first ran.error)"
	check "gate -q" 0 '^out$' '' sh -c "'$H' gate --force -q $full --set conntrack.tracked=false --connections 1 -- echo out 2>quiet"
	quiet "gate -q says nothing of it" quiet

	# explain: what is in use, not what a default plan would use.
	"$H" explain $held ephemeral-ports >explained
	same "explain: first the line" "NEARLY FULL  Outgoing ports to 10.0.0.5:80: 45 of 50 in use" "$(first explained)"
	same "why: the same" "! NEARLY FULL  Outgoing ports to 10.0.0.5:80: 45 of 50 in use." \
		"$("$H" why $held "cannot assign requested address" | head -n 1)"
	same "why: the same, of the host" "! NEARLY FULL  Outgoing ports to 10.0.0.5:80: 45 of 50 in use." "$("$H" why $held | head -n 1)"
	same "explain: no plan that nobody gave" "" "$(grep -E '^(plan|use) ' explained)"
	same "explain: no fix of another system" "" "$(grep macos explained)"
	check "explain: a Mac's fix on a Mac" 0 'macos-port-range' '' "$H" explain ephemeral-ports --facts "$hosts/macos.facts.json"
	check "explain: what is in use" 0 '^now +Threads: 109 of 32,768 in use$' '' "$H" explain threads $plain
	check "explain: what is not known" 0 '^not known +threads.of_user is not read' '' "$H" explain threads $plain
	check "explain: a plan that was given" 0 '^plan  .*5 connections' '' "$H" explain ephemeral-ports $plain --connections 5

	# watch
	"$H" watch --once --set fs.file-max=10 >watched
	same "watch: the line comes first" yes "$(first watched | grep -qE '^NOW FULL  Open files .host.: [0-9,]+ of 10 in use$' && echo yes)"
	same "watch --json" "full hard host" "$("$H" watch --once --json --set fs.file-max=10 | jq -r '.limits[] |
		select(.id == "system-fds") | "\(.now.state) \(.severity) \(.scope)"')"
}

# shellcheck disable=SC2086
{
	# Advisory limits that are full are a warning.
	orphans="--set sockstat.orphan=65738 --set net.ipv4.tcp_max_orphans=65536"
	warning="Warning  Orphaned sockets: 65,738 of 65,536 in use now (net.ipv4.tcp_max_orphans)."
	for plan in "" "--role server --connections 200"; do
		same "orphaned sockets, ${plan:-no plan}" "$warning" "$("$H" audit $plain $orphans $plan | tr -s ' \n' ' ' |
			grep -oE 'Warning Orphaned[^.]*\.[^.]*\.[^.]*\.' | sed 's/Warning /Warning  /')"
	done
	check "… with its fix" 0 'sysctl -w net.ipv4.tcp_max_orphans=131072' '' "$H" audit $plain $orphans --role server --connections 200 --all
	check "… and no change of the verdict" 0 '^headroom: PASS' '' "$H" audit $plain $orphans --role server --connections 200 -q

	# Inotify instances: of each user, on request.
	check "inotify instances of the fullest user" 0 '^NEARLY FULL  Inotify instances of user ID 1000: 120 of 128 in use' '' \
		"$H" explain inotify-instances --facts "$hosts/docker-publish"
	"$H" audit --facts "$hosts/docker-publish" --connections 10 >inotify
	quiet "advisory: not among the first lines" inotify
	same "a list that makes no sense is not taken for none" "null inotify.instances was not collected" \
		"$("$H" audit --facts "$hosts/hostile" -o json | jq -r '.resources[] | select(.id == "inotify-instances").now | "\(.used) \(.reason)"')"

	# Memory mappings: two for each thread.
	check "mappings of threads" 3 'sysctl -w vm.max_map_count=131072' '' "$H" audit $plain --connections 100 --threads 30000 \
		--set kernel.pid_max=4194304 --set cgroup.pids.max=unlimited --set threads.of_user=1 --set limits.nproc.soft=unlimited
}

# Counted where it is: a process that watches a file, and the mappings of a process that runs.
if [ -r /proc/self/maps ] && command -v tail >/dev/null; then
	: >watched.txt
	before=$("$H" facts -o json | jq '[.facts[] | select(.key == "inotify.instances") | .value] | add // 0')
	tail -F watched.txt >/dev/null 2>&1 &
	watcher=$!
	watches() { readlink "/proc/$watcher/fd/"* | grep -q inotify; }
	until_true watches
	same "an instance more is counted" yes "$([ "$("$H" facts -o json |
		jq '[.facts[] | select(.key == "inotify.instances") | .value] | add')" -gt "$before" ] && echo yes)"
	same "mappings of a process" "$(wc -l <"/proc/$watcher/maps" | tr -d ' ')" \
		"$("$H" facts --pid $watcher -o json | jq '.facts[] | select(.key == "process.maps").value')"
	"$H" facts --pid $watcher --snapshot kept >/dev/null 2>&1
	same "… and in a snapshot" "$(wc -l <"/proc/$watcher/maps" | tr -d ' ')" "$(cat kept/process.maps)"
	kill $watcher
	wait $watcher 2>/dev/null
else
	skip "a process that watches a file" "no /proc, or no tail"
fi

# A process that has all the files that it may open; this kernel must tell their number.
if "$H" facts -o json | jq -e 'any(.facts[]; .key == "files.open")' >/dev/null && command -v python3 >/dev/null; then
	cat >hungry.py <<-'PY'
		import resource, sys
		resource.setrlimit(resource.RLIMIT_NOFILE, (700, 700))
		held = []
		try:
		    while True:
		        held.append(open("/dev/null"))
		except OSError:
		    pass
		sys.stdout.write("full\n")
		sys.stdout.flush()
		sys.stdin.read()
	PY
	mkfifo hold said
	python3 hungry.py <hold >said 9<&- 8<&- &
	hungry=$!
	exec 7>hold
	read -r _ <said
	check "a process that is full" 0 "^NOW FULL  Open files of python3?[^ ]* .PID $hungry.: 7[0-9]* of 700 in use" '' "$H" audit
	"$H" facts --snapshot hungry 2>/dev/null
	exec 7>&-
	wait $hungry
	check "… also in a snapshot" 0 "^NOW FULL  Open files of python3?[^ ]* .PID $hungry.: 7[0-9]* of 700 in use" '' \
		"$H" audit --facts hungry
else
	skip "a process that is full" "the kernel does not tell (before 6.2), or no python3"
fi

# Real sockets: all ports of a small range to one destination, whose listener accepts none of them.
if unshare -rn sh -c 'ip link set lo up' 2>/dev/null && command -v python3 >/dev/null; then
	cat >ports.py <<-'PY'
		import socket, subprocess, sys
		listener = socket.create_server(("127.0.0.1", 7000), backlog=19)
		held = [socket.create_connection(("127.0.0.1", 7000)) for _ in range(20)]
		try:
		    held.append(socket.create_connection(("127.0.0.1", 7000)))
		except OSError as error:
		    print(error.errno)
		for command in ["audit"], ["explain", "ephemeral-ports"], ["watch", "--once"]:
		    print(subprocess.run([sys.argv[1], *command], capture_output=True, text=True).stdout.split("\n")[0])
		    sys.stdout.flush()
	PY
	unshare -rn sh -c "ip link set lo up && echo 40000 40019 >/proc/sys/net/ipv4/ip_local_port_range &&
		python3 ports.py '$H'" >ports.txt 2>ports.err
	same "the kernel has no port left" 99 "$(first ports.txt)"
	for line in 2 3; do
		same "… which comes first ($line)" "NOW FULL  Outgoing ports to 127.0.0.1:7000: 20 of 20 in use" "$(sed -n ${line}p ports.txt)"
	done
	same "… also in a look at the host" yes "$(sed -n 4p ports.txt |
		grep -qE '^NOW FULL  (Outgoing ports to|Accept queue of) 127.0.0.1:7000: 20 of 20 in use' && echo yes)"
else
	skip "real sockets" "no namespace can be made, or no python3"
fi

# A process that has few files, and may have no more: it is seen beside others that have many.
if [ -n "$(find /proc/self/fd -maxdepth 0 -size +0c 2>/dev/null)" ] && command -v python3 >/dev/null; then
	cat >few.py <<-'PY'
		import os, resource, sys, time
		resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60))
		try:
		    while True: os.open("/dev/null", os.O_RDONLY)
		except OSError: pass
		sys.stdout.write("full\n")
		sys.stdout.flush()
		time.sleep(600)
	PY
	python3 few.py >few.out &
	few=$!
	wait_for few.out
	same "a process with few files that is full" "60 python3" "$("$H" facts -o json | jq -r --arg pid $few '[.facts[] |
		select(.instance == $pid and (.key == "files.soft" or .key == "files.process")).value] | sort_by(type) | join(" ")')"
	kill $few
	wait $few 2>/dev/null
else
	skip "a process with few files" "this kernel does not tell how many a process has, or no python3"
fi

# Names from the host are never shown raw, nor a line longer than 80 columns.
mkdir -p hostile
cp -r "$now/." hostile
printf 'Name:\tbash\033[31m%s\nPid:\t4711\nUid:\t1000\t1000\t1000\t1000\n' \
	"$(printf 'x%.0s' $(seq 40))" >hostile/proc/self/status
for command in audit "explain process-fds"; do
	# shellcheck disable=SC2086
	"$H" $command --facts hostile --set limits.nofile.soft=3 >shown
	same "$command: the line is there" 1 "$(grep -c '^NOW FULL  Open files of' shown)"
	same "$command: 80 columns" "" "$(LC_ALL=C.UTF-8 grep -vE 'https:' shown | LC_ALL=C.UTF-8 grep -E '.{81}')"
	same "$command: no escape sequence" "" "$(grep "$(printf '\033')" shown)"
done
clean "now"
