# -o: formats, several at once, and files that are whole or not there.
# shellcheck shell=sh disable=SC2086
. tests/cli/lib.sh
audit() {
	"$H" audit --facts "$hosts/debian-default" --connections 15000 "$@"
}
check "many files, and the terminal view" 3 '^headroom: FAIL' '' audit -o a.json -o a.xml -o a.md -o a.txt -o github:a.log
for file in a.json a.xml a.md a.txt a.log; do
	same "$file is there" yes "$([ -s $file ] && echo yes)"
done
same "the text file is the terminal view" "$(audit --all)" "$(audit -q --all -o t.txt >/dev/null; cat t.txt)"
check "a bare format takes standard output, alone" 3 '^\{$' '' audit -o json
same "nothing but JSON there" yes "$(audit -o json | python3 -c 'import json,sys; json.load(sys.stdin)' && echo yes)"
check "FORMAT:-" 3 '^::error title=headroom' '' audit -o github:-
check "two on standard output" 2 '' 'cannot both go to standard output' audit -o json -o junit:-
check "two on standard output, by its name" 2 '' 'cannot both go to standard output' audit -o json -o text:/dev/stdout
check "the same file twice" 2 '' 'are the same file' audit -o a.json -o json:a.json
check "no format" 2 '' 'a.doc: the name has no known extension' audit -o a.doc
check "not of an audit" 2 '' 'this command cannot write sarif' audit -o a.sarif
check "a dash needs a format" 2 '' 'FORMAT:-' audit -o -

# whole or not at all
echo old >keep.json
check "a full device" 1 '^headroom: FAIL' '/dev/full: .*No space left' audit -q -o text:/dev/full
check "full standard output" 1 '*' 'standard output: .*No space left' sh -c "'$H' audit -q >/dev/full"
check "full standard output, as JSON" 1 '*' 'No space left' sh -c "'$H' audit -o json >/dev/full"
check "no such directory" 1 '^headroom: FAIL' 'cannot write no/such/a.json: No such' audit -q -o no/such/a.json
check "one fails, the others are written" 1 '^headroom: FAIL' 'no/such' audit -q -o no/such/a.json -o other.json
same "the other one" yes "$([ -s other.json ] && echo yes)"
check "a directory" 1 '*' 'is a directory' audit -o json:.
check "bad usage leaves the old file" 2 '' '*' audit -o keep.json --connections x
same "still old" old "$(cat keep.json)"
mkfifo fifo
cat fifo >from_fifo &
check "a FIFO is written through" 3 '*' '' audit -q -o json:fifo
wait $!
same "it is still a FIFO, and all went through" yes "$([ -p fifo ] && [ "$(head -c 1 from_fifo)" = '{' ] && echo yes)"
ln -s real.json link.json
check "a link" 3 '*' '' audit -q -o link.json
same "the link stays, its target is written" yes "$([ -L link.json ] && [ -s real.json ] && echo yes)"
(umask 077 && audit -q -o private.json >/dev/null)
same "the mode follows the umask" 600 "$(stat -c %a private.json)"
audit -o json:/dev/stdout >stdout.json
same "/dev/stdout into a file" '{' "$(head -c 1 stdout.json)"
clean "outputs"

if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=16k none small 2>/dev/null; then
	echo old >small/a.json
	check "a full file system" 1 '^headroom: FAIL' 'cannot write small/a.json: No space left' audit -q -o small/a.json
	same "the old report is untouched" old "$(cat small/a.json)"
	clean "a full file system" small
	mount -o remount,ro small
	check "a read-only file system" 1 '^headroom: FAIL' 'Read-only' audit -q -o small/b.json
	umount small
else
	skip "a full file system" "needs root and mount"
fi
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	mkdir locked
	# Copies: the tree may lie where another user cannot go.
	cp "$H" other-headroom
	cp -r "$hosts/debian-default" other-host
	chmod -R go+rX "$work" locked
	check "a directory one may not write" 1 '*' 'cannot write locked/a.json: Permission denied' \
		setpriv --reuid=65534 --regid=65534 --clear-groups --inh-caps=-all ./other-headroom audit -q --facts \
		other-host -o locked/a.json
else
	skip "a directory one may not write" "needs root and setpriv"
fi

# what is replaced hands down what it had
echo old >mode.json
chmod 604 mode.json
audit -q -o mode.json >/dev/null
same "the mode stays" 604 "$(stat -c %a mode.json)"
chmod 4755 mode.json
audit -q -o mode.json >/dev/null
same "but nothing becomes setuid" 755 "$(stat -c %a mode.json)"
cat >acl.py <<'END'
# The entries of acl(5), as the kernel keeps them (include/uapi/linux/posix_acl_xattr.h): UID 2001 may read.
import os, struct, sys
entries = [(1, 6, -1), (2, 4, 2001), (4, 0, -1), (16, 4, -1), (32, 0, -1)]
value = struct.pack("<I", 2) + b"".join(struct.pack("<HHi", *entry) for entry in entries)
if sys.argv[1] == "set":
    os.setxattr(sys.argv[2], "system.posix_acl_access", value)
