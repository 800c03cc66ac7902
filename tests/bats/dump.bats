#!/usr/bin/env bats
# dump.bats: any Ethernet capture, annotated; every byte of it, and nothing raw of it.
load lib

# A capture of ours to look at: a whole handshake with data, made once.
setup_file() {
    export capture=$BATS_FILE_TMPDIR/h.pcapng
    "$LOOPCRAFT" -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$capture" > /dev/null
}

# A classic pcap of TCP segments from 127.0.0.1, one for each payload in Python's notation.
make_pcap() { # FILE PAYLOAD...
    python3 -I - "$@" <<'PY'
import ast, struct, sys
def frame(data):
    tcp = struct.pack('!HHIIBBHHH', 8080, 61000, 1, 1, 0x50, 0x18, 1000, 0, 0) + data
    ip = struct.pack('!BBHHHBBH4s4s', 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, b'\x7f\0\0\1', b'\x7f\0\0\1')
    return bytes(12) + b'\x08\0' + ip + tcp
with open(sys.argv[1], 'wb') as out:
    out.write(struct.pack('<IHHiIII', 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))  # linktype 1: Ethernet
    for i, word in enumerate(sys.argv[2:]):
        data = frame(ast.literal_eval(word))
        out.write(struct.pack('<IIII', 1700000000 + i, i, len(data), len(data)) + data)
PY
}

packets_of() { capinfos -Mc "$1" | sed -n 's/^Number of packets: *//p'; }

@test "its own file again: the same packets, with the comments" {
    lc dump "$capture"
    exits 0
    silent
    same "$(grep -c '^#[0-9]' "$out")" "$(packets_of "$capture")"
    has "$out" 'comment: SYN: We ask to talk.' 'HTTP/1.0 200 OK' tcp.flags
    lc dump --json "$capture"
    exits 0
    shark -r "$capture" -T fields -e frame.comment > "$BATS_TEST_TMPDIR/comments"
    events <<PY
assert of('start')[0]['world'] == 'file'
assert [p['comment'] for p in packets] == open('$BATS_TEST_TMPDIR/comments').read().splitlines()
PY
}

@test "every byte: JSON has tshark's bytes, and the fields of the layers cover them all" {
    lc dump --json "$capture"
    shark -r "$capture" -T jsonraw > "$BATS_TEST_TMPDIR/raw"
    events <<PY
theirs = [p['_source']['layers']['frame_raw'][0] for p in json.load(open('$BATS_TEST_TMPDIR/raw'))]
assert [p['bytes'] for p in packets] == theirs
for p in packets:
    touched = set()
    for f in fields(p):
        touched |= set(range(f['pos'], f['pos'] + f['size']))
    assert touched == set(range(p['caplen'])), p['number']
    assert [l['name'] for l in p['layers']][:3] == ['eth', 'ip', 'tcp']
    assert [l['pos'] for l in p['layers']][:3] == [0, 14, 34]
PY
}

