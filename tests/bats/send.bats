#!/usr/bin/env bats
# send.bats: any packet: the bytes as tshark reads them, what comes back, what is refused.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in there
load lib

# Wireshark's display filter, sums looked at, selects the one packet of $file.
holds() { # FILTER
    local found
    found=$(shark -r "$file" -o ip.check_checksum:TRUE -o tcp.check_checksum:TRUE \
        -o udp.check_checksum:TRUE -o ip.defragment:FALSE -Y "$1" | wc -l)
    [ "$found" = 1 ] && return
    echo "not so: $1"
    shark -r "$file" -V
    return 1
}

# Made and kept, not sent.
dry() { # WORD...
    file=$BATS_TEST_TMPDIR/dry.pcapng
    lc send "$@" --dry-run -q -w "$file"
    exits 0
    silent
}

@test "every protocol: tshark reads what was asked, and finds the sums right" {
    dry tcp srcport=61000 dstport=8080 flags=SYN,ACK seq_raw=1 ack_raw=2 ip.ttl=3 data='hi\r\n'
    holds 'tcp.srcport == 61000 && tcp.dstport == 8080 && tcp.flags == 0x12 && tcp.seq_raw == 1 &&
        tcp.ack_raw == 2 && ip.ttl == 3 && tcp.payload == 68:69:0d:0a && ip.checksum.status == 1 &&
        tcp.checksum.status == 1'
    dry tcp dstport=80 flags=SA flags.res=7 options=mss:1460,nop,nop,sackok
    holds 'tcp.flags == 0xe12 && tcp.options.mss_val == 1460 && tcp.options.sack_perm'
    dry tcp dstport=80 flags=0x29
    holds 'tcp.flags == 0x29'
    dry udp dstport=9000 data=hex:0102 srcport=5
    holds 'udp.srcport == 5 && udp.payload == 01:02 && udp.checksum.status == 1'
    dry icmp type=3 code=4 icmp.mtu=1400 data=hex:4500001c
    holds 'icmp.type == 3 && icmp.code == 4 && icmp.mtu == 1400 && icmp.checksum.status == 1'
    dry icmp type=5 code=1 icmp.redir_gw=127.0.0.9
    holds 'icmp.type == 5 && icmp.redir_gw == 127.0.0.9'
    dry icmp type=13 icmp.originate_timestamp=5
    holds 'icmp.originate_timestamp == 5 && icmp.transmit_timestamp == 0 && ip.len == 40'
    dry icmpv6 type=2 icmpv6.mtu=1280
    holds 'icmpv6.type == 2 && icmpv6.mtu == 1280 && icmpv6.checksum.status == 1'
    dry icmpv6 type=135 icmpv6.nd.ns.target_address=::1
    holds 'icmpv6.nd.ns.target_address == ::1 && icmpv6.checksum.status == 1'
    dry ip ip.proto=254 data=hex:01020304
    holds 'ip.proto == 254 && ip.len == 24 && data.data == 01:02:03:04'
    dry tcp -6 dstport=80 ipv6.flow=0xabcde ipv6.tclass=0xb8
    holds 'ipv6.flow == 0xabcde && ipv6.tclass == 0xb8 && tcp.checksum.status == 1'
    dry udp dstport=9 ip.options=ra:0,rr:4:0.0.0.0
    holds 'ip.hdr_len == 32 && ip.opt.ra == 0 && ip.opt.ptr == 4 && ip.checksum.status == 1'
}

@test "fragments, reserved bits, false lengths, wrong checksums are as asked" {
    dry udp dstport=9 ip.flags.mf=1 ip.id=0x1234 data=12345678
    holds 'ip.id == 0x1234 && ip.flags.mf == 1 && udp.dstport == 9'
    dry ip ip.proto=17 ip.frag_offset=2 ip.flags.rb=1 data=rest
    holds '!udp && ip.flags.rb == 1 && (ip.frag_offset == 2 || ip.frag_offset == 16)'
    dry tcp dstport=9 ip.len=9999 ip.checksum=1
    holds 'ip.len == 9999 && ip.checksum == 1 && ip.checksum.status == 0'
    dry tcp dstport=9 tcp.hdr_len=60 tcp.checksum=0xdead
    holds 'tcp.hdr_len == 60'
    dry udp dstport=9 udp.length=5
    holds 'udp.length == 5'
    dry udp dstport=9 udp.checksum=0 data=hi
    holds 'udp.checksum == 0 && udp.length == 10'
}

