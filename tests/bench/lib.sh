# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# For the parts of tests/bench that run in the VM: either driver in turn on the same device.
# shellcheck source=/dev/null
. tests/lib/guest.sh

RESULTS=$ONVME_SHARE/results

fail() {
    echo "bench: $*"
    dmesg | tail -n 5
    exit 1
}

metric() { # WORKLOAD DRIVER ROUND NAME VALUE
    printf 'metric\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$RESULTS"
}

# Who is first must not matter, so that changes. Where there is a module without what is optional, it takes the place of the in-tree driver.
order() { # ROUND
    local other=intree
    [ ! -e "$ONVME_SHARE/bare.ko" ] || other=bare
    if [ $(($1 % 2)) -eq 1 ]; then echo "$other onvme"; else echo "onvme $other"; fi
}

# Both drivers are there and neither takes a device by itself: each gets it when it is its turn.
load_both() { # [PARAMETER=VALUE...]
    echo 0 >/sys/bus/pci/drivers_autoprobe
    ONVME_MODULE=intree load "$@" || fail "nvme does not load"
    ONVME_MODULE=auto load "$@" || fail "onvme does not load"
}

folder_of() { # DRIVER
    case $1 in
    intree) echo /sys/bus/pci/drivers/nvme ;;
    *) echo /sys/bus/pci/drivers/onvme ;;
    esac
}

# The disk of a function, whatever its driver calls it
DISK=''
has_disk() { # FUNCTION
    local d
    for d in /sys/class/block/nvme*; do
        [[ $(readlink -f "$d") == */"$1"/* ]] || continue
        DISK=${d##*/}
        [ -b "/dev/$DISK" ] && return
    done
    return 1
}

take() { # DRIVER FUNCTION
    echo "$2" >"$(folder_of "$1")/bind" || fail "$1 does not take $2"
    wait_for 20 has_disk "$2" || fail "$1 brings up no disk"
}

leave() { # DRIVER FUNCTION
    echo "$2" >"$(folder_of "$1")/unbind" || fail "$1 does not leave $2"
}

# Buffers whose neighbours are no neighbours in memory, as they are on a machine that has run for a while: first the even pages, then the
# odd ones. And buffers in one piece.
prepare_buffers() {
    perl -e 'open(my $f, "+>", $ARGV[0]) or die;
        for my $odd (0, 1) {
            for my $n (0 .. 511) { sysseek($f, 4096 * (2 * $n + $odd), 0); syswrite($f, "x" x 4096) == 4096 or die }
        }' /dev/shm/scattered || fail "no memory for buffers"
    echo 4 >/proc/sys/vm/nr_hugepages
}
