# shellcheck shell=sh
# Connection tracking, address translation and what the cloud tracks, as a user asks for them.
. tests/cli/lib.sh
docker="$hosts/docker-publish"
of() { # of LIMIT FILTER ARGUMENT…: a member of the limit in the result
	limit=$1 filter=$2
	shift 2
	"$H" audit --no-history -o json "$@" | jq -rc ".resources[] | select(.id == \"$limit\") | $filter"
}
said() { # said ID FILE: a finding's text
	jq -r ".findings[] | select(.id == \"$1\") | .text" "$2"
}

# What the cloud's driver says, of two interfaces: the least that is left, and all that was dropped.
cp -r "$hosts/debian-default" ena
printf '%s\n' 'conntrack_allowance_available 500' 'conntrack_allowance_exceeded 3' 'conntrack_allowance_available 400' \
	'conntrack_allowance_exceeded 4' 'conntrack_allowance_available x' >ena/ena.statistics
{
	same "the cloud's allowance is a hard limit" '["fail","hard",400]' \
		"$(of cloud-conntrack '[.status, .severity, .capacity]' --facts ena --role server --connections 500)"
	same "what it dropped" 7 "$("$H" facts --facts ena -o json | jq '.facts[] | select(.key == "cloud.conntrack_exceeded") | .value')"
	same "not read: a warning, on AWS alone" '["warn","advisory",76957]' \
		"$(of cloud-conntrack '[.status, .severity, .capacity]' --facts "$docker" --set host.cloud=aws --role server --connections 70000)"
	same "elsewhere" not-applicable "$(of cloud-conntrack .status --facts "$docker" --role server --connections 70000)"

	same "half-closed connections stay as long as kube-proxy lets them" 366100 "$(of conntrack .kernel_demand --facts "$docker" \
		--set net.netfilter.nf_conntrack_tcp_timeout_close_wait=3600 --role server --new-conns 100 --lifetime 1s --peer-close never)"
	"$H" audit --no-history --facts "$docker" --role server --new-conns 100 --lifetime 1s -o json:bound.json >/dev/null
	same "the collector's part is said" "Conntrack: between 12,100 and 18,100, 1.5 times as many." \
		"$(said upper-bound bound.json | grep -o '^Conntrack.*many\.')"
	"$H" audit --no-history --facts "$docker" --role server --new-conns 100 --lifetime 1s --duration 60s -o json:exact.json >/dev/null
	same "up to the timeout nothing is a bound" "" "$(said upper-bound exact.json)"

	same "two clients behind one address" '["fail",64512]' "$(of snat-ports '[.status, .capacity]' --facts "$docker" --role client --nat masquerade \
		--source-addresses 2 --connections 90000 --to 10.0.0.9:7000)"
	same "a rule's own range" 1000 "$(of snat-ports .capacity --facts "$docker" --set nat.source_ports=1000 --role client --nat masquerade \
		--connections 900 --to 10.0.0.9:7000)"

	same "ports as they were allocated" 2048 "$(of egress-nat .capacity --facts "$docker" --connections 1500 --egress gcp-cloud-nat:ports=2048)"
	check "an address changes nothing there" 2 '' 'given to each machine' "$H" audit --facts "$docker" --connections 10 --egress gcp-cloud-nat:ips=2
	same "notrack in both directions" not-applicable "$(of conntrack .status --facts "$docker" --set conntrack.untracked="in ip from 80; out ip to 80" \
		--role client --connections 100 --to 10.0.0.9:80)"
	same "in one" pass "$(of conntrack .status --facts "$docker" --set conntrack.untracked="out ip to 80" --role client --connections 100 --to 10.0.0.9:80)"
}

# Timeouts that bind: each has a change, which is enough when it is made, and as small as it can be. Those of states that a
# connection passes through, or is open in, change nothing, and have none.
base="--role server --facts $hosts/debian-default --set conntrack.tracked=1 --set net.netfilter.nf_conntrack_max=65536
	--set limits.nofile.soft=1048576 --set limits.nofile.hard=1048576"
# timeout FIX KEY PLAN…
timeout_of() {
	fix=$1 key=net.netfilter.nf_conntrack_$2
	shift 2
	# shellcheck disable=SC2086
	"$H" audit "$@" $base -o json 2>/dev/null >timeout.json
	to=$(jq -r --arg fix "$fix" --arg key "$key" '.fixes[] | select(.id == $fix) | .facts[$key].to' timeout.json)
	same "$fix: the table is too small" fail "$(jq -r '.resources[] | select(.id == "conntrack").status' timeout.json)"
	same "$fix: says so in seconds" 1 "$(jq -r --arg fix "$fix" '.fixes[] | select(.id == $fix).title' timeout.json | grep -c " ${to:-none} s")"
	# shellcheck disable=SC2086
	same "$fix: is enough" pass \
		"$("$H" audit "$@" $base --set "$key=${to:-none}" -o json 2>/dev/null | jq -r '.resources[] | select(.id == "conntrack").status')"
}
timeout_of conntrack-time-wait tcp_timeout_time_wait --connections 9000 --lifetime 30s
timeout_of conntrack-close tcp_timeout_close --connections 9000 --lifetime 20s --closer reset --set net.netfilter.nf_conntrack_tcp_timeout_close=120
timeout_of conntrack-close-wait tcp_timeout_close_wait --connections 9000 --lifetime 60s --peer-close never \
	--set net.netfilter.nf_conntrack_tcp_timeout_close_wait=3600
timeout_of conntrack-udp-stream udp_timeout_stream --protocol udp --connections 9000 --lifetime 25s
timeout_of conntrack-udp udp_timeout --protocol udp --connections 1100 --lifetime 1900ms --set net.netfilter.nf_conntrack_udp_timeout=60
# shellcheck disable=SC2086
demand() { "$H" audit --connections 9000 --lifetime 30s $base "$@" -o json 2>/dev/null | jq -r '.resources[] | select(.id == "conntrack").demand'; }
usual=$(demand)
for state in syn_sent syn_recv fin_wait last_ack established; do
	same "$state changes nothing" "$usual" "$(demand --set net.netfilter.nf_conntrack_tcp_timeout_$state=7)"
done
check "and that is said" 0 'lowering syn_sent.* frees nothing' '' sh -c "'$H' explain conntrack --facts '$hosts/debian-default' | tr -s ' \n' ' '"
same "a rule's own timeout is not made smaller by them" 0 "$(
	# shellcheck disable=SC2086
	"$H" audit --connections 9000 --lifetime 30s $base --set conntrack.policy_timeout=600 -o json 2>/dev/null |
		jq '[.fixes[] | select(.id == "conntrack-time-wait")] | length'
)"
