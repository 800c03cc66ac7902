#!/usr/bin/env bats
# witness.bats: the kernel's own testimony beside the verdict.
load lib

# Drops are told to real root alone; counters and sockets to everybody.
PYTHON_HELP='
def moved(v): return {c["name"]: c["by"] for c in v["witness"]["counters"]}
def drops(v): return v["witness"]["drops"]
ROOT = all(v["witness"]["unavailable"] is None for v in verdicts)
by_port = {v["port"]: v for v in verdicts}
'
testimony() { # the script on stdin sees these, and whether this is root
    { echo "$PYTHON_HELP"; echo "IS_ROOT = $(is_root && echo True || echo False)"; cat; } > "$BATS_TEST_TMPDIR/look.py"
    events < "$BATS_TEST_TMPDIR/look.py"
}

has_tracepoint() { # as root: in a mount namespace of its own
    unshare -m sh -c 'mount -t tracefs none /mnt && grep -q reason /mnt/events/skb/kfree_skb/format' 2>/dev/null
}

@test "the kernel's reset is told from the firewall's" {
    local version
    for version in -4 -6; do
        lc -S $version --json --witness syn 8081 8084
        exits 0
        silent
        testimony <<'PY'
own, forged = by_port[8081], by_port[8084]
assert own['reason'] == forged['reason'] == 'reset'  # on the wire they are the same
assert moved(own)['TcpOutRsts'] == 1 and 'TcpOutRsts' not in moved(forged)
assert '(TcpOutRsts +1): it was the kernel, not a firewall' in own['evidence'], own
assert 'so the reset was not the kernel\'s own: a firewall forged it' in forged['evidence'], forged
assert not own['witness']['disagreed'] and not forged['witness']['disagreed']
assert own['witness']['exchanges'] == 2
PY
    done
}

@test "scan of a few ports: a probe that an open port ignores is told from one that is dropped" {
    lc -S --json --witness scan --probe null 8080 8082
    exits 0
    silent
    testimony <<'PY'
ignored, dropped = by_port[8080], by_port[8082]
assert ignored['state'] == dropped['state'] == 'open|filtered'  # all that the wire tells
assert moved(ignored)['TcpInSegs'] == 1 and 'TcpInSegs' not in moved(dropped)
assert 'it was ignored, not stopped by a firewall' in ignored['evidence'], ignored
assert 'something stopped it between' in dropped['evidence'], dropped
PY
    lc -S --witness scan 8080 --rate 5
    refused 2 'leave out --rate'
    lc -S --witness scan
    refused 2 'which ports?'
}

