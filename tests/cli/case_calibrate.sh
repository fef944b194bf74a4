# calibrate and audit --calibrate: arguments, outputs, exit codes. What calibrators measure is tested in tests/live.
# shellcheck shell=sh disable=SC2086
. tests/cli/lib.sh

check "an unknown calibrator" 2 '' 'unknown calibrator "port"; did you mean ports\? .choose one of: ports fds' \
	"$H" calibrate port
check "its help names every calibrator" 0 'ports fds accept churn conntrack memory erlang scale' '' "$H" calibrate --help
check "not with a snapshot" 2 '' '--facts .*debian-default: .*these facts may be from another host' \
	"$H" calibrate --facts "$hosts/debian-default"
check "audit: not with a snapshot" 2 '' '--facts .*: .*these facts may be from another host' \
	"$H" audit ws-client --calibrate --facts "$hosts/debian-default"
check "size: not with a snapshot" 2 '' 'these facts may be from another host' \
	"$H" size ws-client --calibrate --facts "$hosts/debian-default"
check "only text and JSON" 2 '' 'cannot write html' "$H" calibrate fds -o x.html
check "no such process" 2 '' '4194303' "$H" calibrate fds --pid 4194303
check "a bad time" 2 '' '--time: .*out of range' "$H" calibrate fds --time 2h
check "a bad budget of memory" 2 '' '--memory: .*out of range' "$H" calibrate fds --memory 0
check "no published port" 2 '' '--published: .*give ADDR:PORT, PORT or auto' "$H" calibrate conntrack --published x:y
check "the plan's own +Q: 2,000 is a table of 2,048" 0 'Erlang ports +1,504 +2,048' '' \
	"$H" audit erlang-node --connections 1500 --erlang-ports 2000 --facts "$hosts/debian-default" --set limits.nofile.soft=20000 --all
check "two workloads" 2 '' 'a single workload, got "ws-client" and "hold-client"$' "$H" calibrate ws-client hold-client
check "a wrong number in the plan" 2 '' '--connections: ' "$H" calibrate fds --connections x

# A flag that no chosen calibrator looks at is a mistake.
check "--backlog is not for ports" 2 '' '--backlog has no effect here, because only the calibrator accept uses it; name it, or leave out the option' \
	"$H" calibrate ports fds --backlog 10
check "--bind is not for accept" 2 '' '--bind has no effect here, .*only the calibrators ports and churn' "$H" calibrate accept --bind address
check "--nofile is not for ports" 2 '' '--nofile has no effect here, .*only the calibrators fds and erlang' "$H" calibrate ports --nofile 64
check "--nat is not for churn" 2 '' '--nat has no effect here, .*only the calibrator conntrack' "$H" calibrate churn --nat publish
check "--erlang-ports is not for the usual ones" 2 '' '--erlang-ports has no effect here, .*only the calibrator erlang' \
	"$H" calibrate --erlang-ports 1024
check "--overflow is not for fds" 2 '' '--overflow has no effect here, .*only the calibrator conntrack' "$H" calibrate fds --overflow
check "source addresses that nobody binds" 2 '' '--source-addresses has no effect here, .*--bind address' \
	"$H" calibrate ports --source-addresses 10.9.0.1
check "the size of the load is no mistake" 0 'CALIBRATION 1 of 1 agree' '' "$H" calibrate fds --nofile 64 --connections 10

# fds needs no namespace: it runs everywhere.
check "a table" 0 'fds +(5[0-9]|6[0-3]) +(5[0-9]|6[0-3]) +0 +EMFILE' '' "$H" calibrate fds --nofile 64
check "the last line" 0 '^headroom: CALIBRATION 1 of 1 agree$' '' "$H" calibrate fds --nofile 64
"$H" calibrate fds --nofile 64 -o fds.json >fds.txt 2>fds.err
same "a file and the table" 0 "$?"
same "no progress where there is no terminal" "" "$(cat fds.err)"
same "standard output carries the JSON alone" "" "$("$H" calibrate fds --nofile 64 -o json | jq -r .x 2>&1 | grep -v null)"
same "descriptors: predicted is measured" true \
	"$(jq '.calibration[0] | .measured == .predicted and .difference == 0 and .agrees and .comparable' fds.json)"
