# shellcheck shell=sh disable=SC2016,SC3045
# headroom gate: the verdict decides, the command runs as if headroom were not there, the report says what happened.
# Deterministic: the limit of open files is this shell's, nothing of the network is used. Real load tests: tests/live/gate.sh.
. tests/cli/lib.sh
export LANG=C.UTF-8
fits="--connections 10 --lifetime 1h"
over="--connections 1000 --lifetime 1h"
ulimit -Sn 1000 && ulimit -Hn 2000
quick="--certify off -q"
calm="--max-cpu-wait 100%" # other suites run beside this one
mkdir rules rules/limits
cat >rules/limits/x.json <<'JSON'
{"kind": "limit", "id": "never-known", "title": "Never known", "unit": "things", "scope": "host", "severity": "hard",
 "consequence": "refuse", "applies": "true", "demand": "live", "capacity": "measured.entries_per_connection", "why": "For a test.",
 "breaks_as": "it needs things", "sources": [{"title": "a test", "url": "https://example.org/"}]}
JSON

yes_no() { if "$@"; then echo yes; else echo no; fi; }

# shellcheck disable=SC2086 # $fits and $over are words
{
	check "runs what fits" 0 '^hello$' '' "$H" gate $fits $quick -- echo hello
	check "its output is the command's alone" 0 '^hello$' 'PASS binding=process-fds' "$H" gate $fits --certify off -- echo hello
	check "its status" 7 '' '' "$H" gate $fits $quick -- sh -c 'exit 7'
	check "a status that gate uses itself" 121 '' '' "$H" gate $fits $quick -- sh -c 'exit 121'
	check "killed by a signal" 137 '' '' "$H" gate $fits $quick -- sh -c 'kill -9 $$'
	check "ended by SIGTERM" 143 '' '' "$H" gate $fits $quick -- sh -c 'kill -15 $$'
	check "does not run what does not fit" 121 '' '^headroom: touch was not started' \
		"$H" gate $over --certify off -- touch ran
	check "says the limit and its fix" 121 '' 'prlimit|LimitNOFILE|ulimit' "$H" gate $over --certify off -- touch ran
	check "does not run what is not known" 122 '' 'UNKNOWN never-known' "$H" gate $fits --rules rules -q -- touch ran
	same "neither ran" "" "$(ls ran 2>/dev/null)"
	check "--force" 0 '^ran$' 'forced with --force although the plan does not fit' "$H" gate $over --certify off --force -- echo ran
	check "--force on unknown" 0 '^ran$' 'although the verdict is unknown' "$H" gate $fits --rules rules --certify off --force -- echo ran
	check "not found" 127 '' '^headroom: no-such-command: command not found$' "$H" gate $over -- no-such-command
	check "not found: the last line" 127 '' '^headroom: NOT-RUN exit=127$' "$H" gate $over -- no-such-command
	check "a usage error: the last line" 125 '' '^headroom: NOT-RUN exit=125$' "$H" gate --conections 5 -- true
	check "not found, by path" 127 '' 'No such file' "$H" gate $over -- ./no-such-command
	: >plain
	check "not executable" 126 '' 'cannot execute: Permission denied' "$H" gate $over -- ./plain
	check "a directory" 126 '' 'Is a directory' "$H" gate $over -- "$work"
	printf '#!/no/such/interpreter\n' >script
	chmod +x script
	check "no interpreter" 127 '' 'or the interpreter' "$H" gate $fits -q -- ./script
	check "no command" 125 '' 'needs the load test.s command after' "$H" gate $fits
	check "a typo" 125 '' 'did you mean --connections' "$H" gate --conections 5 -- true
	check "no plan" 125 '' 'not a load test tool that headroom knows' "$H" gate -- true
	check "two workloads" 125 '' 'are two loads; write' "$H" gate ws-client hold-client -- true
	check "a named workload" 0 '' '' "$H" gate ws-client $fits $quick -- true
	check "an output that cannot be written: nothing runs" 125 '' 'no/such/dir' "$H" gate $fits -o no/such/dir/x.json -- touch ran
	check "standard output is the command's" 125 '' 'standard output belongs to the command' "$H" gate $fits -o json -- touch ran
	check "annotations go to standard error" 0 '^only this$' '^::notice title=headroom' "$H" gate $fits $quick -o github -- echo only this
	same "the command's output is its own" "only this" "$("$H" gate $fits $quick -o github:- -- echo only this 2>/dev/null)"
	check "of a command that is not run as well" 121 '' '^::error title=headroom' "$H" gate $over -q -o github -- true
	same "nothing ran" "" "$(ls ran 2>/dev/null)"
	check "words of the command are its own" 0 '^-o x --help -- $' '' "$H" gate $fits $quick -- echo -o x --help -- ''

	# A verdict on assumed values starts nothing.
	assumed="--set limits.nofile.soft=1500"
	check "hypothetical" 125 '' '^headroom: NOT-RUN hypothetical .*hypothetical=1 exit=125$' "$H" gate $fits $assumed -- touch ran
	same "it ran nothing" "" "$(ls ran 2>/dev/null)"
	check "the first screen says so" 125 '' '^\? NOT-RUN · ([0-9]+ warnings? · )?hypothetical' "$H" gate $fits $assumed -- touch ran
	check "what was set over what" 125 '' 'limits.nofile.soft = 1,500 instead of 1,000' "$H" gate $fits $assumed -- touch ran
	check "hypothetical, with --force" 0 '^ran$' 'forced with --force although values were assumed with --set' \
		"$H" gate $fits $assumed --certify off --force -- echo ran
	check "a fail stays a fail" 121 '' '^headroom: FAIL process-fds .* hypothetical=1 exit=121$' "$H" gate $over --set limits.nofile.soft=900 -- touch ran
	check "the value that was read is no assumption" 0 '^ran$' '' "$H" gate $fits --set limits.nofile.soft=1000 $quick -- echo ran
	"$H" gate $fits $assumed -q -o assumed.json -o assumed.xml -- true >/dev/null 2>&1
	same "its document" '{"verdict":"not-run","reason":"hypothetical","exit":125}' "$(jq -c '.run | {verdict, reason, exit}' assumed.json)"

	# --fix-soft
	check "--fix-soft" 0 '^1334 ' 'raised the open files limit of the command from 1,000 to 1,334' "$H" gate $fits --connections 990 --certify off --fix-soft \
		-- sh -c 'echo "$(ulimit -Sn) "'
	check "--fix-soft goes to the hard limit only" 121 '' 'FAIL process-fds' \
		"$H" gate --connections 1900 --lifetime 1h --fix-soft -q -- true
	check "--fix-soft where nothing is to be raised" 0 '' '' "$H" gate $fits $quick --fix-soft -- true
	check "--wait where waiting cannot help" 121 '' 'waiting would not help' "$H" gate $over --wait 30s -q -- true

	# The report.
	"$H" gate $fits -q -o ran.json -o ran.xml -o ran.md -- sh -c 'sleep 0.2; exit 3' >/dev/null 2>&1
	same "its document" "true 3 null false" \
		"$(jq -r '.gate | "\(.ran) \(.child_status) \(.child_signal) \(.forced)"' ran.json)"
	same "predicted and seen" true "$(jq '[.gate.observed.compared[].id] | contains(["live", "time_wait", "opens_per_s", "fds"])' ran.json)"
	same "all six reasons are listed" "limit starved short errors unseen timed-out" "$(jq -r '[.gate.checks[].reason] | join(" ")' ran.json)"
	same "those that apply are the charges" true "$(jq '[.gate.checks[] | select(.applies) | .reason] == [.gate.charges[].reason]' ran.json)"
	same "no result was read: nothing is said of errors" "null null 0.001" \
		"$(jq -r '.gate.checks[] | select(.reason == "errors") | "\(.applies) \(.measured) \(.threshold)"' ran.json)"
	same "Markdown lists them" 6 "$(grep -cE '\| (✕ applies|✓ does not apply|\? not known) \|$' ran.md)"
	same "the timeline is one" true "$(jq '.gate.observed.timeline | (.t | length) > 1 and
		(.t | length) == (.series.live | length) and (.t | length) == (.series.fds | length)' ran.json)"
	"$H" gate $over -q -o not.json -- true >/dev/null 2>&1
	same "not run: the result is the verdict" "fail null 121" "$(jq -r '.run | "\(.verdict) \(.reason) \(.exit)"' not.json)"
	same "not run: its document" "false null null" "$(jq -r '.gate | "\(.ran) \(.child_status) \(.observed)"' not.json)"
	"$H" gate $over -q --force --certify off -o forced.json -- true >/dev/null 2>&1
	same "not watched: no reason was checked" "[] []" "$(jq -c .gate.checks not.json forced.json | xargs)"
	same "forced: its document" "true true null" "$(jq -r '.gate | "\(.ran) \(.forced) \(.certified)"' forced.json)"
	# What is seen is that of a network namespace: elsewhere other programs would be seen as well.
	if unshare -rn true 2>/dev/null; then
		check "a command that opened nothing is not certified" 0 '' 'it had 0 of the 10 planned connections' \
			unshare -rn "$H" gate $fits $calm -q -- sleep 0.2
		check "--certify strict" 123 '' 'NOT-CERTIFIED short exit=123' \
			unshare -rn "$H" gate $fits $calm -q --certify strict -- sleep 0.2
		check "without a threshold it is still not seen" 123 '' 'NOT-CERTIFIED unseen' unshare -rn "$H" gate $fits $calm -q --min-reached 0% --certify strict -- sleep 0.2
		# Every output says the run's result, and what the audit said before only behind it.
		env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" unshare -rn "$H" gate $fits $calm -q -o r.json -o r.md -o r.html -- sleep 0.2 >/dev/null 2>&1
		said='The run made less load than planned: it had 0 of the 10'
		same "the document" "$said not-certified PASS" \
			"$(jq -r '"\(.headline[:55]) \(.run.verdict) \(.verdict | ascii_upcase)"' r.json)"
		same "Markdown begins with the run" "**✗ headroom: NOT-CERTIFIED" "$(sed -n 3p r.md | grep -o '^[^·]*[A-Z]')"
		same "the audit's word is said to be before" "yes no" "$(yes_no grep -q '^\* Before the run: PASS' r.md) $(
			yes_no grep -q '^\*\*Safe to start' r.md)"
		same "what to do" yes "$(yes_no grep -q '^\* What to do: ' r.md)"
		same "the page" "yes yes" "$(yes_no grep -q 'Can the numbers of this run on .* be used?' r.html) $(yes_no grep -q "<span>$said" r.html)"
		check "a document of a run, on screen" 0 '^ *The run made less load' "" "$H" report r.json
		# Opened and closed between two looks; where one falls into it, or the machine is busy, into no more than so many seconds.
		cat >burst.py <<-'PY'
			import socket, time
			listener = socket.create_server(("127.0.0.1", 7000), backlog=200)
			time.sleep(1.2)
			begun = time.monotonic()
			held = [socket.create_connection(("127.0.0.1", 7000)) for _ in range(100)]
			print(2 + int(time.monotonic() - begun))
			for one in held: one.close()
			there = [listener.accept()[0] for _ in held]
			for one in there: one.close()
			def left(): return sum(line.split()[3] == "06" for line in open("/proc/net/tcp"))
			while left() < 100: time.sleep(0.01)
		PY
		if command -v python3 >/dev/null && command -v ip >/dev/null; then
			unshare -rn sh -c 'ip link set lo up && exec "$@"' sh "$H" gate $fits -q -o burst.json -- python3 burst.py >seconds 2>/dev/null
			same "a burst between two looks is seen" "100 100 true" "$(jq -r --slurpfile seconds seconds '.gate.observed |
				(.compared | map({(.id): .seen}) | add) as $seen | [.counters.opens, $seen.time_wait_left,
				$seen.opens_most <= 100 and $seen.opens_most * $seconds[0] >= 100] | map(tostring) | join(" ")' burst.json)"
		else
			skip "a burst between two looks is seen" "no python3 or no ip"
		fi
		check "--certify strict does not hide that nothing ran" 121 '' 'FAIL' \
			unshare -rn "$H" gate $over -q --certify strict -- sleep 0.2
	else
		skip "certified or not" "no namespace can be made"
	fi
	check "report of a gate's document" 0 "*" "" env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$H" report ran.json -o ran.html -q -o out.md
	same "the page has the six reasons" 6 "$(grep -oE '✕ applied|✓ did not apply|\? not known' ran.html | wc -l)"
	same "the page tells of the run" yes "$(grep -q 'What the run showed' ran.html && echo yes)"
	if python3 -c 'import jsonschema' 2>/dev/null; then
		for name in ran not forced; do
			printf '%s\t%s\t%s\n' "$name" "$top/docs/audit.schema.json" "$name.json"
		done >documents
		same "JSON Schema" "" "$(python3 "$top/tests/cli/validate.py" <documents 2>&1 | grep -v '^ok')"
	else
		skip "JSON Schema" "python3-jsonschema is not installed"
	fi

	# JUnit has a failure exactly where the exit status is not 0, on every path.
	junit() { # junit EXIT OPTIONS…: exit status, and whether something failed
		want=$1
		shift
		rm -f j.xml
		timeout "$hang" "$H" gate "$@" >/dev/null 2>&1
		got=$?
		failed=$(grep -cE '<(failure|error)' j.xml)
		counted=$(sed -nE 's/^<testsuites .* failures="([0-9]+)" errors="([0-9]+)".*/\1+\2/p' j.xml)
		same "JUnit: exit $want" "$want $([ "$want" = 0 ] && echo no || echo yes) $failed" \
			"$got $([ "$failed" = 0 ] && echo no || echo yes) $((${counted:-0}))"
	}
	unknown="--rules rules"
	junit 0 $fits $quick -o j.xml -- true
	junit 0 $over --force --certify off -q -o j.xml -- true
	junit 0 $fits $unknown --force --certify off -q -o j.xml -- true
	junit 3 $fits $quick -o j.xml -- sh -c 'exit 3'
	junit 143 $fits $quick -o j.xml -- sh -c 'kill $$'
	junit 121 $over -q -o j.xml -- true
	junit 122 $fits $unknown -q -o j.xml -- true
	junit 124 $fits $quick --time-limit 100ms -o j.xml -- sleep 9
	junit 124 $fits $quick --time-limit 500ms -o j.xml -- sh -c 'trap "exit 0" TERM; sleep 9 & wait'
	junit 125 $fits $assumed -q -o j.xml -- true
	junit 125 -q -o j.xml -- true
	junit 126 $fits -q -o j.xml -- ./plain
	junit 127 $fits -q -o j.xml -- no-such-command
	junit 127 $fits -q -o j.xml -- ./script
	if unshare -rn true 2>/dev/null; then
		junit_in() { # the same where no other program's sockets are seen
			want=$1
			shift
			rm -f j.xml
			unshare -rn "$H" gate "$@" >/dev/null 2>err
			got=$?
			same "JUnit: exit $want, watched" "$want $([ "$want" = 0 ] && echo no || echo yes)" \
				"$got $(grep -qE '<(failure|error)' j.xml && echo yes || echo no)"
		}
		junit_in 0 $fits $calm -q -o j.xml -- sleep 0.2
		# On a busy machine it is starved as well.
		same "not certified is no failure without strict, and said" "headroom: NOT-CERTIFIED short exit=0 (--certify strict fails the job)" \
			"$(tail -n 1 err | sed 's/ starved / short /')"
		junit_in 123 $fits $calm -q --certify strict -o j.xml -- sleep 0.2
	else
		skip "JUnit, watched" "no namespace can be made"
	fi

	# The command gets what this program was given.
	check "standard input" 0 '^through$' '' sh -c "echo through | \"\$0\" gate $fits $quick -- cat" "$H"
	same "the same descriptors, with closed standard input" "$(sh -c 'ls /proc/self/fd' <&- | tr '\n' ' ')" \
		"$("$H" gate $fits $quick -- sh -c 'ls /proc/self/fd' <&- | tr '\n' ' ')"
	same "the same descriptors, with closed standard error" "$(sh -c 'ls /proc/self/fd' 2>&- | tr '\n' ' ')" \
		"$("$H" gate $fits $quick -- sh -c 'ls /proc/self/fd' 2>&- | tr '\n' ' ')"
	# Signals 32 and 33 are the C library's own (signal(7)): a caller may have them ignored, and the library takes them
	# back where a thread was started, as sanitizers do.
	signals() {
		while read -r name value; do
			printf '%s %016x\n' "$name" $((0x$value & ~0x180000000))
		done
	}
	same "signals as they were" "$(sh -c 'grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status' | signals)" \
		"$("$H" gate $fits $quick -- grep -E '^Sig(Blk|Ign|Cgt)' /proc/self/status | signals)"
	same "ignored signals stay ignored" "$(sh -c 'trap "" HUP PIPE; grep -E "^SigIgn" /proc/self/status' | signals)" \
		"$(sh -c "trap '' HUP PIPE; \"\$0\" gate $fits $quick -- grep -E '^SigIgn' /proc/self/status" "$H" | signals)"
	same "the process group" same "$(sh -c "\"\$0\" gate $fits $quick -- sh -c 'ps -o pgid= -p \$\$; ps -o pgid= -p \$PPID'" "$H" |
		sort -u | wc -l | sed 's/^1$/same/')"
	# A pipe whose writer outlives the command: headroom ends with the command, not with its orphans.
	"$H" gate $fits $quick -- sh -c 'sleep 600 >/dev/null 2>&1 & echo $!' >orphan.pid
	same "an orphan is not waited for" sleep "$(ps -o comm= -p "$(cat orphan.pid)")"
	kill "$(cat orphan.pid)" 2>/dev/null

	# A gate that is killed, either of its two processes, leaves nothing of the command behind.
	family='setsid sleep 97 & echo $! >family; (sleep 97 & echo $! >>family); echo $$ >>family; echo >up; sleep 97; :'
	none_of_them() { [ "$(ps -o pid= -p "$(paste -s -d , family)" | wc -l)" -eq 0 ]; }
	left() { # how many of the processes named in the file are alive
		until_true none_of_them
		ps -o args= -p "$(paste -s -d , family)" | wc -l
	}
	for who in front worker; do
		rm -f up family
		"$H" gate $fits $quick -- sh -c "$family" 2>/dev/null &
		job=$!
		wait_for up
		victim=$job
		[ $who = worker ] && victim=$(ps -o pid= --ppid "$job" | tr -d ' ')
		kill -9 "$victim"
		wait "$job" 2>/dev/null
		same "the $who is killed: status" 137 $?
		same "the $who is killed: nothing is left" "3 0" "$(wc -l <family | tr -d ' ') $(left | tr -d ' ')"
	done

	# Nor does one that is asked to end: a shell hands SIGTERM to none of those that it started.
	rm -f up family
	"$H" gate $fits $quick -- sh -c "$family" 2>/dev/null &
	job=$!
	wait_for up
	kill "$job"
	wait "$job" 2>/dev/null
	same "SIGTERM to the gate alone: status" 143 $?
	same "SIGTERM to the gate alone: nothing is left" "3 0" "$(wc -l <family | tr -d ' ') $(left | tr -d ' ')"

	# --time-limit: the whole tree ends, also what does not listen to SIGTERM.
	check "--time-limit" 124 '' '^headroom: --time-limit: stopping sh after 200 ms$' \
		"$H" gate $fits $quick --time-limit 200ms -- sh -c 'setsid sleep 98 & echo $! >family; echo $$ >>family; sleep 98; :'
	same "--time-limit: nothing is left" 0 "$(left | tr -d ' ')"
	check "--time-limit that is not reached" 3 '' '' "$H" gate $fits $quick --time-limit 1h -- sh -c 'exit 3'
	"$H" gate $fits -q --time-limit 100ms -o limit.json -- sleep 99 >/dev/null 2>&1
	same "--time-limit: the document" "124 true 143 15" "$(jq -r '"\(.run.exit) \(.gate | "\(.timed_out) \(.child_status) \(.child_signal)")"' limit.json)"
	same "--time-limit: never certified" "not-certified false" "$(jq -r '"\(.run.verdict) \(.gate.certified)"' limit.json)"

	# A signal to headroom alone reaches the command, once; to the group, once as well.
	cat >counts.sh <<-'SH'
		trap 'echo got >>got' USR1
		echo >ready
		i=0
		while [ ! -e stop ] && [ $i -lt 2000 ]; do sleep 0.05; i=$((i + 1)); done
		exit 5
	SH
	rm -f got ready stop
	"$H" gate $fits $quick -- sh counts.sh &
	job=$!
	wait_for ready
	kill -USR1 $job
	wait_for got
	: >stop
	wait $job
	same "a signal is passed on: status" 5 $?
	same "a signal is passed on, once" 1 "$(wc -l <got | tr -d ' ')"
	rm -f got ready stop
	if command -v setsid >/dev/null; then
		setsid "$H" gate $fits $quick -- sh counts.sh &
		job=$!
		wait_for ready
		kill -USR1 -"$(ps -o pgid= -p "$job" | tr -d ' ')"
		sleep 0.5
		: >stop
		wait $job
		same "a signal to the group: status" 5 $?
		same "a signal to the group arrives once" 1 "$(wc -l <got | tr -d ' ')"
	else
		skip "a signal to the group" "no setsid"
	fi
}

