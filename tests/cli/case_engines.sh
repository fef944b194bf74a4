# headroom fleet reads what engines bring: lines with the host in front, as clush, pdsh, kubectl and Ansible write them,
# and Prometheus' HTTP API. The engines themselves run in make live-fleet.
# shellcheck shell=sh
. tests/cli/lib.sh
unset http_proxy https_proxy ALL_PROXY all_proxy
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # headroom-helper's sandbox has no place for it

# Two hosts that carry 600 connections each, and one that does not.
for number in 1 2 3; do
	cp -r "$hosts/debian-default" "tree-$number"
	echo "gen-0$number" >"tree-$number/proc/sys/kernel/hostname"
	sed -i "s/^fingerprint:.*/fingerprint: 00000000000000$number/; s/^created:.*/created: $(date -u +%Y-%m-%dT%H:%M:%SZ)/" \
		"tree-$number/ORIGIN"
done
echo '40000 40300' >tree-3/proc/sys/net/ipv4/ip_local_port_range
plan='ws-client --connections 1800'
share='ws-client --connections 600'
printf 'gen-01\ngen-02\ngen-03\n' >hosts.txt
for number in 1 2 3; do
	"$H" facts --facts "tree-$number" -o "gen-0$number.json" 2>/dev/null
	# shellcheck disable=SC2086 # words
	"$H" audit $share --facts "gen-0$number.json" -o own.json >/dev/null 2>&1
	jq -r --arg name "gen-0$number" '"\($name) \(.verdict) \(.binding.resource // "-")"' own.json
done >own.txt
same 'one of them does not carry it' 'fail pass' "$(cut -d' ' -f2 own.txt | sort -u | tr '\n' ' ' | sed 's/ $//')"

# verdicts: a line for each host of the document
verdicts() {
	jq -r '.hosts[] | select(.state == "judged") | "\(.name) \(.verdict) \(.limit // "-")"' fleet.json | sort
}

# fleet NAME EXIT SOURCE…: each host's verdict is its own
fleet() {
	name=$1 want=$2
	shift 2
	rm -f fleet.json
	# shellcheck disable=SC2086 # words
	"$H" fleet $plan --hosts hosts.txt -o json:fleet.json "$@" >fleet.txt 2>fleet.err
	same "$name: exit" "$want" $?
	same "$name: each verdict is the host's own" "$(cat own.txt)" "$(verdicts)"
}

# interleave: the lines of the three documents, as they come from hosts that answer at the same time
interleave() {
	paste -d '\n' gen-01.pre gen-02.pre gen-03.pre | grep .
}

# prefixed FORMAT: a file for each host with this in front of each line
prefixed() {
	for number in 1 2 3; do
		# shellcheck disable=SC2059 # it is a format
		before=$(printf "$1" "gen-0$number")
		awk -v before="$before" '{print before $0}' "gen-0$number.json" >"gen-0$number.pre"
	done
}

prefixed '%s: '
interleave >lines.txt
fleet 'clush and pdsh, lines as they come' 3 - <lines.txt
# clush -b waits and writes each host's lines under a head
for number in 1 2 3; do
	printf -- '---------------\ngen-0%s\n---------------\n' $number
	cat gen-0$number.json
