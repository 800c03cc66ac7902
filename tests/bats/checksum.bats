#!/usr/bin/env bats
# checksum.bats: --explain-checksum: the sum itself, for a learner.
load lib

setup_file() {
    export capture=$BATS_FILE_TMPDIR/h.pcapng
    "$LOOPCRAFT" -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$capture" > /dev/null
}

@test "JSON: each explanation adds up, and comes to what tshark calculates" {
    lc dump --json --explain-checksum "$capture"
    exits 0
    silent
    shark -r "$capture" -o tcp.check_checksum:TRUE -o ip.check_checksum:TRUE -T fields \
        -e ip.checksum_calculated -e tcp.checksum_calculated > "$BATS_TEST_TMPDIR/theirs"
    events <<PY
theirs = [l.rstrip('\n').split('\t') for l in open('$BATS_TEST_TMPDIR/theirs')]
explained = of('explanation')
assert len(packets) == len(theirs) and len(explained) == 2 * len(packets)
for e in explained:
    column = ['ip.checksum', 'tcp.checksum'].index(e['name'])
    total = sum(int(w, 16) for r in e['rows'] for w in r['words'])
    assert total == int(e['sum'], 16)
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    assert total == int(e['folded'], 16) and total ^ 0xffff == int(e['complement'], 16)
    assert int(e['expected'], 16) == int(theirs[e['number'] - 1][column], 16), e
PY
}

@test "one packet, on 80 columns" {
    COLUMNS=80 lc dump --view brief --packet 4 --explain-checksum "$capture"
    exits 0
    has "$out" '#4  ip.checksum' '#4  tcp.checksum' 'pseudo-header' 'tcp.checksum, taken as 0' \
        'carries added below' 'its complement' '4745 5420 2f20 4854 5450 2f31 2e30 0d0a'
    same "$(awk 'length > 80' "$out")" ''
}

@test "of a quoted packet: said to be, and its IP header's sum has a verdict in the dump" {
    lc -S udp 9001 -w "$BATS_TEST_TMPDIR/u.pcapng"
    lc dump "$BATS_TEST_TMPDIR/u.pcapng" --packet 2 --explain-checksum --color never
    exits 0
    has "$out" '#2  ip.checksum  the' '#2  ip.checksum of the quoted packet' \
        '#2  udp.checksum of the quoted packet'
    same "$(grep -c 'ip.checksum .*right: the receiver gets the same sum' "$out")" 2
}

@test "also while it happens" {
    lc -S syn 8080 -q --explain-checksum
    exits 0
    has "$out" '#1  tcp.checksum' 'its complement'
}

@test "nowhere to show it: said" {
    lc dump --explain-checksum --field tcp.flags "$capture"
    exits 2
    has "$err" 'choose one'
    lc dump --explain-checksum -w - "$capture"
    exits 2
}
