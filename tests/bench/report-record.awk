# SPDX-License-Identifier: GPL-2.0
#
# What flight recorder and histograms cost, as a table of docs/performance.md: after median.awk and tables.awk.

END {
    read_titles()
    count = split(names, list, " ")
    table("", "| | without | with | more |", 3)
    for (i = 1; i <= count; i++) {
        w = list[i]
        if (!measured("m", w, "onvme", "driver") || !measured("m", w, "bare", "driver")) continue
        printf "| %s | %s | %s | %.1f |\n", title[w], number(w, "bare", "driver", 1), number(w, "onvme", "driver", 1),
            metric(w, "onvme", "driver") - metric(w, "bare", "driver")
    }
    print "\nInstructions in onvme for one I/O, counted as above: built with CONFIG_ONVME_FLIGHT=n and CONFIG_ONVME_HIST=n, and with both. What"
    print "the timer does that watches for lost interrupts is not among them. Trace events are in both, and off."
}
