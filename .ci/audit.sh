#!/bin/sh
# make audit: audits this host and names the files written. Usage: .ci/audit.sh BUILD_DIR WORKLOAD [OPTION…]
# Succeeds once the files exist, whatever the verdict (headroom's exit codes 3 and 4 are verdicts).
set -eu
build=$1
shift
mkdir -p out
files="out/report.html out/report.pdf out/audit.json out/junit.xml"
# shellcheck disable=SC2086
rm -f $files

code=0
"$build/headroom" audit "$@" -o out/report.html -o out/report.pdf -o out/audit.json -o junit:out/junit.xml ||
	code=$?
case $code in
0) verdict="pass" ;;
3) verdict="fail" ;;
4) verdict="unknown" ;;
*)
	echo "make audit: headroom ended with $code" >&2
	exit "$code"
	;;
esac
if grep -q '"verdict": *"none"' out/audit.json; then
	verdict="none: no workload was given"
fi
for file in $files; do
	if [ ! -s "$file" ]; then
		echo "make audit: $file was not written" >&2
		exit 1
	fi
	echo "$PWD/$file"
done
echo "verdict: $verdict"
