# Plans from a load test's own command line: workload --, audit --, size --; flags override; what is missing is named.
# shellcheck shell=sh disable=SC2086
. tests/cli/lib.sh
host="--facts $hosts/tuned-loadgen"
small="--facts $hosts/debian-default"
url=http://10.0.0.5/

# derived NAME JQ WANT COMMAND…
derived() {
	name=$1 filter=$2 want=$3
	shift 3
	same "$name" "$want" "$("$H" workload "$@" 2>&1 | jq -r "$filter" 2>&1)"
}

check "workload prints JSON and nothing else" 0 '^\{' '' "$H" workload -- wrk -t12 -c400 -d30s $url
"$H" workload -- wrk -t12 -c400 -d30s $url >plan.json
same "it is a workload" headroom.workload/2 "$(jq -r .schema plan.json)"
same "with origins" "exact -d30s" "$(jq -r '.origins.duration_s | .confidence + " " + .from' plan.json)"
derived "connections per thread" .connections 396 -- wrk -t12 -c400 -d30s $url
derived "flags override" .connections 50 --connections 50 -- wrk -t12 -c400 $url
derived "and say so" .origins.connections.from --connections --connections 50 -- wrk -t12 -c400 $url
derived "options before the dashes only" .duration_s 60 --duration 60s -- wrk -d 5s $url
derived "a pipeline" .connections 7 -- sh -c 'echo "GET http://a/" | vegeta attack -max-workers=7 | vegeta report'
derived "a question answered by a flag" .confidence estimate --latency 20ms -- wrk -H 'Connection: close' $url
printf 'GET http://a/\nGET http://b/\n' >targets
derived "a file" '.destinations | length' 2 -- vegeta attack -targets targets -max-workers=7
mkdir -p inner && cp targets inner/list
derived "a file elsewhere" '.destinations | length' 2 -- sh -c 'cd inner && vegeta attack -targets list -max-workers=7'
printf 'limit = 20\nconnection = keep-alive\n' >rc
derived "siege's configuration" .connections 20 -- siege -R rc -c 50 $url
derived "siege's configuration by environment" .connections 20 -- env SIEGERC=rc siege -c 50 $url

check "no command" 2 '' 'needs a command, a plan file or a preset' "$H" workload
check "nothing after the dashes" 2 '' 'needs a command, a plan file or a preset' "$H" workload --
check "an unknown tool with flags that say the load" 0 '"connections":.5' '' "$H" workload --connections 5 -- ./x.sh
check "an empty word" 2 '' 'no command after' "$H" workload -- ''
check "words before the dashes" 2 '' 'workload -- wrk' "$H" workload wrk
check "an unknown tool" 2 '' 'wkr is not a load test tool.*did you mean wrk\?.*headroom help workload' "$H" workload -- wkr -c 5
check "an unknown option" 2 '' 'wrk has no option --conections; did you mean --connections\?' \
	"$H" audit -- wrk --conections 5 $url
check "a missing file" 2 '' 'vegeta -targets: cannot read none: No such file' "$H" audit -- vegeta attack -targets none
check "a directory as a file" 2 '' 'inner is not a regular file' "$H" audit -- vegeta attack -targets inner
check "a question names the flags" 2 '' 'Give --open-rate, --requests, --latency or --lifetime' \
	"$H" audit -- wrk -H 'Connection: close' $url
check "one quoted word" 2 '' 'is one word' "$H" workload -- "wrk -c 5 $url"
check "absurd numbers" 2 '' 'too large' "$H" workload -- wrk -c 99999999999999999999 $url
check "no URL" 2 '' 'no URL' "$H" workload -- wrk -c 5
check "hostile words are cleaned" 2 '' 'wrk has no option' "$H" workload -- wrk "$(printf -- '--a\033[31m\nb')" $url
same "in one line" 1 "$("$H" workload -- wrk "$(printf -- '--a\033[31m\nb')" $url 2>&1 | wc -l)"
check "both a workload and a command" 2 '' 'for both at once write ws-client \+ -- COMMAND' "$H" audit ws-client -- wrk $url

check "audit of a command" 0 'PASS' '' "$H" audit $host -- wrk -t4 -c400 $url
check "audit that fails" 3 'FAIL process-fds' '' "$H" audit $small -- wrk -t4 -c2000 $url
check "prlimit lets it fit" 0 'PASS' '' "$H" audit $small -- prlimit --nofile=4096 wrk -t4 -c2000 $url
check "size of a command" 0 'Nothing to set' '' "$H" size $host -- wrk -t4 -c400 $url
"$H" audit $host -o json -- wrk -t4 -c400 $url >audit.json
same "its findings are in the document" plan-ends "$(jq -r '.findings[] | select(.id == "plan-ends") | .id' audit.json)"
same "its plan, too" "400 4 5" "$(jq -r '.workload | [.connections, .threads - 1, .fds_base - 2] | join(" ")' audit.json)"
# What a tool needs for itself stands in its rule alone: a command, a ready workload and flags have the same.
needs() { "$H" audit $host -o json "$@" 2>&1 | jq -r '.workload | [.memory_base_bytes, .memory_per_connection_bytes, .memory_per_user_bytes] | join(" ")'; }
echo 'GET http://10.0.0.5/' >one
same "memory of a ready workload" "$(needs -- vegeta attack -targets one -max-workers=5)" "$(needs vegeta-5000rps)"
same "memory by --tool" "$(needs -- hey -c 5 $url)" "$(needs --tool hey --connections 5)"
same "the user's own number stays" "18000000 7 76000" "$(needs --tool hey --connections 5 --memory-per-connection 7)"
same "a tool without such numbers" "0 0 0" "$(needs --tool my-own --connections 5)"
left() { # what a plan leaves behind
	"$H" audit $host -o json -- "$@" |
		jq -r ".timeline.end | [.at_s, .live, .time_wait, .hold_s, .confidence] | map(tostring) | join(\" \")"
}
same "it leaves its connections in TIME_WAIT" "10 400 400 60 bound" "$(left wrk -t4 -c400 $url)"
same "where the client closes, exactly" "null 300 300 60 exact" "$(left h2load -n300 -c300 $url)"
same "where the server does, the usual share of all that were opened" "0 0.12 60 estimate" \
	"$(left ab -n60 -c50 $url | cut -d" " -f2- | sed "s/00000*[0-9]//")"
same "HAProxy resets" "null 90 0 60 estimate" "$(printf 'global\n maxconn 90\nlisten l\n mode http\n bind :1\n server s h:1\n' >h.cfg
	left haproxy -f h.cfg)"
"$H" audit $host -o json -- wrk -H 'Authorization: Bearer geheim' -c 40 http://u:geheim@10.0.0.5/ >audit.json
same "secrets are masked" "" "$(grep geheim audit.json)"
docker="docker run --ulimit nofile=8192 --sysctl net.core.somaxconn=many image"
check "a bad sysctl" 2 '' 'docker --sysctl net.core.somaxconn: .*many' "$H" audit $host -- $docker wrk -c 400 $url
check "a container's own range" 3 'FAIL ephemeral-ports' '' "$H" audit $host -- docker run --ulimit nofile=8192 \
	--sysctl net.ipv4.ip_local_port_range="40000 40099" image wrk -c 400 $url
check "a container without a limit is asked for" 2 '' '--nofile' "$H" audit $host -- docker run image wrk -c 400 $url
