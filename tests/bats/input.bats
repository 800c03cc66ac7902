#!/usr/bin/env bats
# input.bats: bad input: one line, exit 2, nothing sent. And the grammar of what is good.
load lib

# Everything that is refused here was refused before anything was opened: there is no output.
# That nothing was sent either is shown at the end.
@test "ports: 0, 65536, 80a, nothing, backwards, and other nonsense" {
    for ports in 0 65536 99999999999999999999 80a '' ',' '80,' ',80' '80,,81' 8080-8070 1-65536 0-10 \
                 80- 80--81 ' 80' 80.5 0x50 no-such-service 127.0.0.1: '[::1]' '[::1]8080' :80 $'80\n'; do
        for command in syn connect handshake; do
            lc -S "$command" "$ports"
            echo "$command '$ports'"
            refused 2
        done
    done
    lc -S syn -p 65536
    refused 2 65536 65535
    lc -S syn 80a
    refused 2 80a
    lc -S syn
    refused 2 'which ports?'
    lc -S connect
    refused 2 'which ports?'
    lc -S handshake 80 81
    refused 2 '2 ports'
    lc -S syn 1-1001
    refused 2 '1001 ports' 1000
}

@test "ports: one grammar" {
    lc -S --json syn 22,8080-8082 8081 -p ssh,http
    exits 0
    events <<'PY'
assert sorted(v['port'] for v in verdicts) == [22, 80, 8080, 8081, 8082]  # ssh is 22; each once
PY
    lc -S --json syn 127.0.0.1:8080 127.0.0.1:8081
    exits 0
    lc -S --json syn '[::1]:8080-8081'
    exits 0
    events <<'PY'
assert [(v['addr'], v['port']) for v in verdicts] == [('::1', 8080), ('::1', 8081)]
PY
}

@test "words: unknown, relative, other tools', too wide, twice, not for here" {
    lc -S syn 8080 bogus=1
    refused 2 'bogus: no such field'
    lc -S syn 8080 ip.tll=3
    refused 2 'ip.tll: no such field' 'did you mean' ip.ttl
    lc -S syn 8080 tcp.seq=1
    refused 2 'relative in Wireshark, use tcp.seq_raw'
    lc -S syn 8080 dport=1
    refused 2 'Wireshark says tcp.dstport'
    lc -S syn 8080 ip.ttl=256
    refused 2 ip.ttl=256 255
    lc -S syn 8080 tcp.seq_raw=4294967296
    refused 2 tcp.seq_raw
    lc -S syn 8080 tcp.window_size_value=65536
    refused 2 65535
    lc -S syn 8080 ip.ttl=-1
    refused 2 ip.ttl
    lc -S syn 8080 ip.ttl=
    refused 2 ip.ttl
    lc -S syn 8080 ip.ttl=3x
    refused 2 ip.ttl
    lc -S syn 8080 ip.ttl=3 ttl=3
    refused 2 'ip.ttl is given twice'
    lc -S syn 8080 options=nop options=nop
    refused 2 'options is given twice'
    lc -S syn 8080 options=bogus:1
    refused 2 bogus
    lc -S syn 8080 tcp.dstport=80
    refused 2 tcp.dstport
    lc -S syn 8080 tcp.flags=ACK
    refused 2 tcp.flags
    lc -S handshake 8080 data=x
    refused 2 --data
    lc -S syn -6 8080 ip.ttl=3
    refused 2 ip.ttl
}

@test "what the line says of foreign bytes is harmless" {
    local evil=$'\e[31m\u202e\u009b'
    for words in "$evil" "80$evil" "$evil=1" "ip.ttl=$evil" "--$evil" "-$evil" "--to=$evil" \
                 "--data=@$evil"; do
        lc -S handshake "$words"
        [ "$status" = 2 ] || exits 3
        complains
        harmless "$err"
        lc -S handshake --json "$words"
        harmless "$out"
    done
    lc "$evil"
    refused 2 'no such command'
    harmless "$err"
}

@test "handshake's own options" {
    lc -S handshake 8080 --close maybe
    refused 2 --close fin rst
    lc -S handshake 8080 --stop-after lunch
    refused 2 --stop-after syn ack data
    lc -S handshake 8080 --stop-after never
    refused 2 --stop-after
    lc -S handshake 8080 --stop-after data
    refused 2 --data
    lc -S handshake 8080 --hold 1
    refused 2 --hold --stop-after
    for seconds in x -1 601 1e9 nan inf '' 1s; do
        lc -S handshake 8080 --stop-after syn --hold "$seconds"
        refused 2 --hold
    done
    lc -S handshake 8080 --data "@$BATS_TEST_TMPDIR/missing"
    refused 2 missing 'No such file'
    lc -S handshake 8080 --data 'hex:0'
    refused 2 hex
    lc -S handshake 8080 --data 'hex:zz'
    refused 2 hex
    lc -S handshake 8080 --data '\xZ1'
    refused 2 '\xNN'
}

@test "--data: escapes, hex and files say the same" {
    printf 'a\r\n\0\xff' > "$BATS_TEST_TMPDIR/data"
    for data in 'a\r\n\x00\xff' hex:610d0a00ff "@$BATS_TEST_TMPDIR/data"; do
        lc -S --json handshake 8080 --data "$data" --stop-after data
        exits 0
        events <<'PY'
assert b''.join(map(payload, sent)) == b'a\r\n\0\xff'
PY
    done
}

@test "contradictions: -4 -6, -4 --to ::1, -S --host, two addresses" {
    for words in '-4 -6' '-4 --to ::1' '-6 --to 127.0.0.1' '-S --host' '--to 127.0.0.1 127.0.0.2:81' \
                 '127.0.0.1:80 127.0.0.2:80' '-4 [::1]:80' '-6 127.0.0.1:80'; do
        # shellcheck disable=SC2086 # words of a command
        lc syn 8080 $words
        echo "$words"
        refused 2
    done
    lc -S -q syn 8080 --to ::1 -6
    exits 0
    lc -S -q syn 8080 --to 127.0.0.1 127.0.0.1:8081
    exits 0
}

@test "nothing was sent for any of these: lo's counter stands still" {
    # shellcheck disable=SC2016 # for the shell in the sandbox
    box '
        count() { awk -F "[: ]+" "\$2 == \"lo\" { print \$4 }" /proc/net/dev; }
        before=$(count)
        while read -r words; do
            status=0
            "$1" $words < /dev/null > /dev/null 2>> "$2" || status=$?
            [ $status = 2 ] || { echo "exit status $status: $words"; exit 1; }
        done <<WORDS
syn 0
syn 8080 65536
syn 8080 80a
syn 8080 8080-8070
connect 8080 80a
handshake 8080 8081
syn 8080 bogus=1
syn 8080 ip.ttl=256
syn 8080 ip.ttl=3 ip.ttl=4
syn 8080 options=mss:99999
syn 8080 --expect ajar
syn 8080 --color=sometimes
syn 8080 --bogus
syn 8080 --json -w -
syn 8080 -4 -6
syn 8080 -4 --to ::1
handshake 8080 --close maybe
handshake 8080 --hold 1
WORDS
        [ "$(count)" = "$before" ]
        "$1" -q syn 8080 # and the counter does count
        [ "$(count)" -gt "$before" ]' "$LOOPCRAFT" "$BATS_TEST_TMPDIR/said"
    exits 0
    same "$(grep -c '^loopcraft: .' "$BATS_TEST_TMPDIR/said") $(wc -l < "$BATS_TEST_TMPDIR/said")" '18 18'
}
