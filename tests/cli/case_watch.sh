# shellcheck shell=sh
# headroom watch: one look, lines of JSON, metrics, a terminal that is put back. What is counted is tested with real
# sockets where a network namespace can be made.
. tests/cli/lib.sh

# With --all: which limits are on the first screen depends on what this host does just now.
check "one look" 0 '^  Outgoing ports ' '' "$H" watch --once --all
same "80 columns at most" "" "$("$H" watch --once --all | LC_ALL=C.UTF-8 grep -E '.{81,}')"
for wide in 60 70 100; do
	same "$wide columns at most" "" "$(COLUMNS=$wide "$H" watch --once --all | LC_ALL=C.UTF-8 grep -E ".{$((wide + 1)),}")"
done
columns() { COLUMNS=$1 "$H" watch --once --all | grep '^  limit ' | sed 's/  */ /g'; }
same "a narrow screen leaves out the change first" " limit used of use time left" "$(columns 70)"
same "then the limit" " limit used use time left" "$(columns 60)"
same "a wide one nothing" " limit used of use change time left" "$(columns 100)"
same "no color where there is no terminal" "" "$("$H" watch --once | grep "$(printf '\033')")"
check "a process" 0 '^  Open files .process. ' '' "$H" watch --once --all --pid $$
sh -c 'exec sleep 600 3</dev/null 4</dev/null 5</dev/null 6</dev/null' &
sleeper=$!
until_true is_called $sleeper sleep
same "a process: its own files, not those of the fullest" yes "$("$H" watch --once --json --pid $sleeper |
	jq -r '.limits[] | select(.id == "process-fds") |
	if .used >= 7 and .used < 20 and (.now.by | startswith("sleep (PID ")) and (.instances | length) == 1 then "yes" else .now end')"
kill $sleeper
wait $sleeper 2>/dev/null
check "no such process" 2 '' '4194303' "$H" watch --once --pid 4194303
check "no argument" 2 '' 'to watch a process: headroom watch --pid N' "$H" watch 4711
check "a typo" 2 '' 'did you mean --once' "$H" watch --onse
check "a bad interval" 2 '' '--interval: ' "$H" watch --once --interval 0
check "ASCII where the terminal wants it" 0 '^  Outgoing ports ' '' env LANG=C "$H" watch --once --all
same "ASCII only" "" "$(LANG=C "$H" watch --once --all | LC_ALL=C grep "$(printf '[\200-\377]')")"

"$H" watch --json --interval 0.05 2>lines.err | head -n 3 >lines.json
same "lines of JSON" "headroom.watch/1 headroom.watch/1 headroom.watch/1" "$(jq -r .schema lines.json | tr '\n' ' ' | sed 's/ $//')"
same "each on a line of its own" 3 "$(wc -l <lines.json | tr -d ' ')"
same "a reader that goes away is no failure" "" "$(cat lines.err)"
same "time goes on" true "$(jq -s '.[0].t_s < .[1].t_s and .[1].t_s < .[2].t_s' lines.json)"
same "every limit has its numbers" true "$(jq -s 'all(.[].limits[]; has("used") and has("capacity") and has("utilization")
	and has("rate_per_s") and has("to_limit_s"))' lines.json)"
same "no row blinks: what is not counted again is as it was" "true true" "$(jq -rs '[
	all(.[]; .limits | map(.id) == $first) , all(.[].limits[] | select(.id | IN("ephemeral-ports", "accept-queue", "time-wait-buckets"));
	.used != null and .age_s >= 0)] | join(" ")' --argjson first "$(jq -s '.[0].limits | map(.id)' lines.json)" lines.json)"
same "nothing is foretold from a moment" "" "$(jq -r '.limits[] | select(.to_target_s != null or .to_limit_s != null) | .id' lines.json)"
same "given facts count" 64 "$("$H" watch --once --json --set net.ipv4.ip_local_port_range="40000 40063" \
	--set net.ipv4.ip_local_reserved_ports= --set ports.listening= 2>/dev/null | jq '.limits[] | select(.id == "ephemeral-ports") | .capacity')"

