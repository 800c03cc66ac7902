#!/usr/bin/env bats
# connect.bats: the kernel's own connect(), what the program saw beside what the wire saw.
load lib

# A refusal by ICMP reads differently: EHOSTUNREACH for 3/13, EACCES for ICMPv6 1/1 (kernel,
# icmp_err_convert and icmpv6_err_convert).
expect_five() { # ERRNO OF 8083, ICMP ERRORS BEFORE THE PROGRAM HEARS OF IT
    exits 0
    silent
    events <<PY
assert [v['port'] for v in verdicts] == [8080, 8081, 8082, 8083, 8084]
assert states == ['open', 'closed', 'filtered', 'filtered', 'closed'], states
assert reasons == ['syn-ack', 'conn-refused', 'no-response', 'admin-prohibited', 'conn-refused'], reasons
program = ['succeeded', 'ECONNREFUSED', 'still waiting', '$1', 'ECONNREFUSED']
wire = ['SYN-ACK on the wire', 'RST on the wire', 'silence on the wire', 'ICMP', 'RST on the wire']
for verdict, saw, was in zip(verdicts, program, wire):
    assert saw in verdict['evidence'] and was in verdict['evidence'], (saw, was, verdict)

def about(port):
    tcp = [p for p in packets if p['layers'][2]['name'] == 'tcp']
    return [flags(p) for p in tcp if port in (number(p, 'tcp.srcport'), number(p, 'tcp.dstport'))]
# A whole connection; a refusal; two SYNs into silence (the kernel asks again after a second).
assert about(8080)[:3] == ['S', 'SA', 'A'] and 'R' not in ''.join(about(8080)), about(8080)
assert about(8081) == about(8084) == ['S', 'RA']
assert about(8082) == ['S', 'S']
assert len([p for p in packets if p['layers'][2]['name'] in ('icmp', 'icmpv6')]) == $2
# What is counted is what is shown: all of it is the kernel's.
assert (of('summary')[0]['sent'], of('summary')[0]['received']) == (len(sent), len(received))
PY
}

@test "connect: success, ECONNREFUSED, a timeout, EHOSTUNREACH beside SYN-ACK, RST, silence, ICMP" {
    lc -S --json connect 8080 8081 8082 8083 8084
    expect_five EHOSTUNREACH 1
}

@test "connect over IPv6" {
    lc -S --json connect -6 8080-8084
    # connect() still holds the socket when the first error comes: the kernel must try again.
    expect_five EACCES 2
}

@test "connect: --expect, and words are refused" {
    lc -S -q connect 8081 8084 --expect closed
    exits 0
    lc -S -q connect 8080 8081 --expect open
    exits 1
    lc -S connect 8080 ip.ttl=3
    refused 2 words syn
}

@test "connect: what the wire saw is in the file too" {
    local file=$BATS_TEST_TMPDIR/c.pcapng
    lc -S -q connect 8081 -w "$file"
    exits 0
    same "$(shark_flags "$file")" "$(printf '%s\n' S RA)"
    same "$(shark -r "$file" -Y '!frame.comment' | wc -l)" 0
}
