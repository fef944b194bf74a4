# shellcheck shell=sh
# Usage: help, unknown words, bad values; always one clear line, always exit 2.
. tests/cli/lib.sh
check "alone: a short help" 0 'whether this host will survive' '' "$H"
check "--help" 0 'headroom audit' '' "$H" --help
check "--version" 0 '^headroom [0-9]+\.[0-9]+\.[0-9]+ ' '' "$H" --version
check "version takes nothing" 2 '' 'takes no argument' "$H" version x
for command in audit workload size calibrate explain facts report rules help version; do
	check "$command --help" 0 "^Usage: headroom $command" '' "$H" $command --help
	[ $command = workload ] || check "help $command" 0 "^Usage: headroom $command" '' "$H" help $command
done
check "help workload" 0 '^  --connections N ' '' "$H" help workload
check "help on nothing" 2 '' 'did you mean audit' "$H" help audti
check "unknown command" 2 '' 'unknown command "adit"; did you mean audit\?' "$H" adit
check "unknown option" 2 '' 'unknown option --conections; did you mean --connections\?' "$H" audit --conections 5
check "option without argument" 2 '' '--facts needs an argument' "$H" audit --facts
check "bad number" 2 '' '--connections: .*12x' "$H" audit --connections 12x
check "negative number" 2 '' '--connections: ' "$H" audit --connections -12
check "bad choice" 2 '' '--role: .*client, server' "$H" audit --role clint
# What people type: the answer has the command as it should have been.
missing_dashes() { # missing_dashes COMMAND_LINE WANTED_LINE
	check "forgotten --: $1" "$3" '' "put -- before it: $2\$" sh -c "\"\$0\" $1" "$H"
}
missing_dashes "gate wrk -t4 -c400 http://10.0.0.5/" 'headroom gate -- wrk -t4 -c400 http://10.0.0.5/' 125
missing_dashes "gate --max-use 60% wrk -c400 'http://10.0.0.5/?a=1&b=2'" "headroom gate --max-use 60% -- wrk -c400 …" 125
missing_dashes "gate k6 run load.js" 'headroom gate -- k6 run load.js' 125
missing_dashes "audit wrk http://10.0.0.5/" 'headroom audit -- wrk http://10.0.0.5/' 2
check "no secret in it" 125 '' 'headroom gate -- wrk -c4 -H …$' "$H" gate wrk -c4 -H 'Authorization: Bearer secret' http://10.0.0.5/
check "a ready workload is no command" 125 '' 'needs the load test.s command after' "$H" gate k6 --connections 5
check "--rate" 125 '' 'did you mean --open-rate\? headroom gate --open-rate 500 -- true$' "$H" gate --rate 500 -- true
check "--conns=" 2 '' 'did you mean --connections\? headroom audit --connections=5 ws-client$' "$H" audit --conns=5 ws-client
check "15,000" 2 '' '--connections: write "15,000" without separators: 15000$' "$H" audit --connections 15,000
check "1,50" 2 '' '"1,50" is not a count' "$H" audit --connections 1,50
check "--pid abc" 2 '' '--pid: "abc" is not a process ID$' "$H" audit --pid abc
check "--max-use 75" 2 '' '"75" is out of range; did you mean 75%\?$' "$H" audit --max-use 75
check "bad share" 2 '' '--max-use: .*out of range' "$H" audit --max-use 150%
check "a URL is no destination" 2 '' '--to: give HOST:PORT' "$H" audit --connections 5 --to http://u:secret@h:1
same "its password is not repeated" "" "$("$H" audit --connections 5 --to http://u:secret@h:1 2>&1 | grep secret)"
check "unknown workload" 2 '' 'unknown preset or plan file "ws-clint"; did you mean ws-client\?' "$H" audit ws-clint
check "two workloads" 2 '' 'are two loads; write' "$H" audit ws-client ws-server
check "no such workload file" 2 '' './none.json.*No such file' "$H" audit ./none.json
check "a directory as workload" 2 '' 'headroom: ' "$H" audit ./
check "no such facts" 2 '' '/nonexistent/facts' "$H" audit --facts /nonexistent/facts
check "no such process" 2 '' '4194303' "$H" audit --pid 4194303
check "unknown fact" 2 '' 'headroom: ' "$H" audit --set no.such.fact=1
check "a --set without =" 2 '' 'headroom: ' "$H" audit --set somaxconn
check "unknown limit in --ignore" 2 '' 'no-such' "$H" audit ws-client --ignore no-such
check "rules that do not exist" 2 '' '/nonexistent' "$H" audit --rules /nonexistent
check "manual page" 0 '^\.TH HEADROOM 1' '' "$H" help --man
same "docs/headroom.1 is what help --man prints" "$(cat "$top/docs/headroom.1")" "$("$H" help --man)"
check "words of a kind" 0 '^ws-client$' '' "$H" help --words presets
check "words of no kind" 2 '' 'choose one of presets, topics' "$H" help --words verbs
same "-V is --version" "$("$H" --version)" "$("$H" -V)"
front=$("$H" --color never -q --rules=. audit ws-client --connections 3 --facts "$hosts/debian-default")
same "options in front of the command" "$front" \
	"$("$H" audit --color never -q --rules=. ws-client --connections 3 --facts "$hosts/debian-default")"
