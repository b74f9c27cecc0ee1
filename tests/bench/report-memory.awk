# SPDX-License-Identifier: GPL-2.0
#
# What a controller takes, as a table of docs/performance.md: after median.awk and tables.awk.

function row(text, name) {
    printf "| %s | %s | %s | %s |\n", text, number(name, "intree", "all", 0), number(name, "onvme", "all", 0), ratio(name, "all")
}

function each(driver) { return (metric("queues-64", driver, "all") - metric("queues-1", driver, "all")) / 63 }

function parts_of(name, text,    i, n, kind) {
    n = split("slab percpu pages", kind, " ")
    for (i = 1; i <= n; i++)
        printf "| %s: %s | %s | %s | %s |\n", text, kind[i], number(name, "intree", kind[i], 0), number(name, "onvme", kind[i], 0),
            ratio(name, kind[i])
}

END {
    table("", "| kB | in-tree | onvme | ratio |", 3)
    row("a controller with 64 I/O queues of depth 1024, and a disk", "queues-64")
    parts_of("queues-64", "of that")
    row("a controller with one I/O queue of depth 1024, and a disk", "queues-1")
    printf "| each I/O queue more | %.1f | %.1f | %.2f |\n", each("intree"), each("onvme"), each("onvme") / each("intree")
    row("the module, without any controller", "module")
    print "\nSlab: what kmalloc and the like have handed out; pages: all else, such as rings and requests. A machine of 64 CPUs, of which"
    print "two run. Ours is built without BTF. The same number comes again within some tens of kB. With one queue onvme takes more here,"
    print "since it has the heads of all queues that may be asked for while it runs, three for each CPU, in one piece of 256 KiB."
}
