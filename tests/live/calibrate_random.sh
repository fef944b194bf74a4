#!/bin/bash
# Calibrations on random hosts against programs that share no code with headroom: private network namespaces with
# random port ranges, reserved ports, listeners, bound sockets, somaxconn, descriptor limits, tcp_tw_reuse. As root
# and as an unprivileged user. Then SIGKILL, SIGSTOP and SIGINT at random moments: nothing may be left.
#
# Usage: tests/live/calibrate_random.sh BUILD_DIR [ROUNDS] [SEED]
#
# Ports: equal to measure_ports; where the range's width is odd, that program may find one less per destination, or one
# less where it binds. Accept queue and descriptors: equal. Churn: refused or not as the setting says, and N per minute.
set -u
here=$(cd "$(dirname "$0")" && pwd)
case $1 in /*) build=$1 ;; *) build=$PWD/$1 ;; esac
rounds=${2:-${LIVE_ROUNDS:-6}}
seed=${3:-${LIVE_SEED:-1}}
live=$build/tests/live
driver=$live/calibrate_driver
passed=0
failed=0

verdict() { # verdict TITLE OK(true|false)
	if "$2"; then
		echo "ok - $1"
	else
		echo "not ok - $1 (seed $seed)"
	fi
}
between() { # between FIRST LAST: a random number, both included
	echo $(($1 + (RANDOM * 32768 + RANDOM) % ($2 - $1 + 1)))
}
field() { # field NAME: of the last calibration
	sed -n "s/^$1 //p" result
}
as_user() {
	if [ "$user" = root ]; then
		"$@"
	else
		setpriv --reuid=65534 --regid=65534 --clear-groups -- "$@" # unlike runuser it leaves the limits alone
	fi
}
calibrate() { # calibrate ID ARGUMENT…
	as_user "$driver" "$@" >result 2>result.err || echo "reason ended with $?: $(cat result.err)" >>result
}

make_host() {
	local low high kinds=(listen local own six dual bound) port i
	width=$(between 20 3000)
	low=$(between 2000 $((65530 - width)))
	high=$((low + width - 1))
	echo "$low $high" >/proc/sys/net/ipv4/ip_local_port_range || return 1
	reserved=
	for ((i = $(between 0 3); i > 0; i--)); do
		port=$(between "$low" "$((high - 12))")
		reserved+="${reserved:+,}$port-$((port + $(between 0 12)))"
	done
	echo "$reserved" >/proc/sys/net/ipv4/ip_local_reserved_ports || return 1
	hold=()
	for ((i = $(between 0 12); i > 0; i--)); do
		kind=${kinds[$(between 0 5)]}
		port=$(between "$low" "$high")
		case " ${hold[*]} " in *":$port "*) continue ;; esac
		hold+=("$kind:$port")
	done
	odd=$((width % 2))
	somaxconn=$(between 1 $((RANDOM % 4 ? 1500 : 65535)))
	reuse=$(between 0 2)
	user=$([ $((RANDOM % 2)) = 0 ] && echo root || echo nobody)
	echo "$somaxconn" >/proc/sys/net/core/somaxconn || return 1
	echo "$reuse" >/proc/sys/net/ipv4/tcp_tw_reuse || return 1
	describe="as $user, $low-$high (width $width), reserved ${reserved:-none}, held ${hold[*]:-none}"
}

check_ports() { # check_ports MODE
	local targets found measured ok=false slack to=() i
	# The other program has both ends in one descriptor table.
	targets=$(between 1 $((width < 2400 ? 4 : 3)))
	for ((i = 1; i <= targets; i++)); do
		to+=("127.0.0.$i")
	done
	calibrate ports "bind=$1" "destinations=$targets" "${hard[@]}"
	found=$(field measured)
	measured=$("$live/measure_ports" "$1" "${to[@]}" | sed -n 's/^total=\([0-9]*\) .*/\1/p')
	slack=$((odd * targets))
	case $1 in address | wildcard) slack=$odd ;; esac
	if [[ $found =~ ^[0-9]+$ && $measured =~ ^[0-9]+$ && $(field comparable) = 1 && $(field agrees) = 1 ]]; then
		((found - measured >= 0 && found - measured <= slack)) && ok=true
	fi
	verdict "ports, bind $1, $targets destinations: calibrated $found, the other program finds $measured ($(field reason)): $describe" $ok
}

check_six() {
	local found ok=false
	calibrate ports ipv6=1 destinations=2
	found=$(field measured)
	[ "$(field agrees)" = 1 ] && ok=true
	verdict "ports, IPv6: calibrated $found, predicted $(field predicted) ($(field reason)): $describe" $ok
}

check_queue() {
	local backlog found measured ok=false
	backlog=$(between 0 $((RANDOM % 4 ? 2000 : 65535)))
	# The measuring program keeps its clients, so that its descriptors end before the longest queues.
	calibrate accept "backlog=$backlog"
	found=$(field measured)
	if ((backlog < 9000 || somaxconn < 9000)); then
		measured=$("$live/measure_backlog" "$backlog" | sed -n 's/^held=\([0-9]*\) .*/\1/p')
	else
		measured=$(((backlog < somaxconn ? backlog : somaxconn) + 1))
	fi
	[ -n "$measured" ] && [ "$found" = "$measured" ] && [ "$(field comparable)" = 1 ] && ok=true
	verdict "accept queue: calibrated $found, the other program finds $measured ($(field reason)): backlog $backlog, somaxconn $somaxconn, as $user" $ok
}

