#!/bin/sh
# Every file that headroom fix --emit writes, given to the program it is for: sysctl, systemd, dockerd, podman,
# cloud-init, ansible, pam_limits, erl, a schema of the pod, sh. In private namespaces with a copy of /etc.
# For each: a plan that needs much, one that needs nothing, and one with a hostile name.
# Usage: tests/live/emit.sh BUILD_DIR (root; what is missing is skipped with the reason)
set -u
build=${1:-build}
H=${HEADROOM:-$PWD/$build/headroom}
hosts=$PWD/tests/hosts
if [ "${HEADROOM_EMIT_INSIDE:-}" != yes ]; then
	if [ "$(id -u)" -ne 0 ] || ! unshare -n -m true 2>/dev/null; then
		echo "ok - emitted files # SKIP needs root and the right to make namespaces"
		exit 77
	fi
	HEADROOM_EMIT_INSIDE=yes exec unshare -n -m --propagation private "$0" "$build"
fi
export HEADROOM_HISTORY=off
passed=0 failed=0 skipped=0
check() { # check TITLE COMMAND…
	title=$1
	shift
	if output=$("$@" 2>&1 </dev/null); then
		passed=$((passed + 1))
		echo "ok - $title"
	else
		failed=$((failed + 1))
		echo "not ok - $title"
		echo "$output" | tail -n 12 | sed 's/^/#   /'
	fi
}
refused() { ! "$@"; }
has() { # has PROGRAM TITLE
	command -v "$1" >/dev/null 2>&1 && return 0
	skipped=$((skipped + 1))
	echo "ok - $2 # SKIP $1 is not installed (make live-emit installs it on Debian)"
	return 1
}
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
docker_pid=
end() {
	[ -z "$docker_pid" ] || kill "$docker_pid" 2>/dev/null
	cd /
	umount -l "$work" 2>/dev/null
	rmdir "$work" 2>/dev/null
}
trap end EXIT
cp -a /etc "$work/etc"
mount --bind "$work/etc" /etc
for part in fs kernel vm; do
	mount --bind "/proc/sys/$part" "/proc/sys/$part" && mount -o remount,ro,bind "/proc/sys/$part"
done
ip link set lo up
mkdir "$work/much" "$work/none" "$work/evil" "$work/erlang"
cd "$work" || exit 1

# Descriptors within this machine's hard limit, so that a shell and a container may have them.
# shellcheck disable=SC3045
hard=$(ulimit -Hn)
[ "$hard" != unlimited ] || hard=1048576

# What is written for a stock image makes the plan fit in a namespace that has the kernel's defaults.
image_fits() { # image_fits SCRIPT…: the plan is refused by a login's limit, and passes behind the script
	# shellcheck disable=SC3045
	(ulimit -Sn 1024 && ! "$H" audit ws-client --connections 12000 --lifetime 60s --no-history -q &&
		"$@" "$H" audit ws-client --connections 12000 --lifetime 60s --no-history -q)
}
if [ "$hard" -ge 17000 ]; then
	"$H" size ws-client --connections 12000 --lifetime 60s --image debian-12 --emit shell -o stock.sh
	check "a stock image: the plan fits with what is written for it" image_fits sh stock.sh
else
	skipped=$((skipped + 1))
	echo "ok - a stock image # SKIP the hard limit of open files is below 17,000"
fi
kinds=sysctl,modules-load,limits,systemd,docker,docker-daemon,kubernetes,erlang,erlang-env,macos,cloud-init,startup-script,ansible,shell
limits="--set limits.nofile.soft=1024 --set limits.nofile.hard=$hard --facts $hosts/docker-publish"
# shellcheck disable=SC2086
"$H" fix ws-client --connections 13000 --new-conns 400/s --bind address $limits --emit "$kinds" --dir much -q
# shellcheck disable=SC2086
"$H" fix ws-client --connections 10 $limits --emit "$kinds" --dir none -q
# shellcheck disable=SC2086
"$H" audit ws-client --connections 13000 --new-conns 400/s --bind address $limits -o json >audit.json
# shellcheck disable=SC2016
jq --arg name "$(printf 'x"\nrm -rf /nonexistent #{{ lookup("pipe","id") }} --> \302\205 \342\200\250$(id) end\134')" \
	'.workload_title = $name | .host.name = $name | .fixes |= map(.title = $name | .restart = $name)' \
	audit.json >plan.json