@test "every byte: the hex column of the text, put together, is the packet" {
    # At two widths, plain and verbose: each nibble stands at its offset, none is missing or false.
    lc dump --json "$capture"
    cp "$out" "$BATS_TEST_TMPDIR/json"
    for options in 'COLUMNS=80 --color=never' 'COLUMNS=120 -v' 'COLUMNS=120 --ascii'; do
        # shellcheck disable=SC2086 # words of a command
        try env ${options% *} "$LOOPCRAFT" dump "$capture" ${options#* }
        exits 0
        events "$BATS_TEST_TMPDIR/json" <<PY
import re
shown, current = {}, None
for line in open('$out'):
    head = re.match(r'#(\d+) ', line)
    if head:
        current = shown[int(head.group(1))] = {}
    row = re.match(r'[│|┌+ ]*([0-9a-f]{4})  ((?:[0-9a-f.]{2} )*[0-9a-f.]{2})(?:  |$)', line)
    if row and current is not None:
        at = int(row.group(1), 16) * 2
        for i, nibble in enumerate(row.group(2).replace(' ', '')):
            if nibble != '.':
                assert current.setdefault(at + i, nibble) == nibble, (line, at + i)
assert packets and sorted(shown) == [p['number'] for p in packets]
for p in packets:
    nibbles = shown[p['number']]
    assert sorted(nibbles) == list(range(2 * p['caplen'])), ('$options', p['number'])
    assert ''.join(nibbles[i] for i in range(2 * p['caplen'])) == p['bytes'], p['number']
PY
    done
}

@test "the fields are tshark's: names, positions, sizes, values" {
    lc -S -q syn 8080-8084 -6 -w "$BATS_TEST_TMPDIR/six.pcapng"
    for file in "$capture" "$BATS_TEST_TMPDIR/six.pcapng"; do
        lc dump --json "$file"
        exits 0
        python3 "$BATS_TEST_DIRNAME/../parity.py" "$file" "$out"
    done
}

@test "files of editcap and tshark: classic pcap, nanoseconds, pcapng; from a pipe" {
    editcap -F pcap "$capture" "$BATS_TEST_TMPDIR/micro.pcap"
    editcap -F nsecpcap "$capture" "$BATS_TEST_TMPDIR/nano.pcap"
    shark -r "$capture" -F pcapng -w "$BATS_TEST_TMPDIR/shark.pcapng"
    for file in "$BATS_TEST_TMPDIR"/{micro.pcap,nano.pcap,shark.pcapng}; do
        lc dump --json "$file"
        exits 0
        silent
        shark -r "$file" -T fields -e frame.time_epoch > "$BATS_TEST_TMPDIR/times"
        events <<PY
assert len(packets) == $(packets_of "$file")
assert [p['time'] for p in packets] == open('$BATS_TEST_TMPDIR/times').read().split()
PY
        cp "$out" "$BATS_TEST_TMPDIR/direct"
        status=0
        # shellcheck disable=SC2002 # a pipe, which can't be rewound
        cat "$file" | "$LOOPCRAFT" dump --json - | tail -n +2 | cmp - <(tail -n +2 "$BATS_TEST_TMPDIR/direct")
    done
}

@test "from a pipe a packet is shown when it comes, not when the pipe ends" {
    local line
    editcap -F pcap -r "$capture" "$BATS_TEST_TMPDIR/one.pcap" 1
    mkfifo "$BATS_TEST_TMPDIR/fifo"
    for from in /dev/stdin - "$BATS_TEST_TMPDIR/fifo"; do
        for as in --view=full --json; do
            coproc dumping { exec "$LOOPCRAFT" dump "$as" "$from" 3>&-; }
            local to=${dumping[1]} shown=${dumping[0]} pid=$!
            if [ "$from" = "$BATS_TEST_TMPDIR/fifo" ]; then
                exec {to}> "$from"
            fi
            cat "$BATS_TEST_TMPDIR/one.pcap" >&"$to"
            line=
            until [[ $line == *ip.src* ]]; do
                read -r -t 20 -u "$shown" line
            done
            exec {to}>&-
            wait "$pid"
        done
    done
}

@test "what is no capture: exit 2, one line that says what it is" {
    local dir=$BATS_TEST_TMPDIR
    lc dump "$dir/missing"
    refused 2 "$dir/missing" 'No such file' 'check the name'
    : > "$dir/empty"
    lc dump "$dir/empty"
    refused 2 empty
    lc dump "$dir"
    refused 2 'a directory'
    seq 1000 > "$dir/text"
    lc dump "$dir/text"
    refused 2 'neither pcap nor pcapng'
    gzip -c "$capture" > "$dir/packed"
    lc dump "$dir/packed"
    refused 2 unpack
    head -c 3 "$capture" > "$dir/three"
    lc dump "$dir/three"
    exits 2
    complains short
    lc dump
    refused 2 'which capture?'
    lc dump "$capture" "$capture"
    refused 2 'one capture at a time'
    lc dump "$capture" -Y tcp.port == 8080
    refused 2 'quote a filter'
    if ! is_root; then
        cp "$capture" "$dir/closed"
        chmod 0 "$dir/closed"
        lc dump "$dir/closed"
        refused 2 'Permission denied'
    fi
}

@test "cut short in the middle of a packet: what is whole is shown, then exit 2" {
    make_pcap "$BATS_TEST_TMPDIR/whole.pcap" 'b"one"' 'b"two"' 'b"three"'
    head -c -10 "$BATS_TEST_TMPDIR/whole.pcap" > "$BATS_TEST_TMPDIR/cut.pcap"
    lc dump --json "$BATS_TEST_TMPDIR/cut.pcap"
    exits 2
    complains 'cut.pcap: cut short in packet 3'
    events <<'PY'
assert [payload(p) for p in packets] == [b'one', b'two']
assert of('error')[0]['status'] == 2
PY
    head -c -10 "$capture" > "$BATS_TEST_TMPDIR/cut.pcapng"
    lc dump --json "$BATS_TEST_TMPDIR/cut.pcapng"
    exits 2
    complains 'cut.pcapng: cut short'
    events <<PY
assert len(packets) == $(packets_of "$capture") - 1
PY
    status=0
    "$LOOPCRAFT" dump - < "$BATS_TEST_TMPDIR/cut.pcap" > "$out" 2> "$err" || status=$?
    exits 2
    complains 'standard input: cut short in packet 3'
}

@test "a capture cut anywhere is cut short, unless it is between two packets" {
    # The file's header takes 24 bytes, a packet 16 + 14 + 20 + 20 + 3.
    make_pcap "$BATS_TEST_TMPDIR/whole.pcap" 'b"one"' 'b"two"'
    local size
    for size in {0..170..3} 23 25 96 97 98 169 170; do
        head -c "$size" "$BATS_TEST_TMPDIR/whole.pcap" > "$BATS_TEST_TMPDIR/cut.pcap"
        lc dump -q "$BATS_TEST_TMPDIR/cut.pcap"
        echo "$size bytes"
        case $size in
        24|97|170) exits 0; silent ;;
        *)         exits 2; complains ;;
        esac
    done
}

