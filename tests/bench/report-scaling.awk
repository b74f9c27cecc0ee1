# SPDX-License-Identifier: GPL-2.0
#
# What an I/O costs with more processors, as tables of docs/performance.md: after median.awk and tables.awk. A workload is NAME@CPUS.

$1 == "metric" && split($2, at, "@") == 2 && !($2 in seen) {
    seen[$2] = 1
    if (!(at[1] in kinds)) kind[++nr_kinds] = at[1]
    kinds[at[1]] = kinds[at[1]] " " at[2]
}

END {
    read_titles()
    for (k = 1; k <= nr_kinds; k++) {
        if (k > 1) print ""
        printf "%s, a job on each CPU:\n\n", title[kind[k]]
        table("", "| CPUs and queues | driver: in-tree | onvme | ratio | kernel: in-tree | onvme | ratio | interrupts: in-tree | onvme |", 8)
        n = split(kinds[kind[k]], cpus, " ")
        for (i = 1; i <= n; i++) {
            w = kind[k] "@" cpus[i]
            printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", cpus[i], number(w, "intree", "driver", 0),
                number(w, "onvme", "driver", 0), ratio(w, "driver"), number(w, "intree", "kernel", 0), number(w, "onvme", "kernel", 0),
                ratio(w, "kernel"), number(w, "intree", "irq", 2), number(w, "onvme", "irq", 2)
        }
    }
    print "\nInstructions and interrupts for one I/O of any CPU, counted as above. The emulator runs its CPUs in turn, so what they do to"
    print "each other's caches is not seen, but what they execute to wait for each other is."
}