"$H" fix plan.json --emit "$kinds" --dir evil -q
"$H" fix erlang-node --connections 200000 --facts "$hosts/debian-default" --set erlang.port_limit=65536 \
	--set erlang.process_limit=262144 --emit erlang,erlang-env,systemd --dir erlang -q
check "the plan needs settings, descriptors and reserved ports" sh -c '
	grep -q ^net.ipv4.ip_local_reserved_ports much/headroom-sysctl.conf && grep -q nofile much/headroom-limits.conf'
soft=$(awk '$1 == "*" && $2 == "soft" { print $4 }' much/headroom-limits.conf)
range=$(sed -n 's/^net.ipv4.ip_local_port_range = //p' much/headroom-sysctl.conf)

# The pod, without a cluster: the part of the API's schema that matters here.
cat >pod.py <<-'END'
	import sys, yaml, jsonschema
	pod = yaml.safe_load(open(sys.argv[1]))
	name = {"type": "string", "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$"}
	sysctl = {"type": "object", "required": ["name", "value"], "additionalProperties": False, "properties": {
		"name": {"type": "string", "pattern": r"^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$",
		         "maxLength": 253}, "value": {"type": "string"}}}
	container = {"type": "object", "required": ["name", "image"], "additionalProperties": False,
		"properties": {"name": name, "image": {"type": "string"}}}
	jsonschema.validate(pod, {"type": "object", "required": ["apiVersion", "kind", "metadata", "spec"],
		"additionalProperties": False, "properties": {"apiVersion": {"const": "v1"}, "kind": {"const": "Pod"},
		"metadata": {"type": "object", "required": ["name"], "properties": {"name": name}},
		"spec": {"type": "object", "required": ["containers"], "additionalProperties": False, "properties": {
			"containers": {"type": "array", "minItems": 1, "items": container},
			"securityContext": {"type": "object", "additionalProperties": False, "properties": {
				"sysctls": {"type": "array", "items": sysctl}}}}}}})
END

for plan in much none evil; do
	# --- sysctl
	check "$plan: sysctl -p takes the file" sysctl -p "$plan/headroom-sysctl.conf"
	# --- systemd
	mkdir -p "$plan/units/load.service.d"
	printf '[Unit]\nDescription=load\n[Service]\nExecStart=/bin/true\n' >"$plan/units/load.service"
	cp "$plan/headroom-systemd.conf" "$plan/units/load.service.d/headroom.conf"
	if has systemd-analyze "$plan: drop-in"; then
		check "$plan: systemd takes the drop-in without a word" sh -c "[ -z \"\$(SYSTEMD_UNIT_PATH=$work/$plan/units \
			systemd-analyze verify $work/$plan/units/load.service 2>&1 | grep -F headroom.conf)\" ]"
	fi
	# --- cloud-init
	if has cloud-init "$plan: user data"; then
		check "$plan: cloud-init's schema" cloud-init schema --config-file "$plan/cloud-init.yaml"
	fi
	# --- ansible
	if has ansible-playbook "$plan: playbook"; then
		export ANSIBLE_LOCAL_TEMP="$work/ansible" ANSIBLE_REMOTE_TEMP="$work/ansible" ANSIBLE_NOCOWS=1 ANSIBLE_HOME="$work/ansible"
		check "$plan: ansible reads the playbook" ansible-playbook -i localhost, --syntax-check "$plan/playbook.yaml"
		check "$plan: and would play it" ansible-playbook -i localhost, -c local --check "$plan/playbook.yaml"
	fi
	# --- the shell
	for script in headroom.sh startup.sh docker-run.sh; do
		if has shellcheck "$plan: $script"; then check "$plan: shellcheck of $script" shellcheck "$plan/$script"; fi
	done
	check "$plan: the pod fits the schema" python3 pod.py "$plan/pod.yaml"
	# --- the Mac's property list
	check "$plan: property list" python3 -c 'import plistlib, sys; assert plistlib.load(open(sys.argv[1], "rb"))["Label"]' \
		"$plan/headroom.plist"
	check "$plan: modules are names" sh -c "! grep -vE '^(#.*|[a-z0-9_]+|)\$' $plan/headroom-modules.conf"
