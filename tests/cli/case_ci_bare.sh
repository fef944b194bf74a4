# shellcheck shell=sh disable=SC2086,SC2012
# The shell of the GitHub action, the GitLab component and the Jenkins pipeline in a root directory that holds BusyBox and
# nothing else. The file comes from a server on loopback. Inputs that try to be shell stay words.
[ -n "${CI_BARE:-}" ] || ! unshare -m -n true 2>/dev/null || CI_BARE=1 exec unshare -m -n sh "$0"
. tests/cli/lib.sh
busybox=$(command -v busybox) || { skip "a bare root" "busybox-static is not installed"; exit 0; }
[ -n "${CI_BARE:-}" ] || { skip "a bare root" "no namespaces without root"; exit 0; }
python3 -c 'import yaml' 2>/dev/null || { skip "a bare root" "python3-yaml is not installed"; exit 0; }
check "what is around the shell" 0 '' '' python3 "$top/tests/cli/ci_shell.py" "$top" .

mkdir -p bare/bin bare/dev bare/tmp bare/proc bare/job served
cp "$busybox" bare/bin/busybox
"$busybox" --list | grep -vx busybox | while read -r applet; do ln -sf busybox "bare/bin/$applet"; done
# As it is built here, with the libraries that it names; the static binary has none (HEADROOM=build/static/headroom).
cp "$H" served/headroom
strip served/headroom 2>/dev/null # BusyBox adds up slowly
ldd "$H" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do
	mkdir -p "bare$(dirname "$library")"
	cp -L "$library" "bare$library"
done
mount --rbind /proc bare/proc
: >bare/dev/null
mount --bind /dev/null bare/dev/null
ip link set lo up
python3 -u -m http.server --bind 127.0.0.1 --directory served 8000 >http.log 2>&1 &
server=$!
trap 'kill $server; umount -l "$work/bare/proc" "$work/bare/dev/null"; rm -rf "$work"' EXIT
tries=0
until wget -q -O /dev/null http://127.0.0.1:8000/headroom 2>/dev/null || [ $tries -gt 600 ]; do
	sleep 0.1
	tries=$((tries + 1))
done
sum=$(sha256sum <served/headroom)
sum=${sum%% *}

