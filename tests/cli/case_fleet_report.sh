# shellcheck shell=sh disable=SC2016,SC2046
# fleet: HTML, PDF and PNG, the path with its fixes, and the command of each host.
# shellcheck shell=sh disable=SC1091,SC2154,SC2086,SC2016,SC2046 # what lib.sh sets; plans are several words
. tests/cli/lib.sh
# The sandbox of the helper forbids what the leak checker does.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
export SOURCE_DATE_EPOCH=1796054400 # 2026-11-30T16:00:00Z
export PYTHONHASHSEED=0
"$H" facts --facts "$hosts/debian-default" -o base.json
make() {
	python3 "$top/tests/fleet/make.py" base.json "$@"
}
count() { # count PATTERN FILE: how often it stands there
	grep -oE -- "$1" "$2" | wc -l | tr -d ' '
}
member() { # member FILE EXPRESSION: of the document d
	python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$1" "$2"
}
plan="ws-client --connections 12000 --lifetime 600s"
wide=limits.nofile.soft=65536:limits.nofile.hard=65536

# Both ends, one that fails, one that is too old, one that is missing.
mkdir facts
make dir facts "gen-1:$wide" "gen-2:$wide" "gen-3:limits.nofile.soft=512:limits.nofile.hard=512" \
	"gen-4:$wide:created=2026-11-26T12-at-00-at-00Z" "gen-5:$wide:host=<b>&amp;x" "edge-1:$wide" "srv-1:$wide"
{
	for i in 1 2 3 4 5 6; do echo "gen-$i"; done
	echo "edge-1 role=proxy"
	echo "srv-1 role=server"
} >hosts
check "all outputs at once" 3 '^headroom: FAIL' '' \
	"$H" fleet $plan --hosts hosts facts -o f.html -o f.pdf -o f.png -o f.json
same "the question" 1 "$(count '<h1>Can these 8 hosts carry 12,000 connections\?</h1>' f.html)"
same "who answered" 1 "$(count '7 of 8' f.html)"
same "who did not" 1 "$(count 'missing: gen-6' f.html)"
same "who is too old" 1 "$(count '1 stale' f.html)"
same "the class that fails comes first" FAIL "$(sed -n '/<table class="classes stack"/,/<\/table>/p' f.html | grep -oE 'FAIL|PASS|UNKNOWN' | head -n 1)"
same "its limit stands out" 1 "$(count 'class="heat fail tight"' f.html)"
same "what is too old says nothing about now" 0 "$(grep 'UNKNOWN</td>' f.html | grep -c 'heat pass')"
same "a decision for the class, for who is too old and for who is missing" 3 \
	"$(sed -n '/<table class="decisions wide stack"/,/<\/table>/p' f.html | grep -c '<th scope="row">')"
"$H" fleet $plan --max-age 48h facts -o days.html >/dev/null 2>&1
same "days are days" 1 "$(count 'allowed age: 2 days' days.html)"
same "names are text" 0 "$(grep -c '<b>' f.html)"
same "nothing is fetched" 0 "$(grep -cE '<(img|iframe|link)|<script[^>]* src=|url\(' f.html)"
same "the narrowest end" client "$(member f.json '[s["end"] for s in d["path"]["stages"] if s["narrowest"]][0]')"
same "with the fixes it carries more" True \
	"$(member f.json 'd["path"]["stages"][0]["now"]["scale"] < 1 < d["path"]["stages"][0]["after"]["scale"]')"
same "a PNG" "89504e470d0a1a0a" "$(head -c 8 f.png | od -An -tx1 | tr -d ' \n')"
if command -v pdftotext >/dev/null 2>&1; then
	pdftotext -layout f.pdf f.txt
	same "the PDF: the question" 1 "$(grep -c 'Can these 8 hosts carry' f.txt | sed 's/^[1-9].*/1/')"
	same "the PDF: the change" 1 "$(grep -c 'Approve these changes, then judge again' f.txt)"
	same "the PDF: page 1 has the classes" 1 "$(pdftotext -layout -l 1 f.pdf - | grep -c 'Classes of hosts')"
else
	skip "the PDF" "pdftotext is not installed"
fi
cp f.html again.html
cp f.pdf again.pdf
"$H" fleet $plan --hosts hosts facts -o f.html -o f.pdf -o f.png -o f.json >/dev/null 2>&1
same "the same bytes again" 0 "$(cmp f.html again.html >/dev/null && cmp f.pdf again.pdf >/dev/null; echo $?)"

# The document again.
sed 's/<[^>]*>//g; /headroom fleet/d' f.html >said
check "written again" 0 '^headroom: FAIL' '' "$H" report f.json -o again.html -o again.pdf -o again.md
sed 's/<[^>]*>//g; /headroom fleet/d' again.html >said-again
same "it says the same" 0 "$(cmp said said-again >/dev/null; echo $?)"
check "a format that it has not" 2 '' 'cannot write sarif' "$H" report f.json -o f.sarif
sed 's/"hosts":/"guests":/' f.json >bad.json
check "one that is not whole" 2 '' '"hosts" must be a list of hosts' "$H" report bad.json

