#!/usr/bin/env bats
# filter.bats: which packets dump shows, and how much of them: -Y against tshark -Y, -f against
# tcpdump, --packet, --field, --view brief.
load lib

setup_file() {
    export traffic=$BATS_FILE_TMPDIR/traffic.pcap handshake=$BATS_FILE_TMPDIR/handshake.pcapng
    "$LOOPCRAFT" sandbox -- python3 -I "$BATS_TEST_DIRNAME/traffic.py" "$traffic"
    "$LOOPCRAFT" -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$handshake" > /dev/null
}

# As the tables read it: no relative numbers, nothing put together, no guesses at what data is.
data_shark() {
    shark -o ip.defragment:FALSE -o tcp.desegment_tcp_streams:FALSE -d tcp.port==7001,data \
        -d udp.port==7002,data -d udp.port==7003,data -d tcp.port==8080,data "$@"
}

# Each line of stdin is an expression: the numbers of the packets it selects are tshark's.
agree() { python3 -I "$BATS_TEST_DIRNAME/agree.py" "$1"; }

# --- -Y ------------------------------------------------------------------------------------

@test "-Y selects what tshark selects: fields, and how they compare" {
    need tshark
    agree "$traffic" <<'EOF'
tcp
not tcp
!udp && ip
icmp or icmpv6
tcp.options.mss
tcp.port == 7001
tcp.port != 7001
tcp.port !== 7001
tcp.port ~= 7001
tcp.port === 7001
all tcp.port > 7001
any udp.port == 7002
udp.port ne 7002
ip.addr == 127.0.0.2
ip.addr != 127.0.0.2
ip.addr !== 127.0.0.1
ip.src == 127.0.0.0/8 and ip.dst == 127.0.0.2/31
ip.dst > 127.0.0.1
ipv6.addr == ::1
ipv6.dst == fe80::/10
eth.addr == 00:00:00:00:00:00 and eth.type == 0x86dd
eth.type == IPv4
ip.ttl == 0x40
ip.ttl lt 65 and ip.ttl ge 0100
ip.proto == ICMP
ip.version == 6
ip.version == 4
tcp.len > 0
tcp.len == 0
tcp.len
frame.time_relative > 0.01
frame.time_relative == 0
ip.id == 0
ip.flags.df == False
ip.hdr_len > 20
tcp.hdr_len in {20, 40}
tcp.port in {7003, 7000..7002}
tcp.port not in {7001}
ip.dst in {127.0.0.2 .. 127.0.0.9, 10.0.0.0/8}
tcp.flags.syn == 1 and tcp.flags.ack == 0
tcp.flags == 0x012
tcp.flags & 0x02
tcp.flags & 0x12 == 0x02
tcp.flags.reset == True
tcp.option_kind == 8 and not tcp.option_kind == 2
tcp.options.wscale.multiplier == 1024
tcp.options.timestamp.tsecr == 0
ip.src == ip.dst
udp.srcport < udp.dstport
ip.opt.type == 7
ip.opt.flag == 0 or ip.opt.ptr > 4
icmp.type == 3 and udp.dstport == 7003
icmp.code == 3
icmpv6.type in {1, 128..129}
icmp.ident == 4711
EOF
}

@test "-Y selects what tshark selects: bytes, text, the frame, and how tests go together" {
    need tshark
    agree "$traffic" <<'EOF'
tcp.payload contains "GET"
tcp.payload contains 47:45:54
tcp.payload contains 0x47
tcp contains "HTTP/1.0 200"
udp contains "closed"
udp.payload == "hello udp"
udp.payload == 68:65:6c
udp.payload > "hello"
udp and data.data contains "\x68ello"
udp && data
icmp contains "abc"
frame contains "hello"
frame[0:6] == 00:00:00:00:00:00
frame[-3:] contains 0a
tcp[13] == 2
tcp[13] & 2
tcp[12:2] & 00:02
tcp.payload[0:3] == "GET"
tcp.payload[0-2] == "GET"
ip[9] == 6
ip[8] < 40
ip[0:100]
tcp.options[0:2] == 02:04
tcp.flags.str == "··········S·"
tcp.flags.str contains "R"
frame.number == 5
frame.number in {1, 5..7}
frame.number > 10 and frame.number < 13
frame.len == 54 or frame.len == 42
frame.cap_len > 90
frame.time_epoch >= 1700000005.5
frame.comment

tcp or udp and frame.number == 13
(tcp or udp) and frame.number == 13
not tcp and not udp
! (tcp || udp) && ip
not not not tcp
! tcp == 2
tcp.port==7001&&tcp.flags.syn==1||icmp
((tcp.port == 7001))
EOF
}

