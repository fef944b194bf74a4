# docs/automation.md, held against the program.
. tests/cli/lib.sh
if ! command -v ssh-keygen >/dev/null; then
	skip "the contract" "ssh-keygen is not installed"
	exit 0
fi
mkdir page
cd page || exit 1
python3 "$top/tests/cli/contract.py" "$H" "$top" 2>&1 || not_ok "the page is read to its end"
