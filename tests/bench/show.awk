# SPDX-License-Identifier: GPL-2.0
#
# For a terminal, what one I/O costs: after median.awk.

END {
    n = split(names, list, " ")
    print "instructions of the driver, and of the whole kernel; doorbells; interrupts; for one I/O. clock: see tests/bench/results"
    printf "%-14s %8s %8s %6s %6s  %8s %8s %6s  %11s %11s  %6s %6s  %8s %8s\n", "", "in-tree", "onvme", "ratio", "clock",
        "kernel:i", "kernel:o", "ratio", "bells:i", "bells:o", "irqs:i", "irqs:o", "sleeps:i", "sleeps:o"
    for (i = 1; i <= n; i++) {
        w = list[i]
        printf "%-14s %8s %8s %6s %6s  %8s %8s %6s  %11s %11s  %6s %6s  %8s %8s\n", w, number(w, "intree", "driver", 1),
            number(w, "onvme", "driver", 1), ratio(w, "driver"), number(w, "onvme", "clock", 1), number(w, "intree", "kernel", 0),
            number(w, "onvme", "kernel", 0), ratio(w, "kernel"), number(w, "intree", "sq", 3) "+" number(w, "intree", "cq", 3),
            number(w, "onvme", "sq", 3) "+" number(w, "onvme", "cq", 3), number(w, "intree", "irq", 3), number(w, "onvme", "irq", 3),
            number(w, "intree", "sleeps", 2), number(w, "onvme", "sleeps", 2)
    }
    if (!functions) exit
    for (i = 1; i <= n; i++) {
        for (k in known) {
            split(k, part, SUBSEP)
            if (part[1] != list[i] || part[3] !~ /^(nvme|nvme_core|onvme)$/) continue
            x = median(part[3], part[1], part[2], part[4])
            if (x >= 0.05) printf "%s\t%s\t%s\t%s\t%.1f\n", list[i], part[2], part[3], part[4], x | "sort -t '\t' -k2,2 -k5,5rn"
        }
        close("sort -t '\t' -k2,2 -k5,5rn")
    }
}