# step SYSTEM NAME=VALUE…: runs the step as the CI system does; its status goes into `status`, what it says into said
step() {
	system=$1
	shift
	[ -n "${again:-}" ] || rm -rf bare/job bare/tmp
	mkdir -p bare/job bare/tmp
	cp $system.sh bare/step.sh
	env -i PATH=/bin HOME=/job HEADROOM_HISTORY=off ASAN_OPTIONS=detect_leaks=0 GITHUB_OUTPUT=/job/out GITHUB_PATH=/job/path \
		GITHUB_STEP_SUMMARY=/job/summary HR_SERVER=http://127.0.0.1:8000 HR_REPOSITORY=o/h HR_ACTION_PATH= HR_URL=http://127.0.0.1:8000/headroom HR_VERSION=v1 HR_SHA256="$sum" HR_COMMAND=audit \
		HR_PLAN= HR_OPTIONS= HR_LOAD_TEST= HR_OUTPUT="$outputs" HR_FAIL=true "$@" \
		"$busybox" chroot bare sh -c 'cd /job && sh -e /step.sh' >said 2>&1 </dev/null
	status=$?
}
# What the action writes if nobody says otherwise.
outputs=$(sed -n 's/^    default: \(.*\.xml\)$/\1/p' "$top/.ci/github/action.yml")
# expect NAME STATUS PATTERN: of the step that has run
expect() {
	if [ $status -ne "$2" ]; then
		not_ok "$1" "exit $status, not $2" "$(tail -n 3 said)"
	elif ! grep -Eq -- "$3" said bare/job/* 2>/dev/null; then
		not_ok "$1" "nothing fits \"$3\"" "$(tail -n 3 said)"
	else
		ok "$1"
	fi
}
small='ws-client --connections 5 --to 10.0.0.1:80' large='ws-client --connections 5000000 --to 10.0.0.1:80'
for system in github gitlab jenkins; do
	step $system HR_PLAN="$small"
	expect "$system: a plan that fits" 0 '"verdict":.*"pass"'
	step $system HR_PLAN="$large"
	expect "$system: one that does not" 3 '"verdict":.*"fail"'
	step $system HR_PLAN="$small" HR_SHA256="$(echo "$sum" | tr 0-9a-f 1-9a-f0)"
	expect "$system: another checksum" 125 checksum
	step $system HR_PLAN="$small" HR_SHA256=
	expect "$system: none" 125 checksum
done
for system in github gitlab; do
	step $system HR_PLAN="$small" HR_SHA256="$(echo "$sum" | tr 0-9a-f 1-9a-f0)
$sum"
	expect "$system: one of two checksums" 0 pass
	step $system HR_PLAN="$small"
	again=yes
	step $system HR_COMMAND=gate HR_PLAN="$small" HR_LOAD_TEST=true
	expect "$system: a gate in the directory of an audit takes no output of it for its settings" 0 '^headroom: '
	again=
	step $system HR_PLAN="$large" HR_FAIL=false
	expect "$system: a verdict may not fail the job" 0 '"verdict":.*"fail"'
	step $system HR_PLAN="--no-such-option" HR_FAIL=false
	expect "$system: an error does" 2 'unknown option'
	step $system HR_PLAN="$large" HR_LOAD_TEST="touch ran" HR_COMMAND=gate
	expect "$system: gate refuses" 121 FAIL
	same "$system: and does not run it" no "$([ -e bare/job/ran ] && echo yes || echo no)"
	step $system HR_OPTIONS="--force" HR_PLAN="$small" HR_LOAD_TEST="touch ran" HR_COMMAND=gate
	same "$system: or runs it" yes "$([ -e bare/job/ran ] && echo yes || echo no)"
	step $system HR_COMMAND=lint
	expect "$system: lint" 0 LINT
	step $system HR_PLAN="$small" HR_OPTIONS="--requested-by
J. Doe; the team"
	expect "$system: a line is a word" 0 'J\. Doe; the team'
	step $system HR_URL='http://127.0.0.1:8000/{arch}/{version}/{arch}' HR_PLAN="$small"
	expect "$system: a file that is not there" 125 'cannot be fetched'
	same "$system: its address" 1 "$(grep -cE 'GET /(amd64/v1/amd64|arm64/v1/arm64) ' http.log)"
	: >http.log
	for url in 'ftp://127.0.0.1/' '-o/job/x' 'file:/headroom'; do
		step $system HR_URL="$url" HR_PLAN="$small"
		expect "$system: the address \"$url\"" 125 'must begin with'
	done
	step $system HR_VERSION='{version}' HR_PLAN="$small"
	expect "$system: a version that is none" 125 'only letters'
	step $system HR_COMMAND='fix' HR_PLAN="$small"
	expect "$system: another command" 125 'audit, gate or lint'
done
step gitlab HR_URL= HR_PLAN="$small"
expect "gitlab: no address" 125 'must begin with'
# Without an address, a release of the action's own repository.
mkdir -p served/o/h/releases/download/v1
for arch in amd64 arm64; do ln -s ../../../../../headroom "served/o/h/releases/download/v1/headroom-linux-$arch"; done
step github HR_URL= HR_PLAN="$small"
expect "GitHub: its own release" 0 pass
step github HR_URL= HR_REPOSITORY= HR_ACTION_PATH=/agent/_actions/o/h/v0.2/.ci/github HR_PLAN="$small"
expect "GitHub: the repository by the action's path" 0 pass
step github HR_URL= HR_REPOSITORY= HR_ACTION_PATH=/agent/x/x/.ci/github HR_PLAN="$small"
expect "GitHub: nobody knows the repository" 125 'url: give it'
step github HR_PLAN="$large"
same "GitHub: what later steps get" "exit-code=3 verdict=FAIL" "$(head -n 2 bare/job/out | paste -s -d ' ')"
check "the line" 0 '^line=headroom: FAIL ' '' sed -n 3p bare/job/out
check "the summary" 0 'headroom: FAIL' '' cat bare/job/summary
check "and annotations" 0 '^::error title=headroom' '' cat said
same "later steps find it" yes "$([ -x "bare$(cat bare/job/path)/headroom" ] && echo yes)"
step github HR_PLAN="$small" HR_OUTPUT="a.json b.md junit:c.xml"
same "the files that were asked for" "a.json b.md c.xml" "$(cd bare/job && echo a.json b.md c.xml | xargs ls | paste -s -d ' ')"
step github HR_COMMAND=lint HR_OUTPUT=headroom.sarif
expect "SARIF" 0 '"2.1.0"'

# --- the examples of docs/ci.md --------------------------------------------------------------------------------------
# example SYSTEM N: as it stands, but for the address and the checksum, which are nobody's there
example() {
	set -- "$1" "$2" "$1"
	while read -r line; do
		case $line in HR_URL=* | HR_SHA256=*) ;; *) set -- "$@" "$line" ;; esac
	done <"$1-$2"
	shift 2
	step "$@"
}
printf '#!/bin/sh\necho "$@" >/job/ran\n' >bare/bin/h2load
chmod 755 bare/bin/h2load
example github 1
expect "GitHub: the audit" 0 '"verdict":.*"(pass|fail)"'
example github 2
expect "GitHub: the repository" 0 '"2.1.0"'
same "GitHub: as SARIF" headroom.sarif "$(cd bare/job && ls -- *.sarif)"
example gitlab 1
expect "GitLab: the load test ran, and was too short" 123 '^headroom: NOT-CERTIFIED '
same "GitLab: with its own words" "--h1 -c 100 -t 2 -D 60s https://staging.example.org/" "$(cat bare/job/ran)"
same "GitLab: what it keeps is there" "headroom-junit.xml headroom-result.json headroom.txt" "$(cd bare/job && ls headroom* | paste -s -d ' ')"

# --- what tries to be shell ------------------------------------------------------------------------------------------
printf '#!/bin/sh\necho owned >/job/owned\n' >served/evil
# shellcheck disable=SC2016 # that is the point
for text in '$(echo owned >/job/owned)`echo owned >/job/owned`' '; echo owned >/job/owned;' '"; echo owned >/job/owned; "' \
	"'; echo owned >/job/owned; '" "
END
echo owned >/job/owned
::set-output name=x::y"; do
	for system in github gitlab jenkins; do
		# Those that headroom gets, all at once; then those that end the step before.
		for names in "HR_PLAN HR_OPTIONS HR_LOAD_TEST HR_OUTPUT HR_FAIL" HR_URL HR_VERSION HR_SHA256 HR_COMMAND; do
			case $system:$names in jenkins:HR_VERSION | jenkins:HR_COMMAND) continue ;; esac
			set --
			for name in $names; do set -- "$@" "$name=$text"; done
			step $system HR_PLAN="$small" "$@"
			[ ! -e bare/job/owned ] || echo "$system $names $text"
			grep -E '^::' said | grep -Ev '^::(error|warning|notice) title=headroom'
		done
	done
done >owned
same "no input is run, nor read as a command of GitHub's" "" "$(cat owned)"
for system in github gitlab jenkins; do
	step $system HR_PLAN="$small" HR_URL=http://127.0.0.1:8000/evil
	same "$system: a file with another checksum is not run" "125 no" "$status $([ -e bare/job/owned ] && echo yes || echo no)"
done
