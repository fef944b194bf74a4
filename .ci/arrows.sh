#!/bin/sh
# Proves the layers: model/ includes libc and itself and does no I/O, reads no clock and no environment;
# probes/ and report/ include model/ and themselves, never each other or audit/.
# Usage: .ci/arrows.sh [BUILD_DIR]   With a build directory the objects' undefined symbols are checked as well.
set -u
build=${1:-build}
passed=0
failed=0

verdict() { # verdict TITLE COMPLAINTS
	if [ -z "$2" ]; then
		passed=$((passed + 1))
		echo "ok - $1"
	else
		failed=$((failed + 1))
		echo "not ok - $1"
		echo "$2" | sed 's/^/#   /'
	fi
}

# Prints FILE:LINE:HEADER of each quoted include, made relative to the top directory.
quoted() {
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$@" /dev/null |
		sed -E 's/^([^:]+):([0-9]+):[^"]*"([^"]*)".*/\1 \2 \3/' |
		while read -r file line header; do
			case $header in
			*/*) echo "$file:$line:$header" ;;
			*) echo "$file:$line:$(dirname "$file")/$header" ;;
			esac
		done
}

# outside DIRECTORY PATTERN: the quoted includes in DIRECTORY that do not match PATTERN
outside() {
	# shellcheck disable=SC2046
	set -- "$2" $(find "$1" -name '*.[ch]' | sort)
	pattern=$1
	shift
	[ $# -gt 0 ] && quoted "$@" | grep -vE "^[^:]+:[0-9]+:($pattern)"
}

verdict "model/ includes only itself" "$(outside model 'model/[a-z0-9_]+\.h$')"
verdict "probes/ includes only model/ and itself" "$(outside probes '(model|probes)/')"
verdict "report/ includes only model/ and itself" "$(outside report '(model|report)/')"

# No ../ tricks, no include by macro.
verdict "includes are plain names" "$(grep -rnE --include='*.[ch]' \
	'^[[:space:]]*#[[:space:]]*include[[:space:]]*([^"<[:space:]]|"[^"]*\.\.)' model probes report audit)"

libc='assert|ctype|errno|float|inttypes|limits|math|stdalign|stdarg|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string'
verdict "model/ uses the headers of the C standard only, and not the clock's" \
	"$(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<' model/*.[ch] | grep -vE "<($libc)\.h>")"

# What the objects call. Out of memory may write its one line before it ends the program.
banned='f?open(at|64|dir)?|fdopen|freopen|f?read|f?write|pread|pwrite|v?f?printf|puts|fputs|f?putc|putchar|fgets|getline|fgetc|getc|f?scanf
|socket|connect|bind|ioctl|mmap|stat|lstat|fstat|access|unlink|rename|popen|system|fork|exec[lv]p?e?|pipe|dup2?|kill|signal|sigaction
|time|clock|clock_gettime|gettimeofday|localtime(_r)?|gmtime(_r)?|strftime|nanosleep|usleep|sleep
|(secure_)?getenv|setenv|putenv|environ|setlocale|random|s?rand(_r)?|getrandom|getpid|getuid|abort|_?exit'
banned=$(echo "$banned" | tr -d '\n')
if command -v nm >/dev/null 2>&1 && [ -n "$(find "$build/model" -name '*.o' 2>/dev/null | head -n 1)" ]; then
	calls=$(for object in "$build"/model/*.o; do
		nm -u "$object" | sed -nE 's/^ *U (__)?([a-z0-9_]+)(_chk)?(@.*)?$/\2/p' | sed 's/_chk$//' |
			grep -xE "$banned" | sed "s|^|$(basename "$object" .o).c calls |"
	done | grep -vxE '(arena|text)\.c calls (fwrite|exit)')
	verdict "model/ calls no I/O, clock or environment function" "$calls"
else
	echo "ok - model/ calls no I/O, clock or environment function # SKIP no objects under $build/model: build first"
	skipped=1
fi

echo "$passed passed, $failed failed, ${skipped:-0} skipped"
[ "$failed" -eq 0 ]
