#!/bin/sh
# Load test tools behind the gate: does it read what they say of the run (tests/live/tools/results.py)?
# Usage: tests/live/results.sh [BUILD]   TOOLS="vegeta hey" names some. Needs root; a tool that is missing is skipped.
set -u
here=$(cd "$(dirname "$0")" && pwd)
# shellcheck disable=SC2086  # a list of words
exec python3 "$here/tools/results.py" --build "${1:-build}" ${TOOLS:-}
