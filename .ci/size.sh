#!/bin/sh
# Prints the figures of every room; fails where a file is worse than .ci/figures.tsv allows. Usage: see size.py.
exec "$(dirname "$0")/size.py" "$@"
