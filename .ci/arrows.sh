#!/bin/sh
# Proves the layers and that no includes run in a circle. Usage: .ci/arrows.sh [BUILD_DIR]
exec "$(dirname "$0")/arrows.py" "$@"
