# headroom report: documents read back, strictly.
# shellcheck shell=sh
. tests/cli/lib.sh
samples=$top/tests/report
check "a failing document" 0 '^headroom: FAIL ephemeral-ports 106% safe=10587 after=65458$' '' "$H" report "$samples/sample-audit.json"
check "one without a workload" 0 '^headroom: AUDIT' '' "$H" report "$samples/none-audit.json"
check "from standard input" 0 '^headroom: FAIL' '' sh -c "'$H' report - <'$samples/sample-audit.json'"
check "a hostile one" 0 '^headroom: FAIL' '' "$H" report "$samples/hostile-audit.json" --all -o h.xml -o h.md
same "its escape sequences stay out" "" "$("$H" report "$samples/hostile-audit.json" --all | grep -c "$(printf '\033')" |
	grep -v '^0$')"
if command -v xmllint >/dev/null; then
	check "its JUnit file is XML" 0 '' '' xmllint --noout h.xml
else
	skip "its JUnit file is XML" "xmllint is not installed"
fi
jq '.max_safe = {scale: "unlimited", connections: "unlimited", open_rate_per_s: "unlimited"} |
	.breaks = .max_safe + {resource: null, at_s: null}' "$samples/pass-audit.json" >unlimited.json
for format in text markdown; do
	check "a load without a limit, as $format" 0 'Safe up to[ |]+unlimited( .)?( – .)?$' '' "$H" report unlimited.json -o $format
	same "it does not break, as $format" "" "$("$H" report unlimited.json -o $format | grep -E 'Breaks at|Fails at')"
done
# The leak checker cannot work inside the helper's sandbox.
ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" "$H" report unlimited.json -o page.html -q >/dev/null
check "a load without a limit, as html" 0 '<dt>Safe load</dt>.*<strong>unlimited</strong>' '' sh -c "tr -d '\n' <page.html"
check "limits that do not apply" 0 '^Do not apply: ' '' "$H" report "$samples/sample-audit.json" -o markdown
check "the same again" 0 '*' '' "$H" report "$samples/sample-audit.json" -o again.json
same "reading and writing changes nothing" yes "$(python3 -c "
import json
print('yes' if json.load(open('again.json')) == json.load(open('$samples/sample-audit.json')) else 'no')")"
check "nothing named" 2 '' 'needs one saved audit' "$H" report
check "missing" 2 '' 'none.json' "$H" report none.json
echo '{"a":1}' >other.json
check "another document" 2 '' 'not an audit document' "$H" report other.json
echo '{"schema":"headroom.audit/9"}' >later.json
check "a later schema" 2 '' 'headroom.audit/9' "$H" report later.json
echo '{"schema":"headroom.audit/1"}' >bare.json
for format in html pdf json text; do
	check "nothing but a schema, as $format" 2 '' 'bare.json: not a whole audit document: "resources" is missing' \
		"$H" report bare.json -o "$format:bare.out"
done
same "and nothing is written" no "$([ -e bare.out ] && echo yes || echo no)"
echo '{"schema":"headroom.audit/1","resources":[],"created":"2026-05-20T08:00:00Z"}' >half.json
check "no verdict" 2 '' 'half.json: not a whole audit document: "verdict" is missing' "$H" report half.json -o half.pdf
printf '{"schema":"headroom.audit/1","verdict":"good",\n"resources":[],"created":"x"}' >odd.json
check "a verdict that there is not" 2 '' 'odd.json:1:[0-9]+: "verdict" must be' "$H" report odd.json -o odd.html
printf '{"schema":"headroom.audit/1","verdict":"pass",\n"resources":{},"created":"x"}' >list.json
check "limits that are no list" 2 '' 'list.json:2:[0-9]+: "resources" must be a list' "$H" report list.json -o list.html
head -c 5000 "$samples/sample-audit.json" >cut.json
check "a truncated one" 2 '' 'cut.json:[0-9]+:[0-9]+: ' "$H" report cut.json
printf '{"schema":"headroom.audit/1","schema":"x"}' >twice.json
check "a duplicate member" 2 '' 'twice.json:1:.*duplicate' "$H" report twice.json
head -c 100000 /dev/zero | tr '\0' '[' >deep.json
check "nesting without end" 2 '' 'deep.json:' "$H" report deep.json
head -c 20000 /dev/urandom >random.json
check "noise" 2 '' 'random.json:' "$H" report random.json
