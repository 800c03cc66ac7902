#!/usr/bin/env bats
# udp.bats: one datagram a port; the verdict and its evidence.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

expect_five() { # EVIDENCE OF 9001, OF 9003
    exits 0
    silent
    events <<PY
assert [v['port'] for v in verdicts] == [9000, 9001, 9002, 9003, 9004]
assert states == ['open', 'closed', 'open|filtered', 'filtered', 'open|filtered'], states
assert reasons == ['udp-response', 'port-unreach', 'no-response', 'admin-prohibited',
                   'no-response'], reasons
assert all(v['proto'] == 'udp' for v in verdicts)
assert [v['tries'] for v in verdicts] == [1, 1, 3, 1, 3]
assert [v['rtt_us'] is None for v in verdicts] == [False, False, True, False, True]
assert 'echo' in verdicts[0]['evidence'] and 'silence' in verdicts[2]['evidence']
# The same ICMP error is a kernel's word for UDP and a firewall's for TCP: it says so.
assert '$1' in verdicts[1]['evidence'] and 'for TCP' in verdicts[1]['evidence']
assert '$2' in verdicts[3]['evidence']
assert of('summary')[0]['states'] == {'open': 1, 'closed': 1, 'open|filtered': 2, 'filtered': 1}
assert (of('summary')[0]['sent'], of('summary')[0]['received']) == (len(sent), len(received)) == (9, 3)
# Our kernel never refuses an answer: the source port is held by a socket.
assert {number(p, 'udp.srcport') for p in sent} == {number(sent[0], 'udp.srcport')}
assert 61000 <= number(sent[0], 'udp.srcport') <= 61999
PY
}

@test "the sandbox's five ports over IPv4: states, reasons, evidence" {
    lc -S --json udp 9000-9004
    expect_five '3/3' '3/13'
}

@test "the sandbox's five ports over IPv6: states, reasons, evidence" {
    lc -S --json udp -6 9000 9001 9002 9003 9004
    expect_five '1/4' '1/1'
}

@test "nmap agrees on all five ports, IPv4 and IPv6" {
    need nmap
    box '
        nmap --privileged -sU -n -Pn -p 9000-9004 -oG - 127.0.0.1
        nmap -6 --privileged -sU -n -Pn -p 9000-9004 -oG - ::1
        "$1" --json udp 9000-9004
        "$1" --json udp -6 9000-9004' "$LOOPCRAFT"
    exits 0
    python3 -I - "$out" <<'PY'
import json, re, sys
nmap, ours = [], []
for line in open(sys.argv[1]):
    if line.startswith('Host:'):
        nmap += re.findall(r'(\d+)/([\w|]+)/udp', line)
    elif line.startswith('{"type":"verdict"'):
        verdict = json.loads(line)
        ours.append((str(verdict['port']), verdict['state']))
assert len(nmap) == 10, nmap
assert nmap == ours, (nmap, ours)
PY
}

@test "no answer is refused: the kernel counts no datagram without a port, and sends no ICMP" {
    box '
        "$1" --json udp 9000 --data once > /dev/null
        nstat -az UdpNoPorts IcmpOutDestUnreachs | awk "NR > 1 { print \$1, \$2 }"
        "$1" --json udp 9001 > /dev/null
        nstat -asz UdpNoPorts | awk "NR > 1 { print \$1, \$2 }"' "$LOOPCRAFT"
    exits 0
    same "$(cat "$out")" $'IcmpOutDestUnreachs 0\nUdpNoPorts 0\nUdpNoPorts 1'
}

@test "words and data shape the datagram; the answer brings the data back" {
    lc -S --json udp 9000 --data 'a\x00b' ip.ttl=3 udp.srcport=61500
    exits 0
    events <<'PY'
asked, answer = packets
assert number(asked, 'ip.ttl') == 3 and number(asked, 'udp.srcport') == 61500
origin = lambda name: field(asked, name)['origin']
assert origin('ip.ttl') == origin('udp.srcport') == 'you' and origin('udp.dstport') == 'loopcraft'
assert origin('udp.length') == 'libnet'
data = [p['bytes'][84:] for p in packets] # link 14, IP 20, UDP 8 bytes before it
assert data == ['610062'] * 2, data
assert states == ['open'] and 'our own bytes' in verdicts[0]['evidence']
PY
    # A datagram that no kernel takes: silence is not the port's.
    lc -S --json udp 9000 udp.checksum=1
    exits 0
    events <<'PY'
assert states == ['open|filtered'] and 'you shaped it' in verdicts[0]['evidence']
PY
    lc -S --json udp 9000 data=word
    exits 0
    events <<'PY'
assert states == ['open'] and packets[0]['bytes'].endswith('776f7264')
PY
}

