# --container new: what each engine's new container would get, by the files and processes of a snapshot. The trees are
# made here: a captured host with what an engine adds. The real engines: tests/live/engines.sh.
# shellcheck shell=sh
. tests/cli/lib.sh
if ! command -v jq >/dev/null; then
	skip "new containers" "no jq"
	exit 0
fi

# Files that this host does not have, as a snapshot says it.
absent="etc/docker/daemon.json etc/containerd/config.toml etc/crio/crio.conf etc/crio/crio.conf.d
	usr/share/containers/containers.conf etc/containers/containers.conf etc/containers/containers.conf.d
	var/lib/kubelet/config.yaml"
for directory in etc run usr/local/lib usr/lib lib; do
	for unit in docker containerd crio; do absent="$absent $directory/systemd/system/$unit.service.d"; done
	absent="$absent $directory/systemd/system.conf.d"
done
# tree NAME: makes the tree and goes on in it.
tree() {
	cp -R "$hosts/debian-default" "$work/$1" && chmod -R u+w "$work/$1" && cd "$work/$1" || exit 1
	for path in $absent; do echo "$path ENOENT"; done >>MANIFEST
}
# put PATH <TEXT
put() {
	mkdir -p "$(dirname "$1")"
	cat >"$1"
	grep -v -e "^$1 " -e "^$(dirname "$1") " MANIFEST >MANIFEST.new
	mv MANIFEST.new MANIFEST
}
# process PID NAME SOFT HARD [UNIT]
process() {
	echo "$2" | put "proc/$1/comm"
	printf 'Limit                     Soft Limit           Hard Limit           Units\nMax open files            %-20s %-20s files\n' \
		"$3" "$4" | put "proc/$1/limits"
	echo "0::/system.slice/${5:-$2.service}" | put "proc/$1/cgroup"
}
# service NAME [LimitNOFILE]
service() { printf '[Service]\nExecStart=/usr/bin/x\n%s\n' "${2:+LimitNOFILE=$2}" | put "usr/lib/systemd/system/$1.service"; }
facts() { "$H" facts --container new --facts "$work/$1" -o json >"$work/$1.json" 2>"$work/$1.err"; }
value() { jq -r --arg key "$2" '.facts[] | select(.key == $key and .instance == "") | .value // .status' "$work/$1.json"; }
files() { echo "$(value "$1" limits.nofile.soft):$(value "$1" limits.nofile.hard)"; }
verdict() { "$H" audit "$@" --container new --connections 9000 --lifetime 60s --no-history -o json 2>/dev/null | jq -r .verdict; }

(tree docker && process 812 dockerd 1048576 1048576 docker.service && service docker 1048576)
facts docker
same "docker: a container inherits what its unit says" 1048576:1048576 "$(files docker)"
same "docker: and says where that stands" 1 \
	"$(jq -r '.facts[] | select(.key == "limits.nofile.soft").where' "$work/docker.json" | grep -c 'docker.service:3')"
same "docker: no limit of threads is known" skipped "$(value docker cgroup.pids.max)"
same "docker: a new network namespace" 4096 "$(value docker net.core.somaxconn)"
same "docker: judged" pass "$(verdict --facts "$work/docker")"

# containerd 2 sets no LimitNOFILE. A daemon in Go raises its own soft limit, to the hard one or one less, and a
# container gets what it was started with.
for raised in 524288 524287; do
	(tree "raised$raised" && process 812 dockerd $raised 524288 docker.service && process 813 containerd $raised 524288 &&
		service docker && service containerd)
	facts "raised$raised"
	same "docker over containerd 2 ($raised): systemd's default" 1024:524288 "$(files "raised$raised")"
	same "and the plan fails" fail "$(verdict --facts "$work/raised$raised")"
done
(tree lowered && process 813 containerd 2000 4000 && process 812 dockerd 2000 4000 docker.service)
facts lowered
same "a soft limit below the hard one is what is inherited" 2000:4000 "$(files lowered)"
(tree default && process 813 containerd 65535 65536 && process 812 dockerd 65535 65536 && service containerd &&
	printf '[Manager]\nDefaultLimitNOFILE=4096:65536\n' | put etc/systemd/system.conf)
