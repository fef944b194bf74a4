# shellcheck shell=sh disable=SC1091,SC2154,SC2016 # what lib.sh sets; markup is no command
# --ticket, --requested-by, --valid-for: in every output, plain text only, and the ticket that attach takes.
. tests/cli/lib.sh
# The sandbox of the helper forbids what the leak checker does.
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0"
export SOURCE_DATE_EPOCH=1796054400 # 2026-11-30T16:00:00Z
unset HEADROOM_TICKET HEADROOM_REQUESTED_BY HEADROOM_VALID_FOR JIRA_BASE_URL JIRA_API_TOKEN GITHUB_API_URL GITHUB_TOKEN GH_TOKEN
plan="ws-client --connections 1000"
here="--facts $hosts/tuned-loadgen"
line='change CHG0031337 · requested by J. Doe · valid until 2026-12-14'
request() { # request FILE: its member
	python3 -c 'import json, sys; r = json.load(open(sys.argv[1])).get("request"); print(r and "%(ticket)s|%(requested_by)s|%(valid_until)s" % r)' "$1"
}
asked() { # asked COMMAND…: with all three options
	"$H" "$@" --ticket CHG0031337 --requested-by 'J. Doe' --valid-for 14d
}

# shellcheck disable=SC2086 # plans and places are several words
{
	asked audit $plan $here -o a.json -o a.md -o a.html -o a.pdf -o a.png -o junit:a.xml >a.txt
	asked audit $here -o idle.json >idle.txt
	asked size $plan $here -o size.json >size.txt
	"$H" audit $plan $here -o plain.json -o plain.md >plain.txt
}
same "JSON" 'CHG0031337|J. Doe|2026-12-14T16:00:00Z' "$(request a.json)"
for file in a.txt idle.txt a.md a.html a.xml; do
	same "$file has it once" 1 "$(sed 's/<script.*//' "$file" | grep -c "$line")"
done
if command -v pdftotext >/dev/null; then
	pdftotext -f 1 -l 1 a.pdf - | tr '\n' ' ' >pdf.txt
	same "the first page of the PDF" 1 "$(grep -c "$line" pdf.txt)"
else
	skip "the first page of the PDF" "pdftotext is not installed"
fi
check "a PNG is written" 0 '' '' test -s a.png
same "nobody asked: no member" None "$(request plain.json)"
same "and no line" "" "$(grep -E "change CHG|requested by|valid until [0-9]|^[*] For" plain.txt plain.md)"
same "size" 'CHG0031337|J. Doe|2026-12-14T16:00:00Z' "$(request size.json)"
same "its text" 1 "$(grep -c 'change CHG0031337 · requested by J. Doe · valid until 2026-12-14' size.txt)"
check "fix shows what its document says" 0 'change CHG0031337' '' "$H" fix a.json
mkdir facts
"$H" facts --facts "$hosts/tuned-loadgen" -o facts/one.json
# shellcheck disable=SC2086
asked fleet $plan --max-age 9999d facts -o fleet.json -o fleet.md -o fleet.html >fleet.txt
same "fleet" 'CHG0031337|J. Doe|2026-12-14T16:00:00Z' "$(request fleet.json)"
for file in fleet.txt fleet.md fleet.html; do
	same "$file has it" 1 "$(sed 's/<script.*//' "$file" | grep -c "$line")"
done
if python3 -c 'import jsonschema' 2>/dev/null; then
	printf '%s\t%s\t%s\n' audit "$top/docs/audit.schema.json" a.json size "$top/docs/size.schema.json" size.json \
		fleet "$top/docs/fleet.schema.json" fleet.json >documents
	same "they fit their schemas" 3 "$(python3 "$top/tests/cli/validate.py" <documents 2>&1 | grep -c '^ok')"
else
	skip "they fit their schemas" "python3-jsonschema is not installed"
fi

