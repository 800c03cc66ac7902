#!/usr/bin/env bats
# diff.bats: two captures, field by field; a handshake by hand beside the kernel's.
load lib

setup_file() {
    load lib
    export MINE=$BATS_FILE_TMPDIR/mine.pcapng KERNEL=$BATS_FILE_TMPDIR/kernel.pcapng
    local get='GET / HTTP/1.0\r\n\r\n'
    "$LOOPCRAFT" -S -q handshake 8080 --data "$get" -w "$MINE" > /dev/null
    "$LOOPCRAFT" -S -q handshake 8080 --data "$get" --by kernel -w "$KERNEL" > /dev/null
}

@test "--by kernel: the kernel's own connect() does it, and the capture has every packet" {
    lc -S --json handshake 8080 --by kernel --data 'GET / HTTP/1.0\r\n\r\n'
    exits 0
    silent
    events <<'PY'
assert [flags(p) for p in packets[:3]] == ['S', 'SA', 'A']
assert [p['direction'] for p in packets[:3]] == ['sent', 'received', 'sent']
assert b''.join(map(payload, sent)) == b'GET / HTTP/1.0\r\n\r\n'
assert b''.join(map(payload, received)).startswith(b'HTTP/1.')
assert any('F' in flags(p) for p in sent) and any('F' in flags(p) for p in received)
assert not any('R' in flags(p) for p in packets)
assert stages == [('connect() succeeded', 'ESTABLISHED', 'ESTABLISHED')], stages
summary = of('summary')[0]
assert (summary['sent'], summary['received']) == (len(sent), len(received))
# The kernel left the sum to a card that is not there; 0xfe30: LINUX-FACTS, Linux's SYN.
assert show(packets[0], 'tcp.checksum') == '0xfe30'
PY
}

@test "--by kernel: refused, unanswered, rejected, its own server, IPv6, a reset" {
    lc -S -q handshake 8081 --by kernel
    exits 1
    has "$out" ECONNREFUSED
    lc -S -q handshake 8083 --by kernel
    exits 1
    has "$out" EHOSTUNREACH
    lc -S -q handshake 8082 --by kernel
    exits 1
    has "$out" 'No answer'
    lc -S -q -6 handshake --by kernel
    exits 0
    has "$out" 'closed in order'
    lc -S --json handshake --by kernel --close rst
    exits 0
    events <<< "assert flags(packets[-1]) == 'RA' and packets[-1]['direction'] == 'sent'"
}

@test "--by kernel: a lot of data, arriving whole at ncat" {
    need ncat
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        head -c 60000 /dev/urandom > "$2/sent"
        ncat -l 127.0.0.1 7000 --recv-only > "$2/got" & server=$!
        listening 7000
        "$1" -q handshake 7000 --by kernel --data "@$2/sent"
        wait $server
        cmp "$2/sent" "$2/got"' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
}

@test "--by kernel: what it can't go with" {
    lc -S handshake 8080 --by kernel ip.ttl=3
    refused 2 '--by kernel'
    lc -S handshake 8080 --by kernel --stop-after syn
    refused 2 '--by kernel'
    lc -S handshake 8080 --by magic
    refused 2 'hand or kernel'
    lc -S handshake 127.1:8080 --by kernel
    refused 3
}

@test "a capture is the same as itself, also strictly, and as pcap" {
    lc diff "$MINE" "$MINE"
    exits 0
    silent
    has "$out" 'The same'
    editcap -F pcap "$MINE" "$BATS_TEST_TMPDIR/mine.pcap" 2> /dev/null
    lc diff --strict --json "$MINE" "$BATS_TEST_TMPDIR/mine.pcap"
    events <<'PY'
# The older format has microseconds only: nothing else may differ.
assert {d['name'] for d in of('diff')} <= {'frame.time_epoch'}
assert of('summary')[0]['states']['pairs'] > 5
PY
    lc diff --strict --ignore frame.time_epoch "$MINE" "$BATS_TEST_TMPDIR/mine.pcap"
    exits 0
}

