#!/bin/sh
# Checks the PDF of each document beside this script: syntax, structure, metadata, fonts, the attached document, links,
# bookmarks, numbers, and that nothing of the host shows in its bytes. Usage: tests/report/pdf.sh BUILD/headroom-helper
set -u
helper=$(realpath "${1:?usage: pdf.sh path of headroom-helper}")
here=$(cd "$(dirname "$0")" && pwd)
headroom=$(dirname "$helper")/headroom
hosts=$(dirname "$here")/hosts
work=$(mktemp -d) || exit 1
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
trap 'rm -rf "$work"' EXIT
for tool in qpdf pdfinfo pdffonts pdfimages pdfdetach pdftotext pdftohtml python3 xmllint jq; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
failed=0

ok() { # ok TITLE COMMAND…
	title=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		echo "ok - $title"
	else
		failed=1
		echo "not ok - $title"
		{ grep -A 4 '^not ok' "$work/log" || tail -n 8 "$work/log"; } | cut -c1-300 | sed 's/^/#   /'
	fi
}

render() { "$helper" render pdf:9 9>"$2" <"$1"; }

information() { # information PDF DOCUMENT
	verdict=$(jq -r '.verdict | ascii_upcase | if . == "NONE" then "AUDIT" else . end' "$2")
	pdfinfo -enc UTF-8 -isodates "$1" >"$work/info" && cat "$work/info"
	grep -q "^Title: *$verdict .*capacity audit of " "$work/info" && grep -q '^Tagged: *yes' "$work/info" &&
		grep -q '^JavaScript: *no' "$work/info" && grep -q '^PDF version: *1.5' "$work/info" &&
		grep -q "^CreationDate: *$(jq -r .created "$2")" "$work/info" && grep -q "^ModDate: *$(jq -r .created "$2")" "$work/info"
}
fonts() {
	pdffonts "$1" | tail -n +3 >"$work/fonts"
	[ -s "$work/fonts" ] && ! grep -vE '^[A-Z]{6}\+DejaVuSans(Mono)?(-Bold)? .* yes yes yes ' "$work/fonts"
}
no_pixels() { [ "$(pdfimages -list "$1" | wc -l)" -le 2 ]; }
attached() {
	rm -rf "$work/files" && mkdir "$work/files" && pdfdetach -saveall -o "$work/files" "$1" &&
		[ "$(ls "$work/files")" = headroom.json ] && cmp "$work/files/headroom.json" "$2"
}
metadata() { pdfinfo -meta "$1" >"$work/xmp" && xmllint --noout "$work/xmp" && grep -q '<dc:title>' "$work/xmp"; }
evidence_is_bounded() { # at most 200 rows, and it is said how many there are
	total=$(jq '.facts | length' "$2")
	[ "$(jq '[.resources[] | select(.status != "not-applicable") | .facts[]] | length' "$2")" -gt 0 ] || return 0
	pdftotext -enc UTF-8 -layout "$1" "$work/text"
	grep -qE "(^| )[0-9,]+ of $(echo "$total" | sed -E ':a; s/([0-9])([0-9]{3})($|,)/\1,\2\3/; ta') facts" "$work/text"
}

page_facts() { # page_facts NAME PDF DOCUMENT HTML
	python3 "$here/page_facts.py" "$2" "$3" "$4" >"$work/facts" 2>&1 || failed=1
	sed "s/^\(not \)\{0,1\}ok - /&$1: /" "$work/facts"
	grep -q '^ok' "$work/facts" || { echo "not ok - $1: pages"; sed 's/^/#   /' "$work/facts" | tail -n 5; }
}