@test "a real DNS server answers a question in its own language, and nothing else" {
    need dnsmasq
    box '
        dnsmasq -k -R -h -u "$(id -un)" -g "$(id -gn)" --pid-file= --log-facility=/dev/null \
            --conf-file=/dev/null --local=/test/ --address=/lab.test/127.0.0.9 -p 53 \
            --listen-address=127.0.0.1,::1 --bind-interfaces & server=$!
        answers() { [ -n "$(ss -Hlun "sport = :53")" ]; }
        until_true answers
        question="hex:1234 0100 0001 0000 0000 0000 036c6162 0474657374 00 0001 0001" # A lab.test
        "$1" --json udp domain --data "$question"
        "$1" --json udp 53 -6 --data "$question"
        "$1" --json udp 53
        kill $server' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert states == ['open', 'open', 'open|filtered'], verdicts
assert 'two ports alone' in verdicts[0]['evidence'] and '--data' in verdicts[2]['evidence']
answers = [p for p in received if any(f.get('name') == 'dns.a' for f in fields(p))]
assert [show(p, 'dns.a') for p in answers] == ['127.0.0.9'] * 2
PY
}

# Answers "shift" from another port, all else from its own; on every address.
serve() { cat > "$BATS_TEST_TMPDIR/serve.py" <<'PY'
import socket
def bound(port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind(('', port))
    return s
asked, other = bound(7100), bound(7101)
open('ready', 'w').close()
while True:
    data, who = asked.recvfrom(100)
    (other if data == b'shift' else asked).sendto(b'an answer', who)
PY
}

@test "an answer from another port is shown, and no verdict; from another address it is one" {
    serve
    box '
        cd "$2"
        python3 serve.py & server=$!
        until_true test -e ready
        "$1" --json udp 7100 --data shift
        "$1" --json udp 7100 --to 127.9.8.7
        "$1" --json udp 7100 ip.src=127.0.0.7
        nstat -az UdpNoPorts | awk "/UdpNoPorts/ { print \$2 }" > no-ports
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    events <<'PY'
assert states == ['open|filtered', 'open', 'open'], verdicts
odd = [p['note'] for p in received if 'udp.srcport' not in [f.get('name') for f in fields(p)]]
assert not odd, odd
shifted = [p for p in received if number(p, 'udp.srcport') == 7101]
assert len(shifted) == 3 and all('no verdict' in p['note'] for p in shifted)
assert 'port 7101' in verdicts[0]['evidence'] and verdicts[0]['tries'] == 3
assert 'from 127.0.0.1, not from 127.9.8.7' in verdicts[1]['evidence'], verdicts[1]
assert 'not from' not in verdicts[2]['evidence']
PY
    same "$(cat "$BATS_TEST_TMPDIR/no-ports")" 0 # the kernel refused no answer
}

@test "lo's broadcast address: silence may be nobody; multicast is refused, nothing sent" {
    lc -S --json udp 9000 9001 --to 127.255.255.255
    exits 0
    events <<'PY'
# Not even the closed port draws an ICMP error (RFC 1122, 3.2.2); 9000 is bound to 127.0.0.1 alone.
assert states == ['open|filtered'] * 2 and not received
assert all('broadcast' in v['evidence'] and 'nobody' in v['evidence'] for v in verdicts)
PY
    for addr in 224.0.0.251 127.0.0.1.1 8.8.8.8 ff02::fb 255.255.255.255; do
        lc -S udp 5353 --to $addr
        refused 3 "$addr"
    done
    lc -S -q udp 9000 ip.src=8.8.8.8 # refused before anything is opened
    exits 3
    complains 8.8.8.8
}

@test "every fifth datagram lost: no wrong verdict" {
    box '
        nft "table inet test { chain input { type filter hook input priority -10;
                 udp dport 7001-7020 numgen inc mod 5 == 0 drop; }; }"
        "$1" --json udp 7001-7020' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert states == ['closed'] * 20, states