facts default
same "systemd's default of this host" 4096:65536 "$(files default)"
(tree dropin && process 813 containerd 65535 65536 && process 812 dockerd 1 1 && service containerd infinity &&
	printf '[Service]\nLimitNOFILE=3000:65536\n' | put etc/systemd/system/containerd.service.d/limits.conf)
facts dropin
same "a drop-in" 3000:65536 "$(files dropin)"
(tree stale && process 813 containerd 65536 65536 && process 812 dockerd 65536 65536 && service containerd 1024:4096)
facts stale
same "a unit that was changed since says nothing" skipped:65536 "$(files stale)"
(tree byhand && process 813 containerd 20000 20000 'user.slice/session-1.scope' && process 812 dockerd 20000 20000)
facts byhand
same "a daemon that no unit started" skipped:20000 "$(files byhand)"
same "is unknown" unknown "$(verdict --facts "$work/byhand")"
check "and says the way out" 0 '.' '' grep -o 'set limits.nofile.soft=N' \
	"$("$H" audit --facts "$work/byhand" --container new --connections 9000 --no-history >"$work/byhand.txt" 2>&1 || :
	tr -s ' \n' ' ' <"$work/byhand.txt" >"$work/byhand.line"; echo "$work/byhand.line")"
(tree two && process 813 containerd 1024 524288 && process 814 containerd 5000 5000 k3s.service &&
	process 812 dockerd 1 1)
facts two
same "two of one name that differ" skipped:skipped "$(files two)"

limits='{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 777, "Hard": 1777}}, "proxies": {"http-proxy": "http://u:secret@p"}}'
docker_json() {
	(tree "$1" && process 812 dockerd 1048576 1048576 docker.service && service docker 1048576 && printf '%s' "$2" | put etc/docker/daemon.json)
	facts "$1"
}
docker_json json "$limits"
same "daemon.json" 777:1777 "$(files json)"
docker_json none '{"log-driver": "local"}'
same "daemon.json without limits" 1048576:1048576 "$(files none)"
docker_json endless '{"default-ulimits": {"nofile": {"Name": "nofile", "Soft": 1024, "Hard": -1}}}'
same "-1 is no limit, and fs.nr_open" "1024:$(value docker fs.nr_open)" "$(files endless)"
for broken in '{"default-ulimits"' '[]' '{"default-ulimits":{"nofile":5}}' '{"default-ulimits":{"nofile":{"Soft":9,"Hard":2}}}' \
	'{"default-ulimits":{"nofile":{"Soft":"a","Hard":1e400}}}' 'x'; do
	rm -rf "$work/broken"
	docker_json broken "$broken"
	same "daemon.json with $broken is unknown" skipped:skipped "$(files broken)"
done
(tree huge && process 812 dockerd 1048576 1048576 docker.service && service docker 1048576 &&
	head -c 2000000 /dev/zero | tr '\0' ' ' | put etc/docker/daemon.json)
facts huge
same "a daemon.json that is too large" skipped:skipped "$(files huge)"
same "takes nothing from the ports" 4096 "$(value huge net.core.somaxconn)"
(tree missing && process 812 dockerd 1048576 1048576 docker.service && service docker 1048576 &&
	grep -v daemon.json MANIFEST >M && mv M MANIFEST)
facts missing
same "one that was not collected" skipped:skipped "$(files missing)"
(tree elsewhere && process 812 dockerd 1048576 1048576 docker.service && service docker 1048576 &&
	printf 'dockerd\0--config-file\0/opt/d.json\0--default-ulimit=nofile=5000:6000\0' >proc/812/cmdline && echo '{}' | put opt/d.json)
facts elsewhere
same "options of the command line" 5000:6000 "$(files elsewhere)"

pods() { process 500 kubelet 9 9 && process 813 containerd 524287 524288 && service containerd; }
(tree pod && pods && printf 'kind: KubeletConfiguration\npodPidsLimit: 300 # few\nallowedUnsafeSysctls:\n  - "net.core.*"\nx: 1\n' |
	put var/lib/kubelet/config.yaml)
facts pod
same "pods by containerd" 1024:524288 "$(files pod)"
same "podPidsLimit" 300 "$(value pod cgroup.pids.max)"
check "the fix keeps the hard limit" 3 'LimitNOFILE.*13000:524288' '' \
	sh -c "'$H' audit --container new --facts '$work/pod' --connections 9000 --no-history | tr -s ' \n' ' '; exit 3"
