# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Checks of the module as the kernel's build system makes it: warnings, sparse, clang, and what the objects tell.

# Headers of a kernel series: an installed package, or what scripts/kernels keeps in the cache (it fetches them when asked).
kdir_of() {
    local d
    for d in /usr/src/linux-headers-"$1".*-amd64; do
        [ ! -f "$d/include/config/kernel.release" ] || { echo "$d" && return; }
    done
    (eval "$("$ONVME_TREE/scripts/kernels" get "$1" 2>/dev/null)" && [ -n "${kdir:-}" ] && echo "$kdir")
}

# The objects that the layer, purity and size checks look at.
MAIN_SERIES=6.1

build_dir() { echo "$WORK/build-$1"; }

# Bring the copy up to date; what did not change keeps its time, so that kbuild makes only what it must.
copy_sources() {
    local to=$1 list=$1/.sources
    mkdir -p "$to"
    find Kbuild Kconfig Makefile VERSION include src -type f \( -name '*.[chS]' -o ! -name '*.*' -o -name '*.lds' \) \
        ! -name '.*' ! -path src/compat/probed.h 2>/dev/null | LC_ALL=C sort >"$list.new"
    # A source that was deleted here must be gone there.
    if [ -f "$list" ]; then
        comm -23 "$list" "$list.new" | (cd "$to" && xargs -r rm -f)
    fi
    xargs -a "$list.new" cp -p --parents -u -t "$to" || return 1
    # cp -u leaves a copy alone that is newer than its source, as after switching branches.
    while read -r f; do
        cmp -s "$f" "$to/$f" || cp --parents "$f" "$to"
    done <"$list.new"
    mv "$list.new" "$list"
}

kbuild() { # KDIR DIR ARGUMENT...
    local kdir=$1 dir=$2
    shift 2
    (cd "$dir" && src/compat/probe "$kdir" src/compat/probed.h) &&
        make -C "$kdir" M="$dir" -j"$(nproc)" -k W=1 KCFLAGS="-Werror -fstack-usage" "$@" modules
}

# compile SERIES: once per run of scripts/check, whoever asks first; the others wait for it.
compile() {
    [ -f Kbuild ] || { skip "there is no Kbuild yet"; return; }
    with_lock "check-${WORK##*/}-$1" compile_locked "$1"
}

compile_locked() {
    local series=$1 dir kdir log=$OUT/compile-$1.log status
    dir=$(build_dir "$series")
    if [ ! -f "$OUT/compile-$series" ]; then
        kdir=$(kdir_of "$series")
        [ -n "$kdir" ] || { skip "no headers for Linux $series"; return; }
        { copy_sources "$dir" && kbuild "$kdir" "$dir"; } >"$log" 2>&1
        status=$?
        echo "$status" >"$OUT/compile-$series"
    fi
    status=$(cat "$OUT/compile-$series")
    [ "$status" -eq 0 ] && return
    grep -E '(error|warning|fatal error|Error)[: ]' "$log" | grep -vE '^make|cc1: all warnings' | sed "s|$dir/||g" | head -n 40
    return 1
}

# built SERIES: for the checks that read objects or flags; what is wrong with the build is for warnings-* to say.
built() {
    compile "$1" >/dev/null
    case $? in
    0) ;;
    "$SKIP") return "$SKIP" ;;
    *) echo "the build fails, see warnings-$1" && return 1 ;;
    esac
}