@test "data: text with escapes, a file, hex" {
    file=$BATS_TEST_TMPDIR/data
    printf 'a\0b' > "$file"
    lc send udp dstport=9 data="@$file" --dry-run --json
    exits 0
    events <<'PY'
assert show(packets[0], 'udp.payload') == '61:00:62', show(packets[0], 'udp.payload')
PY
}

@test "--dry-run: no socket, no privilege, the origin of every value; nothing is sent" {
    need strace
    if is_root && id student > /dev/null 2>&1 && runuser -u student -- test -x "$LOOPCRAFT"; then
        try runuser -u student -- env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=network "$LOOPCRAFT" --json send tcp \
            dstport=8080 ip.ttl=3 --dry-run
    else
        try env ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=network "$LOOPCRAFT" --json send tcp dstport=8080 ip.ttl=3 --dry-run
    fi
    exits 0
    same "$(grep -c 'socket(' "$err" || true)" 0
    same "$(grep -cE '^[a-z0-9]+\(' "$err" || true)" 0
    events <<'PY'
assert of('start')[0]['world'] == 'nowhere' and len(packets) == 1
origin = lambda name: field(packets[0], name)['origin']
assert origin('ip.ttl') == origin('tcp.dstport') == 'you'
assert origin('tcp.flags') == origin('tcp.srcport') == origin('ip.dst') == 'loopcraft'
assert origin('ip.version') == origin('tcp.hdr_len') == 'libnet'
assert flags(packets[0]) == 'S'
assert of('summary')[0] | {'text': ''} == {'type': 'summary', 'text': '', 'partial': False,
    'sent': 0, 'received': 0, 'dropped': 0, 'states': {}}
PY
    lc --json send tcp dstport=8080 --count 5 --dry-run
    exits 0
    events <<'PY'
assert len(packets) == 1 and packets[0]['note'].endswith('Without --dry-run it goes 5 times.'), packets[0]['note']
PY
}

@test "a SYN: the answer acknowledges it, and the kernel's reset is its own word" {
    lc -S --json send tcp dstport=8080 seq_raw=1234
    exits 0
    silent
    events <<'PY'
assert [flags(p) for p in packets] == ['S', 'SA', 'R']
assert [p['direction'] for p in packets] == ['sent', 'received', 'sent']
assert number(packets[1], 'tcp.ack_raw') == 1235
assert field(packets[1], 'tcp.ack_raw')['means'] == 'your 1234 + 1'
assert 'listens on port 8080' in packets[1]['note'] and 'kernel' in packets[2]['note']
summary = of('summary')[0]
assert (summary['sent'], summary['received'], summary['dropped']) == (1, 1, 0), summary
PY
}

@test "what comes back, of each protocol, IPv4 and IPv6" {
    back() { # FIELD=SHOWN|nothing WORD...
        local want=$1
        shift
        lc -S --json send "$@"
        exits 0
        silent
        WANT=$want events <<'PY'
import os
want = os.environ['WANT']
if want == 'nothing':
    assert not received, [p['note'] for p in received]
else:
    name, value = want.split('=')
    assert [f['show'] for f in fields(received[0]) if f.get('name') == name][0] == value
assert all(p['note'] for p in received)
PY
    }
    back tcp.flags=0x0014 tcp dstport=8081
    back tcp.flags=0x0014 tcp -6 dstport=8081
    back tcp.flags=0x0004 tcp dstport=8080 flags=A
    back udp.srcport=9000 udp dstport=9000 data=hi
    back udp.srcport=9000 udp -6 dstport=9000 data=hi
    back icmp.code=3 udp dstport=9001
    back icmpv6.code=4 udp -6 dstport=9001
    back icmp.code=13 tcp dstport=8083
    back icmp.type=0 icmp data=hi
    back icmpv6.type=129 icmpv6 data=hi
    back icmp.type=14 icmp type=13
    back icmp.code=2 ip ip.proto=254
    # Behind an extension header, of destination options: an echo request, and to nobody's UDP port.
    back icmpv6.type=129 ip -6 ipv6.nxt=60 'data=hex:3a00010400000000 80007fb900010001'
    back icmpv6.code=4 ip -6 ipv6.nxt=60 'data=hex:1100010400000000 f10023290008ebb2'
    back nothing tcp dstport=8082
    back nothing udp dstport=9002 data=hi
    back nothing tcp dstport=8080 tcp.checksum=0xdead
}

