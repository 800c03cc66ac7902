#!/usr/bin/env bats
# scan.bats: sweeps: the right verdict for every port, whatever the loopback does to the packets.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

# The verdicts of a sweep of the sandbox that are not "closed", and how many ports there were.
expect_states() { # COUNT PORT=STATE...
    exits 0
    silent
    WANTED="$*" events <<'PY'
import os
count, *wanted = os.environ['WANTED'].split()
summary = of('summary')[-1]
assert not summary['partial'] and sum(summary['states'].values()) == int(count), summary
listed = {v['port']: v['state'] for v in verdicts if v['state'] != 'closed'}
assert listed == {int(w.split('=')[0]): w.split('=')[1] for w in wanted}, listed
assert summary['states'].get('closed', 0) == int(count) - len(listed), summary
PY
}

readonly TCP='8080=open 8082=filtered 8083=filtered'
readonly UDP='9000=open 9002=open|filtered 9003=filtered 9004=open|filtered'

@test "all ports of the sandbox, TCP: IPv4 and IPv6" {
    lc -S --json scan
    expect_states 65535 $TCP
    events <<'PY'
assert reasons == ['syn-ack', 'no-response', 'admin-prohibited'], reasons
assert verdicts[1]['tries'] >= 2 and verdicts[1]['rtt_us'] is None
assert verdicts[0]['service'] == 'http-alt' and verdicts[0]['evidence']
assert any('closed ports (reset)' in n for n in notes), notes
PY
    lc -S --json scan -6
    expect_states 65535 $TCP
}

@test "all ports of the sandbox, UDP: IPv4 and IPv6" {
    lc -S --json scan --udp
    expect_states 65535 $UDP
    lc -S --json scan -sU -6
    expect_states 65535 $UDP
}

@test "every kind of probe, by name and by nmap's letter" {
    local stealthy='8080=open|filtered 8082=open|filtered 8083=filtered'
    for kind in '--probe fin' -sN '--probe=xmas' '-6 -sF' '-6 --probe null' '-6 -sX'; do
        lc -S --json scan 7001-9000 $kind
        expect_states 2000 $stealthy
    done
    for kind in '--probe connect' '-6 -sT' '--probe syn' -sS; do
        lc -S --json scan 7001-9000 $kind
        expect_states 2000 $TCP
    done
    for family in -4 -6; do
        lc -S --json scan 7001-9000 -sA $family
        exits 0
        events <<'PY'
assert of('summary')[0]['states'] == {'unfiltered': 1998, 'filtered': 2}
assert [v['port'] for v in verdicts] == [8082, 8083]
PY
    done
}

@test "a few ports are told one by one; --expect; the table has their services" {
    lc -S scan 8080-8084 22
    exits 0
    silent
    has "$out" '8080/tcp   http-alt        open' '22/tcp     ssh             closed' '1 open, 3 closed, 2 filtered'
    lacks "$out" 'Not listed'
    lc -S -q scan 8081 8084 --expect closed
    exits 0
    lc -S -q scan 8080-8084 --expect closed
    exits 1
}

@test "-v: every port is told, whatever its state" {
    lc -S --json scan -v 8060-8090
    exits 0
    events <<'PY'
assert [v['port'] for v in verdicts] == list(range(8060, 8091)), verdicts
assert states.count('closed') == 28, states
PY
}

@test "what can't be asked is refused, and nothing is sent" {
    lc -S scan 8100-8000
    refused 2 8100-8000
    lc -S scan 1-70000
    refused 2 65535
    lc -S scan --rate 0
    refused 2 --rate
    lc -S scan --rate fast
    refused 2 --rate
    lc -S scan --probe sin
    refused 2 --probe
    lc -S scan -sS --udp
    refused 2
    lc -S scan -sQ
    refused 2 nmap
    lc -S scan 80 ip.ttl=3
    refused 2 srcport
    lc scan --to 10.0.0.1
    refused 3 10.0.0.1
    lc -S --json scan 80-90,85-95,80  # ranges that overlap: each port once
    exits 0
    events <<'PY'
assert [v['port'] for v in verdicts] == list(range(80, 96))
PY
}

@test "srcport= chooses our end, and our own port is told like any other" {
    for kind in -sS -sT -sU; do
        lc -S --json scan 61770-61790 srcport=61777 $kind
        exits 0
        events <<'PY'
assert states == [] and of('summary')[0]['states'] == {'closed': 21}
PY
    done
}