# A report says what nobody said before; the rest stays, and time counts from the audit.
SOURCE_DATE_EPOCH=1799999999 "$H" report plain.json --ticket jira:OPS-7 --valid-for 6h -o later.json >later.txt
same "report adds" 'jira:OPS-7|None|2026-11-30T22:00:00Z' "$(request later.json)"
check "less than a day has its minute" 0 'change jira:OPS-7 · valid until 2026-11-30 22:00 UTC$' '' cat later.txt
"$H" report a.json --requested-by Somebody -o later.json >/dev/null
same "report replaces one" 'CHG0031337|Somebody|2026-12-14T16:00:00Z' "$(request later.json)"
"$H" report fleet.json --ticket OTHER -o later.json >/dev/null
same "and of a fleet" 'OTHER|J. Doe|2026-12-14T16:00:00Z' "$(request later.json)"
"$H" report a.json --redact -o later.json >later.txt
same "who asked is a user" 'CHG0031337|user-1|2026-12-14T16:00:00Z' "$(request later.json | sed 's/user-[0-9]*/user-1/')"
same "in no place" "" "$(grep -l 'J\. Doe' later.json later.txt)"

# What is no plain text is refused, whoever says it.
refused='takes one line of at most (64|100) characters, in UTF-8 and without control characters; use a shorter or plainer text$'
long=$(head -c 10000 /dev/zero | tr '\0' x)
sixty=$(printf '%064d' 0)
for text in "$(printf 'a\nb')" "$(printf 'a\033[31mb')" "$(printf 'a\342\200\256b')" "$(printf 'a\377')" '  ' "$long" "${sixty}1" '::error::x'; do
	shown=$(printf %s "$text" | head -c 12 | LC_ALL=C tr -c '[:alnum:]' _)
	check "--ticket $shown" 2 '' "^headroom: --ticket $refused" "$H" audit --ticket "$text"
	check "HEADROOM_TICKET $shown" 125 '' "^headroom: HEADROOM_TICKET $refused" env "HEADROOM_TICKET=$text" "$H" gate --connections 1 -- true
done
check "--requested-by with an end of line" 2 '' "^headroom: --requested-by $refused" "$H" report a.json --requested-by "$(printf 'a\rb')"
# shellcheck disable=SC2086
check "64 characters are a ticket" 0 "^  change $sixty\$" '' "$H" audit $plan $here --ticket "$sixty"
check "an empty one" 2 '' '--ticket needs a' "$H" audit --ticket ''
for time in 0 -1d soon 99999d; do
	check "--valid-for $time" 2 '' '--valid-for' "$H" audit "--valid-for=$time"
done
check "years have four digits" 0 'valid until 2126-11-06' '' "$H" report plain.json --valid-for 36500d

# Markup is text.
# shellcheck disable=SC2086
"$H" audit $plan $here --requested-by '<script>alert(1)</script> | *b* `c` & "d"' -o m.json -o m.md -o m.html -o junit:m.xml >/dev/null
same "no element of a page" "" "$(sed 's/<script type="application.json.*//' m.html | grep -o '<script>alert')"
same "no markup of Markdown" "" "$(grep '^\* For' m.md | grep -E '<script|[^\\]\*b|[^\\]`c')"
check "XML stays whole" 0 '' '' python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' m.xml

# A document from anywhere is cleaned where it is shown.
spoil() { # spoil EXPRESSION: of the member r, into bad.json
	python3 -c 'import json, sys; d = json.load(open("a.json")); r = d["request"]; exec(sys.argv[1]); json.dump(d, open("bad.json", "w"))' "$1"
}
spoil 'r["requested_by"] = "a\n::error::b\x1b[31m" + "x" * 10000; r["ticket"] = 7; r["valid_until"] = "soon"'
"$H" report bad.json -o bad.md -o bad.html -o junit:bad.xml >bad.txt 2>bad.err
same "a hostile document is written" 0 $?
same "its line is short, and nothing acts" 1 "$(tr -d '\n ' <bad.txt | grep -cE 'requestedbya::error::b.{1,4}\[31mx{80,90}…[^x]')"
same "no command at the start of a line" "" "$(grep -E '^ *::error' bad.txt)"
same "no escape" "" "$(LC_ALL=C grep -l "$(printf '\033')" bad.txt bad.md bad.html bad.xml)"
same "no 10 KB" "" "$(grep -l 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' bad.txt bad.md bad.xml)"
spoil 'd["request"] = [1]'
check "a member of another type says nothing" 0 'headroom: PASS' '' "$H" report bad.json
check "and can be replaced" 0 'change A-1$' '' "$H" report bad.json --ticket A-1

