#!/bin/sh
# make image: an OCI image that holds the static headroom and nothing else. The same file gives the same image.
# Usage: .ci/image.sh FILE VERSION ARCH    writes out/headroom_VERSION_ARCH.oci.tar (podman load -i, skopeo copy)
# Podman builds it, in a store that is gone afterwards: the images of whoever calls this are not touched.
set -eu
file=$1 version=$2 arch=$3
here=$(cd "$(dirname "$0")" && pwd)
[ -s "$file" ] || {
	echo "image: $file is not there: make static" >&2
	exit 1
}
command -v podman >/dev/null || {
	echo "image: podman is missing: apt-get install podman buildah" >&2
	exit 1
}
if ldd "$file" 2>/dev/null | grep -q /; then
	echo "image: $file needs libraries, which the image does not have: make static" >&2
	exit 1
fi
commit=$(git -C "$here" rev-parse HEAD 2>/dev/null || echo unknown)
time=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 0)}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/context"
install -m 755 "$file" "$work/context/headroom"
store() { podman --storage-driver=vfs --root "$work/store" --runroot "$work/run" "$@"; }
store build --quiet --isolation chroot --arch "$arch" --timestamp "$time" --format oci \
	--label org.opencontainers.image.version="$version" \
	--label org.opencontainers.image.revision="$commit" \
	--label org.opencontainers.image.licenses="$(sed -n '1s/ License.*//p' "$here/../LICENSE")" \
	${IMAGE_SOURCE:+--label org.opencontainers.image.source="$IMAGE_SOURCE"} \
	-f "$here/Containerfile" -t "localhost/headroom:$version" "$work/context" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
mkdir -p out
target=out/headroom_${version}_$arch.oci.tar
rm -f "$target"
store save --quiet --format oci-archive -o "$target.part" "localhost/headroom:$version" >"$work/log" 2>&1 || {
	cat "$work/log" >&2
	exit 1
}
mv "$target.part" "$target"
echo "$target"