allowed() { "$H" fix --container new --facts "$work/$1" --role server --connections 100 --burst 9000 --backlog 16384 --nofile hard -o json 2>/dev/null; }
(tree strict && pods && echo 'podPidsLimit: -1' | put var/lib/kubelet/config.yaml)
facts strict
same "an unsafe sysctl is allowed first" true \
	"$(allowed strict | jq '[.. | .persistent? // empty | .kubelet? // empty] | any(contains("net.core.somaxconn"))')"
same "unless the kubelet allows it already" false \
	"$(allowed pod | jq '[.. | .persistent? // empty | .kubelet? // empty] | any(contains("net.core.somaxconn"))')"
(tree json-kubelet && pods && echo '{"kind":"KubeletConfiguration","podPidsLimit":77,"allowedUnsafeSysctls":["net.core.*"]}' |
	put var/lib/kubelet/config.yaml)
facts json-kubelet
same "a kubelet's configuration in JSON" 77 "$(value json-kubelet cgroup.pids.max)"
(tree flag && pods && printf 'kubelet\0--pod-max-pids=55\0--token=secret\0' >proc/500/cmdline && echo 'podPidsLimit: 9' |
	put var/lib/kubelet/config.yaml)
facts flag
same "a kubelet's option wins" 55 "$(value flag cgroup.pids.max)"

