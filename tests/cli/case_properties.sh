# Properties of the model over random plans and hosts, each asked of the whole program:
#   the highest safe load passes and one connection more does not; it does not depend on how much the plan asked for;
#   more is never safe with less (a narrower range, a smaller limit); the ladder's values, set by --set, give the
#   highest safe load that it promised; the share of one of the hosts needed passes, that of one host fewer does not;
#   live, facts file and snapshot agree.
# PROPERTIES_SEED takes other plans (default 1), PROPERTIES_SECONDS bounds the run (default 12).
. tests/cli/lib.sh
seed=${PROPERTIES_SEED:-1} until=$(($(date +%s) + ${PROPERTIES_SECONDS:-12}))
wrong=0 cases=0 asked=0

# complain WHAT: says how to repeat it
complain() {
	wrong=$((wrong + 1))
	[ "$wrong" -gt 20 ] || not_ok "$1" "seed $seed, case $cases: headroom audit $facts $plan $more"
}

# for_load CONNECTIONS: sets load, the plan at that many connections; @ in it stands for them
for_load() {
	load="$plan --connections $1"
	case $plan in
	*--stages*@*) load="${plan%%@*}$1${plan#*@}" ;;
	*@*) load="${plan%%@*}$1${plan#*@} --connections $1" ;;
	esac
}

# ask CONNECTIONS OPTIONS…: sets verdict (the exit status) and safe
ask() {
	for_load "$1"
	shift
	asked=$((asked + 1))
	# shellcheck disable=SC2086 # both are several words
	line=$("$H" audit -q $facts $load "$@" 2>&1)
	verdict=$?
	safe=${line##*safe=}
}

# One line per case: host, connections, flags, sets.
random_cases() {
	awk -v seed="$seed" -v cases="$1" '
	function pick(list,  n, items) { n = split(list, items, "|"); return items[int(rand() * n) + 1] }
	function log_between(a, b) { return int(exp(log(a) + rand() * (log(b) - log(a)))) }
	BEGIN {
		srand(seed)
		for (i = 0; i < cases; i++) {
			low = int(rand() * 60000) + 1024; high = low + int(rand() * (65535 - low))
			role = pick("client|client|client|server|both")
			print pick("debian-default|tuned-loadgen|docker-publish|no-conntrack|container-cgroup1|ipv6-listeners")
			print log_between(1, 300000)
			print "--role " role " " pick("--lifetime 60s|--lifetime 1s|--lifetime 600s|--lifetime 0.2s| ") " " \
				pick("--closer client|--closer server|--closer reset| ") " " \
				pick("--bind none|--bind wildcard|--bind noport| ") " " pick("--to 3| | ") " " \
				pick("--nat masquerade|--nat publish|--nat publish-proxy| | ") " " \
				pick("--runtime go|--runtime java|--nofile hard| ") " " pick("--processes 4|--processes 3| | ") " " \
				pick("--memory-per-connection 64KiB|--queued 100KiB| | ") " " pick("--fds-per-connection 3| | ") " " \
				pick("--max-use 50%|--max-use 100%|--max-use 33%| | | ") " " \
				pick("--planning-constants off| | ") " " pick("--duration 30s|--burst @|--stages 60s:@|--stages 0s:@| | | | ") " " pick("--pessimistic| | ")
			print low " " high
			print "--set limits.nofile.soft=" log_between(256, 2000000) " --set limits.nofile.hard=" \
				log_between(2000000, 10000000) " --set net.ipv4.tcp_tw_reuse=" int(rand() * 3) \
				" --set net.core.somaxconn=" log_between(1, 65535)
		}
	}'
}

at_the_limit() {
	most=$1
	[ "$most" -gt 0 ] && {
		ask "$most"
		[ "$verdict" -eq 0 ] || complain "the highest safe load, $most, fails: $line"
	}
	ask $((most + 1))
	[ "$verdict" -ne 0 ] || complain "one more than the highest safe load, $((most + 1)), passes: $line"
}

near() { # A B: equal but for the rounding of a scale
	awk -v a="$1" -v b="$2" 'BEGIN { d = a - b; exit !(a == b || (d * d <= 1.0001 + (a * 1e-9) ^ 2)) }'
}

hosts_share() { # CONNECTIONS HOSTS
	ask $((($1 + $2 - 1) / $2))
	[ "$verdict" -eq 0 ] || [ $(($1 % $2)) -ne 0 ] || complain "the share of one of $2 hosts fails: $line"
	[ "$2" -le 1 ] || {
		ask $((($1 + $2 - 2) / ($2 - 1)))
		[ "$verdict" -ne 0 ] || complain "the share of one of $(($2 - 1)) hosts passes, but $2 are asked for: $line"
	}
}

# The rungs on standard input: promised connections, TAB, KEY=VALUE;… More hosts end the climb.
climb() {
	set --
	while IFS='	' read -r promised rung; do
		case $rung in hosts=* | upstream.* | '') break ;; esac
		while [ -n "$rung" ]; do
			first=${rung%%;*}
			rung=${rung#*;}
			case ${first%%=*} in
			*.*) set -- "$@" --set "$first" ;;
			lifetime_s) [ "${first#*=}" = unlimited ] && first=lifetime_s=900000000000000
				set -- "$@" "--lifetime=${first#*=}" ;;
			*) set -- "$@" "--$(echo "${first%%=*}" | tr _ -)=${first#*=}" ;; # another field of the plan
			esac
		done
		ask "$connections" "$@"
		[ "$promised" = unlimited ] || [ "$verdict" -eq 4 ] || near "$promised" "$safe" ||
			complain "the ladder promises $promised, $* give $safe"
	done
}

