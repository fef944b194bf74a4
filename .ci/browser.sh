#!/bin/sh
# make check-browser, after the build: renders the sample documents, an audit of this host and the other answers, installs the pinned npm
# packages under BUILD_DIR/browser and runs tests/browser/check.js over them. Usage: .ci/browser.sh BUILD_DIR [install]
# With `install` it only installs the packages, which is mostly waiting for the network.
# The last line is "N passed, N failed, N skipped". Without npm, its packages, Java or Chromium it fails and says so.
set -u
build=$1
work=$build/browser
pages=$work/pages
rm -rf "$pages"
mkdir -p "$pages" || exit 1

stop() {
	echo "not ok - the browser tests cannot run: $*"
	echo "0 passed, 1 failed, 0 skipped"
	exit 1
}

# Only what the lock file says, by its hashes; again only when it changed.
install() {
	! cmp -s tests/browser/package-lock.json "$work/installed.json" || return 0
	cp tests/browser/package.json tests/browser/package-lock.json "$work/"
	(cd "$work" && timeout 300 npm ci --ignore-scripts --no-audit --no-fund) >"$work/npm.log" 2>&1 || return 1
	cp tests/browser/package-lock.json "$work/installed.json"
}
if [ "${2:-}" = install ]; then
	install
	exit
fi

browser=${CHROMIUM:-$(command -v chromium || command -v chromium-browser)}
[ -n "$browser" ] || stop "there is no chromium; CHROMIUM=PATH names one"
for tool in node npm java; do
	command -v "$tool" >/dev/null || stop "there is no $tool (.ci/deps.sh browser installs it)"
done

install || {
	tail -n 15 "$work/npm.log" | sed 's/^/#   /'
	stop "npm could not install the packages of tests/browser/package-lock.json"
}

for document in tests/report/*-audit.json; do
	name=$(basename "$document" -audit.json)
	cp "$document" "$pages/$name.json"
	"$build/headroom-helper" render html:8 8>"$pages/$name.html" <"$document" || stop "$document could not be rendered"
done
cp tests/report/sample-audit.json "$pages/template.json"
"$build/headroom" report "$pages/template.json" --template docs/template-sample -q -o "$pages/template.html" >"$work/report.log" 2>&1 ||
	stop "the sample template could not be rendered: $(cat "$work/report.log")"
"$build/headroom" audit ws-client --connections 15000 --lifetime 60s --map --no-history -q -o "$pages/here.html" \
	-o "$pages/here.json" >"$work/audit.log" 2>&1
[ -s "$pages/here.html" ] || stop "this host could not be audited: $(cat "$work/audit.log")"
tests/report/pages.sh "$build/headroom" "$pages" 2>"$work/audit.log" || stop "$(cat "$work/audit.log")"

NODE_PATH=$PWD/$work/node_modules CHROMIUM=$browser timeout 1800 node tests/browser/check.js "$pages" </dev/null >"$work/log" 2>&1
code=$?
sum=$(grep -E '^[0-9]+ passed, [0-9]+ failed, [0-9]+ skipped$' "$work/log" | tail -n 1)
grep -vE '^ok ' "$work/log" | grep -vE '^[0-9]+ passed, '
[ -n "$sum" ] || stop "the checks ended without a sum (exit $code); the whole log is $work/log"
echo "$sum"
[ "$code" -eq 0 ]
