# The reports of what is no audit: HTML, PDF, Markdown and PNG of a sizing, and the same written again by headroom report.
# shellcheck shell=sh disable=SC1091,SC2154,SC2086 # what lib.sh sets; options are several words
. tests/cli/lib.sh
# The sandbox of the helper forbids what the leak checker does.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
export SOURCE_DATE_EPOCH=1796054400 # 2026-11-30T16:00:00Z
count() { # count PATTERN FILE: how often it stands there
	grep -oE -- "$1" "$2" | wc -l | tr -d ' '
}
has_pdftotext=$(command -v pdftotext || true)
sound() { # sound NAME: NAME.html and NAME.md hold what NAME.json says, and NAME.pdf where it can be read
	pdf=
	[ -z "$has_pdftotext" ] || pdf=$1.pdf
	same "$1: commands and lines of files are there as they are" "" "$(python3 "$top/tests/cli/answers.py" "$1.json" "$1.html" "$1.md" $pdf 2>&1)"
}
again() { # again NAME FORMAT ...: headroom report writes the same bytes
	name=$1
	shift
	for format; do
		"$H" report "$name.json" -q -o "again.$format" >/dev/null 2>error
		same "$name: again as $format" "" "$(cmp "$name.$format" "again.$format" 2>&1; cat error)"
	done
}

# --- size
check "a sizing in every format" 0 '^headroom: SIZE hosts=2 ' '' \
	"$H" size ws-client --connections 50000 --new-conns 500 + http-churn --rps 2000 --provider aws --ticket CHG7 \
	--requested-by 'J. <Doe>' --valid-for 14d -o size.html -o size.pdf -o size.md -o size.json -o size.png
sound size
again size html pdf md png
same "what to order is the badge" 1 "$(count '<strong>2 × c8i.large</strong>' size.html)"
same "the ticket, and who asked" 1 "$(count 'change CHG7 · requested by J. &lt;Doe&gt; · valid until 2026-12-14' size.html)"
same "no price is invented" "no price" "$(grep -oE '[0-9.]+ USD|no price' size.html | sort -u)"
same "a PNG" "89504e470d0a1a0a" "$(head -c 8 size.png | od -An -tx1 | tr -d ' \n')"
printf '{"schema":"headroom.catalogue/1","name":"ours","dated":"2026-01-02","currency":"EUR","types":[
{"provider":"x","name":"big","vcpus":64,"memory_bytes":274877906944,"price_per_hour":3.5},{"provider":"x","name":"small","vcpus":2,"memory_bytes":4294967296,"price_per_hour":0.07}]}' >ours.json
"$H" size ws-client --connections 50000 --catalogue ours.json -q -o priced.html >/dev/null 2>error
same "prices with currency and date" "0.14 EUR ours of 2026-01-02" \
	"$(grep -oE '0\.14 EUR|ours of 2026-01-02' priced.html | sort -u | tr '\n' ' ' | sed 's/ $//')"
check "one that no host carries" 4 '*' '' "$H" size ws-client --connections 20000 --facts "$hosts/hostile" -o none.html -o none.md -o none.json -o none.pdf
sound none
check "nothing to set" 0 '*' '' "$H" size ws-client --connections 10 -o few.html -o few.md -o few.json -o few.pdf
sound few

# --- history
export XDG_STATE_HOME="$work/state"
check "an empty history" 0 'No audit was kept so far' '' "$H" history -o empty.html -o empty.md -o empty.json -o empty.pdf -o text
sound empty
HEADROOM_HISTORY=on
export HEADROOM_HISTORY
for n in 1000 15000 9000; do
	"$H" audit ws-client --connections $n --lifetime 60s --facts "$hosts/debian-default" -q >/dev/null 2>&1
done
"$H" audit ws-client --connections 15000 --lifetime 60s --facts "$hosts/debian-default" --set limits.nofile.soft=21000 -q >/dev/null 2>&1
check "the list" 0 '' '' "$H" history -o list.html -o list.md -o list.json -o list.pdf
sound list
again list html md
check "the list shows whole limits" 0 ' ephemeral-ports 106 ?%$' '' "$H" history list
check "a trend" 0 '' '' "$H" history trend --ticket CHG8 -o trend.html -o trend.md -o trend.json -o trend.pdf -o trend.png
sound trend
again trend html pdf png
same "its charts: one for screens, one for phones" 2 "$(count 'aria-label="Chart: earlier audits"' trend.html)"
same "its ticket" 1 "$(count 'change CHG8' trend.html)"
check "a list has no picture" 2 '' 'cannot write png' "$H" history list -o list.png
check "what changed" 0 '' '' "$H" history diff 2 last -o drift.html -o drift.md -o drift.json -o drift.pdf
sound drift
again drift html md
same "because of what" 1 "$(count 'Because of: limits\.nofile\.soft' drift.html)"
same "and that it was assumed" 1 "$(count 'the later audit assumes values' drift.html)"
unset HEADROOM_HISTORY

