# The plan of an audit document is a plan: judged again it gives the same document.
. tests/cli/lib.sh

judge() { # FACTS PLAN…
	facts=$1
	shift
	"$H" audit --facts "$facts" -o json "$@" 2>.err
}

# again NAME HOST PLAN…: findings are about the command, which a plan no longer has
again() {
	name=$1 host=$hosts/$2
	shift 2
	judge "$host" "$@" | jq 'del(.created, .command_line, .findings)' >before.json
	jq .workload before.json >again.json
	judge "$host" again.json | jq 'del(.created, .command_line, .findings)' >after.json
	if [ -s before.json ] && cmp -s before.json after.json; then
		ok "$name"
	else
		not_ok "$name" "$(head -c 300 .err)" "$(diff before.json after.json 2>&1 | head -n 6)"
	fi
}

# all_plans HOST: every ready workload, and plans of flags with every kind of completed value
all_plans() {
	for ready in "$top"/rules/workloads/*.json; do
		plan=$(basename "$ready" .json)
		again "$1, $plan" "$1" "$plan"
	done
	while read -r plan; do
		# shellcheck disable=SC2086 # several words
		again "$1, $plan" "$1" $plan
	done <<-'END'
		--connections 15000
		--connections 15000 --lifetime 60s
		--open-rate 333/s --lifetime 0.7s
		--open-rate 7/s --lifetime 0.33s --role server --burst 100
		--open-rate 1000 --lifetime 0 --closer server
		--rps 1234 --latency 13ms
		--rps 1234 --latency 13ms --requests-per-connection 7
		--stages 60s:1000,5m:3333 --lifetime 7s
		--stages 60s:77/s --lifetime 3s --role proxy
		--connections 5000 --role proxy --runtime go
		--connections 5000 --role server --runtime java --lifetime 7
		--connections 5000 --role both --runtime erlang
		--connections 5000 --nofile unlimited --processes 3 --groups eth:40%,boba:60%
		--connections 5000 --to 10.0.0.5:443,10.0.0.6:443 --bind noport --source-addresses 2
		--connections 5000 --streams-per-connection 10 --users 100 --memory-per-user 4MiB
		-- wrk -t12 -c400 -d30s http://10.0.0.5/
		-- hey -c 50 -q 7 -z 10s http://10.0.0.5/
		--to 10.0.0.5:80 --latency 13ms -- vegeta attack -rate 333/s -duration 7s
		-- tcpkali -c 1000 --connect-rate 333.3 --channel-lifetime 0.77 10.0.0.5:80
	END
}

all_plans debian-default
all_plans tuned-loadgen
for host in "$hosts"/*; do
	again "$(basename "$host"), a server" "$(basename "$host")" default --role server
	again "$(basename "$host"), a churning client" "$(basename "$host")" --open-rate 333 --lifetime 0.7s
done

# Other flags complete the rest of the plan anew.
host=$hosts/debian-default
judge "$host" --open-rate 333/s --lifetime 0.7s | jq .workload >plan.json
judge "$host" plan.json --runtime go --lifetime 2s | jq .resources >again.json
judge "$host" --open-rate 333/s --runtime go --lifetime 2s | jq .resources >flags.json
same "flags change what was completed" "$(cat flags.json)" "$(cat again.json)"

# A member that was edited is the user's.
jq '.closer = "server"' plan.json >edited.json
judge "$host" edited.json | jq .resources >again.json
judge "$host" --open-rate 333/s --lifetime 0.7s --closer server | jq .resources >flags.json
same "an edited member counts" "$(cat flags.json)" "$(cat again.json)"
jq '.connections = 20000' plan.json >edited.json
check "an edited number that contradicts the others is refused" 2 '' 'contradict each other' \
	"$H" audit edited.json --facts "$host"
jq '.connections = 233.5' plan.json >edited.json
check "and a fraction that the user wrote" 2 '' '"connections" must be a whole number' \
	"$H" audit edited.json --facts "$host"