release_of() { sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' "$(kdir_of "$1")/include/generated/utsrelease.h"; }

warnings() {
    compile "$1" || return
    [ -f "$(build_dir "$1")/onvme.ko" ] || { echo "no onvme.ko"; return 1; }
    detail "$(find "$(build_dir "$1")/src" -name '*.o' | wc -l) objects, $(release_of "$1")"
}
# Whatever can be left out is left out at once; tests/matrix/options does it one by one, and tests what is left.
check_options() {
    local kdir dir=$WORK/options log=$OUT/options.log options
    kdir=$(kdir_of 6.12)
    [ -n "$kdir" ] || { skip "no headers for Linux 6.12"; return; }
    mapfile -t options < <(sed -n 's/^\(CONFIG_ONVME_[A-Z0-9]*\) ?=.*/\1=n/p' Kbuild)
    detail "${#options[@]} options"
    { copy_sources "$dir" && kbuild "$kdir" "$dir" "${options[@]}"; } >"$log" 2>&1 && [ -f "$dir/onvme.ko" ] && return
    grep -E '(error|warning|fatal error|Error)[: ]' "$log" | grep -vE '^make|cc1: all warnings' | sed "s|$dir/||g" | head -n 40
    return 1
}

check_warnings_6_1() { warnings 6.1; }
check_warnings_6_12() { warnings 6.12; }

# C=2 runs sparse over all sources without compiling them again. Warnings about the kernel's own headers are not ours.
run_sparse() {
    local dir kdir status log=$OUT/sparse-$1.out
    have sparse || return
    built "$1" || return
    dir=$(build_dir "$1") kdir=$(kdir_of "$1")
    kbuild "$kdir" "$dir" C=2 CHECK="$ONVME_TREE/scripts/check.d/sparse-once" CF=-D__CHECK_ENDIAN__ >"$log" 2>&1
    status=$?
    if grep -F "$dir/" "$log" | grep -E '(warning|error): ' | sed "s|$dir/||g"; then
        return 1
    fi
    if [ $status -ne 0 ] || ! grep -q ' CHECK ' "$log"; then
        echo "sparse did not run" && tail -n 5 "$log"
        return 1
    fi
    detail "$(grep -c ' CHECK ' "$log") sources"
}
check_sparse_6_1() { with_lock "check-${WORK##*/}-sparse" run_sparse 6.1; }
check_sparse_6_12() { with_lock "check-${WORK##*/}-sparse" run_sparse 6.12; }

# clang parses every source with the flags that gcc got, less those it does not know. It does not generate code: the
# headers are configured for gcc.
clang_one() {
    local cmd=$1 args
    args=$(sed -n 's/^\(saved\)\{0,1\}cmd_[^ ]* := *//p' "$cmd" | head -n 1 | sed 's/;.*//' | tr ' ' '\n' |
        grep -vE '^(|gcc.*|-Wp,.*|-c|-o|.*\.o|-mpreferred-stack-boundary=.*|-mindirect-branch.*|-mfunction-return.*)$' |
        grep -vE '^-(fno-allow-store.*|fconserve-stack|falign-.*|mrecord-mcount|ftrivial-auto.*|fstack-usage|fmin-function.*)$')
    # shellcheck disable=SC2086 # the flags are words, some of them quoted
    eval clang -fsyntax-only -Qunused-arguments -Wno-unknown-warning-option -Wno-ignored-optimization-argument -Wno-gnu \
        $args
}

check_clang() {
    local dir kdir status=1
    have clang || return
    built $"$MAIN_SERIES" || return
    dir=$(build_dir "$MAIN_SERIES") kdir=$(kdir_of "$MAIN_SERIES")
    export -f clang_one
    find "$dir/src" -name '.*.o.cmd' ! -path '*/probes/*' >"$OUT/clang.list"
    [ -s "$OUT/clang.list" ] || { echo "no sources"; return 1; }
    (cd "$kdir" && xargs -a "$OUT/clang.list" -P "$(nproc)" -I{} bash -c 'clang_one {}') >"$OUT/clang.out" 2>&1 && status=0
    grep -E 'error|warning' "$OUT/clang.out" | sed "s|$dir/||g"
    detail "$(wc -l <"$OUT/clang.list") sources, $(clang --version | sed -n '1s/.*version /clang /p' | cut -d' ' -f1-2)"
    return $status
}

# Objects in the order of Kbuild, which is the order of the layers.
objects() {
    sed -e ':a' -e '/\\$/N; s/\\\n//; ta' Kbuild |
        sed -n 's/^onvme-\(y\|objs\|\$([A-Z_0-9]*)\)[[:space:]]*[:+]*=//p' | tr -s ' \t' '\n' | grep '\.o$'
}

check_layers() {
    built $"$MAIN_SERIES" || return
    layers "$(build_dir "$MAIN_SERIES")" <<<"$(objects)"
}

# layers DIR: read object names, lowest first; print every use of something that is defined in a later one.
layers() {
    local dir=$1 o
    while read -r o; do
        [ -f "$dir/$o" ] || { echo "? $o"; continue; }
        echo "= $o"
        nm "$dir/$o" | awk 'NF == 3 && $2 ~ /[A-TV-Z]/ { print "D", $3 } NF == 2 && $1 ~ /[Uwv]/ { print "U", $2 }'
    done >"$OUT/layers.in"
    # Every source is in the list: one that is not would be checked by nobody.
    (find src -name '*.c' ! -path 'src/compat/probes/*' | sed 's/c$/o/' | LC_ALL=C sort) >"$OUT/layers.sources"
    sed -n 's/^[=?] //p' "$OUT/layers.in" | LC_ALL=C sort | comm -13 - "$OUT/layers.sources" |
        sed 's/^/in no list of Kbuild: /' >"$OUT/layers.out"
    awk '
        $1 == "?" { print $2 " is listed in Kbuild but was not built"; next }
        $1 == "=" { object = $2; order[object] = ++n; next }
        $1 == "D" { owner[$2] = object; next }
        { uses[object, $2]; next }
        END {
            for (pair in uses) {
                split(pair, p, SUBSEP)
                o = owner[p[2]]
                if (o != "" && order[o] > order[p[1]])
                    print p[1] " uses " p[2] " of " o
            }
        }' "$OUT/layers.in" | LC_ALL=C sort >>"$OUT/layers.out"
    cat "$OUT/layers.out"
    detail "$(grep -c '^=' "$OUT/layers.in") objects"
    [ ! -s "$OUT/layers.out" ]
}

# What a pure object may leave to others: compiler helpers, mem*, str*, snprintf.
PURE='^(mem[a-z]+|__mem[a-z]+|str[a-z]+|snprintf|__fentry__|__x86_(return_thunk|indirect_thunk_.*)|__stack_chk_fail)$'
PURE="$PURE|^(__(ubsan|asan|kasan|sanitizer|tsan|gcov|llvm)_.*|(__)?fortify_panic|__ref_stack_chk_guard|__SCT__.*)\$"

check_purity() {
    local dir list
    built $"$MAIN_SERIES" || return
    dir=$(build_dir "$MAIN_SERIES")
    mapfile -t list < <(objects | grep '^src/proto/')
    [ ${#list[@]} -gt 0 ] || { echo "no object of src/proto in Kbuild"; return 1; }
    (cd "$dir" && nm "${list[@]}") >"$OUT/purity.nm" || return 1
    awk 'NF == 3 && $2 ~ /[A-TV-Z]/ { print $3 }' "$OUT/purity.nm" | LC_ALL=C sort -u >"$OUT/purity.own"
    (cd "$dir" && nm -A -u "${list[@]}") | sed 's/: *U / /' | sort -k2 |
        LC_ALL=C awk -v own="$OUT/purity.own" -v pure="$PURE" '
            BEGIN { while ((getline s < own) > 0) mine[s] }
            !($2 in mine) && $2 !~ pure { print $1 " uses " $2; bad = 1 }
            END { exit bad }' || return 1
    detail "${#list[@]} objects"
}
