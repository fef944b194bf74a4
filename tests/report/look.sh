#!/bin/sh
# make look: pages of the PDF against the looks that were accepted (tests/report/expected, small and gray). A page may
# differ a little: the smoothing of letters differs between versions of the tools. A change that is meant is accepted
# with ACCEPT=1 make look; look at the new images before you commit them.
# Usage: tests/report/look.sh BUILD/headroom-helper
set -u
helper=$(realpath "${1:?usage: look.sh path of headroom-helper}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
for tool in pdftoppm python3; do
	command -v "$tool" >/dev/null || { echo "$tool is not installed"; exit 77; }
done
mkdir -p "$here/expected" "$work/new"
# document and pages
while read -r name first last; do
	"$helper" render pdf:9 9>"$work/$name.pdf" <"$here/$name-audit.json" || exit 1
	pdftoppm -r 36 -gray -f "$first" -l "$last" "$work/$name.pdf" "$work/new/$name" || exit 1
done <<'END'
sample 1 4
pass 1 1
unknown 1 1
none 1 1
calibrated 1 1
END
for page in "$work"/new/*-0*.pgm; do # the number's width depends on how many pages there are
	[ ! -e "$page" ] || mv "$page" "$(echo "$page" | sed 's/-0*\([0-9]*\.pgm\)$/-\1/')"
done
if [ "${ACCEPT:-}" = 1 ]; then
	python3 "$here/look.py" --accept "$here/expected" "$work/new"
	exit
fi
python3 "$here/look.py" "$here/expected" "$work/new"
