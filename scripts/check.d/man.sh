# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The manual pages: mandoc has nothing to say of them, and what they and README.md say of parameters is what the sources say.

# What the compiler makes of src/param.c, "NAME DEFAULT MIN MAX MODE" a line.
params_table() {
    cc -Wall -Werror -Itests/lib/params -Itests/host/shim -Iinclude -Isrc -o "$OUT/params" tests/lib/params/params.c &&
        "$OUT/params"
}

# Every parameter of the module, also those that other files define.
params_names() { grep -hoP '^(module_param_named|ONVME_PARAM(_ONCE)?)\(\K\w+' src/*.c; }

# "NAME text" for each entry of the section, on one line.
man_params() {
    awk '/^\.Sh/ { on = ($2 == "PARAMETERS") }
        on && /^\.(It|El)/ { if (name != "") print name text; name = $3; text = ""; next }
        on { sub(/^\.[A-Z][a-z] /, ""); text = text " " $0 }' docs/onvme.4
}

# "NAME |default|min to max|" for each row of the table in README.md
readme_params() {
    sed -n '/^## Parameters/,/^## /p' README.md |
        awk -F ' *[|] *' '$2 ~ /^`[a-z0-9_]+`$/ { gsub("`", "", $2); print $2 " |" $3 "|" $4 "|" }'
}

# What differs, a line each. The default of the milliseconds is that of the seconds.
params_differ() {
    local name default min max mode text row
    while read -r name default min max mode; do
        text=$(grep "^$name " "$OUT/man-params")
        [[ $text == *"$min to $max"* ]] || echo "docs/onvme.4: $name: is $min to $max in src/param.c"
        [[ $name == *_timeout_ms || $text =~ "Default $default"[.,:\;] ]] ||
            echo "docs/onvme.4: $name: the default is $default in src/param.c"
        [[ $mode == 0644 || $text == *"Only at load"* ]] || echo "docs/onvme.4: $name: can be set at load only"
        row=$(grep "^$name " "$OUT/readme-params")
        [ "$row" = "$name |$default|$min to $max|" ] || echo "README.md: $name: $default, $min to $max in src/param.c"
    done <"$OUT/params.table"
    for page in man readme; do
        diff <(params_names | LC_ALL=C sort) <(cut -d' ' -f1 "$OUT/$page-params" | LC_ALL=C sort) |
            sed -n "s/^</$page: does not have the parameter/p; s/^>/$page: there is no parameter/p"
    done
}

check_man() {
    have mandoc cc || return
    detail "$(find docs -name '*.[1-8]' | wc -l) pages, $(params_names | wc -l) parameters"
    # Which other pages this machine has is not what is asked about.
    find docs -name '*.[1-8]' -exec mandoc -Tlint -W style {} + 2>&1 |
        grep -vE 'outdated mandoc.db|referenced manual not found' >"$OUT/man.out"
    params_table >"$OUT/params.table" || return
    man_params >"$OUT/man-params"
    readme_params >"$OUT/readme-params"
    params_differ >>"$OUT/man.out"
    cat "$OUT/man.out"
    [ ! -s "$OUT/man.out" ]
}
