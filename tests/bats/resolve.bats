#!/usr/bin/env bats
# resolve.bats: names to addresses, services to ports; a real DNS server, and false ones, by hand.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

# Runs a script in a sandbox where dnsmasq serves test. on port 5353, and nobody else is asked.
dns_box() { # SCRIPT [ARG...]
    local script=$1
    need dnsmasq
    shift
    for i in {1..40}; do
        echo "txt-record=many.test,record $i of a great many that do not all fit a datagram"
    done > "$BATS_TEST_TMPDIR/many"
    box '
        at=$1
        shift
        dnsmasq -k -R -h -u "$(id -un)" -g "$(id -gn)" --pid-file= --log-facility=/dev/null \
            --conf-file="$at/many" --local=/test/ --host-record=web.test,192.0.2.10,2001:db8::10 \
            --host-record=four.test,127.0.0.9,600 --cname=www.test,web.test --cname=w.test,www.test \
            --mx-host=test,mail.test,10 --txt-record=t.test,hello,"two words" \
            --srv-host=_http._tcp.test,web.test,8080,1,2 \
            --ptr-record=9.0.0.127.in-addr.arpa,four.test -p 5353 \
            --listen-address=127.0.0.1,::1 --bind-interfaces 3>&- & server=$!
        answers() { [ -n "$(ss -Hlun "sport = :5353")" ] && [ -n "$(ss -Hltn "sport = :5353")" ]; }
        until_true answers
        by_hand() { "$LOOPCRAFT" --json resolve @127.0.0.1:5353 "$@"; }
        export LOOPCRAFT
        '"$script"'
        kill $server' "$BATS_TEST_TMPDIR" "$@"
}
export LOOPCRAFT

@test "A and AAAA of a name, over IPv4 and IPv6: every byte shown, the answers classified" {
    dns_box 'by_hand web.test; "$LOOPCRAFT" --json resolve web.test --server "[::1]:5353"'
    exits 0
    silent
    events <<'PY'
answers = of('answer')
assert [(a['kind'], a['data'], a['class'], a['failure']) for a in answers] == [
    ('A', '192.0.2.10', 'documentation', None), ('AAAA', '2001:db8::10', 'documentation', None)] * 2, answers
assert [a['source'] for a in answers] == ['127.0.0.1:5353'] * 2 + ['[::1]:5353'] * 2
assert {a['name'] for a in answers} == {'web.test'} and answers[0]['reaches'].startswith('nowhere')
assert [s['world'] for s in of('start')] == ['sandbox'] * 2
assert [(s['sent'], s['received'], s['dropped']) for s in of('summary')] == [(2, 2, 0)] * 2
assert [p['direction'] for p in packets] == ['sent', 'received'] * 4
for asked, answer in zip(packets[::2], packets[1::2]):
    assert show(asked, 'dns.id') == show(answer, 'dns.id')
    assert show(asked, 'dns.qry.name') == show(answer, 'dns.qry.name') == 'web.test'
    assert show(asked, 'dns.flags.recdesired') == '1' and show(answer, 'dns.flags.response') == '1'
    assert field(asked, 'dns.id')['origin'] == 'loopcraft'
    assert answer['note'].startswith('The answer: the same identifier and question')
ids = [show(p, 'dns.id') for p in packets[::2]]
assert len(set(ids)) > 1, ids # by chance: no two questions need have the same
for two in packets[:4], packets[4:]:
    assert 61000 <= number(two[0], 'udp.srcport') <= 61999
PY
}

