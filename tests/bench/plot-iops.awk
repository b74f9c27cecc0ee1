# SPDX-License-Identifier: GPL-2.0
#
# A picture of the ratios of time: for each workload a line from the least to the largest, and a dot for the median, of I/Os a second and
# of the time in which half of them are done. The scale is logarithmic. After median.awk, tables.awk and svg.awk.

function place(value,    x) {
    x = log(value) / log(2)
    if (x < -1.5) x = -1.5
    if (x > 1.5) x = 1.5
    return LEFT + WIDE / 2 + x * WIDE / 3
}

function range(y, workload, name, colour,    n, i, x, least, most) {
    if (paired(workload, name) == "-") return
    n = measured("paired", workload, "", name)
    for (i = 1; i <= n; i++) {
        x = values["paired", workload, "", name, i]
        if (i == 1 || x < least) least = x
        if (i == 1 || x > most) most = x
    }
    x = median("paired", workload, "", name)
    printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\" stroke-width=\"3\"/>\n", place(least), y, place(most), y, colour
    printf "<circle cx=\"%.1f\" cy=\"%d\" r=\"5\" fill=\"%s\"/>\n", place(x), y, colour
    printf "<text x=\"%d\" y=\"%d\" fill=\"%s\">%.2f</text>\n", LEFT + WIDE + 8, y + 4, colour, x
}

END {
    LEFT = 130; WIDE = 600; ROW = 38; TOP = 80
    count = split(names, list, " ")
    svg_begin("onvme by in-tree, Linux " release ": median, least and largest of the pairs", ROW * count + 10)
    legend(LEFT, "#1f6fb2", "I/Os a second (right is better)")
    legend(LEFT + 240, "#b2581f", "half done within (left is better)")
    n = split("0.5 0.7071 1 1.4142 2", mark, " ")
    for (i = 1; i <= n; i++) {
        printf "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" stroke=\"%s\"/>\n", place(mark[i]), TOP - 10, place(mark[i]),
            TOP + ROW * count, mark[i] == 1 ? "#404040" : "#d0d0d0"
        printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.1f</text>\n", place(mark[i]), TOP - 14, mark[i]
    }
    for (i = 1; i <= count; i++) {
        y = TOP + ROW * (i - 1)
        printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y + 18, list[i]
        range(y + 8, list[i], "iops", "#1f6fb2")
        range(y + 24, list[i], "p50", "#b2581f")
    }
    print "</svg>"
}
