#!/bin/bash
# The image of make image under a real Podman: what is in it, the commands of docs/image.md as they stand there, and
# whether it says of the node what headroom says on the node itself. Needs root; leaves no container and no image.
# Usage: tests/live/image.sh BUILD_DIR ARCHIVE
set -u
if [ "${3:-}" != inside ]; then
	[ "$(id -u)" = 0 ] || { echo "image: not root"; exit 77; }
	[ -s "$2" ] || { echo "image: $2 is not there"; exit 1; }
	exec unshare -m "$0" "$1" "$2" inside
fi
umount /sys/fs/cgroup/unified 2>/dev/null # a second hierarchy confuses crun
top=$(cd "$(dirname "$0")/../.." && pwd)
H=$(cd "$1" && pwd)/headroom
ARCHIVE=$(cd "$(dirname "$2")" && pwd)/$(basename "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck source=tests/live/tap.sh disable=SC1091
. "$top/tests/live/tap.sh"
same() { result "$1" "$([ "$2" = "$3" ] && echo 0 || echo 1)" "want $2
got $3"; }
export HEADROOM_HISTORY=off ARCHIVE

# The page's podman: with a store of its own, and the limits that a nested container may set here.
mkdir -p "$work/bin" "$work/job"
cat >"$work/bin/podman" <<END
#!/bin/sh
command=\$1
shift
[ "\$command" != run ] || set -- --cgroupns private --ulimit nproc=4096:8192 --ulimit nofile=4096:8192 "\$@"
exec $(command -v podman) --storage-driver=vfs --root "$work/root" --runroot "$work/run" --cgroup-manager cgroupfs "\$command" "\$@"
END
chmod 755 "$work/bin/podman"
PATH=$work/bin:$PATH
cd "$work/job" || exit 1
chmod 755 "$work" "$work/job"
echo '{"schema": "headroom.workload/2", "role": "client", "connections": 500, "destinations": ["10.0.0.1:80"]}' >plan.json
printf 'services:\n  api:\n    image: x\n    ports: ["40000:40000"]\n' >compose.yml

# block N: the Nth block of the page
block() { awk -v n="$1" '/^```sh$/ { inside = ++seen == n; next } /^```$/ { inside = 0 } inside' "$top/docs/image.md"; }
# page N: runs it; its status goes into `status`
page() {
	block "$1" >step.sh
	sh -e step.sh >"$work/out" 2>"$work/err"
	status=$?
}
page 1
IMAGE=$(sed -n 's/^Loaded image: *//p' "$work/out")
export IMAGE
same "the archive is loaded" "0 localhost/headroom" "$status ${IMAGE%%:*}"
podman run --rm "$IMAGE" version >"$work/out" 2>"$work/err" || {
	skip "the image" "no container starts here: $(tail -n 1 "$work/err" | cut -c 1-200)"
	summary
	exit
}
inspect() { podman image inspect --format "$1" "$IMAGE" 2>/dev/null; }
same "a user that is nobody" 65532:65532 "$(inspect '{{.Config.User}}')"
same "what it starts" "[/usr/bin/headroom]" "$(inspect '{{.Config.Entrypoint}}')"
same "its version" "$("$H" version | sed -n '1s/headroom \([^ ]*\).*/\1/p')" "$(inspect '{{index .Labels "org.opencontainers.image.version"}}')"
for label in title description revision licenses; do
	same "the label $label" 1 "$(inspect "{{index .Labels \"org.opencontainers.image.$label\"}}" | grep -c .)"
done
podman create --name look "$IMAGE" >/dev/null 2>&1
same "one file" "usr/bin/headroom" "$(podman export look 2>/dev/null | tar -t | grep -Ev '/$|^(dev|proc|sys|etc|run)/|^\.dockerenv' | sort | paste -s -d ' ')"
podman rm look >/dev/null 2>&1

# --- a step of a pipeline --------------------------------------------------------------------------------------------
page 2
same "a plan is judged" "0 pass" "$status $(jq -r .verdict audit.json)"
same "as the container's user" 65532 "$(jq -r '.facts[] | select(.key == "vantage.uid").value' audit.json)"
sed 's/500/900000/' plan.json >large && mv large plan.json
page 2
same "one that does not fit" "3 fail" "$status $(jq -r .verdict audit.json)"
page 3
same "the repository is linted" "3 2.1.0" "$status $(jq -r .version headroom.sarif)"
page 4
same "files are written" "3 audit.json junit.xml" "$status $(echo audit.json junit.xml | xargs ls 2>/dev/null | paste -s -d ' ')"
podman run --rm --read-only "$IMAGE" audit ws-client --connections 5 -o report.html >"$work/out" 2>&1
same "a page that it cannot write is said" "1 yes" "$? $(grep -q 'report.html' "$work/out" && echo yes)"

# --- the node --------------------------------------------------------------------------------------------------------
page 5
same "the node is judged" yes "$(grep -Eq '^headroom: (PASS|FAIL|UNKNOWN) ' "$work/out" && echo yes)"
page 6
same "its facts, without any right, as process 1" "0 1" "$status $(jq '.facts[] | select(.key == "vantage.pid").value' node.json)"
# What the container says is what headroom says on the node, but for what changes all the time and what it may not see.
settled='[.facts[] | select(.status == "known" and (.key | test("^(boot[.]|limits[.]|net[.]|kernel[.]|fs[.]|vm[.]|host[.]os)") and (test("^fs[.]file-nr") | not))) |
	{key: (.key + "[" + .instance + "]"), value: (.value | tostring)}] | from_entries'
"$H" facts --pid 1 -o json >"$work/here.json"
block 5 | sed 's/audit --host-root.*/facts --host-root \/host -o json/' >step.sh
sh -e step.sh >"$work/there.json" 2>"$work/err"
same "many settings are known there" yes "$([ "$(jq "$settled | length" "$work/there.json")" -gt 40 ] && echo yes)"
same "what it says of settings is what they are: $(jq "$settled | length" "$work/here.json") facts" "" \
	"$(diff <(jq -S "$settled" "$work/here.json") <(jq -S "$settled" "$work/there.json"))"
same "without rights nothing is said that is not so" "" "$(jq -nr --slurpfile a "$work/here.json" --slurpfile b node.json \
	"(\$a[0] | $settled) as \$here | (\$b[0] | $settled) | to_entries[] | select(\$here[.key] != null and \$here[.key] != .value) |
		\"\(.key) \(.value), not \(\$here[.key])\"")"
mkdir -p "$work/node/etc/sysctl.d"
echo 'net.ipv4.ip_local_port_range = 41000 50000' >"$work/node/etc/sysctl.d/10-a.conf"
same "another node's files" "41000 50000" "$(podman run --rm --read-only --pid host --network host -v "$work/node:/host:ro" "$IMAGE" \
	facts --host-root /host -o json 2>/dev/null | jq -r '.facts[] | select(.key == "boot.net.ipv4.ip_local_port_range").value')"
podman run --rm --read-only -v /:/host:ro "$IMAGE" facts --host-root /host >"$work/out" 2>&1
same "without the node's processes it says what is missing" "2 1" "$? $(grep -c -- '--pid host' "$work/out")"

"$top/tests/live/manifests.py" "$top/docs/fleet/daemonset-image.yaml" >"$work/out" 2>&1
same "the manifest holds nothing that the API does not know" "0 good" "$? $(cat "$work/out")"
podman rmi -a -f >/dev/null 2>&1
summary