@test "dig agrees: A, AAAA, CNAME, MX, SRV, TXT, PTR, and what is not there" {
    need dig
    dns_box '
        dig() { command dig @127.0.0.1 -p 5353 +tries=1 +time=5 +short "$@"; }
        while read -r name type; do
            echo "ask $name $type"
            dig "$name" "$type" | sed "s/^/dig /"
            by_hand "$name" --type "$type" | grep "^{.type.:.answer." || true
        done <<NAMES
web.test A
web.test AAAA
w.test A
w.test AAAA
w.test CNAME
WWW.test. A
four.test A
four.test AAAA
test MX
t.test TXT
many.test TXT
_http._tcp.test SRV
9.0.0.127.in-addr.arpa PTR
nosuch.test A
web.test TYPE65280
NAMES
        echo "ask 127.0.0.9"
        dig -x 127.0.0.9 | sed "s/^/dig /"
        by_hand 127.0.0.9 | grep "^{.type.:.answer."'
    exits 0
    python3 -I - "$out" <<'PY'
import json, sys
asks = []
for line in open(sys.argv[1]):
    kind, _, rest = line.rstrip('\n').partition(' ')
    if kind == 'ask':
        asks.append((rest, [], []))
    elif kind == 'dig':
        asks[-1][1].append(rest if rest.startswith('"') else ' '.join(w.rstrip('.') for w in rest.split()))
    else:
        answer = json.loads(line)
        if answer['data'] is not None:
            asks[-1][2].append(answer['data'])
        else:
            assert answer['failure'] in ('NXDOMAIN', 'NODATA'), answer
assert len(asks) == 16
for ask, dig, ours in asks:
    assert sorted(dig) == sorted(ours), (ask, dig, ours)
counts = [len(dig) for _, dig, _ in asks]
assert counts == [1, 1, 3, 3, 1, 2, 1, 0, 1, 1, 40, 1, 1, 0, 0, 1], counts
PY
}

@test "aliases are told on the way, once; the TTL is the server's" {
    dns_box 'by_hand w.test; by_hand four.test --type a'
    exits 0
    events <<'PY'
assert [(a['name'], a['kind'], a['data']) for a in of('answer')] == [
    ('w.test', 'CNAME', 'www.test'), ('www.test', 'CNAME', 'web.test'),
    ('web.test', 'A', '192.0.2.10'), ('web.test', 'AAAA', '2001:db8::10'),
    ('four.test', 'A', '127.0.0.9')], of('answer')
assert of('answer')[-1]['ttl_s'] == 600 and of('answer')[-1]['class'] == 'loopback'
assert [s['text'] for s in of('summary')] == ['2 found', '1 found']
PY
}

@test "no such name, nothing of that type, refused: each said, the rest done, exit 1" {
    dns_box '
        ask() { status=0; by_hand "$@" || status=$?; echo "{\"type\":\"exit\",\"status\":$status}"; }
        ask nosuch.test ssh
        ask four.test
        ask four.test --type AAAA
        ask www.example.com
        ask web.test nosuch'
    exits 0
    events <<'PY'
told, runs = [], []
for e in events:
    if e['type'] == 'answer':
        told.append((e['kind'], e['data'] or e['failure']))
    elif e['type'] == 'exit':
        runs.append((e['status'], told))
        told = []
assert runs == [
    (1, [('A', 'NXDOMAIN'), ('port', '22/tcp')]),     # of no type: asked once
    (0, [('A', '127.0.0.9'), ('AAAA', 'NODATA')]),    # it has an address
    (1, [('AAAA', 'NODATA')]),                        # not the one that was asked for
    (1, [('A', 'REFUSED'), ('AAAA', 'REFUSED')]),
    (1, [('A', '192.0.2.10'), ('AAAA', '2001:db8::10'), ('port', 'unknown-service')])], runs
assert all(a['means'] for a in of('answer') if a['failure'])
PY
}

@test "an answer that was cut short is asked for again over TCP, and comes whole" {
    dns_box 'by_hand many.test --type TXT; by_hand many.test --type TXT @127.0.0.1:5353 || true'
    events <<'PY'
assert len(of('answer')) == 40 and {a['kind'] for a in of('answer')} == {'TXT'}
datagrams = [p for p in packets if any(f.get('name') == 'udp.srcport' for f in fields(p))]
segments = [p for p in packets if p not in datagrams]
assert len(datagrams) == 2 and show(datagrams[1], 'dns.flags.truncated') == '1'
assert 'TCP' in datagrams[1]['note']
assert [flags(p) for p in segments][:3] == ['S', 'SA', 'A'], [flags(p) for p in segments]
assert flags(segments[-1]) == 'A' and not any('R' in flags(p) for p in segments)
asked, answer = [p for p in segments if payload(p)]
assert number(asked, 'dns.length') == len(payload(asked)) - 2 == 27
assert number(answer, 'dns.length') == len(payload(answer)) - 2 > 512
assert asked['direction'] == 'sent' and answer['direction'] == 'received'
assert sum(f.get('name') == 'dns.txt' for f in fields(answer)) == 40
assert 'connect()' in notes[0]
PY
    has "$err" 'two servers'
}

