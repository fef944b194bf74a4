# why --for: calls that fail are counted to the last one, beside another program that fails alike; where the kernel does
# not let them be seen, why says so. Nothing is timed: the calls are made when the watching has begun, and a signal ends it.
# shellcheck shell=sh disable=SC1010
. tests/cli/lib.sh
maker=$top/tests/cli/failing_calls.py

check "too short" 2 '' '^headroom: --for: 0\.5 s; give 1s to 1h$' "$H" why --for 500ms
check "too long" 2 '' '^headroom: --for: .*at most 1 h$' "$H" why --for 2h
check "not of a snapshot" 2 '' 'which a snapshot cannot show' "$H" why --for 5s --facts "$hosts/debian-default"
check "not for other commands" 2 '' '--for' "$H" audit default --for 5s

# watched PID: waits until headroom (PID) has opened its events and rests
events() { find "/proc/$1/fd" -lname 'anon_inode:*perf_event*' 2>/dev/null | wc -l; }
watched() {
	last=-1 now=0 tries=0
	while [ "$now" -eq 0 ] || [ "$now" -ne "$last" ]; do
		tries=$((tries + 1))
		[ $tries -lt 100 ] && kill -0 "$1" 2>/dev/null || return
		last=$now
		sleep 0.1
		now=$(events "$1")
	done
}

# make NAME PORTS FILES: prepares the calls; its pid in NAME.pid
make() {
	mkfifo "$1.in"
	unshare -n sh -c "ip link set lo up && exec python3 '$maker' $2 $3" <"$1.in" >"$1.out" 2>"$1.err" &
}

calls() {
	make own 20 25
	make noise 60 40
	exec 3>own.in 4>noise.in
	wait_for own.out
	wait_for noise.out
	pid=$(head -n 1 own.out) other=$(head -n 1 noise.out)
	"$H" why --pid "$pid" --for 1h -o own.json -o own.md >own.txt 2>own.why &
	own=$!
	"$H" why --for 1h -o host.json >host.txt 2>host.why &
	host=$!
	"$H" why "bind: address already in use" --pid "$pid" --for 1h -o text.json >/dev/null 2>&1 &
	text=$!
	watched $own
	watched $host
	watched $text
	echo >&3
	echo >&4
	for name in own noise; do
		tries=0
		until grep -q done $name.out || [ $tries -ge 100 ]; do
			sleep 0.1
			tries=$((tries + 1))
		done
	done
	kill -TERM $own $host $text
	wait $own
	code=$?
	wait $host $text
	exec 3>&- 4>&-
	wait
	same "a signal ends the watching early, with what was seen" 0 $code
	same "all calls were made" "" "$(cat own.err noise.err)"
	same "20 and 25 made are 20 and 25 counted, of the process, its thread and its child" "connect EADDRNOTAVAIL 20, socket EMFILE 25" \
		"$(jq -r '[.calls.rows | group_by(.call)[] | "\(.[0].call) \(.[0].error) \(map(.count) | add)"] | join(", ")' own.json)"
	same "nothing else is counted" "45 0 false" "$(jq -r '.calls | "\(.failed) \(.lost) \(.at_least)"' own.json)"
	same "two processes: itself and its child" 2 "$(jq '[.calls.rows[].pid] | unique | length' own.json)"
	same "the connects have their destination" "127.0.0.1:8081" "$(jq -r '[.calls.rows[] | select(.call == "connect") | .to] | unique | join(" ")' own.json)"
	same "sockets have none" null "$(jq -c '[.calls.rows[] | select(.call == "socket") | .to] | unique[]' own.json)"
	same "the host: each by its process" "15 45 20 25 40" "$(jq -r --argjson own "$pid" --argjson other "$other" '
		def sum(f): [.calls.rows[] | select(f) | .count] | add;
		[sum(.to == "127.0.0.1:8081" and .pid == $own), sum(.to == "127.0.0.1:8081" and .pid == $other),
		 sum(.to == "127.0.0.1:8081" and .pid != $own and .pid != $other),
		 sum(.call == "socket" and .pid == $own), sum(.call == "socket" and .pid == $other)] | map(tostring) | join(" ")' host.json)"
	same "the causes, by what fails" "ephemeral-ports failing-now, process-fds failing-now" \
		"$(jq -r '[.causes[] | select(.strength == "failing-now") | "\(.id) \(.strength)"] | sort | join(", ")' own.json)"
	same "in a sentence" 1 "$(grep -c "socket() failed 25 times with EMFILE in [0-9.]* s: PID $pid (python3)" own.md)"
	same "on the screen" 1 "$(grep -c "25 × socket EMFILE, PID $pid (python3)" own.txt)"
	same "what another line names does not hide what fails" "ephemeral-ports process-fds" \
		"$(jq -r '[(.causes + .also)[] | select(.strength == "failing-now") | .id] | sort | join(" ")' text.json)"
	same "the host's looks did not go to that namespace" 1 "$(jq '[.causes[].shows[] | select(contains("is in another network namespace"))] | length | if . > 0 then 1 else 0 end' host.json)"
	same "what would help here is not offered for there" 0 "$(jq '[.causes[] | select(.id == "ephemeral-ports") | .remedies[]] | length' host.json)"
	# What it has from whoever runs the tests differs: a terminal is a device, too.
	same "what the process has open" "true 64 tcp 3, device true another" "$(jq -r '.process
		| "\(.open_files >= 64) \(.soft_limit) tcp \(.kinds.tcp), device \(.kinds.device >= 50) \(.network_namespace)"' own.json)"
	same "where its sockets go" "127.0.0.1:8081 false 2 2" \
		"$(jq -r '.process.sockets[] | "\(.at) \(.accepted) \(.sockets) \(.states.established)"' own.json)"
	same "what waits at its listener" "127.0.0.1:8081 2 16 0" \
		"$(jq -r '.process.listeners[] | "\(.at) \(.queue) \(.backlog) \(.drops)"' own.json)"
	same "the whole host is no process" null "$(jq -c .process host.json)"
	printf '%s\t%s\t%s\n' "the schema: a process" "$top/docs/why.schema.json" own.json "the schema: the host" "$top/docs/why.schema.json" host.json |
		python3 "$top/tests/cli/validate.py" >valid
	same "the schema" "" "$(grep -v '^ok' valid)"
}

# Without the right there are counters, and a reason. Both looks take a second.
user=""
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
	user="setpriv --reuid 65534 --regid 65534 --clear-groups"
fi
$user "$H" why --for 1s -o json >user.json 2>user.err &
"$H" why --for 1s -o json >now.json 2>now.err
wait
same "seen, or why not" yes "$(jq -r '.calls | if .watched or (.why_not | length) > 0 then "yes" else "no" end' now.json)"
if [ -n "$user" ]; then
	same "without the right: why not, and what to do" yes \
		"$(jq -r '.calls | if (.watched | not) and (.why_not | length) > 0 and (.way_out | length) > 0 then "yes" else "no" end' user.json)"
fi
reason=$(jq -r '.calls | select(.watched | not) | .why_not' now.json)
if [ -n "$reason" ]; then
	skip "failing calls" "$reason"
elif ! unshare -n true 2>/dev/null || ! command -v python3 >/dev/null; then
	skip "failing calls" "no network namespace, or no python3"
else
	calls
fi