for document in "$here"/*-audit.json; do
	name=$(basename "$document" -audit.json)
	pdf=$work/$name.pdf
	ok "$name: written" render "$document" "$pdf"
	ok "$name: sound" qpdf --check "$pdf"
	ok "$name: title, date, tags" information "$pdf" "$document"
	ok "$name: fonts are embedded subsets of DejaVu" fonts "$pdf"
	ok "$name: no pixels" no_pixels "$pdf"
	ok "$name: the document is attached as it is" attached "$pdf" "$document"
	ok "$name: XMP" metadata "$pdf"
	ok "$name: how much evidence there is" evidence_is_bounded "$pdf" "$document"
	"$helper" render html:9 9>"$work/page.html" <"$document"
	python3 "$here/pdf_facts.py" "$pdf" "$document" "$work/page.html" >"$work/facts" 2>&1 || failed=1
	sed "s/^\(not \)\{0,1\}ok - /&$name: /" "$work/facts"
	grep -q '^ok' "$work/facts" || { echo "not ok - $name: facts"; sed 's/^/#   /' "$work/facts" | tail -n 5; }
	page_facts "$name" "$pdf" "$document" "$work/page.html"
done

# Audits of captured hosts: other limits, changes that a container or a service needs, a plan by its rate, a server.
while read -r name host plan; do
	# shellcheck disable=SC2086  # the words of the plan
	"$headroom" audit $plan --facts "$hosts/$host" --no-history -o "json:$work/$name.json" >/dev/null 2>&1
	"$helper" render html:8 pdf:9 8>"$work/$name.html" 9>"$work/$name.pdf" <"$work/$name.json"
	page_facts "$name" "$work/$name.pdf" "$work/$name.json" "$work/$name.html"
done <<'END'
login debian-default ws-client --connections 15000 --lifetime 60s
service rabbitmq-node ws-client --connections 15000 --lifetime 60s
container crowded ws-client --connections 15000 --lifetime 60s
mac macos.facts.json ws-client --connections 15000 --lifetime 60s
malformed hostile ws-client --connections 15000 --lifetime 60s
boot boot-order ws-client --connections 15000 --lifetime 60s
tuned tuned-loadgen ws-client --connections 15000 --lifetime 60s
server debian-default ws-server
rate debian-default http-churn
many crowded --role server --connections 900000 --threads 90000
unplanned debian-default
END

# What is no audit: a sizing, a list of audits, a trend, what changed, an incident, a repository, a fleet; and no plan.
ok "the other answers" "$here/pages.sh" "$headroom" "$work/answers"
for document in "$work"/answers/*.json; do
	name=$(basename "$document" .json)
	pdf=$work/answers/$name.pdf
	ok "$name: sound" qpdf --check "$pdf"
	ok "$name: fonts are embedded subsets of DejaVu" fonts "$pdf"
	ok "$name: XMP" metadata "$pdf"
	ok "$name: the document is attached as it is" attached "$pdf" "$document"
	ok "$name: no pixels" no_pixels "$pdf"
	page_facts "$name" "$pdf" "$document" "$work/answers/$name.html"
done

# A document with more facts than a report shows, and a limit that uses them all.
jq '.facts = [range(0; 900) as $i | .facts[$i % (.facts | length)] | .key += ".n\($i)"] |
	.resources[0].facts = [.facts[].key]' "$here/sample-audit.json" >"$work/many.json"
ok "many facts: written" render "$work/many.json" "$work/many.pdf"
ok "many facts: 200 rows at most" [ "$(pdftotext -layout "$work/many.pdf" - | grep -cE '\.n[0-9]+')" -le 230 ]
heads_are_repeated() { # on every page with rows of the evidence
	pdftotext -layout "$1" - | sed -n '/Facts that a formula used/,$p' | awk 'BEGIN { RS = "\f" } /\.n[0-9]+/ { pages++; heads += /Fact +Value/ }
		END { print pages, heads; exit !(pages > 2 && pages == heads) }'
}
ok "many facts: the table's head is on each page" heads_are_repeated "$work/many.pdf"
ok "many facts: the number of them is said" evidence_is_bounded "$work/many.pdf" "$work/many.json"
ok "many facts: all are attached" attached "$work/many.pdf" "$work/many.json"

# A run whose generator reached a limit, and one that is certified.
jq --slurpfile gate "$here/gate.json" '.gate = $gate[0] | .run = {verdict: "not-certified", reason: "limit", exit: 0} |
	del(.calibration, .history)' "$here/sample-audit.json" >"$work/refused.json"
jq --slurpfile gate "$here/gate.json" '.gate = $gate[0] | .run = {verdict: "certified", reason: null, exit: 0} | .gate.certified = true |
	.gate.bottleneck = null | .gate.charges = [] | .gate.sentence = "This host was not the bottleneck." |
	.gate.checks[].applies = false | .gate.checks[1] += {applies: null, measured: null, seen: null}' "$here/pass-audit.json" >"$work/certified.json"
for name in refused certified; do
	"$helper" render html:8 pdf:9 8>"$work/$name.html" 9>"$work/$name.pdf" <"$work/$name.json"
	page_facts "$name" "$work/$name.pdf" "$work/$name.json" "$work/$name.html"
done

jq --slurpfile drift "$here/drift.json" '.drift = $drift[0]' "$here/sample-audit.json" >"$work/drift.json"
ok "what changed: rendered" render "$work/drift.json" "$work/drift.pdf"
ok "what changed: facts" python3 "$here/pdf_facts.py" "$work/drift.pdf" "$work/drift.json"
pdftotext -raw "$work/drift.pdf" "$work/drift.txt"
ok "what changed: the table" grep -q 'FAIL 15×: 15,010 of' "$work/drift.txt"

# Strings that would end a string of PDF, a name or an address.
hostile() { # hostile TEXT: as name, title, key, instance, address, command
	jq --arg t "$1" '.host.name = $t | .headline = $t | .facts[0].key = $t | .facts[1].instance = $t | .resources[0].title = $t |
		.resources[0].facts = [$t] | .resources[0].sources = [{title: $t, url: $t}, {title: "x", url: ("https://a.example/" + $t)}] |
		.fixes[0].title = $t | .fixes[0].command = $t | .tool.version = $t' "$here/sample-audit.json" >"$work/hostile.json"
	render "$work/hostile.json" "$work/hostile.pdf" && qpdf --check "$work/hostile.pdf" &&
		attached "$work/hostile.pdf" "$work/hostile.json" && metadata "$work/hostile.pdf" &&
		python3 "$here/pdf_facts.py" "$work/hostile.pdf" "$work/hostile.json"
}
ok "hostile: parentheses" hostile ')/S/JavaScript/JS(app.alert(1)'
ok "hostile: an address that ends early" hostile "https://x/a)/S/URI/URI(javascript:1"
ok "hostile: quotes of attributes" hostile "x' uri='https://b.example/' internal=true dest='"
# shellcheck disable=SC1003  # backslashes are meant
ok "hostile: backslashes" hostile 'a\)\(\\\'
ok "hostile: lines and returns" hostile "$(printf 'a\nendobj\r\n1 0 obj\n<< /JS (x) >>\nendobj\tz')"
ok "hostile: letters of other scripts" hostile "$(printf '\303\244\346\274\242\360\237\230\200\331\205\330\261')"
ok "hostile: brackets and names" hostile '>> /AA << /O 3 0 R >> [<666f6f>] %comment'
ok "hostile: markup" hostile ']]></dc:title><script>&amp;"'

# The same as a template's address and name of a place, both bound to the document.
cat >"$work/mine.html" <<'END'
<html xmlns="http://www.w3.org/1999/xhtml" lang="en"><head><title>t)</title></head><body>
<h1 data-attr-id="host.name">One</h1><h2 id="here">Two</h2><h2 id="here">Three</h2>
<p><a data-attr-href="host.name">a</a> <a data-attr-href="https://x/{host.name}">b</a> <a data-attr-href="#{host.name}">c</a>
<a href="#missing">d</a> <a href="#here">e</a> <a href="https://a.example/?q=1&amp;r=%20#z">f</a></p>
<table><tbody><tr data-attr-id="host.name"><td data-attr-id="{host.name}'">1</td></tr></tbody></table>
<figure data-attr-id="host.name"><div data-chart="headroom"></div></figure></body></html>
END
template() { # template TEXT
	jq --arg t "$1" '.host.name = $t' "$here/sample-audit.json" >"$work/hostile.json" &&
		"$helper" render pdf:9 --template-fd 7 7<"$work/mine.html" 9>"$work/mine.pdf" <"$work/hostile.json" &&
		qpdf --check "$work/mine.pdf" && [ "$(pdfinfo -url "$work/mine.pdf" | grep -c 'https://')" -eq 1 ] &&
		python3 "$here/pdf_facts.py" "$work/mine.pdf" "$work/hostile.json"
}
ok "template: parentheses" template ')/S/JavaScript/JS(app.alert(1)'
ok "template: quotes" template "x' internal='true"
# shellcheck disable=SC1003  # backslashes are meant
ok "template: backslashes" template 'a\\'
ok "template: letters" template "$(printf '\303\244')"
ok "template: a script" template 'javascript:alert(1)'
ok "template: lines" template "$(printf 'a\n>>')"

# The same bytes, whatever the surroundings; what is not the document does not show.
cat >"$work/fonts.conf" <<END
<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>/usr/share/fonts</dir><cachedir>$work/cache</cachedir>
<match target="pattern"><edit name="family" mode="assign" binding="strong"><string>Liberation Serif</string></edit></match>
<match target="font"><edit name="hintstyle" mode="assign"><const>hintfull</const></edit>
<edit name="embolden" mode="assign"><bool>true</bool></edit></match></fontconfig>
END
again() { # again TITLE VARIABLE=VALUE…
	title=$1
	shift
	(cd / && env "$@" "$helper" render pdf:9 9>"$work/again.pdf" <"$here/sample-audit.json")
	ok "same bytes: $title" cmp "$work/sample.pdf" "$work/again.pdf"
}
again "time zone" TZ=Pacific/Chatham
again "locale" LC_ALL=de_DE.UTF-8 LANGUAGE=ar
again "C locale" LC_ALL=C
again "no home" -u HOME -u XDG_CACHE_HOME
again "no environment" -i ASAN_OPTIONS="$ASAN_OPTIONS"
again "font configuration" FONTCONFIG_FILE="$work/fonts.conf" FONTCONFIG_PATH=/nonexistent
again "no font configuration" FONTCONFIG_FILE=/dev/null XDG_CONFIG_HOME=/nonexistent
again "Pango's settings" PANGO_LANGUAGE=ja:ar GDK_SCALE=2
again "libqpdf's settings" QPDF_CRYPTO_PROVIDER=none
again "allocator" MALLOC_PERTURB_=165
(cd / && SOURCE_DATE_EPOCH=1000000000 "$helper" render pdf:9 9>"$work/epoch.pdf" <"$here/sample-audit.json")
ok "SOURCE_DATE_EPOCH is the date" sh -c "pdfinfo -isodates '$work/epoch.pdf' | grep '^CreationDate: *2001-09-09T01:46:40Z'"
(cd / && SOURCE_DATE_EPOCH=later "$helper" render pdf:9 9>"$work/again.pdf" <"$here/sample-audit.json")
ok "SOURCE_DATE_EPOCH that is no number does nothing" cmp "$work/sample.pdf" "$work/again.pdf"
[ "$failed" -eq 0 ]
