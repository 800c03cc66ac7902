#!/usr/bin/env bats
# syn.bats: one SYN a port; the verdict and its evidence.
load lib

expect_five() {
    exits 0
    silent
    events <<'PY'
assert [v['port'] for v in verdicts] == [8080, 8081, 8082, 8083, 8084]
assert states == ['open', 'closed', 'filtered', 'filtered', 'closed'], states
assert reasons == ['syn-ack', 'reset', 'no-response', 'admin-prohibited', 'reset'], reasons
assert all(v['evidence'] and v['proto'] == 'tcp' for v in verdicts)
# Silence is asked three times; an answer ends it. Only an answer has a round-trip time.
assert [v['tries'] for v in verdicts] == [1, 1, 3, 1, 1]
assert [v['rtt_us'] is None for v in verdicts] == [False, False, True, False, False]
assert all(v['rtt_us'] > 0 for v in verdicts if v['rtt_us'] is not None)
assert of('summary')[0]['states'] == {'open': 1, 'closed': 2, 'filtered': 2}
assert of('start')[0]['world'] == 'sandbox'
PY
}

@test "the sandbox's five ports over IPv4: states, reasons, evidence" {
    lc -S --json syn 8080 8081 8082 8083 8084
    expect_five
    events <<'PY'
assert {v['addr'] for v in verdicts} == {'127.0.0.1'}
assert '3/13' in verdicts[3]['evidence'], verdicts[3]  # RFC 1812, 5.2.7.1
PY
}

@test "the sandbox's five ports over IPv6: states, reasons, evidence" {
    lc -S -6 --json syn 8080-8084
    expect_five
    events <<'PY'
assert {v['addr'] for v in verdicts} == {'::1'}
assert '1/1' in verdicts[3]['evidence'], verdicts[3]   # RFC 4443, 3.1
PY
}

@test "nmap agrees on all five ports, IPv4 and IPv6" {
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        nmap --privileged -sS -n -Pn -p 8080-8084 -oG - 127.0.0.1
        nmap -6 --privileged -sS -n -Pn -p 8080-8084 -oG - ::1
        "$1" --json syn 8080-8084
        "$1" --json syn -6 8080-8084' "$LOOPCRAFT"
    exits 0
    python3 -I - "$out" <<'PY'
import json, re, sys
nmap, ours = [], []
for line in open(sys.argv[1]):
    if line.startswith('Host:'):
        nmap += re.findall(r'(\d+)/(\w+)/tcp', line)
    elif line.startswith('{"type":"verdict"'):
        verdict = json.loads(line)
        ours.append((str(verdict['port']), verdict['state']))
assert len(nmap) == 10, nmap
assert nmap == ours, (nmap, ours)
PY
}

@test "several silent ports do not wait for each other" {
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        nft "table inet test { chain input { type filter hook input priority -10;
                 tcp dport 7001-7005 drop; }; }"
        "$1" --json syn 7001
        "$1" --json syn 7001-7005
        nft delete table inet test' "$LOOPCRAFT"
    exits 0
    events <<'PY'
# Two runs, one file: the first has one verdict, the second five.
assert states == ['filtered'] * 6
cut = [i for i, p in enumerate(packets) if p['number'] == 1][1]
one, five = packets[:cut], packets[cut:]
def span(run): return float(run[-1]['time']) - float(run[0]['time'])
assert len(one) == 3 and len(five) == 15
# All are asked before any is asked again, and five take about as long as one.
assert [number(p, 'tcp.dstport') for p in five] == [7001, 7002, 7003, 7004, 7005] * 3
assert span(five) < 1.5 * span(one), (span(one), span(five))
# A repetition is the same SYN: its numbers do not change.
assert len({show(p, 'tcp.seq_raw') for p in one}) == 1
PY
}

@test "--expect: met is 0, unmet is 1, of several ports all count" {
    lc -S -q syn 8080 --expect open
    exits 0
    lc -S -q syn 8080 8081 --expect open
    exits 1
    silent
    lc -S -q syn 8081 8084 --expect closed
    exits 0
    lc -S -q syn 8083 --expect=closed
    exits 1
    lc -S syn 8080 --expect ajar
    refused 2 --expect open
}

