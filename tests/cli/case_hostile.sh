# What a hostile or unlucky user types: one line comes back, fit for a terminal, and no silent wrong answer.
# shellcheck shell=sh
. tests/cli/lib.sh
esc=$(printf '\033')
bidi=$(printf '\342\200\256')

# printable NAME COMMAND…: one line on standard error, without control or reordering characters
printable() {
	name=$1
	shift
	"$@" >/dev/null 2>"$work/.err" </dev/null
	same "$name: one line" 1 "$(wc -l <"$work/.err" | tr -d ' ')"
	same "$name: nothing raw" "" "$(grep -n -e "$esc" -e "$bidi" "$work/.err")"
}
for bad in "${esc}[31mx" "${bidi}x" "a
b"; do
	printable "a command" "$H" "$bad"
	printable "an option" "$H" audit "--$bad"
	printable "a plan" "$H" audit "$bad"
	printable "a plan file" "$H" audit "./$bad"
	printable "an output" "$H" audit -o "$bad"
	printable "an output's directory" "$H" audit -q --facts "$hosts/debian-default" -o "/nonexistent/$bad.json"
	printable "facts" "$H" audit --facts "/$bad"
	printable "a fact" "$H" audit --set "$bad=1"
	printable "a limit" "$H" audit --ignore "$bad"
	printable "rules" "$H" audit --rules "/$bad"
	printable "help" "$H" help "$bad"
	"$H" explain "$bad" >.out 2>&1 # a text that nobody knows: what is full now
	same "explain: nothing raw" "" "$(grep -n -e "$esc" -e "$bidi" .out)"
	printable "a destination" "$H" audit --to "$bad"
	printable "a choice" "$H" audit --color "$bad"
	printable "nofile" "$H" audit --nofile "$bad"
done

# Destinations: each counts once, and only if it is one.
for bad in h:0 h:65536 h:080 h:80x "h:80 " "h 1:80" h: :80 ::1:80 1e3 1.5 80,90 '[::1' '[::1]x:80' '<b>:80'; do
	check "--to $bad" 2 '' '^headroom: --to: ".*"' "$H" audit --connections 5 --to "$bad"
done
for good in h h:80 10.0.0.1 10.0.0.1:80 '[2001:db8::1]:443' '[fe80::1%eth0]:80' xn--bcher-kva.example:443 my_host:1; do
	check "--to $good" 0 '^headroom: PASS' '' "$H" audit -q --facts "$hosts/tuned-loadgen" --connections 5 --to "$good"
done
safe() {
	"$H" audit -q --facts "$hosts/tuned-loadgen" --connections 30k --lifetime 60s "$@" | sed 's/.*safe=//'
}
one=$(safe --to h:80)
same "a destination named twice is one" "$one" "$(safe --to h:80,H:80,h:80)"
echo '{"connections": 30000, "lifetime_s": 60, "destinations": ["h:80", "h:80"]}' >twice.json
same "in a file too" "$one" "$("$H" audit -q --facts "$hosts/tuned-loadgen" ./twice.json | sed 's/.*safe=//')"
one=$(safe --to 10.9.0.5:80)
same "one named twice as often as another has two thirds of the plan" "$((one * 3 / 2))" \
	"$(safe --to 10.9.0.5:80,10.9.0.6:80,10.9.0.5:80)"
check "such a list is written as it is meant" 0 '"10.9.0.5:80",[[:space:]]*"10.9.0.5:80",[[:space:]]*"10.9.0.6:80"' '' \
	"$H" audit --facts "$hosts/tuned-loadgen" -o json --connections 10 --to 10.9.0.5:80,10.9.0.6:80,10.9.0.5:80
echo '{"connections": 3, "destinations": ["h:80",
 "h:99999"]}' >port.json
check "a port that is none, in a file" 2 '' './port.json:2:2: "destinations": .*65535' "$H" audit ./port.json

