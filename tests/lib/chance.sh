# shellcheck shell=bash disable=SC2034 # used by those who source it
# SPDX-License-Identifier: GPL-2.0
#
# Chance that can be had again: splitmix64, the same everywhere. Results are left in R, because a subshell would forget the state.
start_chance() { chance=$(($1 * 1000003 + $2)); } # SEED NUMBER

rnd() { # N: 0 to N-1
    local z
    chance=$((chance + 0x9e3779b97f4a7c15))
    z=$chance
    z=$(((z ^ (z >> 30 & 0x3ffffffff)) * 0xbf58476d1ce4e5b9))
    z=$(((z ^ (z >> 27 & 0x1fffffffff)) * 0x94d049bb133111eb))
    z=$(((z ^ (z >> 31 & 0x1ffffffff)) & 0x7fffffffffffffff))
    R=$((z % $1))
}

between() { rnd $(($2 - $1 + 1)) && R=$((R + $1)); }
pick() { rnd $# && R=${*:$((R + 1)):1}; }
maybe() { rnd 100 && [ "$R" -lt "$1" ]; } # PERCENT