@test "words shape the SYN, and each value tells who set it" {
    lc -S --json syn 8080 tcp.seq_raw=1234 ip.ttl=3 tcp.srcport=61500 options=mss:1460,nop,nop,sackok
    exits 0
    events <<'PY'
syn, answer = packets[0], packets[1]
assert flags(syn) == 'S' and flags(answer) == 'SA'
assert number(syn, 'tcp.seq_raw') == 1234 and number(answer, 'tcp.ack_raw') == 1235
assert number(syn, 'ip.ttl') == 3 and number(syn, 'tcp.srcport') == 61500
origin = lambda name: field(syn, name)['origin']
assert [origin(n) for n in ('tcp.seq_raw', 'ip.ttl', 'tcp.srcport')] == ['you'] * 3
assert origin('tcp.dstport') == 'loopcraft' and origin('tcp.hdr_len') == 'libnet'
assert origin('ip.checksum') == 'kernel'           # RAW4 rewrites it
# mss 4 bytes, nop, nop, SACK permitted 2 bytes: RFC 9293 3.1, RFC 2018 2
assert syn['bytes'].endswith('020405b4' '0101' '0402')
assert number(syn, 'tcp.hdr_len') == 28
PY
}

@test "an answer to somebody else's SYN is not taken for ours" {
    # Two runs at once to one server, in one sandbox: each sees its own answer alone.
    # shellcheck disable=SC2016
    box '
        "$1" --json syn 8080 > "$2/a" & a=$!
        "$1" --json syn 8080 > "$2/b" & b=$!
        wait $a; wait $b' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    for run in a b; do
        events "$BATS_TEST_TMPDIR/$run" <<'PY'
assert states == ['open']
ours = number(packets[0], 'tcp.srcport')
assert all(ours in (number(p, 'tcp.srcport'), number(p, 'tcp.dstport')) for p in packets)
PY
    done
}

@test "-w: tshark, capinfos and tcpdump read it without a word, each packet has a comment" {
    local file=$BATS_TEST_TMPDIR/s.pcapng
    lc -S -q syn 8080 8081 8082 8083 8084 -w "$file"
    exits 0
    silent
    # 7 SYNs (8082 is asked three times), 3 answers, 1 ICMP error, and the kernel's RST to 8080.
    same "$(shark -r "$file" | wc -l)" 12
    same "$(shark -r "$file" -Y '!frame.comment' | wc -l)" 0
    same "$(shark -r "$file" -Y 'icmp.type == 3 && icmp.code == 13' | wc -l)" 1
    try capinfos -Mc "$file"
    exits 0
    silent
    has "$out" 'Number of packets:   12'
    try tcpdump -nr "$file"
    exits 0
    same "$(grep -v '^reading from file' "$err")" ""
    same "$(wc -l < "$out")" 12
}

@test "-w -: streams pcapng into tshark" {
    # shellcheck disable=SC2016
    try bash -o pipefail -c '"$1" -S syn 8080 -w - | tshark -n -r - -T fields -e tcp.dstport -e frame.comment' \
        bash "$LOOPCRAFT"
    exits 0
    same "$(grep -v '^Running as user' "$err")" ""
    same "$(head -n 1 "$out" | cut -f 1)" 8080
    same "$(grep -c ': ' "$out")" "$(wc -l < "$out")"
}

@test "JSON and the file hold the same packets, byte for byte, as tshark reads them" {
    local file=$BATS_TEST_TMPDIR/s.pcapng
    lc -S --json syn 8080 8081 8083 -w "$file"
    exits 0
    shark -r "$file" -T jsonraw > "$BATS_TEST_TMPDIR/raw"
    events <<PY
raw = json.load(open('$BATS_TEST_TMPDIR/raw'))
theirs = [p['_source']['layers']['frame_raw'][0] for p in raw]
assert [p['bytes'] for p in packets] == theirs
assert [p['number'] for p in packets] == list(range(1, len(theirs) + 1))
assert all(p['len'] == p['caplen'] == len(p['bytes']) // 2 for p in packets)
PY
}
