# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Checks that read the text: style, documentation, sizes, and words that have no place here.

kernel_sources() { find src include -name '*.[ch]' ! -path src/compat/probed.h | LC_ALL=C sort; }
tool_sources() { find tools -name '*.[ch]' | LC_ALL=C sort; }
user_sources() { { find tests -name '*.[ch]' ! -path 'tests/host/shim/*'; tool_sources; } | LC_ALL=C sort; }

# Files of the kernel's source package that no headers package has: checkpatch and the semantic patches.
linux_scripts() {
    local dir=$CACHE/linux-scripts
    [ -f "$dir/scripts/checkpatch.pl" ] || with_lock check-linux-scripts fetch_linux_scripts "$dir" >&2 || return 1
    echo "$dir/scripts"
}

fetch_linux_scripts() {
    local dir=$1 tmp=$1.new deb tar
    [ ! -f "$dir/scripts/checkpatch.pl" ] || return 0
    rm -rf "$tmp" && mkdir -p "$tmp/deb" || return 1
    (cd "$tmp/deb" && apt-get download -q "linux-source-$(default_series)" >/dev/null 2>&1) || return 1
    deb=$(echo "$tmp"/deb/*.deb)
    tar=$(dpkg-deb --fsys-tarfile "$deb" | tar -t | grep '^\./usr/src/linux-source-.*\.tar\.xz$')
    dpkg-deb --fsys-tarfile "$deb" | tar -x -O "$tar" | tar -x -J -C "$tmp" --strip-components=1 --wildcards \
        '*/scripts/checkpatch.pl' '*/scripts/spelling.txt' '*/scripts/const_structs.checkpatch' '*/scripts/coccinelle/*' ||
        return 1
    rm -rf "$tmp/deb" "$dir"
    mv "$tmp" "$dir"
}

# A line of .checkpatch.conf holds for all files; "# only <file>: TYPE,TYPE reason" for one. Programs are no kernel code.
CHECKPATCH_USER=ARRAY_SIZE,CAMELCASE,COMPLEX_MACRO,MACRO_WITH_FLOW_CONTROL,MINMAX,PREFER_DEFINED_ATTRIBUTE_MACRO

# checkpatch_run IGNORE FILE...: it leaves a cache of names in its directory when there is a .git, hence the other one.
checkpatch_run() {
    local ignore=$1
    shift
    perl "$SCRIPTS/checkpatch.pl" --no-summary --terse --show-types --no-codespell ${ignore:+--ignore "$ignore"} -f "$@" 2>&1 |
        grep -vE "^find: ./include.: No such|uninitialized value .root in"
    return 0
}

# Files that need the same options go together: starting checkpatch costs more than a file does.
checkpatch_groups() {
    local file ignore
    while read -r file; do
        ignore=$(sed -n "s|^# only $file: \([A-Z_,]*\).*|\1|p" .checkpatch.conf | paste -sd, -)
        [[ $file == src/* || $file == include/* ]] || ignore=${ignore:+$ignore,}$CHECKPATCH_USER
        echo "'$ignore' $file"
    done | LC_ALL=C sort | awk '
        $1 != last || ++n > 24 { printf "%s%s", (NR > 1 ? "\n" : ""), $1; last = $1; n = 0 }
        { printf " %s", $2 }
        END { print "" }'
}

check_checkpatch() {
    have perl || return
    SCRIPTS=$(linux_scripts) || { skip "cannot fetch the package linux-source"; return; }
    export SCRIPTS
    export -f checkpatch_run
    { kernel_sources; user_sources; } | grep -v '^src/compat/probes/' >"$OUT/checkpatch.list"
    mkdir "$OUT/checkpatch" && ln -s "$ONVME_TREE"/{src,include,tests,tools,.checkpatch.conf} "$OUT/checkpatch"
    checkpatch_groups <"$OUT/checkpatch.list" >"$OUT/checkpatch.groups"
    detail "$(wc -l <"$OUT/checkpatch.list") files"
    # shellcheck disable=SC2046 # file names of ours have no blanks
    unchanged checkpatch .checkpatch.conf "$SCRIPTS/checkpatch.pl" $(cat "$OUT/checkpatch.list") && return
    (cd "$OUT/checkpatch" && xargs -a ../checkpatch.groups -d '\n' -P "$(nproc)" -I{} bash -c 'checkpatch_run {}') |
        LC_ALL=C sort >"$OUT/checkpatch.out"
    cat "$OUT/checkpatch.out"
    [ ! -s "$OUT/checkpatch.out" ] && remember checkpatch
}

# The newest kernel-doc at hand: only from 6.2 on it can be told to miss descriptions and return values.
kernel_doc() {
    local k
    for k in 6.12 6.1; do
        k=$(kdir_of $k)/scripts/kernel-doc
        [ ! -f "$k" ] || { echo "$k" && return; }
    done
    return 1
}

check_kernel_doc() {
    local tool flags=(-none)
    tool=$(kernel_doc) || { skip "no kernel-doc in the headers"; return; }
    ! grep -q 'eq "Wall"' "$tool" || flags+=(-Wall)
    # shellcheck disable=SC2046 # file names of ours have no blanks
    perl "$tool" "${flags[@]}" $(kernel_sources) $(tool_sources) >"$OUT/kernel-doc.out" 2>&1
    if built "$MAIN_SERIES"; then undocumented; fi >>"$OUT/kernel-doc.out"
    cat "$OUT/kernel-doc.out"
    detail "$(kernel_sources | xargs grep -c '^/\*\*$' | awk -F: '{ n += $2 } END { print n }') comments"
    [ ! -s "$OUT/kernel-doc.out" ]
}

# Global functions, from the objects, that no kernel-doc comment names. compat.c stands in for documented functions of the
# kernel; entry points of the module and what the trace macros make have no reader.
undocumented() {
    kernel_sources | xargs grep -hoP '^ \* \K[a-z_0-9]+(?=\(\) - )' | LC_ALL=C sort -u >"$OUT/documented"
    (cd "$(build_dir "$MAIN_SERIES")" && objects | grep -v '^src/compat/' | xargs nm -A) |
        awk '$2 == "T" || $3 == "T" { sub(/:.*/, "", $1); print $NF, $1 }' | LC_ALL=C sort |
        LC_ALL=C join -v1 - "$OUT/documented" |
        awk '$1 !~ /^(init_module|cleanup_module|__traceiter_.*|__probestub_.*|__pfx_.*|__SCT.*|__cfi_.*)$/ {
            print $2 ": no kernel-doc for " $1 "()" }'
}

