#!/bin/sh
# make picture: page 1 of a report as the picture of README.md, docs/report.png. The host is a captured one, the date
# is fixed. Usage: tests/report/picture.sh BUILD_DIR [--same]   (--same compares, and writes nothing)
set -u
build=$(realpath "${1:?usage: picture.sh BUILD_DIR [--same]}")
cd "$(dirname "$0")/../.." || exit 1
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for tool in pdftoppm python3; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
# The sandbox forbids what the leak checker does (ptrace).
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0" SOURCE_DATE_EPOCH=1796054400 HEADROOM_HISTORY=off
"$build/headroom" audit ws-client --connections 15000 --lifetime 60s --facts tests/hosts/debian-default \
	-q -o "pdf:$work/report.pdf" >/dev/null 2>"$work/error"
[ -s "$work/report.pdf" ] || { cat "$work/error"; exit 1; }
pdftoppm -r 96 -f 1 -l 1 -singlefile "$work/report.pdf" "$work/page" || exit 1
tests/report/picture.py ${2:+"$2"} "$work/page.ppm" docs/report.png
