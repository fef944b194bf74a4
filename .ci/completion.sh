#!/bin/bash
# Presses Tab in bash, zsh and fish and looks at what is offered. A shell that is not installed is named and left
# out. Usage: .ci/completion.sh HEADROOM
# shellcheck disable=SC2016,SC2317  # tabs_SHELL is called by its name; what is quoted is the inner shell's own
set -u
directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
ln -s "$(realpath "$1")" "$directory/headroom"
PATH=$directory:$PATH
cd "$directory" || exit 1
mkdir home plans
touch plan.json
export HOME=$directory/home
failed=0

# What must be offered behind which words, and what must not.
cat >cases <<'END'
+ audit au
+ --connections audit --conn
+ server audit --role s
+ ws-client audit ws
+ plan.json audit pl
+ ephemeral-ports explain ephem
+ presets explain pres
+ ephemeral-ports audit --ignore ephem
+ debian-12 size --image deb
+ aws size --provider a
+ cloud-init fix --emit cloud
+ junit audit --output ju
+ trend history tr
+ --apply fix --ap
- --apply audit --ap
- plan.json size --provider pl
END

# tabs_SHELL: for each line of standard input what Tab offers behind it, one word a line: "LINE: WORD"
tabs_bash() {
	bash -c '
		. ./headroom.bash
		while read -ra COMP_WORDS; do
			COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
			_headroom
			printf "${COMP_WORDS[*]}: %s\n" "${COMPREPLY[@]}"
		done'
}

tabs_fish() {
	fish --no-config -c '
		source headroom.fish
		while read -l line
			complete -C $line | string replace -r "\t.*" "" | sed "s|^|$line: |"
		end'
}

# zsh completes in a terminal only; there each match is printed by a compadd of ours.
cat >tabs.zsh <<'END'
zmodload zsh/zpty
zpty shell "TERM=dumb zsh -f -i"
zpty -w shell 'fpath=($PWD $fpath); autoload -U compinit; compinit -u -D'
zpty -w shell 'compadd() { local -a hit; builtin compadd -O hit "$@"; print -l "<"$^hit">"; builtin compadd "$@" }'
zpty -w shell 'tab() { zle complete-word; BUFFER=; print "\n@done@" }; zle -N tab; bindkey "^I" tab; echo @rea""dy@'
while zpty -r shell answer && [[ $answer != *@ready@* ]]; do :; done
while read -r line; do
	zpty -w -n shell "$line"$'\t'
	while zpty -r shell answer && [[ $answer != *@done@* ]]; do
		print -r -- "${line}: $answer"
	done
done
zpty -d shell
END
tabs_zsh() {
	zsh -f ./tabs.zsh | tr -d '\r' | sed -n 's/^\([^<]*: \).*<\([^<>]*\)>.*/\1\2/p'
}

check() { # check SHELL < cases
	while read -r sign word line; do
		offered=-
		sed 's/ *$//' "$1".tabs | grep -qxF -- "headroom $line: $word" && offered=+
		[ "$offered" = "$sign" ] && continue
		echo "$1: headroom $line: $word is offered: $offered, should be: $sign"
		failed=1
	done
}

for shell in bash zsh fish; do
	if ! command -v "$shell" >/dev/null; then
		echo "$shell is not installed: not tried"
		continue
	fi
	headroom help --"$shell" >headroom."$shell" || exit 1
	[ "$shell" != zsh ] || cp headroom.zsh _headroom
	sed 's/^. [^ ]* /headroom /' cases | "tabs_$shell" >"$shell".tabs
	check "$shell" <cases
done
exit $failed