@test "-Y on a file of ours: the comments" {
    need tshark
    agree "$handshake" <<'EOF'
frame.comment contains "SYN"
frame.comment and tcp.flags.fin == 1
frame.comment contains "HTTP" or tcp.flags.syn == 1
not frame.comment
EOF
    lc dump "$handshake" -Y 'frame.comment contains "SYN"' --field frame.number
    [ -s "$out" ]
}

@test "-Y: what tshark refuses is refused, with the place and what to write" {
    local expression says
    while IFS='|' read -r expression says; do
        lc dump "$traffic" -Y "$expression"
        refused 2 "$says"
        try tshark -r "$traffic" -Y "$expression"
        [ "$status" != 0 ]
    done <<'EOF'
tcp.prt == 80|character 1: tcp.prt: no such field or protocol here; did you mean tcp.port
tcp.port = 80|write ==
tcp.port ==|a value is missing
(tcp|a closing ) is missing
ip.ttl == 300|at most 255
tcp.flags == SYN|tcp.flags.syn == 1
ip.src == localhost|an IPv4 address
ip.src == 127.0.0.0/33|an IPv4 address
tcp.payload contains GET|text in quotes
tcp.payload contains "GET|the closing quote is missing
tcp.port in {}|a value is expected here
tcp AND udp|write and
EOF
}

@test "a filter of one kind given to the other option says so" {
    lc dump "$traffic" -Y 'tcp port 7001'
    refused 2 'tcp port 7001: that looks like a capture filter: use -f'
    lc dump "$traffic" -f 'tcp.port == 7001'
    refused 2 'tcp.port == 7001: that looks like a display filter: use -Y'
    lc dump "$traffic" -f 'tcp dst'
    refused 2 'capture filter' 'pcap-filter(7)'
}

# --- -f ------------------------------------------------------------------------------------

@test "-f selects what tcpdump selects" {
    need tcpdump tshark
    local expression
    while IFS= read -r expression; do
        tcpdump -n -r "$traffic" -w "$BATS_TEST_TMPDIR/theirs.pcap" "$expression" 2> /dev/null
        lc dump "$traffic" -f "$expression" --field frame.time_epoch
        exits 0
        same "$(cat "$out")" "$(shark -r "$BATS_TEST_TMPDIR/theirs.pcap" -T fields -e frame.time_epoch)"
    done <<'EOF'
tcp port 7001
udp dst port 7003 or icmp
ip6 and not tcp
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
host 127.0.0.2
net 127.0.0.0/31
greater 90
ip[0] & 0xf != 5
EOF
}

@test "-f looks up no names" {
    lc dump "$traffic" -f 'host example.com'
    refused 2 'example.com' 'names are not looked up'
    lc dump "$traffic" -f 'tcp port 80 and src localhost'
    refused 2 localhost 'write the address'
}

@test "-f and -Y together: both must select a packet" {
    lc dump "$traffic" -f 'udp port 7002' -Y 'udp.length > 8 and ip' --field udp.payload
    exits 0
    same "$(cat "$out")" 68656c6c6f20756470
}

# --- --packet ------------------------------------------------------------------------------

numbers_of() { tr '\n' ' ' < "$out"; }

