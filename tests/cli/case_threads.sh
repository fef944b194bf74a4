# RLIMIT_NPROC counts the threads of its user, and nobody else's: judged, and started.
. tests/cli/lib.sh

# threads FACTS THREADS OPTIONS…: status, demand and capacity of the limit
threads() {
	facts=$1 asked=$2
	shift 2
	"$H" audit --facts "$facts" --connections 100 --threads "$asked" "$@" -o json 2>/dev/null |
		jq -r '.resources[] | select(.id == "threads") | "\(.status) \(.demand) \(.capacity)"'
}

own="--set limits.nproc.soft=150 --set threads.running=163 --set threads.of_user=1"
# shellcheck disable=SC2086 # several words
same "only the user's threads count" "pass 101 150" "$(threads "$hosts/debian-default" 100 $own)"
# shellcheck disable=SC2086
same "up to the limit" "pass 150 150" "$(threads "$hosts/debian-default" 149 $own --max-use 100%)"
# shellcheck disable=SC2086
same "and no further" "fail 151 150" "$(threads "$hosts/debian-default" 150 $own --max-use 100%)"

# A snapshot that does not count them: what holds for 1 thread and for all of the machine is the answer.
few="--set limits.nproc.soft=150 --set threads.running=163"
# shellcheck disable=SC2086
same "not counted" "unknown 101 null" "$(threads "$hosts/debian-default" 100 $few)"
# shellcheck disable=SC2086
same "not counted, too many in any case" fail "$(threads "$hosts/debian-default" 150 $few --max-use 100% | cut -d" " -f1)"
for host in "$hosts"/*/; do
	# shellcheck disable=SC2086
	case $(threads "${host%/}" 100 --set limits.nproc.soft=50 --set vantage.uid=1000 \
		--set vantage.cap_sys_admin=false --set vantage.cap_sys_resource=false) in
	pass*) not_ok "no pass beyond the limit: $host" ;;
	*) ok "no pass beyond the limit: $host" ;;
	esac
done

# The tightest of all groups above the process is named, and the fix raises it; then the next one counts.
cp -r "$hosts/debian-default" tree
session=sys/fs/cgroup/user.slice/user-1000.slice/session-3.scope
mkdir -p "tree/$session"
echo 1024 >"tree/$session/pids.max"
echo 94 >"tree/$session/pids.current"
plan="--role client --connections 500 --threads 2048 --to 10.0.0.5:80"
# shellcheck disable=SC2086
"$H" audit --facts tree $plan -o json 2>/dev/null >named.json
same "the group is named" "TasksMax of session-3.scope" "$(jq -r .binding.instance named.json)"
same "with its value" 1 "$(jq -r .headline named.json | grep -c 'TasksMax of session-3.scope allows 1,024')"
same "its fix" "systemctl set-property session-3.scope TasksMax=3000" "$(jq -r '.fixes[0].command' named.json)"
same "some of its threads fit" 164 "$(jq .max_safe.connections named.json)"
# shellcheck disable=SC2086
check "a drop-in" 0 '^TasksMax=3000$' '' "$H" fix --facts tree $plan --emit systemd
# shellcheck disable=SC2086
check "a container" 0 '--pids-limit 3000' '' "$H" fix --facts tree $plan --emit docker
echo 2000 >tree/sys/fs/cgroup/user.slice/pids.max
echo 40 >tree/sys/fs/cgroup/user.slice/pids.current
# shellcheck disable=SC2086
same "a fix for each group in the way" "session-3.scope user.slice" "$("$H" audit --facts tree $plan -o json 2>/dev/null |
	jq -r '[.fixes[] | select(.in_ladder) | .command | split(" ")[2]] | join(" ")')"

# A container that the command starts is in a group of its own.
in_container() { "$H" audit --facts "$hosts/debian-default" --nofile 20000 --threads 3000 -o json -- "$@" --network host williamyeh/wrk -t2 -c400 \
	http://10.0.0.5/ 2>/dev/null | jq -r '.resources[] | select(.id == "threads") | "\(.status) \(.capacity) \(.instance)"'; }
same "docker run --pids-limit" "fail 100 pids.max of the container" "$(in_container docker run --pids-limit 100)"
same "Docker sets no limit" "pass 32768 kernel.pid_max" "$(in_container docker run)"
same "Podman sets one" "fail 2048 pids.max of the container" "$(in_container podman run)"

# What the kernel does: a user with no other process starts threads until it refuses.
user=4711
if [ "$(id -u)" != 0 ] || ! command -v setpriv >/dev/null || ! command -v prlimit >/dev/null || ! command -v python3 >/dev/null; then
	skip "threads of a user are started" "not root, or no setpriv, prlimit or python3"
	exit 0
fi
# (Without the address sanitizer's limit on memory, which is watched by a thread of its own.)
as_user() {
	ASAN_OPTIONS=abort_on_error=0 prlimit --nproc=150:150 setpriv --reuid $user --regid $user --clear-groups "$@"
}
chmod 755 "$work"
mkdir -m 777 open
cp "$H" open/headroom
(cd open && as_user ./headroom facts -o user.json) || not_ok "facts of a user"
(cd open && as_user ./headroom facts --snapshot kept >/dev/null) || not_ok "a snapshot of a user"
seen=$(jq -c '.facts[] | select(.key == "threads.of_user").value' open/user.json)
if [ "$seen" = null ]; then
	skip "threads of a user are started" "not all of them can be seen here"
	exit 0
fi
same "headroom is the only process of the user" 1 "$seen"
same "the snapshot says so, too" 1 "$("$H" facts --facts open/kept -o json |
	jq -c '.facts[] | select(.key == "threads.of_user").value')"
started=$(prlimit --nproc=150:150 python3 -c '
import os, sys, threading
os.setgid(int(sys.argv[1]))
os.setuid(int(sys.argv[1]))
threading.stack_size(65536)
end, count = threading.Event(), 0
try:
    while count < 1000:
        threading.Thread(target=end.wait, daemon=True).start()
        count += 1
except RuntimeError:
    pass
print(count)
end.set()' $user)
same "as many as start pass" pass "$(threads open/user.json "$started" --max-use 100% | cut -d" " -f1)"
same "one more does not" fail "$(threads open/user.json $((started + 1)) --max-use 100% | cut -d" " -f1)"

# Root of a user namespace is an ordinary user outside, whose limit holds for it.
if (cd open && as_user unshare -Ur ./headroom facts -o inside.json) 2>/dev/null; then
	same "root of a user namespace is its user outside" "$user" \
		"$(jq -c '.facts[] | select(.key == "vantage.uid").value' open/inside.json)"
	same "what counts there is not known" null \
		"$(jq -c '.facts[] | select(.key == "threads.of_user").value' open/inside.json)"
	same "and its limit is not passed" fail "$(threads open/inside.json 151 | cut -d" " -f1)"
else
	skip "root of a user namespace" "no user namespaces here"
fi

# A holder of CAP_SYS_ADMIN is not bound by it, whoever it is (kernel/fork.c, copy_process()); in a user namespace of its own
# the capability lifts nothing.
holds="setpriv --reuid $user --regid $user --clear-groups --inh-caps +sys_admin --ambient-caps +sys_admin"
# shellcheck disable=SC2086
if $holds true 2>/dev/null; then
	# shellcheck disable=SC2086
	(cd open && ASAN_OPTIONS=abort_on_error=0 prlimit --nproc=5:5 $holds ./headroom facts -o holder.json)
	# shellcheck disable=SC2086
	started=$(prlimit --nproc=5:5 $holds sh -c 'for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		sleep 1 >/dev/null &
	done && echo all')
	same "the kernel lets a holder of CAP_SYS_ADMIN start 20 processes beyond RLIMIT_NPROC" all "$started"
	same "and so it is judged" pass "$(threads open/holder.json 20 | cut -d" " -f1)"
	jq '(.facts[] | select(.key == "vantage.userns.initial").value) |= false' open/holder.json >open/inside-holder.json
	same "in another user namespace it is not" fail "$(threads open/inside-holder.json 20 | cut -d" " -f1)"
else
	skip "a holder of CAP_SYS_ADMIN" "the capability is not to be had here"
fi
