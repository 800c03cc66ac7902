#!/usr/bin/env bats
# guard.bats: nothing leaves for an address that is not loopback, whatever the user types.
#
# All in a private network that has a way out, to the other end of a cable that is watched:
# for loopcraft this is a host, with privilege.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in there
load lib

# Runs a script where 8.8.8.8 and 2001:db8::8 are a neighbour's, and packets to it would be counted.
beside_a_wire() { # SCRIPT [ARG...]
    local script=$1 user=
    shift
    is_root || user=-Ur
    unshare $user -n true 2> /dev/null || skip "needs a network namespace, which is refused here"
    # shellcheck disable=SC2086 # an option or nothing
    try unshare $user -n bash -euo pipefail -c '
        ip link set lo up
        ip link add wire type veth peer name far
        for end in wire far; do
            echo 1 > /proc/sys/net/ipv6/conf/$end/disable_ipv6
            ip link set $end arp off up
        done
        ip address add 8.8.8.1/24 dev wire
        ip route add default dev wire
        count() { awk -F "[: ]+" "\$2 == \"$1\" { print \$4 }" /proc/net/dev; } # packets received
        '"$script" box "$@"
}

@test "the watched wire is a way out indeed: a datagram to 8.8.8.8 arrives at its end" {
    beside_a_wire 'count far; echo hello > /dev/udp/8.8.8.8/53; count far'
    exits 0
    same "$(xargs < "$out")" '0 1'
}

@test "no target but loopback: exit 3, one line, nothing sent, on the wire or on lo" {
    beside_a_wire '
        program=$1
        shift
        for target; do
            for command in "syn 53" "handshake 53" "connect 53"; do
                status=0
                said=$("$program" $command --to "$target" 2>&1 > /dev/null) || status=$?
                echo "$status $(grep -c "^loopcraft: ." <<< "$said") $(wc -l <<< "$said") $command $target"
            done
        done
        echo "far $(count far) lo $(count lo)"' "$LOOPCRAFT" \
        8.8.8.8 8.8.8.1 0.0.0.0 127.1 0177.0.0.1 2130706433 0x7f000001 127.0.0.01 128.0.0.1 \
        255.255.255.255 224.0.0.1 ::ffff:127.0.0.1 ::127.0.0.1 :: ::2 fe80::1 ff02::1%wire ::1%lo \
        example.org localhost.localdomain '127.0.0.1 ' '127.0.0.1;8.8.8.8' ''
    exits 0
    same "$(grep -vc '^3 1 1 ' "$out")" 1
    same "$(grep -c '^3 1 1 ' "$out")" $((23 * 3))
    same "$(tail -n 1 "$out")" 'far 0 lo 0'
}

@test "an address in front of the ports is judged as well" {
    beside_a_wire '
        for ports in 8.8.8.8:53 127.1:53 example.org:53 [::2]:53 [::ffff:127.0.0.1]:53; do
            status=0
            "$1" syn "$ports" > /dev/null || status=$?
            echo "$status"
        done
        echo "far $(count far) lo $(count lo)"' "$LOOPCRAFT"
    exits 0
    same "$(xargs < "$out")" '3 3 3 3 3 far 0 lo 0'
    same "$(grep -c '^loopcraft: .' "$err")" 5
}

@test "a false source, as a word: exit 3, nothing sent" {
    beside_a_wire '
        status=0
        "$1" --json syn 8080 ip.src=8.8.8.8 || status=$?
        [ $status = 3 ]
        "$1" --json syn -6 8080 ipv6.src=2001:db8::8 || status=$?
        echo "{\"type\":\"counts\",\"far\":$(count far),\"lo\":$(count lo)}"
        exit $status' "$LOOPCRAFT"
    exits 3
    same "$(grep -c '^loopcraft: .* is not a loopback address' "$err")" 2
    events <<'PY'
assert not packets and not verdicts
assert [e['status'] for e in of('error')] == [3, 3]
assert of('counts') == [{'type': 'counts', 'far': 0, 'lo': 0}]
PY
}

@test "what passes stays on lo: 127/8, ::1 and localhost" {
    beside_a_wire '
        for target in 127.0.0.1 127.255.255.254 ::1 localhost; do
            "$1" -q syn 53 --to $target --expect closed
        done
        "$1" -q syn 53 ip.src=127.3.2.1 --to 127.1.2.3 --expect closed
        [ "$(count lo)" -ge 10 ]
        echo "far $(count far)"' "$LOOPCRAFT"
    exits 0
    silent
    same "$(tail -n 1 "$out")" 'far 0'
}

@test "the same in the sandbox: exit 3, lo's counter stands still" {
    box '
        count() { awk -F "[: ]+" "\$2 == \"lo\" { print \$4 }" /proc/net/dev; }
        before=$(count)
        for target in 8.8.8.8 0.0.0.0 127.1 example.org; do
            status=0
            "$1" syn --to $target 53 || status=$?
            [ $status = 3 ]
        done
        [ "$(count)" = "$before" ]' "$LOOPCRAFT"
    exits 0
    same "$(wc -l < "$err")" 4
}
