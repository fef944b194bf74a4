#!/bin/sh
# make static: the C library and the libraries that the static headroom is linked with, compiled from Debian's
# sources. Usage: .ci/static.sh ARCH DIR       ARCH: amd64 or arm64
#        .ci/static.sh ARCH DIR machine         DIR/ARCH/machine/vmlinuz and busybox: Debian's kernel and BusyBox for it
# Makes DIR/ARCH/cc (the compiler), DIR/ARCH/lib/*.a, DIR/ARCH/include, DIR/ARCH/linked.tsv (what is linked: name,
# version, license, package) and DIR/ARCH/licenses.txt. What is there already is not made again.
# apt brings all of it and checks its signatures; nothing is installed, and the lists of this machine stay as they are.
set -eu
arch=$1
mkdir -p "$2"
dir=$(cd "$2" && pwd)
here=$dir/$arch
case $arch in
amd64) triple=x86_64-linux ;;
arm64) triple=aarch64-linux ;;
*) echo "static: $arch is not known: amd64 or arm64" >&2; exit 2 ;;
esac
[ "$arch" = "$(dpkg --print-architecture)" ] && tools= || tools=$triple-gnu-
command -v "${tools}gcc" >/dev/null || {
	echo "static: ${tools}gcc is missing: apt-get install gcc-$triple-gnu" | sed 's/x86_64/x86-64/2' >&2
	exit 1
}

# The source package, the name that people know, and the license that counts.
libraries() {
	cat <<-'END'
		cjson|cJSON|MIT
		sqlite3|SQLite|blessing
		zlib|zlib|Zlib
		libxml2|libxml2|MIT
		libyaml|libyaml|MIT
		libarchive|libarchive|BSD-2-Clause
		libseccomp|libseccomp|LGPL-2.1-only
		xz-utils|liblzma|0BSD
		bzip2|bzip2|bzip2-1.0.6
		libzstd|zstd|BSD-3-Clause
	END
}

# --- The finished file ------------------------------------------------------------------------------------------

BYTES_MAX=8000000

linked() {
	{
		echo "musl-dev|musl|MIT"
		echo "libmnl-dev|libmnl|LGPL-2.1-or-later"
		libraries
	} | while IFS='|' read -r package name license; do
		printf '%s\t%s\t%s\t%s\n' "$name" "$(cat "$here/versions/$package")" "$license" "$package"
	done | sort -f
}

