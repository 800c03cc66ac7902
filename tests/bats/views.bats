#!/usr/bin/env bats
# views.bats: --view boxes and --view ladder of a capture of ours.
load lib

setup_file() {
    export capture=$BATS_FILE_TMPDIR/h.pcapng
    "$LOOPCRAFT" -S -q handshake 8080 --data 'GET / HTTP/1.0\r\n\r\n' -w "$capture" > /dev/null
}

view() { try env COLUMNS="$1" "$LOOPCRAFT" dump "$capture" --view "${@:2}"; }

@test "boxes: each header of each packet, 32 bits a row, on 80 columns" {
    view 80 boxes --ascii
    exits 0
    silent
    python3 -I - "$out" "$("$LOOPCRAFT" dump "$capture" --field tcp.seq_raw | tr '\n' ' ')" <<'PY'
import sys
lines = open(sys.argv[1]).read().splitlines()
assert max(map(len, lines)) <= 80 and all(map(str.isascii, lines)), max(lines, key=len)
drawn = [l for l in lines if l[:1] in '|+' and l]
assert max(map(len, drawn)) == 65
assert all(l.rstrip()[-1] in '|+' for l in drawn)
numbers = [l.split(':')[1].strip(' |') for l in lines if 'Sequence number:' in l]
assert numbers == sys.argv[2].split(), numbers
headings = [l for l in lines if l.startswith(('Link', 'Internet', 'Transport'))]
assert len(headings) == 3 * len(numbers)
PY
}

@test "boxes and ladder: as wide as the terminal" {
    local columns look
    for columns in 40 64 65 120; do
        for look in 'boxes' 'boxes --ascii' 'ladder' 'ladder --ascii'; do
            # shellcheck disable=SC2086 # the view and an option or none
            view "$columns" $look
            exits 0
            silent
            python3 -I - "$out" "$columns" <<'PY'
import sys
lines = open(sys.argv[1]).read().splitlines()[1:]  # the first names the file
assert max(map(len, lines)) <= int(sys.argv[2]), max(lines, key=len)
PY
        done
    done
}

@test "ladder: one rung a packet, ours at the left, no dump; from a pipe as well" {
    view 80 ladder --ascii
    exits 0
    silent
    same "$(grep -c '^#[0-9]* *|' "$out")" "$("$LOOPCRAFT" dump "$capture" --field frame.number | wc -l)"
    has "$out" 'you 127.0.0.1:' 'server 127.0.0.1:8080' '|-- SYN ' '|<- SYN-ACK '
    if grep -q 'Link (2)' "$out"; then false; fi
    cp "$out" "$BATS_TEST_TMPDIR/ladder"
    # shellcheck disable=SC2016 # for the inner shell
    try env COLUMNS=80 bash -c '"$1" dump - --view ladder --ascii < "$2"' - "$LOOPCRAFT" "$capture"
    exits 0
    same "$(tail -n +2 "$out")" "$(tail -n +2 "$BATS_TEST_TMPDIR/ladder")"
}

@test "ladder: an answer goes against its question, also where lo's two ends have one name" {
    need editcap mergecap
    try "$LOOPCRAFT" -S -q udp 9001 -w "$BATS_TEST_TMPDIR/u.pcapng"
    exits 0
    try "$LOOPCRAFT" -S -q ping -w "$BATS_TEST_TMPDIR/p.pcapng"
    exits 0
    for name in u p; do # a plain pcap does not say who sent a packet
        editcap -F pcap "$BATS_TEST_TMPDIR/$name.pcapng" "$BATS_TEST_TMPDIR/$name.pcap"
    done
    mergecap -a -F pcap -w "$BATS_TEST_TMPDIR/both.pcap" "$BATS_TEST_TMPDIR/u.pcap" "$BATS_TEST_TMPDIR/p.pcap"
    try env COLUMNS=100 "$LOOPCRAFT" dump "$BATS_TEST_TMPDIR/both.pcap" --view ladder --ascii
    exits 0
    has "$out" '|-- UDP datagram' '|<- Destination unreachable' '|-- Echo request' '|<- Echo reply'
}

@test "what is piped into a pager is as wide as the terminal that errors go to" {
    python3 -I - "$LOOPCRAFT" "$capture" <<'PY'
import fcntl, os, pty, struct, subprocess, sys, termios
master, terminal = pty.openpty()
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 24, 72, 0, 0))
env = {k: v for k, v in os.environ.items() if k != 'COLUMNS'} | {'LC_ALL': 'C.UTF-8'}
def dumped(stdout):
    done = subprocess.run([sys.argv[1], 'dump', sys.argv[2]], env=env, check=True, stdout=stdout,
                          stderr=terminal)
    return done.stdout
piped = dumped(subprocess.PIPE).decode().splitlines()[1:]  # the first names the file
assert max(map(len, piped)) == 72, max(map(len, piped))
with open(os.path.join(os.environ['BATS_TEST_TMPDIR'], 'file'), 'w+', encoding='utf-8') as file:
    dumped(file)
    file.seek(0)
    assert max(len(l.rstrip('\n')) for l in list(file)[1:]) == 120
PY
}
