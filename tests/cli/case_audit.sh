# Verdicts, exit codes, the terminal view and its last line, over captured hosts.
# shellcheck shell=sh disable=SC1091,SC2154,SC2086 # what lib.sh sets; options are several words
. tests/cli/lib.sh
host="--facts $hosts/tuned-loadgen"
small="--facts $hosts/debian-default"
cat >unknown.json <<'END'
{"schema": "headroom.facts/1", "facts": [
	{"key": "limits.nofile.soft", "instance": "", "value": 65536, "unit": "count", "status": "known", "origin": "given"},
	{"key": "limits.nofile.hard", "instance": "", "value": 65536, "unit": "count", "status": "known", "origin": "given"},
	{"key": "fs.file-max", "instance": "", "value": null, "unit": "count", "status": "denied", "origin": "read"}
]}
END
# shellcheck disable=SC2086 # $host and $small are two words each
{
	check "pass" 0 '^headroom: PASS binding=ephemeral-ports [0-9.]+% safe=[0-9]+$' '' "$H" audit $host --connections 1000
	check "fail" 3 '^headroom: FAIL process-fds [0-9.]+% safe=[0-9]+ after=[0-9]+$' '' "$H" audit $small --connections 15000
	check "no workload" 0 '^headroom: AUDIT ' '' "$H" audit $host
	check "no workload: says how to name one" 0 'ws-client' '' "$H" audit $host
	check "unknown" 4 '^headroom: UNKNOWN .*system-fds' '' "$H" audit --facts ./unknown.json --connections 1000
	check "quiet: one line" 3 '^headroom: FAIL' '' "$H" audit $small --connections 15000 -q
	same "quiet: only one" 1 "$("$H" audit $small --connections 15000 -q | wc -l | tr -d ' ')"
	check "a ready workload, its flags override" 3 '15,000 connections' '' "$H" audit ws-client $small --connections 15k
	check "all limits" 3 'Erlang ports .* n/a$' '' "$H" audit $small --connections 15000 --all
	check "without --all the rest is counted" 3 '^  More .--all.  .* more pass' '' "$H" audit $small --connections 15000
	check "a fact given" 0 '^headroom: PASS' '' "$H" audit $small --connections 15000 --set limits.nofile.soft=65536 \
		--set limits.nofile.hard=65536
	check "a higher target" 0 '^headroom: PASS' '' "$H" audit $small --connections 1000 --max-use 100%
	check "ignored, and said so" 0 'process-fds does not count' '' "$H" audit $small --connections 15000 \
		--ignore process-fds
	check "nothing on standard error" 3 '*' '' "$H" audit $small --connections 15000

	# the look
	same "80 columns" "" "$("$H" audit $small --connections 15000 --all | LC_ALL=C.UTF-8 grep -E '.{81}')"
	check "no colors into a pipe" 3 '^✗ FAIL' '' "$H" audit $small --connections 15000
	same "--color=always" yes "$("$H" audit $small --connections 15000 --color=always | grep -q "$(printf '\033')\[31m" &&
		echo yes)"
	same "ASCII where the locale is" "" "$(LANG=C "$H" audit $small --connections 15000 --all | LC_ALL=C grep -n '[^ -~]')"
	same "microseconds in ASCII" yes "$(LANG=C "$H" audit $small --connections 15000 --all | grep -q '[0-9] us' && echo yes)"
	same "LC_ALL decides before LANG" yes "$(LC_ALL=C LANG=C.UTF-8 "$H" audit $small --connections 15000 |
		grep -q '^x FAIL' && echo yes)"
	if script -qec true /dev/null >/dev/null 2>&1 </dev/null; then
		run="$H audit $small --connections 15000"
		colored() { tr -d '\r' <typescript | grep -q "$(printf '\033')\["; }
		TERM=xterm script -qec "$run" typescript >/dev/null 2>&1 </dev/null
		same "colors on a terminal" yes "$(colored && echo yes)"
		TERM=xterm NO_COLOR=1 script -qec "$run" typescript >/dev/null 2>&1 </dev/null
		same "NO_COLOR" "" "$(colored && echo yes)"
		TERM=dumb script -qec "$run" typescript >/dev/null 2>&1 </dev/null
		same "a terminal without colors" "" "$(colored && echo yes)"
	else
		skip "colors on a terminal" "script(1) is not installed"
	fi
}

# --- Windows' own Linux --------------------------------------------------------------------------------------------
cp -a "$hosts/debian-default" wsl
rm -rf wsl/sys/class/dmi
echo 6.6.87.2-microsoft-standard-WSL2 >wsl/proc/sys/kernel/osrelease
check "WSL is told by its kernel" 0 'limits of the WSL virtual machine' '' "$H" audit ws-client --connections 100 --all --facts wsl
echo '{"schema": "headroom.facts/2", "facts": {"os.name": "windows"}}' >windows.json
check "Windows: one sentence" 4 'These facts come from Windows' '' "$H" audit ws-client --connections 100 --facts windows.json