# Settings: file, environment, flags.
cat >headroom.json <<'JSON'
{"schema": "headroom.settings/1", "max_use": "50%", "output": ["file.json"], "certify": "off", "quiet": true,
 "workload": {"connections": 600, "lifetime_s": 3600}}
JSON
export HEADROOM_CONFIG=headroom.json # what the caller names is the caller's own word; for the other: case_trust.sh
check "settings" 121 '' 'FAIL process-fds' "$H" gate -- true
same "headroom.json: outputs" 0.5 "$(jq .target_utilization file.json)"
rm file.json
check "the environment wins" 0 '' '' env HEADROOM_MAX_USE=90% HEADROOM_OUTPUT=env.json,env.md "$H" gate -- true
same "the environment's outputs" "0.9 no" "$(jq .target_utilization env.json) $([ -e file.json ] && echo yes || echo no)"
check "flags win" 0 '' '' env HEADROOM_MAX_USE=10% "$H" gate --max-use 80% -o flag.json -- true
same "the flags' outputs" 0.8 "$(jq .target_utilization flag.json)"
check "HEADROOM_WORKLOAD" 121 '' 'FAIL process-fds' env HEADROOM_WORKLOAD=ws-client HEADROOM_MAX_USE=1% "$H" gate -- true
check "HEADROOM_FORCE" 0 '' 'forced with --force' env HEADROOM_FORCE=1 "$H" gate -- true
check "HEADROOM_FORCE, badly" 125 '' 'HEADROOM_FORCE: "maybe" is neither 1 .on. nor 0' env HEADROOM_FORCE=maybe "$H" gate -- true
check "HEADROOM_MAX_USE, badly" 125 '' 'HEADROOM_MAX_USE: .*out of range' env HEADROOM_MAX_USE=0 "$H" gate -- true
check "HEADROOM_*, misspelled" 125 '' '^headroom: HEADROOM_MAXUSE is not a setting; did you mean HEADROOM_MAX_USE\?' \
	env HEADROOM_MAXUSE=50% "$H" gate -- touch ran
