# Sourced by the cases of tests/cli. Each check prints a TAP line.
#   check NAME EXIT STDOUT STDERR COMMAND…   extended regular expressions; "" means: nothing at all is printed
#                                            there, "*": anything
#   same NAME WANT GOT                       two texts
#   skip NAME REASON
# shellcheck shell=sh
H=${HEADROOM:-$PWD/build/headroom}
build_tree=${HEADROOM_BUILD:-}
unset HEADROOM_BUILD # no setting of headroom: it would say so
[ -z "$build_tree" ] || HEADROOM_BUILD=$build_tree
unset NO_COLOR GITHUB_STEP_SUMMARY LC_ALL LC_CTYPE
export LANG=C.UTF-8 HEADROOM_HISTORY=off XDG_CONFIG_HOME=/nonexistent
top=$PWD
hosts=$top/tests/hosts
work=$(mktemp -d) || exit 1
export XDG_STATE_HOME="$work/no-state" # the history of whoever runs the tests is not theirs
trap 'rm -rf "$work"' EXIT
cd "$work" || exit 1
count=0

ok() {
	count=$((count + 1))
	echo "ok $count - $1"
}

not_ok() {
	count=$((count + 1))
	echo "not ok $count - $1"
	shift
	printf '#   %s\n' "$@"
}

skip() {
	count=$((count + 1))
	echo "ok $count - $1 # SKIP $2"
}

# fits FILE PATTERN
fits() {
	case $2 in
	'*') return 0 ;;
	'') [ ! -s "$1" ] ;;
	*) grep -Eq -- "$2" "$1" ;;
	esac
}

check() {
	name=$1 want=$2 out_pattern=$3 err_pattern=$4
	shift 4
	"$@" >"$work/.out" 2>"$work/.err" </dev/null
	got=$?
	if [ "$got" -ne "$want" ]; then
		not_ok "$name" "exit $got, not $want: $*" "$(head -c 300 "$work/.err")"
	elif ! fits "$work/.out" "$out_pattern"; then
		not_ok "$name" "standard output does not fit \"$out_pattern\": $*" "$(head -c 300 "$work/.out")"
	elif ! fits "$work/.err" "$err_pattern"; then
		not_ok "$name" "standard error does not fit \"$err_pattern\": $*" "$(head -c 300 "$work/.err")"
	else
		ok "$name"
	fi
}

same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1" "want: $2" "got:  $3"
	fi
}

# However busy the machine is, nothing that goes on takes as long as this, in seconds: timeout "$hang" COMMAND…
hang=300

# within SECONDS COMMAND…: ends it after so many seconds of a processor, which do not depend on what else runs
within() {
	(
		# shellcheck disable=SC3045  # dash and bash have it
		ulimit -t "$1"
		shift
		exec "$@"
	)
}

# until_true COMMAND…: until it succeeds, a minute at most
until_true() {
	tries=0
	until "$@" 2>/dev/null || [ $tries -ge 600 ]; do
		sleep 0.1
		tries=$((tries + 1))
	done
}

# wait_for FILE: until something stands in it
wait_for() { until_true [ -s "$1" ]; }

# is_called PID NAME: the process exists and is this program by now
is_called() { [ "$(cat "/proc/$1/comm")" = "$2" ]; }

# No temporary file of headroom may be left in a directory.
clean() {
	same "$1: nothing is left behind" "" "$(find "${2:-$work}" -name '.headroom-*' 2>/dev/null)"
}
