#!/bin/sh
# The action, the component and the recipes of docs/ci.md, against the schemas that GitHub and GitLab
# publish. check-jsonschema brings them; it is installed below build/live once.
# Usage: tests/live/ci_schemas.sh [BUILD_DIR]
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
tools=${1:-build}/live/check-jsonschema
[ -x "$tools/bin/check-jsonschema" ] || { python3 -m venv "$tools" && "$tools/bin/pip" install -q check-jsonschema==0.39.0; } || {
	echo "ok - schemas # SKIP check-jsonschema cannot be installed"
	exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$tools/bin/pip" install -q pyyaml && "$tools/bin/python" "$top/tests/live/ci_documents.py" "$top" "$work" || exit 1
passed=0 failed=0
valid() { # valid SCHEMA FILE
	if "$tools/bin/check-jsonschema" --builtin-schema "vendor.$1" "$2" >"$work/said" 2>&1; then
		passed=$((passed + 1))
		echo "ok - $1: $(basename "$2")"
	else
		failed=$((failed + 1))
		echo "not ok - $1: $(basename "$2")"
		sed 's/^/#   /' "$work/said"
	fi
}
valid github-actions "$top/.ci/github/action.yml"
for file in "$work"/github-*.yml; do valid github-workflows "$file"; done
for file in "$work"/gitlab-*.yml; do valid gitlab-ci "$file"; done
# It has to be able to fail.
sed 's/composite/composed/' "$top/.ci/github/action.yml" >"$work/action.yml"
"$tools/bin/check-jsonschema" --builtin-schema vendor.github-actions "$work/action.yml" >/dev/null 2>&1
if [ $? -eq 1 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "not ok - a wrong action is found"; fi
echo "$passed passed, $failed failed, 0 skipped"
[ $failed -eq 0 ]