ladder='. as $d | .ladder[] | . as $rung | ($d.fixes[] | select(.id == $rung.fix and .in_ladder)) as $fix |
	"\($rung.max_safe.connections)\t\($fix.facts | to_entries | map("\(.key)=\(.value.to);") | add // "")"'

one_case() {
	plan="$plan --set net.ipv4.ip_local_port_range=$low-$high"
	ask "$connections"
	case $verdict in 0 | 3 | 4) ;; *) complain "exit $verdict: $line" ;; esac
	case $verdict$safe in *[!0-9]* | 4*) return ;; esac
	mine=$safe
	at_the_limit "$mine"
	ask $((connections * 2 + 1))
	near "$mine" "$safe" || complain "asking for twice as much changes the highest safe load: $mine, $safe"
	if command -v jq >/dev/null; then
		for_load "$connections"
		# shellcheck disable=SC2086
		"$H" audit -o json $facts $load >audit.json
		jq -r "$ladder" audit.json >rungs
		climb <rungs
		needed=$(jq -r '.hosts_needed.now // 0' audit.json)
		[ "$needed" -eq 0 ] || hosts_share "$connections" "$needed"
	fi
	plan="$plan --set net.ipv4.ip_local_port_range=$((low - 1000))-$high"
	ask "$connections"
	case $safe in
	*[!0-9]*) ;;
	*) [ "$safe" -ge "$mine" ] || complain "a wider range lowers the highest safe load: $mine, $safe" ;;
	esac
}

random_cases 2000 >cases
while [ "$(date +%s)" -lt "$until" ] && read -r host && read -r connections && read -r plan && read -r low high && read -r more; do
	cases=$((cases + 1))
	facts="--facts $hosts/$host"
	plan="$plan $more"
	one_case </dev/null
done <cases
same "$cases random plans, $asked audits: no property is broken" 0 "$wrong"
same "there were some" yes "$([ "$cases" -gt 5 ] && echo yes)"

# 96 in 60 s are exactly the 16 of 10 s that this queue takes.
check "exactly at the limit" 0 '^headroom: PASS' '' "$H" audit -q --facts "$hosts/tuned-loadgen" --role server --stages 60s:96 \
	--set net.core.somaxconn=15 --max-use 100%

# What is judged is the same wherever the facts come from.
numbers() {
	if command -v jq >/dev/null; then
		jq -c '[.verdict, .max_safe, .breaks, .hosts_needed, .coverage, .ladder,
			[.resources[] | [.id, .status, .demand, .capacity, .utilization]]]' "$1"
	else
		sed -n '/"verdict"/p; /"demand"/p; /"capacity"/p; /"max_safe_scale"/p' "$1"
	fi
}
for host in debian-default tuned-loadgen docker-publish rabbitmq-node hostile container-cgroup2-unprivileged; do
	"$H" facts --facts "$hosts/$host" -o facts.json
	for preset in ws-client haproxy-backend erlang-node; do
		"$H" audit -q "$preset" --facts "$hosts/$host" -o tree.json >/dev/null
		"$H" audit -q "$preset" --facts ./facts.json -o file.json >/dev/null
		same "$host, $preset: snapshot and facts file agree" "$(numbers tree.json)" "$(numbers file.json)"
		same "$host, $preset: there are numbers" yes "$([ -n "$(numbers file.json)" ] && echo yes)"
	done
done
"$H" facts --snapshot live 2>/dev/null
for preset in ws-client ws-server; do
	"$H" audit -q "$preset" >from_live
	"$H" audit -q "$preset" --facts live >from_tree
	same "this host, $preset: live and snapshot agree" "$(cut -d' ' -f1-3 from_live)" "$(cut -d' ' -f1-3 from_tree)"
done