@test "by hand beside the kernel: SACK and what else differs in substance, each explained" {
    lc diff "$MINE" "$KERNEL"
    exits 1
    silent
    has "$out" 'the kernel offers SACK; your SYN does not' 'Different in substance'
    harmless "$out"
    lc diff --json "$MINE" "$KERNEL"
    exits 1
    events <<'PY'
diffs = of('diff')
syn = {d['name']: d for d in diffs if d['a'] == 1 and d['b'] == 1}
assert syn['tcp.options.sack_perm']['a_value'] is None and syn['tcp.options.sack_perm']['b_value'] is not None
assert syn['tcp.options.sack_perm']['means'].startswith('the kernel offers SACK; your SYN does not')
substance = {n for n, d in syn.items() if d['kind'] == 'substance'}
assert {'tcp.options.sack_perm', 'tcp.options.wscale', 'tcp.options.timestamp', 'tcp.window_size_value'} <= substance
must = {n for n, d in syn.items() if d['kind'] == 'must-differ'}
assert {'tcp.srcport', 'tcp.seq_raw', 'tcp.checksum', 'frame.time_epoch'} <= must, must
# What counts is what differs in substance: lengths follow from the options.
assert all(d['counts'] == (d['kind'] == 'substance') for d in syn.values())
assert syn['tcp.hdr_len']['kind'] == 'follows'
assert all(d['means'] for d in diffs)
summary = of('summary')[0]['states']
assert summary['pairs'] == summary['same'] + summary['different']
PY
    # And tshark sees the same: no SACK in one SYN, SACK in the other.
    same "$(shark -r "$MINE" -Y 'tcp.flags==2 && tcp.options.sack_perm' | wc -l)" 0
    same "$(shark -r "$KERNEL" -Y 'tcp.flags==2 && tcp.options.sack_perm' | wc -l)" 1
}

@test "the kernel beside itself: only what must differ" {
    lc -S -q handshake 8080 --by kernel --close rst -w "$BATS_TEST_TMPDIR/a"
    lc -S -q handshake 8080 --by kernel --close rst -w "$BATS_TEST_TMPDIR/b"
    lc diff "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    exits 0
    has "$out" 'but for what must differ' 'by chance'
    lc diff --strict "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    exits 1
}

@test "one field changed, one found: --ignore makes it the same" {
    lc -S -q syn 8080 tcp.seq_raw=1 ip.ttl=64 -w "$BATS_TEST_TMPDIR/a"
    lc -S -q syn 8080 tcp.seq_raw=2 ip.ttl=65 -w "$BATS_TEST_TMPDIR/b"
    lc diff --json "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    exits 1
    events <<< "
counting = [(d['a'], d['name'], d['a_value'], d['b_value']) for d in of('diff') if d['counts']]
assert (1, 'ip.ttl', '64', '65') in counting, counting
assert {c[1] for c in counting} == {'ip.ttl'}, counting"
    lc diff --ignore ip.ttl "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    exits 0
    lacks "$out" ip.ttl
    lc diff --ignore=ip,tcp "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b" # whole protocols
    exits 0
    lc diff --ignore ip.tll "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    refused 2 ip.ttl
    lc diff --ignore '' "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    refused 2 ignore
}

@test "packets without a counterpart are counted, named and set aside; strictly they count" {
    editcap "$MINE" "$BATS_TEST_TMPDIR/less" 3 2> /dev/null # without the third
    lc diff "$MINE" "$BATS_TEST_TMPDIR/less"
    has "$out" "1 of A's packets"
    lc diff --json "$MINE" "$BATS_TEST_TMPDIR/less"
    events <<< "assert of('summary')[0]['states']['only_a'] == 1 and of('summary')[0]['states']['only_b'] == 0"
    editcap -r "$MINE" "$BATS_TEST_TMPDIR/first" 1 2> /dev/null # the SYN alone
    lc diff "$MINE" "$BATS_TEST_TMPDIR/first"
    exits 0
    has "$out" 'Set aside'
    lc diff --strict "$MINE" "$BATS_TEST_TMPDIR/first"
    exits 1
}

# A capture with one 32-bit number of one packet of TCP over Ethernet and IPv4 moved on.
moved() { # FROM TO PACKET OFFSET-IN-TCP BY SUM(fit or keep)
    editcap -F pcap "$1" "$2" 2> /dev/null
    python3 - "${@:2}" <<'PY'
import struct, sys
path, number, offset, by, fit = sys.argv[1], *map(int, sys.argv[2:5]), sys.argv[5] == 'fit'
data, at = bytearray(open(path, 'rb').read()), 24
for _ in range(number - 1):
    at += 16 + struct.unpack_from('<I', data, at + 8)[0]
packet = at + 16
length = struct.unpack_from('>H', data, packet + 16)[0] - 20
tcp = packet + 34
value, = struct.unpack_from('>I', data, tcp + offset)
struct.pack_into('>I', data, tcp + offset, (value + by) & 0xffffffff)
if fit:
    struct.pack_into('>H', data, tcp + 16, 0)
    bytes_ = data[packet + 26:packet + 34] + struct.pack('>HH', 6, length) + data[tcp:tcp + length]
    bytes_ += b'\0' * (len(bytes_) % 2)
    total = sum(struct.unpack(f'>{len(bytes_) // 2}H', bytes_))
    while total >> 16:
        total = (total >> 16) + (total & 0xffff)
    struct.pack_into('>H', data, tcp + 16, ~total & 0xffff)
open(path, 'wb').write(data)
PY
}

