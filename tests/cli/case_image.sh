# fix --root: an image is judged by its own files. Nothing of this machine is read as a setting, nor written.
# shellcheck shell=sh
. tests/cli/lib.sh
command -v jq >/dev/null || { skip "an image" "jq is not installed"; exit 0; }
new_image() {
	rm -rf image
	mkdir -p image/etc/sysctl.d image/etc/security/limits.d image/etc/systemd/system image/usr/lib/systemd image/usr/lib/modules image/var/lib
	: >image/usr/lib/systemd/systemd
	echo builder-1 >image/etc/hostname
}
fix() { "$H" fix ws-client --connections 60000 --lifetime 60s --root image "$@"; }
# now KEY: what the image is judged with, "unknown" if it does not tell
now() { fix -o json --all | jq -r --arg key "$1" '[.steps[], .alternatives[]?] | [.[].values[]? | select(.key == $key) | .from] | first // "none"'; }
# range: where the ports begin, as the fix finds it
range() { now net.ipv4.ip_local_port_range; }
new_image
same "the kernel's default, where the image says nothing" "32768 60999" "$(range)"
same "systemd's default" 1024 "$(now limits.nofile.soft)"
check "both are said" 0 'Image: .*nothing was *read from this machine' '' sh -c "'$H' fix ws-client --connections 60000 --root image | tr '\n' ' ' | sed 's/  */ /g'"
fix | tr -d '\n ' >said
check "with their values" 0 'limits.nofile.soft1,024.*ip_local_port_range3276860999' '' cat said
echo 'net.ipv4.ip_local_port_range = 40000 50000' >image/etc/sysctl.d/10-a.conf
same "sysctl.d of the image" "40000 50000" "$(range)"
echo 'net.ipv4.ip_local_port_range = 41000 50000' >image/etc/sysctl.d/20-b.conf
same "in the order of a boot" "41000 50000" "$(range)"
mkdir -p image/run/sysctl.d image/proc/sys/net/ipv4
echo 'net.ipv4.ip_local_port_range = 1024 65535' >image/run/sysctl.d/99-z.conf
echo '1024 65535' >image/proc/sys/net/ipv4/ip_local_port_range
same "not what a running system left below run/ and proc/" "41000 50000" "$(range)"
printf 'MANIFEST\n/etc/sysctl.d EACCES\n' >image/MANIFEST
echo 'snapshot: 2' >image/ORIGIN
same "it is no snapshot" "41000 50000" "$(range)"
echo 'nofile' >image/etc/security/limits.d/a.conf
echo '* soft nofile 3000' >>image/etc/security/limits.d/a.conf
same "limits.d of the image" 3000 "$(now limits.nofile.soft)"
printf '[Service]\nLimitNOFILE=5000:6000\n' >image/etc/systemd/system/load.service
same "a service of the image" 5000 "$(fix --unit load -o json | jq '[.steps[].values[]? | select(.key == "limits.nofile.soft") | .from] | first')"
printf '[Service]\nLimitNOFILE=5500:6500\n' >image/etc/systemd/system/cron.service
same "and none of this machine" 5500 "$(fix --unit cron -o json | jq '[.steps[].values[]? | select(.key == "limits.nofile.soft") | .from] | first')"

new_image
echo 'net.ipv4.ip_local_port_range = 40000 50000' >image/etc/sysctl.conf
same "sysctl.conf that systemd does not read: not known" none "$(range)"
ln -s ../sysctl.conf image/etc/sysctl.d/99-sysctl.conf
same "that it reads through a link" "40000 50000" "$(range)"
rm image/etc/sysctl.d/99-sysctl.conf image/usr/lib/systemd/systemd
same "or where something else boots" "40000 50000" "$(range)"

# --- links, FIFOs and mounts lead nowhere ----------------------------------------------------------------------------
new_image
echo 'net.ipv4.ip_local_port_range = 1024 65535' >outside.conf
ln -s "$work/outside.conf" image/etc/sysctl.d/10-a.conf
ln -s ../../../outside.conf image/etc/sysctl.d/11-b.conf
ln -s /proc/self/root"$work"/outside.conf image/etc/sysctl.d/12-c.conf
ln -s /dev/zero image/etc/sysctl.d/14-e.conf
same "links out of it lead nowhere" "32768 60999" "$(range)"
# What was not read whole is not known, and said.
unread() {
	same "$1 is not known" none "$(range)"
	fix | tr -d '\n ' >said
	check "$1: which is said" 0 "$2wasnotreadwhole" '' cat said
}
mkfifo image/etc/sysctl.d/13-d.conf
unread "a FIFO" /etc/sysctl.d/13-d.conf
rm image/etc/sysctl.d/13-d.conf
truncate -s 1G image/etc/sysctl.d/15-f.conf 2>/dev/null
unread "a file without end" /etc/sysctl.d/15-f.conf
rm image/etc/sysctl.d/15-f.conf
awk 'BEGIN { for (i = 0; i < 9000; i++) printf "a.b%d = 1\n", i; print "net.ipv4.ip_local_port_range = 1024 65535" }' \
	>image/etc/sysctl.d/16-g.conf