@test "two fragments by hand make a datagram that the echo server answers" {
    # The second piece: 8 bytes on (in steps of 8), the same id.
    box '
        "$1" -q send udp srcport=61999 dstport=9000 udp.length=16 udp.checksum=0 ip.id=7 ip.flags.mf=1 --wait 0
        "$1" --json send ip ip.proto=17 ip.id=7 ip.frag_offset=1 data=12345678 --wait 0
        nstat -az IpReasmOKs' "$LOOPCRAFT"
    exits 0
    same "$(awk '$1 == "IpReasmOKs" { print $2 }' "$out")" 1
}

@test "a spoofed source within 127/8 is answered there; --to and ip.dst name the target" {
    lc -S --json send udp --to 127.0.0.1 ip.src=127.9.9.9 dstport=9000 data=hi
    exits 0
    events <<'PY'
assert [show(p, 'ip.src') for p in packets] == ['127.9.9.9', '127.0.0.1']
assert show(packets[1], 'ip.dst') == '127.9.9.9' and received
PY
    lc -S --json send udp ip.dst=127.0.0.5 dstport=9000
    exits 0
    events <<'PY'
assert show(packets[0], 'ip.dst') == '127.0.0.5' and 'Quotes your packet' in received[0]['note']
PY
}

@test "no target but loopback: exit 3, one line, nothing sent" {
    for words in 'tcp ip.dst=8.8.8.8 dstport=53' 'udp ip.src=8.8.8.8 dstport=9000' \
        'icmp ip.dst=0.0.0.0' 'icmpv6 ipv6.dst=::2' 'icmpv6 ipv6.src=ff02::1' 'ip ip.dst=224.0.0.1' \
        'tcp --to 8.8.8.8 dstport=53' 'icmp --to 127.1' 'udp ip.dst=8.8.8.8 dstport=1 --dry-run' \
        'ip -6 ipv6.nxt=43' 'ip ip.options=lsrr:4:8.8.8.8'; do
        # A private network: were it sent, its lo would have seen it.
        # shellcheck disable=SC2086 # words
        try unshare $(is_root || echo -Ur) -n bash -c '
            ip link set lo up
            "$@"
            status=$?
            awk -F "[: ]+" "\$2 == \"lo\" && \$4 { print \"sent\" }" /proc/net/dev
            exit $status' box "$LOOPCRAFT" send $words
        refused 3
    done
}

@test "a recipe from a file: comments, quotes, CRLF; the command line adds words" {
    local recipe=$BATS_TEST_TMPDIR/r.txt
    printf '\xef\xbb\xbf# a datagram\r\nudp\r\ndstport=9000  ip.ttl=9 # two words a line\r\ndata="two words\\n"' > "$recipe"
    lc -S --json send --recipe "$recipe" ip.src=127.0.0.7
    exits 0
    events <<'PY'
assert payload(packets[0]) == b'' and show(packets[0], 'udp.payload') == '74:77:6f:20:77:6f:72:64:73:0a'
assert number(packets[0], 'ip.ttl') == 9 and show(packets[0], 'ip.src') == '127.0.0.7'
assert len(received) == 1
PY
    try bash -c '"$1" -S -q send --recipe - < "$2"' bash "$LOOPCRAFT" "$recipe"
    exits 0
    lc send --recipe "$recipe" ip.ttl=4
    refused 2 'ip.ttl is given twice'
    lc send tcp --recipe "$recipe"
    refused 2 "r.txt:2: this is for another protocol"
}

