# SPDX-License-Identifier: GPL-2.0
#
# onvme: an NVMe PCIe host driver as one loadable module.
#
#   make                 build ./onvme.ko for the running kernel
#   make KDIR=<headers>  build it for another kernel
#   make help            everything else
#
# The module itself is described by ./Kbuild, which the kernel's build system reads instead of this file.

KDIR ?= /lib/modules/$(shell uname -r)/build
VERSION := $(shell cat VERSION)
DESTDIR ?=
PREFIX ?= /usr/local
BUILD := build
PROBES := src/compat/probed.h

# make W=1 C=2 KCFLAGS=-Werror CONFIG_ONVME_FAULT=n and the like reach the kernel's build system by themselves.
KBUILD = $(MAKE) -C $(KDIR) M=$(CURDIR)

# The name of the folder below /lib/modules; distributions keep another one in include/config/kernel.release.
RELEASE = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h)

.DEFAULT_GOAL := modules
.PHONY: modules tools install install-tools install-sources uninstall deb rpm clean help setup demo shell test test-device test-matrix matrix-quick test-root test-builds pressure fuzz-passthru misbehaviour stress recovery-table bench fuzz check FORCE

modules: $(PROBES)
	+@$(KBUILD) modules || { echo "onvme: does not build for Linux $(RELEASE), see above; a newer onvme may: the in-tree" \
		"nvme driver keeps its devices there" >&2; exit 1; }

# What this kernel's headers offer is tried out, not guessed from a version; the script keeps the old file when nothing changed.
$(PROBES): FORCE
	@CC='$(if $(filter-out default,$(origin CC)),$(CC))' LLVM='$(LLVM)' src/compat/preflight $(KDIR)
	@src/compat/probe $(KDIR) $@

# The one program that has to be compiled; what it lacks keeps nobody from the module.
TOP_LACKS = $(MAKE) -s --no-print-directory -C tools/top lacks
tools:
	@lacks=$$($(TOP_LACKS)); test -z "$$lacks" || { echo "onvme-top: $$lacks are missing (Debian: libncurses-dev)" >&2; exit 1; }
	@$(MAKE) -s --no-print-directory -C tools/top

install: modules install-tools
	install -D -m 644 onvme.ko $(DESTDIR)/lib/modules/$(RELEASE)/updates/onvme.ko
	@test -n "$(DESTDIR)" || depmod -a $(RELEASE)

# What does not depend on a kernel; without onvme-top where it cannot be built, unless TOP=y wants it. Hooks of an initramfs are looked for below /usr only.
TOOLS = sbin/onvme-bind sbin/onvme-flight bin/onvme-top lib/modprobe.d/onvme-devices.conf share/man/man4/onvme.4 \
	share/man/man8/onvme-bind.8 share/man/man8/onvme-flight.8 share/man/man8/onvme-top.8
INITRAMFS = share/initramfs-tools/hooks/onvme lib/dracut/modules.d/90onvme/module-setup.sh

install-tools:
	install -D -m 755 scripts/onvme-bind $(DESTDIR)$(PREFIX)/sbin/onvme-bind
	install -D -m 755 scripts/flight $(DESTDIR)$(PREFIX)/sbin/onvme-flight
	install -D -m 644 packaging/modprobe.d/onvme-devices.conf $(DESTDIR)$(PREFIX)/lib/modprobe.d/onvme-devices.conf
	install -D -m 644 docs/onvme.4 $(DESTDIR)$(PREFIX)/share/man/man4/onvme.4
	install -D -m 644 docs/onvme-bind.8 $(DESTDIR)$(PREFIX)/share/man/man8/onvme-bind.8
	install -D -m 644 docs/onvme-flight.8 $(DESTDIR)$(PREFIX)/share/man/man8/onvme-flight.8
	install -D -m 755 packaging/initramfs-tools/onvme $(DESTDIR)/usr/share/initramfs-tools/hooks/onvme
	install -D -m 755 packaging/dracut/90onvme/module-setup.sh $(DESTDIR)/usr/lib/dracut/modules.d/90onvme/module-setup.sh
	@if test -n "$$($(TOP_LACKS))" && test -z "$(TOP)"; then \
		echo "onvme-top is left out: $$($(TOP_LACKS)) are missing (Debian: libncurses-dev)"; \
	else \
		$(MAKE) --no-print-directory tools && \
		install -D -m 755 $(BUILD)/top/onvme-top $(DESTDIR)$(PREFIX)/bin/onvme-top && \
		install -D -m 644 docs/onvme-top.8 $(DESTDIR)$(PREFIX)/share/man/man8/onvme-top.8; \
	fi

