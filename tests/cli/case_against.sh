# headroom gate --against: what failed in an earlier document refuses no run; what is new does.
# shellcheck shell=sh disable=SC1091,SC2154,SC3045 # what lib.sh sets
. tests/cli/lib.sh
export LANG=C.UTF-8
ulimit -Sn 1000 && ulimit -Hn 2000
over="--connections 1000 --lifetime 1h"
more="--connections 1500 --lifetime 1h"
fits="--connections 10 --lifetime 1h"
off="--certify off"
mkdir rules rules/limits
cat >rules/limits/x.json <<'JSON'
{"kind": "limit", "id": "never-known", "title": "Never known", "unit": "things", "scope": "host", "severity": "hard",
 "consequence": "refuse", "applies": "true", "demand": "live", "capacity": "measured.entries_per_connection", "why": "For a test.",
 "breaks_as": "it needs things", "sources": [{"title": "a test", "url": "https://example.org/"}]}
JSON

# shellcheck disable=SC2086 # $over and others are words
{
	"$H" audit $over -q -o base.json >/dev/null 2>&1
	"$H" audit $over -q --rules rules -o unknown.json >/dev/null 2>&1
	"$H" audit $fits -q -o good.json >/dev/null 2>&1
	check "what failed before refuses nothing" 0 '^ran$' 'nothing fails that did not fail before' \
		"$H" gate $over $off --against base.json -- echo ran
	check "it is said with its numbers" 0 '^ran$' '^headroom: --against base.json, of 20[0-9-]*: 1 limit failed before as well: process-fds .[0-9]+%, was [0-9]+%.[.]$' \
		"$H" gate $more $off --against base.json -- echo ran
	check "the verdict stays what it is" 0 '' '^headroom: FAIL process-fds .* known=process-fds$' "$H" gate $over $off --against base.json -- true
	check "the command's status stays, too" 7 '' '' sh -c "'$H' gate $over $off -q --against base.json -- sh -c 'exit 7' 2>/dev/null"
	check "what passed before refuses" 121 '' '^headroom: FAIL process-fds .* new=process-fds exit=121$' \
		"$H" gate $over $off --against good.json -- touch ran
	check "what is newly unknown refuses" 122 '' '^headroom: FAIL process-fds .* new=never-known known=process-fds exit=122$' \
		"$H" gate $over $off --rules rules --against base.json -- touch ran
	check "and is named on the first screen" 122 '' 'Baseline +--against base.json, of .*: 1 limit failed before as well: process-fds .*New: *$|New: *never-known' \
		"$H" gate $over $off --rules rules --against base.json -- touch ran
	check "what was unknown before does not" 0 '^ran$' 'UNKNOWN never-known' \
		"$H" gate $fits $off --rules rules --against unknown.json -- echo ran
	jq '(.resources[] | select(.id == "process-fds")).status = "unknown"' base.json >was-unknown.json
	check "what was unknown and fails now refuses" 121 '' 'new=process-fds exit=121$' "$H" gate $over $off --against was-unknown.json -- touch ran
	jq '(.resources[] | select(.id == "process-fds")).waived = true' base.json >waived.json
	check "a waiver of then excuses nothing now" 121 '' 'new=process-fds exit=121$' "$H" gate $over $off --against waived.json -- touch ran
	jq '(.resources[] | select(.id == "process-fds")).ignored = true' base.json >ignored.json
	check "nor does what was ignored then" 121 '' 'new=process-fds exit=121$' "$H" gate $over $off --against ignored.json -- touch ran
	jq 'del(.resources[] | select(.id == "process-fds"))' base.json >lacks.json
	check "nor what is not in it" 121 '' 'new=process-fds exit=121$' "$H" gate $over $off --against lacks.json -- touch ran
	jq '(.resources[] | select(.id == "process-fds")).instance = "another"' base.json >instance.json
	check "nor the same limit of something else" 121 '' 'new=process-fds exit=121$' "$H" gate $over $off --against instance.json -- touch ran
	"$H" audit $over -q -o old.json --redact >/dev/null 2>&1
	check "a redacted document will do" 0 '' 'known=process-fds' "$H" gate $over $off --against old.json -- true
	check "what passes now is said" 0 '^ran$' '1 limit that failed before passes now: process-fds .* a new baseline keeps it so' \
		"$H" gate $fits $off --against base.json -- echo ran
	same "nothing ran that was refused" "" "$(ls ran 2>/dev/null)"

	# Documents that are no word on a host.
	"$H" audit $over -q --set limits.nofile.soft=900 -o assumed.json >/dev/null 2>&1
	"$H" audit -q -o none.json >/dev/null 2>&1
	check "a hypothetical baseline" 125 '' 'assumed.json: that audit assumed values .--set.' \
		"$H" gate $over --against assumed.json -- touch ran
	check "a baseline without a plan" 125 '' 'none.json: that audit had no load test' "$H" gate $over --against none.json -- touch ran
	check "a baseline that is not there" 125 '' '--against no.json: ' "$H" gate $over --against no.json -- touch ran
	echo '{"schema": "x"}' >other.json
	check "a baseline of another kind" 125 '' '--against other.json: .*schema' "$H" gate $over --against other.json -- touch ran
	check "a hypothetical run is still none" 125 '' 'NOT-RUN hypothetical' \
		"$H" gate $fits --set limits.nofile.soft=1900 --against base.json -- touch ran
	printf '{"against": "base.json"}' >headroom.json
	check "a checkout cannot name one" 121 '' 'ignored in ./headroom.json: against' "$H" gate $over $off -- touch ran
	rm headroom.json
	same "and nothing ran" "" "$(ls ran 2>/dev/null)"

	# Reports: JUnit fails exactly where the job does.
	env ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$H" gate $over $off -q --against base.json -o ok.json -o ok.xml -o ok.md -o github:ok.log -o ok.html -- true >/dev/null 2>&1
	same "JUnit of a job that passes" 0 "$(grep -c '<failure\|<error' ok.xml)"
	same "annotations of a job that passes: the limit is a notice" 1 "$(grep -c '^::notice title=headroom process-fds::' ok.log)"
	for file in ok.md ok.html ok.xml ok.log; do
		same "$file says so" yes "$(tr '\n' ' ' <$file | grep -q '1 limit failed before as well: process-fds' && echo yes)"
	done
	"$H" gate $over $off -q --rules rules --against base.json -o new.json -o new.xml -- true >/dev/null 2>&1
	same "JUnit: what is new alone" "never-known" "$(tr -d '\n' <new.xml | grep -o 'classname="headroom[.][a-z-]*"[^>]*>[^<]*<\(error\|failure\)' |
		sed 's/.*headroom[.]\([a-z-]*\)".*/\1/' | grep -v '^gate$')"
	same "the document" '["never-known"] ["process-fds"] null' \
		"$(jq -c '.gate.baseline | [.new[].id], [.known[].id], .run' new.json | tr '\n' ' ' | sed 's/ $//')"

	# The last gate of the same command here. What a gate called new is not accepted by trying again.
	export HEADROOM_HISTORY=on XDG_STATE_HOME="$work/state"
	check "last, and there is no history" 125 '' '--against last: no history exists yet' "$H" gate $over $off --no-history --against last -- touch ran
	"$H" audit $over -q >/dev/null 2>&1
	check "last, and there is no gate" 121 '' 'Baseline +--against last: this host has kept no earlier gate' "$H" gate $over $off --against last -- sh -c 'echo ran'
	check "trying again accepts nothing" 121 '' 'new=process-fds exit=121$' "$H" gate $over $off --against last -- sh -c 'echo ran'
	check "a gate without --against does" 121 '' '' sh -c "'$H' gate $over $off -q -- sh -c 'echo ran' 2>/dev/null"
	check "last: known from now on" 0 '^ran$' '--against last, of .*: 1 limit failed before as well' "$H" gate $over $off --against last -- sh -c 'echo ran'
	check "and again" 0 '^ran$' 'known=process-fds' "$H" gate $over $off --against last -- sh -c 'echo ran'
	check "another command knows nothing of it" 121 '' 'kept no earlier gate' "$H" gate $over $off --against last -- sh -c 'echo other'
	export HEADROOM_HISTORY=off

	# The run: the same reason as before fails no job. What is seen is that of a network namespace.
	if unshare -rn true 2>/dev/null; then
		strict="unshare -rn $H gate $fits --certify strict --max-cpu-wait 100%"
		check "a run that fell short" 123 '' 'NOT-CERTIFIED short' $strict -o short.json -q -- sleep 0.2
		check "the same again" 0 '' '^headroom: NOT-CERTIFIED short before=same exit=0$' $strict --against short.json -- sleep 0.2
		check "it is said" 0 '' 'not certified, but for the same reason as before .--against short.json.' $strict --against short.json -o again.json -o again.xml -o again.md -- sleep 0.2
		same "in the documents as well" "known 1" "$(jq -r .gate.baseline.run again.json) $(grep -c 'for the same reason as before' again.md)"
		same "JUnit" 0 "$(grep -c '<failure\|<error' again.xml)"
		check "the command's status stays" 5 '' 'before=same exit=5$' $strict --against short.json -- sh -c 'sleep 0.2; exit 5'
		jq '.run.reason = "limit" | .gate.bottleneck = "process-fds"' short.json >limit.json
		check "another reason" 123 '' 'NOT-CERTIFIED short exit=123$' $strict --against limit.json -- sleep 0.2
		check "and a run that was certified, or none" 123 '' 'NOT-CERTIFIED short exit=123$' $strict --against good.json -- sleep 0.2
		$strict --against good.json -q -o first.json -- sleep 0.2 >/dev/null 2>&1
		same "what is new is not accepted by being seen" new "$(jq -r .gate.baseline.run first.json)"
		check "so the next one fails, too" 123 '' 'NOT-CERTIFIED short exit=123$' $strict --against first.json -- sleep 0.2
	else
		skip "the run" "no namespace can be made"
	fi
}
if python3 -c 'import jsonschema' 2>/dev/null; then
	: >documents
	for name in ok new again first; do
		[ ! -e $name.json ] || printf '%s\t%s\t%s\n' "$name" "$top/docs/audit.schema.json" "$name.json" >>documents
	done
	same "JSON Schema" "" "$(python3 "$top/tests/cli/validate.py" <documents 2>&1 | grep -v '^ok')"
else
	skip "JSON Schema" "python3-jsonschema is not installed"
fi
