# calibrate: its arguments, outputs and exit codes. What it measures is tested in tests/live.
. tests/cli/lib.sh

check "an unknown calibrator" 2 '' 'there is no calibrator "port"; did you mean ports\?' "$H" calibrate port
check "not with a facts file" 2 '' 'does not go with --facts' "$H" calibrate --facts "$hosts"
check "only text and JSON" 2 '' '*' "$H" calibrate fds -o x.html
check "no such process" 2 '' '*' "$H" calibrate fds --pid 4194303

"$H" calibrate fds --nofile 64 -o fds.json >fds.txt 2>fds.err
code=$?
if [ "$code" -eq 4 ]; then
	skip "descriptors" "$(sed -n 3p fds.txt)"
else
	same "descriptors: exit" 0 "$code"
	same "descriptors: predicted is measured" true \
		"$(jq '.calibration[0] | .measured == .predicted and .agrees and .comparable' fds.json)"
	same "descriptors: what stopped it" EMFILE "$(jq -r '.calibration[0].stopped_by' fds.json)"
	same "schema" headroom.calibration/1 "$(jq -r .schema fds.json)"
fi