@test "Wireshark reads what was written the same way, every packet commented" {
    need tshark
    dns_box '"$LOOPCRAFT" -q resolve w.test @127.0.0.1:5353 -w "$1" > /dev/null' "$BATS_TEST_TMPDIR/w.pcapng"
    exits 0
    same "$(shark -r "$BATS_TEST_TMPDIR/w.pcapng" -d udp.port==5353,dns -T fields -E separator=/s \
        -e dns.flags.response -e dns.qry.name -e dns.qry.type -e dns.cname -e dns.a -e dns.aaaa)" \
        "0 w.test 1   
1 w.test 1 www.test,web.test 192.0.2.10 
0 w.test 28   
1 w.test 28 www.test,web.test  2001:db8::10"
    same "$(shark -r "$BATS_TEST_TMPDIR/w.pcapng" -d udp.port==5353,dns \
        -Y 'frame.comment && (dns.flags.response == 0 || dns.response_to)' | wc -l)" 4
}

@test "the first question is lost, or its answer: it is put again" {
    need nft
    dns_box '
        rule() { # HOOK MATCH
            nft "flush ruleset; table inet loss {
                chain c { type filter hook $1 priority -10; udp $2 5353 numgen inc mod 2 == 0 drop; }; }"
        }
        rule input dport
        by_hand web.test --type A
        rule output sport
        by_hand web.test --type A'
    if [ "$status" != 0 ] && grep -q 'Operation not permitted' "$err"; then
        skip 'nft is refused here'
    fi
    exits 0
    events <<'PY'
assert [a['data'] for a in of('answer')] == ['192.0.2.10'] * 2
assert [p['direction'] for p in packets] == ['sent', 'sent', 'received'] * 2, packets
for first, again, answer in (packets[:3], packets[3:]):
    assert 'try 2 of 3' in again['note']
    assert show(first, 'dns.id') == show(again, 'dns.id') == show(answer, 'dns.id')
    assert show(first, 'udp.srcport') == show(again, 'udp.srcport')
PY
}

@test "nobody there, a firewall, silence, an echo: the practice ports are no DNS servers" {
    box '
        ask() { "$LOOPCRAFT" --json resolve web.test @"$1" > "$2/$1" || [ $? = 1 ]; }
        servers="127.0.0.1:9001 127.0.0.1:9002 127.0.0.1:9003 127.0.0.1:9000 [::1]:9001"
        asking=
        for server in $servers; do # all at once: silence takes its time
            ask "$server" "$1" & asking="$asking $!"
        done
        for each in $asking; do wait "$each"; done
        cd "$1"
        cat $servers' "$BATS_TEST_TMPDIR"
    exits 0
    silent
    events <<'PY'
assert [a['failure'] for a in of('answer')] == [
    'port-unreach', 'no-response', 'admin-prohibited', 'no-response', 'port-unreach'], of('answer')
assert all(a['data'] is None and a['means'] for a in of('answer'))
echo = [p for p in received if 'Not taken for the answer' in p['note']]
assert len(echo) == 3 and all('a question itself' in p['note'] for p in echo)
PY
}

