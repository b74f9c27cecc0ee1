# SPDX-License-Identifier: GPL-2.0
#
# What the pages of all parts have in common: after median.awk.

# What the list of workloads says of each
function read_titles(    line, part) {
    while ((getline line <workloads) > 0) {
        if (line ~ /^#/ || split(line, part, / *\| */) < 5) continue
        title[part[1]] = part[4]
    }
    close(workloads)
}

# The heading may be none.
function table(heading, head, columns,    i, line) {
    if (heading != "") printf "%s#### %s\n\n", tables++ ? "\n" : "", heading
    printf "%s\n|---|", head
    for (i = 0; i < columns; i++) printf "---:|"
    print ""
}
