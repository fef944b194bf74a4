# shellcheck shell=sh
# What the live tests of fixes print with, and what they need. Sourced.
needs() { # needs TEST FLAG…: root, and namespaces of these kinds
	what=$1
	shift
	if [ "$(id -u)" -ne 0 ] || ! unshare "$@" true 2>/dev/null; then
		echo "ok - $what # SKIP needs root and the right to make namespaces"
		exit 77
	fi
}
passed=0 failed=0 skipped=0
result() { # result TITLE OK [DETAIL]
	if [ "$2" = 0 ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		printf '%s\n' "${3:-}" | head -n 12 | sed 's/^/#   /'
	fi
}
skip() { # skip TITLE REASON
	skipped=$((skipped + 1))
	echo "ok - $1 # SKIP $2"
}
summary() { # the status of the test
	echo "$passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ]
}
