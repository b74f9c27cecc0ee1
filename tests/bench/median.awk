# SPDX-License-Identifier: GPL-2.0
#
# For scripts that read what tests/bench/results prints: keep all of it, and give the median of the rounds.

$1 == "metric" { keep("m", $2, $3, $5, $6) }
$1 == "function" {
    keep($5, $2, $3, $6, $7)
    known[$2, $3, $5, $6] = 1
}

function keep(kind, workload, driver, name, value) {
    values[kind, workload, driver, name, ++rounds[kind, workload, driver, name]] = value + 0
}

# How often it was measured; 0: never
function measured(kind, workload, driver, name) { return rounds[kind, workload, driver, name] + 0 }

function median(kind, workload, driver, name,    n, i, j, x, sorted) {
    n = measured(kind, workload, driver, name)
    for (i = 1; i <= n; i++) {
        x = values[kind, workload, driver, name, i]
        for (j = i - 1; j > 0 && sorted[j] > x; j--) sorted[j + 1] = sorted[j]
        sorted[j + 1] = x
    }
    if (!n) return 0
    return n % 2 ? sorted[(n + 1) / 2] : (sorted[n / 2] + sorted[n / 2 + 1]) / 2
}

function metric(workload, driver, name) { return median("m", workload, driver, name) }

# "-" for what was not measured
function number(workload, driver, name, digits) {
    if (!measured("m", workload, driver, name)) return "-"
    return sprintf("%.*f", digits, metric(workload, driver, name))
}

function ratio(workload, name) {
    if (!measured("m", workload, "onvme", name) || !metric(workload, "intree", name)) return "-"
    return sprintf("%.2f", metric(workload, "onvme", name) / metric(workload, "intree", name))
}

# A ratio of each round, where both had the same surroundings; then the median of these.
function paired(workload, name,    n, i, kind) {
    n = measured("m", workload, "onvme", name)
    if (!n || n != measured("m", workload, "intree", name)) return "-"
    kind = "paired"
    if (!rounds[kind, workload, "", name])
        for (i = 1; i <= n; i++)
            keep(kind, workload, "", name, values["m", workload, "onvme", name, i] / values["m", workload, "intree", name, i])
    return sprintf("%.2f", median(kind, workload, "", name))
}

# The same, with the least and the largest of these
function paired_range(workload, name,    middle, n, i, x, least, most) {
    middle = paired(workload, name)
    n = measured("paired", workload, "", name)
    if (middle == "-" || n < 2) return middle
    for (i = 1; i <= n; i++) {
        x = values["paired", workload, "", name, i]
        if (i == 1 || x < least) least = x
        if (i == 1 || x > most) most = x
    }
    return sprintf("%s (%.2f to %.2f)", middle, least, most)
}
