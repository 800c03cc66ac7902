#!/usr/bin/env bats
# handshake.bats: the three-way handshake by hand: its numbers, its states, its ends.
# shellcheck disable=SC2016 # scripts in single quotes are for the shell in the sandbox
load lib

readonly GET='GET / HTTP/1.0\r\n\r\n'

@test "with data to 8080: the HTTP answer is on screen, and tshark sees it all in the file" {
    local file=$BATS_TEST_TMPDIR/h.pcapng
    lc -S handshake 8080 --data "$GET" -w "$file"
    exits 0
    silent
    has "$out" 'GET / HTTP/1.0' 'HTTP/1.0 200 OK' "Hello from loopcraft's practice server." 'sandbox:'
    # The server acknowledges, answers and closes; we acknowledge both, then close.
    same "$(shark_flags "$file" | head -n 4 | xargs)" 'S SA A PA'
    same "$(shark_flags "$file" | grep -c F)" 2
    same "$(shark_flags "$file" | grep -c R || true)" 0
    same "$(shark -r "$file" -Y 'tcp.srcport == 8080 && tcp.len > 0 && http.response.code == 200' | wc -l)" 1
    same "$(shark -r "$file" -Y 'tcp.dstport == 8080 && http.request.method == "GET"' | wc -l)" 1
    same "$(shark -r "$file" -Y '!frame.comment' | wc -l)" 0
    # Nothing of it looks wrong to Wireshark: no retransmission, no gap, no false number.
    same "$(shark -r "$file" -Y tcp.analysis.flags | wc -l)" 0
}

@test "the arithmetic: 1234 is acknowledged by 1235, in the dump and in tshark" {
    local file=$BATS_TEST_TMPDIR/h.pcapng
    lc -S handshake 8080 tcp.seq_raw=1234 --data "$GET" -w "$file"
    exits 0
    has "$out" '1234; SYN counts as one' 'your 1234 + 1: SYN counts as one'
    grep -Eq 'tcp\.ack_raw +1235 ' "$out"
    # The SYN is 1234; the 18 bytes are 1235 to 1252; so the FIN is 1253.
    same "$(shark -r "$file" -Y tcp.flags.syn==1 -T fields -e tcp.seq -e tcp.ack | cut -f 1 | head -n 1)" 1234
    same "$(shark -r "$file" -Y 'tcp.flags.syn==1 && tcp.flags.ack==1' -T fields -e tcp.ack)" 1235
    same "$(shark -r "$file" -Y 'tcp.dstport==8080 && tcp.len>0' -T fields -e tcp.seq -e tcp.nxtseq)" \
        $'1235\t1253'
    same "$(shark -r "$file" -Y 'tcp.dstport==8080 && tcp.flags.fin==1' -T fields -e tcp.seq)" 1253
}

@test "the sequence number wraps around at 2^32" {
    lc -S --json handshake 8080 tcp.seq_raw=4294967295 --data "$GET"
    exits 0
    events <<'PY'
assert number(packets[0], 'tcp.seq_raw') == 2**32 - 1
assert number(packets[1], 'tcp.ack_raw') == 0
assert [p for p in sent if payload(p)][0]['note'].find('0 to 17') > 0
assert b'200 OK' in b''.join(map(payload, received))
PY
}

@test "beside each step stands the state of the server's socket" {
    lc -S --json handshake 8080 --data "$GET"
    exits 0
    events <<'PY'
assert stages[:3] == [('SYN sent', 'SYN-SENT', 'SYN-RECV'),
                      ('SYN-ACK received', 'ESTABLISHED', 'SYN-RECV'),
                      ('ACK sent', 'ESTABLISHED', 'ESTABLISHED')], stages
# The server closes first: it goes through FIN-WAIT to TIME-WAIT, we through CLOSE-WAIT.
ours = [s[1] for s in stages]
assert ours[-1] == 'CLOSED' and 'CLOSE-WAIT' in ours and 'LAST-ACK' in ours, ours
assert stages[-1][2] == 'TIME-WAIT', stages
PY
}

# --- stopping half-way, and other ends ------------------------------------------------

stop_after() { # STAGE OURS THEIRS
    box '
        "$1" --json handshake 8080 --data x --stop-after "$2" --hold 0.2
        until_true no_socket 8080' "$LOOPCRAFT" "$1"
    exits 0
    events <<PY
assert ['Stopped after', "our end is $2", "server's socket is $3"] == [
    part for part in ['Stopped after', "our end is $2", "server's socket is $3"] if part in notes[-1]], notes
# It holds for that long, then resets, and the reset is the last word.
assert float(packets[-1]['time']) - float(packets[-2]['time']) >= 0.2
assert 'R' in flags(packets[-1]) and packets[-1] in sent
assert not any('F' in flags(p) for p in packets)
assert bool([p for p in sent if payload(p)]) == ('$1' == 'data')
PY
}

@test "--stop-after syn: half open, then reset; nothing is left at the server" {
    stop_after syn ESTABLISHED SYN-RECV
}

@test "--stop-after ack: connected, then reset; nothing is left at the server" {
    stop_after ack ESTABLISHED ESTABLISHED
}

@test "--stop-after data: said, then reset; nothing is left at the server" {
    stop_after data ESTABLISHED ESTABLISHED
}

