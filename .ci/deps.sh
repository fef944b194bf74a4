#!/bin/sh
# Installs the Debian packages that building or testing headroom needs and that are missing.
# Usage: .ci/deps.sh [build] [test] [bench] [clang] [lint] [browser] [live] [containers] [fleet] [alerts] [sbom] [fixes] [tickets] [fix] [boot] [emit] [plan-files] [live-deps] [ci] [image] [static] [roots] [cross] [machine] [packages] [deb]     (default: build)
# Says what it installs and why; does and says nothing when all is there. Never upgrades or removes.
set -eu

table() {
	case $1 in
	build) cat <<-'END'
		gcc|C compiler
		libc6-dev|C library headers
		make|runs the Makefile
		pkg-config|finds the libraries below
		libcjson-dev|JSON (core)
		libmnl-dev|netlink: sockets, listeners, firewall rules (core)
		libsqlite3-dev|history of audits (core)
		zlib1g-dev|packs old documents of the history, and the one attached to the PDF
		libxml2-dev|report templates, XML plans (helper)
		libyaml-dev|YAML plans (helper)
		libarchive-dev|tar files of many hosts (helper)
		libcurl4-openssl-dev|attaching reports to tickets, container engines (helper)
		libcairo2-dev|PDF and PNG (helper)
		libpango1.0-dev|text layout in the PDF (helper)
		libqpdf-dev|what cairo leaves out of the PDF (helper)
		libseccomp-dev|the sandbox that documents and templates are read in (helper)
		fonts-dejavu-core|the fonts of the PDF
		END
		;;
	test) cat <<-'END'
		libcmocka-dev|unit tests
		iproute2|ss and ip: the peers of the live tests and of make bench
		util-linux|unshare, prlimit: private namespaces for live tests
		procps|sysctl: live tests and the peer of make bench
		nftables|rules of private network namespaces (tests/live/nat.py)
		iptables|the same, also of legacy tables
		libxml2-utils|xmllint: checks HTML and JUnit XML
		poppler-utils|pdftotext, pdfinfo, pdftoppm: check the PDF
		qpdf|checks the PDF's structure
		jq|checks JSON outputs
		openssl|checks the hashes in the report's content policy
		universal-ctags|lengths and names of functions (.ci/size.py)
		python3|checks of the sources (.ci/arrows.py, .ci/size.py)
		python3-jsonschema|checks outputs against the JSON Schemas
		python3-yaml|reads the emitted pod
		openssh-client|ssh-keygen: headroom sign and verify
		minisign|the same with its keys
		busybox-static|a root with nothing else in it: the shell of the CI systems (tests/cli/case_ci_bare.sh)
		END
		;;
	bench) cat <<-'END'
		valgrind|counts instructions
		END
		;;
	clang) cat <<-'END'
		clang|second compiler
		libclang-rt-14-dev|sanitizers and libFuzzer for clang
		END
		;;
	lint) table clang; cat <<-'END'
		clang-tidy|static analysis
		clang-format|the form of the sources (make format)
		cppcheck|static analysis
		shellcheck|checks the scripts
		man-db|renders the man page
		zsh|its completion is tried
		fish|its completion is tried
		END
		;;
	browser) cat <<-'END'
		chromium|the HTML report in a browser
		nodejs|runs the browser tests|node
		npm|installs what package-lock.json in tests/browser pins|npm
		openjdk-17-jre-headless|runs the Nu HTML checker|java
		END
		;;
	containers) cat <<-'END'
		podman|a real container engine: --container
		crun|runs its containers
		netavark|their network
		busybox-static|what runs in them
		END
		;;
	fixes) cat <<-'END'
		haproxy|a proxy that runs out of ports and files (make live-fixes)
		redis-server|the server of redis-benchmark
		redis-tools|redis-benchmark
		python3-locust|Locust
		sudo|a user who raises a hard limit
		systemd|process 1 of the machines with services
		END
		;;
	tickets) cat <<-'END'
		redmine|a real ticket system: headroom attach
		redmine-sqlite|its database
		ruby-sqlite3|its database
		puma|serves it
		request-tracker5|a real ticket system: headroom attach
		rt5-db-sqlite|its database
		rt5-standalone|serves it
		curl|downloads the attachments again
		jq|reads their answers
		END
		;;
	live) cat <<-'END'
		nginx|the server of the plan readers' live test
		wrk|load test tool, run on loopback
		nghttp2-client|h2load
		apache2-utils|ab
		siege|load test tool, run on loopback
		hey|load test tool, run on loopback
		END
		;;
	fleet) cat <<-'END'
		openssh-client|brings facts of twelve hosts
		openssh-server|their end of it
		ansible|plays docs/fleet/collect.yml
		clustershell|clush
		pdsh|the same for pdsh
		prometheus|scrapes and answers; promtool
		prometheus-node-exporter|the textfile collector
		curl|asks whether they are there
		python3-kubernetes|what the API says that manifests may have
		python3-yaml|reads the manifests
		jq|reads the answers
		END
		;;
	sbom) cat <<-'END'
		python3-venv|the library that checks the bill of materials (make live-sbom)
		jq|reads it
		END
		;;
	alerts) cat <<-'END'
		prometheus|fires the alerts (make live-alerts); promtool
		prometheus-alertmanager|brings them to a webhook
		prometheus-node-exporter|their metrics
		iproute2|a network namespace|ip
		curl|asks Prometheus
		jq|reads its answers
		END
		;;
	fix) cat <<-'END'
		strace|kills headroom at every step (make live-fix)
		END
		;;
	engines) cat <<-'END'
		docker.io|starts a container in namespaces of its own (make live-engines)
		podman|the same
		runc|runtime of both
		jq|reads what headroom says
		END
		;;
	boot) cat <<-'END'
		debootstrap|makes the root of a new Debian machine (make live-boot)
		END
		;;
	emit) cat <<-'END'
		ansible|reads and plays the emitted playbook (make live-emit)
		cloud-init|checks the emitted user data
		docker.io|dockerd reads the emitted daemon.json
		podman|runs a container with the emitted flags
		crun|runtime of podman
		netavark|network of podman
		busybox-static|what runs in that container
		erlang-base|reads the emitted vm.args
		shellcheck|checks the emitted scripts
		systemd|checks the emitted drop-in
		END
		;;
	plan-files) cat <<-'END'
		haproxy|its plans, and its own count of descriptors
		nginx|its plans
		libnginx-mod-stream|its stream module
		memcached|what nginx passes requests to
		php-fpm|the same
		uwsgi-plugin-python3|the same
		tsung|its plans
		jmeter|its plans
		python3|a small server and client
		END
		;;
	ends) cat <<-'END'
		haproxy|the proxy between a client and a server (make live-ends)
		iproute2|network namespaces, counted sockets|ip
		python3|the client and the server
		END
		;;
	live-deps) cat <<-'END'
		nginx|the server of make live-plans, and a proxy in it
		haproxy|a proxy of make live-plans
		redis-server|the server of redis-benchmark
		postgresql|the server of pgbench and sysbench
		wrk|load test tool of make live-plans
		nghttp2-client|h2load
		apache2-utils|ab
		siege|load test tool of make live-plans
		tsung|load test tool of make live-plans
		redis-tools|redis-benchmark
		iperf3|load test tool of make live-plans
		sysbench|load test tool of make live-plans
		openssl|the certificate of its servers
		nodejs|runs autocannon and loadtest|node
		npm|installs them, and Artillery|npm
		maven|installs JMeter|mvn
		unzip|unpacks JMeter's settings
		openjdk-17-jre-headless|runs JMeter|java
		python3-venv|Locust and Taurus, each in its own
		END
		;;
	pdfua) cat <<-'END'
		maven|installs veraPDF|mvn
		openjdk-17-jdk-headless|compiles a few lines for it, and runs it|javac
		END
		;;
	image) cat <<-'END'
		podman|builds and runs the image (make image)
		buildah|its build
		crun|runs its containers
		netavark|their network
		END
		;;
	ci) cat <<-'END'
		python3-venv|check-jsonschema, which has the schemas of GitHub and GitLab (make live-ci)
		python3-yaml|reads the recipes
		END
		;;
	static) cat <<-'END'
		dpkg-dev|unpacks the sources of the libraries
		gperf|libseccomp is built with it
		tcl|SQLite is built with it
		END
		;;
	roots) cat <<-'END'
		busybox-static|a root with nothing else (make live-static)
		debootstrap|roots of other releases
		END
		;;
	machine) cat <<-'END'
		qemu-user-static|runs the static binary for arm64
		qemu-system-arm|a machine for it
		cpio|its first files
		END
		;;
	packages) cat <<-'END'
		lintian|checks the packages (make live-deb)
		END
		;;
	cross) cat <<-'END'
		gcc-aarch64-linux-gnu|compiles for arm64 (make static ARCH=arm64)
		libc6-dev-arm64-cross|its start and its library of the compiler
		END
		;;
	deb) cat <<-'END'
		dpkg-dev|dpkg-shlibdeps computes the package's dependencies
		END
		;;
	*)
		echo "deps: no set of packages is called '$1': use build, test, clang, lint, browser, live, tickets, fix, emit, plan-files, live-deps, ci, image, static or deb" >&2
		exit 2
		;;
	esac
}