done >gathered.txt
fleet 'clush -b, gathered' 3 - <gathered.txt
prefixed '[pod/headroom-%s/headroom] '
interleave >lines.txt
fleet 'kubectl logs --prefix' 3 - <lines.txt
# Ansible's copy module writes a document on one line, with its own blanks
mkdir ansible
for number in 1 2 3; do jq -c . gen-0$number.json >ansible/gen-0$number.json; done
fleet 'what the playbook copies' 3 ansible
cat ansible/*.json >lines.txt
fleet 'one document a line' 3 - <lines.txt
prefixed '%s: '
interleave >whole.txt
head -n -40 whole.txt >torn.txt
# shellcheck disable=SC2086 # words
"$H" fleet $plan --hosts hosts.txt - <torn.txt >fleet.txt 2>&1
got=$?
case $got in 3 | 4) ok 'a stream that was cut is no PASS' ;; *) not_ok 'a stream that was cut is no PASS' "exit $got" ;; esac
for number in 1 2; do awk '{print "gen-0'$number': " $0}' gen-0$number.json; done >two.txt
printf 'gen-01\ngen-02\n' >two-hosts.txt
check 'two good hosts' 0 '^headroom: PASS .*expected=2' '' "$H" fleet ws-client --connections 1200 --hosts two-hosts.txt two.txt
head -n -1 two.txt >torn.txt
check 'half a document of one of them' 4 '^headroom: UNKNOWN' '*' "$H" fleet ws-client --connections 1200 --hosts two-hosts.txt torn.txt

# headroom-collect of this host, as a tar file
sh "$top/probes/host/collect/headroom-collect" >this.tar
tar -xf this.tar
name=$(tar -tf this.tar | head -n 1 | tr -d /)
"$H" audit ws-client --connections 10 --facts "$name" -o own.json >/dev/null 2>&1
"$H" fleet ws-client --connections 10 -o json:fleet.json this.tar >fleet.txt 2>fleet.err
same 'the tar file of headroom-collect: as its tree' "$(jq -r .verdict own.json)" "$(jq -r '.hosts[0].verdict' fleet.json)"

# --- Prometheus -------------------------------------------------------------------------------------------------------

mkdir -p prometheus/good prometheus/exporter prometheus/gone prometheus/twice prometheus/half prometheus/none
for number in 1 2 3; do "$H" facts --facts "gen-0$number.json" -o "prometheus:prometheus/good/gen-0$number:9100.prom" 2>/dev/null; done
mkfifo hold
python3 "$top/tests/cli/prometheus_server.py" prometheus log <hold >port &
server=$!
exec 3>hold
wait_for port
at=http://127.0.0.1:$(cat port)

fleet 'Prometheus with the facts of headroom' 3 "$at/good"
same 'the hosts are named without their port' 'gen-01 gen-02 gen-03' "$(jq -r '[.hosts[].name] | join(" ")' fleet.json)"
same 'one query for the names, and one for some hosts together' 2 "$(grep -c '^good ' log)"
fleet 'an address with a slash' 3 "$at/good/"

# ends ADDRESS: exit code and last line of a plan that every host would carry
ends() {
	"$H" fleet ws-client --connections 30 --hosts hosts.txt -o json:fleet.json "$1" >fleet.txt 2>fleet.err
	echo "$? $(tail -n 1 fleet.txt | cut -d' ' -f1-2)"
}
same 'all of them, with a small plan' '0 headroom: PASS' "$(ends "$at/good")"
for place in error down text foreign cut long none; do
	same "an API that answers otherwise is no PASS: $place" '4 headroom: UNKNOWN' "$(ends "$at/$place")"
done
"$H" fleet ws-client --connections 30 --hosts hosts.txt "$at/error" >fleet.txt 2>&1
same 'what the API says is shown' 1 "$(grep -c 'HTTP status 400: parse error' fleet.txt)"
same 'without its control characters' 0 "$(grep -c "$(printf '\033')" fleet.txt)"
same 'nobody is there' '4 headroom: UNKNOWN' "$(ends http://127.0.0.1:1)"
same 'samples that make no sense' '4 headroom: UNKNOWN' "$(ends "$at/odd")"
check 'a user in the address' 2 '' 'contains a user name' "$H" fleet ws-client --hosts hosts.txt http://me:secret@127.0.0.1/
check 'and it is not shown' 2 '' '^[^@]*$' "$H" fleet ws-client --hosts hosts.txt http://me:secret@127.0.0.1/
check 'a query in the address' 2 '' 'expected the address of a Prometheus server' "$H" fleet ws-client --hosts hosts.txt "$at/?x=y"

# The facts are as old as headroom says, not as the scrape.
cp -r prometheus/good prometheus/stale
sed -i 's/^headroom_facts_created_timestamp_seconds .*/headroom_facts_created_timestamp_seconds 1577836800/' \
	prometheus/stale/gen-02:9100.prom