@test "--let-kernel-reset: the kernel's own RST is seen" {
    lc -S --json handshake 8080 --let-kernel-reset
    exits 0
    events <<'PY'
assert [flags(p) for p in packets] == ['S', 'SA', 'R']
assert number(packets[2], 'tcp.dstport') == 8080
# A reset answers an ACK with the number that was acknowledged (RFC 9293, 3.10.7.1).
assert number(packets[2], 'tcp.seq_raw') == number(packets[1], 'tcp.ack_raw')
assert 'kernel' in packets[2]['note'] + of('summary')[0]['text']
PY
}

@test "ten in a row, each with its answer, and the kernel resets none" {
    box 'for i in 1 2 3 4 5 6 7 8 9 10; do "$1" --json handshake 8080 --data "$2"; done' "$LOOPCRAFT" "$GET"
    exits 0
    events <<'PY'
assert len(of('start')) == 10
assert [s['text'] for s in of('summary')] == ['Connected, and closed in order by both ends.'] * 10
assert not [p for p in packets if 'R' in flags(p)]
assert len([p for p in received if b'200 OK' in payload(p)]) == 10
assert len({number(p, 'tcp.seq_raw') for p in packets if flags(p) == 'S'}) == 10  # drawn by chance
PY
}

@test "two at once do not meet" {
    box '
        "$1" --json handshake 8080 --data "$2" > "$3/a" & a=$!
        "$1" --json handshake 8080 --data "$2" > "$3/b" & b=$!
        wait $a; wait $b' "$LOOPCRAFT" "$GET" "$BATS_TEST_TMPDIR"
    exits 0
    for run in a b; do
        events "$BATS_TEST_TMPDIR/$run" <<'PY' >> "$BATS_TEST_TMPDIR/ports"
ports = {number(p, 'tcp.srcport') for p in sent}
assert len(ports) == 1 and 61000 <= min(ports) <= 61999, ports
assert {number(p, 'tcp.dstport') for p in received} == ports
assert b'200 OK' in b''.join(map(payload, received)) and not [p for p in packets if 'R' in flags(p)]
print(ports)
PY
    done
    same "$(sort -u "$BATS_TEST_TMPDIR/ports" | wc -l)" 2
}

@test "-6: over IPv6" {
    local file=$BATS_TEST_TMPDIR/h.pcapng
    lc -S -6 handshake 8080 --data "$GET" -w "$file"
    exits 0
    has "$out" 'HTTP/1.0 200 OK' '[::1]:8080' 'ipv6.src'
    same "$(shark -r "$file" -Y 'ipv6 && tcp.flags.reset == 0' | wc -l)" "$(shark -r "$file" | wc -l)"
}

@test "--close rst: one reset instead of a goodbye, and the server's socket is gone" {
    box '
        "$1" --json handshake 8080 --close rst
        until_true no_socket 8080' "$LOOPCRAFT"
    exits 0
    events <<'PY'
assert 'R' in flags(packets[-1]) and packets[-1] in sent
assert [flags(p) for p in packets].count('RA') == 1 and not any('F' in flags(p) for p in packets)
assert stages[-1][1] == 'CLOSED'
PY
}

@test "with no PORT it brings its own server" {
    lc -S --json handshake
    exits 0
    events <<'PY'
assert [flags(p) for p in packets[:3]] == ['S', 'SA', 'A']
assert sum('F' in flags(p) for p in packets) == 2 and not [p for p in packets if 'R' in flags(p)]
assert number(packets[0], 'tcp.dstport') not in range(8080, 8085)
PY
    lc -S --json -6 handshake --data "$GET"
    exits 0
    events <<'PY'
assert b'200 OK' in b''.join(map(payload, received))
PY
}

@test "refused, silent, rejected: the answer is no, and why" {
    lc -S handshake 8081
    exits 1
    silent
    has "$out" 'Refused: a reset came instead of SYN-ACK'
    lc -S handshake 8083
    exits 1
    has "$out" 'Refused: ICMP 3/13' 'Administratively prohibited'
    lc -S --json handshake 8082
    exits 1
    events <<'PY'
assert [flags(p) for p in packets] == ['S'] * 4     # the same SYN, again and again
assert len({show(p, 'tcp.seq_raw') for p in packets}) == 1
gaps = [float(b['time']) - float(a['time']) for a, b in zip(packets, packets[1:])]
assert all(b > 1.5 * a for a, b in zip(gaps, gaps[1:])), gaps  # each time it waits longer
assert 'No answer' in of('summary')[0]['text']
PY
}

@test "interrupted: what was opened is reset, what is known is told, 128 + signal" {
    mkfifo "$BATS_TEST_TMPDIR/said"
    for signal in INT:130 TERM:143; do
        # (An asynchronous command of a script ignores SIGINT unless told otherwise.)
        env --default-signal "$LOOPCRAFT" -S --json handshake 8080 --stop-after ack --hold 60 \
            > "$BATS_TEST_TMPDIR/said" 3>&- &
        exec 7< "$BATS_TEST_TMPDIR/said"
        : > "$BATS_TEST_TMPDIR/lines"
        while read -r -t 20 line <&7; do
            echo "$line" >> "$BATS_TEST_TMPDIR/lines"
            [[ $line != *Holding* ]] || break
        done
        kill -"${signal%:*}" $!
        timeout 20 cat <&7 >> "$BATS_TEST_TMPDIR/lines"
        status=0
        wait $! || status=$?
        exec 7<&-
        same "$status" "${signal#*:}"
        events "$BATS_TEST_TMPDIR/lines" <<'PY'
assert of('summary')[0]['partial'] is True
assert 'R' in flags(packets[-1]) and packets[-1] in sent
PY
    done
}