same "a misspelled setting runs nothing" "" "$(ls ran 2>/dev/null)"
check "HEADROOM_* that mean nothing are named once" 0 '' '^headroom: ignored, not a setting: HEADROOM_OF_OURS \(' \
	env HEADROOM_MAX_USE=90% HEADROOM_OF_OURS=1 "$H" gate --no-quiet -- true
check "Kubernetes' variables are not ours" 0 '' '' env HEADROOM_MAX_USE=90% HEADROOM_PORT=tcp://10.0.0.1:80 HEADROOM_PORT_80_TCP_ADDR=10.0.0.1 \
	HEADROOM_SERVICE_HOST=10.0.0.1 HEADROOM_API_SERVICE_PORT=80 "$H" gate --certify off -- true
check "another file" 125 '' 'other.json' "$H" gate --config other.json -- true
printf '{\n  "max_use": "50%%",\n  "certfy": "off"\n}\n' >headroom.json
check "a typo in the file" 125 '' 'headroom.json:3:.*certfy.*certify' "$H" gate --connections 1 -- true
printf '{\n  "schema": "headroom.audit/2"\n}\n' >headroom.json
check "a document that is no settings file" 125 '' \
	'^headroom: headroom.json:2:13: the schema is "headroom.audit/2", not headroom.settings/1, .* --no-config$' "$H" gate --connections 1 -- true
