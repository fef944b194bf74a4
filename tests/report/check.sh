#!/bin/sh
# Checks what headroom-helper renders from the documents beside this script: well-formed HTML, sound PDF, the same
# bytes every time, hostile strings defused, every command present, nothing fetched from anywhere.
# Usage: tests/report/check.sh BUILD/headroom-helper
set -u
helper=${1:?usage: check.sh path of headroom-helper}
helper=$(realpath "$helper")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
# The sandbox forbids what the leak checker does (ptrace); the unit tests look for leaks.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export ASAN_OPTIONS
trap 'rm -rf "$work"' EXIT
passed=0
failed=0
skipped=0

ok() { # ok TITLE COMMAND…
	title=$1
	shift
	if "$@" >"$work/log" 2>&1; then
		passed=$((passed + 1))
		echo "ok - $title"
	else
		failed=$((failed + 1))
		echo "not ok - $title"
		head -n 8 "$work/log" | cut -c1-300 | sed 's/^/#   /'
	fi
}
skip() {
	skipped=$((skipped + 1))
	echo "ok - $1 # SKIP $2"
}
have() { command -v "$1" >/dev/null 2>&1; }
not() { ! "$@"; }

render() { # render NAME: NAME.html and NAME.pdf in $work
	"$helper" render html:8 pdf:9 8>"$work/$1.html" 9>"$work/$1.pdf" <"$here/$1-audit.json"
}

# The commands of a document, one per line: all strings called command, undo or in fix_commands.
commands() {
	sed -nE 's/^ *"(command|undo)": "(.*)",?$/\2/p; /"fix_commands": \[/,/\]/s/^ *"(.*)",?$/\1/p' "$1" |
		sed 's/\\"/"/g; s/\\\\/\\/g'
}

# Text without any white space: lines break where they like.
# A long command goes on in the next line behind a backslash.
squeeze() { sed 's/ \\$//' | tr -d ' \n\t\f\302\240'; }

has_commands() { # has_commands TEXT-FILE DOCUMENT
	squeeze <"$1" >"$work/squeezed"
	commands "$2" | sort -u >"$work/commands"
	[ -s "$work/commands" ] || { echo "no command found in $2"; return 1; }
	while IFS= read -r line; do
		wanted=$(printf %s "$line" | squeeze)
		grep -qF -- "$wanted" "$work/squeezed" || { echo "missing: $line"; return 1; }
	done <"$work/commands"
}

same_bytes() { # same_bytes NAME: under another time zone, home, locale, directory and allocator pattern
	(cd / && TZ=Asia/Kathmandu HOME=/nonexistent LC_ALL=de_DE.UTF-8 MALLOC_PERTURB_=85 FONTCONFIG_FILE=/dev/null \
		"$helper" render pdf:9 html:8 8>"$work/again.html" 9>"$work/again.pdf" <"$here/$1-audit.json") &&
		cmp "$work/$1.html" "$work/again.html" && cmp "$work/$1.pdf" "$work/again.pdf"
}

# The policy's hash is that of the bytes between the tags.
policy_matches() { # policy_matches FILE TAG
	hash=$(sed -n "/<$2>/,/<\/$2>/p" "$1" | sed "1s/.*<$2>//; \$s/<\/$2>.*//" | head -c -1 | openssl dgst -sha256 -binary |
		openssl base64)
	grep -q "Content-Security-Policy.*'sha256-$hash'" "$1" || { echo "sha256-$hash of <$2> is not in the policy"; return 1; }
}

# Nothing in the page makes a browser fetch anything: only links that are followed by hand.
fetches_nothing() {
	! grep -nE '<(img|iframe|link|object|embed|base|form|audio|video|source|input)[ />]|<script[^>]* src=|@import|url\(' "$1" &&
		! grep -oE 'href="[^"]*"' "$1" | grep -vE '^href="(#[a-z0-9-]*|https://[A-Za-z0-9:/._~%#?=&;-]+)"$'
}

no_styles_or_handlers() { ! grep -oE '<[a-z][^<>]* (style|on[a-z]+)="' "$1"; }

verdict_is() { [ "$(xmllint --xpath 'string(/*/@data-verdict)' "$1")" = "$2" ]; }