@test "an acknowledgment off by one differs in substance, though its number must differ" {
    editcap -F pcap "$MINE" "$BATS_TEST_TMPDIR/mine" 2> /dev/null
    moved "$MINE" "$BATS_TEST_TMPDIR/off" 3 8 1 fit
    same "$(shark -r "$BATS_TEST_TMPDIR/off" -o tcp.relative_sequence_numbers:TRUE \
        -Y 'frame.number==3' -T fields -e tcp.ack)" 2 # so says tshark
    lc diff "$BATS_TEST_TMPDIR/mine" "$BATS_TEST_TMPDIR/off"
    exits 1
    has "$out" 'A acknowledges 1 byte less than B' '(+1)' '(+2)'
    lc diff --json "$BATS_TEST_TMPDIR/mine" "$BATS_TEST_TMPDIR/off"
    events <<< "
counting = [(d['a'], d['b'], d['name']) for d in of('diff') if d['counts']]
assert counting == [(3, 3, 'tcp.ack_raw')], counting"
    lc diff --ignore tcp.ack_raw "$BATS_TEST_TMPDIR/mine" "$BATS_TEST_TMPDIR/off"
    exits 0
}

@test "a sum that no longer fits is found, though both have the same" {
    editcap -F pcap "$MINE" "$BATS_TEST_TMPDIR/mine" 2> /dev/null
    moved "$MINE" "$BATS_TEST_TMPDIR/off" 1 4 7 keep
    lc diff "$BATS_TEST_TMPDIR/mine" "$BATS_TEST_TMPDIR/off"
    exits 1
    has "$out" "A's checksum is right, B's is wrong: it should be 0x"
    should=$(shark -r "$BATS_TEST_TMPDIR/off" -c 1 -o tcp.check_checksum:TRUE -V |
        sed -n 's/.*incorrect, should be \(0x[0-9a-f]*\).*/\1/p')
    has "$out" "it should be $should"
}

@test "a missing ACK is one packet set aside, and no difference" {
    # The first bare ACK of the server: behind it others of its kind.
    bare=$(shark -r "$MINE" -Y 'tcp.srcport==8080 && tcp.flags==0x10 && tcp.len==0' \
        -T fields -e frame.number | head -n 1)
    editcap "$MINE" "$BATS_TEST_TMPDIR/less" "$bare" 2> /dev/null
    lc diff "$MINE" "$BATS_TEST_TMPDIR/less"
    exits 0
    has "$out" "1 of A's packets: #$bare ACK"
    lc diff --strict "$MINE" "$BATS_TEST_TMPDIR/less"
    exits 1
    lacks "$out" '≠'
}

@test "a capture without its handshake: the first number seen counts, and it is said" {
    lc -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$BATS_TEST_TMPDIR/other"
    editcap -r "$BATS_TEST_TMPDIR/other" "$BATS_TEST_TMPDIR/late" 3-99 2> /dev/null
    lc diff --json "$MINE" "$BATS_TEST_TMPDIR/late"
    exits 0
    events <<'PY'
guessed = [d for d in of('diff') if d['name'] in ('tcp.seq_raw', 'tcp.ack_raw')]
assert guessed and all(d['kind'] == 'must-differ' for d in guessed)
assert all('B has no handshake: the first number seen there counts as +1' in d['means'] for d in guessed)
PY
}

@test "the same handshake twice is the same" {
    for run in a b; do
        lc -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$BATS_TEST_TMPDIR/$run"
    done
    lc diff "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    exits 0
    has "$out" 'The same but for what must differ'
}

