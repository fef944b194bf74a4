# facts -o prometheus and audit -o prometheus: the facts of a host, and an audit, as metrics.
# shellcheck shell=sh disable=SC1003
. tests/cli/lib.sh

check 'of this host' 0 '^headroom_fact[{]key="fs[.]nr_open"[}] [0-9]+$' '' "$H" facts -o prometheus
check 'of a snapshot, by the name of the file' 0 '' '' "$H" facts --facts "$hosts/crowded" -o host.prom
check 'not of what has no numbers' 2 '' 'this command cannot write prometheus' "$H" lint . -o host.prom

# value NAME{LABELS}: what stands behind it
value() {
	grep -v '^#' host.prom | grep -F -- "$1 " | sed 's/.* //'
}

same 'a number' 512 "$(value 'headroom_fact{key="net.core.somaxconn"}')"
same 'a text' 1 "$(value 'headroom_fact_info{key="net.ipv4.ip_local_port_range",text="40000 40999"}')"
same 'no limit' +Inf "$(value 'headroom_fact{key="cgroup.memory.max"}')"
same 'what the host does not have' 1 "$(value 'headroom_fact_missing{key="net.ipv4.tcp_tw_recycle",status="absent"}')"
same 'one of a list' 1 "$(grep -c '^headroom_fact{key="listener.backlog",of="127.0.0.1:5432"} ' host.prom)"
same 'lists say how long they are' "$(grep -c '^headroom_fact{key="listener.backlog"' host.prom)" \
	"$(value 'headroom_fact_list{key="listener.backlog",state="complete"}')"
same 'their age' "$(date -d "$(sed -n 's/^created: //p' "$hosts/crowded/ORIGIN")" +%s)" \
	"$(value headroom_facts_created_timestamp_seconds)"
same 'no series for each process' 0 "$(grep -c 'key="files[.]' host.prom)"
same 'each series once' '' "$(grep -v '^#' host.prom | sed 's/ [^ ]*$//' | sort | uniq -d)"

# Names that end a label or a line early.
mkdir hostile
printf 'headroom snapshot 2\n' >hostile/MANIFEST
mkdir -p hostile/proc/sys/kernel
printf 'a"} 1\\n\033[2Jx{y="\n' >hostile/proc/sys/kernel/hostname
"$H" facts --facts hostile -o hostile.prom 2>/dev/null
same 'a hostile name stays inside its label' 1 "$(grep -c 'key="host.name",text="a\\"} 1\\\\n' hostile.prom)"
same 'and no line is left open' '' "$(grep -v -e '^#' -e '^headroom_[a-z_]*\({.*"}\)\? [-+0-9.eInf]*$' hostile.prom)"
same 'no control character' 0 "$(LC_ALL=C tr -d '\n\040-\176\200-\377' <hostile.prom | wc -c)"

# A list of more entries than go out: each would be a series.
jq '.listeners += [range(400) | {at: "10.9.0.9:\(. + 2000)", sockets: 1, backlog: 128, queue: 0}] |
	.collected.listeners = (.listeners | length)' "$hosts/crowded/sockets.json" >sockets.json
cp -r "$hosts/crowded" long
cp sockets.json long/
"$H" facts --facts long -o host.prom 2>/dev/null
same 'a long list is cut' 256 "$(grep -c '^headroom_fact{key="listener.backlog"' host.prom)"
same 'and says so' 256 "$(value 'headroom_fact_list{key="listener.backlog",state="partial"}')"

# --- an audit
audit() { # audit NAME ARGUMENT…
	file=$1
	shift
	"$H" audit "$@" -q -o "$file.prom" -o "$file.json" >/dev/null 2>&1
}
audited() { # audited NAME{LABELS}
	grep -v '^#' "$file.prom" | grep -F -- "$1 " | sed 's/.* //'
}
audit fail ws-client --connections 15000 --facts "$hosts/debian-default"
same 'one verdict' 'fail' "$(sed -nE 's/^headroom_audit_verdict.*verdict="([a-z-]*)".* 1$/\1/p' fail.prom)"
same 'of seven' 7 "$(grep -c '^headroom_audit_verdict{' fail.prom)"
same 'what is safe' "$(jq .max_safe.connections fail.json)" "$(audited 'headroom_audit_safe_connections{plan="ws-client"}')"
same 'what a limit has' "$(jq '.resources[] | select(.id == "process-fds") | .capacity' fail.json)" \
	"$(audited 'headroom_audit_limit_capacity{plan="ws-client",limit="process-fds"}')"
same 'one status for each limit that applies' "$(jq -c '[.resources[] | select(.status != "not-applicable") | .id + "=" + .status]' fail.json)" \
	"$(sed -nE 's/^headroom_audit_limit_status.*limit="([a-z0-9-]*)",status="([a-z-]*)".* 1$/\1=\2/p' fail.prom | jq -Rnc '[inputs]')"
same 'when it was made' "$(jq '.created | fromdate' fail.json)" "$(audited 'headroom_audit_created_timestamp_seconds{plan="ws-client"}')"
jq '.resources[0] |= (.status = "unknown" | .capacity = null | .utilization = null) | .max_safe.connections = null | .verdict = "unknown"' fail.json >unknown.json
"$H" report unknown.json -o unknown.prom >/dev/null
same 'unknown is a verdict' unknown "$(sed -nE 's/^headroom_audit_verdict.*verdict="([a-z-]*)".* 1$/\1/p' unknown.prom)"
same 'and no 0' 0 "$(grep -c -e 'safe_connections{' -e '_capacity{.*ephemeral-ports' -e '_use_ratio{.*ephemeral-ports' unknown.prom)"
audit none --facts "$hosts/debian-default"
same 'without a plan there is no verdict' audit "$(sed -nE 's/^headroom_audit_verdict.*verdict="([a-z-]*)".* 1$/\1/p' none.prom)"
audit loads ws-client --connections 20000 + http-churn --rps 50 --facts "$hosts/debian-default"
audit inf erlang-node --connections 20 --facts "$hosts/rabbitmq-node" --ticket 'CHG"1\' --valid-for 2d
"$H" gate --no-config http-churn --rps 1 -o gate.prom -- true >/dev/null 2>&1
same 'a run that is not certified' not-certified "$(sed -nE 's/^headroom_audit_verdict.*verdict="([a-z-]*)".* 1$/\1/p' gate.prom)"
same 'a hostile ticket stays inside its label' 1 "$(grep -c 'ticket="CHG\\"1\\\\"} 1$' inf.prom)"
jq '.workload.name = "a\"} 1\n\u001b[2Jx{y=" | .resources[0].id = "b\\\"\n"' fail.json >foul.json
"$H" report foul.json -o foul.prom >/dev/null
for file in fail unknown none loads inf gate foul; do
	same "$file: each series once" '' "$(grep -v '^#' $file.prom | sed 's/ [^ ]*$//' | sort | uniq -d)"
	same "$file: each line is one" '' "$(grep -v -e '^#' -e '^headroom_[a-z_]*\({.*"}\)\? [-+0-9.eInf]*$' $file.prom)"
done

if command -v promtool >/dev/null; then
	for file in hostile.prom host.prom fail.prom unknown.prom none.prom loads.prom inf.prom gate.prom foul.prom; do
		promtool check metrics <"$file" >lint.out 2>&1
		same "promtool says nothing of $file" '' "$(cat lint.out)"
	done
	"$H" facts -o prometheus 2>/dev/null | promtool check metrics >lint.out 2>&1
	same 'promtool says nothing of this host' '' "$(cat lint.out)"
else
	skip 'promtool' 'promtool (package prometheus) is not installed'
fi