same "descriptors: what stopped it" EMFILE "$(jq -r '.calibration[0].stopped_by' fds.json)"
same "schema" headroom.calibration/1 "$(jq -r .schema fds.json)"
same "its own fields" 64 "$(jq '.calibration[0].soft_limit' fds.json)"
if id nobody >/dev/null 2>&1 && [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	check "as nobody" 0 'fds +(5[0-9]|6[0-3]) +(5[0-9]|6[0-3]) +0 +EMFILE' '' \
		setpriv --reuid nobody --clear-groups "$H" calibrate fds --nofile 64
else
	skip "as nobody" "not root, or no setpriv"
fi

# In a container the soft limit is the hard limit, and a program begins with 0, 1 and 2 alone. This shell has more
# open than that. The first number is what the program itself could open.
if command -v python3 >/dev/null; then
	cat >open_until_refused.py <<-'END'
		import os, resource, sys
		os.closerange(3, 65536)
		limit, more = int(sys.argv[1]), int(sys.argv[2])
		for _ in range(more):
		    os.set_inheritable(os.open("/dev/null", os.O_RDONLY), True)
		resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
		opened = []
		try:
		    while True:
		        opened.append(os.dup(0))
		except OSError:
		    pass
		for fd in opened:
		    os.close(fd)
		print(len(opened), flush=True)
		os.execv(sys.argv[3], sys.argv[3:])
	END
	for case in "905 0 902" "905 1 901" "905 2 900" "12 0 9" "12 4 5" "5 0 2" "6 1 2" "10 5 2"; do
		set -- $case
		same "soft = hard = $1 and $((3 + $2)) descriptors open" "$3 $3 $3 true" \
			"$(python3 open_until_refused.py "$1" "$2" "$H" calibrate fds -o hard.json 2>/dev/null | head -1) $(
				jq -r '.calibration[0] | "\(.predicted) \(.measured) \(.agrees)"' hard.json)"
	done
	check "soft = hard and one descriptor left" 4 'headroom needs two open files to measure' '' \
		python3 open_until_refused.py 4 0 "$H" calibrate fds
else
	skip "soft = hard" "python3 is not installed"
fi
for limit in 1 2 3; do
	same "a limit of $limit leaves nothing beside 0, 1 and 2" "0 0 true" "$("$H" calibrate fds --nofile $limit -o json |
		jq -r '.calibration[0] | "\(.predicted) \(.measured) \(.agrees)"')"
done

# With a namespace, where that is possible.
"$H" calibrate ports accept --set net.ipv4.ip_local_port_range="40000 40063" --set net.core.somaxconn=7 \
	--set net.ipv4.ip_local_reserved_ports=40010-40019 -o small.json >small.txt 2>small.err
code=$?
if [ "$code" = 4 ]; then
	skip "ports" "$(jq -r '.calibration[0].reason' small.json)"
