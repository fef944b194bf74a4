#!/bin/sh
# Facts about the HTML of the sample documents, and of documents at the edges: no facts, 8,000 facts, long names, every
# control character. Usage: tests/report/html.sh BUILD/headroom-helper
set -u
helper=$(realpath "${1:?usage: html.sh path of headroom-helper}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
# The sandbox forbids what the leak checker does (ptrace); the unit tests look for leaks.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
trap 'rm -rf "$work"' EXIT

facts() { # facts NAME DOCUMENT
	if ! "$helper" render html:8 8>"$work/$1.html" <"$2" 2>"$work/err"; then
		echo "not ok - $1: written"
		sed 's/^/#   /' "$work/err"
		return
	fi
	python3 "$here/html_facts.py" "$work/$1.html" "$2" >"$work/facts" 2>"$work/err"
	sed "s/^\(not \)\{0,1\}ok - /&$1: /" "$work/facts"
	grep -q '^ok' "$work/facts" || { echo "not ok - $1: facts"; tail -n 5 "$work/err" | sed 's/^/#   /'; }
}

for document in "$here"/*-audit.json; do
	facts "$(basename "$document" -audit.json)" "$document"
done

sample=$here/sample-audit.json
jq '.facts = []' "$sample" >"$work/0.json"
facts "no facts" "$work/0.json"
for count in 200 8000; do
	jq --argjson n $count '.facts = [range(0; $n) as $i | .facts[$i % (.facts | length)] | .key += ".n\($i)"] |
		.resources[0].facts = [.facts[0:100][].key]' "$sample" >"$work/$count.json"
	facts "$count facts" "$work/$count.json"
done
rows=$(grep -oE '<th scope="row"><code>[a-z][^<]*\.n[0-9]+' "$work/8000 facts.html" | wc -l)
more=$(printf '%s' $((8000 - rows)) | sed 's/...$/,&/')
if [ "$rows" -gt 20 ] && [ "$rows" -le 110 ] && grep -q "$rows of 8,000 facts" "$work/8000 facts.html" &&
	grep -q "The other $more are in the audit document" "$work/8000 facts.html"; then
	echo "ok - 8,000 facts: how many are shown is said"
else
	echo "not ok - 8,000 facts: how many are shown is said ($rows rows)"
fi
# A comparison with an earlier audit: what moved, before and after, and why.
jq --slurpfile drift "$here/drift.json" '.drift = $drift[0]' "$sample" >"$work/drift.json"
facts "what changed" "$work/drift.json"
for text in 'Compared with the audit of' '>PASS, was FAIL; ' 'net.ipv4.tcp_tw_reuse, ports.listening' ': 15,500 of 61,741' \
	'with no effect on any limit: 9<' 'The rules have changed since.' '&lt;/script&gt;'; do
	if grep -qF -- "$text" "$work/what changed.html"; then
		echo "ok - what changed: $text"
	else
		echo "not ok - what changed: $text"
	fi
done
name=$(printf 'n%.0s' $(seq 300))
jq --arg n "$name" '.host.name = $n | .resources[].title = $n | .resources[].instance = $n' "$sample" >"$work/long.json"
facts "names of 300 characters" "$work/long.json"
jq '([range(1; 160), 173, 1564, range(8203; 8208), range(8232; 8239), range(8288; 8304), 65279, 65534] | implode) as $c |
	.host.name = $c | .headline += $c | .facts[].raw = $c | .findings[].text += $c | .command_line += [$c]' \
	"$sample" >"$work/odd.json"
facts "odd characters" "$work/odd.json"
# Lists without end: each is cut, what is left out is counted, the page keeps to its size.
jq '.resources = [range(40) as $i | .resources[] | .id += "\($i)"] | .findings = [range(60) as $i | .findings[]] |
	.fixes = [range(20) as $i | .fixes[]]' "$sample" >"$work/lists.json"
facts "long lists" "$work/lists.json"
if grep -qE '>[0-9]+ more' "$work/long lists.html"; then
	echo "ok - long lists: the rest is counted"
else
	echo "not ok - long lists: the rest is counted"
fi
