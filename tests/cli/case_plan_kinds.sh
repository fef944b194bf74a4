# shellcheck shell=sh disable=SC1091,SC2016,SC2154  # lib.sh sets what is used here
# Files of load test tools given where a plan is expected: audit, size, workload, fix, explain, and several loads.
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
plans=$top/tests/plan
host="--facts $hosts/debian-default"

cp "$plans/plan.jmx" "$plans/tsung.xml" "$plans/haproxy.cfg" "$plans/locustfile.py" .
printf '#!/bin/sh\nset -e\nfor c in 20 50; do wrk -t2 -c $c -d 10s http://10.0.0.5/; done\n' >bench.sh
printf "import http from 'k6/http';\nexport default () => http.get('http://10.0.0.5/');\n" >script.js
# shellcheck disable=SC2086
{
	check "a file of JMeter" 0 'plan\.jmx is read as this command: jmeter -n -t plan\.jmx' '' \
		"$H" audit plan.jmx $host --all
	check "with a path" 0 'PASS' '' "$H" audit ./plan.jmx $host
	check "the same plan as its command" 0 '' '' sh -c "
		$H workload plan.jmx $host >a && $H workload $host -- jmeter -n -t plan.jmx >b && cmp a b"
	check "a script of k6, with flags" 3 'FAIL' '*' "$H" audit script.js $host --connections 60000
	check "a file of tsung" 3 'FAIL process-fds' '' "$H" audit tsung.xml $host
	check "HAProxy's configuration" 0 'PASS' '' "$H" audit haproxy.cfg $host
	check "a locustfile asks for its users" 2 '' '--connections' "$H" audit locustfile.py $host
	check "a locustfile with them" 0 'PASS' '' "$H" audit locustfile.py $host --connections 10
	check "a shell script" 0 '50 connections' '' "$H" audit bench.sh $host
	check "size" 0 'Machine|aws' '' "$H" size bench.sh $host
	check "fix" 0 'fits this host' '' "$H" fix bench.sh $host
	check "explain" 0 'process-fds' '' "$H" explain process-fds bench.sh $host
	check "beside another load" 0 'bench\.sh is read as this command: sh bench\.sh' '' \
		"$H" audit bench.sh + ws-client --connections 10 $host --all
	check "two files" 0 '"connections":[[:space:]]*50' '' "$H" workload bench.sh + plan.jmx $host
	check "in front of a command" 0 'PASS' '' "$H" audit ./bench.sh $host + -- wrk -c 5 http://10.0.0.6/
	check "flags belong to the file before them" 0 '"connections":[[:space:]]*60' '' \
		"$H" workload bench.sh --connections 60 + ws-client --connections 5 $host
	check "a file and a command are not one load" 2 '' 'either the workload "bench\.sh" or a command' \
		"$H" audit bench.sh $host -- wrk -c 5 http://10.0.0.6/
	check "a preset alone" 0 '"name":[[:space:]]*"ws-client"' '' "$H" workload ws-client --connections 5 $host
	check "no plan at all" 2 '' 'workload needs a command' "$H" workload $host
	check "a file that is not there" 2 '' 'none\.jmx: No such file' "$H" audit ./none.jmx $host
	check "a word with a known ending" 2 '' 'unknown preset or plan file' "$H" audit none.jmx $host
	printf 'GET http://10.0.0.5/\n' >targets.txt
	check "a list of requests" 2 '' 'vegeta attack -targets' "$H" audit targets.txt $host
	printf '{"log": {"entries": []}}' >recorded.json
	check "JSON of another kind" 2 '' 'recorded\.json:1' "$H" audit recorded.json $host
	check "a directory" 2 '' '.' "$H" audit ./ $host
	mkfifo pipe.yml
	check "a pipe is not waited for" 2 '' '.' timeout "$hang" "$H" audit ./pipe.yml $host
	check "gate runs no file" 125 '*' 'NOT-RUN' "$H" gate bench.sh
}

# Runs of a script to two destinations have the ports of each, and those to one share them, however short they are.
runs() { "$H" audit --facts "$hosts/debian-default" --nofile 50000 -o json -- sh -c "$1" |
	jq -r '"\(.verdict) \(.resources[] | select(.id == "ephemeral-ports") | .demand)"'; }
one='h2load -n 20000 -c 20000 http://10.0.0.5/'
same "two runs to one destination" "fail 40000" "$(runs "$one; $one")"
same "and to two" "pass 20000" "$(runs "$one; h2load -n 20000 -c 20000 http://10.0.0.6/")"
same "each is a load of the plan" "10.0.0.6:80 10.0.0.5:80" "$("$H" workload -- sh -c "$one; wrk -c9 -t1 http://10.0.0.6/" |
	jq -r '[.loads[].destinations[]] | join(" ")')"
check "flags are said of each" 0 '"destinations":.\["10.0.0.7:80"\]' '' \
	"$H" workload --to 10.0.0.7:80 -- sh -c "$one; wrk -c9 -t1 http://10.0.0.6/"
check "an endless loop of runs whose length is not known asks for it" 2 '' 'Give --lifetime or --open-rate' \
	"$H" audit --facts "$hosts/debian-default" -- sh -c "while true; do $one; done"
same "which --lifetime says" "fail 151072" "$("$H" audit --facts "$hosts/debian-default" --nofile 50000 --lifetime 5s -o json -- \
	sh -c "while true; do $one; done" | jq -r '"\(.verdict) \(.resources[] | select(.id == "ephemeral-ports") | .demand)"')"
echo "1..$count"