@test "beyond what there is room for nothing is claimed: exit 4" {
    python3 - "$BATS_TEST_TMPDIR" <<'PY'
import struct, sys
syn = bytes.fromhex('4500002800000000400600007f0000017f000001'
                    '9c401f90000000010000000050020400' '00000000')
for name, ttl, count in ('all', 64, 100000), ('more', 64, 100001), ('other', 3, 100001):
    with open(f'{sys.argv[1]}/{name}', 'wb') as out:
        out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
        packet = struct.pack('<IIII', 0, 0, 40, 40) + syn[:8] + bytes([ttl]) + syn[9:]
        out.write(packet * count)
PY
    cd "$BATS_TEST_TMPDIR"
    lc diff all all
    exits 0
    has "$out" 'The same'
    lc diff all more
    exits 4
    complains 'not all was compared' editcap
    lacks "$out" 'The same'
    lc diff -q all other # a difference is one, whatever follows
    exits 1
}

@test "--help says what -v does here" {
    lc diff --help
    has "$out" 'with -v, beside each difference'
    lacks "$out" 'on a line of its own'
    lc diff "$MINE" "$KERNEL"
    once=$(grep -c 'by chance' "$out")
    lc diff -v "$MINE" "$KERNEL"
    [ "$(grep -c 'by chance' "$out")" -gt "$once" ]
}

@test "nothing in common is said plainly, exit 1; so is an empty capture" {
    lc -S -q syn 8081 -w "$BATS_TEST_TMPDIR/other"
    lc diff "$MINE" "$BATS_TEST_TMPDIR/other"
    exits 1
    has "$out" 'Nothing in common'
    editcap -r "$MINE" "$BATS_TEST_TMPDIR/empty" 999 2> /dev/null
    lc diff "$MINE" "$BATS_TEST_TMPDIR/empty"
    exits 1
    has "$out" 'Nothing in common'
    lc diff "$BATS_TEST_TMPDIR/empty" "$BATS_TEST_TMPDIR/empty"
    exits 0
    has "$out" 'empty'
}

@test "link types may differ: Ethernet beside raw IP" {
    editcap -F pcap -C 0:14 -T rawip "$MINE" "$BATS_TEST_TMPDIR/raw" 2> /dev/null
    lc dump --json "$BATS_TEST_TMPDIR/raw"
    grep -q '"name":"tcp.flags.syn"' "$out" || skip 'the tables have no raw IP yet'
    lc diff --ignore frame.time_epoch --strict "$MINE" "$BATS_TEST_TMPDIR/raw"
    exits 0
}

@test "one of them from a pipe; input errors are one line, exit 2" {
    try bash -c '"$1" diff - "$2" < "$2"' bash "$LOOPCRAFT" "$MINE"
    exits 0
    lc diff - -
    refused 2 'standard input'
    lc diff "$MINE"
    refused 2 'diff A B'
    lc diff "$MINE" "$BATS_TEST_TMPDIR/missing"
    refused 2 missing
    head -c 400 "$MINE" > "$BATS_TEST_TMPDIR/cut"
    lc diff "$MINE" "$BATS_TEST_TMPDIR/cut"
    exits 2
    complains
    echo 'no capture at all' > "$BATS_TEST_TMPDIR/text"
    lc diff "$BATS_TEST_TMPDIR/text" "$MINE"
    refused 2
}

@test "output: width, ASCII, -q, a full disk, a reader that goes" {
    for width in 60 100; do
        try env COLUMNS=$width "$LOOPCRAFT" diff --ascii "$MINE" "$KERNEL"
        exits 1
        same "$(LC_ALL=C awk -v w=$width 'length($0) > w || /[^ -~]/' "$out")" ""
    done
    lc diff -q "$MINE" "$KERNEL"
    exits 1
    has "$out" tcp.options.sack_perm
    lacks "$out" tcp.seq_raw
    try bash -c '"$1" diff "$2" "$3" > /dev/full' bash "$LOOPCRAFT" "$MINE" "$KERNEL"
    exits 4
    complains
    try bash -o pipefail -c '"$1" diff -v "$2" "$3" | head -n 1' bash "$LOOPCRAFT" "$MINE" "$KERNEL"
    silent
}

@test "many connections, all changed ports: each finds its own" {
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        for run in a b; do
            "$1" -q connect 8080 8081 8083 8084 -w "$2/$run"
        done' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    lc diff --json "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
    events <<'PY'
summary = of('summary')[0]['states']
assert summary['pairs'] >= 9, summary
counting = {d['name'] for d in of('diff') if d['counts']}
assert not counting, counting
PY
    exits 0
}