# What DKMS builds from.
SOURCES ?= $(DESTDIR)/usr/src/onvme-$(VERSION)
install-sources:
	install -d $(SOURCES)
	find Kbuild Kconfig Makefile VERSION include src -type f ! -name '*.o' ! -name '*.ko' ! -name '*.cmd' ! -name '*.mod*' \
		! -name '.*' ! -path $(PROBES) -exec cp -P --parents -t $(SOURCES) {} +
	sed 's/^PACKAGE_VERSION=.*/PACKAGE_VERSION="$(VERSION)"/' dkms.conf >$(SOURCES)/dkms.conf

uninstall:
	rm -f $(DESTDIR)/lib/modules/$(RELEASE)/updates/onvme.ko
	rm -f $(TOOLS:%=$(DESTDIR)$(PREFIX)/%) $(INITRAMFS:%=$(DESTDIR)/usr/%)
	@test -n "$(DESTDIR)" || depmod -a $(RELEASE)

# Packages lie in build/; each needs the tools that make it, and says which.
deb rpm:
	@scripts/package $@

clean:
	@test ! -d $(KDIR) || $(KBUILD) clean
	@for d in tests/host tests/device; do test ! -f $$d/Makefile || $(MAKE) -C $$d clean || exit; done
	rm -rf $(BUILD) $(PROBES)

setup:
	@scripts/setup

demo: setup
	@scripts/demo

shell: setup
	@scripts/shell $(if $(GDB),--gdb)

test: setup
	@tests/run

# Every scenario of the software controller on every kernel; the runner's own test first.
DEVICE_KERNELS ?= 6.1 6.12 debug
test-device: setup
	@tests/device/selftest
	@tests/device/run --kernel "$(DEVICE_KERNELS)"

# Every guest test on every kernel; then, on some, every format x PRPs and SGLs x IOMMU, bounce buffers and neither x polled and not;
# then the module without each of its options.
MATRIX_KERNELS ?= 6.1 6.12
test-matrix: setup
	@tests/matrix/kernels
	@tests/matrix/run --kernel "$(MATRIX_KERNELS)"
	@tests/matrix/options

matrix-quick: setup
	@tests/matrix/kernels --quick

# A machine with its root on onvme gets another kernel, and then a module that does not build.
test-root: setup
	@tests/root/run

# The module, compiled and no more, for every kernel that there are headers of.
test-builds: setup
	@scripts/builds

# What takes minutes of the test of memory.
pressure: setup
	@ONVME_MINUTES=$(or $(MINUTES),10) tests/run --guest --only pressure $(if $(KERNEL),--kernel $(KERNEL))

fuzz-passthru: setup
	@ONVME_FUZZ_SECONDS=$(or $(SECONDS),120) tests/run --guest --only uring-fuzz --kernel $(or $(KERNEL),debug)

misbehaviour: setup
	@tests/device/compare "$(DEVICE_KERNELS)" docs/misbehaviour.md

# MINUTES=30 instead of EVENTS; SEED= of an earlier run makes the same events again.
EVENTS ?= 1000
stress: setup
	@tests/stress/campaign $(if $(KERNEL),--kernel $(KERNEL)) $(if $(SEED),--seed $(SEED)) \
		$(if $(MINUTES),--minutes $(MINUTES),--events $(EVENTS))

recovery-table: setup
	@tests/stress/recovery-table $(if $(KERNEL),--kernel $(KERNEL)) docs/recovery.md