check "its advice helps" 0 '' '^headroom: PASS ' env -u HEADROOM_CONFIG "$H" gate --no-config --connections 1 -- true
printf '{"max_use": 50}\n' >headroom.json
check "a number out of range in the file" 125 '' 'headroom.json:1:.*max_use.*out of range' "$H" gate --connections 1 -- true
printf '{"force": "yes"}\n' >headroom.json
check "a text for a switch" 125 '' 'headroom.json:1:.*"force" must be true or false' "$H" gate --connections 1 -- true
printf '{"output": "x.json", "output": "y.json"}\n' >headroom.json
check "a member twice" 125 '' 'headroom.json:1:.*duplicate' "$H" gate --connections 1 -- true
printf '[]\n' >headroom.json
check "no object" 125 '' 'headroom.json:1' "$H" gate --connections 1 -- true
unset HEADROOM_CONFIG
check "what is wrong is wrong in a checkout, too" 125 '' 'headroom.json:1' "$H" gate --connections 1 -- true
rm headroom.json

# What a run taught.
mkdir bin learned
printf '#!/bin/sh\nexit 0\n' >bin/wrk
chmod +x bin/wrk
digest=$(printf 'wrk\0-c\00040\0http://127.0.0.1:8080/\0' | sha256sum | cut -d ' ' -f 1)
cat >learned/workload.lock.json <<JSON
{"schema": "headroom.lock/1", "commands": {"$digest": {"command": "wrk", "learned": "2026-01-02T03:04:05Z",
 "workload": {"fds_base": 77, "connections": 44}}}}