# --- promise 7 ---------------------------------------------------------------------------

@test "hostile bytes in payloads, a comment and a name never reach the screen, or JSON" {
    local dir=$BATS_TEST_TMPDIR evil=$'\e]0;title\a\e[2J \u009b31m \u202e\u2066 \x7f end'
    # Text but for one thing each, so that it is shown as text if anything is.
    make_pcap "$dir/evil.pcap" 'b"plain\r\n\x1b[31mred\x1b[0m\r\n"' 'b"a\x9b31mC1\n"' \
        'b"\xc2\x9b31m C1 in UTF-8\n"' 'b"\xe2\x80\xaeright to left\n"' 'b"\xff\xfe\x7f\b\b\n"' 'b"\0\n"'
    editcap -a "1:$evil" "$dir/evil.pcap" "$dir/$evil.pcapng" 2> /dev/null
    shark -r "$dir/$evil.pcapng" -T fields -e frame.comment | grep -q title # it is in the file
    for options in '' --json -v -q --ascii; do
        # shellcheck disable=SC2086 # an option or none
        lc dump $options "$dir/$evil.pcapng"
        exits 0
        harmless "$out"
    done
    lc dump --json "$dir/$evil.pcapng"
    events <<'PY'
assert payload(packets[0]) == b'plain\r\n\x1b[31mred\x1b[0m\r\n'  # in hex nothing is lost
assert 'title' in packets[0]['comment']
PY
    # With colour the only control sequences are our own.
    try env TERM=xterm "$LOOPCRAFT" dump --color=always "$dir/$evil.pcapng"
    exits 0
    sed -i 's/\x1b\[[0-9;]*m//g' "$out"
    lacks "$out" $'\e[31mred'
    harmless "$out"
    lc dump "$dir/$evil.missing"
    exits 2
    harmless "$err"
    lc dump --json "$dir/$evil.missing"
    harmless "$out"
}

