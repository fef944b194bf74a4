# What is copied from a view does what the document says: each command of the first fix is taken from the terminal, from
# Markdown, from the text of the page and from that of the PDF, pasted into a shell in a network namespace of its own, and
# the settings are read back there.
. tests/cli/lib.sh
export ASAN_OPTIONS="${ASAN_OPTIONS:-}:detect_leaks=0" # the leak checker cannot work inside the helper's sandbox
if ! command -v jq >/dev/null 2>&1 || ! command -v pdftotext >/dev/null 2>&1; then
	skip "pasted commands" "jq or pdftotext is not installed"
	exit 0
fi
if [ "$(id -u)" -ne 0 ] || ! unshare -n true 2>/dev/null; then
	skip "pasted commands" "needs root and network namespaces"
	exit 0
fi
ports=34110,34147,34184,34221,34258,34295,34332,34369,34400-34410,35000-35010,36000-36010,37000,38000,39000,40000,41000
"$H" audit --facts "$hosts/debian-default" --role client --connections 35000 --to 10.0.0.5:80 --nofile 200000 \
	--set "net.ipv4.ip_local_reserved_ports=$ports" -o page.html -o page.pdf -o page.md -o page.json >page.txt 2>error

# A command that goes on where a line ends with a backslash; $1 takes off what stands before it.
pasted() { awk -v lead="$1" '!on && $0 ~ lead "sysctl -w" { sub(lead, ""); on = 1 } on { print; if ($0 !~ / \\$/) exit }'; }
from_terminal() { pasted '^ +[0-9]+ +' <page.txt; }
from_markdown() { pasted '^' <page.md; }
from_pdf() { pdftotext -layout page.pdf - | pasted '^ *'; }
from_page() {
	sed 's/<[^>]*>/\n/g; s/&quot;/"/g; s/&#39;/'"'"'/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' page.html | pasted '^'
}
want=$(jq -r '.fixes[0].facts["net.ipv4.ip_local_port_range"].to' page.json)
for view in terminal markdown page pdf; do
	"from_$view" >command
	got=$(unshare -n sh -c '. ./command >said 2>&1; cat /proc/sys/net/ipv4/ip_local_port_range /proc/sys/net/ipv4/ip_local_reserved_ports')
	same "pasted from the $view" "$(printf '%s\n%s' "$want" "$ports")" "$(echo "$got" | tr '\t' ' ')"
	same "$view: nothing was said" "0" "$(grep -c -i -e error -e invalid said)"
done

# Lines of files are whole in each view.
jq -r '.fixes[] | select(.in_ladder) | .files[].lines[]' page.json >lines
pdftotext -layout page.pdf - >page.pdf.txt
"$H" fix page.json >fix.txt
missing() { while read -r line; do grep -Fq -- "$line" "$1" || echo "$line"; done <lines; }
for view in page.md page.pdf.txt fix.txt; do
	same "lines of files are whole: $view" "" "$(missing "$view")"
done
# What is said stands in no block of code.
same "no words where commands stand" "" "$(awk '/^```sh/ { on = 1; next } /^```/ { on = 0 } on' page.md | grep -v -e '^sysctl ' -e '^ip ' -e '^ulimit ')"
