# --host-root DIR: a container audits the node it runs on. Files are those below DIR, and no link leads out of it; what
# the kernel says is read where it always is.
# shellcheck shell=sh disable=SC2001,SC2119,SC2120
. tests/cli/lib.sh
command -v jq >/dev/null || { skip "the node's files" "jq is not installed"; exit 0; }
new_node() {
	rm -rf node
	mkdir -p node/etc/sysctl.d node/etc/security/limits.d node/usr/lib/sysctl.d node/proc/sys/net/ipv4 node/proc/self
	echo 'carol:x:0:0::/root:/bin/sh' >node/etc/passwd
	echo '1024 65535' >node/proc/sys/net/ipv4/ip_local_port_range
}
facts() { "$H" facts --host-root node -o json "$@"; }
# of KEY [MEMBER]: its value, or another member; "null" if it is not known
of() { facts | jq -r --arg key "$1" --arg member "${2:-value}" '[.facts[] | select(.key == $key) | .[$member]] | first'; }
range=boot.net.ipv4.ip_local_port_range

new_node
echo 'net.ipv4.ip_local_port_range = 41000 50000' >node/etc/sysctl.d/10-a.conf
echo 'carol soft nofile 3000' >node/etc/security/limits.d/a.conf
echo 0123456789abcdef0123456789abcdef >node/etc/machine-id
same "sysctl.d of the node" "41000 50000" "$(of $range)"
same "by the path that it has there" /etc/sysctl.d/10-a.conf "$(of $range where)"
same "its users" carol "$(of vantage.user)"
same "and their limits" 3000 "$(of boot.limits.nofile.soft)"
same "the kernel's value is the kernel's" "$(tr '\t' ' ' </proc/sys/net/ipv4/ip_local_port_range)" "$(of net.ipv4.ip_local_port_range)"
same "process 1 is judged" 1 "$(of vantage.pid)"
same "with its own limits" "$(sed -n 's/^Max open files *\([0-9]*\) .*/\1/p' /proc/1/limits)" "$(of limits.nofile.soft)"
same "or the process that was named" $$ "$("$H" facts --host-root node --pid $$ -o json | jq '.facts[] | select(.key == "vantage.pid").value')"
same "processes are those of the kernel" "" "$(facts | jq -r '.facts[] | select(.note // "" | test("could not be listed")).key')"
same "and who publishes ports is known" known "$(of ports.published status)"
# A container of Kubernetes has this variable; its node does not.
in_pod() { KUBERNETES_SERVICE_HOST=10.0.0.1 of host.container; }
same "the container of headroom is not the node's" "$(of host.container)" "$(in_pod)"
: >node/.dockerenv
same "one that the node is in is" docker "$(of host.container)"

"$H" facts --snapshot kept --host-root node >/dev/null 2>&1
same "a snapshot keeps the node's files" "41000 50000" "$("$H" facts --facts kept -o json | jq -r --arg key $range '.facts[] | select(.key == $key).value')"
"$H" audit --connections 50 --to 10.0.0.1:80 --host-root node >said
check "the audit says whose limits these are" 0 'of process 1 of the node' '' cat said
same "and where the files lie" 1 "$("$H" audit --connections 50 --to 10.0.0.1:80 --host-root node -o json | jq -r .host.vantage | grep -c 'files below node$')"
"$H" audit --connections 50 --to 10.0.0.1:80 --host-root node --pid $$ >said
same "not where a process was named" 0 "$(grep -c 'of process 1' said)"

# In a control group namespace of its own, what a container sees at the top are its own limits, not those of process 1.
group=/sys/fs/cgroup/pids/headroom-test-$$
inside_group() { sh -c "echo \$\$ >$group/cgroup.procs && exec unshare -C $*"; }
if mkdir $group 2>/dev/null && [ "$(inside_group sed -n "'s/.*:pids://p'" /proc/1/cgroup)" = /.. ]; then
	echo 77 >$group/pids.max
	same "the container's own limit is not that of process 1" denied \
		"$(inside_group "$H" facts --pid 1 -o json | jq -r '.facts[] | select(.key == "cgroup.pids.max").status')"
	mkdir -p node/sys
	same "nor where the node has no control groups" denied \
		"$(inside_group "$H" facts --host-root node -o json | jq -r '.facts[] | select(.key == "cgroup.pids.max").status')"
	same "whose own are those of process 1" "$("$H" facts --pid 1 -o json | jq -c '.facts[] | select(.key == "cgroup.pids.max") | [.status, .value]')" \
		"$(inside_group "$H" facts --host-root / -o json | jq -c '.facts[] | select(.key == "cgroup.pids.max") | [.status, .value]')"
