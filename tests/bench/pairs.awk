# SPDX-License-Identifier: GPL-2.0
#
# For a terminal, what was found of either driver in turn: medians, and the ratios of all pairs. After median.awk.

$1 == "metric" && !($2 in seen) {
    seen[$2] = 1
    list[++count] = $2
}

END {
    n = split(metrics, name, " ")
    printf "%-20s %-8s %12s %12s  %s\n", "", "", "in-tree", "onvme", "ratio (least to most)"
    for (i = 1; i <= count; i++)
        for (j = 1; j <= n; j++)
            printf "%-20s %-8s %12s %12s  %s\n", j == 1 ? list[i] : "", name[j], number(list[i], "intree", name[j], 1),
                number(list[i], "onvme", name[j], 1), paired_range(list[i], name[j])
}
