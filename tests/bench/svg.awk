# SPDX-License-Identifier: GPL-2.0
#
# What the pictures have in common: a frame with a title, and a legend.

function svg_begin(title, height) {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">\n", \
        LEFT + WIDE + 60, TOP + height
    print "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    printf "<text x=\"%d\" y=\"20\" font-size=\"14\">%s</text>\n", LEFT, title
}

function legend(x, colour, text) {
    printf "<rect x=\"%d\" y=\"32\" width=\"12\" height=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"43\">%s</text>\n", x, colour, x + 18, text
}
