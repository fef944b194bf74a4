# README.md and docs/: their commands print what they show, their links and paths lead somewhere, and they read plainly.
# shellcheck shell=sh
python3 tests/docs/links.py
python3 tests/docs/words.py
python3 tests/docs/examples.py "${HEADROOM:-$PWD/build/headroom}"