check_fds() {
	local soft found measured ok=false
	soft=$(between 64 $((RANDOM % 3 ? 3000 : 20000)))
	(ulimit -Sn "$soft" && calibrate fds "nofile=$soft")
	found=$(field measured)
	# Both begin with what this shell has open, and are started alike.
	measured=$(ulimit -Sn "$soft" && as_user "$live/measure_fds" | sed -n 's/.* opened=\([0-9]*\) .*/\1/p')
	[ -n "$measured" ] && [ "$(field agrees)" = 1 ] && [ "$found" = "$measured" ] && ok=true
	verdict "descriptors: calibrated $found, predicted $(field predicted), the other program finds $measured ($(field reason)): soft limit $soft" $ok
}

check_churn() {
	local loopback=$((RANDOM % 2)) expect=no ok=false
	((reuse == 1 || (reuse == 2 && loopback))) && expect=yes
	calibrate churn "loopback=$loopback"
	case "$(field reuse)" in $expect:*) [ "$(field agrees)" = 1 ] && ok=true ;; esac
	verdict "churn: $(field measured)/s, predicted $(field predicted)/s, reuse $(field reuse) ($(field reason)): tcp_tw_reuse $reuse, loopback $loopback, $describe" $ok
}

# The variations: each beside the other program, which does just that.
check_way() { # check_way TITLE MODE VARIATION SOURCES
	local found measured targets ok=false slack to=() i
	targets=$(between 1 $((width * $4 < 3000 ? 2 : 1)))
	for ((i = 1; i <= targets; i++)); do
		to+=("127.0.0.$i")
	done
	calibrate ports "bind=$2" "sources=$4" "destinations=$targets"
	found=$(field measured)
	measured=$("$live/measure_ports" "$2$3" "${to[@]}" | sed -n 's/^total=\([0-9]*\) .*/\1/p')
	slack=$((odd * targets * $4))
	[[ $found =~ ^[0-9]+$ && $measured =~ ^[0-9]+$ ]] && ((found - measured >= 0 && found - measured <= slack)) &&
		[ "$(field agrees)" = 1 ] && ok=true
	verdict "$1, bind $2, $4 sources, $targets destinations: calibrated $found, the other program finds $measured ($(field reason)): $describe" $ok
}
check_variations() {
	local modes=(none noport address wildcard) sources
	sources=$(between 2 3)
	check_way "SO_REUSEADDR" "${modes[$(between 0 3)]}" +reuse 1
	check_way "several source addresses" noport "x$sources" "$sources"
	check_way "several source addresses" address "x$sources" "$sources"
	# A wider range than the host began with.
	local low high
	read -r low high </proc/sys/net/ipv4/ip_local_port_range
	echo "$((low - $(between 1 400))) $((high < 65000 ? high + $(between 1 400) : high))" >/proc/sys/net/ipv4/ip_local_port_range
	read -r low high </proc/sys/net/ipv4/ip_local_port_range
	odd=$(((high - low + 1) % 2))
	check_way "a raised range ($low-$high)" none "" 1
}

# Rapid opening and closing, to an address that is not a loopback one: refused after as many, or not at all.
check_rapid() {
	local said refused closed ok=false
	calibrate churn
	said=$("$live/measure_churn" 198.18.7.7 3)
	closed=$(sed -n 's/^closed=\([0-9]*\) .*/\1/p' <<<"$said")
	refused=$(sed -n 's/.* refused=\([A-Za-z]*\) .*/\1/p' <<<"$said")
	case "$(field reuse)/$refused" in
	no:*/EADDRNOTAVAIL) (($(field closes) - closed >= 0 && $(field closes) - closed <= odd)) && ok=true ;;
	yes:*/none) ok=true ;;
	# Faster than its ports come back after tcp_tw_reuse_delay: more than all of them were had.
	yes:*/EADDRNOTAVAIL) ((closed >= $(field closes) - odd)) && ok=true ;;
	esac
	verdict "rapid open and close: calibrated $(field closes) and reuse $(field reuse), the other program: $said ($(field reason)): tcp_tw_reuse $reuse, $describe" $ok
}

# One host, inside its namespace.
inside() {
	local round=$1 mode hard=()
	RANDOM=$((seed * 1000 + round))
	cd "$(mktemp -d)" || exit 1
	trap 'rm -rf "$PWD"' EXIT
	if ! ip link set lo up || ! make_host; then
		verdict "round $round: the namespace could not be set up" false
		return
	fi
	((RANDOM % 3)) || ulimit -Hn "$(between 64 1024)" 2>/dev/null
	coproc HOLD { exec "$live/hold_ports" "${hold[@]}"; }
	local pid=$HOLD_PID input=${HOLD[1]} line
	read -r line <&"${HOLD[0]}"
	verdict "round $round: ports are held" "$([ "$line" = ready ] && echo true || echo false)"
	for mode in none noport address wildcard; do
		check_ports "$mode"
	done
	check_six
	check_queue
	check_churn
	check_variations
	ip addr add 198.18.7.7/32 dev lo
	check_rapid
	exec {input}>&-
	wait "$pid"
	check_fds
}

