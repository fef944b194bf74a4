#!/bin/bash
# Usage: fleet.sh [BUILD]. make live-fleet: real engines bring the facts of twelve hosts with odd settings, and each
# host's verdict in the fleet is what that host's own headroom audit says. Hosts are network namespaces with an sshd,
# behind a bridge, all inside one private network and mount namespace: nothing outside is touched, everything is ended
# by its process id.
# Needs root, openssh, ansible, clustershell, pdsh, prometheus and prometheus-node-exporter.
# shellcheck disable=SC2016 # programs for jq, and what remote shells expand
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${1:-build}
H=${HEADROOM:-$top/$build/headroom}
passed=0 failed=0 skipped=0

ok() { passed=$((passed + 1)) && echo "ok - $1"; }
not_ok() {
	failed=$((failed + 1))
	echo "not ok - $1"
	shift
	printf '#   %s\n' "$@" | head -n 20
}
skip() { skipped=$((skipped + 1)) && echo "ok - $1 # SKIP $2"; }
same() {
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "want: $2" "got:  $3"; fi
}

if [ "${2:-}" != inside ]; then
	for program in ssh sshd ip unshare jq; do
		command -v "$program" >/dev/null || [ -x "/usr/sbin/$program" ] || { echo "$program is not installed"; exit 77; }
	done
	[ "$(id -u)" = 0 ] || { echo "needs root: it makes network namespaces"; exit 77; }
	exec unshare --net --mount --uts "$0" "$build" inside
fi

PATH=$PATH:/usr/sbin:/sbin
work=$(mktemp -d) || exit 1
ours=()
finish() {
	[ ${#ours[@]} -eq 0 ] || kill "${ours[@]}" 2>/dev/null
	wait 2>/dev/null
	for name in "${hosts[@]}"; do ip netns del "$name" 2>/dev/null; done
	cd / && rm -rf "$work"
}
hosts=()
trap finish EXIT
cd "$work" || exit 1
export HEADROOM_HISTORY=off XDG_CONFIG_HOME=/nonexistent HOME=$work
mount --make-rprivate /
mount -t tmpfs -o mode=755 none /run
mkdir /run/netns /run/sshd /run/lock

# --- twelve hosts -----------------------------------------------------------------------------------------------------

ip link set lo up
ip link add name fleet type bridge
ip addr add 10.77.0.1/24 dev fleet
ip link set fleet up
ssh-keygen -q -t ed25519 -N '' -f key
ssh-keygen -q -t ed25519 -N '' -f host_key
mkdir bin
ln -s "$H" bin/headroom
cp key.pub authorized
chmod 600 authorized
cat >sshd.conf <<END
HostKey $work/host_key
AuthorizedKeysFile $work/authorized
StrictModes no
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
PidFile none
SetEnv PATH=$work/bin:$PATH HEADROOM_HISTORY=off XDG_CONFIG_HOME=/nonexistent
END
cat >ssh.conf <<END
IdentityFile $work/key
StrictHostKeyChecking no
UserKnownHostsFile /dev/null
LogLevel ERROR
User root
BatchMode yes
ConnectTimeout 3
ControlMaster no
END

# what is odd about each: a command in its namespace, and the soft and hard limit of open files
odd() {
	case $1 in
	gen-05) echo 40000 41000 >/proc/sys/net/ipv4/ip_local_port_range ;;
	gen-06) echo 40000 41000 >/proc/sys/net/ipv4/ip_local_port_range ;;
	gen-07) echo 32768-60000 >/proc/sys/net/ipv4/ip_local_reserved_ports ;;
	gen-08) echo 7 >/proc/sys/net/core/somaxconn ;;
	gen-09) echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse ;;
	gen-10) echo 1024 65535 >/proc/sys/net/ipv4/ip_local_port_range ;;
	esac
}
files() {
	case $1 in
	gen-03) echo 512:20000 ;;
	gen-04) echo 512:512 ;;
	*) echo 16000:20000 ;;
	esac
}