same 'a textfile that nobody renews' '4 headroom: UNKNOWN' "$(ends "$at/stale")"
same 'is stale' 1 "$(jq .counts.stale fleet.json)"

# A target with nothing now, one that two jobs scrape, one with a list that lost an entry.
cp -r prometheus/good/. prometheus/gone
: >prometheus/gone/gen-02:9100.prom
same 'a target that is not scraped any more' '4 headroom: UNKNOWN' "$(ends "$at/gone")"
same 'is named' 1 "$(tr -s ' \n' ' ' <fleet.txt | grep -c 'no longer scraped')"
cp -r prometheus/good/. prometheus/twice
echo 'headroom_fact{key="net.core.somaxconn"} 1' >>prometheus/twice/gen-02:9100.prom
same 'two series that say different things' '4 headroom: UNKNOWN' "$(ends "$at/twice")"
same 'and of what' 1 "$(grep -c 'two series' fleet.txt)"
cp -r prometheus/good prometheus/lost
sed -i '/key="limits.nofile.soft"/d' prometheus/lost/gen-02:9100.prom
same 'a series that was lost is not collected' '4 headroom: UNKNOWN' "$(ends "$at/lost")"
# The second of two queries fails: the hosts of the first do not stand for all.
for number in $(seq -w 4 24); do cp prometheus/good/gen-01:9100.prom "prometheus/half/gen-$number:9100.prom"; done
same 'an API that fails in the midst' '4 headroom: UNKNOWN' "$(ends "$at/half")"

# node_exporter alone: it can show that a host fails, and never that it is good.
for number in 1 2 3; do
	cat >"prometheus/exporter/gen-0$number:9100.prom" <<-END
		node_uname_info{domainname="(none)",machine="x86_64",nodename="gen-0$number",release="6.1.0-18-amd64",sysname="Linux",version="#1"} 1
		node_os_info{id="debian",name="Debian GNU/Linux",pretty_name="Debian GNU/Linux 12 (bookworm)"} 1
		node_filefd_allocated 1024
		node_filefd_maximum 9.223372036854776e+18
		node_memory_MemTotal_bytes 1.6e+10
		node_memory_MemAvailable_bytes 1.2e+10
		node_memory_MemFree_bytes 1e+10
		node_sockstat_TCP_tw 3
		node_sysctl_net_ipv4_ip_local_port_range_min 32768
		node_sysctl_net_ipv4_ip_local_port_range_max 60999
		node_sysctl_net_core_somaxconn 4096
		node_sysctl_net_ipv4_tcp_fin_timeout 60
		node_sysctl_net_ipv4_tcp_mem{index="0"} 188000
		node_sysctl_net_ipv4_tcp_mem{index="1"} 251000
		node_sysctl_net_ipv4_tcp_mem{index="2"} 376000
		node_netstat_TcpExt_ListenDrops 7
		headroom_exported_cpus 4
	END
done
sed -i 's/range_max .*/range_max 32800/' prometheus/exporter/gen-03:9100.prom
same 'node_exporter alone is never PASS' '4 headroom: UNKNOWN' "$(ends "$at/exporter")"
same 'and can show that a host fails' 'gen-01 unknown gen-02 unknown gen-03 fail' \
	"$("$H" fleet ws-client --connections 600 --hosts hosts.txt -o json:fleet.json "$at/exporter" >/dev/null 2>&1
		jq -r '[.hosts[] | "\(.name) \(.verdict)"] | join(" ")' fleet.json)"

# More targets than one query asks for.
mkdir prometheus/many
for number in $(seq 1 40); do cp prometheus/good/gen-01:9100.prom "prometheus/many/h$number.example:9100.prom"; done
for number in $(seq 1 40); do echo "h$number.example"; done >many.txt
"$H" fleet ws-client --connections 400 --hosts many.txt -o json:fleet.json "$at/many" >fleet.txt 2>&1
same 'many targets: a query for some of them together' 4 "$(grep -c '^many ' log)"
exec 3>&-
wait "$server"