@test "a mistake in a recipe: file, line, word, and the nearest name" {
    cd "$BATS_TEST_TMPDIR"
    printf '# 1\ntcp\ndstport=8080\n\n\n# 6\ntcp.flgas=SYN\n' > r.txt
    lc send --recipe r.txt
    refused 2 'r.txt:7: tcp.flgas: no such field' 'did you mean tcp.flags'
    printf 'tcp dstport=8080\ndata="open\n' > r.txt
    lc send --recipe r.txt
    refused 2 'r.txt:2: a quote'
    printf 'tcp\ndstport=99999' > r.txt
    lc send --recipe r.txt
    refused 2 'r.txt:2: tcp.dstport=99999: too large'
    printf 'tcp dstport=1 \033[2Jx=1\n' > r.txt
    lc send --recipe r.txt
    refused 2 'r.txt:1: ' '\x1b'
    harmless "$err"
    lc send --recipe /no/such
    refused 2 /no/such
}

@test "bad input is refused before anything is sent" {
    lc send
    refused 2 'which protocol?'
    lc send sctp
    refused 2 'no such protocol'
    lc send tcp
    refused 2 dstport=8080
    lc send tcp dstport=80 --rate 0
    refused 2 '--rate takes a number from 1'
    lc send tcp dstport=80 --count 0
    refused 2 '--count'
    lc send tcp dstport=80 --count 1000001
    refused 2 '--count' 1000000
    lc send tcp dstport=80 --wait nan
    refused 2 '--wait'
    lc send tcp dstport=80 --expect open
    refused 2 '--expect is no option of send'
    lc send icmpv6 -4
    refused 2 -4
    lc send tcp dstport=80 ipv6.hlim=3
    refused 2 '-6'
    head -c 65520 /dev/zero > "$BATS_TEST_TMPDIR/big"
    lc send udp dstport=9 data="@$BATS_TEST_TMPDIR/big"
    refused 2 '65520 bytes do not fit' 'at most 65507'
    head -c 70000 /dev/zero > "$BATS_TEST_TMPDIR/big"
    lc send udp dstport=9 data="@$BATS_TEST_TMPDIR/big"
    refused 2 'no packet holds that'
}

@test "the largest datagram goes, and comes back as far as the echo server gives" {
    head -c 65507 /dev/zero > "$BATS_TEST_TMPDIR/big"
    lc -S --json send udp dstport=9002 data="@$BATS_TEST_TMPDIR/big"
    exits 0
    events <<'PY'
assert packets[0]['len'] == 65535 + 14 and number(packets[0], 'udp.length') == 65515
PY
}

@test "--exact: false lengths and sums reach the wire as asked, and the kernel counts them" {
    need nstat
    box '
        lc() { "$1" -q send --exact --wait 0 -w "$2/$3.pcapng" "${@:4}" > /dev/null; }
        lc "$1" "$2" len udp dstport=9000 ip.len=9999
        lc "$1" "$2" sum udp dstport=9000 ip.checksum=0xdead
        lc "$1" "$2" version udp dstport=9000 ip.version=5
        lc "$1" "$2" plen -6 udp dstport=9000 ipv6.plen=999
        "$1" --json send --exact udp dstport=9000 data=hi > "$2/json"
        nstat -az IpExtInTruncatedPkts IpExtInCsumErrors IpInHdrErrors Ip6InTruncatedPkts' \
        "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    counted() { awk -v name="$1" '$1 == name { print $2 }' "$out"; }
    same "$(counted IpExtInTruncatedPkts) $(counted Ip6InTruncatedPkts)" '1 1'
    same "$(counted IpExtInCsumErrors)" 1
    [ "$(counted IpInHdrErrors)" -ge 1 ] # the version
    # tcpdump, on the bytes.
    cd "$BATS_TEST_TMPDIR"
    try tcpdump -nvr len.pcapng
    has "$out" 'length 9999'
    try tcpdump -nvr sum.pcapng
    has "$out" 'bad cksum dead'
    same "$(shark -r version.pcapng -T fields -e ip.version)" 5
    same "$(shark -r plen.pcapng -T fields -e ipv6.plen)" 999
    # A true one is taken, over IPv4 as well, and nothing of it was the kernel's.
    events "$BATS_TEST_TMPDIR/json" <<'PY'
assert len(received) == 1 and number(received[0], 'udp.srcport') == 9000
assert not [f['name'] for f in fields(packets[0]) if f.get('origin') == 'kernel' and f['name'].startswith('ip.')]
PY
}