licenses() {
	printf 'headroom is under the MIT license (LICENSE). This file also holds the libraries below, which are compiled from\n'
	printf "Debian's sources; \`make static' in headroom's sources links it again, with others in their place.\n\n"
	cut -f 1-3 "$1" | expand -t 14,40
	cat "$here"/licenses/*
}

finish() { # finish PROGRAM
	out=$dir/headroom
	[ "$arch" = "$(dpkg --print-architecture)" ] || out=$out-$arch
	"${tools}strip" -o "$out.part" "$1"
	if readelf -ld "$out.part" | grep -qE 'INTERP|NEEDED'; then
		echo "static: $1 needs a library or a loader" >&2
		exit 1
	fi
	bytes=$(wc -c <"$out.part")
	[ "$bytes" -le $BYTES_MAX ] || { echo "static: $1 has $bytes bytes, more than $BYTES_MAX" >&2; exit 1; }
	linked >"$out.linked.tsv"
	licenses "$out.linked.tsv" >"$out.licenses.txt"
	mv "$out.part" "$out"
	echo "$out: $bytes bytes"
}

if [ $# -gt 2 ] && [ "$3" != machine ]; then
	finish "$3"
	exit 0
fi

# --- What apt brings --------------------------------------------------------------------------------------------

# The mirror and the releases that this machine uses, with sources; and the next release, which alone has libmnl.a.
sources_list() {
	# shellcheck disable=SC2016  # apt's own names
	apt-get indextargets --format '$(ORIGIN)|$(REPO_URI)|$(CODENAME)|$(COMPONENT)|$(CREATED_BY)' |
		sed -n 's/^Debian|\(.*\)|main|Packages$/\1/p' | sort -u | while IFS='|' read -r uri release; do
		echo "deb-src $uri $release main"
		case $release in
		*-*) ;;
		*) printf 'deb [arch=%s] %s %s main\n' "$arch" "$uri" "$release" "$arch" "$uri" trixie ;;
		esac
	done | sort -u
}

private() { # private COMMAND ARGUMENT…: apt with lists of its own
	command=$1
	shift
	"$command" -q -o Dir::Etc::sourcelist="$dir/apt/sources.$arch" -o Dir::Etc::sourceparts=/dev/null \
		-o Dir::State::lists="$dir/apt/lists" -o Dir::Cache="$dir/apt" -o APT::Architectures="$arch" \
		-o Acquire::Languages=none -o APT::Sandbox::User=root "$@"
}

know() { # the lists, once
	[ ! -e "$dir/apt/known.$arch" ] || return 0
	mkdir -p "$dir/apt/lists/partial" "$dir/apt/archives/partial"
	sources_list >"$dir/apt/sources.$arch"
	[ -s "$dir/apt/sources.$arch" ] || {
		echo "static: apt knows no mirror of Debian here; put the source packages into $dir/src by hand" >&2
		exit 1
	}
	private apt-get update >/dev/null
	touch "$dir/apt/known.$arch"
}

# The version in the archive of security updates may be announced and not there yet: then the release's, and it is said.
fetch_source() {
	[ -z "$(find "$dir/src" -name "$1_*.dsc" 2>/dev/null)" ] || return 0
	know
	mkdir -p "$dir/src/$1.part"
	if ! (cd "$dir/src/$1.part" && private apt-get source --download-only "$1" >../log 2>&1); then
		release=$(sed -n 's/^deb \[.*\] [^ ]* \([^ ]*\) main/\1/p' "$dir/apt/sources.$arch" | grep -v trixie | head -n 1)
		rm -f "$dir/src/$1.part"/*
		(cd "$dir/src/$1.part" && private apt-get source --download-only "$1/${release:-bookworm}" >../log 2>&1) || {
			cat "$dir/src/log" >&2
			echo "static: the source of $1 cannot be had" >&2
			exit 1
		}
		echo "static: $1: the newest version cannot be had: $(basename "$dir/src/$1.part/$1"_*.dsc .dsc) is taken" >&2
	fi
	mv "$dir/src/$1.part"/* "$dir/src/"
	rmdir "$dir/src/$1.part"
}

fetch_package() { # fetch_package NAME: the newest binary package, unpacked into DIR/ARCH/root
	package=$(find "$dir/src" -name "$1_*_$arch.deb" 2>/dev/null | head -n 1)
	if [ -z "$package" ]; then
		know
		(cd "$dir/src" && private apt-get download "$1:$arch" >log 2>&1) || { cat "$dir/src/log" >&2; exit 1; }
		package=$(find "$dir/src" -name "$1_*_$arch.deb" | head -n 1)
	fi
	dpkg-deb -x "$package" "$here/root"
	{ printf '\n=== %s\n\n' "$1" && cat "$here/root/usr/share/doc/$1/copyright"; } >"$here/licenses/$1"
	dpkg-deb -f "$package" Version >"$here/versions/$1"
}

# For an emulated machine (tests/live/static.sh).
fetch_machine() {
	[ ! -s "$here/machine/vmlinuz" ] || return 0
	know
	mkdir -p "$here/machine/debs"
	kernel=$(private apt-cache depends "linux-image-$arch:$arch" | sed -n 's/.*Depends: *\(linux-image[^ ]*\).*/\1/p' | head -n 1)
	(cd "$here/machine/debs" && private apt-get download "busybox-static:$arch" "${kernel:?}") >"$dir/src/log" 2>&1 ||
		{ cat "$dir/src/log" >&2; exit 1; }
	dpkg-deb --fsys-tarfile "$here/machine/debs"/busybox-static_*.deb | tar -xO --wildcards '*/bin/busybox' >"$here/machine/busybox"
	chmod 755 "$here/machine/busybox"
	dpkg-deb --fsys-tarfile "$here/machine/debs"/linux-image-*.deb | tar -xO --wildcards './boot/vmlinuz-*' >"$here/machine/vmlinuz"
	rm -r "$here/machine/debs"
}