# A server that lies, by the name it is asked for; on 127.0.0.1:7053 alone, no TCP.
liar() { cat > "$BATS_TEST_TMPDIR/liar.py" <<'PY'
import socket, struct
def bound(addr, port):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.bind((addr, port))
    return s
here, port, address = bound('127.0.0.1', 7053), bound('127.0.0.1', 7054), bound('127.0.0.2', 7053)
open('ready', 'w').close()
late = 0
def header(q, flags, answers=1, id=None):
    return (id or q[:2]) + struct.pack('>HHHHH', flags, 1, answers, 0, 0)
A = b'\xc0\x0c\0\1\0\1\0\0\0\5\0\4'
while True:
    q, who = here.recvfrom(600)
    say = lambda message, by=here: by.sendto(message, who)
    question, name = q[12:], q[13:13 + q[12]]
    good = header(q, 0x8180) + question + A + bytes([192, 0, 2, 1])
    forged = header(q, 0x8180) + question + A + bytes([6, 6, 6, 6])
    if name == b'forge':
        say(bytes([q[0] ^ 1]) + forged[1:])                       # another identifier
        say(forged[:12] + question.replace(b'forge', b'fargo') + forged[12 + len(question):])
        say(forged[:12] + question[:-3] + b'\x1c' + question[-2:] + forged[12 + len(question):])
        say(forged[:2] + b'\1\0' + forged[4:])                    # a question
        say(forged[:7])                                           # too short
        say(b'')
        say(forged, port)
        say(forged, address)
        say(good)
    elif name == b'case':
        say(good.replace(b'case', b'CaSe'))
    elif name == b'late':
        late += 1
        if late == 3:
            say(good)
    elif name == b'fail':
        say(header(q, 0x8182, 0) + question)
    elif name == b'odd':
        say(header(q, 0x818b, 0) + question)
    elif name == b'format':
        say(q[:2] + b'\x81\x81' + bytes(8))                       # the header alone
    elif name == b'loop':
        say(header(q, 0x8180) + question + bytes([0xc0, len(q)]) + A[2:] + bytes(4))
    elif name == b'many':
        say(header(q, 0x8180, 60000) + question)
    elif name == b'circle':
        say(header(q, 0x8180) + question + b'\xc0\x0c\0\5\0\1\0\0\0\5\0\2\xc0\x0c')
    elif name == b'torn':
        say(good if question[-3] == 1 else header(q, 0x8183, 0) + question)
    elif name == b'cut':
        say(header(q, 0x8380, 0) + question)
    elif name == b'escape':
        say(header(q, 0x8180) + question + b'\xc0\x0c\0\5\0\1\0\0\0\5\0\x0b\x09\x1b[31m\xe2\x80\xae!\0')
PY
}
liar_box() { # NAME...
    need python3
    liar
    box '
        cd "$1"
        shift
        python3 -I liar.py 3>&- & server=$!
        until_true test -e ready
        for name; do
            status=0
            "$LOOPCRAFT" --json resolve "$name.test" --type A @127.0.0.1:7053 || status=$?
            echo "{\"type\":\"exit\",\"status\":$status}"
        done
        kill $server' "$BATS_TEST_TMPDIR" "$@"
    exits 0
}

@test "forged answers are shown and not taken: identifier, question, port, address" {
    liar_box forge
    events <<'PY'
assert [a['data'] for a in of('answer')] == ['192.0.2.1'] and of('exit')[0]['status'] == 0
assert len(received) == 9, len(received)
reasons = ['another identifier', 'another question', 'another question', 'a question itself',
           'too short', 'too short', 'another port', 'another address']
for packet, reason in zip(received, reasons):
    assert packet['note'].startswith('Not taken') and reason in packet['note'], (reason, packet['note'])
assert received[-1]['note'].startswith('The answer')
PY
}

@test "what servers get wrong, and what they do not: case, lateness, codes, circles, lies" {
    liar_box case late fail odd format loop many circle cut
    events <<'PY'
runs, told = [], []
for e in events:
    if e['type'] == 'answer':
        told.append(e['data'] or e['failure'])
    elif e['type'] == 'exit':
        runs.append((e['status'], *told))
        told = []
assert runs == [(0, '192.0.2.1'), (0, '192.0.2.1'), (1, 'SERVFAIL'), (1, 'RCODE11'), (1, 'FORMERR'),
                (1, 'malformed'), (1, 'malformed'), (1, 'circle.test', 'NODATA'), (1, 'conn-refused')], runs
assert any('try 3 of 3' in p['note'] for p in sent)
PY
}