@test "--packet: one, or from one to another" {
    lc dump "$traffic" --packet 3 --field frame.number
    same "$(numbers_of)" '3 '
    lc dump "$traffic" --packet 3-6 --field frame.number
    same "$(numbers_of)" '3 4 5 6 '
    lc dump "$traffic" --packet 1-12 -Y tcp.flags.reset==1 --field frame.number
    same "$(numbers_of)" '12 '
    lc dump "$traffic" --packet 39-9999 --field frame.number
    exits 0
    same "$(head -n 1 "$out")" 39
    lc dump "$traffic" --packet 2
    exits 0
    same "$(grep -c '^#' "$out")" 1
    has "$out" '#2'
}

@test "--packet: reading stops after the last one" {
    # What follows is no packet: it is never read.
    { head -c 200 "$traffic"; printf 'not a packet at all%.0s' {1..9}; } > "$BATS_TEST_TMPDIR/broken"
    lc dump "$BATS_TEST_TMPDIR/broken" --packet 1 --field frame.number
    exits 0
    same "$(numbers_of)" '1 '
    lc dump "$BATS_TEST_TMPDIR/broken" --field frame.number
    exits 2
    # A pipe that stays open: there is nothing to wait for.
    mkfifo "$BATS_TEST_TMPDIR/pipe"
    exec 5<> "$BATS_TEST_TMPDIR/pipe"
    head -c 200 "$traffic" >&5
    try timeout 20 "$LOOPCRAFT" dump "$BATS_TEST_TMPDIR/pipe" --packet 1 --field frame.number
    exec 5>&-
    exits 0
    same "$(numbers_of)" '1 '
}

@test "--packet: bad ones" {
    local word
    for word in 0 x 3- -3 7-3 1,2 '' 3-x 99999999999999999999 1-2-3 ' 1'; do
        lc dump "$traffic" "--packet=$word"
        refused 2 '--packet takes a number'
    done
    lc dump "$traffic" --packet 999 --field frame.number
    refused 2 'no packet 999: it has 40'
}

# --- --field -------------------------------------------------------------------------------

