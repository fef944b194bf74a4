# headroom gate --learn: what is kept of a run, how it becomes part of the next plan, and what becomes of the file.
# shellcheck shell=sh disable=SC1091,SC2154,SC3045 # what lib.sh sets
. tests/cli/lib.sh
export LANG=C.UTF-8
lock=workload.lock.json
command="wrk -c 40 http://127.0.0.1:8080/"
digest=$(printf 'wrk\0-c\00040\0http://127.0.0.1:8080/\0' | sha256sum | cut -d ' ' -f 1)
mkdir bin
printf '#!/bin/sh\nexit 0\n' >bin/wrk
chmod +x bin/wrk
old_path=$PATH
PATH=$work/bin:$PATH

# runs N MEMBERS: N runs, the same members but for %d, which is the number of the run
runs() {
	i=1
	printf '['
	while [ $i -le "$1" ]; do
		[ $i = 1 ] || printf ','
		# shellcheck disable=SC2059 # the members are the format
		printf '{"at": "2026-01-02T03:04:05Z", '"$2"'}' $i
		i=$((i + 1))
	done
	printf ']'
}
# learned DIGEST RUNS [GIVEN] [PROGRAMS]
learned() {
	printf '{"schema": "headroom.lock/2", "commands": {"%s": {"command": "wrk", "learned": "2026-01-02T03:04:05Z",
		"programs": %s, "given": %s, "values": {}, "runs": %s}}}' "$1" "${4:-{\}}" "${3:-{\}}" "$2" >$lock
}
# shellcheck disable=SC2086 # several words
audit() { "$H" audit -o json "$@" -- $command 2>said; }

# --- the next plan ---------------------------------------------------------------------------------------------------
learned "$digest" "$(runs 5 '"fds_base": 1%d, "connections": 44')"
same "the median of the runs" "13 workload.lock.json, median of 5 runs, last 2026-01-02" \
	"$(audit | jq -r '.workload | "\(.fds_base) \(.origins.fds_base.from)"')"
same "it is an estimate" estimate "$(audit | jq -r '.workload.origins.fds_base.confidence')"
same "what the command says exactly stays" 40 "$(audit | jq -r .workload.connections)"
same "flags win" 5 "$(audit --fds-base 5 | jq -r .workload.fds_base)"
same "--no-config reads none of it" no "$(audit --no-config | jq -r 'if .workload.fds_base == 13 then "yes" else "no" end')"
learned "$digest" "$(runs 1 '"fds_base": 1%d')"
same "one run is called one" "11 workload.lock.json, 1 run, 2026-01-02" \
	"$(audit | jq -r '.workload | "\(.fds_base) \(.origins.fds_base.from)"')"
learned "$digest" "$(runs 3 '"fds_base": 1%d')" '{"fds_base": 77, "latency_s": 0.5}'
same "what was given stays given" "77 0.5 workload.lock.json, given 2026-01-02" \
	"$(audit | jq -r '.workload | "\(.fds_base) \(.latency_s) \(.origins.fds_base.from)"')"

# The usual run fits, the highest does not.
learned "$digest" "$(runs 3 '"fds_base": %d00')"
narrow() { (ulimit -Sn 330 && audit); }
same "the highest run does not fit: a warning" "pass 1" "$(narrow | jq -r '"\(.verdict) \(.warnings)"')"
same "with its number" 1 "$(narrow | jq -r '.findings[].text' |
	grep -c 'With the highest of 3 runs that gate --learn measured, the plan fails: it needs 34[0-9] of 330 [a-z]* (')"
learned "$digest" "$(runs 3 '"fds_base": %d0')"
same "all fit: no word" "pass 0" "$(narrow | jq -r '"\(.verdict) \([.findings[] | select(.id == "learnt-highest")] | length)"')"

# Over loopback a matter of scheduling.
hey=$(printf 'hey\0-n\0001000\0-disable-keepalive\0http://127.0.0.1/\0' | sha256sum | cut -d ' ' -f 1)
closes() { "$H" audit --facts "$hosts/debian-default" -o json -- hey -n 1000 -disable-keepalive http://127.0.0.1/ 2>/dev/null |
	jq -r '.workload | "\(.client_closes) \(.origins.client_closes.from)"'; }
