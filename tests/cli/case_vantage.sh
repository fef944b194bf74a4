# --unit and --container: the engine is a server of ours that answers as Docker does, or not. The real ones:
# tests/live/vantage.sh.
# shellcheck shell=sh
. tests/cli/lib.sh
unset DOCKER_HOST CONTAINER_HOST XDG_RUNTIME_DIR
export CONTAINER_HOST=unix:///nonexistent/engine.sock
check "two vantage points" 2 '' 'give one of them' "$H" audit default --unit x --container y
check "a unit and a pid" 2 '' 'give one of them' "$H" audit default --unit x --pid 1
check "a unit and a snapshot" 2 '' 'give one of them' "$H" audit default --unit x --facts "$hosts/debian-default"
check "a unit that is none" 2 '' 'is not a unit name' "$H" audit default --unit ../etc
check "a unit that does not run" 2 '' '--unit headroom-nosuch' "$H" audit default --unit headroom-nosuch
check "a container that is none" 2 '' 'is not a container name or ID' "$H" audit default --container '../images'
check "the engine that the environment names" 2 '' 'nonexistent/engine.sock \(from CONTAINER_HOST' \
	"$H" audit default --container web
check "an engine elsewhere" 2 '' 'DOCKER_HOST is "tcp://10.0.0.1:2375", but only an engine on this host' \
	env DOCKER_HOST=tcp://10.0.0.1:2375 "$H" audit default --container web
check "an empty name" 2 '' 'but the text is empty' "$H" audit default --container ''
# A process of another user: what cannot be read of it is unknown, and nothing is taken from this shell instead.
other_user() {
	if [ "$(id -u)" -ne 0 ] || ! command -v setpriv >/dev/null || ! command -v prlimit >/dev/null; then
		skip "a process of another user" "not root, or no setpriv or prlimit"
		return
	fi
	chmod 755 "$work"
	cp "$H" headroom # for a user who may not enter the build tree
	as="setpriv --reuid 65534 --regid 65534 --clear-groups"
	prlimit --nofile=1024:2048 sleep 300 7</dev/null 8</dev/null &
	pid=$!
	until [ "$(cat "/proc/$pid/comm")" = sleep ]; do sleep 0.1; done
	# shellcheck disable=SC2086,SC3045 # words; dash and bash have it
	judged() { (ulimit -S -n 64 && ASAN_OPTIONS=abort_on_error=0 $as ./headroom audit --pid "$pid" "$@" -o json 2>/dev/null); }
	fds='.resources[] | select(.id == "process-fds")'
	slots=$(sed -n 's/^FDSize:[[:space:]]*//p' "/proc/$pid/status")
	judged --connections $((768 - slots)) >few.json
	judged --connections $((769 - slots)) >more.json
	judged --connections 769 >many.json
	same "its limit is read, also by others" 1024 "$(jq '.facts[] | select(.key == "limits.nofile.soft").value' few.json)"
	same "its open files are not" denied "$(jq -r '.facts[] | select(.key == "process.fds_open").status' few.json)"
	same "what fits beside all that its table holds passes" pass "$(jq -r "$fds.status" few.json)"
	same "what only fits beside fewer is unknown" unknown "$(jq -r "$fds.status" more.json)"
	same "and so is the verdict" unknown "$(jq -r .verdict more.json)"
	same "what never fits fails" fail "$(jq -r "$fds.status" many.json)"
	same "the way out" 1 "$(jq "[$fds.unread[] | select(.key == \"process.fds_below_soft\") | .way_out] | length" more.json)"
	same "a given number decides" pass "$(judged --connections $((769 - slots)) --set process.fds_below_soft=9 | jq -r "$fds.status")"
	same "its network namespace is known to be this one" known \
		"$(jq -r '.facts[] | select(.key == "net.ipv4.ip_local_port_range").status' few.json)"
	kill "$pid"
	unshare -n sleep 300 2>/dev/null &
	pid=$!
	sleep 0.3
	if [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = sleep ]; then
		same "the settings of another network namespace are denied" denied \
			"$(judged --connections 10 | jq -r '.facts[] | select(.key == "net.ipv4.ip_local_port_range").status')"
		check "and none of them is said to be safe" 0 'client, connections stay +at most [0-9,]+ ' '' \
			sh -c "cd '$work' && $as ./headroom audit --pid $pid --no-history"
		same "and its ports unknown" unknown \
			"$(judged --connections 10 | jq -r '.resources[] | select(.id == "ephemeral-ports").status')"
		kill "$pid"
	else
		skip "a process in another network namespace" "network namespaces are not to be had here"
	fi
}
other_user
# A unit that does not run has the limits of its files and of its slice, and nothing of this shell. systemctl is ours, in a
# mount namespace of its own.
planned_unit() {
	cat >plan.sh <<'END'
mount -t tmpfs none /run && mkdir -p /run/systemd/system || exit 77
exec 7</dev/null 8</dev/null 9</dev/null
PATH=$1:$PATH
shift
exec "$@"
END
	mkdir -p bin
	cat >bin/systemctl <<'END'
#!/bin/sh
for last; do :; done
case $last in
web.service) printf 'LoadState=loaded\nMainPID=0\nLimitNOFILE=infinity\nLimitNOFILESoft=1024\nLimitNPROC=100\nLimitNPROCSoft=100\n' &&
	printf 'TasksMax=512\nMemoryMax=1073741824\nUser=4711\nDynamicUser=no\nSlice=system-web.slice\nAmbientCapabilities=%s\n' "$AMBIENT" ;;
*) printf 'LoadState=not-found\n' ;;
esac
END
	chmod 755 bin/systemctl
	# shellcheck disable=SC3045
	unit() { (ulimit -S -n 64 && AMBIENT=${AMBIENT-} unshare -m sh plan.sh "$work/bin" "$H" "$@"); }
	unit facts --unit web -o json >unit.json 2>unit.err
	if [ $? -eq 77 ] || [ ! -s unit.json ]; then
		skip "a unit that does not run" "no mount namespace here: $(tail -1 unit.err)"
		return
	fi
	value() { jq -r --arg key "$1" '.facts[] | select(.key == $key and .instance == "") | .value' "$2"; }
	same "its soft limit" 1024 "$(value limits.nofile.soft unit.json)"
	same "infinity is fs.nr_open" "$(cat /proc/sys/fs/nr_open)" "$(value limits.nofile.hard unit.json)"
	same "and that is said" 1 "$(jq -r '.facts[] | select(.key == "limits.nofile.hard") | .note' unit.json | grep -c 'which is fs.nr_open')"
	same "no file of this shell counts" 0 "$(value process.fds_below_hard unit.json)"
	same "its user" 4711 "$(value vantage.uid unit.json)"
	same "its group and slice" /system.slice/system-web.slice/web.service "$(value cgroup.pids.group unit.json)"
	same "its tasks" "512 0" "$(value cgroup.pids.max unit.json) $(value cgroup.pids.current unit.json)"
	same "nothing of this process" null "$(value vantage.cap_net_admin unit.json)"
	threads='.resources[] | select(.id == "threads") | "\(.status) \(.capacity)"'
	same "the limit of its user" "fail 100" "$(unit audit --unit web --connections 10 --threads 101 -o json 2>/dev/null | jq -r "$threads")"
	same "unless it gets a capability" "pass 512" \
		"$(AMBIENT=cap_sys_resource unit audit --unit web --connections 10 --threads 101 -o json 2>/dev/null | jq -r "$threads")"
	check "and says so" 0 'unit web.service .not running' '' unit audit --unit web --connections 10
}
if [ "$(id -u)" -eq 0 ] && command -v unshare >/dev/null && command -v jq >/dev/null; then
	planned_unit