# WORKLOAD= only prints a table; without it docs/performance.md is written. PART= runs some of the parts of tests/bench/run.
BENCH_KERNELS ?= 6.12 6.1 7.2
ROUNDS ?= 3
PAIRS ?= 9
bench: setup
	@for k in $(BENCH_KERNELS); do \
		tests/bench/run --kernel $$k --rounds $(ROUNDS) --pairs $(PAIRS) $(if $(PART),--part '$(PART)') \
			$(if $(WORKLOAD),$(if $(PART),,--part counts) --workload '$(WORKLOAD)' --functions --out build/bench/some/$$k) || exit; \
	done
	@$(if $(WORKLOAD),:,tests/bench/report docs/performance.md $(BENCH_KERNELS:%=build/bench/%))

# Fractions of an hour will do: HOURS=0.5
HOURS ?= 1
fuzz: setup
	@tests/fuzz/long $(HOURS)

check: setup
	@scripts/check

help:
	@sed -n '/^## /s/^## //p' $(firstword $(MAKEFILE_LIST))

## onvme - make targets
##
##   make [KDIR=<headers>]      build ./onvme.ko for the running kernel, or for those headers
##   make tools                 build/top/onvme-top; needs the headers of ncurses
##   make install               install module, onvme-bind, onvme-flight, onvme-top, manual pages, hooks of the initramfs (DESTDIR=, PREFIX=/usr/local)
##   make install-tools         the same without the module; without onvme-top where ncurses is missing, unless TOP=y
##   make install-sources       what DKMS builds from, into /usr/src/onvme-VERSION (DESTDIR=, SOURCES=)
##   make uninstall             remove what install put there
##   make deb                   the Debian packages onvme-dkms and onvme-utils, into build/deb
##   make rpm                   the same as RPM packages, into build/rpm
##   make clean                 remove everything that was built in this tree
##
##   make demo                  watch an emulated NVMe device being driven by onvme in a VM
##   make shell                 a shell in that VM; GDB=1 waits for gdb first
##   make test                  host tests, guest tests, a quick set of scenarios of the software controller, fuzz targets;
##                              ends with "N passed, N failed, N skipped"
##   make test-device           all scenarios on all kernels; DEVICE_KERNELS="6.1 6.12 debug"
##   make test-matrix           every guest test on every kernel, into docs/compatibility.md; then data written and read back in
##                              every format, by PRPs and SGLs, behind an IOMMU and through bounce buffers, polled and by
##                              interrupt; MATRIX_KERNELS="6.1 6.12"; then the module without each of its options
##   make matrix-quick          on every kernel the guest tests of one topology
##   make test-root             Debian with its root on onvme: boot, another kernel by DKMS, a module that does not build; as root
##   make test-builds           build for each kernel from 6.1 to the newest that headers can be had of, and print a table
##   make fuzz-passthru         commands of users at random, by io_uring and ioctl, on the debug kernel; SECONDS=120, ONVME_SEED=, KERNEL=
##   make pressure              swap to a disk, and full memory groups, while memory runs out, for ten minutes; MINUTES=, KERNEL=
##   make misbehaviour          test-device for the in-tree driver too, and the comparison into docs/misbehaviour.md
##   make stress                thousand accidents under I/O in a VM, nothing may be lost; EVENTS=, MINUTES=, KERNEL=, SEED=
##   make recovery-table        the same accidents under onvme and the in-tree driver, and their times into docs/recovery.md
##   make bench                 what an I/O costs, counted in instructions beside the in-tree driver, time, memory, and more
##                              processors, into docs/performance.md; PART="counts iops memory start scaling",
##                              WORKLOAD=qd1-read, ROUNDS=, PAIRS=, BENCH_KERNELS=
##   make fuzz HOURS=1          fuzz targets and random scenarios on the debug kernel
##   make check                 static checks (scripts/check fast: the quick ones)
##   make setup                 install the packages that demo, shell, test and check need
##
##   V=1 W=1 C=2 KCFLAGS=...    are passed on to the kernel's build system