check "in front is an option that no command has" 2 '' '--nonsense: unknown option, or no command follows' "$H" --nonsense audit
check "nothing but options" 2 '' '--color: unknown option, or no command follows' "$H" --color never
check "in front is an option of another command" 2 '' '--apply' "$H" --apply audit
{
	"$H" facts --facts "$hosts/crowded" -o json 2>.err
	echo $? >.code
} | head -c 1 >.first
same "a reader that has read enough" "{ 0 " "$(cat .first .code .err | tr '\n' ' ' | sed 's/^{/{ /')"
if command -v bash >/dev/null; then
	"$H" help --bash >completion
	# shellcheck disable=SC2016  # the inner shell expands it
	complete='. ./completion; COMP_CWORD=$#; COMP_WORDS=(headroom "$@"); _headroom; echo "${COMPREPLY[*]}"'
	same "completion of commands" "audit" "$(bash -c "$complete" - au)"
	same "completion of options" "--connections" "$(bash -c "$complete" - audit --conn)"
	same "completion of choices" "server" "$(bash -c "$complete" - audit --role s)"
	same "completion behind options in front" "audit" "$(bash -c "$complete" - --color never au)"
else
	skip "completion" "bash is not installed"
fi
# Every example of help can be pasted. What it names is there; what needs a server, a key or time is left out.
mkdir bin facts
for tool in wrk vegeta journalctl load-test.sh; do
	printf '#!/bin/sh\necho "accept4: too many open files"\n' >"bin/$tool"
	chmod +x "bin/$tool"
done
ln -s "$H" bin/headroom
cp bin/load-test.sh .
printf 'h1\n' >hosts.txt
"$H" facts --facts "$hosts/debian-default" -o facts/h1.json
for host in a b c; do cp facts/h1.json $host.json; done
"$H" workload ws-client --connections 5 --to 127.0.0.1:80 >plan.json
"$H" audit plan.json -q -o audit.json >/dev/null
for command in audit gate fix size fleet why explain workload facts lint report rules schema version help; do
	"$H" help $command --color never >text
	if [ $command = workload ]; then "$H" workload --help >text; fi
	sed -n '/^Examples$/,/^$/s/^  //p' text | grep -v -e '--for' -e ' --pid' >examples
	[ -s examples ] || not_ok "help $command has examples"
	while read -r line; do
		PATH=$PWD/bin:$PATH sh -c "$line" >.out 2>.err </dev/null
		code=$?
		case $code in
		0 | 3 | 4 | 121 | 122 | 123) ok "pasted: $line" ;;
		*) not_ok "pasted: $line" "exit $code" "$(head -c 300 .err)" ;;
		esac
	done <examples
done
same "groups are in one order" "Plan Host Limits Run Changes Ticket Keys Output General" \
	"$(man=$("$H" help --man) && echo "$man" | sed -n '/^.SH OPTIONS/,/^.SH PLAN/s/^.SS //p' | tr '\n' ' ' | sed 's/ $//')"
escape=$(printf '\033')
for option in --no-color '--color never' '--no-color --color always'; do
	# shellcheck disable=SC2086
	case $("$H" audit --facts "$hosts/debian-default" ws-client $option) in
	*"$escape"*) not_ok "$option: no colors" ;;
	*) ok "$option: no colors" ;;
	esac
done
check "--color always" 0 "$escape" '' "$H" audit --facts "$hosts/tuned-loadgen" --connections 5 --color always
if grep -q __asan_init "$H"; then
	skip "a small stack" "the sanitizers need a larger one"
else
	check "a stack that is too small is said" 2 '' 'the stack limit of 64 KiB is too low; headroom needs 128 KiB: ulimit -s' \
		sh -c "ulimit -s 64; exec '$H' audit --connections 5"
	check "gate, too" 125 '' 'the stack limit of 64 KiB is too low' sh -c "ulimit -s 64; exec '$H' gate --connections 5 -- true"
	check "one that suffices" 0 'PASS' '' sh -c "ulimit -s 128; exec '$H' audit --facts '$hosts/tuned-loadgen' --connections 5 --all"
fi
