# SPDX-License-Identifier: GPL-2.0
#
# How long it takes until there is a disk, as a table of docs/performance.md: after median.awk and tables.awk.

function row(text, workload, name) {
    printf "| %s | %.1f | %.1f | %s |\n", text, metric(workload, "intree", name) / 1000, metric(workload, "onvme", name) / 1000,
        paired_range(workload, name)
}

END {
    table("", "| until there is | in-tree, ms | onvme, ms | ratio |", 3)
    row("the disk of a controller with one namespace", "namespaces-1", "first")
    row("the first disk of a controller with 64", "namespaces-64", "first")
    row("the last of these 64", "namespaces-64", "last")
    print "\nFrom the system call that loads the first module, without signature, debug data and BTF, to the event that tells of the disk."
}