island_is_inert() { # the data island holds no byte that could end it
	sed -n '/id="headroom-data"/p' "$1" | sed 's/^.*id="headroom-data">//; s/<\/script>.*$//' >"$work/island"
	[ -s "$work/island" ] && ! grep -q '[<>&]' "$work/island"
}

for name in sample pass unknown none hostile calibrated staged assumed unread loads; do
	ok "$name: rendered" render "$name"
	ok "$name: under 200 KB" [ "$(wc -c <"$work/$name.html")" -lt 200000 ]
	ok "$name: fetches nothing" fetches_nothing "$work/$name.html"
	ok "$name: no style attributes, no handlers" no_styles_or_handlers "$work/$name.html"
	ok "$name: inert data" island_is_inert "$work/$name.html"
	ok "$name: same bytes again" same_bytes "$name"
	if have xmllint; then
		ok "$name: well-formed" xmllint --noout "$work/$name.html"
	else
		skip "$name: well-formed" "xmllint is not installed (libxml2-utils)"
	fi
	if have qpdf; then
		ok "$name: PDF is sound" qpdf --check "$work/$name.pdf"
	else
		skip "$name: PDF is sound" "qpdf is not installed"
	fi
	if have openssl; then
		ok "$name: policy allows its style" policy_matches "$work/$name.html" style
		ok "$name: policy allows its script" policy_matches "$work/$name.html" script
	else
		skip "$name: policy" "openssl is not installed"
	fi
done

if have xmllint; then
	ok "data-verdict: fail" verdict_is "$work/sample.html" fail
	ok "data-verdict: pass" verdict_is "$work/pass.html" pass
	ok "data-verdict: unknown" verdict_is "$work/unknown.html" unknown
	ok "data-verdict: none" verdict_is "$work/none.html" none
	for name in sample none; do
		xmllint --xpath 'string(/*/*[2])' "$work/$name.html" >"$work/$name.txt"
		ok "$name: every command is in the HTML" has_commands "$work/$name.txt" "$here/$name-audit.json"
	done
	ok "sample: what was not checked is said" grep -q 'Not checked: CPU, bandwidth' "$work/sample.txt"
	xmllint --xpath 'string(/*/*[2])' "$work/calibrated.html" >"$work/calibrated.txt"
	ok "calibrated: what is measured and what is modelled" grep -q 'Outgoing ports (capacity: 28,200 measured, 28,200 used)' "$work/calibrated.txt"
	ok "calibrated: predicted, measured, difference" sh -c "tr -d '\\n' <'$work/calibrated.html' | grep -q '>28,232<.*>28,200<.*>−32<.*>EADDRNOTAVAIL<'"
	ok "calibrated: why one was not run" grep -q 'may not make a network namespace' "$work/calibrated.txt"
	ok "calibrated: what was not copied" grep -q 'Not copied: net.ipv4.tcp_tw_reuse' "$work/calibrated.txt"
	ok "calibrated: milestones of an Erlang node" sh -c "tr -d '\\n' <'$work/calibrated.html' |
		grep -q 'An Erlang node on its way.*>1,000<.*>80 ms<.*>12,500/s<.*>50,000<.*>not reached<'"
	ok "calibrated: a lower bound is called one" grep -q 'predicted is a lower bound' "$work/calibrated.txt"
	ok "calibrated: the disagreement is a finding" grep -q '28,232 connections predicted, 28,200 measured' "$work/calibrated.txt"
	ok "calibrated: the chart" sh -c "grep -q 'Predicted and measured on this kernel' '$work/calibrated.html' &&
		grep -q 'connections until no port is left: 28,200 measured, 28,232 predicted' '$work/calibrated.html' && ! grep -q 'Predicted and measured on this kernel' '$work/pass.html'"
	ok "unknown: never looks like a pass" not grep -q 'Safe to start' "$work/unknown.html"
	for name in assumed unread; do
		xmllint --xpath 'string(/*/*[2])' "$work/$name.html" | tr -s ' \n' '  ' >"$work/$name.basis.html"
	done
fi