else
	skip "the container's own control group" "no control groups of version 1 to make one in"
fi
rmdir $group 2>/dev/null

# --- links -----------------------------------------------------------------------------------------------------------
new_node
echo 'net.ipv4.ip_local_port_range = 41000 50000' >node/etc/other.conf
ln -s ../other.conf node/etc/sysctl.d/99-sysctl.conf
same "a link inside" "41000 50000" "$(of $range)"
ln -sf /etc/other.conf node/etc/sysctl.d/99-sysctl.conf
same "one from the root is below it" "41000 50000" "$(of $range)"
rmdir node/usr/lib/sysctl.d
mv node/etc/sysctl.d node/opt
ln -s /opt node/etc/sysctl.d
same "a directory may be one" "41000 50000" "$(of $range)"
ln -sf /dev/null node/opt/99-sysctl.conf
same "a masked file sets nothing" null "$(of $range)"

new_node
echo 'net.ipv4.ip_local_port_range = 1025 65534' >outside.conf
outside=$work/outside.conf
for link in "$outside" "../../../../../../../../..$outside" "/proc/self/root$outside" "/proc/self/cwd/outside.conf" /proc/1/environ /dev/zero loop.conf; do
	rm -rf node/etc/sysctl.d
	mkdir node/etc/sysctl.d
	ln -s "$link" node/etc/sysctl.d/10-a.conf
	ln -s loop.conf node/etc/sysctl.d/loop.conf
	same "$(echo "$link" | sed "s,$work,,") leads nowhere" null "$(of $range)"
done
mkfifo node/etc/sysctl.d/20-b.conf
same "a FIFO does not hold it up" null "$(of $range)"
rm -rf node/etc/sysctl.d
ln -s "$work" node/etc/sysctl.d
same "nor does a directory lead out" null "$(of $range)"
if [ "$(id -u)" -eq 0 ] && unshare -m true 2>/dev/null; then
	rm node/etc/sysctl.d
	mkdir node/etc/sysctl.d
	ln -s /proc/sys/net/ipv4/ip_local_port_range node/etc/sysctl.d/10-a.conf
	ln -s /proc/1/cmdline node/etc/passwd.new && mv node/etc/passwd.new node/etc/passwd
	check "the kernel's files below it are none of the node's" 0 '^null null$' '' unshare -m sh -c "
		mount --rbind /proc node/proc &&
		'$H' facts --host-root node -o json | jq -r '[\"$range\", \"vantage.user\"] as \$keys |
			[.facts as \$all | \$keys[] as \$key | [\$all[] | select(.key == \$key).value] | first] | map(tostring) | join(\" \")'"
else
	skip "the kernel's files below it" "no mount namespace"
fi

# Whoever renames directories of the node meanwhile makes openat2() say EAGAIN where a link has "..".
new_node
echo 'net.ipv4.ip_local_port_range = 41000 50000' >node/etc/other.conf
ln -s ../other.conf node/etc/sysctl.d/99-sysctl.conf
mkdir node/a
(while mv node/a node/b && mv node/b node/a; do :; done) 2>/dev/null &
renaming=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do of $range; done | sort -u >seen
kill $renaming
wait $renaming 2>/dev/null
same "a directory that is renamed meanwhile" "41000 50000" "$(cat seen)"

# --- what it does not go with ----------------------------------------------------------------------------------------
check "a directory that is not there" 2 '' 'headroom: --host-root nowhere: No such file or directory' "$H" facts --host-root nowhere
check "one that is no root" 2 '' 'it has no etc/' "$H" facts --host-root node/etc
for other in "--facts kept" "--unit cron" "--container web" "--image debian-12"; do
	# shellcheck disable=SC2086 # two words
	check "not with $other" 2 '' 'leave out --facts, *--image, --root, --unit and --container' "$H" audit --host-root node $other --connections 5
done
for change in --apply --undo --verify; do
	check "fix $change is for the node itself" 2 '' 'run fix --apply, --undo and --verify on the node itself' \
		"$H" fix --connections 60000 --to 10.0.0.1:80 --host-root node $change
done
check "fix lists what the node needs" 0 'ip_local_port_range' '' "$H" fix --connections 60000 --lifetime 60s --to 10.0.0.1:80 --host-root node
if [ "$(id -u)" -eq 0 ] && unshare -pf --mount-proc true 2>/dev/null; then
	check "process 1 may not be headroom itself" 2 '' 'start the *container with --pid host' unshare -pf --mount-proc "$H" facts --host-root node
else
	skip "process 1 is headroom itself" "no process namespace"
fi
