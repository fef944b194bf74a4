# --template: a directory of one's own, checked before anything else.
# shellcheck shell=sh
. tests/cli/lib.sh
# The helper's sandbox forbids what the leak checker does (ptrace); the unit tests look for leaks.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
document=$top/tests/report/sample-audit.json
sample=$top/docs/template-sample
check "the sample" 0 '^headroom: FAIL' '' "$H" report "$document" --template "$sample" -o own.html -o own.pdf
same "its words" 1 "$(grep -c '<h2 id="change-h">Changes to approve' own.html)"
check "the terminal view ignores it" 0 '^headroom: FAIL' '' "$H" report "$document"
mkdir mine
check "an empty directory" 2 '' 'mine contains no template' "$H" report "$document" --template mine -o x.html
check "no directory" 2 '' '--template: none: No such file' "$H" report "$document" --template none -o x.html
check "nothing to use it for" 2 '' 'changes HTML, PDF and PNG' "$H" report "$document" --template "$sample" -o x.md
printf '<html xmlns="http://www.w3.org/1999/xhtml"><body>\n\n<p data-text="verdikt">x</p></body></html>' >mine/report.html
check "a wrong name: file and line" 2 '' '^headroom: mine/report.html:3: <p>: there is no member "verdikt"' "$H" report "$document" \
	--template mine/ -o x.html
same "nothing was written" no "$([ -e x.html ] && echo yes || echo no)"
printf '<html xmlns="http://www.w3.org/1999/xhtml">\n<body><div data-chart="waterfall"></div></body></html>' >mine/report.html
check "a chart that is gone: what replaces it" 2 '' '^headroom: mine/report.html:2: <div>: the chart "waterfall" is gone: "headroom"' \
	"$H" report "$document" --template mine/ -o x.html
printf '{\n"colors": {\n}' >mine/theme.json
rm mine/report.html
check "a theme that is no JSON: its line" 2 '' '^headroom: mine/theme.json:3: not valid JSON' "$H" report "$document" --template mine -o x.html
printf '{"colors":{"pass":["#004400","#00ff00"]}}' >mine/theme.json
check "a theme alone is enough" 0 '*' '' "$H" report "$document" --template mine -o x.html
same "its color" 1 "$(grep -c -- '--pass:#004400' x.html)"
printf '{\n"headroom.axis": "Sicher bis",\n"plan": "Plan: {lode}"}' >mine/words.json
check "a placeholder that is none: file and line" 2 '' '^headroom: mine/words.json:3: there is no placeholder {lode}' "$H" report \
	"$document" --template mine -o x.html
printf '{"headroom.plan": "<i>Plan: {load}", "headroom.title": "Was zuerst reißt"}' >mine/words.json
check "words of one's own" 0 '*' '' "$H" report "$document" --template mine -o x.html -o x.pdf
same "they are drawn, escaped" yes "$(grep -q '>&lt;i&gt;Plan: 15,000<' x.html && grep -q 'Was zuerst reißt' x.html && echo yes)"
printf 'p { color: red }\n/* \377 */' >mine/report.css
check "a style sheet that is no UTF-8: file and line" 2 '' 'mine/report.css:2: not valid UTF-8' "$H" report "$document" \
	--template mine -o x.html
rm mine/report.css
check "the page names it, with its digest" 0 "mine, SHA-256 [0-9a-f]{64}" '' grep -o 'name="headroom-template" content="[^"]*"' x.html
printf 'machine h login ci password S3CRET' >netrc
for target in ../netrc "$work/netrc" /dev/zero; do
	ln -s "$target" mine/company.css
	check "a link to $target" 2 '' 'mine/company.css: is a symbolic link' timeout "$hang" "$H" report "$document" --template mine -o x.html
	rm mine/company.css
done
mkfifo mine/pipe.css
check "a FIFO" 2 '' 'mine/pipe.css: is a FIFO' timeout "$hang" "$H" report "$document" --template mine -o x.html
rm mine/pipe.css
mkdir mine/dir.css
check "a directory is left alone" 0 '*' '' "$H" report "$document" --template mine -o x.html
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do : >mine/$i.css; done
check "too many files" 2 '' 'more than 12 files' "$H" report "$document" --template mine -o x.html
check "checked before the audit" 2 '' 'more than 12 files' "$H" audit ws-client --facts /nonexistent --template mine -o x.html
