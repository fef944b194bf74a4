# headroom report: documents read back, strictly.
. tests/cli/lib.sh
samples=$top/tests/report
check "a failing document" 0 '^headroom: FAIL ephemeral-ports 106% safe=10587$' '' "$H" report "$samples/sample-audit.json"
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
check "the same again" 0 '*' '' "$H" report "$samples/sample-audit.json" -o again.json
same "reading and writing changes nothing" yes "$(python3 -c "
import json
print('yes' if json.load(open('again.json')) == json.load(open('$samples/sample-audit.json')) else 'no')")"
check "nothing named" 2 '' 'needs one audit document' "$H" report
check "missing" 2 '' 'none.json' "$H" report none.json
echo '{"a":1}' >other.json
check "another document" 2 '' 'not an audit document' "$H" report other.json
echo '{"schema":"headroom.audit/9"}' >later.json
check "a later schema" 2 '' 'headroom.audit/9' "$H" report later.json
echo '{"schema":"headroom.audit/1"}' >bare.json
check "nothing but a schema" 0 '^headroom: UNKNOWN' '' "$H" report bare.json -o bare.xml -o bare.md -o github:bare.log
head -c 5000 "$samples/sample-audit.json" >cut.json
check "a truncated one" 2 '' 'cut.json:[0-9]+:[0-9]+: ' "$H" report cut.json
printf '{"schema":"headroom.audit/1","schema":"x"}' >twice.json
check "a duplicate member" 2 '' 'twice.json:1:.*duplicate' "$H" report twice.json
head -c 100000 /dev/zero | tr '\0' '[' >deep.json
check "nesting without end" 2 '' 'deep.json:' "$H" report deep.json
head -c 20000 /dev/urandom >random.json
check "noise" 2 '' 'random.json:' "$H" report random.json