else
	skip "a unit that does not run" "not root, or no unshare or jq"
fi
# Open files numbered between the soft and the hard limit take room from a program that raises its soft limit. What a
# process of ours can still open after raising it is what passes.
between() {
	cat >between.py <<'END'
import os, resource, sys, time
os.closerange(3, 1024)
for _ in range(300): os.dup(0)
open("between.tmp", "w").close()
resource.setrlimit(resource.RLIMIT_NOFILE, (100, 600))
os.rename("between.tmp", "between.ready")
while not os.path.exists("between.go"): time.sleep(0.05)
resource.setrlimit(resource.RLIMIT_NOFILE, (600, 600))
count = 0
try:
    while True: os.dup(0); count += 1
except OSError: pass
print(count)
END
	python3 between.py >between.out &
	pid=$!
	while [ ! -e between.ready ] && kill -0 "$pid"; do sleep 0.1; done
	fits() { "$H" audit --pid "$pid" --nofile hard --fds-base 0 --connections "$1" --max-use 100% -o json 2>/dev/null |
		jq -r '.resources[] | select(.id == "process-fds").status'; }
	for more in 250 290 295 296 297 298 299 300; do echo "$more $(fits $more)"; done >between.said
	touch between.go
	wait "$pid"
	opened=$(cat between.out)
	same "as many as can be opened pass" pass "$(sed -n "s/^$opened //p" between.said)"
	same "and no more" fail "$(sed -n "s/^$((opened + 1)) //p" between.said)"
}
if command -v python3 >/dev/null && command -v jq >/dev/null; then
	between
else
	skip "files between the soft and the hard limit" "no python3 or jq"
fi

if ! command -v python3 >/dev/null; then
	skip "containers" "no python3"
	exit 0
fi
cat >engine.py <<'END'
import http.server, json, os, socketserver, sys, time
pid = int(sys.argv[2])
host = {"NetworkMode": "bridge", "Ulimits": [{"Name": "nofile", "Soft": 300, "Hard": 400}],
        "Sysctls": {"net.core.somaxconn": "77"}, "PidsLimit": 55, "Memory": 1 << 30,
        "PortBindings": {"80/tcp": [{"HostIp": "", "HostPort": "18080"}]}}