# An end without hosts is named, and not judged.
check "clients alone" 3 '*' '' "$H" fleet $plan facts/gen-1.json facts/gen-3.json -o one.html
same "servers are not given, in both drawings" 2 "$(count 'not given: not judged' one.html)"

# More classes than a table holds.
mkdir many
words=
for i in $(seq 1 45); do words="$words h-$i:$wide:net.ipv4.tcp_max_tw_buckets=$((100000 + i))"; done
make dir many $words
check "45 classes" 0 '*' '' "$H" fleet $plan many -o many.html
same "40 rows" 40 "$(sed -n '/<table class="classes stack"/,/<\/table>/p' many.html | grep -c '<th scope="row">')"
same "and how many hosts are in the rest" 1 "$(count '5 hosts in 5 more classes' many.html)"

# The user's own page and words.
mkdir own
printf '{"ends.narrowest": "here it stops"}\n' >own/words.json
sed 's/Approve these changes, then judge again/Bitte entscheiden/' "$top/templates/fleet.html" >own/fleet.html
check "a template of one's own" 3 '*' '' "$H" fleet $plan --hosts hosts facts --template own -o own.html
same "its page" 1 "$(count 'Bitte entscheiden' own.html)"
sed 's/page.tiles/page.tile/' "$top/templates/fleet.html" >own/fleet.html
check "a wrong name in it" 2 '' 'own/fleet.html:[0-9]+: <div>: there is no member "tile" here' \
	"$H" fleet $plan --hosts hosts facts --template own -o own.html

# The command of each host: all of them together are the whole test.
make dir facts "gen-3:$wide" "gen-4:$wide" "gen-6:$wide"
rm facts/edge-1.json facts/srv-1.json
seq -f 'gen-%.0f weight=1' 1 6 | sed 's/gen-2 weight=1/gen-2 weight=2/' >hosts
check "a command" 0 '*' '' "$H" fleet --hosts hosts facts -o json:c.json -o c.html -- wrk -t4 -c700 -d30s http://10.0.0.5/
same "of a host" "wrk -t4 -c100 -d30s http://10.0.0.5/" "$(member c.json 'd["hosts"][0]["command"]')"
same "of one that weighs twice as much" "wrk -t4 -c200 -d30s http://10.0.0.5/" "$(member c.json 'd["hosts"][1]["command"]')"
same "in the report" 1 "$(count 'wrk -t4 -c200' c.html)"
sum=0
for i in 0 1 2 3 4 5; do
	"$H" workload -- $(member c.json "d['hosts'][$i]['command']") >w.json 2>/dev/null
	sum=$((sum + $(member w.json 'd["connections"]')))
done
same "read back they are the whole" 700 "$sum"
check "one that cannot be divided" 0 '*' '' "$H" fleet --hosts hosts facts -o json:c.json -- hey -c 30 http://10.0.0.5/
same "says why" "headroom divides the commands of wrk, vegeta, k6, Locust and JMeter" "$(member c.json 'd["commands_why"]')"
"$H" fleet --hosts hosts facts -o json:c.json -- wrk -c700 -H 'Authorization: Bearer s3cr3t-t0ken' http://10.0.0.5/ >/dev/null 2>&1
same "what may be a secret is hidden" 0 "$(grep -c s3cr3t c.json)"

# Shares by what each host carries.
rm -rf facts
mkdir facts
make dir facts "gen-1:$wide" "gen-2:$wide" "gen-3:limits.nofile.soft=512:limits.nofile.hard=512" "gen-4:$wide"
seq -f 'gen-%.0f' 1 4 >hosts
check "as load tools divide it fails" 3 '^ +Instead +--split capacity fits: 4 clients with 374 to 3,876' '' "$H" fleet $plan --hosts hosts facts -o json:w.json
same "the document has the shares" "capacity 4 0" "$(member w.json '" ".join(map(str, [d["instead"]["split"], d["instead"]["shares"][0]["hosts"], d["instead"]["shares"][0]["standing_by"]]))')"
check "by capacity it passes" 0 '^headroom: PASS .*expected=4 answered=4$' '' "$H" fleet $plan --hosts hosts facts --split capacity -o json:c.json
same "one has what it carries, the others the rest" "374 3875 3875 3876" "$(member c.json '" ".join(str(int(s["workload"]["connections"])) for s in sorted([d["shares"][h["share"]] for h in d["hosts"]], key=lambda s: s["workload"]["connections"]))')"
same "and there is no other way" None "$(member c.json 'd["instead"]')"
check "from standard input, which is read again" 0 'answered=4$' '' sh -c 'for f in facts/*; do cat "$f" && echo; done | "$0" fleet '"$plan"' --hosts hosts --split capacity -' "$H"
check "a plan that nobody carries" 3 '^headroom: FAIL' '' "$H" fleet ws-client --connections 1000k --hosts hosts facts --split capacity
check "of which there is no instead" 3 '*' '' "$H" fleet ws-client --connections 1000k --hosts hosts facts -o json:w.json
same "none" None "$(member w.json 'd["instead"]')"
check "another way" 2 '' 'split' "$H" fleet $plan facts --split evenly