[ $# -gt 0 ] || set -- build
wanted=$(for set; do table "$set"; done | sort -u)

if ! command -v dpkg-query >/dev/null 2>&1; then
	echo "deps: this is not a Debian system, so nothing is installed. On Debian 12 these packages are used;" >&2
	echo "deps: install their counterparts, then run 'make' (or 'make unit') instead:" >&2
	echo "$wanted" | sed 's/|/\t/; s/|.*//; s/^/  /' >&2
	# With the build's own needs in place there is no reason to stop.
	if command -v pkg-config >/dev/null 2>&1 &&
		pkg-config --exists libcjson libmnl libxml-2.0 yaml-0.1 cairo pangocairo libqpdf libseccomp; then
		echo "deps: the libraries for building were found: going on" >&2
		exit 0
	fi
	exit 1
fi

# A package that another one provides (pkgconf provides pkg-config) counts as there.
installed=$(dpkg-query -W -f '${db:Status-Abbrev}|${Package}|${Provides}\n' 2>/dev/null | sed -n 's/^.i //p' |
	sed 's/ *([^)]*)//g; s/, */|/g' | tr '|' '\n' | sed 's/^ *//' | sort -u)
missing=
# With a third column, a program of that name from elsewhere will do.
while IFS='|' read -r package why program; do
	if ! echo "$installed" | grep -qxF "$package" && ! { [ -n "$program" ] && command -v "$program" >/dev/null; }; then
		[ -n "$missing" ] || echo "deps: these Debian packages are missing and will be installed:"
		printf '  %-20s %s\n' "$package" "$why"
		missing="$missing $package"
	fi
done <<END
$wanted
END
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -eq 0 ]; then
	become=
elif command -v sudo >/dev/null 2>&1; then
	become=sudo
	echo "deps: using sudo to install them"
else
	echo "deps: not root and there is no sudo: as root, run" >&2
	echo "  apt-get install --no-install-recommends$missing" >&2
	exit 1
fi

# Another apt-get may be at work: this one waits for it.
$become apt-get update -q </dev/null >/dev/null || echo "deps: apt-get update failed; trying with the lists at hand" >&2
# shellcheck disable=SC2086  # a list of words
if ! said=$($become env DEBIAN_FRONTEND=noninteractive apt-get install -q -y -o DPkg::Lock::Timeout=600 \
	--no-install-recommends $missing </dev/null 2>&1)
then
	echo "deps: the installation failed; apt-get says:" >&2
	echo "$said" >&2
	exit 1
fi
echo "deps: done"
