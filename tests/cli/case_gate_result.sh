# shellcheck shell=sh disable=SC2016,SC2238,SC3045
# headroom gate and the tool's own result: where it is read from, that nothing is changed on the way, what follows from it.
# The tools are stand-ins that print what tests/results/ has of the real ones; these: tests/live/results.sh.
. tests/cli/lib.sh
export LANG=C.UTF-8
ulimit -Sn 1000 && ulimit -Hn 2000
results=$top/tests/results
mkdir bin
PATH=$work/bin:$PATH
stand_in() { printf '#!/bin/sh\n%s\n' "$2" >"bin/$1" && chmod +x "bin/$1"; }
# Long enough to be watched.
stand_in wrk 'cat "$SAYS"; sleep 0.1; exit ${STATUS:-0}'
stand_in vegeta 'case $* in *-output*) cat "$SAYS" >"$INTO";; *) cat "$SAYS";; esac; sleep 0.1'
gate() { "$H" gate --force --certify strict -q -o json:a.json "$@"; }
load="wrk -t1 -c20 -d1s http://127.0.0.1:9/"
attack="vegeta attack -rate=100 -duration=1s -max-workers=5 -targets=t -output=out"
echo "GET http://127.0.0.1:9/" >t
result() { jq -c ".gate.result | $1" a.json; }
charged() { jq -c '[.gate.charges[].reason] | index("errors") != null' a.json; }

