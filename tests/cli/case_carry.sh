# Without a plan: what the host can carry, what to change first, in every format; the changes are as good as they say.
. "$(dirname "$0")/lib.sh"
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the helper's sandbox forbids the leak checker

plain="$hosts/debian-default"
for format in html pdf md png json; do
	"$H" audit --facts "$plain" -o "carry.$format" -q >/dev/null 2>error
	status=$?
	if [ $status -eq 0 ] && [ -s "carry.$format" ]; then
		ok "an audit without a plan as $format"
	else
		not_ok "an audit without a plan as $format" "exit $status" "$(head -c 300 error)"
	fi
done
"$H" audit --facts "$plain" >text
same "the terminal has at most 24 lines" yes "$([ "$(wc -l <text)" -le 24 ] && echo yes || cat text)"
same "… and ends with what it is" "headroom: AUDIT" "$(tail -n 1 text | cut -c1-15)"
for file in text carry.md carry.html; do
	same "how to get a verdict stands in $file" 1 "$(grep -c 'headroom audit -- wrk -t4 -c400 -d60s http://10.0.0.5/' $file)"
done
same "nobody signs a page without a verdict" 0 "$(grep -c 'Approved' carry.html)"

# Each change given by --set: the host then carries what the last of them promises.
jq -r '.first_changes[].facts | to_entries[] | select(.value.to != null) | "--set\n\(.key)=\(.value.to)"' carry.json >sets
[ -s sets ] || not_ok "there is something to change" "$(jq -c .first_changes carry.json)"
set --
while IFS= read -r word; do
	set -- "$@" "$word"
done <sets
"$H" audit --facts "$plain" "$@" -o then.json -q >/dev/null 2>error
promised=$(jq -c '[.holds[].after_fixes | [.connections, (.open_rate_per_s | floor)]]' carry.json)
came=$(jq -c '[.holds[].max_safe | [.connections, (.open_rate_per_s | floor)]]' then.json)
same "with the changes in place the host carries what they promise" "$promised" "$came"
same "… which is more than today" true "$(jq '[.holds[] | .after_fixes.connections > .max_safe.connections or .after_fixes.open_rate_per_s > .max_safe.open_rate_per_s] | all' carry.json)"
same "the last change has all of it" "$(jq -c '[.holds[].after_fixes]' carry.json)" "$(jq -c '[.first_changes[-1].safe[].max_safe]' carry.json)"
same "no change of the test, and no other host" 0 "$(jq '[.first_changes[] | select(.changes_test)] | length' carry.json)"
same "the map has no plan's cell" null "$(jq -c .map.plan carry.json)"

# Unknown limits: nothing is promised that could be less.
for host in macos.facts.json hostile container-cgroup2-unprivileged; do
	"$H" audit --facts "$hosts/$host" -o png:odd.png -o odd.json -q >/dev/null 2>error
	same "a picture of $host" "0" "$([ -s odd.png ]; echo $?)"
	rm -f odd.png
done