@test "-w: probes and answers, whole, each with a comment; no sweep is shown on the way" {
    local file=$BATS_TEST_TMPDIR/s.pcapng
    lc -S --json scan 8000-8099 -w "$file"
    expect_states 100 $TCP
    events <<'PY'
assert not packets
PY
    same "$(shark -r "$file" -Y '!frame.comment' | wc -l)" 0
    same "$(shark -r "$file" -Y 'tcp.flags.syn == 1 && tcp.flags.ack == 0 && !icmp' -T fields -e tcp.dstport | sort -u | wc -l)" 100
    same "$(shark -r "$file" -Y 'icmp.type == 3 && icmp.code == 13' | wc -l)" 1
    # A checksum is patched, not summed anew: tshark sums it.
    same "$(shark -r "$file" -o tcp.check_checksum:TRUE -Y 'tcp.checksum.status == 0 && tcp.flags == 2 && !icmp' | wc -l)" 0
    lc -S --json scan 9000-9099 --udp -w "$file"
    same "$(shark -r "$file" -o udp.check_checksum:TRUE -Y 'udp.checksum.status == 1 && udp.dstport < 10000 && !icmp' -T fields -e udp.dstport | sort -u | wc -l)" 100
}

# --- faults ------------------------------------------------------------------------------

# Sweeps ports in the sandbox, 200 of them open, while nft does something; $out is the last's JSON.
lossy() { # NFT-TABLE [OPTION...]
    local rules=$1
    shift
    box '
        : > "$3"
        python3 -c "
import socket
kept = [socket.create_server((\"127.0.0.1\", port)) for port in range(20000, 20200)]
print(\"ready\", flush=True)
input()" < <(exec sleep 60) > "$3" & server=$!
        until_true grep -q ready "$3"
        nft "table $2"
        "$1" --json scan "${@:4}"
        kill $server' "$LOOPCRAFT" "$rules" "$BATS_TEST_TMPDIR/ready" "$@"
    exits 0
    events <<'PY'
states = {v['port']: v['state'] for v in verdicts if v['state'] != 'closed'}
wanted = {8080: 'open', 8082: 'filtered', 8083: 'filtered'}
wanted.update({port: 'open' for port in range(20000, 20200)})
wrong = {p: (states.get(p), wanted.get(p)) for p in set(states) | set(wanted) if states.get(p) != wanted.get(p)}
assert not wrong, wrong
assert sum(of('summary')[0]['states'].values()) == 65535
PY
}

readonly LOSE_SYNS='chain in { type filter hook input priority -5; tcp flags & (syn|ack) == syn numgen inc mod 5 == 0 drop; };'
readonly LOSE_ANSWERS='chain out { type filter hook output priority -5; tcp sport != 61000-61999 numgen inc mod 5 == 0 drop; };'

@test "every fifth SYN lost: no wrong verdict" {
    lossy "inet fault { $LOSE_SYNS }"
    events <<'PY'
tries = {v['port']: v['tries'] for v in verdicts}
assert tries[8082] > 5                                 # the loss was measured, and silence not believed
assert max(tries[p] for p in range(20000, 20200)) > 1  # some were asked again
PY
}

@test "every fifth answer lost: no wrong verdict" {
    lossy "inet fault { $LOSE_ANSWERS }"
}

@test "probes and answers lost, every fifth of each: no wrong verdict, connect() too" {
    lossy "inet fault { $LOSE_SYNS $LOSE_ANSWERS }"
    lossy "inet fault { $LOSE_SYNS $LOSE_ANSWERS }" --probe connect
}

@test "nearly all lost: no more ports are in doubt than are silent" {
    box '
        nft "table inet fault { chain in { type filter hook input priority -5;
            udp dport 7001-7100 numgen inc mod 20 != 0 drop; udp dport 7101-7200 drop; }; }"
        "$1" --json scan --udp 7001-7200' "$LOOPCRAFT"
    exits 0
    events <<'PY'
silent = of('summary')[0]['states']['open|filtered']
doubts = [s['means'] for s in of('step') if 'So many packets are lost' in s['means']]
assert len(doubts) == 1 and 0 < float(doubts[0].split(' about ')[1].split()[0]) <= silent, (silent, doubts)
PY
}

@test "a server on every address answers from another than was asked: it is open all the same" {
    box '
        python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind((\"0.0.0.0\", 7500))
open(\"$2\", \"w\")
while True:
    s.sendto(b\"pong\", s.recvfrom(99)[1])" & server=$!
        until_true test -e "$2"
        "$1" --json scan --udp --to 127.9.8.7 7499-7501
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/ready"
    exits 0
    events <<'PY'
assert states == ['closed', 'open', 'closed'], verdicts
assert 'only its two ports' in verdicts[1]['evidence'], verdicts[1]
PY
}

@test "answers that come twice: no wrong verdict" {
    lossy 'ip fault { chain in { type filter hook prerouting priority -300; tcp dport 61000-61999 meta mark != 7 meta mark set 7 dup to 127.0.0.1 device "lo"; }; }'
    events <<'PY'
assert of('summary')[0]['received'] > 65535 + 10000, of('summary')[0]
PY
}

@test "a stranger who knows the ports forges SYN-ACKs, RSTs and ICMP errors: they make no verdict" {
    box '
        python3 "$2/forge.py" 61777 8082 9004 > "$3" & forger=$!
        until_true grep -qs ready "$3"
        for i in 1 2 3; do
            "$1" --json scan 8000-8999 srcport=61777
            "$1" --json scan 8000-8999 srcport=61777 --probe connect
            "$1" --json scan 9000-9999 srcport=61777 --udp
        done
        kill $forger' "$LOOPCRAFT" "$BATS_TEST_DIRNAME" "$BATS_TEST_TMPDIR/ready"
    exits 0
    events <<'PY'
summaries = [s['states'] for s in of('summary')]
tcp = {'closed': 997, 'open': 1, 'filtered': 2}
udp = {'closed': 996, 'open': 1, 'filtered': 1, 'open|filtered': 2}
assert summaries == [tcp, tcp, udp] * 3, summaries
by_port = {(v['port'], v['state'], v['reason']) for v in verdicts}
assert {(8082, 'filtered', 'no-response'), (9004, 'open|filtered', 'no-response')} <= by_port
assert len(by_port) == 3 + 4, by_port
PY
}

@test "a port that opens and closes while the sweep goes on: its state is one of both" {
    box '
        python3 -c "
import socket
while True:
    try:
        socket.create_server((\"127.0.0.1\", 7500)).close()
    except OSError: # somebody else has the port for a moment
        pass" & flapper=$!
        for i in 1 2 3 4 5; do
            "$1" --json scan 7001-7999 --rate 5000
        done
        kill $flapper' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert {v['port'] for v in verdicts} <= {7500} and set(states) <= {'open'}
assert [sum(s['states'].values()) for s in of('summary')] == [999] * 5
PY
}

@test "a signal at any moment: what is known, marked partial, and 128 + signal" {
    remember_processes
    box '
        for i in $(seq 0 24); do
            : > "$2/$i"
            "$1" --json scan --rate 200000 > "$2/$i" 2> "$2/err" & scan=$!
            spin $((i * 12000))
            kill -TERM $scan
            status=0
            wait $scan || status=$?
            echo "$status" > "$2/$i.status"
            test ! -s "$2/err"
        done' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    python3 -I - "$BATS_TEST_TMPDIR" <<'PY'
import json, sys
partial = 0
for i in range(25):
    events = [json.loads(line) for line in open(f'{sys.argv[1]}/{i}')]
    status = int(open(f'{sys.argv[1]}/{i}.status').read())
    assert status in (0, 143), status
    if not events or events[-1]['type'] != 'summary':
        assert status == 143 and len(events) < 2, (i, status, events)  # before it began
        continue
    assert events[-1]['partial'] == (status == 143)
    partial += events[-1]['partial']
    wrong = [e for e in events if e['type'] == 'verdict' and e['state'] not in ('open', 'filtered', 'closed')]
    right = {8080: 'open', 8082: 'filtered', 8083: 'filtered'}
    assert not any('lost' in e.get('means', '') for e in events), events
    for e in events:
        assert e['type'] != 'verdict' or e['state'] == right.get(e['port'], 'closed'), e
assert partial >= 3, partial
PY
    no_new_processes
}

@test "the oracle: 300 listeners and 300 rules by chance; scan is right on every port, nmap is asked" {
    need nmap
    local seed=${LOOPCRAFT_SEED:-$RANDOM}
    box 'python3 "$2/oracle.py" "$1" "$3" "${@:4}"' "$LOOPCRAFT" "$BATS_TEST_DIRNAME" "$seed" tcp4 udp6
    echo "LOOPCRAFT_SEED=$seed"
    cat "$out"
    exits 0
    same "$(grep -c 'scan wrong on 0' "$out")" 2
}
