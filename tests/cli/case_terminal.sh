# shellcheck shell=sh disable=SC2086
# The screen of an audit: short, as wide as the terminal, the answer first and the fix above the last line.
. tests/cli/lib.sh
cat >waivers.json <<'END'
{"schema": "headroom.waivers/1", "waivers": [
	{"id": "process-fds", "justification": "The unit raises it before the run", "by": "ops", "expires": "2999-01-01"},
	{"id": "ephemeral-ports", "justification": "Accepted for this smoke test", "expires": "2999-01-01"}]}
END
cd "$top" || exit 1
python3 tests/cli/terminal_lines.py "$H" "$hosts" tests/report "$work/waivers.json"
count=7
cd "$work" || exit 1

plan="ws-client --connections 15000 --lifetime 60s --facts $hosts/debian-default"
# audit COLUMNS ARGUMENT…: the screen, that wide
audit() {
	columns=$1
	shift
	COLUMNS=$columns "$H" audit $plan "$@" 2>/dev/null
}
same "a command and its gain on one line" '  1  ulimit -Sn 21000                         # then safe up to 10,587' "$(audit 80 | grep '^  1  ')"
same "the age stands with the host" 1 "$(audit 80 | grep -c '^  debian-default (as of 2026-11-21 02:00 UTC, .* old), Linux')"
same "more than ten times as such" 1 "$(audit 80 | grep -c '^  ✗  Open files (process)  *15,010  *1,024  *15×  *758$')"
same "no blank before a percent sign" "" "$(audit 80 --all | grep '[0-9] %')"
same "a wide screen has longer lines" yes "$([ "$(audit 120 | wc -L)" -gt 80 ] && echo yes)"
same "a narrow one does without the last column" 0 "$(audit 60 | grep -c 'safe up to$')"
same "no number of columns" "$(audit 80)" "$(audit many)"
same "what is cut is counted" 1 "$(audit 80 | grep -c '^  More (--all)   [0-9]* warning, [0-9]* more pass, [0-9]* not stated in the plan, [0-9]* do not')"
churn() { COLUMNS=80 "$H" audit http-churn --rps 2000 --facts "$hosts/debian-default" "$@"; }
same "why a plan needs more ports than connections" 1 \
	"$(churn | grep -c '^     Needs 200 connections + 120,000 in TIME_WAIT (2,000 closes/s × 60 s)$')"
same "nothing where none waits" 0 "$(COLUMNS=80 "$H" audit ws-client --connections 40000 --burst 40000 --open-rate 0 \
	--facts "$hosts/debian-default" --all | grep -c '^     Needs ')"
same "assumed values are said by the flag that states them" 1 "$(churn --all | grep -c '^  Assumed .*--runtime native')"
same "nothing is cut with --all" 0 "$(audit 80 --all | grep -c -e '--all' -e ' …$')"
same "commands of several lines are named, not halved" 1 "$(COLUMNS=80 "$H" audit ws-client --connections 15000 --facts \
	"$hosts/boot-order" | grep -c '^  1  .* (4 commands: --all)$')"
same "--all has them" 1 "$("$H" audit ws-client --connections 15000 --all --facts "$hosts/boot-order" |
	grep -c '^     systemctl daemon-reload$')"

# What a waiver excuses is said with its numbers, who, until when and why, also to a CI server.
"$H" audit $plan --waivers waivers.json -q -o w.xml -o github:w.log >/dev/null
same "JUnit" 1 "$(grep -c '<skipped message="waived by ops until 2999-01-01: The unit raises it before the run; Open files (process): 15,010 needed' w.xml)"
same "GitHub" 1 "$(grep -c 'Open files (process): 15,010 needed.*; waived by ops until 2999-01-01: The unit raises it before the run$' w.log)"
same "not judged processors: at least so many hosts" 1 "$(audit 80 | grep -c '^  Hosts needed   at least 20 hosts now, 1 after the changes$')"
