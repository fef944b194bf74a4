#!/bin/bash
# headroom attach against a real Redmine and a real Request Tracker on loopback: attaches files, downloads them again
# and compares every byte. Needs root (both keep their data under /var/lib) and the packages of
# `.ci/deps.sh tickets`; what is missing is skipped, with the reason. Run it on a machine that may be thrown away: it
# makes a ticket in each. Usage: tests/live/tickets.sh BUILD_DIR
set -u
build=$(cd "$1" && pwd)
H=$build/headroom
work=$(mktemp -d)
pids=()
passed=0 failed=0 skipped=0
cleanup() {
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; done
	wait 2>/dev/null
	rm -rf "$work"
}
trap cleanup EXIT
ok() { passed=$((passed + 1)); echo "ok - $1"; }
not_ok() { failed=$((failed + 1)); echo "not ok - $1"; [ $# -lt 2 ] || echo "#   $2"; }
skip() { skipped=$((skipped + 1)); echo "ok - $1 # SKIP $2"; }
expect() { # expect TITLE WANT GOT
	if [ "$2" = "$3" ]; then ok "$1"; else not_ok "$1" "want $2, got $3"; fi
}
answers() { # answers URL: waits up to 90 s
	for _ in $(seq 90); do
		curl -s -o /dev/null --max-time 5 "$1" && return 0
		sleep 1
	done
	return 1
}
HEADROOM_HISTORY=off
export HEADROOM_HISTORY
"$H" audit ws-client --connections 100 --facts tests/hosts/debian-default -o "$work/audit.json" -o "$work/report.html" \
	-o "$work/report.pdf" >/dev/null || { echo "tickets: the report could not be made" >&2; exit 1; }

# attach_and_compare TITLE TICKET DOWNLOAD-COMMAND…: the command gets a name in the ticket and prints the content.
attach_and_compare() {
	local title=$1 ticket=$2 file name out
	shift 2
	out=$("$H" attach "$ticket" "$work/report.pdf" "$work/report.html" "$work/audit.json" --comment --insecure 2>&1)
	expect "$title: three files and a comment" 4 "$(grep -cE ': attached to |comment written' <<<"$out")"
	for file in report.pdf report.html audit.json; do
		name=${file%.*}-$(sha256sum "$work/$file" | cut -c1-8).${file##*.}
		"$@" "$name" >"$work/back" 2>"$work/back.err"
		if cmp -s "$work/$file" "$work/back"; then
			ok "$title: $file comes back as it was"
		else
			not_ok "$title: $file comes back as it was" "$(head -c 200 "$work/back.err")"
		fi
	done
	out=$("$H" attach "$ticket" "$work/report.pdf" "$work/report.html" "$work/audit.json" --comment --insecure 2>&1)
	expect "$title: nothing is sent twice" 3 "$(grep -c 'already attached' <<<"$out")"
}

redmine_script='
Setting.rest_api_enabled = "1"
Setting.attachment_max_size = "10240"
IssueStatus.create!(name: "New") if IssueStatus.none?
Tracker.create!(name: "Task", default_status: IssueStatus.first) if Tracker.none?
IssuePriority.create!(name: "Normal", is_default: true) if IssuePriority.none?
project = Project.find_by(identifier: "headroom") ||
  Project.create!(name: "headroom", identifier: "headroom", trackers: Tracker.all.to_a)
user = User.find_by(login: "admin")
issue = Issue.create!(project: project, subject: "load test", author: user, tracker: Tracker.first,
  status: IssueStatus.first, priority: IssuePriority.first)
puts "ticket=#{issue.id} key=#{user.api_key}"
'
redmine_download() {
	local id
	id=$(curl -s -H "X-Redmine-API-Key: $REDMINE_API_KEY" "$REDMINE_URL/issues/$redmine_ticket.json?include=attachments" |
		jq -r --arg name "$1" '.issue.attachments[] | select(.filename == $name) | .content_url' | tail -n 1)
	curl -s -H "X-Redmine-API-Key: $REDMINE_API_KEY" "$REDMINE_URL/${id#*://*/}"
}
redmine() {
	local home=/usr/share/redmine made
	export X_DEBIAN_SITEID=default RAILS_ENV=production
	made=$(cd "$home" && bundle exec rails runner "$redmine_script" 2>"$work/redmine.err" | grep '^ticket=')
	[ -n "$made" ] || { skip Redmine "its database cannot be used: $(tail -n 1 "$work/redmine.err")"; return; }
	(cd "$home" && exec puma -e production -b tcp://127.0.0.1:13000 config.ru) >"$work/puma.log" 2>&1 &
	pids+=($!)
	answers http://127.0.0.1:13000/ || { not_ok "Redmine starts" "$(tail -n 2 "$work/puma.log")"; return; }
	redmine_ticket=${made#ticket=}
	redmine_ticket=${redmine_ticket%% *}
	export REDMINE_URL=http://127.0.0.1:13000 REDMINE_API_KEY=${made##*key=}
	attach_and_compare Redmine "redmine:$redmine_ticket" redmine_download
	expect "Redmine: the note is the verdict" true "$(curl -s -H "X-Redmine-API-Key: $REDMINE_API_KEY" \
		"$REDMINE_URL/issues/$redmine_ticket.json?include=journals" |
		jq '[.issue.journals[].notes] | any(test("headroom: PASS"))')"
	echo another >"$work/other.txt" # an open project shows anybody what is there already
	REDMINE_API_KEY=wrong "$H" attach "redmine:$redmine_ticket" "$work/other.txt" --insecure >/dev/null 2>"$work/err"
	expect "Redmine: a wrong secret" 1 $?
	expect "Redmine: it says so" 1 "$(grep -c 'rejects the token' "$work/err")"
	"$H" attach redmine:99999999 "$work/report.pdf" --insecure >/dev/null 2>"$work/err"
	expect "Redmine: no such ticket" 1 "$(grep -c 'no such ticket' "$work/err")"
}

rt_download() {
	local id
	id=$(curl -s -u "$RT_USER:$RT_PASSWORD" "$RT_URL/REST/2.0/ticket/$rt_ticket/attachments?fields=Filename&per_page=100" |
		jq -r --arg name "$1" '.items[] | select(.Filename == $name) | .id' | tail -n 1)
	curl -s -u "$RT_USER:$RT_PASSWORD" "$RT_URL/REST/2.0/attachment/$id" | jq -r .Content | base64 -d
}
rt() {
	/usr/share/request-tracker5/libexec/standalone_httpd --port 13001 >"$work/rt.log" 2>&1 &
	pids+=($!)
	export RT_URL=http://127.0.0.1:13001 RT_USER=root RT_PASSWORD=password
	answers "$RT_URL/" || { not_ok "RT starts" "$(tail -n 2 "$work/rt.log")"; return; }
	rt_ticket=$(curl -s -u root:password -H 'Content-Type: application/json' -d '{"Subject":"load test","Queue":"General"}' \
		"$RT_URL/REST/2.0/ticket" | jq -r .id)
	[ "$rt_ticket" -gt 0 ] 2>/dev/null || { skip RT "no ticket can be made: $(tail -n 1 "$work/rt.log")"; return; }
	attach_and_compare RT "rt:$rt_ticket" rt_download
	RT_PASSWORD=wrong "$H" attach "rt:$rt_ticket" "$work/report.pdf" --insecure >/dev/null 2>"$work/err"
	expect "RT: a wrong secret" 1 "$(grep -c 'rejects the token' "$work/err")"
}

if [ ! -d /usr/share/redmine ] || ! command -v puma >/dev/null; then
	skip Redmine "not installed"
else
	redmine
fi
if [ ! -x /usr/share/request-tracker5/libexec/standalone_httpd ]; then
	skip RT "not installed"
else
	rt
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
