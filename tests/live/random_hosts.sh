#!/bin/bash
# Random hosts: private network namespaces with random port ranges (odd and even widths), reserved ports,
# listeners, bound sockets, somaxconn and descriptor limits. What headroom calculates is compared with what the
# measuring programs beside this script, which share no code with it, find by trying.
#
# Usage: tests/live/random_hosts.sh BUILD_DIR [ROUNDS] [SEED]
#
# Ports: equal; where the range's width is odd the kernel's search may miss one (both numbers agree then). Bound
# modes (address, wildcard): not fewer than stated, and what is more is explained by sockets on other addresses.
# Accept queue and descriptors: equal.
set -u
here=$(cd "$(dirname "$0")" && pwd)
case $1 in /*) build=$1 ;; *) build=$PWD/$1 ;; esac
rounds=${2:-${LIVE_ROUNDS:-12}}
seed=${3:-${LIVE_SEED:-1}}
live=$build/tests/live
headroom=$build/headroom
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

# capacity ID FLAG…: what headroom says
capacity() {
	local id=$1 code=0
	shift
	"$headroom" audit --no-history --connections 10 --lifetime 60s "$@" -o json >audit.json 2>audit.err || code=$?
	case $code in
	0 | 3 | 4) jq -r ".resources[] | select(.id == \"$id\") | .capacity" audit.json ;;
	*)
		sed 's/^/# /' audit.err >&2
		echo "ended with $code"
		;;
	esac
}

# Sets the namespace up and fills the variables width, others and hold (arguments of hold_ports).
make_host() {
	local low high kinds=(listen local six bound) port i
	width=$(between 50 3000)
	low=$(between 2000 $((65535 - width)))
	high=$((low + width - 1))
	echo "$low $high" >/proc/sys/net/ipv4/ip_local_port_range || return 1
	reserved=
	for ((i = $(between 0 3); i > 0; i--)); do
		port=$(between "$low" "$((high - 12))")
		reserved+="${reserved:+,}$port-$((port + $(between 0 12)))"
	done
	echo "$reserved" >/proc/sys/net/ipv4/ip_local_reserved_ports || return 1
	hold=()
	others=0
	for ((i = $(between 0 12); i > 0; i--)); do
		kind=${kinds[$(between 0 3)]}
		port=$(between "$low" "$high")
		case " ${hold[*]} " in *":$port "*) continue ;; esac
		hold+=("$kind:$port")
		[ "$kind" = listen ] || others=$((others + 1))
	done
	somaxconn=$(between 1 1500)
	echo "$somaxconn" >/proc/sys/net/core/somaxconn || return 1
	describe="$low-$high (width $width), reserved ${reserved:-none}, held ${hold[*]:-none}"
}

check_ports() { # check_ports MODE
	local said measured less ok=false
	said=$(capacity ephemeral-ports --role client --bind "$1" --to 1)
	measured=$("$live/measure_ports" "$1" | sed -n 's/^total=\([0-9]*\) .*/\1/p')
	if [[ $said =~ ^[0-9]+$ && $measured =~ ^[0-9]+$ ]]; then
		less=$((width % 2))
		case $1 in
		none | noport) ((measured <= said && measured >= said - less)) && ok=true ;;
		*) ((measured <= said + others && measured >= said - less)) && ok=true ;;
		esac
	fi
	verdict "ports, bind $1: headroom says $said, the kernel gives $measured: $describe" $ok
}

check_queue() {
	local backlog said measured ok=false
	backlog=$(between 0 2000)
	said=$(capacity accept-queue --role server --backlog "$backlog")
	measured=$("$live/measure_backlog" "$backlog" | sed -n 's/^held=\([0-9]*\) .*/\1/p')
	[ -n "$measured" ] && [ "$said" = "$measured" ] && ok=true
	verdict "accept queue: headroom says $said, the kernel gives $measured: backlog $backlog, somaxconn $somaxconn" $ok
}

check_fds() {
	local soft said measured ok=false
	soft=$(between 40 3000)
	said=$(ulimit -Sn "$soft" && capacity process-fds --role client --nofile soft)
	measured=$(ulimit -Sn "$soft" && "$live/measure_fds" | sed -n 's/.* total=\([0-9]*\)$/\1/p')
	[ -n "$measured" ] && [ "$said" = "$measured" ] && ok=true
	verdict "descriptors: headroom says $said, the kernel gives $measured: soft limit $soft" $ok
}

# One host, inside its namespace.
inside() {
	local round=$1 mode
	RANDOM=$((seed * 1000 + round))
	cd "$(mktemp -d)" || exit 1
	trap 'rm -rf "$PWD"' EXIT
	if ! ip link set lo up || ! make_host; then
		verdict "round $round: the namespace could not be set up" false
		return
	fi
	coproc HOLD { exec "$live/hold_ports" "${hold[@]}"; }
	local pid=$HOLD_PID input=${HOLD[1]} line
	read -r line <&"${HOLD[0]}"
	verdict "round $round: ports are held" "$([ "$line" = ready ] && echo true || echo false)"
	for mode in none noport address wildcard; do
		check_ports "$mode"
	done
	check_queue
	check_fds
	exec {input}>&-
	wait "$pid"
}

if [ -n "${4:-}" ]; then
	inside "$4"
	exit 0
fi

for program in jq ip unshare; do
	if ! command -v "$program" >/dev/null; then
		echo "ok - random hosts # SKIP $program is not installed"
		exit 77
	fi
done
if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null; then
	echo "ok - random hosts # SKIP needs root and the right to make network namespaces"
	exit 77
fi
for ((round = 1; round <= rounds; round++)); do
	# Seven tests per host; fewer means that something broke off.
	output=$(unshare -n "$here/$(basename "$0")" "$build" "$rounds" "$seed" "$round" </dev/null 2>&1)
	echo "$output"
	good=$(grep -c '^ok ' <<<"$output")
	passed=$((passed + good))
	failed=$((failed + 7 - good))
done
echo "$passed passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
