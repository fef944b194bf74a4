# headroom: one non-recursive Makefile. `make help` lists the targets.
BUILD   ?= build
CC      ?= gcc
PKG     ?= pkg-config
CFLAGS  ?= -O2 -g
WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror
STD     := -std=c11 -D_GNU_SOURCE
SAN     ?=
ifneq ($(SAN),)
BUILD   := $(BUILD)-$(SAN)
CFLAGS  := -O1 -g -fno-omit-frame-pointer
ifeq ($(SAN),asan)
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=all
endif
endif

CORE_PKG   := libcjson libmnl
HELPER_PKG := libxml-2.0 cairo pangocairo libcjson
TEST_PKG   := cmocka

# The core: everything but the helper's renderer.
CORE_SRC   := $(filter-out audit/main.c,$(wildcard audit/*.c model/*.c probes/*.c probes/host/*.c probes/plan/*.c report/write/*.c))
HELPER_SRC := $(wildcard report/render/*.c report/chart/*.c)
UNIT_SRC   := $(wildcard tests/unit/test_*.c)

core_objects   := $(CORE_SRC:%.c=$(BUILD)/%.o)
helper_objects := $(HELPER_SRC:%.c=$(BUILD)/%.o)
unit_tests     := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/tests/unit/%)

all: $(BUILD)/headroom $(BUILD)/headroom-helper

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(STD) $(WARN) $(CFLAGS) $(SANFLAGS) -I. -MMD -MP $(shell $(PKG) --cflags $(CORE_PKG) $(if $(filter report/render/% report/chart/%,$<),$(HELPER_PKG)) $(if $(filter tests/%,$<),$(TEST_PKG))) -c -o $@ $<

$(BUILD)/libheadroom.a: $(core_objects)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/librender.a: $(helper_objects)
	@rm -f $@
	ar rcs $@ $^

$(BUILD)/headroom: $(BUILD)/audit/main.o $(BUILD)/libheadroom.a
	$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(shell $(PKG) --libs $(CORE_PKG)) -lm

$(BUILD)/headroom-helper: $(BUILD)/report/helper.o $(BUILD)/librender.a $(BUILD)/libheadroom.a
	$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $^ $(shell $(PKG) --libs $(HELPER_PKG)) -lm

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/librender.a $(BUILD)/libheadroom.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(SANFLAGS) -o $@ $< $(BUILD)/librender.a $(BUILD)/libheadroom.a $(shell $(PKG) --libs $(CORE_PKG) $(HELPER_PKG) $(TEST_PKG)) -lm

unit: $(unit_tests)
	@for t in $^; do $$t || exit 1; done

clean:
	rm -rf build build-*

.PHONY: all unit clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
