# SPDX-License-Identifier: GPL-2.0
#
# A picture of the instructions that one I/O takes in either driver: after median.awk and svg.awk.

# A bar, and its number behind it
function bar(y, value, colour) {
    printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LEFT, y, value * scale, HIGH, colour
    printf "<text x=\"%.1f\" y=\"%d\">%.0f</text>\n", LEFT + value * scale + 5, y + HIGH - 2, value
}

END {
    LEFT = 130; WIDE = 600; HIGH = 13; ROW = 38; TOP = 60
    count = split(names, list, " ")
    for (i = 1; i <= count; i++)
        for (j = 0; j < 2; j++) {
            x = metric(list[i], j ? "onvme" : "intree", "driver")
            if (x > most) most = x
        }
    scale = WIDE / (most ? most : 1)
    svg_begin("Instructions in the driver for one I/O, Linux " release, ROW * count + 10)
    legend(LEFT, "#8a8f98", "in-tree")
    legend(LEFT + 100, "#1f6fb2", "onvme")
    for (i = 1; i <= count; i++) {
        y = TOP + ROW * (i - 1)
        printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>\n", LEFT - 8, y + HIGH + 4, list[i]
        if (measured("m", list[i], "intree", "driver")) bar(y, metric(list[i], "intree", "driver"), "#8a8f98")
        if (measured("m", list[i], "onvme", "driver")) bar(y + HIGH + 1, metric(list[i], "onvme", "driver"), "#1f6fb2")
    }
    print "</svg>"
}
