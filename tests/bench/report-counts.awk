# SPDX-License-Identifier: GPL-2.0
#
# What is counted, as tables of docs/performance.md: after median.awk and tables.awk.

# The functions of one driver that take part, longest first, as lines of a table
function functions_of(workload, driver, modules,    k, part, n, i, j, x, name, value) {
    n = 0
    for (k in known) {
        split(k, part, SUBSEP)
        if (part[1] != workload || part[2] != driver || part[3] !~ modules) continue
        x = median(part[3], workload, driver, part[4])
        if (x < 0.5) continue
        for (j = n++; j > 0 && (value[j] < x || (value[j] == x && name[j] > part[4])); j--) {
            value[j + 1] = value[j]
            name[j + 1] = name[j]
        }
        value[j + 1] = x
        name[j + 1] = part[4]
    }
    for (i = 1; i <= n; i++) cell[driver, i] = sprintf("`%s` | %.0f", name[i], value[i])
    return n
}

function functions(workload,    n, m, i) {
    split("", cell)
    n = functions_of(workload, "intree", "^nvme(_core)?$")
    m = functions_of(workload, "onvme", "^onvme$")
    printf "\n%s:\n\n| in-tree | | onvme | |\n|---|---:|---|---:|\n", title[workload]
    for (i = 1; i <= n || i <= m; i++)
        printf "| %s | %s |\n", i <= n ? cell["intree", i] : " | ", i <= m ? cell["onvme", i] : " | "
}

END {
    read_titles()
    count = split(names, list, " ")

    table("Instructions in the driver, for one I/O", "| | in-tree | onvme | ratio | onvme's watch |", 4)
    for (i = 1; i <= count; i++) {
        w = list[i]
        printf "| %s | %s | %s | %s | %s |\n", title[w], number(w, "intree", "driver", 0), number(w, "onvme", "driver", 0),
            ratio(w, "driver"), number(w, "onvme", "clock", 0)
    }
    for (i = 1; i <= count; i++)
        if (metric(list[i], "onvme", "persecond") > most) most = metric(list[i], "onvme", "persecond")
    printf "\nThe watch took at most %.0f thousand instructions in a second.\n", most / 1000

    table("Doorbell writes and interrupts, for one I/O", \
        "| | in-tree: submission | completion | interrupts | onvme: submission | completion | interrupts |", 6)
    for (i = 1; i <= count; i++) {
        w = list[i]
        printf "| %s | %s | %s | %s | %s | %s | %s |\n", title[w], number(w, "intree", "sq", 2), number(w, "intree", "cq", 2),
            number(w, "intree", "irq", 2), number(w, "onvme", "sq", 2), number(w, "onvme", "cq", 2), number(w, "onvme", "irq", 2)
    }

    table("Instructions in the whole kernel, for one I/O", \
        "| | in-tree | onvme | ratio | in-tree: fio slept | onvme: fio slept |", 5)
    for (i = 1; i <= count; i++) {
        w = list[i]
        printf "| %s | %s | %s | %s | %s | %s |\n", title[w], number(w, "intree", "kernel", 0), number(w, "onvme", "kernel", 0),
            ratio(w, "kernel"), number(w, "intree", "sleeps", 2), number(w, "onvme", "sleeps", 2)
    }

    print "\n#### Functions"
    for (i = 1; i <= count; i++)
        if (list[i] ~ /-read$/) functions(list[i])
}