done

check "sysctl: the kernel has the range" test "$(tr '\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)" = "$range"
if has systemd-analyze "a bad drop-in"; then
	mkdir -p bad/load.service.d
	cp much/units/load.service bad/
	printf '[Service]\nLimitNOFILE=many\n' >bad/load.service.d/headroom.conf
	check "(systemd does name a bad one)" sh -c "SYSTEMD_UNIT_PATH=$work/bad systemd-analyze verify $work/bad/load.service 2>&1 |
		grep -F headroom.conf"
fi

# --- limits.d: what a login gets. Debian's pam_limits begins with the hard limits of process 1; without
# CAP_SYS_RESOURCE this machine's tests may not have those, so another file names what they may have.
for domain in '*' root; do echo "$domain hard nofile $hard"; done >/etc/security/limits.d/10-hard.conf
login() { runuser -s /bin/sh -c 'ulimit -Sn' "$1" 2>/dev/null; }
before=$(login daemon)
check "pam_limits: without the file it is something else" test "$before" != "$soft"
for plan in much evil; do
	cp "$plan/headroom-limits.conf" /etc/security/limits.d/99-zz-headroom.conf
	for user in daemon root; do
		check "$plan: pam_limits: a login of $user gets $soft" test "$(login $user)" = "$soft"
	done
done
cp none/headroom-limits.conf /etc/security/limits.d/99-zz-headroom.conf
check "none: pam_limits: nothing changes" test "$(login daemon)" = "$before"
rm /etc/security/limits.d/99-zz-headroom.conf

