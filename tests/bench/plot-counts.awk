# SPDX-License-Identifier: GPL-2.0
#
# A picture of the instructions that one I/O takes in either driver: after median.awk.

# A bar, and its number behind it
function bar(y, value, colour) {
    printf "<rect x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\" fill=\"%s\"/>\n", LEFT, y, value * scale, HIGH, colour
    printf "<text x=\"%.1f\" y=\"%d\">%.0f</text>\n", LEFT + value * scale + 5, y + HIGH - 2, value
}

function legend(x, colour, text) {
    printf "<rect x=\"%d\" y=\"32\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"43\">%s</text>\n", x, colour, x + 18, text
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
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", \
        LEFT + WIDE + 60, TOP + ROW * count + 10
    print "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    printf "<text x=\"%d\" y=\"20\" font-size=\"14\">Instructions in the driver for one I/O, Linux %s</text>\n", LEFT, release
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