# Audit and watch name one number for each limit. What runs at the moment is given, since it changes between the two.
given="--set cgroup.pids.max=500 --set cgroup.pids.current=100 --set threads.running=142 --set ports.listening=22
	--set sockstat.tw=7 --set sockstat.orphan=3 --set net.netfilter.nf_conntrack_count=0 --set ports.in_use=0 --set ports.in_use4=0 --set ports.in_use6=0"
# shellcheck disable=SC2086
"$H" audit default --threads 200 $given -o json >audit.json 2>/dev/null
# shellcheck disable=SC2086
"$H" watch --once --json $given >watch.json
same "one capacity for each limit" "" "$(jq -rn --slurpfile audit audit.json --slurpfile watch watch.json '
	$audit[0].resources[] | select(.now.capacity) as {$id, $now} | $watch[0].limits[]
	| select(.id == $id and .now.by == $now.by and .capacity != $now.capacity) | "\(.id): audit \($now.capacity), watch \(.capacity)"')"
same "one use of each limit, of the same instance" "6 of 6" "$(jq -rn --slurpfile audit audit.json --slurpfile watch watch.json '
	["conntrack", "threads", "time-wait-buckets", "tcp-orphans", "egress-nat", "http2-streams"] as $steady |
	[$audit[0].resources[] | select(.id | IN($steady[])) as {$id, $now} | $watch[0].limits[] |
	select(.id == $id and (.now | del(.state)) == ($now | del(.state)))] | "\(length) of \($steady | length)"')"
same "every limit of the rules has a row" "" "$(jq -rn --slurpfile audit audit.json --slurpfile watch watch.json '
	[$audit[0].resources[].id] - [$watch[0].limits[].id] | join(" ")')"
same "a control group's limit on threads" 500 "$(jq '.limits[] | select(.id == "threads") | .capacity' watch.json)"
same "TCP memory: where pressure begins" true "$(jq -n --slurpfile audit audit.json --slurpfile watch watch.json '
	($watch[0].limits[] | select(.id == "tcp-memory") | .capacity) == ($audit[0].resources[] | select(.id == "tcp-memory") | .capacity)')"

# --once counts the sockets even where counting takes long: two processors that are busy, many times.
busy=""
for _ in 1 2; do
	sh -c 'while :; do :; done' &
	busy="$busy $!"
done
missing=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	"$H" watch --once --json | jq -e '[.limits[].id] | index("ephemeral-ports") and index("accept-queue")' >/dev/null || missing=$((missing + 1))
done
same "ports are always counted with --once" 0 $missing
# shellcheck disable=SC2086
kill $busy
# shellcheck disable=SC2086
wait $busy 2>/dev/null

# A limit of the user's own.
mkdir own wrong
cat >own/worker.json <<-'JSON'
	{"kind": "limit", "id": "worker-memory", "title": "Memory of the workers", "unit": "bytes", "quantity": "bytes",
	 "scope": "host", "severity": "advisory", "consequence": "refuse", "applies": "false", "demand": "live * 4 KiB",
	 "let": {"half": "0.5 * memory.total"}, "capacity": "half", "observed": "memory.total - memory_available_bytes",
	 "why": "A test.", "breaks_as": "it needs more memory", "sources": [{"title": "A test"}]}
JSON
sed 's/memory_available_bytes/memory_availble_bytes/' own/worker.json >wrong/worker.json
check "the rule is right" 0 'names, units and sources are correct' '' "$H" rules lint --rules own
check "it is watched" 0 '^  Memory of the workers  *[0-9.,]* [KMGT]iB  *[0-9.,]* [KMGT]iB ' '' "$H" watch --once --all --rules own
same "in JSON" "worker-memory bytes true" "$("$H" watch --once --json --rules own | jq -r '
	.limits[] | select(.id == "worker-memory") | "\(.id) \(.quantity) \(.used > 0 and .capacity > .used / 10)"')"
"$H" watch --once --rules own --prometheus own.prom
same "in the metrics" 3 "$(grep -c '^headroom_limit_\(used\|capacity\|utilization_ratio\){limit="worker-memory"} [0-9]' own.prom)"
check "an observation that does not exist" 2 '' \
	'wrong/worker.json:3:[0-9]*: unknown observation "memory_availble_bytes"; did you mean memory_available_bytes?' \
	"$H" rules lint --rules wrong