for number in $(seq 1 12); do
	name=$(printf 'gen-%02d' "$number")
	hosts+=("$name")
	ip netns add "$name"
	ip link add "v$number" type veth peer name eth0 netns "$name"
	ip link set "v$number" master fleet up
	ip -n "$name" addr add "10.77.0.$((100 + number))/24" dev eth0
	ip -n "$name" link set eth0 up
	ip -n "$name" link set lo up
	printf '\nHost %s\nHostName 10.77.0.%d\n' "$name" $((100 + number)) >>ssh.conf
	echo "10.77.0.$((100 + number)) $name" >>hosts.file
	export -f odd
	[ "$number" = 12 ] && continue # this one is down
	ip netns exec "$name" unshare --uts prlimit --nofile="$(files "$name")" bash -c '
		odd "$1"
		hostname "$1"
		exec /usr/sbin/sshd -D -e -f "$2"' - "$name" "$work/sshd.conf" 2>"sshd.$name" &
	ours+=($!)
done
printf '%s\n' "${hosts[@]}" >hosts.txt
cat hosts.file /etc/hosts >hosts.new
mount --bind hosts.new /etc/hosts
ssh() { command ssh -F "$work/ssh.conf" "$@"; }
for name in "${hosts[@]:0:11}"; do
	for _ in $(seq 1 50); do ssh "$name" true 2>/dev/null && break; sleep 0.1; done
done
same 'eleven hosts answer' 11 "$(for name in "${hosts[@]:0:11}"; do ssh "$name" hostname; done 2>/dev/null | sort | uniq | wc -l)"

# --- what each host says itself ---------------------------------------------------------------------------------------

plan=(ws-client --connections 24000)
share=(ws-client --connections 2000)
mkdir own
for name in "${hosts[@]:0:11}"; do
	ssh "$name" headroom audit "${share[@]}" -o json >"own/$name.json" 2>/dev/null
	jq -r --arg name "$name" '"\($name) \(.verdict) \(.binding.resource // "-")"' "own/$name.json"
done >own.txt
same 'they do not all say the same' 'fail pass' "$(cut -d' ' -f2 own.txt | sort -u | tr '\n' ' ' | sed 's/ $//')"

# fleet NAME EXIT SOURCE…: the verdict of each host, as the host itself says it; standard input is passed on
fleet() {
	name=$1 want=$2
	shift 2
	"$H" fleet "${plan[@]}" --hosts hosts.txt -o json:fleet.json "$@" >fleet.txt 2>fleet.err
	got=$?
	if [ "$got" != "$want" ]; then
		not_ok "$name" "exit $got, not $want" "$(tail -n 3 fleet.txt)" "$(head -c 500 fleet.err)"
		return
	fi
	jq -r '.hosts[] | select(.state == "judged") | "\(.name) \(.verdict) \(.limit // "-")"' fleet.json | sort >judged.txt
	if cmp -s judged.txt own.txt; then
		ok "$name: each host's verdict is its own"
	else
		not_ok "$name: each host's verdict is its own" "$(diff own.txt judged.txt)"
	fi
}

# --- engines ----------------------------------------------------------------------------------------------------------

mkdir by-ssh
xargs -P 4 -I HOST sh -c "ssh -F '$work/ssh.conf' HOST headroom facts -o json >by-ssh/HOST.json 2>/dev/null || :" <hosts.txt
fleet 'ssh, a file for each host' 3 by-ssh
same 'the host that is down is counted' 1 "$(jq '.counts.missing + .counts.broken' fleet.json)"
rm by-ssh/gen-12.json

