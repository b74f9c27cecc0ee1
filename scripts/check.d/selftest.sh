# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A check that cannot fail is worth nothing: plant one violation per check in a copy of the tree, and see it found.

# plant_NAME changes the copy, which is the current directory. The checks whose names differ by a series share one.
append() { printf '%s\n' "$2" >>"$1"; }

plant_warnings() { append src/proto/fsm.c 'static int onvme_unused(void) { return 0; }'; }
plant_sparse() {
    append src/proto/fsm.c 'u32 onvme_planted(__le32 x); u32 onvme_planted(__le32 x) { return (u32)x + 1; }'
}
# gcc lets this one pass, or the build would stop before clang is asked.
plant_clang() { append src/proto/fsm.c 'int onvme_planted(int x); int onvme_planted(int x) { x = x; return x; }'; }
plant_host() { sed -i 's/entries -= 1;/entries -= 0;/' src/proto/prp.c; }
plant_big_endian() { sed -i '0,/le32_to_cpu(\(id->elbaf\[format\]\))/s//(u32)\1/' src/proto/pi.c; }
plant_options() { append src/hostmem.h 'int onvme_planted(void);
#ifndef CONFIG_ONVME_HMB
static int onvme_planted2(void) { return onvme_planted(); }
#endif'; }
plant_top() { sed -i 's/wanted - seen) \/ count/wanted - seen)/' tools/top/hist.c; }
plant_coverage() {
    {
        echo 'int onvme_planted(int x);'
        echo 'int onvme_planted(int x)'
        echo '{'
        for i in $(seq 60); do echo "	if (x == $i) x++;"; done
        echo '	return x;'
        echo '}'
    } >>src/proto/fsm.c
}
plant_fuzz() { sed -i 's/at > ONVME_IDENTIFY_SIZE ||/at > ONVME_IDENTIFY_SIZE + 8 ||/' src/proto/ident.c; }
plant_checkpatch() { append src/proto/fsm.c 'static int  onvme_planted ( int x ){ return x ; }'; }
plant_kernel_doc() { sed -i '0,/^ \* @state:/{/^ \* @state:/d}' src/proto/fsm.c; }
plant_man() { sed -i 's/^#define ONVME_MAX_TIMEOUT_S.*/#define ONVME_MAX_TIMEOUT_S 7200/' src/param.c; }
plant_layers() { append src/proto/prp.c 'void onvme_planted(void); extern const char *onvme_policy_verdict_text(int v);
void onvme_planted(void) { onvme_policy_verdict_text(0); }'; }
plant_purity() { append src/proto/prp.c 'void schedule(void); void onvme_planted(void); void onvme_planted(void) { schedule(); }'; }
plant_sizes() {
    {
        echo 'void onvme_planted(void);'
        echo 'void onvme_planted(void)'
        echo '{'
        for _ in $(seq 81); do echo '	;'; done
        echo '}'
    } >>src/proto/prp.c
}
plant_no_if() { append src/proto/prp.c '#ifdef ONVME_PLANTED
#endif'; }
plant_versions() { append src/proto/prp.h '#define ONVME_PLANTED (LINUX_VERSION_CODE > 5)'; }
plant_mmio() { append src/proto/prp.h '#define ONVME_PLANTED(x) readl(x)'; }
plant_devm() { append src/proto/prp.h '#define ONVME_PLANTED(x) devm_kzalloc(x, 1, 1)'; }
plant_todo() { append src/proto/prp.h '/* TO''DO: planted */'; }
plant_shell() { append scripts/check 'echo $planted'; }
plant_spelling() { append src/proto/prp.h '/* rec''ieve */'; }
plant_proto_strict() {
    append src/proto/fsm.c 'u8 onvme_planted(int x); u8 onvme_planted(int x) { return x; }'
}
plant_coccinelle() {
    append src/proto/fsm.c 'void kfree(void *p); void onvme_planted(char *p); void onvme_planted(char *p) { kfree(p); *p = 0; }'
}

# The second thing a check looks at, where one violation would hide that the other half sleeps.
plant2_sizes() { append src/proto/prp.c 'void onvme_planted2(char *p); void onvme_planted2(char *p)
{
	volatile char big[2000]; big[0] = *p; *p = big[1];
}'; }
plant2_kernel_doc() { append src/proto/fsm.c 'int onvme_planted(int x); int onvme_planted(int x) { return x; }'; }
plant2_man() { append docs/onvme.4 '.Nosuch macro'; }
plant2_layers() { append src/planted.c 'int onvme_planted;'; }
plant2_top() { append tools/top/screen.c 'static int top_planted(int x) { return x; }'; }
plant2_host() { append tests/host/t_ring.c '#error planted'; }

plant_of() { local n=${1%-6.*}; echo "plant_${n//-/_}"; }

# verdict NAME FILE: run the copy's own scripts/check; ok, FAIL or skip; what it found goes to FILE.
verdict() {
    ONVME_FUZZ_SECONDS=3 ONVME_CHECK_LINES=9999 scripts/check "$1" >"$2.all" 2>&1
    sed -n 's/^      //p' "$2.all" | LC_ALL=C sort -u >"$2"
    awk 'NR == 1 { print $1 }' "$2.all"
}

fresh_copy() {
    # Contents, not times: what did not change must not be built again.
    (cd "$ONVME_TREE" && tree_files | cpio -pdm --quiet "$1" 2>/dev/null)
}

restore() {
    local f
    rm -f "$SELF/tree/src/planted.c"
    (cd "$ONVME_TREE" && tree_files) | while read -r f; do
        cmp -s "$ONVME_TREE/$f" "$SELF/tree/$f" || (cd "$ONVME_TREE" && cp --parents "$f" "$SELF/tree")
    done
}

# A tree that has faults of its own must not hide that a check sleeps: something new must be found.
selftest_one() {
    local name=$1 plant=$2 before after new
    before=$(verdict "$name" "$SELF/before")
    if [ "$before" = skip ]; then
        printf '%-5s %-14s %s\n' skip "$name" "$(sed -n '1s/^skip *[^ ]* *//p' "$SELF/before.all")"
        skipped=$((skipped + 1))
        return
    fi
    $plant
    after=$(verdict "$name" "$SELF/after")
    new=$(LC_ALL=C comm -13 "$SELF/before" "$SELF/after" | grep -m 1 .)
    if [ "$after" = FAIL ] && [ -n "$new" ]; then
        printf '%-5s %-14s %s\n' ok "$name" "$plant: ${new:0:100}"
        passed=$((passed + 1))
    else
        printf '%-5s %-14s %s\n' FAIL "$name" "does not find $plant"
        failed=$((failed + 1))
    fi
    restore
}

selftest() {
    local list name plant
    SELF=$WORK/selftest passed=0 failed=0 skipped=0
    list=("$@")
    [ $# -gt 0 ] || mapfile -t list < <(names all)
    mkdir -p "$SELF/tree"
    fresh_copy "$SELF/tree"
    cd "$SELF/tree" || return 1
    restore
    for name in "${list[@]}"; do
        plant=$(plant_of "$name")
        declare -F "$plant" >/dev/null || die "no violation to plant for $name"
        selftest_one "$name" "$plant"
        plant=${plant/plant_/plant2_}
        ! declare -F "$plant" >/dev/null || selftest_one "$name" "$plant"
    done
    echo "$passed passed, $failed failed, $skipped skipped"
    [ "$failed" -eq 0 ]
}
