#!/bin/sh
# make look: pages of the PDF against the looks that were accepted (tests/report/expected, small and gray). A page may
# differ a little: the smoothing of letters differs between versions of the tools. A change that is meant is accepted
# with ACCEPT=1 make look; look at the new images before you commit them. Other versions of pango, cairo, poppler or the
# font break lines elsewhere: then a difference is told, and skipped (77).
# The picture of README.md (tests/report/picture.sh) is compared, and accepted, with them.
# Usage: tests/report/look.sh BUILD/headroom-helper
set -u
helper=$(realpath "${1:?usage: look.sh path of headroom-helper}")
here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
# The sandbox forbids what the leak checker does (ptrace); the unit tests look for leaks.
export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0"
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
calibrated 5 6
staged 3 4
loads 1 1
loads 4 4
END
for page in "$work"/new/*-0*.pgm; do # the number's width depends on how many pages there are
	[ ! -e "$page" ] || mv "$page" "$(echo "$page" | sed 's/-0*\([0-9]*\.pgm\)$/-\1/')"
done
{
	pkg-config --modversion pangocairo cairo
	pdftoppm -v 2>&1 | head -n 1
	sha256sum </usr/share/fonts/truetype/dejavu/DejaVuSans.ttf
} >"$work/tools" 2>&1
if [ "${ACCEPT:-}" = 1 ]; then
	cp "$work/tools" "$here/expected/tools.txt"
	python3 "$here/look.py" --accept "$here/expected" "$work/new" && "$here/picture.sh" "$(dirname "$helper")"
	exit
fi
python3 "$here/look.py" "$here/expected" "$work/new" >"$work/said"
code=$?
if "$here/picture.sh" "$(dirname "$helper")" --same >"$work/picture"; then
	echo "ok - docs/report.png" >>"$work/said"
else
	printf 'not ok - docs/report.png\n#   %s\n' "$(cat "$work/picture")" >>"$work/said"
	[ "$code" -ne 0 ] || code=1
fi
if [ "$code" -eq 1 ] && ! cmp -s "$work/tools" "$here/expected/tools.txt"; then
	sed 's/^not ok - /ok - /; t skip; b; :skip s/$/ # SKIP looks different, with other versions of the tools than it was accepted with/' "$work/said"
	exit 77
fi
cat "$work/said"
exit "$code"
