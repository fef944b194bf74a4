# shellcheck shell=sh
# why on a live host: who has the ports, whose the address is, whether anything listens. In network and process
# namespaces of its own, so that only these sockets and processes are seen.
# shellcheck shell=sh
if [ -z "${ALONE:-}" ]; then
	if unshare --net --pid --fork --mount-proc true 2>/dev/null; then
		exec env ALONE=1 unshare --net --pid --fork --mount-proc --kill-child sh "$0"
	fi
	. tests/cli/lib.sh
	skip "why on a live host" "no namespaces of its own can be made"
	exit 0
fi
. tests/cli/lib.sh
ip link set lo up
ip addr add 10.99.0.1/32 dev lo
echo 40000 40063 >/proc/sys/net/ipv4/ip_local_port_range
echo 0 >/proc/sys/net/ipv4/tcp_tw_reuse

# A server whose queue of 3 is full, one that is not, and a client that has all ports to the latter.
cat >busy.py <<'END'
import resource, signal, socket, sys
full = socket.socket(); full.bind(("10.99.0.1", 8001)); full.listen(2)
free = socket.socket(); free.bind(("10.99.0.1", 8002)); free.listen(200)
clients = []
for _ in range(6):
    client = socket.socket(); client.setblocking(False); clients.append(client)
    try: client.connect(("10.99.0.1", 8001))
    except BlockingIOError: pass
try:
    while True:
        client = socket.socket(); clients.append(client); client.connect(("10.99.0.1", 8002))
        clients.append(free.accept()[0])
except OSError as error:
    print(error.strerror, file=sys.stderr)
open("ready", "w").write("yes")
signal.pause()
END
python3 busy.py 2>said &
busy=$!
wait_for ready
same "the ports are used up" "Cannot assign requested address" "$(cat said)"
line="dial tcp 10.99.0.1:8002: connect: cannot assign requested address"
"$H" why "$line" >ports
same "the last line" "headroom: WHY ephemeral-ports 100% destination=10.99.0.1:8002" "$(tail -n 1 ports)"
check "what is found" 0 '^✗ NOW FULL  Outgoing ports to 10.99.0.1:8002: 64 of 64 in use' '' cat ports
check "what holds them" 0 '^  Evidence   64 sockets to 10.99.0.1:8002: 64 established' '' cat ports
check "who" 0 "^  Who        PID $busy \\(python3\\) has 64 of them" '' cat ports
check "the same of the process" 0 '^headroom: WHY ephemeral-ports 100% destination=10.99.0.1:8002' '' "$H" why --pid $busy -q
check "by its name" 0 '^headroom: WHY ephemeral-ports 100% destination=10.99.0.1:8002' '' \
	"$H" why "dial tcp db:8002: connect: cannot assign requested address" --resolve db:8002:10.99.0.1 -q
check "another destination has ports" 0 'to 10.99.0.1:9: 0 of 64 in use. But all of those$' '' \
	"$H" why "dial tcp 10.99.0.1:9: connect: cannot assign requested address"
"$H" audit >audit.txt
"$H" watch --once >watch.txt
"$H" explain ephemeral-ports >explain.txt
same "audit, watch and explain agree" 3 "$(cat audit.txt watch.txt explain.txt |
	grep -c '^NOW FULL  Outgoing ports to 10.99.0.1:8002: 64 of 64 in use')"

cat >parent.py <<'END'
import os, resource, signal
if os.fork() == 0:
    resource.setrlimit(resource.RLIMIT_NOFILE, (60, 60)); files = []
    try:
        while True: files.append(open("/dev/null"))
    except OSError: pass
    os.rename("waiting", "child")
signal.pause()
END
echo yes >waiting
python3 parent.py 2>/dev/null &
parent=$!
wait_for child
check "the limits of a process are also those of its children" 0 '^headroom: WHY process-fds 10[0-9]%$' '' \
	"$H" why --pid $parent -q "accept: too many open files"
check "and not of others" 0 '^headroom: WHY process-fds <?[0-9]%$' '' "$H" why --pid $busy -q "accept: too many open files"
kill $parent # its child ends with this namespace

# Of a user that nobody else is: what others have open meanwhile does not count.
cat >watches.py <<'END'
import ctypes, os, resource, signal
opens = open("watching", "w")
resource.setrlimit(resource.RLIMIT_NOFILE, (1100, 1100))
os.setgroups([]); os.setgid(64999); os.setuid(64999)
libc = ctypes.CDLL(None)
while libc.inotify_init() >= 0: pass
opens.write("yes"); opens.close()
signal.pause()
END
most=$(cat /proc/sys/fs/inotify/max_user_instances)
if [ "$most" -gt 1000 ]; then
	skip "inotify instances of a process" "a user may have $most"
