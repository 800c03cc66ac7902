#!/usr/bin/env bats
# ping.bats: ICMP echo by hand; ping(8) is the oracle.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

expect_answer() { # PROTO ADDR TRIES
    exits 0
    silent
    events <<PY
assert states == ['open'] and reasons == ['echo-reply']
verdict = verdicts[0]
assert (verdict['proto'], verdict['addr'], verdict['port'], verdict['tries']) == ('$1', '$2', None, $3)
assert verdict['rtt_us'] > 0
assert of('summary')[0]['states'] == {'open': 1}
assert len(sent) == len(received) == $3
PY
}

@test "an echo request is answered, over IPv4 and IPv6: a verdict without a port" {
    lc -S --json ping
    expect_answer icmp 127.0.0.1 1
    lc -S --json ping -6
    expect_answer icmpv6 ::1 1
    lc -S --json ping ::1
    expect_answer icmpv6 ::1 1
    lc -S --json ping 127.9.8.7
    expect_answer icmp 127.9.8.7 1
    lc -S ping --ascii
    exits 0
    has "$out" 'Are you there?' 'yes, I am here' 'icmp       open           echo-reply'
}

@test "--count: one after the other, numbered from 1, and one verdict of all" {
    lc -S --json ping --count 5
    expect_answer icmp 127.0.0.1 5
    events <<'PY'
pairs = [(show(p, 'icmp.ident'), number(p, 'icmp.seq'), number(p, 'icmp.type')) for p in packets]
ident = pairs[0][0]
assert pairs == [(ident, n, t) for n in (1, 2, 3, 4, 5) for t in (8, 0)], pairs
assert '5 of 5 came back, in ' in verdicts[0]['evidence']
PY
    lc -S --json ping -6 -c 2
    expect_answer icmpv6 ::1 2
}

@test "ping(8) and we send the same but for numbers and data, and are answered alike" {
    need ping tcpdump
    box '
        tcpdump -i lo -U -w "$2/p.pcap" icmp 2> "$2/says" & dump=$!
        until_true grep -q listening "$2/says"
        ping -c 1 -s 28 127.0.0.1 > /dev/null
        "$1" -q ping > /dev/null
        seen() { [ "$(tshark -n -r "$1" 2> /dev/null | wc -l)" -ge 4 ]; }
        until_true seen "$2/p.pcap"
        kill $dump; wait $dump || true' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    fields() { shark -r "$BATS_TEST_TMPDIR/p.pcap" -T fields -e icmp.type -e icmp.code -e icmp.seq \
        -e ip.len -e ip.ttl -e icmp.checksum.status; }
    same "$(fields | tail -n 2)" "$(fields | head -n 2)"
    same "$(fields | wc -l)" 4
}

@test "words shape it: its number, its identifier, its data, its hops" {
    lc -S --json ping icmp.seq=65535 icmp.ident=77 ip.ttl=3 --data 'hi there'
    expect_answer icmp 127.0.0.1 1
    events <<'PY'
for packet in packets:
    assert number(packet, 'icmp.seq') == 65535 and number(packet, 'icmp.ident') == 77
    assert packet['bytes'].endswith(b'hi there'.hex())
assert number(sent[0], 'ip.ttl') == 3
assert field(sent[0], 'icmp.ident')['origin'] == 'you'
PY
    lc -S --json ping -6 icmpv6.echo.sequence_number=0 ipv6.hlim=1
    expect_answer icmpv6 ::1 1
    lc -S --json ping ip.src=127.0.0.9 # answered there
    expect_answer icmp 127.0.0.1 1
    lc -S --json ping icmp.checksum=1
    exits 1
    events <<'PY'
assert states == ['filtered'] and 'you shaped it' in verdicts[0]['evidence']
PY
}