# Metrics.
check "metrics" 0 '' '' "$H" watch --once --prometheus metrics.prom
same "the file is there whole or not at all" "metrics.prom" "$(find . -name "*metrics*" -o -name "*.tmp" | sed "s,^\./,,")"
same "HELP and TYPE stand before each metric, once" "" "$(awk '
	/^# HELP / { if (help[$3]++) print "HELP twice: " $3; next }
	/^# TYPE / { if (type[$3]++) print "TYPE twice: " $3; if (!($3 in help)) print "no HELP: " $3
		if ($4 != "gauge" && $4 != "counter") print "type: " $0; next }
	{ name = $0; sub(/[{ ].*/, "", name); if (!(name in type)) print "no TYPE: " name
	  if ($0 !~ /^[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")?\})? (\+Inf|-?[0-9.]+(e[+-]?[0-9]+)?)$/) print "line: " $0
	  series = $0; sub(/ [^ ]*$/, "", series); if (seen[series]++) print "twice: " series }' metrics.prom)"
same "counters are called _total" "" "$(awk '/^# TYPE .* counter/ && $3 !~ /_total$/' metrics.prom)"
check "a metrics file that cannot be written" 1 '' 'no/dir' "$H" watch --once --prometheus no/dir/x.prom
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	cat >full.sh <<-'END'
	mount -t tmpfs -o size=256k none small && cd small || exit 9
	cat /dev/zero >fill 2>/dev/null
	"$1" watch --prometheus w.prom --interval 0.05 >out 2>../full.err &
	pid=$!
	i=0
	until grep -q 'watching continues' ../full.err || [ $i -ge 100 ]; do sleep 0.1; i=$((i + 1)); done
	rm fill
	i=0
	until [ -s w.prom ] || [ $i -ge 100 ]; do sleep 0.1; i=$((i + 1)); done
	[ -s w.prom ] && echo written
	kill "$pid" && echo alive
	wait "$pid"
	END
	mkdir small
	same "a full disk does not end it, and it goes on writing" "written alive" "$(unshare -m sh full.sh "$H" | tr '\n' ' ' | sed 's/ $//')"
	same "that is said once" 1 "$(grep -c 'No space left.*watching continues' full.err)"
else
	skip "a full disk" "not root, or no mount namespace"
fi
if command -v promtool >/dev/null; then
	same "promtool" "" "$(promtool check metrics <metrics.prom 2>&1 | grep -v 'no help text')"
else
	skip "promtool" "promtool (package prometheus) is not installed"
fi

# SIGTERM ends it well.
"$H" watch --json --interval 0.05 >stopped.json 2>stopped.err &
job=$!
wait_for stopped.json
kill -TERM $job
wait $job
same "SIGTERM" 0 $?
same "the last line is whole" true "$(tail -n 1 stopped.json | jq 'has("limits")')"
# It ends with the process that it watches.
sleep 600 &
sleeper=$!
timeout "$hang" "$H" watch --all --pid $sleeper --interval 0.1 >ends.out 2>&1 &
job=$!
wait_for ends.out
kill $sleeper
wait $job
same "the process ends" "0 yes" "$? $(grep -q '^  Open files .host.' ends.out && echo yes)"

if python3 -c 'import pty' 2>/dev/null; then
	same "on a terminal" "begun fits resized restored status-0 unseen quit" "$(timeout "$hang" python3 - "$H" <<-'PY'
		import fcntl, os, pty, re, select, signal, struct, sys, termios, time
		def size(fd, rows, columns):
		    fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
		def until(fd, word, seconds=60):
		    data, end = b"", time.time() + seconds
		    while word not in data and time.time() < end:
		        if select.select([fd], [], [], 0.1)[0]:
		            try: data += os.read(fd, 65536)
		            except OSError: break
		    return data
		def widest(data):
		    text = re.sub(r"\x1b\[[?0-9;]*[A-Za-z]", "", data.decode("utf-8", "replace"))
		    # A character that is cut off in its middle; the first and the last of what was read may be.
		    if "\ufffd" in text[4:-4]: said.append("broken-character")
		    return max(len(line.rstrip("\r")) for line in text.split("\n"))
		said = []
		sized, size_it = os.pipe()
		pid, fd = pty.fork()
		if pid == 0:
		    os.read(sized, 1)
		    os.environ["TERM"] = "xterm"
		    os.execv(sys.argv[1], ["headroom", "watch", "--interval", "0.2"])
		size(fd, 24, 80)
		os.write(size_it, b"1")
		data = until(fd, b"CPU ")
		said.append("begun" if b"\x1b[?1049h" in data else "not-begun")
		said.append("fits" if widest(data) <= 80 else "wide-%d" % widest(data))
		until(fd, b"\x1b[J")
		size(fd, 6, 40)
		# What was drawn before may still be on its way.
		for _ in range(100):
		    frame = until(fd, b"\x1b[J").split(b"\x1b[H")[-1]
		    resized = widest(frame) <= 40 and frame.count(b"\n") < 6
		    if resized: break
		said.append("resized" if resized else "not-resized-%d" % widest(frame))
		def ends(pid, fd, key):
		    os.write(fd, key)
		    data = until(fd, b"\x1b[?1049l")
		    said.append("restored" if b"\x1b[?25h" in data and b"\x1b[?1049l" in data else "not-restored")
		    _, status = os.waitpid(pid, 0)
		    said.append("status-%d" % os.waitstatus_to_exitcode(status))
		ends(pid, fd, b"\x03")
		# q quits, and the terminal is as it was: a shell that runs it shows what is typed again.
		pid, fd = pty.fork()
		if pid == 0:
		    os.execv("/bin/sh", ["sh", "-c", 'before=$(stty -g); "$0" watch --interval 5; echo status $?; '
		        '[ "$before" = "$(stty -g)" ] && echo same', sys.argv[1]])
		data = until(fd, b"CPU ")
		said.append("unseen" if not termios.tcgetattr(fd)[3] & termios.ECHO else "echo")
		os.write(fd, b"xq")
		data = until(fd, b"same")
		said.append("quit" if b"status 0" in data and b"same" in data and b"xq" not in data else "not-quit")
		os.waitpid(pid, 0)
		print(" ".join(said))
	PY
	)"
else
	skip "on a terminal" "no python3 with pty"
fi

# Sockets: 20 connections to a listener that accepts none of them, in a namespace of their own.
if unshare -rn sh -c 'ip link set lo up' 2>/dev/null && command -v python3 >/dev/null; then
	cat >sockets.py <<-'PY'
		import socket, subprocess, sys
		listener = socket.create_server(("127.0.0.1", 7000), backlog=31)
		held = [socket.create_connection(("127.0.0.1", 7000)) for _ in range(20)]
		sys.stdout.write(subprocess.run([sys.argv[1], "watch", "--once", "--json"], capture_output=True, text=True).stdout)
	PY
	unshare -rn sh -c "ip link set lo up && python3 sockets.py '$H'" >sockets.json
	same "connections, queue and its room" "20 20 32 0.625" "$(jq -r '.values.live as $live |
		.limits[] | select(.id == "accept-queue") | "\($live) \(.used) \(.capacity) \(.utilization)"' sockets.json)"
	same "whose they are" "127.0.0.1:7000 127.0.0.1:7000" "$(jq -r '[.limits[] |
		select(.id == "ephemeral-ports" or .id == "accept-queue") | .now.by] | join(" ")' sockets.json)"
	same "the destination" "127.0.0.1:7000 20" "$(jq -r '.destinations[0] | "\(.to) \(.live)"' sockets.json)"
	same "the queue of each listener, the ports to each destination" "127.0.0.1:7000 20 32, 127.0.0.1:7000 20 28232" "$(jq -r '[.limits[] |
		select(.id == "accept-queue", .id == "ephemeral-ports") | .instances[] | "\(.by) \(.used) \(.capacity)"] | sort | reverse | join(", ")' sockets.json)"
	same "ports in use" 20 "$(jq '.limits[] | select(.id == "ephemeral-ports") | .used' sockets.json)"
else
	skip "sockets" "no namespace can be made, or no python3"
fi
clean "watch"