# Outputs that would be lost, or would overwrite one another.
quiet="$H audit -q --facts $hosts/tuned-loadgen --connections 5"
# shellcheck disable=SC2086 # $quiet is several words
{
	mkdir sub
	ln -s a.json link.json
	check "one file by two names" 2 '' 'are the same file' $quiet -o a.json -o ./sub/../a.json
	check "one file through a link" 2 '' 'are the same file' $quiet -o text:link.json -o a.json
	check "two directories are two files" 0 '*' '' $quiet -o a.json -o sub/a.json
	check "a closed standard output" 1 '' 'standard output: .*Bad file descriptor' sh -c "$quiet >&-"
	check "closed from all sides, the file is written" 1 '' '' sh -c "$quiet -o closed.json <&- >&- 2>&-"
	same "it is" '{' "$(head -c 1 closed.json)"
	if grep -q __asan_init "$H"; then
		skip "without /proc" "the sanitizers' own start needs /proc"
	elif [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
		without="mount -t tmpfs none /proc"
		check "without /proc: a verdict, and the file" 4 '^headroom: UNKNOWN' '' unshare -m sh -c \
			"$without && $H audit -q ws-client -o noproc.json"
		same "the file" '{' "$(head -c 1 noproc.json)"
	else
		skip "without /proc" "needs root and unshare"
	fi
	mkdir mine mine/limits
	ln -s nowhere mine/limits/a.json
	check "a rule file that leads nowhere" 2 '' 'mine/limits/a.json: ' "$H" rules lint --rules mine
	cp "$H" mine/headroom
	printf '#!/bin/sh\nexit 0\n' >mine/headroom-helper
	chmod +x mine/headroom-helper
	check "a helper that writes nothing" 1 '*' 'headroom-helper produced nothing' mine/headroom audit -q --facts \
		"$hosts/tuned-loadgen" -o a.html
	same "no empty report" "" "$(ls a.html 2>/dev/null)"
}
# Facts in any order: a large file is read in time.
awk 'BEGIN { printf "{\"schema\": \"headroom.facts/1\", \"facts\": ["
	for (i = 0; i < 20000; i++)
		printf "%s{\"key\": \"listener.backlog\", \"instance\": \"[::]:%d\", \"value\": %d, " \
			"\"unit\": \"count\", \"status\": \"known\", \"origin\": \"read\"}", i ? "," : "", i, i
	print "]}" }' >many.json
check "20,000 facts in no order" 4 '^headroom: UNKNOWN' '' within 10 "$H" audit -q ws-server --facts ./many.json

awk 'BEGIN { printf "{\"schema\": \"headroom.facts/1\", \"facts\": ["
	for (i = 0; i < 20000; i++)
		printf "%s{\"key\": \"beam.%s\", \"instance\": \"%d\", \"value\": %d, \"unit\": \"count\", \"status\": " \
			"\"known\", \"origin\": \"read\"}", i ? "," : "", i % 2 ? "port_limit" : "process_limit", i, i
	print "]}" }' >beams.json
check "20,000 Erlang nodes" 4 '^headroom: UNKNOWN' '' within 20 "$H" audit -q --facts ./beams.json ws-client
cp -r "$hosts/rabbitmq-node" beams
chmod -R u+w beams
for i in $(seq 3001 4100); do
	mkdir "beams/proc/$i"
	echo beam.smp >"beams/proc/$i/comm"
done
[ ! -e beams/processes ] || echo 1103 >beams/processes
"$H" facts --facts beams -o beams-facts.json >/dev/null 2>&1
same "more Erlang nodes than are looked at" no "$(jq -r '.collected["beam.port_limit"].state | if . == "complete" then . else "no" end' beams-facts.json)"

# Where a file is expected, what is no file is refused: at once, and by name.
mkfifo fifo
mkdir rule-files
mkfifo rule-files/x.json
ln -s /dev/zero zero.json
for no_file in fifo zero.json; do
	for words in "audit --connections 5 --facts" "audit --connections 5 --waivers" "audit --connections 5 --against" "audit" \
		"size ws-client --catalogue" "fix" "report" "watch --once --set" "rules lint --rules" "audit --connections 5 --template" \
		"gate --connections 5 --config" "attach jira:X-1 --dry-run --url https://x.example" "history diff last" \
		"attach jira:X-1 $top/README.md --url https://x.example --token-file"; do
		# shellcheck disable=SC2086 # several words
		timeout $hang "$H" $words "./$no_file" -- true >/dev/null 2>"$work/.err" </dev/null
		got=$?
		case $got in
		2 | 125) ok "$words $no_file is refused" ;;
		*) not_ok "$words $no_file is refused" "exit $got" "$(cat "$work/.err")" ;;
		esac
	done