else
	python3 watches.py &
	watches=$!
	for _ in $(seq 100); do
		[ -s watching ] && break
		sleep 0.1
	done
	"$H" why --pid $watches "inotify_init: Too many open files" >instances
	check "inotify instances of the process and its user" 0 \
		"^✗ NOW FULL  Inotify instances of user ID 64999: $most of $most in use" '' cat instances
	check "whose they are" 0 "^  Who        PID $watches \\(python3\\) has $most instances" '' cat instances
	check "the same without the process" 0 "Inotify instances of user ID 64999: $most of $most in use" '' "$H" why
	kill $watches
	wait $watches 2>/dev/null
fi

# A line of the kernel names its listener: before 6.2 the port alone, since then with the address, of either family.
flood="TCP: request_sock_TCP: Possible SYN flooding on port"
listeners() { "$H" why "$flood $1. Sending cookies.  Check SNMP counters." -o json | jq -r '[.causes[] | select(.scope == "listener") | "\(.id) \(.now.by)"] | sort | join(" ")'; }
same "a SYN flood at a listener" "accept-queue 10.99.0.1:8002 syn-backlog 10.99.0.1:8002" "$(listeners 10.99.0.1:8002)"
same "at a port" "accept-queue 10.99.0.1:8002 syn-backlog 10.99.0.1:8002" "$(listeners 8002)"
same "at one that is no more" "accept-queue [::1]:8002 syn-backlog [::1]:8002" "$(listeners '[::1]:8002')"
same "at one of another host" "accept-queue 10.99.0.77:80 syn-backlog 10.99.0.77:80" "$(listeners 10.99.0.77:80)"
check "that is no destination" 0 'of 10.99.0.77:80: nothing listens there' '' "$H" why "$flood 10.99.0.77:80. Sending cookies."
"$H" why "$flood [::1]:8002. Sending cookies." >flooded
same "what is full elsewhere is not blamed" 0 "$(grep -c 'NOW FULL.*queue' flooded)"
same "nor what listens on another address" 2 "$(grep -c 'of \[::1\]:8002: nothing listens there now' flooded)"
"$H" why "$flood 10.99.0.1:8002. Sending cookies." -o json:flooded.json >/dev/null
same "the queue of the right one, what the 1 is, and whose the counters are" 1 "$(jq -r '.causes[] | select(.id == "accept-queue").says' flooded.json |
	grep -c '^Accept queue of 10.99.0.1:8002: 0 of 201 in use. Its backlog is 200, and the kernel lets one more in. ListenOverflows .* (all listeners together).$')"
"$H" why "connect to 10.99.0.1:8001: connection timed out" >queue
check "a queue that two looks find full" 0 '^✗ NOW FULL  Accept queue of 10.99.0.1:8001: 3 of 3 in use' '' cat queue
check "whose it is" 0 '^  Who        python3 listens on 10.99.0.1:8001' '' cat queue
# The log of the kernel speaks of the whole machine: another cause may be found at that moment.
"$H" why "connect to 10.99.0.77:8001: connection timed out" >elsewhere
same "the queue of another host is not here" 1 "$(grep -c '^– RULED OUT  Accept queue: the connection goes to another host' elsewhere)"

check "nothing listens there" 0 '^headroom: WHY refused$' '' "$H" why "dial tcp 10.99.0.1:8009: connect: connection refused" -q
check "something listens there" 3 'listens on 10.99.0.1:8002 now' '' "$H" why "dial tcp 10.99.0.1:8002: connect: connection refused"
check "a port that a listener has" 0 '^headroom: WHY listener-conflict$' '' \
	"$H" why "listen tcp 10.99.0.1:8002: bind: address already in use" -q
check "a port that a connection has" 0 "^  Evidence   A connection of PID $busy \\(python3\\) to 10.99.0.1:8002 has port 40001" '' \
	"$H" why "listen tcp :40001: bind: address already in use"
check "an address of another host" 0 '^headroom: WHY address-not-local$' '' \
	"$H" why "listen tcp 10.99.0.77:80: bind: cannot assign requested address" -q
check "an address of this one" 3 '^– RULED OUT  The address is on no interface of this host: 10.99.0.1 is an$' '' \
	"$H" why "listen tcp 10.99.0.1:80: bind: cannot assign requested address"
check "a line about another host" 3 '^headroom: WHY none$' '' "$H" why "dial tcp 10.99.0.77:80: connect: connection refused" -q
kill $busy
wait $busy 2>/dev/null
same "80 columns" "" "$(cat ports queue | LC_ALL=C.UTF-8 grep -E '.{81}')"