# base_runtime_spec, as containerd 1.7 and 2 write it.
spec='{"process":{"rlimits":[{"type":"RLIMIT_CORE","soft":1,"hard":1},{"type":"RLIMIT_NOFILE","hard":6000,"soft":5000}]},"linux":{"sysctl":{"net.core.somaxconn":"300"}}}'
for version in 'plugins."io.containerd.grpc.v1.cri"' "plugins.'io.containerd.cri.v1.runtime'"; do
	rm -rf "$work/spec"
	(tree spec && pods && printf '%s' "$spec" | put etc/containerd/base.json && put etc/containerd/config.toml <<END
version = 2 # or 3
[$version.containerd]
  default_runtime_name = "runc"
  [$version.containerd.runtimes.other]
    base_runtime_spec = "/nowhere.json"
  [$version.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    base_runtime_spec = "/etc/containerd/base.json"
END
	)
	facts spec
	same "base_runtime_spec of $version" "5000:6000 300" "$(files spec) $(value spec net.core.somaxconn)"
done
check "the fix is in that file" 3 'in /etc/containerd/base.json, RLIMIT_NOFILE, which containerd' '' \
	sh -c "'$H' audit --container new --facts '$work/spec' --connections 9000 --no-history | tr -s ' \n' ' '; exit 3"
rm "$work/spec/etc/containerd/base.json"
facts spec
same "one that is not there" "skipped:skipped skipped" "$(files spec) $(value spec net.core.somaxconn)"
(tree imports && pods && echo 'imports = ["/etc/containerd/conf.d/*.toml"]' | put etc/containerd/config.toml &&
	printf '[plugins.x.containerd.runtimes.runc]\nbase_runtime_spec = "/b.json"\n' | put etc/containerd/conf.d/a.toml &&
	printf '%s' "$spec" | put b.json)
facts imports
same "a configuration that is imported" 5000:6000 "$(files imports)"

crio() {
	(tree "$1" && process 9 crio 1048576 1048576 && process 500 kubelet 9 9 && service crio 1048576 &&
		echo 'podPidsLimit: 300' | put var/lib/kubelet/config.yaml && put etc/crio/crio.conf)
	facts "$1"
}
crio crio <<'END'
[crio]
default_ulimits = ["nofile=1:1"]
[crio.runtime]
# default_ulimits = ["nofile=9:9"]
default_ulimits = [
	"nproc=5:5", # "nofile=8:8"
	'nofile=2000:4000',
]
default_sysctls = ["net.core.somaxconn=200", "net.ipv4.ip_local_port_range=40000 50000"]
END
same "CRI-O: default_ulimits" 2000:4000 "$(files crio)"
same "CRI-O: default_sysctls" 200 "$(value crio net.core.somaxconn)"
check "CRI-O: its fix" 3 'default_ulimits' '' \
	sh -c "'$H' audit --container new --facts '$work/crio' --connections 9000 --no-history | tr -s ' \n' ' '; exit 3"
(cd "$work/crio" && printf '[crio.runtime]\ndefault_ulimits = ["nofile=3000"]\n' | put etc/crio/crio.conf.d/10-a.conf)
facts crio
same "CRI-O: a later file wins, and one number is both" 3000:3000 "$(files crio)"
crio inherits </dev/null
same "CRI-O: nothing set: its own" 1048576:1048576 "$(files inherits)"
crio torn <<'END'
[crio.runtime]
default_ulimits = [ "nofile=2000:4000",
END
same "CRI-O: a list that does not end" "skipped:skipped skipped" "$(files torn) $(value torn net.core.somaxconn)"
crio odd <<'END'
[crio.runtime]
default_ulimits = ["nofile=many"]
END
same "CRI-O: a limit that is no number" skipped:skipped "$(files odd)"

podman() { (tree "$1" && put etc/containers/containers.conf && sed -i "s/^Uid:.*/Uid:	$2	$2	$2	$2/" proc/self/status) && facts "$1"; }
printf '[containers]\ndefault_ulimits = ["nofile=500:600", {append=true}]\npids_limit = 99\ndefault_sysctls = ["net.core.somaxconn=11"]\n' | podman podman 0
same "Podman: containers.conf" "500:600 99 11" "$(files podman) $(value podman cgroup.pids.max) $(value podman net.core.somaxconn)"
printf '[containers]\npids_limit = 0\n' | podman root 0
same "Podman: its default, and no limit of threads where 0 is set" "1048576:1048576 absent" "$(files root) $(value root cgroup.pids.max)"
printf '[engine]\n' | podman unset 0
same "Podman: its default of threads" 2048 "$(value unset cgroup.pids.max)"
sed -i 's/^Max open files .*/Max open files 1024 4096 files/' "$work/root/proc/self/limits"
sed -i 's/^Uid:.*/Uid:	1000	1000	1000	1000/' "$work/root/proc/self/status"
facts root
same "Podman of a user: his own hard limit" 4096:4096 "$(files root)"

(tree nerdctl && process 813 containerd 1024 524288)
facts nerdctl
same "containerd alone: its client decides" skipped:skipped "$(files nerdctl)"
(tree stopped && service docker 1024:2048)
facts stopped
same "an engine that does not run, by its unit" 1024:2048 "$(files stopped)"
(tree many && process 812 dockerd 1048576 1048576 docker.service && process 9 crio 1024 5000 && service docker && service crio)
check "another engine is named" 3 'container of docker, which is also installed here' '' \
	sh -c "'$H' audit --container new --facts '$work/many' --connections 9000 --no-history --all | tr -s ' \n' ' '; exit 3"
(tree nothing)
check "nothing that makes containers" 2 '' 'contains no container engine' "$H" audit default --container new --facts "$work/nothing"
check "facts are no snapshot" 2 '' 'needs a snapshot' "$H" audit default --container new --facts "$work/docker.json"
check "another container is not in a snapshot" 2 '' 'give one of them' "$H" audit default --container web --facts "$work/docker"

# A snapshot keeps what was read of these files, and no secret beside it.
kept() {
	cat >"$work/kept.sh" <<'END'
cp -a /etc "$WORK/etc" && mount --bind "$WORK/etc" /etc && mkdir -p /etc/docker || exit 77
printf '%s' "$LIMITS" >/etc/docker/daemon.json
"$H" facts --snapshot "$WORK/snapshot" 2>/dev/null || exit 1
END
	cp "$(command -v sleep)" "$work/dockerd" && "$work/dockerd" 60 &
	daemon=$!
	LIMITS=$limits WORK=$work H=$H unshare -m sh "$work/kept.sh"
	result=$?
	kill "$daemon"
	if [ $result -eq 77 ]; then
		skip "a snapshot of an engine" "no mount namespace here"
		return
	fi
	same "a snapshot keeps the limits" 777 "$(jq '."default-ulimits".nofile.Soft' "$work/snapshot/etc/docker/daemon.json")"
	same "and no password" 0 "$(grep -r -c secret "$work/snapshot/etc/docker" | grep -v -c ':0$')"
	facts snapshot
	same "and is judged the same" 777:1777 "$(files snapshot)"
}
if [ "$(id -u)" -eq 0 ] && command -v unshare >/dev/null; then
	kept
else
	skip "a snapshot of an engine" "not root, or no unshare"
fi