@test "unanswered is exit 1: dropped, switched off, refused; --expect decides instead" {
    box '
        run() { status=0; "$@" || status=$?; echo "{\"type\":\"exit\",\"status\":$status}"; }
        sysctl -qw net.ipv4.icmp_echo_ignore_all=1
        run "$1" --json ping
        sysctl -qw net.ipv4.icmp_echo_ignore_all=0
        rule() { nft "table inet test { chain input { type filter hook input priority -10; $1; }; }"; }
        rule "meta l4proto { icmp, icmpv6 } drop"
        run "$1" --json ping -6 --count 2
        run "$1" --json ping --expect filtered
        nft delete table inet test
        rule "icmp type echo-request reject with icmp type admin-prohibited"
        run "$1" --json ping
        nft delete table inet test
        rule "icmp type echo-request numgen inc mod 2 == 0 drop"
        run "$1" --json ping --count 4
        run "$1" --json ping --to 127.255.255.255' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert [e['status'] for e in of('exit')] == [1, 1, 0, 1, 0, 1]
assert states == ['filtered'] * 4 + ['open', 'filtered'], states
assert reasons == ['no-response'] * 3 + ['admin-prohibited', 'echo-reply', 'no-response'], reasons
assert [v['tries'] for v in verdicts] == [3, 6, 3, 1, 8, 3]
said = [v['evidence'] for v in verdicts]
assert 'net.ipv4.icmp_echo_ignore_all' in said[0] and 'net.ipv6.icmp.echo_ignore_all' in said[1]
assert '0 of 2 came back' in said[1] and '3/13' in said[3] and '4 of 4 came back' in said[4]
assert 'broadcast' in said[5]
PY
}

@test "somebody else's echoes are neither shown nor taken for ours" {
    need ping
    box '
        while :; do ping -q -A -c 30 127.0.0.1 > "$2"; done & other=$! # our numbers, again and again
        until_true test -s "$2"
        "$1" --json ping --count 200
        kill $other; wait $other || true' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/other"
    exits 0
    events <<'PY'
assert len(sent) == len(received) == 200 and '200 of 200' in verdicts[0]['evidence']
assert len({show(p, 'icmp.ident') for p in packets}) == 1
PY
}

@test "-w: tshark pairs requests and replies as we do" {
    local file=$BATS_TEST_TMPDIR/p.pcapng
    lc -S --json ping --count 3 -w "$file"
    exits 0
    # Two passes: a request's line has its reply's number.
    same "$(shark -2 -r "$file" -T fields -e icmp.resp_in -e icmp.resp_to -e icmp.checksum.status)" \
        $'2\t\t1\n\t1\t1\n4\t\t1\n\t3\t1\n6\t\t1\n\t5\t1'
    same "$(shark -r "$file" -Y '!frame.comment' | wc -l)" 0
    shark -r "$file" -T fields -e icmp.resptime > "$BATS_TEST_TMPDIR/times" # milliseconds
    events <<PY
theirs = [float(line) * 1000 for line in open('$BATS_TEST_TMPDIR/times') if line.strip()]
assert abs(sum(theirs) / 3 - verdicts[0]['rtt_us']) < 0.01, (theirs, verdicts)
PY
}

@test "what the command says itself, and what the guard refuses" {
    lc ping icmp.type=3
    refused 2 icmp.type 'send icmp' 'echo and timestamp'
    lc ping -6 icmpv6.code=1
    refused 2 icmpv6.code
    lc ping --count 0
    refused 2 '--count' 'from 1 to 1000'
    lc ping --count 1001
    refused 2 '--count'
    lc ping --count 2 seq=1
    refused 2 icmp.seq '--count'
    lc ping 127.0.0.1 127.0.0.2
    refused 2 'two targets'
    lc ping --data x data=y
    refused 2 'give one of them'
    lc ping -p 80
    refused 2 '--ports'
    for addr in 8.8.8.8 127.1 ::2 ff02::1 224.0.0.1 example.com 0.0.0.0; do
        lc ping $addr
        refused 3 "$addr"
    done
    lc -S -q ping ip.src=224.0.0.1
    exits 3
    complains 224.0.0.1
}

@test "on the host as well, and interrupted: what is known so far" {
    need_root "the host's lo is for root alone"
    try unshare -n bash -euo pipefail -c '
        ip link set lo up
        "$1" --json ping --count 2
        sysctl -qw net.ipv4.icmp_echo_ignore_all=1
        mkfifo "$2"
        env --default-signal "$1" --json ping --count 1000 > "$2" &
        exec 7< "$2"
        while read -r -t 20 line <&7; do [[ $line != *packet* ]] || break; done
        kill -INT $!
        cat <&7
        wait $! || echo "{\"type\":\"exit\",\"status\":$?}"' host "$LOOPCRAFT" "$BATS_TEST_TMPDIR/says"
    exits 0
    events <<'PY'
assert of('start')[0]['world'] == 'host' and states[0] == 'open'
assert of('exit')[0]['status'] == 130 and of('summary')[-1]['partial']
PY
}