JSON
same "the next audit of the same command uses it" "40 77 workload.lock.json, learned 2026-01-02" "$(cd learned &&
	"$H" audit -o json -- wrk -c 40 http://127.0.0.1:8080/ |
	jq -r '.workload | "\(.connections) \(.fds_base) \(.origins.fds_base.from)"')"
same "flags still win" "40 5" "$(cd learned && "$H" audit --fds-base 5 -o json -- wrk -c 40 http://127.0.0.1:8080/ |
	jq -r '.workload | "\(.connections) \(.fds_base)"')"
same "another command does not" 41 "$(cd learned && "$H" audit -o json -- wrk -c 41 -t 1 http://127.0.0.1:8080/ |
	jq -r .workload.connections)"
digest=$(printf 'hey\0-n\0001000\0-disable-keepalive\0http://10.0.0.5/\0' | sha256sum | cut -d ' ' -f 1)
cat >learned/workload.lock.json <<JSON
{"schema": "headroom.lock/1", "commands": {"$digest": {"command": "hey", "learned": "2026-01-02T03:04:05Z",
 "workload": {"client_closes": 0.415}}}}
JSON
same "the client's part of the closes was seen" "0.415 workload.lock.json, learned 2026-01-02" "$(cd learned &&
	"$H" audit --facts "$hosts/debian-default" -o json -- hey -n 1000 -disable-keepalive http://10.0.0.5/ |
	jq -r '.workload | "\(.client_closes) \(.origins.client_closes.from)"')"
