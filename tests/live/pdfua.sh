#!/bin/sh
# make live-pdfua: whether the PDF of every kind of report is PDF/UA-1 as veraPDF sees it. veraPDF comes from Maven Central.
# Usage: tests/live/pdfua.sh BUILD_DIR
set -u
build=$(realpath "${1:?usage: pdfua.sh build directory}")
here=$(cd "$(dirname "$0")" && pwd)
report=$here/../report
work=$build/live/pdfua
for tool in mvn java; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
rm -rf "$work" && mkdir -p "$work/files" && cp "$here/pdfua/"* "$work" || exit 1
(cd "$work" && mvn -q -B compile org.apache.maven.plugins:maven-dependency-plugin:3.6.1:build-classpath -Dmdep.outputFile=path) \
	>"$work/mvn.log" 2>&1 || { echo "veraPDF could not be installed: $(tail -n 1 "$work/mvn.log")"; exit 77; }
"$report/pages.sh" "$build/headroom" "$work/files" || exit 1
for document in "$report"/*-audit.json; do
	name=$(basename "$document" .json)
	"$build/headroom-helper" render pdf:9 9>"$work/files/$name.pdf" <"$document" || exit 1
done
exec java -cp "$work/target/classes:$(cat "$work/path")" Validate "$work"/files/*.pdf