learned "$hey" "$(runs 2 '"both_here": true, "client_closes": 0.%d')"
same "two runs over loopback tell nothing" "1 over loopback either side may close first, so all of them count (worst case)" "$(closes)"
learned "$hey" "$(runs 3 '"both_here": true, "client_closes": 0.%d')"
same "of three the highest counts" "0.3 workload.lock.json, highest of 3 runs over loopback" "$(closes)"
hey=$(printf 'hey\0-n\0001000\0-disable-keepalive\0http://10.0.0.5/\0' | sha256sum | cut -d ' ' -f 1)
learned "$hey" "$(runs 3 '"client_closes": 0.%d')"
same "over a network the median" "0.2 server" "$("$H" audit --facts "$hosts/debian-default" -o json -- hey -n 1000 -disable-keepalive \
	http://10.0.0.5/ 2>/dev/null | jq -r '.workload | "\(.client_closes) \(.closer)"')"

# The rate that was asked for the first time.
hey=$(printf 'hey\0-z\0003s\0-c\00010\0-disable-keepalive\0http://10.0.0.5/\0' | sha256sum | cut -d ' ' -f 1)
asks() { "$H" audit --facts "$hosts/debian-default" "$@" -- hey -z 3s -c 10 -disable-keepalive http://10.0.0.5/; }
rm $lock
check "a plan that lacks a number" 2 '' 'Give --open-rate, --requests, --latency' asks
learned "$hey" "$(runs 3 '"open_rate_per_s": %d00')"
same "the rate that was measured" "10 200" "$(asks -o json 2>/dev/null | jq -r '.workload | "\(.connections) \(.open_rate_per_s)"')"
learned "$hey" "$(runs 3 '"open_rate_per_s": %d00')" '{"latency_s": 0.02}'
same "what was given wins over what was measured" "10 500" \
	"$(asks -o json 2>/dev/null | jq -r '.workload | "\(.connections) \(.open_rate_per_s)"')"

# --- processors: an estimate that decides nothing --------------------------------------------------------------------
cpus=$("$H" facts 2>/dev/null | awk '$1 == "host.cpus" { print $2; exit }')
fast=$(printf 'wrk2\0-t\0002\0-R\00050000\0-c\00010\0http://10.0.0.5/\0' | sha256sum | cut -d ' ' -f 1)
rates() { "$H" audit --facts "$hosts/debian-default" "$@" -- wrk2 -t 2 -R 50000 -c 10 http://10.0.0.5/; }
rm $lock
check "nothing was measured: both are named" 0 'limits checked; CPU and bandwidth unchecked' '' rates
same "in Markdown as well" 1 "$(rates -o md 2>/dev/null | grep -c 'limits apply and were checked; CPU and bandwidth not checked$')"
learned "$fast" "$(runs 3 '"cpu_cores": 1, "requests_per_core": 1%d000')"
flat() { tr '\n' ' ' | tr -s ' '; }
same "what was measured bounds it" 1 "$(rates 2>/dev/null | flat | grep -c 'limits checked; CPU about 4[.]2 of 2 cores .estimate.; bandwidth unchecked')"
same "as a warning, never a fail" 'pass 2 4.2 2 50000 requests 12000 ["bandwidth"]' "$(rates -o json 2>/dev/null | jq -r '"\(.verdict) \(.warnings) " +
	(.coverage | "\(.estimated[0] | "\(.needed) \(.available) \(.rate) \(.rate_of) \(.per_core)") \(.not_judged | tojson)")')"
same "with its numbers" "The plan asks for 50,000 requests/s. One core did 12,000/s (workload.lock.json, 3 runs), so it needs about 4.2 cores; this host has 2. This is an estimate and decides no verdict." \
	"$(rates -o json 2>/dev/null | jq -r '.findings[] | select(.id == "cpu-estimate").text')"
same "the last line stays" "headroom: PASS binding=process-fds 1.5% safe=763" "$(rates -q 2>/dev/null)"
learned "$fast" "$(runs 3 '"cpu_cores": 1, "requests_per_core": 9%d000')"
same "enough: no warning" 'pass 1 0.6' "$(rates -o json 2>/dev/null | jq -r '"\(.verdict) \(.warnings) \(.coverage.estimated[0].needed)"')"
check "Markdown says it" 0 'limits apply and were checked; CPU about 0[.]6 of 2 cores .estimate.; bandwidth not checked' '*' rates -o md
learned "$digest" "$(runs 3 '"cpu_cores": 1.%d')"
same "a command without a rate needs what it took" "1.2 null" \
	"$(audit | jq -r '.coverage.estimated[0] | "\(.needed) \(.rate)"')"
same "of the processors of this host" "$cpus" "$(audit | jq -r '.coverage.estimated[0].available')"

# --- another command, another version --------------------------------------------------------------------------------
learned "$hey" "$(runs 3 '"fds_base": 1%d')"
check "another command's is not used" 0 '*' 'ignored in ./workload.lock.json: workload, which was learned from other commands' \
	"$H" audit -o a.json -- wrk -c 40 http://127.0.0.1:8080/
learned "$digest" "$(runs 3 '"fds_base": 1%d')" '{}' "{\"wrk\": \"$(printf '%064d' 0)\"}"
check "nor another version's" 0 '*' 'ignored in .*: workload, learned with another version of wrk; to measure it again, run headroom gate --learn' \
	"$H" audit -o a.json -- wrk -c 40 http://127.0.0.1:8080/
same "and every output says so" "workload, learned with another version of wrk" "$(jq -r '.foreign[].left[]' a.json)"
learned "$digest" "$(runs 3 '"fds_base": 1%d')" '{}' "{\"/etc/passwd\": \"$(printf '%064d' 0)\"}"
same "a file that is no word of the command is not looked at" 12 "$(audit | jq -r .workload.fds_base)"

# --- a file that is none ---------------------------------------------------------------------------------------------
broken() {
	name=$1 what=$2
	printf '%s' "$3" >$lock
	before=$(sha256sum <$lock)
	# shellcheck disable=SC2086 # several words
	check "$name" 125 '' "$what" "$H" gate --learn -- $command
	same "$name: the file is as it was" "$before" "$(sha256sum <$lock)"
}
broken "no JSON" 'workload.lock.json:1:' '{"schema": '
broken "no object" 'workload.lock.json:1:.*a lock file must be an object' '[]'
broken "a foreign file" 'workload.lock.json:1:.*"schema" is not "headroom.lock/2"' '{"schema": "npm/3", "commands": {}}'
broken "a later version" 'is not "headroom.lock/2".*move it away' '{"schema": "headroom.lock/3", "commands": {}}'
broken "a list of commands" '"commands" must be an object' '{"schema": "headroom.lock/2", "commands": []}'
broken "an older one" 'earlier version .headroom.lock/1.*--learn does not change it' '{"schema": "headroom.lock/1", "commands": {}}'
for bad in '"runs": {}' '"runs": [7]' '"runs": [{"at": "x", "fds_bas": 1}]' '"runs": [{"at": "x", "fds_base": -1}]' \
	'"runs": [{"at": "x", "client_closes": 1.5}]' '"runs": [{"at": "x", "fds_base": "unlimited"}]' '"runs": [], "given": []' \
	'"runs": [], "values": 3' '"runs": [], "given": {"conections": 3}' '"run": []'; do
	broken "an entry with $bad" 'workload.lock.json:1:' \
		"{\"schema\": \"headroom.lock/2\", \"commands\": {\"$digest\": {\"command\": \"wrk\", \"learned\": \"2026\", $bad}}}"
done
learned "$digest" "$(runs 21 '"fds_base": %d')"
broken "more runs than are kept" 'at most 20 runs' "$(cat $lock)"
rm $lock
echo '{}' >elsewhere.json
ln -s elsewhere.json $lock
# shellcheck disable=SC2086 # several words
check "a symbolic link" 125 '' 'workload.lock.json' "$H" gate --learn -- $command
same "what it leads to is as it was" '{}' "$(cat elsewhere.json)"
rm $lock
if [ "$(id -u)" != 0 ] || setpriv --reuid 65534 --regid 65534 --clear-groups true 2>/dev/null; then
	mkdir -m 555 closed
	as=
	[ "$(id -u)" != 0 ] || as="setpriv --reuid 65534 --regid 65534 --clear-groups"
	chmod 755 "$work"
	# shellcheck disable=SC2086 # several words
	check "a directory that cannot be written to: nothing runs" 125 '' 'workload.lock.json' \
		sh -c "cd closed && $as '$H' gate --connections 3 --learn --certify off -- sh -c 'echo ran >&2; touch /dev/null'"
	same "nothing ran" 0 "$(grep -c '^ran' "$work/.err")"
else
	skip "a directory that cannot be written to" "no other user"
fi
PATH=$old_path

# --- real runs: who closes is agreed between the two ends ------------------------------------------------------------
if ! unshare -rn true 2>/dev/null || ! command -v python3 >/dev/null; then
	skip "real runs" "needs a network namespace and python3"
	return 0
fi
cat >inside.sh <<'SH'
ip link set lo up || exit 1
umask 077
python3 "$top/tests/cli/closing.py" serve port &
server=$!
for _ in $(seq 1200); do [ -s port ] || sleep 0.05; done
# Neither who waits for a processor nor how fast it goes is the question here: other suites run beside this one.
gate() { "$H" gate --learn --max-cpu-wait 100% --min-reached 1% --interval 100ms "$@"; }
# 600 connections, of each ten the client closes three first
gate --connections 10 --open-rate 100 -- python3 "$top/tests/cli/closing.py" open port 60 10 3 0.02 50 >one 2>&1
cp workload.lock.json one.json
gate --connections 10 --open-rate 100 --latency 20ms -- python3 "$top/tests/cli/closing.py" open port 60 10 3 0.02 50 >two 2>&1
cp workload.lock.json two.json
gate --connections 60 --lifetime 1h -- python3 "$top/tests/cli/closing.py" open port 1 60 0 4 90 >hold 2>&1
cp workload.lock.json hold.json
# two at a time: none may be lost
for i in 1 2 3 4 5 6; do
	gate --connections 3 --lifetime 1h -q -- python3 "$top/tests/cli/closing.py" open port 1 3 0 3 $i >"many$i" 2>&1 &
	jobs="${jobs:-} $!"
done
wait $jobs
cp workload.lock.json many.json
"$H" gate --learn --connections 500 --lifetime 1h -- python3 "$top/tests/cli/closing.py" open port 1 3 0 0.3 >lost 2>&1
kill $server
SH
top=$top H=$H unshare -rn sh inside.sh
for run in one two hold; do grep -q 'nothing is kept' $run && sed 's/^/# /' $run; done
own() { jq -r "[.commands[] | select(.command | test(\"$2\"))][0] | $3" "$1" 2>/dev/null; }
near() { awk -v got="$2" -v want="$3" -v off="$4" -v name="$1" 'BEGIN { exit !(got >= want - off && got <= want + off && got != "") }'; }
close_to() { if near "$@"; then ok "$1"; else not_ok "$1" "got $2, want $3"; fi; }
close_to "the client's part of the closes" "$(own one.json ' 60 10 3' '.values.client_closes.median')" 0.3 0.02
close_to "the server's" "$(own one.json ' 60 10 3' '.values.server_closes.median')" 0.7 0.06
same "both ends are here" true "$(own one.json ' 60 10 3' '.runs[0].both_here')"
same "what was asked for is kept" '{"connections":10,"open_rate_per_s":100}' "$(own one.json ' 60 10 3' '.given' | jq -c .)"
same "a second run is added" "2 2" "$(own two.json ' 60 10 3' '"\(.runs | length) \(.values.client_closes.n)"')"
same "what is asked for now is added" '{"connections":10,"open_rate_per_s":100,"latency_s":0.02}' "$(own two.json ' 60 10 3' '.given' | jq -c .)"
same "programs and files of the command, but what only its owner may read" "closing.py python3" \
	"$(own two.json ' 60 10 3' '.programs | keys | map(sub(".*/"; "")) | sort | join(" ")')"
same "connections that stay" 60 "$(own hold.json ' 1 60 0' '.values.connections.max')"
# standard streams, what python3 itself opens, and 90 files
close_to "descriptors beside them" "$(own hold.json ' 1 60 0' '.values.fds_base.max')" 93 3
same "the end of a run is no choice of who closes" null "$(own hold.json ' 1 60 0' '.values.client_closes')"
# beside others a run may fall short; each that was certified is there
quiet=$(grep -L 'nothing is kept' many[0-9] | wc -l | tr -d ' ')
same "gates at the same time lose nothing" "$quiet" "$(jq '[.commands[] | select(.command | test(" 1 3 0"))] | length' many.json)"
same "and several were certified" yes "$([ "$quiet" -ge 2 ] && echo yes)"
same "a run that was not certified teaches nothing" 0 "$(jq '[.commands[] | select(.command | test(" 1 3 0 0.3$"))] | length' workload.lock.json)"
same "and says so" 1 "$(grep -c 'nothing was saved, because the run was not certified' lost)"
same "nothing else is left" "" "$(find . -name '*.lock.json?*' -o -name '.*lock*')"
if python3 -c 'import jsonschema' 2>/dev/null; then
	: >documents
	for name in one two hold many; do
		printf '%s\t%s\t%s\n' "$name" "$top/docs/lock.schema.json" "$name.json" >>documents
		jq '[.commands[].given][0]' $name.json >given-$name.json
		printf '%s\t%s\t%s\n' "given-$name" "$top/docs/workload.schema.json" "given-$name.json" >>documents
	done
	same "JSON Schema" "" "$(python3 "$top/tests/cli/validate.py" <documents 2>&1 | grep -v '^ok')"
else
	skip "JSON Schema" "python3-jsonschema is not installed"
fi