else
	same "ports: exit" 0 "$code"
	same "ports: an even range less the reserved ones" "54 54 true" \
		"$(jq -r '.calibration[0] | "\(.predicted) \(.measured) \(.agrees)"' small.json)"
	same "accept: min(backlog, somaxconn) + 1" "8 8 ListenOverflows" \
		"$(jq -r '.calibration[1] | "\(.predicted) \(.measured) \(.stopped_by)"' small.json)"
	if [ -e /proc/sys/net/ipv6 ]; then
		same "ports: none is left, IPv6" "0 0 true" "$("$H" calibrate ports --destinations "[::1]:99" \
			--set net.ipv4.ip_local_port_range="40000 40001" --set net.ipv4.ip_local_reserved_ports=40000-40001 \
			-o json | jq -r '.calibration[0] | "\(.predicted) \(.measured) \(.agrees)"')"
	fi
	for role in client server proxy; do
		same "accept: the backlog given, as a $role" "11 11 true" "$("$H" calibrate accept --role $role --backlog 10 \
			--set net.core.somaxconn=4096 -o json | jq -r '.calibration[0] | "\(.predicted) \(.measured) \(.agrees)"')"
	done
	# The connections of this host may be in this range, and change meanwhile.
	"$H" audit --connections 30 --lifetime 1h --set net.ipv4.ip_local_port_range="40000 40063" --calibrate \
		--set ports.in_use=0 --set ports.in_use4=0 --set ports.in_use6=0 --set ports.listening= --set ports.bound= \
		-o audit.json -o report.md -o junit.xml >audit.txt 2>audit.err
	same "audit --calibrate: the measurements stand in the document" "64 64" \
		"$(jq -r '.calibration[] | select(.id == "ports") | "\(.predicted) \(.measured)"' audit.json)"
	same "… and at the limit" "capacity 64 64" "$(jq -r \
		'.resources[] | select(.id == "ephemeral-ports") | .calibrated | "\(.what) \(.measured) \(.used)"' audit.json)"
	same "… in the terminal view" yes "$(grep -q '^  Measured: .*Outgoing ports' audit.txt && echo yes)"
	same "… in Markdown" yes "$(grep -q '^| ports | 64 | 64 | 0 | EADDRNOTAVAIL | yes |$' report.md && echo yes)"
	same "… in JUnit XML" yes "$(grep -q 'measured: capacity 64 (predicted 64, used 64)' junit.xml && echo yes)"
	same "no finding where they agree" "" \
		"$(jq -r '.findings[] | select(.id == "calibration-disagrees" and .where == "ports") | .text' audit.json)"
	"$H" audit --calibrate -o none.json -q >/dev/null 2>&1
	same "without a workload as well" true "$(jq '(.calibration | length) > 3 and .verdict == "none"' none.json)"
	"$H" audit --role server --connections 50000 --lifetime 1h --burst 1 --nat publish --calibrate -o nat.json -q >/dev/null 2>&1
	if [ "$(jq '.calibration[] | select(.id == "conntrack") | .comparable' nat.json)" = true ]; then
		same "measured entries replace the planning constant" "4 1 false true" "$(jq -r '
			(.calibration[] | select(.id == "conntrack") | "\(.planning_constant) \(.entries_per_connection)") + " " +
			(.resources[] | select(.id == "conntrack") | "\(.planning_constant) \(.demand < 100000)")' nat.json)"
		same "a userland proxy has two" "2 2 0" "$("$H" calibrate conntrack --role server --nat publish-proxy -o json |
			jq -r '.calibration[0] | "\(.predicted) \(.measured) \(.difference)"')"
	else
		skip "entries of a connection" "$(jq -r '.calibration[] | select(.id == "conntrack") | .reason' nat.json)"
	fi
	if python3 -c 'import jsonschema' 2>/dev/null; then
		for pair in calibration:fds calibration:small audit:audit audit:none; do
			printf '%s\t%s\t%s\n' "$pair" "$top/docs/${pair%:*}.schema.json" "${pair#*:}.json"
		done >documents
		same "JSON Schemas" "" "$(python3 "$top/tests/cli/validate.py" <documents 2>&1 | grep -v '^ok')"
		same "one description of a calibration in both schemas" True "$(python3 - "$top" <<-'END'
			import json, sys
			a, b = (json.load(open("%s/docs/%s.schema.json" % (sys.argv[1], x)))["$defs"] for x in ("audit", "calibration"))
			def closed(x):
			    return {k: closed(v) for k, v in x.items() if (k, v) != ("additionalProperties", False)} if isinstance(x, dict) else x
			print(all(closed(a[x]) == closed(b[x]) for x in b))
		END
		)"
	else
		skip "JSON Schemas" "python3-jsonschema is not installed"
	fi
	# Beside what other sockets hold. The first number is what the kernel gives to another program in the same namespace.
	if command -v python3 >/dev/null && [ "$(id -u)" = 0 ] && unshare -n ip link set lo up 2>/dev/null; then
		cat >beside.py <<-'END'
			import json, os, socket, struct, subprocess, sys
			mode, held, bound, program = sys.argv[1], sys.argv[2], sys.argv[3], sys.argv[4:]
			def setting(name, value):
			    with open("/proc/sys/net/" + name, "w") as file:
			        file.write(value)
			def overflows():
			    with open("/proc/net/netstat") as file:
			        names, values = [line.split() for line in file if line.startswith("TcpExt:")]
			    return int(values[names.index("ListenOverflows")])
			def say(truth):
			    print(truth, *(said[x] for x in ("measured", "agrees", "comparable")))
			def calibrate():
			    done = subprocess.run(program, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
			    return json.loads(done.stdout)["calibration"][0]
			def family(address):
			    return socket.AF_INET6 if ":" in address else socket.AF_INET
			kept = []
			if mode == "queue":    # listens with `held`, then somaxconn becomes `bound`
			    server = socket.socket()
			    server.bind(("127.0.0.1", 8080))
			    server.listen(int(held))
			    setting("core/somaxconn", bound)
			    said = calibrate()
			    before = overflows()
			    while overflows() == before:
			        kept.append(socket.socket())
			        kept[-1].setblocking(False)
			        kept[-1].connect_ex(("127.0.0.1", 8080))
			    say(len(kept) - 1)
			elif mode == "group":  # sockets with `held` each share the address; all their queues are filled
			    group = [socket.socket() for _ in range(int(bound))]
			    for server in group:
			        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
			        server.bind(("127.0.0.1", 8080))
			        server.listen(int(held))
			        server.setblocking(False)
			    said = calibrate()
			    for _ in range(30 * len(group) * (int(held) + 1)):
			        kept.append(socket.socket())
			        kept[-1].setblocking(False)
			        kept[-1].connect_ex(("127.0.0.1", 8080))
			        kept[-1].setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
			        kept.pop().close()
			    count = 0
			    for server in group:
			        try:
			            while True:
			                server.accept()
			                count += 1
			        except BlockingIOError:
			            pass
			    say(count)
			else:                  # 30 listeners on `held`, connections from `bound`
			    setting("ipv4/ip_local_port_range", "40000 40099")
			    for port in range(40000, 40030):
			        kept.append(socket.socket(family(held)))
			        kept[-1].bind((held, port))
			        kept[-1].listen(1)
			    said = calibrate()
			    target = "::1" if ":" in bound else "127.0.0.1"
			    kept.append(socket.socket(family(target)))
			    kept[-1].bind((target, 30000))
			    kept[-1].listen(4096)
			    count = len(kept)
			    try:
			        while True:
			            kept.append(socket.socket(family(target)))
			            kept[-1].bind((bound, 0))
			            kept[-1].connect((target, 30000))
			    except OSError:
			        say(len(kept) - count - 1)
		END
		beside() { # beside TITLE EXPECTED QUEUE|PORTS HELD BOUND ARGUMENT…
			title=$1 expected=$2 mode=$3 held=$4 bound=$5
			shift 5
			same "$title" "$expected" "$(unshare -n sh -c 'ip link set lo up && ip address add 10.9.0.1/32 dev lo &&
				ip address add 10.9.0.2/32 dev lo && ip address add fd00:9::1/128 dev lo nodad &&
				exec python3 beside.py "$@"' sh "$mode" "$held" "$bound" "$H" calibrate "$@" -o json 2>&1)"
		}
		for case in "10.9.0.1 70" "10.9.0.2 100" "127.0.0.1 100" "0.0.0.0 70"; do
			set -- $case
			beside "ports: listeners on $1, the plan binds 10.9.0.1" "$2 $2 True True" ports "$1" 10.9.0.1 \
				ports --bind address --source-addresses 10.9.0.1
		done
		beside "ports: an IPv6 address is bound" "70 70 True True" ports fd00:9::1 fd00:9::1 \
			ports --bind address --source-addresses fd00:9::1
		beside "ports: it is not said which address is bound" "70 100 True False" ports 10.9.0.1 10.9.0.1 \
			ports --bind address
		beside "ports: … which does not matter on all addresses" "70 70 True True" ports 0.0.0.0 10.9.0.1 \
			ports --bind address
		cat >closes.py <<-'END'
			import json, sys
			said = json.load(open(sys.argv[1]))["calibration"][0]
			print(round(said["measured"] * 60), said["agrees"], said["comparable"])
		END
		same "churn: listeners on another address" "100 True True" "$(unshare -n sh -c 'ip link set lo up &&
			exec "$@"' sh "$H" calibrate churn --bind address --source-addresses 10.9.0.1 \
			--set net.ipv4.ip_local_port_range="40000 40099" --set ports.listening=40000-40029 \
			--set ports.bound= --set ports.pinned="$(seq -s ' ' -f '127.0.0.1:%.0f' 40000 40029)" \
			--set net.ipv4.tcp_tw_reuse=0 -o closes.json >/dev/null 2>&1; python3 closes.py closes.json)"
		beside "accept: four sockets share the address" "44 44 True True" group 10 4 \
			accept --role server --destinations 127.0.0.1:8080
		beside "accept: somaxconn was lowered after listen()" "601 601 True True" queue 600 100 \
			accept --role server --destinations 127.0.0.1:8080
	else
		skip "beside other sockets" "not root, or no python3 or iproute2"
	fi
	# Stopped by a signal: over in a second, and what was measured is told.
	# A shell's background job ignores SIGINT, so that SIGTERM, which is handled alike, is sent.
	"$H" calibrate fds churn --full --nofile 64 -o stopped.json >stopped.txt 2>stopped.err &
	job=$!
	sleep 3
	started=$(date +%s%N)
	kill -TERM $job
	wait $job
	code=$?
	took=$((($(date +%s%N) - started) / 1000000))
	same "stopped: exit" 4 "$code"
	same "stopped: in a second ($took ms)" yes "$([ "$took" -lt 1000 ] && echo yes)"
	same "stopped: the first is reported" true "$(jq '.calibration[0].agrees' stopped.json)"
	same "stopped: the second says so" yes "$(jq -r '.calibration[1].reason' stopped.json | grep -q 'stopped by a signal' && echo yes)"
	same "stopped: it is said" yes "$(grep -q 'stopped by a signal' stopped.err && echo yes)"
fi
