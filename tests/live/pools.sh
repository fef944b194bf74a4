#!/bin/sh
# Sockets that are there already, in each of the situations that users met, in private namespaces. The truth is
# measured by connecting until the kernel refuses. As root, or skipped (77).
#
#   tests/live/pools.sh BUILD
[ "$(id -u)" -eq 0 ] || { echo "pools: needs root: skipped"; exit 77; }
build=$(cd "${1:-build}" && pwd) || exit 1
here=$(cd "$(dirname "$0")" && pwd)
export HEADROOM_HISTORY=off
exec unshare -nm python3 "$here/pools_named.py" "$build/headroom"
