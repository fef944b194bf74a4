# headroom: one non-recursive Makefile. `make help` lists the targets.
# Knobs: CC, CFLAGS, LDFLAGS, BUILD (directory), SAN (asan | fuzz), WERROR= (warnings stay warnings), PREFIX, DESTDIR,
# WORKLOAD, PARTS (of check), FUZZ_SECONDS, FUZZ_KEEP, TORTURE_STEP, TIDY_NODES, V=1 (prints the commands). A change of flags rebuilds what it concerns.
VERSION := 0.2.0

ifeq ($(origin CC),default)
CC      := gcc
endif
PKG     ?= pkg-config
BUILD   ?= build
CFLAGS  ?= -O2 -g
WERROR  ?= -Werror
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion $(WERROR)
STD     := -std=c11 -D_GNU_SOURCE
LINK    := -Wl,--as-needed -Wl,-z,relro,-z,now -pie
HARDEN  := -fstack-protector-strong -fPIE

SAN     ?=
ifeq ($(SAN),asan)
override BUILD := $(BUILD)-asan
CFLAGS  := -O1 -g -fno-omit-frame-pointer
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
else ifeq ($(SAN),fuzz)
override BUILD := $(BUILD)-fuzz
override CC    := clang
CFLAGS  := -O1 -g -fno-omit-frame-pointer
SANFLAGS := -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
else ifneq ($(SAN),)
$(error SAN=$(SAN) is not known: use SAN=asan or SAN=fuzz)
else
HARDEN  += -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2
endif

# Set by `make static`: the architecture of a program that needs nothing, and has all libraries inside.
STATIC  ?=
ifneq ($(STATIC),)
static_root    := $(CURDIR)/build/static/$(STATIC)
override CC    := $(static_root)/cc
override BUILD := build-static-$(STATIC)
HOSTCC  := gcc
LINK    := -static-pie -Wl,--gc-sections -Wl,-z,relro,-z,now
HARDEN  += -ffunction-sections -fdata-sections -D_LARGEFILE64_SOURCE -include base/os/musl.h
endif

PREFIX  ?= /usr/local
LIBEXECDIR ?= $(PREFIX)/libexec/headroom
WORKLOAD ?= default
FUZZ_SECONDS ?= 60
FUZZ_KEEP ?= 0
TORTURE_STEP ?= 1
# Of make check: inside (unit tests and fuzz harnesses), outside (what drives the program as people do), once (the same
# of what no sanitizer tells more of: texts, pictures, the tree). .ci/check.sh has the lists.
PARTS ?= inside outside once
# So many states of a function are looked at by clang's analyzer; its own default is 225000, and takes three times as long.
TIDY_NODES ?= 75000

# sqlite3 first: it has three quarters of all symbols that the dynamic linker looks up, in this order.
CORE_PKG   := sqlite3 libcjson libmnl zlib
HELPER_PKG := libxml-2.0 yaml-0.1 cairo pangocairo pangoft2 fontconfig libcjson zlib libqpdf libseccomp libarchive
IMPORT_PKG := libxml-2.0 yaml-0.1 libcjson libseccomp libarchive
HTTP_PKG   := libcurl libcjson
TEST_PKG   := cmocka

# pkg-config runs once per set and only when something is compiled (before `make deps` it may be missing).
once = $(eval $1 := $(shell $2))$($1)
HOST_CFLAGS   = $(call once,HOST_CFLAGS,$(PKG) --cflags $(CORE_PKG))
HOST_LIBS     = $(call once,HOST_LIBS,$(PKG) --libs $(CORE_PKG))
CORE_CFLAGS   = $(HOST_CFLAGS)
CORE_LIBS     = $(HOST_LIBS)
HELPER_CFLAGS = $(call once,HELPER_CFLAGS,$(PKG) --cflags $(HELPER_PKG))
HELPER_LIBS   = $(call once,HELPER_LIBS,$(PKG) --libs $(HELPER_PKG))
IMPORT_LIBS   = $(call once,IMPORT_LIBS,$(PKG) --libs $(IMPORT_PKG))
HTTP_CFLAGS   = $(call once,HTTP_CFLAGS,$(PKG) --cflags $(HTTP_PKG))
HTTP_LIBS     = $(call once,HTTP_LIBS,$(PKG) --libs $(HTTP_PKG))
TEST_CFLAGS   = $(call once,TEST_CFLAGS,$(PKG) --cflags $(TEST_PKG))
TEST_LIBS     = $(call once,TEST_LIBS,$(PKG) --libs $(TEST_PKG))
ifneq ($(STATIC),)
CORE_CFLAGS   := -isystem $(static_root)/include
HELPER_CFLAGS := $(CORE_CFLAGS)
# The two names that Debian's libmnl.a has from glibc are called by a function that prints messages, which nobody calls.
CORE_LIBS     := -L$(static_root)/lib $(addprefix -l,sqlite3 cjson mnl xml2 yaml archive seccomp lzma bz2 zstd z) \
	-Wl,--defsym=__fprintf_chk=abort,--defsym=__ctype_b_loc=abort