@test "--field: the values are tshark's, with the same tabs and commas" {
    need tshark
    local names=frame.number,frame.len,ip.src,ip.addr,ip.proto,ip.flags.df,ip.id,tcp.port,tcp.flags
    names+=,tcp.flags.str,tcp.seq_raw,tcp.options,tcp.option_kind,tcp.options.mss,tcp.payload
    names+=,tcp.len,frame.time_relative,ip.version,udp.length,udp.payload,icmp.type,ipv6.src,eth.addr,frame.time_epoch
    lc dump "$traffic" --field "$names"
    exits 0
    silent
    # shellcheck disable=SC2046 # words
    diff "$out" <(data_shark -r "$traffic" -T fields $(printf -- '-e %s ' ${names//,/ }))
    lc dump "$handshake" --field frame.comment
    diff "$out" <(data_shark -r "$handshake" -T fields -e frame.comment)
}

@test "--field: an unknown name gets the nearest, and no file is made" {
    lc dump "$traffic" --field frame.number,tcp.flgas -w "$BATS_TEST_TMPDIR/none.pcapng"
    refused 2 '--field tcp.flgas: no such field or protocol here; did you mean tcp.flags'
    [ ! -e "$BATS_TEST_TMPDIR/none.pcapng" ]
    lc dump "$traffic" --field ''
    refused 2 '--field: a name is missing'
    lc dump "$traffic" --field tcp,,ip
    refused 2 '--field: a name is missing'
}

@test "one thing has standard output" {
    lc dump "$traffic" --field tcp --json
    exits 2
    complains 'both want standard output'
    lc dump "$traffic" --view brief --json
    exits 2
    complains 'both want standard output'
    lc dump "$traffic" --field tcp -w -
    refused 2 'both want standard output: give -w a file'
    lc dump "$traffic" --view wide
    refused 2 '--view takes full, brief, boxes or ladder'
    lc -S syn 8080 -Y tcp
    refused 2 'no option of syn'
}

@test "what one option asks for and another takes away is refused, in one line" {
    local view
    for view in full boxes; do
        lc dump "$traffic" -q --view "$view"
        refused 2 "--quiet and --view $view do not go together"
    done
    lc dump "$traffic" -v -q
    refused 2 '--quiet and --verbose do not go together'
    lc -S syn 8080 -qv
    refused 2 '--quiet and --verbose do not go together'
    lc dump "$traffic" --field tcp -v
    refused 2 '--field and --verbose do not go together'
    lc dump "$traffic" --field tcp -q
    refused 2 '--field and --quiet do not go together'
    lc dump "$traffic" -q --view ladder
    exits 0
}

# --- what else there is ---------------------------------------------------------------------

@test "-w and --json see what is selected" {
    need tshark
    lc dump -q "$traffic" -Y icmp -w "$BATS_TEST_TMPDIR/icmp.pcapng"
    exits 0
    same "$(shark -r "$BATS_TEST_TMPDIR/icmp.pcapng" -x | md5sum)" \
        "$(shark -r "$traffic" -Y icmp -w - | shark -r - -x | md5sum)"
    lc dump --json "$traffic" -Y icmp.type==3
    exits 0
    events <<'PY'
assert [p['number'] for p in packets] == [16]
PY
}

@test "http is what begins like it, on its own ports too" {
    lc dump "$BATS_TEST_DIRNAME/../captures/http.pcapng" -Y 'http && tcp.srcport == 8080' --field tcp.payload
    exits 0
    [ -s "$out" ]
    [ -z "$(grep -v '^48545450' "$out")" ]
}

@test "nothing selected is said, and is no failure" {
    lc dump "$traffic" -Y 'tcp.port == 9'
    exits 0
    silent
    has "$out" 'No packet is selected'
    lc dump "$traffic" -Y 'tcp.port == 9' --field frame.number
    exits 0
    silent
    [ ! -s "$out" ]
}

@test "--view brief: a line a packet, as wide as the terminal, the values never cut in two" {
    local columns
    lc dump "$traffic" --field tcp.seq_raw
    cp "$out" "$BATS_TEST_TMPDIR/numbers"
    for columns in 40 60 80 120; do
        for ascii in '' --ascii; do
            # shellcheck disable=SC2086 # an option or none
            try env COLUMNS=$columns "$LOOPCRAFT" dump "$traffic" --view brief $ascii
            exits 0
            silent
            python3 -I - "$out" "$columns" "$ascii" "$BATS_TEST_TMPDIR/numbers" <<'PY'
import re, sys
lines = open(sys.argv[1]).read().splitlines()
assert max(map(len, lines)) <= int(sys.argv[2]), max(lines, key=len)
lines = [l for l in lines if re.match(' +\\d+ ', l)]  # below the line that names the file
assert [int(l.split()[0]) for l in lines] == list(range(1, 41))
assert not sys.argv[3] or all(map(str.isascii, lines))
if int(sys.argv[2]) >= 80:
    assert re.search(r'12 +11\.000011  127.0.0.1:7003 (→|->) 127.0.0.1:\d+ +RST-ACK  seq_raw=0', lines[11])
seen = {n for l in lines for n in re.findall(r'seq_raw=(\d+)', l)}
assert seen <= set(open(sys.argv[4]).read().split())
PY
        done
    done
    lc dump "$traffic" --view brief -Y icmp -q
    exits 0
    lc dump "$traffic" --view full --packet 1
    exits 0
    has "$out" tcp.flags
}

@test "hostile bytes reach nobody: values, comments, expressions" {
    local evil=$'\e[2J\u009b31m\u202e' dir=$BATS_TEST_TMPDIR
    editcap -a "1:$evil" "$traffic" "$dir/evil.pcapng"
    for options in '--field frame.comment,tcp.payload' '--view brief'; do
        # shellcheck disable=SC2086 # words
        lc dump "$dir/evil.pcapng" $options
        exits 0
        tr -d '\t' < "$out" > "$dir/shown"
        harmless "$dir/shown"
    done
    for option in -Y -f --field --packet --view; do
        lc dump "$traffic" $option "$evil"
        exits 2
        complains
        harmless "$err"
    done
}
