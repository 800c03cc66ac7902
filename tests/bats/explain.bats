#!/usr/bin/env bats
# explain.bats: explain WORD: every word that the program prints has a meaning here.
load lib

# Each word (a line of stdin) must be explained; the complaint names those that are not.
must_explain() {
    local words
    mapfile -t words
    [ ${#words[@]} -gt 0 ] || { echo 'no words to explain'; return 1; }
    lc explain --json -- "${words[@]}"
    exits 0
    silent
}

# The kinds of all meanings of a word, sorted, one line.
kinds() {
    lc explain --json "$1"
    events <<< 'print(" ".join(sorted(e["kind"] for e in of("explanation"))))'
}

@test "a list of words, kept: each with the kinds of its meanings" {
    while IFS=';' read -r word want; do
        same "$word; $(kinds "$word")" "$word;$want"
    done <<'WORDS'
22; port
ssh; port
22/tcp; port
udp/53; port
53; port
389; port port
6; port value
tcp; protocol value
tcp.flags.syn; field
tcp.options.mss; part
ttl; field field
SYN; flags
SYN-ACK; flags reason
SA; flags
0x12; flags
open; port state
filtered; port state
open|filtered; port state
unfiltered; port state
LISTEN; TCP state
SYN-RECV; TCP state
time_wait; TCP state
no-response; reason
admin-prohibited; reason
3/13; ICMP
1/4; ICMPv6
3/0; ICMP ICMPv6
icmp 3/13; ICMP
icmpv6 1/4; ICMPv6
icmp 8; ICMP
port unreachable; ICMP ICMPv6
Destination unreachable, Port unreachable; ICMP ICMPv6
192.168.1.10; address
fe80::1; address
127.8.8.8; address
10.0.0.0/8; address
127.0.0.1:22; address port
[::1]:8080; address port
ECONNREFUSED; errno
Connection refused; errno
errno 111; errno
NXDOMAIN; failure
EAI_AGAIN; failure
TCP_FLAGS; drop reason
NO_SOCKET; drop reason
SKB_DROP_REASON_TCP_CSUM; drop reason
rtt_us; JSON
TcpOutRsts; counter
libnet; term
localhost; term
socket; term
rtt; term
port; JSON
ip.proto=17; value
ARP; protocol value
A; JSON flags value
WORDS
}

@test "several words; those that mean something together are one" {
    lc explain --json icmp 3/13 22 port unreachable
    exits 0
    silent
    events <<'PY'
assert [e['word'] for e in events] == ['icmp 3/13', '22', 'port unreachable', 'port unreachable'], events
PY
    lc explain tcp 53 udp 53
    exits 0
    has "$out" '53/tcp domain' '53/udp domain'
    lacks "$out" 'tcp+udp'
}

@test "what is to be known of a port" {
    lc explain --json 23 3306 8080 49999 8082
    exits 0
    events <<'PY'
telnet, mysql, http, none, dropped = events
assert telnet['port'] == 23 and telnet['protocol'] == 'tcp' and telnet['service'] == 'telnet'
assert telnet['encryption'] == 'plaintext' and telnet['instead'] == 'SSH (22)'
assert telnet['advice'].startswith('never') and 'RFC 854' in telnet['source']
assert telnet['class'].startswith('system port')
assert mysql['encryption'] == 'upgradable' and 'TLS' in mysql['advice']
assert http['sandbox'] == 'open; a small HTTP server' and http['class'].startswith('user port')
assert 'service' not in none and none['class'].startswith('dynamic port')
assert dropped['sandbox'].startswith('filtered')
PY
}

@test "the system's database stands beside it" {
    [ -r /etc/services ] || skip 'needs /etc/services'
    lc explain --json 1812 tacacs
    exits 0
    # A service that the program has no advice on, by its name and by its port, if there is one.
    name=$(awk '$2 == "1812/udp" { print $1 }' /etc/services)
    [ -n "$name" ] || skip '/etc/services does not have 1812/udp'
    has "$out" "\"system\":\"$name"
    lc explain --json "$name"
    exits 0
    has "$out" '"port":1812' "\"system\":\"$name" '"source":"/etc/services"'
}

@test "verdicts of ICMP's codes are those of the probes" {
    lc explain --json icmp 3/3 icmp 3/13 icmpv6 1/4
    exits 0
    events <<'PY'
assert [e['verdict'] for e in events] == [
    'to TCP filtered, port-unreach; to UDP closed, port-unreach',
    'to TCP filtered, admin-prohibited; to UDP filtered, admin-prohibited',
    'to TCP filtered, port-unreach; to UDP closed, port-unreach']
PY
}

@test "all that commands print as JSON: types, members, states, reasons, origins" {
    local box=$BATS_TEST_TMPDIR
    "$LOOPCRAFT" -S --json handshake 8080 -w "$box/a.pcapng" > "$box/1"
    "$LOOPCRAFT" -S --json syn 8080-8084 -w "$box/b.pcapng" > "$box/2"
    "$LOOPCRAFT" -S --json -6 connect 8080-8084 > "$box/3"
    "$LOOPCRAFT" --json dump --explain-checksum "$box/b.pcapng" > "$box/4"
    "$LOOPCRAFT" --json diff "$box/a.pcapng" "$box/b.pcapng" > "$box/5" || [ $? = 1 ]
    "$LOOPCRAFT" --json sandbox --list > "$box/6"
    "$LOOPCRAFT" --json fields tcp. > "$box/7"
    "$LOOPCRAFT" --json explain 22 SYN 3/13 ::1 tcp.port 2> /dev/null > "$box/8" || [ $? = 1 ]
    "$LOOPCRAFT" -S --json udp 9000-9004 > "$box/9"
    "$LOOPCRAFT" -S --json --witness syn 8080-8082 > "$box/10"
    "$LOOPCRAFT" -S --json ping > "$box/11"
    "$LOOPCRAFT" -S --json --witness send udp dstport=9001 > "$box/12"
    "$LOOPCRAFT" --json -S resolve web.test @127.0.0.1:9001 > "$box/13" || [ $? = 1 ]
    "$LOOPCRAFT" --json resolve --offline nosuch.test nosuch > "$box/14" || [ $? = 1 ]
    "$LOOPCRAFT" -S --json audit > "$box/15"
    cat "$box"/[1-9] "$box"/1[0-5] > "$box/all"
    events "$box/all" > "$box/words" <<'PY'
words = set()
told = {'type', 'world', 'state', 'reason', 'origin', 'direction', 'ours', 'theirs', 'encryption',
        'failure', 'concern', 'exposure'}
def take(value, inside=None):
    if isinstance(value, list):
        for each in value:
            take(each, inside)
    elif isinstance(value, dict):
        for key, each in value.items():
            if inside != 'states':
                words.add(key)
            take(each, key)
    elif inside in told and isinstance(value, str) and value:
        words.add(value)
take(events)
print('\n'.join(sorted(words)))
PY
    [ "$(wc -l < "$box/words")" -gt 60 ]
    must_explain < "$box/words"
}

@test "every errno that there is, by its name and by its text" {
    need python3
    python3 -Ic 'import errno, os
for n in sorted(errno.errorcode): print(errno.errorcode[n], os.strerror(n), sep="\n")' |
        must_explain
}

@test "every reason for which this kernel drops packets" {
    need_root 'the kernel lists its drop reasons in tracefs'
    unshare -m sh -c 'mount -t tracefs none /mnt && cat /mnt/events/skb/kfree_skb/format' \
        > "$BATS_TEST_TMPDIR/format" 2>&1 || skip "no tracefs: $(head -n 1 "$BATS_TEST_TMPDIR/format")"
    grep -o '{ [0-9x]*, "[A-Z0-9_]*" }' "$BATS_TEST_TMPDIR/format" | cut -d '"' -f 2 |
        grep -vx MAX > "$BATS_TEST_TMPDIR/reasons" || skip 'a kernel that does not name its reasons'
    # Names came up to 6.18; a later kernel may have more.
    local total known
    total=$(wc -l < "$BATS_TEST_TMPDIR/reasons")
    mapfile -t reasons < "$BATS_TEST_TMPDIR/reasons"
    lc explain --json "${reasons[@]}"
    known=$(grep -c '"kind":"drop reason"' "$out")
    echo "$known of $total"
    [ "$total" -gt 40 ]
    [ $((known * 100)) -ge $((total * 95)) ]
    printf '%s\n' TCP_FLAGS NO_SOCKET TCP_CSUM UDP_CSUM PKT_TOO_SMALL IP_LOCALNET NETFILTER_DROP |
        must_explain
}

@test "every service that /etc/services has" {
    [ -r /etc/services ] || skip 'needs /etc/services'
    lc explain --json $(awk '$2 ~ /\/(tcp|udp)$/ && /^[^#]/ { print $1 }' /etc/services | sort -u)
    exits 0
    silent
}

# Python's ipaddress reads the same registries: what differs is said here, and why.
@test "addresses: the same as Python's ipaddress says, for thousands by chance" {
    need python3
    export LOOPCRAFT_SEED=${LOOPCRAFT_SEED:-$RANDOM}
    echo "LOOPCRAFT_SEED=$LOOPCRAFT_SEED"
    cat > "$BATS_TEST_TMPDIR/oracle.py" <<'PY'
import ipaddress, json, os, random, subprocess, sys
chance = random.Random(int(os.environ['LOOPCRAFT_SEED']))
starts = ['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12',
          '192.168.0.0/16', '192.0.2.0/24', '198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24',
          '224.0.0.0/4', '240.0.0.0/4', '0.0.0.0/0', '::/8', '::1/128', '::ffff:0:0/96', '2000::/3',
          '2001:db8::/32', '2002::/16', '2001::/32', 'fc00::/7', 'fe80::/10', 'fec0::/10', 'ff00::/8', '::/0']
asked = ['0.0.0.0', '255.255.255.255', '127.255.255.255', '128.0.0.0', '::', '::1', '::2', 'ff02::1']
for start in starts:
    net = ipaddress.ip_network(start)
    for edge in (int(net[0]) - 1, int(net[0]), int(net[-1]), int(net[-1]) + 1):
        if 0 <= edge < 1 << net.max_prefixlen:
            asked.append(str(type(net[0])(edge)))
    asked += [str(type(net[0])(int(net[0]) + chance.randrange(net.num_addresses))) for _ in range(60)]
answers = []
for i in range(0, len(asked), 500):
    done = subprocess.run([sys.argv[1], 'explain', '--json', *asked[i:i + 500]], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    answers += [json.loads(line) for line in done.stdout.splitlines()]
assert len(answers) == len(asked)
differ = []
for text, e in zip(asked, answers):
    a = ipaddress.ip_address(text)
    name, reach = e['class'], e['reaches']
    assert e['kind'] == 'address' and e['family'] == a.version and a in ipaddress.ip_network(e['block']), (text, e)
    if 'in' in e:
        outer = ipaddress.ip_network(e['in'].split(',')[0])
        assert ipaddress.ip_network(e['block']).subnet_of(outer), (text, e)
    ours = {'loopback': name == 'loopback', 'unspecified': name == 'unspecified',
            'link_local': name == 'link-local', 'site_local': name == 'site-local',
            'multicast': a in ipaddress.ip_network('224.0.0.0/4' if a.version == 4 else 'ff00::/8')}
    for what, mine in ours.items():
        if mine != getattr(a, 'is_' + what, False):
            differ.append((text, what, name))
    # How far it goes: the internet, where Python says global. Not for groups (Python calls 239/8
    # global); for what IANA says N/A of (6to4, Teredo); for mapped ones (by what they carry, in some
    # versions); for what nobody has: Python calls all of IPv6 global that is not listed as private.
    beside = ('6to4', 'Teredo', 'IPv4-mapped', 'reserved', 'site-local')
    if not a.is_multicast and name not in beside and a.is_global != (reach == 'the internet'):
        differ.append((text, 'global', name, reach))
    if a.version == 6 and a.ipv4_mapped:
        assert e['carries'].split(',')[0] == str(a.ipv4_mapped), e
    if a.version == 6 and a.sixtofour:
        assert e['carries'].split(',')[0] == str(a.sixtofour), e
    if a.version == 6 and a.teredo:
        assert e['carries'].split(',')[0] == str(a.teredo[1]), e
assert not differ, differ[:20]
print(len(asked), 'addresses')
PY
    try python3 -I "$BATS_TEST_TMPDIR/oracle.py" "$LOOPCRAFT"
    exits 0
}

@test "a word that nobody knows: exit 1, the nearest, and the others all the same" {
    lc explain sny
    refused 1 '"sny"' 'did you mean SYN'
    lc explain filterd
    refused 1 'did you mean filtered'
    lc explain tcp.flags.snc
    refused 1 'tcp.flags.syn'
    lc explain 99999
    refused 1 'ports go up to 65535'
    lc explain 127.1
    refused 1 'four numbers'
    lc explain ''
    refused 1 '""'
    lc explain 22/icmp
    refused 1 'tcp or udp'
    lc explain 80-90
    refused 1 'one port'
    lc explain icmp\ 3/99
    refused 1 'no such type and code'
    lc explain 127.0.0.1:99999
    refused 1 'a port up to 65535'
    lc explain 10.0.0.0/33
    refused 1 'a prefix length up to 32'
    lc explain tcp.nosuch
    refused 1 'fields PREFIX'
    lc explain wibble 22
    exits 1
    has "$out" '22/tcp ssh'
    complains '"wibble"'
    lc explain
    refused 2 'which word?'
    lc explain --json filterd
    exits 1
    events <<< 'assert [e["type"] for e in events] == ["error"] and events[0]["status"] == 1'
}

@test "foreign bytes are escaped" {
    lc explain $'\e[31mred\u202e' $'22\x9b'
    exits 1
    harmless "$err"
    lc explain --json $'icmp 3/13' $'x\e]0;y\a'
    exits 1
    harmless "$out"
}

@test "no line is wider than the terminal: 40, 80, 120 columns" {
    local width
    for width in 40 80 120; do
        COLUMNS=$width lc explain 22 53 445 27017 SYN-ACK 3/13 'icmp 3' ::ffff:10.0.0.1 ip.proto \
            tcp.options.mss_val ECONNREFUSED TCP_FLAGS filtered SYN-RECV fe80::1
        exits 0
        same "$(awk -v width=$width 'length > width' "$out")" ''
    done
    lc explain --ascii 22 3/13
    exits 0
    same "$(LC_ALL=C grep -P '[^\x00-\x7f]' "$out" || true)" ''
}

@test "nothing is asked on a network: no socket is opened" {
    need strace
    try strace -f -e trace=socket,connect,sendto,sendmsg -o "$BATS_TEST_TMPDIR/calls" \
        "$LOOPCRAFT" explain 22 wibble no-such-service 1812 127.0.0.1 localhost
    exits 1
    lacks "$BATS_TEST_TMPDIR/calls" 'socket(' 'connect('
}
