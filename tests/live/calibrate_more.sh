#!/bin/bash
# The calibrators conntrack, memory, erlang and scale on this host, as root and as an unprivileged user: figures that
# the kernel must give, refusals with a reason, and nothing left behind.
#
# Usage: tests/live/calibrate_more.sh BUILD_DIR [SCALE_BYTES]
#
# SCALE_BYTES (1e9): the memory that scale may take; 7.5e9 are a million connections.
set -u
case $1 in /*) build=$1 ;; *) build=$PWD/$1 ;; esac
scale_bytes=${2:-${LIVE_SCALE_BYTES:-1e9}}
driver=$build/tests/live/calibrate_driver
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work" || exit 1
user=root
passed=0
failed=0
skipped=0

calibrate() { # calibrate ID ARGUMENT…
	if [ "$user" = root ]; then
		timeout 120 "$driver" "$@"
	else
		timeout 120 runuser -u nobody -- "$driver" "$@"
	fi >result 2>result.err || echo "reason ended with $?: $(cat result.err)" >>result
}
field() { # field NAME: of the last calibration
	sed -n "s/^$1 //p" result | head -1
}
is() { # is NAME VALUE
	[ "$(field "$1")" = "$2" ]
}
within() { # within NAME FROM TO
	awk -v x="$(field "$1")" -v a="$2" -v b="$3" 'BEGIN { exit !(x != "" && x + 0 >= a && x + 0 <= b) }'
}
check() { # check TITLE COMMAND…: as the current user
	local title="$1, as $user"
	shift
	if "$@"; then
		echo "ok - $title"
		passed=$((passed + 1))
	else
		echo "not ok - $title"
		sed 's/^/# /' result
		failed=$((failed + 1))
	fi
}
skip() { # skip TITLE: the last calibration's reason
	echo "ok - $1, as $user # skip $(field reason)"
	skipped=$((skipped + 1))
}
sockets() { # the host's TCP sockets
	sed -n 's/^TCP:.* alloc \([0-9]*\).*/\1/p' /proc/net/sockstat
}
conntrack_is_right() {
	is measured 1 && is entries_plain 1 && is entries_masquerade 1 && is entries_publish 1 && is entries_proxy 2 &&
		is entries_client 0 && is entries_server 0 && is agrees 1
}
limit_is_met() {
	is stopped_by nf_conntrack_max && is connections_at_limit 500 && is count_at_stop "$(field max)" &&
		is stat_entries "$(field max)"
}
erlang_is_right() { # erlang_is_right WORD
	is difference 0 && is agrees 1 && is comparable 1 && is stopped_by "$1"
}
refuses() { # refuses: with a reason, without a number
	is measured nan && is comparable 0 && case $(field reason) in not*) true ;; *) false ;; esac
}
nothing_left() {
	local i now
	for ((i = 0; i < 40; i++)); do
		now=$(sockets)
		[ "$now" -le $((before + 100)) ] && return 0
		sleep 0.1
	done
	echo "# $before sockets before, $now after" >>result
	return 1
}

before=$(sockets)
conntrack_before=$(cat /proc/sys/net/netfilter/nf_conntrack_max 2>/dev/null)
for user in root nobody; do
	[ "$user" = nobody ] && ! runuser -u nobody -- "$driver" fds >/dev/null 2>&1 && continue
	calibrate conntrack
	case $(field reason) in
	not\ run* | not\ possible*) skip "conntrack" ;;
	*)
		check "conntrack: one entry per connection, two through a proxy" conntrack_is_right
		case $(field limit) in
		not\ approached*) skip "conntrack: the table's limit ($(field limit))" ;;
		*) check "conntrack: exactly as many connections as the table had room for" limit_is_met ;;
		esac
		;;
	esac

	calibrate memory
	check "memory: an end of a connection takes 3 to 5 KiB" within measured 3000 5200
	check "memory: nobody accepted, less is taken" within bytes_unaccepted 4500 "$(field bytes_accepted)"
	if [ "$user" = root ]; then
		check "memory: from object counts, agrees with the model" is agrees 1
	else
		check "memory: said to be not comparable" is comparable 0
	fi

	for row in "1024 0 emfile" "4096 1024 system_limit" "3000 2000 system_limit" "4096 0 emfile" "64 0 emfile"; do
		read -r nofile ports word <<<"$row"
		calibrate erlang nofile="$nofile" q="$ports"
		case $(field reason) in
		not\ run*) skip "erlang: $row" ;;
		*) check "erlang: nofile $nofile, +Q $ports ends in $word, as predicted" erlang_is_right "$word" ;;
		esac
	done
	calibrate erlang nofile=4096 max_ports=1500
	case $(field reason) in
	not\ run*) skip "erlang: ERL_MAX_PORTS" ;;
	*) check "erlang: ERL_MAX_PORTS 1500 is 2048" is port_limit 2048 ;;
	esac

	calibrate scale bytes=1e8 processes=100
	check "scale: as many as the budget" is difference 0
	check "scale: stopped by the budget" is stopped_by memory_budget
	calibrate scale bytes=1e9 processes=3
	check "scale: stopped by the number of tables, or by the budget" is difference 0
	calibrate scale bytes=100
	check "scale: no room, no number" refuses
	calibrate memory bytes=1000
	check "memory: no room, no number" refuses
done

user=root
PATH_BEFORE=$PATH
mkdir empty
PATH=$work/empty /usr/bin/timeout 20 "$driver" erlang >result 2>&1
PATH=$PATH_BEFORE
check "erlang: not installed is said" refuses

calibrate scale full=1 bytes="$scale_bytes"
check "scale: $(field measured) connections at $(field rate_per_s) per second, $(field duration_s) s in all" is difference 0

# SIGKILL at a random moment: nothing stays.
for id in conntrack memory erlang scale; do
	"$driver" $id nofile=20000 bytes=1e9 >result 2>&1 &
	sleep "0.$((RANDOM % 9))"
	kill -KILL $! 2>/dev/null
	wait $! 2>/dev/null
	check "$id: killed, and nothing is left" nothing_left
done
check "the host's nf_conntrack_max is as before" \
	[ "$conntrack_before" = "$(cat /proc/sys/net/netfilter/nf_conntrack_max 2>/dev/null)" ]

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