@test "a server that has an address of a name, and says of another type that there is no such name" {
    liar
    need python3
    box '
        cd "$1"
        python3 -I liar.py 3>&- & server=$!
        until_true test -e ready
        "$LOOPCRAFT" --json resolve torn.test @127.0.0.1:7053
        kill $server' "$BATS_TEST_TMPDIR"
    exits 0
    events <<'PY'
assert [(a['kind'], a['data'], a['failure']) for a in of('answer')] == [
    ('A', '192.0.2.1', None), ('AAAA', None, 'NXDOMAIN')]
assert 'though it has just told something' in of('answer')[1]['means']
PY
}

@test "names from a server reach neither terminal nor JSON raw" {
    liar_box escape
    harmless "$out"
    has "$out" '\\x1b[31m' # a backslash, in JSON
    liar
    rm -f "$BATS_TEST_TMPDIR/ready"
    box '
        cd "$1"
        python3 -I liar.py 3>&- & server=$!
        until_true test -e ready
        "$LOOPCRAFT" resolve escape.test --type A @127.0.0.1:7053 || true
        kill $server' "$BATS_TEST_TMPDIR"
    harmless "$out"
}

@test "a service's port, a port's service, and what is neither" {
    lc --json resolve --offline 127.0.0.1 ssh
    events <<'PY'
assert [(a['name'], a['kind'], a['data']) for a in of('answer')][-1] == ('ssh', 'port', '22/tcp')
PY
    for pair in 'http 80/tcp' 'https 443/tcp' 'ftp 21/tcp' 'domain 53/tcp,53/udp'; do
        lc --json resolve --offline 127.0.0.1 "${pair% *}"
        events <<PY
assert ','.join(a['data'] for a in of('answer') if a['kind'] == 'port').startswith('${pair#* }'), of('answer')
PY
    done
    lc --json resolve --offline 127.0.0.1 53
    events <<'PY'
assert [(a['name'], a['data']) for a in of('answer') if a['kind'] == 'service'] == [
    ('53/tcp', 'domain'), ('53/udp', 'domain')]
PY
    for word in nosuch 65536 0 99999999999999999999 '' $'x\e[31m'; do
        lc --json resolve --offline 127.0.0.1 "$word"
        exits 1
        harmless "$out"
        has "$out" '"failure":"unknown-service"'
    done
}

@test "without a name: this machine's own name and all its addresses; nobody is asked" {
    need ip
    lc --json resolve
    exits 0
    silent
    ip -o address show up | awk '{ sub("/.*", "", $4); print $2, $4 }' | sort > "$BATS_TEST_TMPDIR/ip"
    uname -n > "$BATS_TEST_TMPDIR/name"
    events <<PY
answers = of('answer')
assert answers[0]['kind'] == 'name' and answers[0]['data'] == open('$BATS_TEST_TMPDIR/name').read().strip()
ours = sorted('%s %s\n' % (a['name'], a['data'].split('%')[0]) for a in answers[1:])
assert ours == open('$BATS_TEST_TMPDIR/ip').readlines(), ours
assert all(a['class'] and a['reaches'] for a in answers[1:])
assert 'nobody is asked' in of('start')[0]['place']
PY
}

