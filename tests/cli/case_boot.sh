# shellcheck shell=sh
# What the next boot sets: refused values, other and dead names, modprobe.d, TuneD's modules, advice that is wrong.
. tests/cli/lib.sh
host=$work/host
new_host() { # new_host FROM
	rm -rf "$host"
	cp -r "$hosts/$1" "$host"
	chmod -R u+w "$host"
	mkdir -p "$host/etc/sysctl.d" "$host/etc/modprobe.d" "$host/etc/security/limits.d"
}
# boot KEY: the value that the facts foretell, "none" if none
boot() { "$H" facts --facts "$host" | awk -v key="boot.$1" '$1 == key { $1 = ""; print substr($0, 2); found = 1 } END { if (!found) print "none" }'; }
# finds: the audit's warnings and notes on one line
finds() { "$H" audit --facts "$host" --all | tr -s ' \n' ' '; }

new_host debian-default
printf 'net.ipv4.ip_local_port_range = 1000 65535\nnet.ipv4.tcp_tw_reuse = 3\n' >"$host/etc/sysctl.d/90-a.conf"
same "a range below the ports that need a privilege is not foretold" none "$(boot net.ipv4.ip_local_port_range)"
same "nor a value that the kernel does not have" none "$(boot net.ipv4.tcp_tw_reuse)"
check "why, and where" 0 'will refuse net.ipv4.ip_local_port_range = 1000 65535 at the next boot: the range may not begin below net.ipv4.ip_unprivileged_port_start, 1,024.*90-a.conf:1' '' finds
check "with what it takes" 0 'tcp_tw_reuse = 3 at the next boot: it accepts 0 to 2' '' finds
printf 'net.ipv4.ip_unprivileged_port_start = 0\n' >"$host/etc/sysctl.d/10-start.conf"
same "where an earlier line lets it" "1000 65535" "$(boot net.ipv4.ip_local_port_range)"
mv "$host/etc/sysctl.d/10-start.conf" "$host/etc/sysctl.d/95-start.conf"
same "not where a later one does" none "$(boot net.ipv4.ip_local_port_range)"

new_host debian-default
printf '* soft nofile 2000000000\n* hard nofile 2000000000\n' >"$host/etc/security/limits.d/a.conf"
check "more files than fs.nr_open" 0 'will refuse limits.nofile.soft = 2,000,000,000 at the next boot: fs.nr_open allows 1,048,576' '' finds
check "are not foretold" 0 "absent: the kernel refuses" "" boot limits.nofile.soft

new_host debian-default
echo 'net.nf_conntrack_max = 1048576' >"$host/etc/sysctl.d/90-ct.conf"
same "the other name of the size of the conntrack table" 1,048,576 "$(boot net.netfilter.nf_conntrack_max)"
check "the module is missing under that name, too" 0 'sysctl.d is applied before nf_conntrack' '' finds
echo 'net.ipv4.netfilter.ip_conntrack_max = 655360' >"$host/etc/sysctl.d/90-ct.conf"
same "a name that is gone sets nothing" none "$(boot net.netfilter.nf_conntrack_max)"
check "its name today is said" 0 'has net.ipv4.netfilter.ip_conntrack_max, so the line has no effect. Today it is called net.netfilter.nf_conntrack_max.*90-ct.conf:1' '' finds

new_host debian-default
echo 'options nf_conntrack hashsize=40000' >"$host/etc/modprobe.d/a.conf"
same "hashsize fills whole pages" 40,448 "$(boot net.netfilter.nf_conntrack_buckets)"
same "and allows 8 entries for each bucket" 323,584 "$(boot net.netfilter.nf_conntrack_max)"
echo 'net.netfilter.nf_conntrack_max = 100000' >"$host/etc/sysctl.d/90-ct.conf"
same "sysctl.d comes later" 100,000 "$(boot net.netfilter.nf_conntrack_max)"

new_host debian-default
mkdir -p "$host/etc/tuned" "$host/usr/lib/tuned/load" "$host/etc/systemd/system/multi-user.target.wants"
ln -s /usr/lib/systemd/system/tuned.service "$host/etc/systemd/system/multi-user.target.wants/tuned.service"
echo load >"$host/etc/tuned/active_profile"
printf '[modules]\nnf_conntrack=+r\n[sysctl]\nnet.nf_conntrack_max=1048576\n' >"$host/usr/lib/tuned/load/tuned.conf"
same "TuneD loads the module" yes "$(boot modules.nf_conntrack)"
check "its value is foretold" 0 'tuned.conf:[0-9]* sets 1,048,576' '' finds
same "and has somewhere to go" 0 "$(finds | grep -c 'sysctl.d is applied before nf_conntrack')"

new_host debian-default
printf 'net.ipv4.tcp_mem = 134217728 134217728 134217728\nnet.ipv4.tcp_fin_timeout = 5\nnet.ipv4.tcp_max_tw_buckets = 5000\nnet.ipv4.tcp_timestamps = 0\n' >"$host/etc/sysctl.d/90-guide.conf"
check "advice of guides is found before it is in force: bytes for pages" 0 'more than this host.s memory. The unit is pages' '' finds
check "tcp_fin_timeout" 0 'tcp_fin_timeout does not shorten TIME_WAIT' '' finds
check "few buckets" 0 'Sockets above it then skip TIME_WAIT' '' finds
check "no timestamps" 0 'turns TCP timestamps off at the next boot' '' finds

new_host debian-default
mkdir -p "$host/proc/900"
echo kubelet >"$host/proc/900/comm"
printf '10240\t65535\n' >"$host/proc/sys/net/ipv4/ip_local_port_range"
: >"$host/proc/sys/net/ipv4/ip_local_reserved_ports"
check "NodePorts that an outgoing connection can take" 0 '2,768 NodePorts' '' finds
echo 30000-32767 >"$host/proc/sys/net/ipv4/ip_local_reserved_ports"
same "reserved, it cannot" 0 "$(finds | grep -c 'NodePort range')"

# A snapshot keeps of systemd's files what it is about, line by line, and nothing beside it that may be secret.
kept_of_systemd() {
	cat >"$work/kept.sh" <<'IN'
cp -a /etc "$WORK/etc" && mount --bind "$WORK/etc" /etc && mkdir -p /etc/systemd/system.conf.d || exit 77
printf '[Manager]\nDefaultEnvironment=TOKEN=hidden\nDefaultLimitNOFILE=700:900\n' >/etc/systemd/system.conf.d/zz.conf
"$H" facts --snapshot "$WORK/snapshot" 2>/dev/null || exit 1
IN
	WORK=$work H=$H unshare -m sh "$work/kept.sh"
	if [ $? -eq 77 ]; then
		skip "a snapshot of systemd's files" "no mount namespace here"
		return
	fi
	same "a snapshot keeps the limits of systemd" "[Manager],,DefaultLimitNOFILE=700:900" \
		"$(paste -sd, "$work/snapshot/etc/systemd/system.conf.d/zz.conf")"
	same "and what is said of them" 700 "$("$H" facts --facts "$work/snapshot" | awk '$1 == "boot.systemd.default_nofile.soft" { print $2 }')"
}
if [ "$(id -u)" -eq 0 ] && command -v unshare >/dev/null; then
	kept_of_systemd
else
	skip "a snapshot of systemd's files" "needs root and unshare"
fi