# shellcheck disable=SC2086 # $load and $attack are words
{
	# Through a pipe, as a file, not at all.
	export SAYS=$results/wrk/good.txt
	gate -- $load 2>err | cat >out
	same "a pipe gets every byte" "" "$(cmp out "$SAYS" 2>&1)"
	same "its result" '["wrk","standard output",132941,0]' "$(result '[.tool, .from, .requests, .errors]')"
	same "it does not speak against the run" false "$(charged)"
	same "what was measured is kept" "false 0 0.001" "$(jq -r '.gate.checks[3] | "\(.applies) \(.measured) \(.threshold)"' a.json)"
	gate -- $load >out 2>err
	same "a file gets every byte" "" "$(cmp out "$SAYS" 2>&1)"
	same "it is read afterwards" '["standard output",132941]' "$(result '[.from, .requests]')"
	{ echo "999999 requests in 1s" && gate -- $load; } >out 2>err
	same "from where the command began" 132941 "$(result .requests)"
	{ echo "999999 requests in 1s" >out && gate -- $load; } >>out 2>err
	same "also where it is appended to" 132941 "$(result .requests)"
	gate -- $load >/dev/null 2>err
	same "a device is not read" '[null,"standard output is neither a file nor a pipe"]' "$(result '[.from, .not_read]')"
	gate -- $load >&- 2>err
	same "what is closed is not read" null "$(result .from)"
	if command -v script >/dev/null; then
		script -qec "'$H' gate --force -o json:a.json -- $load" typescript >/dev/null 2>&1
		same "nor is a terminal" '[null,"standard output is a terminal"]' "$(result '[.from, .not_read]')"
		same "it says so" 1 "$(grep -c "itself reports was not read: standard output is a terminal" typescript)"
	fi
	stand_in wrk 'test -t 1 && echo terminal; test -p /dev/stdout && echo pipe; sleep 0.1'
	same "a pipe is a pipe" pipe "$(gate -- $load 2>err)"

	# Back-pressure, a reader that goes away, what is left running.
	stand_in wrk 'head -c 3000000 /dev/zero; echo; cat "$SAYS"; sleep 0.1'
	gate -- $load 2>err | { sleep 0.3 && cat >out; }
	same "a slow reader gets all of it" $((3000001 + $(wc -c <"$SAYS"))) "$(wc -c <out)"
	same "beginning and end are looked at" '[132941,"the first 64 KiB and the last 1 MiB of it"]' "$(result '[.requests, .part]')"
	stand_in wrk 'i=0; while [ $i -lt 200 ]; do echo more; sleep 0.01; i=$((i + 1)); done; : >survived'
	(gate -- $load 2>err; echo $? >status) | head -c 10 >out
	same "a reader that goes away ends it as before" "" "$(ls survived 2>/dev/null)"
	stand_in wrk '(sleep 0.5; echo late) & cat "$SAYS"; sleep 0.1'
	same "what it left running still writes" late "$(gate -- $load 2>err | tail -1)"
	stand_in wrk 'echo to-out; echo to-err >&2; sleep 0.1'
	gate -- $load >out 2>err
	same "standard error is its own" to-err "$(head -1 err)"
	stand_in wrk 'cat "$SAYS"; sleep 0.1; exit ${STATUS:-0}'
	(STATUS=7 "$H" gate --force -q -- $load 2>err; echo $? >status) | cat >out
	same "its status" 7 "$(cat status)"

	# What follows.
	SAYS=$results/wrk/no-ports.txt
	(gate -- $load 2>err; echo $? >status) | cat >out
	same "connections lost: not certified" '[123,21,true]' "[$(cat status),$(result .connections_lost),$(charged)]"
	same "a sentence with its numbers" 1 "$(jq -r '.gate.charges[].sentence' a.json | grep -c '^wrk could not open 21 of its connections (42%; 0\.1% is allowed)\.$')"
	gate --max-errors 50% -- $load 2>err | cat >out
	same "--max-errors" false "$(charged)"
	SAYS=$results/wrk/timeout.txt
	gate -- $load 2>err | cat >out
	same "timeouts" '[10,true]' "[$(result .errors),$(charged)]"
	SAYS=$results/wrk/404.txt
	gate -- $load 2>err | cat >out
	same "answers are no errors, whatever they say" '[0,false]' "[$(result .errors),$(charged)]"
	same "without a watch nobody asks" null "$("$H" gate --force --certify off -q -o json:b.json -- $load >out 2>err; jq -c .gate.result b.json)"
	stand_in wrk 'sleep 0.1; echo nothing of the kind'
	gate -- $load 2>err | cat >out
	same "what is not known is neither" '[null,false]' "[$(result .from),$(charged)]"
	gate --connections 5 --lifetime 1h -- sleep 0.2 2>err | cat >out
	same "another command has no result" '[null,null]' "$(result '[.tool, .text]')"

	# Files.
	SAYS=$results/vegeta/no-ports.bin INTO=out
	export INTO
	rm -f out
	gate -- $attack 2>err
	same "a file that the command names" '["out",200,170,"no free port",true]' "$(jq -c '[(.gate.result | .from, .requests, .errors, .cause), ([.gate.charges[].reason] | index("errors") != null)]' a.json)"
	INTO=elsewhere gate -- $attack 2>err
	same "one that is older than the run" '[null,"out: it is older than the run",false]' \
		"$(jq -c '[(.gate.result | .from, .not_read), ([.gate.charges[].reason] | index("errors") != null)]' a.json)"
	rm -f out
	INTO=elsewhere gate -- $attack 2>err
	same "one that is not there" '"out: the run wrote no such file"' "$(result .not_read)"
	mkfifo out
	INTO=elsewhere gate -- $attack 2>err
	same "a FIFO is not waited for" '"out: it is not a regular file"' "$(result .not_read)"
	rm out
	mkdir out
	INTO=elsewhere gate -- $attack 2>err
	same "a directory" '"out: it is not a regular file"' "$(result .not_read)"
	rmdir out
	ln -s out out
	INTO=elsewhere gate -- $attack 2>err
	same "a link that leads nowhere" null "$(result .from)"
	rm out
	head -c 100000 "$SAYS" >cut
	SAYS=$work/cut gate -- $attack 2>err
	same "one that was cut off: what is there" 200 "$(result .requests)"
	: >empty
	SAYS=$work/empty gate -- $attack 2>err
	same "an empty one" '"out: the run wrote nothing into it"' "$(result .not_read)"
	head -c 300000 /dev/urandom >random
	SAYS=$work/random gate -- $attack 2>err
	same "one of no sense" '[null,false]' "[$(result .from),$(charged)]"
	stand_in vegeta 'cat "$SAYS" >out; truncate -s 10G out; sleep 0.1'
	SAYS=$results/vegeta/good.json gate -- $attack 2>err
	same "10 GB are not read, and say nothing" false "$(charged)"

	# By the shell's own words.
	stand_in vegeta 'cat "$SAYS"; sleep 0.1'
	rm -f out
	SAYS=$results/vegeta/no-ports.txt gate -- sh -c 'vegeta attack -rate=100 -duration=1s -max-workers=5 -targets=t | vegeta report >found' 2>err
	same "a redirection" '["found",170]' "$(result '[.from, .errors]')"
	SAYS=$results/vegeta/no-ports.json gate -- sh -c 'vegeta attack -rate=100 -duration=1s -max-workers=5 -targets=t | tee found' 2>err >out
	same "tee" '["found",170]' "$(result '[.from, .errors]')"

	# A rule of the user's own.
	mkdir -p own/tools
	cat >own/tools/mine.json <<'JSON'
{"kind": "tool", "id": "mine", "title": "Mine", "programs": ["mine"], "syntax": "getopt-long",
 "truth": {"how": "read", "version": "1"}, "options": [{"names": "--conns", "takes": "count", "term": "conns"}],
 "values": "--log", "words": [{"term": "url", "takes": "url", "needed": true}], "to": [{"url": "url"}],
 "plan": [{"field": "connections", "value": "conns"}, {"field": "open_rate_per_s", "value": "0"}, {"field": "closer", "value": "'client'"}],
 "results": {"files": [{"names": "--log"}], "figures": [{"figure": "requests", "text": "tried #"}, {"figure": "errors", "json": "failed/*"},
  {"figure": "requests", "json": "tried"}, {"figure": "errors", "text": "failed #"}]},
 "examples": [{"name": "few", "written": "tried 10, failed 2\n", "expect": {"result.errors": 2, "result.requests": 10}}],
 "sources": [{"title": "a test"}]}
JSON
	stand_in mine 'echo "tried 1,000, failed 20"; echo "{\"tried\": 500, \"failed\": {\"connect\": 3, \"timeout\": 4}}" >log; sleep 0.1'
	check "its rule is right" 0 'names, units and sources are correct' '' "$H" rules lint --rules own
	check "its example is run" 0 '^1 passed, 0 failed' '' "$H" rules test --rules own mine
	sed 's/failed 2/failed 3/' own/tools/mine.json >wrong.json
	mkdir -p wrong/tools && mv wrong.json wrong/tools/mine.json
	check "an example that is wrong" 3 'result.errors' '' "$H" rules test --rules wrong mine
	gate --rules own -- mine --conns 5 http://127.0.0.1:9/ 2>err | cat >out
	same "a tool by a rule: text" '[1000,20]' "$(result '[.requests, .errors]')"
	gate --rules own -- mine --conns 5 --log log http://127.0.0.1:9/ 2>err | cat >out
	same "… JSON in its file" '["log",500,7]' "$(result '[.from, .requests, .errors]')"
	sed -i 's/"tried #"/"tried"/' own/tools/mine.json
	check "a pattern without a number" 2 '' 'it needs one #, the number' "$H" rules lint --rules own
}