@test "hostile bytes in a server's answer and banner: not on the screen, in JSON, in the file's comments" {
    local evil=$'HTTP/1.0 200 OK\r\nServer: \e]0;title\a\e[2J \u009b31m \u202e\r\n\r\n'
    # shellcheck disable=SC2016 # for the shell in the sandbox
    local serve='ncat -lk 127.0.0.1 7007 -c "cat \"$2\"" & server=$!
        listening 7007'
    printf %s "$evil" > "$BATS_TEST_TMPDIR/evil"
    # shellcheck disable=SC2016
    box "$serve"'
        "$1" handshake 7007 -w "$3"; "$1" handshake 7007 --data "GET / HTTP/1.0\r\n\r\n" --color=never
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/evil" "$BATS_TEST_TMPDIR/evil.pcapng"
    exits 0
    has "$out" 'HTTP/1.0 200 OK'
    harmless "$out"
    shark -r "$BATS_TEST_TMPDIR/evil.pcapng" -T fields -e frame.comment > "$BATS_TEST_TMPDIR/comments"
    harmless "$BATS_TEST_TMPDIR/comments"
    # shellcheck disable=SC2016
    box "$serve"'
        "$1" --json handshake 7007
        kill $server' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/evil"
    exits 0
    harmless "$out"
    events <<PY
assert b''.join(map(payload, received)) == open('$BATS_TEST_TMPDIR/evil', 'rb').read()
PY
}

# --- where it goes -----------------------------------------------------------------------

full() { # COMMAND...
    out=$BATS_TEST_TMPDIR/out err=$BATS_TEST_TMPDIR/err status=0
    : > "$out"
    "$LOOPCRAFT" "$@" > /dev/full 2> "$err" || status=$?
    echo "$*"
    exits 4
    complains 'standard output: No space left on device'
}

@test "a full disk: exit 4, one line" {
    full dump "$capture"
    full dump --json "$capture"
    full dump -w - "$capture"
    full -S syn 8080
    full -S --json -q syn 8080
    lc -S -q syn 8080 -w /dev/full
    exits 4
    complains /dev/full 'No space left on device'
}

@test "a full disk under help and lists: exit 4, one line" {
    full sandbox --list
    full --help
    full help syn
    full --version
}

@test "a file that can't be written: exit 4, one line" {
    lc dump "$capture" -w "$BATS_TEST_TMPDIR/no/such/folder"
    refused 4 'No such file'
    lc -S syn 8080 -w "$BATS_TEST_TMPDIR"
    refused 4 'directory'
    if ! is_root; then
        lc dump "$capture" -w /etc/loopcraft-test
        refused 4 'Permission denied'
    fi
}

# The reader takes one line and goes, or has gone before the first byte.
closed_pipe() { # COMMAND...
    echo "$*"
    # shellcheck disable=SC2016 # for that shell
    try bash -c '"$0" "$@" | head -n 1; exit ${PIPESTATUS[0]}' "$LOOPCRAFT" "$@"
    exits 0
    silent
    [ -s "$out" ]
    # shellcheck disable=SC2016
    try bash -c 'exec 5> >(:); wait $!; exec "$0" "$@" >&5' "$LOOPCRAFT" "$@"
    exits 0
    silent
}

@test "a closed output pipe: quietly 0" {
    # More than a pipe holds.
    # shellcheck disable=SC2046 # a thousand words
    make_pcap "$BATS_TEST_TMPDIR/many.pcap" $(yes 'b"many_packets"' | head -n 1000)
    closed_pipe dump "$BATS_TEST_TMPDIR/many.pcap"
    closed_pipe dump --json "$BATS_TEST_TMPDIR/many.pcap"
    closed_pipe dump -w - "$BATS_TEST_TMPDIR/many.pcap"
    closed_pipe -S syn 8080-8084
}

@test "a closed output pipe under help and lists: quietly 0" {
    closed_pipe sandbox --list
    closed_pipe --help
    closed_pipe help syn
    closed_pipe --version
}

@test "-w from a dump: the same packets again" {
    lc dump -q "$capture" -w "$BATS_TEST_TMPDIR/again.pcapng"
    exits 0
    same "$(shark -r "$BATS_TEST_TMPDIR/again.pcapng" -x | md5sum)" "$(shark -r "$capture" -x | md5sum)"
}

@test "fragments: the first shows the transport header, the others say where it is" {
    local later
    for later in 'ip.frag_offset > 0' 'ipv6.fraghdr.offset > 0'; do
        lc dump tests/captures/ping.pcapng -Y "$later"
        exits 0
        has "$out" 'Later fragment' 'its header stood in the first fragment'
        lacks "$out" icmp.seq icmpv6.echo
    done
    lc dump tests/captures/ping.pcapng -Y 'ip.flags.mf == 1 and ip.frag_offset == 0'
    has "$out" icmp.seq
    lacks "$out" 'Later fragment'
}