# --- The compiler -----------------------------------------------------------------------------------------------

# musl-dev's own specs, with its paths here, and the start of a static program that lies at any address.
compiler() {
	musl=$here/root/usr/lib/$triple-musl
	sed -e "s,/usr/include/$triple-musl,$here/root&,g; s,/usr/lib/$triple-musl,$here/root&,g" \
		-e 's,%{!shared: \([^ }]*\)/Scrt1.o},%{static-pie:\1/rcrt1.o;:\1/Scrt1.o},' \
		-e 's,%{static:-static},%{static:-static} %{static-pie:-static -pie --no-dynamic-linker -z text},' \
		"$musl/musl-gcc.specs" >"$here/musl.specs"
	printf '#!/bin/sh\n# gcc with musl. Made by .ci/static.sh\nexec %sgcc -specs %s "$@" -idirafter %s\n' "$tools" \
		"$here/musl.specs" "$here/linux" >"$here/cc"
	chmod 755 "$here/cc"
	# The kernel's headers alone, not those of glibc beside them.
	kernel=/usr/include
	[ -z "$tools" ] || kernel=$here/root$kernel
	mkdir -p "$here/linux"
	for part in linux asm-generic mtd; do
		ln -sfn "$kernel/$part" "$here/linux/$part"
	done
	ln -sfn "$kernel/$triple-gnu/asm" "$here/linux/asm"
}

# --- The libraries ----------------------------------------------------------------------------------------------

