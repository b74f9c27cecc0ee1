# SPDX-License-Identifier: GPL-2.0
#
# A picture of the instructions in the driver for one I/O, by the number of CPUs: after median.awk and tables.awk.

$1 == "metric" && split($2, at, "@") == 2 && !($2 in seen) {
    seen[$2] = 1
    if (!(at[1] in kinds)) kind[++nr_kinds] = at[1]
    kinds[at[1]] = kinds[at[1]] " " at[2]
}

function across(i, n) { return LEFT + (n > 1 ? WIDE * (i - 1) / (n - 1) : WIDE / 2) }
function up(value) { return TOP + HIGH - value * HIGH / most }

function curve(name, driver, colour, dash,    n, cpus, i, points, w) {
    n = split(kinds[name], cpus, " ")
    for (i = 1; i <= n; i++) {
        w = name "@" cpus[i]
        if (!measured("m", w, driver, "driver")) continue
        points = points sprintf("%.1f,%.1f ", across(i, n), up(metric(w, driver, "driver")))
        printf "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"4\" fill=\"%s\"/>\n", across(i, n), up(metric(w, driver, "driver")), colour
        printf "<text x=\"%.1f\" y=\"%.1f\">%.0f</text>\n", across(i, n) + 6, up(metric(w, driver, "driver")) - 6, metric(w, driver, "driver")
        if (name == kind[1] && driver == "intree")
            printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", across(i, n), TOP + HIGH + 18, cpus[i]
    }
    printf "<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"2\"%s/>\n", points, colour, dash
}

END {
    LEFT = 60; WIDE = 560; HIGH = 260; TOP = 70
    for (w in seen) {
        if (metric(w, "intree", "driver") > most) most = metric(w, "intree", "driver")
        if (metric(w, "onvme", "driver") > most) most = metric(w, "onvme", "driver")
    }
    most = most ? most * 1.1 : 1
    svg_begin("Instructions in the driver for one I/O, by CPUs and queues, Linux " release, HIGH + 50)
    legend(LEFT, "#8a8f98", "in-tree")
    legend(LEFT + 100, "#1f6fb2", "onvme")
    line = ""
    for (k = 1; k <= nr_kinds; k++) line = line (k > 1 ? ", broken line: " : "line: ") kind[k]
    printf "<text x=\"%d\" y=\"43\">%s</text>\n", LEFT + 200, line
    printf "<line x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\" stroke=\"#404040\"/>\n", LEFT, TOP + HIGH, LEFT + WIDE, TOP + HIGH
    for (k = 1; k <= nr_kinds; k++) {
        curve(kind[k], "intree", "#8a8f98", k > 1 ? " stroke-dasharray=\"6 4\"" : "")
        curve(kind[k], "onvme", "#1f6fb2", k > 1 ? " stroke-dasharray=\"6 4\"" : "")
    }
    print "</svg>"
}
