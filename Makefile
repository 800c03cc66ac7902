# loopcraft: a raw-socket packet-crafting lab, loopback only.
#
#   make demo     installs what is missing to build, builds, and shows a handshake and open,
#                 closed and filtered; as root or as an ordinary user
#   make check    installs what is missing, builds, and runs all tests
#   make fuzz     feeds the parsers hostile bytes for hours (FUZZ_SECONDS=3600 each), with clang
#
#   CC=clang      another compiler        SANITIZE=1   AddressSanitizer and UBSan
#   BUILD=dir     another build folder    WERROR=1     warnings are errors
#   PREFIX, DESTDIR                       where `make install` puts things

CC      ?= cc
BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=

# libnet.pc is not everywhere; its library is -lnet all the same. libnftables: see ruleset.h.
LIBS = -pthread -lnet $(shell pkg-config --libs libpcap libmnl 2>/dev/null || echo -lpcap -lmnl) -ldl

CPPFLAGS += -Iinclude -D_GNU_SOURCE -MMD -MP
CFLAGS   ?= -O2 -g
WARNINGS  = -std=c17 -Wall -Wextra -Wpedantic -Wshadow -Wconversion
HARDEN    = -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2
LDHARDEN  = -pie -Wl,-z,relro,-z,now

ifdef WERROR
WARNINGS += -Werror
endif
ifdef SANITIZE
HARDEN   = -fPIE -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
LDHARDEN = -pie -fsanitize=address,undefined
endif

ifdef FUZZ # scripts/fuzz sets it, with clang: every object tells libFuzzer which way it went
HARDEN   = -fPIE -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
           -fno-omit-frame-pointer
LDHARDEN = -pie -fsanitize=address,undefined
endif

SOURCES := $(sort $(wildcard src/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libloopcraft.a
TESTS   := $(patsubst tests/unit/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/unit/test_*.c)))
HELPERS := $(patsubst tests/helpers/%.c,$(BUILD)/helpers/%,$(sort $(wildcard tests/helpers/*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/tests/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

COMPILE = $(CC) $(CPPFLAGS) $(WARNINGS) $(HARDEN) $(CFLAGS)
LINK    = $(CC) $(HARDEN) $(CFLAGS) $(LDHARDEN) $(LDFLAGS)

.PHONY: all demo check fuzz fuzzers tests install uninstall clean
.DELETE_ON_ERROR:

all: $(BUILD)/loopcraft

$(BUILD)/loopcraft: $(BUILD)/src/cmd/main.o $(LIBRARY)
	$(LINK) -o $@ $^ $(LIBS)

$(LIBRARY): $(filter-out $(BUILD)/src/cmd/main.o,$(OBJECTS))
	rm -f $@
	$(AR) qcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(COMPILE) -c -o $@ $<

# --- tests ---------------------------------------------------------------------

tests: $(TESTS) $(HELPERS)

$(BUILD)/tests/%: tests/unit/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(COMPILE) $(LDHARDEN) -MF $@.d -o $@ $< $(LIBRARY) $(LIBS) -lcmocka -lnftables

$(BUILD)/helpers/%: tests/helpers/%.c
	@mkdir -p $(@D)
	$(COMPILE) $(LDHARDEN) -MF $@.d -o $@ $<

# --- fuzz targets: scripts/fuzz builds and runs them ---------------------------------

fuzzers: $(FUZZERS) $(BUILD)/tests/seeds

$(FUZZERS): $(BUILD)/tests/%: tests/fuzz/%.c $(LIBRARY)
	@mkdir -p $(@D)
	$(COMPILE) -fsanitize=fuzzer $(LDHARDEN) -MF $@.d -o $@ $< $(LIBRARY) $(LIBS) -lcmocka

$(BUILD)/tests/seeds: tests/fuzz/seeds.c $(LIBRARY)
	@mkdir -p $(@D)
	$(COMPILE) $(LDHARDEN) -MF $@.d -o $@ $< $(LIBRARY) $(LIBS)

# --- the README's two commands ---------------------------------------------------

demo:
	@BUILD="$(BUILD)" scripts/demo

check:
	@BUILD="$(BUILD)" scripts/check

fuzz:
	@BUILD="$(BUILD)" scripts/fuzz

# --- install -----------------------------------------------------------------------

# Under sudo the build is the caller's all the same: no root-owned file stays in the tree.
install:
	@. scripts/lib.sh && as_caller $(MAKE) --no-print-directory -s all
	scripts/install-files install "$(BUILD)/loopcraft" "$(DESTDIR)" "$(PREFIX)"

uninstall:
	scripts/install-files uninstall "$(BUILD)/loopcraft" "$(DESTDIR)" "$(PREFIX)"

clean:
	rm -rf $(BUILD)

-include $(OBJECTS:.o=.d) $(TESTS:=.d) $(HELPERS:=.d) $(FUZZERS:=.d) $(BUILD)/tests/seeds.d