# Files that hold data and may be longer, each with its reason.
long_header() {
    case $1 in
    include/onvme/spec.h) ;;    # the wire, one structure after the other
    include/onvme/uapi.h) ;;    # the same, of what our own tools read
    src/trace_io.h) ;;          # one trace event after the other
    src/proto/ident.h) ;;       # two structures, a line of documentation for each member
    src/ctrl.h) ;;              # one such structure
    *) return 1 ;;
    esac
}

check_sizes() {
    local f n most=0
    : >"$OUT/sizes.out"
    for f in $(kernel_sources) $(tool_sources); do
        n=$(wc -l <"$f")
        case $f in
        *.c) [ "$n" -le 700 ] || echo "$f: $n lines, at most 700" ;;
        *.h) [ "$n" -le 150 ] || long_header "$f" || echo "$f: $n lines, at most 150" ;;
        esac
    done >>"$OUT/sizes.out"
    # A body runs from a brace in the first column to the next one that closes there.
    { kernel_sources; tool_sources; } | xargs awk '
        FNR == 1 { start = 0 }
        /^[a-z].*\(/ && !/;$/ { name = $0; sub(/\(.*/, "", name); sub(/.*[ *]/, "", name) }
        /^\{/ { start = FNR }
        /^\}/ && start {
            if (FNR - start - 1 > 80)
                print FILENAME ": " name "() has " FNR - start - 1 " lines, at most 80"
            start = 0
        }' >>"$OUT/sizes.out"
    if built "$MAIN_SERIES" >/dev/null; then
        most=$(frames "$(build_dir "$MAIN_SERIES")")
    fi
    cat "$OUT/sizes.out"
    detail "largest frame $most bytes"
    [ ! -s "$OUT/sizes.out" ] || return 1
    [ "$most" != 0 ] || { echo "frames were not measured: the build fails"; return 1; }
}

# Stack frames above 1024 bytes go to the findings; prints the largest.
frames() {
    find "$1/src" -name '*.su' ! -path '*/probes/*' -print0 | xargs -0 cat | awk -F '\t' -v out="$OUT/sizes.out" -v dir="$1/" '
        { sub(dir, "", $1) }
        $2 > 1024 { print $1 ": frame of " $2 " bytes, at most 1024" >>out }
        $2 > most { most = $2 }
        END { print most + 0 }'
}

# found PATTERN FILE...: print the lines that match outside comments; fail if there are any.
found() {
    local pattern=$1
    shift
    [ $# -gt 0 ] || return 0
    ! awk -v pattern="$pattern" '
        FNR == 1 { comment = 0 }
        {
            text = $0
            if (comment) { if (!sub(/^.*\*\//, "", text)) next; comment = 0 }
            gsub(/\/\*([^*]|\*[^\/])*\*\//, "", text)
            if (sub(/\/\*.*$/, "", text)) comment = 1
            if (text ~ pattern) { print FILENAME ":" FNR ": " $0; hit = 1 }
        }
        END { exit !hit }' "$@"
}

outside() { kernel_sources | grep -vE "$1"; }

check_no_if() {
    # shellcheck disable=SC2046 # file names of ours have no blanks
    found '^[ \t]*#[ \t]*(if|ifdef|ifndef|elif)([^a-z]|$)' $(outside '^src/compat/|\.h$')
}

check_versions() {
    # shellcheck disable=SC2046
    found 'LINUX_VERSION|KERNEL_VERSION|RHEL_|linux/version\.h|UTS_RELEASE' $(outside '^src/compat/')
}

check_mmio() {
    # shellcheck disable=SC2046
    found '(^|[^a-z_])(__raw_|lo_hi_|hi_lo_)?((read|write)[bwlq]|io(read|write)[0-9]+)(be)?(_relaxed)?[ ]*\(' \
        $(outside '^src/(hw|queue|rings)\.[ch]$')
}

check_devm() {
    # shellcheck disable=SC2046
    found '(^|[^a-z_])devm_' $(outside '^$')
}

check_todo() {
    # shellcheck disable=SC2046 # comments are what this one is about
    ! grep -nwE 'TODO|FIXME|XXX|HACK' $(kernel_sources) Kbuild Makefile Kconfig 2>/dev/null
}

# What git knows or would add: not the objects, not what somebody left lying about.
tree_files() {
    if [ -d .git ]; then
        git ls-files --cached --others --exclude-standard
    else
        find . -type f ! -path './build/*' | sed 's|^\./||'
    fi | while read -r f; do [ ! -f "$f" ] || echo "$f"; done
}

shell_scripts() {
    tree_files | while read -r f; do
        case $f in
        *.sh) echo "$f" ;;
        *) head -n 1 "$f" | grep -aqE '^#!.*(/|env )(ba|da|busybox )?sh|^# shellcheck shell=' && echo "$f" ;;
        esac
    done
}

check_shell() {
    have shellcheck || return
    shell_scripts >"$OUT/shell.list"
    [ -s "$OUT/shell.list" ] || { echo "no scripts found"; return 1; }
    detail "$(wc -l <"$OUT/shell.list") scripts"
    # shellcheck disable=SC2046 # file names of ours have no blanks
    unchanged shell $(cat "$OUT/shell.list") && return
    # Functions that a library calls by name look unreachable (SC2317); "xargs sh -c" with {} looks unquoted (SC2016).
    xargs -a "$OUT/shell.list" -P "$(nproc)" -n 8 shellcheck -x -e SC2317,SC2016 -f gcc && remember shell
}

# Words of the specification, of modinfo and of sysfs that codespell takes for mistakes.
SPELLING_IGNORE=nd,numer,ans,cmic,fpr,wan,te,ue,parm,mor,inflight

check_spelling() {
    have codespell || return
    tree_files | grep -vE '^(LICENSE|tests/fuzz/corpus/)' >"$OUT/spelling.list"
    detail "$(wc -l <"$OUT/spelling.list") files"
    xargs -a "$OUT/spelling.list" codespell -L "$SPELLING_IGNORE" >"$OUT/spelling.out" 2>&1
    cat "$OUT/spelling.out"
    [ ! -s "$OUT/spelling.out" ]
}
