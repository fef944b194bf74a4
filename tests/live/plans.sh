#!/bin/sh
# What headroom reads from command lines against the load test tools themselves (tests/live/tools/plans.py).
# Usage: tests/live/plans.sh [BUILD]   TOOLS="vegeta hey" names some. Needs root; a tool that is missing is skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2086  # a list of words
exec python3 "$here/tools/plans.py" --build "${1:-build}" ${TOOLS:-}