# --- scripts, run: a fresh namespace each
fresh() { unshare -n -m --propagation private sh -c "$1"; }
check "shell: the program has values and limits" fresh "ulimit -Sn 1024; sh much/headroom.sh sh -c '
	[ \"\$(tr \"\\t\" \" \" </proc/sys/net/ipv4/ip_local_port_range)\" = \"$range\" ] && [ \"\$(ulimit -Sn)\" = $soft ]'"
check "shell: better values are left alone" fresh "echo 1 >/proc/sys/net/ipv4/ip_unprivileged_port_start
	echo 1000 65535 >/proc/sys/net/ipv4/ip_local_port_range; echo 1234 >/proc/sys/net/ipv4/ip_local_reserved_ports
	sh much/headroom.sh && [ \"\$(tr '\\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)\" = '1000 65535' ] &&
	grep -q ^1234, /proc/sys/net/ipv4/ip_local_reserved_ports"
check "shell: a refusal is an error, the program does not start" refused fresh "
	echo 30000 >/proc/sys/net/ipv4/ip_unprivileged_port_start; sh much/headroom.sh true"
check "shell: twice is once" fresh "sh much/headroom.sh >first && sh much/headroom.sh >second"
check "startup script: values and limits.d" fresh "sh much/startup.sh && cmp -s /etc/security/limits.d/99-zz-headroom.conf \
	/etc/security/limits.d/99-zz-headroom.conf && [ \"\$(tr '\\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)\" = '$range' ]"
rm -f /etc/security/limits.d/99-zz-headroom.conf
for script in headroom.sh startup.sh; do
	check "$script with a hostile name" fresh "sh evil/$script"
	check "$script with nothing to set" fresh "sh none/$script"
done
rm -f /etc/security/limits.d/99-zz-headroom.conf

# --- ansible, for real
if has ansible-playbook "ansible on this copy"; then
	check "ansible sets it" fresh "ansible-playbook -i localhost, -c local much/playbook.yaml &&
		[ \"\$(tr '\\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)\" = '$range' ]"
	check "ansible: again changes nothing" fresh "sysctl -p much/headroom-sysctl.conf &&
		ansible-playbook -i localhost, -c local much/playbook.yaml | grep -E 'changed=0 '"
	check "ansible: the same sysctl.d file" sh -c "grep -v '^#' much/headroom-sysctl.conf | tr -d ' ' | sort -u >a
		tr -d ' ' </etc/sysctl.d/99-zz-headroom.conf | sort -u >b; diff -B a b"
	rm -f /etc/sysctl.d/99-zz-headroom.conf /etc/security/limits.d/99-zz-headroom.conf
fi

# --- erl
if has erl "flags of the Erlang VM"; then
	wanted=$(sed -n 's/^+Q //p' erlang/vm.args)
	ask='io:format("~p ~p~n", [erlang:system_info(port_limit), erlang:system_info(process_limit)]), halt().'
	want="$wanted $(sed -n 's/^+P //p' erlang/vm.args)"
	check "erl: vm.args" test "$(erl -args_file erlang/vm.args -noshell -eval "$ask")" = "$want"
	# shellcheck disable=SC1091
	check "erl: environment" test "$(set -a; . ./erlang/erlang.env; erl +Q 2000 -noshell -eval "$ask")" = "$want"
	check "erl: a file with nothing" erl -args_file none/vm.args -noshell -eval 'halt().'
	check "erl: a hostile name" erl -args_file evil/vm.args -noshell -eval 'halt().'
fi

# --- dockerd: refuses a file that it does not understand
dockerd_reads() { # it ends, or it listens: then it has read the file
	dockerd --config-file "$1" --data-root "$work/d" --exec-root "$work/e" -H "unix://$work/docker.sock" \
		-p "$work/docker.pid" --iptables=false --bridge=none >"$work/dockerd.log" 2>&1 &
	docker_pid=$!
	for _ in $(seq 100); do
		grep -qE 'API listen on|[Uu]nable to configure' "$work/dockerd.log" && break
		kill -0 "$docker_pid" 2>/dev/null || break
		sleep 0.2
	done
	kill "$docker_pid" 2>/dev/null
	wait "$docker_pid"
	docker_pid=
	cat "$work/dockerd.log"
	! grep -q '[Uu]nable to configure the Docker daemon' "$work/dockerd.log"
}
if has dockerd "daemon.json"; then
	for plan in much none evil; do check "$plan: dockerd reads daemon.json" dockerd_reads "$plan/daemon.json"; done
	jq '. + {"headroom": 1}' much/daemon.json >bad.json
	check "(dockerd does refuse a bad one)" refused dockerd_reads bad.json
fi

# --- podman: the flags of docker run
podman_runs() {
	umount /sys/fs/cgroup/unified 2>/dev/null
	mkdir -p rootfs/bin rootfs/proc rootfs/dev rootfs/etc
	cp /bin/busybox rootfs/bin/
	ln -sf busybox rootfs/bin/sh
	tar -C rootfs -c . | "$work/podman.sh" import - headroom-test >/dev/null 2>&1 || return 1
	DOCKER=$work/podman.sh sh "$1/docker-run.sh" --rm --cgroups=disabled --ulimit nproc=4096:8192 headroom-test /bin/sh -c \
		'ulimit -Sn; busybox cat /proc/sys/net/ipv4/ip_local_port_range' >"$work/out" 2>"$work/err"
	cat "$work/err" "$work/out"
	[ "$(head -n 1 "$work/out")" = "$soft" ] && [ "$(tail -n 1 "$work/out" | tr '\t' ' ')" = "$range" ]
}
cat >podman.sh <<END
#!/bin/sh
exec podman --storage-driver=vfs --root $work/containers --runroot $work/run "\$@"
END
chmod +x podman.sh
if has podman "docker run" && has busybox "docker run"; then
	check "docker run: a container has the values" podman_runs much
	check "docker run: with a hostile name" podman_runs evil
fi

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