# Runs a script in a private network and with files of its own: hosts, and a resolver that is
# dnsmasq, on loopback. Nothing can leave it, whatever the system's resolver does.
files_box() { # SCRIPT
    local user='-Uc --keep-caps'
    need dnsmasq getent
    ! is_root || user=
    # shellcheck disable=SC2086 # an option or nothing
    unshare $user -nm true 2> /dev/null || skip 'needs namespaces of its own, which are refused here'
    cd "$BATS_TEST_TMPDIR"
    echo 'nameserver 127.0.0.1' > resolv.conf
    printf '%s\n' '127.0.0.1 localhost' '192.0.2.77 both.hosts four.hosts' '2001:db8::77 both.hosts' \
        '192.0.2.77 both.hosts' > hosts
    echo 'hosts: files dns' > nsswitch.conf
    # shellcheck disable=SC2086
    try unshare $user -nm bash -euo pipefail -c '
        ip link set lo up
        for file in resolv.conf hosts nsswitch.conf; do mount --bind $file /etc/$file; done
        dnsmasq -k -R -h -u "$(id -un)" -g "$(id -gn)" --pid-file= --log-facility=/dev/null \
            --conf-file=/dev/null --local=/test/ --host-record=web.test,192.0.2.10,2001:db8::10 \
            --host-record=four.test,192.0.2.4 --ptr-record=4.2.0.192.in-addr.arpa,four.test \
            --listen-address=127.0.0.1 --bind-interfaces 3>&- & server=$!
        answers() { [ -n "$(ss -Hlun "sport = :53")" ]; }
        until_true answers
        ask() { status=0; "$LOOPCRAFT" --json resolve "$@" || status=$?; echo "{\"type\":\"exit\",\"status\":$status}"; }
        datagrams() { awk "/^Udp:/ && \$5 != \"OutDatagrams\" { print \$5 }" /proc/net/snmp; }
        '"$1"'
        kill $server 2> /dev/null || true'
}

runs_of() { # what was told, by run
    cat <<'PY'
runs, told = [], []
for e in events:
    if e['type'] == 'answer':
        told.append((e['kind'], e['data'] or e['failure']))
    elif e['type'] == 'exit':
        runs.append((e['status'], told))
        told = []
PY
}

@test "the system's resolver: it says that it may ask elsewhere, then asks; getent agrees" {
    files_box '
        ask web.test
        ask four.test
        ask four.test --type AAAA
        ask nosuch.test
        ask 192.0.2.4
        ask 192.0.2.5
        ask both.hosts http
        getent -A ahostsv4 web.test; getent -A ahostsv6 web.test; getent hosts 192.0.2.4'
    exits 0
    grep '^{' "$out" > "$BATS_TEST_TMPDIR/json"
    { runs_of; cat <<'PY'; } | events "$BATS_TEST_TMPDIR/json"
def none(answers): return [(k, 'EAI' if d.startswith('EAI_') else d) for k, d in answers]
assert runs[0] == (0, [('A', '192.0.2.10'), ('AAAA', '2001:db8::10')]), runs[0]
assert (runs[1][0], none(runs[1][1])) == (0, [('A', '192.0.2.4'), ('AAAA', 'EAI')]), runs[1]
assert (runs[2][0], none(runs[2][1])) == (1, [('AAAA', 'EAI')]), runs[2]
assert runs[3] == (1, [('A', 'EAI_NONAME'), ('AAAA', 'EAI_NONAME')]), runs[3]
assert runs[4] == (0, [('address', '192.0.2.4'), ('PTR', 'four.test')]), runs[4]
assert (runs[5][0], none(runs[5][1])) == (1, [('address', '192.0.2.5'), ('PTR', 'EAI')]), runs[5]
assert runs[6] == (0, [('A', '192.0.2.77'), ('AAAA', '2001:db8::77'), ('port', '80/tcp')]), runs[6]
missing = [a for a in of('answer') if a['name'] == 'four.test' and a['failure']]
assert 'has no IPv6 address' in missing[0]['means'], missing
assert all('may ask a server elsewhere' in s['place'] for s in of('start'))
assert events[0]['type'] == 'start' # before anything is asked
PY
    has "$out" '192.0.2.10      STREAM web.test' '2001:db8::10    STREAM web.test' 'four.test'
}

@test "no server to be reached: said, the hosts file's names and the services all the same" {
    files_box '
        kill $server
        wait $server || true
        ask nosuch.test ssh
        ask both.hosts'
    exits 0
    { runs_of; cat <<'PY'; } | events
assert runs == [(1, [('A', 'EAI_AGAIN'), ('AAAA', 'EAI_AGAIN'), ('port', '22/tcp')]),
                (0, [('A', '192.0.2.77'), ('AAAA', '2001:db8::77')])], runs
PY
}