compile() { # compile NAME FILE… -- FLAG…: lib/libNAME.a of these files
	name=$1
	shift
	files=
	while [ "$1" != -- ]; do
		files="$files $1"
		shift
	done
	shift
	mkdir -p .objects
	# shellcheck disable=SC2016,SC2086  # words; expanded by the inner shell
	printf '%s\n' $files | xargs -P "$(nproc)" -I FILE sh -c \
		'file=$1; shift; exec "$@" -c "$file" -o ".objects/$(echo "${file%.*}" | tr / _).o"' - FILE "$here/cc" $cflags "$@"
	rm -f "$here/lib/lib$name.a"
	"${tools}ar" rcs "$here/lib/lib$name.a" .objects/*.o
}

configure() {
	./configure --host=$triple-musl --prefix="$here" --disable-shared --enable-static --with-pic \
		CC="$here/cc" CFLAGS="$cflags" AR="${tools}ar" RANLIB="${tools}ranlib" "$@" >configure.log 2>&1 ||
		{ tail -n 20 configure.log >&2; exit 1; }
}

# The files that automake and autoconf made are in the source package; their dates need not tell.
quiet_make() {
	make -s AUTOMAKE=: AUTOCONF=: ACLOCAL=: AUTOHEADER=: "$@" >>make.log 2>&1
}

build_cjson() {
	compile cjson cJSON.c --
	mkdir -p "$here/include/cjson"
	cp cJSON.h "$here/include/cjson/"
}

build_sqlite3() {
	./configure --disable-tcl --disable-readline >configure.log 2>&1
	quiet_make sqlite3.c
	compile sqlite3 sqlite3.c -- -DSQLITE_OMIT_LOAD_EXTENSION -DHAVE_USLEEP -DHAVE_FDATASYNC -w
	cp sqlite3.h "$here/include/"
}

build_zlib() {
	compile z adler32.c compress.c crc32.c deflate.c gzclose.c gzlib.c gzread.c gzwrite.c infback.c inffast.c inflate.c \
		inftrees.c trees.c uncompr.c zutil.c -- -DHAVE_UNISTD_H -D_LARGEFILE64_SOURCE=1
	cp zlib.h zconf.h "$here/include/"
}

build_bzip2() {
	compile bz2 blocksort.c bzlib.c compress.c crctable.c decompress.c huffman.c randtable.c --
	cp bzlib.h "$here/include/"
}

build_libyaml() {
	compile yaml src/api.c src/dumper.c src/emitter.c src/loader.c src/parser.c src/reader.c src/scanner.c src/writer.c -- \
		-Iinclude -DYAML_VERSION_MAJOR=0 -DYAML_VERSION_MINOR=2 -DYAML_VERSION_PATCH=5 '-DYAML_VERSION_STRING="0.2.5"'
	cp include/yaml.h "$here/include/"
}

build_libzstd() {
	compile zstd lib/common/*.c lib/decompress/*.c -- -DZSTD_DISABLE_ASM -DDEBUGLEVEL=0
	cp lib/*.h "$here/include/"
}

build_xz_utils() {
	configure --disable-xz --disable-xzdec --disable-lzmadec --disable-lzmainfo --disable-lzma-links --disable-scripts \
		--disable-doc --disable-nls --disable-encoders --disable-threads
	quiet_make -j"$(nproc)" -C src/liblzma install 
}

build_libseccomp() {
	configure --disable-python
	quiet_make -j"$(nproc)" -C src libseccomp.la 
	cp src/.libs/libseccomp.a "$here/lib/"
	cp include/seccomp.h include/seccomp-syscalls.h "$here/include/"
}

build_libxml2() {
	configure --with-minimum --with-sax1 --with-tree --with-push --with-iconv --without-threads --without-lzma --without-zlib
	quiet_make -j"$(nproc)" libxml2.la 
	cp .libs/libxml2.a "$here/lib/"
	mkdir -p "$here/include/libxml"
	cp include/libxml/*.h "$here/include/libxml/"
}

build_libarchive() {
	configure --disable-bsdtar --disable-bsdcpio --disable-bsdcat --disable-acl --disable-xattr --without-xml2 --without-expat \
		--without-openssl --without-nettle --without-mbedtls --without-lz4 --without-lzo2 --without-libb2 --without-iconv \
		--without-cng CPPFLAGS="-I$here/include" LDFLAGS="-L$here/lib"
	# What reads tar files, plain and packed.
	set -- acl check_magic entry entry_sparse entry_xattr options read read_set_options read_support_filter_bzip2 \
		read_support_filter_gzip read_support_filter_xz read_support_filter_zstd read_support_format_tar string \
		string_sprintf util virtual
	# shellcheck disable=SC2046  # words
	quiet_make -j"$(nproc)" $(printf 'libarchive/archive_%s.lo ' "$@")
	"${tools}ar" rcs "$here/lib/libarchive.a" libarchive/archive_*.o
	cp libarchive/archive.h libarchive/archive_entry.h "$here/include/"
}

build() { # build PACKAGE
	[ ! -e "$here/versions/$1" ] || return 0
	fetch_source "$1"
	source=$(find "$dir/src" -name "$1_*.dsc" | head -n 1)
	echo "BUILD $(basename "$source" .dsc) ($arch)"
	rm -rf "$here/build"
	dpkg-source --no-check -x "$source" "$here/build" >/dev/null 2>&1
	# In the background, so that it ends at its first failure.
	(cd "$here/build"; "build_$(echo "$1" | tr - _)") &
	wait $! || {
		tail -n 20 "$here/build/make.log" >&2 || :
		echo "static: $1 cannot be built" >&2
		exit 1
	}
	{ printf '\n=== %s\n\n' "$1" && cat "$here/build/debian/copyright"; } >"$here/licenses/$1"
	sed -n 's/^Version: *//p' "$source" | head -n 1 >"$here/versions/$1"
	rm -rf "$here/build"
}

if [ $# -gt 2 ]; then
	fetch_machine
	exit 0
fi
mkdir -p "$dir/src" "$here/lib" "$here/include" "$here/versions" "$here/licenses" "$here/root"
cflags="-O2 -fPIE -fstack-protector-strong -ffunction-sections -fdata-sections -ffile-prefix-map=$here=."
for package in musl-dev libmnl-dev ${tools:+linux-libc-dev}; do
	[ -e "$here/versions/$package" ] || fetch_package "$package"
done
[ -x "$here/cc" ] || compiler
# libmnl.a is Debian's own: it calls only what any C library has, but for the function that prints messages.
cp "$here/root/usr/lib/$triple-gnu/libmnl.a" "$here/lib/"
cp -r "$here/root/usr/include/libmnl" "$here/include/"
libraries | while IFS='|' read -r package _; do
	[ "$package" = libarchive ] || build "$package" || exit 1
done
build libarchive