answers = {
    "web": (200, {"State": {"Pid": pid}, "HostConfig": host}),
    "ended": (200, {"State": {"Pid": 4194303}, "HostConfig": host}),
    "stopped": (200, {"State": {"Pid": 0}, "HostConfig": host}),
    "nopid": (200, {"State": {"Pid": "x"}, "HostConfig": host}), "part": (200, {"State": {"Pid": 1.5}}),
    "below": (200, {"State": {"Pid": -1}, "HostConfig": host}), "large": (200, {"State": {"Pid": 1e15}, "HostConfig": host}),
    "odd": (200, {"State": {"Pid": 0}, "HostConfig": {"NetworkMode": 5, "Ulimits": {"a": 1}, "Sysctls": {"x": 1, "\x1b[31m": "2"},
            "PortBindings": {"\x1b": [{"HostPort": "\x1b[31m<b>"}]}}}),
    "badvalue": (200, {"State": {"Pid": 0}, "HostConfig": {"Sysctls": {"net.core.somaxconn": "many"}}}),
    "error": (500, {"message": "no"}), "denied": (403, {}), "list": (200, [1, 2]),
}
class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_): pass
    def address_string(self): return "unix"
    def do_GET(self):
        name = self.path.split("/")[2]
        if name == "silent":
            time.sleep(60)
        if name == "endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True: self.wfile.write(b"[" * 65536)
            except OSError: return
        status, document = answers.get(name, (404, {"message": "No such container"}))
        body = b"{" if name == "cut" else json.dumps(document).encode()
        self.send_response(200 if name == "cut" else status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer): daemon_threads = True
server = Server(sys.argv[1], Handler)
open("ready", "w").close()
import threading
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
END
sleep 300 &
process=$!
if command -v prlimit >/dev/null; then prlimit --nofile=250:350 --pid "$process"; fi
mkfifo hold
python3 engine.py "$work/engine.sock" "$process" <hold &
exec 9>hold
i=0
while [ ! -e ready ] && [ $i -lt 100 ]; do
	sleep 0.1
	i=$((i + 1))
done
export CONTAINER_HOST="unix://$work/engine.sock"
audit() { "$H" audit ws-client --connections 100 --container "$@"; }
value() { jq -r --arg key "$1" '.facts[] | select(.key == $key and .instance == "") | .value' "$2"; }
audit web -o json >web.json
same "its process" "$process" "$(jq .host.pid web.json)"
same "its name" 1 "$(jq -r .host.vantage web.json | grep -c '^container web (podman), as ')"
same "its NAT" masquerade "$(jq -r .workload.nat web.json)"
same "configured, not in force" 1 "$(jq '[.findings[] | select(.id == "not-in-force")] | length' web.json)"
same "its published port" 1 "$(jq '[.findings[].text | select(test("18080 to 80/tcp"))] | length' web.json)"
audit stopped -o json >stopped.json
same "one that does not run: as configured" "300 400 77 55 1073741824" "$(for key in limits.nofile.soft limits.nofile.hard \
	net.core.somaxconn cgroup.pids.max cgroup.memory.max; do value $key stopped.json; done | xargs)"
same "and said so" 1 "$(jq -r .host.vantage stopped.json | grep -c 'not running, as configured')"
same "a new network namespace, not this one" "32768 60999 2" \
	"$(value net.ipv4.ip_local_port_range stopped.json) $(value net.ipv4.tcp_tw_reuse stopped.json)"
same "and no file of this shell is open in it" 0 "$(value process.fds_open stopped.json)"
same "no user of this shell" null "$(value vantage.uid stopped.json)"
same "what --set gives comes first" 7777 "$(audit stopped --set limits.nofile.soft=7777 -o json | jq '.facts[] | select(.key == "limits.nofile.soft").value')"
check "no snapshot of a process that is not there" 2 '' 'does not run; save its configured limits with -o host.json' "$H" facts --container stopped --snapshot kept
same "watched: its process" "$process" "$("$H" watch --once --json --container web | jq .pid)"
check "nothing to watch of one that does not run" 2 '' 'container stopped .podman. is not running' "$H" watch --once --container stopped
check "one that has just ended" 2 '' 'container ended \(podman\): process 4194303 does not exist here' audit ended
check "an odd answer: its limits are not known" 4 '*' '' audit odd
same "is shown harmless" "" "$(audit odd | grep "$(printf '\033')")"
check "a sysctl that is no number" 2 '' 'container badvalue \(podman\): net.core.somaxconn' audit badvalue
check "an answer that is cut off" 2 '' 'podman .*:1:' audit cut
for kind in list nopid part below large; do
	check "an answer that names no process: $kind" 2 '' 'names no process' audit "$kind"
done
check "an error of the engine" 2 '' 'HTTP 500' audit error
check "no right" 2 '' 'HTTP 403' audit denied
check "an endless answer" 2 '' 'longer than 4 MiB' audit endless
check "no answer: not waited for long" 2 '' 'cannot query: .*(timed out|too slow)' timeout "$hang" "$H" audit default --container silent
check "no such container" 2 '' 'has no container of this name' audit nosuch
check "facts" 0 'net.core.somaxconn +77' '' "$H" facts --container stopped
exec 9>&-
wait "$!" 2>/dev/null
check "the engine is gone" 2 '' 'cannot query' audit web
kill "$process"