unread "what stands behind 8,192 settings" /etc/sysctl.d/16-g.conf
rm image/etc/sysctl.d/16-g.conf
mkdir many
for i in $(seq 600); do echo "a.b = $i" >"many/$i.conf"; done
cp many/* image/etc/sysctl.d/
unread "what 600 files set" /etc/sysctl.d
rm image/etc/sysctl.d/*
mkdir outside.d
cp outside.conf outside.d/a.conf
rm -rf image/etc/sysctl.d
ln -s "$work/outside.d" image/etc/sysctl.d
same "nor a directory that is a link out of it" "32768 60999" "$(range)"
if [ "$(id -u)" = 0 ] && unshare -mn true 2>/dev/null; then
	new_image
	ln -s /proc/mounted image/etc/sysctl.d/10-a.conf
	mkdir -p image/proc
	fix -o json >plain.json
	# With other live values, and without any: the same answer.
	unshare -mn sh -c "mount -t proc proc image/proc && ln -sf /proc/sys/kernel/hostname image/etc/hostname && '$H' fix ws-client \
		--connections 60000 --lifetime 60s --root image -o json" >mounted.json
	same "a kernel that is mounted below it is not read" '""' "$(jq -c '.host // ""' mounted.json)"
	rm image/etc/hostname
	echo builder-1 >image/etc/hostname
	unshare -mn sh -c "echo 15000 16000 >/proc/sys/net/ipv4/ip_local_port_range; ulimit -Sn 77; '$H' fix ws-client --connections 60000 \
		--lifetime 60s --root image -o json" >other.json
	same "other values of this machine change nothing" "$(jq -S 'del(.created)' plain.json)" "$(jq -S 'del(.created)' other.json)"
	if grep -q __asan_init "$H"; then
		skip "without /proc" "the sanitizers' own start needs /proc"
	else
		unshare -mn sh -c "mount -t tmpfs none /proc && '$H' fix ws-client --connections 60000 --lifetime 60s --root image -o json" >none.json
		same "nor does it need one" "$(jq -S 'del(.created)' plain.json)" "$(jq -S 'del(.created)' none.json)"
	fi
	before=$(sysctl -a 2>/dev/null | grep -E '^net.ipv4.(ip_local|tcp_tw)|^net.core.somax')
	check "it is applied" 3 'neither read nor changed.*' '' fix --apply --yes
	same "no live value is touched" "$before" "$(sysctl -a 2>/dev/null | grep -E '^net.ipv4.(ip_local|tcp_tw)|^net.core.somax')"
	same "and counts from then on" "none" "$(range)"
	check "undone" 0 'deleted' '' fix --undo
	same "as before" "32768 60999" "$(range)"
else
	skip "an image, whatever this machine is" "needs root and unshare"
fi

# --- any file, link or journal ---------------------------------------------------------------------------------------
if [ "$(id -u)" = 0 ] && unshare -nm true 2>/dev/null && command -v python3 >/dev/null; then
	mkdir random
	# Live settings are those of a namespace of its own.
	(cd random && unshare -nm python3 "$top/tests/cli/hostile_images.py" "$H" 12) >said 2>&1
	same "random images" 0 $?
	cat said
else
	skip "random images" "needs root, unshare and python3"
fi

# --- what is not known is not there ----------------------------------------------------------------------------------
new_image
check "nothing to change is no promise" 4 'Nothing to change. Cannot tell' '' "$H" fix ws-server --connections 500 --lifetime 60s --root image \
	--apply --yes
check "nor for --verify" 4 'Cannot tell' '' "$H" fix ws-server --connections 500 --lifetime 60s --root image --verify
mkdir image/usr/lib/modules/4.18.0-500.el8
same "an older kernel's default is not guessed" yes "$("$H" fix ws-server --connections 5000 --ramp-rate 5000 --root image -o json |
	jq -r '[.notes[].text] | join(" ") | if test("somaxconn 4,096") then . else "yes" end')"
rmdir image/usr/lib/modules/*
mkdir image/usr/lib/modules/6.1.0-18-amd64
same "a newer one's is known" yes "$("$H" fix ws-server --connections 5000 --root image -o json |
	jq -r '[.notes[].text] | join(" ") | if test("somaxconn 4,096") then "yes" else . end')"
for other in "--facts $hosts/debian-default" "--pid 1" "--container web"; do
	# shellcheck disable=SC2086 # an option and its value
	check "one host at a time: $other" 2 '' '--root reads the files of the image' fix $other
done
check "no image" 2 '' 'nowhere: No such file' "$H" fix ws-client --root nowhere