endif

# The core: everything but what the helper programs alone need.
CORE_SRC   := $(filter-out audit/command/main.c,$(wildcard base/*.c base/os/*.c audit/*/*.c model/*.c model/*/*.c \
	probes/*/*.c probes/host/*/*.c probes/plan/*/*.c report/answer/*.c report/document/*.c report/write/*.c report/write/*/*.c report/emit/*.c report/helper/import_elsewhere.c))
IMPORT_SRC := $(wildcard report/helper/sandbox*.c report/helper/untar.c report/helper/checked_memory.c report/helper/tree/*.c)
HELPER_SRC := $(IMPORT_SRC) $(wildcard report/render/*.c report/render/*/*.c report/pdf/*.c report/chart/*.c)
UNIT_SRC   := $(wildcard tests/unit/test_*.c)
# Measuring programs without any project code.
ALONE_SRC  := $(filter-out tests/live/calibrate_driver.c,$(wildcard tests/live/*.c tests/bench/*.c))
FUZZ_SRC   := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_SHARED := $(addprefix tests/fuzz/,document.c page_property.c property.c scratch.c)

core_objects   := $(CORE_SRC:%.c=$(BUILD)/%.o)
import_objects := $(IMPORT_SRC:%.c=$(BUILD)/%.o)
helper_objects := $(HELPER_SRC:%.c=$(BUILD)/%.o)
unit_tests     := $(UNIT_SRC:%.c=$(BUILD)/%)
alone_programs := $(ALONE_SRC:%.c=$(BUILD)/%)
fuzz_programs  := $(FUZZ_SRC:%.c=$(BUILD)/%)

all: $(BUILD)/headroom $(BUILD)/headroom-import $(BUILD)/headroom-helper $(BUILD)/headroom-http

# --- compiling -------------------------------------------------------------------------------------------------

compile = $(CC) $(STD) $(WARN) $(HARDEN) $(CFLAGS) $(CPPFLAGS) $(SANFLAGS) -I. -MMD -MP
link    = $(CC) $(CFLAGS) $(SANFLAGS) $(LINK) $(LDFLAGS)

# One line for each file; V=1 prints the commands instead.
V ?= 0
say = $(if $(filter-out 0,$V),,@echo '$1'; )

# Written only when its content changes, so that what depends on it is rebuilt only then.
# $(call keep,FILE,TEXT)
keep = mkdir -p $(dir $1) && { printf '%s\n' '$2' | cmp -s - $1 || printf '%s\n' '$2' > $1; }

$(BUILD)/flags: FORCE
	@$(call keep,$@,$(compile) $(link))

# What each file is compiled with beside the common flags: the libraries of its program.
lib_cflags = $(CORE_CFLAGS)
$(BUILD)/report/render/%.o $(BUILD)/report/pdf/%.o $(BUILD)/report/chart/%.o $(BUILD)/report/helper/%.o \
	$(BUILD)/tests/bench/bare_page.o: lib_cflags = $(HELPER_CFLAGS)
$(BUILD)/report/helper/http_main.o: lib_cflags = $(HTTP_CFLAGS)
$(BUILD)/tests/fuzz/%.o: lib_cflags = $(CORE_CFLAGS) $(HELPER_CFLAGS)
$(BUILD)/tests/unit/%.o: lib_cflags = $(CORE_CFLAGS) $(HELPER_CFLAGS) $(TEST_CFLAGS)
$(BUILD)/audit/cli/version.o: lib_cflags = $(version_flags)
$(BUILD)/audit/cli/version.o: $(BUILD)/version

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC   $<)$(compile) $(lib_cflags) -c -o $@ $<

# The version and the commit enter through one object only: a commit rebuilds nothing else.
COMMIT = $(call once,COMMIT,git rev-parse --short HEAD 2>/dev/null || echo unknown)
version_flags = -DHEADROOM_VERSION="\"$(VERSION)\"" -DHEADROOM_COMMIT="\"$(COMMIT)\"" \
	-DHEADROOM_LIBEXECDIR="\"$(LIBEXECDIR)\""

$(BUILD)/version: FORCE
	@$(call keep,$@,$(VERSION) $(COMMIT) $(LIBEXECDIR))

# --- rules and templates, built in ------------------------------------------------------------------------------

HOSTCC ?= $(CC)
EMBEDDED := $(sort $(shell find rules templates -type f ! -name '*.c' ! -name '*.yml' ! -name '.*' 2>/dev/null) $(wildcard docs/*.schema.json))

# The rule files of these: what headroom reads as rules.
RULE_FILES := $(filter-out rules/catalogue/% rules/images/%,$(filter rules/%.json,$(EMBEDDED)))
# The two build tools run here, whatever the target is: objects of their own.
TABLES_SRC := rules/tables.c $(addprefix audit/rules/,member.c member_tool.c named.c now.c observed.c read.c take.c) \
	model/expr/parse.c model/tool/words.c model/tool/figures.c model/watch/observation.c \
	$(filter-out base/embed.c,$(wildcard base/*.c)) $(wildcard base/os/*.c)

$(BUILD)/host/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,CC   $< (host))$(HOSTCC) $(STD) $(WARN) -O1 -I. -MMD -MP $(HOST_CFLAGS) -c -o $@ $<

$(BUILD)/embed: $(BUILD)/host/rules/embed.o $(BUILD)/host/base/hash.o
	$(call say,LINK $@)$(HOSTCC) -o $@ $^

$(BUILD)/tables: $(TABLES_SRC:%.c=$(BUILD)/host/%.o)
	$(call say,LINK $@)$(HOSTCC) -o $@ $^ $(HOST_LIBS) -lm

$(BUILD)/embedded.list: FORCE
	@$(call keep,$@,$(EMBEDDED))

$(BUILD)/embedded.c: $(BUILD)/embed $(BUILD)/embedded.list $(EMBEDDED)
	$(call say,EMBED $@)$(BUILD)/embed $@ $(EMBEDDED)

$(BUILD)/built_in.c: $(BUILD)/tables $(BUILD)/embedded.list $(RULE_FILES)
	$(call say,EMBED $@)$(BUILD)/tables $@ $(RULE_FILES)

$(BUILD)/embedded.o $(BUILD)/built_in.o: %.o: %.c $(BUILD)/flags
	$(call say,CC   $<)$(compile) $(CORE_CFLAGS) -c -o $@ $<

# --- linking ---------------------------------------------------------------------------------------------------

$(BUILD)/libheadroom.a: $(core_objects) $(BUILD)/embedded.o $(BUILD)/built_in.o
	@rm -f $@
	$(call say,AR   $@)ar rcs $@ $^

$(BUILD)/librender.a: $(helper_objects)
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR   $@)ar rcs $@ $^

$(BUILD)/libimport.a: $(import_objects)
	@rm -f $@
	$(call say,AR   $@)ar rcs $@ $^

import := $(BUILD)/report/helper/import_here.o

$(BUILD)/headroom: $(BUILD)/audit/command/main.o $(if $(STATIC),$(import) $(BUILD)/libimport.a) $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) -o $@ $^ $(CORE_LIBS) -lm

# Its malloc(3) is for these programs alone, so it is in no library.
own_memory := $(BUILD)/report/helper/render_memory.o

$(BUILD)/headroom-import: $(BUILD)/report/helper/import_main.o $(import) $(own_memory) $(BUILD)/libimport.a $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) -o $@ $^ $(IMPORT_LIBS) -lm

# The core with the readers inside, as in the static program: for tests.
$(BUILD)/tests/cli/headroom-whole: $(BUILD)/audit/command/main.o $(import) $(BUILD)/libimport.a $(BUILD)/libheadroom.a
	@mkdir -p $(@D)
	$(call say,LINK $@)$(link) -o $@ $^ $(CORE_LIBS) $(IMPORT_LIBS) -lm

# Whoever builds the renderer alone wants to read plans, too.
$(BUILD)/headroom-helper: | $(BUILD)/headroom-import
$(BUILD)/headroom-helper: $(BUILD)/report/helper/render_main.o $(own_memory) $(if $(SANFLAGS),$(BUILD)/tests/cli/no_leaks.o) $(BUILD)/librender.a $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) -o $@ $^ $(HELPER_LIBS) -lm

# Alone: libcurl brings two dozen libraries, and what renders is to know no network.
$(BUILD)/headroom-http: $(BUILD)/report/helper/http_main.o $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) -o $@ $^ $(HTTP_LIBS) -lm

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/librender.a $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) -o $@ $^ $(CORE_LIBS) $(HELPER_LIBS) $(TEST_LIBS) -lm

$(alone_programs): $(BUILD)/%: $(BUILD)/%.o
	$(call say,LINK $@)$(link) -o $@ $^ $(if $(findstring bare_dump,$@)$(findstring bare_json,$@),$(CORE_LIBS))$(if $(findstring bare_page,$@),$(HELPER_LIBS))

$(BUILD)/tests/live/calibrate_driver: $(BUILD)/tests/live/calibrate_driver.o $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) -o $@ $^ $(CORE_LIBS) -lm

# Loaded before a program by a test; not part of it.
$(BUILD)/tests/cli/%.so: tests/cli/%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(call say,LINK $@)$(CC) $(STD) $(WARN) $(CFLAGS) -fPIC -shared -MMD -MP -o $@ $<

# Each harness is linked with libFuzzer (SAN=fuzz), or with a driver that replays and mutates seeds.
ifeq ($(SAN),fuzz)
fuzz_main  :=
fuzz_flags := -fsanitize=fuzzer
else
fuzz_main  := $(BUILD)/tests/fuzz/driver.o
endif
# A server's answers come from the harness.
$(BUILD)/tests/fuzz/fuzz_answers: fuzz_flags += -Wl,--wrap=helper_http
$(fuzz_programs): $(BUILD)/%: $(BUILD)/%.o $(FUZZ_SHARED:%.c=$(BUILD)/%.o) $(fuzz_main) $(BUILD)/librender.a $(BUILD)/libheadroom.a
	$(call say,LINK $@)$(link) $(fuzz_flags) -o $@ $^ $(CORE_LIBS) $(HELPER_LIBS) -lm

# People type `make audit`, not `make -j8 audit`: the build inside uses all processors unless -j was given.
parallel = $(MAKE) --no-print-directory $(if $(findstring j,$(filter -j% --jobserver%,$(MAKEFLAGS))),,-j$(shell nproc))

# --- what people call ------------------------------------------------------------------------------------------

tests: inside outside

inside: $(unit_tests) $(fuzz_programs)

outside once: all $(alone_programs) $(BUILD)/tests/live/calibrate_driver $(BUILD)/tests/cli/fail_malloc.so $(BUILD)/tests/cli/headroom-whole

unit: $(unit_tests)
	@for t in $^; do $$t || exit 1; done

deps:
	@.ci/deps.sh build test

audit:
	@.ci/deps.sh build
	+@$(parallel) all
	@.ci/audit.sh $(BUILD) $(WORKLOAD)

check:
	@.ci/deps.sh build test $(if $(filter clang%,$(CC)),clang)
	+@$(parallel) $(PARTS) $(if $(ALSO),outside)
	@PARTS='$(PARTS)' ALSO='$(ALSO)' .ci/check.sh $(BUILD) $(SAN)

check-browser:
	@.ci/deps.sh build browser
	+@$(parallel) all
	@.ci/browser.sh $(BUILD)

lint:
	@.ci/deps.sh build test lint
	+@MAKE='$(parallel)' .ci/lint.sh $(BUILD)

# clang-tidy over the sources that changed since it last found nothing. The analyzer does not know that cmocka's
# assertions do not return, so the unit tests are left out; base/error.c defines what .ci/analyzer.h replaces.
TIDY_SRC   := $(filter-out base/error.c,$(CORE_SRC) $(HELPER_SRC) $(wildcard audit/command/main.c report/helper/*_main.c report/helper/import_here.c report/helper/render_memory.c) \
	$(ALONE_SRC) $(FUZZ_SRC) $(FUZZ_SHARED) tests/live/calibrate_driver.c tests/fuzz/driver.c)
TIDY_FLAGS  = $(STD) -I. -include .ci/analyzer.h -Xclang -analyzer-config -Xclang max-nodes=$(TIDY_NODES) $(CORE_CFLAGS) $(HELPER_CFLAGS) $(HTTP_CFLAGS)

tidy: $(TIDY_SRC:%.c=$(BUILD)/%.tidy)

# An object is made again whenever its source or one of its headers changes.
$(BUILD)/%.tidy: %.c $(BUILD)/%.o .clang-tidy .ci/analyzer.h
	$(call say,TIDY $<)clang-tidy --quiet --warnings-as-errors='*' $< -- $(TIDY_FLAGS)
	@touch $@

# clang-format 14, Debian 12's: other versions format other things differently. Twice, because a comment that the
# first pass moved may be wrapped by the second.
FORMAT_SRC  = $(sort $(shell find audit base model probes report rules tests -name '*.[ch]'))
format:
	@.ci/deps.sh lint
	@for pass in 1 2; do clang-format -i $(FORMAT_SRC) || exit 1; done

figures:
	@.ci/deps.sh test
	@.ci/size.py --record

# For clangd and other tools that want to know how each file is compiled.
compile_commands.json: FORCE
	@$(MAKE) --no-print-directory --always-make --dry-run V=1 tests | .ci/compile_commands.py >$@

bench:
	@.ci/deps.sh build test bench
	+@$(parallel) all $(alone_programs)
	@tests/bench/bench.sh $(BUILD)

# After a change of a text that the pages show: writes what their commands print now into README.md and docs/.
docs-examples:
	+@$(parallel) all
	@tests/docs/examples.py $(BUILD)/headroom --accept

# The picture of a report in README.md: docs/report.png.
picture:
	+@$(parallel) all
	@tests/report/picture.sh $(BUILD)

look:
	@.ci/deps.sh build test
	+@$(parallel) all
	@tests/report/look.sh $(BUILD)/headroom-helper

live:
	@.ci/deps.sh build test
	+@$(parallel) all $(alone_programs)
	@HEADROOM_EVERY_FACT=3 $(BUILD)/tests/unit/test_not_collected
	@HEADROOM_EVERY_PLAN=1 $(BUILD)/tests/unit/test_loads
	@HEADROOM_EVERY_PLAN=1 $(BUILD)/tests/unit/test_course
	@tests/live/kernel_log.sh $(BUILD) all || [ $$? -eq 77 ]
	@tests/live/why.sh $(BUILD) all || [ $$? -eq 77 ]
	@tests/live/calibrate_random.sh $(BUILD)
	@tests/live/calibrate_more.sh $(BUILD)
	@tests/live/published_port.sh $(BUILD) || [ $$? -eq 77 ]
	@tests/live/nat.py $(BUILD)/headroom || [ $$? -eq 77 ]
	@tests/live/learn.py $(BUILD)/headroom || [ $$? -eq 77 ]
	@tests/live/exhaust.py $(BUILD)/headroom $(BUILD)/tests/live/measure_load || [ $$? -eq 77 ]
	@tests/live/exhaust.py $(BUILD)/headroom $(BUILD)/tests/live/measure_load 80 1 2 || [ $$? -eq 77 ]

# TRUTH=… are its options: --only KIND, --seed N, --count N.
live-truth:
	@.ci/deps.sh build test
	+@$(parallel) all $(alone_programs)
	@tests/live/truth.py --headroom $(BUILD)/headroom --count 10000 $(TRUTH) || [ $$? -eq 77 ]
	@tests/live/exhaust.py $(BUILD)/headroom $(BUILD)/tests/live/measure_load 200 || [ $$? -eq 77 ]
	@tests/live/closers.py --build $(BUILD) || [ $$? -eq 77 ]
	@tests/live/closers.py --build $(BUILD) --https || [ $$? -eq 77 ]

# Each needs packages of its own: .ci/deps.sh lists them under this name.
live_tests := live-fleet live-gate live-plans live-vantage live-tickets live-fix live-layers live-emit live-plan-files live-results \
	live-engines live-boot live-ends live-alerts live-static live-pdfua
live-fleet:           live_packages = fleet containers
live-gate:            live_packages = live
live-plans:           live_packages = live-deps
live-results:         live_packages = live-deps
live-vantage:         live_packages = containers
live-tickets:         live_packages = tickets
live-fix:             live_packages = fix
live-layers:          live_packages = containers
live-emit:            live_packages = emit
live-boot:            live_packages = boot
live-engines:         live_packages = engines
live-plan-files:      live_packages = plan-files
live-ends:            live_packages = ends
live-alerts:          live_packages = alerts
live-pdfua:           live_packages = pdfua
live-static:          live_packages = static roots
# Of another architecture: make live-static ARCH=arm64, also on an emulated machine.
live-static:          live_arguments = $(filter-out $(call once,OWN_ARCH,dpkg --print-architecture),$(ARCH))
live-static:          live-static-machine
live-static-machine: static
	@$(if $(filter-out $(call once,OWN_ARCH,dpkg --print-architecture),$(ARCH)),.ci/deps.sh machine && .ci/static.sh $(ARCH) build/static machine)

$(live_tests): live-%:
	@.ci/deps.sh build test $(live_packages)
	+@$(parallel) all
	@tests/live/$(subst -,_,$*).sh $(BUILD) $(live_arguments)

# Real hosts and plans, the printed fix pasted, and the load run again. PAIRS="half-open slice": some of them.
live-fixes:
	@.ci/deps.sh build test live containers fixes
	+@$(parallel) all
	@tests/live/real_fixes.py $(BUILD)/headroom $(PAIRS) || [ $$? -eq 77 ]

# The recipes of docs/ci.md, with the package, and the schemas of GitHub and GitLab.
live-ci: deb
	@.ci/deps.sh ci
	@tests/live/ci_schemas.sh $(BUILD) || [ $$? -eq 77 ]
	@tests/live/ci.sh out/headroom_$(VERSION)_$$(dpkg --print-architecture).deb || [ $$? -eq 77 ]

.PHONY: live-deb
# Lintian, installed alone and together, upgraded from the single package, removed.
live-deb: deb
	@.ci/deps.sh packages
	@tests/live/deb.sh $(VERSION) || [ $$? -eq 77 ]
# What is in the static program, as CycloneDX 1.5.
.PHONY: sbom live-sbom
sbom: static
	@.ci/sbom.py build/static/headroom build/static/headroom.linked.tsv $(VERSION) >build/static/headroom.cdx.json.part
	@mv build/static/headroom.cdx.json.part build/static/headroom.cdx.json
	@echo build/static/headroom.cdx.json

live-sbom: sbom
	@.ci/deps.sh sbom
	@tests/live/sbom.sh $(BUILD) || [ $$? -eq 77 ]

# Innocent and guilty runs, and what the gate says of them. SITUATIONS="starved throttled": some of them.
live-situations:
	@.ci/deps.sh build test live
	+@$(parallel) all
	@tests/live/situations.py $(BUILD) $(SITUATIONS)

# Load test tools from the registries, below build/live. TOOLS="vegeta hey" names some.
TOOLS ?=
live-deps:
	@.ci/deps.sh live-deps
	@tests/live/tools/install.py --into $(BUILD)/live $(TOOLS)

fuzz:
	@.ci/deps.sh build clang
	+@$(parallel) SAN=fuzz fuzz-programs
	@.ci/fuzz.sh $(BUILD)-fuzz $(FUZZ_SECONDS) $(FUZZ_KEEP)

fuzz-programs: $(fuzz_programs)

torture:
	@.ci/deps.sh build test
	+@$(parallel) all $(BUILD)/tests/cli/fail_malloc.so
	@.ci/torture.sh $(BUILD) $(TORTURE_STEP)

# Below share/, where each shell looks for them.
completions := bash-completion/completions/headroom zsh/vendor-completions/_headroom \
	fish/vendor_completions.d/headroom.fish

# The pages are installed side by side.
installed_links = -e 's,](docs/,](,g' -e 's,](\(\.\./\)*templates/README\.md,](templates.md,g' -e 's,](\.\./\(docs/\)*,](,g'

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(LIBEXECDIR) $(DESTDIR)$(PREFIX)/share/man/man1 \
		$(addprefix $(DESTDIR)$(PREFIX)/share/,$(dir $(completions)) doc/headroom)
	install -m 755 $(BUILD)/headroom probes/host/collect/headroom-collect $(DESTDIR)$(PREFIX)/bin/
	install -m 755 $(BUILD)/headroom-import $(BUILD)/headroom-helper $(BUILD)/headroom-http $(DESTDIR)$(LIBEXECDIR)/
	install -m 644 docs/headroom.1 docs/headroom-collect.1 $(DESTDIR)$(PREFIX)/share/man/man1/
	$(BUILD)/headroom help --bash >$(DESTDIR)$(PREFIX)/share/$(word 1,$(completions))
	$(BUILD)/headroom help --zsh >$(DESTDIR)$(PREFIX)/share/$(word 2,$(completions))
	$(BUILD)/headroom help --fish >$(DESTDIR)$(PREFIX)/share/$(word 3,$(completions))
	install -m 644 LICENSE $(wildcard docs/*.json docs/*.png) $(DESTDIR)$(PREFIX)/share/doc/headroom/
	for page in README.md $(wildcard docs/*.md); do \
		sed $(installed_links) $$page >$(DESTDIR)$(PREFIX)/share/doc/headroom/$${page##*/} || exit 1; done
	sed $(installed_links) templates/README.md >$(DESTDIR)$(PREFIX)/share/doc/headroom/templates.md
	install -d $(DESTDIR)$(PREFIX)/share/doc/headroom/template-sample $(DESTDIR)$(PREFIX)/share/doc/headroom/fleet
	install -m 644 $(wildcard docs/fleet/*) $(DESTDIR)$(PREFIX)/share/doc/headroom/fleet/
	install -m 644 $(wildcard docs/template-sample/*) $(DESTDIR)$(PREFIX)/share/doc/headroom/template-sample/

# Under DESTDIR the directories that are empty then go, too; elsewhere they are the system's.
installed_dirs = $(PREFIX)/bin $(dir $(LIBEXECDIR)) $(PREFIX)/share/man/man1 \
	$(addprefix $(PREFIX)/share/,$(patsubst %/,%,$(dir $(completions))) doc)
uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/headroom $(DESTDIR)$(PREFIX)/bin/headroom-collect \
		$(DESTDIR)$(LIBEXECDIR)/headroom-import $(DESTDIR)$(LIBEXECDIR)/headroom-helper $(DESTDIR)$(LIBEXECDIR)/headroom-http \
		$(DESTDIR)$(PREFIX)/share/man/man1/headroom.1 $(DESTDIR)$(PREFIX)/share/man/man1/headroom-collect.1 \
		$(addprefix $(DESTDIR)$(PREFIX)/share/,$(completions))
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/headroom
	@if [ -d "$(DESTDIR)$(LIBEXECDIR)" ]; then rmdir --ignore-fail-on-non-empty $(DESTDIR)$(LIBEXECDIR); fi
	@$(if $(filter-out /,$(DESTDIR)),cd $(DESTDIR) 2>/dev/null && \
		rmdir -p --ignore-fail-on-non-empty $(installed_dirs:/%=%) 2>/dev/null || :)

.PHONY: static check-static
# One file that needs nothing: build/static/headroom, and for another architecture (ARCH=arm64) headroom-arm64.
ARCH ?= $(call once,ARCH,dpkg --print-architecture)
static:
	@.ci/deps.sh build static $(if $(findstring arm64,$(ARCH)),$(if $(filter-out arm64,$(call once,OWN_ARCH,dpkg --print-architecture)),cross))
	@.ci/static.sh $(ARCH) build/static
	+@$(parallel) STATIC=$(ARCH) build-static-$(ARCH)/headroom
	@.ci/static.sh $(ARCH) build/static build-static-$(ARCH)/headroom

# The suites of the command line with that file in place of build/headroom; HTML, PDF and HTTP come from the others.
cli_suites = $(patsubst tests/cli/case_%.sh,cli-%,$(wildcard tests/cli/case_*.sh))
check-static: static
	@.ci/deps.sh test
	+@$(parallel) all $(BUILD)/tests/cli/fail_malloc.so $(BUILD)/tests/cli/headroom-whole
	@mkdir -p build/static/suite
	@cp build/static/headroom build/static/suite/
	@ln -sf $(addprefix $(CURDIR)/$(BUILD)/,headroom-helper headroom-http) build/static/suite/
	@HEADROOM=$(CURDIR)/build/static/suite/headroom .ci/check.sh $(BUILD) "" $(cli_suites)

deb:
	@.ci/deps.sh build deb
	+@MAKE='$(parallel)' .ci/deb.sh $(VERSION)

# The static file alone as an OCI image: out/headroom_VERSION_ARCH.oci.tar.
image: static
	@.ci/deps.sh image
	@.ci/image.sh build/static/headroom$(if $(filter-out $(call once,OWN_ARCH,dpkg --print-architecture),$(ARCH)),-$(ARCH)) $(VERSION) $(ARCH)

# That image as a step of a pipeline and as the audit of its node, with Podman.
live-image: image
	@.ci/deps.sh build test image fleet
	+@$(parallel) all
	@HEADROOM=$(CURDIR)/build/static/headroom tests/cli/run.sh tests/cli/case_ci_bare.sh
	@tests/live/image.sh $(BUILD) out/headroom_$(VERSION)_$(ARCH).oci.tar || [ $$? -eq 77 ]

clean:
	rm -rf build build-*

dist-clean: clean
	rm -rf out

help:
	@echo 'make             build/headroom, and beside it headroom-import, headroom-helper and headroom-http'
	@echo 'make audit       audit this host: report.html, report.pdf, audit.json, junit.xml in out/ (WORKLOAD=…)'
	@echo 'make check       install what the tests need, build, run every test (SAN=asan: under sanitizers)'
	@echo 'make check-browser  the HTML report in Chromium: validity, accessibility, policy, no scripts, no styles'
	@echo 'make unit        the unit tests alone'
	@echo 'make lint        warnings with gcc and clang, cppcheck, clang-tidy, shellcheck, format, unread members, help, texts'
	@echo 'make format      clang-format over all sources'
	@echo 'make figures     take over how dense the files are now (.ci/figures.tsv); none may have got worse'
	@echo 'make compile_commands.json  for clangd'
	@echo 'make bench       time and memory against ss, sysctl and a bare socket dump'
	@echo 'make docs-examples  after a change of texts: what commands print now, in README.md and docs/'
	@echo 'make picture     page 1 of a report as the picture of README.md'
	@echo 'make look        pages of the PDF against accepted images (ACCEPT=1 accepts new ones)'
	@echo 'make live        calibrations of random hosts against independent programs, as root'
	@echo 'make live-truth  10,000 random hosts and plans against the kernel, 200 plans over time, and who closes first over a network (TRUTH="--seed 7")'
	@echo 'make live-fleet  twelve hosts through ssh, clush, pdsh, Ansible and Prometheus: each verdict is the host'\''s own, as root'
	@echo 'make live-gate   headroom gate around the same tools: passed, refused, broken in the midst'
	@echo 'make live-situations  30 made situations, innocent and guilty, and what the gate certifies of them (SITUATIONS="starved throttled")'
	@echo 'make live-deps   load test tools at pinned versions from the registries into build/live (TOOLS="vegeta hey": some)'
	@echo 'make live-plans  250 command lines run against small servers, counted, compared with what headroom reads (TOOLS=…)'
	@echo 'make live-results  the same tools behind the gate: does it read what they say of the run (TOOLS=…)'
	@echo 'make live-tickets  attach reports to a real Redmine and Request Tracker, and download them again'
	@echo 'make live-alerts  the alerts of fix --emit prometheus-rules in a real Prometheus and Alertmanager, and the fix they carry, as root'
	@echo 'make live-fix    fix applied, undone, killed at every step, in private namespaces, as root'
	@echo 'make live-layers  the printed fix in its layer: containers, network namespaces, shells, units, and the load that failed before'
	@echo 'make live-engines  what --container new says, and what a container of Docker and of Podman gets, as root'
	@echo 'make live-fixes  30 real hosts and plans: the load breaks, the printed fix is pasted, the load runs (PAIRS="half-open slice": some)'
	@echo 'make live-boot   what size writes for a new machine, booted: Debian 12 with cloud-init, the script, systemd, as root'
	@echo 'make live-emit   every file of fix --emit, read by the program it is for, as root'
	@echo 'make live-vantage  --container with a real Podman, --unit with a real control group'
	@echo 'make live-plan-files  plans from files against HAProxy, nginx, tsung and JMeter, as root'
	@echo 'make fuzz        every fuzz harness for FUZZ_SECONDS (60) with libFuzzer'
	@echo 'make torture     each allocation fails once (TORTURE_STEP=50: each 50th)'
	@echo 'make deps        install the Debian packages for building and testing that are missing'
	@echo 'make install     under PREFIX (/usr/local), DESTDIR honoured; make uninstall removes it'
	@echo 'make live-ends   client, HAProxy and server in three namespaces: the end that headroom fleet names is the one that breaks, as root'
	@echo 'make live-static  the static binary in an empty root, one with BusyBox and those of Debian'\''s releases, as root (ARCH=arm64: emulated)'
	@echo 'make live-deb    the packages: lintian, installed alone and together, an upgrade from the single package, as root'
	@echo 'make static      build/static/headroom: the core and the readers of plans in one file that needs nothing (ARCH=arm64: cross-built)'
	@echo 'make check-static  the suites of the command line with that file in place of build/headroom'
	@echo 'make deb         packages in out/: headroom, headroom-report, headroom-http'
	@echo 'make sbom        what is linked into build/static/headroom, as CycloneDX 1.5: build/static/headroom.cdx.json'
	@echo 'make live-sbom   the same, checked against the schema of CycloneDX'
	@echo 'make live-ci     the shell of the recipes in docs/ci.md, with the package of make deb; their form, by the schemas of GitHub and GitLab'
	@echo 'make image       out/headroom_$(VERSION)_ARCH.oci.tar: the file of make static as a container image (Podman)'
	@echo 'make live-image  that image under Podman: a step of a pipeline, the audit of its node, as root'
	@echo 'make clean       remove build*/; make dist-clean removes out/ as well'

FORCE:
.SECONDARY:
.DELETE_ON_ERROR:
.PHONY: all tests inside outside once unit deps audit check check-browser lint tidy format figures bench docs-examples picture look live live-truth live-situations live-fixes live-deps live-ci live-image $(live_tests) fuzz torture \
	fuzz-programs install uninstall deb image clean dist-clean help FORCE
# Not what is unpacked or installed below it.
-include $(shell find $(BUILD) -path $(BUILD)/static -prune -o -path $(BUILD)/live -prune -o -type f -name '*.d' -print 2>/dev/null)