check "--learn of a run that was not certified" 0 '' 'nothing was saved' \
	env PATH="$work/bin:$PATH" "$H" gate --learn --certify off -- wrk -c 40 http://127.0.0.1:8080/
printf '{"schema": "headroom.lock/1", "commands": []}' >workload.lock.json
check "a lock file that is none" 125 '' 'workload.lock.json:1:.*"commands" must be an object' \
	env PATH="$work/bin:$PATH" "$H" gate -- wrk -c 40 http://127.0.0.1:8080/
rm workload.lock.json

# On a terminal: Ctrl-C reaches the command, Ctrl-Z stops the job and fg continues it.
if python3 -c 'import pty' 2>/dev/null; then
	same "on a terminal" "foreground tty status--2 stopped continued status-4 loop-ended" "$(timeout "$hang" python3 - "$H" <<-'PY'
		import os, pty, sys, time, signal, select
		headroom = sys.argv[1]
		base = ["gate", "--connections", "10", "--lifetime", "1h", "-q", "--certify", "off", "--"]
		said = []
		def spawn(script):
		    pid, fd = pty.fork()
		    if pid == 0:
		        os.execv(headroom, ["headroom"] + base + ["sh", "-c", script])
		    return pid, fd
		def until(fd, word, seconds=60):
		    data, end = b"", time.time() + seconds
		    while word not in data and time.time() < end:
		        if select.select([fd], [], [], 0.1)[0]:
		            try: data += os.read(fd, 4096)
		            except OSError: break
		    return data
		pid, fd = spawn('[ "$(ps -o stat= -p $$ | grep -c +)" = 1 ] && echo is-foreground; [ -t 0 ] && [ -t 1 ] && echo is-tty; echo ready; exec sleep 30')
		data = until(fd, b"ready")
		said += ["foreground"] if b"is-foreground" in data else ["background"]
		said += ["tty"] if b"is-tty" in data else ["no-tty"]
		os.write(fd, b"\x03")
		_, status = os.waitpid(pid, 0)
		said.append("status-%d" % os.waitstatus_to_exitcode(status))
		os.close(fd)
		# A shell's part is played here: the job is this program's child, in its own group.
		parent, child = os.pipe()
		pid = os.fork()
		if pid == 0:
		    os.setpgid(0, 0)
		    os.dup2(child, 1)
		    os.execv(headroom, ["headroom"] + base + ["sh", "-c", "echo ready; kill -STOP $$; echo again; exit 4"])
		os.close(child)
		_, status = os.waitpid(pid, os.WUNTRACED)
		said.append("stopped" if os.WIFSTOPPED(status) else "not-stopped")
		os.kill(-pid, signal.SIGCONT)
		_, status = os.waitpid(pid, 0)
		said.append("continued" if b"again" in os.read(parent, 4096) else "not-continued")
		said.append("status-%d" % os.waitstatus_to_exitcode(status))
		# Ctrl-C ends a shell's loop of gates, not one turn of it.
		pid, fd = pty.fork()
		if pid == 0:
		    os.execvp("sh", ["sh", "-c", 'while :; do "$@"; echo turned; done', "sh", headroom] + base + ["sh", "-c", "echo ready; exec sleep 30"])
		until(fd, b"ready")
		os.write(fd, b"\x03")
		data = until(fd, b"turned", 1)
		done, _ = os.waitpid(pid, os.WNOHANG)
		for _ in range(600):
		    if done: break
		    time.sleep(0.1)
		    done, _ = os.waitpid(pid, os.WNOHANG)
		said.append("loop-ended" if done and b"turned" not in data else "loop-goes-on")
		print(" ".join(said))
	PY
	)"