@test "without --exact the kernel sets lengths and sums, and the note says so" {
    lc -S --json send udp dstport=9000 ip.len=9999 ip.checksum=0xdead data=hi
    exits 0
    events <<'PY'
assert 'ip.len, ip.checksum' in packets[0]['note'] and '--exact' in packets[0]['note']
assert field(packets[0], 'ip.len')['origin'] == 'kernel' and number(packets[0], 'ip.len') == 30
PY
}

@test "--exact outside the sandbox is refused, and so is a foreign address within" {
    lc send udp dstport=9000 --exact --host
    refused 2 'sandbox only'
    if is_root; then
        try unshare -n "$LOOPCRAFT" send udp dstport=9000 --exact
        refused 2 'sandbox only' '-S'
    fi
    lc -S send udp dstport=9000 --exact ip.dst=127.0.0.1 ip.options=lsrr:4:8.8.8.8
    refused 3 'source route'
}

@test "--exact in a sandbox that another terminal runs" {
    box '"$1" -S --json send --exact tcp dstport=8080' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert flags(received[0]) == 'SA'
PY
}

@test "--count and --rate: so many, not faster; all in the file, the first on screen" {
    file=$BATS_TEST_TMPDIR/many.pcapng
    lc -S send udp dstport=9000 data=x --count 50 --rate 200 -w "$file" --view brief
    exits 0
    silent
    has "$out" 'Sent 50 packets; 50 came back.' 'The first 20 packets are shown'
    same "$(shark -r "$file" -Y udp.dstport==9000 | wc -l)" 50
    shark -r "$file" -Y udp.dstport==9000 -T fields -e frame.time_epoch > "$BATS_TEST_TMPDIR/times"
    python3 -I - "$BATS_TEST_TMPDIR/times" <<'PY'
import sys
times = [float(line) for line in open(sys.argv[1])]
assert times[-1] - times[0] > 49 / 200 * 0.9, times[-1] - times[0]
PY
}

@test "of many packets each one's answer is told from the packet that it quotes; nothing is dropped" {
    lc -S --json send udp dstport=9001 --count 2000 --rate 1000000
    exits 0
    events <<'PY'
summary = of('summary')[0]
assert (summary['sent'], summary['received'], summary['dropped']) == (2000, 2000, 0), summary
assert len(sent) == len(received) == 2000
assert all('Quotes your packet' in p['note'] for p in received)
PY
}

@test "interrupted: what is known so far, 128 + signal" {
    mkfifo "$BATS_TEST_TMPDIR/said"
    env --default-signal=INT "$LOOPCRAFT" -S --json send icmp --count 1000 --rate 5 \
        > "$BATS_TEST_TMPDIR/said" 2> "$BATS_TEST_TMPDIR/err" 3>&- < /dev/null &
    local pid=$! line
    exec 7< "$BATS_TEST_TMPDIR/said"
    read -r -t 20 line <&7
    read -r -t 20 line <&7 # the first packet
    kill -INT $pid
    cat <&7 > "$BATS_TEST_TMPDIR/out"
    exec 7<&-
    status=0 out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err
    wait $pid || status=$?
    exits 130
    events <<'PY'
summary = of('summary')[0]
assert summary['partial'] and 1 <= summary['sent'] < 1000
PY
}