# --- why
full="$hosts/crowded"
check "an incident" 0 '^ephemeral-ports \(limit\)' '' "$H" why --facts "$full" "user=me pw=hunter2 dial tcp 10.0.0.5:80: connect: cannot assign requested address" \
	--ticket INC-1 -o why.html -o why.md -o why.json -o why.pdf -o text
sound why
again why html pdf md
same "the log line is in none of them" "" "$(grep -l hunter2 why.html why.md why.json)"
same "the ticket" 1 "$(count 'Incident</span><span> · ticket INC-1' why.html)"
same "what was ruled out" 1 "$(count 'Ruled out' why.html)"

# --- lint
mkdir repository many
printf 'services:\n  db:\n    ports: ["54320:5432"]\n' >repository/compose.yaml
check "a repository" 3 '^headroom: LINT found=1' '' "$H" lint repository --image ubuntu-24.04 -o lint.html -o lint.md -o lint.json -o lint.pdf -o lint.sarif -o text
sound lint
again lint html pdf md sarif
same "file and line" 1 "$(count '<th scope="row">repository/compose.yaml:3</th>' lint.html)"
printf 'services: {}\n' >many/compose.yaml
check "nothing found" 0 '*' '' "$H" lint many -o clean.html
same "says so" 1 "$(count '<strong>NOTHING FOUND</strong>' clean.html)"
python3 - <<-'END'
	import json
	found = json.load(open("lint.json"))
	row = found["findings"][0]
	evil = "<b>x</b>\u202e\x1b[31m`|[a](http://x)&amp;"
	found["findings"] = [dict(row, file=f"a/{evil}/{n}.yaml", what=evil, says=evil * 9, instead=evil * 9) for n in range(10000)]
	found["machine"]["title"] = found["machine"]["note"] = found["race"] = evil
	found["cure"] = "echo \x1b[31m"
	found["request"] = {"ticket": evil, "requested_by": evil, "valid_until": evil}
	json.dump(found, open("evil.json", "w"))
END
check "10,000 findings with names that act" 0 '*' '' "$H" report evil.json -o evil.html -o evil.md -o evil.pdf
same "the page is bounded" yes "$([ "$(wc -c <evil.html)" -le 200000 ] && [ "$(wc -c <evil.md)" -le 200000 ] && echo yes)"
same "and says how many more" 1 "$(grep -cE '9,[0-9]{3} more in the document' evil.html)"
same "no markup of theirs, nothing that acts" "0 0" "$(grep -c '<b>' evil.html) $(LC_ALL=C.UTF-8 grep -cP '[\x{202a}-\x{202e}\x{1b}]' evil.html)"
same "a command that cannot be shown is none" 1 "$(count 'a command with characters that cannot be shown' evil.html)"
same "in Markdown, too" "0 1" "$(LC_ALL=C.UTF-8 grep -cP '<b>|[\x{202a}-\x{202e}\x{1b}]' evil.md) $(grep -c '9,940 more' evil.md)"

# --- templates of one's own
mkdir own
sed 's/Reproduce this report/Noch einmal/' "$top/templates/answer.html" >own/answer.html
check "a template of one's own" 0 '*' '' "$H" report size.json --template own -o own.html
same "its words" 1 "$(count 'Noch einmal' own.html)"
sed 's/page\.parts/page.pieces/' "$top/templates/answer.html" >own/answer.html
check "a wrong name in it" 2 '' 'own/answer.html:[0-9]+: <section>: there is no member "pieces" here' "$H" report size.json --template own -o own.html

# --- what cannot be written
check "a format that it has not" 2 '' 'cannot write junit' "$H" report size.json -o size.xml
sed 's/"values":/"value":/' size.json >bad.json
check "one that is not whole" 2 '' 'bad.json: "values" must be a list of values' "$H" report bad.json
sed 's,headroom.size/1,headroom.size/9,' size.json >bad.json
check "one of another version" 2 '' 'its schema is "headroom.size/9", this version reads headroom.size/1' "$H" report bad.json
check "a directory that is not there" 1 '*' 'nowhere/s.html' "$H" report size.json -o nowhere/s.html -o good.html
same "the others are written" yes "$([ -s good.html ] && echo yes)"
echo old >kept.html
check "a file that is there" 0 '*' '' "$H" report size.json -o kept.html
same "is replaced whole" 1 "$(count '</html>' kept.html)"
check "a full disk" 1 '*' 'No space left on device' sh -c "'$H' report size.json -o html:/dev/full"