mkdir by-collector
xargs -P 4 -I HOST sh -c "ssh -F '$work/ssh.conf' HOST sh -s <'$top/probes/host/collect/headroom-collect' >by-collector/HOST.tar 2>/dev/null || :" <hosts.txt
rm by-collector/gen-12.tar
fleet 'headroom-collect over ssh' 3 by-collector
cat by-collector/*.tar >all.tar # tar ends at the first: one would be taken for all
"$H" fleet "${plan[@]}" --hosts hosts.txt all.tar >fleet.txt 2>&1
case $? in 0) not_ok 'tar files one behind the other are no PASS' ;; *) ok 'tar files one behind the other are no PASS' ;; esac

if command -v clush >/dev/null; then
	clush -q -f 4 -o "-F $work/ssh.conf" -w "gen-[01-12]" headroom facts -o json >clush.out 2>clush.err
	fleet 'clush, lines with the name of the host in front' 3 - <clush.out
else
	skip clush 'clustershell is not installed'
fi

if command -v pdsh >/dev/null; then
	PDSH_SSH_ARGS_APPEND="-F $work/ssh.conf" pdsh -R ssh -f 4 -w "gen-[01-12]" headroom facts -o json >pdsh.out 2>pdsh.err
	fleet 'pdsh' 3 - <pdsh.out
else
	skip pdsh 'pdsh is not installed'
fi

if command -v ansible-playbook >/dev/null; then
	printf '%s\n' '[load]' "${hosts[@]}" >inventory
	cat >ansible.cfg <<-END
		[defaults]
		host_key_checking = False
		forks = 6
		interpreter_python = /usr/bin/python3
		[ssh_connection]
		ssh_args = -F $work/ssh.conf -o ControlMaster=no
	END
	export ANSIBLE_CONFIG=$work/ansible.cfg ANSIBLE_NOCOLOR=1
	PATH=$work/bin:$PATH ansible-playbook -i inventory "$top/docs/fleet/collect.yml" -e "dir=$work/by-ansible" -e "report=$work/ansible.json" \
		-e "collector=$top/probes/host/collect/headroom-collect" -e "{\"plan\": \"${plan[*]}\"}" >ansible.txt 2>&1
	same 'the playbook ends in an error, for one host is down' 4 $?
	if grep -q 'headroom: FAIL .*expected=12' ansible.txt; then ok 'and says the verdict'; else not_ok 'and says the verdict' "$(tail -n 20 ansible.txt)"; fi
	fleet 'Ansible: what the playbook brought' 3 by-ansible
	same 'its own document says the same' "$(jq -c .counts fleet.json)" "$(jq -c .counts ansible.json)"
	# the fix of a class, as the README has it: looked at, not applied (the hosts share one /etc)
	PATH=$work/bin:$PATH sh "$top/docs/fleet/fix.sh" inventory fleet.json by-ansible >fix.txt 2>&1
	same 'the fix of each class plays in check mode' 0 $?
	for name in gen-03 gen-04; do # those of the others belong to a network namespace, which no file sets at boot
		if grep -q "^$name .*changed=[1-9]" fix.txt; then ok "and would change something on $name"; else
			not_ok "and would change something on $name" "$(tail -n 12 fix.txt)"
		fi
	done
	# a host without headroom: the collector
	rm -rf by-ansible
	mv bin/headroom bin/away
	PATH=$work/away:$PATH ansible-playbook -i inventory -l gen-03,gen-05 "$top/docs/fleet/collect.yml" -e "dir=$work/by-ansible" \
		-e "collector=$top/probes/host/collect/headroom-collect" >ansible.txt 2>&1
	mv bin/away bin/headroom
	same 'where there is no headroom, the collector goes' 'gen-03.tar gen-05.tar' "$(cd by-ansible 2>/dev/null && echo *)"
else
	skip ansible 'ansible is not installed'
fi

# --- what is wrong with a fleet ---------------------------------------------------------------------------------------

cp -r by-ssh lies
jq '.created = "2020-01-01T00:00:00Z" | .facts |= map(.read_at = "2020-01-01T00:00:00Z")' by-ssh/gen-01.json >lies/gen-01.json
jq '.host.name = "gen-12" | .facts |= map(if .key == "host.name" then .value = "gen-12" else . end)' by-ssh/gen-02.json >lies/gen-12.json
"$H" fleet "${plan[@]}" --hosts hosts.txt -o json:fleet.json lies >fleet.txt 2>&1
same 'a stale host is counted' 1 "$(jq .counts.stale fleet.json)"
same 'so is one machine under two names' 1 "$(jq .counts.duplicate fleet.json)"
printf 'gen-01\ngen-02\n' >two.txt
"$H" fleet ws-client --connections 4000 --hosts two.txt by-ssh/gen-01.json by-ssh/gen-02.json >fleet.txt 2>&1
same 'two good hosts are PASS' 0 $?
"$H" fleet ws-client --connections 4000 --hosts two.txt lies/gen-01.json by-ssh/gen-02.json >fleet.txt 2>&1
same 'one of them stale: not' 4 $?
"$H" fleet ws-client --connections 4000 --hosts two.txt by-ssh/gen-02.json >fleet.txt 2>&1
same 'one of them down: not' 4 $?

# --- containers without headroom, as hosts ------------------------------------------------------------------------------

if command -v podman >/dev/null && busybox=$(command -v busybox) && ! ldd "$busybox" >/dev/null 2>&1; then
	umount /sys/fs/cgroup/unified 2>/dev/null
	mkdir -p image/bin image/etc image/tmp by-podman
	cp "$busybox" image/bin/busybox
	for applet in $(busybox --list | grep -vx busybox); do ln -s busybox "image/bin/$applet"; done
	podman() { command podman --root "$work/containers" --runroot "$work/containers.run" --storage-driver=vfs "$@" 2>>podman.err; }
	tar -C image -c . | podman import - fleet-test >/dev/null
	for name in gen-01 gen-02; do
		limit=4096:8192
		[ $name = gen-02 ] && limit=100:200
		podman run -d --name $name --hostname $name --cgroups=disabled --network none --ulimit nofile=$limit \
			--ulimit nproc=4096:8192 fleet-test /bin/sleep 120 >/dev/null
	done
	podman ps --format '{{.Names}}' | while read -r name; do
		podman exec -i "$name" sh -s <"$top/probes/host/collect/headroom-collect" >"by-podman/$name.tar"
	done
	"$H" fleet ws-client --connections 400 --hosts two.txt -o json:fleet.json by-podman >fleet.txt 2>&1
	same 'Podman: containers without headroom, by the collector' 'gen-01 pass gen-02 fail' \
		"$(jq -r '[.hosts[] | "\(.name) \(.verdict)"] | join(" ")' fleet.json)"
	podman rm -f -t 0 gen-01 gen-02 >/dev/null
	podman rmi -f fleet-test >/dev/null
else
	skip Podman 'podman or a static busybox is not installed'
fi

# --- Kubernetes: no cluster here, so by what the API's description says --------------------------------------------------

if /usr/bin/python3 -c 'import kubernetes, yaml' 2>/dev/null; then
	same 'the manifests hold nothing that the API does not know' good "$("$top/tests/live/manifests.py" "$top"/docs/fleet/*.yaml 2>&1)"
	sed 's/hostPID/hostPid/' "$top/docs/fleet/daemonset.yaml" >misspelled.yaml
	same 'a misspelled member is found' 1 "$("$top/tests/live/manifests.py" misspelled.yaml | grep -c hostPid)"
else
	skip manifests 'python3-kubernetes is not installed'
fi

# --- Prometheus -------------------------------------------------------------------------------------------------------

# answers ADDRESS: waits until it does, 10 s at most
answers() {
	for _ in $(seq 1 100); do
		curl -s -o answer "http://$1" 2>/dev/null && return
		sleep 0.1
	done
}

exporter=$(command -v prometheus-node-exporter || command -v node_exporter)
if command -v prometheus >/dev/null && [ -n "$exporter" ] && command -v curl >/dev/null; then
	for name in gen-01 gen-03 gen-05; do
		mkdir "textfile-$name"
		# gen-05 has node_exporter's own metrics only
		[ $name = gen-05 ] || ssh $name headroom facts -o "prometheus:$work/textfile-$name/headroom.prom" 2>/dev/null
		ip netns exec $name "$exporter" --collector.disable-defaults --collector.textfile --collector.filefd --collector.meminfo \
			--collector.uname --collector.sockstat --collector.netstat --collector.sysctl \
			--collector.sysctl.include=net.ipv4.ip_local_port_range:min,max --collector.sysctl.include=net.core.somaxconn \
			--collector.textfile.directory="$work/textfile-$name" --web.listen-address=:9100 >"exporter.$name" 2>&1 &
		ours+=($!)
		first_exporter=${first_exporter:-$!}
		answers "$name:9100/metrics"
	done
	sed -e "s/scrape_interval: 60s/scrape_interval: 1s/" -e 's/"gen-001:9100", "gen-002:9100"/"gen-01:9100", "gen-03:9100", "gen-05:9100"/' \
		"$top/docs/fleet/prometheus.yml" >prometheus.yml
	prometheus --config.file=prometheus.yml --storage.tsdb.path="$work/tsdb" --web.listen-address=10.77.0.1:9090 >prometheus.log 2>&1 &
	ours+=($!)
	answers 10.77.0.1:9090/-/ready
	for _ in $(seq 1 100); do
		curl -s -G --data-urlencode 'query=count(node_filefd_maximum)' 10.77.0.1:9090/api/v1/query | grep -q '"3"' && break
		sleep 0.2
	done
	printf 'gen-01\ngen-03\ngen-05\n' >three.txt
	"$H" fleet ws-client --connections 6000 --hosts three.txt -o json:fleet.json http://10.77.0.1:9090 >fleet.txt 2>&1
	same 'Prometheus: FAIL' 3 $?
	same 'a host whose facts are there: its own verdict' "$(grep gen-03 own.txt)" \
		"$(jq -r '.hosts[] | select(.name == "gen-03") | "\(.name) \(.verdict) \(.limit // "-")"' fleet.json)"
	same 'and another' "$(grep gen-01 own.txt)" \
		"$(jq -r '.hosts[] | select(.name == "gen-01") | "\(.name) \(.verdict) \(.limit // "-")"' fleet.json)"
	same 'node_exporter alone can show that a host fails' 'gen-05 fail ephemeral-ports' \
		"$(jq -r '.hosts[] | select(.name == "gen-05") | "\(.name) \(.verdict) \(.limit // "-")"' fleet.json)"
	printf 'gen-05\n' >one.txt
	"$H" fleet ws-client --connections 10 --hosts one.txt -o json:fleet.json http://10.77.0.1:9090 >fleet.txt 2>&1
	same 'and never that it is good' 'unknown' "$(jq -r '.hosts[] | select(.name == "gen-05").verdict' fleet.json)"
	kill "$first_exporter"
	for _ in $(seq 1 100); do
		curl -s -G --data-urlencode 'query=count(node_filefd_maximum)' 10.77.0.1:9090/api/v1/query | grep -q '"2"' && break
		sleep 0.2
	done
	printf 'gen-01\n' >one.txt
	"$H" fleet ws-client --connections 10 --hosts one.txt -o json:fleet.json http://10.77.0.1:9090 >fleet.txt 2>&1
	same 'a target that is not scraped any more is no PASS' 4 "$(jq '.verdict == "unknown"' fleet.json | sed 's/true/4/')"
	"$H" fleet ws-client --connections 10 --hosts one.txt http://10.77.0.1:9091 >fleet.txt 2>&1
	same 'a Prometheus that does not answer is no PASS' 4 $?
	"$H" fleet ws-client --connections 10 --hosts one.txt http://gen-03:9100 >fleet.txt 2>&1
	same 'nor is another server' 4 $?
	same 'promtool takes the metrics' '' "$(promtool check metrics <textfile-gen-01/headroom.prom 2>&1 || echo failed)"
else
	skip Prometheus 'prometheus, prometheus-node-exporter or curl is not installed'
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ $failed = 0 ]