done
check "plans from a pipe, as bash writes it" 0 '*' '' bash -c \
	"$H audit -q --facts $hosts/tuned-loadgen <(echo '{\"connections\": 5}')"
mkdir settings lock
mkfifo settings/headroom.json lock/workload.lock.json
check "a FIFO as headroom.json" 125 '' 'headroom.json: is a FIFO' \
	sh -c "cd settings && timeout $hang $H gate --connections 5 -- true"
check "a FIFO as workload.lock.json" 2 '' 'workload.lock.json: is a FIFO' \
	sh -c "cd lock && timeout $hang $H audit -- wrk -c 4 http://10.0.0.5/"

# A limit of a reader is never taken for the end: what is beyond it is not known.
cp -r "$hosts/debian-default" capped
chmod -R u+w capped
conntrack="--connections 50000 --lifetime 60s --max-use 75%"
fact_of() { jq -r --arg key "$1" '.facts[] | select(.key == $key and .instance == "") | "\(.status) \(.note)"'; }
echo '{"nftables": [], "more": true}' >capped/nft.json
# shellcheck disable=SC2086 # several words
"$H" audit ws-client $conntrack --facts capped -o json >capped.json 2>/dev/null
same "rules that were not looked at" "skipped more than 100,000 rules: not all were looked at" "$(fact_of conntrack.tracked <capped.json)"
jq -n '{nftables: [range(20000) | {rule: {family: "ip", table: "t", chain: "c", expr: [{counter: null}]}}]}' >capped/nft.json
# shellcheck disable=SC2086 # several words
"$H" audit ws-client $conntrack --facts capped -o json >capped.json 2>/dev/null
same "a file of rules that is too long" malformed "$(fact_of conntrack.tracked <capped.json | cut -d ' ' -f 1)"
# A MANIFEST of more lines than are kept: what could not be read is not taken for absent.
cp -r "$hosts/debian-default" manifest
chmod -R u+w manifest
rm -f manifest/ORIGIN manifest/proc/sys/net/netfilter/nf_conntrack_max manifest/proc/sys/fs/file-max
for how in lines bytes; do
	{
		seq -f 'proc/sys/x/%.0f ENOENT' 5000
		echo 'proc/sys/fs/file-max EACCES'
		[ "$how" = lines ] || head -c 2000000 /dev/zero | tr '\0' '#'
	} >manifest/MANIFEST
	"$H" audit --connections 5 --facts manifest -o json >capped.json 2>/dev/null
	same "a MANIFEST of too many $how" skipped "$(fact_of fs.file-max <capped.json | cut -d ' ' -f 1)"
done
deep=$(seq -s / 100)
cp -r "$hosts/debian-default" deep
chmod -R u+w deep
group=$(sed -n 's/^0:://p' deep/proc/self/cgroup)
mkdir -p "deep/sys/fs/cgroup$group/$deep"
echo "0::$group/$deep" >deep/proc/self/cgroup
"$H" audit --connections 5 --facts deep -o json >capped.json 2>/dev/null
same "groups that are too deep to look at all above" malformed "$(fact_of cgroup.pids.max <capped.json | cut -d ' ' -f 1)"
for file in proc/net/udp proc/net/tcp proc/net/tcp6 proc/sys/net/ipv4/ip_local_port_range sockets.json nft.json etc/hosts proc/net/netstat; do
	rm -rf sparse
	cp -r "$hosts/debian-default" sparse
	chmod -R u+w sparse
	[ "$file" = sockets.json ] || rm -f sparse/sockets.json
	rm -f "sparse/$file"
	truncate -s 1G "sparse/$file" 2>/dev/null || { skip "a file without end: $file" "no sparse files here"; continue; }
	within 10 "$H" audit ws-client --connections 100 --lifetime 60s --facts sparse -q >out 2>err
	case $? in
	0 | 2 | 3 | 4) ok "a file without end: $file" ;;
	*) not_ok "a file without end: $file" "$(cat err)" ;;
	esac
done