else:
    print(os.getxattr(sys.argv[2], "system.posix_acl_access") == value)
END
echo old >acl.json
if python3 acl.py set acl.json 2>/dev/null; then
	audit -q -o acl.json >/dev/null
	same "the access list stays" "True {" "$(python3 acl.py get acl.json) $(head -c 1 acl.json)"
else
	skip "the access list stays" "this file system has none"
fi
if [ "$(id -u)" = 0 ]; then
	echo old >owner.json
	chown 2001:2002 owner.json
	chmod 600 owner.json
	audit -q -o owner.json >/dev/null
	same "the owner stays" "600 2001 2002 {" "$(stat -c '%a %u %g' owner.json) $(head -c 1 owner.json)"
	# planted NAME: somebody else's in a directory like /tmp
	mkdir -m 1777 shared
	echo secret >rootfile
	chmod 600 rootfile
	ln -s "$work/rootfile" shared/link.json
	mkfifo shared/fifo.json
	echo theirs >shared/file.json
	ln -s "$work/rootfile" shared/own.json
	chown -h 2001 shared/link.json shared/fifo.json shared/file.json
	for planted in link fifo file; do
		check "a $planted of somebody else in a shared directory" 1 '*' "shared/$planted.json was not written: .* UID 2001" \
			timeout "$hang" "$H" audit -q --facts "$hosts/debian-default" -o shared/$planted.json
		check "the same for watch" 1 '*' "shared/$planted.json was not written" \
			timeout "$hang" "$H" watch --once --prometheus shared/$planted.json
		check "the same for fix" 1 '*' "shared/$planted.json was not written" timeout "$hang" "$H" fix ws-client --connections 30000 \
			--facts "$hosts/debian-default" --emit sysctl -o shared/$planted.json
	done
	same "nothing is written through it" secret "$(cat rootfile)"
	ln -s "$work/shared/link.json" way.json
	check "nor behind a link of one's own" 1 '*' 'way.json was not written' audit -q -o way.json
	check "one's own link in it is followed" 3 '*' '' audit -q -o shared/own.json
	same "to where it leads, with its mode" "600 {" "$(stat -c %a rootfile) $(head -c 1 rootfile)"
	clean "shared directories" shared
else
	skip "the owner stays" "needs root"
	skip "somebody else's links" "needs root"
fi

# GitHub
export GITHUB_STEP_SUMMARY=$work/summary.md
audit -o github >/dev/null
same "the step summary is appended" 2 "$(audit -o github >/dev/null; grep -c 'headroom: FAIL' summary.md)"
check "a summary that cannot be written" 1 '*' 'GITHUB_STEP_SUMMARY' env GITHUB_STEP_SUMMARY=/no/such "$H" audit -o github \
	--facts "$hosts/debian-default"
head -c 1048570 /dev/zero >summary.md
check "a summary over 1 MiB" 1 '*' '1 MiB' audit -o github
unset GITHUB_STEP_SUMMARY

# the helper
mkdir alone
cp "$H" alone/headroom
check "without the helper" 1 '^headroom: FAIL' 'headroom-helper.* is missing' alone/headroom audit -q \
	--facts "$hosts/debian-default" --connections 15000 -o a.html -o b.json
same "what needs no helper is written" yes "$([ -s b.json ] && [ ! -e a.html ] && echo yes)"
cat >alone/headroom-helper <<'END'
#!/bin/sh
echo "no fonts here" >&2
exit 1
END
chmod +x alone/headroom-helper
check "a helper that fails" 1 '*' 'headroom-helper: no fonts here' alone/headroom audit -q --facts "$hosts/debian-default" \
	-o a.pdf
same "no half file" "" "$(ls a.pdf 2>/dev/null)"
clean "helper"
if [ -x "$(dirname "$H")/headroom-helper" ]; then
	export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
	check "HTML and PDF" 3 '^headroom: FAIL' '*' audit -q -o r.html -o r.pdf
	same "HTML" yes "$(grep -qi '<!doctype html' r.html && echo yes)"
	same "PDF" %PDF- "$(head -c 5 r.pdf)"
	same "the report depends on the document only" yes "$(audit -q -o d.json >/dev/null
		"$H" report d.json -q -o x.html >/dev/null
		"$H" report d.json -q -o y.html >/dev/null
		cmp x.html y.html && echo yes)"
else
	skip "HTML and PDF" "headroom-helper is not built"
fi
