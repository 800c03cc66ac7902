#!/usr/bin/env bats
# ask.bats: FIN, NULL, XMAS and ACK to the sandbox's ports, as nmap sees them. The engine is asked
# through its unit test, which tells what it does as JSON.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

agree() { # KIND NMAP'S
    need nmap
    box '
        nmap --privileged "$2" -n -Pn -p 8080-8084 -oG - 127.0.0.1
        nmap -6 --privileged "$2" -n -Pn -p 8080-8084 -oG - ::1
        "$3/tests/test_ask" "$1" 4 8080-8084
        "$3/tests/test_ask" "$1" 6 8080-8084' "$1" "$2" "$LOOPCRAFT_BUILD"
    exits 0
    python3 -I - "$out" <<'PY'
import json, re, sys
nmap, ours = [], []
for line in open(sys.argv[1]):
    if line.startswith('Host:'):
        nmap += re.findall(r'(\d+)/([\w|]+)/tcp', line)
    elif line.startswith('{"type":"verdict"'):
        verdict = json.loads(line)
        ours.append((str(verdict['port']), verdict['state']))
assert len(nmap) == 10, nmap
assert nmap == ours, (nmap, ours)
PY
    grep '^{' "$out" > "$BATS_TEST_TMPDIR/json"
}

# The flags of each probe, and what it draws from 8081, where nobody listens.
expect_flags() { # OURS THEIRS
    events "$BATS_TEST_TMPDIR/json" <<PY
ours = [p for p in sent if number(p, 'tcp.dstport') == 8081]
theirs = [p for p in received if number(p, 'tcp.srcport') == 8081 and p['layers'][2]['name'] == 'tcp']
assert [flags(p) for p in ours] == ['$1'] * 2 and [flags(p) for p in theirs] == ['$2'] * 2
assert all(p['note'] for p in packets)
PY
}

@test "FIN: nmap -sF agrees, IPv4 and IPv6" {
    agree fin -sF
    expect_flags F RA
}

@test "NULL: nmap -sN agrees, IPv4 and IPv6" {
    agree null -sN
    expect_flags '' RA
}

@test "XMAS: nmap -sX agrees, IPv4 and IPv6" {
    agree xmas -sX
    expect_flags FPU RA
}

@test "ACK: nmap -sA agrees, IPv4 and IPv6" {
    agree ack -sA
    expect_flags A R
}