if have pdftotext; then
	for name in sample none; do
		pdftotext -raw "$work/$name.pdf" "$work/$name.pdf.txt"
		ok "$name: every command is in the PDF" has_commands "$work/$name.pdf.txt" "$here/$name-audit.json"
	done
	for name in assumed unread; do
		pdftotext -l 1 -raw "$work/$name.pdf" - | tr -s ' \n' '  ' | sed 's/fs.file- max/fs.file-max/' >"$work/$name.basis.pdf"
	done
	pdftotext -raw "$work/calibrated.pdf" "$work/calibrated.pdf.txt"
	ok "calibrated: the milestones are in the PDF" sh -c "tr -s ' \n' '  ' <'$work/calibrated.pdf.txt' |
		grep -q ', 1,000 after .*, 50,000 not reached'"
	ok "calibrated: the chart is in the PDF" sh -c "grep -q '^connections until no port is left 28,232 28,200 (99.9' '$work/calibrated.pdf.txt' &&
		grep -q '^3 of 5 measurements on this kernel agree' '$work/calibrated.pdf.txt'"
	ok "the PDF begins with its question" sh -c "sed -n 2p '$work/sample.pdf.txt' | grep -q '^Can loadgen-03 run .*ws-client.* (15,000 connections)?\$'"
	ok "the PDF's pages are numbered" grep -qE 'Page 1 of [2-9]' "$work/sample.pdf.txt"
	ok "the PDF is tagged and has a title" sh -c "pdfinfo '$work/sample.pdf' | grep -q '^Tagged: *yes' &&
		pdfinfo -enc UTF-8 '$work/sample.pdf' | grep -q '^Title: *FAIL .* capacity audit of loadgen-03' && ! pdfinfo '$work/sample.pdf' |
		grep -q '^JavaScript: *yes'"
	ok "the PDF's date is the document's" sh -c "TZ=UTC pdfinfo '$work/sample.pdf' | grep '^CreationDate:.*May 20 08:00:00 2026'"
	ok "fonts are embedded, no pixels" sh -c "! pdffonts '$work/sample.pdf' | tail -n +3 | grep -vE 'yes yes yes' &&
		[ \"\$(pdfimages -list '$work/sample.pdf' | wc -l)\" -le 2 ]"
	ok "hostile addresses do not become links" sh -c "! qpdf --qdf --object-streams=disable '$work/hostile.pdf' - |
		grep -aE '^ *(/S )?/(URI|JavaScript|JS)'"
else
	skip "text of the PDF" "pdftotext is not installed (poppler-utils)"
fi

# What a verdict rests on stands on the first page: badge, assumed values, age, waivers, unread files and the way out.
for page in html pdf; do
	[ -f "$work/assumed.basis.$page" ] || continue
	while IFS='|' read -r name text; do
		ok "$name, $page: $text" grep -qF -- "$text" "$work/$name.basis.$page"
	done <<-'END'
		assumed|PASS · 1 warning · 1 waived · hypothetical · host as of 2026-11-21
		assumed|limits.nofile.soft = 21,000 instead of 1,024: assumed, not read from the host.
		assumed|Snapshot of 2026-11-21 02:00 UTC
		assumed|calculated, not measured
		assumed|Outgoing ports fails (30,000 needed, 28,232 available), waived by J. Doe, platform until 2999-12-31.
		assumed|ephemeral-ports: The load balancer reuses connections. (until 2999-12-31), waived by J. Doe, platform
		assumed|Safe load
		unread|What to find out
		unread|/proc/sys/fs/file-max
		unread|ermission denied
		unread|run headroom as root, or give the value: --set fs.file-max=NUMBER
		unread|at most 36,630
		unread|a limit is not known
		unread|If nothing is done, the verdict stays UNKNOWN
	END
	ok "assumed, $page: a waived fail is not safe" not grep -qi 'safe to start' "$work/assumed.basis.$page"
	ok "unread, $page: nothing is safe up to a number" not grep -qiE 'safe (up to|load:) [0-9]' "$work/unread.basis.$page"
done

# What fails names the output and leaves the other one complete.
"$helper" render pdf:9 html:8 --font-dir "$work" 8>"$work/nofont.html" 9>"$work/nofont.pdf" <"$here/sample-audit.json" 2>"$work/err"
ok "without fonts: exit 65, the first output failed" [ $? -eq 65 ]
ok "without fonts: the package is named" grep -q '^pdf: .*fonts-dejavu-core' "$work/err"
ok "without fonts: no PDF bytes" [ ! -s "$work/nofont.pdf" ]
ok "without fonts: the HTML is whole" cmp "$work/nofont.html" "$work/sample.html"

printf '<html xmlns="http://www.w3.org/1999/xhtml">\n<body>\n<p data-text="verdikt">x</p></body></html>' >"$work/bad.html"
"$helper" render html:8 --template-fd 7 7<"$work/bad.html" 8>"$work/out" <"$here/pass-audit.json" 2>"$work/err"
ok "a wrong name in a template: exit 1" [ $? -eq 1 ]
ok "a wrong name in a template: its line" grep -q '^report.html:3: .*verdikt' "$work/err"
echo '{' | "$helper" render html:8 8>"$work/out" 2>"$work/err"
ok "no JSON: exit 1, nothing written" [ ! -s "$work/out" ]
"$helper" render html:8 8>/dev/full <"$here/pass-audit.json" 2>"$work/err"
ok "a full disk is an error" grep -q '^html: cannot be written' "$work/err"
ok "SOURCE_DATE_EPOCH is honoured" sh -c "SOURCE_DATE_EPOCH=86400 '$helper' render pdf:9 9>'$work/epoch.pdf' \
	<'$here/pass-audit.json' && TZ=UTC pdfinfo '$work/epoch.pdf' | grep 'CreationDate:.*Jan  2 00:00:00 1970'"

# The documented sample of a company's own template, file by file as the core hands them over.
sample=$(dirname "$here")/../docs/template-sample
"$helper" render html:8 pdf:9 --template-name ours --template-fd report.html=3 --template-fd company.css=4 \
	--template-fd theme.json=5 --template-fd logo.png=6 3<"$sample/report.html" 4<"$sample/company.css" \
	5<"$sample/theme.json" 6<"$sample/logo.png" 8>"$work/ours.html" 9>"$work/ours.pdf" <"$here/sample-audit.json" 2>"$work/err"
ok "the sample template: HTML and PDF" [ $? -eq 0 ]
ok "the sample template: its words, colors and logo" sh -c "grep -q 'Change record: load test on loadgen-03' '$work/ours.html' &&
	grep -q -- '--s1:#1d3557' '$work/ours.html' && grep -q 'src=\"data:image/png;base64,iVBOR' '$work/ours.html' &&
	grep -q \"img-src data:\" '$work/ours.html' && ! grep -q 'img-src' '$work/sample.html'"
if have pdftotext; then
	pdftotext -raw "$work/ours.pdf" "$work/ours.txt"
	ok "the sample template: structure and logo of the PDF" sh -c "grep -q 'Changes to approve' '$work/ours.txt' &&
		grep -q 'Example Ltd' '$work/ours.txt' && ! grep -q 'Which limits allow the plan' '$work/ours.txt' && qpdf --check '$work/ours.pdf' &&
		[ \"\$(pdfimages -list '$work/ours.pdf' | wc -l)\" -eq 3 ]"
	"$helper" render pdf:9 --template-fd logo.png=6 6<"$sample/logo.png" 9>"$work/logo.pdf" <"$here/pass-audit.json"
	ok "a logo alone is enough" sh -c "[ \"\$(pdfimages -list '$work/logo.pdf' | wc -l)\" -eq 3 ]"
fi
"$helper" check --template-name ours --template-fd report.html=3 3<"$sample/report.html" 2>"$work/err"
ok "a file that is missing: where it is named" grep -q '^ours/report.html:11: <link>: the file "company.css"' "$work/err"
echo 'p > a { }' >"$work/bad.css"
"$helper" check --template-name ours --template-fd company.css=3 3<"$work/bad.css" 2>"$work/err"
ok "a style sheet that cannot be inlined: its line" grep -q 'ours/company.css:1: the bytes <, > and &' "$work/err"
echo 'GIF89a' >"$work/bad.png"
"$helper" check --template-name ours --template-fd logo.png=3 3<"$work/bad.png" 2>"$work/err"
ok "a logo that is no PNG" grep -q 'ours/logo.png: an image must be a PNG file' "$work/err"

echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