else
	skip "on a terminal" "no python3 with pty"
fi
# A control group's limit on threads counts, as in the audit. The command starts more than it may have here.
cat >threads.sh <<'SH'
for _ in 1 2 3 4 5 6 7 8 9 10; do
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		sleep 600 &
		all="${all:-} $!"
	done
done
sleep 1 # all of them are there so long
kill $all
SH
# shellcheck disable=SC2086 # $fits are words
check "threads of a control group" 0 '' 'threads \(' "$H" gate --force $fits --set cgroup.pids.max=540 --set cgroup.pids.current=500 \
	-o threads.json -- sh threads.sh
same "and they are what held it back" threads "$(jq -r .gate.bottleneck threads.json)"

# A limit of the user's own holds the run back: it is watched as the built-in ones are.
mkdir own
cat >own/workers.json <<'JSON'
{"kind": "limit", "id": "workers", "title": "Workers", "unit": "workers", "scope": "host", "severity": "hard", "consequence": "refuse",
 "applies": "false", "demand": "0", "capacity": "2", "observed": "processes", "why": "For a test.", "breaks_as": "it needs workers",
 "sources": [{"title": "a test"}]}
JSON
# shellcheck disable=SC2086 # $fits are words
check "a limit of one's own is reached" 0 '' 'Workers \(2 of 2\)' "$H" gate $fits --rules own -o own.json -- sh -c 'sleep 1; :'
same "and named in the report" "workers 2 true" "$(jq -r '.gate as $gate | $gate.observed.limits[] | select(.id == $gate.bottleneck)
	| "\(.id) \(.capacity) \(.reached)"' own.json)"
same "with its series" true "$(jq '.gate.observed.timeline.series.use.workers | length > 1' own.json)"

clean "gate"

# A server that has all of the connections that it allows lost none by that.
cat >allows.py <<'END'
import socket, time
listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(64)
kept = []
for _ in range(8):
    kept += [socket.create_connection(listener.getsockname()), listener.accept()[0]]
time.sleep(1.5)
END
check "as many connections as the program allows" 0 '*' '*' \
	"$H" gate --no-history --role server --max-connections 8 --connections 8 -o json:allows.json -- python3 allows.py
same "hold no load back" '0 8' "$(jq -r '[([.gate.charges[]? | select(.subject == "program-connections")] | length),
	([.. | objects | select(.id? == "program-connections" and has("reached")).used][0])] | map(tostring) | join(" ")' allows.json)"