assert len(sent) == 25 and sum(v['tries'] for v in verdicts) == 25 # 20, of which 4, of which 1
PY
}

@test "answers and errors that come twice change no verdict" {
    box '
        nft "table ip test { chain output { type filter hook output priority -10;
                 udp sport 9000 dup to 127.0.0.1 device lo
                 icmp type destination-unreachable dup to 127.0.0.1 device lo; }; }"
        "$1" --json udp 9000 9001' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert states == ['open', 'closed'], states
assert len(received) >= 2 and of('summary')[0]['received'] == len(received)
assert all('once more' in p['note'] for p in received if ' is ' not in p['note'])
PY
}

@test "--expect: of several ports all count" {
    lc -S -q udp 9000 --expect open
    exits 0
    lc -S -q udp 9002 9004 --expect 'open|filtered'
    exits 0
    lc -S -q udp 9000 9001 --expect open
    exits 1
    silent
    lc -S udp 9000 --expect 'open|'
    refused 2 --expect
}

@test "-w: tshark, capinfos and tcpdump read it, each packet has its comment, and JSON its bytes" {
    local file=$BATS_TEST_TMPDIR/u.pcapng
    lc -S --json udp 9000-9003 -w "$file"
    exits 0
    silent
    # Six datagrams (9002 is asked three times), an answer, two ICMP errors.
    same "$(shark -r "$file" | wc -l)" 9
    same "$(shark -r "$file" -Y '!frame.comment' | wc -l)" 0
    same "$(shark -r "$file" -Y 'icmp.type == 3 && icmp.code == 3 && udp.dstport == 9001' | wc -l)" 1
    same "$(shark -r "$file" -o udp.check_checksum:TRUE -Y 'udp.dstport == 9000' -T fields \
        -e udp.checksum.status)" 1
    shark -r "$file" -T jsonraw > "$BATS_TEST_TMPDIR/raw"
    events <<PY
raw = json.load(open('$BATS_TEST_TMPDIR/raw'))
assert [p['bytes'] for p in packets] == [p['_source']['layers']['frame_raw'][0] for p in raw]
PY
    try capinfos -Mc "$file"
    exits 0
    has "$out" 'Number of packets:   9'
    try tcpdump -nr "$file"
    exits 0
    same "$(wc -l < "$out")" 9
}

@test "what can't be meant: exit 2, nothing sent" {
    lc udp
    refused 2 'which ports'
    lc udp 9000 --data x data=y
    refused 2 'give one of them'
    lc udp 9000 --data 'hex:4'
    refused 2 hex
    lc udp 9000 dstport=1
    refused 2 udp.dstport
    lc udp 9000 tcp.flags=SYN
    refused 2 tcp.flags 'no such field'
    echo kept > "$BATS_TEST_TMPDIR/kept" # refused before anything is opened, or written over
    head -c 65508 /dev/zero > "$BATS_TEST_TMPDIR/large"
    lc udp 9000 --data "@$BATS_TEST_TMPDIR/large" -w "$BATS_TEST_TMPDIR/kept"
    refused 2 'at most 65507'
    lc udp 9000 ip.src=8.8.8.8 -w "$BATS_TEST_TMPDIR/kept"
    refused 3 8.8.8.8
    same "$(cat "$BATS_TEST_TMPDIR/kept")" kept
    lc udp 1-1001
    refused 2 '1001 ports: at most 1000'
    head -c 65508 /dev/zero > "$BATS_TEST_TMPDIR/large"
    lc -S -q udp 9000 --data "@$BATS_TEST_TMPDIR/large"
    exits 2
    complains 'at most 65507'
    head -c 65507 /dev/zero > "$BATS_TEST_TMPDIR/large"
    lc -S --json udp 9000 9001 --data "@$BATS_TEST_TMPDIR/large" # the largest there is
    exits 0
    events <<'PY'
assert states == ['open', 'closed'] and sent[0]['len'] == 14 + 65535
PY
}

@test "a practice port found closed on the host: where it lives" {
    need_root "the host's lo is for root alone"
    try unshare -n bash -euc 'ip link set lo up; "$1" -q udp 9000 9001' host "$LOOPCRAFT"
    exits 0
    has "$out" 'Port 9000 is closed on this host' 'add -S' '2 closed'
    lacks "$out" 'Port 9001 is closed on this host' # it is in the sandbox, too
}
