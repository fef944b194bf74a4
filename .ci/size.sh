#!/bin/sh
# Measures the length of functions and files with ctags. Fails over 80 lines per function, 600 per .c file,
# 120 per header (a warning there: data in headers may need room). Usage: .ci/size.sh
set -u
export LC_ALL=C.UTF-8
if ! ctags --version 2>/dev/null | grep -q 'Universal Ctags'; then
	echo "ok - function lengths # SKIP universal-ctags is not installed"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
dirs=
for dir in audit base model probes report tests; do
	[ -d "$dir" ] && dirs="$dirs $dir"
done
# shellcheck disable=SC2086
sources=$(find $dirs -name '*.c' | sort)
# shellcheck disable=SC2086
headers=$(find $dirs -name '*.h' | sort)

# shellcheck disable=SC2086
functions=$(ctags -x --languages=C --kinds-C=f --fields=+ne --_xformat='%{end} %n %N %F' $sources |
	awk '$1 ~ /^[0-9]+$/ { print $1 - $2 + 1, $3, $4 ":" $2 }' | sort -n)
count=$(echo "$functions" | wc -l)
rank() { echo "$functions" | sed -n "$(((count * $1 + 99) / 100))p" | cut -d' ' -f1; }

echo "# $count functions: median $(rank 50), 75th $(rank 75), 90th $(rank 90), 95th percentile $(rank 95) lines"
echo "# longest:"
echo "$functions" | tail -n 5 | sort -rn | sed 's/^/#   /'

failed=0
check() { # check TITLE COMPLAINTS
	if [ -z "$2" ]; then
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		echo "$2" | sed 's/^/#   /'
	fi
}
check "no function over 80 lines" "$(echo "$functions" | awk '$1 > 80')"
check "95 % of the functions up to 50 lines" "$([ "$(rank 95)" -le 50 ] || echo "the 95th percentile is $(rank 95)")"
# shellcheck disable=SC2086
check "no source file over 600 lines" "$(wc -l $sources | awk '$2 != "total" && $1 > 600')"
# shellcheck disable=SC2086
long=$(wc -l $headers | awk '$2 != "total" && $1 > 120')
[ -z "$long" ] || echo "$long" | sed 's/^ */# note: a header over 120 lines: /'
# shellcheck disable=SC2086
check "no line over 120 columns, no carriage return, no blank at a line's end" \
	"$(grep -nE '.{121,}|'"$(printf '\r')"'|[[:blank:]]$' $sources $headers | cut -c1-100)"
echo "$((4 - failed)) passed, $failed failed, 0 skipped"
[ "$failed" -eq 0 ]
