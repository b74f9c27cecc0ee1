# SPDX-License-Identifier: GPL-2.0
#
# Ratios of time, as a table of docs/performance.md: after median.awk and tables.awk.

END {
    read_titles()
    count = split(names, list, " ")
    table("", "| | I/Os a second | half done within | 99 % done within | 99.9 % done within |", 4)
    for (i = 1; i <= count; i++) {
        w = list[i]
        printf "| %s | %s | %s | %s | %s |\n", title[w], paired_range(w, "iops"), paired_range(w, "p50"), paired_range(w, "p99"),
            paired_range(w, "p999")
    }
    print "\nMore is better in the first column, less in the others. Medians of turns of a quarter of a second."
}