@test "--offline asks the hosts file alone: not a datagram is sent" {
    files_box '
        before=$(datagrams)
        ask --offline both.hosts
        ask --offline four.hosts
        ask --offline web.test
        ask --offline 2001:db8::77
        [ "$(datagrams)" = "$before" ]
        ask web.test > /dev/null
        [ "$(datagrams)" -gt "$before" ]'
    exits 0
    { runs_of; cat <<'PY'; } | events
assert runs[0] == (0, [('A', '192.0.2.77'), ('AAAA', '2001:db8::77')]), runs[0]
assert runs[1][0] == 0 and runs[1][1][0] == ('A', '192.0.2.77') and len(runs[1][1]) == 2, runs[1]
assert runs[2] == (1, [('A', 'EAI_NONAME'), ('AAAA', 'EAI_NONAME')]), runs[2]
assert runs[3] == (0, [('address', '2001:db8::77'), ('PTR', 'both.hosts')]), runs[3]
assert {a['source'] for a in of('answer')} <= {'/etc/hosts', 'as typed'}
PY
}

@test "a server that is not loopback: exit 3, one line, nothing sent" {
    box '
        packets() { awk "\$1 == \"lo:\" { print \$3 }" /proc/net/dev; }
        before=$(packets)
        for server in 8.8.8.8 8.8.8.8:53 127.1 0.0.0.0 :: ::2 [2001:db8::1]:53 ::ffff:127.0.0.1 \
            dns.example localhost.localdomain:53 "" 127.0.0.1.5 2130706433; do
            for way in "--server=$server" "@$server"; do
                status=0
                said=$("$LOOPCRAFT" resolve web.test "$way" 2>&1 > /dev/null) || status=$?
                echo "$status $(grep -c "^loopcraft: ." <<< "$said") $(wc -l <<< "$said") $way"
            done
        done
        [ "$(packets)" = "$before" ]'
    exits 0
    same "$(grep -vc '^3 1 1 ' "$out")" 0
    same "$(grep -c '^3 1 1 ' "$out")" 26
}

@test "what can't be asked is refused: exit 2, one line" {
    lc resolve 'a..b' @127.0.0.1
    refused 2 'an empty label'
    lc resolve "$(printf 'a%.0s' {1..64}).test"
    refused 2 'more than 63 bytes'
    lc resolve "$(printf 'ab.%.0s' {1..90})test"
    refused 2 'more than 255 bytes'
    lc resolve 'tést.test'
    refused 2 'xn--'
    lc resolve web.test --type MX
    refused 2 '--server'
    lc resolve web.test --type QX @127.0.0.1
    refused 2 'no type of record' 'did you mean'
    lc resolve web.test --type AXFR @127.0.0.1
    refused 2 'a whole zone'
    lc resolve a b c
    refused 2 'more than a name and a service'
    lc resolve @127.0.0.1
    refused 2 'which name'
    lc resolve web.test @127.0.0.1 --server ::1
    refused 2 'two servers'
    lc resolve web.test @127.0.0.1 --offline
    refused 2 '--offline'
    lc resolve web.test -w "$BATS_TEST_TMPDIR/x"
    refused 2 '--server'
    [ ! -e "$BATS_TEST_TMPDIR/x" ]
    lc resolve web.test -S
    refused 2 '--server'
    lc resolve web.test @127.0.0.1:53,54
    refused 2 'one port'
    lc resolve web.test @127.0.0.1:0
    refused 2 'ports go from 1'
}

@test "Ctrl-C while it waits: what is known so far, marked partial, and 130" {
    mkfifo "$BATS_TEST_TMPDIR/pipe"
    "$LOOPCRAFT" -S --json resolve web.test @127.0.0.1:9002 > "$BATS_TEST_TMPDIR/pipe" 2> "$BATS_TEST_TMPDIR/err" 3>&- &
    local pid=$! line status=0
    exec 4< "$BATS_TEST_TMPDIR/pipe"
    while read -r line <&4 && [[ $line != '{"type":"packet"'* ]]; do :; done
    kill -INT $pid
    cat <&4 > "$BATS_TEST_TMPDIR/rest"
    exec 4<&-
    wait $pid || status=$?
    same $status 130
    has "$BATS_TEST_TMPDIR/rest" '"type":"summary"' '"partial":true'
    [ ! -s "$BATS_TEST_TMPDIR/err" ]
}