allocated() {
	sed -n 's/^TCP:.* alloc \([0-9]*\).*/\1/p' /proc/net/sockstat
}
milliseconds() {
	date +%s%3N
}

# The worker of a supervisor, once it is there.
worker_of() {
	local child i
	for ((i = 0; i < 200; i++)); do
		# The kernel ends this list without a newline, which read reports as a failure.
		read -r child _ 2>/dev/null <"/proc/$1/task/$1/children"
		if [ -n "$child" ]; then
			echo "$child"
			return
		fi
		sleep 0.005
	done
}
begin() { # begin SECONDS: a calibration that takes about two seconds; sets supervisor, worker, before
	before=$(allocated)
	"$driver" ports destinations=4 set=net.ipv4.ip_local_port_range=1024-65535 "seconds=$1" >result 2>&1 &
	supervisor=$!
	worker=$(worker_of "$supervisor")
	sleep "0.$(between 100 800)"
}
# Of a process that has ended and is not waited for, a zombie is left without anything.
is_over() {
	! grep -qs '^State:[[:space:]]*[^Z[:space:]]' "/proc/$worker/status"
}
# The count is the whole machine's, so that other programs move it: generous times; make bench measures them.
gone() { # gone MILLISECONDS: the worker and its sockets within that time
	local until=$(($(milliseconds) + $1)) now
	while (($(milliseconds) < until)); do
		now=$(allocated)
		is_over && ((now - before <= 100)) && echo true && return
		sleep 0.02
	done
	echo false
}

signals() {
	local start spent
	RANDOM=$seed
	cd "$(mktemp -d)" || exit 1
	for _ in 1 2 3; do
		begin 20
		kill -KILL "$supervisor"
		wait "$supervisor" 2>/dev/null
		verdict "SIGKILL of the supervisor: worker and sockets are gone" "$(gone 8000)"
		begin 20
		start=$(milliseconds)
		kill -INT "$supervisor" 2>/dev/null
		kill -TERM "$supervisor"
		wait "$supervisor"
		spent=$(($(milliseconds) - start))
		verdict "asked to stop: ended after $spent ms with $(field reached) connections told" \
			"$([ $spent -lt 2000 ] && [ -n "$(field reached)" ] && gone 8000)"
	done
	begin 1
	kill -STOP "$supervisor"
	verdict "SIGSTOP of the supervisor: the worker ends by itself" "$(gone 10000)"
	kill -CONT "$supervisor"
	wait "$supervisor"
	verdict "… and the supervisor says why: $(field reason)" "$([ "$(field measured)" = nan ] && echo true || echo false)"
	begin 1
	kill -STOP "$worker"
	wait "$supervisor"
	verdict "SIGSTOP of the worker: ended when its time is over" "$(gone 8000)"
	begin 20
	kill -KILL "$worker"
	wait "$supervisor"
	verdict "SIGKILL of the worker: $(field reason)" "$([ "$(field measured)" = nan ] && gone 8000 || echo false)"
	rm -rf "$PWD"
}

case "${4:-}" in
'') ;;
signals)
	signals
	exit 0
	;;
*)
	inside "$4"
	exit 0
	;;
esac

for program in ip unshare setpriv; do
	if ! command -v "$program" >/dev/null; then
		echo "ok - calibrations on random hosts # SKIP $program is not installed"
		exit 77
	fi
done
if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null; then
	echo "ok - calibrations on random hosts # SKIP needs root and the right to make network namespaces"
	exit 77
fi
host_before=$(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_tw_reuse)

count() { # count EXPECTED OUTPUT
	local good
	echo "$2"
	good=$(grep -c '^ok ' <<<"$2")
	passed=$((passed + good))
	failed=$((failed + $1 - good))
}
# The unprivileged user must be able to run the driver: it is copied where everybody may.
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
mkdir -p "$copy/tests/live" && cp "$live"/{calibrate_driver,measure_ports,measure_churn,measure_backlog,measure_fds,hold_ports} "$copy/tests/live/" &&
	chmod -R a+rX "$copy"
for ((round = 1; round <= rounds; round++)); do
	# 14 tests per host; fewer means that something broke off.
	count 14 "$(unshare -n "$here/$(basename "$0")" "$copy" "$rounds" "$seed" "$round" </dev/null 2>&1)"
done
count 10 "$("$here/$(basename "$0")" "$copy" 0 "$seed" signals </dev/null 2>&1)"
host_after=$(cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/core/somaxconn /proc/sys/net/ipv4/tcp_tw_reuse)
count 1 "$(verdict "the host's own settings are as before" "$([ "$host_before" = "$host_after" ] && echo true || echo false)")"
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