# What is no longer to be used is said; the exit status stays.
late=1799999999 # 2027-01-15
same "the day before: nothing" "" "$(SOURCE_DATE_EPOCH=1797177600 "$H" report a.json 2>&1 >/dev/null)"
check "report: valid no more" 0 'headroom: PASS' '^headroom: warning: a.json was valid only until 2026-12-14T16:00:00Z; audit the host again' \
	env SOURCE_DATE_EPOCH=$late "$H" report a.json
check "attach as well" 0 '*' 'warning: a.json was valid only until' \
	env SOURCE_DATE_EPOCH=$late JIRA_API_TOKEN=s "$H" attach jira:OPS-7 a.json --dry-run --url https://x.invalid
check "without such a moment: nothing" 0 'headroom: PASS' '' env SOURCE_DATE_EPOCH=$late "$H" report plain.json

# Settings of the gate.
mkdir checkout && cd checkout || exit 1
printf '{"ticket": "CHG1", "requested_by": "team", "valid_for": "2d"}\n' >headroom.json
"$H" gate --connections 1 --certify off -q -o a.json -- true >/dev/null 2>&1
same "a checkout may say them" 'CHG1|team|2026-12-02T16:00:00Z' "$(request a.json)"
HEADROOM_TICKET=CHG2 "$H" gate --connections 1 --certify off -q --requested-by me -o a.json -- true >/dev/null 2>&1
same "variables and flags win" 'CHG2|me|2026-12-02T16:00:00Z' "$(request a.json)"
printf '{"ticket": "a\\u001b[31m"}\n' >headroom.json
check "not with what a terminal acts on" 125 '' "headroom.json:1:.*\"ticket\" $refused" "$H" gate --connections 1 -- true
cd .. || exit 1

# attach takes the ticket of the document.
"$H" report plain.json --ticket jira:OPS-7 -o jira.json >/dev/null
"$H" report fleet.json --ticket jira:OPS-8 -o jira8.json >/dev/null
export JIRA_API_TOKEN=s
at="--dry-run --url https://x.invalid"
# shellcheck disable=SC2086
{
	check "attach: the ticket of the document" 0 'issue/OPS-7/attachments' '' "$H" attach a.md jira.json $at
	check "attach: of a fleet" 0 'issue/OPS-8/attachments' '' "$H" attach jira8.json $at
	check "attach: the one that is named comes first" 0 'issue/OPS-9/attachments' '' "$H" attach jira:OPS-9 jira.json $at
	check "attach: two are no default" 2 '' 'jira.json names jira:OPS-7, jira8.json names jira:OPS-8; choose one and put it before the files' \
		"$H" attach jira.json jira8.json $at
	check "attach: no document names one" 2 '' 'attach needs a ticket: .*--ticket' "$H" attach plain.json a.md $at
	check "attach: one without a system" 2 '' 'the ticket of a.json: CHG0031337: name the ticket system, as in servicenow:CHG0031337' "$H" attach a.json $at
	"$H" report plain.json --ticket github:evil/x#1 -o github.json >/dev/null
	check "attach: not to a public server by a document's word" 2 '' 'github.json names github:evil/x#1, which is on a public server; to confirm, put that ticket before the files' \
		env GITHUB_TOKEN=s "$H" attach github.json --dry-run
	check "attach: to one's own" 0 'repos/evil/x/issues/1' '' env GITHUB_TOKEN=s "$H" attach github.json $at
}
