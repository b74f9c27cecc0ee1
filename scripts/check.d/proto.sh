# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Checks of src/proto as ordinary C: compilers and analysers on the host, its tests, their coverage, the fuzz targets; and of onvme-top.

PROTO_STRICT="-std=gnu11 -Wall -Wextra -Wconversion -Wshadow -Wundef -Wvla -Wstrict-prototypes -Wmissing-prototypes -Werror"
PROTO_INCLUDE="-Itests/host/shim -Iinclude -Isrc/proto"

# Each header by itself, too: it must not need what its user happens to include before it. clang warns of conversions where
# gcc knows the range of the value, so that part is gcc's.
strict_one() {
    local f=$1 compiler
    local gcc="gcc $PROTO_STRICT $PROTO_INCLUDE -O2 -c -o /dev/null -x c -"
    local clang="clang $PROTO_STRICT -Wno-conversion $PROTO_INCLUDE -fsyntax-only -x c -"
    for compiler in "$gcc -fanalyzer" "${HAVE_M32:+$gcc -m32}" "$clang"; do
        echo "#include \"$f\"" | $compiler -I. 2>&1
    done
}

# What is switched off: what the kernel does in another way (if (memcmp()), memset at all), and conversions, which are gcc's.
TIDY='clang-analyzer-*,bugprone-*,misc-redundant-expression,misc-misplaced-const,readability-misleading-indentation'
TIDY="$TIDY,readability-redundant-*,-clang-analyzer-security.insecureAPI.DeprecatedOrUnsafeBufferHandling"
TIDY="$TIDY,-bugprone-narrowing-conversions,-bugprone-suspicious-string-compare"
TIDY="$TIDY,-bugprone-easily-swappable-parameters,-bugprone-reserved-identifier,-bugprone-macro-parentheses"

check_proto_strict() {
    local m32='without -m32'
    have gcc clang clang-tidy cppcheck || return
    HAVE_M32=''
    if echo 'int main(void) { return 0; }' | gcc -m32 -x c - -o /dev/null 2>/dev/null; then
        HAVE_M32=1 m32='with -m32'
    fi
    export HAVE_M32 PROTO_STRICT PROTO_INCLUDE
    export -f strict_one
    ls src/proto/*.[ch] >"$OUT/strict.list"
    {
        xargs -a "$OUT/strict.list" -P "$(nproc)" -I{} bash -c 'strict_one {}'
        # shellcheck disable=SC2086 # flags are words
        grep 'c$' "$OUT/strict.list" | xargs -P "$(nproc)" -I{} clang-tidy --quiet --warnings-as-errors='*' \
            --checks="-*,$TIDY" {} -- -std=gnu11 $PROTO_INCLUDE 2>/dev/null
        # shellcheck disable=SC2086
        cppcheck --quiet --error-exitcode=1 --enable=warning,performance,portability --inline-suppr --std=c11 \
            --suppress=missingIncludeSystem --suppress=missingInclude -Iinclude -Isrc/proto src/proto 2>&1
    } >"$OUT/strict.out"
    cat "$OUT/strict.out"
    detail "$(wc -l <"$OUT/strict.list") files, $m32"
    [ ! -s "$OUT/strict.out" ]
}

check_host() {
    have gcc || return
    make -C tests/host --no-print-directory -j"$(nproc)" O="$WORK/host" check >"$OUT/host.out" 2>&1
    local status=$?
    grep -E '^(not ok|# )|error|Error' "$OUT/host.out" | grep -v '^# host tests: .* 0 failed'
    detail "$(sed -n 's/^# host tests: //p' "$OUT/host.out")"
    return $status
}

check_big_endian() {
    have clang s390x-linux-gnu-ld qemu-s390x || return
    echo 'int main(void) { return 0; }' | clang --target=s390x-linux-gnu -static -x c -o "$OUT/big" - 2>/dev/null ||
        { skip "no C library for s390x (libgcc-*-dev-s390x-cross, libc6-dev-s390x-cross)"; return; }
    make -C tests/host --no-print-directory -j"$(nproc)" O="$WORK/host" big-endian >"$OUT/big.out" 2>&1
    local status=$?
    grep -E '^(not ok|# )|error|Error' "$OUT/big.out" | grep -v '^# host tests: .* 0 failed'
    detail "$(sed -n 's/^# host tests: //p' "$OUT/big.out")"
    return $status
}

# Both compilers; conversions are gcc's here, too.
check_top() {
    local status=0 lacks
    have gcc clang || return
    lacks=$(make -s -C tools/top lacks)
    [ -z "$lacks" ] || { skip "no $lacks (scripts/check.packages)"; return; }
    {
        make -s -C tools/top -j"$(nproc)" O="$WORK/top/gcc" CFLAGS="-O2 -g -Wconversion -Wno-sign-conversion -Werror" &&
            make -s -C tools/top -j"$(nproc)" O="$WORK/top/clang" CC=clang CFLAGS="-O2 -g -Werror" &&
            make -C tests/top --no-print-directory -j"$(nproc)" O="$WORK/top/test" check
    } >"$OUT/top.out" 2>&1 || status=$?
    grep -E '^(not ok|# )|error|Error' "$OUT/top.out" | grep -v '^# host tests: .* 0 failed'
    detail "$(sed -n 's/^# host tests: //p' "$OUT/top.out")"
    return $status
}

check_coverage() {
    have clang llvm-cov llvm-profdata || return
    make -C tests/host --no-print-directory -j"$(nproc)" O="$WORK/host" coverage >"$OUT/coverage.out" 2>&1 ||
        { cat "$OUT/coverage.out"; return 1; }
    detail "$(sed -n 's/^coverage of src.proto: //p' "$OUT/coverage.out")"
}

check_fuzz() {
    have clang || return
    make -C tests/fuzz --no-print-directory O="$WORK/fuzz" SECONDS="${ONVME_FUZZ_SECONDS:-20}" run >"$OUT/fuzz.out" 2>&1 ||
        { cat "$OUT/fuzz.out"; return 1; }
    detail "$(grep -c '^ok' "$OUT/fuzz.out") targets, $(awk '/^ok/ { n += $4 } END { print n }' "$OUT/fuzz.out") runs"
}

# Semantic patches of the kernel whose findings in other drivers were bugs, and ours in check.d/*.cocci.
COCCI='free null locks misc iterators tests'

check_coccinelle() {
    local scripts p kdir
    have spatch || return
    scripts=$(linux_scripts) || { skip "cannot fetch the package linux-source"; return; }
    kdir=$(kdir_of "$MAIN_SERIES")
    for p in $COCCI; do find "$scripts/coccinelle/$p" -name '*.cocci'; done >"$OUT/cocci.list"
    find scripts/check.d -name '*.cocci' >>"$OUT/cocci.list"
    # A patch that needs a newer spatch is none of our business; one that finds something is.
    export kdir
    xargs -a "$OUT/cocci.list" -P "$(nproc)" -I{} sh -c 'grep -q "virtual report" {} || exit 0
        timeout 120 spatch -D report --very-quiet --no-show-diff --include-headers --cocci-file {} --dir src -I include 2>/dev/null' \
        >"$OUT/cocci.out"
    sort -u "$OUT/cocci.out" | grep -v '^$'
    detail "$(wc -l <"$OUT/cocci.list") semantic patches"
    ! grep -q . "$OUT/cocci.out"
}
