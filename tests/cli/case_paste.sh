# What is copied from a view does what the document says: commands, what takes them back, and lines of files, from the
# terminal, from Markdown, from the text of the page and from that of the PDF (paste.py).
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
if ! command -v pdftotext >/dev/null 2>&1 || ! command -v python3 >/dev/null 2>&1; then
	skip "pasted commands" "pdftotext or python3 is not installed"
	exit 0
fi
cp -a "$hosts/debian-default" service
unit='gateway@one\x2dtwo.service'
echo "0::/system.slice/$unit" >service/proc/self/cgroup
mkdir -p "service/sys/fs/cgroup/system.slice/$unit"
echo max >"service/sys/fs/cgroup/system.slice/$unit/pids.max"
sed -i 's/^Max open files .*/Max open files            1024                 4096                 files/' service/proc/self/limits
python3 "$top/tests/cli/paste.py" "$H" "$hosts" >cases 2>&1
same "the cases end" 0 $?
sed '/^ok - \|^not ok - \|^#/!s/^/not ok - /' cases | awk '/^ok|^not ok/ { n++; sub(/ok -/, "ok " n + 1 " -") } 1'