@test "a dropped SYN is told from an ignored one" {
    lc -S --json --witness syn 8082
    exits 0
    testimony <<'PY'
v = by_port[8082]
assert v['tries'] == 3 and v['witness']['exchanges'] == 3
assert moved(v)['IpInReceives'] == 1 and 'TcpInSegs' not in moved(v)
assert 'never reached TCP (TcpInSegs +0, IpInReceives +1): something stopped it between' in v['evidence'], v
PY
    # A listener whose queue is full ignores what comes: its kernel has received it.
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        echo 0 > /proc/sys/net/ipv4/tcp_syncookies
        python3 -c "
import socket, subprocess, sys
s = socket.socket(); s.bind((\"127.0.0.1\", 7777)); s.listen(0)
c = socket.socket(); c.connect((\"127.0.0.1\", 7777))
subprocess.run([sys.argv[1], \"--json\", \"--witness\", \"syn\", \"7777\"], check=True)" "$1"' "$LOOPCRAFT"
    exits 0
    testimony <<'PY'
v = by_port[7777]
assert v['state'] == 'filtered', v   # so it looks from outside; the kernel knows better
assert 'a listener\'s queue that is full (TcpExtListenOverflows +1): somebody listens' in v['evidence'], v
assert 'the kernel has a listening socket at this port' in v['evidence']
(listener,) = [s for s in v['witness']['sockets'] if s['state'] == 'LISTEN']
assert listener['receive_queue'] == 1 and listener['send_queue'] == 0, listener
PY
}

@test "UDP: the kernel's refusal, the firewall's, and a program that reads nothing" {
    local version
    for version in -4 -6; do
        lc -S $version --json --witness udp 9000-9004
        exits 0
        silent
        testimony <<'PY'
six = verdicts[0]['addr'] == '::1'
udp, ip = ('Udp6', 'Ip6') if six else ('Udp', 'Ip')
assert moved(by_port[9000])[udp + 'InDatagrams'] == 1
assert moved(by_port[9001])[udp + 'NoPorts'] == 1
assert 'the ICMP error is the kernel\'s own, not a firewall\'s' in by_port[9001]['evidence']
assert udp + 'NoPorts' not in moved(by_port[9003])
assert 'so the ICMP error is a firewall\'s' in by_port[9003]['evidence']
# Both are silent: one was delivered, the other was not.
bound, dropped = by_port[9002], by_port[9004]
assert moved(bound)[ip + 'InDelivers'] == 1 and ip + 'InDelivers' not in moved(dropped)
assert 'has left what came unread' in bound['evidence']
(socket,) = bound['witness']['sockets']
assert socket['state'] == 'BOUND' and socket['receive_queue'] > socket['receive_queue_before']
assert not dropped['witness']['sockets'] and 'never reached UDP' in dropped['evidence']
PY
    done
}

@test "ping, and the kernel's own connect()" {
    lc -S --json --witness ping
    exits 0
    testimony <<'PY'
assert moved(verdicts[0])['IcmpOutEchoReps'] == 1
assert 'the answer is the kernel\'s own' in verdicts[0]['evidence']
PY
    lc -S -6 --json --witness ping
    exits 0
    testimony <<'PY'
assert moved(verdicts[0])['Icmp6OutEchoReplies'] == 1
PY
    lc -S --json --witness connect 8080 8081 8082 8084
    exits 0
    testimony <<'PY'
assert [v['state'] for v in verdicts] == ['open', 'closed', 'filtered', 'closed']
assert moved(by_port[8080])['TcpPassiveOpens'] == 1
assert 'it was the kernel, not a firewall' in by_port[8081]['evidence']
assert 'never reached TCP' in by_port[8082]['evidence']
assert 'a firewall forged it' in by_port[8084]['evidence']
PY
}

@test "a wrong checksum: silence, counted" {
    lc -S --json --witness syn 8080 tcp.checksum=0x1234
    exits 0
    testimony <<'PY'
v = by_port[8080]
assert moved(v)['TcpInCsumErrors'] == 1 and '(TcpInCsumErrors +1)' in v['evidence'], v
PY
}

@test "as root: why the kernel dropped it, by name" {
    need_root 'the tracepoint skb:kfree_skb'
    has_tracepoint || skip 'this kernel tells no reasons for drops (before 5.18, or no tracefs)'
    mounts=$(grep tracefs /proc/self/mounts) || true
    lc -S --json --witness syn 8081 8082 8084
    exits 0
    testimony <<'PY'
assert ROOT
assert drops(by_port[8081])[0] == 'NO_SOCKET'
assert drops(by_port[8082]) == ['NETFILTER_DROP']
assert 'silence, because the kernel dropped it: NETFILTER_DROP' in by_port[8082]['evidence']
assert drops(by_port[8084])[0] == 'NETFILTER_DROP'
assert all(v['witness']['drops_agreed'] for v in verdicts)
PY
    lc -S --json --witness syn 8080 tcp.checksum=0x1234
    testimony <<'PY'
assert drops(by_port[8080]) == ['TCP_CSUM']
PY
    lc -S --json --witness udp 9001 9002
    testimony <<'PY'
assert drops(by_port[9001])[0] == 'NO_SOCKET' and drops(by_port[9002]) == []
PY
    # Nothing is left behind: no mount, no event switched on.
    same "$(grep tracefs /proc/self/mounts)" "$mounts"
}

@test "as an ordinary user: drops can't be had, and one line says why" {
    ! is_root || skip 'for an ordinary user'
    lc -S --witness syn 8081
    exits 0
    [ "$(grep -c 'for real root: run it with sudo' "$out")" = 1 ]
    lc -S --json --witness syn 8081 8084
    testimony <<'PY'
assert all('real root' in v['witness']['unavailable'] and not drops(v) for v in verdicts)
PY
}

@test "nstat counts the same" {
    need nstat
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        export NSTAT_HISTORY=$2/history
        for words in "syn 8081" "syn 8084" "udp 9001" "ping"; do
            nstat -n > /dev/null
            "$1" --json --witness $words | grep "\"type\":\"verdict\""
            nstat -j
        done' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    python3 -I - "$out" <<'PY'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1]) if line.strip()]
assert len(lines) == 8
for verdict, nstat in zip(lines[::2], lines[1::2]):
    witness, kernel = verdict['witness'], nstat['kernel']
    assert witness['counters'] and not witness['disagreed']
    for counter in witness['counters']:
        name, by = counter['name'], counter['by'] * witness['exchanges']
        assert kernel.get(name, 0) == by, (verdict['port'], name, by, kernel.get(name))
    # And nothing moved that the witness did not see.
    seen = {c['name'] for c in witness['counters']}
    missed = {name for name, value in kernel.items() if value and name not in seen}
    assert not missed, missed
PY
}

@test "other traffic: no evidence, and the line says so" {
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        exec 3< <(exec python3 -c "
import socket
print(\"go\", flush=True)
while True:  # one reset each, until the sandbox ends
    s = socket.socket(); s.connect_ex((\"127.0.0.1\", 7)); s.close()")
        read -r go <&3
        "$1" --json --witness syn 8081 8084 8082' "$LOOPCRAFT"
    exits 0
    testimony <<'PY'
# Within 200 ms of silence, three times, there is some of it.
silent = by_port[8082]
assert 'the kernel\'s counters are no evidence here' in silent['evidence'], silent
assert 'there is other traffic' in silent['evidence'] and silent['witness']['disagreed'], silent
# An answer takes 5 ms: if it went undisturbed twice, what is said is true; else nothing is.
for port, lie in (8081, 'forged it'), (8082, 'TCP received it'), (8084, 'it was the kernel'):
    assert lie not in by_port[port]['evidence'], by_port[port]
for port in 8081, 8084:
    v = by_port[port]
    disturbed = 'TcpOutRsts' in v['witness']['disagreed'] or moved(v).get('TcpOutRsts', 0) > 1
    assert disturbed == ('no evidence here' in v['evidence']), v
PY
}

@test "in the terminal: a line under the verdict; without --witness nothing of it" {
    COLUMNS=200 lc -S -q --ascii --witness syn 8081
    exits 0
    grep -qE '^  kernel +TcpInSegs \+2, TcpOutSegs \+1, TcpOutRsts \+1' "$out"
    harmless "$out"
    lc -S --json syn 8081
    lacks "$out" '"witness"'
    lc -S -q syn 8081
    lacks "$out" kernel TcpOutRsts
}

@test "one target at a time, and what is shown says why it is asked again" {
    lc -S --json --witness syn 8081 8084
    testimony <<'PY'
ports = [number(p, 'tcp.dstport') for p in sent if flags(p) == 'S']
assert ports == [8081, 8081, 8084, 8084], ports
assert 'does the kernel count the same again?' in sent[1]['note']
assert [v['tries'] for v in verdicts] == [1, 1]  # to the answer; the repetition is the witness's
PY
    lc handshake --witness
    refused 2 --witness
}

@test "send: what the kernel made of it, watched once" {
    lc -S --json --witness send tcp dstport=8080 tcp.checksum=0x1234
    exits 0
    testimony <<'PY'
(w,) = of('witness')
assert {'name': 'TcpInCsumErrors', 'by': 1} in w['witness']['counters'], w
assert '(TcpInCsumErrors +1)' in w['means'] and 'it was watched once' in w['means'], w
assert w['witness']['exchanges'] == 1
PY
    # A FIN is received by a listener and ignored, in front of a firewall it never gets that far.
    lc -S --json --witness send tcp dstport=8080 flags=FIN
    testimony <<'PY'
(w,) = of('witness')
assert 'TCP received it (TcpInSegs +1, TcpOutSegs +0): it was ignored' in w['means'], w
if w['witness']['unavailable'] is None:
    assert w['witness']['drops'] == ['TCP_FLAGS'], w
    assert 'silence, because the kernel dropped it: TCP_FLAGS' in w['means'], w
PY
    lc -S --json --witness send tcp dstport=8082 flags=FIN
    testimony <<'PY'
(w,) = of('witness')
assert 'never reached TCP' in w['means'], w
PY
    lc -S --json --witness send tcp dstport=8080 ip.len=200 --exact
    testimony <<'PY'
(w,) = of('witness')
assert '(IpExtInTruncatedPkts +1): it threw the packet away unread' in w['means'], w
PY
    lc -S --json --witness send tcp dstport=8080 ip.checksum=1 --exact
    testimony <<'PY'
(w,) = of('witness')
assert '(IpExtInCsumErrors +1): it threw the packet away unread' in w['means'], w
PY
}
