# context.bats: what a packet means among those before it; tshark's analysis is the oracle.
load lib

setup() {
    captures=(tests/captures/*.pcap*)
}

# A capture with packets missing, and one with packets that come again later.
mangle() { # CAPTURE
    local count from name=${1##*/} parts=()
    count=$(capinfos -TMrc "$1" | cut -f 2)
    editcap "$1" "$BATS_TEST_TMPDIR/missing-$name" $(seq 7 9 "$count")
    for ((from = 1; from <= count; from += 11)); do
        local part=$BATS_TEST_TMPDIR/$from-$name
        editcap -r "$1" "$part" "$from-$((from + 10))"
        parts+=("$part")
        if [ $((from + 5)) -le "$count" ]; then
            editcap -r "$1" "$part.again" $((from + 5))
            parts+=("$part.again")
        fi
    done
    mergecap -a -w "$BATS_TEST_TMPDIR/again-$name" "${parts[@]}"
    rm "${parts[@]}"
}

@test "sent again, missing, scaled windows, answers: as tshark has them" {
    need tshark editcap mergecap capinfos python3
    local name
    for name in dns http ncat nginx ssh; do
        mangle "tests/captures/$name.pcapng"
    done
    try python3 -I tests/bats/context.py "$LOOPCRAFT" "${captures[@]}" "$BATS_TEST_TMPDIR"/*-*.pcapng
    cat "$out"
    exits 0
    has "$out" ' 0 different'
}

# The sequence number of the first packet that is selected.
seq_of() { # FILTER
    tshark -n -r tests/captures/ncat.pcapng -Y "tcp.stream == 0 and $1" -T fields -e tcp.seq_raw |
        head -n 1
}

@test "the arithmetic of a handshake, in words" {
    need tshark
    local syn data size fin
    syn=$(seq_of 'tcp.flags == 0x002') data=$(seq_of 'tcp.len > 0 and tcp.dstport == 9005')
    fin=$(seq_of 'tcp.flags.fin == 1 and tcp.dstport == 9005')
    size=$((fin - data))
    lc dump --color=never tests/captures/ncat.pcapng --packet 1-8
    exits 0
    has "$out" 'nothing to acknowledge yet' "the peer's $syn + 1: SYN counts as one" \
        'agrees, and asks back' 'the third of three: the connection stands' \
        '64 x 1024 = 65536 bytes of room' "the peer's $data + $size bytes of data" \
        "the peer's $fin + 1: FIN counts as one" 'Answers #1.'
}

@test "what is not shown is known all the same" {
    need tshark
    lc dump --color=never tests/captures/ncat.pcapng --packet 3
    exits 0
    has "$out" "the peer's $(seq_of 'tcp.flags == 0x012') + 1: SYN counts as one" '64 x 1024 = 65536 bytes of room'
    lc dump --color=never tests/captures/ncat.pcapng -Y 'tcp.flags.syn == 1 and tcp.flags.ack == 1'
    exits 0
    has "$out" 'Answers #1.'
    lc dump --color=never tests/captures/ncat.pcapng -f 'src port 9005' --packet 2
    exits 0
    has "$out" 'Answers #1.'
}

@test "an ICMP error: which packet, and why; what it quotes is called a quotation" {
    box '
        exec 3> /dev/udp/127.0.0.1/9001
        "$1" dump - > "$2/out" < <(tcpdump -i lo -U -c 2 -w - 2> "$2/err") &
        until_true grep -q listening "$2/err"
        echo hi >&3
        wait $!' "$LOOPCRAFT" "$BATS_TEST_TMPDIR"
    exits 0
    grep -E 'Answers #1, the UDP datagram 127\.0\.0\.1:[0-9]+ to 127\.0\.0\.1:9001: no program' \
        "$BATS_TEST_TMPDIR/out"
    has "$BATS_TEST_TMPDIR/out" 'quoted packet' 'quoted datagram'
}

@test "-q: a line a packet; beside -w none" {
    lc dump -q tests/captures/ncat.pcapng
    exits 0
    [ "$(grep -c ' SYN-ACK ' "$out")" = 3 ]
    lacks "$out" tcp.seq_raw
    lc dump -q tests/captures/ncat.pcapng -w "$BATS_TEST_TMPDIR/again.pcapng"
    exits 0
    lacks "$out" SYN
}
